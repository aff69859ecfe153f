//! The last line: how a run stands, and which keys there are.

use super::ranked::{Part, ranked};
use crate::run::report::style::{Drawn, Look, cut};
use crate::run::status::Status;
use std::time::Duration;

/// What the line tells.
pub(super) struct State<'a> {
    pub(super) status: &'a Status,
    pub(super) is_attached: bool,
    pub(super) is_frozen: bool,
    pub(super) has_results: bool,
    pub(super) is_cleared: bool,
    /// There are call trees to be looked at.
    pub(super) has_trees: bool,
    /// Which result comes first, if there is not room for all of them.
    pub(super) result: Option<(usize, usize)>,
}

/// The line, in so many columns.
pub(super) fn line(state: &State<'_>, columns: usize) -> Drawn {
    ranked(parts(state), columns)
}

/// Results whose rates the line tells.
const MOST_RATES: usize = 6;
const WIDEST_NAME: usize = 24;

fn parts(state: &State<'_>) -> Vec<Part> {
    let status = state.status;
    let mut parts = Vec::new();
    let mut add = |rank, look, text| parts.push(Part { rank, look, text });
    if !state.is_attached {
        add(0, Look::Head, "attaching".to_owned());
        add(1, Look::Plain, probes(status.sites));
        let trees = if state.has_trees { ", t trees" } else { "" };
        let keys = format!("keys: f freeze, c clear, n next result{trees}, q quit");
        add(2, Look::Faint, keys);
        return parts;
    }
    if state.is_frozen {
        add(1, Look::Warning, "frozen".to_owned());
    }
    add(0, Look::Head, elapsed(status.elapsed));
    add(6, Look::Plain, probes(status.sites));
    if let Some(hits) = status.hits_per_second {
        add(2, Look::Plain, format!("{} hits/s", rate(hits)));
    }
    for (name, per_second) in status.rates.iter().take(MOST_RATES) {
        let name = cut(name, WIDEST_NAME);
        add(5, Look::Plain, format!("{name} {}/s", rate(*per_second)));
    }
    let lost = status.lost.events + status.lost.keys + status.lost.made_meanwhile + status.lost.calls;
    let mut count = |rank, name, count: u64| {
        let (rank, look) = if count > 0 {
            (1, Look::Warning)
        } else {
            (rank, Look::Plain)
        };
        add(rank, look, format!("{name} {count}"));
    };
    count(4, "lost", lost);
    count(5, "dropped", status.lost.dropped);
    if let Some(busy) = status.busy {
        let text = format!("kernel {:.1} ms/s", busy.as_secs_f64() * 1000.0);
        add(3, Look::Plain, text);
    }
    if !state.has_results {
        add(7, Look::Plain, "results at the end".to_owned());
    }
    if state.is_cleared {
        add(7, Look::Plain, "cleared".to_owned());
    }
    if let Some((which, count)) = state.result {
        add(7, Look::Plain, format!("result {which} of {count}"));
    }
    if state.has_trees {
        add(8, Look::Faint, "t trees".to_owned());
    }
    let freeze = if state.is_frozen { "go on" } else { "freeze" };
    add(8, Look::Faint, format!("f {freeze}"));
    add(9, Look::Faint, "c clear".to_owned());
    add(9, Look::Faint, "n next".to_owned());
    add(8, Look::Faint, "q quit".to_owned());
    parts
}

fn probes(sites: usize) -> String {
    match sites {
        1 => "1 probe".to_owned(),
        n => format!("{n} probes"),
    }
}

/// `1:02:03`, `02:03`
fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// `12`, `3.4k`, `5.6M`
fn rate(n: f64) -> String {
    match n {
        n if n >= 999_950.0 => format!("{:.1}M", n / 1e6),
        n if n >= 9_999.5 => format!("{:.1}k", n / 1e3),
        n => format!("{n:.0}"),
    }
}
