//! Programs and recipes from strangers: mutated executables and recipes, none of which makes gobt panic, abort, hang or
//! use more than its share of time and memory. What comes out is always a script that holds only what gobt writes, with
//! every probe on an instruction, or an error with a code.
//!
//! `GOBT_MUTATE=all` with `--release` does 25,000 of them; without it a few hundred. Everything is the same on every
//! run: mutation number N of all is `GOBT_MUTATE=program:N` or `GOBT_MUTATE=recipe:N` of `--test plain`,
//! `GOBT_MUTATE=built:N` of `--test go` alone.
//!
//! The work is done in processes of their own, which may not take more than 2 GiB of addresses, so that a stack that
//! overflows or memory that runs out is seen as such. Memory is measured inside of them, by an allocator that counts:
//! see `measure.rs`. What takes too long is done again, twice, since another process may have kept it from the
//! processor, and the shortest time counts.

pub mod measure;
pub mod numbers;
pub mod programs;
pub mod recipes;
pub mod work;
pub mod workers;

use super::trial::{Trial, trial};
use std::process::ExitCode;

/// What a mutation is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of an example program.
    Program,
    /// Of a program that is built by one of several Go releases.
    Built,
    /// Of a recipe.
    Recipe,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Program, Self::Built, Self::Recipe];

    /// Its word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Built => "built",
            Self::Recipe => "recipe",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How many are tried.
    const fn count(self, all: bool) -> usize {
        match (self, all) {
            (Self::Program | Self::Built, true) => 10_000,
            (Self::Recipe, true) => 5_000,
            _ if !cfg!(debug_assertions) => 1500,
            (Self::Program | Self::Built, false) => 75,
            (Self::Recipe, false) => 200,
        }
    }
}

/// Whether the environment asks for everything.
pub fn all() -> bool {
    std::env::var("GOBT_MUTATE").is_ok_and(|value| value == "all")
}

/// What this process does in place of tests where another one, or somebody who wants to see one mutation, asks for it.
pub fn asked() -> Option<ExitCode> {
    if let Ok(what) = std::env::var(workers::WORK) {
        work::run(&what);
        return Some(ExitCode::SUCCESS);
    }
    let wanted = std::env::var("GOBT_MUTATE").ok()?;
    let (kind, number) = wanted.split_once(':')?;
    work::show(
        Kind::named(kind).expect("program, built or recipe"),
        number.parse().expect("a number"),
    );
    Some(ExitCode::SUCCESS)
}

/// The mutations of a kind, by processes that use all processors.
pub fn mutations(kind: Kind) -> Trial {
    let run = move || {
        let summary = workers::run(kind, kind.count(all()), all())?;
        if all() {
            eprintln!("{summary}");
        }
        summary.verdict()
    };
    trial(format!("{}s", kind.name()), run).alone()
}
