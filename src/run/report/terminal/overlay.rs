//! Call trees that are looked at instead of what scrolls.

use super::browse::{Asked, Browser, During, Kept};
use crate::run::decode::Clock;
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::report::style::Drawn;
use crossterm::event::KeyCode;

/// The trees of a run, and whether somebody looks at them.
pub(super) struct Overlay {
    kept: Kept,
    clock: Clock,
    browser: Option<Browser>,
    is_open: bool,
    is_over: bool,
}

impl Overlay {
    pub(super) fn new(kept: Kept, clock: Clock) -> Self {
        Self {
            kept,
            clock,
            browser: None,
            is_open: false,
            is_over: false,
        }
    }

    pub(super) fn has_trees(&self) -> bool {
        self.kept.has_directives()
    }

    pub(super) fn tree(&mut self, tree: &CallTree) {
        self.kept.tree(tree);
    }

    pub(super) fn summary(&mut self, summary: &Summary) {
        self.kept.summary(summary);
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Somebody looks at the trees that there are now.
    pub(super) fn open(&mut self) {
        self.is_open = self.has_trees();
        if self.is_open {
            match &mut self.browser {
                Some(browser) => browser.renew(&self.kept),
                None => self.browser = Some(Browser::new(&self.kept, self.clock)),
            }
        }
    }

    pub(super) fn close(&mut self) {
        self.is_open = false;
    }

    /// The run has ended: all trees are there.
    pub(super) fn end(&mut self) {
        self.is_over = true;
        if self.is_open {
            self.open();
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    /// Trees are counted from now on.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
        if self.is_open {
            self.open();
        }
    }

    /// A key was pressed.
    pub(super) fn key(&mut self, code: KeyCode) -> Asked {
        self.browser
            .as_mut()
            .map_or(Asked::Leave, |browser| browser.key(code))
    }

    /// The whole screen.
    pub(super) fn drawn(&mut self, columns: usize, lines: usize) -> Vec<Drawn> {
        let during = if self.is_over { During::End } else { During::Run };
        let browser = self.browser.as_mut();
        browser.map_or_else(Vec::new, |browser| browser.drawn(columns, lines, during))
    }
}
