//! What a record costs beside the lines and the tables of a compiled script, and how long the scripts are.

use super::copy;
use super::round::{Figure, Subject, Tracer};
use super::support::bpftrace::Release;
use super::support::compile::Compile;
use super::support::go::Mode;
use super::support::run::GOBT;
use super::support::{Trouble, bpftrace};
use super::table::{times, whole};
use super::{CALLS, ROUNDS};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The function takes a text and an error and returns the error.
const FUNCTION: &str = "main.tell";

const RECIPES: [(&str, &str); 5] = [
    ("print of a text", "on main.tell { print arg text }"),
    (
        "print of a text and an error",
        "on main.tell { print arg text, arg err }",
    ),
    ("`count F by arg err`", "count main.tell by arg err"),
    ("`count F by ret err`", "count main.tell by ret"),
    ("`trace F`", "trace main.tell"),
];

/// The table for a release.
pub(crate) fn table(release: Release) -> Result<String, Trouble> {
    bpftrace::usable(release)?;
    let place = super::support::cache().join("cost").join(release.number());
    let executable = copy(&place, "rivals", "records", Mode::Default)?;
    let subject = Subject::new(&executable, FUNCTION, CALLS);
    let mut untraced = Figure::new(&subject, Tracer::None);
    let mut rows = Vec::new();
    for (number, (what, text)) in RECIPES.into_iter().enumerate() {
        let recipe = place.join(format!("records-{number}.gobt"));
        let script = recipe.with_extension("bt");
        fs::write(&recipe, format!("{text}\n"))?;
        Compile::new(&recipe, &executable, &script)
            .release(release)
            .run()?;
        let lengths = [
            lines_of(&fs::read_to_string(&script)?),
            lines_of(&records(&recipe, &executable, release)?),
        ];
        let printed = Figure::new(&subject, Tracer::Bpftrace(script.clone(), release));
        let recorded = Figure::new(&subject, Tracer::Run(recipe, script, release));
        rows.push((what, lengths, [printed, recorded]));
    }
    for _ in 0..ROUNDS {
        untraced.round()?;
        for (_, _, figures) in &mut rows {
            for figure in figures {
                figure.round()?;
            }
        }
    }
    let mut table = format!(
        "bpftrace {}, {CALLS} calls, best of {ROUNDS} rounds.\n\n\
         | asked for | way | added ns a call (median) | part of the script's | lost | lines of the script | part |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
        release.number()
    );
    for (what, lengths, figures) in &rows {
        let added = |figure: &Figure<'_>| figure.best() - untraced.best();
        for ((way, figure), length) in ["compiled script", "`gobt run`"].iter().zip(figures).zip(lengths) {
            #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
            let _ = writeln!(
                table,
                "| {what} | {way} | {} ({}) | {} | {} of {} | {length} | {} |",
                whole(added(figure)),
                whole(figure.median() - untraced.best()),
                times(added(figure) / added(&figures[0])),
                figure.lost,
                figure.calls,
                times(*length as f64 / lengths[0] as f64),
            );
        }
    }
    Ok(table)
}

/// The script that `gobt run` gives to bpftrace.
fn records(recipe: &Path, executable: &Path, release: Release) -> Result<String, Trouble> {
    let output = Command::new(GOBT)
        .args(["compile", "--emit", "records", "--bpftrace", release.number()])
        .arg("--bin")
        .arg(executable)
        .arg(recipe)
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How many lines do something: comments and empty ones are for readers.
fn lines_of(script: &str) -> usize {
    let code = script.lines().map(str::trim);
    let code = code.filter(|line| !line.is_empty() && !line.starts_with("//") && !line.starts_with('*'));
    code.filter(|line| *line != "/*").count()
}
