//! What the tests need to know about executables: which byte of the file is at which address, and which instructions a
//! function has.

use iced_x86::{Decoder, Instruction};
use object::elf::{ET_DYN, FileHeader64, PF_X, PT_LOAD};
use object::read::elf::{FileHeader, ProgramHeader};
use object::{Endianness, Object as _, ObjectSymbol as _, ReadCache};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// The loaded, executable parts of a file.
#[derive(Clone, Debug)]
pub struct Layout {
    segments: Vec<Segment>,
    /// Position-independent: addresses are relative to where it is loaded.
    pub pie: bool,
}

#[derive(Clone, Copy, Debug)]
struct Segment {
    address: u64,
    offset: u64,
    size: u64,
}

impl Layout {
    /// Reads the program headers of an executable.
    pub fn of(path: &Path) -> Result<Self, String> {
        Self::read(path).map_err(|error| format!("{}: {error}", path.display()))
    }

    fn read(path: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let file = ReadCache::new(File::open(path)?);
        let header = FileHeader64::<Endianness>::parse(&file)?;
        let endian = header.endian()?;
        let mut segments = Vec::new();
        for part in header.program_headers(endian, &file)? {
            if part.p_type(endian) == PT_LOAD && part.p_flags(endian) & PF_X == PF_X {
                segments.push(Segment {
                    address: part.p_vaddr(endian),
                    offset: part.p_offset(endian),
                    size: part.p_filesz(endian),
                });
            }
        }
        Ok(Self {
            segments,
            pie: header.e_type(endian) == ET_DYN,
        })
    }

    /// How the number in an attach point is meant: as an address, or as an offset in the file.
    pub fn place(&self, number: u64, in_file: bool) -> Option<Place> {
        let within = |start: u64, size: u64| number.checked_sub(start).filter(|distance| *distance < size);
        let by_offset = |s: &Segment| {
            within(s.offset, s.size).map(|distance| Place {
                address: s.address + distance,
                offset: number,
            })
        };
        let by_address = |s: &Segment| {
            within(s.address, s.size).map(|distance| Place {
                address: number,
                offset: s.offset + distance,
            })
        };
        if in_file {
            self.segments.iter().find_map(by_offset)
        } else {
            self.segments.iter().find_map(by_address)
        }
    }

    /// Where the file is loaded in a process: the number to add to its addresses.
    pub fn base(&self, pid: u32, path: &Path) -> io::Result<u64> {
        if !self.pie {
            return Ok(0);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        for line in fs::read_to_string(format!("/proc/{pid}/maps"))?.lines() {
            let mut words = line.split_whitespace();
            let (Some(range), Some(rights), Some(offset)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            if !rights.contains('x') || !line.ends_with(name.as_ref()) {
                continue;
            }
            let start = range
                .split('-')
                .next()
                .and_then(|start| u64::from_str_radix(start, 16).ok());
            let offset = u64::from_str_radix(offset, 16).ok();
            let segment = self.segments.iter().find(|s| Some(page(s.offset)) == offset);
            if let (Some(start), Some(segment)) = (start, segment) {
                return Ok(start - page(segment.address));
            }
        }
        Err(io::Error::other(format!(
            "process {pid} has no code of {name} mapped"
        )))
    }
}

/// An address and where its byte is in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// As linked.
    pub address: u64,
    /// In the file.
    pub offset: u64,
}

const fn page(address: u64) -> u64 {
    address & !0xfff
}

/// The byte of a file at an offset; also of `/proc/PID/mem` at an address.
pub fn byte_at(file: &mut File, offset: u64) -> io::Result<u8> {
    let mut byte = [0];
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(&mut byte)?;
    Ok(byte[0])
}

/// A function's instructions, with the addresses that the linker gave them.
pub fn instructions(executable: &Path, function: &str) -> Vec<Instruction> {
    let bytes = fs::read(executable).unwrap();
    let file = object::File::parse(&*bytes).unwrap();
    let mut symbols = file.symbols();
    let symbol = symbols.find(|symbol| symbol.name() == Ok(function)).unwrap();
    let place = Layout::of(executable)
        .unwrap()
        .place(symbol.address(), false)
        .unwrap();
    let start = usize::try_from(place.offset).unwrap();
    let code = &bytes[start..start + usize::try_from(symbol.size()).unwrap()];
    let decoder = Decoder::with_ip(64, code, symbol.address(), 0);
    decoder.into_iter().collect()
}
