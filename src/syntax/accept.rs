//! Checks suggestions: a message never suggests a line that the compiler refuses.

use super::build;
use super::parser::{Failure, read};
use std::ops::Range;

/// True if the recipe `text`, read from byte `base` on, has no mistake in the part `place` after `better` has replaced
/// it. Mistakes behind that part do not matter.
pub(super) fn accepts(text: &str, base: usize, place: Range<usize>, better: &str) -> bool {
    let (Some(before), Some(after)) = (text.get(..place.start), text.get(place.end..)) else {
        return false;
    };
    let end = place.start + better.len();
    let changed = format!("{before}{better}{after}");
    let alone = format!("{before}{better}\n");
    let fine = |text: &str| match read(text, base) {
        Ok(root) => {
            let (_, problems) = build::build(text, &root);
            let wrong = problems.sorted();
            !wrong
                .iter()
                .flat_map(|problem| &problem.labels)
                .any(|label| label.span.end > place.start && label.span.start < end)
        }
        // Text behind the part may have mistakes of its own, but the replacement must not cause new ones.
        Err(Failure::Unexpected { position, .. }) => text
            .get(end..position)
            .is_some_and(|read| !read.trim().is_empty()),
        Err(Failure::TooDeep) => false,
    };
    fine(&changed) || fine(&alone)
}
