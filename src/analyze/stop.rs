//! `stop when`: a condition over results, which is looked at all the time.
//!
//! A timer looks at it. Beside each result that it needs there is a number of the script's own, of all keys together,
//! which each call adds to.

use super::builder::Builder;
use super::eval::Binding;
use super::events::names_list;
use super::labels::is_own_name;
use super::value::Typed;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::plan::state::{Holds, Key};
use crate::plan::{
    Aggregation, Bound, EventKind, Expr, NumberKind, Output, Probe, Shape, State, Step, Subject, TimeUnit,
    Unit, Value,
};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, ExprKind, Name};
use std::collections::BTreeMap;

/// How often the condition is looked at, in nanoseconds.
pub(super) const EVERY: u64 = 10_000_000;

/// When the trace is to end.
pub(super) struct Stop {
    condition: Value,
    /// The numbers beside results, by the result.
    totals: BTreeMap<String, String>,
}

impl Stop {
    /// The steps of the timer that looks.
    pub(super) fn steps(&self) -> Vec<Step> {
        vec![Step::If(self.condition.clone(), vec![Step::Stop], Vec::new())]
    }

    /// What the numbers beside results are kept in.
    pub(super) fn state(&self) -> impl Iterator<Item = State> {
        self.totals.values().map(|name| State {
            name: name.clone(),
            keyed_by: Key::Nothing,
            holds: Holds::Total,
            bound: Bound::Few,
        })
    }

    /// Adds to the numbers beside results wherever something is added to these, and clears them with these.
    pub(super) fn add_up<'p>(&self, probes: impl IntoIterator<Item = &'p mut Probe>) {
        probes
            .into_iter()
            .for_each(|probe| self.add_up_in(&mut probe.steps));
    }

    fn add_up_in(&self, steps: &mut Vec<Step>) {
        for mut step in std::mem::take(steps) {
            let beside = match &mut step {
                Step::If(_, then, otherwise) => {
                    self.add_up_in(then);
                    self.add_up_in(otherwise);
                    None
                }
                Step::Aggregate { map, how, .. } => self.totals.get(map).map(|total| {
                    let value = match how {
                        Aggregation::Sum(value) => Some(value.clone()),
                        _ => None,
                    };
                    Step::AddTo(total.clone(), value)
                }),
                Step::Clear(map) => self.totals.get(map).map(|total| Step::Clear(total.clone())),
                _ => None,
            };
            steps.push(step);
            steps.extend(beside);
        }
    }
}

impl Builder<'_> {
    /// Reads `stop when CONDITION`, once all results are known.
    pub(super) fn stop_when(&mut self, condition: &ast::Expr, labels: &[&Name]) -> Option<Stop> {
        let mut names = Vec::new();
        let mut wrong = Vec::new();
        parts(condition, &mut names, &mut wrong);
        let is_param = |name: &str| self.params.contains_key(name);
        let mut used: Vec<(String, Span)> = names;
        used.retain(|(name, _)| !is_param(name));
        let mut is_right = wrong.is_empty();
        for span in wrong {
            self.problems.push(
                Diagnostic::error(Code::BAD_STOP, "`stop when` compares results and numbers")
                    .at(span, "neither")
                    .help("give the result a name, and write `stop when NAME > 100`"),
            );
        }
        let mut totals = BTreeMap::new();
        let mut bindings = Vec::new();
        for (name, span) in &used {
            match self.results.iter().find(|result| result.name == *name) {
                Some(result) if can_be_told(result) => {
                    let kind = match (result.shape, result.unit) {
                        (Shape::Sum, Unit::Time(TimeUnit::Ns)) => NumberKind::Duration,
                        _ => NumberKind::Plain,
                    };
                    let names = &mut self.names;
                    let total = totals.entry(name.clone());
                    let total = total.or_insert_with(|| names.allocate_map(&[&format!("{name}_total")]));
                    let total = Expr::Total(total.clone());
                    let what = if kind == NumberKind::Duration {
                        "duration"
                    } else {
                        "number"
                    };
                    bindings.push(Binding {
                        name: name.clone(),
                        span: *span,
                        typed: Some(Typed::number(total, true, kind, what)),
                        at: EventKind::Timer,
                    });
                }
                found => {
                    is_right = false;
                    let problem = match found {
                        Some(result) => Some(not_a_number(result, *span)),
                        None => self.no_such_result(name, *span, labels),
                    };
                    if let Some(problem) = problem {
                        self.problems.push(problem);
                    }
                }
            }
        }
        if let Some(span) = divisor(condition, &|name| is_result(&used, name)) {
            is_right = false;
            self.problems.push(
                Diagnostic::error(Code::BAD_STOP, "`stop when` cannot divide by what may be 0")
                    .at(span, "0 at first")
                    .help("multiply the other side: `failed * 100 > all * 5` in place of `failed * 100 / all > 5`"),
            );
        }
        if !is_right {
            return None;
        }
        if used.is_empty() {
            self.problems.push(
                Diagnostic::error(Code::BAD_STOP, "`stop when` compares a result with a number")
                    .at(condition.span, "no result in it")
                    .help("give a result a name, as in `calls: count main.f`, and write `stop when calls > 100`"),
            );
            return None;
        }
        let mut scope = self.scope(None, EventKind::Timer);
        scope.bindings = bindings;
        match scope.condition(condition) {
            Ok(condition) => Some(Stop { condition, totals }),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// Nothing where it would be one if the recipe had no other mistakes.
    fn no_such_result(&self, name: &str, span: Span, labels: &[&Name]) -> Option<Diagnostic> {
        let is_of_mistake = labels.iter().any(|label| label.node == name) || is_own_name(name);
        if self.problems.has_errors() && is_of_mistake {
            return None;
        }
        let problem = Diagnostic::error(Code::NO_RESULT_CALLED, format!("there is no result `{name}`"))
            .at(span, "not known");
        let known = self.results.iter().filter(|result| can_be_told(result));
        let known: Vec<&str> = known.map(|result| result.name.as_str()).collect();
        Some(match near::words(name, known.iter().copied()) {
            Some(word) => problem.help(format!("did you mean `{word}`?")),
            None if known.is_empty() => {
                problem.help("give a `count` a name, as in `calls: count main.f`, and use that")
            }
            None => {
                let known: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
                problem.help(format!("it can be told by {}", names_list(&known)))
            }
        })
    }
}

/// A result that is one number, or would be without its keys.
fn can_be_told(result: &Output) -> bool {
    matches!(result.shape, Shape::Count | Shape::Sum)
        && matches!(result.of, Subject::Calls(_) | Subject::Statement(_))
}

fn not_a_number(result: &Output, span: Span) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::BAD_STOP,
        format!("`stop when` needs counts and sums; `{}` is neither", result.name),
    )
    .at(span, format!("a `{}`", result.shape.word()));
    problem.help("count what is wanted beside it, as in `slow: count main.f where elapsed > 100ms`, and use `slow > 0`")
}

fn is_result(used: &[(String, Span)], name: &str) -> bool {
    used.iter().any(|(result, _)| result == name)
}

/// What is divided by, if there is a result in it.
fn divisor(e: &ast::Expr, is_result: &dyn Fn(&str) -> bool) -> Option<Span> {
    match &e.kind {
        ExprKind::Unary(_, x) | ExprKind::Paren(x) => divisor(x, is_result),
        ExprKind::Binary(op, a, b) => {
            let divides = matches!(op.node, BinaryOp::Divide | BinaryOp::Remainder);
            let mut names = Vec::new();
            parts(b, &mut names, &mut Vec::new());
            let here = divides && names.iter().any(|(name, _)| is_result(name));
            let inside = || divisor(a, is_result).or_else(|| divisor(b, is_result));
            here.then_some(b.span).or_else(inside)
        }
        _ => None,
    }
}

/// The names in a condition, and what cannot stand in one.
fn parts(e: &ast::Expr, names: &mut Vec<(String, Span)>, wrong: &mut Vec<Span>) {
    match &e.kind {
        ExprKind::Name(name) => names.push((name.clone(), e.span)),
        ExprKind::Unary(_, x) | ExprKind::Paren(x) => parts(x, names, wrong),
        ExprKind::Binary(_, a, b) => {
            parts(a, names, wrong);
            parts(b, names, wrong);
        }
        ExprKind::Int(..) | ExprKind::Duration(..) | ExprKind::Size(..) | ExprKind::Bool(_) => {}
        _ => wrong.push(e.span),
    }
}
