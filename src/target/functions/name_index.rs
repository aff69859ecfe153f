//! Functions by exact name, for recipes that name more than a few: going through all names for each would take as long
//! as the program is large.

use crate::goname::escapes;
use std::hash::{DefaultHasher, Hasher};

use rayon::prelude::*;

/// Questions that are answered without an index.
pub(crate) const FEW: u32 = 8;

/// The hash of every name in Go's spelling and what it is the name of, sorted. What is found has to be compared: hashes
/// may be equal.
#[derive(Debug)]
pub(crate) struct NameIndex {
    sorted: Vec<(u64, u32)>,
}

impl NameIndex {
    /// An index of `count` things with the linker's spelling of their names. What follows the other ABI is found with
    /// and without its suffix.
    pub(crate) fn of<'n>(count: usize, name: impl Fn(usize) -> Option<&'n [u8]> + Sync) -> Self {
        let mut sorted: Vec<(u64, u32)> = (0..u32::try_from(count).unwrap_or(u32::MAX))
            .into_par_iter()
            .flat_map_iter(|index| {
                let raw = name(index as usize);
                let (without, with) = match raw.map(escapes::strip_abi) {
                    Some((name, abi0)) => (Some(name), raw.filter(|_| abi0)),
                    None => (None, None),
                };
                let spellings = without.into_iter().chain(with);
                spellings.map(move |name| (hash(&escapes::plain(name)), index))
            })
            .collect();
        sorted.par_sort_unstable();
        Self { sorted }
    }

    /// What may have this name in Go's spelling, in order.
    pub(crate) fn called(&self, name: &[u8]) -> impl Iterator<Item = usize> + '_ {
        let hash = hash(name);
        let first = self.sorted.partition_point(|(other, _)| *other < hash);
        self.sorted
            .iter()
            .skip(first)
            .take_while(move |(other, _)| *other == hash)
            .map(|(_, index)| *index as usize)
    }
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name);
    hasher.finish()
}
