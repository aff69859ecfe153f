//! The ELF symbol table (`.symtab`), read in place: a 150 MB program has 200,000 symbols, and most runs ask for a
//! handful.

use crate::target::elf::{Elf, c_string};
use crate::target::functions::name_index::{self, NameIndex};
use object::elf;
use object::read::elf::{SectionHeader as _, Sym as _};
use object::{Endianness, SectionIndex};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Questions by address that are answered without an index.
const FEW: u32 = 12;
/// Symbols at one address that are looked at.
const MOST_ALIASES: usize = 64;

/// A symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Symbol<'data> {
    /// Link-time address, or the offset in the thread's block.
    pub(crate) address: u64,
    /// Bytes, as far as it says.
    pub(crate) size: u64,
    /// As the linker spells it.
    pub(crate) name: &'data [u8],
}

/// A program's symbol table.
#[derive(Debug)]
pub(crate) struct Symbols<'data> {
    symbols: &'data [elf::Sym64<Endianness>],
    strings: &'data [u8],
    endian: Endianness,
    /// How many questions there were by address.
    asked: AtomicU32,
    /// Indices of the functions by address, made when there are more than a few.
    by_address: OnceLock<Vec<(u64, u32)>>,
    /// How many questions there were for functions of one name.
    asked_by_name: AtomicU32,
    /// The functions by name, made when there are more than a few.
    by_name: OnceLock<NameIndex>,
}

impl<'data> Symbols<'data> {
    /// The symbol table, if there is one with functions in it.
    pub(crate) fn open(elf: &Elf<'data>) -> Option<Self> {
        let file = elf.file();
        let endian = file.endian();
        let table = file.elf_section_table();
        let symbols = file.elf_symbol_table();
        let strings = match symbols.string_section() {
            SectionIndex(0) => return None,
            index => table.section(index).ok()?.data(endian, file.data()).ok()?,
        };
        let found = Self {
            symbols: symbols.symbols(),
            strings,
            endian,
            asked: AtomicU32::new(0),
            by_address: OnceLock::new(),
            asked_by_name: AtomicU32::new(0),
            by_name: OnceLock::new(),
        };
        found
            .symbols
            .iter()
            .any(|s| found.is_function(s))
            .then_some(found)
    }

    fn is_function(&self, symbol: &elf::Sym64<Endianness>) -> bool {
        symbol.st_type() == elf::STT_FUNC && symbol.st_shndx(self.endian) != elf::SHN_UNDEF
    }

    fn raw_name(&self, symbol: &elf::Sym64<Endianness>) -> Option<&'data [u8]> {
        c_string(self.strings, symbol.st_name(self.endian) as usize)
    }

    fn read(&self, symbol: &elf::Sym64<Endianness>) -> Option<Symbol<'data>> {
        Some(Symbol {
            address: symbol.st_value(self.endian),
            size: symbol.st_size(self.endian),
            name: self.raw_name(symbol)?,
        })
    }

    /// The functions whose name `may_match`, which gets the bytes from the name's beginning to the end of all names:
    /// most names are told apart by their first bytes, so their ends need not be looked for.
    pub(crate) fn functions<'a>(
        &'a self,
        may_match: impl Fn(&[u8]) -> bool + 'a,
    ) -> impl Iterator<Item = Symbol<'data>> + 'a {
        self.symbols
            .iter()
            .filter(move |s| {
                self.is_function(s)
                    && self
                        .strings
                        .get(s.st_name(self.endian) as usize..)
                        .is_some_and(&may_match)
            })
            .filter_map(|s| self.read(s))
    }

    /// The functions that may be called `name` in Go's spelling. None for the first few questions, for which going
    /// through all is faster.
    pub(crate) fn functions_called(&self, name: &[u8]) -> Option<Vec<Symbol<'data>>> {
        if self.by_name.get().is_none()
            && self.asked_by_name.fetch_add(1, Ordering::Relaxed) < name_index::FEW
        {
            return None;
        }
        let index = self.by_name.get_or_init(|| {
            NameIndex::of(self.symbols.len(), |index| {
                let symbol = self.symbols.get(index).filter(|s| self.is_function(s))?;
                self.raw_name(symbol)
            })
        });
        let found = index.called(name);
        Some(
            found
                .filter_map(|index| self.read(self.symbols.get(index)?))
                .collect(),
        )
    }

    /// The functions that begin at `address`, aliases and markers too.
    pub(crate) fn functions_at(&self, address: u64) -> Vec<Symbol<'data>> {
        // For a few questions looking through the table is faster than sorting it.
        if self.by_address.get().is_none() && self.asked.fetch_add(1, Ordering::Relaxed) < FEW {
            return self
                .symbols
                .iter()
                .filter(|s| s.st_value(self.endian) == address && self.is_function(s))
                .filter_map(|s| self.read(s))
                .collect();
        }
        let sorted = self.sorted();
        let first = sorted.partition_point(|&(at, _)| at < address);
        sorted
            .iter()
            .skip(first)
            .take_while(|&&(at, _)| at == address)
            .take(MOST_ALIASES)
            .filter_map(|&(_, index)| self.read(self.symbols.get(index as usize)?))
            .collect()
    }

    fn sorted(&self) -> &[(u64, u32)] {
        self.by_address.get_or_init(|| {
            let mut sorted: Vec<_> = self
                .symbols
                .iter()
                .zip(0u32..)
                .filter(|(s, _)| self.is_function(s))
                .map(|(s, index)| (s.st_value(self.endian), index))
                .collect();
            sorted.sort_unstable();
            sorted
        })
    }

    /// The symbol of any kind that is called exactly `name`.
    pub(crate) fn named(&self, name: &[u8]) -> Option<Symbol<'data>> {
        self.symbols
            .iter()
            .filter(|s| s.st_shndx(self.endian) != elf::SHN_UNDEF)
            .find(|s| {
                self.strings
                    .get(s.st_name(self.endian) as usize..)
                    .and_then(|text| text.strip_prefix(name))
                    .is_some_and(|rest| rest.first() == Some(&0))
            })
            .and_then(|s| self.read(s))
    }
}
