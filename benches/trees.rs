//! Call trees by gobt and by the two other tracers that draw them, in one run: how many are right, what a call costs,
//! how long it takes until probes are there and until they are gone again.
//!
//! `GOBT_PEERS=DIRECTORY cargo bench --bench trees [-- write]` as root, where `benches/trees/peers DIRECTORY` has built
//! the others; without them gobt is alone. `write` puts the tables into `docs/performance.md`. All trace the same
//! program, which writes its own calls down (`tests/targets/trees`), built by a release of Go that the others can read.
//! They are run in turns; of times the median counts, of trees the sum.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

#[path = "attach/functions.rs"]
mod functions;
#[path = "trees/judge.rs"]
mod judge;
#[path = "trees/page.rs"]
mod page;
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "trees/tracers.rs"]
mod tracers;

use judge::Judged;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use support::bpftrace::{Release, usable};
use support::calls::truth_of;
use support::go::{self, Mode};
use support::program::Program;
use support::{Trouble, cache};
use tracers::Tracer;

/// The others find nothing in programs of Go 1.25 and later, whose debug information has another form.
const TOOLCHAIN: &str = "1.22.12";
const ROUNDS: usize = 3;
/// Functions of a web service that are attached and taken away again.
const SIZES: [usize; 3] = [10, 100, 1_000];
/// What takes longer is done once.
const LONG: Duration = Duration::from_secs(20);

/// What the program is told to do.
pub(crate) struct Workload {
    what: &'static str,
    arguments: [&'static str; 3],
}

const WORKLOADS: [Workload; 4] = [
    Workload {
        what: "1 goroutine",
        arguments: ["1", "30", "10"],
    },
    Workload {
        what: "1,000 goroutines",
        arguments: ["1000", "3", "10"],
    },
    Workload {
        what: "1 goroutine, with panics",
        arguments: ["1", "30", "1"],
    },
    Workload {
        what: "300 goroutines, with panics and `Goexit`",
        arguments: ["300", "3", "1"],
    },
];

/// The functions of the program that write themselves down; those that are roots stand first.
const FUNCTIONS: [&str; 11] = [
    "main.root",
    "main.ends",
    "main.recurse",
    "main.leaf",
    "main.saves",
    "main.recovers",
    "main.afterwards",
    "main.fails",
    "main.grows",
    "main.moves",
    "main.leaves",
];
const ROOTS: usize = 2;

fn main() {
    support::bench::tell("trees", measure());
}

fn measure() -> Result<String, Trouble> {
    let place = cache().join("trees").join("bench");
    let _ = fs::remove_dir_all(&place);
    let executable = go::own_copy(&go::build("trees", TOOLCHAIN, Mode::Default)?, &place, "trees")?;
    let mut tracers = Vec::new();
    for release in [Release::V0_23, Release::V0_27] {
        usable(release)?;
        tracers.push(Tracer::gobt(release, &place)?);
    }
    match std::env::var_os("GOBT_PEERS").map(PathBuf::from) {
        Some(peers) => tracers.extend(Tracer::peers(&peers)),
        None => println!("gobt alone: GOBT_PEERS does not say where the others are"),
    }
    let mut trees = Vec::new();
    for workload in &WORKLOADS {
        let mut untraced = Vec::new();
        let mut judged = vec![Judged::default(); tracers.len()];
        for _ in 0..ROUNDS {
            untraced.push(run(&executable, workload, &place)?.1);
            for (tracer, judged) in tracers.iter().zip(&mut judged) {
                let mut tracing = tracer.start(&executable, &FUNCTIONS, ROOTS)?;
                tracing.is_ready()?;
                let (truth, processor) = run(&executable, workload, &place)?;
                let (_, told) = tracing.end()?;
                judged.add(&truth, &told, processor);
            }
        }
        for (tracer, judged) in tracers.iter().zip(&judged) {
            eprintln!("{}: {}: {judged:?}", workload.what, tracer.name());
        }
        trees.push((workload.what, untraced, judged));
    }
    let attached = attached(&place, &tracers)?;
    Ok(page::tables(&tracers, &trees, &attached))
}

/// What the program says of itself, and the nanoseconds of processors that it took.
fn run(executable: &Path, workload: &Workload, place: &Path) -> Result<(Vec<judge::Shape>, u64), Trouble> {
    let truth = place.join("truth");
    let output = Command::new(executable)
        .arg(&truth)
        .args(workload.arguments)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let processor = said.trim().strip_prefix("truth processor ");
    let processor = processor.and_then(|number| number.parse().ok());
    let trees = truth_of(&truth)?.into_values().flatten();
    Ok((trees.map(judge::shape).collect(), processor.ok_or("no time")?))
}

/// Of so many functions, each tracer's times until it traces, and to its end.
type Attached = (usize, Vec<Vec<(Duration, Duration)>>);

fn attached(place: &Path, tracers: &[Tracer]) -> Result<Vec<Attached>, Trouble> {
    let executable = go::own_copy(&go::build("service", TOOLCHAIN, Mode::Default)?, place, "service")?;
    let all = functions::of(&executable)?;
    let mut out = Vec::new();
    for size in SIZES {
        let names = functions::spread(&all, size).ok_or("too few functions")?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut times = vec![Vec::new(); tracers.len()];
        for round in 0..ROUNDS {
            for (tracer, times) in tracers.iter().zip(&mut times) {
                let is_long = |(one, two): &(Duration, Duration)| *one + *two > LONG;
                if round > 0 && times.first().is_some_and(is_long) {
                    continue;
                }
                let _program = Program::start::<&str>(&executable, &[])?;
                let mut tracing = tracer.start(&executable, &names, names.len())?;
                let ready = tracing.is_ready()?;
                times.push((ready, tracing.end()?.0));
            }
        }
        eprintln!("{size}: {times:?}");
        out.push((size, times));
    }
    Ok(out)
}
