//! Explains text that the grammar could not read: what was found, what was expected, and what was probably meant.

mod helps;
mod known;

use super::expected::{rank, word_for};
use super::parser::Rule;
use super::scan::{self, Before, Token, TokenKind};
use super::{accept, characters};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::words;

/// A place where the text does not fit.
struct Place<'t> {
    text: &'t str,
    position: usize,
    /// The token there; none at the end of a line.
    found: Option<Token<'t>>,
    before: Before<'t>,
    expected: &'t [Rule],
}

impl<'t> Place<'t> {
    fn new(text: &'t str, base: usize, position: usize, expected: &'t [Rule]) -> Self {
        let mut before = scan::before(text, base, position);
        let mut found = scan::token_at(text, position);
        // The grammar may have stopped in the middle of a sign or a dotted word, which is one token here.
        if let Some(across) = before.last
            && across.span.end > position
        {
            let read = text.get(across.span.start..position).unwrap_or_default();
            match across.kind {
                TokenKind::Text => {}
                TokenKind::Sign => {
                    found = Some(across);
                    before.line.pop();
                    before.last = before.line.last().copied();
                }
                TokenKind::Word => {
                    let span = Span::new(across.span.start, position);
                    before.line.pop();
                    before.last = Some(Token {
                        text: read,
                        span,
                        ..across
                    });
                    before.line.extend(before.last);
                }
            }
        }
        Self {
            text,
            position,
            found,
            before,
            expected,
        }
    }

    fn expects(&self, rule: Rule) -> bool {
        self.expected.contains(&rule)
    }

    /// A value could be followed by an operator here.
    fn after_value(&self) -> bool {
        self.expects(Rule::infix_ahead) || self.expects(Rule::infix)
    }

    /// A value could begin here.
    fn at_value(&self) -> bool {
        [Rule::operand, Rule::expression, Rule::primary]
            .iter()
            .any(|rule| self.expects(*rule))
    }

    fn found_text(&self) -> &'t str {
        self.found.map_or("", |token| token.text)
    }

    /// The rest of the text from the place on.
    fn rest(&self) -> &'t str {
        self.text.get(self.position..).unwrap_or_default()
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

    /// The word that the statement begins with, behind a label.
    fn first_word(&self) -> Option<Token<'t>> {
        if self.begins_line() {
            return self.found;
        }
        let separates = |token: &Token<'_>| matches!(token.text, "{" | "}" | ";");
        let statement = self.before.line.rsplit(separates).next().unwrap_or_default();
        match statement {
            [_, colon, word, ..] if colon.text == ":" => Some(*word),
            [word, ..] => Some(*word),
            [] => self.found,
        }
    }

    /// The sign or word in which the line above ends, if the statement continues in the line of the mistake.
    fn continued(&self) -> Option<&'t str> {
        let start = self.before.line.first()?.span.start;
        let above = self.text.get(..start)?.trim_end_matches([' ', '\t']);
        let above = above.strip_suffix('\n')?;
        let line = above.rsplit('\n').next()?;
        let offset = above.len() - line.len();
        let last = scan::Tokens::new(above, offset).last()?;
        let goes_on = last.kind == TokenKind::Sign && !matches!(last.text, "{" | "}" | ")" | "]" | ";" | "*");
        goes_on.then_some(last.text)
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

/// Explains that none of `expected` was found at `position` of `text`, which was read from byte `base` on.
pub(super) fn explain(text: &str, base: usize, position: usize, expected: &[Rule]) -> Diagnostic {
    let place = Place::new(text, base, position, expected);
    if let Some(problem) = characters::look_alike(text, base, position) {
        return problem;
    }
    let problem = known::mistake(&place).unwrap_or_else(|| general(&place));
    match translated(text, base, place.span().start.min(position)) {
        Some(help) => problem.only_help(help),
        None => problem,
    }
}

/// The same for what the grammar could read.
pub(super) fn with_translation(problem: Diagnostic, text: &str, base: usize) -> Diagnostic {
    let place = problem
        .labels
        .iter()
        .find(|label| label.primary)
        .map(|label| label.span.start);
    match place.and_then(|place| translated(text, base, place)) {
        Some(help) => problem.only_help(help),
        None => problem,
    }
}

/// The line around `position` with words of other tools translated, if it has such words and the result can be read.
fn translated(text: &str, base: usize, position: usize) -> Option<String> {
    let pieces = words::pieces(text, position.min(text.len()));
    pieces
        .into_iter()
        .filter(|piece| piece.start >= base)
        .find_map(|piece| {
            let found = words::candidates(text, &piece);
            let good = |one: &words::Translation| {
                words::begins_well(&one.text) && accept::accepts(text, base, piece.clone(), &one.text)
            };
            found.into_iter().find(good).map(|one| one.help())
        })
}

fn general(place: &Place<'_>) -> Diagnostic {
    let wanted = wanted(place);
    let found = place.found_words();
    let message = match (wanted.as_slice(), place.previous()) {
        ([], _) => format!("{found} cannot stand here"),
        (few @ ([_] | [_, _]), Some(previous)) if is_short(previous) => {
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
    let diagnostic = Diagnostic::error(Code::SYNTAX, message).at(place.span(), label);
    match helps::help(place) {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn is_short(token: Token<'_>) -> bool {
    token.kind != TokenKind::Text && token.text.len() <= 30
}

/// The expected rules in words, without those that tell a reader nothing.
fn wanted(place: &Place<'_>) -> Vec<&'static str> {
    let may_end = place.expects(Rule::terminator) || place.expects(Rule::EOI);
    let fresh = place.expects(Rule::item) || place.expects(Rule::statement);
    let mut rules: Vec<Rule> = place
        .expected
        .iter()
        .copied()
        .filter(|rule| match rule {
            Rule::terminator | Rule::EOI => false,
            // The range of `linear` or the value of an aggregation, which most lines do not have.
            Rule::expression | Rule::operand => !may_end || !place.expects(Rule::clause_ahead),
            Rule::rbrace => place.found.is_none() || fresh || !may_end,
            _ => true,
        })
        .collect();
    for (some, all) in [
        ([Rule::kw_on, Rule::kw_during], Rule::item),
        ([Rule::kw_let, Rule::kw_if], Rule::statement),
    ] {
        if some.iter().all(|rule| rules.contains(rule)) {
            rules = vec![all];
        }
    }
    rules.sort_by_key(|rule| rank(*rule));
    let mut words: Vec<&'static str> = Vec::new();
    for word in rules.into_iter().filter_map(word_for) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if may_end && !fresh && place.found.is_some() {
        words.push("the end of the line");
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
