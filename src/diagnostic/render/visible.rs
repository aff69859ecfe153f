//! Makes text safe for a terminal: no control characters, and no line that is too wide.

use super::columns::{self, WIDEST, width};
use crate::source::Span;
use std::fmt::Write as _;
use std::ops::Range;

/// Lines of messages, which may hold names out of recipes and programs, are cut behind this many bytes.
const LONGEST_MESSAGE: usize = 2000;
/// Columns that are kept of a marked place which is wider than that.
const WIDEST_PLACE: usize = 40;

/// A place that is marked, and how many columns stand behind its carets.
#[derive(Clone, Debug)]
pub(super) struct Marked {
    pub(super) span: Span,
    pub(super) message: usize,
}

/// A text made visible, and the new positions of its places.
pub(super) struct Visible {
    pub(super) text: String,
    /// Parts that were replaced: where they were, and where their replacements are. In order.
    replaced: Vec<(Range<usize>, Range<usize>)>,
}

/// A character of a line and how many columns it takes.
struct Cell {
    at: usize,
    end: usize,
    columns: usize,
}

impl Visible {
    /// `text` with the places `marked` in it, in lines of at most `room` columns and with `room` for what is said
    /// behind the places.
    pub(super) fn new(text: &str, mut marked: Vec<Marked>, room: usize) -> Self {
        marked.sort_by_key(|place| place.span);
        let mut visible = Self {
            text: String::with_capacity(text.len()),
            replaced: Vec::new(),
        };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let range = start..start + line.len();
            start = range.end;
            let here: Vec<Marked> = marked
                .iter()
                .skip_while(|place| place.span.end < range.start)
                .take_while(|place| place.span.start < range.end)
                .cloned()
                .collect();
            // Most lines need no second look: no character is wider than four columns, and few are wider than their
            // bytes.
            if here.is_empty() && line.len() * 4 <= room {
                visible.part(text, range);
            } else {
                visible.line(text, range, &here, room);
            }
        }
        visible
    }

    /// Copies the part of a line that there is room for.
    fn line(&mut self, text: &str, line: Range<usize>, marked: &[Marked], room: usize) {
        let whole = text.get(line.clone()).unwrap_or_default();
        let content = whole.trim_end_matches(['\n', '\r']);
        let cells = cells(content, line.start);
        let index_of = |byte: usize| cells.partition_point(|cell| cell.end <= byte);
        let places: Vec<(Range<usize>, usize)> = marked
            .iter()
            .map(|place| {
                let from = index_of(place.span.start.max(line.start)).min(cells.len());
                let to = cells.partition_point(|cell| cell.at < place.span.end);
                (from..to.max(from), place.message)
            })
            .collect();
        let end = line.start + content.len();
        let mut kept = line.start;
        for window in windows(&cells, &places, room) {
            let from = cells.get(window.start).map_or(end, |cell| cell.at);
            let to = cells.get(window.end).map_or(end, |cell| cell.at);
            if from > kept {
                self.replace(kept..from, "…");
            }
            self.part(text, from.max(kept)..to);
            kept = to;
        }
        if kept < end {
            self.replace(kept..end, "…");
        }
        self.part(text, end..line.end);
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
            // A part may end in the middle of a line.
            let line_end = c == '\r'
                && text
                    .get(place + 1..)
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

fn cells(content: &str, start: usize) -> Vec<Cell> {
    let drawn = |c: char| {
        if acts(c) {
            c.escape_unicode().count()
        } else {
            columns::of(c)
        }
    };
    content
        .char_indices()
        .map(|(at, c)| Cell {
            at: start + at,
            end: start + at + c.len_utf8(),
            columns: drawn(c),
        })
        .collect()
}

/// The parts of a line that are shown, as ranges of its cells: all of it if there is room for it and for what is said
/// behind its places, and otherwise what is near the places.
fn windows(cells: &[Cell], places: &[(Range<usize>, usize)], room: usize) -> Vec<Range<usize>> {
    let columns = |range: Range<usize>| -> usize {
        cells
            .get(range)
            .unwrap_or_default()
            .iter()
            .map(|cell| cell.columns)
            .sum()
    };
    let behind = |from: usize| {
        let ends = places
            .iter()
            .map(|(place, message)| columns(from..place.end) + 1 + message);
        ends.max().unwrap_or_default()
    };
    if columns(0..cells.len()) <= room && behind(0) <= room {
        return one(0, cells.len());
    }
    // An ellipsis at either end.
    let room = room.saturating_sub(2);
    let (Some(first), Some(last)) = (
        places.iter().map(|(place, _)| place.start).min(),
        places.iter().map(|(place, _)| place.end).max(),
    ) else {
        return one(0, forward(cells, 0, room));
    };
    let message = places
        .iter()
        .map(|(_, message)| *message + 1)
        .max()
        .unwrap_or_default();
    if columns(first..last) + message <= room {
        // One window: as much before the places as behind them, unless one side needs less.
        let free = room - columns(first..last);
        let after = columns(last..cells.len());
        let before = free
            .saturating_sub(after.min(free / 2))
            .min(room.saturating_sub(behind(first)));
        let from = backward(cells, first, before);
        return one(from, forward(cells, from, room));
    }
    // A window for each place, the middle of wide ones left out.
    let room = room.saturating_sub(message);
    let each = (room / places.len().max(1)).clamp(4, WIDEST_PLACE) - 2;
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut used = 0;
    for (place, _) in places {
        if used + each + 2 > room && !found.is_empty() {
            break;
        }
        used += each + 2;
        let width = columns(place.clone());
        let parts = if width > each {
            let half = each / 2;
            [
                place.start..forward(cells, place.start, half),
                backward(cells, place.end, half)..place.end,
            ]
        } else {
            let from = backward(cells, place.start, (each - width) / 2);
            [
                from..forward(cells, from, each).max(place.end),
                place.end..place.end,
            ]
        };
        for part in parts {
            match found.last_mut() {
                Some(before) if part.start <= before.end => before.end = before.end.max(part.end),
                _ if part.is_empty() => {}
                _ => found.push(part),
            }
        }
    }
    found
}

fn one(from: usize, to: usize) -> Vec<Range<usize>> {
    let window = from..to;
    std::iter::once(window).collect()
}

/// The cell behind as many as fit into `columns` from `from` on.
fn forward(cells: &[Cell], from: usize, columns: usize) -> usize {
    from + fitting(cells.get(from..).unwrap_or_default().iter(), columns)
}

/// The cell from which on as many fit into `columns` before `to`.
fn backward(cells: &[Cell], to: usize, columns: usize) -> usize {
    to - fitting(cells.get(..to).unwrap_or_default().iter().rev(), columns)
}

fn fitting<'c>(cells: impl Iterator<Item = &'c Cell>, columns: usize) -> usize {
    let mut used = 0;
    let fits = |cell: &&Cell| {
        used += cell.columns;
        used <= columns
    };
    cells.take_while(fits).count()
}

/// The nearest place at or before `byte` where a character of `text` begins or the text ends.
pub(super) fn on_character(text: &str, byte: usize) -> usize {
    text.floor_char_boundary(byte)
}

/// True for characters that could deceive a terminal or a reader: control characters, those that reorder text, and
/// invisible ones.
fn acts(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A text of several lines without characters that act on a terminal.
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

/// A text in one line without characters that act on a terminal.
pub(super) fn one_line(text: &str) -> String {
    lines(text).replace('\n', "\\n")
}

/// A text of several lines without anything that acts on a terminal, in lines of at most [`WIDEST`] columns, of which
/// `before` are taken in the first and `indent` in the others. Lines that are set in, such as suggestions, and what
/// stands in backquotes stay whole.
pub(super) fn wrapped(text: &str, before: usize, indent: usize) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        if line.starts_with("    ") {
            out.push_str(line);
            continue;
        }
        let mut column = if number == 0 { before } else { indent };
        for (number, word) in words(line).enumerate() {
            let wide = width(word);
            if number > 0 && column + 1 + wide > WIDEST {
                out.push('\n');
                column = indent;
            } else if number > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += wide;
        }
    }
    out
}

/// The words of a line; what stands in backquotes is one, unless it is long.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let mut quoted = false;
        let mut end = None;
        for (at, c) in line.char_indices() {
            match c {
                '`' if quoted => quoted = false,
                '`' => {
                    let tail = line.get(at + 1..).unwrap_or_default();
                    quoted = tail.find('`').is_some_and(|length| length < 80);
                }
                ' ' if !quoted => {
                    end = Some(at);
                    break;
                }
                _ => {}
            }
        }
        let (word, tail) = match end {
            Some(end) => (line.get(..end)?, line.get(end + 1..)),
            None => (line, None),
        };
        rest = tail;
        Some(word)
    })
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
