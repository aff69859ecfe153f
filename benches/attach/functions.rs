//! Functions from all over a program.

use super::support::Trouble;
use super::support::run::GOBT;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Those that return and have one place only, without the run time's own, which also an idle program calls.
pub(crate) fn of(program: &Path) -> Result<Vec<String>, Trouble> {
    let output = Command::new(GOBT)
        .arg("funcs")
        .arg(program)
        .args(["--format", "json"])
        .output()?;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let row: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let name = row["name"].as_str().unwrap_or_default().to_owned();
        *seen.entry(name.clone()).or_default() += 1;
        let is_plain = name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_./()*-".contains(&b));
        let is_of_run_time = ["runtime.", "internal/runtime/", "sync", "internal/"]
            .iter()
            .any(|package| name.starts_with(package));
        if is_plain && !is_of_run_time && row["entry"].is_string() && row["returns"].as_u64() > Some(0) {
            names.push(name);
        }
    }
    names.retain(|name| seen[name] == 1);
    Ok(names)
}

/// So many of them, from all over the program; none if there are not so many.
pub(crate) fn spread(all: &[String], count: usize) -> Option<Vec<String>> {
    let step = all.len() / count;
    let spread = all.iter().skip(step / 2).step_by(step.max(1)).take(count);
    (step > 0).then(|| spread.cloned().collect())
}
