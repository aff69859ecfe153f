//! Every Go release in every way of building, under every bpftrace: one program that counts itself is traced, and the
//! whole of what can be asked of it is compared with what it says.
//!
//! `cargo test --test root -- matrix/` runs a few cells, so chosen that each release and each way of building is among
//! them; `GOBT_MATRIX=all cargo test --release --test root -- matrix/` runs all of them and prints the tables of
//! `docs/matrix.md`; with `GOBT_DOCS=write` besides it writes them there. `cargo test --test root -- matrix/1.22-pie`
//! runs the few cells with this word in their names.

mod cell;
mod page;

use crate::support::Trouble;
use crate::support::suite::Suite;
use crate::support::trial::{Trial, trial};
use cell::{Cell, Outcome};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What each cell came to.
type Results = Arc<Mutex<BTreeMap<Cell, Outcome>>>;

/// All trials.
pub fn suite() -> Suite {
    let asked = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|found| found == value);
    let all = asked("GOBT_MATRIX", "all");
    let results = Results::default();
    let cells = if all { cell::all() } else { cell::few() };
    let mut trials: Vec<Trial> = cells.into_iter().map(|cell| of_cell(cell, &results)).collect();
    if !all {
        trials.push(trial("few-cells-cover-all", cell::covered));
        trials.push(trial("page-is-complete", page::complete));
    }
    Suite::and_then(trials, move || {
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

fn of_cell(cell: Cell, results: &Results) -> Trial {
    let results = Arc::clone(results);
    trial(cell.name(), move || {
        let outcome = cell.run();
        results
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(cell, outcome.clone());
        match outcome {
            Outcome::Holds(_) => Ok::<_, Trouble>(()),
            Outcome::Skipped(lack) => Err(lack.into()),
            Outcome::Wrong(why) => Err(why.into()),
        }
    })
}
