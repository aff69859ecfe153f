//! The table of `docs/services.md`.

use crate::support::bpftrace::Release;
use crate::support::program::Truth;
use crate::support::repository;
use crate::support::table::split;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What came of a program under a release, if it was right.
pub(crate) struct Row {
    pub(crate) from: String,
    /// In bytes.
    pub(crate) size: u64,
    /// How long the compilation took.
    pub(crate) compiled: Duration,
    pub(crate) truth: BTreeMap<String, Truth>,
    pub(crate) expectations: Vec<String>,
}

/// By program and release.
pub(crate) type Results = Arc<Mutex<BTreeMap<(String, Release), Row>>>;

/// A row for each program: what its client counted, and the releases under which the recipe said the same.
pub(crate) fn table(results: &BTreeMap<(String, Release), Row>) -> String {
    let mut text = String::from(
        "| program | from | MB | compiled in | what the client counted | what was compared | equal with |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let names: Vec<&String> = results.keys().map(|(name, _)| name).collect();
    let mut last = None;
    for name in names {
        if last == Some(name) {
            continue;
        }
        last = Some(name);
        let mut rows = results.iter().filter(|((found, _), _)| found == name);
        let releases: Vec<_> = rows.clone().map(|((_, release), _)| release.number()).collect();
        let Some((_, row)) = rows.next_back() else {
            continue;
        };
        let counted: Vec<String> = row
            .truth
            .iter()
            .map(|(name, truth)| match truth {
                Truth::Number(number) => format!("{name} {number}"),
                Truth::Text(text) => format!("{name} {text:?}"),
            })
            .collect();
        let compared: Vec<String> = row.expectations.iter().map(|e| format!("`{e}`")).collect();
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {:.1} s | {} | {} | {} |",
            row.from,
            row.size / 1_000_000,
            row.compiled.as_secs_f32(),
            counted.join(", "),
            compared.join(", ").replace('|', "\\|"),
            releases.join(", "),
        );
    }
    text
}

/// Writes it into the document, which keeps the rows of programs that were not run.
pub(crate) fn write(results: &BTreeMap<(String, Release), Row>) -> Result<(), String> {
    let path = repository().join("docs/services.md");
    let said = |error: std::io::Error| format!("{}: {error}", path.display());
    let document = fs::read_to_string(&path).map_err(said)?;
    let (before, old, after) = split(&document, "real programs")?;
    let new = table(results);
    let (head, rows) = new.split_at(new.match_indices('\n').nth(1).map_or(0, |(at, _)| at + 1));
    let name = |row: &str| row.split('|').nth(1).unwrap_or_default().to_owned();
    let mut rows: BTreeMap<String, &str> = rows.lines().map(|row| (name(row), row)).collect();
    for row in old.lines().skip(2) {
        rows.entry(name(row)).or_insert(row);
    }
    let rows: Vec<&str> = rows.into_values().collect();
    fs::write(&path, format!("{before}{head}{}\n{after}", rows.join("\n"))).map_err(said)
}
