//! A span of time, as Go prints it.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    match value {
        Value::Number(n) => w.duration_fragments(n),
        _ => Vec::new(),
    }
}
