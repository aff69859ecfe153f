//! The last lines of a terminal, which are written anew in place; what is printed goes above them and stays.

use crate::run::report::style::Drawn;
use crossterm::cursor::{MoveToColumn, MoveUp};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use std::io::{self, Write};

/// A terminal, whose cursor is behind the last of the lines that are written anew.
pub(super) struct Screen<W> {
    out: W,
    /// The widths of the lines that are there.
    there: Vec<usize>,
    pub(super) problem: Option<io::Error>,
}

impl<W: Write> Screen<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            there: Vec::new(),
            problem: None,
        }
    }

    /// Prints what stays, each line with its end, and writes the lines below it anew.
    pub(super) fn paint(&mut self, printed: &[u8], lines: &[Drawn], columns: usize, colored: bool) {
        if self.problem.is_some() {
            return;
        }
        if let Err(problem) = self.try_paint(printed, lines, columns, colored) {
            self.problem = Some(problem);
        }
    }

    /// The lines that were written are somewhere else now: new ones begin where the cursor is.
    pub(super) fn forget(&mut self) {
        self.there.clear();
    }

    fn try_paint(
        &mut self,
        printed: &[u8],
        lines: &[Drawn],
        columns: usize,
        colored: bool,
    ) -> io::Result<()> {
        let mut bytes = Vec::new();
        queue!(bytes, BeginSynchronizedUpdate, MoveToColumn(0))?;
        // A terminal that became narrower has broken the lines that are longer now.
        let rows = |width: usize| width.div_ceil(columns.max(1)).max(1);
        let above: usize = self.there.iter().map(|width| rows(*width)).sum();
        let above = u16::try_from(above.saturating_sub(1)).unwrap_or(u16::MAX);
        if above > 0 {
            queue!(bytes, MoveUp(above))?;
        }
        queue!(bytes, Clear(ClearType::FromCursorDown))?;
        for line in printed.split_inclusive(|byte| *byte == b'\n') {
            bytes.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
            bytes.extend_from_slice(b"\r\n");
        }
        for (at, line) in lines.iter().enumerate() {
            if at > 0 {
                bytes.extend_from_slice(b"\r\n");
            }
            line.write(&mut bytes, colored);
        }
        queue!(bytes, EndSynchronizedUpdate)?;
        self.there = lines.iter().map(Drawn::width).collect();
        self.out.write_all(&bytes)?;
        self.out.flush()
    }
}
