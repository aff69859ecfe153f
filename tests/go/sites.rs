//! Functions and probe sites of small programs in the ways that programs are built (with cgo, position-independent,
//! without optimisation, stripped), every one of them compared with binutils: with `objdump`'s disassembly and the
//! symbol table. `tests/go/whole.rs` does the same and more for large programs.
//!
//! `GOBT_SITES=all cargo test --release --test go -- sites/` takes every Go release.

use crate::readers::report::Report;
use crate::readers::{code, names, objdump};
use crate::support::Trouble;
use crate::support::go::{self, Mode};
use crate::support::suite::Suite;
use crate::support::trial::trial;
use gobt::target::load::Loaded;
use gobt::target::{Function, FunctionId, Functions as _, Needs, Sites, Target};
use std::path::{Path, PathBuf};

/// All trials.
pub fn suite() -> Suite {
    let all = std::env::var("GOBT_SITES").is_ok_and(|value| value == "all");
    let mut trials = Vec::new();
    let mut add = |name: String, built: Box<dyn Fn() -> Result<PathBuf, Trouble> + Send>| {
        trials.push(trial(name, move || compare(&built()?)));
    };
    for toolchain in go::TOOLCHAINS {
        let few = ["1.17.13", "1.22.12", "1.27.3"].contains(&toolchain);
        if !all && !few {
            continue;
        }
        for (program, mode) in [
            ("asm", Mode::Default),
            ("cgo", Mode::Cgo),
            ("methods", Mode::Pie),
            ("values", Mode::NoOpt),
        ] {
            add(
                format!("{program}/{}/{toolchain}", mode.name()),
                Box::new(move || go::build(program, toolchain, mode)),
            );
        }
        trials_for_stripped(&mut add, toolchain);
    }
    trials.into()
}

type Build = Box<dyn Fn() -> Result<PathBuf, Trouble> + Send>;

/// A program without symbols has the same functions at the same places: the two builds differ in nothing else.
fn trials_for_stripped(add: &mut impl FnMut(String, Build), toolchain: &'static str) {
    add(
        format!("methods/stripped/{toolchain}"),
        Box::new(move || {
            let whole = go::build("methods", toolchain, Mode::NoDwarf)?;
            let stripped = go::build("methods", toolchain, Mode::Stripped)?;
            same_functions(&whole, &stripped).map_err(Trouble::Failed)?;
            Ok(whole)
        }),
    );
}

/// All functions of a program with their sites.
fn functions(target: &Target<'_>) -> Result<Vec<(FunctionId, Function, Sites)>, String> {
    target
        .all()
        .map(|id| {
            let function = target.function(id);
            match target.sites(id, &Needs::default()) {
                Ok(sites) => Ok((id, function, sites)),
                Err(problem) => Err(format!("{}: {}", function.name, problem.message)),
            }
        })
        .collect()
}

fn compare(path: &Path) -> Result<(), Trouble> {
    let loaded = Loaded::open(path).map_err(|p| p.message)?;
    let target = Target::open(&loaded).map_err(|p| p.message)?;
    let functions = functions(&target)?;
    let mut report = Report::default();
    let listed: Vec<Function> = functions
        .iter()
        .map(|(_, function, _)| function.clone())
        .collect();
    names::compare(&names::read(path)?, &listed, &mut report);
    let morestack: Vec<u64> = listed
        .iter()
        .filter(|function| code::GROWERS.contains(&function.name.as_str()))
        .map(|function| function.address)
        .collect();
    let ranges: Vec<(u64, u64)> = listed.iter().map(|f| (f.address, f.size)).collect();
    objdump::each_function(path, &ranges, |number, shown| {
        let (_, function, sites) = &functions[number];
        code::compare(function, sites, shown, &morestack, &mut report);
    })?;
    let wrong = report.unexplained();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Trouble::Failed(wrong.join("\n")))
    }
}

/// Both programs have the same functions with the same sites.
fn same_functions(whole: &Path, stripped: &Path) -> Result<(), String> {
    let open = |path| Loaded::open(path).map_err(|p| p.message);
    let (whole, stripped) = (open(whole)?, open(stripped)?);
    let read = |loaded| Target::open(loaded).map_err(|p| p.message);
    let (whole, stripped) = (read(&whole)?, read(&stripped)?);
    let (left, right) = (functions(&whole)?, functions(&stripped)?);
    if left.len() != right.len() {
        return Err(format!(
            "{} functions with symbols, {} without",
            left.len(),
            right.len()
        ));
    }
    let places = |sites: &Sites| {
        let returns = sites.returns.iter().map(|s| s.address);
        let entry = sites.entry.iter().map(|e| e.site.address);
        returns.chain(entry).collect::<Vec<_>>()
    };
    for ((_, left, left_sites), (_, right, right_sites)) in left.iter().zip(&right) {
        let same = left.address == right.address
            && left.size == right.size
            && left.wrapper == right.wrapper
            && left.assembly == right.assembly
            && (left.abi == right.abi || left.assembly)
            && places(left_sites) == places(right_sites)
            && (left.name == right.name || right.name.contains("[...]"));
        if !same {
            return Err(format!("with symbols {left:?}, without {right:?}"));
        }
    }
    Ok(())
}
