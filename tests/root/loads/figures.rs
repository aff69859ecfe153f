//! The table of `docs/loads.md`.

use crate::support::repository;
use crate::support::table::split;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::{Arc, Mutex};

/// What came of the recipes for a program.
#[derive(Default)]
pub(crate) struct Row {
    /// How many functions the program has.
    pub(crate) functions: usize,
    /// How many recipes were tried.
    pub(crate) recipes: usize,
    /// How many gobt refused, by the code of the error.
    pub(crate) refused: BTreeMap<String, usize>,
    /// How many scripts were loaded.
    pub(crate) loaded: usize,
    /// Those that were not, and why.
    pub(crate) failed: Vec<String>,
}

/// By program, release, and whether the scripts are for a range of releases.
pub(crate) type Figures = Arc<Mutex<BTreeMap<(String, &'static str, bool), Row>>>;

pub(crate) fn table(figures: &BTreeMap<(String, &'static str, bool), Row>) -> String {
    let mut text = String::from(
        "| program | functions | bpftrace | scripts for | recipes | refused by gobt | loaded | not loaded |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for ((name, release, range), row) in figures {
        let refused: usize = row.refused.values().sum();
        let codes: Vec<String> = row
            .refused
            .iter()
            .map(|(code, n)| format!("{code} {n}"))
            .collect();
        let _ = writeln!(
            text,
            "| {name} | {} | {release} | {} | {} | {refused}{} | {} | {} |",
            row.functions,
            if *range { "0.23 to 0.27" } else { release },
            row.recipes,
            if codes.is_empty() {
                String::new()
            } else {
                format!(" ({})", codes.join(", "))
            },
            row.loaded,
            row.failed.len(),
        );
    }
    text
}

/// Writes it into the document.
pub(crate) fn write(figures: &BTreeMap<(String, &'static str, bool), Row>) -> Result<(), String> {
    let path = repository().join("docs/loads.md");
    let said = |error: std::io::Error| format!("{}: {error}", path.display());
    let document = fs::read_to_string(&path).map_err(said)?;
    let (before, _, after) = split(&document, "loads")?;
    fs::write(&path, format!("{before}{}{after}", table(figures))).map_err(said)
}
