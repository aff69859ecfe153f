//! The answer as text: lines as they come, and the results at the end.

use super::calls;
use super::draw;
use super::style::Drawn;
use super::{Report, Room};
use crate::run::decode::{Clock, Line};
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::results::Table;
use crate::run::status::{End, Status, Why};
use crate::visible::visible_bytes;
use std::io::{self, Write};

/// How text is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// With colours.
    pub(crate) colored: bool,
    /// For whom results are drawn.
    pub(crate) room: Room,
    /// The time of day of what comes.
    pub(crate) clock: Clock,
}

/// Writes to any output; problems with it end the run elsewhere.
pub(crate) struct Text<W> {
    out: W,
    form: Form,
    problem: Option<io::Error>,
}

/// Rows of a result that are written on a terminal when a run ends.
pub(crate) const LINES_OF_A_RESULT: usize = 100;

impl<W: Write> Text<W> {
    pub(crate) fn new(out: W, form: Form) -> Self {
        Self {
            out,
            form,
            problem: None,
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.problem.is_none()
            && let Err(problem) = self.out.write_all(bytes).and_then(|()| self.out.flush())
        {
            self.problem = Some(problem);
        }
    }
}

/// A line of the run's, with the end of the line; on a terminal, nothing in it acts.
pub(crate) fn line(text: &[u8], is_terminal: bool) -> Vec<u8> {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let mut out = if is_terminal {
        let lines: Vec<String> = text.split(|byte| *byte == b'\n').map(tabbed).collect();
        lines.join("\n").into_bytes()
    } else {
        text.to_vec()
    };
    out.push(b'\n');
    out
}

/// Tabs stay what they are.
fn tabbed(text: &[u8]) -> String {
    let parts: Vec<String> = text.split(|byte| *byte == b'\t').map(visible_bytes).collect();
    parts.join("\t")
}

/// Drawn lines as text.
pub(crate) fn written(lines: &[Drawn], colored: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        line.write(&mut out, colored);
        out.push(b'\n');
    }
    out
}

/// A call tree, and an empty line.
pub(crate) fn tree(tree: &CallTree, form: Form) -> Vec<u8> {
    let mut out = written(&calls::tree::drawn(tree, form.clock, form.room), form.colored);
    out.push(b'\n');
    out
}

/// What call trees come to, and an empty line.
pub(crate) fn summary(summary: &Summary, form: Form) -> Vec<u8> {
    let mut out = written(&calls::summary::drawn(summary, form.room), form.colored);
    out.push(b'\n');
    out
}

/// All results at the end of a run.
pub(crate) fn results(tables: &[Table], form: Form) -> Vec<u8> {
    let mut out = Vec::new();
    for table in tables {
        out.extend(written(&draw::table(table, form.room), form.colored));
        out.push(b'\n');
    }
    out
}

impl<W: Write> Report for Text<W> {
    fn line(&mut self, line: &Line) {
        self.text_of(&line.text);
    }

    fn tree(&mut self, tree: &CallTree) {
        let drawn = self::tree(tree, self.form);
        self.write(&drawn);
    }

    fn summary(&mut self, summary: &Summary) {
        let drawn = self::summary(summary, self.form);
        self.write(&drawn);
    }

    fn text(&mut self, text: &str) {
        self.text_of(text.as_bytes());
    }

    fn shown(&mut self, table: &Table) {
        let drawn = written(&draw::table(table, self.form.room), self.form.colored);
        self.write(&drawn);
    }

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, tables: &[Table], _: &End) {
        let results = results(tables, self.form);
        self.write(&results);
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}

impl<W: Write> Text<W> {
    fn text_of(&mut self, text: &[u8]) {
        let line = line(text, self.form.room.is_terminal);
        self.write(&line);
    }
}

/// How a run ended, and what helps against what was lost; in lines.
pub(crate) fn ending_with_help(end: &End) -> String {
    let help = if end.status.lost.events > 0 {
        " = help: `where`, `sample 1/N` and `limit N/s` make fewer records; a larger BPFTRACE_PERF_RB_PAGES in the\n   \
         environment makes more room (pages of 4 KiB, a power of two)\n"
    } else {
        ""
    };
    format!("{}\n{help}", ending(end))
}

/// How a run ended, for people.
pub(crate) fn ending(end: &End) -> String {
    let why = match &end.why {
        Why::Asked => "ended",
        Why::Time => "the time is over",
        Why::Recipe => "ended by the recipe",
        Why::TargetEnded => "the traced process ended",
        Why::TargetsEnded => "all traced processes ended",
        Why::CommandEnded(_) => "the command ended",
        Why::TooManyHits { .. } => "the probes were taken away",
        Why::Interrupted => "somebody else ended bpftrace",
        Why::Failed(_) => "bpftrace failed",
    };
    let mut text = format!("{why} after {:.1} s", end.status.elapsed.as_secs_f64());
    if let Why::CommandEnded(code) = end.why {
        text.push_str(&format!(", its exit code is {code}"));
    }
    if let Why::TooManyHits { seen, most } = end.why {
        text.push_str(&format!(
            ": {seen} hits a second are more than {most} (--max-rate); this is what was seen until then"
        ));
    }
    if end.status.lost.is_none() {
        text.push_str("; nothing was lost");
    } else {
        text.push_str(&format!("; {}", end.status.lost.sentences().join("; ")));
    }
    text
}
