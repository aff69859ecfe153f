//! Random functions with random values: what a recipe prints of each argument and result is what the program says
//! itself.
//!
//! A seed gives a Go program with functions and methods of random signatures, and a recipe that prints every part of
//! every argument and result that the language can name. `GOBT_GENERATED=N cargo test --test root -- generated/` tries
//! N seeds with every Go release and both releases of bpftrace in turn, `GOBT_GENERATED=1001-1100` those.

mod kinds;
mod program;
mod types;

use crate::support::bpftrace::{Bpftrace, Options, Release};
use crate::support::compile::Compile;
use crate::support::expect::check;
use crate::support::go::{self, Mode};
use crate::support::program::{Program, Truth};
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, cache, repository};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Seeds from this on bring the kinds of types that strangers bring, which are in `kinds.rs`.
const STRANGE: u64 = 1000;

/// Functions in one program.
const FUNCTIONS: usize = 16;

/// Seeds that are tried every day, with the releases that matter most: results are not known in Go 1.17's debug
/// information.
const FEW: [(u64, &str, Mode, Release); 9] = [
    (1, "1.19.13", Mode::Default, Release::V0_23),
    (25, "1.22.12", Mode::Default, Release::V0_27),
    (3, "1.25.5", Mode::NoOpt, Release::V0_23),
    (33, "1.27.3", Mode::Pie, Release::V0_27),
    (1001, "1.22.12", Mode::Default, Release::V0_23),
    (1002, "1.27.3", Mode::Default, Release::V0_27),
    (1003, "1.27.3", Mode::Pie, Release::V0_23),
    (1004, "1.24.11", Mode::Default, Release::V0_27),
    (1006, "1.18.10", Mode::Default, Release::V0_23),
];

/// All trials.
pub fn suite() -> Suite {
    let many = std::env::var("GOBT_GENERATED").ok().and_then(|text| {
        let (first, last) = text.split_once('-').unwrap_or(("1", &text));
        Some(first.parse::<u64>().ok()?..=last.parse().ok()?)
    });
    let all: Vec<_> = match many {
        None => FEW.to_vec(),
        Some(seeds) => seeds
            .zip(go::TOOLCHAINS[1..].iter().cycle())
            .map(|(seed, toolchain)| {
                let mode = [Mode::Default, Mode::NoOpt, Mode::Default, Mode::Pie][seed as usize / 10 % 4];
                let release = [Release::V0_23, Release::V0_27][seed as usize % 2];
                (seed, *toolchain, mode, release)
            })
            .collect(),
    };
    let trials = all.into_iter().map(|(seed, toolchain, mode, release)| {
        let name = format!(
            "{seed}/go{toolchain}-{}-bpftrace{}",
            mode.name(),
            release.number()
        );
        trial(name, move || compare(seed, toolchain, mode, release))
    });
    trials.collect::<Vec<_>>().into()
}

fn compare(seed: u64, toolchain: &str, mode: Mode, release: Release) -> Result<(), Trouble> {
    crate::support::bpftrace::usable(release)?;
    let place = cache().join("generated").join(seed.to_string());
    fs::create_dir_all(&place)?;
    let sources = program::generate(seed, FUNCTIONS, seed >= STRANGE);
    let truth = repository().join("tests").join("targets").join("truth");
    fs::write(place.join("main.go"), &sources.go)?;
    fs::create_dir_all(place.join("linux"))?;
    for (name, text) in sources.more {
        fs::write(place.join(name), text)?;
    }
    fs::write(
        place.join("go.mod"),
        format!(
            "module gobt.example/generated\n\ngo 1.18\n\nrequire gobt.example/truth v0.0.0\n\nreplace gobt.example/truth => {}\n",
            truth.display()
        ),
    )?;
    let executable = go::build_at(&place, &format!("generated{seed}"), toolchain, mode)?;
    let recipe = place.join("probe.gobt");
    fs::write(&recipe, &sources.recipe)?;
    let script = place.join("probe.bt");
    Compile::new(&recipe, &executable, &script)
        .release(release)
        .run()?;
    let mut programs = vec![Program::start::<&str>(&executable, &[])?];
    let trace = Bpftrace::run(&script, &mut programs, &Options::of(release))?;
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    let mut lines = 0;
    let mut wrong = Vec::new();
    for program in programs {
        let truths = [program.quit()?];
        for (name, truth) in &truths[0] {
            match truth {
                Truth::Text(text) => {
                    lines += 1;
                    for line in text.split('\n') {
                        *counts.entry(plain(line)).or_default() += 1;
                    }
                }
                Truth::Number(_) => {
                    // What was never counted need not be printed.
                    let all = if name.starts_with("if_") { "sum " } else { "" };
                    wrong.extend(check(&format!("{all}@{name} == truth {name}"), &trace, &truths).err());
                }
            }
        }
    }
    for line in &trace.lines {
        *counts.entry(plain(line)).or_default() -= 1;
    }
    counts.retain(|_, count| *count != 0);
    if counts.is_empty() && wrong.is_empty() && lines > 0 {
        return Ok(());
    }
    Err((differences(&counts, lines, &script) + &wrong.join("\n")).into())
}

/// The first lines that are not as they should be, each with its like.
fn differences(counts: &BTreeMap<String, i64>, lines: usize, script: &Path) -> String {
    let mut text = format!(
        "of {lines} lines {} are not as they should be; the script is {}\n",
        counts.values().filter(|count| **count > 0).count(),
        script.display()
    );
    for (line, count) in counts.iter().take(12) {
        let _ = writeln!(text, "{} {line}", if *count > 0 { "true   " } else { "printed" });
    }
    text
}

/// The line with spans of time in nanoseconds: a line that holds several shows them in another unit than Go does.
fn plain(line: &str) -> String {
    let parts = line.split('[').map(|part| match part.split_once(']') {
        Some((value, rest)) => match nanoseconds(value) {
            Some(number) => format!("{number}ns]{rest}"),
            None => part.to_owned(),
        },
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("[")
}

/// `1m2.5s` in nanoseconds.
fn nanoseconds(text: &str) -> Option<i128> {
    let mut rest = text;
    let mut total = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, more) = rest.split_at(end);
        let end = more.find(|c: char| c.is_ascii_digit()).unwrap_or(more.len());
        let (unit, more) = more.split_at(end);
        rest = more;
        let size: i128 = match unit {
            "h" => 3_600_000_000_000,
            "m" => 60_000_000_000,
            "s" => 1_000_000_000,
            "ms" => 1_000_000,
            "us" | "µs" => 1000,
            "ns" => 1,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        total += whole.parse::<i128>().ok()? * size;
        if !fraction.is_empty() {
            let digits = u32::try_from(fraction.len()).ok()?;
            total += fraction.parse::<i128>().ok()? * size / 10_i128.pow(digits);
        }
    }
    (!text.is_empty()).then_some(total)
}
