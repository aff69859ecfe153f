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
