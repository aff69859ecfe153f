//! Words of the program as it is loaded where it was linked for.

use crate::target::elf::Elf;
use std::collections::HashMap;

/// The words that the loader makes, by address.
pub(crate) type Relocated = HashMap<u64, u64>;

/// A program's bytes, with the words that the loader makes.
#[derive(Clone, Copy)]
pub(crate) struct Image<'t, 'data> {
    elf: &'t Elf<'data>,
    relocated: &'t Relocated,
}

impl<'t, 'data> Image<'t, 'data> {
    pub(crate) fn new(elf: &'t Elf<'data>, relocated: &'t Relocated) -> Self {
        Image { elf, relocated }
    }

    /// The word at an address.
    pub(crate) fn word(&self, address: u64) -> Option<u64> {
        let stored = self.elf.word(address)?;
        if stored != 0 {
            return Some(stored);
        }
        Some(self.relocated.get(&address).copied().unwrap_or(0))
    }

    /// `size` bytes that the loader does not change.
    pub(crate) fn bytes(&self, address: u64, size: u64) -> Option<&'data [u8]> {
        self.elf.bytes(address, size)
    }

    /// The bytes from an address to the end of the file's part of its segment.
    pub(crate) fn bytes_from(&self, address: u64) -> Option<&'data [u8]> {
        self.elf.bytes_from(address)
    }
}
