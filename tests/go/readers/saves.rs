//! The registers that a function saves before it has its stack grown: all that its arguments are in
//! (`src/cmd/internal/obj/x86/obj6.go`, `stacksplit`; `RegArgs` in `src/cmd/compile/internal/ssagen/ssa.go`). The code
//! says so without any debug information.

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};
use std::collections::BTreeSet;

/// A store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Save {
    /// Bytes above the stack pointer at the first instruction.
    pub at: u64,
    /// `ax`, `r8`, `X0`.
    pub register: String,
    /// Bytes.
    pub size: u64,
}

/// The registers that are stored right before the call of one of `grows`, by their place in the frame; none if there is
/// no such call.
pub fn read(code: &[u8], address: u64, grows: &BTreeSet<u64>) -> Option<Vec<Save>> {
    let mut stored: Vec<Save> = Vec::new();
    let mut instruction = Instruction::default();
    let mut decoder = Decoder::with_ip(64, code, address, DecoderOptions::NONE);
    while decoder.can_decode() {
        decoder.decode_out(&mut instruction);
        if instruction.is_call_near() && grows.contains(&instruction.near_branch_target()) {
            stored.sort();
            return Some(stored);
        }
        let store = matches!(
            instruction.mnemonic(),
            Mnemonic::Mov | Mnemonic::Movss | Mnemonic::Movsd
        ) && instruction.op0_kind() == OpKind::Memory
            && instruction.memory_base() == Register::RSP
            && instruction.memory_index() == Register::None
            && instruction.op1_kind() == OpKind::Register;
        if store {
            stored.push(Save {
                at: instruction.memory_displacement64(),
                register: name(instruction.op1_register()),
                size: instruction.memory_size().size() as u64,
            });
        } else if instruction.mnemonic() != Mnemonic::Nop {
            stored.clear();
        }
    }
    None
}

/// A register as the tests write it.
pub fn name(register: Register) -> String {
    if register.is_xmm() {
        return format!("X{}", register.number());
    }
    let whole = register.full_register();
    let name = format!("{whole:?}").to_lowercase();
    match name.strip_prefix('r') {
        Some(short) if whole.number() < 8 => short.to_owned(),
        _ => name,
    }
}
