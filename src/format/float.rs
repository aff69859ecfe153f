//! A floating point number in memory. bpftrace cannot compute with those, so it is shown by its bits.

use super::{Entry, Format};
use crate::plan::{NumberKind, Value};

pub(super) const ENTRY: Entry = Entry {
    format: Format::Float,
    word: "float",
    summary: "the bits of a `float32` or `float64`, in hexadecimal",
    accepts: |v| matches!(v, Value::Number(n) if matches!(n.kind, NumberKind::Float(_) | NumberKind::Plain)),
    lower: |value, w| match value {
        Value::Number(n) => w.number_fragments(
            if n.kind == NumberKind::Float(4) {
                "float32 bits 0x"
            } else {
                "float64 bits 0x"
            },
            "%llx",
            n,
            false,
        ),
        _ => Vec::new(),
    },
};
