//! The tables of `docs/matrix.md`.

use super::cell::{Cell, MODES, Outcome};
use crate::support::bpftrace::Release;
use crate::support::go::TOOLCHAINS;
use crate::support::repository;
use crate::support::table::split;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

fn path() -> PathBuf {
    repository().join("docs/matrix.md")
}

/// What the document calls a table.
fn name(release: Release) -> String {
    format!("matrix {}", release.number())
}

/// The tables for a terminal.
pub(crate) fn tables(results: &BTreeMap<Cell, Outcome>) -> String {
    let table = |release: Release| {
        format!(
            "bpftrace {}\n\n{}",
            release.number(),
            table(release, results, &BTreeMap::new())
        )
    };
    let count = |test: fn(&Outcome) -> bool| results.values().filter(|outcome| test(outcome)).count();
    format!(
        "{}\n{} cells hold, {} do not, {} were skipped.",
        Release::ALL.map(table).join("\n"),
        count(|outcome| matches!(outcome, Outcome::Holds(_))),
        count(|outcome| matches!(outcome, Outcome::Wrong(_))),
        count(|outcome| matches!(outcome, Outcome::Skipped(_))),
    )
}

/// Rows are Go's releases, columns ways of building. Cells that were not run are as they were.
fn table(release: Release, results: &BTreeMap<Cell, Outcome>, old: &BTreeMap<Cell, String>) -> String {
    let mut text = head();
    for toolchain in TOOLCHAINS {
        let _ = write!(text, "| {toolchain} |");
        for (mode, _) in MODES {
            let cell = Cell {
                release,
                toolchain,
                mode,
            };
            let new = results.get(&cell).map(words);
            let shown = new.or_else(|| old.get(&cell).cloned());
            let _ = write!(text, " {} |", shown.unwrap_or_else(|| "not run".into()));
        }
        text.push('\n');
    }
    text
}

/// The cells of a table that has all rows and columns.
fn cells(release: Release, table: &str) -> Result<BTreeMap<Cell, String>, String> {
    let number = release.number();
    let rows = table
        .strip_prefix(&head())
        .ok_or_else(|| format!("the table of bpftrace {number} has another head"))?;
    let rows: Vec<Vec<&str>> = rows
        .lines()
        .map(|row| row.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let releases: Vec<&str> = rows.iter().filter_map(|row| row.first().copied()).collect();
    if releases != TOOLCHAINS {
        return Err(format!(
            "the table of bpftrace {number} has rows for Go {}",
            releases.join(", ")
        ));
    }
    let mut cells = BTreeMap::new();
    for (toolchain, row) in TOOLCHAINS.into_iter().zip(&rows) {
        if row.len() != MODES.len() + 1 {
            return Err(format!("the row {row:?} has {} cells", row.len()));
        }
        for ((mode, _), shown) in MODES.into_iter().zip(&row[1..]) {
            let cell = Cell {
                release,
                toolchain,
                mode,
            };
            cells.insert(cell, (*shown).to_owned());
        }
    }
    Ok(cells)
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
        Outcome::Skipped(lack) => format!("skipped: {lack}"),
        Outcome::Wrong(why) => format!("**fails**: {}", plain(why)),
    }
}

/// One line, without what ends a cell.
fn plain(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    first.replace('|', "\\|")
}

/// Writes the cells that were run into the document.
pub(crate) fn write(results: &BTreeMap<Cell, Outcome>) -> Result<(), String> {
    let mut document = read()?;
    for release in Release::ALL {
        let (before, old, after) = split(&document, &name(release))?;
        let new = table(release, results, &cells(release, old).unwrap_or_default());
        document = format!("{before}{new}{after}");
    }
    fs::write(path(), document).map_err(|error| error.to_string())
}

/// The document has a table for each bpftrace with a row for each Go and a column for each mode, every cell of which
/// was measured.
pub(crate) fn complete() -> Result<(), String> {
    let document = read()?;
    for release in Release::ALL {
        let (_, table, _) = split(&document, &name(release))?;
        for (cell, shown) in cells(release, table)? {
            if !measured(&shown) {
                return Err(format!("{} is {shown:?} in docs/matrix.md", cell.name()));
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
