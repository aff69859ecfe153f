//! The words of the language, grouped by their role. The grammar spells them too, and a test compares both.

/// Words that begin a clause, and so may begin the line behind what the clause belongs to.
pub const CLAUSES: &[&str] = &[
    "by",
    "where",
    "as",
    "in",
    "limit",
    "top",
    "sample",
    "except",
    "including",
    "into",
    "depth",
    "following",
    "from",
    "to",
    "match",
    "with",
    "or",
];

/// Words that begin an item which is no directive, and no statement.
pub const ITEMS: &[&str] = &[
    "target", "param", "on", "during", "every", "stop", "type", "func", "span",
];

/// Words that begin an item or a statement.
pub const EITHER: &[&str] = &["raw", "count"];

/// Verbs of directives that begin no statement.
pub const VERBS: &[&str] = &["latency", "trace", "graph", "skeleton"];

/// Words that begin a statement which is no aggregation.
pub const STATEMENTS: &[&str] = &["let", "print", "if", "else", "return", "raw"];

/// Words that begin an aggregation.
const AGGREGATIONS: &[&str] = &["count", "sum", "min", "max", "avg", "stats", "hist", "linear"];

/// Words in an expression that are more than a name.
const VALUES: &[&str] = &["true", "false", "nil", "arg", "ret"];

/// Names that have a value without being given one.
pub const BUILT_INS: &[&str] = &[
    "elapsed",
    "goroutine",
    "parent",
    "thread",
    "process",
    "cpu",
    "comm",
    "func",
    "caller",
    "stack",
    "recv",
];

/// What can be called in an expression.
pub const FUNCTIONS: &[&str] = &["len", "cap", "type", "stack"];

/// True for words that nothing can be called by.
#[must_use]
pub fn is_reserved(word: &str) -> bool {
    word == "on"
        || [CLAUSES, VALUES, STATEMENTS]
            .iter()
            .any(|list| list.contains(&word))
}

/// True for words that a line or a statement begins with.
#[must_use]
pub fn begins(word: &str) -> bool {
    let lists = [ITEMS, EITHER, VERBS, STATEMENTS, AGGREGATIONS];
    word == "clear" || lists.iter().any(|list| list.contains(&word))
}

/// True for words that begin an aggregation.
#[must_use]
pub fn aggregates(word: &str) -> bool {
    AGGREGATIONS.contains(&word)
}

/// True for words that are no argument's name where a value stands, and no clause.
pub(super) fn is_value(word: &str) -> bool {
    let lists = [VALUES, STATEMENTS, AGGREGATIONS, BUILT_INS, FUNCTIONS];
    matches!(word, "on" | "every" | "clear") || lists.iter().any(|list| list.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words in quotes of a rule of the grammar.
    fn spelled(rule: &str) -> Vec<&'static str> {
        let grammar = include_str!("../../grammar/gobt.pest");
        let line = grammar
            .lines()
            .find(|line| line.split_whitespace().next() == Some(rule));
        let mut words: Vec<&str> = line.unwrap().split('"').skip(1).step_by(2).collect();
        words.sort_unstable();
        words
    }

    #[test]
    fn the_grammar_has_the_same_words() {
        let sorted = |lists: &[&[&'static str]]| {
            let mut words = lists.concat();
            words.sort_unstable();
            words
        };
        assert_eq!(spelled("clause_word"), sorted(&[CLAUSES]));
        assert_eq!(spelled("item_word"), sorted(&[ITEMS, &["raw"]]));
        assert_eq!(spelled("statement_word"), sorted(&[STATEMENTS]));
        assert_eq!(spelled("value_word"), sorted(&[VALUES, STATEMENTS, &["on"]]));
        assert!(["by", "nil", "on", "let"].into_iter().all(is_reserved));
        assert!(!is_reserved("elapsed"));
    }
}
