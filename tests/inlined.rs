//! Inlined calls as gobt finds them in the run time's trees, beside what DWARF lists of the same programs: two accounts that the
//! linker writes separately.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod support;

use gobt::target::dwarf::Debug;
use gobt::target::load::Loaded;
use gobt::target::{InlinedCall, Program, Target};
use libtest_mimic::{Arguments, Trial};
use object::read::elf::ElfFile64;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use support::go::{self, Mode};
use support::Trouble;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    if let Some(paths) = std::env::var_os("GOBT_INLINED") {
        for path in std::env::split_paths(&paths) {
            trials.push(Trial::test(path.display().to_string(), move || {
                compare(&path).map_err(|t| match t { Trouble::Failed(w) => w.into(), Trouble::Skipped(_) => "skipped".into()})
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

type Place = (String, String, String, u32);

fn places(calls: Vec<InlinedCall>) -> BTreeMap<Place, Vec<u64>> {
    let mut places: BTreeMap<Place, Vec<u64>> = BTreeMap::new();
    for call in calls {
        places
            .entry((call.callee, call.caller, call.file, call.line))
            .or_default()
            .push(call.address);
    }
    places
}

fn compare(path: &Path) -> Result<(), Trouble> {
    let loaded = Loaded::open(path).map_err(|p| p.message)?;
    let target = Target::open(&loaded).map_err(|p| p.message)?;
    let file = ElfFile64::<object::Endianness>::parse(loaded.main()).map_err(|e| e.to_string())?;
    let debug = Debug::open(&file, None).map_err(|p| p.message)?.unwrap();
    let (listed, _) = debug.inlined(&|_| true, usize::MAX).map_err(|p| p.message)?;
    let (found, count) = target.inlined(&|_| true, usize::MAX).map_err(|p| p.message)?;
    println!("{} listed {} found {}", path.display(), listed.len(), count);
    let mut per: BTreeMap<String, i64> = BTreeMap::new(); for c in &listed { *per.entry(format!("{} in {}", c.callee, c.caller)).or_default() += 1; } for c in &found { *per.entry(format!("{} in {}", c.callee, c.caller)).or_default() -= 1; }
    for (k, n) in per.iter().filter(|(_, n)| **n != 0).take(12) { println!("DIFF {k} {n} {:x?}", listed.iter().filter(|c| k == &format!("{} in {}", c.callee, c.caller)).map(|c| (c.address, c.line)).collect::<Vec<_>>()); }
    let (listed, found) = (places(listed), places(found));
    let mut n=[0;4];
    for (place, at) in &listed {
        match found.get(place) {
            None => { if place.1.ends_with(".init") {continue;} n[0]+=1; if n[0]<12 {println!("only dwarf {place:?} {at:x?}");} }
            Some(a) if a.len() != at.len() => { n[1]+=1; if n[1]<12 {println!("count {place:?} {at:x?} {a:x?}");} }
            Some(a) if a != at => { n[2]+=1; if n[2]<12 {println!("address {place:?} {at:x?} {a:x?}");} }
            _ => {}
        }
    }
    for (place, at) in &found {
        if !listed.contains_key(place) { n[3]+=1; if n[3]<12 {println!("only tree {place:?} {at:x?}");} }
    }
    println!("{n:?} of {}", listed.len());
    println!("names only inlined: {} {}", debug.inlined_names().map_err(|p| p.message)?.len(), target.inlined_names().map_err(|p| p.message)?.len());
    let (a, b) = (debug.inlined_names().unwrap(), target.inlined_names().unwrap());
    println!("{:?}", a.iter().filter(|x| !b.contains(x)).take(10).collect::<Vec<_>>());
    println!("{:?}", b.iter().filter(|x| !a.contains(x)).take(10).collect::<Vec<_>>());
    Ok(())
}
