//! One character, for bytes and runes up to 127.

use super::{Entry, Format};
use crate::lower::Fragment;
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Char,
    word: "char",
    summary: "one ASCII character",
    accepts: |v| matches!(v, Value::Number(_)),
    lower: |value, w| match value {
        Value::Number(n) => vec![Fragment::Arg("%c", w.number(n).cast("uint8"))],
        _ => Vec::new(),
    },
};
