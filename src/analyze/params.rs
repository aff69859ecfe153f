//! `param` and `-D`: values that are set when a recipe is compiled.

use super::value::Typed;
use crate::diagnostic::{Code, Diagnostic, Problems, near};
use crate::plan::{Expr, NumberKind};
use crate::syntax::ast::{ExprKind, ItemKind, Recipe, UnaryOp};
use std::collections::BTreeMap;

/// A value known when compiling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Param {
    Number(i128, NumberKind),
    Text(String),
    Bool(bool),
}

impl Param {
    pub(super) fn typed(&self) -> Typed {
        match self {
            Param::Number(n, kind) => Typed::literal(
                *n,
                *kind,
                if *kind == NumberKind::Duration {
                    "duration"
                } else {
                    "number"
                },
            ),
            Param::Text(text) => Typed::Literal(text.clone()),
            Param::Bool(b) => Typed::Number {
                expr: Expr::Int(i128::from(*b)),
                signed: false,
                kind: NumberKind::Bool,
                what: "bool".into(),
                literal: true,
            },
        }
    }

    fn of(kind: &ExprKind) -> Option<Param> {
        match kind {
            ExprKind::Int(n, _) | ExprKind::Size(n, _) => {
                Some(Param::Number(i128::from(*n), NumberKind::Plain))
            }
            ExprKind::Duration(n, _) => Some(Param::Number(i128::from(*n), NumberKind::Duration)),
            ExprKind::String(text) => Some(Param::Text(text.clone())),
            ExprKind::Bool(b) => Some(Param::Bool(*b)),
            ExprKind::Paren(inner) => Self::of(&inner.kind),
            ExprKind::Unary(UnaryOp::Negate, inner) => match Self::of(&inner.kind)? {
                Param::Number(n, kind) => Some(Param::Number(-n, kind)),
                _ => None,
            },
            _ => None,
        }
    }

    fn sort(&self) -> &'static str {
        match self {
            Param::Number(_, NumberKind::Duration) => "a duration",
            Param::Number(..) => "a number",
            Param::Text(_) => "text",
            Param::Bool(_) => "true or false",
        }
    }

    /// What `-D` gives, read as the sort of value that the recipe has.
    fn read(&self, text: &str) -> Option<Param> {
        if let Param::Text(_) = self {
            return Some(Param::Text(text.to_string()));
        }
        let value = Self::of(&crate::syntax::literal(text).ok()?.kind)?;
        (value.sort() == self.sort()).then_some(value)
    }
}

/// The params of a recipe with the values that `-D` gives them.
pub(super) fn params(
    recipe: &Recipe,
    defines: &[(String, String)],
    problems: &mut Problems,
) -> BTreeMap<String, Param> {
    let mut params = BTreeMap::new();
    let mut spans = BTreeMap::new();
    for item in &recipe.items {
        let ItemKind::Param { name, value } = &item.kind else {
            continue;
        };
        let Some(param) = Param::of(&value.kind) else {
            problems.push(
                Diagnostic::error(
                    Code::BAD_PARAM,
                    format!("`{}` needs a value that is known when compiling", name.node),
                )
                .at(value.span, "not a literal"),
            );
            continue;
        };
        if let Some(first) = spans.insert(name.node.clone(), name.span) {
            problems.push(
                Diagnostic::error(Code::REPEATED, format!("there are two params `{}`", name.node))
                    .at(name.span, "again")
                    .see(first, "first here"),
            );
        }
        params.insert(name.node.clone(), param);
    }
    for (name, text) in defines {
        let Some(param) = params.get_mut(name) else {
            let mut problem = Diagnostic::error(Code::BAD_PARAM, format!("the recipe has no param `{name}`"));
            let names: Vec<&String> = spans.keys().collect();
            problem = match near::words(name, names.iter().map(|n| n.as_str())) {
                Some(word) => problem.help(format!("did you mean `-D {word}={text}`?")),
                None if names.is_empty() => problem.help(format!("write `param {name} = …` into it")),
                None => problem.help(format!("it has {}", super::events::names_list(&names))),
            };
            problems.push(problem);
            continue;
        };
        match param.read(text) {
            Some(value) => *param = value,
            None => problems.push(
                Diagnostic::error(
                    Code::BAD_PARAM,
                    format!("`{text}` is no value for `{name}`, which is {}", param.sort()),
                )
                // Not the recipe is wrong there but the command line.
                .see(spans.get(name).copied().unwrap_or_default(), "declared here"),
            ),
        }
    }
    params
}
