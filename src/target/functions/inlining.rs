//! Calls that were inlined, by the trees that the run time unfolds stack traces with (FUNCDATA 3, `FUNCDATA_InlTree`):
//! every program has them, stripped or not, and a question about a few functions need not read them all.
//!
//! Layout: `inlinedCall` in `src/runtime/symtabinl.go`, written by `genInlTreeSym` in
//! `src/cmd/link/internal/ld/pcln.go`; the same from Go 1.20 to 1.27. Up to 1.20 names lack type arguments, so DWARF is
//! asked where it is there.

use crate::goname::{escapes, function};
use std::collections::{BTreeMap, HashSet};

use rayon::prelude::*;

use crate::target::tables::pclntab::{Entry, LineTable, RawInlineTree};
use crate::target::{InlinedCall, Target};

/// No call is inlined deeper; the compiler's budget ends long before.
const DEEPEST: usize = 1000;
/// Names up to which each is looked for by itself.
const FEW: usize = 4;
/// Bytes that are looked through at once: words do not lie across.
const PIECE: usize = 1 << 20;

/// A set of offsets of names with fast lookup.
pub(super) enum Wanted {
    One(u32),
    /// A bit for each offset.
    Many(Vec<u64>),
}

impl Wanted {
    pub(super) fn many(offsets: &[u32]) -> Self {
        let last = offsets.iter().copied().max().unwrap_or(0) as usize;
        let mut bits = vec![0_u64; last / 64 + 1];
        for offset in offsets {
            if let Some(word) = bits.get_mut(*offset as usize / 64) {
                *word |= 1 << (offset % 64);
            }
        }
        Self::Many(bits)
    }

    pub(super) fn has(&self, offset: u32) -> bool {
        match self {
            Self::One(wanted) => *wanted == offset,
            Self::Many(bits) => bits
                .get(offset as usize / 64)
                .is_some_and(|word| word >> (offset % 64) & 1 != 0),
        }
    }

    /// The words of `bytes` that are wanted: how far behind the beginning they are.
    fn within(&self, bytes: &[u8]) -> Vec<usize> {
        match self {
            Self::One(wanted) => memchr::memmem::find_iter(bytes, &wanted.to_le_bytes())
                .filter(|at| at % 4 == 0)
                .collect(),
            Self::Many(_) => bytes
                .chunks_exact(4)
                .enumerate()
                .filter(|(_, word)| {
                    word.first_chunk()
                        .is_some_and(|word| self.has(u32::from_le_bytes(*word)))
                })
                .map(|(index, _)| 4 * index)
                .collect(),
        }
    }
}

impl Target<'_> {
    /// Calls can be found by their functions' full names without debug information.
    pub(crate) fn has_inline_trees(&self) -> bool {
        self.lines.inline_trees().is_some()
    }

    /// Where calls of functions whose name, as the trees have it, satisfies `matches` were inlined: the first `limit`
    /// by address, and how many there are.
    pub(crate) fn inlined_by_tree(
        &self,
        matches: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> (Vec<InlinedCall>, usize) {
        let offsets = self.lines.all_names().filter(|(_, name)| {
            let name = escapes::plain(name);
            match std::str::from_utf8(&name) {
                Ok(name) => matches(name),
                Err(_) => matches(&String::from_utf8_lossy(&name)),
            }
        });
        let offsets: Vec<u32> = offsets.map(|(offset, _)| offset).collect();
        self.inlined_at(&offsets, limit)
    }

    /// The same for exactly these names: where they are few, most others need not be looked at.
    pub(crate) fn inlined_of_by_tree(
        &self,
        names: &HashSet<&str>,
        limit: usize,
    ) -> (Vec<InlinedCall>, usize) {
        if names.len() > FEW {
            return self.inlined_by_tree(&|name| names.contains(name), limit);
        }
        let mut ends: Vec<&str> = names.iter().map(|name| function::last_part(name)).collect();
        ends.sort_unstable();
        ends.dedup();
        let offsets = ends
            .iter()
            .flat_map(|end| self.lines.names_ending(end.as_bytes()));
        let offsets = offsets.filter(|(_, name)| names.contains(escapes::text(name).as_str()));
        let mut offsets: Vec<u32> = offsets.map(|(offset, _)| offset).collect();
        offsets.sort_unstable();
        offsets.dedup();
        self.inlined_at(&offsets, limit)
    }

    /// Calls of the functions whose names have these offsets.
    fn inlined_at(&self, offsets: &[u32], limit: usize) -> (Vec<InlinedCall>, usize) {
        let wanted = match offsets {
            [] => return (Vec::new(), 0),
            [one] => Wanted::One(*one),
            _ => Wanted::many(offsets),
        };
        let calls_in = |function: usize| {
            let tree = self.lines.tree_of(&self.elf, function)?;
            Some(calls(&self.lines, &self.lines.get(function)?, tree, &wanted))
        };
        let mut found: Vec<Call> = self
            .functions_with(&wanted)
            .into_par_iter()
            .flat_map_iter(|function| calls_in(function).unwrap_or_default())
            .collect();
        found.sort_unstable_by_key(|call| (call.address, call.index));
        let count = found.len();
        let shown = found.into_iter().take(limit).filter_map(|call| {
            let caller = self.lines.get(self.lines.find_exact(call.caller)?)?;
            let (file, line) = self.lines.line(&caller, call.place).unwrap_or((b"", 0));
            Some(InlinedCall {
                callee: escapes::text(self.lines.name_at(call.name)?),
                caller: escapes::text(self.raw_name(&caller)),
                file: String::from_utf8_lossy(file).into_owned(),
                line,
                address: call.address,
            })
        });
        (shown.collect(), count)
    }

    /// The numbers of the functions that may hold copies of wanted ones.
    pub(super) fn functions_with(&self, wanted: &Wanted) -> Vec<usize> {
        let trees = self.lines.inline_trees();
        match trees.and_then(|at| self.elf.bytes_in_section(at)) {
            Some(trees) => self.trees_with(trees, wanted),
            None => (0..self.lines.len()).collect(),
        }
    }

    /// Names of functions that exist only inlined, as the trees have them, sorted.
    pub(crate) fn inlined_names_by_tree(&self) -> Vec<String> {
        // The table of names has those of all functions with code, and of all that were inlined.
        let with_code: HashSet<u32> = (0..self.lines.len())
            .filter_map(|index| self.lines.name_offset(index))
            .collect();
        let mut only: Vec<String> = self
            .lines
            .all_names()
            .filter(|(offset, name)| !name.is_empty() && !with_code.contains(offset))
            .map(|(_, name)| escapes::text(name))
            .collect();
        only.sort_unstable();
        only.dedup();
        only
    }

    /// The functions in whose tree a wanted name seems to stand, by number. What is found is a word that may be
    /// something else.
    fn trees_with(&self, trees: &[u8], wanted: &Wanted) -> Vec<usize> {
        let mut hits: Vec<usize> = trees
            .par_chunks(PIECE)
            .enumerate()
            .flat_map_iter(|(number, piece)| {
                let found = wanted.within(piece);
                found.into_iter().map(move |at| number * PIECE + at)
            })
            .collect();
        if hits.is_empty() {
            return Vec::new();
        }
        hits.sort_unstable();
        // The tree that a word may be in is the last that begins before it.
        let begins: Vec<(usize, usize)> = (0..self.lines.len())
            .into_par_iter()
            .filter_map(|index| Some((self.lines.inline_tree(index)? as usize, index)))
            .collect();
        let mut nearest: Vec<Option<usize>> = vec![None; hits.len()];
        for (begin, _) in &begins {
            let first = hits.partition_point(|hit| hit < begin);
            if let Some(slot) = nearest.get_mut(first) {
                *slot = (*slot).max(Some(*begin));
            }
        }
        let mut last = None;
        let mut wanted: Vec<usize> = nearest
            .into_iter()
            .filter_map(|slot| {
                last = last.max(slot);
                last
            })
            .collect();
        wanted.dedup();
        // Equal trees are one.
        begins
            .into_iter()
            .filter(|(begin, _)| wanted.binary_search(begin).is_ok())
            .map(|(_, index)| index)
            .collect()
    }
}

/// A call that was inlined.
struct Call {
    /// The first byte of the function that it is in.
    caller: u64,
    /// Its number in that function's tree.
    index: usize,
    /// The first of its instructions.
    address: u64,
    /// An instruction whose line is that of the call.
    place: u64,
    /// The callee's name.
    name: u32,
}

/// The calls of wanted functions in a function with this tree.
fn calls(lines: &LineTable<'_>, entry: &Entry<'_>, tree: RawInlineTree<'_>, wanted: &Wanted) -> Vec<Call> {
    let unfolded = Unfolded::of(lines, entry, tree);
    let found = unfolded.calls().filter_map(|index| {
        let name = unfolded.name(index)?;
        wanted.has(name).then_some(Call {
            caller: entry.address,
            index,
            address: unfolded.first(index)?,
            place: unfolded.place(index)?,
            name,
        })
    });
    found.collect()
}

/// The calls that were inlined into one function, with where their code is.
pub(super) struct Unfolded<'data> {
    tree: RawInlineTree<'data>,
    address: u64,
    /// Which call each piece of code belongs to; -1 for none.
    ranges: Vec<(u64, u64, i32)>,
    /// The first address of each call that has code.
    first: BTreeMap<usize, u64>,
}

impl<'data> Unfolded<'data> {
    pub(super) fn of(lines: &LineTable<'_>, entry: &Entry<'_>, tree: RawInlineTree<'data>) -> Self {
        let mut unfolded = Self {
            tree,
            address: entry.address,
            ranges: lines.inline_ranges(entry).collect(),
            first: BTreeMap::new(),
        };
        // What belongs to a call belongs to those that it is within as well.
        let mut first: BTreeMap<usize, u64> = BTreeMap::new();
        for (start, _, value) in &unfolded.ranges {
            let mut index = usize::try_from(*value).ok();
            for _ in 0..DEEPEST {
                let Some(call) = index else { break };
                if first.contains_key(&call) {
                    break;
                }
                first.insert(call, *start);
                index = unfolded.parent(call);
            }
        }
        unfolded.first = first;
        unfolded
    }

    /// The numbers of the calls.
    pub(super) fn calls(&self) -> impl Iterator<Item = usize> + use<'_, 'data> {
        self.first.keys().copied()
    }

    /// Offset of the name of what a call calls.
    pub(super) fn name(&self, call: usize) -> Option<u32> {
        self.tree.name(call)
    }

    /// It is a call of a wanted function.
    pub(super) fn is(&self, call: usize, wanted: &Wanted) -> bool {
        self.name(call).is_some_and(|name| wanted.has(name))
    }

    /// An instruction whose line is that of the call.
    pub(super) fn place(&self, call: usize) -> Option<u64> {
        self.address.checked_add(u64::from(self.tree.place(call)?))
    }

    /// The first address of a call's code.
    pub(super) fn first(&self, call: usize) -> Option<u64> {
        self.first.get(&call).copied()
    }

    /// The inlined call that a call is within.
    pub(super) fn parent(&self, call: usize) -> Option<usize> {
        let address = self.place(call)?;
        let after = self.ranges.partition_point(|(start, _, _)| *start <= address);
        let (_, end, value) = self.ranges.get(after.checked_sub(1)?)?;
        (address < *end).then(|| usize::try_from(*value).ok())?
    }

    /// The code of each of these calls, and of the calls within them.
    pub(super) fn within(&self, calls: &[usize]) -> BTreeMap<usize, Vec<(u64, u64)>> {
        let mut found: BTreeMap<usize, Vec<(u64, u64)>> =
            calls.iter().map(|call| (*call, Vec::new())).collect();
        let mut chains: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (start, end, value) in &self.ranges {
            let Ok(innermost) = usize::try_from(*value) else {
                continue;
            };
            let chain = chains.entry(innermost).or_insert_with(|| {
                let mut chain = Vec::new();
                let mut index = Some(innermost);
                while let Some(call) = index
                    && chain.len() < DEEPEST
                    && !chain.contains(&call)
                {
                    chain.push(call);
                    index = self.parent(call);
                }
                chain.retain(|call| found.contains_key(call));
                chain
            });
            for call in chain {
                if let Some(ranges) = found.get_mut(call) {
                    ranges.push((*start, *end));
                }
            }
        }
        found
    }
}
