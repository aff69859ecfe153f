//! Call trees as `gobt run` puts them together, and as a script prints them, beside those that the program writes down
//! of itself: recursion, panics, `runtime.Goexit`, stacks that grow, goroutines that move between threads.

mod families;
mod marks;

use crate::support::bpftrace::{Bpftrace, Options, Release, STRIPPED, usable};
use crate::support::calls::{Call, Trees, is_alike, told_of, truth_of};
use crate::support::go::{self, Mode};
use crate::support::program::children;
use crate::support::run::GOBT;
use crate::support::running::install;
use crate::support::suite::Suite;
use crate::support::trial::{Trial, trial};
use crate::support::{Trouble, cache, repository};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

const RECIPE: &str = "graph main.root, main.ends into main.* except main.(*tree).*, main.recovers.func1\n";

/// By goroutine, tree and call, the goroutine that is started there.
type Starts = BTreeMap<(u64, usize, usize), u64>;

fn compare(told: &Trees, truth: &Trees) -> Result<(), Trouble> {
    let empty = Vec::new();
    for goroutine in told.keys().chain(truth.keys()) {
        let (told, truth) = (
            told.get(goroutine).unwrap_or(&empty),
            truth.get(goroutine).unwrap_or(&empty),
        );
        let alike = told.iter().zip(truth).all(|(told, truth)| is_alike(told, truth));
        if told.len() != truth.len() || !alike {
            return Err(format!("goroutine {goroutine}: told\n{told:?}\nand the truth is\n{truth:?}").into());
        }
    }
    Ok(())
}

/// A directory with the program, and a bpftrace on the path.
struct Stage {
    place: PathBuf,
    executable: PathBuf,
    path: String,
}

impl Stage {
    fn new(release: Release, toolchain: &str, mode: Mode, what: &str) -> Result<Self, Trouble> {
        usable(release)?;
        let name = format!("{what}-{}-{toolchain}-{}", release.number(), mode.name());
        Self::of(release, &go::build("trees", toolchain, mode)?, &name)
    }

    /// With a program that was built.
    fn of(release: Release, built: &Path, name: &str) -> Result<Self, Trouble> {
        let place = cache().join("trees").join(name);
        let _ = fs::remove_dir_all(&place);
        let executable = go::own_copy(built, &place, "trees")?;
        let bin = place.join("bin");
        install(release, &bin, &[place.as_path()])?;
        Ok(Self {
            executable,
            path: format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", bin.display()),
            place,
        })
    }

    /// `gobt run` with the program as its command.
    fn run(&self, recipe: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(GOBT);
        command
            .args([
                "run",
                "-e",
                recipe,
                "--max-rate",
                "0",
                "--save",
                "told.json",
                "--save",
                "told.chrome.json",
            ])
            .arg("--")
            .arg(&self.executable)
            .args(arguments)
            .current_dir(&self.place)
            .env("PATH", &self.path)
            .env("TMPDIR", &self.place)
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    /// What the recipe's script prints while the program runs.
    fn lines_of_script(
        &self,
        release: Release,
        recipe: &str,
        arguments: &[&str],
    ) -> Result<Vec<String>, Trouble> {
        let script = self.place.join("trees.bt");
        let output = Command::new(GOBT)
            .args([
                "compile",
                "-e",
                recipe,
                "--bpftrace",
                &release.written_for(),
                "--bin",
            ])
            .arg(&self.executable)
            .output()?;
        assert!(output.status.success(), "{output:?}");
        fs::write(&script, &output.stdout)?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut options = Options::of(release);
        options.environment.push("BPFTRACE_PERF_RB_PAGES=4096".to_owned());
        options.harmless.push(STRIPPED.to_owned());
        let mut tracer = Bpftrace::start(&script, &text, &[], &options)?;
        tracer.await_probes(&text, &[])?;
        let status = Command::new(&self.executable)
            .args(arguments)
            .current_dir(&self.place)
            .status()?;
        assert!(status.success(), "{status:?}");
        let trace = tracer.finish(&options)?;
        if let Some(complaint) = trace.complaints(&options.harmless) {
            return Err(complaint.into());
        }
        Ok(trace.lines)
    }

    /// What `gobt run` tells of the program, of which nothing is lost.
    fn told(&self, recipe: &str, arguments: &[&str]) -> Result<Vec<Json>, Trouble> {
        let output = self.run(recipe, arguments).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && said.contains("nothing was lost"),
            "{said}"
        );
        self.objects()
    }

    fn objects(&self) -> Result<Vec<Json>, Trouble> {
        let text = fs::read_to_string(self.place.join("told.json"))?;
        let objects = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        objects.map_err(|error| error.to_string().into())
    }
}

fn trees_are_those_of_the_program(release: Release, toolchain: &str, mode: Mode) -> Result<(), Trouble> {
    let stage = Stage::new(release, toolchain, mode, "run")?;
    let objects = stage.told(RECIPE, &["truth", "300", "3"])?;
    let truth = truth_of(&stage.place.join("truth"))?;
    let (told, lossy) = told_of(&objects)?;
    assert!(lossy.is_empty() && truth.len() == 300, "{lossy:?}");
    compare(&told, &truth)?;
    summary_is_right(&objects, &truth)?;
    chrome_file_is_nested(&stage.place.join("told.chrome.json"), &truth)?;
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

/// The summary counts what the trees have.
fn summary_is_right(objects: &[Json], truth: &Trees) -> Result<(), Trouble> {
    let summary = objects.iter().find(|object| object["type"] == "summary");
    let summary = summary.ok_or("no summary")?;
    let calls = || truth.values().flatten().flatten();
    let sum = |field: &str| {
        let paths = summary["paths"].as_array().unwrap().iter();
        paths.map(|path| path[field].as_u64().unwrap()).sum::<u64>()
    };
    let returned = calls().filter(|call| call.2.is_some()).count() as u64;
    assert_eq!(sum("calls"), calls().count() as u64);
    assert_eq!(sum("returned"), returned);
    assert_eq!(summary["trees"], truth.values().flatten().count());
    Ok(())
}

/// Each call is an event, and those of a goroutine lie in each other or beside each other.
fn chrome_file_is_nested(file: &Path, truth: &Trees) -> Result<(), Trouble> {
    let trace: Json = serde_json::from_str(&fs::read_to_string(file)?).map_err(|error| error.to_string())?;
    let mut tracks: BTreeMap<u64, Vec<(i64, i64)>> = BTreeMap::new();
    for event in trace["traceEvents"].as_array().ok_or("no events")? {
        if event["ph"] == "X" {
            let number = |field: &str| (event[field].as_f64().unwrap() * 1000.0).round() as i64;
            let track = tracks
                .entry(event["tid"].as_u64().ok_or("no goroutine")?)
                .or_default();
            track.push((number("ts"), number("ts") + number("dur")));
        }
    }
    let count: usize = tracks.values().map(Vec::len).sum();
    assert_eq!(count, truth.values().flatten().flatten().count());
    for mut events in tracks.into_values() {
        events.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let mut open: Vec<i64> = Vec::new();
        for (begun, ended) in events {
            while open.pop_if(|end| *end <= begun).is_some() {}
            assert!(
                open.last().is_none_or(|end| ended <= *end),
                "{begun} to {ended} in {open:?}"
            );
            open.push(ended);
        }
    }
    Ok(())
}

/// bpftrace does not read for a while, so that records are lost: trees that are told as whole are true, and others have
/// nothing that did not happen.
fn losses_are_told(release: Release) -> Result<(), Trouble> {
    let stage = Stage::new(release, "1.24.11", Mode::Default, "lost")?;
    let truth_file = stage.place.join("truth");
    let mut running = stage
        .run(RECIPE, &["truth", "500", "40"])
        .stderr(Stdio::piped())
        .spawn()?;
    let bpftrace = tracer_of(running.id())?;
    thread::sleep(Duration::from_millis(200));
    kill_process(bpftrace, Signal::STOP).map_err(std::io::Error::from)?;
    let deadline = Instant::now() + Duration::from_secs(120);
    while !truth_file.exists() && running.try_wait()?.is_none() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(50));
    }
    kill_process(bpftrace, Signal::CONT).map_err(std::io::Error::from)?;
    let output = running.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && said.contains("records were lost"),
        "{said}"
    );
    let truth = truth_of(&truth_file)?;
    let (whole, lossy) = told_of(&stage.objects()?)?;
    assert!(whole.len() + lossy.len() > 0);
    for (goroutine, trees) in whole {
        let mut rest = truth[&goroutine].iter();
        for tree in trees {
            let is_there = rest.any(|truth| is_alike(&tree, truth));
            assert!(is_there, "goroutine {goroutine} never made {tree:?}");
        }
    }
    for (goroutine, trees) in lossy {
        for tree in trees {
            let is_part = |truth: &Vec<Call>| {
                let mut rest = truth.iter();
                tree.iter()
                    .filter(|call| call.1 != "?")
                    .all(|call| rest.any(|truth| call.1 == truth.1))
            };
            assert!(
                truth[&goroutine].iter().any(is_part),
                "goroutine {goroutine} never made {tree:?}"
            );
        }
    }
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

/// What a script prints, by the time of each line: `08:30:00.123456  goroutine 12  3  12.345 us  } main.leaf`, with the
/// number of calls that are open behind the goroutine.
/// A goroutine that is started gets a tree of its own, the root of which is the goroutine.
fn told_of_lines(lines: &[String]) -> Result<(Trees, Starts), Trouble> {
    let mut lines: Vec<&String> = lines
        .iter()
        .filter(|line| line.contains("  goroutine "))
        .collect();
    lines.sort_by_key(|line| line.split(' ').next());
    let mut trees = Trees::new();
    // Of each goroutine, the places of the calls that are open.
    let mut open: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut starts = Starts::new();
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse().ok());
        let goroutine: u64 = number(2).ok_or("no goroutine")?;
        // A goroutine that ends says so.
        let Some(depth) = number(3).map(|depth: u64| depth as usize) else {
            continue;
        };
        if words.get(4) == Some(&"go") {
            let started = number(8).ok_or("no goroutine")?;
            let of_maker = trees.get_mut(&goroutine).ok_or("no maker")?;
            let tree = of_maker.last_mut().ok_or("no root")?;
            let at = tree.len();
            tree.push((depth - 1, "go".to_owned(), None));
            starts.insert((goroutine, of_maker.len() - 1, at), started);
            trees.insert(started, vec![vec![(0, "go".to_owned(), None)]]);
            open.insert(started, vec![0]);
            continue;
        }
        let (trees, open) = (
            trees.entry(goroutine).or_default(),
            open.entry(goroutine).or_default(),
        );
        let last = *words.last().ok_or("no function")?;
        if last == "{" {
            if depth == 1 {
                trees.push(Vec::new());
            }
            let tree = trees.last_mut().ok_or("no root")?;
            let name = words[words.len() - 2].trim_end_matches("()").to_owned();
            open.truncate(depth - 1);
            open.push(tree.len());
            tree.push((depth - 1, name, None));
        } else {
            open.truncate(depth);
            let tree = trees.last_mut().ok_or("no root")?;
            let call = open.pop().and_then(|at| tree.get_mut(at)).ok_or("no call")?;
            assert_eq!(call.1, last, "{line}");
            let (whole, part) = words[4].split_once('.').ok_or("no time")?;
            call.2 = format!("{whole}{part}").parse().ok();
        }
    }
    Ok((trees, starts))
}

fn lines_are_those_of_the_program(release: Release) -> Result<(), Trouble> {
    let stage = Stage::new(release, "1.24.11", Mode::Default, "script")?;
    let lines = stage.lines_of_script(release, RECIPE, &["truth", "100", "2"])?;
    let (told, _) = told_of_lines(&lines)?;
    compare(&told, &truth_of(&stage.place.join("truth"))?)?;
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

/// A wrapper jumps to the method that it is for: both return at once. A tree may be as deep as a stack.
fn jumps_and_deep_trees(release: Release) -> Result<(), Trouble> {
    const DEPTH: usize = 5_000;
    usable(release)?;
    let stage = Stage::of(release, &go::build("jumps", "1.24.11", Mode::Default)?, "jumps")?;
    let recipe = "graph main.root into main.down, main.(*outer).Do, main.(*inner).Do";
    let objects = stage.told(recipe, &[&DEPTH.to_string()])?;
    let trees: Vec<&Json> = objects.iter().filter(|object| object["type"] == "tree").collect();
    assert_eq!(trees.len(), 3);
    for tree in trees {
        let calls = tree["calls"].as_array().ok_or("no calls")?;
        // The root, what calls itself, the wrapper and the method.
        assert_eq!(calls.len(), DEPTH + 4);
        let shown = |call: &Json| {
            (
                call["depth"].as_u64(),
                call["function"].clone(),
                call["end"].clone(),
            )
        };
        let last: Vec<_> = calls[DEPTH + 1..].iter().map(shown).collect();
        let expected = [
            (Some(DEPTH as u64 + 1), "main.down", "returned"),
            (Some(1), "main.(*outer).Do", "jumped"),
            (Some(2), "main.(*inner).Do", "returned"),
        ];
        assert_eq!(
            last,
            expected.map(|(depth, function, end)| (depth, function.into(), end.into()))
        );
    }
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

/// The time of the example server's requests goes to the log, not to `net/http`.
fn the_example_shows_where_time_goes(release: Release) -> Result<(), Trouble> {
    usable(release)?;
    let sources = repository().join("examples/targets/web");
    let built = go::build_at(&sources, "web", "1.27.3", Mode::Default)?;
    let stage = Stage::of(release, &built, &format!("web-{}", release.number()))?;
    let recipe = "graph *handleBar into net/http.*, *internal/log.*";
    let objects = stage.told(recipe, &["-requests", "10"])?;
    let summary = objects.iter().find(|object| object["type"] == "summary");
    let summary = summary.ok_or("no summary")?;
    assert_eq!(summary["trees"], 20);
    let paths = summary["paths"].as_array().ok_or("no paths")?;
    let total = |path: usize| paths[path]["total"].as_u64().unwrap();
    assert_eq!(paths[0]["function"], "main.(*server).handleBar");
    assert_eq!(
        paths[1]["function"],
        "gobt.example/web/internal/log.(*Logger).Printf"
    );
    assert!(total(1) * 10 > total(0) * 8, "{summary}");
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

/// The bpftrace that a gobt has started, once the program works.
fn tracer_of(gobt: u32) -> Result<Pid, Trouble> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        let named = |name: &str| {
            let is_named = |child: &u32| {
                let comm = fs::read_to_string(format!("/proc/{child}/comm"));
                comm.is_ok_and(|comm| comm.trim() == name)
            };
            children(gobt).map(|children| children.into_iter().find(is_named))
        };
        if let (Some(bpftrace), Some(_)) = (named("bpftrace")?, named("trees")?) {
            return Pid::from_raw(i32::try_from(bpftrace).unwrap_or(0)).ok_or_else(|| "no process".into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Err("the program does not work".into())
}

/// All trials: with each release of Go one of bpftrace, or each with `GOBT_LIVE=all`.
pub fn suite() -> Suite {
    let all = std::env::var("GOBT_LIVE").is_ok_and(|value| value == "all");
    let mut trials = Vec::new();
    for toolchain in ["1.17.13", "1.20.14", "1.22.12", "1.24.11", "1.27.3"] {
        for release in Release::ALL {
            let mode = match (toolchain, release) {
                ("1.22.12", Release::V0_17) | ("1.17.13", Release::V0_27) => Mode::Pie,
                ("1.24.11", Release::V0_23) => Mode::Stripped,
                _ => Mode::Default,
            };
            let is_usual = matches!(
                (toolchain, release),
                ("1.17.13", Release::V0_27)
                    | ("1.20.14" | "1.24.11", Release::V0_23)
                    | ("1.22.12", Release::V0_17)
                    | ("1.27.3", Release::V0_23 | Release::V0_27)
            );
            if !all && !is_usual {
                continue;
            }
            let name = format!("go{toolchain}-{}-bpftrace{}", mode.name(), release.number());
            trials.push(trial(name, move || {
                trees_are_those_of_the_program(release, toolchain, mode)
            }));
        }
    }
    trials.extend(families::trials(all));
    trials.extend(marks::trials(all));
    for release in [Release::V0_23, Release::V0_27] {
        let name = format!("lost-bpftrace{}", release.number());
        trials.push(trial(name, move || losses_are_told(release)));
    }
    trials.push(trial("example-bpftrace0.27", || {
        the_example_shows_where_time_goes(Release::V0_27)
    }));
    trials.push(trial("jumps-bpftrace0.27", || {
        jumps_and_deep_trees(Release::V0_27)
    }));
    for release in Release::ALL {
        let name = format!("script-bpftrace{}", release.number());
        trials.push(trial(name, move || lines_are_those_of_the_program(release)));
    }
    trials.into()
}
