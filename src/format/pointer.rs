//! An address, or `nil`.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Pointer,
    word: "pointer",
    summary: "an address in hexadecimal, or `nil`",
    accepts: |v| {
        !matches!(
            v,
            Value::Known(_) | Value::Stack(_) | Value::Comm | Value::Time { .. }
        )
    },
    lower: |value, w| w.pointer_fragments(value),
};
