//! The answer on a terminal: what is printed scrolls, and below it results and the state of the run are written anew in
//! place.

mod keys;
mod mode;
mod screen;
mod since;
mod status;
#[cfg(test)]
mod tests;
mod view;

use super::text::{self, Form, LINES_OF_A_RESULT};
use super::{Report, Room};
use crate::run::decode::{Clock, Line};
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::results::Table;
use crate::run::status::{End, Status};
use keys::Keys;
use mode::Mode;
use std::io::{self, Stdout};
use std::os::fd::AsFd as _;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use view::View;

/// The report; the terminal is as it was when this is dropped.
pub(crate) struct Terminal {
    view: Arc<Mutex<View<Stdout>>>,
    keys: Option<Keys>,
    colored: bool,
    clock: Clock,
    /// The first problem with the terminal.
    problem: Option<io::Error>,
}

/// What a terminal that does not tell its size is taken for.
const SIZE: (usize, usize) = (80, 24);

/// Columns and lines of the terminal at standard output.
fn size() -> (usize, usize) {
    let size = rustix::termios::tcgetwinsize(io::stdout());
    let told = size.map(|size| (usize::from(size.ws_col), usize::from(size.ws_row)));
    match told {
        Ok((columns, lines)) if columns > 0 && lines > 0 => (columns, lines),
        _ => SIZE,
    }
}

/// The form of text on a terminal that scrolls only.
pub(crate) fn form(colored: bool, clock: Clock) -> Form {
    Form {
        colored,
        room: Room {
            columns: Some(size().0),
            lines: Some(LINES_OF_A_RESULT),
            is_terminal: true,
        },
        clock,
    }
}

impl Terminal {
    /// Takes the terminal at standard output, if this process is the one that it talks with. Keys that end the run
    /// count as interrupts. `has_results` says that results are known before the end.
    pub(crate) fn begin(
        sites: usize,
        colored: bool,
        clock: Clock,
        has_results: bool,
        interrupts: &Arc<AtomicUsize>,
    ) -> Option<Self> {
        let stdout = io::stdout();
        if !mode::is_ours(stdout.as_fd()) {
            return None;
        }
        let view = View::new(stdout, Box::new(size), colored, sites, has_results);
        let view = Arc::new(Mutex::new(view));
        let keys = Keys::begin(&view, Mode::begin(), interrupts);
        Some(Self {
            view,
            keys: Some(keys),
            colored,
            clock,
            problem: None,
        })
    }

    /// What prints lines of somebody else above the results.
    pub(crate) fn printer(&self) -> impl Fn(&[u8]) + Send + 'static {
        let view = Arc::clone(&self.view);
        move |line: &[u8]| view.lock().unwrap_or_else(PoisonError::into_inner).line(line)
    }

    fn view(&self) -> MutexGuard<'_, View<Stdout>> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn form(&self) -> Form {
        form(self.colored, self.clock)
    }

    fn close(&mut self, last: &[u8]) {
        let mut view = self.view();
        view.close(last);
        drop(view);
        self.keys = None;
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.close(b"");
    }
}

impl Report for Terminal {
    fn line(&mut self, line: &Line) {
        self.view().line(&line.text);
    }

    fn tree(&mut self, tree: &CallTree) {
        let drawn = text::tree(tree, self.form());
        self.view().printed(&drawn);
    }

    fn summary(&mut self, summary: &Summary) {
        let drawn = text::summary(summary, self.form());
        self.view().printed(&drawn);
    }

    fn text(&mut self, text: &str) {
        self.view().line(text.as_bytes());
    }

    fn shown(&mut self, table: &Table) {
        self.view().shown(table);
    }

    fn state(&mut self, tables: &[Table], status: &Status) {
        let mut view = self.view();
        view.state(tables, status);
        let problem = view.problem().map(|problem| io::Error::from(problem.kind()));
        drop(view);
        self.problem = problem;
    }

    fn end(&mut self, tables: &[Table], _: &End) {
        let last = text::results(tables, self.form());
        self.close(&last);
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}
