//! A line of parts, of which the less important ones are left out where there is no room.

use crate::run::report::style::{Drawn, Look};
use unicode_width::UnicodeWidthStr as _;

/// A part of a line, with its rank: where there is no room, those with the largest are left out.
pub(super) struct Part {
    pub(super) rank: u8,
    pub(super) look: Look,
    pub(super) text: String,
}

const BETWEEN: &str = "  ";

/// The line, in so many columns.
pub(super) fn ranked(mut parts: Vec<Part>, columns: usize) -> Drawn {
    while width(&parts) > columns && parts.len() > 1 {
        let least = parts.iter().enumerate().max_by_key(|(_, part)| part.rank);
        let least = least.map_or(0, |(at, _)| at);
        parts.remove(least);
    }
    let mut line = Drawn::default();
    for (at, part) in parts.into_iter().enumerate() {
        if at > 0 {
            line.push(Look::Plain, BETWEEN);
        }
        line.push(part.look, part.text);
    }
    line.cut(columns)
}

fn width(parts: &[Part]) -> usize {
    let all: usize = parts.iter().map(|part| part.text.width()).sum();
    all + BETWEEN.len() * parts.len().saturating_sub(1)
}
