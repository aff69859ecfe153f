//! The tables of the page about cost.

use super::support::bench::grouped;
use super::support::bpftrace::Release;
use super::ways::{Took, Way};
use super::{ROUNDS, TOOLCHAIN};
use std::fmt::Write;
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
                grouped(*size as u64),
                grouped(probes as u64),
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
