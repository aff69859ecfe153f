//! The directives: one file per verb, and a table. Each turns its events and clauses into steps at functions' sites.

mod count;
mod graph;
pub(crate) mod latency;
mod skeleton;
mod trace;

use crate::analyze::Builder;
use crate::syntax::ast;

/// What the table knows of a directive.
pub struct Entry {
    /// The word it begins with.
    pub verb: &'static str,
    /// The clauses it takes.
    pub clauses: &'static [&'static str],
    /// One line for the reference.
    pub summary: &'static str,
    /// A recipe that shows it.
    pub example: &'static str,
    /// Its label names a result.
    pub has_result: bool,
    /// Adds its steps.
    pub(crate) build: fn(&mut Builder<'_>, &ast::Item, &ast::Directive),
}

/// Every directive that is compiled, in the order of the reference.
pub const TABLE: &[Entry] = &[
    count::ENTRY,
    latency::ENTRY,
    trace::ENTRY,
    graph::ENTRY,
    skeleton::ENTRY,
];

/// Directives that the language has and that are not compiled yet.
pub const LATER: &[&str] = &["span"];

/// The directive with this verb.
#[must_use]
pub fn named(verb: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|e| e.verb == verb)
}
