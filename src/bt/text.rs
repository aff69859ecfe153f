//! The one place where text from elsewhere (names, paths, strings) becomes part of a script.

/// `text` as a bpftrace string constant, quotes included. Nothing in it can end the string or the line.
#[must_use]
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => out.push_str(&visible(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// `text` as a string constant of `bytes` bytes, with as many NULs behind it as are missing.
#[must_use]
pub(crate) fn padded(text: &str, bytes: usize) -> String {
    let mut out = quoted(text);
    out.pop();
    out.push_str(&"\\0".repeat(bytes.saturating_sub(length(text))));
    out.push('"');
    out
}

/// How many bytes `text` has as a string constant.
#[must_use]
pub(crate) fn length(text: &str) -> usize {
    let of = |c: char| {
        if c == '\n' || c == '\t' || !is_hidden(c) {
            c.len_utf8()
        } else {
            visible(c).len()
        }
    };
    text.chars().map(of).sum()
}

/// `text` for a comment: one line, and nothing in it can end a `/* */` comment or hide from the reader.
#[must_use]
pub(crate) fn comment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            out.push_str(&visible(c));
        } else {
            if c == '/' && out.ends_with('*') {
                out.push(' ');
            }
            out.push(c);
        }
    }
    out
}

/// `path` as one word of a shell's command that names a file: in quotes where it needs them, and never taken for an
/// option. Nothing in it can end a comment that it stands in.
#[must_use]
pub(crate) fn shell(path: &str) -> String {
    let path = if path.starts_with('-') {
        format!("./{path}")
    } else {
        path.to_owned()
    };
    let plain = |c: char| c.is_alphanumeric() || "/._-+,=:@%".contains(c);
    if !path.is_empty() && path.chars().all(plain) {
        return path;
    }
    if !path.contains(is_hidden) && !path.contains("*/") {
        return format!("'{}'", path.replace('\'', "'\\''"));
    }
    let mut out = String::from("$'");
    for c in path.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '*' => out.push_str("\\x2a"),
            c if is_hidden(c) => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("\\x{byte:02x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// Control characters, and those that reorder or hide text on a terminal.
#[must_use]
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn visible(c: char) -> String {
    format!("<U+{:04X}>", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::{comment, length, padded, quoted, shell};

    #[test]
    fn a_file_is_one_word_of_a_command() {
        assert_eq!(shell("a/b-1.bt"), "a/b-1.bt");
        assert_eq!(shell("größe.bt"), "größe.bt");
        assert_eq!(shell("-o.bt"), "./-o.bt");
        assert_eq!(shell("my scripts/a.bt"), "'my scripts/a.bt'");
        assert_eq!(shell("~/$HOME's.bt"), r"'~/$HOME'\''s.bt'");
        assert_eq!(shell(""), "''");
        assert_eq!(shell("a\nb'.bt"), r"$'a\x0ab\'.bt'");
        assert_eq!(shell("*/x.bt"), r"$'\x2a/x.bt'");
    }

    #[test]
    fn constants_of_one_length() {
        assert_eq!(padded("a\"b", 5), r#""a\"b\0\0""#);
        assert_eq!(padded("long", 2), "\"long\"");
        assert_eq!(length("é\t\0"), 3 + "<U+0000>".len());
    }

    #[test]
    fn a_string_cannot_be_left() {
        assert_eq!(quoted("a\"); exit(); //"), r#""a\"); exit(); //""#);
        assert_eq!(quoted("back\\"), r#""back\\""#);
        assert_eq!(quoted("l1\nl2\r\0"), "\"l1\\nl2<U+000D><U+0000>\"");
    }

    #[test]
    fn a_comment_cannot_be_left() {
        assert_eq!(comment("x */ BEGIN"), "x * / BEGIN");
        assert_eq!(comment("x\n*/"), "x<U+000A>* /");
        assert_eq!(comment("right\u{202e}left"), "right<U+202E>left");
    }
}
