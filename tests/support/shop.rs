//! The example program `shop` with other bytes in it.

use super::SHOP;

/// Its file.
pub fn shop() -> Vec<u8> {
    std::fs::read(SHOP).unwrap()
}

/// The file with these bytes at a place.
pub fn patched(at: usize, with: &[u8]) -> Vec<u8> {
    let mut bytes = shop();
    bytes[at..at + with.len()].copy_from_slice(with);
    bytes
}

/// The file with every `from` replaced by `to`, which is as long.
pub fn replaced(from: &[u8], to: &[u8]) -> Vec<u8> {
    replaced_in(shop(), from, to)
}

/// The same in other bytes.
pub fn replaced_in(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let places: Vec<usize> = memchr::memmem::find_iter(&bytes, from).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + to.len()].copy_from_slice(to);
    }
    bytes
}
