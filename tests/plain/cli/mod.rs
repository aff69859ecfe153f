//! Every subcommand through the binary: exit codes, streams, files written whole or not at all, data for programs, and
//! one clear error for everything that is not what it should be. Streams that are closed or full are in `faults`.

mod compile;
mod doctor;
mod pages;
mod programs;
mod recipes;
mod run;
mod sidecar;

use crate::support::suite::Suite;
use serde_json::Value;

/// All trials.
pub fn suite() -> Suite {
    let mut trials = compile::trials();
    trials.extend(recipes::trials());
    trials.extend(programs::trials());
    trials.extend(pages::trials());
    trials.extend(sidecar::trials());
    trials.extend(doctor::trials());
    trials.extend(run::trials());
    trials.into()
}

/// The codes of the JSON lines in `text`.
fn codes(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .map(|record| record["code"].as_str().unwrap().to_owned())
        .collect()
}
