//! Stacks as `gobt run` tells them, where calls begin and where they return, beside those of the program's own run
//! time, frame by frame: functions, also inlined ones, files, lines, and where the goroutine was created.

use crate::support::bpftrace::{Release, usable};
use crate::support::go::{self, Mode};
use crate::support::run::GOBT;
use crate::support::running::install;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, cache};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const RECIPE: &str = "
at_entry: count main.probe, main.down, main.leaf by stack
on main.probe, main.down, main.leaf return { at_return: count by func, stack }
parked: count runtime.park_m by stack
created: count runtime.newproc1 by stack
thin: count main.mark by stack
";

/// How often there was each stack: its frames, the outermost last.
type Stacks = BTreeMap<Vec<String>, u64>;

/// A program that was traced.
struct Traced {
    place: PathBuf,
    /// What gobt said, a JSON object a line.
    said: Vec<Json>,
    truth: Stacks,
}

impl Traced {
    fn run(release: Release, toolchain: &str, mode: Mode, arguments: &[&str]) -> Result<Self, Trouble> {
        usable(release)?;
        let built = go::build("stacks", toolchain, mode)?;
        let name = format!("{}-{toolchain}-{}", release.number(), mode.name());
        let place = cache().join("stacks").join(name);
        let _ = fs::remove_dir_all(&place);
        let executable = go::own_copy(&built, &place, "stacks")?;
        let (bin, own) = (place.join("bin"), place.join("own"));
        fs::create_dir_all(&own)?;
        install(release, &bin, &[place.as_path(), own.as_path()])?;
        let (recipe, truth) = (place.join("recipe.gobt"), place.join("truth"));
        fs::write(&recipe, RECIPE)?;
        let output = Command::new(GOBT)
            .arg("run")
            .arg(&recipe)
            .args(["--format", "json"])
            .args(arguments)
            .arg("--")
            .arg(&executable)
            .arg(&truth)
            .current_dir(&place)
            .env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", bin.display()))
            .env("TMPDIR", &own)
            .output()?;
        // For whoever looks at what went wrong.
        fs::write(place.join("said.json"), &output.stdout)?;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() || !stderr.is_empty() {
            return Err(stderr.into());
        }
        let said = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<Json>, _>>()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            said,
            truth: truth_of(&truth)?,
            place,
        })
    }

    /// The stacks of a result.
    fn stacks(&self, result: &str) -> Result<Stacks, Trouble> {
        let is_result = |object: &&Json| object["type"] == "result" && object["name"] == result;
        let result = self.said.iter().find(is_result).ok_or("no such result")?;
        let mut stacks = Stacks::new();
        for row in result["rows"].as_array().ok_or("no rows")? {
            let keys = row["keys"].as_array().ok_or("no keys")?;
            let stack = keys.iter().find_map(Json::as_array).ok_or("no stack")?;
            let frames = stack.iter().enumerate().map(|(depth, frame)| named(depth, frame));
            *stacks.entry(frames.collect()).or_default() += row["value"].as_u64().ok_or("no count")?;
        }
        Ok(stacks)
    }
}

/// The frame as the program writes it: of what was called its name only.
fn named(depth: usize, frame: &Json) -> String {
    let text = |field: &str| frame[field].as_str().unwrap_or("?").to_owned();
    if depth == 0 {
        return text("function").trim_start_matches("main.").to_owned();
    }
    let created = if frame["created"] == true {
        "created by "
    } else {
        ""
    };
    format!("{created}{} {}:{}", text("function"), text("file"), frame["line"])
}

/// What the program wrote: on each line how often there was a stack, and its frames.
fn truth_of(file: &Path) -> Result<Stacks, Trouble> {
    let mut stacks = Stacks::new();
    for line in fs::read_to_string(file)?.lines() {
        let (count, frames) = line.split_once(' ').ok_or("no count")?;
        let count: u64 = count.parse().map_err(|_| "no number")?;
        stacks.insert(frames.split('|').map(str::to_owned).collect(), count);
    }
    Ok(stacks)
}

fn stacks_are_those_of_the_run_time(release: Release, toolchain: &str, mode: Mode) -> Result<(), Trouble> {
    let mut traced = Traced::run(
        release,
        toolchain,
        mode,
        &["--save", "a.folded", "--save", "a.pb.gz"],
    )?;
    assert!(traced.truth.len() >= 20, "{:?}", traced.truth);
    let (blocked, of_calls): (Stacks, Stacks) = std::mem::take(&mut traced.truth)
        .into_iter()
        .partition(|(stack, _)| stack[0] == "blocked");
    traced.truth = of_calls;
    for result in ["at_entry", "at_return"] {
        let told = traced.stacks(result)?;
        let wrong: Vec<String> = told
            .keys()
            .chain(traced.truth.keys())
            .filter(|stack| told.get(*stack) != traced.truth.get(*stack))
            .map(|stack| {
                let (told, truth) = (told.get(stack), traced.truth.get(stack));
                format!("told {told:?}, truth {truth:?}:\n    {}", stack.join("\n    "))
            })
            .collect();
        if !wrong.is_empty() {
            return Err(format!("{result}: {}", wrong.join("\n")).into());
        }
    }
    system_stacks_go_on(&traced, blocked.keys().next().ok_or("nothing was blocked")?)?;
    what_is_missing_is_said(&traced, toolchain)?;
    files_have_the_same(&traced)?;
    fs::remove_dir_all(&traced.place)?;
    Ok(())
}

/// The scheduler's own stack is left for that of the goroutine: by `mcall` where one is parked, and by `systemstack`
/// where one is created.
fn system_stacks_go_on(traced: &Traced, blocked: &[String]) -> Result<(), Trouble> {
    let parked = traced.stacks("parked")?;
    let is_blocked = |stack: &&Vec<String>| stack.ends_with(&blocked[1..]);
    let stack = parked
        .keys()
        .find(is_blocked)
        .ok_or_else(|| format!("{parked:?}"))?;
    let functions = |stack: &[String]| -> Vec<String> {
        let names = stack.iter().skip(1).map(|frame| frame.split(' ').next().unwrap());
        names.map(str::to_owned).collect()
    };
    assert!(
        functions(stack)
            .starts_with(&["runtime.mcall", "runtime.gopark", "runtime.chanrecv"].map(str::to_owned)),
        "{stack:?}"
    );
    // The goroutines that it created say where.
    let creation = |stack: &&Vec<String>| {
        stack
            .last()
            .is_some_and(|last| last.starts_with("created by main.start"))
    };
    let (told, count) = traced
        .truth
        .iter()
        .find(|(stack, _)| creation(stack))
        .ok_or("none was created")?;
    let place = told
        .last()
        .map(|last| last.trim_start_matches("created by "))
        .unwrap_or_default();
    let created = traced.stacks("created")?;
    let found = created
        .iter()
        .find(|(stack, _)| stack.iter().any(|frame| frame == place));
    let (stack, times) = found.ok_or_else(|| format!("{created:?}"))?;
    assert_eq!(times, count);
    let names = functions(stack);
    let from = names
        .iter()
        .position(|name| name == "runtime.systemstack")
        .ok_or_else(|| format!("{stack:?}"))?;
    let below = [
        "runtime.systemstack",
        "runtime.newproc",
        "main.start",
        "main.main",
        "runtime.main",
    ];
    assert_eq!(names[from..], below, "{stack:?}");
    Ok(())
}

/// The caller of a function without a frame.
fn what_is_missing_is_said(traced: &Traced, toolchain: &str) -> Result<(), Trouble> {
    let thin = traced.stacks("thin")?;
    let (stack, _) = thin.first_key_value().ok_or("nothing was marked")?;
    let names: Vec<&str> = stack
        .iter()
        .map(|frame| frame.split(' ').next().unwrap())
        .collect();
    let has_frame = go::minor(toolchain) >= Some(21);
    let caller = if has_frame { "main.outer" } else { "?" };
    assert_eq!(names, ["mark", "main.thin", caller, "main.main", "runtime.main"]);
    Ok(())
}

/// Folded stacks, and a profile as Go's pprof reads it, have all calls: once by their beginning, once by their return.
fn files_have_the_same(traced: &Traced) -> Result<(), Trouble> {
    let calls: u64 = traced.truth.values().sum();
    let folded = fs::read_to_string(traced.place.join("a.folded"))?;
    let (mut counts, mut others) = (BTreeMap::new(), 0);
    for line in folded.lines() {
        let (path, count) = line.rsplit_once(' ').ok_or("no count")?;
        let (root, _) = path.split_once(';').ok_or("no frames")?;
        if !root.starts_with("at_") {
            others += count.parse::<u64>().map_err(|_| "no number")?;
            continue;
        }
        *counts.entry(root).or_insert(0) += count.parse::<u64>().map_err(|_| "no number")?;
    }
    assert_eq!(
        counts,
        BTreeMap::from([("at_entry", calls), ("at_return", calls)]),
        "{folded}"
    );
    let innermost = "runtime.main;main.main;main.inlining;main.middle;main.inner;main.probe 6";
    assert!(
        folded.lines().any(|line| line == format!("at_entry;{innermost}")),
        "{folded}"
    );
    go::bring("1.27.3")?;
    let top = go::go_command("1.27.3")
        .args(["tool", "pprof", "-top"])
        .arg(traced.place.join("a.pb.gz"))
        .output()?;
    let top = String::from_utf8_lossy(&top.stdout).into_owned();
    assert!(
        top.contains(&format!("{0}, 100% of {0} total", 2 * calls + others)),
        "{top}"
    );
    Ok(())
}

/// All trials: of each mode and release of bpftrace some, or all with `GOBT_LIVE=all`.
pub fn suite() -> Suite {
    let all = std::env::var("GOBT_LIVE").is_ok_and(|value| value == "all");
    let mut trials = Vec::new();
    for toolchain in ["1.17.13", "1.20.14", "1.22.12", "1.24.11", "1.27.3"] {
        for release in [Release::V0_17, Release::V0_23, Release::V0_27] {
            for mode in [Mode::Default, Mode::Stripped, Mode::Pie, Mode::NoOpt] {
                // Each mode once with each release of Go, and the usual one with all.
                let is_wanted = match mode {
                    Mode::Default => true,
                    // With 0.17 the kernel's table loses stacks whose hashes are alike; here addresses are always
                    // the same ones.
                    Mode::Stripped => release == Release::V0_17,
                    Mode::Pie => release == Release::V0_23,
                    _ => release == Release::V0_27,
                };
                let is_usual = match (mode, toolchain) {
                    (Mode::Default, "1.20.14" | "1.27.3") => true,
                    (Mode::Default, _) => false,
                    (_, "1.17.13" | "1.24.11") => true,
                    (_, "1.22.12") => mode == Mode::Pie,
                    _ => false,
                };
                if is_wanted && (all || is_usual) {
                    let name = format!("go{toolchain}-{}-bpftrace{}", mode.name(), release.number());
                    trials.push(trial(name, move || {
                        stacks_are_those_of_the_run_time(release, toolchain, mode)
                    }));
                }
            }
        }
    }
    trials.into()
}
