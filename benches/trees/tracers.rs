//! gobt and the others: how each is started and ended, and what it tells.

use super::judge::{Shape, Told, shape};
use super::support::Trouble;
use super::support::bpftrace::Release;
use super::support::calls::told_of;
use super::support::program::{lines_of, spawn_fresh, wait};
use super::support::run::GOBT;
use super::support::running::install;
use serde_json::Value as Json;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// The longest that probes may take to be there, or to be gone.
const PATIENCE: Duration = Duration::from_secs(1200);
/// What is still on its way after the program's end has come when nothing has come for this long.
const QUIET: Duration = Duration::from_millis(1500);

/// Where gobt's answer is besides.
const TOLD: &str = "told.json";

/// One of them.
pub(crate) enum Tracer {
    /// `gobt run`, with a directory that has this bpftrace.
    Gobt(Release, PathBuf),
    /// Another, and how it names what it attaches to.
    Other(&'static str, PathBuf, &'static str),
}

impl Tracer {
    pub(crate) fn gobt(release: Release, place: &Path) -> Result<Self, Trouble> {
        let directory = place.join(release.number());
        install(release, &directory, &[place])?;
        Ok(Self::Gobt(release, directory))
    }

    /// The others that have been built.
    pub(crate) fn peers(place: &Path) -> Vec<Self> {
        let all = [("gofuncgraph", "--uprobe-wildcards"), ("go-ftrace", "-u")];
        let all = all.map(|(name, flag)| Self::Other(name, place.join(name), flag));
        all.into_iter().collect()
    }

    /// For people.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Gobt(release, _) => format!("gobt, bpftrace {}", release.number()),
            Self::Other(name, _, _) => (*name).to_owned(),
        }
    }

    /// Traces these functions in every process of a file, the first of them as roots.
    pub(crate) fn start(
        &self,
        executable: &Path,
        functions: &[&str],
        roots: usize,
    ) -> Result<Tracing, Trouble> {
        let began = Instant::now();
        let (roots, rest) = functions.split_at(roots);
        let mut command = match self {
            Self::Gobt(_, directory) => {
                let into = if rest.is_empty() {
                    String::new()
                } else {
                    format!(" into {}", rest.join(", "))
                };
                let recipe = directory.join("recipe.gobt");
                std::fs::write(&recipe, format!("graph {}{into}\n", roots.join(",\n    ")))?;
                let mut command = Command::new(GOBT);
                command.arg("run").arg(recipe);
                command.args(["--max-rate", "0", "--bin"]).arg(executable);
                command.arg("--save").arg(directory.join(TOLD));
                let path = format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", directory.display());
                command
                    .env("PATH", path)
                    .env("TMPDIR", executable.parent().unwrap_or(directory));
                command
            }
            Self::Other(_, file, flag) => {
                let mut command = Command::new(file);
                for function in functions {
                    command.args([flag, function]);
                }
                command.arg(executable).args(roots);
                command
            }
        };
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = spawn_fresh(&mut command)?;
        if let Some(stdin) = &mut child.stdin {
            // The others ask whether they may.
            let _ = stdin.write_all(b"y\n");
        }
        Ok(Tracing {
            saved: match self {
                Self::Gobt(_, directory) => Some(directory.join(TOLD)),
                Self::Other(..) => None,
            },
            began,
            stdout: lines_of(child.stdout.take()),
            stderr: lines_of(child.stderr.take()),
            child,
        })
    }
}

/// One that traces.
pub(crate) struct Tracing {
    saved: Option<PathBuf>,
    began: Instant,
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
}

impl Tracing {
    /// Waits until all probes are there, and says how long that took.
    pub(crate) fn is_ready(&mut self) -> Result<Duration, Trouble> {
        let mut heard = Vec::new();
        loop {
            let Ok(line) = self.stderr.recv_timeout(PATIENCE) else {
                heard.extend(self.stdout.try_iter());
                return Err(format!("it does not trace:\n{}", heard.join("\n")).into());
            };
            if line.contains("start tracing") || line.starts_with("tracing ") {
                return Ok(self.began.elapsed());
            }
            heard.push(line);
        }
    }

    /// Takes what still comes, presses Ctrl-C, and gives the time from then to its end, and all that it told.
    pub(crate) fn end(mut self) -> Result<(Duration, Told), Trouble> {
        let mut lines = Vec::new();
        while let Ok(line) = self.stdout.recv_timeout(QUIET) {
            lines.push(line);
        }
        let began = Instant::now();
        Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status()?;
        wait(&mut self.child, PATIENCE)?;
        let took = began.elapsed();
        lines.extend(self.stdout.iter());
        let Some(saved) = self.saved else {
            let trees = drawn(&lines);
            return Ok((
                took,
                Told {
                    trees,
                    parts: Vec::new(),
                },
            ));
        };
        let text = std::fs::read_to_string(saved)?;
        let objects = text.lines().map(serde_json::from_str);
        let objects: Vec<Json> = objects
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        let (whole, parts) = told_of(&objects)?;
        let shapes = |trees: super::support::calls::Trees| trees.into_values().flatten().map(shape).collect();
        Ok((
            took,
            Told {
                trees: shapes(whole),
                parts: shapes(parts),
            },
        ))
    }
}

/// The trees that the others draw: `… main.leaf() { main.root+81 main.go:117` and `… } main.leaf+158 main.go:132`.
fn drawn(lines: &[String]) -> Vec<Shape> {
    let mut trees: Vec<Shape> = Vec::new();
    // The calls of the last tree that are open.
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.is_empty() {
            open.clear();
        } else if let Some(at) = words.iter().position(|word| *word == "{") {
            let name = words[..at].last().map_or("", |word| word.trim_end_matches("()"));
            if open.is_empty() {
                trees.push(Vec::new());
            }
            if let Some(tree) = trees.last_mut() {
                open.push(tree.len());
                tree.push((open.len() - 1, name.to_owned(), false));
            }
        } else if words.contains(&"}")
            && let (Some(at), Some(tree)) = (open.pop(), trees.last_mut())
        {
            tree[at].2 = true;
        }
    }
    trees
}
