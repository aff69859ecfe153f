//! Labels: the names that a recipe gives its results.

use super::builder::Builder;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{ItemKind, Name, Recipe, Statement, StatementKind};
use std::collections::BTreeMap;

/// Labels are names of maps, and come before all others.
pub(super) fn take_labels(recipe: &Recipe, b: &mut Builder<'_>) {
    let mut seen = BTreeMap::new();
    for label in labels_of(recipe) {
        if let Some(first) = seen.insert(label.node.clone(), label.span) {
            b.problems.push(
                Diagnostic::error(Code::REPEATED, format!("two results are called `{}`", label.node))
                    .at(label.span, "again")
                    .see(first, "first here"),
            );
        } else if b.names.is_taken(&label.node) {
            b.problems.push(
                Diagnostic::error(
                    Code::REPEATED,
                    format!("`{}` is the name of a map that gobt itself needs", label.node),
                )
                .at(label.span, "taken"),
            );
        } else if b.names.allocate_map(&[&label.node]) != label.node {
            b.problems.push(
                Diagnostic::error(Code::BAD_LABEL, "the label cannot be the name of a result")
                    .at(label.span, "this name")
                    .help(
                        "bpftrace takes the letters a to z and A to Z, digits and `_`; 48 of them are enough",
                    ),
            );
        }
    }
}

/// Every label of the recipe, in order.
pub(super) fn labels_of(recipe: &Recipe) -> Vec<&Name> {
    let mut labels = Vec::new();
    for item in &recipe.items {
        labels.extend(item.label.as_ref());
        if let ItemKind::On(on) = &item.kind {
            statement_labels(&on.body, &mut labels);
        }
    }
    labels
}

fn statement_labels<'r>(body: &'r [Statement], labels: &mut Vec<&'r Name>) {
    for statement in body {
        labels.extend(statement.label.as_ref());
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                statement_labels(then, labels);
                statement_labels(otherwise, labels);
            }
            StatementKind::Return { body, .. } => statement_labels(body, labels),
            _ => {}
        }
    }
}

/// A name that a result without a label may get.
pub(super) fn is_own_name(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or(name);
    ["count", "latency", "lines", "calls"].contains(&first) || super::aggregation::is_aggregation(first)
}
