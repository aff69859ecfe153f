//! One trial for each recipe in `tests/cases/`: the script that is made of it, or what is said about it, beside the
//! recipe in `snapshots/golden/`. No Go and no root is needed: the programs are the prebuilt ones in
//! `examples/targets/`.
//!
//! `cargo test --test plain -- golden/errors` runs the cases with that word in their path. bpftrace reads the scripts
//! in `tests/root/dry_run.rs`.

mod hostile;

use crate::support::golden::case::Case;
use crate::support::golden::cases;
use crate::support::golden::compile::{Outcome, compile};
use crate::support::hold::shape;
use crate::support::repository;
use crate::support::snapshot;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use gobt::diagnostic::code::EXPLANATIONS;
use libtest_mimic::Failed;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// Set in a process that is to print what it makes of every case.
const PRINT_ALL: &str = "GOBT_GOLDEN_PRINT";

/// What this process does in place of tests where another one asks for it.
pub fn asked() -> Option<ExitCode> {
    std::env::var_os(PRINT_ALL)?;
    print!("{}", everything());
    Some(ExitCode::SUCCESS)
}

/// All trials.
pub fn suite() -> Suite {
    let mut trials = Vec::new();
    for case in cases() {
        match case {
            Ok(case) => trials.push(trial(case.name.clone(), move || check(&case))),
            Err((name, why)) => trials.push(trial(name, move || Err(Failed::from(why)))),
        }
    }
    trials.push(trial("every_code_is_raised", every_code_is_raised));
    trials.push(trial("another_process_makes_the_same", same_again));
    trials.push(trial("no_orphan_snapshots", no_orphans));
    trials.extend(hostile::trials());
    trials.into()
}

fn snapshots() -> PathBuf {
    repository().join("snapshots/golden")
}

fn check(case: &Case) -> Result<(), Failed> {
    let outcome = compile(case)?;
    case.expect(&outcome)?;
    if let Outcome::Script { text, .. } = &outcome {
        shape::check(text)?;
    }
    snapshot::assert(&snapshots(), &case.name, &shown(case, &outcome));
    Ok(())
}

/// What stands in a snapshot.
fn shown(case: &Case, outcome: &Outcome) -> String {
    let mut out = format!("---- recipe\n{}\n", case.text.trim_end());
    if !outcome.problems().is_empty() {
        out.push_str("---- problems\n");
        out.push_str(&outcome.text(case));
        if let Outcome::Refused { .. } = outcome {
            out.push_str(&outcome.json(case));
        }
    }
    if let Outcome::Script { text, .. } = outcome {
        out.push_str("---- script\n");
        // The last line is for `gobt check`, and tests of that read it.
        let (script, facts) = text.trim_end().rsplit_once('\n').unwrap_or_default();
        assert!(facts.contains(r#"{"version":"#), "{facts}");
        out.push_str(script.trim_end());
        out.push('\n');
    }
    out
}

fn everything() -> String {
    let mut out = String::new();
    for case in cases().into_iter().flatten() {
        match compile(&case) {
            Ok(outcome) => out.push_str(&shown(&case, &outcome)),
            Err(why) => out.push_str(why.message().unwrap_or_default()),
        }
    }
    out
}

/// Hash tables are seeded anew in every process.
fn same_again() -> Result<(), Failed> {
    let own = everything();
    for _ in 0..2 {
        let output = Command::new(std::env::current_exe()?)
            .env(PRINT_ALL, "1")
            .output()?;
        let other = String::from_utf8_lossy(&output.stdout);
        if let Some((one, two)) = own.lines().zip(other.lines()).find(|(one, two)| one != two) {
            return Err(format!("one process writes\n{one}\nanother\n{two}").into());
        }
        if own.len() != other.len() {
            return Err("another process writes more or less".into());
        }
    }
    Ok(())
}

/// Codes that no recipe can raise, each with the reason.
const ELSEWHERE: &[(&str, &str)] = &[
    ("E01", "the parser's: tests/plain/syntax.rs"),
    (
        "E02",
        "of files and processes: tests/plain/cli/ and the tests of src/target/",
    ),
    ("E0503", "of the command line: tests/plain/cli/"),
    ("E0513", "of the command line: tests/plain/cli/"),
    ("E0524", "of the command line: tests/plain/overwrite.rs"),
    ("E0525", "of the command line: tests/plain/overwrite.rs"),
    ("E07", "of runs: tests/root/"),
    ("E0515", "of scripts: tests/plain/faults.rs"),
    ("E0516", "of scripts: tests/plain/faults.rs"),
];

fn every_code_is_raised() -> Result<(), Failed> {
    let mut raised = BTreeSet::new();
    for case in cases().into_iter().flatten() {
        raised.extend(case.codes().map(str::to_owned));
    }
    let missing: Vec<_> = EXPLANATIONS
        .iter()
        .map(|e| e.code.0)
        .filter(|code| !raised.contains(*code))
        .filter(|code| !ELSEWHERE.iter().any(|(known, _)| code.starts_with(known)))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(format!("no case raises {}", missing.join(", ")).into())
}

fn no_orphans() -> Result<(), Failed> {
    let known = cases()
        .into_iter()
        .map(|case| case.map_or_else(|(name, _)| name, |case| case.name));
    snapshot::no_orphans(&snapshots(), &known.collect())
}
