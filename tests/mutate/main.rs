//! Programs and recipes from strangers: 20,000 mutated executables and 5,000 mutated recipes, none of which makes gobt panic, abort, hang
//! or use more than its share of time and memory. What comes out is always a script that holds only what gobt writes, with every probe on an
//! instruction, or an error with a code.
//!
//! `GOBT_MUTATE=all cargo test --release --test mutate` does all of them; without it a few hundred. Everything is the same on every
//! run: mutation number N is `GOBT_MUTATE=program:N` or `GOBT_MUTATE=recipe:N` alone.
//!
//! The work is done in processes of their own, which may not take more than 2 GiB of addresses, so that a stack that overflows or memory
//! that runs out is seen as such. Memory is measured inside of them, by an allocator that counts: see `measure.rs`. What takes too long is
//! done again, twice, since another process may have kept it from the processor, and the shortest time counts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    unreachable_pub,
    reason = "a test may fail loudly, and works on files and processes"
)]

#[path = "../../fuzz/src/lib.rs"]
mod hold;
mod kept;
mod measure;
mod numbers;
mod programs;
mod real;
mod recipes;
#[path = "../support/mod.rs"]
mod support;
mod work;
mod workers;

use libtest_mimic::Trial;
use std::process::ExitCode;
use support::Trouble;
use support::trial::trial;
use workers::Summary;

/// What a mutation is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Program,
    Recipe,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Recipe => "recipe",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Program, Self::Recipe]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

fn main() -> ExitCode {
    if let Ok(what) = std::env::var(workers::WORK) {
        work::run(&what);
        return ExitCode::SUCCESS;
    }
    let wanted = std::env::var("GOBT_MUTATE").unwrap_or_default();
    if let Some((kind, number)) = wanted.split_once(':') {
        work::show(
            Kind::named(kind).expect("program or recipe"),
            number.parse().expect("a number"),
        );
        return ExitCode::SUCCESS;
    }
    let all = wanted == "all";
    let few = if cfg!(debug_assertions) {
        (150, 200)
    } else {
        (1500, 1500)
    };
    let (programs, recipes) = if all { (20_000, 5_000) } else { few };
    let trials = vec![
        Trial::test("kept", kept::all),
        trial("programs".into(), move || mutations(Kind::Program, programs, all)),
        trial("recipes".into(), move || mutations(Kind::Recipe, recipes, all)),
        Trial::test("the_executable", move || {
            real::executable(if all { 200 } else { 8 })
        }),
    ];
    support::trial::run_one_by_one(trials) // each of them uses all processors
}

fn mutations(kind: Kind, count: usize, all: bool) -> Result<(), Trouble> {
    let summary: Summary = workers::run(kind, count, all);
    eprintln!("{summary}");
    summary.verdict()?;
    real::dry_runs(kind, &summary, if all { 24 } else { 2 }, all)
}
