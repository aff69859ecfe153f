//! Clauses: which belong where, and the units, shapes, limits and conditions in them.

use super::builder::Builder;
use super::events::names_list;
use super::verbs::latency::Shape;
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::format::Format;
use crate::plan::{Column, EventKind, Expr, Limit, Op, Output, Step, Subject, TimeUnit, Unit, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Clause, ClauseKind};
use std::collections::BTreeMap;

impl Builder<'_> {
    /// Reports clauses that do not belong to `owner`, or that it has twice.
    pub(crate) fn allow_clauses(&mut self, clauses: &[Clause], allowed: &[&str], owner: &str) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for clause in clauses {
            let word = clause_word(&clause.node);
            if !allowed.contains(&word) {
                let problem = match &clause.node {
                    ClauseKind::IncludingInlined => no_end(owner, clause.span),
                    _ => {
                        let words: Vec<String> = allowed.iter().map(|w| format!("`{w}`")).collect();
                        let takes = if words.is_empty() {
                            format!("{owner} takes no clauses")
                        } else {
                            format!("{owner} takes {}", names_list(&words))
                        };
                        Diagnostic::error(Code::BAD_CLAUSE, format!("`{word}` does not belong to {owner}"))
                            .at(clause.span, "not here")
                            .help(takes)
                    }
                };
                self.problems.push(problem);
            } else if let Some(first) = seen.insert(word, clause.span) {
                self.problems.push(
                    Diagnostic::error(Code::BAD_CLAUSE, format!("`{word}` stands twice"))
                        .at(clause.span, "again")
                        .see(first, "first here"),
                );
            }
        }
    }

    /// Reports that something needs the end of calls of which inlined ones have none; true if they are included.
    pub(crate) fn refuse_returns_of_inlined(&mut self, clauses: &[Clause]) -> bool {
        let clause = super::events::includes_inlined(clauses);
        if let Some(span) = clause {
            self.problems.push(no_end("what is asked for here", span));
        }
        clause.is_some()
    }

    /// `in UNIT`; microseconds unless said otherwise.
    pub(crate) fn unit(&mut self, clauses: &[Clause]) -> TimeUnit {
        for clause in clauses {
            let ClauseKind::In(name) = &clause.node else {
                continue;
            };
            match unit_called(&name.node) {
                Some(unit) => return unit,
                None => self.problems.push(
                    Diagnostic::error(Code::UNKNOWN_WORD, format!("there is no unit `{}`", name.node))
                        .at(name.span, "not known")
                        .help("the units are `ns`, `us`, `ms` and `s`"),
                ),
            }
        }
        TimeUnit::Us
    }

    /// `as hist`, `as stats`, `as linear A..B step S`.
    pub(crate) fn shape(&mut self, clauses: &[Clause]) -> Shape {
        let unit = self.unit(
            &clauses
                .iter()
                .filter(|c| matches!(&c.node, ClauseKind::In(n) if unit_called(&n.node).is_some()))
                .cloned()
                .collect::<Vec<_>>(),
        );
        for clause in clauses {
            let ClauseKind::As(word, range) = &clause.node else {
                continue;
            };
            match (word.node.as_str(), range) {
                ("hist", None) => return Shape::Hist,
                ("stats", None) => return Shape::Stats,
                ("percentiles", None) => return Shape::Percentiles,
                ("linear", Some(range)) => {
                    return self
                        .linear(range, unit.nanoseconds())
                        .map_or(Shape::Hist, |(low, high, step)| Shape::Linear(low, high, step));
                }
                ("linear", None) => self.problems.push(
                    Diagnostic::error(Code::BAD_RANGE, "`linear` needs a range")
                        .at(word.span, "add `0..100 step 10`"),
                ),
                ("hist" | "stats" | "percentiles", Some(range)) => self.problems.push(
                    Diagnostic::error(Code::BAD_RANGE, format!("`{}` takes no range", word.node))
                        .at(range.span, "only `linear` does"),
                ),
                (other, _) => {
                    let mut problem = Diagnostic::error(
                        Code::UNKNOWN_WORD,
                        format!("latencies cannot be shown as `{other}`"),
                    )
                    .at(word.span, "not known");
                    problem = match crate::diagnostic::near::words(
                        other,
                        ["hist", "linear", "percentiles", "stats"],
                    ) {
                        Some(w) => problem.help(format!("did you mean `{w}`?")),
                        None => problem
                            .help("they are shown as `hist`, `percentiles`, `linear A..B step S` or `stats`"),
                    };
                    self.problems.push(problem);
                }
            }
        }
        Shape::Hist
    }

    fn linear(&mut self, range: &ast::Range, unit: u64) -> Option<(i64, i64, i64)> {
        match self.scope(None, EventKind::Entry).linear(range, unit, None) {
            Ok(found) => Some(found),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// `limit N/s`, with the maps that it needs.
    pub(crate) fn limit(&mut self, clauses: &[Clause]) -> Option<Limit> {
        for clause in clauses {
            let ClauseKind::Limit(n) = &clause.node else {
                continue;
            };
            if n.node == 0 {
                self.problems.push(
                    Diagnostic::error(Code::BAD_PERIOD, "a limit is at least one line per second")
                        .at(n.span, "none would be written"),
                );
                return None;
            }
            let lines = self.names.allocate_map(&["lines_this_second"]);
            let dropped = self.names.allocate_map(&["lines_dropped"]);
            self.results.push(Output {
                columns: vec![Column::new("probe", "string", Format::String)],
                ..Output::new(dropped.clone(), Subject::LinesDropped(n.node), Unit::Lines)
            });
            return Some(Limit {
                per_second: n.node,
                lines,
                dropped,
            });
        }
        None
    }
}

impl Builder<'_> {
    /// Notes in a result that few of its rows are to be shown, and that it is of a sample of the calls.
    pub(crate) fn note_clauses(&mut self, result: &str, clauses: &[Clause]) {
        for clause in clauses {
            let Some(output) = self.results.iter_mut().find(|output| output.name == result) else {
                return;
            };
            match &clause.node {
                ClauseKind::Top(rows) if rows.node == 0 => self.problems.push(
                    Diagnostic::error(Code::BAD_CLAUSE, "`top` shows at least one row")
                        .at(rows.span, "none would be shown"),
                ),
                ClauseKind::Top(rows) => output.top = Some(rows.node),
                ClauseKind::Sample(of) => output.sampled = Some(of.node),
                _ => {}
            }
        }
    }
}

/// The condition that one call of so many satisfies, if the clauses want that. It is found out once for each call.
pub(super) fn chosen_of(clauses: &[Clause]) -> Option<Value> {
    clauses.iter().find_map(|clause| match &clause.node {
        ClauseKind::Sample(of) if of.node > 1 => Some(Value::truth(Expr::Chosen {
            one_of: of.node,
            by: clause.span.start,
        })),
        _ => None,
    })
}

/// Both conditions, if there are two.
pub(super) fn both_conditions(a: Option<Value>, b: Option<Value>) -> Option<Value> {
    match (a, b) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => {
            Some(Value::truth(Expr::op(Op::Both, a.expr, b.expr)))
        }
        (a, b) => a.or(b),
    }
}

/// The condition among some clauses.
pub(super) fn where_of(clauses: &[Clause]) -> Option<&ast::Expr> {
    clauses.iter().find_map(|c| match &c.node {
        ClauseKind::Where(e) => Some(e),
        _ => None,
    })
}

/// The unit of time that `in WORD` asks for.
fn unit_called(word: &str) -> Option<TimeUnit> {
    TimeUnit::ALL.into_iter().find(|unit| unit.word() == word)
}

/// Steps under a condition, if there is one.
pub(super) fn under(condition: Option<Value>, steps: Vec<Step>) -> Vec<Step> {
    match condition {
        Some(condition) => vec![Step::If(condition, steps, Vec::new())],
        None => steps,
    }
}

/// Why `owner` cannot have inlined calls.
fn no_end(owner: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::INLINED_HAS_NO_END,
        format!("{owner} cannot include inlined calls: it needs to see a call end"),
    )
    .at(span, "not here")
    .note(
        "an inlined call has no return: the compiler mixes its last instructions with those of the function around \
         it",
    )
    .help("`count` and `on` blocks without `return` include them; time a function that is not inlined, or build with \
           `//go:noinline` above it")
}

fn clause_word(clause: &ClauseKind) -> &'static str {
    match clause {
        ClauseKind::By(_) => "by",
        ClauseKind::Where(_) => "where",
        ClauseKind::As(..) => "as",
        ClauseKind::In(_) => "in",
        ClauseKind::Except(_) => "except",
        ClauseKind::IncludingInlined => "including inlined",
        ClauseKind::Limit(_) => "limit",
        ClauseKind::Top(_) => "top",
        ClauseKind::Sample(_) => "sample",
        ClauseKind::Into(_) => "into",
        ClauseKind::Depth(_) => "depth",
        ClauseKind::FollowingGo => "following go",
        ClauseKind::WithArgs => "with args",
        ClauseKind::From(_) => "from",
        ClauseKind::To(_) => "to",
        ClauseKind::Match(..) => "match",
    }
}
