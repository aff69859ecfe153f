//! `gobt run` on traced programs: what it says, with a bpftrace of a release on its path.

use super::Trouble;
use super::bpftrace::{self, Options, Release, breakpoints_are_in, in_root, is_waiting};
use super::program::{Program, Traced, children, lines_of, spawn_fresh, wait};
use super::run::GOBT;
use super::trace::{Entry, Trace, Value, split_keys};
use regex_lite::Regex;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

/// How long it may take from Ctrl-C to the last of the answer: with results of 65,536 keys, on a busy machine.
const LONGEST_ANSWER: Duration = Duration::from_secs(20);
/// And to its end: the kernel takes hundreds of probes away one after the other where they have no common link.
const LONGEST_END: Duration = Duration::from_secs(30);

/// A recipe that is run.
pub struct Recipe<'a> {
    /// Its file.
    pub path: &'a Path,
    /// The executable that it traces.
    pub executable: &'a Path,
    /// A script made of it, which says where its probes are.
    pub script: &'a str,
    /// Further arguments of `gobt run`.
    pub arguments: &'a [String],
    /// It is about call trees.
    pub tells_trees: bool,
}

/// A `gobt run`.
struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    printed: Vec<String>,
    /// Where all that it writes is.
    own: PathBuf,
}

/// Runs the recipe beside programs that are ready, lets them work when its probes are in their code, ends it when all
/// are done, and gives what it printed. It has to end soon and well, and to leave nothing behind.
pub fn run(recipe: &Recipe<'_>, programs: &mut [Program], options: &Options) -> Result<Trace, Trouble> {
    let traced: Vec<Traced> = programs.iter().map(|program| program.traced()).collect();
    run_on(recipe, &traced, programs, options)
}

/// The same, where what is traced is not these programs, but processes that they have started.
pub fn run_on(
    recipe: &Recipe<'_>,
    traced: &[Traced],
    programs: &mut [Program],
    options: &Options,
) -> Result<Trace, Trouble> {
    let mut running = Running::start(recipe, traced, options)?;
    running.await_probes(recipe.script, traced)?;
    if recipe.tells_trees {
        // Of trees only those are told that begin when gobt has seen its probes, and it does not say when that is.
        thread::sleep(Duration::from_secs(2));
    }
    for program in programs.iter_mut() {
        program.go()?;
    }
    for program in programs.iter_mut() {
        program.done(options.timeout)?;
    }
    let trace = running.finish(options)?;
    trace
        .complaints(&options.harmless)
        .map_or(Ok(trace), |why| Err(why.into()))
}

/// Puts a `bpftrace` into a directory of its own, which is that of a release.
pub fn install(release: Release, directory: &Path, visible: &[&Path]) -> Result<(), Trouble> {
    let inside = in_root(&bpftrace::root(release)?, visible, &[], &[]);
    let quoted = |word: &std::ffi::OsStr| format!("'{}'", word.to_string_lossy().replace('\'', r"'\''"));
    let words: Vec<String> = inside.get_args().map(quoted).collect();
    let script = format!("#!/bin/sh\nexec /usr/bin/unshare {} \"$@\"\n", words.join(" "));
    fs::create_dir_all(directory)?;
    let file = directory.join("bpftrace");
    fs::write(&file, script)?;
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

impl Running {
    fn start(recipe: &Recipe<'_>, traced: &[Traced], options: &Options) -> Result<Self, Trouble> {
        bpftrace::usable(options.release)?;
        let beside = recipe.executable.parent().unwrap_or(Path::new("/"));
        let own = beside.join("own");
        // A run that was killed leaves what is in it.
        let _ = fs::remove_dir_all(&own);
        fs::create_dir_all(&own)?;
        let mut visible = vec![beside, own.as_path()];
        visible.extend(traced.iter().filter_map(|traced| traced.path.parent()));
        visible.sort_unstable();
        visible.dedup();
        let bin = beside.join("bin");
        install(options.release, &bin, &visible)?;
        let mut command = Command::new(GOBT);
        command.arg("run").arg(recipe.path);
        command.arg("--bin").arg(recipe.executable);
        command.args(["--format", "json", "--max-rate", "0"]);
        command.args(recipe.arguments);
        command
            .env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", bin.display()))
            .env("TMPDIR", &own)
            .env("LC_ALL", "C.UTF-8")
            .envs(options.environment.iter().filter_map(|pair| pair.split_once('=')))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = spawn_fresh(&mut command)?;
        Ok(Self {
            stdout: lines_of(child.stdout.take()),
            stderr: lines_of(child.stderr.take()),
            child,
            printed: Vec::new(),
            own,
        })
    }

    /// Waits until every address that the script names is a breakpoint in every program, and bpftrace waits for events.
    fn await_probes(&mut self, script: &str, programs: &[Traced]) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(120);
        for program in programs {
            while !breakpoints_are_in(script, program)? {
                self.still_starting(deadline, "its probes are not in the program")?;
            }
        }
        while !self.tracers().into_iter().any(is_waiting) {
            self.still_starting(deadline, "bpftrace does not wait for events")?;
        }
        Ok(())
    }

    fn tracers(&self) -> Vec<u32> {
        children(self.child.id()).unwrap_or_default()
    }

    fn still_starting(&mut self, deadline: Instant, what: &str) -> Result<(), Trouble> {
        thread::sleep(Duration::from_millis(10));
        if self.child.try_wait()?.is_none() && Instant::now() < deadline {
            return Ok(());
        }
        Err(self.failed(&format!("did not start, {what}")))
    }

    /// What is wrong, with all that was said.
    fn failed(&mut self, what: &str) -> Trouble {
        let _ = self.child.kill();
        let said: Vec<String> = self.stderr.iter().chain(self.stdout.iter()).collect();
        Trouble::Failed(format!("`gobt run` {what}:\n{}", said.join("\n")))
    }

    /// Waits until nothing more is printed.
    fn settle(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            match self.stdout.recv_timeout(Duration::from_millis(150)) {
                Ok(line) => self.printed.push(line),
                Err(_) => break,
            }
        }
    }

    /// Waits for the line that says how it ended.
    fn await_end(&mut self) -> Result<(), Trouble> {
        let deadline = Instant::now() + LONGEST_ANSWER;
        loop {
            match self
                .stdout
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    let is_last = line.contains(r#""type":"end""#);
                    self.printed.push(line);
                    if is_last {
                        return Ok(());
                    }
                }
                Err(_) => {
                    return Err(self.failed(&format!("says nothing of its end within {LONGEST_ANSWER:?}")));
                }
            }
        }
    }

    fn finish(mut self, options: &Options) -> Result<Trace, Trouble> {
        let tracers = self.tracers();
        let mut patience = Duration::from_secs(120);
        if !options.ends_itself {
            self.settle();
            if self.child.try_wait()?.is_some() {
                return Err(self.failed("ended by itself"));
            }
            let pid = self.child.id().to_string();
            Command::new("kill").args(["-INT", &pid]).status()?;
            patience = LONGEST_END;
            self.await_end()?;
        }
        let code = wait(&mut self.child, patience)?;
        let mut stdout = std::mem::take(&mut self.printed);
        stdout.extend(self.stdout.iter());
        let stderr: Vec<String> = self.stderr.iter().collect();
        if code != Some(0) {
            return Err(Trouble::Failed(format!(
                "`gobt run` ended with {code:?}:\n{}",
                stderr.join("\n")
            )));
        }
        let left: Vec<_> = fs::read_dir(&self.own)?
            .flatten()
            .map(|entry| entry.path())
            .collect();
        let alive = tracers
            .iter()
            .find(|pid| Path::new(&format!("/proc/{pid}")).exists());
        if !left.is_empty() || alive.is_some() {
            return Err(Trouble::Failed(format!(
                "`gobt run` leaves {left:?} and {alive:?}"
            )));
        }
        // For a person who looks into what differs.
        fs::write(self.own.with_extension("json"), stdout.join("\n"))?;
        trace_of(&stdout, &stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            // It ends what it has started.
            let pid = self.child.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &pid]).status();
            let _ = wait(&mut self.child, LONGEST_END);
        }
    }
}

/// What `gobt run --format json` said, as bpftrace would have printed it.
fn trace_of(stdout: &[String], stderr: &[String]) -> Result<Trace, Trouble> {
    let mut text = String::new();
    let mut trace = Trace::default();
    let mut has_ended = false;
    let mut with_places = Vec::new();
    for line in stdout {
        let object: Json = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let words = object["text"].as_str().unwrap_or_default();
        match object["type"].as_str().unwrap_or_default() {
            "line" => {
                let plain = without_places(words);
                if plain != words {
                    with_places.push(words.to_owned());
                }
                text.push_str(&plain);
                text.push('\n');
            }
            "text" => text.push_str(words),
            "result" => trace.entries.extend(entries(&object)?),
            // Each tree is a line with its root, and each function a number: how often it is in all trees together.
            "tree" => {
                let calls = object["calls"].as_array().map_or(0, Vec::len);
                let root = object["calls"][0]["function"].as_str().unwrap_or("?");
                text.push_str(&format!("tree of {root}, {calls} calls\n"));
                for call in object["calls"].as_array().into_iter().flatten() {
                    let function = call["function"].as_str().unwrap_or("?");
                    let (arguments, results) = (&call["arguments"], &call["results"]);
                    with_places.push(format!("{function}({arguments}) = {results}"));
                }
            }
            "summary" => trace.entries.extend(calls_of_trees(&object)),
            "end" => {
                has_ended = true;
                trace.entries.extend(losses(&object["lost"], &mut trace.lost));
            }
            _ => return Err(format!("unknown: {line}").into()),
        }
    }
    if !has_ended {
        return Err(format!("no end is told:\n{}", stdout.join("\n")).into());
    }
    trace.lines = text.lines().map(str::to_owned).collect();
    trace.stdout.clone_from(&trace.lines);
    trace.stdout.extend(with_places);
    trace.stdout.extend(trace.lost.iter().cloned());
    for entry in &trace.entries {
        let keys = entry.keys.join(", ");
        trace.stdout.extend(
            format!("{}[{keys}]: {:?}", entry.name, entry.value)
                .lines()
                .map(str::to_owned),
        );
    }
    // Warnings about the recipe are the same as those of `gobt compile`.
    let is_warning = |line: &&String| line.contains(r#""severity":"warning""#);
    trace.stderr = stderr.iter().filter(|line| !is_warning(line)).cloned().collect();
    Ok(trace)
}

/// A key whose parts have no commas: of ` (main.go:17, in main.f)` there is ` in main.f`.
fn without_commas(key: &str) -> String {
    let of_inlined = Regex::new(r"(?m) \([^() ]+\.(go|s):[0-9]+, (in .+)\)$").unwrap();
    of_inlined.replace_all(key, " $2").into_owned()
}

/// Text without the places in source that a script does not know: ` (main.go:17)`, and ` main.go:17` of a stack.
fn without_places(text: &str) -> String {
    let of_values = Regex::new(r" \([^() ]+\.(go|s):[0-9]+\)")
        .unwrap()
        .replace_all(text, "")
        .into_owned();
    let of_frames = Regex::new(r"(?m)(\+[0-9]+) [^() ]+\.(go|s|c|S):[0-9]+$").unwrap();
    of_frames.replace_all(&of_values, "$1").into_owned()
}

fn number(value: &Json) -> Option<i128> {
    value
        .as_i64()
        .map(i128::from)
        .or_else(|| value.as_u64().map(i128::from))
}

/// The rows of a result.
fn entries(result: &Json) -> Result<Vec<Entry>, Trouble> {
    let name = format!("@{}", result["name"].as_str().unwrap_or_default());
    let mut out = Vec::new();
    for row in result["rows"].as_array().into_iter().flatten() {
        let texts = row["key_texts"].as_array().into_iter().flatten();
        let texts = texts.filter_map(Json::as_str);
        let texts: Vec<String> = texts.map(|text| without_places(&without_commas(text))).collect();
        let keys = if texts.is_empty() {
            Vec::new()
        } else {
            split_keys(&texts.join(","))
        };
        let value = if let Some(buckets) = row["buckets"].as_array() {
            let bucket = |bucket: &Json| Some((number(&bucket["low"]), number(&bucket["count"])?));
            Value::Buckets(buckets.iter().filter_map(bucket).collect())
        } else if let Some(value) = number(&row["value"]) {
            Value::Number(value)
        } else {
            let of = |name: &str| number(&row[name]).ok_or_else(|| format!("no {name} in {row}"));
            Value::Stats {
                count: of("count")?,
                average: of("average")?,
                total: of("total")?,
            }
        };
        out.push(Entry {
            name: name.clone(),
            keys,
            value,
        });
    }
    Ok(out)
}

/// How often each function was called in the trees of a directive.
fn calls_of_trees(summary: &Json) -> Vec<Entry> {
    let mut calls: BTreeMap<&str, i128> = BTreeMap::new();
    for path in summary["paths"].as_array().into_iter().flatten() {
        let function = path["function"].as_str().unwrap_or("?");
        *calls.entry(function).or_default() += number(&path["calls"]).unwrap_or(0);
    }
    let name = format!("@{}", summary["name"].as_str().unwrap_or_default());
    let entry = |(function, calls): (&str, i128)| Entry {
        name: name.clone(),
        keys: vec![function.to_owned()],
        value: Value::Number(calls),
    };
    calls.into_iter().map(entry).collect()
}

/// What was lost, as results of the names that scripts have for it.
fn losses(lost: &Json, lines: &mut Vec<String>) -> Vec<Entry> {
    let of = |name: &str| number(&lost[name]).unwrap_or(0);
    if of("records") > 0 {
        lines.push(format!("Lost {} events", of("records")));
    }
    let entry = |name: &str, count: i128| Entry {
        name: name.to_owned(),
        keys: Vec::new(),
        value: Value::Number(count),
    };
    let all = [
        entry("@lines_dropped", of("lines_left_out")),
        entry("@keys_without_room", of("keys_without_room")),
        entry("@calls_not_timed", of("calls_not_timed")),
    ];
    let reasons = lost["not_timed"].as_array().into_iter().flatten();
    let reasons = reasons.map(|reason| Entry {
        name: "@not_timed".to_owned(),
        keys: split_keys(reason["why"].as_str().unwrap_or_default()),
        value: Value::Number(number(&reason["calls"]).unwrap_or(0)),
    });
    all.into_iter()
        .chain(reasons)
        .filter(|entry| entry.value != Value::Number(0))
        .collect()
}
