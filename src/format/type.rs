//! The name of an interface's dynamic type, read from Go's own type data at trace time.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Type,
    word: "type",
    summary: "the name of an interface's dynamic type",
    accepts: |v| matches!(v, Value::Interface { .. }),
    lower: |value, w| w.type_fragments(value),
};
