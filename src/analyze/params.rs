//! `param` and `-D`: values that are set when a recipe is compiled.

use super::value::Typed;
use crate::diagnostic::{Code, Diagnostic, Problems, near};
use crate::plan::NumberKind;
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
            Param::Bool(holds) => Typed::truth_literal(*holds),
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

    /// The value that was probably meant by a text that does not fit this sort.
    fn meant(&self, text: &str) -> Option<String> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (digits, unit) = text.split_at_checked(end)?;
        let unit = unit.trim();
        let better = match self {
            _ if digits.is_empty() => match (self, text.to_lowercase().as_str()) {
                (Param::Bool(_), "yes" | "on" | "t" | "true") => "true".to_owned(),
                (Param::Bool(_), "no" | "off" | "f" | "false") => "false".to_owned(),
                _ => return None,
            },
            Param::Number(_, NumberKind::Duration) if unit.is_empty() => format!("{digits}ms"),
            Param::Number(_, NumberKind::Duration) => {
                format!("{digits}{}", crate::words::unit(unit).unwrap_or(unit))
            }
            Param::Bool(_) if unit.is_empty() => (digits != "0").to_string(),
            Param::Number(..) if crate::words::unit(unit).is_some() || !unit.is_empty() => digits.to_owned(),
            _ => return None,
        };
        self.read(&better).map(|_| better)
    }

    /// How a value of this sort is written.
    fn shape(&self, name: &str) -> String {
        match self {
            Param::Number(_, NumberKind::Duration) => format!("a duration such as `-D {name}=5ms`"),
            Param::Number(..) => format!("a whole number such as `-D {name}=5`"),
            Param::Text(_) => format!("a text such as `-D {name}=abc`"),
            Param::Bool(_) => format!("`-D {name}=true` or `-D {name}=false`"),
        }
    }

    /// The value of a `-D`, read as the sort of value that the recipe has.
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
            None => {
                let problem = Diagnostic::error(
                    Code::BAD_PARAM,
                    format!("`{text}` does not fit `{name}`, which is {}", param.sort()),
                )
                // The mistake is in the command line, not in the recipe.
                .see(spans.get(name).copied().unwrap_or_default(), "declared here");
                problems.push(match param.meant(text) {
                    Some(better) => problem.help(format!("write `-D {name}={better}`")),
                    None => problem.help(format!("write {}", param.shape(name))),
                });
            }
        }
    }
    params
}
