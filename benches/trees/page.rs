//! The tables of the page about cost.

use super::judge::Judged;
use super::tracers::Tracer;
use super::{Attached, ROUNDS, TOOLCHAIN};
use std::fmt::Write;
use std::time::Duration;

/// A workload, the processor time of the untraced program in each round, and what each tracer did.
pub(crate) type Row = (&'static str, Vec<u64>, Vec<Judged>);

/// Both tables.
pub(crate) fn tables(tracers: &[Tracer], rows: &[Row], attached: &[Attached]) -> String {
    let mut text = format!(
        "Go {TOOLCHAIN}, {ROUNDS} rounds.\n\n\
         | workload | tracer | calls lost, of | trees right, of | wrong | said not to be whole | not asked for | added ns a call |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for (what, untraced, all) in rows {
        let base = median(untraced);
        for (tracer, judged) in tracers.iter().zip(all) {
            let calls = judged.calls / ROUNDS.max(1);
            let added = median(&judged.processor).saturating_sub(base) / calls.max(1) as u64;
            let _ = writeln!(
                text,
                "| {what} | {} | {}, {} | {}, {} | {} | {} | {} | {} |",
                tracer.name(),
                judged.calls.saturating_sub(judged.told),
                judged.calls,
                judged.right,
                judged.trees,
                judged.wrong,
                judged.parts,
                judged.others,
                added,
            );
        }
    }
    text += "\n| functions | tracer | traces after, s | ended within, s |\n| --- | --- | --- | --- |\n";
    for (size, all) in attached {
        for (tracer, times) in tracers.iter().zip(all) {
            let (ready, ended): (Vec<Duration>, Vec<Duration>) = times.iter().copied().unzip();
            let _ = writeln!(
                text,
                "| {size} | {} | {:.2} | {:.2} |",
                tracer.name(),
                median(&ready).as_secs_f64(),
                median(&ended).as_secs_f64(),
            );
        }
    }
    text
}

fn median<T: Copy + Ord + Default>(all: &[T]) -> T {
    let mut sorted = all.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}
