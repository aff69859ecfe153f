//! Tests that need a `go` command, which fetches the releases that they name, and binutils; no root.
//!
//! `cargo test --test go -- places/1.22` runs the trials of the suite `places` with `1.22` in their names.

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

mod build_ids;
mod harness;
mod inlined;
mod mutate;
mod paths;
mod places;
mod readers;
mod services;
mod sites;
#[path = "../support/mod.rs"]
mod support;
mod whole;

use std::process::ExitCode;
use support::mutate::measure::Counting;

/// For the processes that `mutate` starts.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    if let Some(code) = support::mutate::asked() {
        return code;
    }
    support::suite::run(support::suite::suites![
        places, sites, inlined, whole, build_ids, paths, services, harness, mutate,
    ])
}
