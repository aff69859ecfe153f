//! Real programs, changed in the ways that readers of executables stumble over.

use super::Kind;
use super::numbers::Numbers;
use super::work::example;
use crate::support::hold::image::{Image, Place, Undo, inflated};
use crate::support::{Trouble, go};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use gimli::{EndianSlice, LittleEndian};
use std::io::Write as _;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A program and what is where in it.
pub struct Base {
    image: Image,
    attributes: Vec<Attribute>,
    entries: Vec<usize>,
    module: Option<usize>,
}

/// Where a number of the debug information is in the file.
struct Attribute {
    at: usize,
    size: usize,
    refers: bool,
}

/// Bytes of a section header.
const HEADER: usize = 64;

/// The programs as files: those of the repository, or one by several Go releases. `all` takes more of them.
pub fn files(kind: Kind, all: bool) -> Result<Vec<PathBuf>, Trouble> {
    use go::Mode::{Cgo, CompressDwarfOff, Default, NoOpt, Pie, Stripped};
    if kind != Kind::Built {
        return Ok(["shop", "kinds"].map(|name| example(name).into()).into());
    }
    let few = [("1.17.13", Default), ("1.27.3", Pie), ("1.27.3", Stripped)];
    let many = [
        ("1.17.13", Pie),
        ("1.17.13", Stripped),
        ("1.17.13", CompressDwarfOff),
        ("1.18.10", Default),
        ("1.20.14", Default),
        ("1.22.12", NoOpt),
        ("1.22.12", Stripped),
        ("1.24.11", Default),
        ("1.26.6", CompressDwarfOff),
        ("1.27.3", Default),
        ("1.27.3", CompressDwarfOff),
        ("1.27.3", Cgo),
    ];
    let wanted = few.iter().chain(many.iter().filter(|_| all));
    wanted
        .map(|(release, mode)| go::build("storm", release, *mode))
        .collect()
}

/// The programs, read. The first of them stands there once more with its debug information inflated.
pub fn bases(files: &[PathBuf]) -> Vec<Base> {
    let mut bases: Vec<Base> = files
        .iter()
        .map(|path| Base::new(std::fs::read(path).unwrap()))
        .collect();
    bases.push(Base::new(inflated(bases[0].image.bytes())));
    bases
}

impl Base {
    fn new(bytes: Vec<u8>) -> Self {
        let image = Image::new(bytes);
        let mut base = Self {
            attributes: Vec::new(),
            entries: Vec::new(),
            module: None,
            image,
        };
        base.find_attributes();
        base.find_module();
        base
    }

    /// What it is now.
    pub fn bytes(&self) -> &[u8] {
        self.image.bytes()
    }

    /// Takes a change back.
    pub fn undo(&mut self, undo: Undo) {
        self.image.undo(undo);
    }

    fn section(&self, part: &str) -> Option<Place> {
        self.image
            .places()
            .iter()
            .find(|place| place.name.contains(part) && place.size > 0)
            .cloned()
    }

    /// Finds the numbers of the debug information, where it is not compressed.
    fn find_attributes(&mut self) {
        let (Some(info), Some(abbrev)) = (self.section(".debug_info"), self.section(".debug_abbrev")) else {
            return;
        };
        let slice = |place: &Place| {
            EndianSlice::new(
                &self.image.bytes()[place.start..place.start + place.size],
                LittleEndian,
            )
        };
        let (section, abbrev) = (
            gimli::DebugInfo::from(slice(&info)),
            gimli::DebugAbbrev::from(slice(&abbrev)),
        );
        let (mut attributes, mut entries) = (Vec::new(), Vec::new());
        let mut units = section.units();
        while let Ok(Some(unit)) = units.next() {
            let Ok(known) = unit.abbreviations(&abbrev) else {
                break;
            };
            let Ok(mut raw) = unit.entries_raw(&known, None) else {
                break;
            };
            let begin = unit.offset().to_debug_info_offset(&unit).map_or(0, |at| at.0);
            while !raw.is_empty() && attributes.len() < 400_000 {
                entries.push(begin + raw.next_offset().0);
                let Ok(Some(abbreviation)) = raw.read_abbreviation() else {
                    continue;
                };
                for spec in abbreviation.attributes() {
                    let at = raw.next_offset().0;
                    let Ok(attribute) = raw.read_attribute(*spec) else {
                        return;
                    };
                    let size = raw.next_offset().0 - at;
                    let refers = matches!(
                        attribute.raw_value(),
                        gimli::AttributeValue::UnitRef(_) | gimli::AttributeValue::DebugInfoRef(_)
                    );
                    let counts = matches!(
                        attribute.name(),
                        gimli::DW_AT_byte_size
                            | gimli::DW_AT_count
                            | gimli::DW_AT_data_member_location
                            | gimli::DW_AT_high_pc
                            | gimli::DW_AT_low_pc
                            | gimli::DW_AT_name
                            | gimli::DW_AT_location
                            | gimli::DW_AT_abstract_origin
                    );
                    if (refers || counts) && (1..=8).contains(&size) {
                        attributes.push(Attribute {
                            at: info.start + begin + at,
                            size,
                            refers,
                        });
                    }
                }
            }
        }
        (self.attributes, self.entries) = (attributes, entries);
    }

    /// Finds `runtime.firstmoduledata`, which begins with the address of the line table.
    fn find_module(&mut self) {
        let Some(table) = self.section("gopclntab") else {
            return;
        };
        let address = &self.image.bytes()[table.header + 16..table.header + 24];
        self.module = self
            .image
            .places()
            .iter()
            .filter(|place| place.name.contains("data") || place.name.contains("module"))
            .find_map(|place| {
                let bytes = self.image.bytes().get(place.start..place.start + place.size)?;
                bytes
                    .chunks_exact(8)
                    .position(|word| word == address)
                    .map(|n| place.start + 8 * n)
            });
    }

    fn word(&self, at: usize, size: usize) -> u64 {
        let mut word = [0; 8];
        if let Some(bytes) = self.bytes().get(at..at + size) {
            word[..size].copy_from_slice(bytes);
        }
        u64::from_le_bytes(word)
    }

    fn area(&self, numbers: &mut Numbers) -> Range<usize> {
        let special = [
            Some(0..64 + 56 * 12),
            self.section("gopclntab")
                .map(|place| place.start..place.start + 72),
            self.section("gopclntab")
                .map(|place| place.start..place.start + place.size),
            self.module.map(|at| at..at + 700),
            self.section(".debug_abbrev")
                .map(|place| place.start..place.start + place.size),
            self.section(".symtab")
                .map(|place| place.start..place.start + place.size.min(100_000)),
            self.section(".go.buildinfo")
                .map(|place| place.start..place.start + place.size.min(96)),
            self.section("itab")
                .map(|place| place.start..place.start + place.size),
            self.section(".rodata")
                .map(|place| place.start..place.start + place.size),
        ];
        let places: Vec<&Place> = self
            .image
            .places()
            .iter()
            .filter(|place| place.size > 16)
            .collect();
        let area = match numbers.below(4) {
            0 => {
                let first = self.image.places()[0].header;
                first..first + HEADER * self.image.places().len()
            }
            1 => numbers.of_these(&special).unwrap_or(0..64),
            2 => {
                let place = numbers.of_these(&places);
                place.start..place.start + place.size.min(4096)
            }
            _ => {
                let place = numbers.of_these(&places);
                place.start..place.start + place.size
            }
        };
        area.start..area.end.min(self.bytes().len()).max(area.start + 1)
    }

    /// Changes it in the way that the numbers say. Says how.
    pub fn change(&mut self, numbers: &mut Numbers) -> (&'static str, Undo) {
        let mut undo = self.image.unchanged();
        let length = self.bytes().len();
        let (name, change) = numbers.of_these(CHANGES);
        change(self, &mut undo, numbers);
        // Now and then two things are wrong, unless there is less of it now than the second counts with.
        if numbers.once_in(5) && self.bytes().len() >= length {
            let (_, second) = numbers.of_these(CHANGES);
            second(self, &mut undo, numbers);
        }
        (name, undo)
    }

    fn put(&mut self, undo: &mut Undo, at: usize, size: usize, value: u64) {
        self.image.write(undo, at, &value.to_le_bytes()[..size]);
    }

    /// The places of two sections' headers.
    fn two_headers(&self, numbers: &mut Numbers) -> (usize, usize) {
        let one = numbers.of_these(self.image.places()).header;
        (one, numbers.of_these(self.image.places()).header)
    }
}

type Change = fn(&mut Base, &mut Undo, &mut Numbers);

/// The ways to change a program.
const CHANGES: &[(&str, Change)] = &[
    ("bits", bits),
    ("numbers", odd_numbers),
    ("cut", cut),
    ("swapped sections", swapped),
    ("overlapping sections", overlapping),
    ("huge sections", huge),
    ("bombs", bomb),
    ("references", references),
    ("references", references),
    ("abbreviations", abbreviations),
    ("line table", line_table),
    ("line table", line_table),
    ("module data", module_data),
    ("chunks", chunks),
    ("texts", texts),
    ("release", release),
];

fn bits(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let area = base.area(numbers);
    for _ in 0..=numbers.below(16) {
        let at = area.start + numbers.below(area.len());
        let value = base.word(at, 1) ^ 1 << numbers.below(8);
        base.put(undo, at, 1, value);
    }
}

fn odd_numbers(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let area = base.area(numbers);
    for _ in 0..=numbers.below(8) {
        let size = numbers.of_these(&[1, 2, 4, 8]);
        let at = area.start + numbers.below(area.len());
        let at = if numbers.once_in(3) { at } else { at - at % size };
        let value = numbers.odd(base.bytes().len());
        base.put(undo, at, size, value);
    }
}

fn cut(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let length = match numbers.below(3) {
        0 => numbers.below(base.bytes().len()),
        1 => base.bytes().len() - numbers.below(4096),
        _ => {
            let place = numbers.of_these(base.image.places());
            place.start + numbers.below(place.size + 16)
        }
    };
    base.image.truncate(undo, length);
}

fn swapped(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let (one, two) = base.two_headers(numbers);
    // Offsets and sizes, sizes only, types, addresses, or all of the header.
    let (from, length) = numbers.of_these(&[(24, 16), (32, 8), (4, 4), (16, 8), (0, HEADER)]);
    let first = base.bytes()[one + from..one + from + length].to_vec();
    let second = base.bytes()[two + from..two + from + length].to_vec();
    base.image.write(undo, one + from, &second);
    base.image.write(undo, two + from, &first);
}

fn overlapping(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let (one, two) = base.two_headers(numbers);
    let field = numbers.of_these(&[16, 24]);
    let start = base
        .word(two + field, 8)
        .wrapping_add(numbers.any() % 64)
        .wrapping_sub(numbers.any() % 64);
    base.put(undo, one + field, 8, start);
    if numbers.once_in(2) {
        let size = base.word(two + 32, 8);
        base.put(undo, one + 32, 8, size);
    }
}

fn huge(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let (one, _) = base.two_headers(numbers);
    let value = numbers.odd(base.bytes().len());
    let (at, size) = match numbers.below(4) {
        0 => numbers.of_these(&[
            (32, 8),
            (40, 8),
            (52, 2),
            (54, 2),
            (56, 2),
            (58, 2),
            (60, 2),
            (62, 2),
        ]),
        1 => (64 + 56 * numbers.below(8) + 8 * numbers.below(7), 8),
        _ => numbers.of_these(&[
            (one + 4, 4),
            (one + 8, 8),
            (one + 16, 8),
            (one + 24, 8),
            (one + 32, 8),
            (one + 40, 4),
            (one + 48, 8),
            (one + 56, 8),
        ]),
    };
    base.put(undo, at, size, value);
}

/// A zlib stream of this many megabytes; every kilobyte of it begins with `fresh` bytes that do not compress.
fn stream(megabytes: usize, fresh: usize) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut numbers = Numbers::of(fresh);
    for _ in 0..megabytes << 10 {
        let mut piece = [0; 1024];
        piece[..fresh].fill_with(|| numbers.any() as u8);
        encoder.write_all(&piece).unwrap();
    }
    encoder.finish().unwrap()
}

/// A section that says that it is compressed, by the header of its own that such a one has, and holds more than is
/// good.
fn bomb(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    static STREAMS: OnceLock<Vec<(u64, Vec<u8>)>> = OnceLock::new();
    let streams = STREAMS.get_or_init(|| {
        // Nothing but zeros, and what stays below every bound for how much a stream may inflate.
        let all = [(4, 0), (64, 0), (300, 0), (16, 24), (64, 24), (64, 64)];
        all.iter()
            .map(|&(megabytes, fresh)| ((megabytes as u64) << 20, stream(megabytes, fresh)))
            .collect()
    });
    let debug: Vec<Place> = base
        .image
        .places()
        .iter()
        .filter(|place| place.name.contains("debug"))
        .cloned()
        .collect();
    for _ in 0..=numbers.below(2) {
        let place = match debug.as_slice() {
            [] => numbers.of_these(base.image.places()),
            some => numbers.of_these(some),
        };
        let (size, stream) = &streams[numbers.below(streams.len())];
        let said = match numbers.below(5) {
            0 => 0,
            1 => stream.len() as u64 * (1 + numbers.any() % 70),
            2 => numbers.odd(base.bytes().len()),
            _ => *size,
        };
        let kind = numbers.of_these(&[1_u32, 1, 1, 2, 0]);
        let mut with = Vec::new();
        with.extend_from_slice(&kind.to_le_bytes());
        with.extend_from_slice(&[0; 4]);
        with.extend_from_slice(&said.to_le_bytes());
        with.extend_from_slice(&1_u64.to_le_bytes());
        with.extend_from_slice(stream);
        base.image.replace(undo, &place, &with);
        const SHF_COMPRESSED: u64 = 1 << 11;
        base.put(undo, place.header + 8, 8, SHF_COMPRESSED);
    }
}

/// Entries of the debug information that refer to themselves, to each other or to nowhere, and sizes that cannot be.
fn references(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    if base.attributes.is_empty() {
        return odd_numbers(base, undo, numbers);
    }
    let Some(info) = base.section(".debug_info") else {
        return;
    };
    let around = numbers.below(base.attributes.len());
    for _ in 0..=numbers.below(24) {
        // Near each other, so that what is asked about is hit more than once.
        let index = if numbers.once_in(3) {
            numbers.below(base.attributes.len())
        } else {
            around + numbers.below(200)
        };
        let Some(attribute) = base.attributes.get(index) else {
            continue;
        };
        let (at, size, refers) = (attribute.at, attribute.size, attribute.refers);
        let own = at - info.start;
        let after = base.entries.partition_point(|&entry| entry <= own);
        let near = after.saturating_sub(1 + numbers.below(4));
        let value = match numbers.below(4) {
            0 | 1 if refers => base.entries.get(near).copied().unwrap_or(own) as u64,
            2 if refers => numbers.of_these(&base.entries) as u64,
            _ => numbers.odd(info.size),
        };
        base.put(undo, at, size, value);
    }
}

fn abbreviations(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let Some(place) = base.section(".debug_abbrev") else {
        return bits(base, undo, numbers);
    };
    for _ in 0..=numbers.below(6) {
        let at = place.start + numbers.below(place.size.min(2048));
        let value = if numbers.once_in(2) {
            numbers.any()
        } else {
            base.word(at, 1) ^ 1 << numbers.below(8)
        };
        base.put(undo, at, 1, value);
    }
}

/// The header of the line table, its index, and what it says of functions.
fn line_table(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let Some(place) = base.section("gopclntab") else {
        return bits(base, undo, numbers);
    };
    let index = base.word(place.start + 64, 8) as usize % place.size;
    for _ in 0..=numbers.below(4) {
        let value = numbers.odd(place.size);
        let (at, size) = match numbers.below(4) {
            0 => (8 * numbers.below(9), 8),
            1 => (index + 4 * numbers.below(4000), 4),
            2 => (index + numbers.below(place.size - index), 4),
            _ => (numbers.below(place.size), numbers.of_these(&[1, 4, 8])),
        };
        base.put(undo, place.start + at, size, value);
    }
}

fn module_data(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let Some(module) = base.module else {
        return odd_numbers(base, undo, numbers);
    };
    for _ in 0..=numbers.below(4) {
        let at = module + 8 * numbers.below(80);
        let value = match numbers.below(3) {
            0 => base.word(module + 8 * numbers.below(80), 8),
            1 => base
                .word(at, 8)
                .wrapping_add(numbers.any() % 4096)
                .wrapping_sub(numbers.any() % 4096),
            _ => numbers.odd(base.bytes().len()),
        };
        base.put(undo, at, 8, value);
    }
}

fn chunks(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let area = base.area(numbers);
    let length = 1 + numbers.below(area.len().min(4096));
    let to = area.start + numbers.below(area.len() - length + 1);
    let from = area.start + numbers.below(area.len() - length + 1);
    let with = match numbers.below(4) {
        0 => vec![0; length],
        1 => vec![0xff; length],
        2 => (0..length).map(|_| numbers.any() as u8).collect(),
        _ => base.bytes()[from.min(base.bytes().len())..(from + length).min(base.bytes().len())].to_vec(),
    };
    base.image.write(undo, to, &with);
}

/// What is put into names.
const VENOMS: &[&[u8]] = &[
    b"*/",
    b"\"",
    b"\\",
    b"\n",
    b"%n",
    b"\x1b[2J",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"\0",
    b"{}",
    b"[...",
    b"(*",
    b").",
];

fn texts(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let names = [
        ".strtab",
        ".debug_str",
        ".debug_line",
        "gopclntab",
        ".rodata",
        ".debug_info",
        ".shstrtab",
    ];
    let Some(place) = base.section(numbers.of_these(&names)) else {
        return bits(base, undo, numbers);
    };
    let wanted: &[u8] = numbers.of_these(&[
        &b"main."[..],
        b"runtime.",
        b"main.main",
        b"go.shape",
        b"string",
        b"customer",
        b".debug",
    ]);
    let bytes = &base.bytes()[place.start..place.start + place.size];
    let found: Vec<usize> = memchr::memmem::find_iter(bytes, wanted).take(2000).collect();
    for _ in 0..=numbers.below(40) {
        let at = match found.as_slice() {
            [] => numbers.below(place.size),
            some => numbers.of_these(some) + numbers.below(12),
        };
        let venom = numbers.of_these(VENOMS);
        base.image.write(undo, place.start + at, venom);
    }
}

/// Says to be of another release, whose tables look different.
fn release(base: &mut Base, undo: &mut Undo, numbers: &mut Numbers) {
    let found: Vec<usize> = memchr::memmem::find_iter(base.bytes(), b"go1.")
        .take(64)
        .collect();
    let minor = 10 + numbers.below(20);
    for at in found {
        if base
            .bytes()
            .get(at + 4..at + 6)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
        {
            base.image.write(undo, at + 4, minor.to_string().as_bytes());
        }
    }
    if numbers.once_in(2) {
        line_table(base, undo, numbers);
    }
}
