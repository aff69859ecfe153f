//! A span of time, as Go prints it.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Duration,
    word: "duration",
    summary: "nanoseconds as Go prints a `time.Duration`: `1.5ms`, `2m0s`",
    accepts: |v| matches!(v, Value::Number(_)),
    lower: |value, w| match value {
        Value::Number(n) => w.duration_fragments(n),
        _ => Vec::new(),
    },
};
