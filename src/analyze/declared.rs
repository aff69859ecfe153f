//! What a recipe declares about itself: its target.

use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::Spanned;
use crate::syntax::ast::{ItemKind, Recipe};

/// The path in the recipe's `target`, as written.
///
/// # Errors
/// When there are several.
pub fn target_of(recipe: &Recipe) -> Result<Option<Spanned<String>>, Problems> {
    let mut found: Option<Spanned<String>> = None;
    for item in &recipe.items {
        let ItemKind::Target(path) = &item.kind else {
            continue;
        };
        if let Some(first) = &found {
            return Err(Diagnostic::error(Code::REPEATED, "a recipe has one target")
                .at(path.span, "another one")
                .see(first.span, "the first")
                .into());
        }
        found = Some(path.clone());
    }
    Ok(found)
}
