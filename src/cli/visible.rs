//! Text from programs, recipes and file names as it may stand on a terminal.

use crate::bt::text::is_hidden;
use std::borrow::Cow;

/// `text` with control characters, and those that hide or reorder text, escaped.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
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

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_acts_on_a_terminal() {
        assert_eq!(visible("main.(*T).Größe"), "main.(*T).Größe");
        assert_eq!(visible("a\u{1b}[2J\n\u{202e}b"), "a\\u{1b}[2J\\n\\u{202e}b");
    }
}
