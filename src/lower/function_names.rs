//! Names of functions by the site that a probe is at. A result by function then needs no probe of its own for each of
//! them: many functions share their probes, each of which would take bpftrace a link and a search of all symbols.

use super::writer::Writer;
use super::{own_symbols, used};
use crate::bt::{self, Expr as Bt, Item};
use crate::plan::Plan;
use crate::target::attach::Taken;
use std::collections::{BTreeMap, BTreeSet};

/// The table.
pub(super) const FUNCTION_AT: &str = "function_at";

/// So many functions have their names in their probes, where a reader finds them.
const FEW: usize = 4;

/// The name of the function that each site is of, if the script is to have such a table: where symbols of its own let
/// probes of any functions be joined, and the address of a site is always the same.
fn by_site(plan: &Plan) -> Option<BTreeMap<u64, &str>> {
    let joins = matches!(plan.numbers.taken, Taken::OwnSymbols(_)) && plan.functions.len() > FEW;
    if !joins || plan.identity.position_independent {
        return None;
    }
    let mut names = BTreeMap::new();
    for probe in &plan.probes {
        let name = plan.function_of(probe)?.name.as_str();
        for site in &probe.sites {
            // Two functions that are inlined may begin at one instruction.
            if names
                .insert(site.address, name)
                .is_some_and(|other| other != name)
            {
                return None;
            }
        }
    }
    Some(names)
}

/// The names of functions do not stand in their probes, so that those that do the same are one.
pub(super) fn are_by_site(plan: &Plan) -> bool {
    by_site(plan).is_some()
}

/// The entries that may be looked up.
pub(super) fn entries(plan: &Plan, items: &[Item]) -> Vec<(Bt, String)> {
    let mut read = BTreeSet::new();
    for item in items.chunks(1).filter(|item| used::reads_map(item, FUNCTION_AT)) {
        read.extend(bt::probes(item).flat_map(own_symbols::addresses));
    }
    let names = by_site(plan).unwrap_or_default().into_iter();
    let names = names.filter(|(site, _)| read.contains(site));
    names
        .map(|(site, name)| (Bt::Hex(site).cast("uint64"), name.to_owned()))
        .collect()
}

impl Writer<'_> {
    /// A constant as a key of a result.
    pub(super) fn constant_key(&self, text: &str) -> Bt {
        if self.names_by_site && text == self.function.name {
            Bt::Map(FUNCTION_AT.into(), vec![Bt::Reg("ip")])
        } else {
            Bt::Str(text.to_owned())
        }
    }
}
