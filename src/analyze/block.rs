//! `on` blocks: statements to steps.

use super::aggregation::AGGREGATIONS;
use super::builder::Builder;
use super::clauses::{under, where_of};
use super::eval::{Scope, both};
use super::events::Selected;
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::EventKind;
use crate::plan::{Limit, Subject, Unit};
use crate::source::Span;
use crate::syntax::ast::{On, Statement, StatementKind};
use std::collections::BTreeMap;

/// What the statements of one block share over all its functions: maps by the statement's place.
#[derive(Debug, Default)]
pub(super) struct Maps {
    pub(super) results: BTreeMap<Span, String>,
    pub(super) limits: BTreeMap<Span, Limit>,
}

impl Builder<'_> {
    /// Adds the steps of an `on` block.
    pub(super) fn on_block(&mut self, on: &On) {
        self.allow_clauses(
            &on.clauses,
            &["where", "except", "including inlined", "limit", "sample"],
            "an `on` block",
        );
        let functions = self.functions(&on.events, &on.clauses);
        if functions.is_empty() {
            return;
        }
        let returns = |s: &Statement| matches!(s.kind, StatementKind::Return { .. });
        let needs_end = on.returning.is_some()
            || on.body.iter().any(returns)
            || where_of(&on.clauses).is_some_and(Scope::only_at_return);
        if needs_end && self.refuse_returns_of_inlined(&on.clauses) {
            return;
        }
        let mut maps = Maps::default();
        let limit = self.limit(&on.clauses);
        self.name_results(&on.body, &functions, &mut maps, limit.as_ref());
        for result in maps.results.values() {
            self.note_clauses(result, &on.clauses);
        }
        for named in functions {
            self.on_one(on, named, &maps);
        }
    }

    fn on_one(&mut self, on: &On, named: Selected, maps: &Maps) {
        if on.returning.is_some() {
            let steps = self.at(named, EventKind::Return, |scope| scope.statements(&on.body, maps));
            self.on_return(named, &on.clauses, steps);
            return;
        }
        // The statements before the `return` blocks, in order; each `return` sees the `let`s above it.
        let mut bindings = Vec::new();
        let mut entry = Vec::new();
        let mut returns = Vec::new();
        let mut failed = false;
        for statement in &on.body {
            match &statement.kind {
                StatementKind::Return { clauses, body } => {
                    self.allow_clauses(clauses, &["where", "limit"], "a `return` block");
                    let seen = bindings.clone();
                    let steps = self.at(named, EventKind::Return, |scope| {
                        scope.bindings = seen;
                        let (condition, steps) =
                            both(scope.own_condition(clauses), scope.statements(body, maps))?;
                        Ok(under(condition, steps))
                    });
                    match steps {
                        Some(steps) => returns.extend(steps),
                        None => failed = true,
                    }
                }
                _ => {
                    let seen = std::mem::take(&mut bindings);
                    let mut after = Vec::new();
                    let steps = self.at(named, EventKind::Entry, |scope| {
                        scope.bindings = seen;
                        let steps = scope.statement(statement, maps);
                        after = std::mem::take(&mut scope.bindings);
                        steps
                    });
                    bindings = after;
                    match steps {
                        Some(steps) => entry.extend(steps),
                        None => failed = true,
                    }
                }
            }
        }
        let has_returns = on
            .body
            .iter()
            .any(|s| matches!(s.kind, StatementKind::Return { .. }));
        if failed {
            return;
        }
        let late = where_of(&on.clauses).is_some_and(Scope::only_at_return);
        if late && !entry.is_empty() {
            if let Some(e) = where_of(&on.clauses) {
                self.problems.push(
                    Diagnostic::error(
                        Code::ONLY_AT_RETURN,
                        "this condition is known only when the call returns",
                    )
                    .at(e.span, "but statements of the block run when it begins")
                    .help("put the condition on `return where …`"),
                );
            }
            return;
        }
        if !entry.is_empty() {
            self.on_entry(named, &on.clauses, Some(entry));
        }
        if has_returns {
            self.on_return(named, &on.clauses, Some(returns));
        }
    }

    /// Gives every result and limit in a block its map, once for all functions of the block.
    fn name_results(
        &mut self,
        body: &[Statement],
        functions: &[Selected],
        maps: &mut Maps,
        limit: Option<&Limit>,
    ) {
        let Some(first) = functions.first() else { return };
        for statement in body {
            match &statement.kind {
                StatementKind::Aggregate {
                    verb, value, clauses, ..
                } => {
                    self.allow_clauses(clauses, &["by", "where", "top"], "an aggregation");
                    if AGGREGATIONS.iter().any(|(v, _)| *v == verb.node) {
                        let of = Subject::Statement(self.only(functions));
                        let map = self.result_map(
                            statement.label.as_ref(),
                            &verb.node,
                            *first,
                            of,
                            if value.is_some() { Unit::Value } else { Unit::Times },
                        );
                        self.note_clauses(&map, clauses);
                        maps.results.insert(statement.span, map);
                    }
                }
                StatementKind::Print(_, clauses) => {
                    self.allow_clauses(clauses, &["where", "limit"], "`print`");
                    if let Some(own) = self.limit(clauses).or_else(|| limit.cloned()) {
                        maps.limits.insert(statement.span, own);
                    }
                }
                StatementKind::If { then, otherwise, .. } => {
                    self.name_results(then, functions, maps, limit);
                    self.name_results(otherwise, functions, maps, limit);
                }
                StatementKind::Return { clauses, body } => {
                    let own = self.limit(clauses);
                    self.name_results(body, functions, maps, own.as_ref().or(limit));
                }
                StatementKind::Let { .. } | StatementKind::Raw(_) => {}
            }
        }
    }
}
