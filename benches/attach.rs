//! How long it takes until probes are there, until they are gone again, and until the first line is shown: `gobt run`
//! beside plain bpftrace, by address and with one link for each probe, in one run.
//!
//! `cargo bench --bench attach [-- 0.17 0.23 0.27 write]` as root; `write` puts the tables into `docs/performance.md`.
//! Each row is one program, one release and so many functions, all of them with `latency`, that is with every RET. The
//! ways are run in turns, so that a busy machine is busy for all of them, and the median counts. A way that takes long
//! is run once, and with more functions not at all. The large program is Vault's core, which `GOBT_REAL=all cargo test
//! --test root -- real/vault` builds, or the file that `GOBT_LARGE` names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

#[path = "attach/first.rs"]
mod first;
#[path = "attach/functions.rs"]
mod functions;
#[path = "attach/page.rs"]
mod page;
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "attach/ways.rs"]
mod ways;

use std::path::PathBuf;
use std::time::Duration;
use support::bpftrace::{Release, usable};
use support::go::{self, Mode};
use support::program::Program;
use support::{Trouble, cache};
use ways::{Place, Took, Way};

const TOOLCHAIN: &str = "1.27.3";
const ROUNDS: usize = 3;
const SIZES: [usize; 5] = [1, 10, 100, 1_000, 5_000];
/// What takes longer is run once.
const LONG: Duration = Duration::from_secs(20);
/// What has taken longer is not run with more functions.
const TOO_LONG: Duration = Duration::from_secs(30);

/// What is traced.
struct Subject {
    what: &'static str,
    path: PathBuf,
    /// What shows a line for each call of a function, and the program's arguments that make it call that all the time.
    shows: &'static str,
    arguments: &'static [&'static str],
}

fn main() {
    for release in support::bench::releases() {
        support::bench::tell(&format!("attach {}", release.number()), measure(release));
    }
}

fn measure(release: Release) -> Result<String, Trouble> {
    usable(release)?;
    let mut rows = Vec::new();
    let mut firsts = Vec::new();
    for subject in subjects()? {
        let place = Place::new(release, &subject.path)?;
        let mut given_up = Vec::new();
        let all = functions::of(&subject.path)?;
        for size in SIZES {
            let Some(names) = functions::spread(&all, size) else {
                continue;
            };
            let row = row(&place, &names, &mut given_up)?;
            eprintln!("{}, {size}: {}", subject.what, page::short(&row));
            rows.push((subject.what, size, row));
        }
        firsts.push((subject.what, first::results(&place, &subject)?));
    }
    Ok(page::tables(release, &rows, &firsts))
}

/// Each way with these functions; a way that was too slow with fewer is left out.
fn row(place: &Place, names: &[String], given_up: &mut Vec<Way>) -> Result<Vec<(Way, Vec<Took>)>, Trouble> {
    let mut row: Vec<(Way, Vec<Took>)> = Way::ALL
        .into_iter()
        .filter(|way| !given_up.contains(way))
        .map(|way| (way, Vec::new()))
        .collect();
    // 0.17 has no links of many probes: all its ways are slow.
    for round in 0..ROUNDS {
        for (way, took) in &mut row {
            if round > 0 && took.first().is_some_and(|took| took.all() > LONG) {
                continue;
            }
            let program = Program::start::<&str>(&place.executable, &[])?;
            took.push(way.run(place, names, program.traced().pid)?);
        }
    }
    for (way, took) in &row {
        if took.first().is_some_and(|took| took.all() > TOO_LONG) {
            given_up.push(*way);
        }
    }
    Ok(row)
}

/// The programs, smallest first.
fn subjects() -> Result<Vec<Subject>, Trouble> {
    let mut subjects = vec![Subject {
        what: "a web service",
        path: go::build("service", TOOLCHAIN, Mode::Default)?,
        shows: "on net/http.serverHandler.ServeHTTP { print arg req.Method }",
        arguments: &["1000000"],
    }];
    let large = std::env::var_os("GOBT_LARGE")
        .map_or_else(|| cache().join("go/1.26.6/commands/vault"), PathBuf::from);
    if large.is_file() {
        subjects.push(Subject {
            what: "Vault's core",
            path: large,
            shows: "on github.com/hashicorp/vault/vault.(*BarrierView).Put { print arg entry.Key }",
            arguments: &["100000000"],
        });
    } else {
        println!("skipped: {} is not there", large.display());
    }
    Ok(subjects)
}
