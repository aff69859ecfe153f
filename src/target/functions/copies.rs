//! The copies of a function that inlined calls of it are, by the run time's trees, each with the instruction that is
//! executed once for each call.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::goname::escapes;
use crate::target::code::Listing;
use crate::target::code::once::{Inlined, Once};
use crate::target::tables::pclntab::Entry;
use crate::target::{FunctionId, InlinedCopy, NotOnce, Site, Target};

use super::inlining::{Unfolded, Wanted};

/// The instruction for an inlined call, those that are as good, and whether the call acts.
type Found = (Result<Site, NotOnce>, Vec<(u64, bool)>, bool);

impl Target<'_> {
    /// The copies of the functions with these names, by address.
    pub(crate) fn copies_by_tree(&self, names: &HashSet<&str>) -> Result<Vec<InlinedCopy>, Diagnostic> {
        // Up to Go 1.20 the tables' names lack type arguments.
        let full = self.has_inline_trees();
        let wanted: HashSet<String> = names
            .iter()
            .map(|name| if full { (*name).to_owned() } else { shortened(name) })
            .collect();
        let offsets: Vec<u32> = self
            .lines
            .all_names()
            .filter(|(_, name)| wanted.contains(escapes::text(name).as_str()))
            .map(|(offset, _)| offset)
            .collect();
        if offsets.is_empty() {
            return Ok(Vec::new());
        }
        let wanted = Wanted::many(&offsets);
        let mut found: Vec<InlinedCopy> = self
            .functions_with(&wanted)
            .into_par_iter()
            .flat_map_iter(|index| self.copies_in(index, &wanted))
            .collect();
        if !full && found.iter().any(|copy| copy.callee.contains("[...]")) {
            self.tell_instances(&mut found, names)?;
        }
        found.sort_by_key(|copy| (copy.address, copy.holder, copy.number));
        Ok(found)
    }

    fn copies_in(&self, index: usize, wanted: &Wanted) -> Vec<InlinedCopy> {
        let found = || -> Option<Vec<InlinedCopy>> {
            let entry = self.lines.get(index)?;
            let tree = self.lines.tree_of(&self.elf, index)?;
            let unfolded = Unfolded::of(&self.lines, &entry, tree);
            let calls: Vec<usize> = unfolded
                .calls()
                .filter(|call| unfolded.is(*call, wanted))
                .collect();
            if calls.is_empty() {
                return None;
            }
            let holder = FunctionId(u32::try_from(index).ok()?);
            let sites = self.sites_of(holder, &calls, &unfolded);
            let copies = calls
                .into_iter()
                .zip(sites)
                .filter_map(|(call, (site, sites, acts))| {
                    let place = unfolded.place(call)?;
                    let (file, line) = self.lines.line(&entry, place).unwrap_or((b"", 0));
                    Some(InlinedCopy {
                        callee: escapes::text(self.lines.name_at(unfolded.name(call)?)?),
                        holder,
                        caller: self.caller(&entry, unfolded.parent(call), &unfolded)?,
                        file: String::from_utf8_lossy(file).into_owned(),
                        line,
                        address: unfolded.first(call)?,
                        place,
                        number: call,
                        acts,
                        is_frameless: site
                            .as_ref()
                            .is_ok_and(|site| self.lines.stack_depth(&entry, site.address) == Some(0)),
                        site,
                        sites,
                    })
                });
            Some(copies.collect())
        };
        found().unwrap_or_default()
    }

    /// The function whose text has a call: that which holds all, or one that was inlined itself.
    fn caller(&self, holder: &Entry<'_>, parent: Option<usize>, tree: &Unfolded<'_>) -> Option<String> {
        Some(match parent {
            Some(parent) => escapes::text(self.lines.name_at(tree.name(parent)?)?),
            None => {
                self.describe(&self.lines.get(self.lines.find_exact(holder.address)?)?)
                    .name
            }
        })
    }

    /// The instruction for each of the calls that were inlined into a function, those that are as
    /// good, and whether the call acts.
    fn sites_of(&self, holder: FunctionId, calls: &[usize], tree: &Unfolded<'_>) -> Vec<Found> {
        let mut listing = Listing::default();
        let Ok(body) = self.body(holder, &mut listing) else {
            return vec![(Err(NotOnce::Unreadable), Vec::new(), true); calls.len()];
        };
        let once = Once::new(&body, self, self.identity.go_minor);
        let mut marks: BTreeMap<u64, usize> = BTreeMap::new();
        for call in tree.calls() {
            if let Some(place) = tree.place(call) {
                *marks.entry(place).or_default() += 1;
            }
        }
        let within = tree.within(calls);
        let mut sites = Vec::new();
        for call in calls {
            let inlined = Inlined {
                ranges: within.get(call).map_or(&[], Vec::as_slice),
                mark: tree.place(*call).filter(|place| marks.get(place) == Some(&1)),
            };
            let found = once.of(&inlined);
            let at = |index: usize| body.code.instructions.get(index);
            let alike = match &found {
                Ok(found) => once.alike(*found),
                Err(_) => Vec::new(),
            };
            let site = found.and_then(|found| at(found).map(|i| body.site(i)).ok_or(NotOnce::Unreadable));
            let alike = alike
                .into_iter()
                .filter_map(|(index, early)| Some((at(index)?.address, early)));
            sites.push((site, alike.collect(), once.acts(&inlined)));
        }
        sites
    }

    /// Gives copies of generic functions their type arguments, by the debug information, and leaves out those with
    /// others than wanted.
    fn tell_instances(&self, found: &mut Vec<InlinedCopy>, names: &HashSet<&str>) -> Result<(), Diagnostic> {
        if !self.identity.has_types {
            for copy in found.iter_mut().filter(|copy| copy.callee.contains("[...]")) {
                copy.site = Err(NotOnce::AnyInstance);
            }
            return Ok(());
        }
        let (calls, _) = self
            .debug_info()?
            .inlined(&|name| names.contains(name), usize::MAX)?;
        let mut full: HashMap<u64, BTreeSet<String>> = HashMap::new();
        for call in calls {
            full.entry(call.address).or_default().insert(call.callee);
        }
        found.retain_mut(|copy| {
            if !copy.callee.contains("[...]") {
                return true;
            }
            let meant = full.get(&copy.address).into_iter().flatten();
            let mut meant = meant.filter(|name| shortened(name) == copy.callee);
            match (meant.next(), meant.next()) {
                (Some(name), None) => copy.callee.clone_from(name),
                (Some(_), Some(_)) => copy.site = Err(NotOnce::AnyInstance),
                _ => return false,
            }
            true
        });
        Ok(())
    }
}

/// A name as the tables up to Go 1.20 have it (`nameOff` in `src/cmd/link/internal/ld/pcln.go`).
pub(super) fn shortened(name: &str) -> String {
    match (name.find('['), name.rfind(']')) {
        (Some(begin), Some(end)) if begin < end => {
            let (before, after) = (name.get(..begin), name.get(end..));
            format!("{}[...{}", before.unwrap_or(name), after.unwrap_or(""))
        }
        _ => name.to_owned(),
    }
}
