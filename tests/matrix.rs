//! Every Go release in every way of building, under every bpftrace: one program that counts itself is traced, and the
//! whole of what can be asked of it is compared with what it says.
//!
//! `cargo test --test matrix` runs a few cells, so chosen that each release and each way of building is among them;
//! `GOBT_MATRIX=all cargo test --release --test matrix` runs all of them and prints the tables of `docs/matrix.md`;
//! with `GOBT_DOCS=write` besides it writes them there. `cargo test --test matrix -- 1.22-pie` runs the few cells with this
//! word in their names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod support;

#[path = "matrix/cell.rs"]
mod cell;
#[path = "matrix/page.rs"]
mod page;

use cell::{Cell, Outcome};
use libtest_mimic::{Failed, Trial};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// What each cell came to.
type Results = Arc<Mutex<BTreeMap<Cell, Outcome>>>;

fn main() -> ExitCode {
    let asked = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|found| found == value);
    let all = asked("GOBT_MATRIX", "all");
    let results = Results::default();
    let cells = if all { cell::all() } else { cell::few() };
    let mut trials: Vec<Trial> = cells.into_iter().map(|cell| trial(cell, &results)).collect();
    if !all {
        trials.push(Trial::test("few-cells-cover-all", || {
            cell::covered().map_err(Failed::from)
        }));
        trials.push(Trial::test("page-is-complete", || {
            page::complete().map_err(Failed::from)
        }));
    }
    support::trial::run_and(trials, || {
        let results = results.lock().unwrap_or_else(PoisonError::into_inner);
        if !all || results.is_empty() {
            return Ok(());
        }
        println!("{}", page::tables(&results));
        if asked("GOBT_DOCS", "write") {
            page::write(&results)?;
        }
        Ok(())
    })
}

fn trial(cell: Cell, results: &Results) -> Trial {
    let results = Arc::clone(results);
    support::trial::trial(cell.name(), move || {
        let outcome = cell.run();
        results
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(cell, outcome.clone());
        match outcome {
            Outcome::Holds(_) => Ok(()),
            Outcome::Skipped(lack) => Err(lack.into()),
            Outcome::Wrong(why) => Err(why.into()),
        }
    })
}
