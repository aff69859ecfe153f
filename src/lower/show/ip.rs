//! An IP address: 4 or 16 bytes, an IPv4 address in 16 bytes shown as IPv4, as Go does.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    w.ip_fragments(value)
}
