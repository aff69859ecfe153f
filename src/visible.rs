//! Text from programs, recipes and file names as it may stand on a terminal.

use crate::bt::text::is_hidden;
use std::borrow::Cow;

/// `text` with control characters, and those that hide or reorder text, escaped.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_hidden(c) {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out.into()
}

/// `bytes` likewise; those that are no UTF-8 as `\xff`.
pub(crate) fn visible_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(&visible(chunk.valid()));
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_bytes};

    #[test]
    fn nothing_acts_on_a_terminal() {
        assert_eq!(visible("main.(*T).Größe"), "main.(*T).Größe");
        assert_eq!(visible("a\u{1b}[2J\n\u{202e}b"), "a\\u{1b}[2J\\n\\u{202e}b");
        assert_eq!(visible_bytes(b"a\x9b\xc2\x9b\xffz"), "a\\x9b\\u{9b}\\xffz");
    }
}
