//! Instructions: what they are, and the forms that Go's compiler and assembler give to a stack check, a switch and a
//! save of an argument.
//!
//! Shapes of the stack check: `stacksplit` in `src/cmd/internal/obj/x86/obj6.go` of Go 1.17 to 1.27.

use crate::arch::{Code, Effects, Flow, Instruction, StackCheck, StackMove, StrangeCheck, Undecodable, Work};
use crate::gotype::abi;
use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Formatter as _, Instruction as Decoded, InstructionInfoFactory,
    IntelFormatter, Mnemonic, OpAccess, OpKind, Register,
};

/// The number of instructions before an indirect jump that are searched for its jump table.
const BEFORE_JUMP: usize = 8;
/// Instructions that a stack check and what precedes it have at most.
const LONGEST_CHECK: usize = 10;

pub(super) fn decoder(code: &[u8], address: u64) -> Decoder<'_> {
    Decoder::with_ip(64, code, address, DecoderOptions::NONE)
}

pub(super) fn decode(code: &[u8], address: u64) -> Decoded {
    decoder(code, address).decode()
}

/// The properties of an instruction that all users need.
fn plain(decoded: &Decoded) -> Instruction {
    let target = decoded.near_branch_target();
    let flow = match decoded.flow_control() {
        FlowControl::Next => Flow::Next,
        FlowControl::ConditionalBranch => Flow::Branch(target),
        FlowControl::UnconditionalBranch => Flow::Jump(target),
        FlowControl::IndirectBranch => Flow::IndirectJump,
        FlowControl::XbeginXabortXend if target != 0 => Flow::Transaction(target),
        FlowControl::Call if target != 0 => Flow::Call(target),
        FlowControl::XbeginXabortXend
        | FlowControl::Call
        | FlowControl::IndirectCall
        | FlowControl::Interrupt => Flow::Leave,
        FlowControl::Return if decoded.mnemonic() == Mnemonic::Ret => Flow::Return,
        FlowControl::Return | FlowControl::Exception => Flow::End,
    };
    Instruction {
        address: decoded.ip(),
        // No instruction has more than 15 bytes.
        length: u8::try_from(decoded.len()).unwrap_or(u8::MAX),
        flow,
    }
}

pub(super) fn instruction(code: &[u8], address: u64) -> Option<Instruction> {
    let decoded = decode(code, address);
    (!decoded.is_invalid()).then(|| plain(&decoded))
}

pub(super) fn sweep(code: &[u8], address: u64, into: &mut Vec<Instruction>) -> Result<(), Undecodable> {
    let mut decoder = decoder(code, address);
    let mut decoded = Decoded::default();
    while decoder.can_decode() {
        decoder.decode_out(&mut decoded);
        if decoded.is_invalid() {
            return Err(Undecodable {
                address: decoded.ip(),
            });
        }
        into.push(plain(&decoded));
    }
    Ok(())
}

/// Operands in Intel's order: `push rbp`, `jbe 0x401234`.
pub(super) fn text(code: &[u8], address: u64) -> String {
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
    formatter.format(&decode(code, address), &mut text);
    text
}

pub(super) fn stack_check(code: &Code<'_>) -> Result<Option<StackCheck>, StrangeCheck> {
    let mut head = code
        .instructions
        .iter()
        .take(LONGEST_CHECK)
        .map(|instruction| decode(code.bytes_of(instruction), instruction.address))
        .enumerate()
        .peekable();
    // ABI0 functions get g from the thread first; position-independent ones get the place of that first.
    for _ in 0..2 {
        head.next_if(|(_, i)| is_load_of_g(i));
    }
    let Some((_, mut at)) = head.next() else {
        return Ok(None);
    };
    let mut targets = Vec::new();
    let mut compared = Register::RSP;
    if at.mnemonic() == Mnemonic::Lea
        && at.memory_base() == Register::RSP
        && at.memory_index() == Register::None
    {
        compared = at.op0_register();
        match head.next() {
            Some((_, next)) => at = next,
            None => return Ok(None),
        }
    } else if at.mnemonic() == Mnemonic::Mov && is_registers(&at) && at.op1_register() == Register::RSP {
        // A huge frame: the subtraction may wrap, and is followed by a jump of its own.
        compared = at.op0_register();
        let (Some((_, sub)), Some((_, borrow)), Some((_, next))) = (head.next(), head.next(), head.next())
        else {
            return Ok(None);
        };
        if sub.mnemonic() != Mnemonic::Sub
            || sub.op0_register() != compared
            || borrow.mnemonic() != Mnemonic::Jb
        {
            return Ok(None);
        }
        targets.push(borrow.near_branch_target());
        at = next;
    }
    // `stackguard0` and `stackguard1` in `runtime.g`.
    let is_compare = at.mnemonic() == Mnemonic::Cmp
        && at.op0_kind() == OpKind::Register
        && at.op0_register() == compared
        && at.op1_kind() == OpKind::Memory
        && at.memory_base() == Register::R14
        && at.memory_index() == Register::None
        && matches!(at.memory_displacement64(), 0x10 | 0x18);
    let Some((index, jump)) = head.next().filter(|_| is_compare) else {
        return Ok(None);
    };
    if jump.mnemonic() != Mnemonic::Jbe {
        return Err(StrangeCheck(jump.ip()));
    }
    targets.push(jump.near_branch_target());
    Ok(Some(StackCheck { jump: index, targets }))
}

/// True if a function that begins with `head` loads g from the thread before it calls anything.
pub(super) fn loads_goroutine_first(head: &[u8]) -> bool {
    decoder(head, 0)
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
fn is_load_of_g(instruction: &Decoded) -> bool {
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

pub(super) fn stack_move(code: &[u8], address: u64) -> Option<StackMove> {
    let instruction = decode(code, address);
    let is_move = matches!(
        instruction.mnemonic(),
        Mnemonic::Mov | Mnemonic::Movzx | Mnemonic::Movsx | Mnemonic::Movsxd
    );
    let (register, saves) = match (instruction.op0_kind(), instruction.op1_kind()) {
        (OpKind::Memory, OpKind::Register) => (instruction.op1_register(), true),
        (OpKind::Register, OpKind::Memory) => (instruction.op0_register(), false),
        _ => return None,
    };
    let through_stack =
        is_move && instruction.memory_base() == Register::RSP && instruction.memory_index() == Register::None;
    through_stack.then_some(StackMove {
        slot: instruction.memory_displacement64(),
        register: known(register.full_register()).filter(|register| super::carries_argument(*register))?,
        saves,
    })
}

pub(super) fn effects(code: &[u8], address: u64, relied_on: &[abi::Register]) -> Effects {
    let instruction = decode(code, address);
    let mut factory = InstructionInfoFactory::new();
    let used = factory.info(&instruction);
    let spoils = |register: Register| known(register.full_register()).is_some_and(|r| relied_on.contains(&r));
    Effects {
        may_fault: may_fault(&instruction),
        spoils_registers: used
            .used_registers()
            .iter()
            .any(|r| writes(r.access()) && spoils(r.register())),
        writes_memory: used.used_memory().iter().any(|m| writes(m.access())),
    }
}

pub(super) fn work(code: &[u8], address: u64) -> Work {
    let instruction = decode(code, address);
    let mut factory = InstructionInfoFactory::new();
    let mut work = Work {
        is_mark: code == [0x90],
        ..Work::default()
    };
    let calls = !matches!(
        instruction.flow_control(),
        FlowControl::Next | FlowControl::IndirectBranch
    );
    if calls || instruction.is_string_instruction() || instruction.segment_prefix() == Register::FS {
        return work;
    }
    for memory in factory.info(&instruction).used_memory() {
        let (on_stack, fixed) = (
            memory.base() == Register::RSP,
            instruction.is_ip_rel_memory_operand(),
        );
        work.writes |= writes(memory.access()) && !on_stack;
        work.reads |= reads(memory.access()) && !on_stack && !fixed;
        work.tests_collector |= fixed
            && instruction.mnemonic() == Mnemonic::Cmp
            && instruction.op_count() == 2
            && instruction.try_immediate(1).is_ok_and(|value| value == 0);
    }
    work
}

fn is_registers(instruction: &Decoded) -> bool {
    instruction.op0_kind() == OpKind::Register && instruction.op1_kind() == OpKind::Register
}

pub(super) fn writes(access: OpAccess) -> bool {
    matches!(
        access,
        OpAccess::Write | OpAccess::CondWrite | OpAccess::ReadWrite | OpAccess::ReadCondWrite
    )
}

fn reads(access: OpAccess) -> bool {
    matches!(
        access,
        OpAccess::Read | OpAccess::CondRead | OpAccess::ReadWrite | OpAccess::ReadCondWrite
    )
}

/// True if the instruction may end in a panic, so that nothing behind it runs: it goes through a pointer that may be
/// nil, or divides.
fn may_fault(instruction: &Decoded) -> bool {
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

/// The register as the rest of gobt knows it, if it does.
fn known(register: Register) -> Option<abi::Register> {
    Some(match register {
        Register::RAX => super::AX,
        Register::RBX => super::BX,
        Register::RCX => super::CX,
        Register::RDX => super::DX,
        Register::RDI => super::DI,
        Register::RSI => super::SI,
        Register::RSP => super::SP,
        Register::R8 => super::R8,
        Register::R9 => super::R9,
        Register::R10 => super::R10,
        Register::R11 => super::R11,
        Register::R12 => super::R12,
        Register::R13 => super::R13,
        Register::R14 => super::R14,
        Register::R15 => super::R15,
        _ => return None,
    })
}

pub(super) fn is_switch(code: &Code<'_>, jump: usize) -> bool {
    let decoded = |index: usize| {
        let instruction = code.instructions.get(index)?;
        Some(decode(code.bytes_of(instruction), instruction.address))
    };
    let Some(branch) = decoded(jump) else {
        return false;
    };
    if branch.op0_kind() == OpKind::Memory {
        return branch.memory_index() != Register::None;
    }
    let register = branch.op0_register();
    // Nothing between the table's load and the jump but other loads: look back a little.
    (jump.saturating_sub(BEFORE_JUMP)..jump)
        .rev()
        .map_while(decoded)
        .take_while(|i| i.flow_control() == FlowControl::Next)
        .find(|i| i.op0_kind() == OpKind::Register && i.op0_register() == register)
        .is_some_and(|i| match i.mnemonic() {
            Mnemonic::Mov => i.op1_kind() == OpKind::Memory && i.memory_index() != Register::None,
            // An offset taken from a table, added to the table's or the code's address.
            Mnemonic::Add => true,
            _ => false,
        })
}

/// That of an address computation, or the fixed part of a jump through a table.
pub(super) fn table(code: &[u8], address: u64) -> Option<u64> {
    let instruction = decode(code, address);
    if instruction.is_ip_rel_memory_operand() && instruction.mnemonic() == Mnemonic::Lea {
        return Some(instruction.ip_rel_memory_address());
    }
    let indexed = instruction.memory_base() == Register::None
        && instruction.memory_index() != Register::None
        && instruction.memory_index_scale() == 8;
    indexed.then(|| instruction.memory_displacement64())
}
