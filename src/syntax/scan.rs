//! A rough reading of recipe text, for messages about what the grammar cannot read: words, signs and brackets.

use crate::source::Span;

/// A word or sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// What it is.
    pub(super) kind: TokenKind,
    /// Its text; of a string, with its quotes.
    pub(super) text: &'t str,
    /// Its place.
    pub(super) span: Span,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Letters, digits and `_`, with dots and slashes between them.
    Word,
    /// A text in quotes, closed or not.
    Text,
    /// Anything else.
    Sign,
}

/// Signs of more than one character, longest first.
const SIGNS: &[&str] = &[
    "===", "!==", "...", "${", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>", ":=", "->", "=>", "..", "++",
    "--", "+=", "-=", "<>", "=~", "/*", "*/",
];

/// The tokens of a text from a place on.
#[derive(Clone)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    position: usize,
}

impl<'t> Tokens<'t> {
    /// Those of `text` from byte `position` on.
    pub(super) fn new(text: &'t str, position: usize) -> Self {
        Self { text, position }
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            let rest = self.text.get(self.position..)?;
            let blank = rest.len() - rest.trim_start().len();
            let rest = rest.trim_start();
            self.position += blank;
            if rest.is_empty() {
                return None;
            }
            if rest.starts_with("//") {
                self.position += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            let (kind, length) = measure(rest);
            let start = self.position;
            self.position += length;
            return Some(Token {
                kind,
                text: rest.get(..length)?,
                span: Span::new(start, self.position),
            });
        }
    }
}

fn measure(rest: &str) -> (TokenKind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    if is_word(first) {
        return (TokenKind::Word, word_length(rest, first));
    }
    if first == '"' {
        return (TokenKind::Text, string_length(rest));
    }
    let length = SIGNS
        .iter()
        .find(|sign| rest.starts_with(**sign))
        .map_or(first.len_utf8(), |sign| sign.len());
    (TokenKind::Sign, length)
}

/// Bytes of the word that `rest` begins with; dots and slashes join words to one name, unless it is a number.
fn word_length(rest: &str, first: char) -> usize {
    let mut length = 0;
    loop {
        let tail = rest.get(length..).unwrap_or_default();
        length += tail.find(|c| !is_word(c)).unwrap_or(tail.len());
        let mut next = rest.get(length..).unwrap_or_default().chars();
        let joins = matches!(next.next(), Some('.' | '/')) && next.next().is_some_and(is_word);
        if first.is_ascii_digit() || !joins {
            return length;
        }
        length += 1;
    }
}

/// True for what words consist of.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// True for what Go names consist of outside brackets.
pub(super) fn is_name(c: char) -> bool {
    is_word(c) || ".*/-~·%+@:$".contains(c)
}

/// Bytes of the string that `text` begins with: to its closing quote, or the end of the line.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (position, c) in text.char_indices().skip(1) {
        match c {
            '\n' => return position,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return position + 1,
            _ => {}
        }
    }
    text.len()
}

/// What comes before a place.
pub(super) struct Before<'t> {
    /// The last token that begins before it.
    pub(super) last: Option<Token<'t>>,
    /// The tokens of its line, or of the last line that has any.
    pub(super) line: Vec<Token<'t>>,
    /// The brackets that are open there, outermost first.
    pub(super) open: Vec<Token<'t>>,
}

/// What comes before `position` in `text`, from byte `base` on.
pub(super) fn before(text: &str, base: usize, position: usize) -> Before<'_> {
    let mut found = Before {
        last: None,
        line: Vec::new(),
        open: Vec::new(),
    };
    for token in Tokens::new(text, base).take_while(|token| token.span.start < position) {
        match token.text {
            "{" | "(" | "[" | "${" => found.open.push(token),
            "}" | ")" | "]" => {
                // Farther back than blocks may be deep, nothing can be meant.
                let open = found.open.iter().rev().take(super::build::DEEPEST);
                let closed = open
                    .map(|open| open.text)
                    .position(|open| matches(open, token.text));
                let left = found.open.len() - closed.map_or(0, |closed| closed + 1);
                found.open.truncate(left);
            }
            _ => {}
        }
        let ended = found.last.is_some_and(|last| {
            text.get(last.span.end..token.span.start)
                .is_some_and(|gap| gap.contains('\n'))
        });
        if ended {
            found.line.clear();
        }
        found.line.push(token);
        found.last = Some(token);
    }
    found
}

fn matches(open: &str, close: &str) -> bool {
    matches!((open, close), ("{" | "${", "}") | ("(", ")") | ("[", "]"))
}

/// The token that begins at `position` or goes across it, if it is in the same line.
pub(super) fn token_at(text: &str, position: usize) -> Option<Token<'_>> {
    let rest = text.get(position..)?;
    let gap = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
    let rest = rest.get(gap..)?;
    if rest.is_empty() || rest.starts_with('\n') || rest.starts_with("//") {
        return None;
    }
    Tokens::new(text, position + gap).next()
}

/// The first place from `base` on where more than `deepest` brackets are open.
pub(super) fn too_deep(text: &str, base: usize, deepest: usize) -> Option<Span> {
    let mut depth = 0_usize;
    for (position, c) in text.get(base..)?.char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > deepest {
            return Some(Span::new(base + position, base + position + 1));
        }
    }
    None
}
