//! The plan of a trial: how often each function of another plan is called.

use super::{Aggregation, Column, Event, EventKind, Known, Output, Plan, Probe, Step, Subject, Unit, Value};
use crate::plan::format::Format;
use crate::target::{Guard, Site};
use std::collections::BTreeSet;
use std::time::Duration;

/// What a probe on an instruction that the kernel emulates adds to a call, and on one that it single-steps a copy of
/// (docs/internals.md).
const EMULATED: Duration = Duration::from_nanos(500);
const STEPPED: Duration = Duration::from_micros(15);

/// What each call of a function is going to cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    /// The function.
    pub(crate) function: String,
    /// How many probes a call hits.
    pub(crate) hits: u32,
    /// What they add to it, about.
    pub(crate) time: Duration,
}

/// The costs of a plan's functions.
pub(crate) fn costs(plan: &Plan) -> Vec<Cost> {
    let functions = plan.functions.iter().enumerate();
    // A function may be there several times: with each of its inlined copies.
    let mut seen = BTreeSet::new();
    let functions = functions.filter(|(_, function)| seen.insert(&function.name));
    let cost = functions.map(|(at, function)| {
        let probes = plan
            .probes
            .iter()
            .filter(|probe| probe.event.function() == Some(at));
        // A call returns at one of the sites.
        let hit: Vec<&Site> = probes.filter_map(|probe| probe.sites.first()).collect();
        let of = |site: &&Site| if site.emulated { EMULATED } else { STEPPED };
        Cost {
            function: function.name.clone(),
            hits: u32::try_from(hit.len()).unwrap_or(u32::MAX),
            time: hit.iter().map(of).sum(),
        }
    });
    cost.collect()
}

/// How often the counts are told, in nanoseconds.
const TOLD_EVERY: u64 = 500_000_000;

/// The plan that counts calls, one probe for each function: where its calls begin, if that is probed.
pub(crate) fn of(plan: &Plan) -> Plan {
    let column = || Column::new("function", "string", Format::String);
    let result = Output {
        columns: vec![column()],
        ..Output::new("calls".to_owned(), Subject::Calls(None), Unit::Calls)
    };
    let functions = plan.functions.iter().enumerate();
    let probes = functions.filter_map(|(at, function)| {
        let of_function = || {
            plan.probes
                .iter()
                .filter(|probe| probe.event.function() == Some(at))
        };
        let entry = of_function().find(|probe| probe.event.kind() == EventKind::Entry);
        let probe = entry.or_else(|| of_function().next())?;
        Some(Probe {
            // Nothing is known of its beginning at a return, and nothing is asked.
            event: Event::Entry(at),
            sites: probe.sites.clone(),
            guard: Guard::None,
            checked: false,
            steps: vec![Step::Aggregate {
                map: result.name.clone(),
                how: Aggregation::Count,
                keys: vec![Value::Known(Known::Constant(function.name.clone()))],
                value: None,
                columns: vec![column()],
            }],
        })
    });
    // Between two prints the time is known exactly.
    let timer = Probe {
        event: Event::Timer(TOLD_EVERY),
        sites: Vec::new(),
        guard: Guard::None,
        checked: false,
        steps: vec![Step::Show(result.name.clone())],
    };
    Plan {
        probes: probes.chain([timer]).collect(),
        results: vec![result.clone()],
        state: Vec::new(),
        raw: Vec::new(),
        ..plan.clone()
    }
}
