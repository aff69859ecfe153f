//! The answer on a terminal: what is printed scrolls, and below it results and the state of the run are written anew in
//! place.

mod browse;
mod keys;
mod mode;
mod overlay;
mod ranked;
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
pub(crate) use browse::Kept;
use keys::{Keys, Stops};
use mode::Mode;
use overlay::Overlay;
use std::io::{self, Stdout};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;
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

/// How often it is looked whether somebody still looks.
const PERIOD: Duration = Duration::from_millis(20);

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
        trees: Kept,
        interrupts: &Arc<AtomicUsize>,
    ) -> Option<Self> {
        let stdout = io::stdout();
        if !mode::is_ours(stdout.as_fd()) {
            return None;
        }
        let trees = Overlay::new(trees, clock);
        let view = View::new(stdout, Box::new(size), colored, sites, has_results, trees);
        let view = Arc::new(Mutex::new(view));
        let keys = Keys::begin(&view, Mode::begin(), Stops::begin(false), interrupts);
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

    /// Shows call trees of a run that is over until somebody has seen them, if this process is the one that the
    /// terminal talks with. Says whether it is.
    pub(crate) fn look(trees: Kept, colored: bool, clock: Clock, interrupts: &Arc<AtomicUsize>) -> bool {
        let before = interrupts.load(Ordering::SeqCst);
        let (stdout, mode) = (io::stdout(), Mode::begin());
        if mode.is_none() || !mode::is_ours(stdout.as_fd()) {
            return false;
        }
        let mut trees = Overlay::new(trees, clock);
        trees.end();
        let mut view = View::new(stdout, Box::new(size), colored, 0, false, trees);
        let stops = Stops::begin(true);
        view.look_at_trees();
        let view = Arc::new(Mutex::new(view));
        let keys = Keys::begin(&view, mode, stops, interrupts);
        let mut terminal = Self {
            view,
            keys: Some(keys),
            colored,
            clock,
            problem: None,
        };
        terminal.look_on(before, interrupts);
        true
    }

    /// Somebody looks at call trees: what was printed meanwhile is not seen yet.
    pub(crate) fn is_looked_at(&self) -> bool {
        self.view().are_trees_looked_at()
    }

    /// Waits until nobody looks at the trees of the run any more, or somebody has asked for the end more often than
    /// `before`.
    pub(crate) fn look_on(&mut self, before: usize, interrupts: &AtomicUsize) {
        while self.is_looked_at() && interrupts.load(Ordering::SeqCst) <= before {
            thread::sleep(PERIOD);
        }
        self.close(b"");
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
        let mut view = self.view();
        view.tree(tree);
        view.printed(&drawn);
    }

    fn summary(&mut self, summary: &Summary) {
        let drawn = text::summary(summary, self.form());
        let mut view = self.view();
        view.summary(summary);
        view.printed(&drawn);
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
        let mut view = self.view();
        if view.are_trees_looked_at() {
            view.end(&last);
            return;
        }
        drop(view);
        self.close(&last);
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}
