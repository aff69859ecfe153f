//! A signed number; of a floating point number, what stands before the point.

use crate::lower::{Fragment, Writer};
use crate::plan::{NumberKind, Value};

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    match value {
        Value::Number(n) if let NumberKind::Float(size) = n.kind => {
            vec![Fragment::Arg("%lld", w.truncated(n, size))]
        }
        Value::Number(n) => w.number_fragments("", "%lld", n, true),
        _ => Vec::new(),
    }
}
