//! How many columns text takes on a terminal.

use unicode_width::UnicodeWidthChar as _;

/// The widest line that gobt prints, except for long names and paths.
pub(super) const WIDEST: usize = 120;
/// A tab's columns, at most.
const TAB: usize = 4;

/// Those of a character; a tab's are counted as if none were taken.
pub(super) fn of(c: char) -> usize {
    match c {
        '\t' => TAB,
        c => c.width().unwrap_or_default(),
    }
}

/// Those of a text.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(of).sum()
}
