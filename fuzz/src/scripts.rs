//! What must hold of every compilation.

use super::recipes::said_properly;
use super::shape;
use gobt::analyze::Options;
use gobt::bt::dialect::Dialect;
use gobt::diagnostic::Severity;
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::{Program, Target};
use std::collections::{BTreeMap, BTreeSet};

/// Options by number: releases, with and without a process.
pub fn options(number: u8) -> Options {
    let releases = [
        None,
        Some("0.17"),
        Some("0.20"),
        Some("0.23"),
        Some("0.25"),
        Some("0.27"),
    ];
    let release = releases[usize::from(number >> 1) % releases.len()];
    Options {
        records: false,
        pid: (number & 1 == 1).then_some(4321),
        defines: Vec::new(),
        dialect: release.map_or_else(Dialect::default, |release| {
            Dialect::of_release(release).expect("a release that there is")
        }),
        script: None,
        sidecar: None,
        left_out: Vec::new(),
        by_process: false,
    }
}

/// Compiles `text` for `program`, whose code is that of `target`: a script that holds only what gobt writes and
/// attaches only to instructions of the functions that the plan names, or coded errors. Gives the script.
pub fn compile(text: &str, program: &dyn Program, target: &Target<'_>, options: &Options) -> Option<String> {
    let source = Source::new("stranger.gobt", text);
    let recipe = match pipeline::read(&source) {
        Ok(recipe) => recipe,
        Err(problems) => {
            said_properly(&source, &problems);
            return None;
        }
    };
    match pipeline::compile(&recipe, &source, program, options) {
        Ok((compiled, problems)) => {
            said_properly(&source, &problems);
            assert!(
                problems.iter().all(|p| p.severity == Severity::Warning),
                "a script and errors"
            );
            let _ = gobt::plan::print::plan(&compiled.plan);
            // What is raw is the user's own.
            if !compiled.text.contains("raw {")
                && let Err(why) = shape::check(&compiled.text)
            {
                panic!("{}\n{}", why.message().unwrap_or_default(), compiled.text);
            }
            attached_to_instructions(&compiled, target);
            Some(compiled.text)
        }
        Err(problems) => {
            said_properly(&source, &problems);
            assert!(
                problems.iter().any(|p| p.severity == Severity::Error),
                "neither script nor error"
            );
            None
        }
    }
}

/// Every number of the script's uprobes is where an instruction of one of the plan's functions begins, as the file has
/// it.
fn attached_to_instructions(compiled: &pipeline::Compiled, target: &Target<'_>) {
    if compiled.text.contains("raw {") {
        return;
    }
    let places = attached(&compiled.text);
    let back: BTreeMap<u64, u64> = compiled
        .plan
        .numbers
        .of
        .iter()
        .map(|(&at, &offset)| (offset, at))
        .collect();
    let mut starts = BTreeSet::new();
    for traced in &compiled.plan.functions {
        let id = target
            .function_containing(traced.address)
            .expect("a traced function is one of the program's");
        let code = target
            .code(id)
            .expect("the code of a traced function can be read");
        starts.extend(code.into_iter().map(|line| line.address));
    }
    for place in places {
        let address = back.get(&place).copied().unwrap_or(place);
        assert!(starts.contains(&address), "{place:#x} is no instruction");
    }
}

/// The numbers N of the attach points `uprobe:PATH:0xN` of a script.
pub fn attached(script: &str) -> BTreeSet<u64> {
    let numbers = script.lines().filter_map(|line| {
        let rest = line.strip_prefix("uprobe:")?.split("    // ").next()?;
        let (_, number) = rest.trim_end_matches([',', ' ']).rsplit_once(':')?;
        match number.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        }
    });
    numbers.collect()
}
