//! An address in code, by the name of the function it lies in.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Symbol,
    word: "",
    summary: "a function by its symbol, or `nil`",
    accepts: |v| matches!(v, Value::Code(_)),
    lower: |value, w| w.symbol_fragments(value),
};
