//! The probes of a function: one where calls begin, one for all its returns.

use super::body::Base;
use super::function_names;
use super::guard::guarded;
use super::record::Own;
use super::structs::Structs;
use super::writer::Writer;
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::{Attached, Expr as Bt, Probe};
use crate::plan::{self, EventKind, Function, Plan};
use crate::target::Site;
use std::collections::{BTreeMap, BTreeSet};

/// What the probes write.
pub(super) enum Written<'o> {
    /// Lines and results for people.
    Script {
        /// The names of functions are looked up by the site.
        names_by_site: bool,
    },
    /// Records.
    Records(&'o mut Own),
}

/// The probes of all functions. What is known of a function stands above the first of its own.
pub(super) fn of_functions(plan: &Plan, dialect: Dialect, structs: &mut Structs) -> Vec<Probe> {
    let mut probes = Vec::new();
    let mut described = BTreeSet::new();
    let names_by_site = function_names::are_by_site(plan);
    for planned in &plan.probes {
        let Some(function) = plan.function_of(planned) else {
            continue;
        };
        let written = Written::Script { names_by_site };
        let mut made = of_event(plan, dialect, written, structs, planned, function);
        if let Some(first) = made.first_mut() {
            if described.insert(planned.event.function()) {
                first.comment = about(function);
            } else if let Some(site) = first.attach.first_mut() {
                site.above = about(function).into_iter().take(1).collect();
            }
        }
        probes.extend(made);
    }
    if names_by_site {
        join_all(probes)
    } else {
        join_alike(probes)
    }
}

/// The probes of what happens in the program: one, or one for each of its sites where that has to be told.
pub(super) fn of_event(
    plan: &Plan,
    dialect: Dialect,
    written: Written<'_>,
    structs: &mut Structs,
    probe: &plan::Probe,
    function: &Function,
) -> Vec<Probe> {
    let returning = probe.event.kind() == EventKind::Return;
    let word = if returning { "return" } else { "entry" };
    let mut w = Writer::new(plan, dialect, structs, function, returning, &probe.steps);
    match written {
        Written::Script { names_by_site } => {
            w.names_by_site = names_by_site;
            w.steps(&probe.steps);
        }
        Written::Records(own) => {
            if let Some(first) = probe.sites.first() {
                w.record_at(first.address, probe.sites.len() == 1, own.first);
            }
            w.steps(&probe.steps);
            own.layouts = w.taken_layouts();
        }
    }
    let body = if returning {
        w.finish_return()
    } else {
        w.finish_entry()
    };
    let sites: Vec<&Site> = probe.sites.iter().collect();
    let base = Base::of(plan, dialect);
    let groups: Vec<Vec<&Site>> = if body.is_of_one_site(base) {
        sites.into_iter().map(|site| vec![site]).collect()
    } else {
        vec![sites]
    };
    let predicate = plan
        .pid
        .map(|pid| Bt::Builtin("pid").binary("==", Bt::Int(i128::from(pid))));
    let mut out = Vec::new();
    for group in groups {
        let Some(first) = group.first() else { continue };
        let (body, why) = guarded(plan, probe, body.at(first.address, base), first.address);
        let attach = group
            .iter()
            .map(|site| attach(plan, site, &format!("{word} {}{why}", place(site))));
        out.push(Probe {
            comment: Vec::new(),
            attach: attach.collect(),
            predicate: predicate.clone(),
            body,
        });
    }
    out
}

/// What is known of a function, for the comment above its first probe.
fn about(function: &Function) -> Vec<String> {
    let mut lines = function.signature.clone();
    if let (Some(first), Some((file, line))) = (lines.first_mut(), &function.declared) {
        let file = file.rsplit('/').next().unwrap_or(file);
        first.push_str(&format!("    {file}:{line}"));
    }
    lines
}

fn place(site: &Site) -> String {
    format!("+{:<4} {}", site.offset, site.instruction)
}

fn attach(plan: &Plan, site: &Site, comment: &str) -> Attached {
    Attached {
        point: AttachPoint::Uprobe {
            path: plan.identity.path.clone(),
            number: plan.numbers.of_address(site.address),
        },
        above: Vec::new(),
        comment: if plan.numbers.of.contains_key(&site.address) {
            format!("{comment} (in file)")
        } else {
            comment.to_string()
        },
    }
}

/// Joins neighbouring probes that do the same, so that a reader reads it once. Those that share a place with others
/// stay alone: 0.17 has one program for each place of a probe with several, and takes that of the last (a function that
/// does nothing but return begins and returns at one place).
fn join_alike(probes: Vec<Probe>) -> Vec<Probe> {
    let mut out: Vec<Probe> = Vec::new();
    let mut at_place: BTreeMap<String, usize> = BTreeMap::new();
    for attached in probes.iter().flat_map(|probe| &probe.attach) {
        *at_place.entry(attached.point.to_string()).or_default() += 1;
    }
    let is_alone = |probe: &Probe| {
        let mut places = probe.attach.iter().map(|at| at.point.to_string());
        places.all(|place| at_place.get(&place).is_none_or(|probes| *probes == 1))
    };
    for probe in probes {
        let twin = out
            .iter_mut()
            .rev()
            .take(2)
            .find(|p| p.body == probe.body && p.predicate == probe.predicate)
            .filter(|twin| is_alone(&probe) && is_alone(twin));
        match twin {
            Some(twin) => join(twin, probe),
            None => out.push(probe),
        }
    }
    for probe in &mut out {
        // Returns of one function stand behind its entry, which says whose they are.
        let functions = probe.attach.iter().filter(|a| !a.above.is_empty()).count();
        if let (1, Some(first)) = (functions, probe.attach.first_mut()) {
            first.above.clear();
        }
    }
    out
}

/// Attaches a probe also where another is that does the same; what is known of that one's function goes there, too.
fn join(twin: &mut Probe, mut probe: Probe) {
    if let (Some(first), false) = (probe.attach.first_mut(), probe.comment.is_empty()) {
        first.above = probe.comment;
    }
    twin.attach.append(&mut probe.attach);
}

/// Joins all probes that do the same: what tells them apart is where they are. At one place they stay in their order: a
/// function that does nothing but return begins there first.
pub(super) fn join_all(probes: Vec<Probe>) -> Vec<Probe> {
    let mut out: Vec<Probe> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    // The last probe at each place.
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for probe in probes {
        let what = format!("{:?}{:?}", probe.predicate, probe.body);
        let places: Vec<String> = probe.attach.iter().map(|at| at.point.to_string()).collect();
        let before = places.iter().filter_map(|place| last.get(place)).max().copied();
        let twin = known.get(&what).copied().filter(|twin| before <= Some(*twin));
        let at = match twin.and_then(|twin| Some((twin, out.get_mut(twin)?))) {
            Some((at, twin)) => {
                join(twin, probe);
                at
            }
            None => {
                known.insert(what, out.len());
                out.push(probe);
                out.len() - 1
            }
        };
        last.extend(places.into_iter().map(|place| (place, at)));
    }
    out
}
