//! Recipes on running programs under real bpftrace releases, as root: what is printed equals what the programs say of
//! themselves. One trial per file in `tests/live/`, Go release, build mode and bpftrace release.
//!
//! `cargo test --test live -- recursion` runs the cases with that word in their name; `GOBT_LIVE=all` runs every
//! combination that the cases name instead of a few of each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod support;

use libtest_mimic::{Failed, Trial};
use std::process::ExitCode;
use support::case::{self, Case};
use support::files::files;
use support::trial::trial;

#[allow(
    clippy::disallowed_methods,
    reason = "the test is told by its environment how much to run"
)]
fn main() -> ExitCode {
    let all = std::env::var("GOBT_LIVE").is_ok_and(|value| value == "all");
    let mut trials = Vec::new();
    for path in files(&support::repository().join("tests/live"), "gobt") {
        match Case::read(&path) {
            Ok(case) => trials.extend(trials_of(&case, all)),
            Err(why) => trials.push(Trial::test(path.display().to_string(), move || {
                Err(Failed::from(why))
            })),
        }
    }
    support::trial::run(trials)
}

fn trials_of(case: &Case, all: bool) -> Vec<Trial> {
    let runs = if all { case.runs() } else { case.few_runs() };
    let trial = |run: case::Run| {
        let case = case.clone();
        trial(format!("{}/{}", case.name(), run.name()), move || {
            case::run(&case, &run)
        })
    };
    runs.into_iter().map(trial).collect()
}
