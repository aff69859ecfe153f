//! The stable codes, each with what `gobt explain` says about it.

/// A problem's stable name. Codes are never reused for something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

impl Code {
    /// True if the recipe is not at fault but what it is compiled from or against: a file (E0110), the program (E02xx).
    #[must_use]
    pub fn is_environment(self) -> bool {
        self == Self::UNREADABLE_RECIPE || self.0.starts_with("E02")
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// What `gobt explain` knows of a code.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// One line.
    pub title: &'static str,
    /// Why it happens and what to do, in full sentences.
    pub text: &'static str,
    /// A recipe or command that shows it; empty where none can be short.
    pub example: &'static str,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal, $text:literal, $example:literal;)*) => {
        impl Code {
            $(#[doc = $title] pub const $name: Code = Code($code);)*
        }
        /// Every code, in order.
        pub const EXPLANATIONS: &[Explanation] = &[
            $(Explanation { code: Code::$name, title: $title, text: $text, example: $example },)*
        ];
    };
}

codes! {
    SYNTAX = "E0101", "the recipe cannot be read",
        "A line is not formed as the language wants it. The message says what was read and what could have stood there; the place is that of the first word that does not fit, which may come after the real mistake.",
        "latency main.work by";
    NUMBER = "E0102", "a number, duration or size is not well formed",
        "Numbers are written 42, 0x2a or 1_000 and must fit into 64 bits. Durations are whole numbers with a unit at once behind them: 150ns, 10us, 5ms, 2s, 1m, 1h. Sizes are 512B, 4KiB, 1MiB, 1GiB. There are no fractions: write 1500ms for one and a half seconds.",
        "stop after 5sec";
    TEXT = "E0103", "a text in quotes is not well formed",
        "Texts stand in double quotes and end in the line they begin in. A quote inside is written \\\", a backslash \\\\, a new line \\n, a tab \\t. In a printed text {…} holds a value, and braces themselves are written {{ and }}.",
        "on main.work {\n    print \"never closed\n}";
    NESTING = "E0104", "something is nested too deeply or too long",
        "Brackets, blocks and chains of `else if` may stand in each other at most 64 deep, and one expression may have at most 500 operators. Give a part a name with `let`, or write two recipes.",
        "";
    CHARACTER = "E0105", "the recipe has a character that cannot be seen",
        "Control characters other than tab and new line, and characters that change the direction of writing, make a text look different from what it says, so recipes may not contain them. Remove the character; in a text, write what it stands for.",
        "";
    RESERVED = "E0106", "a word of the language is used as a name",
        "A `let`, a `param` or a `span` cannot be called like a word that means something in its place: the clause words (by, where, as, in, limit, except, including, into, depth, from, to, match, or), true, false, nil, arg, ret, let, print, if, else, return, raw, on. Choose another name. Arguments and fields of the Go program may be called so: `arg \"where\"` is the argument named where.",
        "param limit = 5";
    LABEL = "E0107", "a label stands before something that has no result",
        "`NAME:` names the result of a directive or of an aggregation in a block (count, sum, hist and the like). Other lines have no result to name; remove the label.",
        "slow: target \"/usr/bin/dockerd\"";
    MISPLACED = "E0108", "an item stands where it cannot",
        "Statements (print, let, if, return) stand in the braces of an `on` block; directives, declarations and `on` itself stand outside. Inside `during … { }` stand directives and `on` blocks only. Move the line into or out of the braces.",
        "during main.work {\n    target \"/usr/bin/dockerd\"\n}";
    UNCLOSED = "E0109", "a bracket is not closed, or not open",
        "Every {, ( and [ needs its }, ) or ]. The message shows the bracket that is left alone. A closing brace that is forgotten is often noticed only where the next block begins.",
        "on main.work {\n    print arg n";
    UNREADABLE_RECIPE = "E0110", "the recipe file cannot be read",
        "The file does not exist, may not be read, is not UTF-8 text, or is larger than 1 MiB. Recipes are UTF-8 text; a Go program is given with --bin, not as the recipe.",
        "gobt check missing.gobt";
}

/// The explanation of `code` (`E0301` or `e301`), if there is such a code.
#[must_use]
pub fn explain(code: &str) -> Option<&'static Explanation> {
    let digits = code.trim().trim_start_matches(['E', 'e']);
    let digits = digits.parse::<u16>().ok()?;
    EXPLANATIONS
        .iter()
        .find(|e| e.code.0.strip_prefix('E').and_then(|d| d.parse::<u16>().ok()) == Some(digits))
}

#[cfg(test)]
mod tests {
    use super::{EXPLANATIONS, explain};
    use crate::source::Source;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_explained() {
        let codes: BTreeSet<_> = EXPLANATIONS.iter().map(|e| e.code).collect();
        assert_eq!(codes.len(), EXPLANATIONS.len());
        for explanation in EXPLANATIONS {
            let code = explanation.code.0;
            assert!(
                code.len() == 5 && code.starts_with('E') && code[1..].bytes().all(|b| b.is_ascii_digit()),
                "{code}"
            );
            assert!(
                explanation.title.starts_with(|c: char| !c.is_uppercase())
                    && !explanation.title.ends_with('.'),
                "{code}"
            );
            assert!(
                explanation
                    .text
                    .starts_with(|c: char| c.is_uppercase() || c == '`'),
                "{code}"
            );
            assert!(explanation.text.ends_with('.'), "{code}");
            assert_eq!(explain(code).map(|found| found.code), Some(explanation.code));
        }
    }

    #[test]
    fn codes_are_found_however_written() {
        for written in ["E0101", "e0101", "E101", "101", " E0101 "] {
            assert_eq!(explain(written).map(|e| e.code.0), Some("E0101"), "{written}");
        }
        for written in ["", "E", "E9999", "E-101", "E99999999999", "latency", "é"] {
            assert!(explain(written).is_none(), "{written}");
        }
    }

    /// An example of a syntax error shows that very error.
    #[test]
    fn examples_of_syntax_errors_show_them() {
        let recipes = EXPLANATIONS
            .iter()
            .filter(|e| e.code.0.starts_with("E01") && !e.code.is_environment());
        for explanation in recipes.filter(|e| !e.example.is_empty()) {
            let (_, problems) = crate::syntax::parse(&Source::new("example.gobt", explanation.example));
            let found: Vec<_> = problems.sorted().iter().map(|problem| problem.code).collect();
            assert_eq!(found, [explanation.code], "{}", explanation.example);
        }
    }
}
