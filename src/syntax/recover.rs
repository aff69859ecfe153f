//! Goes on reading after a mistake, at the next item, so that one run finds several mistakes.

use super::ast::Recipe;
use super::parser::{Failure, read, read_whole_items};
use super::scan::{self, TokenKind, Tokens};
use super::{build, characters, mistakes};
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::source::Source;
use crate::words::language;

/// After this many mistakes the text is probably not a recipe.
const MOST_MISTAKES: usize = 10;

/// Messages quote the recipe; longer ones are cut.
const LONGEST_MESSAGE: usize = 400;

/// Reads a recipe and reports its mistakes.
pub(super) fn parse(source: &Source) -> (Recipe, Problems) {
    let (mut recipe, mut problems) = items(source);
    if let Some(diagnostic) = characters::forbidden(&source.text) {
        problems = diagnostic.into();
        recipe.items.retain(|item| {
            let text = source.text.get(std::ops::Range::from(item.span));
            text.is_some_and(|text| characters::forbidden(text).is_none())
        });
    }
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
fn items(source: &Source) -> (Recipe, Problems) {
    let text = source.text.as_str();
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let mut problems = Problems::default();
    let mut recipe = Recipe::default();
    let mut base = start;
    for _ in 0..MOST_MISTAKES {
        let (diagnostic, position, end) = match read(text, base) {
            Ok(root) => {
                let (rest, found) = build::build(text, &root);
                for diagnostic in found.sorted() {
                    problems.push(mistakes::with_translation(diagnostic, text, base));
                }
                append(&mut recipe, rest);
                return (recipe, problems);
            }
            Err(Failure::Unexpected { position, expected }) => {
                let diagnostic = mistakes::explain(text, base, position, &expected);
                (diagnostic, position, text.len())
            }
            Err(Failure::TooDeep) => match scan::too_deep(text, base, build::DEEPEST) {
                Some(place) => {
                    let before = text.get(..place.start).and_then(|before| before.rfind('\n'));
                    (build::too_deep(place), place.end, before.map_or(0, |end| end + 1))
                }
                None => {
                    let diagnostic = Diagnostic::error(Code::NESTING, "the recipe is nested too deeply");
                    (diagnostic, text.len(), base)
                }
            },
        };
        problems.push(diagnostic);
        let next = next_item(text, base, position);
        whole_items(text, base, end.min(next.unwrap_or(end)), &mut recipe);
        match next {
            Some(next) => base = next,
            None => break,
        }
    }
    (recipe, problems)
}

fn append(recipe: &mut Recipe, more: Recipe) {
    recipe.shebang = recipe.shebang.take().or(more.shebang);
    recipe.items.extend(more.items);
    recipe.trailing = more.trailing;
}

/// The items between two places with a mistake: those before it, and those behind it that look like items, if an open
/// bracket makes everything that follows a part of the broken item.
fn whole_items(text: &str, base: usize, end: usize, recipe: &mut Recipe) {
    let mut from = base;
    for _ in 0..MOST_MISTAKES {
        if let Ok(root) = read_whole_items(text, from, end) {
            let (more, _) = build::build(text, &root);
            from = root.span().end.max(from);
            append(recipe, more);
        }
        match item_inside(text, from, end) {
            Some(next) => from = next,
            None => break,
        }
    }
}

/// Where in the broken item that begins behind `from` something begins that looks like an item: at the beginning of a
/// line, a word that begins an item, maybe with a label.
fn item_inside(text: &str, from: usize, end: usize) -> Option<usize> {
    let mut tokens = Tokens::new(text.get(..end)?, from).skip(1).peekable();
    while let Some(token) = tokens.next() {
        let label = tokens.peek().is_some_and(|colon| colon.text == ":");
        let verb = if label {
            tokens.clone().nth(1).map_or("", |verb| verb.text)
        } else {
            token.text
        };
        if begins_line(text, token.span.start)
            && token.kind == TokenKind::Word
            && (begins_item(verb) || language::EITHER.contains(&verb))
        {
            return Some(token.span.start);
        }
    }
    None
}

/// Words that begin an item even where a brace is still open.
fn begins_item(word: &str) -> bool {
    language::ITEMS.contains(&word) || language::VERBS.contains(&word)
}

fn begins_line(text: &str, position: usize) -> bool {
    position
        .checked_sub(1)
        .and_then(|before| text.as_bytes().get(before))
        == Some(&b'\n')
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
        if start >= position
            && start > base
            && begins_line(text, start)
            && token.kind == TokenKind::Word
            && !language::CLAUSES.contains(&token.text)
            && (depth == 0 || begins_item(token.text))
        {
            return Some(start);
        }
    }
    None
}
