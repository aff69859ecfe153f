//! Statements of `on` blocks: from what was written to steps.

use super::block::Maps;
use super::clauses::{under, where_of};
use super::eval::{Binding, Outcome, Scope, all, both, fail};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{RawPart, Step, Value};
use crate::syntax::ast::{self, Segment, Statement, StatementKind};

impl Scope<'_> {
    /// The steps of some statements; nothing if any of them is wrong.
    pub(super) fn statements(&self, list: &[Statement], maps: &Maps) -> Outcome<Vec<Step>> {
        let mut scope = self.clone();
        let steps = all(list.iter().map(|statement| scope.statement(statement, maps)));
        Ok(steps?.concat())
    }

    /// The steps of a statement; a `let` is known from then on.
    pub(super) fn statement(&mut self, statement: &Statement, maps: &Maps) -> Outcome<Vec<Step>> {
        match &statement.kind {
            StatementKind::Let { name, value } => {
                if let Some(first) = self.bindings.iter().find(|b| b.name == name.node) {
                    return fail(
                        Diagnostic::error(Code::REPEATED, format!("there are two lets `{}`", name.node))
                            .at(name.span, "again")
                            .see(first.span, "first here"),
                    );
                }
                let (typed, outcome) = match self.eval(&value.expr) {
                    Ok(typed) => (Some(typed), Ok(Vec::new())),
                    Err(problems) => (None, Err(problems)),
                };
                self.bindings.push(Binding {
                    name: name.node.clone(),
                    span: name.span,
                    typed,
                    at: self.event,
                });
                outcome
            }
            StatementKind::Print(print, clauses) => {
                let (condition, line) = both(self.own_condition(clauses), self.print(print, statement.span))?;
                let limit = maps.limits.get(&statement.span).cloned();
                Ok(under(condition, vec![Step::Print(line, limit)]))
            }
            StatementKind::Aggregate {
                verb,
                value,
                range,
                clauses,
            } => {
                let how = self.aggregation(verb, value.as_ref(), range.as_ref(), statement.span);
                let (condition, keys) = (self.own_condition(clauses), self.keys(clauses, false));
                let (condition, (keys, (how, value))) = both(condition, both(keys, how))?;
                let map = maps.results.get(&statement.span).cloned().unwrap_or_default();
                Ok(under(condition, vec![self.within_bounds(map, how, value, keys)]))
            }
            StatementKind::If {
                condition,
                then,
                otherwise,
            } => {
                let branches = both(self.statements(then, maps), self.statements(otherwise, maps));
                let (condition, (then, otherwise)) = both(self.condition(condition), branches)?;
                Ok(vec![Step::If(condition, then, otherwise)])
            }
            StatementKind::Return { .. } => fail(
                Diagnostic::error(
                    Code::BAD_PLACE,
                    "`return` blocks stand directly in the `on` block",
                )
                .at(statement.span, "here it is inside something else")
                .help("write `return where COND { … }` in the `on` block"),
            ),
            StatementKind::Raw(raw) => Ok(vec![Step::Raw(self.raw(&raw.segments)?)]),
        }
    }

    /// The condition among clauses, if there is one.
    pub(super) fn own_condition(&self, clauses: &[ast::Clause]) -> Outcome<Option<Value>> {
        where_of(clauses).map(|e| self.condition(e)).transpose()
    }

    fn raw(&self, segments: &[Segment]) -> Outcome<Vec<RawPart>> {
        let parts = segments.iter().map(|segment| match segment {
            Segment::Text(text) => Ok(RawPart::Text(text.clone())),
            Segment::Value(shown) => self.key(shown).map(|(value, _)| RawPart::Value(value)),
        });
        parts.collect()
    }
}
