//! An address in code, by the name of the function it lies in.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    w.symbol_fragments(value)
}
