//! Call trees as the events of a trace that browsers load: a track for each goroutine, an event for each call
//! (`"ph": "X"` of the Trace Event Format, which Perfetto reads too).

use super::Report;
use super::about::About;
use crate::run::decode::Line;
use crate::run::graph::summary::Summary;
use crate::run::graph::{Call, CallTree, Ending};
use crate::run::results::Table;
use crate::run::status::{End, Status};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Writes to any output.
pub(crate) struct Chrome<W: Write> {
    out: W,
    problem: Option<io::Error>,
    has_events: bool,
    /// The program's name, of processes.
    program: String,
    /// The processes, and the tracks of goroutines, that have a name.
    named: BTreeSet<(u32, Option<u64>)>,
}

impl<W: Write> Chrome<W> {
    pub(crate) fn new(out: W, about: &About) -> Self {
        let mut chrome = Self {
            out,
            problem: None,
            has_events: false,
            program: name(&about.program),
            named: BTreeSet::new(),
        };
        chrome.write("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
        chrome
    }

    fn write(&mut self, text: &str) {
        if self.problem.is_none() {
            self.problem = self.out.write_all(text.as_bytes()).err();
        }
    }

    /// Gives a goroutine's track its name, and its process.
    fn track(&mut self, process: u32, goroutine: u64) {
        if self.named.insert((process, None)) {
            self.event(&json!({
                "ph": "M", "pid": process, "name": "process_name", "args": { "name": self.program },
            }));
        }
        if self.named.insert((process, Some(goroutine))) {
            // Whoever draws it puts the number behind the name.
            self.event(&json!({
                "ph": "M", "pid": process, "tid": goroutine, "name": "thread_name",
                "args": { "name": "goroutine" },
            }));
        }
    }

    /// An arrow from a goroutine to the one that it started.
    fn started(&mut self, tree: &CallTree, call: &Call, maker: u64, goroutine: u64) {
        for (phase, track) in [("s", maker), ("f", goroutine)] {
            self.event(&json!({
                "ph": phase,
                "bp": "e",
                "id": format!("{}.{goroutine}", tree.under.process),
                "pid": tree.under.process,
                "tid": track,
                "ts": microseconds(call.begun),
                "name": "go",
                "cat": tree.name,
            }));
        }
    }

    fn event(&mut self, event: &Json) {
        let comma = if self.has_events { ",\n" } else { "" };
        self.has_events = true;
        self.write(&format!("{comma}{event}"));
    }
}

/// A file's name without its directories.
fn name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Microseconds, in which these files have their times.
fn microseconds(nanoseconds: u64) -> Json {
    let text = format!("{}.{:03}", nanoseconds / 1000, nanoseconds % 1000);
    // A number of this form is always read.
    text.parse::<serde_json::Number>()
        .map_or(Json::Null, Json::Number)
}

/// What is known of a call besides its time.
fn about(call: &Call) -> Json {
    let mut about = call.arguments.json();
    if !call.results.values.is_empty() {
        about.insert("results".to_owned(), Json::Object(call.results.json()));
    }
    if let Some(caller) = &call.caller {
        about.insert(
            "called from".to_owned(),
            json!(format!("{}:{}", caller.file, caller.line)),
        );
    }
    let ending = match call.ending {
        Ending::Returned | Ending::Jumped => None,
        Ending::Inlined => Some("was inlined"),
        Ending::Left => Some("did not return"),
        Ending::Open => Some("has not returned yet"),
        Ending::Lost => Some("lost"),
    };
    if let Some(ending) = ending {
        about.insert("end".to_owned(), json!(ending));
    }
    Json::Object(about)
}

impl<W: Write> Report for Chrome<W> {
    fn line(&mut self, _: &Line) {}

    fn tree(&mut self, tree: &CallTree) {
        let process = tree.under.process;
        let goroutines = tree.goroutines();
        let mut makers: Vec<u64> = Vec::new();
        for ((call, ended), goroutine) in tree.calls.iter().zip(tree.ends()).zip(goroutines) {
            self.track(process, goroutine);
            makers.truncate(call.depth);
            if let (Some(_), Some(maker)) = (call.starts, makers.last()) {
                self.started(tree, call, *maker, goroutine);
            }
            makers.push(goroutine);
            self.event(&json!({
                "ph": "X",
                "pid": process,
                "tid": goroutine,
                "ts": microseconds(call.begun),
                "dur": microseconds(ended.saturating_sub(call.begun)),
                "name": call.name().as_deref().unwrap_or("(lost)"),
                "cat": tree.name,
                "args": about(call),
            }));
        }
    }

    fn summary(&mut self, _: &Summary) {}

    fn text(&mut self, _: &str) {}

    fn shown(&mut self, _: &Table) {}

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, _: &[Table], _: &End) {
        self.write("\n]}\n");
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}
