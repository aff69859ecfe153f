//! An executable that is changed and changed back.

use object::read::elf::{FileHeader as _, SectionHeader as _};
use object::{Endianness, Object as _, ObjectSection as _, elf};

/// Bytes of a section header.
const HEADER: usize = 64;

/// A section: where its header, and where its bytes are.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its name.
    pub name: String,
    /// Where its header is.
    pub header: usize,
    /// Where its bytes are.
    pub start: usize,
    /// How many.
    pub size: usize,
}

/// An executable.
pub struct Image {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// What a change replaced, the last first.
pub struct Undo {
    length: usize,
    replaced: Vec<(usize, Vec<u8>)>,
}

/// The sections of an ELF file.
pub fn places(bytes: &[u8]) -> Vec<Place> {
    let endian = Endianness::Little;
    let header = elf::FileHeader64::<Endianness>::parse(bytes).expect("an ELF file");
    let table = header.sections(endian, bytes).expect("its sections");
    let first = usize::try_from(header.e_shoff(endian)).expect("a place in it");
    let place = |(number, section): (usize, &elf::SectionHeader64<Endianness>)| {
        let (start, size) = section.file_range(endian).unwrap_or((0, 0));
        Place {
            name: String::from_utf8_lossy(table.section_name(endian, section).unwrap_or_default())
                .into_owned(),
            header: first + HEADER * number,
            start: usize::try_from(start).expect("a place in it"),
            size: usize::try_from(size).expect("a size"),
        }
    };
    table.iter().enumerate().map(place).collect()
}

/// The same program with its compressed sections inflated.
pub fn inflated(bytes: &[u8]) -> Vec<u8> {
    let file = object::File::parse(bytes).expect("an ELF file");
    let mut out = bytes.to_vec();
    for place in places(bytes) {
        let Some(section) = file.section_by_name(&place.name) else {
            continue;
        };
        let Ok(data) = section.uncompressed_data() else {
            continue;
        };
        if matches!(&data, std::borrow::Cow::Owned(_)) {
            let at = out.len() as u64;
            out.extend_from_slice(&data);
            put(&mut out, place.header + 8, &0_u64.to_le_bytes());
            put(&mut out, place.header + 24, &at.to_le_bytes());
            put(&mut out, place.header + 32, &(data.len() as u64).to_le_bytes());
        }
    }
    out
}

fn put(bytes: &mut [u8], at: usize, with: &[u8]) {
    bytes[at..at + with.len()].copy_from_slice(with);
}

impl Image {
    /// An executable that is as it was built.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self {
            places: places(&bytes),
            bytes,
        }
    }

    /// It as it is now.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its sections as they were built.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Applies changes, written one behind the other: a byte for the kind, one for the section, three for a place in
    /// it, one for a length, and that many bytes. Ends at what is no change any more.
    pub fn edit(&mut self, mut edits: &[u8]) -> Undo {
        let mut undo = self.unchanged();
        while let [kind, section, a, b, c, length, rest @ ..] = edits {
            let place = self.places[usize::from(*section) % self.places.len()].clone();
            let at = usize::from(*a) | usize::from(*b) << 8 | usize::from(*c) << 16;
            let (with, rest) = rest.split_at(rest.len().min(usize::from(*length)));
            edits = rest;
            let headers = self.bytes.len().clamp(1, 64 + 56 * 12);
            match kind % 5 {
                0 if place.size > 0 => self.write(&mut undo, place.start + at % place.size, with),
                1 => self.write(&mut undo, place.header + at % HEADER, with),
                2 => self.write(&mut undo, at % headers, with),
                3 => self.replace(&mut undo, &place, with),
                4 => self.truncate(&mut undo, self.bytes.len().saturating_sub(at)),
                _ => {}
            }
        }
        undo
    }

    /// What undoes nothing.
    pub fn unchanged(&self) -> Undo {
        Undo {
            length: self.bytes.len(),
            replaced: Vec::new(),
        }
    }

    /// Overwrites bytes; what would be beyond the end is left out.
    pub fn write(&mut self, undo: &mut Undo, at: usize, with: &[u8]) {
        let end = at.saturating_add(with.len()).min(self.bytes.len());
        let Some(old) = self.bytes.get_mut(at..end) else {
            return;
        };
        undo.replaced.push((at, old.to_vec()));
        old.copy_from_slice(&with[..end - at]);
    }

    /// Gives a section other bytes, which lie at the end of the file.
    pub fn replace(&mut self, undo: &mut Undo, place: &Place, with: &[u8]) {
        let at = self.bytes.len() as u64;
        self.bytes.extend_from_slice(with);
        self.write(undo, place.header + 24, &at.to_le_bytes());
        self.write(undo, place.header + 32, &(with.len() as u64).to_le_bytes());
    }

    /// Cuts the file, at most once in a change.
    pub fn truncate(&mut self, undo: &mut Undo, length: usize) {
        if length < self.bytes.len() {
            undo.replaced.push((length, self.bytes[length..].to_vec()));
            self.bytes.truncate(length);
        }
    }

    /// Takes a change back.
    pub fn undo(&mut self, undo: Undo) {
        for (at, old) in undo.replaced.into_iter().rev() {
            let end = at + old.len();
            if self.bytes.len() < end {
                self.bytes.resize(end, 0);
            }
            put(&mut self.bytes, at, &old);
        }
        self.bytes.truncate(undo.length);
    }
}
