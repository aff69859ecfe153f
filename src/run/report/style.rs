//! Drawn lines: text with a look, cut to a width, with or without colours.

use crossterm::style::{Attribute, Color, ResetColor, SetAttribute, SetForegroundColor, force_color_output};
use std::io::Write as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// How text looks where there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Plain,
    Head,
    Faint,
    Bar,
    Warning,
    /// On the way to where most of the time goes.
    Hot,
    /// What was searched for.
    Found,
    /// Where the cursor is.
    Cursor,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Drawn {
    spans: Vec<(Look, Vec<u8>)>,
}

/// Stands for what there is no room for.
pub(crate) const CUT: char = '…';

/// The columns that bytes take.
pub(crate) fn width(bytes: &[u8]) -> usize {
    String::from_utf8_lossy(bytes).width()
}

/// As much of `text` as fits, with a mark if that is not all.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        out.push(c);
    }
    if columns > 0 {
        out.push(CUT);
    }
    out
}

impl Drawn {
    /// With text behind it.
    pub(crate) fn with(mut self, look: Look, text: impl Into<Vec<u8>>) -> Self {
        self.push(look, text);
        self
    }

    pub(crate) fn push(&mut self, look: Look, text: impl Into<Vec<u8>>) {
        let text = text.into();
        if !text.is_empty() {
            self.spans.push((look, text));
        }
    }

    /// All of it in one look.
    pub(crate) fn all(mut self, look: Look) -> Self {
        for (each, _) in &mut self.spans {
            *each = look;
        }
        self
    }

    /// Spaces, until it has so many columns.
    pub(crate) fn fill(&mut self, columns: usize) {
        let there = self.width();
        self.push(Look::Plain, " ".repeat(columns.saturating_sub(there)));
    }

    pub(crate) fn width(&self) -> usize {
        self.spans.iter().map(|(_, text)| width(text)).sum()
    }

    /// As much of it as fits.
    pub(crate) fn cut(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut out = Self::default();
        let mut left = columns;
        for (look, text) in self.spans {
            let text = String::from_utf8_lossy(&text);
            let wide = text.width();
            // A column is left for the mark.
            if wide < left {
                left -= wide;
                out.push(look, text.into_owned());
            } else {
                let more = format!("{text}{CUT}");
                out.push(look, cut(&more, left));
                break;
            }
        }
        out
    }

    /// The lines that it is if there are newlines in it.
    pub(crate) fn lines(self) -> Vec<Self> {
        let mut out = vec![Self::default()];
        for (look, text) in self.spans {
            for (at, part) in text.split(|byte| *byte == b'\n').enumerate() {
                if at > 0 {
                    out.push(Self::default());
                }
                if let Some(line) = out.last_mut() {
                    line.push(look, part);
                }
            }
        }
        while out.len() > 1 && out.last().is_some_and(|line| line.spans.is_empty()) {
            out.pop();
        }
        out
    }

    /// Writes it, without the end of the line.
    pub(crate) fn write(&self, out: &mut Vec<u8>, colored: bool) {
        // Whether there are colours was decided before, for `NO_COLOR` does not count beside `--color always`.
        if colored {
            force_color_output(true);
        }
        for (look, text) in &self.spans {
            if !colored || *look == Look::Plain {
                out.extend_from_slice(text);
                continue;
            }
            // Writing to memory does not fail.
            let _ = match look {
                Look::Plain => Ok(()),
                Look::Head => write!(out, "{}", SetAttribute(Attribute::Bold)),
                Look::Faint => write!(out, "{}", SetAttribute(Attribute::Dim)),
                Look::Bar => write!(out, "{}", SetForegroundColor(Color::Cyan)),
                Look::Warning => write!(out, "{}", SetForegroundColor(Color::Yellow)),
                Look::Hot => write!(out, "{}", SetForegroundColor(Color::Red)),
                Look::Found => write!(out, "{}", SetForegroundColor(Color::Green)),
                Look::Cursor => write!(out, "{}", SetAttribute(Attribute::Reverse)),
            };
            out.extend_from_slice(text);
            let _ = match look {
                Look::Head | Look::Faint | Look::Cursor => write!(out, "{}", SetAttribute(Attribute::Reset)),
                _ => write!(out, "{ResetColor}"),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Drawn, Look, cut};

    #[test]
    fn wide_characters_are_not_cut_in_half() {
        assert_eq!(cut("日本語", 6), "日本語");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("abc", 1), "…");
        assert_eq!(cut("abc", 0), "");
    }

    #[test]
    fn a_line_is_cut_across_its_parts() {
        let text = |line: &Drawn| {
            let mut out = Vec::new();
            line.write(&mut out, false);
            String::from_utf8(out).unwrap()
        };
        let line = Drawn::default().with(Look::Head, "abc").with(Look::Plain, "def");
        assert_eq!(text(&line.clone().cut(6)), "abcdef");
        assert_eq!(text(&line.clone().cut(5)), "abcd…");
        assert_eq!(text(&line.clone().cut(4)), "abc…");
        assert_eq!(text(&line.cut(3)), "ab…");
    }

    #[test]
    fn colours_end_with_their_text() {
        let line = Drawn::default().with(Look::Bar, "@@").with(Look::Plain, "x");
        let mut out = Vec::new();
        line.write(&mut out, false);
        assert_eq!(out, b"@@x");
    }
}
