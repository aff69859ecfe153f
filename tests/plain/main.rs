//! Tests that need nothing but Rust and what every Linux has: neither Go nor root. `.ci/fast` runs them.
//!
//! `cargo test --test plain -- golden/errors` runs the trials of the suite `golden` with `errors` in their names.

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

mod cli;
mod columns;
mod debug_file;
mod docs;
mod faults;
mod files;
mod golden;
mod harness;
mod kept;
mod layers;
mod listing;
mod mutate;
mod overwrite;
mod saved;
#[path = "../support/mod.rs"]
mod support;
mod syntax;
mod words;

use std::process::ExitCode;
use support::mutate::measure::Counting;

/// For the processes that `mutate` starts.
#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    if let Some(code) = support::mutate::asked().or_else(golden::asked) {
        return code;
    }
    support::suite::run(support::suite::suites![
        layers, columns, syntax, golden, words, docs, listing, cli, saved, overwrite, debug_file, files,
        faults, kept, harness, mutate,
    ])
}
