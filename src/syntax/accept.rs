//! Whether a suggestion would be read: nobody is told to write what the compiler refuses.

use super::build;
use super::parser::{Failure, read};
use std::ops::Range;

/// True if the recipe `text`, read from byte `base` on, has no mistake in its part `place` once `better` stands there.
/// What is wrong behind it does not matter.
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
        // What stands behind it may be wrong itself, but must not be wrong because of it.
        Err(Failure::Unexpected { position, .. }) => text
            .get(end..position)
            .is_some_and(|read| !read.trim().is_empty()),
        Err(Failure::TooDeep) => false,
    };
    fine(&changed) || fine(&alone)
}
