//! How long a recipe takes to compile: the dial recipe on Go's own `go` command (16 MB, 8,000 functions), beside
//! `readelf -sW` on the same file, which does no more than list its symbols.
//!
//! `cargo bench --bench compile`. Both are started as processes, in turns; medians.

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

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::{Trouble, go};

const TOOLCHAIN: &str = "1.27.3";
const RUNS: usize = 101;
const GOAL: Duration = Duration::from_millis(10);
const RECIPE: &str = "latency net.(*sysDialer).dialTCP by goroutine\n";

fn main() {
    match measure() {
        Ok(()) => {}
        Err(Trouble::Skipped(skipped)) => println!("{skipped}"),
        Err(Trouble::Failed(why)) => panic!("{why}"),
    }
}

fn measure() -> Result<(), Trouble> {
    let target = go_command_file()?;
    let place = support::cache().join("compile");
    fs::create_dir_all(&place)?;
    let recipe = place.join("dial.gobt");
    fs::write(&recipe, RECIPE)?;
    let script = place.join("dial.bt");
    let gobt = Path::new(env!("CARGO_BIN_EXE_gobt"));
    let mut compile = Command::new(gobt);
    compile
        .arg("compile")
        .arg(&recipe)
        .arg("--bin")
        .arg(&target)
        .arg("-o")
        .arg(&script);
    let mut start = Command::new(gobt);
    start.arg("--version");
    let mut readelf = Command::new("readelf");
    readelf.arg("-sW").arg(&target);
    if !go::runs("readelf") {
        return Err(support::Skipped("there is no readelf".into()).into());
    }

    let (mut compiling, mut starting, mut listing) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        compiling.push(timed(&mut compile)?);
        starting.push(timed(&mut start)?);
        listing.push(timed(&mut readelf)?);
    }
    let size = fs::metadata(&target)?.len() / 1_000_000;
    println!("the go command of Go {TOOLCHAIN}, {size} MB; {RUNS} runs each, in turns");
    println!("{:<44} {:>9} {:>9}", "", "median", "best");
    for (name, times) in [
        ("gobt compile", &mut compiling),
        ("gobt --version", &mut starting),
        ("readelf -sW", &mut listing),
    ] {
        times.sort();
        println!("{name:<44} {:>9.2?} {:>9.2?}", times[RUNS / 2], times[0]);
    }
    let verdict = if compiling[RUNS / 2] < GOAL {
        "met"
    } else {
        "NOT met"
    };
    println!("goal: compile in under {GOAL:?}: {verdict}");
    Ok(())
}

fn timed(command: &mut Command) -> Result<Duration, Trouble> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let began = Instant::now();
    let status = command.status()?;
    let took = began.elapsed();
    if status.success() {
        Ok(took)
    } else {
        Err(format!("{command:?} failed").into())
    }
}

/// The `go` executable of the toolchain, which the go command brings as it is distributed.
fn go_command_file() -> Result<PathBuf, Trouble> {
    go::bring(TOOLCHAIN)?;
    let output = go::go_command(TOOLCHAIN)
        .args(["env", "GOROOT"])
        .current_dir(std::env::temp_dir())
        .output()?;
    let root = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(Path::new(&root).join("bin").join("go"))
}
