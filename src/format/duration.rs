//! A span of time in the unit that fits: `1.250 ms`.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Duration,
    word: "duration",
    summary: "nanoseconds in the unit that fits: `1.250ms`",
    accepts: |v| matches!(v, Value::Number(_)),
    lower: |value, w| match value {
        Value::Number(n) => w.duration_fragments(n),
        _ => Vec::new(),
    },
};
