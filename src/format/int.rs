//! A signed number; of a floating point number, what stands before the point.

use super::{Entry, Format};
use crate::lower::Fragment;
use crate::plan::{NumberKind, Value};

pub(super) const ENTRY: Entry = Entry {
    format: Format::Int,
    word: "int",
    summary: "a signed number; a `float32` or `float64` without what is behind its point",
    accepts: |v| matches!(v, Value::Number(_)),
    lower: |value, w| match value {
        Value::Number(n) if let NumberKind::Float(size) = n.kind => {
            vec![Fragment::Arg("%lld", w.truncated(n, size))]
        }
        Value::Number(n) => w.number_fragments("", "%lld", n, true),
        _ => Vec::new(),
    },
};
