//! What tracing costs the traced program and how much of it is true: nanoseconds added to each call, and wrong results,
//! by gobt's scripts, by those that people write, and by other tracers, in one run.
//!
//! `cargo bench --bench cost [-- 0.23 0.27 records write]` as root; `write` puts the tables into `docs/performance.md`,
//! `records` makes only the last of them, with what `gobt run` costs beside a compiled script. A round
//! runs every contender once, on a process of its own; the rounds are interleaved, so that a busy machine is busy for
//! all of them; of each contender the best round counts. Added cost is (traced - untraced) / calls, in the traced
//! process's own processor time (for ptrace, by the clock).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

#[path = "cost/delve.rs"]
mod delve;
#[path = "cost/peers.rs"]
mod peers;
#[path = "cost/records.rs"]
mod records;
#[path = "cost/round.rs"]
mod round;
#[path = "cost/sites.rs"]
mod sites;
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "cost/table.rs"]
mod table;
#[path = "cost/wrong.rs"]
mod wrong;

use delve::Delve;
use peers::{Peer, Verb};
use round::{Figure, Subject, Tracer};
use std::path::{Path, PathBuf};
use support::Trouble;
use support::bench;
use support::bpftrace::Release;
use support::go::{self, Mode};

const ROUNDS: usize = 3;
const TOOLCHAIN: &str = "1.27.3";
/// The function that is called in the loop that is measured.
const FUNCTION: &str = "main.say";
const CALLS: i128 = 50_000;
/// A tracer that stops the process at each call is measured on fewer.
const FEW_CALLS: i128 = 2_000;

/// The goals: gobt's added cost as a part of what people write (`count`) and of go-bpf-gen's way (`latency`).
const COUNT_GOAL: f64 = 0.1;
const LATENCY_GOAL: f64 = 0.6;

fn main() {
    let releases = bench::releases();
    for release in &releases {
        bench::tell(&format!("records {}", release.number()), records::table(*release));
    }
    if bench::is_asked("records") {
        return;
    }
    let mut met = true;
    for release in releases {
        let made = measure(release).map(|(page, good)| {
            met &= good;
            page
        });
        bench::tell(&format!("cost {}", release.number()), made);
    }
    let verdict = if met { "met" } else { "NOT met" };
    println!(
        "The goals are {verdict}: count {COUNT_GOAL} of naive, latency {LATENCY_GOAL} of go-bpf-gen's way."
    );
}

/// The tables for a release, and whether the goals are met.
fn measure(release: Release) -> Result<(String, bool), Trouble> {
    support::bpftrace::usable(release)?;
    let place = support::cache().join("cost").join(release.number());
    let executable = copy(&place, "rivals", "rivals", Mode::Default)?;
    let plain = copy(&place, "rivals", "rivals-noopt", Mode::NoOpt)?;
    let delve = Delve::built();
    if let Err(why) = &delve {
        println!("Delve: {why}");
    }
    let fast = Subject::new(&executable, FUNCTION, CALLS);
    let unoptimised = Subject::new(&plain, FUNCTION, CALLS);
    let stopped = Subject::new(&plain, FUNCTION, FEW_CALLS);
    let mut untraced = [
        Figure::new(&fast, Tracer::None),
        Figure::new(&unoptimised, Tracer::None),
    ];
    let mut figures = Vec::new();
    for verb in Verb::ALL {
        for peer in Peer::ALL {
            let script = peer.script(verb, &executable, FUNCTION, &place)?;
            figures.push((peer, verb, Figure::new(&fast, Tracer::Bpftrace(script, release))));
        }
    }
    if let Ok(delve) = &delve {
        let figure = Figure::new(&unoptimised, Tracer::Delve(delve, true));
        figures.push((Peer::DelveEbpf, Verb::Trace, figure));
        let figure = Figure::new(&stopped, Tracer::Delve(delve, false));
        figures.push((Peer::Delve, Verb::Trace, figure));
    }
    for _ in 0..ROUNDS {
        for figure in &mut untraced {
            figure.round()?;
        }
        for (_, _, figure) in &mut figures {
            figure.round()?;
        }
    }
    let costs: Vec<table::Cost> = figures
        .iter()
        .map(|(peer, verb, figure)| {
            let base = if peer.is_delve() {
                &untraced[1]
            } else {
                &untraced[0]
            };
            table::Cost::of(*peer, *verb, figure, base)
        })
        .collect();
    let wrong = wrong::all(release, &place, delve.as_ref().ok())?;
    let ratio = |verb, peer| table::ratio(&costs, verb, Peer::Gobt, peer);
    let met =
        ratio(Verb::Count, Peer::Naive) <= COUNT_GOAL && ratio(Verb::Latency, Peer::GoBpfGen) <= LATENCY_GOAL;
    let head = format!(
        "bpftrace {}, Go {TOOLCHAIN}, {CALLS} calls, best of {ROUNDS} rounds; an untraced call takes {:.1} ns.\n",
        release.number(),
        untraced[0].best()
    );
    Ok((
        format!("{head}\n{}\n{}", table::costs(&costs), table::wrong(&wrong)),
        met,
    ))
}

/// A test program under a path of its own.
pub(crate) fn copy(place: &Path, program: &str, name: &str, mode: Mode) -> Result<PathBuf, Trouble> {
    go::own_copy(&go::build(program, TOOLCHAIN, mode)?, place, name)
}
