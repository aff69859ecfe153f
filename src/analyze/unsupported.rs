//! The parts of the language that are read and formatted but not compiled yet.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Says so plainly.
pub(super) fn later(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::LATER,
        format!("{what} are part of the language, but this release does not compile them yet"),
    )
    .at(span, "not compiled yet")
}
