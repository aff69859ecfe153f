//! The answer in several forms at once.

use super::Report;
use crate::run::decode::Line;
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::results::Table;
use crate::run::status::{End, Status};
use std::io;

/// One that a person or a pipe gets, and those that are saved.
pub(crate) struct Several<'r> {
    first: &'r mut dyn Report,
    saved: Vec<Box<dyn Report + 'r>>,
}

impl<'r> Several<'r> {
    pub(crate) fn new(first: &'r mut dyn Report, saved: Vec<Box<dyn Report + 'r>>) -> Self {
        Self { first, saved }
    }

    fn each(&mut self, mut what: impl FnMut(&mut dyn Report)) {
        what(self.first);
        for report in &mut self.saved {
            what(report.as_mut());
        }
    }
}

impl Report for Several<'_> {
    fn line(&mut self, line: &Line) {
        self.each(|report| report.line(line));
    }

    fn tree(&mut self, tree: &CallTree) {
        self.each(|report| report.tree(tree));
    }

    fn summary(&mut self, summary: &Summary) {
        self.each(|report| report.summary(summary));
    }

    fn text(&mut self, text: &str) {
        self.each(|report| report.text(text));
    }

    fn shown(&mut self, table: &Table) {
        self.each(|report| report.shown(table));
    }

    fn state(&mut self, tables: &[Table], status: &Status) {
        self.each(|report| report.state(tables, status));
    }

    fn end(&mut self, tables: &[Table], end: &End) {
        self.each(|report| report.end(tables, end));
    }

    /// A disk that is full does not take the answer from those who watch.
    fn problem(&self) -> Option<&io::Error> {
        self.first.problem()
    }
}
