//! Inlined calls as gobt finds them in the run time's trees, beside what DWARF lists of the same programs: two accounts
//! that the compiler and the linker write separately.

use crate::support::Trouble;
use crate::support::go::{self, Mode};
use crate::support::suite::Suite;
use crate::support::trial::{Trial, trial};
use gobt::target::dwarf::Debug;
use gobt::target::load::Loaded;
use gobt::target::{Functions as _, InlinedCall, Target};
use object::Endianness;
use object::read::elf::ElfFile64;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Programs that the other tests build as well.
const PROGRAMS: [(&str, &str, Mode); 5] = [
    ("methods", "1.22.12", Mode::Default),
    ("methods", "1.22.12", Mode::NoOpt),
    ("methods", "1.27.3", Mode::Pie),
    ("values", "1.27.3", Mode::Default),
    ("cgo", "1.27.3", Mode::Cgo),
];

/// All trials.
pub fn suite() -> Suite {
    let mut trials: Vec<Trial> = PROGRAMS
        .iter()
        .map(|&(program, toolchain, mode)| {
            trial(format!("{program}/{}/{toolchain}", mode.name()), move || {
                compare(&go::build(program, toolchain, mode)?, mode)
            })
        })
        .collect();
    trials.push(trial("methods/stripped/1.27.3".to_owned(), || {
        let whole = go::build("methods", "1.27.3", Mode::NoDwarf)?;
        let stripped = go::build("methods", "1.27.3", Mode::Stripped)?;
        let names = [found(&whole)?, found(&stripped)?];
        if names[0] == names[1] {
            Ok::<_, Trouble>(())
        } else {
            Err("without symbols other calls are found".to_owned().into())
        }
    }));
    trials.into()
}

/// All that is found in a program without asking its debug information, with the names of functions that exist only
/// inlined.
fn found(path: &Path) -> Result<(Vec<InlinedCall>, Vec<String>), Trouble> {
    let loaded = Loaded::open(path).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    if !target.inlined_is_cheap(&HashSet::new()) {
        return Err("the inline trees are not found".to_owned().into());
    }
    let (calls, count) = target
        .inlined(&|_| true, usize::MAX)
        .map_err(|problem| problem.message)?;
    if calls.len() != count {
        return Err(format!("{count} calls, of which {} are told", calls.len()).into());
    }
    // A few names are looked for in another way than all.
    for name in calls.iter().map(|call| &call.callee).step_by(200) {
        let (some, _) = target
            .inlined_of(&HashSet::from([name.as_str()]), usize::MAX)
            .map_err(|problem| problem.message)?;
        if !some.iter().eq(calls.iter().filter(|call| call.callee == *name)) {
            return Err(format!("of {name} alone other calls are found").into());
        }
    }
    Ok((calls, target.inlined_names().map_err(|problem| problem.message)?))
}

/// Callee, caller, file and line of calls, and the addresses of their code.
type Places = BTreeMap<(String, String, String, u32), Vec<u64>>;

fn places(calls: Vec<InlinedCall>) -> Places {
    let mut places = Places::new();
    for call in calls {
        let place = (call.callee, call.caller, call.file, call.line);
        places.entry(place).or_default().push(call.address);
    }
    places
}

fn compare(path: &Path, mode: Mode) -> Result<(), Trouble> {
    let (calls, names) = found(path)?;
    let loaded = Loaded::open(path).map_err(|problem| problem.message)?;
    let file = ElfFile64::<Endianness>::parse(loaded.main()).map_err(|error| error.to_string())?;
    let debug = Debug::open(&file, None)
        .map_err(|problem| problem.message)?
        .unwrap();
    let (listed, _) = debug
        .inlined(&|_| true, usize::MAX)
        .map_err(|problem| problem.message)?;
    if listed.is_empty() != (mode == Mode::NoOpt) {
        return Err(format!("{} calls are listed", listed.len()).into());
    }
    let count = calls.len();
    // What a package's variables are set to is computed in code without lines of its own, where some calls are not in
    // the tree.
    let own = |calls: Vec<InlinedCall>| {
        places(
            calls
                .into_iter()
                .filter(|c| !c.caller.ends_with(".init"))
                .collect(),
        )
    };
    let (calls, listed) = (own(calls), own(listed));
    let one_sided = |left: &Places, right: &Places| -> Vec<String> {
        let missing = left.iter().filter(|(place, at)| right.get(*place) != Some(*at));
        missing.map(|entry| format!("{entry:x?}")).take(5).collect()
    };
    let (only_found, only_listed) = (one_sided(&calls, &listed), one_sided(&listed, &calls));
    if !only_found.is_empty() || !only_listed.is_empty() {
        return Err(format!("by the trees alone: {only_found:#?}\nby DWARF alone: {only_listed:#?}").into());
    }
    // DWARF has no entry for some functions with code.
    let listed = debug.inlined_names().map_err(|problem| problem.message)?;
    let unknown: Vec<_> = names.iter().filter(|name| !listed.contains(name)).collect();
    if !unknown.is_empty() || names.is_empty() != (mode == Mode::NoOpt) {
        return Err(format!(
            "only inlined: {} by the trees, not so by DWARF: {unknown:?}",
            names.len()
        )
        .into());
    }
    println!("{}: {count} calls agree", path.display());
    Ok(())
}
