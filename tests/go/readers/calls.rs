//! The registers that callers read right after a call. All registers are the caller's to save in Go's ABI, so what is
//! read before it is written is a result: a witness for results that needs no debug information.

use super::endings::{kept, whole};
use super::saves::name;
use iced_x86::{
    Decoder, DecoderOptions, FlowControl, Instruction, InstructionInfoFactory, Mnemonic, OpAccess, OpKind,
    Register,
};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What callers of one function read.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// `ax`, `X0`.
    pub registers: BTreeSet<String>,
    /// Where the last of them was read.
    pub at: u64,
}

/// A caller is followed so far behind a call, to the next call or jump.
const FARTHEST: usize = 60;

/// Adds to `found` what the code of one function reads after its calls, by the address of the function that is called.
pub fn read(code: &[u8], address: u64, found: &mut HashMap<u64, Read>) {
    let mut decoder = Decoder::with_ip(64, code, address, DecoderOptions::NONE);
    let instructions: Vec<Instruction> = decoder.iter().collect();
    let mut info = InstructionInfoFactory::new();
    for (index, call) in instructions.iter().enumerate() {
        if call.flow_control() != FlowControl::Call {
            continue;
        }
        let callee = call.near_branch_target();
        let mut written: HashSet<Register> = HashSet::new();
        for instruction in instructions.iter().skip(index + 1).take(FARTHEST) {
            if !matches!(
                instruction.flow_control(),
                FlowControl::Next | FlowControl::ConditionalBranch
            ) {
                break;
            }
            // Where a call does not return the compiler puts this, so that its return address is still within the
            // function.
            if instruction.mnemonic() == Mnemonic::Nop && instruction.len() == 1 {
                break;
            }
            let used = info.info(instruction).used_registers().to_vec();
            // All ones or zero by the carry alone, whatever was in the register.
            let by_carry = instruction.mnemonic() == Mnemonic::Sbb
                && instruction.op0_kind() == OpKind::Register
                && instruction.op0_register() == instruction.op1_register();
            // A check for nil touches what a pointer points at; AL is not used.
            let touches = instruction.mnemonic() == Mnemonic::Test
                && instruction.op0_kind() == OpKind::Memory
                && instruction.op1_register() == Register::AL;
            for register in &used {
                let reads = matches!(
                    register.access(),
                    OpAccess::Read | OpAccess::ReadWrite | OpAccess::ReadCondWrite | OpAccess::CondRead
                );
                let whole = whole(register.register());
                let unused = by_carry
                    || touches && whole == Register::RAX && instruction.memory_base() != Register::RAX
                    || keeps_rest(instruction, whole);
                if reads
                    && !unused
                    && !kept(whole)
                    && !written.contains(&whole)
                    && (whole.is_gpr64() || whole.is_xmm())
                {
                    let entry = found.entry(callee).or_default();
                    if entry.registers.insert(name(whole)) {
                        entry.at = instruction.ip();
                    }
                }
            }
            for register in &used {
                if !matches!(register.access(), OpAccess::Read | OpAccess::CondRead) {
                    written.insert(whole(register.register()));
                }
            }
        }
    }
}

/// Whether a scalar conversion writes this register, and only reads it for the half that nobody uses.
fn keeps_rest(instruction: &Instruction, register: Register) -> bool {
    let scalar = matches!(
        instruction.mnemonic(),
        Mnemonic::Cvtss2sd
            | Mnemonic::Cvtsd2ss
            | Mnemonic::Cvtsi2sd
            | Mnemonic::Cvtsi2ss
            | Mnemonic::Sqrtsd
            | Mnemonic::Sqrtss
            | Mnemonic::Roundsd
            | Mnemonic::Roundss
    );
    scalar && instruction.op0_register() == register && instruction.op1_register() != register
}
