//! Symbols of the script's own, by which bpftrace finds the instructions that probes are attached to.
//!
//! bpftrace looks names up with bcc's library, which reads a separate file of symbols first, below the directory that
//! `BCC_SYMFS` names (`find_debug_via_symfs` in bcc's `src/cc/bcc_elf.c`). A wildcard that covers many of them is one
//! link in the kernel where it knows `uprobe_multi`.

use serde::{Deserialize, Serialize};

/// What stands before the program's path in attach points, so that the file of these symbols is read for attaching
/// only: stacks are shown by the symbols of the path that `/proc/PID/maps` has, in which there is nothing of ours.
pub const ROOT: &str = "/proc/self/root";

/// The symbols of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSymbols {
    /// How all of them begin. It is different for another program and for other instructions, so that a script finds
    /// nothing in the file of another script.
    pub prefix: String,
    /// The link-time addresses of the instructions of each probe.
    pub groups: Vec<Vec<u64>>,
    /// One of them is named in an attach point in full, so that 0.23 refuses a script without its symbols. That release
    /// ignores a wildcard that matches nothing.
    pub first_is_named: bool,
    /// Stacks or addresses are shown by the names of functions.
    pub shows_names: bool,
}

/// A symbol and the link-time address of the instruction that it stands at.
pub type OwnSymbol = (String, u64);

impl OwnSymbols {
    /// All of them, in their order.
    pub fn all(&self) -> impl Iterator<Item = OwnSymbol> + '_ {
        let of_group = |(group, addresses): (usize, &'_ Vec<u64>)| {
            let named = |(place, address): (usize, &u64)| (self.name(group, place), *address);
            addresses.iter().enumerate().map(named).collect::<Vec<_>>()
        };
        self.groups.iter().enumerate().flat_map(of_group)
    }

    /// What stands in the attach points of a group in place of a function's name.
    #[must_use]
    pub fn patterns(&self, group: usize) -> Vec<String> {
        let named = usize::from(self.first_is_named && group == 0);
        let more = self.groups.get(group).is_some_and(|all| all.len() > named);
        let first = (named > 0).then(|| self.name(0, 0));
        let others = more.then(|| format!("{}_{group}_*", self.prefix));
        first.into_iter().chain(others).collect()
    }

    /// Every attach point's pattern, with the addresses of the symbols that it matches.
    #[must_use]
    pub fn by_pattern(&self) -> Vec<(String, &[u64])> {
        let mut all = Vec::new();
        for (group, addresses) in self.groups.iter().enumerate() {
            let mut rest = addresses.as_slice();
            for pattern in self.patterns(group) {
                let many = pattern.ends_with('*');
                let (mine, others) = rest.split_at(if many { rest.len() } else { 1.min(rest.len()) });
                all.push((pattern, mine));
                rest = others;
            }
        }
        all
    }

    fn name(&self, group: usize, place: usize) -> String {
        if self.first_is_named && group == 0 && place == 0 {
            format!("{}_first", self.prefix)
        } else {
            format!("{}_{group}_{place}", self.prefix)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::OwnSymbols;

    #[test]
    fn are_matched_by_their_own_group_only() {
        let mut symbols = OwnSymbols {
            prefix: "gobt_1".into(),
            groups: vec![vec![16, 32], vec![48], (100..112).collect()],
            ..OwnSymbols::default()
        };
        for named in [false, true] {
            symbols.first_is_named = named;
            let mut matched = 0;
            for (group, addresses) in symbols.groups.iter().enumerate() {
                let patterns = symbols.patterns(group);
                let is_matched = |name: &str| {
                    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
                        Some(begin) => name.starts_with(begin),
                        None => name == pattern,
                    })
                };
                let found: Vec<u64> = symbols
                    .all()
                    .filter(|(n, _)| is_matched(n))
                    .map(|s| s.1)
                    .collect();
                assert_eq!(&found, addresses, "{patterns:?}");
                matched += found.len();
            }
            assert_eq!(matched, symbols.all().count());
        }
        symbols.groups.truncate(1);
        symbols.groups[0].truncate(1);
        assert_eq!(symbols.patterns(0), ["gobt_1_first"]);
    }
}
