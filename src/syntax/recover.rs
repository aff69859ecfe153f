//! Reads on after a mistake, at the next item, so that one reading finds several.

use super::ast::Recipe;
use super::parser::{Failure, read};
use super::scan::{self, TokenKind, Tokens};
use super::{build, characters, mistakes};
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::Source;

/// After so many mistakes the text is hardly a recipe.
const MOST_MISTAKES: usize = 10;

/// Words that begin an item even where a brace is still open.
const STARTS: &[&str] = &[
    "target", "param", "on", "during", "every", "stop", "type", "func", "span", "latency", "trace", "graph",
    "skeleton",
];

/// Messages quote the recipe; longer ones are cut.
const LONGEST_MESSAGE: usize = 400;

/// Reads a recipe, or says what is wrong with it.
pub(super) fn parse(source: &Source) -> (Option<Recipe>, Problems) {
    let (recipe, problems) = match characters::forbidden(&source.text) {
        Some(diagnostic) => (None, diagnostic.into()),
        None => items(source),
    };
    let mut cut = Problems::default();
    for diagnostic in problems.sorted() {
        cut.push(shortened(diagnostic));
    }
    (recipe, cut)
}

fn shortened(mut diagnostic: Diagnostic) -> Diagnostic {
    let labels = diagnostic.labels.iter_mut().map(|label| &mut label.message);
    for text in labels
        .chain(&mut diagnostic.notes)
        .chain([&mut diagnostic.message])
    {
        if text.len() > LONGEST_MESSAGE {
            text.truncate(text.floor_char_boundary(LONGEST_MESSAGE));
            text.push('…');
        }
    }
    diagnostic
}

/// Reads item after item.
fn items(source: &Source) -> (Option<Recipe>, Problems) {
    let text = source.text.as_str();
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let mut problems = Problems::default();
    let mut base = start;
    for _ in 0..MOST_MISTAKES {
        let (diagnostic, position) = match read(text, base) {
            Ok(root) => {
                let (recipe, found) = build::build(text, &root);
                for diagnostic in found.sorted() {
                    problems.push(mistakes::with_translation(diagnostic, text, base));
                }
                return (recipe.filter(|_| !problems.has_errors()), problems);
            }
            Err(Failure::Unexpected { position, expected }) => {
                (mistakes::explain(text, base, position, &expected), position)
            }
            Err(Failure::TooDeep) => match scan::too_deep(text, base, build::DEEPEST) {
                Some(place) => (build::too_deep(place), place.end),
                None => (
                    Diagnostic::error(Code::NESTING, "the recipe is nested too deeply"),
                    text.len(),
                ),
            },
        };
        problems.push(diagnostic);
        match next_item(text, base, position) {
            Some(next) => base = next,
            None => break,
        }
    }
    (None, problems)
}

/// Where the first item after a mistake at `position` begins: a word at the beginning of a line, outside braces.
fn next_item(text: &str, base: usize, position: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for token in Tokens::new(text, base) {
        match token.text {
            "{" | "${" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let start = token.span.start;
        let begins_line = start.checked_sub(1).and_then(|b| text.as_bytes().get(b)) == Some(&b'\n');
        if start >= position
            && start > base
            && begins_line
            && token.kind == TokenKind::Word
            && !mistakes::CLAUSE_WORDS.contains(&token.text)
            && (depth == 0 || STARTS.contains(&token.text))
        {
            return Some(start);
        }
    }
    None
}
