//! An ELF file of nothing but symbols.
//!
//! Layout: System V ABI, "Object Files". What bcc's library looks at is the section with the build id, and the tables
//! of symbols.

use crate::target::frame::{Frame, Symbol};

/// What stands behind the header of a file that is made here.
const MADE: &[u8] = b"symbols made by gobt\0\0\0\0";

const HEADER: u64 = 64;
const SECTION: u16 = 64;
const SYMBOL: u64 = 24;

/// Kinds of sections: `SHT_*`.
const PROGBITS: u32 = 1;
const SYMTAB: u32 = 2;
const STRTAB: u32 = 3;
const NOTE: u32 = 7;
const NOBITS: u32 = 8;
/// `SHF_ALLOC`, and with `SHF_EXECINSTR`.
const ALLOC: u64 = 2;
const CODE: u64 = 6;
/// A global function: `STB_GLOBAL`, `STT_FUNC`. bpftrace's wildcards match functions only.
const FUNCTION: u8 = 0x12;

/// A section's header.
#[derive(Clone, Copy, Default)]
struct Section {
    name: &'static str,
    kind: u32,
    flags: u64,
    address: u64,
    offset: u64,
    size: u64,
    link: u32,
    info: u32,
    align: u64,
    entry: u64,
}

/// The file as it grows.
struct Out(Vec<u8>);

impl Out {
    fn at(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }

    fn half(&mut self, value: u16) {
        self.0.extend(value.to_le_bytes());
    }

    fn word(&mut self, value: u32) {
        self.0.extend(value.to_le_bytes());
    }

    fn long(&mut self, value: u64) {
        self.0.extend(value.to_le_bytes());
    }

    fn align(&mut self) {
        self.0.resize(self.0.len().next_multiple_of(8), 0);
    }

    /// Puts bytes at a multiple of 8, and says where they are and how many.
    fn place(&mut self, bytes: &[u8]) -> (u64, u64) {
        self.align();
        let offset = self.at();
        self.0.extend(bytes);
        (offset, self.at() - offset)
    }
}

/// True for bytes that a file begins with which was made here.
#[must_use]
pub fn is_one(begin: &[u8]) -> bool {
    begin.starts_with(b"\x7fELF") && begin.get(64..).is_some_and(|rest| rest.starts_with(MADE))
}

/// A file of `symbols`, each of which is a function, for the program that `frame` is of. Names end at a NUL.
#[must_use]
pub(super) fn file(frame: &Frame, symbols: &[Symbol]) -> Vec<u8> {
    let mut out = Out(vec![0; 64]);
    let made = out.place(MADE);
    let note = frame.build_id.as_ref().map(|(_, note)| out.place(note));
    let mut names = vec![0];
    out.align();
    let table = out.at();
    out.0.extend([0; SYMBOL as usize]);
    for symbol in symbols {
        out.word(u32::try_from(names.len()).unwrap_or(0));
        out.0.extend([FUNCTION, 0]);
        out.half(1); // `.text`
        out.long(symbol.address);
        out.long(symbol.size);
        names.extend(symbol.name.iter().take_while(|byte| **byte != 0));
        names.push(0);
    }
    let table = (table, out.at() - table);
    let names = out.place(&names);
    let (address, size) = frame.code;
    let code = Section {
        name: ".text",
        kind: NOBITS,
        flags: CODE,
        address,
        offset: HEADER,
        size,
        align: 16,
        ..Section::default()
    };
    let of_note = frame
        .build_id
        .as_ref()
        .zip(note)
        .map(|((address, _), place)| Section {
            name: ".note.gnu.build-id",
            kind: NOTE,
            flags: ALLOC,
            address: *address,
            align: 4,
            ..Section::of(place)
        });
    let mut sections = vec![Section::default(), code];
    sections.extend(of_note);
    let number = u32::try_from(sections.len()).unwrap_or(0);
    sections.push(Section {
        name: ".symtab",
        kind: SYMTAB,
        link: number + 1,
        info: 1,
        align: 8,
        entry: SYMBOL,
        ..Section::of(table)
    });
    sections.push(Section {
        name: ".strtab",
        kind: STRTAB,
        align: 1,
        ..Section::of(names)
    });
    sections.push(Section {
        name: ".comment",
        kind: PROGBITS,
        align: 1,
        ..Section::of(made)
    });
    headers(&mut out, frame, sections);
    out.0
}

impl Section {
    fn of((offset, size): (u64, u64)) -> Self {
        Self {
            offset,
            size,
            ..Self::default()
        }
    }
}

/// Puts the names and the headers of the sections behind what is in them, and the file's own header at its beginning.
fn headers(out: &mut Out, frame: &Frame, mut sections: Vec<Section>) {
    sections.push(Section {
        name: ".shstrtab",
        kind: STRTAB,
        align: 1,
        ..Section::default()
    });
    let mut names = Vec::new();
    let starts: Vec<usize> = sections
        .iter()
        .map(|section| {
            let start = names.len();
            names.extend(section.name.as_bytes());
            names.push(0);
            start
        })
        .collect();
    let placed = out.place(&names);
    if let Some(last) = sections.last_mut() {
        (last.offset, last.size) = placed;
    }
    out.align();
    let table = out.at();
    let count = u16::try_from(sections.len()).unwrap_or(u16::MAX);
    for (section, start) in sections.iter().zip(starts) {
        out.word(u32::try_from(start).unwrap_or(0));
        out.word(section.kind);
        for value in [section.flags, section.address, section.offset, section.size] {
            out.long(value);
        }
        out.word(section.link);
        out.word(section.info);
        out.long(section.align);
        out.long(section.entry);
    }
    let mut header = Out(Vec::new());
    // 64 bits, little-endian, version 1; `ET_DYN` or `ET_EXEC`.
    header.0.extend(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    header.half(if frame.position_independent { 3 } else { 2 });
    header.half(frame.machine);
    header.word(1);
    header.long(0);
    header.long(0);
    header.long(table);
    header.word(0);
    for value in [64, 56, 0, SECTION, count, count - 1] {
        header.half(value);
    }
    for (place, byte) in out.0.iter_mut().zip(header.0) {
        *place = byte;
    }
}

#[cfg(test)]
mod tests {
    use super::{file, is_one};
    use crate::target::frame::{Frame, Symbol};
    use object::{Object as _, ObjectSection as _, ObjectSymbol as _};

    #[test]
    fn is_read_as_it_was_meant() {
        let note = b"\x04\0\0\0\x02\0\0\0\x03\0\0\0GNU\0\xab\xcd".to_vec();
        for build_id in [None, Some((0x400100, note))] {
            let frame = Frame {
                machine: 62,
                position_independent: build_id.is_some(),
                code: (0x401000, 0x5000),
                build_id: build_id.clone(),
            };
            let symbols =
                [("gobt_1_0_0", 0x401010, 1), ("main.f", 0x402000, 77)].map(|(name, address, size)| Symbol {
                    name: name.into(),
                    address,
                    size,
                });
            let bytes = file(&frame, &symbols);
            assert!(is_one(&bytes));
            assert!(!is_one(&bytes[..80]));
            let read = object::File::parse(bytes.as_slice()).unwrap();
            assert_eq!(read.architecture(), object::Architecture::X86_64);
            assert_eq!(read.kind() == object::ObjectKind::Dynamic, build_id.is_some());
            let text = read.section_by_name(".text").unwrap();
            assert_eq!((text.address(), text.size()), (0x401000, 0x5000));
            let id = read.build_id().unwrap();
            assert_eq!(id, build_id.is_some().then_some(&[0xab, 0xcd][..]));
            let found: Vec<_> = read
                .symbols()
                .map(|s| (s.name().unwrap().to_owned(), s.address(), s.size(), s.kind()))
                .collect();
            let meant: Vec<_> = symbols
                .iter()
                .map(|s| {
                    (
                        String::from_utf8(s.name.clone()).unwrap(),
                        s.address,
                        s.size,
                        object::SymbolKind::Text,
                    )
                })
                .collect();
            assert_eq!(found, meant);
        }
    }
}
