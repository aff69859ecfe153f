//! `nil`, the message of an error whose type is known, or else its type.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Error,
    word: "error",
    summary: "`nil`, an error's message where its type is a known one, or its type",
    accepts: |v| matches!(v, Value::Interface { .. }),
    lower: |value, w| w.error_fragments(value),
};
