//! Probes at addresses become probes at symbols of the script's own, where the plan says so.

use super::used;
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::own_symbols::OwnSymbols;
use crate::bt::{self, Attached, Item, Probe};
use crate::plan::Plan;
use crate::target::attach::Taken;
use crate::target::fingerprint::hash;

/// What the hash in their names is cut to.
const DIGITS: usize = 8;

/// Gives each probe its symbols, if the script is to have some, and what they are.
pub(super) fn put(plan: &Plan, dialect: Dialect, items: &mut [Item]) -> Option<OwnSymbols> {
    let Taken::OwnSymbols(sidecar) = &plan.numbers.taken else {
        return None;
    };
    let groups: Vec<Vec<u64>> = bt::probes(items)
        .map(addresses)
        .filter(|addresses| !addresses.is_empty())
        .collect();
    let told_apart = format!("{} {} {groups:?}", plan.identity.path, plan.relies_on.short());
    let symbols = OwnSymbols {
        prefix: format!("gobt_{}", hash(told_apart.as_bytes()).get(..DIGITS)?),
        groups,
        first_is_named: dialect.refuses_unknown_names()
            && !sidecar.is_verified
            && !dialect.refuses_unmatched_wildcards(),
        shows_names: used::shows_names(items),
    };
    let probes = items.iter_mut().filter_map(|item| match item {
        Item::Probe(probe) => Some(probe),
        Item::Raw(_) => None,
    });
    let probed = probes.filter(|probe| !addresses(probe).is_empty());
    for (group, probe) in probed.enumerate() {
        let mut above = listed(&probe.attach);
        let point = |pattern| AttachPoint::OwnSymbols {
            path: plan.identity.path.clone(),
            pattern,
        };
        let patterns = symbols.patterns(group).into_iter();
        probe.attach = patterns
            .map(|pattern| Attached {
                point: point(pattern),
                above: std::mem::take(&mut above),
                comment: String::new(),
            })
            .collect();
    }
    Some(symbols)
}

/// Comment lines that say which instructions a probe is attached to, since its attach points do not.
fn listed(attach: &[Attached]) -> Vec<String> {
    let mut lines = Vec::new();
    for attached in attach {
        lines.extend(attached.above.iter().cloned());
        if let AttachPoint::Uprobe { number, .. } = attached.point
            && !attached.comment.is_empty()
        {
            lines.push(format!("    {number:#x}    {}", attached.comment));
        }
    }
    lines
}

/// The addresses that a probe is attached to.
pub(super) fn addresses(probe: &Probe) -> Vec<u64> {
    let number = |attached: &Attached| match &attached.point {
        AttachPoint::Uprobe { number, .. } => Some(*number),
        _ => None,
    };
    probe.attach.iter().filter_map(number).collect()
}
