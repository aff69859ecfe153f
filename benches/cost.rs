//! What tracing costs the traced program: nanoseconds added to each call by gobt's `count` and `latency` and by the
//! scripts that people write by hand, in one run.
//!
//! `cargo bench --bench cost [-- 0.23 0.27]` as root. A round runs every script once, on a process of its own; the rounds
//! are interleaved, so that a busy machine is busy for all of them; of each script the best round counts. Added cost is
//! (traced - untraced) / calls.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use iced_x86::{Decoder, Mnemonic};
use object::{Object, ObjectSymbol};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use support::Trouble;
use support::bpftrace::{Bpftrace, Options, Release};
use support::go::{self, Mode};
use support::program::{Program, Truth};

const CALLS: i128 = 50_000;
const ROUNDS: usize = 7;
const TOOLCHAIN: &str = "1.27.3";

/// The goals: gobt's added cost as a part of the hand-written script's.
const COUNT_GOAL: f64 = 0.1;
const LATENCY_GOAL: f64 = 0.6;

fn main() {
    let wanted: Vec<Release> = std::env::args()
        .filter_map(|argument| Release::numbered(&argument))
        .collect();
    let releases = if wanted.is_empty() {
        vec![Release::V0_23, Release::V0_27]
    } else {
        wanted
    };
    let mut met = true;
    for release in releases {
        match measure(release) {
            Ok(good) => met &= good,
            Err(Trouble::Skipped(skipped)) => println!("bpftrace {}: {skipped}", release.number()),
            Err(Trouble::Failed(why)) => panic!("{why}"),
        }
    }
    println!(
        "{}",
        if met {
            "The goals are met."
        } else {
            "The goals are NOT met."
        }
    );
}

struct Contender {
    name: &'static str,
    /// None: untraced.
    script: Option<PathBuf>,
    /// Nanoseconds per call, one per round.
    rounds: Vec<f64>,
}

impl Contender {
    fn best(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn median(&self) -> f64 {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}

fn measure(release: Release) -> Result<bool, Trouble> {
    support::bpftrace::usable(release)?;
    let place = support::cache().join("cost").join(release.number());
    fs::create_dir_all(&place)?;
    let executable = place.join("storm");
    fs::copy(go::build("storm", TOOLCHAIN, Mode::Default)?, &executable)?;
    let write = |name: &str, text: &str| -> Result<Option<PathBuf>, Trouble> {
        let path = place.join(name);
        fs::write(&path, text)?;
        Ok(Some(path))
    };
    let (first, returns) = sites(&executable, "main.hot");
    let (execute, _) = sites(&executable, "runtime.execute");
    let hand = by_hand(&executable, first, &returns, execute);
    let mut contenders = Vec::new();
    for (name, script) in [
        ("untraced", None),
        ("count by hand", write("hand-count.bt", &hand.0)?),
        (
            "count by gobt",
            compiled(&place, &executable, "count", "count main.hot\n")?,
        ),
        ("latency by hand", write("hand-latency.bt", &hand.1)?),
        (
            "latency by gobt",
            compiled(&place, &executable, "latency", "latency main.hot by goroutine\n")?,
        ),
    ] {
        contenders.push(Contender {
            name,
            script,
            rounds: Vec::new(),
        });
    }
    for _ in 0..ROUNDS {
        for contender in &mut contenders {
            let spent = round(&executable, contender.script.as_deref(), release)?;
            contender.rounds.push(spent);
        }
    }
    Ok(report(release, &contenders))
}

/// One process, one trace: nanoseconds per call.
fn round(executable: &Path, script: Option<&Path>, release: Release) -> Result<f64, Trouble> {
    let mut programs = [Program::start(executable, &["hot", &CALLS.to_string()])?];
    if let Some(script) = script {
        let options = Options {
            harmless: vec!["WARNING".into()],
            ..Options::of(release)
        };
        let trace = Bpftrace::run(script, &mut programs, &options)?;
        let samples: i128 = trace.entries.iter().map(|entry| entry.value.samples()).sum();
        if samples < CALLS {
            return Err(format!("{} saw {samples} of {CALLS} calls", script.display()).into());
        }
    } else {
        programs[0].go()?;
        programs[0].done(Duration::from_secs(60))?;
    }
    let [program] = programs;
    match program.quit()?.get("nanoseconds") {
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
        Some(Truth::Number(total)) => Ok(*total as f64 / CALLS as f64),
        _ => Err(String::from("the program did not tell its time").into()),
    }
}

fn report(release: Release, contenders: &[Contender]) -> bool {
    let untraced = contenders[0].best();
    println!(
        "\nbpftrace {}, Go {TOOLCHAIN}, {CALLS} calls, best (median) of {ROUNDS} rounds; untraced {untraced:.1} ns a call",
        release.number()
    );
    println!("{:<18} {:>22}  {:>9}", "", "added ns a call", "of hand's");
    let mut met = true;
    for pair in contenders[1..].chunks(2) {
        let goal = if pair[1].name.starts_with("count") {
            COUNT_GOAL
        } else {
            LATENCY_GOAL
        };
        for contender in pair {
            let ratio = (contender.best() - untraced) / (pair[0].best() - untraced);
            let added = format!(
                "{:.0} ({:.0})",
                contender.best() - untraced,
                contender.median() - untraced
            );
            print!("{:<18} {added:>22}  {ratio:>9.3}", contender.name);
            if contender.name.ends_with("gobt") {
                met &= ratio <= goal;
                print!("   goal {goal} {}", if ratio <= goal { "met" } else { "NOT met" });
            }
            println!();
        }
    }
    met
}

/// What is written by hand today: a probe on the function's first byte; the goroutine by thread, from a probe on the
/// scheduler's `runtime.execute`; the time of entry in a map by goroutine.
fn by_hand(executable: &Path, first: u64, returns: &[u64], execute: u64) -> (String, String) {
    let path = executable.display();
    let count = format!("uprobe:{path}:{first:#x} {{ @calls = count(); }}\n");
    let returns: Vec<String> = returns
        .iter()
        .map(|address| format!("uprobe:{path}:{address:#x}"))
        .collect();
    let latency = format!(
        "uprobe:{path}:{execute:#x} {{ @running[tid] = reg(\"ax\"); }}\n\
         uprobe:{path}:{first:#x} {{ $g = @running[tid]; @began[$g] = nsecs; }}\n\
         {} {{\n    $g = @running[tid];\n    @took[$g] = hist((nsecs - @began[$g]) / 1000);\n    delete(@began[$g]);\n}}\n\
         END {{ clear(@running); clear(@began); }}\n",
        returns.join(",\n")
    );
    (count, latency)
}

fn compiled(place: &Path, executable: &Path, name: &str, recipe: &str) -> Result<Option<PathBuf>, Trouble> {
    let source = place.join(format!("{name}.gobt"));
    let script = place.join(format!("gobt-{name}.bt"));
    fs::write(&source, recipe)?;
    let output = Command::new(env!("CARGO_BIN_EXE_gobt"))
        .arg("compile")
        .arg(&source)
        .arg("--bin")
        .arg(executable)
        .arg("-o")
        .arg(&script)
        .output()?;
    if output.status.success() {
        return Ok(Some(script));
    }
    Err(format!("gobt compile: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// The first byte and the RETs of a function.
fn sites(executable: &Path, name: &str) -> (u64, Vec<u64>) {
    let bytes = fs::read(executable).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let symbol = file.symbols().find(|symbol| symbol.name() == Ok(name)).unwrap();
    let layout = support::elf::Layout::of(executable).unwrap();
    let start = usize::try_from(layout.place(symbol.address()).unwrap().offset).unwrap();
    let code = &bytes[start..start + usize::try_from(symbol.size()).unwrap()];
    let instructions = Decoder::with_ip(64, code, symbol.address(), 0).into_iter();
    let returns = instructions
        .filter(|i| i.mnemonic() == Mnemonic::Ret)
        .map(|i| i.ip());
    (symbol.address(), returns.collect())
}
