//! `gobt run` as a user runs it: what it says besides results.

use crate::support::bpftrace::{Release, is_waiting, usable};
use crate::support::go::{self, Mode};
use crate::support::program::{Program, Traced, children, spawn_fresh};
use crate::support::run::{GOBT, Ran, Running};
use crate::support::running::install;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{SHOP, Trouble, cache};
use gobt::run::attached::Breakpoints;
use gobt::target::Target;
use gobt::target::load::Loaded;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// All of them.
pub fn suite() -> Suite {
    const SOME: &[Release] = &[Release::V0_17, Release::V0_27];
    type Test = fn(Release) -> Result<(), Trouble>;
    let of_releases: [(&str, &[Release], Test); 8] = [
        ("rates", SOME, rates),
        ("ends-before-the-program", &Release::ALL, ends_before_the_program),
        ("races", &Release::ALL, races),
        ("losses", &Release::ALL, losses),
        ("library", &Release::ALL, library),
        ("replaced", &Release::ALL, replaced),
        ("position-independent", &Release::ALL, position_independent),
        ("probe-first", SOME, probe_first),
    ];
    let mut trials = vec![
        trial("killed-beside-another", killed_beside_another),
        trial("several-at-once", several_at_once),
        trial("several-processes", several_processes),
    ];
    for (name, releases, test) in of_releases {
        for &release in releases {
            let name = format!("{name}-{}", release.number());
            trials.push(trial(&name, move || test(release)));
        }
    }
    trials.into()
}

/// Where a test works: a program, and a bpftrace.
struct Place {
    directory: PathBuf,
    executable: PathBuf,
}

impl Place {
    fn new(name: &str, program: &str, release: Release) -> Result<Self, Trouble> {
        Self::of_mode(name, program, Mode::Default, release)
    }

    fn of_mode(name: &str, program: &str, mode: Mode, release: Release) -> Result<Self, Trouble> {
        usable(release)?;
        let built = go::build(program, "1.27.3", mode)?;
        let directory = cache().join("runs").join(format!("{name}-{}", release.number()));
        let _ = fs::remove_dir_all(&directory);
        let executable = go::own_copy(&built, &directory, program)?;
        let own = directory.join("own");
        fs::create_dir_all(&own)?;
        install(
            release,
            &directory.join("bin"),
            &[directory.as_path(), own.as_path()],
        )?;
        Ok(Self {
            directory,
            executable,
        })
    }

    /// `gobt run ARGUMENTS`.
    fn gobt(&self, arguments: &[&str]) -> Command {
        self.command(Command::new(GOBT), arguments)
    }

    /// The same by a command that begins with gobt, or ends with it.
    fn command(&self, mut command: Command, arguments: &[&str]) -> Command {
        let bin = self.directory.join("bin");
        command
            .arg("run")
            .args(arguments)
            .env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", bin.display()))
            .env("TMPDIR", self.directory.join("own"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs `gobt run ARGUMENTS -- PROGRAM WORDS` to its end.
    fn run(&self, arguments: &[&str], words: &[&str]) -> Result<Ran, Trouble> {
        let mut command = self.gobt(arguments);
        command.arg("--").arg(&self.executable).args(words);
        finish(spawn_fresh(&mut command)?)
    }
}

/// Lets the program behind it work, and waits for the end.
fn finish(mut child: Child) -> Result<Ran, Trouble> {
    child.stdin.take().unwrap().write_all(b"go\nquit\n")?;
    Ok(child.wait_with_output()?.into())
}

/// What it wrote as JSON; the program's own lines are left out.
fn objects(ran: &Ran) -> Vec<Json> {
    assert_eq!(ran.code, 0, "{}", ran.err);
    let lines = ran.out.lines().filter(|line| line.starts_with('{'));
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Each time that a result is printed, its rates are those since it was printed, or cleared.
fn rates(release: Release) -> Result<(), Trouble> {
    let place = Place::new("rates", "storm", release)?;
    let recipe = "all: count main.tick; now: count main.tick by process; times: latency main.tick; \
                  every 1s { print; clear now }";
    let ran = place.run(&["--format", "json", "-e", recipe], &["ticks", "120", "40"])?;
    assert!(ran.out.contains("truth tick 120"), "{}", ran.out);
    let objects = objects(&ran);
    for (name, counted) in [("all", "value"), ("now", "value"), ("times", "count")] {
        let of = |is_final: bool| {
            let of = objects.iter().filter(move |object| {
                object["type"] == "result" && object["name"] == name && object["final"] == is_final
            });
            of.map(|object| object["rows"][0].clone())
        };
        let printed: Vec<Json> = of(false).collect();
        assert!(printed.len() >= 4, "{name}: {printed:?}");
        let mut before = 0;
        for (at, row) in printed.iter().enumerate() {
            let count = row[counted].as_i64().unwrap();
            let more = if name == "now" { count } else { count - before };
            before = count;
            let rate = row["rate"].as_f64().unwrap();
            // The first is of the time since the probes were there.
            let is_right = (rate - more as f64).abs() <= 0.1 * more as f64 + f64::from(at == 0) * 20.0;
            assert!(is_right, "{name}: {more} more, {rate} a second: {printed:?}");
        }
        assert!(of(true).all(|row| row["rate"].is_null()));
    }
    let ran = place.run(&["-e", recipe], &["ticks", "100", "40"])?;
    let heads = ran.out.lines().filter(|line| *line == "  calls  calls/s");
    assert!(heads.count() >= 2, "{}", ran.out);
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// Two processors make the same keys, and the same buckets, at the same moment: 0.23 itself loses one of the samples.
fn races(release: Release) -> Result<(), Trouble> {
    const NUMBERS: i64 = 2_000;
    let place = Place::new("races", "storm", release)?;
    let recipe = "each: count main.race by arg n
                  all: count main.race
                  times: latency main.race by arg n % 100 as percentiles
                  on main.race {
                      sizes: hist(arg n)
                      less: hist(arg n - 3000) by comm
                      sums: sum(arg n) by arg n
                      averages: avg(arg n) by arg n
                  }";
    let words = ["race", &NUMBERS.to_string()];
    let objects = objects(&place.run(&["--format", "json", "-e", recipe], &words)?);
    let rows = |name: &str| -> Vec<Json> {
        let result = objects
            .iter()
            .find(|object| object["type"] == "result" && object["name"] == name);
        result.unwrap()["rows"].as_array().unwrap().clone()
    };
    let total = |name: &str, field: &str| {
        rows(name)
            .iter()
            .map(|row| row[field].as_i64().unwrap())
            .sum::<i64>()
    };
    assert_eq!(total("each", "value"), 2 * NUMBERS);
    assert_eq!(rows("each").len() as i64, NUMBERS);
    assert_eq!(total("all", "value"), 2 * NUMBERS);
    assert_eq!(total("times", "count"), 2 * NUMBERS);
    assert_eq!(total("sums", "value"), NUMBERS * (NUMBERS + 1));
    assert_eq!(total("averages", "count"), 2 * NUMBERS);
    let buckets = rows("sizes")[0]["buckets"].as_array().unwrap().clone();
    for bucket in &buckets {
        let [low, high] = ["low", "high"].map(|bound| bucket[bound].as_i64().unwrap());
        let expected = 2 * (high.min(NUMBERS) - low.max(1) + 1);
        assert_eq!(bucket["count"].as_i64(), Some(expected), "{bucket}");
    }
    assert!(buckets.len() > 10, "{buckets:?}");
    assert_eq!(total("less", "count"), 2 * NUMBERS);
    let end = objects.iter().find(|object| object["type"] == "end").unwrap();
    assert_eq!(end["lost"]["keys_made_twice"], 0, "{end}");
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// What is lost in a burst is counted, whatever processor it is on: 0.27 itself does not count those of the last one.
fn losses(release: Release) -> Result<(), Trouble> {
    const CALLS: u64 = 20_000;
    let place = Place::new("losses", "storm", release)?;
    let processors = thread::available_parallelism()?.get();
    for processor in 0..processors {
        let mut on_one = Command::new("taskset");
        on_one.args(["-c", &processor.to_string(), GOBT]);
        let recipe = "on main.hot { print \"call {arg n}\" }";
        let mut run = place.command(on_one, &["-e", recipe, "--format", "json", "--"]);
        run.arg(&place.executable)
            .args(["hot", &CALLS.to_string()])
            .env("BPFTRACE_PERF_RB_PAGES", "1");
        let objects = objects(&finish(spawn_fresh(&mut run)?)?);
        let lines = objects.iter().filter(|object| object["type"] == "line").count() as u64;
        let end = objects.iter().find(|object| object["type"] == "end").unwrap();
        let lost = end["lost"]["records"].as_u64().unwrap();
        assert!(lost > 0, "processor {processor}: {end}");
        assert_eq!(lines + lost, CALLS, "processor {processor}: {lines} lines, {end}");
    }
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// The functions of a program that the kernel loads anywhere share their probes, which tell them apart by where that
/// is; also if a user asks the loader for the program.
fn position_independent(release: Release) -> Result<(), Trouble> {
    const LOADER: &str = "/lib64/ld-linux-x86-64.so.2";
    let place = Place::of_mode("position-independent", "storm", Mode::Pie, release)?;
    let bin = place.executable.to_str().unwrap();
    let functions = "main.hot, main.runHot, main.main, main.fib, main.runFib, main.tick";
    let recipe = format!("calls: count {functions}; times: latency {functions} as stats");
    for command in [&[bin][..], &[LOADER, bin]] {
        let mut run = place.gobt(&["--bin", bin, "-e", &recipe, "--format", "json", "--"]);
        run.args(command).args(["hot", "2000"]);
        let objects = objects(&finish(spawn_fresh(&mut run)?)?);
        let rows = |name: &str, field: &str| -> BTreeMap<String, i64> {
            let mut results = objects.iter().filter(|object| object["type"] == "result");
            let result = results.find(|object| object["name"] == name).unwrap();
            let rows = result["rows"].as_array().unwrap().iter();
            rows.map(|row| (row["keys"][0].to_string(), row[field].as_i64().unwrap()))
                .collect()
        };
        let calls = [("hot", 2000), ("main", 1), ("runHot", 1)];
        let calls = BTreeMap::from(calls.map(|(name, calls)| (format!("\"main.{name}\""), calls)));
        assert_eq!(rows("calls", "value"), calls, "{command:?}");
        assert_eq!(rows("times", "count"), calls, "{command:?}");
    }
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// A program that goes on does not change the result of a run that ends: nothing is told that happens later, and keys
/// stay what they are, although some releases still have their probes when they forget what maps hold.
fn ends_before_the_program(release: Release) -> Result<(), Trouble> {
    let place = Place::new("ends-before", "storm", release)?;
    let shop = place.directory.join("shop");
    fs::copy(SHOP, &shop)?;
    let shop = Running::start(Command::new(&shop).arg("60").stdout(Stdio::null()));
    let pid = shop.0.id().to_string();
    let recipe = "orders: count main.(*Shop).Take by arg order.Item, ret 1; \
                  on main.(*Shop).Take return { print \"{arg order.Item}: {ret 1}\" }";
    let arguments = ["-e", recipe, "--pid", &pid, "--for", "1s", "--format", "json"];
    let child = spawn_fresh(place.gobt(&arguments).stdin(Stdio::null()))?;
    let objects = objects(&child.wait_with_output()?.into());
    let of_type = |wanted: &'static str| objects.iter().filter(move |object| object["type"] == wanted);
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    for line in of_type("line") {
        *lines
            .entry(line["text"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    let is_known = |told: &BTreeMap<String, u64>| {
        let item = |told: &str| ["coffee", "cup", "kettle", "tea"].contains(&told);
        let is_left = |name: &str, error: &str| {
            let left = error.strip_prefix("only ").and_then(|rest| rest.split_once(' '));
            left.is_some_and(|(count, rest)| count.parse::<u32>().is_ok() && rest == format!("{name} left"))
        };
        told.keys().all(|told| match told.split_once(": ") {
            Some(("moon", error)) => error == "we do not sell that",
            Some((name, error)) => item(name) && (error == "nil" || is_left(name, error)),
            None => false,
        }) && told.len() >= 5
    };
    assert!(is_known(&lines), "{lines:?}");
    let time = |line: &Json| -> jiff::Timestamp { line["time"].as_str().unwrap().parse().unwrap() };
    let times: Vec<jiff::Timestamp> = of_type("line").map(time).collect();
    let took = times.last().unwrap().duration_since(times[0]).as_secs_f64();
    assert!(took < 3.0, "lines of {took} s");
    let rows = of_type("result").next().unwrap()["rows"].as_array().unwrap();
    let mut orders: BTreeMap<String, u64> = BTreeMap::new();
    for row in rows {
        let key = |at: usize| row["keys"][at].as_str().unwrap_or("nil").to_owned();
        orders.insert(format!("{}: {}", key(0), key(1)), row["value"].as_u64().unwrap());
    }
    assert!(is_known(&orders), "{orders:?}");
    for (item, count) in &orders {
        let told = lines.get(item).copied().unwrap_or(0);
        assert!(count.abs_diff(told) <= 4 + count / 4, "{orders:?} {lines:?}");
    }
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// The breakpoints in a process.
fn breakpoints(program: &Traced) -> Result<usize, Trouble> {
    let loaded = Loaded::open(&program.path).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let code = target.code_in_file();
    Ok(Breakpoints::of(program.pid, &program.path, loaded.main(), &code)?.count())
}

/// Waits until it is so.
fn wait_until(what: &str, mut is_so: impl FnMut() -> Result<bool, Trouble>) -> Result<(), Trouble> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so()? {
        if Instant::now() > deadline {
            return Err(Trouble::Failed(format!("not within a minute: {what}")));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// How long a process waits for others.
fn niceness(pid: u32) -> Result<i64, Trouble> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let behind_name = stat.rsplit(')').next().unwrap();
    Ok(behind_name.split_whitespace().nth(16).unwrap().parse().unwrap())
}

/// A run that is killed takes its bpftrace and its probes with it, and another one goes on counting hits.
fn killed_beside_another() -> Result<(), Trouble> {
    let place = Place::new("killed", "storm", Release::V0_27)?;
    let mut program = Program::start(&place.executable, &["ticks", "200", "25"])?;
    let traced = program.traced();
    let pid = traced.pid.to_string();
    let setting = || fs::read_to_string("/proc/sys/kernel/bpf_stats_enabled");
    let before = setting()?;
    let run = |function: &str, more: &[&str]| {
        let recipe = format!("count {function}");
        let mut arguments = vec!["-e", recipe.as_str(), "--pid", pid.as_str()];
        arguments.extend(more);
        let mut command = place.gobt(&arguments);
        command.stdin(Stdio::null());
        Running::start(&mut command)
    };
    let mut killed = run("runtime.gcStart", &[]);
    wait_until("a probe", || Ok(breakpoints(&traced)? == 1))?;
    let mut other = run("main.tick", &["--max-rate", "5/s"]);
    wait_until("two probes", || Ok(breakpoints(&traced)? == 2))?;
    for run in [&killed, &other] {
        let mut descriptors = fs::read_dir(format!("/proc/{}/fd", run.0.id()))?.flatten();
        let counts = descriptors
            .any(|fd| fs::read_link(fd.path()).is_ok_and(|to| to == Path::new("anon_inode:bpf-stats")));
        assert!(counts);
    }
    let tracers = children(killed.0.id())?;
    assert!(!tracers.is_empty());
    // They wait for the program, where processors are busy.
    let nicer = (niceness(std::process::id())? + 5).min(19);
    for pid in tracers.iter().chain([&killed.0.id()]) {
        assert_eq!(niceness(*pid)?, nicer);
    }
    killed.0.kill()?;
    killed.0.wait()?;
    wait_until("its bpftrace is gone", || {
        let is_gone = |pid: &u32| !Path::new(&format!("/proc/{pid}")).exists();
        Ok(tracers.iter().all(is_gone) && breakpoints(&traced)? == 1)
    })?;
    program.go()?;
    wait_until("the other one sees 40 hits a second", || {
        Ok(other.0.try_wait()?.is_some())
    })?;
    let mut said = String::new();
    std::io::Read::read_to_string(&mut other.0.stderr.take().unwrap(), &mut said)?;
    assert!(said.contains("are more than 5 (--max-rate)"), "{said}");
    wait_until("no probe", || Ok(breakpoints(&traced)? == 0))?;
    assert_eq!(setting()?, before);
    // The directory of the one that was killed is there until the next run.
    let left = || Ok::<_, Trouble>(fs::read_dir(place.directory.join("own"))?.count());
    assert_eq!(left()?, 1);
    assert_eq!(
        place.run(&["-e", "count main.tick"], &["ticks", "2", "1"])?.code,
        0
    );
    assert_eq!(left()?, 0);
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// A process whose file was replaced since it began, as in a deployment, is traced as what it runs.
fn replaced(release: Release) -> Result<(), Trouble> {
    let place = Place::new("replaced", "storm", release)?;
    let mut program = Program::start(&place.executable, &["ticks", "40", "5"])?;
    let traced = program.traced();
    let pid = traced.pid.to_string();
    let newer = place.directory.join("newer");
    fs::copy(SHOP, &newer)?;
    fs::rename(&newer, &place.executable)?;
    let mut command = place.gobt(&["-e", "latency main.tick as stats", "--pid", &pid]);
    let mut run = Running::start(command.stdin(Stdio::null()));
    let mut said = std::io::BufReader::new(run.0.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("tracing ") {
        line.clear();
        let is_more = std::io::BufRead::read_line(&mut said, &mut line)? > 0;
        assert!(is_more && !line.starts_with("error"), "{line}");
    }
    program.go()?;
    program.done(Duration::from_secs(60))?;
    program.quit()?;
    let mut out = String::new();
    std::io::Read::read_to_string(&mut run.0.stdout.take().unwrap(), &mut out)?;
    let row = out.lines().nth(2).and_then(|row| row.split_whitespace().next());
    assert_eq!(row, Some("40"), "{out}");
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// A library in Go that C programs have loaded: all of them, each with rows of its own, or one, with which the run
/// ends.
fn library(release: Release) -> Result<(), Trouble> {
    let place = Place::of_mode("library", "library", Mode::Shared, release)?;
    let bin = place.executable.to_str().unwrap();
    let mut programs = Vec::new();
    for _ in 0..2 {
        programs.push(Program::start::<&str>(&place.executable, &[])?);
    }
    let pids: Vec<u32> = programs.iter().map(|program| program.traced().pid).collect();
    let first = pids[0].to_string();
    let refused: Ran = place
        .gobt(&["-e", "count main.hash", "--pid", &first])
        .output()?
        .into();
    let real = fs::canonicalize(&place.executable)?;
    let help = format!(
        "process {first} has a library in Go in its memory: add --bin {}",
        real.display()
    );
    refused.fails(2, &help);
    let start = |of: &[&str]| {
        let recipe = ["-e", "count main.hash by caller, comm", "--format", "json"];
        let mut command = place.gobt(&recipe);
        Running::start(command.args(of).stdin(Stdio::null()))
    };
    let mut all = start(&["--bin", bin]);
    let mut one = start(&["--bin", bin, "--pid", &first]);
    let seen = |run: &Running| -> Result<bool, Trouble> {
        let tracers = children(run.0.id())?;
        Ok(tracers.into_iter().any(is_waiting))
    };
    wait_until("both wait for events", || Ok(seen(&all)? && seen(&one)?))?;
    for program in &mut programs {
        program.go()?;
    }
    for mut program in programs {
        program.done(Duration::from_secs(60))?;
        program.quit()?;
    }
    let rows = |run: &mut Running| -> Result<Vec<(String, i64)>, Trouble> {
        let mut out = String::new();
        std::io::Read::read_to_string(&mut run.0.stdout.take().unwrap(), &mut out)?;
        let mut objects = out
            .lines()
            .map(|line| serde_json::from_str::<Json>(line).unwrap());
        let result = objects.find(|object| object["type"] == "result").unwrap();
        let mut rows: Vec<(String, i64)> = Vec::new();
        for row in result["rows"].as_array().unwrap() {
            rows.push((row["keys"].to_string(), row["value"].as_i64().unwrap()));
        }
        rows.sort();
        Ok(rows)
    };
    let is_of = |row: &(String, i64), begin: &str| {
        row.0.starts_with(begin) && row.0.contains("\"function\":\"main.Main\"") && row.1 == 40
    };
    // It ends by itself.
    let of_one = rows(&mut one)?;
    assert!(of_one.len() == 1 && is_of(&of_one[0], "["), "{of_one:?}");
    Command::new("kill")
        .args(["-INT", &all.0.id().to_string()])
        .status()?;
    let of_all = rows(&mut all)?;
    let mut pids = pids;
    pids.sort_by_key(u32::to_string);
    assert!(
        of_all.len() == 2
            && of_all
                .iter()
                .zip(&pids)
                .all(|(row, pid)| is_of(row, &format!("[{pid},"))),
        "{of_all:?}"
    );
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// Runs that begin at the same moment do not take each other's probes for wrong ones.
fn several_at_once() -> Result<(), Trouble> {
    let place = Place::new("several", "storm", Release::V0_27)?;
    let mut program = Program::start(&place.executable, &["ticks", "200", "25"])?;
    let traced = program.traced();
    let pid = traced.pid.to_string();
    program.go()?;
    let functions = ["main.tick", "runtime.gcStart", "runtime.newproc", "main.main"];
    let start = |function: &&str| {
        let recipe = format!("count {function}");
        let arguments = ["-e", &recipe, "--pid", &pid, "--for", "1s", "--format", "json"];
        spawn_fresh(place.gobt(&arguments).stdin(Stdio::null()))
    };
    let runs: Vec<Child> = functions.iter().map(start).collect::<Result<_, _>>()?;
    for (function, run) in functions.iter().zip(runs) {
        let ran: Ran = run.wait_with_output()?.into();
        let objects = objects(&ran);
        let result = objects.iter().find(|object| object["type"] == "result").unwrap();
        let count = result["rows"][0]["value"].as_i64().unwrap_or(0);
        let is_right = *function != "main.tick" || (20..=60).contains(&count);
        assert!(is_right, "{}", ran.out);
    }
    assert_eq!(breakpoints(&traced)?, 0);
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// A trial says how often functions are called, and functions of patterns that are called too often are left out.
fn probe_first(release: Release) -> Result<(), Trouble> {
    let place = Place::new("probe-first", "storm", release)?;
    let mut program = Program::start(&place.executable, &["pace", "20000", "60"])?;
    let traced = program.traced();
    let pid = traced.pid.to_string();
    program.go()?;
    let run = |recipe: &str| -> Result<Ran, Trouble> {
        let arguments = [
            "-e",
            recipe,
            "--pid",
            &pid,
            "--probe-first",
            "--for",
            "1s",
            "--max-rate",
            "8000",
        ];
        let child = spawn_fresh(place.gobt(&arguments).stdin(Stdio::null()))?;
        Ok(child.wait_with_output()?.into())
    };
    let ran = run("count main.pace*, runtime.newproc")?;
    assert_eq!(ran.code, 0, "{}", ran.err);
    let left_out = "1 function is left out: with them probes would be hit more than 8000 times a second";
    assert!(ran.err.contains(left_out), "{}", ran.err);
    let line = ran
        .err
        .lines()
        .find(|line| line.ends_with(": main.pace"))
        .unwrap();
    let rate: f64 = line
        .split_whitespace()
        .find_map(|word| word.parse().ok())
        .unwrap();
    assert!((10_000.0..=24_000.0).contains(&rate), "{line}");
    assert!(!ran.out.contains("main.pace"), "{}", ran.out);
    let refused = run("count main.pace")?;
    refused.fails(
        2,
        "error[E0790]: probes would be hit more than 8000 times a second",
    );
    assert_eq!(breakpoints(&traced)?, 0);
    let ran = run("count runtime.newproc")?;
    assert!(ran.err.contains("of 1 functions were called"), "{}", ran.err);
    let json = [
        "-e",
        "count main.pace*, runtime.newproc",
        "--pid",
        &pid,
        "--probe-first",
        "--for",
        "100ms",
        "--max-rate",
        "8000",
        "--format",
        "json",
    ];
    let child = spawn_fresh(place.gobt(&json).stdin(Stdio::null()))?;
    let objects = objects(&child.wait_with_output()?.into());
    assert_eq!(objects[0]["type"], "trial", "{objects:?}");
    let pace = &objects[0]["functions"][0];
    assert_eq!(pace["function"], "main.pace", "{objects:?}");
    assert_eq!(pace["left_out"], true);
    let rate = pace["calls_per_second"].as_f64().unwrap();
    assert!((10_000.0..=24_000.0).contains(&rate), "{pace}");
    assert_eq!(objects.last().unwrap()["type"], "end");
    drop(program);
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}

/// Where several processes run the file, each has rows of its own; with --pid there is one.
fn several_processes() -> Result<(), Trouble> {
    let place = Place::new("processes", "storm", Release::V0_23)?;
    let bin = place.executable.to_str().unwrap();
    let recipe =
        "all: count main.tick; every_other: count main.tick by arg i % 2; times: latency main.tick as stats";
    let mut programs = Vec::new();
    for calls in ["20", "70"] {
        programs.push(Program::start(&place.executable, &["ticks", calls, "10"])?);
    }
    let traced: Vec<Traced> = programs.iter().map(|program| program.traced()).collect();
    let first = traced[0].pid.to_string();
    let start = |of: [&str; 2]| {
        let mut command = place.gobt(&["-e", recipe, of[0], of[1], "--format", "json"]);
        Running::start(command.stdin(Stdio::null()))
    };
    let runs = [start(["--bin", bin]), start(["--pid", &first])];
    let seen = |run: &Running| -> Result<bool, Trouble> {
        let tracers = children(run.0.id())?;
        Ok(tracers.into_iter().any(is_waiting))
    };
    wait_until("both wait for events", || Ok(seen(&runs[0])? && seen(&runs[1])?))?;
    for program in &mut programs {
        program.go()?;
    }
    for program in &mut programs {
        program.done(Duration::from_secs(60))?;
    }
    let mut answers = Vec::new();
    for mut run in runs {
        Command::new("kill")
            .args(["-INT", &run.0.id().to_string()])
            .status()?;
        let mut out = String::new();
        std::io::Read::read_to_string(&mut run.0.stdout.take().unwrap(), &mut out)?;
        let lines = out.lines().map(|line| serde_json::from_str(line).unwrap());
        answers.push(lines.collect::<Vec<Json>>());
    }
    let rows = |objects: &[Json], name: &str| {
        let result = objects.iter().find(|object| object["name"] == name).unwrap();
        let mut rows: Vec<(String, i64)> = Vec::new();
        for row in result["rows"].as_array().unwrap() {
            let count = row["value"].as_i64().or_else(|| row["count"].as_i64()).unwrap();
            rows.push((row["keys"].to_string(), count));
        }
        rows.sort();
        rows
    };
    let [of_all, of_one] = [&answers[0], &answers[1]];
    let (a, b) = (traced[0].pid, traced[1].pid);
    for name in ["all", "times"] {
        let mut expected = vec![(format!("[{a}]"), 20), (format!("[{b}]"), 70)];
        expected.sort();
        assert_eq!(rows(of_all, name), expected);
        assert_eq!(rows(of_one, name), [("[]".to_owned(), 20)]);
    }
    let mut expected = Vec::new();
    for (pid, each) in [(a, 10), (b, 35)] {
        expected.extend([0, 1].map(|rest| (format!("[{pid},{rest}]"), each)));
    }
    expected.sort();
    assert_eq!(rows(of_all, "every_other"), expected);
    fs::remove_dir_all(&place.directory)?;
    Ok(())
}
