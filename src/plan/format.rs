//! The ways of showing a value, in a table: the word that asks for each, and what can be shown so. `lower/show/` has a
//! file for each.

use super::{NumberKind, Value};
use serde::{Deserialize, Serialize};

/// A way of showing a value, by its place in [`TABLE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text.
    String,
    /// Bytes, printable ones as they are, others as `\x00`.
    Bytes,
    /// Hexadecimal.
    Hex,
    /// A signed number.
    Int,
    /// An unsigned number.
    Uint,
    /// `true` or `false`.
    Bool,
    /// One character.
    Char,
    /// A floating point number.
    Float,
    /// The same with its sign, as the second half of a complex number has it in any case.
    Imaginary,
    /// An IP address.
    Ip,
    /// A span of time.
    Duration,
    /// A date and time.
    Time,
    /// The name of an interface's dynamic type.
    Type,
    /// `nil`, or an error's message or type.
    Error,
    /// An address.
    Pointer,
    /// A stack.
    Stack,
    /// A function, by its symbol.
    Symbol,
}

/// What the table knows of a format.
pub struct Entry {
    /// Which.
    pub format: Format,
    /// The word after `as`; empty for those that only a type can ask for.
    pub word: &'static str,
    /// One line for the reference.
    pub summary: &'static str,
}

const fn entry(format: Format, word: &'static str, summary: &'static str) -> Entry {
    Entry {
        format,
        word,
        summary,
    }
}

/// Every format, in the order of the reference.
pub const TABLE: &[Entry] = &[
    entry(Format::String, "string", "text; what is too long ends in `…`"),
    entry(
        Format::Bytes,
        "bytes",
        "bytes: printable ones as they are, others as `\\x00`",
    ),
    entry(
        Format::Hex,
        "hex",
        "numbers as `0x2a`, bytes and strings as pairs of digits",
    ),
    entry(
        Format::Int,
        "int",
        "a signed number; a `float32` or `float64` without what is behind its point",
    ),
    entry(Format::Uint, "uint", "an unsigned number"),
    entry(Format::Bool, "bool", "`true` unless it is 0"),
    entry(Format::Char, "char", "one character: a byte or a rune"),
    entry(
        Format::Float,
        "float",
        "a `float32` or `float64` as a decimal number, as Go prints it",
    ),
    entry(Format::Imaginary, "", "a floating point number with its sign"),
    entry(
        Format::Ip,
        "ip",
        "an IP address: 4 or 16 bytes, or a 32-bit number in network order",
    ),
    entry(
        Format::Duration,
        "duration",
        "nanoseconds as Go prints a `time.Duration`: `1.5ms`, `2m0s`",
    ),
    entry(Format::Time, "time", "a `time.Time` as date and time (UTC)"),
    entry(Format::Type, "type", "the name of an interface's dynamic type"),
    entry(
        Format::Error,
        "error",
        "`nil`, an error's message where its type is a known one, or its type",
    ),
    entry(Format::Pointer, "pointer", "an address in hexadecimal, or `nil`"),
    entry(Format::Stack, "", "a stack, one function per line"),
    entry(Format::Symbol, "", "a function by its symbol, or `nil`"),
];

impl Format {
    /// The format that `as WORD` asks for.
    #[must_use]
    pub fn named(word: &str) -> Option<Format> {
        TABLE
            .iter()
            .find(|e| !e.word.is_empty() && e.word == word)
            .map(|e| e.format)
    }

    /// The words that `as` takes.
    pub fn words() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|e| e.word).filter(|w| !w.is_empty())
    }

    /// True if a value can be shown so.
    #[must_use]
    pub fn accepts(self, value: &Value) -> bool {
        let bytes = matches!(value, Value::Slice { bytes: true, .. } | Value::Bytes { .. });
        let number = matches!(value, Value::Number(_));
        match self {
            Format::String => bytes || matches!(value, Value::Text { .. } | Value::Known(_) | Value::Comm),
            Format::Bytes => bytes || matches!(value, Value::Text { .. }),
            Format::Hex => bytes || number || matches!(value, Value::Text { .. }),
            Format::Int | Format::Uint | Format::Bool | Format::Char | Format::Duration => number,
            Format::Float | Format::Imaginary => {
                matches!(value, Value::Number(n) if matches!(n.kind, NumberKind::Float(_) | NumberKind::Plain))
            }
            Format::Ip => {
                number
                    || matches!(
                        value,
                        Value::Slice { bytes: true, .. } | Value::Bytes { len: 4 | 16, .. }
                    )
            }
            Format::Time => matches!(value, Value::Time { .. }),
            Format::Type | Format::Error => matches!(value, Value::Interface { .. }),
            Format::Pointer => !matches!(
                value,
                Value::Known(_) | Value::Stack(_) | Value::Comm | Value::Time { .. }
            ),
            Format::Stack => matches!(value, Value::Stack(_)),
            Format::Symbol => matches!(value, Value::Code(_)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, TABLE};

    #[test]
    fn words_are_found() {
        for entry in TABLE.iter().filter(|entry| !entry.word.is_empty()) {
            assert_eq!(Format::named(entry.word), Some(entry.format));
        }
        assert_eq!(Format::named(""), None);
    }
}
