//! How long recipes take to compile and how much memory that needs: programs of 2 to 148 MB, recipes that name 1 to
//! 1,000 functions, without and with arguments, the first time and when that build was seen before; beside
//! `readelf -sW`, which does no more than list a program's symbols, and `dlv exec`, which starts the program and lists
//! one function.
//!
//! `cargo bench --bench compile` writes the table of `docs/performance.md`, section "Compiling". The largest program is
//! Vault's core, which `GOBT_REAL=all cargo test --test root -- real/vault` builds, or the file that `GOBT_LARGE`
//! names. All are started as processes.

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

use serde::Deserialize;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::go::{self, Mode};
use support::run::GOBT;
use support::trouble::{all_said, not_fetched};
use support::{Trouble, cache};

const TOOLCHAIN: &str = "1.27.3";
/// How many functions a recipe names, and how often that is compiled.
const SIZES: [(usize, usize); 4] = [(1, 21), (10, 15), (100, 9), (1000, 7)];
/// Writes recipes, in a process of its own: what this one has in memory the system counts for those that it starts.
const RECIPES: &str = "--recipes";
/// Vault's function that its page traces.
const PUT: &str = "github.com/hashicorp/vault/vault.(*BarrierView).Put";

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let done = match arguments.as_slice() {
        [_, flag, program, place] if flag == RECIPES => write_recipes(Path::new(program), Path::new(place)),
        _ => measure(),
    };
    match done {
        Ok(()) => {}
        Err(Trouble::Lacks(lack)) => println!("skipped: {lack}"),
        Err(Trouble::Failed(why)) => panic!("{why}"),
    }
}

/// A program and what it is.
struct Program {
    what: &'static str,
    path: PathBuf,
}

/// A function of `gobt funcs --format json`.
#[derive(Deserialize)]
struct Row {
    name: String,
    signature: Option<String>,
    entry: Option<String>,
    returns: usize,
}

/// What was measured of one command.
#[derive(Clone, Copy)]
struct Cost {
    median: Duration,
    best: Duration,
    /// The most memory that it had at a time, in KiB.
    memory: u64,
}

impl Cost {
    fn text(&self) -> String {
        let ms = |time: Duration| time.as_secs_f64() * 1000.0;
        format!(
            "{:.1} ({:.1}) | {}",
            ms(self.median),
            ms(self.best),
            self.memory.div_ceil(1024)
        )
    }
}

/// A goal of one line of the table.
struct Goal {
    what: &'static str,
    limit: Duration,
    memory: Option<u64>,
    cost: Option<Cost>,
}

fn measure() -> Result<(), Trouble> {
    let place = cache().join("compile");
    fs::create_dir_all(&place)?;
    let goal = |what, ms, memory| Goal {
        what,
        limit: Duration::from_millis(ms),
        memory,
        cost: None,
    };
    let mut goals = [
        goal("one function of 17 MB", 10, Some(50 << 10)),
        goal(
            "one function of 23 MB with arguments, seen before",
            10,
            Some(50 << 10),
        ),
        goal("one function of 148 MB", 50, None),
        goal("one function of 148 MB with arguments, first time", 200, None),
        goal("one function of 148 MB with arguments, seen before", 30, None),
        goal("1,000 functions of 148 MB with arguments, first time", 400, None),
    ];
    println!("| program | recipe | ms: median (best) | MB |\n| --- | --- | --- | --- |");
    for program in programs()? {
        let size = fs::metadata(&program.path)?.len() / 1_000_000;
        let named = format!("{}, {size} MB", program.what);
        let recipes = place.join("recipes");
        let _ = fs::remove_dir_all(&recipes);
        fs::create_dir_all(&recipes)?;
        let written = Command::new(std::env::current_exe()?)
            .arg(RECIPES)
            .args([&program.path, &recipes])
            .status()?;
        if !written.success() {
            return Err(format!("no recipes for {named}").into());
        }
        for (count, runs) in SIZES {
            for arguments in [false, true] {
                let file = recipes.join(recipe_name(count, arguments));
                if !file.is_file() {
                    continue;
                }
                let plural = if count == 1 { "function" } else { "functions" };
                let what = |when: &str| {
                    let arguments = if arguments { " with arguments" } else { "" };
                    format!("{named} | {count} {plural}{arguments}{when}")
                };
                let kept = place.join("cache");
                let compile = || {
                    let mut command = Command::new(GOBT);
                    command.arg("compile").arg(&file).arg("--bin").arg(&program.path);
                    command.args(["--bpftrace", "0.23..0.27"]);
                    command
                        .arg("-o")
                        .arg(place.join("out.bt"))
                        .env("XDG_CACHE_HOME", &kept);
                    command
                };
                let forget = || {
                    let _ = fs::remove_dir_all(&kept);
                    fs::create_dir_all(&kept)
                };
                forget()?;
                let first = several(runs, || Ok(compile()), forget)?;
                let left = fs::read_dir(kept.join("gobt")).map_or(0, Iterator::count);
                println!(
                    "| {} | {} |",
                    what(if arguments { ", first time" } else { "" }),
                    first.text()
                );
                let mut again = first;
                if arguments {
                    again = several(runs, || Ok(compile()), || Ok(()))?;
                    let when = if left > 0 {
                        ", seen before"
                    } else {
                        ", again (nothing is kept)"
                    };
                    println!("| {} | {} |", what(when), again.text());
                }
                let note = |goal: &mut Goal, cost: Cost| goal.cost = Some(cost);
                match (size, count, arguments) {
                    (17, 1, false) => note(&mut goals[0], first),
                    (23, 1, true) => note(&mut goals[1], again),
                    (140.., 1, false) => note(&mut goals[2], first),
                    (140.., 1, true) => {
                        note(&mut goals[3], first);
                        note(&mut goals[4], again);
                    }
                    (140.., 1000, true) => note(&mut goals[5], first),
                    _ => {}
                }
            }
        }
        peers(&named, &program.path)?;
    }
    println!();
    for goal in goals {
        let memory = goal
            .memory
            .map_or_else(String::new, |kib| format!(" and {} MB", kib >> 10));
        let Some(cost) = goal.cost else {
            println!("* {}: not measured", goal.what);
            continue;
        };
        let met = cost.median < goal.limit && goal.memory.is_none_or(|most| cost.memory < most);
        println!(
            "* {}, under {} ms{memory}: {}",
            goal.what,
            goal.limit.as_millis(),
            if met { "met" } else { "NOT met" }
        );
    }
    println!(
        "* go-bpf-gen, which reads a program's symbols and decodes the functions that are named: not measured, the \
         module proxy does not have it"
    );
    Ok(())
}

/// The programs, smallest first; those that cannot be had are left out, and that is said.
fn programs() -> Result<Vec<Program>, Trouble> {
    let program = |what, path| Program { what, path };
    let mut programs = vec![
        program("a small program", go::build("methods", TOOLCHAIN, Mode::Default)?),
        program("`go` as distributed", distributed()?),
        program("`go`", go::command("go", TOOLCHAIN)?),
        program("`compile`", go::command("compile", TOOLCHAIN)?),
    ];
    let large = std::env::var_os("GOBT_LARGE")
        .map_or_else(|| cache().join("go/1.26.6/commands/vault"), PathBuf::from);
    if large.is_file() {
        programs.push(program("Vault's core", large));
    } else {
        println!(
            "skipped: {} is not there; `GOBT_REAL=all cargo test --test root -- real/vault` builds it\n",
            large.display()
        );
    }
    for program in &programs {
        // A part of what is measured is reading from memory, not from the disk.
        std::io::copy(&mut fs::File::open(&program.path)?, &mut std::io::sink())?;
    }
    Ok(programs)
}

/// The `go` executable of the toolchain, which the go command brings as it is distributed: without debug information.
fn distributed() -> Result<PathBuf, Trouble> {
    go::bring(TOOLCHAIN)?;
    let output = go::go_command(TOOLCHAIN)
        .args(["env", "GOROOT"])
        .current_dir(std::env::temp_dir())
        .output()?;
    let root = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(Path::new(&root).join("bin").join("go"))
}

fn recipe_name(count: usize, arguments: bool) -> String {
    format!("{count}{}.gobt", if arguments { "-arguments" } else { "" })
}

/// Writes the recipes for a program into the directory `place`.
fn write_recipes(program: &Path, place: &Path) -> Result<(), Trouble> {
    let rows = functions(program)?;
    for (count, _) in SIZES {
        for arguments in [false, true] {
            if let Some(recipe) = recipe(&rows, count, arguments) {
                fs::write(place.join(recipe_name(count, arguments)), recipe)?;
            }
        }
    }
    Ok(())
}

/// The functions of a program that can be traced, from all over it.
fn functions(path: &Path) -> Result<Vec<Row>, Trouble> {
    let output = Command::new(GOBT)
        .arg("funcs")
        .arg(path)
        .args(["--format", "json"])
        .env("XDG_CACHE_HOME", "/nonexistent")
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut rows: Vec<Row> = text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for row in &rows {
        *seen.entry(row.name.clone()).or_default() += 1;
    }
    let plain = |name: &str| {
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_./()*-".contains(&b))
    };
    rows.retain(|row| row.entry.is_some() && row.returns > 0 && plain(&row.name) && seen[&row.name] == 1);
    Ok(rows)
}

/// The first parameter if it has a name and one word or two of text: `s string`.
fn parameter(row: &Row) -> Option<&str> {
    let signature = row.signature.as_deref()?.strip_prefix("func ")?;
    // Behind the receiver; what names a method's type otherwise is a closure or a method value.
    let signature = match signature.strip_prefix('(') {
        Some(method) => method.split_once(')')?.1.strip_prefix(' ')?,
        None => signature,
    };
    let (_, parameters) = signature.split_once('(')?;
    let (name, rest) = parameters.split_once(' ')?;
    let ty = rest.split([',', ')']).next()?;
    let simple = ["string", "int", "error", "context.Context"].contains(&ty) || ty.starts_with('*');
    (simple && name != "_" && name.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(name)
}

/// A recipe that names so many functions from all over the program; none if it has not so many.
fn recipe(rows: &[Row], count: usize, arguments: bool) -> Option<String> {
    if count == 1 && rows.iter().any(|row| row.name == PUT) {
        return Some(if arguments {
            format!("on {PUT} {{ print arg entry.Key as string }}\n")
        } else {
            format!("latency {PUT}\n")
        });
    }
    let usable: Vec<(&Row, Option<&str>)> = rows
        .iter()
        .map(|row| (row, parameter(row)))
        .filter(|(_, parameter)| !arguments || parameter.is_some())
        .collect();
    let step = usable.len() / count;
    if step == 0 {
        return None;
    }
    let mut recipe = String::new();
    for (row, parameter) in usable.iter().skip(step / 2).step_by(step).take(count) {
        let _ = match parameter.filter(|_| arguments) {
            Some(parameter) => writeln!(recipe, "on {} {{ print arg {parameter} }}", row.name),
            None => writeln!(recipe, "latency {}", row.name),
        };
    }
    Some(recipe)
}

/// What others take for one function of the same program, or to be ready for one.
fn peers(named: &str, path: &Path) -> Result<(), Trouble> {
    if go::runs("readelf") {
        let readelf = || {
            let mut command = Command::new("readelf");
            command.arg("-sW").arg(path);
            Ok(command)
        };
        let cost = several(7, readelf, || Ok(()))?;
        println!("| {named} | `readelf -sW` | {} |", cost.text());
    }
    match delve() {
        Ok(delve) => {
            // It starts the program, which waits at its first instruction, lists one function, and ends both.
            let script = cache().join("compile").join("delve.init");
            fs::write(&script, "funcs ^main.main$\nexit\n")?;
            let exec = || {
                let mut command = Command::new(&delve);
                command.arg("exec").arg(path).arg("--init").arg(&script);
                command.arg("--allow-non-terminal-interactive=true");
                Ok(command)
            };
            let cost = several(5, exec, || Ok(()))?;
            println!("| {named} | `dlv exec`, to list one function | {} |", cost.text());
        }
        Err(Trouble::Lacks(lack)) => println!("skipped: {lack}"),
        Err(failed) => return Err(failed),
    }
    Ok(())
}

/// Delve, built from its module.
fn delve() -> Result<PathBuf, Trouble> {
    let place = cache().join("compile");
    let delve = place.join("dlv");
    if delve.is_file() {
        return Ok(delve);
    }
    let built = go::go_command(TOOLCHAIN)
        .args(["install", "github.com/go-delve/delve/cmd/dlv@latest"])
        .env("GOBIN", &place)
        .current_dir(std::env::temp_dir())
        .output()?;
    if built.status.success() {
        Ok(delve)
    } else {
        Err(not_fetched("Delve", &all_said(&built)))
    }
}

/// Runs commands one after another, each to its end, `before` each.
fn several(
    runs: usize,
    command: impl Fn() -> Result<Command, Trouble>,
    before: impl Fn() -> std::io::Result<()>,
) -> Result<Cost, Trouble> {
    let mut times = Vec::new();
    let mut memory = 0;
    for _ in 0..runs {
        before()?;
        let mut command = command()?;
        let began = Instant::now();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let (status, most) = wait(&child)?;
        times.push(began.elapsed());
        memory = memory.max(most);
        if status != 0 {
            return Err(format!("{command:?} ends with {status}").into());
        }
    }
    Ok(summary(times, memory))
}

fn summary(mut times: Vec<Duration>, memory: u64) -> Cost {
    times.sort();
    Cost {
        median: times[times.len() / 2],
        best: times[0],
        memory,
    }
}

/// Waits for a child: its status as the system tells it, and the most memory that it had at a time, in KiB.
fn wait(child: &std::process::Child) -> Result<(i32, u64), Trouble> {
    let pid = i32::try_from(child.id()).map_err(|error| error.to_string())?;
    let mut status = 0;
    #[expect(unsafe_code, reason = "only wait4 tells of one child alone")]
    // SAFETY: both pointers are to variables of the right types that live through the call; zeros are a valid `rusage`.
    let (waited, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (libc::wait4(pid, &raw mut status, 0, &raw mut usage), usage)
    };
    if waited == pid {
        Ok((status, u64::try_from(usage.ru_maxrss).unwrap_or(0)))
    } else {
        Err(std::io::Error::last_os_error().into())
    }
}
