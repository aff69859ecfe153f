//! Recipes on running programs under real bpftrace releases, as root: what is printed equals what the programs say of
//! themselves. One trial per file in `tests/live/`, Go release, build mode and bpftrace release.
//!
//! `cargo test --test root -- live/recursion` runs the cases with that word in their name; `GOBT_LIVE=all` runs every
//! combination that the cases name instead of a few of each, `GOBT_LIVE=run` all cases through `gobt run` with each
//! release of bpftrace.

use crate::support::case::{self, Case};
use crate::support::files::files;
use crate::support::repository;
use crate::support::suite::Suite;
use crate::support::trial::{Trial, trial};

/// All trials.
pub fn suite() -> Suite {
    let which = std::env::var("GOBT_LIVE").unwrap_or_default();
    let mut trials = Vec::new();
    for path in files(&repository().join("tests/live"), "gobt") {
        match Case::read(&path) {
            Ok(case) => trials.extend(trials_of(&case, &which)),
            Err(why) => trials.push(trial(path.display().to_string(), move || Err::<(), _>(why))),
        }
    }
    trials.into()
}

fn trials_of(case: &Case, which: &str) -> Vec<Trial> {
    let runs = match which {
        "all" => case.runs(),
        "run" => case.through_run(),
        _ => case.few_runs(),
    };
    let trial = |run: case::Run| {
        let case = case.clone();
        trial(format!("{}/{}", case.name(), run.name()), move || {
            case::run(&case, &run)
        })
    };
    runs.into_iter().map(trial).collect()
}
