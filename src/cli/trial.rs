//! `--probe-first`: a second in which calls are only counted, and what is made of it.

use super::run::{self, Prepared};
use super::{Format, RunArgs, output, refused};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::Plan;
use crate::plan::trial::Cost;
use crate::run::decode::stack::Kernel;
use crate::run::decode::{Decoder, Line};
use crate::run::doctor;
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::report::Report;
use crate::run::results::Table;
use crate::run::session::{Orders, Session};
use crate::run::status::{End, Status, Why};
use crate::run::watch::Counting;
use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How long it takes: to the second print.
const TIME: Duration = Duration::from_millis(1100);
/// Functions that cost more of a second are told of: a hundredth of a processor.
const WORTH_TELLING: Duration = Duration::from_millis(10);
/// So many, at the most.
const MOST_TOLD: usize = 10;

/// A function, and what a second of it is going to cost.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) function: String,
    calls: f64,
    hits: f64,
    time: Duration,
}

/// Counts calls for a second; `prepared` is the trial's. Gives the functions, those with the most hits first, or
/// nothing if it was ended, or the process that it was for has.
///
/// # Errors
/// When bpftrace does not trace it.
pub(super) fn run(
    args: &RunArgs,
    prepared: &Prepared<'_>,
    costs: &[Cost],
    interrupts: &Arc<AtomicUsize>,
) -> Result<Option<Vec<Tried>>, Diagnostic> {
    if args.format == Format::Text {
        let count = costs.len();
        output::to_stderr(&format!("counting the calls of {count} functions for a second\n"));
    }
    let recording = prepared.recording;
    let bpftrace = run::start(prepared)?;
    let mut decoder = Decoder::new(
        &recording.plan,
        &recording.layouts,
        prepared.target,
        recording.longest_text,
        run::clock(),
        Kernel::of_release(doctor::kernel()),
    );
    let mut kept = Kept::default();
    let orders = Orders {
        time: Some(TIME),
        most_hits: run::most_hits(args),
        target: args.program.pid,
        tells_when_asked: prepared.dialect.probes_signals(),
        script: recording.text.clone(),
        uncounted: prepared.dialect.uncounted,
        ..Orders::default()
    };
    let _counting = Counting::begin();
    let mut attached = || {
        prepared.turn.take();
        Ok(())
    };
    let session = Session::new(
        bpftrace,
        &mut decoder,
        &mut kept,
        orders,
        recording.plan.probes.len(),
    );
    let mut over = session.run(
        interrupts,
        prepared.placed,
        &mut attached,
        &mut || None,
        &mut || {},
    );
    let is_asked = || interrupts.load(Ordering::SeqCst) > 0;
    over.bpftrace.end(run::LONGEST_DETACHING, &is_asked);
    let end = over.end;
    match end.why {
        Why::Time | Why::TooManyHits { .. } => Ok(Some(tried(costs, &kept.rates))),
        Why::Failed(said) => Err(refused::refused(&said, end.status.elapsed, recording)),
        _ => Ok(None),
    }
}

fn tried(costs: &[Cost], rates: &HashMap<Vec<u8>, f64>) -> Vec<Tried> {
    let calls = |function: &str| rates.get(function.as_bytes()).copied().unwrap_or(0.0);
    let each = costs.iter().map(|cost| {
        let calls = calls(&cost.function);
        Tried {
            function: cost.function.clone(),
            calls,
            hits: calls * f64::from(cost.hits),
            time: Duration::from_secs_f64(cost.time.as_secs_f64() * calls),
        }
    });
    let mut all: Vec<Tried> = each.collect();
    all.sort_by(|a, b| b.hits.total_cmp(&a.hits));
    all
}

/// The functions that are hit too often, those with the most hits first: what the others have together is no more than
/// is allowed.
pub(super) fn too_hot(all: &[Tried], most_hits: Option<u64>) -> &[Tried] {
    let Some(most) = most_hits else { return &[] };
    let mut left: f64 = all.iter().map(|tried| tried.hits).sum();
    let count = all.iter().take_while(|tried| {
        let is_too_hot = left > most as f64;
        left -= tried.hits;
        is_too_hot
    });
    let count = count.count();
    all.get(..count).unwrap_or_default()
}

/// Those that a plan has, and those that it has not.
fn parted<'t>(all: &'t [Tried], plan: &Plan) -> (Vec<&'t Tried>, Vec<&'t Tried>) {
    let planned: HashSet<&str> = plan
        .functions
        .iter()
        .map(|function| function.name.as_str())
        .collect();
    all.iter()
        .partition(|tried| planned.contains(tried.function.as_str()))
}

/// Those of a plan are not hit more often than is allowed.
pub(super) fn fits(all: &[Tried], plan: &Plan, most_hits: Option<u64>) -> bool {
    let (kept, _) = parted(all, plan);
    let hits: f64 = kept.iter().map(|tried| tried.hits).sum();
    most_hits.is_none_or(|most| hits <= most as f64)
}

/// What is to be said of those that are traced, and of those that are left out.
pub(super) fn findings(all: &[Tried], plan: &Plan, most_hits: Option<u64>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let (kept, gone) = parted(all, plan);
    if let (Some(most), false) = (most_hits, gone.is_empty()) {
        out.push(
            Diagnostic::warning(
                Code::HOT_FUNCTION,
                format!(
                    "{} left out: with them probes would be hit more than {most} times a second",
                    count(gone.len())
                ),
            )
            .note(lines(&gone))
            .help("trace functions that call them, or allow more by --max-rate"),
        );
    }
    let hot = kept.into_iter().filter(|tried| tried.time >= WORTH_TELLING);
    let hot: Vec<&Tried> = hot.collect();
    if !hot.is_empty() {
        out.push(
            Diagnostic::warning(Code::HOT_FUNCTION, format!("{} called often", count(hot.len())))
                .note(lines(&hot))
                .help("trace functions that call them, where that is too much"),
        );
    }
    out
}

fn count(functions: usize) -> String {
    match functions {
        1 => "1 function is".to_owned(),
        n => format!("{n} functions are"),
    }
}

fn lines(all: &[&Tried]) -> String {
    let shown = all.iter().take(MOST_TOLD);
    let mut lines: Vec<String> = shown
        .map(|tried| {
            let time = tried.time.as_secs_f64() * 1000.0;
            format!(
                "{:>9.0} calls/s, about {time:.0} ms of each second: {}",
                tried.calls, tried.function
            )
        })
        .collect();
    if all.len() > MOST_TOLD {
        lines.push(format!("… and {} more", all.len() - MOST_TOLD));
    }
    lines.join("\n")
}

/// What all that is left will cost, for people.
pub(super) fn expected(all: &[Tried], plan: &Plan) -> String {
    let (kept, _) = parted(all, plan);
    let called = kept.iter().filter(|tried| tried.calls > 0.0).count();
    let hits: f64 = kept.iter().map(|tried| tried.hits).sum();
    let time: Duration = kept.iter().map(|tried| tried.time).sum();
    format!(
        "{called} of {} functions were called: {hits:.0} hits/s, about {:.1} ms of each second\n",
        kept.len(),
        time.as_secs_f64() * 1000.0
    )
}

/// The same for programs: `docs/run-json.md` has the schema.
pub(super) fn as_json(all: &[Tried], plan: &Plan) -> Json {
    let (kept, _) = parted(all, plan);
    let kept: HashSet<&str> = kept.iter().map(|tried| tried.function.as_str()).collect();
    let functions = all.iter().map(|tried| {
        json!({
            "function": tried.function,
            "calls_per_second": tried.calls,
            "hits_per_second": tried.hits,
            "busy": tried.time.as_secs_f64(),
            "left_out": !kept.contains(tried.function.as_str()),
        })
    });
    json!({ "type": "trial", "functions": functions.collect::<Vec<_>>() })
}

/// Nothing that could be traced without too many hits.
pub(super) fn refused(all: &[Tried], most: u64) -> Diagnostic {
    let most_hit: Vec<&Tried> = all.iter().filter(|tried| tried.hits > 0.0).collect();
    Diagnostic::error(
        Code::HOT_FUNCTION,
        format!("probes would be hit more than {most} times a second"),
    )
    .note(lines(&most_hit))
    .help("trace functions that call them, or allow more by --max-rate")
}

/// Keeps the rates of the last print, or those of the whole time if there was none: bpftrace may be late.
#[derive(Default)]
struct Kept {
    rates: HashMap<Vec<u8>, f64>,
}

impl Report for Kept {
    fn tree(&mut self, _: &CallTree) {}

    fn summary(&mut self, _: &Summary) {}

    fn line(&mut self, _: &Line) {}

    fn text(&mut self, _: &str) {}

    fn shown(&mut self, table: &Table) {
        let rows = table.rows.iter();
        let rates = rows.filter_map(|row| Some((row.keys.first()?.text.clone(), row.rate?)));
        self.rates = rates.collect();
    }

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, tables: &[Table], end: &End) {
        let seconds = end.status.elapsed.as_secs_f64();
        if !self.rates.is_empty() || seconds <= 0.0 {
            return;
        }
        let rows = tables.iter().flat_map(|table| &table.rows);
        let rates = rows.filter_map(|row| {
            let rate = row.measure.weight() as f64 / seconds;
            Some((row.keys.first()?.text.clone(), rate))
        });
        self.rates = rates.collect();
    }

    fn problem(&self) -> Option<&io::Error> {
        None
    }
}
