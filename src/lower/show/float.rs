//! A floating point number in memory, as Go prints it.

use crate::lower::{Fragment, Writer};
use crate::plan::{NumberKind, Value};

/// With `plus`, a sign stands before it in any case.
pub(super) fn fragments(value: &Value, w: &mut Writer<'_>, plus: bool) -> Vec<Fragment> {
    match value {
        Value::Number(n) => {
            let size = if n.kind == NumberKind::Float(4) { 4 } else { 8 };
            w.float_fragments(n, size, plus)
        }
        _ => Vec::new(),
    }
}
