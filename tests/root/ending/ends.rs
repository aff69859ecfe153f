//! Ways to end: Ctrl-C at every moment, a process that ends, a bpftrace that is killed.

use super::thousand::program;
use super::{Ended, Scene, speaks_of};
use crate::support::Trouble;
use crate::support::bpftrace::Release;
use crate::support::go::{self, Mode};
use crate::support::program::Program;
use crate::support::trial::{Trial, trial};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// All trials.
pub fn trials() -> Vec<Trial> {
    let mut all = Vec::new();
    for release in Release::ALL {
        let number = release.number();
        all.push(trial(format!("ctrl-c-at-every-moment/{number}"), move || {
            at_every_moment(release)
        }));
        all.push(trial(format!("ctrl-c-again/{number}"), move || again(release)));
        all.push(trial(format!("target-ends/{number}"), move || {
            target_ends(release)
        }));
        all.push(trial(format!("targets-end/{number}"), move || {
            targets_end(release)
        }));
        all.push(trial(format!("bpftrace-is-killed/{number}"), move || {
            is_killed(release)
        }));
        all.push(trial(format!("bpftrace-is-interrupted/{number}"), move || {
            is_interrupted(release)
        }));
    }
    all
}

/// What is traced: a thousand functions, or one where each probe is taken away by itself, and how long that may take.
fn traced_with(release: Release) -> (&'static str, Duration) {
    if release == Release::V0_17 {
        ("latency main.f998", Duration::from_secs(60))
    } else {
        ("latency main.f*", Duration::from_secs(10))
    }
}

/// When Ctrl-C comes, in milliseconds from the start.
const MOMENTS: [u64; 14] = [
    0, 5, 20, 50, 100, 200, 350, 500, 700, 1000, 1400, 2000, 3000, 4500,
];

/// While it compiles, attaches and runs: it ends soon, leaves nothing, and the program still works.
fn at_every_moment(release: Release) -> Result<(), Trouble> {
    let scene = Scene::new("moments", release, &program()?)?;
    let mut traced = Program::start::<&str>(&scene.executable, &[])?;
    let pid = traced.traced().pid;
    let (recipe, patience) = traced_with(release);
    let (mut before, mut after) = (0, 0);
    for moment in MOMENTS {
        let running = scene.start(&["-e", recipe, "--pid", &pid.to_string()])?;
        thread::sleep(Duration::from_millis(moment));
        running.signal("INT")?;
        let ended = running.ends()?;
        assert!(ended.as_asked(), "after {moment} ms: {}", ended.text());
        assert!(ended.took < patience, "after {moment} ms: {:?}", ended.took);
        scene.is_clean(Some(pid))?;
        if ended.err.iter().any(|line| line.starts_with("tracing ")) {
            after += 1;
        } else {
            before += 1;
        }
    }
    assert!(before > 0, "no moment was before the probes were there");
    if after == 0 {
        // A busy machine: one that is sure to be.
        let mut running = scene.start(&["-e", recipe, "--pid", &pid.to_string()])?;
        running.traces()?;
        running.signal("INT")?;
        assert!(running.ends()?.status.success());
        scene.is_clean(Some(pid))?;
    }
    traced.go()?;
    traced.done(Duration::from_secs(60))?;
    let account = traced.leave()?;
    assert_eq!(account.truth.len(), 1, "{:?}", account.said);
    Ok(())
}

/// A second Ctrl-C, while it gathers the result and takes probes away.
fn again(release: Release) -> Result<(), Trouble> {
    let scene = Scene::new("again", release, &program()?)?;
    let traced = Program::start::<&str>(&scene.executable, &[])?;
    let pid = traced.traced().pid;
    let (recipe, patience) = traced_with(release);
    for moment in [0, 5, 20, 50, 100, 200, 400] {
        let mut running = scene.start(&["-e", recipe, "--pid", &pid.to_string()])?;
        running.traces()?;
        running.signal("INT")?;
        thread::sleep(Duration::from_millis(moment));
        running.signal("INT")?;
        let ended = running.ends()?;
        assert!(ended.as_asked(), "after {moment} ms: {}", ended.text());
        assert!(
            ended.took < Duration::from_secs(5),
            "after {moment} ms: {:?}",
            ended.took
        );
        scene.becomes_clean(Some(pid), patience)?;
    }
    Ok(())
}

fn storm(name: &str, release: Release) -> Result<(Scene, Program), Trouble> {
    let scene = Scene::new(name, release, &go::build("storm", "1.27.3", Mode::Default)?)?;
    let traced = Program::start(&scene.executable, &["fib", "8"])?;
    Ok((scene, traced))
}

/// Calls of `fib(8)`: 2 * fib(9) - 1.
fn has_result(ended: &Ended) -> bool {
    ended.out.iter().any(|line| line.trim() == "67")
}

/// The run ends with the process, with all of its calls.
fn target_ends(release: Release) -> Result<(), Trouble> {
    let (scene, mut traced) = storm("target", release)?;
    let pid = traced.traced().pid.to_string();
    let mut running = scene.start(&["-e", "count main.fib", "--pid", &pid])?;
    running.traces()?;
    traced.go()?;
    traced.done(Duration::from_secs(60))?;
    traced.quit()?;
    let ended = running.ends()?;
    assert!(ended.status.success() && has_result(&ended), "{}", ended.text());
    assert!(
        ended.err.join("\n").contains("nothing was lost"),
        "{}",
        ended.text()
    );
    scene.is_clean(None)
}

/// A run of a file ends with the last process of it, not with the first, and not before there is one.
fn targets_end(release: Release) -> Result<(), Trouble> {
    let (scene, mut first) = storm("targets", release)?;
    let mut second = Program::start(&scene.executable, &["fib", "8"])?;
    let bin = scene.executable.display().to_string();
    let mut running = scene.start(&["-e", "count main.fib", "--bin", &bin])?;
    running.traces()?;
    first.go()?;
    first.done(Duration::from_secs(60))?;
    first.quit()?;
    // Longer than a run waits for another.
    thread::sleep(Duration::from_millis(2500));
    second.go()?;
    second.done(Duration::from_secs(60))?;
    second.quit()?;
    let ended = running.ends()?;
    let rows = ended
        .out
        .iter()
        .filter(|line| line.split_whitespace().next() == Some("67"));
    assert!(ended.status.success() && rows.count() == 2, "{}", ended.text());
    assert!(
        ended.err.join("\n").contains("all traced processes ended"),
        "{}",
        ended.text()
    );

    let mut running = scene.start(&["-e", "count main.fib", "--bin", &bin])?;
    running.traces()?;
    thread::sleep(Duration::from_millis(2500));
    let mut third = Program::start(&scene.executable, &["fib", "8"])?;
    third.go()?;
    third.done(Duration::from_secs(60))?;
    third.quit()?;
    thread::sleep(Duration::from_millis(2500));
    running.signal("INT")?;
    let ended = running.ends()?;
    assert!(ended.as_asked() && has_result(&ended), "{}", ended.text());
    scene.is_clean(None)
}

/// The run says that bpftrace is gone, and the program goes on.
fn is_killed(release: Release) -> Result<(), Trouble> {
    let (scene, mut traced) = storm("killed", release)?;
    let pid = traced.traced().pid;
    let mut running = scene.start(&["-e", "count main.fib", "--pid", &pid.to_string()])?;
    running.traces()?;
    let tracers = speaks_of(&scene.own())?;
    assert!(!tracers.is_empty());
    for tracer in tracers {
        Command::new("kill")
            .args(["-KILL", &tracer.to_string()])
            .status()?;
    }
    let ended = running.ends()?;
    assert_eq!(ended.status.code(), Some(2), "{}", ended.text());
    assert!(
        ended.err.join("\n").contains("ended by signal 9"),
        "{}",
        ended.text()
    );
    scene.is_clean(Some(pid))?;
    traced.go()?;
    traced.done(Duration::from_secs(60))?;
    traced.quit()?;
    Ok(())
}

/// What it tells then is the result; that the recipe wanted it would not be true.
fn is_interrupted(release: Release) -> Result<(), Trouble> {
    let (scene, mut traced) = storm("interrupted", release)?;
    let pid = traced.traced().pid;
    let mut running = scene.start(&["-e", "count main.fib", "--pid", &pid.to_string()])?;
    running.traces()?;
    traced.go()?;
    traced.done(Duration::from_secs(60))?;
    for tracer in speaks_of(&scene.own())? {
        Command::new("kill")
            .args(["-INT", &tracer.to_string()])
            .status()?;
    }
    let ended = running.ends()?;
    assert!(ended.status.success() && has_result(&ended), "{}", ended.text());
    let said = ended.err.join("\n");
    assert!(said.contains("somebody else ended bpftrace"), "{}", ended.text());
    traced.quit()?;
    scene.is_clean(None)
}
