//! The name of an interface's dynamic type, read from Go's own type data at trace time.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    w.type_fragments(value)
}
