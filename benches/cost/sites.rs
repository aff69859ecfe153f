//! The places in a function that scripts by hand name: its first byte, the instruction behind its stack check, its
//! RETs.

use super::support::elf::instructions;
use iced_x86::Mnemonic;
use std::path::Path;

/// Link-time addresses.
pub(crate) struct Sites {
    /// The first byte.
    pub(crate) first: u64,
    /// The `push rbp` behind the stack check: the cheapest instruction that every call passes once.
    pub(crate) push: u64,
    /// Every RET.
    pub(crate) returns: Vec<u64>,
}

impl Sites {
    /// Finds them by the symbol table and by decoding.
    pub(crate) fn of(executable: &Path, name: &str) -> Self {
        let instructions = instructions(executable, name);
        let of = |wanted| {
            let those = instructions.iter().filter(move |i| i.mnemonic() == wanted);
            those.map(|i| i.ip())
        };
        let first = instructions[0].ip();
        Self {
            first,
            push: of(Mnemonic::Push).next().unwrap_or(first),
            returns: of(Mnemonic::Ret).collect(),
        }
    }
}
