//! A date and time in UTC seconds since 1970 and nanoseconds.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Time,
    word: "time",
    summary: "a `time.Time` as date and time (UTC)",
    accepts: |v| matches!(v, Value::Time { .. }),
    lower: |value, w| w.time_fragments(value),
};
