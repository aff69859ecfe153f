//! The last lines of a terminal, which are written anew in place; what is printed goes above them and stays.

use crate::run::report::style::Drawn;
use crossterm::cursor::{Hide, MoveTo, MoveToColumn, MoveUp, Show};
use crossterm::queue;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use std::io::{self, Write};

/// A terminal, whose cursor is behind the last of the lines that are written anew.
pub(super) struct Screen<W> {
    out: W,
    /// The widths of the lines that are there.
    there: Vec<usize>,
    /// The terminal shows another screen, all of which is written anew.
    is_whole: bool,
    pub(super) problem: Option<io::Error>,
}

impl<W: Write> Screen<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            there: Vec::new(),
            is_whole: false,
            problem: None,
        }
    }

    /// Prints what stays, each line with its end, and writes the lines below it anew.
    pub(super) fn paint(&mut self, printed: &[u8], lines: &[Drawn], columns: usize, colored: bool) {
        let written = self.try_paint(printed, lines, columns, colored);
        self.note(written);
    }

    /// Writes a whole screen, beside the one that scrolls.
    pub(super) fn whole(&mut self, lines: &[Drawn], colored: bool) {
        let written = self.try_whole(lines, colored);
        self.note(written);
    }

    /// Back to the screen that scrolls.
    pub(super) fn leave_whole(&mut self) {
        if std::mem::take(&mut self.is_whole) {
            let mut bytes = Vec::new();
            let written = queue!(bytes, LeaveAlternateScreen, Show).and_then(|()| self.write(&bytes));
            self.note(written);
        }
    }

    fn try_whole(&mut self, lines: &[Drawn], colored: bool) -> io::Result<()> {
        let mut bytes = Vec::new();
        queue!(bytes, BeginSynchronizedUpdate)?;
        if !std::mem::replace(&mut self.is_whole, true) {
            queue!(bytes, EnterAlternateScreen, Hide)?;
        }
        for (at, line) in (0..u16::MAX).zip(lines) {
            // Before the line: behind one that fills the terminal its end would go.
            queue!(bytes, MoveTo(0, at), Clear(ClearType::CurrentLine))?;
            line.write(&mut bytes, colored);
        }
        if let Ok(at) = u16::try_from(lines.len()) {
            queue!(bytes, MoveTo(0, at.saturating_sub(1)))?;
        }
        queue!(bytes, EndSynchronizedUpdate)?;
        self.write(&bytes)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.problem.is_some() {
            return Ok(());
        }
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    fn note(&mut self, written: io::Result<()>) {
        if let Err(problem) = written {
            self.problem.get_or_insert(problem);
        }
    }

    /// The lines that were written are somewhere else now: new ones begin where the cursor is.
    pub(super) fn forget(&mut self) {
        self.there.clear();
        self.is_whole = false;
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
        self.write(&bytes)
    }
}
