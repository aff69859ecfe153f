//! `runtime.firstmoduledata` in a program without symbols.
//!
//! Its first word is the address of the line table's header in every version (`src/runtime/symtab.go`). In a position-independent
//! program that word may stand in the file, or only in the relocation that makes it.

use object::read::elf::{ElfFile64, ProgramHeader, Rela, SectionHeader};
use object::{Endianness, elf};

/// `text` and `etext`, which tell the structure from another use of the address.
const TEXT: u64 = 176;
const ETEXT: u64 = 184;

/// The word at `offset` of the structure that begins with `pclntab`, if there is exactly one such structure.
pub(super) fn word(file: &ElfFile64<'_>, pclntab: u64, offset: u64) -> Option<u64> {
    let image = Image { file };
    let mut found = image.stored(pclntab);
    found.extend(
        image
            .relocations()
            .filter(|(_, addend)| *addend == pclntab)
            .map(|(address, _)| address),
    );
    found.sort_unstable();
    found.dedup();
    let mut values = found.into_iter().filter_map(|address| {
        let text = image.word(address.checked_add(TEXT)?)?;
        let end = image.word(address.checked_add(ETEXT)?)?;
        if text >= end {
            return None;
        }
        image.word(address.checked_add(offset)?)
    });
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// The program as it is loaded, before it runs.
struct Image<'f, 'data> {
    file: &'f ElfFile64<'data>,
}

impl<'data> Image<'_, 'data> {
    const ENDIAN: Endianness = Endianness::Little;

    /// Address and bytes of every piece that is loaded and written to, or was before it was protected.
    fn pieces(&self) -> impl Iterator<Item = (u64, &'data [u8])> {
        let data = self.file.data();
        self.file.elf_program_headers().iter().filter_map(move |header| {
            let loaded = header.p_type(Self::ENDIAN) == elf::PT_LOAD;
            let bytes = header.data(Self::ENDIAN, data).ok()?;
            loaded.then(|| (header.p_vaddr(Self::ENDIAN), bytes))
        })
    }

    /// Addresses of words that hold `value` in the file.
    fn stored(&self, value: u64) -> Vec<u64> {
        let wanted = value.to_le_bytes();
        self.pieces()
            .flat_map(|(start, bytes)| {
                let skip = usize::try_from(start.wrapping_neg() % 8).unwrap_or(0);
                let words = bytes.get(skip..).unwrap_or_default().chunks_exact(8);
                words
                    .enumerate()
                    .filter(move |(_, word)| *word == wanted)
                    .filter_map(move |(number, _)| start.checked_add(skip as u64 + 8 * number as u64))
            })
            .collect()
    }

    /// Addresses and values of words that the loader makes.
    fn relocations(&self) -> impl Iterator<Item = (u64, u64)> {
        let data = self.file.data();
        self.file
            .elf_section_table()
            .iter()
            .filter_map(move |section| section.rela(Self::ENDIAN, data).ok().flatten())
            .flat_map(|(entries, _)| entries)
            .filter(|entry| entry.r_type(Self::ENDIAN, false) == elf::R_X86_64_RELATIVE)
            .map(|entry| (entry.r_offset(Self::ENDIAN), entry.r_addend(Self::ENDIAN) as u64))
    }

    /// The word at an address.
    fn word(&self, address: u64) -> Option<u64> {
        let stored = self.pieces().find_map(|(start, bytes)| {
            let at = usize::try_from(address.checked_sub(start)?).ok()?;
            let word = bytes.get(at..at.checked_add(8)?)?;
            Some(u64::from_le_bytes(word.try_into().ok()?))
        })?;
        if stored != 0 {
            return Some(stored);
        }
        Some(
            self.relocations()
                .find(|(at, _)| *at == address)
                .map_or(0, |(_, value)| value),
        )
    }
}
