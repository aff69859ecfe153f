//! Processes of one file in containers: in namespaces of their own for processes and mounts, where the file has another
//! path. As root, with real bpftrace releases.

use crate::support::Trouble;
use crate::support::bpftrace::{Bpftrace, Options, Release};
use crate::support::compile::Compile;
use crate::support::expect::check;
use crate::support::go::{self, Mode};
use crate::support::program::Program;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use std::fs;
use std::path::Path;

const RECIPE: &str = "
calls: count main.work
times: latency main.work by process
on main.work return where elapsed >= 200ms { slow: count }
";

/// How the recipe is tied to the program.
#[derive(Clone, Copy, Debug)]
enum By {
    /// By the file's path outside of the containers.
    Path,
    /// By its path through the first container.
    Root,
    /// By the first process.
    Process,
}

/// Two containers: one process is slow, the other quick. Their goroutines have the same addresses and ids, and both are
/// process 1.
fn two_containers(
    release: Release,
    toolchain: &str,
    mode: Mode,
    by: By,
    sidecar: bool,
    expected: &[&str],
) -> Result<(), Trouble> {
    crate::support::bpftrace::usable(release)?;
    let built = go::build("twice", toolchain, mode)?;
    let attached = if sidecar { "symbols" } else { "addresses" };
    let name = format!(
        "{by:?}-{attached}-{}-{toolchain}-{}",
        release.number(),
        mode.name()
    );
    let place = crate::support::cache().join("containers").join(name);
    let executable = go::own_copy(&built, &place, "twice")?;
    let start = |arguments: [&str; 2], index: u32| {
        Program::start_in_container(&executable, &place.join(format!("root{index}")), &arguments)
    };
    let mut programs = [start(["250", "5"], 1)?, start(["0", "1"], 2)?];
    let first = programs[0].traced().pid;
    let (recipe, script) = (place.join("recipe.gobt"), place.join("recipe.bt"));
    fs::write(&recipe, RECIPE)?;
    let compile = match by {
        By::Path => Compile::new(&recipe, &executable, &script),
        By::Root => {
            let path = format!("/proc/{first}/root/app");
            Compile::new(&recipe, Path::new(&path), &script)
        }
        By::Process => Compile::of_process(&recipe, first, &script),
    };
    let compile = if sidecar { compile.sidecar() } else { compile };
    compile.release(release).run()?;
    let options = Options::of(release);
    let trace = Bpftrace::run(&script, &mut programs, &options)?;
    let mut truths = Vec::new();
    for program in programs {
        truths.push(program.quit()?);
    }
    let wrong: Vec<String> = expected
        .iter()
        .filter_map(|expectation| check(expectation, &trace, &truths).err())
        .collect();
    if !wrong.is_empty() {
        return Err(Trouble::Failed(format!(
            "{by:?}, bpftrace {}: {}",
            release.number(),
            wrong.join("\n")
        )));
    }
    fs::remove_dir_all(&place)?;
    Ok(())
}

const BOTH: [&str; 5] = [
    "@calls == truth work",
    "sum @times == truth work",
    "keys @times == 2",
    "@slow == truth long#1",
    "truth long#1 >= 1",
];

const FIRST: [&str; 5] = [
    "@calls == truth work#1",
    "sum @times == truth work#1",
    "keys @times == 1",
    "@slow == truth long#1",
    "truth work#2 >= 1",
];

/// All trials.
pub fn suite() -> Suite {
    let mut trials = Vec::new();
    for (name, by, expected) in [
        ("both_by_path", By::Path, &BOTH),
        ("both_by_the_path_through_one_of_them", By::Root, &BOTH),
        ("one_by_process", By::Process, &FIRST),
    ] {
        for (release, toolchain, mode, sidecar) in [
            (Release::V0_23, "1.17.13", Mode::Default, false),
            (Release::V0_27, "1.27.3", Mode::Trimpath, false),
            (Release::V0_17, "1.22.12", Mode::Stripped, true),
            (Release::V0_27, "1.27.3", Mode::NoOpt, true),
        ] {
            let attached = if sidecar { "-by_symbols" } else { "" };
            let name = format!("{name}{attached}/{}", release.number());
            trials.push(trial(name, move || {
                two_containers(release, toolchain, mode, by, sidecar, expected)
            }));
        }
    }
    trials.into()
}
