//! The ways to attach the same probes.

use super::support::bpftrace::{Release, is_waiting};
use super::support::compile::Compile;
use super::support::program::{lines_of, spawn_fresh, wait};
use super::support::run::GOBT;
use super::support::running::install;
use super::support::{Trouble, cache, go};
use object::{Object as _, ObjectSymbol as _};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The longest that probes may take.
const PATIENCE: Duration = Duration::from_secs(1200);

/// A directory with the program, its recipes and scripts, and a bpftrace for `gobt run`.
pub(crate) struct Place {
    pub(crate) release: Release,
    pub(crate) executable: PathBuf,
    directory: PathBuf,
}

/// How long it took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Took {
    /// From the command line to probes that count.
    pub(crate) attached: Duration,
    /// From Ctrl-C to the end.
    pub(crate) ended: Duration,
    /// Instructions that had a probe.
    pub(crate) probes: usize,
}

impl Took {
    /// From the beginning to the end.
    pub(crate) fn all(&self) -> Duration {
        self.attached + self.ended
    }
}

/// A way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// `gobt run`.
    Run,
    /// bpftrace with the symbols of `gobt compile --sidecar`, each named: a link for each probe.
    Links,
    /// bpftrace with the script of `gobt compile`.
    Addresses,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Run, Self::Links, Self::Addresses];

    /// For people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Run => "`gobt run`",
            Self::Links => "a link each",
            Self::Addresses => "by address",
        }
    }

    /// Attaches to functions of a process that waits, and takes all away again.
    pub(crate) fn run(self, place: &Place, names: &[String], pid: u32) -> Result<Took, Trouble> {
        let recipe = place.directory.join("recipe.gobt");
        fs::write(&recipe, format!("latency {}\n", names.join(",\n    ")))?;
        match self {
            Self::Run => place.run(&recipe, pid),
            Self::Links => place.script(&recipe, true),
            Self::Addresses => place.script(&recipe, false),
        }
    }
}

impl Place {
    pub(crate) fn new(release: Release, program: &Path) -> Result<Self, Trouble> {
        let name = program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let directory = cache()
            .join("attach")
            .join(format!("{name}-{}", release.number()));
        let _ = fs::remove_dir_all(&directory);
        let executable = go::own_copy(program, &directory, &name)?;
        install(release, &directory.join("bin"), &[&directory])?;
        Ok(Self {
            release,
            executable,
            directory,
        })
    }

    /// `gobt run` of a recipe on a process.
    pub(crate) fn gobt(&self, recipe: &Path, pid: u32) -> Result<Child, Trouble> {
        let bin = self.directory.join("bin");
        let mut command = Command::new(GOBT);
        command.arg("run").arg(recipe);
        command.args(["--max-rate", "0", "--pid", &pid.to_string()]);
        command
            .env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", bin.display()))
            .env("TMPDIR", &self.directory);
        spawn(&mut command)
    }

    fn run(&self, recipe: &Path, pid: u32) -> Result<Took, Trouble> {
        let began = Instant::now();
        let mut child = self.gobt(recipe, pid)?;
        let (_output, said) = (lines_of(child.stdout.take()), lines_of(child.stderr.take()));
        let mut heard = Vec::new();
        let probes = loop {
            let Ok(line) = said.recv_timeout(PATIENCE) else {
                return Err(format!("gobt run does not trace:\n{}", heard.join("\n")).into());
            };
            let count = line
                .strip_prefix("tracing ")
                .and_then(|rest| rest.split(' ').next());
            if let Some(count) = count {
                break count.parse().unwrap_or(0);
            }
            heard.push(line);
        };
        let attached = began.elapsed();
        let ended = end(&mut child)?;
        Ok(Took {
            attached,
            ended,
            probes,
        })
    }

    /// Compiles a script and starts bpftrace with it; says how many instructions have a probe.
    pub(crate) fn bpftrace(&self, recipe: &Path, with_links: bool) -> Result<(Child, usize), Trouble> {
        let script = self.directory.join("script.bt");
        let beside = script.with_extension("symbols");
        let _ = fs::remove_dir_all(&beside);
        let compile = Compile::new(recipe, &self.executable, &script).release(self.release);
        if with_links { compile.sidecar() } else { compile }.run()?;
        let mut text = fs::read_to_string(&script)?;
        let mut probes = text.lines().filter(|line| line.starts_with("uprobe:")).count();
        if with_links {
            (text, probes) = named(&text, &symbols(&beside, &self.executable)?);
            fs::write(&script, &text)?;
        }
        let mut command = Command::new(self.directory.join("bin/bpftrace"));
        for name in ["BPFTRACE_MAX_PROBES", "BPFTRACE_MAX_BPF_PROGS"] {
            command.env(name, (probes + 100).to_string());
        }
        if self.release == Release::V0_17 && !with_links {
            // Its script has places in the file.
            command.arg("--unsafe");
        }
        command.env("BCC_SYMFS", &beside).arg(&script);
        Ok((spawn(&mut command)?, probes))
    }

    fn script(&self, recipe: &Path, with_links: bool) -> Result<Took, Trouble> {
        let began = Instant::now();
        let (mut child, probes) = self.bpftrace(recipe, with_links)?;
        let (_output, said) = (lines_of(child.stdout.take()), lines_of(child.stderr.take()));
        while !is_waiting(child.id()) {
            thread::sleep(Duration::from_millis(5));
            if child.try_wait()?.is_some() || began.elapsed() > PATIENCE {
                let said: Vec<String> = said.iter().collect();
                return Err(format!("bpftrace does not trace:\n{}", said.join("\n")).into());
            }
        }
        let attached = began.elapsed();
        let ended = end(&mut child)?;
        Ok(Took {
            attached,
            ended,
            probes,
        })
    }

    pub(crate) fn recipe(&self, text: &str) -> Result<PathBuf, Trouble> {
        let recipe = self.directory.join("recipe.gobt");
        fs::write(&recipe, text)?;
        Ok(recipe)
    }
}

fn spawn(command: &mut Command) -> Result<Child, Trouble> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(spawn_fresh(command)?)
}

/// Presses Ctrl-C and waits for the end. 0.17 overlooks a signal that comes when it does not wait for events.
pub(crate) fn end(child: &mut Child) -> Result<Duration, Trouble> {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()?;
        let pressed = Instant::now();
        while pressed.elapsed() < Duration::from_secs(300) {
            if child.try_wait()?.is_some() {
                return Ok(began.elapsed());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
    wait(child, PATIENCE)?;
    Ok(began.elapsed())
}

/// The names of all symbols for an executable, below the directory that holds them.
fn symbols(directory: &Path, executable: &Path) -> Result<Vec<String>, Trouble> {
    let inside = executable.strip_prefix("/").unwrap_or(executable);
    let bytes = fs::read(directory.join("proc/self/root").join(inside))?;
    let file = object::File::parse(&*bytes).map_err(|error| error.to_string())?;
    let names = file
        .symbols()
        .filter_map(|symbol| symbol.name().ok().map(str::to_owned));
    Ok(names.collect())
}

/// The script with each symbol named in place of a wildcard that stands for many, and how many there are.
fn named(script: &str, symbols: &[String]) -> (String, usize) {
    let (mut text, mut count) = (String::new(), 0);
    for line in script.lines() {
        let pattern = line
            .strip_prefix("uprobe:")
            .and_then(|point| point.trim_end_matches(',').strip_suffix('*'));
        let Some((path, prefix)) = pattern.and_then(|point| point.rsplit_once(':')) else {
            count += usize::from(line.starts_with("uprobe:"));
            let _ = writeln!(text, "{line}");
            continue;
        };
        let points: Vec<String> = symbols
            .iter()
            .filter(|symbol| symbol.starts_with(prefix))
            .map(|symbol| format!("uprobe:{path}:{symbol}"))
            .collect();
        count += points.len();
        let comma = if line.ends_with(',') { "," } else { "" };
        let _ = writeln!(text, "{}{comma}", points.join(",\n"));
    }
    (text, count)
}
