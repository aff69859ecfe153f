//! Bytes: printable ones as they are, others as `\x00`.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    through(value, w, "%r")
}

/// The bytes through printf's `spec`, with `…` behind them when there were more.
pub(super) fn through(value: &Value, w: &mut Writer<'_>, spec: &'static str) -> Vec<Fragment> {
    w.byte_fragments(value, spec)
}
