//! Explains what the grammar could not read: what was found, what could have stood there, and what was probably meant.

mod hints;

use super::expected::{continues, word_for};
use super::parser::Rule;
use super::scan::{self, Before, Token};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Words that begin a clause.
pub(super) const CLAUSE_WORDS: &[&str] = &[
    "by",
    "where",
    "as",
    "in",
    "limit",
    "except",
    "including",
    "into",
    "depth",
    "from",
    "to",
    "match",
    "or",
];

/// A place where the text does not fit.
struct Place<'t> {
    text: &'t str,
    position: usize,
    /// What stands there; nothing at the end of a line.
    found: Option<Token<'t>>,
    before: Before<'t>,
    expected: &'t [Rule],
}

impl<'t> Place<'t> {
    fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    fn found_text(&self) -> &'t str {
        self.found.map_or("", |token| token.text)
    }

    /// Nothing but blanks and comments follows.
    fn at_end(&self) -> bool {
        self.found.is_none() && scan::Tokens::new(self.text, self.position).next().is_none()
    }

    /// It is the first thing in its line.
    fn begins_line(&self) -> bool {
        self.before.last.is_none_or(|last| {
            self.text
                .get(last.span.end..self.position)
                .is_some_and(|gap| gap.contains('\n'))
        })
    }

    /// The token before, if it is in the same line.
    fn previous(&self) -> Option<Token<'t>> {
        self.before.last.filter(|_| !self.begins_line())
    }

    /// The word that the statement's line begins with, behind a label.
    fn first_word(&self) -> Option<Token<'t>> {
        match self.before.line.as_slice() {
            [_, colon, word, ..] if colon.text == ":" => Some(*word),
            [word, ..] => Some(*word),
            [] => None,
        }
    }

    /// Where to point: at what was found, or at the last thing before it.
    fn span(&self) -> Span {
        match (self.found, self.before.last) {
            (Some(found), _) => found.span,
            (None, Some(last)) => last.span,
            (None, None) => Span::new(self.position, self.position),
        }
    }

    fn found_words(&self) -> String {
        match self.found {
            Some(token) if token.text.chars().count() > 40 => {
                let start: String = token.text.chars().take(39).collect();
                format!("`{start}…`")
            }
            Some(token) => format!("`{}`", token.text),
            None if self.at_end() => "the end of the recipe".to_owned(),
            None => "the end of the line".to_owned(),
        }
    }
}

/// Explains that at `position` of `text`, which was read from byte `base` on, stands none of `expected`.
pub(super) fn explain(text: &str, base: usize, position: usize, expected: &[Rule]) -> Diagnostic {
    let place = Place {
        text,
        position,
        found: scan::token_at(text, position),
        before: scan::before(text, base, position),
        expected,
    };
    hints::special(&place).unwrap_or_else(|| general(&place))
}

fn general(place: &Place<'_>) -> Diagnostic {
    let wanted = wanted(place);
    let found = place.found_words();
    let message = match (wanted.as_slice(), place.previous()) {
        ([], _) => format!("{found} cannot stand here"),
        (few @ ([_] | [_, _]), Some(previous)) if is_wordlike(previous) => {
            format!("expected {} after `{}`, found {found}", list(few), previous.text)
        }
        (many, _) => format!("expected {}, found {found}", list(many)),
    };
    let label = match (place.found, wanted.as_slice()) {
        (Some(_), [one]) => format!("expected {one}"),
        (Some(_), _) => "cannot stand here".to_owned(),
        (None, [one]) => format!("{one} is missing after this"),
        (None, _) => "something is missing after this".to_owned(),
    };
    let mut diagnostic = Diagnostic::error(Code::SYNTAX, message).at(place.span(), label);
    for help in hints::helps(place) {
        diagnostic = diagnostic.help(help);
    }
    diagnostic
}

fn is_wordlike(token: Token<'_>) -> bool {
    token.kind != scan::TokenKind::Text && token.text.len() <= 30
}

/// What could have stood there, in words, without what says nothing.
fn wanted(place: &Place<'_>) -> Vec<&'static str> {
    let fresh = place.begins_line() && (place.expects(Rule::item) || place.expects(Rule::statement));
    let may_end = place.expects(Rule::terminator) || place.expects(Rule::EOI);
    let mut words: Vec<&'static str> = Vec::new();
    let mut add = |word: &'static str| {
        if !words.contains(&word) {
            words.push(word);
        }
    };
    for rule in place.expected {
        let optional_value = may_end
            && matches!(
                rule,
                Rule::expression | Rule::operand | Rule::range | Rule::opening | Rule::number
            )
            && place.expects(Rule::clause);
        let label = *rule == Rule::colon && place.expected.len() > 1;
        let ends = matches!(rule, Rule::terminator | Rule::EOI);
        if optional_value
            || label
            || ends
            || (fresh && (continues(*rule) || matches!(rule, Rule::comma | Rule::lbrace)))
        {
            continue;
        }
        if let Some(word) = word_for(*rule) {
            add(word);
        }
    }
    if may_end && !fresh && place.found.is_some() {
        add("the end of the line");
    }
    words
}

fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [some @ .., last] => format!("{} or {last}", some.join(", ")),
    }
}
