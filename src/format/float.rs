//! A floating point number in memory, as Go prints it.

use super::{Entry, Format};
use crate::lower::{Fragment, Writer};
use crate::plan::{NumberKind, Value};

pub(super) const ENTRY: Entry = Entry {
    format: Format::Float,
    word: "float",
    summary: "a `float32` or `float64` as a decimal number, as Go prints it",
    accepts: |v| matches!(v, Value::Number(n) if matches!(n.kind, NumberKind::Float(_) | NumberKind::Plain)),
    lower: |value, w| lower(value, w, false),
};

/// The second half of a complex number, which always has a sign.
pub(super) const IMAGINARY: Entry = Entry {
    format: Format::Imaginary,
    word: "",
    summary: "a floating point number with its sign",
    accepts: ENTRY.accepts,
    lower: |value, w| lower(value, w, true),
};

fn lower(value: &Value, w: &mut Writer<'_>, plus: bool) -> Vec<Fragment> {
    match value {
        Value::Number(n) => {
            let size = if n.kind == NumberKind::Float(4) { 4 } else { 8 };
            w.float_fragments(n, size, plus)
        }
        _ => Vec::new(),
    }
}
