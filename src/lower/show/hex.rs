//! Hexadecimal: numbers as `0x2a`, bytes as pairs of digits.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    match value {
        Value::Number(n) => w.number_fragments("0x", "%llx", n, false),
        bytes => super::bytes::through(bytes, w, "%rh"),
    }
}
