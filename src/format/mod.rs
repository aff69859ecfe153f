//! The ways of showing a value: one file each, and a table. What a value is was decided before; here it becomes part of a printf.

mod bool;
mod bytes;
mod char;
mod duration;
mod error;
mod float;
mod hex;
mod int;
mod ip;
mod pointer;
mod stack;
mod string;
mod symbol;
mod time;
mod r#type;
mod uint;

use crate::lower::{Fragment, Writer};
use crate::plan::Value;
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
    /// The same with its sign.
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
    /// True if a value can be shown so.
    pub accepts: fn(&Value) -> bool,
    /// Makes it part of a printf.
    pub lower: fn(&Value, &mut Writer<'_>) -> Vec<Fragment>,
}

/// Every format, in the order of the reference.
pub const TABLE: &[Entry] = &[
    string::ENTRY,
    bytes::ENTRY,
    hex::ENTRY,
    int::ENTRY,
    uint::ENTRY,
    bool::ENTRY,
    char::ENTRY,
    float::ENTRY,
    float::IMAGINARY,
    ip::ENTRY,
    duration::ENTRY,
    time::ENTRY,
    r#type::ENTRY,
    error::ENTRY,
    pointer::ENTRY,
    stack::ENTRY,
    symbol::ENTRY,
];

impl Format {
    /// Its entry in the table.
    #[must_use]
    pub fn entry(self) -> &'static Entry {
        TABLE.iter().find(|e| e.format == self).unwrap_or(&pointer::ENTRY)
    }

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
}
