//! Everything that came in a run, to be shown again: the first line says what it is, each other one has an event.

use super::Report;
use super::about::About;
use crate::run::decode::Line;
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::results::Table;
use crate::run::status::{End, Status};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// What the first line of a recording says it is.
const KIND: &str = "gobt recording";
/// The version of the form; another one is not read.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Head {
    kind: String,
    version: u32,
    about: About,
}

/// What the first line has, whatever its version.
#[derive(Deserialize)]
struct Version {
    kind: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Event {
    Line(Line),
    Tree(CallTree),
    Summary(Summary),
    Text(String),
    Shown(Table),
    End { tables: Vec<Table>, end: End },
}

/// Writes to any output.
pub(crate) struct Recorder<W> {
    out: W,
    problem: Option<io::Error>,
}

impl<W: Write> Recorder<W> {
    pub(crate) fn new(out: W, about: &About) -> Self {
        let mut recorder = Self { out, problem: None };
        recorder.write(&Head {
            kind: KIND.to_owned(),
            version: VERSION,
            about: about.clone(),
        });
        recorder
    }

    fn write(&mut self, what: &impl Serialize) {
        if self.problem.is_some() {
            return;
        }
        let text = serde_json::to_string(what).map_err(io::Error::from);
        self.problem = text.and_then(|text| writeln!(self.out, "{text}")).err();
    }
}

impl<W: Write> Report for Recorder<W> {
    fn line(&mut self, line: &Line) {
        self.write(&Event::Line(line.clone()));
    }

    fn tree(&mut self, tree: &CallTree) {
        self.write(&Event::Tree(tree.clone()));
    }

    fn summary(&mut self, summary: &Summary) {
        self.write(&Event::Summary(summary.clone()));
    }

    fn text(&mut self, text: &str) {
        self.write(&Event::Text(text.to_owned()));
    }

    fn shown(&mut self, table: &Table) {
        self.write(&Event::Shown(table.clone()));
    }

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, tables: &[Table], end: &End) {
        self.write(&Event::End {
            tables: tables.to_vec(),
            end: end.clone(),
        });
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}

/// A recording that was read and found whole.
pub(crate) struct Recording {
    pub(crate) about: About,
    events: Vec<Event>,
}

impl Recording {
    /// Reads a recording.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
        let first = lines.next().map(|(_, line)| line).unwrap_or_default();
        let no_recording = || "it is no recording of `gobt run --save FILE.rec`".to_owned();
        let version: Version = serde_json::from_slice(first).map_err(|_| no_recording())?;
        if version.kind != KIND {
            return Err(no_recording());
        }
        if version.version != VERSION {
            let theirs = version.version;
            return Err(format!(
                "it has version {theirs}, and this gobt reads version {VERSION} only"
            ));
        }
        let head: Head = serde_json::from_slice(first).map_err(|_| damaged(1))?;
        let mut events = Vec::new();
        for (at, line) in lines {
            if let Some(Event::End { .. }) = events.last() {
                return Err(format!("there is more behind its end, in line {}", at + 1));
            }
            let event: Event = serde_json::from_slice(line).map_err(|_| damaged(at + 1))?;
            if let Event::Line(line) = &event
                && head.about.places.get(line.probe).is_none()
            {
                return Err(damaged(at + 1));
            }
            events.push(event);
        }
        match events.last() {
            Some(Event::End { .. }) => Ok(Self {
                about: head.about,
                events,
            }),
            _ => Err("its end is missing: it was cut short".to_owned()),
        }
    }

    /// The call trees.
    pub(crate) fn trees(&self) -> impl Iterator<Item = &CallTree> {
        self.events.iter().filter_map(|event| match event {
            Event::Tree(tree) => Some(tree),
            _ => None,
        })
    }

    /// What call trees came to, of each directive.
    pub(crate) fn summaries(&self) -> impl Iterator<Item = &Summary> {
        self.events.iter().filter_map(|event| match event {
            Event::Summary(summary) => Some(summary),
            _ => None,
        })
    }

    /// Forgets the call trees, but not what they came to.
    pub(crate) fn forget_trees(&mut self) {
        self.events.retain(|event| !matches!(event, Event::Tree(_)));
    }

    /// Gives it all to a report, and how it ended.
    pub(crate) fn show(&self, report: &mut dyn Report) -> Option<&End> {
        for event in &self.events {
            if report.problem().is_some() {
                return None;
            }
            match event {
                Event::Line(line) => report.line(line),
                Event::Tree(tree) => report.tree(tree),
                Event::Summary(summary) => report.summary(summary),
                Event::Text(text) => report.text(text),
                Event::Shown(table) => report.shown(table),
                Event::End { tables, end } => {
                    report.end(tables, end);
                    return Some(end);
                }
            }
        }
        None
    }
}

fn damaged(line: usize) -> String {
    format!("its line {line} is damaged")
}
