//! Text that a terminal can be given: nothing in it acts on the terminal, and no line floods it.

use crate::source::Span;
use std::fmt::Write as _;
use std::ops::Range;

/// Lines longer than this many bytes are cut.
const LONGEST_LINE: usize = 400;
/// Lines of messages, which may hold names out of recipes and programs, are cut behind this many bytes.
const LONGEST_MESSAGE: usize = 2000;
/// Bytes kept before and after a marked place in a line that is cut.
const AROUND: usize = 120;

/// A text made visible, and where its places went.
pub(super) struct Visible {
    pub(super) text: String,
    /// Parts that were replaced: where they were, and where their replacements are. In order.
    replaced: Vec<(Range<usize>, Range<usize>)>,
}

impl Visible {
    /// `text` with the places `marked` in it.
    pub(super) fn new(text: &str, mut marked: Vec<Span>) -> Self {
        marked.sort();
        let mut visible = Self {
            text: String::with_capacity(text.len()),
            replaced: Vec::new(),
        };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if line.len() > LONGEST_LINE {
                visible.long_line(text, start..start + line.len(), &marked);
            } else {
                visible.part(text, start..start + line.len());
            }
            start += line.len();
        }
        visible
    }

    /// Takes over what is near a marked place.
    fn long_line(&mut self, text: &str, line: Range<usize>, marked: &[Span]) {
        let first = marked.partition_point(|span| span.end < line.start);
        let mut kept = line.start;
        let mut keep = |visible: &mut Self, place: usize| {
            let from = on_character(text, place.saturating_sub(AROUND).max(line.start));
            let to = on_character(text, place.saturating_add(AROUND).min(line.end));
            if from > kept {
                visible.replace(kept..from, "…");
            }
            if to > kept {
                visible.part(text, from.max(kept)..to);
                kept = to;
            }
        };
        keep(self, line.start);
        for span in marked.iter().skip(first).take_while(|span| span.start < line.end) {
            keep(self, span.start.max(line.start));
            keep(self, span.end.min(line.end).max(line.start));
        }
        if kept < line.end {
            let break_at = line.end - usize::from(text.get(..line.end).is_some_and(|t| t.ends_with('\n')));
            if kept < break_at {
                self.replace(kept..break_at, "…");
            }
            self.part(text, break_at.max(kept)..line.end);
        }
    }

    fn part(&mut self, text: &str, range: Range<usize>) {
        let Some(part) = text.get(range.clone()) else {
            return;
        };
        if !part.contains(acts) {
            self.text.push_str(part);
            return;
        }
        for (at, c) in part.char_indices() {
            let place = range.start + at;
            let line_end = c == '\r'
                && part
                    .get(at + 1..)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('\n'));
            if acts(c) && !line_end {
                self.replace(place..place + c.len_utf8(), &c.escape_unicode().to_string());
            } else {
                self.text.push(c);
            }
        }
    }

    fn replace(&mut self, range: Range<usize>, with: &str) {
        let start = self.text.len();
        self.text.push_str(with);
        self.replaced.push((range, start..self.text.len()));
    }

    /// Where `span` of the text went.
    pub(super) fn place(&self, span: Span) -> Range<usize> {
        let start = self.position(span.start, false);
        start..self.position(span.end, true).max(start)
    }

    fn position(&self, byte: usize, end: bool) -> usize {
        let index = self.replaced.partition_point(|(old, _)| old.start < byte);
        let position = match index.checked_sub(1).and_then(|index| self.replaced.get(index)) {
            None => byte,
            Some((old, new)) if byte < old.end => {
                if end {
                    new.end
                } else {
                    new.start
                }
            }
            Some((old, new)) => new.end + (byte - old.end),
        };
        on_character(&self.text, position)
    }
}

impl Visible {
    /// Where what is drawn at `byte` stood in the text.
    pub(super) fn original(&self, byte: usize) -> usize {
        let index = self.replaced.partition_point(|(_, new)| new.start < byte);
        match index.checked_sub(1).and_then(|index| self.replaced.get(index)) {
            None => byte,
            Some((old, new)) if byte < new.end => old.start,
            Some((old, new)) => old.end + (byte - new.end),
        }
    }
}

/// The nearest place at or before `byte` where a character of `text` begins or the text ends.
pub(super) fn on_character(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte)
}

/// True for what a terminal or a reader's eye could be deceived by.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}')
}

/// A text of several lines without anything that acts on a terminal.
pub(super) fn lines(text: &str) -> String {
    if !text.contains(acts) && text.len() <= LONGEST_MESSAGE {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len().min(LONGEST_MESSAGE) + 8);
    let mut length = 0;
    for c in text.chars() {
        length = if c == '\n' { 0 } else { length + c.len_utf8() };
        if length > LONGEST_MESSAGE {
            if length - c.len_utf8() <= LONGEST_MESSAGE {
                out.push('…');
            }
        } else if acts(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// A text in one line without anything that acts on a terminal.
pub(super) fn one_line(text: &str) -> String {
    lines(text).replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_MESSAGE, lines};

    #[test]
    fn long_lines_of_messages_are_cut() {
        let text = format!("{}\nshort\n{}", "é".repeat(100_000), "b".repeat(LONGEST_MESSAGE));
        let shown = lines(&text);
        let lengths: Vec<usize> = shown.lines().map(str::len).collect();
        assert_eq!(lengths, [LONGEST_MESSAGE + '…'.len_utf8(), 5, LONGEST_MESSAGE]);
    }
}
