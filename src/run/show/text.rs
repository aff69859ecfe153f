//! Text and bytes.

use std::fmt::Write as _;

/// Stands behind what is cut.
pub(crate) const CUT: &str = "…";

/// A file's name without its directories.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Printable bytes as they are, others as `\x00`: bpftrace's `%r`.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        if (0x20..0x7f).contains(byte) {
            out.push(char::from(*byte));
        } else {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// Pairs of digits with spaces between them: bpftrace's `%rh`.
pub(crate) fn digits(bytes: &[u8]) -> String {
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// A rune in UTF-8; what is none by its number.
pub(crate) fn rune(n: u64) -> String {
    match u32::try_from(n).ok().and_then(char::from_u32) {
        Some(c) => c.to_string(),
        None => format!("U+{n:04X}"),
    }
}

/// In quotes, as Go's `strconv.Quote` writes it (`src/strconv/quote.go`).
pub(crate) fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\x07' => out.push_str("\\a"),
                '\x08' => out.push_str("\\b"),
                '\x0c' => out.push_str("\\f"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '\x0b' => out.push_str("\\v"),
                c if c < ' ' || c == '\x7f' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
                c if is_printed(c) => out.push(c),
                c if u32::from(c) < 0x1_0000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            }
        }
        for byte in chunk.invalid() {
            out.push_str(&format!("\\x{byte:02x}"));
        }
    }
    out.push('"');
    out
}

/// In quotes, as the package `time` writes the texts of its errors (`quote` in `src/time/format.go`).
pub(crate) fn quoted_by_time(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for byte in bytes {
        match *byte {
            byte if !byte.is_ascii() || byte < b' ' => out.push_str(&format!("\\x{byte:02x}")),
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            byte => out.push(char::from(byte)),
        }
    }
    out.push('"');
    out
}

/// A character with its number, as `%#U` writes it: `U+0067 'g'`, and without quotes one that is not printed.
pub(crate) fn character(number: u64) -> String {
    let code = format!("U+{number:04X}");
    match u32::try_from(number).ok().and_then(char::from_u32) {
        Some(c) if is_printed(c) => format!("{code} '{c}'"),
        _ => code,
    }
}

/// A character that Go takes for printable: not a space other than `' '`, not a control, and one that there is.
fn is_printed(c: char) -> bool {
    c == ' ' || c.is_alphanumeric() || (!c.is_whitespace() && c.escape_debug().count() == 1)
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_are_go_s() {
        assert_eq!(quoted(b"a b"), r#""a b""#);
        assert_eq!(
            quoted("ä\u{a0}\"\\\n\0\u{1f600}".as_bytes()),
            r#""ä\u00a0\"\\\n\x00😀""#
        );
        assert_eq!(quoted(b"\xff\xfe"), r#""\xff\xfe""#);
    }
}
