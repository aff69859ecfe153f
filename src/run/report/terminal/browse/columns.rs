//! The columns before calls: bars that say where the time goes, and numbers.

use super::pages::{Page, Source};
use crate::run::graph::summary::Path;
use crate::run::report::calls::{self, TIME};
use crate::run::report::style::{Drawn, Look};

/// A column before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Bar,
    Share,
    Total,
    Own,
    Calls,
    Least,
    Most,
}

use Column::{Bar, Calls, Least, Most, Own, Share, Total};

const OF_PATHS: [Column; 7] = [Bar, Share, Total, Own, Calls, Least, Most];
const OF_CALLS: [Column; 4] = [Bar, Share, Total, Own];
/// Where there is no room, columns are left out in this order.
const LEFT_OUT: [Column; 7] = [Least, Most, Calls, Own, Bar, Total, Share];
/// Columns that calls have at least; on wide terminals more, since names of Go are long.
const CALL: usize = 26;
/// The longest bar.
const BAR: usize = 10;
/// Before the other columns: the cursor. Behind them: the hot path, and whether something is open.
pub(super) const CURSOR: usize = 2;
pub(super) const MARKS: usize = 4;
impl Column {
    pub(super) fn head(self) -> &'static str {
        match self {
            Bar => "",
            Share => "share",
            Total => "total",
            Own => "self",
            Calls => "calls",
            Least => "min",
            Most => "max",
        }
    }

    pub(super) fn width(self) -> usize {
        match self {
            Bar => BAR,
            Share => 6,
            // A mark is before it.
            Total => TIME + 2,
            Own | Least | Most => TIME,
            Calls => 8,
        }
    }
}

/// The columns that there is room for.
pub(super) fn fitting(all: &[Column], room: usize) -> Vec<Column> {
    let mut out = all.to_vec();
    for less in LEFT_OUT {
        if fixed(&out) + CALL.max(room * 3 / 8) <= room {
            break;
        }
        out.retain(|column| *column != less);
    }
    out
}

/// Columns of the screen before a call.
pub(super) fn fixed(columns: &[Column]) -> usize {
    let widths: usize = columns.iter().map(|column| column.width() + 2).sum();
    CURSOR + widths + MARKS
}

/// What an item has in a column.
pub(super) struct Cells<'c> {
    shares: (f64, f64),
    has_share: bool,
    total: Option<u64>,
    own: Option<u64>,
    path: Option<&'c Path>,
}

impl Cells<'_> {
    pub(super) fn of(page: &Page, at: usize) -> Cells<'_> {
        let has_inner = page.items.has_inner(at);
        let cells = Cells {
            shares: page.items.shares(at),
            has_share: true,
            total: None,
            own: None,
            path: None,
        };
        match &page.source {
            Source::Summary(summary) => {
                let path = summary.paths.get(at).filter(|path| path.returned > 0);
                Cells {
                    total: path.map(|path| path.total),
                    own: path.map(|path| path.own).filter(|_| has_inner),
                    path: summary.paths.get(at),
                    ..cells
                }
            }
            Source::Trees(trees) => {
                let placed = trees.call(at);
                let is_folded_root = page.items.outer(at).is_none() && !page.walk.is_open(&page.items, at);
                Cells {
                    // All roots have all of their own time.
                    has_share: !is_folded_root,
                    total: placed.and_then(|placed| placed.call.time()),
                    own: placed.and_then(|placed| placed.own).filter(|_| has_inner),
                    ..cells
                }
            }
        }
    }

    pub(super) fn draw(&self, line: &mut Drawn, column: Column, is_hot: bool) {
        let (share, own) = self.shares;
        match column {
            Bar if self.has_share => bar(line, share, own),
            Share if self.has_share => {
                let look = if is_hot { Look::Head } else { Look::Plain };
                line.push(look, format!("{:>5.1}%", share * 100.0));
            }
            Bar | Share => line.push(Look::Plain, " ".repeat(column.width())),
            Total => calls::mark(line, self.total),
            Own => line.push(Look::Plain, calls::right(self.own)),
            Calls => {
                let count = self.path.map_or(0, |path| path.calls);
                line.push(Look::Plain, format!("{count:>8}"));
            }
            Least => line.push(Look::Faint, calls::right(self.path.and_then(|path| path.min))),
            Most => line.push(Look::Faint, calls::right(self.path.and_then(|path| path.max))),
        }
    }

    /// A number with its name.
    pub(super) fn told(&self, column: Column) -> Option<String> {
        let time = |time: Option<u64>| time.map(|time| calls::right(Some(time)).trim_start().to_owned());
        let text = match column {
            Bar => None,
            Share => Some(format!("{:.1}%", self.shares.0 * 100.0)).filter(|_| self.has_share),
            Total => time(self.total),
            Own => time(self.own),
            Calls => self.path.map(|path| path.calls.to_string()),
            Least => time(self.path.and_then(|path| path.min)),
            Most => time(self.path.and_then(|path| path.max)),
        }?;
        Some(format!("{} {text}", column.head()))
    }
}

/// The part of the root's time: full where it was spent in the call itself.
fn bar(line: &mut Drawn, share: f64, own: f64) {
    let cells = |part: f64| (part * BAR as f64).round() as usize;
    let all = cells(share).min(BAR);
    let full = cells(own).min(all);
    line.push(Look::Bar, "█".repeat(full));
    line.push(Look::Bar, "░".repeat(all - full));
    line.push(Look::Plain, " ".repeat(BAR - all));
}

/// All that a page has.
pub(super) fn all(page: &Page) -> &'static [Column] {
    match page.source {
        Source::Summary(_) => &OF_PATHS,
        Source::Trees(_) => &OF_CALLS,
    }
}
