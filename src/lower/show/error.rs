//! `nil`, the message of an error whose type is known, or else its type.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    w.error_fragments(value)
}
