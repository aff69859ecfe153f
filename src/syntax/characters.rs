//! Characters that no recipe may contain, because what one sees would not be what is read.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The first character of `text` that is forbidden, as a problem.
pub(super) fn forbidden(text: &str) -> Option<Diagnostic> {
    let mut characters = text.char_indices().peekable();
    while let Some((position, c)) = characters.next() {
        let what = match c {
            '\t' | '\n' => continue,
            '\r' if characters.peek().is_none_or(|(_, next)| *next == '\n') => continue,
            '\r' => "a carriage return inside a line",
            '\0' => "a NUL character",
            '\u{1b}' => "an escape character",
            c if c.is_control() => "a control character",
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                "a character that changes the direction of writing"
            }
            '\u{feff}' if position > 0 => "a byte order mark",
            '\u{2028}' | '\u{2029}' => "a line separator that is not a new line",
            _ => continue,
        };
        let message = format!("the recipe contains {what} (U+{:04X})", u32::from(c));
        let span = Span::new(position, position + c.len_utf8());
        return Some(
            Diagnostic::error(Code::CHARACTER, message)
                .at(span, "here")
                .help("remove it; recipes are plain UTF-8 text"),
        );
    }
    None
}
