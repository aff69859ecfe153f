//! What a separate file of symbols has to repeat of a program to pass for its own, and which symbols the program lacks.

use crate::target::Target;
use crate::target::attach::each_symbol;
use crate::target::elf::symbols::Symbols;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// What belongs to the program itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Its processor, as in an ELF header (`e_machine`).
    pub machine: u16,
    /// Its addresses are relative to where it is loaded.
    pub position_independent: bool,
    /// Where its code begins, as linked, and how many bytes it is.
    pub code: (u64, u64),
    /// Address and content of its section `.note.gnu.build-id`, if it has one: the whole note.
    pub build_id: Option<(u64, Vec<u8>)>,
}

/// A symbol for a function or an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// As it is to be spelled.
    pub name: Vec<u8>,
    /// Link-time address.
    pub address: u64,
    /// Bytes.
    pub size: u64,
}

impl Target<'_> {
    /// What a file of symbols for this program repeats.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let text = self.elf.section(".text").map(|section| {
            let size = u64::try_from(section.data.len()).unwrap_or(u64::MAX);
            (section.address, size)
        });
        // bcc goes by the section of this name, not by the note's kind.
        let note = self.elf.section(".note.gnu.build-id");
        Frame {
            machine: self.elf.processor().machine(),
            position_independent: self.identity.position_independent,
            code: text.unwrap_or_else(|| {
                let (lowest, end) = self.elf.extent();
                (lowest, end.saturating_sub(lowest))
            }),
            build_id: note.map(|note| (note.address, note.data.to_vec())),
        }
    }

    /// The offsets in the file of the code at these link-time addresses: what the kernel counts uprobes by. Addresses
    /// outside of the code are left out.
    #[must_use]
    pub fn offsets_of(&self, addresses: impl Iterator<Item = u64>) -> BTreeSet<u64> {
        addresses
            .filter_map(|address| self.elf.file_offset(address))
            .collect()
    }

    /// The offset in the file of the code at this address.
    #[must_use]
    pub fn place_in_file(&self, address: u64) -> Option<u64> {
        self.elf.file_offset(address)
    }

    /// The offsets in the file of all of its code.
    #[must_use]
    pub fn code_in_file(&self) -> Vec<Range<u64>> {
        self.elf.code_in_file().collect()
    }

    /// The Go functions that have no symbol, if the program has no table of symbols, nor a debug file that bpftrace
    /// finds.
    #[must_use]
    pub fn functions_without_symbol(&self) -> Vec<Symbol> {
        if Symbols::open(&self.elf).is_some() || self.symbol_sources().debug.is_some() {
            return Vec::new();
        }
        let mut named = HashSet::new();
        let endian = self.elf.file().endian();
        each_symbol(&self.elf, &mut |symbol, _| {
            use object::read::elf::Sym as _;
            named.insert(symbol.st_value(endian));
        });
        self.all()
            .filter_map(|id| self.entry(id))
            .filter(|entry| !named.contains(&entry.address))
            .map(|entry| Symbol {
                name: entry.name.to_vec(),
                address: entry.address,
                size: self.lines.size(&entry),
            })
            .collect()
    }

    /// True if a symbol of the program, or of the debug file that bpftrace finds, begins so.
    #[must_use]
    pub fn has_symbol_beginning(&self, prefix: &str) -> bool {
        let sources = self.symbol_sources();
        let mut found = false;
        for elf in [Some(sources.main), sources.debug.map(|(_, elf)| elf)]
            .into_iter()
            .flatten()
        {
            let endian = elf.file().endian();
            each_symbol(elf, &mut |symbol, strings| {
                use object::read::elf::Sym as _;
                let name = strings.get(symbol.st_name(endian) as usize..).unwrap_or_default();
                found |= name.starts_with(prefix.as_bytes());
            });
        }
        found
    }
}
