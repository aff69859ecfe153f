//! Translates words of bpftrace, DTrace, SystemTap, SQL, awk, Go and delve to gobt's; [`language`] has the words of
//! gobt's own language.
//!
//! [`translate`] rewrites a line of a recipe by the [`rows`]; the user's own functions, numbers and labels stay. The
//! result may not be a valid recipe: a caller that shows it has to parse it first.

mod bare;
pub mod language;
mod masked;
mod own;
mod printf;
mod table;

use masked::Masked;
use regex_lite::{Captures, Regex};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;
pub use table::rows;

/// What replaces a foreign form.
#[derive(Clone, Copy)]
pub enum Ours {
    /// `$name` and `${name}` stand for what was matched.
    Text(&'static str),
    /// A function makes it from the match and the texts in quotes.
    Made(fn(&Captures<'_>, &mut Vec<String>) -> Option<String>),
}

/// A foreign word or form.
pub struct Row {
    /// A regular expression. `<` begins a statement, `F` in `‹›` is a function's name, `V` a value, `E` an expression,
    /// `N` a name.
    pub foreign: &'static str,
    /// What stands for it.
    pub ours: Ours,
    /// The sentence that explains it.
    pub says: &'static str,
    /// An example line for the program `shop`, and its translation.
    pub example: (&'static str, &'static str),
}

/// A line as it would be written here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// The line, or several.
    pub text: String,
    /// The sentences for the replaced words, each once.
    pub says: Vec<&'static str>,
}

/// Rounds of replacement: a replaced form may contain others, but not more deeply than this.
const ROUNDS: usize = 4;

/// Translates `line`, if it has any form of the table. `known` are names that the recipe itself defines (`let`,
/// `param`). For a `method`, other tracers count the receiver as the first argument.
#[must_use]
pub fn translate(line: &str, known: &[&str], method: bool) -> Option<Translation> {
    // What stands in `raw` is bpftrace's own.
    if line.trim_start().starts_with("raw") {
        return None;
    }
    let mut masked = Masked::new(line);
    let mut says: Vec<&'static str> = Vec::new();
    if method && let Some(text) = without_receiver(&masked.text) {
        masked.text = text;
        says.push("the receiver is `recv`, and is not counted among the arguments");
    }
    rewrite(&mut masked, &mut says);
    let text = bare::with_args(&masked.text, known);
    masked.text = tidy(&text);
    if masked.requoted && says.is_empty() {
        says.push("a text stands in double quotes");
    }
    let text = masked.restored();
    (text.trim() != line.trim()).then_some(Translation { text, says })
}

/// Replaces forms until there are none.
fn rewrite(masked: &mut Masked, says: &mut Vec<&'static str>) {
    for _ in 0..ROUNDS {
        let before = masked.text.clone();
        for (row, pattern) in table::compiled() {
            let Some(text) = apply(row, pattern, masked) else {
                continue;
            };
            masked.text = text;
            if !row.says.is_empty() && !says.contains(&row.says) {
                says.push(row.says);
            }
        }
        if masked.text == before {
            break;
        }
    }
}

/// A value that is put into a text.
fn value(written: &str, strings: &[String]) -> String {
    let mut masked = Masked {
        text: format!("print {written}"),
        strings: strings.to_vec(),
        requoted: false,
    };
    rewrite(&mut masked, &mut Vec::new());
    masked.text = bare::with_args(&masked.text, &[]);
    let text = masked.restored();
    text.strip_prefix("print ").unwrap_or(&text).to_owned()
}

/// `arg0` of a method is its receiver, `arg1` its first argument.
fn without_receiver(text: &str) -> Option<String> {
    static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\barg([0-9]+)\b").ok());
    let pattern = NUMBERED.as_ref()?;
    pattern.is_match(text).then(|| {
        let written = |found: &Captures<'_>| {
            let position = found
                .get(1)
                .and_then(|digits| digits.as_str().parse::<u32>().ok());
            match position.map(|position| position.checked_sub(1)) {
                Some(Some(position)) => format!("arg {position}"),
                _ => "recv".to_owned(),
            }
        };
        pattern.replace_all(text, written).into_owned()
    })
}

/// The masked text with a row's form replaced wherever it stands.
fn apply(row: &Row, pattern: &Regex, masked: &mut Masked) -> Option<String> {
    if !pattern.is_match(&masked.text) {
        return None;
    }
    let text = match row.ours {
        Ours::Text(ours) => pattern.replace_all(&masked.text, ours).into_owned(),
        Ours::Made(made) => {
            let strings = &mut masked.strings;
            let text = pattern.replace_all(&masked.text, |found: &Captures<'_>| {
                let whole = found.get(0).map_or("", |whole| whole.as_str());
                made(found, strings).unwrap_or_else(|| whole.to_owned())
            });
            match text {
                Cow::Borrowed(_) => return None,
                Cow::Owned(text) => text,
            }
        }
    };
    (text != masked.text).then_some(text)
}

/// Without blanks at the ends of lines, empty lines and empty statements.
fn tidy(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.trim_end().trim_end_matches(';').trim_end());
    let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
    let text = lines.join("\n");
    let mut out = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if c == '}'
            && !out.ends_with(|before: char| before.is_whitespace() || matches!(before, '{' | '}'))
            && out.contains('{')
        {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// True if every line and statement of `text` begins with a word that there is, behind its label.
#[must_use]
pub fn begins_well(text: &str) -> bool {
    let masked = Masked::new(text);
    if masked.text.trim_start().starts_with("raw") {
        return true;
    }
    let tight: String = masked.text.chars().filter(|c| !c.is_whitespace()).collect();
    // A translation with an empty block would not help.
    if tight.contains("{}") {
        return false;
    }
    masked
        .text
        .split(['\n', '{', '}', ';'])
        .map(|statement| statement.split("//").next().unwrap_or_default().trim())
        .filter(|statement| !statement.is_empty())
        .all(|statement| {
            let statement = match statement.split_once(':') {
                Some((label, rest)) if label.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                    rest.trim_start()
                }
                _ => statement,
            };
            let word: String = statement
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            language::begins(&word)
                || bare::is_clause(&word)
                || statement.starts_with(|c: char| !c.is_alphanumeric())
        })
}

/// What units are called elsewhere, in lower case, and here.
const UNITS: &[(&str, &str)] = &[
    ("nanos", "ns"),
    ("nsec", "ns"),
    ("nsecs", "ns"),
    ("nanosecond", "ns"),
    ("nanoseconds", "ns"),
    ("usec", "us"),
    ("usecs", "us"),
    ("micros", "us"),
    ("microsecond", "us"),
    ("microseconds", "us"),
    ("msec", "ms"),
    ("msecs", "ms"),
    ("millis", "ms"),
    ("millisecond", "ms"),
    ("milliseconds", "ms"),
    ("sec", "s"),
    ("secs", "s"),
    ("second", "s"),
    ("seconds", "s"),
    ("min", "m"),
    ("mins", "m"),
    ("minute", "m"),
    ("minutes", "m"),
    ("hour", "h"),
    ("hours", "h"),
    ("hr", "h"),
    ("b", "B"),
    ("byte", "B"),
    ("bytes", "B"),
    ("k", "KiB"),
    ("kb", "KiB"),
    ("kib", "KiB"),
    ("mb", "MiB"),
    ("mib", "MiB"),
    ("g", "GiB"),
    ("gb", "GiB"),
    ("gib", "GiB"),
    ("tb", "TiB"),
    ("tib", "TiB"),
];

/// The unit that is probably meant by `word`, which is not a unit.
#[must_use]
pub fn unit(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    UNITS
        .iter()
        .find(|(name, _)| *name == lower)
        .map(|(_, unit)| *unit)
}

/// Longer pieces of a recipe are not rewritten.
const LONGEST: usize = 4000;

/// The pieces of a recipe around a byte that may be meant as a whole: its line, and where a brace is opened, all up to
/// where it is closed; the larger one first.
#[must_use]
pub fn pieces(text: &str, at: usize) -> Vec<Range<usize>> {
    let at = text.floor_char_boundary(at);
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let line_end = after.find('\n').map_or(text.len(), |end| at + end);
    let mut found = Vec::new();
    found.extend(blocks(text, start, line_end));
    found.push(start..line_end);
    // The first line in a block may belong before its brace.
    if let Some(above) = before.get(..start).map(str::trim_end)
        && above.ends_with('{')
        && before.get(start..).is_some_and(|lead| lead.trim().is_empty())
    {
        let above = above.rfind('\n').map_or(0, |end| end + 1);
        found.extend(blocks(text, above, line_end));
    }
    found.retain(|piece| piece.len() <= LONGEST);
    found
}

/// The blocks that begin at `start` and go on behind `line_end`.
fn blocks(text: &str, start: usize, line_end: usize) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for (offset, c) in text.get(start..).unwrap_or_default().char_indices() {
        let place = start + offset;
        // The brace may stand in the next line.
        let beside = place > line_end && depth == 0 && !c.is_whitespace() && c != '{' && c != '/';
        if beside || offset > LONGEST {
            break;
        }
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => {
                if depth == 1 && place > line_end {
                    found.push(start..place + 1);
                }
                if depth == 0 || place > line_end {
                    break;
                }
                depth = 0;
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    found
}

/// The names that a recipe gives by `let` and `param`.
#[must_use]
pub fn names(text: &str) -> Vec<&str> {
    let mut words = text
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty());
    let mut found = Vec::new();
    while let Some(word) = words.next() {
        if matches!(word, "let" | "param")
            && let Some(name) = words.next()
        {
            found.push(name);
        }
    }
    found
}

/// True if the code at `at` in `text` is about a method.
#[must_use]
pub fn about_method(text: &str, piece: &Range<usize>) -> bool {
    let is_method = |line: &str| line.contains("(*") && line.contains(").");
    let own = text.get(piece.clone()).unwrap_or_default();
    let before = text.get(..piece.start).unwrap_or_default();
    let indented = own.starts_with([' ', '\t']);
    is_method(own)
        || indented
            && before
                .lines()
                .rev()
                .find(|line| !line.starts_with([' ', '\t', '}']))
                .is_some_and(is_method)
}

/// The possible translations of a piece of a recipe, each with its explanation.
#[must_use]
pub fn candidates(text: &str, piece: &Range<usize>) -> Vec<Translation> {
    let Some(line) = text.get(piece.clone()) else {
        return Vec::new();
    };
    let indent = line
        .get(..line.len() - line.trim_start().len())
        .unwrap_or_default();
    let Some(first) = translate(line.trim(), &names(text), about_method(text, piece)) else {
        let outside = line.strip_prefix("let ").map(|rest| Translation {
            text: format!("param {rest}"),
            says: vec!["a value for the whole recipe is a `param`"],
        });
        return outside.into_iter().collect();
    };
    let mut found = vec![first.clone()];
    let mut also = |from: &str, to: &str| {
        if first.text.contains(from) {
            found.push(Translation {
                text: first.text.replace(from, to),
                says: first.says.clone(),
            });
        }
    };
    also("let ", "param ");
    // An error may have no name, and may be any of the results.
    for position in ["ret 1", "ret 0", "ret 2", "ret"] {
        also("ret err", position);
    }
    also("ret 0", "ret");
    // An interface may hold a type, or a pointer to it.
    also("== \"", "== \"*");
    // A word without quotes may be a text.
    if let Some(text) = with_texts(&first.text) {
        found.push(Translation {
            text,
            says: vec!["a text stands in double quotes"],
        });
    }
    for one in &mut found {
        one.text = one
            .text
            .lines()
            .map(|line| format!("{indent}{line}"))
            .collect::<Vec<_>>()
            .join("\n");
    }
    found
}

/// With quotes around the single words that something is compared with.
fn with_texts(text: &str) -> Option<String> {
    static COMPARED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?P<x>[!=]=[ \t]*)arg[ \t]+(?P<w>[A-Za-z_]\w*)(?P<z>[ \t,;)}\n]|$)").ok()
    });
    let pattern = COMPARED.as_ref()?;
    pattern
        .is_match(text)
        .then(|| pattern.replace_all(text, "$x\"$w\"$z").into_owned())
}

impl Translation {
    /// The explanation and the translated text, as a message shows them.
    #[must_use]
    pub fn help(&self) -> String {
        let says = match self.says.as_slice() {
            [] => "write it so".to_owned(),
            says => says.iter().take(3).copied().collect::<Vec<_>>().join("; "),
        };
        if self.text.trim().is_empty() {
            return format!("leave this line out: {says}");
        }
        let lines: Vec<&str> = self.text.lines().collect();
        let indent = lines
            .iter()
            .map(|line| line.len() - line.trim_start().len())
            .min()
            .unwrap_or_default();
        let lines = lines
            .iter()
            .flat_map(|line| folded(line.get(indent..).unwrap_or_default()))
            .map(|line| format!("    {line}"));
        format!("{says}:\n{}", lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Wider lines are folded where the language lets a line go on: behind a comma or `&&` and `||`, and before a clause.
const WIDE: usize = 100;

fn folded(line: &str) -> Vec<String> {
    let mut masked = Masked::new(line);
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    let indent = line
        .get(..line.len() - line.trim_start().len())
        .unwrap_or_default();
    for word in masked.text.trim_start().split(' ') {
        let may_end = current.ends_with([',']) || current.ends_with("&&") || current.ends_with("||");
        let clause = matches!(word, "by" | "where" | "as" | "limit" | "except");
        if (may_end || clause) && current.chars().count() + 30 > WIDE && line.chars().count() > WIDE {
            lines.push(std::mem::take(&mut current));
            current.push_str("    ");
        }
        if !current.trim().is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    lines.push(current);
    lines
        .into_iter()
        .map(|line| {
            masked.text = format!("{indent}{line}");
            masked.restored()
        })
        .collect()
}
