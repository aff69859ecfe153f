//! Text, cut at the release's longest string and then marked with `…`.

use super::{Entry, Format};
use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) const ENTRY: Entry = Entry {
    format: Format::String,
    word: "string",
    summary: "text; what is too long ends in `…`",
    accepts: |v| {
        matches!(
            v,
            Value::Text { .. }
                | Value::Known(_)
                | Value::Slice { bytes: true, .. }
                | Value::Bytes { .. }
                | Value::Comm
        )
    },
    lower,
};

fn lower(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    w.text_fragments(value)
}
