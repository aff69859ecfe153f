//! Prose keeps to 120 columns: paragraphs of the documents, and comments in sources, programs and recipes. Tables, code
//! blocks and lines of a single word (links) may be longer.

use crate::support::files::files;
use crate::support::repository;
use crate::support::suite::{Suite, trials};
use std::fs;
use std::path::Path;

/// Columns of a line, as `CONTRIBUTING.md` asks for.
const COLUMNS: usize = 120;

/// All of them.
pub fn suite() -> Suite {
    trials![documents, comments, what_is_long_is_found].into()
}

fn documents() -> Result<(), String> {
    let mut paths = files(&repository().join("docs"), "md");
    let here = fs::read_dir(repository()).unwrap();
    let here = here.map(|entry| entry.unwrap().path());
    paths.extend(here.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    told(
        &paths
            .iter()
            .flat_map(|path| long_lines(path, whole))
            .collect::<Vec<_>>(),
    )
}

fn comments() -> Result<(), String> {
    let mut found = Vec::new();
    for directory in [
        "src",
        "tests",
        "benches",
        "examples",
        "fuzz/src",
        "fuzz/fuzz_targets",
        "grammar",
    ] {
        for extension in ["rs", "go", "gobt", "pest"] {
            for path in files(&repository().join(directory), extension) {
                // Their line numbers are in the prebuilt programs.
                let prebuilt = extension == "go" && path.starts_with(repository().join("examples/targets"));
                if !prebuilt {
                    found.extend(long_lines(&path, comment));
                }
            }
        }
    }
    told(&found)
}

fn what_is_long_is_found() -> Result<(), String> {
    let word = "word ".repeat(30);
    let text = format!(
        "    // {word}\n// | {word}|\n// ```text\n// {word}\n// ```\n//! {word}\n// expect: {word}\n{word}\n"
    );
    match numbers(&text, comment).as_slice() {
        [1, 6] => Ok(()),
        other => Err(format!("lines {other:?} were found, not 1 and 6")),
    }
}

/// A line of a document is prose as it stands.
#[expect(clippy::unnecessary_wraps, reason = "`comment` has the same form")]
fn whole(line: &str) -> Option<&str> {
    Some(line)
}

/// What a comment line says, without its sign; the headers of cases (`// expect: …`) are none.
fn comment(line: &str) -> Option<&str> {
    let text = line.trim_start().strip_prefix("//")?;
    let text = text.trim_start_matches(['/', '!']).trim_start();
    let word = text.split([' ', ':']).next().unwrap_or_default();
    let key = text.split_once(':').map(|(key, _)| key);
    let is_key = |key: &str| key == word || key.starts_with("expect ");
    let header = key.is_some_and(is_key) && word.starts_with(|c: char| c.is_ascii_lowercase());
    (!header).then_some(text)
}

/// The numbers of the lines of prose that are too long.
fn numbers(text: &str, prose: fn(&str) -> Option<&str>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        let Some(said) = prose(line) else { continue };
        let said = said.trim();
        if said.starts_with("```") {
            fenced = !fenced;
        }
        let single = said.split_whitespace().nth(1).is_none();
        if !fenced && !single && !said.starts_with('|') && line.chars().count() > COLUMNS {
            found.push(index + 1);
        }
    }
    found
}

fn long_lines(path: &Path, prose: fn(&str) -> Option<&str>) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    numbers(&text, prose)
        .into_iter()
        .map(|number| format!("{}:{number}", path.display()))
        .collect()
}

fn told(found: &[String]) -> Result<(), String> {
    if found.is_empty() {
        Ok(())
    } else {
        Err(format!("longer than {COLUMNS} columns:\n{}", found.join("\n")))
    }
}
