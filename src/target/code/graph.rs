//! A function's blocks: how control goes from one to another, and which of them lie on every way to another.

use super::sites::{Body, Surroundings};
use crate::arch::Flow;

/// The most blocks of a function that are looked at.
const MOST_BLOCKS: usize = 1 << 16;
/// The most rounds until the ways are known; a function that was made for the purpose needs more.
const MOST_ROUNDS: usize = 64;

/// Blocks, by address: each is run from its first instruction to its last, or not at all.
pub(crate) struct Graph {
    /// The number of each block's first instruction.
    starts: Vec<usize>,
    /// The blocks that each goes on to.
    after: Vec<Vec<usize>>,
    /// The blocks that go on to each.
    before: Vec<Vec<usize>>,
    /// The nearest block that lies on every way to each; itself for the first, none for those without a way.
    over: Vec<Option<usize>>,
    /// How late each comes when all ways are followed from the first.
    order: Vec<usize>,
}

impl Graph {
    /// The blocks of a function; none if it goes to places that are not known, or is too large.
    pub(crate) fn of(body: &Body<'_>, around: &dyn Surroundings) -> Option<Self> {
        let targets = body.targets(around);
        let instructions = body.code.instructions;
        let mut starts = Vec::new();
        let mut begins = true;
        for (index, instruction) in instructions.iter().enumerate() {
            if begins || targets.binary_search(&instruction.address).is_ok() {
                starts.push(index);
            }
            begins = !matches!(instruction.flow, Flow::Next | Flow::Leave | Flow::Call(_))
                || never_returns(instruction.flow, around);
        }
        if starts.len() > MOST_BLOCKS {
            return None;
        }
        let block_at = |address: u64| {
            let first = |start: &usize| instructions.get(*start).map(|i| i.address);
            starts.binary_search_by_key(&Some(address), first).ok()
        };
        let range = body.code.range();
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); starts.len()];
        for (block, goes) in after.iter_mut().enumerate() {
            let behind = starts.get(block + 1).copied().unwrap_or(instructions.len());
            let index = behind.checked_sub(1)?;
            let last = instructions.get(index)?;
            let next = (behind < instructions.len()).then_some(block + 1);
            match last.flow {
                Flow::Branch(to) | Flow::Transaction(to) => {
                    goes.extend(next);
                    goes.extend(block_at(to));
                }
                Flow::Jump(to) => goes.extend(block_at(to)),
                Flow::IndirectJump if body.processor.is_switch(&body.code, index) => {
                    let cases = targets.iter().filter_map(|to| block_at(*to));
                    goes.extend(cases);
                    if goes.is_empty() {
                        return None;
                    }
                }
                Flow::IndirectJump | Flow::Return | Flow::End => {}
                flow if never_returns(flow, around) => {}
                Flow::Next | Flow::Leave | Flow::Call(_) => goes.extend(next),
            }
            if let Some(to) = last.target()
                && !matches!(last.flow, Flow::Call(_))
                && range.contains(&to)
                && block_at(to).is_none()
            {
                // Into the middle of an instruction.
                return None;
            }
        }
        let mut graph = Self {
            before: turned(&after),
            over: Vec::new(),
            order: Vec::new(),
            starts,
            after,
        };
        graph.find_over()?;
        Some(graph)
    }

    /// The block of an instruction.
    pub(crate) fn block_of(&self, instruction: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= instruction)
            .saturating_sub(1)
    }

    /// The blocks that go on to a block.
    pub(crate) fn before(&self, block: usize) -> &[usize] {
        self.before.get(block).map_or(&[], Vec::as_slice)
    }

    /// The blocks that a block goes on to.
    pub(crate) fn after(&self, block: usize) -> &[usize] {
        self.after.get(block).map_or(&[], Vec::as_slice)
    }

    /// The numbers of a block's instructions.
    pub(crate) fn instructions(&self, block: usize, count: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(block).copied().unwrap_or(count);
        start..self.starts.get(block + 1).copied().unwrap_or(count)
    }

    /// True if every way to `block` leads through `over`.
    pub(crate) fn is_over(&self, over: usize, block: usize) -> bool {
        let mut at = block;
        loop {
            if at == over {
                return self.over.get(at).is_some_and(Option::is_some);
            }
            match self.over.get(at) {
                Some(Some(next)) if *next != at => at = *next,
                _ => return false,
            }
        }
    }

    /// True if `block`, or one that always comes before it and goes only there, is where the rounds of a loop begin.
    pub(crate) fn begins_loop(&self, block: usize) -> bool {
        let mut at = block;
        for _ in 0..self.starts.len() {
            let before = self.before(at);
            if before.iter().any(|from| self.is_over(at, *from)) {
                return true;
            }
            match before {
                [one] if self.after.get(*one).is_some_and(|after| after.len() == 1) => at = *one,
                _ => return false,
            }
        }
        true
    }

    /// Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm".
    fn find_over(&mut self) -> Option<()> {
        let count = self.starts.len();
        let sequence = self.sequence();
        self.order = vec![usize::MAX; count];
        for (place, block) in sequence.iter().enumerate() {
            *self.order.get_mut(*block)? = place;
        }
        self.over = vec![None; count];
        *self.over.get_mut(0)? = Some(0);
        for _ in 0..MOST_ROUNDS {
            let mut changed = false;
            for block in sequence.iter().copied().skip(1) {
                let mut found = None;
                for from in self.before.get(block)? {
                    if self.over.get(*from)?.is_some() {
                        found = Some(match found {
                            None => *from,
                            Some(other) => self.common(other, *from)?,
                        });
                    }
                }
                let slot = self.over.get_mut(block)?;
                changed |= *slot != found;
                *slot = found;
            }
            if !changed {
                return Some(());
            }
        }
        None
    }

    /// The nearest block that is over both.
    fn common(&self, a: usize, b: usize) -> Option<usize> {
        let (mut a, mut b) = (a, b);
        while a != b {
            let (first, second) = (*self.order.get(a)?, *self.order.get(b)?);
            if first > second {
                a = (*self.over.get(a)?)?;
            } else {
                b = (*self.over.get(b)?)?;
            }
        }
        Some(a)
    }

    /// The blocks that can be reached, each before those that it goes on to, loops aside.
    fn sequence(&self) -> Vec<usize> {
        let mut seen = vec![false; self.starts.len()];
        let mut done = Vec::new();
        let mut open: Vec<(usize, usize)> = vec![(0, 0)];
        if let Some(first) = seen.first_mut() {
            *first = true;
        } else {
            return done;
        }
        while let Some((block, next)) = open.last_mut() {
            let to = self.after.get(*block).and_then(|after| after.get(*next)).copied();
            *next += 1;
            match to {
                Some(to) => {
                    if let Some(seen) = seen.get_mut(to)
                        && !std::mem::replace(seen, true)
                    {
                        open.push((to, 0));
                    }
                }
                None => {
                    done.push(*block);
                    open.pop();
                }
            }
        }
        done.reverse();
        done
    }
}

fn never_returns(flow: Flow, around: &dyn Surroundings) -> bool {
    matches!(flow, Flow::Call(to) if around.never_returns(to))
}

/// The edges, the other way round.
fn turned(after: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut before = vec![Vec::new(); after.len()];
    for (from, goes) in after.iter().enumerate() {
        for to in goes {
            if let Some(list) = before.get_mut(*to) {
                list.push(from);
            }
        }
    }
    for list in &mut before {
        list.dedup();
    }
    before
}
