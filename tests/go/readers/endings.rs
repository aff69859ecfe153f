//! The registers that a function sets right before it returns and does not read any more: its results. A witness for
//! results that needs no debug information, since compilers leave out stores into registers that nobody reads.

use super::saves::name;
use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind,
    Register,
};
use std::collections::BTreeMap;

/// What is set last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Reads memory that is not on the stack, or exchanges a register with it: an atomic operation is kept though
    /// nobody wants its result.
    pub may_be_atomic: bool,
    /// The instruction that does.
    pub at: u64,
}

/// By register (`ax`, `X0`), for the code of one function: of each RET, what is set behind the last branch, jump or
/// call before it.
pub fn read(code: &[u8], address: u64) -> BTreeMap<String, Set> {
    let mut decoder = Decoder::with_ip(64, code, address, DecoderOptions::NONE);
    let instructions: Vec<Instruction> = decoder.iter().collect();
    let mut info = InstructionInfoFactory::new();
    let mut found: BTreeMap<String, Set> = BTreeMap::new();
    let mut pending: BTreeMap<Register, Set> = BTreeMap::new();
    for (index, instruction) in instructions.iter().enumerate() {
        match instruction.flow_control() {
            FlowControl::Next => {}
            FlowControl::Return => {
                for (register, set) in std::mem::take(&mut pending) {
                    let known = found.entry(name(register)).or_insert_with(|| set.clone());
                    if !set.may_be_atomic {
                        *known = set;
                    }
                }
                continue;
            }
            _ => {
                pending.clear();
                continue;
            }
        }
        let used = info.info(instruction).used_registers().to_vec();
        for register in &used {
            if reads(register.access()) {
                pending.remove(&whole(register.register()));
            }
        }
        // What an instruction writes besides (the rest of a division, say) may well be unused.
        let operands = (0..instruction.op_count()).map(|n| instruction.op_register(n));
        let written: Vec<Register> = operands
            .filter(|register| *register != Register::None)
            .filter(|register| {
                used.iter()
                    .any(|u| whole(u.register()) == whole(*register) && u.access() == OpAccess::Write)
            })
            .map(whole)
            .filter(|register| (register.is_gpr64() || register.is_xmm()) && !kept(*register))
            .collect();
        let memory = (0..instruction.op_count()).any(|n| instruction.op_kind(n) == OpKind::Memory);
        // Whether an exchange took place is told by a flag.
        let behind_lock = index
            .checked_sub(1)
            .and_then(|before| instructions.get(before))
            .is_some_and(Instruction::has_lock_prefix);
        let set = Set {
            may_be_atomic: behind_lock
                || memory
                    && !matches!(instruction.memory_base(), Register::RSP | Register::RIP)
                    && instruction.mnemonic() != Mnemonic::Lea,
            at: instruction.ip(),
        };
        pending.extend(written.into_iter().map(|register| (register, set.clone())));
    }
    found
}

fn reads(access: OpAccess) -> bool {
    matches!(
        access,
        OpAccess::Read
            | OpAccess::ReadWrite
            | OpAccess::ReadCondWrite
            | OpAccess::CondRead
            | OpAccess::CondWrite
    )
}

/// The whole of a register that only a part is used of.
pub fn whole(register: Register) -> Register {
    if register.is_vector_register() {
        Register::XMM0 + register.number() as u32
    } else {
        register.full_register()
    }
}

/// Registers that have a meaning of their own everywhere: the stack, the frame, the goroutine, zero.
pub fn kept(register: Register) -> bool {
    matches!(
        register,
        Register::RSP | Register::RBP | Register::R14 | Register::XMM15 | Register::RIP
    )
}
