//! An IP address: 4 or 16 bytes, an IPv4 address in 16 bytes shown as IPv4, as Go does.

use super::{Entry, Format};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Ip,
    word: "ip",
    summary: "an IP address: 4 or 16 bytes, or a 32-bit number in network order",
    accepts: |v| {
        matches!(
            v,
            Value::Slice { bytes: true, .. } | Value::Bytes { len: 4 | 16, .. } | Value::Number(_)
        )
    },
    lower: |value, w| w.ip_fragments(value),
};
