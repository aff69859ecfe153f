//! Calls that were inlined, traced where their code is.

use super::builder::Builder;
use super::events::{Named, Selected, includes_inlined};
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::Span;
use crate::syntax::ast::Clause;
use crate::target::{InlinedCopy, NotOnce};
use std::collections::{BTreeMap, HashSet};

/// The last release that takes the first instruction of a function for the function's own (`firstPos` in `genssa`,
/// `src/cmd/compile/internal/ssagen/ssa.go`).
const LAST_WITH_HIDDEN_FIRST: u32 = 20;
/// How many places a message shows.
const SHOWN: usize = 4;

impl Builder<'_> {
    /// The functions that events name, and their copies where those are asked for.
    pub(super) fn with_copies(&mut self, named: Named, clauses: &[Clause]) -> Vec<Selected> {
        let mut list = named.functions;
        let Some(clause) = includes_inlined(clauses) else {
            return list;
        };
        let mut spans: BTreeMap<String, Span> = named.only_inlined.into_iter().collect();
        for function in &list {
            spans
                .entry(self.program.function(function.id).name)
                .or_insert(function.span);
        }
        let names: HashSet<&str> = spans.keys().map(String::as_str).collect();
        let copies = match self.program.copies(&names) {
            Ok(copies) => copies,
            Err(problem) => {
                self.problems.push(problem.at(clause, "asked for here"));
                return list;
            }
        };
        let (counted, left_out): (Vec<_>, Vec<_>) = copies.into_iter().partition(|copy| copy.site.is_ok());
        let nothing = list.is_empty() && counted.is_empty();
        if !nothing && !self.problems.has_errors() {
            self.warn_traceless(counted.iter().chain(&left_out), clause);
        }
        for copy in counted {
            let (id, span) = (copy.holder, spans.get(&copy.callee).copied().unwrap_or(clause));
            let next = self.copies.len();
            let number = *self.copy_numbers.entry((id, copy.number)).or_insert(next);
            if number == next {
                self.copies.push(copy);
            }
            list.push(Selected {
                id,
                span,
                exact: false,
                copy: Some(number),
            });
        }
        if !left_out.is_empty() && !self.problems.has_errors() {
            self.problems.push(said_left_out(&left_out, clause, nothing));
        }
        list
    }

    /// Warns of calls that nothing in the program tells of.
    fn warn_traceless<'c>(&mut self, copies: impl Iterator<Item = &'c InlinedCopy>, clause: Span) {
        let mut acts: BTreeMap<&str, bool> = BTreeMap::new();
        for copy in copies {
            *acts.entry(&copy.callee).or_default() |= copy.acts;
        }
        let idle: Vec<&str> = acts
            .iter()
            .filter(|(_, acts)| !**acts)
            .map(|(name, _)| *name)
            .collect();
        let problem = |what: String| {
            Diagnostic::warning(Code::INLINED_WITHOUT_TRACE, what).at(clause, "not all of them, maybe")
        };
        if let Some(first) = idle.first() {
            let what = match idle.len() {
                1 => format!("`{first}` writes nothing"),
                n => format!("`{first}` and {} more of these functions write nothing", n - 1),
            };
            self.problems.push(
                problem(format!("{what}, so some inlined calls may have left no trace"))
                    .note(
                        "where the compiler computes a call together with what is around it, nothing of the call is \
                         left in the program, and nothing tells of it",
                    )
                    .help("build with `//go:noinline` above the function to be sure to see them all"),
            );
        }
        let minor = self.program.identity().go_minor;
        if minor <= LAST_WITH_HIDDEN_FIRST
            && idle.len() < acts.len()
            && !std::mem::replace(&mut self.hidden_said, true)
        {
            self.problems.push(
                problem(format!("Go 1.{minor} hides some inlined calls"))
                    .note(
                        "up to Go 1.20 the first instruction of a function counts as the function's own: an inlined call \
                         that is no more than this instruction leaves no trace",
                    )
                    .help("build with a newer release of Go, or with `//go:noinline` above the function"),
            );
        }
    }

    /// The name of what is traced: of a copy, that of the function that was inlined.
    pub(crate) fn name_of(&self, named: Selected) -> String {
        match named.copy.and_then(|copy| self.copies.get(copy)) {
            Some(copy) => copy.callee.clone(),
            None => self.program.function(named.id).name,
        }
    }

    /// What the call would return to, had it not been inlined; 0 if it was not.
    pub(crate) fn called_at(&self, named: Selected) -> u64 {
        let copy = named.copy.and_then(|copy| self.copies.get(copy));
        copy.and_then(InlinedCopy::behind_call).unwrap_or(0)
    }

    /// Reports problems at a copy: if a value is not to be had there, the copy is left out.
    pub(super) fn report_at_copy(&mut self, named: Selected, name: &str, problems: Problems) {
        let is_place = |problem: &Diagnostic| problem.code == Code::NOT_READABLE;
        let list = problems.sorted();
        if list.is_empty() || !list.iter().all(is_place) {
            let mut again = Problems::default();
            list.into_iter().for_each(|problem| again.push(problem));
            self.problems.about(name, again);
            return;
        }
        if let Some(copy) = named.copy {
            let why = list.into_iter().next();
            let span = why
                .as_ref()
                .and_then(|p| p.labels.first())
                .map_or(named.span, |l| l.span);
            self.without_value.entry(span).or_default().insert(copy);
        }
    }

    /// Warns of copies that were left out because a value is not to be had there.
    pub(super) fn warn_without_value(&mut self) {
        let without = std::mem::take(&mut self.without_value).into_iter();
        let late = std::mem::take(&mut self.late_copies).into_iter();
        let why = [
            (
                "this value is not known to be anywhere",
                "this value",
                without.collect::<Vec<_>>(),
            ),
            (
                "what arguments point to may have changed before they are known",
                "named here",
                late.collect(),
            ),
        ];
        for (why, label, places_of) in why {
            for (span, copies) in places_of {
                let copies: Vec<&InlinedCopy> =
                    copies.iter().filter_map(|copy| self.copies.get(*copy)).collect();
                let many = match copies.len() {
                    1 => "1 inlined call is left out: where it begins".to_owned(),
                    n => format!("{n} inlined calls are left out: where they begin"),
                };
                self.problems.push(
                    Diagnostic::warning(Code::INLINED_LEFT_OUT, format!("{many}, {why}"))
                        .at(span, label)
                        .note(places(&copies, |_| String::new())),
                );
            }
        }
    }
}

/// Says which copies are not traced.
fn said_left_out(copies: &[InlinedCopy], clause: Span, nothing: bool) -> Diagnostic {
    let first = copies.first().map_or("", |copy| copy.callee.as_str());
    let what = if copies.iter().all(|copy| copy.callee == first) {
        format!("`{first}`")
    } else {
        "these functions".to_owned()
    };
    let text = match copies.len() {
        1 => format!("1 inlined call of {what} cannot be counted exactly, and is left out"),
        n => format!("{n} inlined calls of {what} cannot be counted exactly, and are left out"),
    };
    let problem = if nothing {
        Diagnostic::error(Code::INLINED_LEFT_OUT, text)
    } else {
        Diagnostic::warning(Code::INLINED_LEFT_OUT, text)
    };
    let copies: Vec<&InlinedCopy> = copies.iter().collect();
    let why = |copy: &InlinedCopy| match &copy.site {
        Ok(_) => String::new(),
        Err(NotOnce::Moved) => ": no instruction is executed once for each call".to_owned(),
        Err(NotOnce::Mixed) => ": it may panic before the first instruction that is its own".to_owned(),
        Err(NotOnce::Refused(why)) => format!(": {why}"),
        Err(NotOnce::Unreadable) => ": the code around it cannot be read".to_owned(),
        Err(NotOnce::AnyInstance) => ": its type arguments are not known".to_owned(),
    };
    problem
        .at(clause, "not all of them")
        .note(places(&copies, why))
        .help("build with `//go:noinline` above the function (or with -gcflags=-l) to see them all")
}

/// Where calls were inlined, one a line.
fn places(copies: &[&InlinedCopy], why: impl Fn(&InlinedCopy) -> String) -> String {
    let mut lines: Vec<String> = copies
        .iter()
        .take(SHOWN)
        .map(|copy| {
            format!(
                "inlined into {} at {}:{}{}",
                copy.caller,
                copy.file,
                copy.line,
                why(copy)
            )
        })
        .collect();
    if copies.len() > SHOWN {
        lines.push(format!("… and at {} other places", copies.len() - SHOWN));
    }
    lines.join("\n")
}
