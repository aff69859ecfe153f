//! Tests that need root, debootstrap and a `go` command: real bpftrace releases beside running programs.
//!
//! `cargo test --test root -- live/recursion` runs the trials of the suite `live` with `recursion` in their names.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod attached;
mod containers;
mod dry_run;
mod ending;
mod generated;
mod harness;
mod live;
mod loads;
mod matrix;
mod questions;
mod real;
mod rights;
mod runs;
mod stacks;
#[path = "../support/mod.rs"]
mod support;
mod terminal;
mod trees;

use std::process::ExitCode;

fn main() -> ExitCode {
    support::suite::run(support::suite::suites![
        rights, harness, attached, terminal, runs, ending, containers, stacks, trees, live, questions,
        matrix, generated, loads, dry_run, real,
    ])
}
