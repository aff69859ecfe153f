//! The recipes of other tests, changed by words, by bytes, and into what is too deep, too large or too long.

use super::numbers::Numbers;
use crate::support::files::files;
use crate::support::repository;

/// A recipe, and whether it is for `kinds` rather than `shop`.
pub type Recipe = (String, bool);

/// Every recipe of the tests and examples. Those for the programs that they are compiled against come more often.
pub fn corpus() -> Vec<Recipe> {
    let mut found = Vec::new();
    for directory in [
        "tests/cases",
        "tests/cases",
        "tests/cases",
        "tests/syntax",
        "tests/live",
        "examples",
    ] {
        let paths = files(&repository().join(directory), "gobt");
        found.extend(paths.iter().map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let kinds = text.contains("// target: kinds");
            // Without the header, which is no part of it.
            let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("// ")).collect();
            (lines.join("\n") + "\n", kinds)
        }));
    }
    found.sort();
    found
}

const NUMBERS: &[&str] = &[
    "0",
    "-1",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775808",
    "0xffffffffffffffff",
    "99999999999999999999999999",
    "1h",
    "18446744073709551615h",
    "1000000000s",
    "16777216GiB",
    "0b1",
    "1__0",
    "1e9",
    "0x",
];
const CHARACTERS: &[&str] = &[
    "\0",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{feff}",
    "é",
    "世界",
    "\u{1f600}",
    "\u{301}",
    "\r",
    "\t",
    "\"",
    "\\",
    "*/",
    "//",
    "/*",
    "`",
    "'",
    "{",
    "}",
    "${",
    "{{",
    "%",
    "%s",
    "\u{2028}",
    "\u{7f}",
    "\u{80}",
];

/// Recipe number `n`, by what it is made of and how it was changed. Bytes, since not all of them are text.
pub fn changed(corpus: &[Recipe], n: usize) -> (&'static str, Vec<u8>, bool) {
    let mut numbers = Numbers::of(n);
    let (text, kinds) = numbers.of_these(corpus);
    let (name, bytes) = match numbers.below(6) {
        0 | 1 => ("words", words(corpus, &text, &mut numbers).into_bytes()),
        2 => ("bytes", bytes(text.into_bytes(), &mut numbers)),
        3 => ("nesting", nested(&mut numbers).into_bytes()),
        4 => ("numbers", inserted(text, NUMBERS, &mut numbers).into_bytes()),
        _ if numbers.once_in(3) => ("long names", long(text, &mut numbers).into_bytes()),
        _ => (
            "characters",
            inserted(text, CHARACTERS, &mut numbers).into_bytes(),
        ),
    };
    (name, bytes, kinds)
}

fn pieces(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', '\n', '(', '{', '"', '.', ','])
        .collect()
}

fn words(corpus: &[Recipe], text: &str, numbers: &mut Numbers) -> String {
    let (other, _) = numbers.of_these(corpus);
    let others = pieces(&other);
    let mut own: Vec<&str> = pieces(text);
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(own.len());
        match numbers.below(5) {
            0 if !own.is_empty() => drop(own.remove(at)),
            1 if !others.is_empty() => own.insert(at, numbers.of_these(&others)),
            2 if !own.is_empty() && !others.is_empty() => own[at] = numbers.of_these(&others),
            3 if !own.is_empty() => own.swap(at, numbers.below(at + 1)),
            _ => own.extend(others.iter().take(12)),
        }
    }
    own.concat()
}

fn bytes(mut text: Vec<u8>, numbers: &mut Numbers) -> Vec<u8> {
    for _ in 0..=numbers.below(6) {
        let at = numbers.below(text.len());
        match numbers.below(4) {
            0 if !text.is_empty() => text[at] ^= 1 << numbers.below(8),
            1 => text.insert(at, numbers.any() as u8),
            2 if !text.is_empty() => drop(text.remove(at)),
            _ => text.truncate(at.max(1)),
        }
    }
    text
}

fn nested(numbers: &mut Numbers) -> String {
    let n = numbers.of_these(&[30, 63, 64, 65, 500, 501, 5_000, 60_000]);
    let open = numbers.of_these(&[
        "(",
        "!",
        "- ",
        "[0",
        ".x",
        "len(",
        "1 + ",
        "if true { ",
        "return { ",
        "{",
        "\"{",
        "raw { ",
        "x[",
        "&& ",
        "arg a.(",
        "if true { } else ",
        "during main.main { ",
        "*",
        "or main.main ",
        ", main.main",
    ]);
    let before = numbers.of_these(&[
        "count main.main where ",
        "on main.main { ",
        "count main.main by ",
        "",
        "on main.main { print ",
    ]);
    let close = match open {
        "(" | "len(" | "arg a.(" => ")",
        "[0" | "x[" => "]",
        "if true { " | "return { " | "{" | "raw { " | "during main.main { " => "}",
        _ => "",
    };
    let middle = numbers.of_these(&["1", "", "arg", "count"]);
    let closed = if numbers.once_in(3) { 0 } else { n };
    format!("{before}{}{middle}{}\n", open.repeat(n), close.repeat(closed))
}

fn inserted(mut text: String, what: &[&str], numbers: &mut Numbers) -> String {
    for _ in 0..=numbers.below(2) {
        // In place of a number where there is one.
        let digits: Vec<usize> = text
            .match_indices(|c: char| c.is_ascii_digit())
            .map(|(at, _)| at)
            .collect();
        let at = if digits.is_empty() || numbers.once_in(2) {
            text.floor_char_boundary(numbers.below(text.len() + 1))
        } else {
            let at = numbers.of_these(&digits);
            text.remove(at);
            at
        };
        text.insert_str(at, numbers.of_these(what));
    }
    text
}

fn long(mut text: String, numbers: &mut Numbers) -> String {
    let name = numbers
        .of_these(&["a", "main.", "é", "*", "x y"])
        .repeat(numbers.of_these(&[300, 5_000, 200_000]));
    let places: Vec<usize> = text
        .match_indices([' ', '.', '\n'])
        .map(|(at, _)| at + 1)
        .collect();
    let at = if places.is_empty() {
        0
    } else {
        numbers.of_these(&places)
    };
    text.insert_str(at, &name);
    text
}
