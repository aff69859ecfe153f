//! Hexadecimal: numbers as `0x2a`, bytes as pairs of digits.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Hex,
    word: "hex",
    summary: "numbers as `0x2a`, bytes and strings as pairs of digits",
    accepts: |v| {
        matches!(
            v,
            Value::Number(_) | Value::Text { .. } | Value::Slice { bytes: true, .. } | Value::Bytes { .. }
        )
    },
    lower: |value, w| match value {
        Value::Number(n) => w.number_fragments("0x", "%llx", n, false),
        bytes => super::bytes::lower(bytes, w, "%rh"),
    },
};
