//! A stack, one function per line.

use super::{Entry, Format};
use crate::lower::Fragment;
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Stack,
    word: "",
    summary: "a stack, one function per line",
    accepts: |v| matches!(v, Value::Stack(_)),
    lower: |value, w| vec![Fragment::Arg("%s", w.key(value))],
};
