//! Which instruction of an inlined call is executed exactly once whenever the call is made.
//!
//! The lowest address of the inlined code is not: the compiler moves computations out of loops, into the branch that
//! needs them, and together with equal ones. Some things stay where the source has them, in the block of code that they
//! were written in (`src/cmd/compile/internal/ssa` of Go 1.17 to 1.27): stores, calls, branches, and the mark that each
//! inlined call begins with (`OpInlMark`), a `nop` if no other instruction has the call's line (`genssa` in
//! `src/cmd/compile/internal/ssagen/ssa.go`).
//!
//! * A mark that is a `nop` is executed once for each call. Since Go 1.26 it may be executed although the call is not
//!   made, where all that the call does is computed ahead of the branch that decides about it
//!   (`canSpeculativelyExecute` in `ssa/branchelim.go`); never if the call's first block reads or writes memory, or
//!   ends with a check.
//! * Else the first store, call or branch of the inlined code is, if all others come after it on every way, and it is
//!   in no loop of the inlined code: what it would depend on would be a branch of this code before it.

use super::graph::Graph;
use super::sites::{Body, Surroundings};
use crate::arch::{Flow, Treatment, Work};
use crate::target::NotOnce;

/// The most instructions of which one is chosen where arguments are known.
const MOST_ALIKE: usize = 24;

/// A function's code, to look for such instructions in.
pub(crate) struct Once<'b, 'a> {
    body: &'b Body<'a>,
    around: &'b dyn Surroundings,
    graph: Option<Graph>,
    /// Marks may be executed although the call is not made (Go 1.26, and 1.25 for caution).
    marks_move: bool,
}

/// An inlined call.
pub(crate) struct Inlined<'r> {
    /// Where its code is, and that of calls within it: ranges of addresses, in order.
    pub(crate) ranges: &'r [(u64, u64)],
    /// The instruction that stands for the call, if it stands for no other one.
    pub(crate) mark: Option<u64>,
}

impl<'b, 'a> Once<'b, 'a> {
    pub(crate) fn new(body: &'b Body<'a>, around: &'b dyn Surroundings, go_minor: u32) -> Self {
        Self {
            graph: Graph::of(body, around),
            body,
            around,
            marks_move: go_minor >= 25,
        }
    }

    /// The instruction, by its number.
    pub(crate) fn of(&self, call: &Inlined<'_>) -> Result<usize, NotOnce> {
        let own = self.own(call);
        let found = self
            .mark(call)
            .filter(|_| !self.marks_move || self.stays(&own))
            .or_else(|| self.first_pinned(&own))
            .ok_or(NotOnce::Moved)?;
        let found = self.before_faults(found, &own)?;
        self.where_allowed(found)
    }

    /// The numbers of this instruction and of those behind it that are executed as often, and whether each is before
    /// anything is written but in the frame.
    pub(crate) fn alike(&self, found: usize) -> Vec<(usize, bool)> {
        let instructions = self.body.code.instructions;
        let block = match &self.graph {
            Some(graph) => graph.instructions(graph.block_of(found), instructions.len()),
            None => found..found + 1,
        };
        let mut alike = Vec::new();
        let mut is_early = true;
        for index in (found..block.end).take(MOST_ALIKE) {
            let Some(instruction) = instructions.get(index) else {
                break;
            };
            if !matches!(self.body.treatment(instruction), Treatment::Refused(_)) {
                alike.push((index, is_early));
            }
            let bytes = self.body.code.bytes_of(instruction);
            let effects = self.body.processor.effects(bytes, instruction.address, &[]);
            if instruction.flow != Flow::Next || effects.may_fault {
                break;
            }
            is_early &= !self.work(index).writes;
        }
        alike
    }

    /// True if the call writes memory or calls something.
    pub(crate) fn acts(&self, call: &Inlined<'_>) -> bool {
        self.own(call)
            .into_iter()
            .any(|index| self.calls(index) || self.work(index).writes)
    }

    /// The numbers of the call's instructions.
    fn own(&self, call: &Inlined<'_>) -> Vec<usize> {
        let instructions = self.body.code.instructions;
        let at = |address: u64| instructions.partition_point(|i| i.address < address);
        call.ranges
            .iter()
            .flat_map(|(start, end)| at(*start)..at(*end))
            .collect()
    }

    fn work(&self, index: usize) -> Work {
        let Some(instruction) = self.body.code.instructions.get(index) else {
            return Work::default();
        };
        let bytes = self.body.code.bytes_of(instruction);
        self.body.processor.work(bytes, instruction.address)
    }

    fn flow(&self, index: usize) -> Flow {
        let instruction = self.body.code.instructions.get(index);
        instruction.map_or(Flow::End, |i| i.flow)
    }

    fn mark(&self, call: &Inlined<'_>) -> Option<usize> {
        let instructions = self.body.code.instructions;
        let found = instructions
            .binary_search_by_key(&call.mark?, |i| i.address)
            .ok()?;
        self.work(found).is_mark.then_some(found)
    }

    fn calls(&self, index: usize) -> bool {
        match self.flow(index) {
            Flow::Call(to) => !self.around.never_returns(to),
            Flow::Leave => true,
            _ => false,
        }
    }

    fn branches(&self, index: usize) -> bool {
        matches!(
            self.flow(index),
            Flow::Branch(_) | Flow::IndirectJump | Flow::Transaction(_)
        )
    }

    /// True if an instruction is on every way to another, before it.
    fn leads(&self, graph: &Graph, first: usize, other: usize) -> bool {
        let (a, b) = (graph.block_of(first), graph.block_of(other));
        if a == b {
            first <= other
        } else {
            graph.is_over(a, b)
        }
    }

    /// True if the call's first block cannot be executed ahead of the branch that decides about the call: it reads or
    /// writes memory, or it ends with a check that may panic.
    fn stays(&self, own: &[usize]) -> bool {
        let Some(graph) = &self.graph else {
            return false;
        };
        // The tests of whether the garbage collector runs come into being later.
        let branches: Vec<usize> = own
            .iter()
            .copied()
            .filter(|i| self.branches(*i) && !self.is_collector_test(graph, *i))
            .collect();
        let is_first = |index: usize| branches.iter().all(|branch| self.leads(graph, index, *branch));
        own.iter().any(|index| {
            let work = self.work(*index);
            let touches = work.reads || work.writes || self.calls(*index);
            (touches || self.is_check(graph, *index)) && is_first(*index)
        })
    }

    /// True of a branch to code that panics.
    fn is_check(&self, graph: &Graph, index: usize) -> bool {
        let panics = |block: &usize| {
            let mut code = graph.instructions(*block, self.body.code.instructions.len());
            code.any(|i| matches!(self.flow(i), Flow::Call(to) if self.around.never_returns(to)))
        };
        matches!(self.flow(index), Flow::Branch(_)) && graph.after(graph.block_of(index)).iter().any(panics)
    }

    /// True of a branch that depends on whether the garbage collector marks.
    fn is_collector_test(&self, graph: &Graph, branch: usize) -> bool {
        let range = graph.instructions(graph.block_of(branch), branch + 1);
        matches!(self.flow(branch), Flow::Branch(_))
            && (range.start..=branch)
                .rev()
                .take(4)
                .any(|i| self.work(i).tests_collector)
    }

    /// The first instruction that the compiler does not move, if all others of the call come after it.
    fn first_pinned(&self, own: &[usize]) -> Option<usize> {
        let graph = self.graph.as_ref()?;
        let pinned: Vec<usize> = own
            .iter()
            .copied()
            .filter(|i| self.branches(*i) || self.calls(*i) || self.work(*i).writes)
            .collect();
        let mut candidates = pinned.iter().copied();
        // The one that is on every way to all others is on every way to each that would be in its place.
        let mut first = candidates.next()?;
        for other in candidates {
            if !self.leads(graph, first, other) {
                first = other;
            }
        }
        let block = graph.block_of(first);
        let is_first = pinned.iter().all(|other| self.leads(graph, first, *other));
        let counts = is_first
            && graph.is_over(0, block)
            && !graph.begins_loop(block)
            && !self.behind_collector(graph, block)
            && (!self.marks_move || self.stays(own));
        counts.then_some(first)
    }

    /// True if the block is run only while the garbage collector does not mark, or only while it does: up to Go 1.20
    /// there are two of each store of a pointer.
    fn behind_collector(&self, graph: &Graph, block: usize) -> bool {
        let [from] = graph.before(block) else {
            return false;
        };
        let range = graph.instructions(*from, self.body.code.instructions.len());
        self.is_collector_test(graph, range.end.saturating_sub(1))
    }

    /// The first instruction of the call in the same block that may end in a panic, if that is before `found`.
    fn before_faults(&self, found: usize, own: &[usize]) -> Result<usize, NotOnce> {
        let Some(graph) = &self.graph else {
            return Ok(found);
        };
        let block = graph.instructions(graph.block_of(found), self.body.code.instructions.len());
        let faults = |index: &usize| {
            self.body.code.instructions.get(*index).is_some_and(|i| {
                let bytes = self.body.code.bytes_of(i);
                self.body.processor.effects(bytes, i.address, &[]).may_fault
            })
        };
        let mut earliest = found;
        let mut others = false;
        for index in (block.start..found).rev() {
            if self.calls(index) {
                break;
            }
            if faults(&index) {
                match own.binary_search(&index) {
                    Ok(_) if others => return Err(NotOnce::Mixed),
                    Ok(_) => earliest = index,
                    Err(_) => others = true,
                }
            }
        }
        Ok(earliest)
    }

    /// An instruction that takes a probe, and is executed whenever `found` is.
    fn where_allowed(&self, found: usize) -> Result<usize, NotOnce> {
        let instructions = self.body.code.instructions;
        let refused = |index: usize| match instructions.get(index).map(|i| self.body.treatment(i)) {
            Some(Treatment::Refused(why)) => Some(why),
            _ => None,
        };
        let Some(why) = refused(found) else {
            return Ok(found);
        };
        let start = match &self.graph {
            Some(graph) => {
                graph
                    .instructions(graph.block_of(found), instructions.len())
                    .start
            }
            None => found,
        };
        for index in (start..found).rev() {
            let Some(instruction) = instructions.get(index) else {
                break;
            };
            let bytes = self.body.code.bytes_of(instruction);
            let effects = self.body.processor.effects(bytes, instruction.address, &[]);
            if instruction.flow != Flow::Next || effects.may_fault {
                break;
            }
            if refused(index).is_none() {
                return Ok(index);
            }
        }
        let text = instructions.get(found).map(|i| self.body.text(i));
        Err(NotOnce::Refused(format!("`{}`: {why}", text.unwrap_or_default())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::FunctionId;
    use crate::target::code::sites::Morestack;
    use crate::target::code::testing::{START, jmp, of_body};

    const PANIC: u64 = 0x9000;

    struct Around;

    impl Surroundings for Around {
        fn morestack(&self, _: u64) -> Option<Morestack> {
            None
        }

        fn never_returns(&self, address: u64) -> bool {
            address == PANIC
        }

        fn function_at(&self, _: u64) -> Option<FunctionId> {
            None
        }

        fn table(&self, _: u64, _: &std::ops::Range<u64>, _: usize) -> Vec<u64> {
            Vec::new()
        }
    }

    // inc qword [rip+0x100]
    const COUNT: &[u8] = &[0x48, 0xff, 0x05, 0, 1, 0, 0];
    // mov rax, [rbx]
    const LOAD: &[u8] = &[0x48, 0x8b, 0x03];
    // lea rax, [rax+1]
    const ADD: &[u8] = &[0x48, 0x8d, 0x40, 1];
    // test rax, rax
    const TEST: &[u8] = &[0x48, 0x85, 0xc0];
    // cmp dword [rip+0x100], 0
    const COLLECTS: &[u8] = &[0x83, 0x3d, 0, 1, 0, 0, 0];
    const NOP: &[u8] = &[0x90];
    const RET: &[u8] = &[0xc3];
    // lock inc qword [rip+0x100]
    const LOCKED: &[u8] = &[0xf0, 0x48, 0xff, 0x05, 0, 1, 0, 0];

    fn jne(distance: i8) -> [u8; 2] {
        [0x75, distance.cast_unsigned()]
    }

    /// `call PANIC` so many bytes into the code.
    fn panics(at: usize) -> [u8; 5] {
        let distance = PANIC - (START + at as u64 + 5);
        let [a, b, c, d, ..] = distance.to_le_bytes();
        [0xe8, a, b, c, d]
    }

    /// The offset of the instruction for an inlined call whose code is in these ranges of offsets.
    fn site(code: &[&[u8]], own: &[(u64, u64)], mark: Option<u64>, go_minor: u32) -> Result<u64, NotOnce> {
        let bytes = code.concat();
        let ranges: Vec<(u64, u64)> = own.iter().map(|(a, b)| (START + a, START + b)).collect();
        of_body(&bytes, |body| {
            let found = Once::new(body, &Around, go_minor).of(&Inlined {
                ranges: &ranges,
                mark: mark.map(|mark| START + mark),
            });
            found.map(|index| body.code.instructions[index].address - START)
        })
    }

    #[test]
    fn a_mark_is_executed_once() {
        // Computed before the loop: the lowest address of the call is outside of it.
        let code = [ADD, NOP, COUNT, TEST, &jne(-13), RET];
        assert_eq!(site(&code, &[(0, 4), (5, 12)], Some(4), 22), Ok(4));
    }

    #[test]
    fn another_instruction_of_the_line_is_no_mark() {
        // test; jne +9; inc; jmp +0; ret: what stands for the call is the branch that decides about it.
        let code = [TEST, &jne(9), COUNT, &jmp(0), RET];
        assert_eq!(site(&code, &[(5, 12)], Some(3), 22), Ok(5));
    }

    #[test]
    fn what_may_be_computed_ahead_is_not_counted() {
        // The mark and the addition stand before the branch that decides about the call since Go 1.26.
        let code = [NOP, ADD, TEST, &jne(0), RET];
        assert_eq!(site(&code, &[(1, 5)], Some(0), 24), Ok(0));
        assert_eq!(site(&code, &[(1, 5)], Some(0), 26), Err(NotOnce::Moved));
        // Not if it reads memory.
        let code = [NOP, LOAD, TEST, &jne(0), RET];
        assert_eq!(site(&code, &[(1, 4)], Some(0), 26), Ok(0));
    }

    #[test]
    fn a_condition_is_before_what_it_decides_about() {
        // test; jne +7 (both the call's); inc; ret
        let code = [TEST, &jne(7), COUNT, RET];
        assert_eq!(site(&code, &[(0, 12)], None, 22), Ok(3));
        // One of two stores, neither of which is always executed.
        let code = [TEST, &jne(9), COUNT, &jmp(7), COUNT, RET];
        assert_eq!(site(&code, &[(5, 12), (14, 21)], None, 22), Err(NotOnce::Moved));
    }

    #[test]
    fn rounds_of_a_loop_of_the_call_are_not_counted() {
        // inc; test; jne to inc: all of the call.
        let code = [COUNT, TEST, &jne(-12), RET];
        assert_eq!(site(&code, &[(0, 12)], None, 22), Err(NotOnce::Moved));
        // Behind a store in front of the loop.
        let code = [COUNT, COUNT, TEST, &jne(-12), RET];
        assert_eq!(site(&code, &[(0, 19)], None, 22), Ok(0));
        // jmp to the second block; test; jne back: the loop begins with a block that only goes on.
        let code = [&jmp(0)[..], COUNT, TEST, &jne(-12), RET];
        assert_eq!(site(&code, &[(2, 14)], None, 22), Err(NotOnce::Moved));
    }

    #[test]
    fn a_check_that_panics_ends_a_block() {
        // test; jne to the panic; inc; ret; panic
        let code = [TEST, &jne(8), COUNT, RET, &panics(13)];
        assert_eq!(site(&code, &[(0, 12), (13, 18)], None, 26), Ok(3));
    }

    #[test]
    fn a_store_that_only_the_collector_sees() {
        // cmp; jne; inc; ret, where the test belongs to the function around it.
        let code = [COLLECTS, &jne(7), COUNT, RET];
        assert_eq!(site(&code, &[(9, 16)], None, 20), Err(NotOnce::Moved));
        assert_eq!(site(&code, &[(0, 16)], None, 20), Ok(7));
    }

    #[test]
    fn what_may_panic_comes_first() {
        // mov; nop; inc: the call may end at its read.
        let code = [LOAD, NOP, COUNT, RET];
        assert_eq!(site(&code, &[(0, 3), (4, 11)], Some(3), 22), Ok(0));
        // A read of the function around it in between.
        let code = [LOAD, LOAD, NOP, COUNT, RET];
        assert_eq!(site(&code, &[(0, 3), (7, 14)], Some(6), 22), Err(NotOnce::Mixed));
        assert_eq!(site(&code, &[(7, 14)], Some(6), 22), Ok(6));
    }

    #[test]
    fn an_instruction_that_takes_no_probe() {
        let code = [ADD, LOCKED, RET];
        assert_eq!(site(&code, &[(4, 12)], None, 22), Ok(0));
        let code = [LOCKED, RET];
        let refused = site(&code, &[(0, 8)], None, 22);
        assert!(matches!(refused, Err(NotOnce::Refused(_))), "{refused:?}");
    }

    #[test]
    fn code_that_goes_to_unknown_places() {
        // jmp rax within: the ways are not known, but a mark is a mark.
        let code = [NOP, COUNT, &[0xff, 0xe0][..]];
        assert_eq!(site(&code, &[(1, 8)], Some(0), 22), Ok(0));
    }
}
