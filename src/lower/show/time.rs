//! A date and time in UTC seconds since 1970 and nanoseconds.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    w.time_fragments(value)
}
