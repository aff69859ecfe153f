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

/// What has to be known of the program around the function.
pub(crate) trait Surroundings {
    /// True if `address` is that of `runtime.morestack` or one of its kin.
    fn is_morestack(&self, address: u64) -> bool;
    /// The function whose code `address` is in.
    fn function_at(&self, address: u64) -> Option<FunctionId>;
    /// The words of a table at `address`, as long as each of them lies in `within`.
    fn table(&self, address: u64, within: &std::ops::Range<u64>) -> Vec<u64>;
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
        if jumps
            .iter()
            .all(|&target| target > jump.ip() && self.grows_stack(target, around))
        {
            Ok(Some(Check { jump: index }))
        } else {
            Err(StrangeCheck(jump.ip()))
        }
    }

    /// The code at `target` saves registers, calls `runtime.morestack` and starts the function again.
    fn grows_stack(&self, target: u64, around: &dyn Surroundings) -> bool {
        let Some(start) = self.listing.at(target) else {
            return false;
        };
        let mut called = false;
        for instruction in self.instructions().iter().skip(start).take(128) {
            match instruction.flow_control() {
                FlowControl::Next => {}
                FlowControl::Call if !called && around.is_morestack(instruction.near_branch_target()) => {
                    called = true;
                }
                FlowControl::UnconditionalBranch if called => {
                    return instruction.near_branch_target() == self.address;
                }
                _ => return false,
            }
        }
        false
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
            for instruction in self.instructions() {
                if let Some(table) = table_address(instruction) {
                    targets.extend(around.table(table, &range));
                }
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

/// True if the probe reads this register, or relies on it.
fn is_needed(register: Register, needs: &Needs) -> bool {
    let argument = |r: &abi::Register| match r {
        abi::Register::Ax => Register::RAX,
        abi::Register::Bx => Register::RBX,
        abi::Register::Cx => Register::RCX,
        abi::Register::Di => Register::RDI,
        abi::Register::Si => Register::RSI,
        abi::Register::R8 => Register::R8,
        abi::Register::R9 => Register::R9,
        abi::Register::R10 => Register::R10,
        abi::Register::R11 => Register::R11,
    };
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
