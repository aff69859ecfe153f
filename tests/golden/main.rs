//! One trial for each recipe in `tests/cases/`: the script that is made of it, or what is said about it, beside the recipe in
//! `snapshots/golden/`. No Go and no root is needed: the programs are the prebuilt ones in `examples/targets/`.
//!
//! `cargo test --test golden -- errors` runs the cases with that word in their path. Where bpftrace runs, scripts are
//! given to it too: a few of them, or all with `GOBT_DRY_RUN=all`.

#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod bpftrace;
mod case;
mod compile;
mod hostile;
mod program;
mod shape;
#[path = "../support/mod.rs"]
mod support;

use case::Case;
use compile::Outcome;
use gobt::diagnostic::code::EXPLANATIONS;
use libtest_mimic::{Failed, Trial};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use support::files::files;
use support::{repository, snapshot};

/// Set in a process that is to print what it makes of every case.
const PRINT_ALL: &str = "GOBT_GOLDEN_PRINT";

fn main() -> ExitCode {
    if std::env::var_os(PRINT_ALL).is_some() {
        print!("{}", everything());
        return ExitCode::SUCCESS;
    }
    let mut trials = Vec::new();
    for case in cases() {
        match case {
            Ok(case) => trials.push(Trial::test(case.name.clone(), move || check(&case))),
            Err((name, why)) => trials.push(Trial::test(name, move || Err(Failed::from(why)))),
        }
    }
    trials.push(Trial::test("every_code_is_raised", every_code_is_raised));
    trials.push(Trial::test("another_process_makes_the_same", same_again));
    trials.push(Trial::test("no_orphan_snapshots", no_orphans));
    trials.extend(hostile::trials());
    trials.extend(bpftrace::trials(cases().into_iter().flatten().collect()));
    support::trial::run(trials)
}

fn directory() -> PathBuf {
    repository().join("tests/cases")
}

fn snapshots() -> PathBuf {
    repository().join("snapshots/golden")
}

/// The cases by path; those that are not formed well with the reason.
fn cases() -> Vec<Result<Case, (String, String)>> {
    let paths = files(&directory(), "gobt");
    paths
        .iter()
        .map(|path| {
            let name = snapshot::name(&directory(), path);
            Case::read(path, name.clone()).map_err(|why| (name, why))
        })
        .collect()
}

fn check(case: &Case) -> Result<(), Failed> {
    let outcome = compile::compile(case)?;
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
        match compile::compile(&case) {
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
    ("E01", "the parser's: tests/syntax.rs"),
    (
        "E02",
        "of files and processes: tests/cli.rs and the tests of src/target/",
    ),
    ("E0503", "of the command line: tests/cli.rs"),
    ("E0513", "of the command line: tests/cli.rs"),
    ("E0524", "of the command line: tests/overwrite.rs"),
    ("E0525", "of the command line: tests/overwrite.rs"),
    ("E0515", "of scripts: tests/faults.rs"),
    ("E0516", "of scripts: tests/faults.rs"),
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
