//! From recipe text to [`ast::Recipe`] and, for `gobt fmt`, back.
//!
//! [`parse`] either gives a recipe in which every node has its place, or the problems that keep it from being one.
//! [`format`] gives the text in the form that all recipes share; [`dump::dump`] shows the tree itself.

pub mod ast;
mod build;
mod characters;
pub mod dump;
mod expected;
mod mistakes;
mod parser;
pub mod printer;
mod recover;
#[cfg(test)]
mod robustness;
mod scan;
pub mod spell;

use crate::diagnostic::Problems;
use crate::source::Source;

/// Reads a recipe. There is no recipe if there is an error.
#[must_use]
pub fn parse(source: &Source) -> (Option<ast::Recipe>, Problems) {
    recover::parse(source)
}

/// The recipe's text in canonical form.
///
/// # Errors
/// E01xx when the text is not a recipe.
pub fn format(source: &Source) -> Result<String, Problems> {
    match parse(source) {
        (Some(recipe), _) => Ok(printer::print(&recipe, &source.text)),
        (None, problems) => Err(problems),
    }
}

/// Reads a value as it stands behind `param NAME =`, for `-D NAME=VALUE`.
#[must_use]
pub fn parse_literal(text: &str) -> Option<ast::Expr> {
    if text.contains(['\n', '\r', ';']) {
        return None;
    }
    let recipe = parse(&Source::new("-D", format!("param value = {text}\n"))).0?;
    match recipe.items.into_iter().next()?.kind {
        ast::ItemKind::Param { value, .. } => Some(value),
        _ => None,
    }
}
