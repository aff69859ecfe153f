//! The itabs that the linker made: which concrete types are put into which interfaces.
//!
//! An itab (`internal/abi.ITab`) begins with the descriptor of the interface and that of the concrete type. Up to Go 1.26
//! `runtime.moduledata.itablinks` points at each of them; since 1.27 they lie one behind the other (`itaboffset`, `itabsize`,
//! from `types`). Names are those of the types' descriptors (`internal/abi.Type`, `internal/abi.Name`), as Go prints them.
//! Reading them from the file says what a probe often cannot: the pages they are on may never have been touched by the program.

use super::elf::Elf;
use std::collections::HashMap;

/// An itab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Itab {
    /// Its link-time address.
    pub address: u64,
    /// Descriptor of the interface.
    pub interface: u64,
    /// Descriptor of the concrete type.
    pub descriptor: u64,
    /// The concrete type's name as Go prints it, packages by their last element.
    pub name: String,
}

/// More than a program can sensibly have.
const MOST: u64 = 1 << 20;
/// The longest name that is read.
const LONGEST_NAME: usize = 4096;

/// The itabs of the interface whose descriptor is at `interface`.
pub(crate) fn of_interface(elf: &Elf<'_>, module: u64, types: u64, minor: u32, interface: u64) -> Vec<Itab> {
    let image = Image::new(elf);
    let Some(addresses) = addresses(&image, module, types, minor) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for address in addresses {
        if image.word(address) != Some(interface) {
            continue;
        }
        let Some(descriptor) = address.checked_add(8).and_then(|at| image.word(at)) else {
            continue;
        };
        if let Some(name) = type_name(elf, types, descriptor) {
            found.push(Itab {
                address,
                interface,
                descriptor,
                name,
            });
        }
    }
    found
}

fn addresses(image: &Image<'_, '_>, module: u64, types: u64, minor: u32) -> Option<Vec<u64>> {
    // Offsets in `runtime.moduledata` (`src/runtime/symtab.go`): Go 1.17; 1.18, 1.19; 1.20 to 1.25; 1.26.
    let links = match minor {
        17 => 344,
        18..=19 => 360,
        20..=25 => 376,
        26 => 384,
        _ => return consecutive(image, module, types),
    };
    let list = image.word(module.checked_add(links)?)?;
    let count = image.word(module.checked_add(links + 8)?)?.min(MOST);
    (0..count)
        .map(|i| image.word(list.checked_add(i.checked_mul(8)?)?))
        .collect()
}

/// Go 1.27: each has 24 bytes and then a word per method of its interface, at least one.
fn consecutive(image: &Image<'_, '_>, module: u64, types: u64) -> Option<Vec<u64>> {
    let start = types.checked_add(image.word(module.checked_add(320)?)?)?;
    let end = start.checked_add(image.word(module.checked_add(328)?)?)?;
    let mut at = start;
    let mut found = Vec::new();
    while at < end && (found.len() as u64) < MOST {
        found.push(at);
        let interface = image.word(at)?;
        // `internal/abi.InterfaceType.Methods` is a slice at 56.
        let methods = image.word(interface.checked_add(64)?)?.clamp(1, MOST);
        at = at.checked_add(24 + 8 * methods)?;
    }
    Some(found)
}

/// The name of the type whose descriptor is at an address.
pub(crate) fn type_name(elf: &Elf<'_>, types: u64, descriptor: u64) -> Option<String> {
    let header = elf.bytes(descriptor, 48)?;
    let star = header.get(20)? & 2 != 0;
    let offset = u32::from_le_bytes(header.get(40..44)?.try_into().ok()?);
    let name = elf.bytes_from(types.checked_add(u64::from(offset))?)?;
    let mut length = 0usize;
    let mut at = 1;
    for group in 0..3 {
        let byte = *name.get(at)?;
        at += 1;
        length |= usize::from(byte & 0x7f) << (7 * group);
        if byte & 0x80 == 0 {
            break;
        }
    }
    let bytes = name.get(at..at.checked_add(length.min(LONGEST_NAME))?)?;
    let text = std::str::from_utf8(bytes).ok()?;
    let text = if star {
        text.strip_prefix('*').unwrap_or(text)
    } else {
        text
    };
    (!text.is_empty()).then(|| text.to_owned())
}

/// The Go strings of an array of `count` at `table`; what is no text is empty.
pub(crate) fn strings(elf: &Elf<'_>, table: u64, count: u64) -> Vec<String> {
    let image = Image::new(elf);
    let read = |i: u64| {
        let header = table.checked_add(16 * i)?;
        let (data, length) = (image.word(header)?, image.word(header.checked_add(8)?)?);
        let bytes = elf.bytes(data, length.min(LONGEST_NAME as u64))?;
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    };
    (0..count).map(|i| read(i).unwrap_or_default()).collect()
}

/// Words of the program as it is loaded where it was linked for.
struct Image<'e, 'data> {
    elf: &'e Elf<'data>,
    relocated: HashMap<u64, u64>,
}

impl<'e, 'data> Image<'e, 'data> {
    fn new(elf: &'e Elf<'data>) -> Self {
        let relocated = elf.relocations().collect();
        Image { elf, relocated }
    }

    fn word(&self, address: u64) -> Option<u64> {
        let stored = self.elf.word(address)?;
        if stored != 0 {
            return Some(stored);
        }
        Some(self.relocated.get(&address).copied().unwrap_or(0))
    }
}
