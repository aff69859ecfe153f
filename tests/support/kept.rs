//! A program with so much debug information that gobt caches its inflated sections, in a directory of its own.

use super::SHOP;
use super::place::Place;
use super::run::{Ran, command};
use object::Endianness;
use object::elf::{FileHeader64, SectionHeader64};
use object::read::elf::{FileHeader as _, SectionHeader as _};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use twox_hash::XxHash3_128;

const RECIPE: &str =
    "on main.(*Shop).Take { print arg order.Customer, arg s }\nlatency main.charge\ncount main.say\n";
/// Bytes of a kept file before the inflated ones, and where in them the bytes' number and checksum are.
pub const START: usize = 128;
const SIZE: usize = 48;
/// Likewise of the checksum.
pub const CHECKSUM: usize = 56;

/// A program with much debug information, and a cache directory.
pub struct Scratch {
    /// Where it all is.
    pub place: Place,
}

impl Scratch {
    /// In a place of this name.
    pub fn new(name: &str) -> Self {
        let place = Place::new(name);
        fs::create_dir(place.join("cache")).unwrap();
        place.file("recipe.gobt", RECIPE);
        place.file("app", large(1));
        Self { place }
    }

    /// Where sections are kept.
    pub fn directory(&self) -> PathBuf {
        self.place.join("cache").join("gobt")
    }

    /// `gobt` with this directory for caches.
    pub fn command(&self, arguments: &[&str], cache: &Path) -> Command {
        let mut command = command(arguments);
        command.current_dir(&self.place.0).env("XDG_CACHE_HOME", cache);
        command
    }

    /// The output of gobt with this directory for caches.
    pub fn say_in(&self, arguments: &[&str], cache: &Path) -> Ran {
        self.command(arguments, cache).output().unwrap().into()
    }

    /// Its output for the recipe.
    pub fn compile(&self) -> Ran {
        self.say_in(&COMPILE, &self.place.join("cache"))
    }

    /// Its output if nothing can be cached.
    pub fn without(&self, arguments: &[&str]) -> Ran {
        self.say_in(arguments, &self.place.join("app/nowhere"))
    }

    /// The kept files, every other file in the directory being a mistake.
    pub fn kept(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.directory()) else {
            return Vec::new();
        };
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in &files {
            assert!(file.to_str().unwrap().ends_with(".section"), "{}", file.display());
        }
        files
    }

    /// Runs once and gives the file that is then kept.
    pub fn keep(&self) -> PathBuf {
        assert_eq!(self.compile().code, 0);
        let [file] = self.kept().try_into().unwrap();
        file
    }
}

/// Compiles the recipe for the program.
pub const COMPILE: [&str; 4] = ["compile", "recipe.gobt", "--bin", "app"];

/// The shop with 4 MiB more debug information: another unit, of which there is only noise that `seed` begins.
pub fn large(seed: u64) -> Vec<u8> {
    const MORE: usize = 4 << 20;
    let mut program = fs::read(SHOP).unwrap();
    let header = FileHeader64::<Endianness>::parse(program.as_slice()).unwrap();
    let sections = header.sections(Endianness::Little, program.as_slice()).unwrap();
    let (index, section) = sections
        .section_by_name(Endianness::Little, b".debug_info")
        .unwrap();
    let table = usize::try_from(header.e_shoff(Endianness::Little)).unwrap();
    let at = table + index.0 * size_of::<SectionHeader64<Endianness>>();
    let compressed = section.data(Endianness::Little, program.as_slice()).unwrap();
    let mut info = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&compressed[24..]), &mut info).unwrap();
    // Length, version 4, abbreviations at 0, 8 bytes an address, and for a root the entry that ends a list; noise.
    info.extend_from_slice(&u32::try_from(MORE).unwrap().to_le_bytes());
    let end = info.len() + MORE;
    info.extend_from_slice(&[4, 0, 0, 0, 0, 0, 8, 0]);
    let mut state = seed;
    while info.len() < end {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        info.extend_from_slice(&[0; 90]);
        info.push((state >> 60) as u8);
    }
    info.truncate(end);
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&info).unwrap();
    let stream = encoder.finish().unwrap();
    let offset = program.len() as u64;
    let mut chdr = compressed_header(info.len() as u64);
    chdr.extend_from_slice(&stream);
    program[at + 24..at + 32].copy_from_slice(&offset.to_le_bytes());
    program[at + 32..at + 40].copy_from_slice(&(chdr.len() as u64).to_le_bytes());
    program.extend_from_slice(&chdr);
    program
}

/// `Elf64_Chdr`: zlib, the inflated size, alignment 1.
fn compressed_header(size: u64) -> Vec<u8> {
    let mut header = vec![1, 0, 0, 0, 0, 0, 0, 0];
    header.extend_from_slice(&size.to_le_bytes());
    header.extend_from_slice(&1_u64.to_le_bytes());
    header
}

/// Gives a kept file another content, right in itself.
pub fn forge(file: &Path, inflated: &[u8]) {
    let mut bytes = fs::read(file).unwrap();
    bytes.truncate(START);
    bytes.extend_from_slice(inflated);
    bytes[SIZE..CHECKSUM].copy_from_slice(&(inflated.len() as u64).to_le_bytes());
    bytes[CHECKSUM..CHECKSUM + 16].copy_from_slice(&XxHash3_128::oneshot(inflated).to_le_bytes());
    fs::write(file, bytes).unwrap();
}
