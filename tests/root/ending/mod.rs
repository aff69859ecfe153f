//! `gobt run` from its start to its end, whichever way it ends: the answer is there, and nothing is left behind.

mod ends;
mod pace;
mod saves;
mod thousand;

use crate::support::bpftrace::{Release, usable};
use crate::support::program::{lines_of, spawn_fresh};
use crate::support::run::GOBT;
use crate::support::running::install;
use crate::support::suite::Suite;
use crate::support::{Trouble, cache};
use gobt::run::attached::Breakpoints;
use gobt::target::Target;
use gobt::target::load::Loaded;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// All trials.
pub fn suite() -> Suite {
    // Whoever runs in the background may be told to ignore Ctrl-C, and programs that it starts would be, too; not where
    // it has a handler, such as this one, which does what is usual.
    let is_usual = Arc::new(AtomicBool::new(true));
    signal_hook::flag::register_conditional_default(signal_hook::consts::SIGINT, is_usual)
        .expect("a handler of SIGINT");
    let mut trials = ends::trials();
    trials.extend(thousand::trials());
    trials.extend(saves::trials());
    trials.extend(pace::trials());
    trials.into()
}

/// How long a run may take to end, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A directory of its own, in which bpftrace of a release is on the path.
struct Scene {
    place: PathBuf,
    executable: PathBuf,
    loaded: Loaded,
}

impl Scene {
    /// With a copy of a program that was built.
    fn new(name: &str, release: Release, built: &Path) -> Result<Self, Trouble> {
        usable(release)?;
        let place = cache()
            .join("ending")
            .join(format!("{name}-{}", release.number()));
        let _ = fs::remove_dir_all(&place);
        let own = place.join("own");
        fs::create_dir_all(&own)?;
        let executable = place.join("program");
        fs::copy(built, &executable)?;
        install(release, &place.join("bin"), &[place.as_path(), own.as_path()])?;
        let loaded = Loaded::open(&executable).map_err(|problem| problem.message)?;
        Ok(Self {
            place,
            executable,
            loaded,
        })
    }

    /// What the run writes for itself is in here.
    fn own(&self) -> PathBuf {
        self.place.join("own")
    }

    /// `gobt run` with these arguments.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(GOBT);
        command.arg("run").args(arguments);
        self.surround(&mut command);
        command
    }

    /// The environment of a run.
    fn surround(&self, command: &mut Command) {
        let path = format!(
            "{}:/usr/sbin:/usr/bin:/sbin:/bin",
            self.place.join("bin").display()
        );
        command
            .env("PATH", path)
            .env("TMPDIR", self.own())
            .env("LC_ALL", "C.UTF-8");
    }

    fn start(&self, arguments: &[&str]) -> Result<Running, Trouble> {
        Running::of(&mut self.command(arguments))
    }

    /// Fails if files, processes or breakpoints in this process are left.
    fn is_clean(&self, pid: Option<u32>) -> Result<(), Trouble> {
        self.becomes_clean(pid, Duration::from_secs(5))
    }

    /// The same where bpftrace may still be busy with it.
    fn becomes_clean(&self, pid: Option<u32>, patience: Duration) -> Result<(), Trouble> {
        let left: Vec<_> = fs::read_dir(self.own())?
            .flatten()
            .map(|entry| entry.path())
            .collect();
        assert!(left.is_empty(), "left behind: {left:?}");
        let deadline = Instant::now() + patience;
        loop {
            let alive = speaks_of(&self.own())?;
            let breakpoints = pid.map_or(Ok(0), |pid| self.breakpoints(pid))?;
            if alive.is_empty() && breakpoints == 0 {
                return Ok(());
            }
            assert!(
                Instant::now() < deadline,
                "left behind: {breakpoints} breakpoints, processes {alive:?}"
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// How many there are in a process.
    fn breakpoints(&self, pid: u32) -> Result<usize, Trouble> {
        let target = Target::open(&self.loaded).map_err(|problem| problem.message)?;
        let code = target.code_in_file();
        Ok(Breakpoints::of(pid, &self.executable, self.loaded.main(), &code)?.count())
    }
}

/// The processes whose command line has this path in it.
fn speaks_of(path: &Path) -> Result<Vec<u32>, Trouble> {
    let path = path.to_string_lossy().into_owned();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse() else {
            continue;
        };
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&line).contains(&path) {
            found.push(pid);
        }
    }
    Ok(found)
}

/// A `gobt run` that goes on.
struct Running {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    said: Vec<String>,
}

/// What it came to.
struct Ended {
    status: ExitStatus,
    out: Vec<String>,
    err: Vec<String>,
    /// From when the end was waited for.
    took: Duration,
}

impl Running {
    fn of(command: &mut Command) -> Result<Self, Trouble> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = spawn_fresh(command)?;
        Ok(Self {
            stdout: lines_of(child.stdout.take()),
            stderr: lines_of(child.stderr.take()),
            child,
            said: Vec::new(),
        })
    }

    /// Waits until it says that it traces.
    fn traces(&mut self) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            match self
                .stderr
                .recv_timeout(deadline.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    let traces = line.starts_with("tracing ");
                    self.said.push(line);
                    if traces {
                        return Ok(());
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    return Err(Trouble::Failed(format!(
                        "it does not trace:\n{}",
                        self.said.join("\n")
                    )));
                }
            }
        }
    }

    fn signal(&self, name: &str) -> Result<(), Trouble> {
        let pid = self.child.id().to_string();
        Command::new("kill").args([&format!("-{name}"), &pid]).status()?;
        Ok(())
    }

    fn ends(mut self) -> Result<Ended, Trouble> {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if began.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return Err(Trouble::Failed(format!(
                    "it does not end:\n{}",
                    self.said.join("\n")
                )));
            }
            thread::sleep(Duration::from_millis(2));
        };
        let took = began.elapsed();
        self.said.extend(self.stderr.iter());
        Ok(Ended {
            status,
            out: self.stdout.iter().collect(),
            err: self.said,
            took,
        })
    }
}

impl Ended {
    fn text(&self) -> String {
        format!(
            "{:?}\n{}\n{}",
            self.status,
            self.out.join("\n"),
            self.err.join("\n")
        )
    }

    /// It ended as it was asked to: with its result, or by the signal before it knew of signals.
    fn as_asked(&self) -> bool {
        self.status.success() || self.status.signal() == Some(2)
    }
}
