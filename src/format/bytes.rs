//! Bytes: printable ones as they are, others as `\x00`.

use super::{Entry, Format};
use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Bytes,
    word: "bytes",
    summary: "bytes: printable ones as they are, others as `\\x00`",
    accepts: |v| {
        matches!(
            v,
            Value::Text { .. } | Value::Slice { bytes: true, .. } | Value::Bytes { .. }
        )
    },
    lower: |value, w| lower(value, w, "%r"),
};

/// The bytes through printf's `spec`, with `…` behind them when there were more.
pub(super) fn lower(value: &Value, w: &mut Writer<'_>, spec: &'static str) -> Vec<Fragment> {
    w.byte_fragments(value, spec)
}
