//! From recipe text to [`ast::Recipe`] and, for `gobt fmt`, back.
//!
//! [`parse`] gives a recipe in which every node has its place, and the problems in the rest of the text. [`format()`]
//! gives the text in the form that all recipes share; [`dump::dump`] shows the tree itself.

mod accept;
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

pub(crate) use characters::foreign_letters;

use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::Source;
use crate::words::language;

/// Reads a recipe. If there are errors, the recipe has the items without errors, for callers that can use these.
#[must_use]
pub fn parse(source: &Source) -> (ast::Recipe, Problems) {
    recover::parse(source)
}

/// True if `text`, which was given as the name of a file, begins like a recipe.
#[must_use]
pub fn is_begun_by(text: &str) -> bool {
    text.split_whitespace().next().is_some_and(language::begins)
}

/// Reads a value as a `param` takes it: `10ms`, `"text"`, `-5`, `true`. Places in it are those in `text`.
///
/// # Errors
/// E0101 if it is no such value, E0102 if it is a malformed number; without a place, since it is not from a recipe.
pub fn literal(text: &str) -> Result<ast::Expr, Diagnostic> {
    let problem = match (characters::forbidden(text), parser::read_literal(text)) {
        (None, Ok(root)) => match build::literal(text, &root) {
            (Some(value), _) => return Ok(value),
            (None, problems) => problems.sorted().into_iter().next(),
        },
        (forbidden, _) => forbidden,
    };
    let message = format!("`{text}` is not a value");
    let values = "values are written 42, 10ms, 4KiB, \"text\", true, false or nil";
    let mut problem = problem.unwrap_or_else(|| Diagnostic::error(Code::SYNTAX, message).note(values));
    problem.labels.clear();
    Err(problem)
}

/// The recipe's text in canonical form.
///
/// # Errors
/// E01xx when the text is not a recipe.
pub fn format(source: &Source) -> Result<String, Problems> {
    let (recipe, problems) = parse(source);
    if problems.has_errors() {
        return Err(problems);
    }
    Ok(printer::print(&recipe, &source.text))
}

#[cfg(test)]
mod tests {
    use super::ast::ExprKind;
    use super::{dump, literal};

    #[test]
    fn reads_literals() {
        let read = |text| {
            literal(text)
                .map(|value| dump::expr_text(&value))
                .map_err(|problem| problem.code.0)
        };
        assert_eq!(read("42"), Ok("42".to_owned()));
        assert_eq!(read(" -5 "), Ok("(- 5)".to_owned()));
        assert_eq!(read("\"a\\n\""), Ok("\"a\\n\"".to_owned()));
        assert_eq!(read("true"), Ok("true".to_owned()));
        assert!(
            literal("10ms")
                .is_ok_and(|value| value.kind == ExprKind::Duration(10_000_000, "10ms".to_owned()))
        );
        for text in [
            "", "GET", "1 2", "1; print", "x\n", "arg n", "(1)", "\"open", "a\0",
        ] {
            assert!(matches!(read(text), Err("E0101" | "E0105")), "{text}");
        }
        assert_eq!(read("5sec"), Err("E0102"));
        assert_eq!(read("99999999999999999999"), Err("E0102"));
    }
}
