//! `true` or `false`.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    match value {
        Value::Number(n) => {
            let truth = w.truth(n);
            let cases = w.not_there().into_iter().chain([(truth, "true")]).collect();
            vec![Fragment::Arg("%s", w.text_if("_is", "false", cases))]
        }
        _ => Vec::new(),
    }
}
