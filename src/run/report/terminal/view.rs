//! What a terminal shows while a run goes on, and what keys change about it.

use super::browse::Asked;
use super::overlay::Overlay;
use super::screen::Screen;
use super::since::since;
use super::status;
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::report::style::Drawn;
use crate::run::report::{Room, draw, text};
use crate::run::results::Table;
use crate::run::status::Status;
use crossterm::event::KeyCode;
use std::io::{self, Write};
use std::time::{Duration, Instant};

/// What somebody wants by a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing moves until the same key is pressed again.
    Freeze,
    /// Results are counted from now on.
    Clear,
    /// The next result comes first.
    Next,
}

/// How often the terminal is written to.
const PERIOD: Duration = Duration::from_millis(40);
/// What is kept while the view is frozen, in bytes; what is older is printed then.
const MOST_HELD: usize = 16 << 20;

/// Columns and lines of a terminal.
pub(super) type Size = Box<dyn Fn() -> (usize, usize) + Send>;

/// The view.
pub(super) struct View<W> {
    screen: Screen<W>,
    size: Size,
    last_size: (usize, usize),
    colored: bool,
    tables: Vec<Table>,
    status: Status,
    has_results: bool,
    is_attached: bool,
    is_frozen: bool,
    /// The results when they were cleared.
    cleared: Option<Vec<Table>>,
    /// Which result comes first.
    first: usize,
    /// Lines that are to be printed.
    lines: Vec<u8>,
    /// Lines were printed: they get a part of the terminal.
    has_lines: bool,
    last: Option<Instant>,
    trees: Overlay,
    is_over: bool,
}

impl<W: Write> View<W> {
    /// `has_results` says that results are known before the end.
    pub(super) fn new(
        out: W,
        size: Size,
        colored: bool,
        sites: usize,
        has_results: bool,
        trees: Overlay,
    ) -> Self {
        let last_size = size();
        Self {
            screen: Screen::new(out),
            size,
            last_size,
            colored,
            tables: Vec::new(),
            status: Status {
                sites,
                ..Status::default()
            },
            has_results,
            is_attached: false,
            is_frozen: false,
            cleared: None,
            first: 0,
            lines: Vec::new(),
            has_lines: false,
            last: None,
            trees,
            is_over: false,
        }
    }

    /// Prints a line.
    pub(super) fn line(&mut self, text: &[u8]) {
        self.printed(&text::line(text, true));
    }

    /// Prints drawn lines.
    pub(super) fn printed(&mut self, lines: &[u8]) {
        self.lines.extend_from_slice(lines);
        self.has_lines = true;
        if self.lines.len() > MOST_HELD || !self.is_still() {
            self.paint_in_time();
        }
    }

    /// Prints a result.
    pub(super) fn shown(&mut self, table: &Table) {
        let (columns, lines) = (self.size)();
        let room = Room {
            columns: Some(columns),
            lines: Some(lines.max(text::LINES_OF_A_RESULT)),
            is_terminal: true,
        };
        self.lines
            .extend(text::written(&draw::table(table, room), self.colored));
        self.has_lines = true;
        self.paint_in_time();
    }

    pub(super) fn state(&mut self, tables: &[Table], status: &Status) {
        if self.has_results {
            self.tables = tables.to_vec();
        }
        self.status = status.clone();
        self.is_attached = true;
        if !self.is_still() {
            self.paint();
        }
    }

    /// Nothing moves.
    fn is_still(&self) -> bool {
        self.is_frozen || self.trees.is_open()
    }

    /// A key was pressed. Says whether it asks for the end.
    pub(super) fn key(&mut self, code: KeyCode) -> bool {
        if self.trees.is_open() {
            return self.key_in_trees(code);
        }
        match code {
            KeyCode::Char('q' | 'Q') => return true,
            KeyCode::Char('f' | 'F' | ' ') => self.wish(Wish::Freeze),
            KeyCode::Char('c' | 'C') => self.wish(Wish::Clear),
            KeyCode::Char('n' | 'N') | KeyCode::Tab => self.wish(Wish::Next),
            KeyCode::Char('t' | 'T') => self.look_at_trees(),
            KeyCode::Up | KeyCode::Down | KeyCode::Left | KeyCode::Right | KeyCode::Enter
                if self.is_frozen =>
            {
                self.look_at_trees();
            }
            _ => {}
        }
        false
    }

    fn key_in_trees(&mut self, code: KeyCode) -> bool {
        let is_over = self.trees.is_over();
        match self.trees.key(code) {
            Asked::Clear if !is_over => self.wish(Wish::Clear),
            Asked::GoOn if !is_over => {
                self.trees.close();
                self.is_frozen = false;
            }
            Asked::Leave => self.trees.close(),
            Asked::Quit => {
                if is_over {
                    self.trees.close();
                }
                return true;
            }
            Asked::Nothing | Asked::Clear | Asked::GoOn => {}
        }
        self.paint();
        false
    }

    /// Shows call trees, if there may be some.
    pub(super) fn look_at_trees(&mut self) {
        self.trees.open();
        self.paint();
    }

    pub(super) fn are_trees_looked_at(&self) -> bool {
        self.trees.is_open() && !self.is_over
    }

    /// A call tree was printed.
    pub(super) fn tree(&mut self, tree: &CallTree) {
        self.trees.tree(tree);
    }

    /// What call trees come to was printed.
    pub(super) fn summary(&mut self, summary: &Summary) {
        self.trees.summary(summary);
    }

    /// The run has ended, while somebody looks at its trees. `last` is printed when that is over.
    pub(super) fn end(&mut self, last: &[u8]) {
        self.lines.extend_from_slice(last);
        self.trees.end();
        self.paint();
    }

    pub(super) fn wish(&mut self, wish: Wish) {
        match wish {
            Wish::Freeze => self.is_frozen = !self.is_frozen,
            Wish::Clear => {
                self.cleared = Some(self.tables.clone());
                self.trees.clear();
            }
            Wish::Next => self.first = (self.first + 1) % self.tables.len().max(1),
        }
        self.paint();
    }

    /// Time has passed.
    pub(super) fn tick(&mut self) {
        let is_moved = (self.size)() != self.last_size;
        let waits = !self.lines.is_empty() && !self.is_still();
        if is_moved || waits || self.last.is_none() {
            self.paint();
        }
    }

    /// Somebody else has written to the terminal.
    pub(super) fn come_back(&mut self) {
        self.screen.forget();
        self.paint();
    }

    /// Somebody else is about to write to the terminal.
    pub(super) fn step_aside(&mut self) {
        self.screen.leave_whole();
    }

    /// Takes away what is written anew; what was printed stays. `last` is printed below it.
    pub(super) fn close(&mut self, last: &[u8]) {
        if self.is_over {
            return;
        }
        self.is_over = true;
        let mut printed = std::mem::take(&mut self.lines);
        printed.extend_from_slice(last);
        let (columns, _) = (self.size)();
        self.screen.leave_whole();
        self.screen.paint(&printed, &[], columns, self.colored);
    }

    pub(super) fn problem(&self) -> Option<&io::Error> {
        self.screen.problem.as_ref()
    }

    fn paint_in_time(&mut self) {
        if self.last.is_none_or(|last| last.elapsed() >= PERIOD) {
            self.paint();
        }
    }

    fn paint(&mut self) {
        if self.is_over {
            return;
        }
        self.last = Some(Instant::now());
        let (columns, lines) = (self.size)();
        self.last_size = (columns, lines);
        let printed = if self.is_still() && self.lines.len() <= MOST_HELD {
            Vec::new()
        } else {
            std::mem::take(&mut self.lines)
        };
        if self.trees.is_open() {
            if !printed.is_empty() {
                self.screen.leave_whole();
                self.screen.paint(&printed, &[], columns, self.colored);
            }
            let drawn = self.trees.drawn(columns, lines);
            self.screen.whole(&drawn, self.colored);
            return;
        }
        self.screen.leave_whole();
        let drawn = self.drawn(columns, lines);
        self.screen.paint(&printed, &drawn, columns, self.colored);
    }

    /// The lines that are written anew: results, and how it stands.
    fn drawn(&self, columns: usize, lines: usize) -> Vec<Drawn> {
        // One line always stays above, for what is printed.
        let kept = if self.has_lines { (lines / 3).max(1) } else { 1 };
        let mut left = lines.saturating_sub(kept + 1);
        let mut out = Vec::new();
        let count = self.tables.len();
        let order = (0..count).map(|at| (at + self.first) % count.max(1));
        let mut is_cut = false;
        for at in order {
            let Some(table) = self.tables.get(at) else {
                continue;
            };
            // A line between two.
            let between = usize::from(!out.is_empty());
            if left < between + 3 && !out.is_empty() {
                is_cut = true;
                break;
            }
            let room = Room {
                columns: Some(columns),
                lines: Some(left.saturating_sub(between)),
                is_terminal: true,
            };
            let before = self.cleared.as_ref().and_then(|tables| tables.get(at));
            let table = before.map_or_else(|| table.clone(), |before| since(table, before));
            let drawn = draw::table(&table, room);
            if between > 0 {
                out.push(Drawn::default());
            }
            left = left.saturating_sub(between + drawn.len());
            out.extend(drawn);
        }
        let state = status::State {
            status: &self.status,
            is_attached: self.is_attached,
            is_frozen: self.is_frozen,
            has_results: self.has_results,
            is_cleared: self.cleared.is_some(),
            has_trees: self.trees.has_trees(),
            result: is_cut.then_some((self.first + 1, count)),
        };
        out.push(status::line(&state, columns));
        out
    }
}
