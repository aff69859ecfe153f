//! The itabs that the linker made: which concrete types are put into which interfaces.
//!
//! An itab (`internal/abi.ITab`) begins with the descriptor of the interface and that of the concrete type. Up to Go
//! 1.26 `runtime.moduledata.itablinks` points at each of them; since 1.27 they lie one behind the other (`itaboffset`,
//! `itabsize`, from `types`). Names are those of the types' descriptors (`internal/abi.Type`, `internal/abi.Name`), as
//! Go prints them. Reading them from the file says what a probe often cannot: the pages they are on may never have been
//! touched by the program.

use crate::target::elf::image::Image;
use crate::target::tables::descriptors::Descriptors;
use crate::target::tables::moduledata::Itabs;

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
/// The longest text that is read.
const LONGEST: usize = 4096;

/// The itabs of the interface whose descriptor is at `interface`.
pub(crate) fn of_interface(descriptors: &Descriptors<'_, '_>, interface: u64) -> Vec<Itab> {
    let image = descriptors.image;
    let mut found = Vec::new();
    for address in addresses(descriptors).unwrap_or_default() {
        if image.word(address) != Some(interface) {
            continue;
        }
        let Some(descriptor) = address.checked_add(8).and_then(|at| image.word(at)) else {
            continue;
        };
        if let Some(name) = descriptors.printed(descriptor) {
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

/// Where all of them are.
fn addresses(descriptors: &Descriptors<'_, '_>) -> Option<Vec<u64>> {
    let image = descriptors.image;
    match descriptors.module.itabs? {
        Itabs::Listed(list, count) => (0..count.min(MOST))
            .map(|i| image.word(list.checked_add(i.checked_mul(8)?)?))
            .collect(),
        Itabs::Consecutive(offset, size) => {
            let start = descriptors.types.checked_add(offset)?;
            consecutive(&image, start, start.checked_add(size)?)
        }
    }
}

/// Go 1.27: each has 24 bytes and then a word per method of its interface, at least one.
fn consecutive(image: &Image<'_, '_>, start: u64, end: u64) -> Option<Vec<u64>> {
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

/// The Go strings of an array of `count` at `table`; what is no text is empty.
pub(crate) fn strings(image: &Image<'_, '_>, table: u64, count: u64) -> Vec<String> {
    let read = |i: u64| {
        let header = table.checked_add(16 * i)?;
        let (data, length) = (image.word(header)?, image.word(header.checked_add(8)?)?);
        let bytes = image.bytes(data, length.min(LONGEST as u64))?;
        std::str::from_utf8(bytes).ok().map(str::to_owned)
    };
    (0..count).map(|i| read(i).unwrap_or_default()).collect()
}
