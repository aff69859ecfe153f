//! The ELF file: sections, segments and bytes by address, checked once for all later readers.
//!
//! Layout: System V ABI, "Object Files".

mod bytes;
pub(crate) mod debug_file;
mod header;
pub(crate) mod image;
pub(crate) mod relocations;
pub(crate) mod symbols;

pub(crate) use bytes::{c_string, half_at, word_at};

use crate::arch::{Processor, Relocation};
use crate::diagnostic::Diagnostic;
use object::Endianness;
use object::elf;
use object::read::elf::{Dyn as _, ElfFile64, FileHeader as _, ProgramHeader as _, SectionHeader as _};

/// A section of the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section<'data> {
    /// Its name, as bytes.
    pub(crate) name: &'data [u8],
    /// Link-time address; 0 if it is not loaded.
    pub(crate) address: u64,
    /// Its bytes in the file; empty if it has none (`.bss`).
    pub(crate) data: &'data [u8],
    /// It is part of the program in memory.
    pub(crate) loaded: bool,
    /// Holds code.
    pub(crate) code: bool,
}

impl<'data> Section<'data> {
    /// Its bytes and where they are in memory.
    pub(crate) fn area(&self) -> Area<'data> {
        Area {
            address: self.address,
            data: self.data,
            code: self.code,
        }
    }
}

/// An executable's container.
#[derive(Debug)]
pub(crate) struct Elf<'data> {
    processor: Processor,
    file: ElfFile64<'data>,
    sections: Vec<Section<'data>>,
    segments: Vec<Segment<'data>>,
}

/// Bytes in memory and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area<'data> {
    /// Link-time address.
    pub(crate) address: u64,
    /// The bytes.
    pub(crate) data: &'data [u8],
    /// Holds code.
    pub(crate) code: bool,
}

/// A part of the file that is loaded into memory.
#[derive(Clone, Copy, Debug)]
struct Segment<'data> {
    address: u64,
    offset: u64,
    data: &'data [u8],
    /// Bytes in memory, of which the file may have fewer.
    size: u64,
    executable: bool,
    writable: bool,
}

impl<'data> Elf<'data> {
    /// Reads the headers of `data`, a file that messages call `path`.
    ///
    /// # Errors
    /// `NOT_ELF`, `WRONG_MACHINE`, `NOT_EXECUTABLE`, or `FILE_DAMAGED` when a table, section or segment lies outside
    /// the file.
    pub(crate) fn parse(path: &str, data: &'data [u8]) -> Result<Self, Diagnostic> {
        if !data.starts_with(&elf::ELFMAG) {
            return Err(header::not_elf(path, data));
        }
        let processor = header::check(path, data)?;
        let broken = |error: object::read::Error| header::damaged(path, &error.to_string());
        // Every section first: that one of them is cut off says more than which table cannot be read for that.
        let header = elf::FileHeader64::<Endianness>::parse(data).map_err(broken)?;
        let endian = header.endian().map_err(broken)?;
        let table = header.sections(endian, data).map_err(broken)?;
        let mut sections = Vec::new();
        for (number, header) in table.iter().enumerate() {
            let name = table.section_name(endian, header).unwrap_or_default();
            let bytes = header.data(endian, data).map_err(|_| {
                header::damaged(
                    path,
                    &format!("section {number} ({}) lies outside the file", name.escape_ascii()),
                )
            })?;
            let flags = header.sh_flags(endian);
            sections.push(Section {
                name,
                address: header.sh_addr(endian),
                data: bytes,
                loaded: flags.contains(elf::SHF_ALLOC),
                code: flags.contains(elf::SHF_EXECINSTR),
            });
        }
        let file = ElfFile64::parse(data).map_err(broken)?;
        let mut segments = Vec::new();
        for header in file.elf_program_headers() {
            if header.p_type(endian) != elf::PT_LOAD {
                continue;
            }
            let bytes = header
                .data(endian, data)
                .map_err(|()| header::damaged(path, "a loaded part of the program lies outside the file"))?;
            segments.push(Segment {
                address: header.p_vaddr(endian),
                offset: header.p_offset(endian),
                data: bytes,
                size: header.p_memsz(endian),
                executable: header.p_flags(endian).contains(elf::PF_X),
                writable: header.p_flags(endian).contains(elf::PF_W),
            });
        }
        if segments.is_empty() {
            return Err(header::damaged(path, "nothing of it is loaded into memory"));
        }
        Ok(Self {
            processor,
            file,
            sections,
            segments,
        })
    }

    /// What it is built for.
    pub(crate) fn processor(&self) -> Processor {
        self.processor
    }

    /// The parsed file, for readers of debug information.
    pub(crate) fn file(&self) -> &ElfFile64<'data> {
        &self.file
    }

    /// All sections.
    pub(crate) fn sections(&self) -> &[Section<'data>] {
        &self.sections
    }

    /// The first section called `name`.
    pub(crate) fn section(&self, name: &str) -> Option<&Section<'data>> {
        self.sections.iter().find(|s| s.name == name.as_bytes())
    }

    /// Addresses are relative to where it is loaded (ET_DYN).
    pub(crate) fn position_independent(&self) -> bool {
        self.file.elf_header().e_type(self.file.endian()) == elf::ET_DYN
    }

    /// Where it begins, if it is a program: one that a loader is to load, or that says that it is no library.
    pub(crate) fn begins_at(&self) -> Option<u64> {
        let endian = self.file.endian();
        let headers = self.file.elf_program_headers();
        let is_loaded = || {
            headers
                .iter()
                .any(|header| header.p_type(endian) == elf::PT_INTERP)
        };
        let is_program = || {
            let flags = relocations::dynamic_entry(self, elf::DT_FLAGS_1);
            flags.is_some_and(|flags| flags & elf::DF_1_PIE.0 != 0)
        };
        let entry = self.file.elf_header().e_entry(endian);
        (entry != 0 && (!self.position_independent() || is_loaded() || is_program())).then_some(entry)
    }

    /// The bytes from `address` to the end of the file's part of its segment.
    pub(crate) fn bytes_from(&self, address: u64) -> Option<&'data [u8]> {
        self.segments.iter().find_map(|s| {
            let skip = usize::try_from(address.checked_sub(s.address)?).ok()?;
            let rest = s.data.get(skip..)?;
            (!rest.is_empty()).then_some(rest)
        })
    }

    /// The bytes from `address` to the end of the file's part of its segment, if no process can write there.
    pub(crate) fn constant_from(&self, address: u64) -> Option<&'data [u8]> {
        self.segments.iter().filter(|s| !s.writable).find_map(|s| {
            let skip = usize::try_from(address.checked_sub(s.address)?).ok()?;
            s.data.get(skip..).filter(|rest| !rest.is_empty())
        })
    }

    /// The bytes from `address` to the end of its section, or of its segment in a file whose section table is gone.
    pub(crate) fn bytes_in_section(&self, address: u64) -> Option<&'data [u8]> {
        self.areas().find_map(|area| {
            let skip = usize::try_from(address.checked_sub(area.address)?).ok()?;
            area.data.get(skip..).filter(|rest| !rest.is_empty())
        })
    }

    /// `size` bytes at `address`, as they stand in the file.
    pub(crate) fn bytes(&self, address: u64, size: u64) -> Option<&'data [u8]> {
        self.bytes_from(address)?.get(..usize::try_from(size).ok()?)
    }

    /// `size` bytes of code at `address`.
    pub(crate) fn code(&self, address: u64, size: u64) -> Option<&'data [u8]> {
        self.file_offset(address)?;
        self.bytes(address, size)
    }

    /// A shared library whose name begins so is linked in.
    pub(crate) fn needs_library(&self, begin: &str) -> bool {
        let endian = self.file.endian();
        let table = self.file.elf_section_table();
        let Ok(Some((entries, strings))) = table.dynamic(endian, self.file.data()) else {
            return false;
        };
        let Ok(strings) = table.strings(endian, self.file.data(), strings) else {
            return false;
        };
        entries.iter().any(|entry| {
            entry.d_tag(endian) == elf::DT_NEEDED
                && u32::try_from(entry.d_val(endian))
                    .ok()
                    .and_then(|at| strings.get(at).ok())
                    .is_some_and(|name| name.starts_with(begin.as_bytes()))
        })
    }

    /// The 8-byte word at `address`, as it stands in the file (relocations not applied).
    pub(crate) fn word(&self, address: u64) -> Option<u64> {
        word_at(self.bytes(address, 8)?, 0)
    }

    /// The offset in the file of the code at `address`, which the kernel places uprobes by.
    pub(crate) fn file_offset(&self, address: u64) -> Option<u64> {
        self.segments.iter().filter(|s| s.executable).find_map(|s| {
            let skip = address.checked_sub(s.address)?;
            ((skip as usize) < s.data.len()).then(|| s.offset.checked_add(skip))?
        })
    }

    /// The offsets in the file of its code.
    pub(crate) fn code_in_file(&self) -> impl Iterator<Item = std::ops::Range<u64>> + '_ {
        let code = self.segments.iter().filter(|s| s.executable);
        code.map(|s| s.offset..s.offset.saturating_add(s.data.len() as u64))
    }

    /// The address of the code at this place of the file.
    pub(crate) fn address_at(&self, offset: u64) -> Option<u64> {
        self.segments.iter().filter(|s| s.executable).find_map(|s| {
            let skip = offset.checked_sub(s.offset)?;
            ((skip as usize) < s.data.len()).then(|| s.address.checked_add(skip))?
        })
    }

    /// The lowest address that a part of the file is loaded to, as linked, and the one behind the highest.
    pub(crate) fn extent(&self) -> (u64, u64) {
        let lowest = self.segments.iter().map(|s| s.address).min();
        let end = self
            .segments
            .iter()
            .map(|s| s.address.saturating_add(s.size))
            .max();
        (lowest.unwrap_or(0), end.unwrap_or(0))
    }

    /// The notes of every note section: owner, type, content.
    pub(crate) fn note(&self, owner: &[u8], kind: u32) -> Option<&'data [u8]> {
        let endian = self.file.endian();
        self.file
            .elf_section_table()
            .iter()
            .filter_map(|header| header.notes(endian, self.file.data()).ok().flatten())
            .chain(
                self.file
                    .elf_program_headers()
                    .iter()
                    .filter_map(|header| header.notes(endian, self.file.data()).ok().flatten()),
            )
            .find_map(|mut notes| {
                while let Ok(Some(note)) = notes.next() {
                    if note.name() == owner && note.n_type(endian).0 == kind {
                        return Some(note.desc());
                    }
                }
                None
            })
    }

    /// The loaded bytes that the file has: the loaded sections, or the segments of a file without a section table.
    pub(crate) fn areas(&self) -> impl Iterator<Item = Area<'data>> + '_ {
        let named = self.sections.iter().any(|s| s.loaded);
        let sections = self.sections.iter().filter(|s| s.loaded).map(Section::area);
        let segments = self.segments.iter().filter(move |_| !named).map(|s| Area {
            address: s.address,
            data: s.data,
            code: s.executable,
        });
        sections.chain(segments)
    }

    /// The parts of the file that a process can write to.
    pub(crate) fn variables(&self) -> impl Iterator<Item = Area<'data>> + '_ {
        let writable = self.segments.iter().filter(|s| s.writable);
        writable.map(|s| Area {
            address: s.address,
            data: s.data,
            code: s.executable,
        })
    }

    /// Link-time address and value of every word to which the loader adds where the file is loaded; none where nothing
    /// is moved.
    pub(crate) fn relocations(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        relocations::of(self)
            .filter(|_| self.position_independent())
            .filter(|found| found.kind == Some(Relocation::Relative))
            .map(|found| (found.at, found.addend))
    }

    /// The words into which the loader writes where a thread-local variable is, each with the variable's place in its
    /// thread-local block.
    pub(crate) fn thread_offsets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        relocations::of(self)
            .filter(|found| found.kind == Some(Relocation::ThreadOffset))
            .filter_map(|found| {
                let symbol = relocations::symbol_value(self, found.symbol)?;
                Some((found.at, symbol.wrapping_add(found.addend)))
            })
    }

    /// The addresses of what this file defines, but any file that is loaded before it may define in its stead, each
    /// with a word into which the loader writes where it really is. Plugins have their types, itabs and functions so.
    pub(crate) fn bound_by_loader(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        relocations::of(self)
            .filter(|found| self.position_independent() && found.symbol != 0 && found.addend == 0)
            .filter(|found| found.kind == Some(Relocation::Symbol))
            .filter_map(|found| Some((relocations::symbol_value(self, found.symbol)?, found.at)))
    }

    /// The words that hold `value` once the program is loaded, by relocation.
    pub(crate) fn relocations_to(&self, value: u64) -> impl Iterator<Item = u64> + '_ {
        self.relocations()
            .filter(move |&(_, addend)| addend == value)
            .map(|(at, _)| at)
    }

    /// The 8-byte word at `address` once the program is loaded where it was linked for. GNU's linkers and Go's write
    /// the addend of a relative relocation into the file as well; others leave 0 there.
    pub(crate) fn relocated_word(&self, address: u64) -> Option<u64> {
        let stored = self.word(address)?;
        if stored != 0 || !self.position_independent() {
            return Some(stored);
        }
        let relocated = self.relocations().find(|&(at, _)| at == address);
        Some(relocated.map_or(stored, |(_, addend)| addend))
    }
}
