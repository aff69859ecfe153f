//! Where in a function probes go: behind its stack check, on every RET, on jumps that leave it.
//!
//! Shapes of the stack check: `stacksplit` in `src/cmd/internal/obj/x86/obj6.go` of Go 1.17 to 1.27.

use super::disasm::Listing;
use super::uprobe::{Treatment, treatment};
use super::{EntrySite, FunctionId, Guard, Needs, NoEntry, Site, Sites};
use crate::gotype::abi;
use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Formatter as _, Instruction, InstructionInfoFactory,
    IntelFormatter, Mnemonic, OpAccess, OpKind, Register,
};

/// Cases of all of a function's switches together that are looked at.
const MOST_CASES: usize = 1 << 20;

/// What has to be known of the program around the function.
pub(crate) trait Surroundings {
    /// Which of `runtime.morestack` and its kin `address` is, if it is one.
    fn morestack(&self, address: u64) -> Option<Morestack>;
    /// The function whose code `address` is in.
    fn function_at(&self, address: u64) -> Option<FunctionId>;
    /// The words of a table at `address`, as long as each of them lies in `within`, and at most `limit`.
    fn table(&self, address: u64, within: &std::ops::Range<u64>, limit: usize) -> Vec<u64>;
}

/// A function that makes room on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Morestack {
    /// It brings RDX back (`runtime.morestack`).
    WithContext,
    /// It does not (`runtime.morestack_noctxt`, `runtime.morestackc`).
    WithoutContext,
}

/// A function's code.
pub(crate) struct Body<'a> {
    /// Its instructions.
    pub(crate) listing: &'a Listing,
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// Its first byte.
    pub(crate) address: u64,
}

/// A stack check that cannot be understood: at this address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StrangeCheck(pub(crate) u64);

/// The first instructions of a function, when they check the stack.
struct Check {
    /// Index of the final conditional jump.
    jump: usize,
    /// What is as it was when the function begins again with more stack.
    brought_back: Vec<Register>,
}

impl<'a> Body<'a> {
    fn instructions(&self) -> &'a [Instruction] {
        &self.listing.instructions
    }

    fn range(&self) -> std::ops::Range<u64> {
        self.address..self.address.saturating_add(self.bytes.len() as u64)
    }

    fn bytes_of(&self, instruction: &Instruction) -> &'a [u8] {
        usize::try_from(instruction.ip().wrapping_sub(self.address))
            .ok()
            .and_then(|at| self.bytes.get(at..at.checked_add(instruction.len())?))
            .unwrap_or_default()
    }

    /// An instruction as a site.
    pub(crate) fn site(&self, instruction: &Instruction) -> Site {
        Site {
            address: instruction.ip(),
            offset: instruction.ip().wrapping_sub(self.address),
            instruction: text(instruction),
            emulated: treatment(self.bytes_of(instruction)) == Treatment::Emulated,
        }
    }

    /// How many RETs there are.
    pub(crate) fn returns(&self) -> impl Iterator<Item = &'a Instruction> {
        self.instructions()
            .iter()
            .filter(|i| i.mnemonic() == Mnemonic::Ret)
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
        let Some(check) = self.check(around)? else {
            return Ok(self.unchecked_entry(needs, around));
        };
        let instructions = self.instructions();
        let (Some(jump), Some(behind)) = (instructions.get(check.jump), instructions.get(check.jump + 1))
        else {
            return Err(StrangeCheck(self.address));
        };
        // An argument that the function does not use is not saved while the stack grows, so it can only be read before that. The
        // registers that every function needs, the stack pointer and g, are there in any case.
        if is_lost(&check.brought_back, needs) {
            return Ok(Ok((jump, Guard::FirstArrival, true)));
        }
        // Up to Go 1.20 `sub rsp` stands behind the check, which is single-stepped. The jump itself is emulated, and its flags tell
        // a call that begins from one that first goes for more stack.
        Ok(Ok(if treatment(self.bytes_of(behind)) == Treatment::Emulated {
            (behind, Guard::None, true)
        } else {
            (jump, Guard::CheckJumpNotTaken, true)
        }))
    }

    /// The stack check, if the function begins with one.
    fn check(&self, around: &dyn Surroundings) -> Result<Option<Check>, StrangeCheck> {
        let mut instructions = self.instructions().iter().enumerate().take(10).peekable();
        // ABI0 functions get g from the thread first; position-independent ones get the place of that first.
        for _ in 0..2 {
            instructions.next_if(|(_, i)| is_load_of_g(i));
        }
        let Some((_, mut at)) = instructions.next() else {
            return Ok(None);
        };
        let mut jumps = Vec::new();
        let mut compared = Register::RSP;
        if at.mnemonic() == Mnemonic::Lea
            && at.memory_base() == Register::RSP
            && at.memory_index() == Register::None
        {
            compared = at.op0_register();
            match instructions.next() {
                Some((_, next)) => at = next,
                None => return Ok(None),
            }
        } else if at.mnemonic() == Mnemonic::Mov && is_registers(at) && at.op1_register() == Register::RSP {
            // A huge frame: the subtraction may wrap, and is followed by a jump of its own.
            compared = at.op0_register();
            let (Some((_, sub)), Some((_, borrow)), Some((_, next))) =
                (instructions.next(), instructions.next(), instructions.next())
            else {
                return Ok(None);
            };
            if sub.mnemonic() != Mnemonic::Sub
                || sub.op0_register() != compared
                || borrow.mnemonic() != Mnemonic::Jb
            {
                return Ok(None);
            }
            jumps.push(borrow.near_branch_target());
            at = next;
        }
        let is_compare = at.mnemonic() == Mnemonic::Cmp
            && at.op0_kind() == OpKind::Register
            && at.op0_register() == compared
            && at.op1_kind() == OpKind::Memory
            && at.memory_base() == Register::R14
            && at.memory_index() == Register::None
            && matches!(at.memory_displacement64(), 0x10 | 0x18);
        let Some((index, jump)) = instructions.next().filter(|_| is_compare) else {
            return Ok(None);
        };
        if jump.mnemonic() != Mnemonic::Jbe {
            return Err(StrangeCheck(jump.ip()));
        }
        jumps.push(jump.near_branch_target());
        let mut brought_back = Vec::new();
        for target in jumps {
            match self.grows_stack(target, around) {
                Some(registers) if target > jump.ip() => brought_back = registers,
                _ => return Err(StrangeCheck(jump.ip())),
            }
        }
        Ok(Some(Check {
            jump: index,
            brought_back,
        }))
    }

    /// If the code at `target` saves registers, calls `runtime.morestack` and starts the function again: the registers that it
    /// brings back.
    fn grows_stack(&self, target: u64, around: &dyn Surroundings) -> Option<Vec<Register>> {
        let start = self.listing.at(target)?;
        let (mut saved, mut brought_back) = (Vec::new(), Vec::new());
        let mut called = None;
        for instruction in self.instructions().iter().skip(start).take(128) {
            match (instruction.flow_control(), called) {
                (FlowControl::Next, None) => saved.extend(moved(instruction, 0, 1)),
                (FlowControl::Next, Some(_)) => {
                    let loaded = moved(instruction, 1, 0);
                    brought_back.extend(
                        loaded
                            .filter(|it| saved.contains(it))
                            .map(|(_, register)| register),
                    );
                }
                (FlowControl::Call, None) => {
                    called = Some(around.morestack(instruction.near_branch_target())?);
                }
                (FlowControl::UnconditionalBranch, Some(morestack)) => {
                    if morestack == Morestack::WithContext {
                        brought_back.push(Register::RDX);
                    }
                    return (instruction.near_branch_target() == self.address).then_some(brought_back);
                }
                _ => return None,
            }
        }
        None
    }

    /// The entry of a function that does not check its stack: the first instruction that the kernel emulates, as long as everything up
    /// to there runs exactly once per call and leaves alone what the probe reads; else the first one that takes a probe.
    fn unchecked_entry(
        &self,
        needs: &Needs,
        around: &dyn Surroundings,
    ) -> Result<(&'a Instruction, Guard, bool), NoEntry> {
        let targets = self.targets(around);
        let reads_memory = needs.memory || needs.context || !needs.registers.is_empty();
        let mut info = InstructionInfoFactory::new();
        let mut usable = None;
        let mut refused = None;
        for instruction in self.instructions() {
            if targets.binary_search(&instruction.ip()).is_ok() {
                break;
            }
            match treatment(self.bytes_of(instruction)) {
                Treatment::Emulated => return Ok((instruction, Guard::None, false)),
                Treatment::Stepped => usable = usable.or(Some(instruction)),
                Treatment::Refused(why) => {
                    refused = refused.or_else(|| Some(format!("`{}`: {why}", text(instruction))));
                }
            }
            if instruction.flow_control() != FlowControl::Next || may_fault(instruction) {
                break;
            }
            let used = info.info(instruction);
            let spoils_register = used
                .used_registers()
                .iter()
                .filter(|r| writes(r.access()))
                .any(|r| is_needed(r.register().full_register(), needs));
            let spoils_memory = reads_memory && used.used_memory().iter().any(|m| writes(m.access()));
            if spoils_register || spoils_memory {
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
    fn targets(&self, around: &dyn Surroundings) -> Vec<u64> {
        let range = self.range();
        let mut targets = Vec::new();
        let mut indirect = false;
        for instruction in self.instructions() {
            match instruction.flow_control() {
                FlowControl::ConditionalBranch
                | FlowControl::UnconditionalBranch
                | FlowControl::XbeginXabortXend => {
                    targets.push(instruction.near_branch_target());
                }
                FlowControl::IndirectBranch => indirect = true,
                _ => {}
            }
        }
        if indirect {
            let mut tables: Vec<u64> = self.instructions().iter().filter_map(table_address).collect();
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
        let range = self.range();
        let mut found = Vec::new();
        for (index, instruction) in self.instructions().iter().enumerate() {
            match instruction.flow_control() {
                FlowControl::ConditionalBranch | FlowControl::UnconditionalBranch => {
                    let target = instruction.near_branch_target();
                    if !range.contains(&target) {
                        found.push((self.site(instruction), around.function_at(target)));
                    }
                }
                FlowControl::IndirectBranch if !self.is_switch(index) => {
                    found.push((self.site(instruction), None));
                }
                _ => {}
            }
        }
        found
    }

    /// True if the indirect jump at `index` is that of a `switch`: it takes its target from a table by an index.
    fn is_switch(&self, index: usize) -> bool {
        let Some(jump) = self.instructions().get(index) else {
            return false;
        };
        if jump.op0_kind() == OpKind::Memory {
            return jump.memory_index() != Register::None;
        }
        let register = jump.op0_register();
        // Nothing between the table's load and the jump but other loads: look back a little.
        let before = self.instructions().get(index.saturating_sub(8)..index);
        before
            .unwrap_or_default()
            .iter()
            .rev()
            .take_while(|i| i.flow_control() == FlowControl::Next)
            .find(|i| i.op0_kind() == OpKind::Register && i.op0_register() == register)
            .is_some_and(|i| match i.mnemonic() {
                Mnemonic::Mov => i.op1_kind() == OpKind::Memory && i.memory_index() != Register::None,
                // An offset taken from a table, added to the table's or the code's address.
                Mnemonic::Add => true,
                _ => false,
            })
    }
}

/// The address of what may be a table: that of an address computation, or the fixed part of a jump through a table.
fn table_address(instruction: &Instruction) -> Option<u64> {
    if instruction.is_ip_rel_memory_operand() && instruction.mnemonic() == Mnemonic::Lea {
        return Some(instruction.ip_rel_memory_address());
    }
    let indexed = instruction.memory_base() == Register::None
        && instruction.memory_index() != Register::None
        && instruction.memory_index_scale() == 8;
    indexed.then(|| instruction.memory_displacement64())
}

/// True if a function that begins with `head` loads g from the thread before it calls anything.
pub(crate) fn loads_g_first(head: &[u8]) -> bool {
    Decoder::new(64, head, DecoderOptions::NONE)
        .iter()
        .take_while(|i| {
            matches!(
                i.flow_control(),
                FlowControl::Next | FlowControl::ConditionalBranch
            )
        })
        .any(|i| i.segment_prefix() == Register::FS && is_load_of_g(&i))
}

/// `mov r14, fs:[…]`, or what finds out the place in the thread's block before it.
fn is_load_of_g(instruction: &Instruction) -> bool {
    if instruction.mnemonic() != Mnemonic::Mov || instruction.op0_kind() != OpKind::Register {
        return false;
    }
    match instruction.op1_kind() {
        OpKind::Memory if instruction.segment_prefix() == Register::FS => {
            instruction.op0_register() == Register::R14
        }
        OpKind::Memory => instruction.is_ip_rel_memory_operand(),
        OpKind::Immediate32to64 | OpKind::Immediate64 | OpKind::Immediate32 => true,
        _ => false,
    }
}

/// Which place on the stack a move between memory (operand `memory`) and a register (operand `register`) is about, by its distance
/// from RSP, and which register.
fn moved(instruction: &Instruction, memory: u32, register: u32) -> Option<(u64, Register)> {
    let is_move = matches!(
        instruction.mnemonic(),
        Mnemonic::Mov | Mnemonic::Movzx | Mnemonic::Movsx | Mnemonic::Movsxd
    );
    let through_stack = is_move
        && instruction.op_kind(memory) == OpKind::Memory
        && instruction.op_kind(register) == OpKind::Register
        && instruction.memory_base() == Register::RSP
        && instruction.memory_index() == Register::None;
    through_stack.then(|| {
        let register = instruction.op_register(register).full_register();
        (instruction.memory_displacement64(), register)
    })
}

/// True if the probe reads a register that is not among those `brought_back`.
fn is_lost(brought_back: &[Register], needs: &Needs) -> bool {
    let needed = needs.registers.iter().map(argument);
    let context = needs.context.then_some(Register::RDX);
    needed
        .chain(context)
        .any(|register| !brought_back.contains(&register))
}

fn is_registers(instruction: &Instruction) -> bool {
    instruction.op0_kind() == OpKind::Register && instruction.op1_kind() == OpKind::Register
}

fn writes(access: OpAccess) -> bool {
    matches!(
        access,
        OpAccess::Write | OpAccess::CondWrite | OpAccess::ReadWrite | OpAccess::ReadCondWrite
    )
}

/// True if the instruction may end in a panic, so that nothing behind it runs: it goes through a pointer that may be nil, or divides.
fn may_fault(instruction: &Instruction) -> bool {
    let through_pointer = (0..instruction.op_count()).any(|n| instruction.op_kind(n) == OpKind::Memory)
        && instruction.mnemonic() != Mnemonic::Lea
        && instruction.mnemonic() != Mnemonic::Nop
        && !matches!(
            instruction.memory_base(),
            Register::RSP | Register::RIP | Register::R14
        )
        && instruction.segment_prefix() != Register::FS;
    through_pointer
        || matches!(instruction.mnemonic(), Mnemonic::Div | Mnemonic::Idiv)
        || instruction.is_string_instruction()
}

/// The register as the decoder calls it.
const fn argument(register: &abi::Register) -> Register {
    match register {
        abi::Register::Ax => Register::RAX,
        abi::Register::Bx => Register::RBX,
        abi::Register::Cx => Register::RCX,
        abi::Register::Di => Register::RDI,
        abi::Register::Si => Register::RSI,
        abi::Register::R8 => Register::R8,
        abi::Register::R9 => Register::R9,
        abi::Register::R10 => Register::R10,
        abi::Register::R11 => Register::R11,
    }
}

/// True if the probe reads this register, or relies on it.
fn is_needed(register: Register, needs: &Needs) -> bool {
    matches!(register, Register::RSP | Register::R14)
        || (needs.context && register == Register::RDX)
        || needs.registers.iter().any(|r| argument(r) == register)
}

/// An instruction as text, operands in Intel's order: `push rbp`, `jbe 0x401234`.
pub(crate) fn text(instruction: &Instruction) -> String {
    let mut formatter = IntelFormatter::new();
    let options = formatter.options_mut();
    options.set_hex_prefix("0x");
    options.set_hex_suffix("");
    options.set_uppercase_hex(false);
    options.set_branch_leading_zeros(false);
    options.set_show_branch_size(false);
    options.set_space_after_operand_separator(true);
    options.set_rip_relative_addresses(false);
    let mut text = String::new();
    formatter.format(instruction, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gotype::abi::Register as Argument;

    const START: u64 = 0x1000;
    const MORESTACK: u64 = 0x9000;
    const MORESTACK_WITH_CONTEXT: u64 = 0x9800;

    struct Around;

    impl Surroundings for Around {
        fn morestack(&self, address: u64) -> Option<Morestack> {
            match address {
                MORESTACK => Some(Morestack::WithoutContext),
                MORESTACK_WITH_CONTEXT => Some(Morestack::WithContext),
                _ => None,
            }
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
        let mut listing = Listing::default();
        listing.decode(bytes, START, false).unwrap();
        let body = Body {
            listing: &listing,
            bytes,
            address: START,
        };
        body.sites(needs, &Around)
    }

    /// Offset, guard and check of the entry.
    fn entry(bytes: &[u8], needs: &Needs) -> Result<(u64, Guard, bool), NoEntry> {
        let sites = sites_for(bytes, needs).unwrap();
        sites.entry.map(|e| (e.site.offset, e.guard, e.checked))
    }

    fn registers(registers: &[Argument]) -> Needs {
        Needs {
            registers: registers.to_vec(),
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

    /// A function that begins with `check`, whose last byte is the distance of a short jump, goes on with `body`, and grows its stack
    /// at the end.
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
        let needs = registers(&[Argument::Ax]);
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
            ..registers(&[Argument::Ax])
        };
        for body in [BODY, OLD_BODY] {
            let bytes = checked(SMALL, body);
            for needs in [registers(&[Argument::Ax, Argument::Bx]), context.clone()] {
                assert_eq!(entry(&bytes, &needs), Ok((4, Guard::FirstArrival, true)));
            }
        }
        let bytes = checked_by(SMALL, BODY, MORESTACK_WITH_CONTEXT);
        assert_eq!(entry(&bytes, &context), Ok((6, Guard::None, true)));
        // Brought back from another place than it was saved to.
        let mut bytes = checked(SMALL, BODY);
        let displacement = bytes.len() - 6;
        bytes[displacement] = 16;
        let needs = registers(&[Argument::Ax]);
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
        assert_eq!(entry(&test, &registers(&[Argument::Ax])), at(3));
        // xor eax, eax; nop; ret: RAX is lost before the nop.
        let xor = [0x31, 0xc0, 0x90, 0xc3];
        assert_eq!(entry(&xor, &none), at(2));
        assert_eq!(entry(&xor, &registers(&[Argument::Bx])), at(2));
        assert_eq!(entry(&xor, &registers(&[Argument::Ax])), at(0));
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
        assert_eq!(entry(&spill, &registers(&[Argument::Bx])), at(0));
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
