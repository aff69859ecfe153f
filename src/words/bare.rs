//! Names that stand alone where this language wants `arg` before them.

use super::language;

/// Words that a value ends before.
pub(super) fn is_clause(word: &str) -> bool {
    word == "step" || language::CLAUSES.contains(&word)
}

/// Words behind which values stand.
const BEFORE_VALUES: &[&str] = &[
    "by", "where", "if", "print", "sum", "min", "max", "avg", "stats", "hist", "linear",
];

/// A word, or one other character.
fn tokens(text: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = if is_word(c) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else {
            c.len_utf8()
        };
        let (token, tail) = rest.split_at_checked(length).unwrap_or((rest, ""));
        found.push(token);
        rest = tail;
    }
    found
}

/// Lines of a recipe with `arg` before the names that stand alone in conditions, keys and values.
pub(super) fn with_args(text: &str, known: &[&str]) -> String {
    let tokens = tokens(text);
    let mut own: Vec<&str> = known.to_vec();
    let mut out = String::with_capacity(text.len() + 16);
    let mut inside = false;
    // In `every` stand names of results.
    let mut results = false;
    let mut before = "";
    // A caller is compared with a function, whose name goes on up to a blank.
    let mut word = "";
    let mut in_function = false;
    for (at, token) in tokens.iter().enumerate() {
        let after = tokens.get(at + 1).copied().unwrap_or_default();
        let next = tokens
            .iter()
            .skip(at + 1)
            .find(|next| !next.trim().is_empty())
            .copied()
            .unwrap_or_default();
        let is_name = token.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let blank = token.trim().is_empty();
        in_function = word == "caller" && before == "=" || in_function && !blank;
        results = *token == "every" || (results && *token != "}");
        if is_name && matches!(before, "let" | "param") {
            own.push(token);
            inside = true;
        } else if BEFORE_VALUES.contains(token) && before != "." && !matches!(before, "arg" | "ret") {
            inside = true;
        } else if is_clause(token) || matches!(*token, "\n" | "{" | "}" | ";") {
            inside = false;
        } else if inside
            && !results
            && is_name
            && !language::is_value(token)
            && !own.contains(token)
            && !matches!(
                before,
                "." | "arg" | "ret" | "as" | "in" | "\"" | "~" | "\u{e000}" | "@" | "$"
            )
            && (before.is_empty() || !before.chars().all(|c| c.is_ascii_digit()))
            && !in_function
            && after != "("
            && next != ":"
        {
            // An error is a result, as good as always.
            out.push_str(if *token == "err" { "ret " } else { "arg " });
        }
        out.push_str(token);
        if !blank {
            before = token;
        }
        if token.starts_with(|c: char| c.is_alphanumeric()) {
            word = token;
        }
    }
    out
}
