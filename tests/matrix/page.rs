//! The tables of `docs/matrix.md`.

use crate::cell::{Cell, MODES, Outcome};
use crate::support::bpftrace::Release;
use crate::support::go::TOOLCHAINS;
use crate::support::repository;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

fn path() -> PathBuf {
    repository().join("docs/matrix.md")
}

fn begin(release: Release) -> String {
    format!("<!-- table: matrix {} -->\n", release.number())
}

const END: &str = "<!-- end -->";

/// The tables for a terminal.
pub fn tables(results: &BTreeMap<Cell, Outcome>) -> String {
    let table = |release: Release| format!("bpftrace {}\n\n{}", release.number(), table(release, results));
    let count = |test: fn(&Outcome) -> bool| results.values().filter(|outcome| test(outcome)).count();
    format!(
        "{}\n{} cells hold, {} do not, {} were skipped.",
        Release::ALL.map(table).join("\n"),
        count(|outcome| matches!(outcome, Outcome::Holds(_))),
        count(|outcome| matches!(outcome, Outcome::Wrong(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    )
}

/// Rows are Go's releases, columns ways of building.
fn table(release: Release, results: &BTreeMap<Cell, Outcome>) -> String {
    let mut text = head();
    for toolchain in TOOLCHAINS {
        let _ = write!(text, "| {toolchain} |");
        for (mode, _) in MODES {
            let cell = Cell {
                release,
                toolchain,
                mode,
            };
            let _ = write!(text, " {} |", results.get(&cell).map_or("not run".into(), words));
        }
        text.push('\n');
    }
    text
}

fn head() -> String {
    let names: Vec<&str> = MODES.iter().map(|(_, name)| *name).collect();
    format!(
        "| Go | {} |\n|{}\n",
        names.join(" | "),
        " --- |".repeat(names.len() + 1)
    )
}

/// What stands in a cell.
fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Holds(what) => what.clone(),
        Outcome::Skipped(why) => format!("skipped: {}", plain(why)),
        Outcome::Wrong(why) => format!("**fails**: {}", plain(why)),
    }
}

/// One line, without what ends a cell.
fn plain(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    first.replace('|', "\\|")
}

/// Writes the tables into the document.
pub fn write(results: &BTreeMap<Cell, Outcome>) -> Result<(), String> {
    let mut document = read()?;
    for release in Release::ALL {
        let old = found(&document, release)?;
        document = document.replace(
            &format!("{}{old}{END}", begin(release)),
            &format!("{}{}{END}", begin(release), table(release, results)),
        );
    }
    fs::write(path(), document).map_err(|error| error.to_string())
}

/// The document has a table for each bpftrace with a row for each Go and a column for each mode, every cell of which was
/// measured and held.
pub fn complete() -> Result<(), String> {
    let document = read()?;
    for release in Release::ALL {
        let table = found(&document, release)?;
        let rows = table
            .strip_prefix(&head())
            .ok_or_else(|| format!("the table of bpftrace {} has another head", release.number()))?;
        let cells: Vec<Vec<&str>> = rows
            .lines()
            .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
            .collect();
        let releases: Vec<&str> = cells.iter().filter_map(|row| row.first().copied()).collect();
        if releases != TOOLCHAINS {
            return Err(format!(
                "the table of bpftrace {} has rows for Go {}",
                release.number(),
                releases.join(", ")
            ));
        }
        for row in &cells {
            if row.len() != MODES.len() + 1 {
                return Err(format!("the row {row:?} has {} cells", row.len()));
            }
            if let Some(cell) = row.iter().find(|cell| !measured(cell)) {
                return Err(format!(
                    "bpftrace {}, Go {}: a cell is {cell:?}",
                    release.number(),
                    row[0]
                ));
            }
        }
    }
    Ok(())
}

/// A cell that says something.
fn measured(cell: &str) -> bool {
    !cell.is_empty() && cell != "not run" && !cell.starts_with("skipped")
}

fn read() -> Result<String, String> {
    fs::read_to_string(path()).map_err(|error| format!("docs/matrix.md: {error}"))
}

fn found(document: &str, release: Release) -> Result<String, String> {
    document
        .split_once(&begin(release))
        .and_then(|(_, rest)| rest.split_once(END))
        .map(|(table, _)| table.to_owned())
        .ok_or_else(|| format!("docs/matrix.md has no table for bpftrace {}", release.number()))
}
