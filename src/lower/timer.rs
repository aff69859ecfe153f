//! Timers: results are printed and cleared, the script ends.

use super::first_samples::{self, Prepared};
use super::{clear, used};
use crate::bt::attach::AttachPoint;
use crate::bt::{Expr, Item, Probe, Stmt};
use crate::plan::state::Holds;
use crate::plan::{Event, Plan, Step};

/// In nanoseconds.
const SECOND: u64 = 1_000_000_000;

/// The probes of timers, and one that begins a new second where lines are limited.
pub(super) fn probes(plan: &Plan, prepared: &Prepared, others: &[Item]) -> Vec<Probe> {
    let mut out = Vec::new();
    let lines: Vec<Stmt> = plan
        .states(|holds| holds == Holds::Lines)
        .map(|state| clear(&state.name))
        .collect();
    if !lines.is_empty() {
        out.push(Probe::at(
            AttachPoint::Interval { period: SECOND },
            "A new second: lines may be written again.",
            lines,
        ));
    }
    for probe in &plan.probes {
        let Event::Timer(period) = probe.event else {
            continue;
        };
        let steps = probe.steps.iter();
        let body = steps.flat_map(|step| on_time(step, plan, prepared, others));
        out.push(Probe::at(AttachPoint::Interval { period }, "", body.collect()));
    }
    out
}

/// What is done of a timer's step.
fn on_time(step: &Step, plan: &Plan, prepared: &Prepared, others: &[Item]) -> Vec<Stmt> {
    let call = |name: &'static str, arguments| Stmt::Call(Expr::Call(name, arguments));
    match step {
        Step::TimeOfDay => vec![call("time", vec![Expr::Str("%H:%M:%S\n".into())])],
        Step::Show(map) => {
            let print = |map: &str| match plan.results.iter().find(|result| result.name == map) {
                Some(result) => super::print(result),
                None => call("print", vec![Expr::Map(map.to_owned(), Vec::new())]),
            };
            with_not_whole(plan, map, others).map(print).collect()
        }
        Step::Clear(map) if prepared.contains(map) => vec![first_samples::zero(map)],
        Step::Clear(map) => with_not_whole(plan, map, others).map(clear).collect(),
        Step::Stop => vec![call("exit", Vec::new())],
        // The rest is of calls.
        _ => Vec::new(),
    }
}

/// A result, and the one that has texts that were not read whole if the probes put anything there.
fn with_not_whole<'p>(plan: &'p Plan, map: &'p str, items: &[Item]) -> impl Iterator<Item = &'p str> {
    let apart = plan.not_whole(map).filter(|apart| used::stores_in(items, apart));
    [map].into_iter().chain(apart)
}
