//! `true` or `false`.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    match value {
        Value::Number(n) => {
            let truth = w.truth(n);
            vec![Fragment::Arg(
                "%s",
                w.text_if("truth", "false", vec![(truth, "true")]),
            )]
        }
        _ => Vec::new(),
    }
}
