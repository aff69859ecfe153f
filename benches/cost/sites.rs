//! The places in a function that scripts by hand name: its first byte, the instruction behind its stack check, its RETs.

use super::support;
use iced_x86::{Decoder, Mnemonic};
use object::{Object, ObjectSymbol};
use std::fs;
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
        let bytes = fs::read(executable).unwrap();
        let file = object::File::parse(&*bytes).unwrap();
        let symbol = file.symbols().find(|symbol| symbol.name() == Ok(name)).unwrap();
        let layout = support::elf::Layout::of(executable).unwrap();
        let start = usize::try_from(layout.place(symbol.address()).unwrap().offset).unwrap();
        let code = &bytes[start..start + usize::try_from(symbol.size()).unwrap()];
        let instructions: Vec<_> = Decoder::with_ip(64, code, symbol.address(), 0)
            .into_iter()
            .map(|i| (i.ip(), i.mnemonic()))
            .collect();
        let of = |wanted| instructions.iter().filter(move |i| i.1 == wanted).map(|i| i.0);
        Self {
            first: symbol.address(),
            push: of(Mnemonic::Push).next().unwrap_or(symbol.address()),
            returns: of(Mnemonic::Ret).collect(),
        }
    }
}
