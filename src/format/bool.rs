//! `true` or `false`.

use super::{Entry, Format};
use crate::bt;
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
                truth.choose(bt::Expr::Str("true".into()), bt::Expr::Str("false".into())),
            )]
        }
        _ => Vec::new(),
    },
};
