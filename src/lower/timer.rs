//! Timers: results are printed and cleared, the script ends.

use super::first_samples::{self, Prepared};
use super::structs::Structs;
use super::writer::Writer;
use super::{clear, used};
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::{Expr, Item, Probe, Stmt};
use crate::plan::state::Holds;
use crate::plan::{Event, Plan, Step, Value};

/// In nanoseconds.
const SECOND: u64 = 1_000_000_000;

/// The probes of timers, and one that begins a new second where lines are limited.
pub(super) fn probes(plan: &Plan, dialect: Dialect, prepared: &Prepared, others: &[Item]) -> Vec<Probe> {
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
        let body = steps.flat_map(|step| on_time(step, plan, dialect, prepared, others));
        out.push(Probe::at(AttachPoint::Interval { period }, "", body.collect()));
    }
    out
}

/// The numbers that conditions of timers need, where they are sums of all processors.
fn totals(plan: &Plan, dialect: Dialect) -> impl Iterator<Item = &str> {
    let totals = plan.states(|holds| holds == Holds::Total);
    let is_summed = dialect.compares_counts();
    totals.filter(move |_| is_summed).map(|state| state.name.as_str())
}

/// The probe that makes them: bpftrace warns of each look at one that is not there yet (0.27).
pub(super) fn begin(plan: &Plan, dialect: Dialect) -> Option<Probe> {
    let zero = || Expr::Call("sum", vec![Expr::Int(0).cast("int64")]);
    let made = totals(plan, dialect).map(|total| Stmt::Store(total.to_owned(), Vec::new(), zero()));
    let body: Vec<Stmt> = made.collect();
    let is_taken = super::raw_has(plan, "BEGIN") && !dialect.takes_several_ends();
    (!body.is_empty() && !is_taken).then(|| Probe::at(AttachPoint::Begin, "", body))
}

/// What is done of a timer's step.
fn on_time(step: &Step, plan: &Plan, dialect: Dialect, prepared: &Prepared, others: &[Item]) -> Vec<Stmt> {
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
        Step::Clear(map) if totals(plan, dialect).any(|total| total == map) => vec![first_samples::zero(map)],
        Step::Clear(map) if prepared.contains(map) => vec![first_samples::zero(map)],
        Step::Clear(map) => with_not_whole(plan, map, others).map(clear).collect(),
        Step::Stop => vec![call("exit", Vec::new())],
        Step::If(Value::Number(condition), then, otherwise) => {
            let mut structs = Structs::default();
            // Numbers of results are of no function; without any there are no results.
            let Some(function) = plan.functions.first() else {
                return Vec::new();
            };
            let mut w = Writer::new(plan, dialect, &mut structs, function, false, &[]);
            let condition = w.truth(condition);
            let mut out = w.body;
            let steps = |steps: &[Step]| {
                let steps = steps.iter();
                let done = steps.flat_map(|step| on_time(step, plan, dialect, prepared, others));
                done.collect()
            };
            out.push(Stmt::If(condition, steps(then), steps(otherwise)));
            out
        }
        // The rest is of calls.
        _ => Vec::new(),
    }
}

/// A result, and the one that has texts that were not read whole if the probes put anything there.
fn with_not_whole<'p>(plan: &'p Plan, map: &'p str, items: &[Item]) -> impl Iterator<Item = &'p str> {
    let apart = plan.not_whole(map).filter(|apart| used::stores_in(items, apart));
    [map].into_iter().chain(apart)
}
