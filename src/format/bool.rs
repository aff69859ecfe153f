//! `true` or `false`.

use super::{Entry, Format};
use crate::lower::Fragment;
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::Bool,
    word: "bool",
    summary: "`true` unless it is 0",
    accepts: |v| matches!(v, Value::Number(_)),
    lower: |value, w| match value {
        Value::Number(n) => {
            let truth = w.truth(n);
            vec![Fragment::Arg(
                "%s",
                w.text_if("truth", "false", vec![(truth, "true")]),
            )]
        }
        _ => Vec::new(),
    },
};
