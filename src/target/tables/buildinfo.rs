//! Which Go made the program: `.go.buildinfo`.
//!
//! Layout: `src/debug/buildinfo/buildinfo.go` of Go 1.17 (pointers to Go strings) and 1.18 (strings inline).

use crate::target::elf::{Area, Elf, word_at};
use std::collections::BTreeSet;

/// The sixteen-byte-aligned mark that Go's linker writes (`\xff Go buildinf:`).
const MAGIC: &[u8] = b"\xff Go buildinf:";

/// Longest version string believed: `go1.27.3-X:mapsplitgroup,…` stays far below.
const LONGEST: u64 = 1024;

/// The version string, `go1.22.12` or `go1.27.3-X:mapsplitgroup`.
pub(crate) fn version(elf: &Elf<'_>) -> Option<String> {
    if let Some(found) = elf.section(".go.buildinfo").and_then(|s| blob(s.area())) {
        return text(elf, found);
    }
    // Go's linker puts it among the variables. Programs that look for the mark, such as this one, have it among their
    // constants, with anything behind it; so have those that carry a Go program.
    let mut texts = elf.variables().filter_map(|area| text(elf, blob(area)?));
    texts.find(|text| minor(text).is_some())
}

/// The version in a blob, if it is text.
fn text(elf: &Elf<'_>, found: &[u8]) -> Option<String> {
    let bytes = read(elf, found)?;
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')).then(|| text.to_owned())
}

/// The texts of Go's string variables that are a version: `runtime.buildVersion` has it in every program, with build
/// information or without.
pub(crate) fn version_variables(elf: &Elf<'_>) -> BTreeSet<String> {
    let text = |address: u64, length: u64| {
        let bytes = elf.bytes(address, (4..LONGEST).contains(&length).then_some(length)?)?;
        let text = std::str::from_utf8(bytes).ok()?;
        let begins = text.starts_with("go1.") || text.starts_with("devel go1.");
        (begins && text.chars().all(|c| c.is_ascii_graphic() || c == ' ')).then(|| text.to_owned())
    };
    let stored = elf.areas().filter(|area| !area.code).flat_map(|area| {
        let words = area
            .data
            .chunks_exact(8)
            .map(|word| word_at(word, 0).unwrap_or(0));
        let next = words.clone().skip(1);
        words.zip(next)
    });
    // Where a linker leaves the address to the loader.
    let moved = elf
        .relocations()
        .filter_map(|(at, address)| Some((address, elf.word(at.checked_add(8)?)?)));
    stored
        .chain(moved)
        .filter_map(|(address, length)| text(address, length))
        .collect()
}

/// The mark and what follows it.
fn blob(area: Area<'_>) -> Option<&[u8]> {
    memchr::memmem::find_iter(area.data, MAGIC)
        .filter(|at| area.address.wrapping_add(*at as u64).is_multiple_of(16))
        .find_map(|at| area.data.get(at..))
}

/// The version in a blob of either layout.
fn read<'data>(elf: &Elf<'data>, blob: &'data [u8]) -> Option<&'data [u8]> {
    const INLINE_STRINGS: u8 = 2;
    let pointer_size = *blob.get(14)?;
    let flags = *blob.get(15)?;
    if flags & INLINE_STRINGS != 0 {
        let (length, used) = uvarint(blob.get(32..)?)?;
        let start = 32usize.checked_add(used)?;
        let end = start.checked_add(usize::try_from(length.min(LONGEST)).ok()?)?;
        return blob.get(start..end);
    }
    if pointer_size != 8 || flags != 0 {
        return None;
    }
    let header = word_at(blob, 16)?;
    let text = elf.relocated_word(header)?;
    let length = elf.word(header.checked_add(8)?)?;
    elf.bytes(text, length.min(LONGEST))
}

/// A base-128 number and how many bytes it took.
fn uvarint(data: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0u64;
    for (index, byte) in data.iter().take(9).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

/// The minor number of a version string: 27 of `go1.27rc1`, `devel go1.27-8a2f` and `go1.27.3-X:noswissmap`.
pub(crate) fn minor(version: &str) -> Option<u32> {
    version.split(' ').find_map(|word| {
        let rest = word.strip_prefix("go1.")?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::minor;

    #[test]
    fn minor_numbers() {
        let cases = [
            ("go1.22.12", Some(22)),
            ("go1.17", Some(17)),
            ("go1.27rc1", Some(27)),
            ("go1.24.11 X:noswissmap", Some(24)),
            ("go1.27.3-X:mapsplitgroup", Some(27)),
            ("devel go1.28-0fcba1 Tue Jan 6 2026", Some(28)),
            ("go1.9.7", Some(9)),
            ("unknown", None),
            ("go2.1", None),
            ("go1.", None),
            ("go1.99999999999", None),
        ];
        for (text, wanted) in cases {
            assert_eq!(minor(text), wanted, "{text}");
        }
    }
}
