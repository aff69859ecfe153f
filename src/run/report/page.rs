//! Lines, as many and as long as there is room for.

use super::style::{Drawn, Look};

/// How much room there is for a result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Columns that no line is longer than; none if lines may have any length.
    pub(crate) columns: Option<usize>,
    /// So many lines; none if all are wanted.
    pub(crate) lines: Option<usize>,
    /// It is a terminal, on which no text may act.
    pub(crate) is_terminal: bool,
}

impl Room {
    /// As much as there is, for a file or a pipe.
    pub(crate) fn all() -> Self {
        Self {
            columns: None,
            lines: None,
            is_terminal: false,
        }
    }
}

/// The lines so far.
pub(super) struct Page {
    lines: Vec<Drawn>,
    room: Room,
}

impl Page {
    pub(super) fn new(room: Room) -> Self {
        Self {
            lines: Vec::new(),
            room,
        }
    }

    pub(super) fn room(&self) -> Room {
        self.room
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn lines(self) -> Vec<Drawn> {
        self.lines
    }

    pub(super) fn add(&mut self, line: Drawn) {
        if self.left() > 0 {
            self.lines.push(match self.room.columns {
                Some(columns) => line.cut(columns),
                None => line,
            });
        }
    }

    /// How many more there is room for.
    pub(super) fn left(&self) -> usize {
        match self.room.lines {
            Some(lines) => lines.saturating_sub(self.lines.len()),
            None => usize::MAX,
        }
    }

    /// Adds groups of lines, as many as there is room for, and says how many are left out.
    pub(super) fn groups(&mut self, groups: impl Iterator<Item = Vec<Drawn>>, count: usize) {
        for (at, group) in groups.enumerate() {
            let is_last = at + 1 == count;
            if group.len() + usize::from(!is_last) > self.left() {
                let more = format!("  … and {} more", count - at);
                self.add(Drawn::default().with(Look::Faint, more));
                return;
            }
            for line in group {
                self.add(line);
            }
        }
    }
}
