//! Call trees to walk about in: they are folded, opened, searched and sorted by keys.

mod columns;
mod draw;
mod items;
mod kept;
mod pages;
#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;
mod walk;

use super::ranked::{Part, ranked};
use crate::run::decode::Clock;
use crate::run::report::style::{Drawn, Look};
use crossterm::event::KeyCode;
pub(crate) use kept::Kept;
use pages::Page;
use walk::Walk;

/// The trees, and where somebody is among them.
pub(super) struct Browser {
    pages: Vec<Page>,
    page: usize,
    clock: Clock,
    /// What is searched for.
    pattern: String,
    /// Somebody types it: where the search began.
    typed_from: Option<Walk>,
    /// Rows of the last drawing.
    rows: usize,
}

/// What a key asks for that is not the browser's own affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Nothing,
    /// Results and trees are counted from now on.
    Clear,
    /// The run is to go on before somebody's eyes.
    GoOn,
    /// Back to what was there before.
    Leave,
    /// The end.
    Quit,
}

/// From where the trees are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum During {
    /// A run that goes on.
    Run,
    /// It has ended, or was recorded.
    End,
}

impl Browser {
    pub(super) fn new(kept: &Kept, clock: Clock) -> Self {
        Self {
            pages: pages::pages(kept),
            page: 0,
            clock,
            pattern: String::new(),
            typed_from: None,
            rows: 1,
        }
    }

    /// Reads the trees anew; what was open stays open.
    pub(super) fn renew(&mut self, kept: &Kept) {
        self.typed_from = None;
        let before = std::mem::replace(&mut self.pages, pages::pages(kept));
        for (page, before) in self.pages.iter_mut().zip(before) {
            page.come_from(before);
            page.find(&self.pattern);
        }
    }

    /// A key was pressed.
    pub(super) fn key(&mut self, code: KeyCode) -> Asked {
        if self.typed_from.is_some() {
            self.typed(code);
            return Asked::Nothing;
        }
        match code {
            KeyCode::Char('q' | 'Q') => return Asked::Quit,
            KeyCode::Char('f' | 'F' | ' ') => return Asked::GoOn,
            KeyCode::Char('c' | 'C') => return Asked::Clear,
            KeyCode::Char('t' | 'T') => return Asked::Leave,
            KeyCode::Esc if self.pattern.is_empty() => return Asked::Leave,
            KeyCode::Esc => self.find(String::new()),
            KeyCode::Char('n' | 'N') | KeyCode::Tab => {
                self.page = (self.page + 1) % self.pages.len().max(1);
            }
            code => self.walk(code),
        }
        Asked::Nothing
    }

    fn walk(&mut self, code: KeyCode) {
        let screen = isize::try_from(self.rows.max(2) - 1).unwrap_or(1);
        let Some(Page { items, walk, .. }) = self.pages.get_mut(self.page) else {
            return;
        };
        match code {
            KeyCode::Down | KeyCode::Char('j') => walk.step(1),
            KeyCode::Up | KeyCode::Char('k') => walk.step(-1),
            KeyCode::PageDown => walk.step(screen),
            KeyCode::PageUp => walk.step(-screen),
            KeyCode::Home => walk.step(isize::MIN),
            KeyCode::End => walk.step(isize::MAX),
            KeyCode::Right => walk.open(items),
            KeyCode::Left => walk.fold(items),
            KeyCode::Enter => walk.turn(items),
            KeyCode::Char('+') => walk.all(items, true),
            KeyCode::Char('-') => walk.all(items, false),
            KeyCode::Char('h' | 'H') => walk.go_hot(items),
            KeyCode::Char('m') => walk.next(items, true, false),
            KeyCode::Char('M') => walk.next(items, false, false),
            KeyCode::Char('s' | 'S') => self.sort(),
            KeyCode::Char('/') => {
                self.typed_from = Some(walk.clone());
                self.find(String::new());
            }
            _ => {}
        }
    }

    /// Sorts by what comes next.
    fn sort(&mut self) {
        let Some(page) = self.pages.get_mut(self.page) else {
            return;
        };
        let orders = page.orders();
        let now = orders.iter().position(|order| *order == page.walk.order());
        let next = now.map_or(0, |now| (now + 1) % orders.len().max(1));
        if let Some(order) = orders.get(next) {
            page.walk.sort(&page.items, *order);
        }
    }

    fn typed(&mut self, code: KeyCode) {
        let mut pattern = self.pattern.clone();
        match code {
            KeyCode::Enter => self.typed_from = None,
            KeyCode::Esc => pattern.clear(),
            KeyCode::Backspace if pattern.pop().is_none() => self.typed_from = None,
            KeyCode::Char(c) => pattern.push(c),
            _ => {}
        }
        if pattern != self.pattern {
            // What was found on the way is not meant.
            if let (Some(page), Some(from)) = (self.pages.get_mut(self.page), &self.typed_from) {
                page.walk = from.clone();
            }
            self.find(pattern);
        }
        if code == KeyCode::Esc {
            self.typed_from = None;
        }
    }

    /// Finds a text on all pages, and goes to the next call that has it.
    fn find(&mut self, pattern: String) {
        self.pattern = pattern;
        for page in &mut self.pages {
            page.find(&self.pattern);
        }
        if let Some(page) = self.pages.get_mut(self.page) {
            page.walk.next(&page.items, true, true);
        }
    }

    /// The whole screen.
    pub(super) fn drawn(&mut self, columns: usize, lines: usize, during: During) -> Vec<Drawn> {
        let (which, count) = (self.page + 1, self.pages.len());
        let mut out = Vec::new();
        if let Some(page) = self.pages.get_mut(self.page) {
            self.rows = lines.saturating_sub(4);
            let above = lines.saturating_sub(1);
            out = draw::page(page, (which, count), self.clock, columns, above);
        }
        out.push(self.last_line(columns, during));
        out
    }

    /// The keys, or what is typed.
    fn last_line(&self, columns: usize, during: During) -> Drawn {
        let Some(page) = self.pages.get(self.page) else {
            return Drawn::default();
        };
        let mut parts = Vec::new();
        let mut add = |rank, look, text: String| parts.push(Part { rank, look, text });
        let found = match page.walk.found() {
            (_, 0) => "not found".to_owned(),
            (Some(which), count) => format!("found {which} of {count}"),
            (None, count) => format!("found {count}"),
        };
        if self.typed_from.is_some() {
            add(
                0,
                Look::Head,
                format!("/{}_", crate::visible::visible(&self.pattern)),
            );
            if !self.pattern.is_empty() {
                add(1, Look::Plain, found);
            }
            add(2, Look::Faint, "enter keep, esc drop".to_owned());
            return ranked(parts, columns);
        }
        let (leave, quit) = match during {
            During::Run => ("t back", "q quit"),
            During::End => ("t back", "q leave"),
        };
        if during == During::Run {
            add(1, Look::Warning, "frozen".to_owned());
        }
        if !self.pattern.is_empty() {
            let pattern = crate::visible::visible(&self.pattern);
            add(2, Look::Head, format!("/{pattern} {found}"));
            add(3, Look::Faint, "m next found".to_owned());
        }
        add(4, Look::Faint, "←→ fold, open".to_owned());
        add(8, Look::Faint, "+- all below".to_owned());
        add(
            5,
            Look::Faint,
            format!("s sorted by {}", page.walk.order().word()),
        );
        add(6, Look::Faint, "h hot path".to_owned());
        add(5, Look::Faint, "/ search".to_owned());
        add(7, Look::Faint, "n next page".to_owned());
        if during == During::Run {
            add(7, Look::Faint, leave.to_owned());
            add(8, Look::Faint, "f go on".to_owned());
        }
        add(0, Look::Faint, quit.to_owned());
        ranked(parts, columns)
    }
}
