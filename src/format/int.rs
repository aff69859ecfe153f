//! A signed number.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Int,
    word: "int",
    summary: "a signed number",
    accepts: |v| matches!(v, Value::Number(_)),
    lower: |value, w| match value {
        Value::Number(n) => w.number_fragments("", "%lld", n, true),
        _ => Vec::new(),
    },
};
