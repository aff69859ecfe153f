//! Text, cut at the release's longest string and then marked with `…`.

use crate::lower::{Fragment, Writer};
use crate::plan::Value;

pub(super) fn fragments(value: &Value, w: &mut Writer<'_>) -> Vec<Fragment> {
    w.text_fragments(value)
}
