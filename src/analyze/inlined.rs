//! Warns of calls that no probe sees, because they were inlined.

use super::builder::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::target::InlinedCall;
use std::collections::{BTreeMap, HashSet};

impl Builder<'_> {
    /// Warns about functions with inlined calls, which a probe does not see, if these calls can be found quickly.
    pub(super) fn warn_inlined(&mut self, traced: &BTreeMap<String, Span>) {
        if traced.is_empty() || self.problems.has_errors() {
            return;
        }
        let mut names: HashSet<&str> = traced.keys().map(String::as_str).collect();
        if !self.program.inlined_is_cheap(&names) {
            // Up to Go 1.20 only debug information has the type arguments of generic functions.
            names.retain(|name| !name.contains('['));
        }
        let Ok((calls, _)) = self.program.inlined_of(&names, usize::MAX) else {
            return;
        };
        let mut by_place: BTreeMap<Span, Vec<&InlinedCall>> = BTreeMap::new();
        for call in &calls {
            if let Some(span) = traced.get(&call.callee) {
                by_place.entry(*span).or_default().push(call);
            }
        }
        for (span, calls) in by_place {
            let first = calls.first().map(|c| c.callee.clone()).unwrap_or_default();
            let what = if calls.iter().all(|c| c.callee == first) {
                format!("`{first}`")
            } else {
                "these functions".to_string()
            };
            let mut lines: Vec<String> = calls
                .iter()
                .take(4)
                .map(|c| format!("inlined into {} at {}:{}", c.caller, c.file, c.line))
                .collect();
            if calls.len() > 4 {
                lines.push(format!("… and at {} other places", calls.len() - 4));
            }
            let places = if calls.len() == 1 {
                "1 place".to_string()
            } else {
                format!("{} places", calls.len())
            };
            self.problems.push(
                Diagnostic::warning(
                    Code::PARTLY_INLINED,
                    format!("calls of {what} at {places} were inlined and are not seen"),
                )
                .at(span, "named here")
                .note(lines.join("\n"))
                .help(
                    "`including inlined` counts them too where it can be exact; `//go:noinline` above the function \
                     (or -gcflags=-l) lets all be seen",
                ),
            );
        }
    }
}
