//! An unsigned number.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Uint,
    word: "uint",
    summary: "an unsigned number",
    accepts: |v| matches!(v, Value::Number(_)),
    lower: |value, w| match value {
        Value::Number(n) => w.number_fragments("", "%llu", n, false),
        _ => Vec::new(),
    },
};
