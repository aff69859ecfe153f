//! Where the answer goes: one file for each form.

pub(crate) mod about;
mod buckets;
mod calls;
pub(crate) mod chrome;
pub(crate) mod csv;
mod draw;
pub(crate) mod json;
mod page;
pub(crate) mod rec;
pub(crate) mod several;
pub(crate) mod stacks;
mod style;
pub(crate) mod terminal;
pub(crate) mod text;

use super::decode::Line;
use super::graph::CallTree;
use super::graph::summary::Summary;
use super::results::Table;
use super::status::{End, Status};
pub(crate) use page::Room;
use std::io;

/// What takes the answer as it comes.
pub(crate) trait Report {
    /// A line.
    fn line(&mut self, line: &Line);

    /// A call tree whose root has ended.
    fn tree(&mut self, tree: &CallTree);

    /// What all trees of a directive came to, before the end.
    fn summary(&mut self, summary: &Summary);

    /// Text of the recipe's own (`raw`, `every 1s { … }`).
    fn text(&mut self, text: &str);

    /// A result that the recipe prints now.
    fn shown(&mut self, table: &Table);

    /// How it stands: the results as they are, if they are known.
    fn state(&mut self, tables: &[Table], status: &Status);

    /// The end: the final results.
    fn end(&mut self, tables: &[Table], end: &End);

    /// Why nothing more can be written, if that is so.
    fn problem(&self) -> Option<&io::Error>;
}
