//! A stack, one function per line.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    vec![Fragment::Arg("%s", w.key(value))]
}
