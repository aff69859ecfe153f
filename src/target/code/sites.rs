//! Where in a function probes go: behind its stack check, on every return, on jumps that leave it.

use crate::arch::{Code, Flow, Instruction, Processor, StackCheck, StrangeCheck, Treatment};
use crate::gotype::abi::Register;
use crate::target::{EntrySite, FunctionId, Guard, Needs, NoEntry, Site, Sites};

/// The most cases that are read of all of a function's switches together.
const MOST_CASES: usize = 1 << 20;
/// Instructions of the code that makes room on the stack and begins the function again.
const LONGEST_GROWTH: usize = 128;

/// What finding sites needs to know about the rest of the program.
pub(crate) trait Surroundings {
    /// Which of `runtime.morestack` and its variants is at `address`, if one is.
    fn morestack(&self, address: u64) -> Option<Morestack>;
    /// True if a call of what is at `address` never comes back.
    fn never_returns(&self, address: u64) -> bool;
    /// The function whose code `address` is in.
    fn function_at(&self, address: u64) -> Option<FunctionId>;
    /// The words of a table at `address`, as long as each of them lies in `within`, and at most `limit`.
    fn table(&self, address: u64, within: &std::ops::Range<u64>, limit: usize) -> Vec<u64>;
}

/// A function that makes room on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Morestack {
    /// It restores the context's register (`runtime.morestack`).
    WithContext,
    /// It does not (`runtime.morestack_noctxt`, `runtime.morestackc`).
    WithoutContext,
}

/// A function's code, and the processor that it is for.
pub(crate) struct Body<'a> {
    /// The processor.
    pub(crate) processor: Processor,
    /// The code.
    pub(crate) code: Code<'a>,
}

impl<'a> Body<'a> {
    pub(super) fn treatment(&self, instruction: &Instruction) -> Treatment {
        self.processor.treatment(self.code.bytes_of(instruction))
    }

    /// An instruction as text.
    pub(crate) fn text(&self, instruction: &Instruction) -> String {
        self.processor
            .text(self.code.bytes_of(instruction), instruction.address)
    }

    /// An instruction as a site.
    pub(crate) fn site(&self, instruction: &Instruction) -> Site {
        Site {
            address: instruction.address,
            offset: instruction.address.wrapping_sub(self.code.address),
            instruction: self.text(instruction),
            emulated: self.treatment(instruction) == Treatment::Emulated,
        }
    }

    /// The instructions that return to the caller.
    pub(crate) fn returns(&self) -> impl Iterator<Item = &'a Instruction> + use<'a> {
        self.code.instructions.iter().filter(|i| i.flow == Flow::Return)
    }

    /// All of the function's sites.
    pub(crate) fn sites(&self, needs: &Needs, around: &dyn Surroundings) -> Result<Sites, StrangeCheck> {
        Ok(Sites {
            entry: self
                .entry(needs, around)?
                .map(|(instruction, guard, checked)| EntrySite {
                    site: self.site(instruction),
                    guard,
                    checked,
                }),
            returns: self.returns().map(|i| self.site(i)).collect(),
            tail_jumps: self.tail_jumps(around),
        })
    }

    /// The instruction that an entry probe goes on.
    pub(crate) fn entry(
        &self,
        needs: &Needs,
        around: &dyn Surroundings,
    ) -> Result<Result<(&'a Instruction, Guard, bool), NoEntry>, StrangeCheck> {
        let Some(check) = self.processor.stack_check(&self.code)? else {
            return Ok(self.unchecked_entry(needs, around));
        };
        let (Some(jump), Some(behind)) = (
            self.code.instructions.get(check.jump),
            self.code.instructions.get(check.jump + 1),
        ) else {
            return Err(StrangeCheck(self.code.address));
        };
        let brought_back = self.brought_back(&check, jump, around)?;
        // An argument that the function does not use is not saved while the stack grows, so it can only be read before
        // that. The registers that every function needs, the stack pointer and g, are there in any case.
        let context = needs.context.then_some(self.processor.registers().context);
        let mut needed = needs.registers.iter().copied().chain(context);
        if needed.any(|register| !brought_back.contains(&register)) {
            return Ok(Ok((jump, Guard::FirstArrival, true)));
        }
        // Up to Go 1.20 the stack pointer is moved behind the check, which is single-stepped. The jump itself is
        // emulated, and its flags tell a call that begins from one that first goes for more stack.
        Ok(Ok(if self.treatment(behind) == Treatment::Emulated {
            (behind, Guard::None, true)
        } else {
            (jump, Guard::CheckJumpNotTaken, true)
        }))
    }

    /// What the restart of a function with more stack preserves.
    fn brought_back(
        &self,
        check: &StackCheck,
        jump: &Instruction,
        around: &dyn Surroundings,
    ) -> Result<Vec<Register>, StrangeCheck> {
        let mut brought_back = Vec::new();
        for target in &check.targets {
            match self.grows_stack(*target, around) {
                Some(registers) if *target > jump.address => brought_back = registers,
                _ => return Err(StrangeCheck(jump.address)),
            }
        }
        Ok(brought_back)
    }

    /// If the code at `target` saves registers, calls `runtime.morestack` and starts the function again: the registers
    /// that it restores.
    fn grows_stack(&self, target: u64, around: &dyn Surroundings) -> Option<Vec<Register>> {
        let instructions = self.code.instructions;
        let start = instructions.binary_search_by_key(&target, |i| i.address).ok()?;
        let (mut saved, mut brought_back) = (Vec::new(), Vec::new());
        let mut called = None;
        for instruction in instructions.iter().skip(start).take(LONGEST_GROWTH) {
            match (instruction.flow, called) {
                (Flow::Next, called) => {
                    let bytes = self.code.bytes_of(instruction);
                    let Some(moved) = self.processor.stack_move(bytes, instruction.address) else {
                        continue;
                    };
                    let value = (moved.slot, moved.register);
                    match called {
                        None if moved.saves => saved.push(value),
                        Some(_) if !moved.saves && saved.contains(&value) => {
                            brought_back.push(moved.register);
                        }
                        _ => {}
                    }
                }
                (Flow::Call(to), None) => called = Some(around.morestack(to)?),
                (Flow::Jump(to), Some(morestack)) => {
                    if morestack == Morestack::WithContext {
                        brought_back.push(self.processor.registers().context);
                    }
                    return (to == self.code.address).then_some(brought_back);
                }
                _ => return None,
            }
        }
        None
    }

    /// The entry of a function that does not check its stack: the first instruction that the kernel emulates, as long
    /// as everything up to there runs exactly once per call and leaves alone what the probe reads; else the first one
    /// that takes a probe.
    fn unchecked_entry(
        &self,
        needs: &Needs,
        around: &dyn Surroundings,
    ) -> Result<(&'a Instruction, Guard, bool), NoEntry> {
        let targets = self.targets(around);
        let reads_memory = needs.memory || needs.context || !needs.registers.is_empty();
        let special = self.processor.registers();
        let mut relied_on = needs.registers.clone();
        relied_on.extend([special.stack, special.goroutine]);
        relied_on.extend(needs.context.then_some(special.context));
        let mut usable = None;
        let mut refused = None;
        for instruction in self.code.instructions {
            if targets.binary_search(&instruction.address).is_ok() {
                break;
            }
            let bytes = self.code.bytes_of(instruction);
            match self.processor.treatment(bytes) {
                Treatment::Emulated => return Ok((instruction, Guard::None, false)),
                Treatment::Stepped => usable = usable.or(Some(instruction)),
                Treatment::Refused(why) => {
                    refused = refused.or_else(|| Some(format!("`{}`: {why}", self.text(instruction))));
                }
            }
            if instruction.flow != Flow::Next {
                break;
            }
            let effects = self.processor.effects(bytes, instruction.address, &relied_on);
            if effects.may_fault || effects.spoils_registers || (reads_memory && effects.writes_memory) {
                break;
            }
        }
        match (usable, refused) {
            (Some(instruction), _) => Ok((instruction, Guard::None, false)),
            (None, Some(refused)) => Err(NoEntry::Refused(refused)),
            (None, None) => Err(NoEntry::LoopHead),
        }
    }

    /// Everything in the function that something in the function jumps to, sorted.
    pub(super) fn targets(&self, around: &dyn Surroundings) -> Vec<u64> {
        let range = self.code.range();
        let mut targets = Vec::new();
        let mut indirect = false;
        for instruction in self.code.instructions {
            match instruction.flow {
                Flow::Branch(to) | Flow::Jump(to) | Flow::Transaction(to) => targets.push(to),
                Flow::IndirectJump => indirect = true,
                _ => {}
            }
        }
        if indirect {
            let table = |i: &Instruction| self.processor.table(self.code.bytes_of(i), i.address);
            let mut tables: Vec<u64> = self.code.instructions.iter().filter_map(table).collect();
            tables.sort_unstable();
            tables.dedup();
            let mut left = MOST_CASES;
            for table in tables {
                let cases = around.table(table, &range, left);
                left = left.saturating_sub(cases.len());
                targets.extend(cases);
            }
        }
        targets.retain(|target| range.contains(target));
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// Jumps out of the function.
    fn tail_jumps(&self, around: &dyn Surroundings) -> Vec<(Site, Option<FunctionId>)> {
        let range = self.code.range();
        let mut found = Vec::new();
        for (index, instruction) in self.code.instructions.iter().enumerate() {
            match instruction.flow {
                Flow::Branch(target) | Flow::Jump(target) if !range.contains(&target) => {
                    found.push((self.site(instruction), around.function_at(target)));
                }
                Flow::IndirectJump if !self.processor.is_switch(&self.code, index) => {
                    found.push((self.site(instruction), None));
                }
                _ => {}
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gotype::abi::Abi;
    use crate::target::code::testing::{START, of_body};

    const MORESTACK: u64 = 0x9000;
    const MORESTACK_WITH_CONTEXT: u64 = 0x9800;
    const NEVER_RETURNS: u64 = 0x9900;

    struct Around;

    impl Surroundings for Around {
        fn morestack(&self, address: u64) -> Option<Morestack> {
            match address {
                MORESTACK => Some(Morestack::WithoutContext),
                MORESTACK_WITH_CONTEXT => Some(Morestack::WithContext),
                _ => None,
            }
        }

        fn never_returns(&self, address: u64) -> bool {
            address == NEVER_RETURNS
        }

        fn function_at(&self, address: u64) -> Option<FunctionId> {
            (address >= 0x8000).then_some(FunctionId(7))
        }

        fn table(&self, address: u64, within: &std::ops::Range<u64>, _limit: usize) -> Vec<u64> {
            let words = [START + 2, START];
            let known = (address == 0x5000).then_some(words).into_iter().flatten();
            known.filter(|word| within.contains(word)).collect()
        }
    }

    fn sites_for(bytes: &[u8], needs: &Needs) -> Result<Sites, StrangeCheck> {
        of_body(bytes, |body| body.sites(needs, &Around))
    }

    /// Offset, guard and check of the entry.
    fn entry(bytes: &[u8], needs: &Needs) -> Result<(u64, Guard, bool), NoEntry> {
        let sites = sites_for(bytes, needs).unwrap();
        sites.entry.map(|e| (e.site.offset, e.guard, e.checked))
    }

    /// A probe that reads the arguments' registers of these names.
    fn registers(names: &[&str]) -> Needs {
        let all = Processor::Amd64.convention(Abi::Internal).integers;
        let named = |name: &&str| *all.iter().find(|register| register.name() == *name).unwrap();
        Needs {
            registers: names.iter().map(named).collect(),
            ..Needs::default()
        }
    }

    /// `call` or `jmp` (`opcode`) at `at` bytes from the start to `target`.
    fn relative(opcode: u8, at: usize, target: u64) -> Vec<u8> {
        let next = START + at as u64 + 5;
        let mut bytes = vec![opcode];
        bytes.extend(
            i32::try_from(target.wrapping_sub(next).cast_signed())
                .unwrap()
                .to_le_bytes(),
        );
        bytes
    }

    /// A function that begins with `check`, whose last byte is the distance of a short jump, goes on with `body`, and
    /// grows its stack at the end.
    fn checked(check: &[u8], body: &[u8]) -> Vec<u8> {
        checked_by(check, body, MORESTACK)
    }

    fn checked_by(check: &[u8], body: &[u8], morestack: u64) -> Vec<u8> {
        let mut bytes = check.to_vec();
        *bytes.last_mut().unwrap() = u8::try_from(body.len()).unwrap();
        bytes.extend(body);
        // mov [rsp+8], rax
        bytes.extend([0x48, 0x89, 0x44, 0x24, 8]);
        bytes.extend(relative(0xe8, bytes.len(), morestack));
        // mov rax, [rsp+8]
        bytes.extend([0x48, 0x8b, 0x44, 0x24, 8]);
        bytes.extend(relative(0xe9, bytes.len(), START));
        bytes
    }

    const SMALL: &[u8] = &[0x49, 0x3b, 0x66, 0x10, 0x76, 0];
    const SYSTEM: &[u8] = &[0x49, 0x3b, 0x66, 0x18, 0x76, 0];
    // lea r12, [rsp-0x28]; cmp r12, [r14+0x10]; jbe
    const MEDIUM: &[u8] = &[0x4c, 0x8d, 0x64, 0x24, 0xd8, 0x4d, 0x3b, 0x66, 0x10, 0x76, 0];
    // mov r14, fs:[0xfffffffffffffff8]
    const LOAD_G: &[u8] = &[0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf8, 0xff, 0xff, 0xff];
    // mov r14, -8; mov r14, fs:[r14]
    const LOAD_G_PIE: &[u8] = &[0x49, 0xc7, 0xc6, 0xf8, 0xff, 0xff, 0xff, 0x64, 0x4d, 0x8b, 0x36];
    // push rbp; mov rbp, rsp; pop rbp; ret
    const BODY: &[u8] = &[0x55, 0x48, 0x89, 0xe5, 0x5d, 0xc3];
    // sub rsp, 0x18; add rsp, 0x18; ret
    const OLD_BODY: &[u8] = &[0x48, 0x83, 0xec, 0x18, 0x48, 0x83, 0xc4, 0x18, 0xc3];
    // add rsp, -0x80 (a frame of 128 bytes); sub rsp, -0x80; ret
    const FRAME_128: &[u8] = &[0x48, 0x83, 0xc4, 0x80, 0x48, 0x83, 0xec, 0x80, 0xc3];

    #[test]
    fn behind_the_check() {
        let needs = registers(&["ax"]);
        for check in [SMALL, SYSTEM, MEDIUM] {
            for load in [&[][..], LOAD_G, LOAD_G_PIE] {
                let head = [load, check].concat();
                let length = head.len() as u64;
                let new = checked(&head, BODY);
                assert_eq!(entry(&new, &needs), Ok((length, Guard::None, true)));
                for body in [OLD_BODY, FRAME_128] {
                    let old = checked(&head, body);
                    assert_eq!(
                        entry(&old, &needs),
                        Ok((length - 2, Guard::CheckJumpNotTaken, true))
                    );
                }
            }
        }
    }

    #[test]
    fn before_the_stack_grows_where_a_register_does_not_survive_that() {
        let context = Needs {
            context: true,
            ..registers(&["ax"])
        };
        for body in [BODY, OLD_BODY] {
            let bytes = checked(SMALL, body);
            for needs in [registers(&["ax", "bx"]), context.clone()] {
                assert_eq!(entry(&bytes, &needs), Ok((4, Guard::FirstArrival, true)));
            }
        }
        let bytes = checked_by(SMALL, BODY, MORESTACK_WITH_CONTEXT);
        assert_eq!(entry(&bytes, &context), Ok((6, Guard::None, true)));
        // Brought back from another place than it was saved to.
        let mut bytes = checked(SMALL, BODY);
        let displacement = bytes.len() - 6;
        bytes[displacement] = 16;
        let needs = registers(&["ax"]);
        assert_eq!(entry(&bytes, &needs), Ok((4, Guard::FirstArrival, true)));
    }

    #[test]
    fn behind_both_jumps_of_a_huge_frame() {
        // mov r12, rsp; sub r12, 0x10000; jb; cmp r12, [r14+0x10]; jbe
        let head: &[u8] = &[
            0x49,
            0x89,
            0xe4,
            0x49,
            0x81,
            0xec,
            0,
            0,
            1,
            0,
            0x72,
            6 + BODY.len() as u8,
            0x4d,
            0x3b,
            0x66,
            0x10,
            0x76,
            0,
        ];
        let bytes = checked(head, BODY);
        assert_eq!(entry(&bytes, &Needs::default()), Ok((18, Guard::None, true)));
    }

    #[test]
    fn a_check_that_does_not_grow_the_stack_is_strange() {
        let mut bytes = checked(SMALL, BODY);
        // The last jump goes elsewhere.
        let length = bytes.len();
        bytes[length - 4] ^= 0x40;
        assert_eq!(sites_for(&bytes, &Needs::default()), Err(StrangeCheck(START + 4)));
        // No such place in the function.
        assert!(sites_for(&[0x49, 0x3b, 0x66, 0x10, 0x76, 0x40, 0xc3], &Needs::default()).is_err());
        // Backwards.
        assert!(
            sites_for(
                &[0x90, 0x49, 0x3b, 0x66, 0x10, 0x76, 0xf9, 0xc3],
                &Needs::default()
            )
            .is_ok()
        );
        assert!(sites_for(&[0x49, 0x3b, 0x66, 0x10, 0x76, 0xfa, 0xc3], &Needs::default()).is_err());
    }

    #[test]
    fn without_a_check() {
        let none = Needs::default();
        let at = |offset| Ok((offset, Guard::None, false));
        // ret
        assert_eq!(entry(&[0xc3], &none), at(0));
        // push rbp; ret
        assert_eq!(entry(&[0x55, 0xc3], &none), at(0));
        // test rax, rax; je; ret; ret
        let test = [0x48, 0x85, 0xc0, 0x74, 1, 0xc3, 0xc3];
        assert_eq!(entry(&test, &none), at(3));
        assert_eq!(entry(&test, &registers(&["ax"])), at(3));
        // xor eax, eax; nop; ret: RAX is lost before the nop.
        let xor = [0x31, 0xc0, 0x90, 0xc3];
        assert_eq!(entry(&xor, &none), at(2));
        assert_eq!(entry(&xor, &registers(&["bx"])), at(2));
        assert_eq!(entry(&xor, &registers(&["ax"])), at(0));
        // mov dl, 1; nop; ret: so is the closure's context.
        let context = Needs {
            context: true,
            ..Needs::default()
        };
        assert_eq!(entry(&[0xb2, 1, 0x90, 0xc3], &none), at(2));
        assert_eq!(entry(&[0xb2, 1, 0x90, 0xc3], &context), at(0));
        // mov [rsp+8], rax; nop; ret: memory is written.
        let spill = [0x48, 0x89, 0x44, 0x24, 8, 0x90, 0xc3];
        let memory = Needs {
            memory: true,
            ..Needs::default()
        };
        assert_eq!(entry(&spill, &none), at(5));
        assert_eq!(entry(&spill, &memory), at(0));
        assert_eq!(entry(&spill, &registers(&["bx"])), at(0));
        // mov rcx, [rax]; nop; ret: a nil pointer panics before the nop.
        assert_eq!(entry(&[0x48, 0x8b, 0x08, 0x90, 0xc3], &none), at(0));
        // sub rsp, 8; nop; ret: the stack pointer moves.
        assert_eq!(entry(&[0x48, 0x83, 0xec, 8, 0x90, 0xc3], &none), at(0));
        // mov r14d, 1; nop; ret
        assert_eq!(entry(&[0x41, 0xbe, 1, 0, 0, 0, 0x90, 0xc3], &none), at(0));
        // ret; nop: nothing behind the first block counts.
        assert_eq!(entry(&[0x89, 0xc9, 0xc3, 0x90], &none), at(0));
    }

    #[test]
    fn loops() {
        let none = Needs::default();
        // dec eax; jne to itself; ret
        let head = [0xff, 0xc8, 0x75, 0xfc, 0xc3];
        assert_eq!(entry(&head, &none), Err(NoEntry::LoopHead));
        // mov ecx, eax; dec eax; jne to dec; ret: the jump runs several times.
        let inner = [0x89, 0xc1, 0xff, 0xc8, 0x75, 0xfc, 0xc3];
        assert_eq!(entry(&inner, &none), Ok((0, Guard::None, false)));
        // jmp [0x5000+rax*8]; ret; ret: a case of the switch begins the function anew.
        let table = [0xff, 0x24, 0xc5, 0x00, 0x50, 0, 0, 0xc3, 0xc3];
        assert_eq!(entry(&table, &none), Err(NoEntry::LoopHead));
    }

    #[test]
    fn refused_instructions() {
        let none = Needs::default();
        // lock inc dword ptr [rax]; ret
        let lock = [0xf0, 0xff, 0x00, 0xc3];
        assert!(matches!(entry(&lock, &none), Err(NoEntry::Refused(why)) if why.contains("lock inc")));
        // vpxor xmm0, xmm0, xmm0; ret: the next one will do.
        assert_eq!(
            entry(&[0xc5, 0xf9, 0xef, 0xc0, 0xc3], &none),
            Ok((4, Guard::None, false))
        );
    }

    #[test]
    fn returns_and_tail_jumps() {
        // ret 8; ret; jmp 0x9000; jmp rax; jmp [rdx]
        let mut bytes = vec![0xc2, 8, 0, 0xc3];
        bytes.extend(relative(0xe9, bytes.len(), 0x9000));
        bytes.extend([0xff, 0xe0, 0xff, 0x22]);
        let sites = sites_for(&bytes, &Needs::default()).unwrap();
        let returns: Vec<_> = sites
            .returns
            .iter()
            .map(|s| (s.offset, s.instruction.as_str(), s.emulated))
            .collect();
        assert_eq!(returns, [(0, "ret 8", false), (3, "ret", false)]);
        let jumps: Vec<_> = sites
            .tail_jumps
            .iter()
            .map(|(s, to)| (s.offset, s.instruction.as_str(), s.emulated, *to))
            .collect();
        assert_eq!(
            jumps,
            [
                (4, "jmp 0x9000", true, Some(FunctionId(7))),
                (9, "jmp rax", false, None),
                (11, "jmp qword ptr [rdx]", false, None),
            ]
        );
    }

    #[test]
    fn switches_are_no_tail_jumps() {
        // jmp [0x5000+rax*8]
        let direct = [0xff, 0x24, 0xc5, 0x00, 0x50, 0, 0, 0xc3];
        // lea rdx, [rip+…]; mov rcx, [rdx+rax*8]; jmp rcx
        let loaded = [
            0x48, 0x8d, 0x15, 0, 0, 0, 0, 0x48, 0x8b, 0x0c, 0xc2, 0xff, 0xe1, 0xc3,
        ];
        for bytes in [&direct[..], &loaded[..]] {
            assert_eq!(sites_for(bytes, &Needs::default()).unwrap().tail_jumps, []);
        }
        // mov rcx, [rax+0x18]; jmp rcx: a method of an interface.
        let method = [0x48, 0x8b, 0x48, 0x18, 0xff, 0xe1];
        assert_eq!(sites_for(&method, &Needs::default()).unwrap().tail_jumps.len(), 1);
    }
}
