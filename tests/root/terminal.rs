//! `gobt run` on a terminal: results in place, a terminal that changes its size, keys, call trees to walk about in, and
//! what stays at the end.

use crate::support::bpftrace::{Options, Release, usable};
use crate::support::go::{self, Mode};
use crate::support::program::Program;
use crate::support::running::install;
use crate::support::suite::Suite;
use crate::support::terminal::{Terminal, ended, start};
use crate::support::trial::trial;
use crate::support::{Trouble, cache};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// All of them.
pub fn suite() -> Suite {
    vec![
        trial("keys-and-sizes", keys_and_sizes),
        trial("trees", || trees(Release::V0_27)),
        trial("trees-0.17", || trees(Release::V0_17)),
    ]
    .into()
}

/// Calls of `fib(8)`: 2 * fib(9) - 1.
const CALLS: &str = "     67";

/// The program `storm`, and a bpftrace for runs on a terminal.
struct Stage {
    place: PathBuf,
    executable: PathBuf,
    program: Program,
    terminal: Terminal,
}

impl Stage {
    fn new(release: Release, name: &str) -> Result<Self, Trouble> {
        usable(release)?;
        let built = go::build("storm", "1.27.3", Mode::Default)?;
        let place = cache().join(name);
        let executable = go::own_copy(&built, &place, "storm")?;
        let (bin, own) = (place.join("bin"), place.join("own"));
        fs::create_dir_all(&own)?;
        install(release, &bin, &[place.as_path(), own.as_path()])?;
        Ok(Self {
            program: Program::start(&executable, &["fib", "8"])?,
            place,
            executable,
            terminal: Terminal::new()?,
        })
    }

    fn run(&self, recipe: &str) -> Result<Command, Trouble> {
        let executable = self.executable.to_string_lossy();
        let mut command = self.terminal.gobt(&["run", "-e", recipe, "--bin", &executable])?;
        let path = format!("{}/bin:/usr/sbin:/usr/bin:/sbin:/bin", self.place.display());
        command.env("PATH", path).env("TMPDIR", self.place.join("own"));
        Ok(command)
    }
}

fn keys_and_sizes() -> Result<(), Trouble> {
    let release = Release::V0_27;
    let mut stage = Stage::new(release, "terminal")?;
    let before = stage.terminal.modes()?;
    let mut run = start(&mut stage.run("count main.fib")?)?;
    stage.terminal.awaits(|shown| {
        shown.contains("@count: calls of main.fib\n") && shown.contains("  count 0/s  lost 0")
    })?;
    stage.program.go()?;
    stage.program.done(Options::of(release).timeout)?;
    stage
        .terminal
        .awaits(|shown| shown.lines().any(|line| line == CALLS))?;
    // There are no trees to be looked at.
    stage.terminal.press("t")?;
    stage.terminal.resize(16, 8)?;
    let narrow = |shown: &str| shown.contains("@count: calls o…\n") && !shown.contains("main.fib");
    stage.terminal.awaits(narrow)?;
    assert!(!stage.terminal.is_alternate());
    stage.terminal.press("q")?;
    let status = ended(&mut run)?;
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    stage.terminal.awaits(|shown| shown.contains("ended after"))?;
    let shown = stage.terminal.shows();
    assert!(shown.lines().any(|line| line == CALLS), "{shown}");
    assert!(!shown.contains("hits/s"), "{shown}");
    assert_eq!(stage.terminal.modes()?, before);
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

/// The tree of `fib(8)`: frozen, looked at while the run goes on, and still when it has ended.
fn trees(release: Release) -> Result<(), Trouble> {
    let mut stage = Stage::new(release, &format!("terminal-trees-{}", release.number()))?;
    let before = stage.terminal.modes()?;
    let mut run = start(&mut stage.run("graph main.fib with args")?)?;
    let is_attached = |shown: &str| shown.contains("00:0") && shown.contains("t trees");
    stage.terminal.awaits(is_attached)?;
    // Nothing has come yet, and keys keep their meaning.
    stage.terminal.press("t")?;
    stage
        .terminal
        .awaits(|shown| shown.contains("graph: 0 trees of graph main.fib"))?;
    assert!(stage.terminal.is_alternate());
    stage.terminal.press("f")?;
    stage.terminal.awaits(|shown| shown.contains("f freeze"))?;
    assert!(!stage.terminal.is_alternate());
    stage.program.go()?;
    stage.program.done(Options::of(release).timeout)?;
    stage
        .terminal
        .awaits(|shown| shown.contains("main.fib(n=0) = 0"))?;
    stage.terminal.press("f")?;
    stage.terminal.awaits(|shown| shown.contains("frozen"))?;
    // An arrow key: the summary, with the hot path open.
    stage.terminal.press("\x1b[B")?;
    stage.terminal.awaits(|shown| {
        shown.contains("graph: 1 tree of graph main.fib") && shown.contains("100.0%") && shown.contains("◆")
    })?;
    // The single tree: all of it, of which the last call is one of fib(0).
    stage.terminal.press("n\x1b[H+\x1b[F")?;
    stage.terminal.awaits(|shown| shown.contains("row 67 of 67"))?;
    stage.terminal.press("\x1b[H")?;
    stage
        .terminal
        .awaits(|shown| shown.contains("main.fib(n=8) = 21"))?;
    // fib(8) calls fib(3) 8 times.
    stage.terminal.press("/n=3\r")?;
    stage
        .terminal
        .awaits(|shown| shown.contains("/n=3 found 1 of 8"))?;
    stage.terminal.press("mm")?;
    stage
        .terminal
        .awaits(|shown| shown.contains("/n=3 found 3 of 8"))?;
    // Folded, there is the root alone.
    stage.terminal.press("\x1b[H-")?;
    stage.terminal.awaits(|shown| shown.contains("row 1 of 1)"))?;
    stage.terminal.press("ss")?;
    stage
        .terminal
        .awaits(|shown| shown.contains("s sorted by self"))?;
    // The run ends; its tree stays until the key is pressed again.
    stage.terminal.press("q")?;
    stage.terminal.awaits(|shown| shown.contains("q leave"))?;
    assert!(run.0.try_wait()?.is_none());
    stage.terminal.resize(30, 8)?;
    stage
        .terminal
        .awaits(|shown| shown.contains("q leave") && shown.lines().all(|line| line.chars().count() <= 30))?;
    stage.terminal.resize(80, 24)?;
    // A key that comes together with another size waits for the next key.
    stage
        .terminal
        .awaits(|shown| shown.contains("s sorted by self"))?;
    stage.terminal.press("q")?;
    let status = ended(&mut run)?;
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    stage
        .terminal
        .awaits(|shown| shown.contains("nothing was lost"))?;
    assert!(!stage.terminal.is_alternate());
    let shown = stage.terminal.shows();
    assert!(
        shown.contains("graph: 1 tree of graph main.fib with args"),
        "{shown}"
    );
    assert_eq!(stage.terminal.modes()?, before);
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}
