//! An unsigned number.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    match value {
        Value::Number(n) => w.number_fragments("", "%llu", n, false),
        _ => Vec::new(),
    }
}
