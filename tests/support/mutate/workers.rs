//! Processes that do the work, and what came of all of it.

use super::Kind;
use super::work::{Material, Outcome};
use crate::support::Trouble;
use crate::support::program::lines_of;
use std::collections::BTreeMap;
use std::fmt;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

/// The variable that tells a process of this test that it is a worker, and what to do.
pub const WORK: &str = "GOBT_MUTATE_WORK";

/// KiB of addresses that a worker may use.
const ADDRESSES: &str = "2097152";

/// Nothing may take longer, whatever else the machine does.
const HANGS: Duration = Duration::from_secs(120);

/// The most that one input may cost.
const MEMORY: usize = 512 << 20;
/// Likewise; without optimisation everything is slower.
const TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 2 });

/// What came of all mutations, by number.
pub struct Summary {
    kind: Kind,
    pub outcomes: BTreeMap<usize, Outcome>,
}

/// Does the first `count` mutations of a kind.
pub fn run(kind: Kind, count: usize, all: bool) -> Result<Summary, Trouble> {
    // What they are made from is built, or known to be lacking, before several processes want it.
    Material::of(kind, all)?;
    let processors = thread::available_parallelism().map_or(1, usize::from).min(4);
    let outcomes = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for first in 0..processors {
            let outcomes = &outcomes;
            scope.spawn(move || {
                let mut next = first;
                // A worker that ends early is followed by another, which goes on behind what ended it.
                while next < count {
                    let what = format!(
                        "{} {next} {processors} {count} {}",
                        kind.name(),
                        if all { "all" } else { "some" }
                    );
                    next = worker(&what, processors, count, &mut |n, outcome| {
                        outcomes.lock().unwrap().insert(n, outcome);
                    });
                }
            });
        }
    });
    Ok(Summary {
        kind,
        outcomes: outcomes.into_inner().unwrap(),
    })
}

/// Runs one process until it ends. Gives the number that the next one is to begin with.
fn worker(what: &str, step: usize, count: usize, tell: &mut dyn FnMut(usize, Outcome)) -> usize {
    let mut child = Command::new("sh")
        .args([
            "-c",
            "ulimit -c 0; ulimit -v \"$1\"; shift; exec \"$@\"",
            "sh",
            ADDRESSES,
        ])
        .arg(std::env::current_exe().unwrap())
        .env(WORK, what)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let lines = lines_of(child.stdout.take());
    let mut begun = None;
    loop {
        let failed = |result: String| Outcome {
            name: "?".to_owned(),
            result,
            taken: Duration::ZERO,
            memory: 0,
        };
        match lines.recv_timeout(HANGS) {
            Ok(line) => {
                let parts: Vec<&str> = line.split('\t').collect();
                match parts.as_slice() {
                    ["begun", n] => begun = Some(n.parse().unwrap()),
                    ["done", n, name, result, micros, memory] => {
                        begun = None;
                        tell(
                            n.parse().unwrap(),
                            Outcome {
                                name: (*name).to_owned(),
                                result: (*result).to_owned(),
                                taken: Duration::from_micros(micros.parse().unwrap()),
                                memory: memory.parse().unwrap(),
                            },
                        );
                    }
                    _ => panic!("a worker says {line:?}"),
                }
            }
            Err(why) => {
                let hangs = why == std::sync::mpsc::RecvTimeoutError::Timeout;
                if hangs {
                    let _ = child.kill();
                }
                let status = child.wait().unwrap();
                return match begun {
                    Some(n) => {
                        tell(
                            n,
                            failed(if hangs {
                                "HANG".to_owned()
                            } else {
                                format!("ABORT {status}")
                            }),
                        );
                        n + step
                    }
                    None if status.success() => count,
                    None => panic!("a worker ended with {status} before it did anything"),
                };
            }
        }
    }
}

impl Summary {
    /// Fails for what is neither script nor coded error, or cost too much.
    pub fn verdict(&self) -> Result<(), Trouble> {
        let name = self.kind.name();
        let wrong: Vec<String> = self
            .outcomes
            .iter()
            .filter_map(|(n, outcome)| {
                let bad = ["PANIC", "ABORT", "HANG"]
                    .iter()
                    .any(|word| outcome.result.starts_with(word));
                if bad {
                    Some(format!("{name}:{n} {} {}", outcome.name, outcome.result))
                } else if outcome.taken > TIME || outcome.memory > MEMORY {
                    Some(format!(
                        "{name}:{n} {} took {:?} and {} MiB",
                        outcome.name,
                        outcome.taken,
                        outcome.memory >> 20
                    ))
                } else {
                    None
                }
            })
            .collect();
        if wrong.is_empty() {
            return Ok(());
        }
        let shown: Vec<&str> = wrong.iter().take(40).map(String::as_str).collect();
        Err(format!(
            "{} of {} went wrong:\n{}",
            wrong.len(),
            self.outcomes.len(),
            shown.join("\n")
        )
        .into())
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut by_name: BTreeMap<&str, (usize, usize, Duration, usize)> = BTreeMap::new();
        let mut by_result: BTreeMap<&str, usize> = BTreeMap::new();
        for outcome in self.outcomes.values() {
            for name in [outcome.name.as_str(), "together"] {
                let row = by_name.entry(name).or_default();
                row.0 += 1;
                row.1 += usize::from(outcome.result == "script");
                row.2 = row.2.max(outcome.taken);
                row.3 = row.3.max(outcome.memory);
            }
            let word = outcome
                .result
                .split_once(' ')
                .map_or(outcome.result.as_str(), |(word, rest)| {
                    if word.chars().all(char::is_uppercase) {
                        word
                    } else {
                        &outcome.result[..word.len() + 1 + rest.len()]
                    }
                });
            *by_result.entry(word).or_default() += 1;
        }
        writeln!(
            f,
            "| {} | mutated | valid scripts | coded errors | longest | most memory |",
            self.kind.name()
        )?;
        writeln!(f, "| --- | --- | --- | --- | --- | --- |")?;
        for (name, (count, scripts, longest, most)) in &by_name {
            writeln!(
                f,
                "| {name} | {count} | {scripts} | {} | {} ms | {} MiB |",
                count - scripts,
                longest.as_millis(),
                most >> 20
            )?;
        }
        write!(f, "{by_result:?}")
    }
}
