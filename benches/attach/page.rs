//! The tables of the page about cost.

use super::support::bpftrace::Release;
use super::support::repository;
use super::support::table::split;
use super::ways::{Took, Way};
use super::{ROUNDS, TOOLCHAIN};
use std::fmt::Write;
use std::fs;
use std::time::Duration;

/// A program, a number of functions, and what each way took.
pub(crate) type Row = (&'static str, usize, Vec<(Way, Vec<Took>)>);

/// A program, and what each way took to its first line.
pub(crate) type First = (&'static str, Vec<(Way, Vec<Duration>)>);

/// Both tables of a release.
pub(crate) fn tables(release: Release, rows: &[Row], firsts: &[First]) -> String {
    let mut text = format!(
        "bpftrace {}, Go {TOOLCHAIN}, median of {ROUNDS} rounds; one round where it took more than 20 s.\n\n\
         | program | functions (probes) | way | attached, s | ended, s | in all | times `gobt run` |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
        release.number()
    );
    for (what, size, ways) in rows {
        let ours = ways.iter().find(|(way, _)| *way == Way::Run);
        let ours = ours.map_or(0.0, |(_, took)| median(took, Took::all));
        for (way, took) in ways {
            let all = median(took, Took::all);
            let probes = took.first().map_or(0, |took| took.probes);
            let _ = writeln!(
                text,
                "| {what} | {} ({}) | {} | {:.2} | {:.2} | {all:.2} | {} |",
                grouped(*size),
                grouped(probes),
                way.name(),
                median(took, |took| took.attached),
                median(took, |took| took.ended),
                times(all / ours),
            );
        }
    }
    text += "\n| first line | way | s: median (all) |\n| --- | --- | --- |\n";
    for (what, ways) in firsts {
        for (way, all) in ways {
            let each: Vec<String> = all
                .iter()
                .map(|time| format!("{:.2}", time.as_secs_f64()))
                .collect();
            let _ = writeln!(
                text,
                "| {what} | {} | {:.2} ({}) |",
                way.name(),
                median(all, |time| *time),
                each.join(", ")
            );
        }
    }
    text
}

/// For somebody who waits.
pub(crate) fn short(row: &[(Way, Vec<Took>)]) -> String {
    let each = row.iter().map(|(way, took)| {
        let (attached, ended) = (
            median(took, |took| took.attached),
            median(took, |took| took.ended),
        );
        format!("{} {attached:.2} + {ended:.2} s", way.name())
    });
    each.collect::<Vec<_>>().join(", ")
}

/// The middle one, in seconds.
fn median<T>(all: &[T], of: impl Fn(&T) -> Duration) -> f64 {
    let mut sorted: Vec<Duration> = all.iter().map(of).collect();
    sorted.sort();
    sorted
        .get(sorted.len() / 2)
        .map_or(f64::NAN, Duration::as_secs_f64)
}

fn times(ratio: f64) -> String {
    match ratio {
        r if r >= 10.0 => format!("{r:.0}"),
        r => format!("{r:.1}"),
    }
}

/// `14,310`
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writes a table into the page.
pub(crate) fn put(name: &str, table: &str) -> Result<(), String> {
    let path = repository().join("docs/performance.md");
    let page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (before, _, after) = split(&page, name)?;
    fs::write(&path, format!("{before}\n{}\n{after}", table.trim())).map_err(|error| error.to_string())
}
