//! The tables of the page about cost.

use super::peers::{Peer, Verb};
use super::round::Figure;
use super::support::bench::grouped;
use super::wrong::{Judged, Row};
use std::fmt::Write;

/// What one tracer adds to a call.
pub(crate) struct Cost {
    peer: Peer,
    verb: Verb,
    /// Nanoseconds per call: best and median round.
    best: f64,
    median: f64,
    /// The program crashed in so many rounds.
    crashes: usize,
    /// Of all lines, the part that was lost.
    lost: f64,
}

impl Cost {
    /// The cost beside the untraced program.
    pub(crate) fn of(peer: Peer, verb: Verb, figure: &Figure<'_>, untraced: &Figure<'_>) -> Self {
        let lines = if verb == Verb::Trace { 2 } else { 1 };
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
        let lost = figure.lost as f64 / (figure.calls.max(1) * lines) as f64;
        Self {
            peer,
            verb,
            best: figure.best() - untraced.best(),
            median: figure.median() - untraced.best(),
            crashes: figure.crashes,
            lost,
        }
    }
}

/// The cost of `of` as a part of that of `to`.
pub(crate) fn ratio(costs: &[Cost], verb: Verb, of: Peer, to: Peer) -> f64 {
    let best = |peer| {
        let found = costs.iter().find(|cost| cost.peer == peer && cost.verb == verb);
        found.map_or(f64::NAN, |cost| cost.best)
    };
    match best(to) {
        to if to.is_finite() => best(of) / to,
        _ => f64::NAN,
    }
}

/// One row for each verb and tracer.
pub(crate) fn costs(costs: &[Cost]) -> String {
    let mut text = String::from(
        "| asked for | tracer | added ns a call (median) | times the floor | gobt's part of it | lines lost |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for verb in Verb::ALL {
        for cost in costs.iter().filter(|cost| cost.verb == verb) {
            let number = |n: f64| if n.is_finite() { whole(n) } else { "-".into() };
            let crashed = match cost.crashes {
                0 => String::new(),
                n => format!(", crashed in {n} rounds"),
            };
            let lost = match verb {
                Verb::Print | Verb::Trace
                    if !matches!(cost.peer, Peer::Floor | Peer::Delve | Peer::DelveEbpf) =>
                {
                    format!("{:.0} %", cost.lost * 100.0)
                }
                _ => String::new(),
            };
            let _ = writeln!(
                text,
                "| {} | {} | {} ({}){crashed} | {} | {} | {lost} |",
                verb.name(),
                cost.peer.name(),
                number(cost.best),
                number(cost.median),
                times(ratio(costs, verb, cost.peer, Peer::Floor)),
                times(ratio(costs, verb, Peer::Gobt, cost.peer)),
            );
        }
    }
    text
}

/// One row for each workload.
pub(crate) fn wrong(rows: &[Row]) -> String {
    let mut text = String::from("| workload | calls |");
    let peers: Vec<Peer> = rows
        .first()
        .map(|row| row.by.iter().map(|(peer, _)| *peer).collect())
        .unwrap_or_default();
    for peer in &peers {
        let _ = write!(text, " {} |", peer.name());
    }
    text += "\n| --- | --- |";
    text += &" --- |".repeat(peers.len());
    text.push('\n');
    for row in rows {
        let _ = write!(text, "| {} | {} |", row.what, row.calls);
        for (_, judged) in &row.by {
            let _ = write!(text, " {} |", judged.as_ref().map_or_else(String::new, verdict));
        }
        text.push('\n');
    }
    text
}

fn verdict(judged: &Judged) -> String {
    if judged.crashed {
        return "**crashed**".into();
    }
    if judged.missing == 0 && judged.false_ones == 0 {
        return "0".into();
    }
    if let Some((lost, added)) = judged.characters {
        return format!("{} texts: {lost} characters lost, {added} false", judged.missing);
    }
    let mut parts = Vec::new();
    for (n, word) in [(judged.missing, "missing"), (judged.false_ones, "false")] {
        if n > 0 {
            parts.push(format!("{n} {word}"));
        }
    }
    parts.join(", ")
}

/// Two significant digits, or all before the point.
pub(crate) fn times(n: f64) -> String {
    match n {
        n if !n.is_finite() => "-".into(),
        n if n >= 10.0 => format!("{n:.0}"),
        n if n >= 1.0 => format!("{n:.1}"),
        n if n >= 0.1 => format!("{n:.2}"),
        n => format!("{n:.3}"),
    }
}

/// A whole number that is not negative.
pub(crate) fn whole(n: f64) -> String {
    grouped(n.max(0.0).round_ties_even() as u64)
}
