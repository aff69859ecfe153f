//! What the dynamic loader writes into a program when it loads it, from the tables that the loader itself reads
//! (`PT_DYNAMIC`): they are there also where the section table was removed.
//!
//! Layout: System V ABI, "Dynamic Section" and "Relocation"; `arch` knows the kinds.

use crate::arch;
use crate::target::elf::{Elf, half_at, word_at};
use object::elf;
use object::read::elf::{Dyn as _, ProgramHeader as _};

/// A word that the loader writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relocation {
    /// Its link-time address.
    pub(crate) at: u64,
    /// What the loader writes into it, if that tells something of a Go program.
    pub(crate) kind: Option<arch::Relocation>,
    /// The number of its symbol in the dynamic symbol table; 0 for none.
    pub(crate) symbol: u32,
    /// What is added to the symbol's value, or to where the file is loaded.
    pub(crate) addend: u64,
}

/// Bytes of a relocation, of a symbol.
const RELOCATION: usize = 24;
const SYMBOL: usize = 24;

/// The relocations of the table that `DT_RELA` names, in its order.
pub(crate) fn of<'data>(elf: &Elf<'data>) -> impl Iterator<Item = Relocation> + use<'data> {
    let processor = elf.processor();
    let table = || {
        elf.bytes(
            dynamic_entry(elf, elf::DT_RELA)?,
            dynamic_entry(elf, elf::DT_RELASZ)?,
        )
    };
    let table: &'data [u8] = table().unwrap_or_default();
    table.chunks_exact(RELOCATION).filter_map(move |entry| {
        Some(Relocation {
            at: word_at(entry, 0)?,
            kind: processor.relocation(half_at(entry, 8)?),
            symbol: half_at(entry, 12)?,
            addend: word_at(entry, 16)?,
        })
    })
}

/// The value of dynamic symbol `number`, if this file defines it.
pub(crate) fn symbol_value(elf: &Elf<'_>, number: u32) -> Option<u64> {
    let offset = (number as usize).checked_mul(SYMBOL)?;
    let table = elf.bytes_from(dynamic_entry(elf, elf::DT_SYMTAB)?)?;
    let symbol = table.get(offset..offset.checked_add(SYMBOL)?)?;
    let section = half_at(symbol, 4)? >> 16;
    (number == 0 || section != 0).then(|| word_at(symbol, 8))?
}

/// The value of the first entry of this kind in the dynamic section.
pub(super) fn dynamic_entry(elf: &Elf<'_>, tag: elf::DynamicTag) -> Option<u64> {
    let file = elf.file();
    let endian = file.endian();
    let entries = file
        .elf_program_headers()
        .iter()
        .find_map(|header| header.dynamic(endian, file.data()).ok().flatten())?;
    entries
        .iter()
        .map(|entry| (entry.d_tag(endian), entry.d_val(endian)))
        .take_while(|(tag, _)| *tag != elf::DT_NULL)
        .find(|(found, _)| *found == tag)
        .map(|(_, value)| value)
}
