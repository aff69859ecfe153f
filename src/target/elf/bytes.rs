//! Numbers and texts in a file's bytes, each read checked.

/// The little-endian 8-byte word `at` bytes into `data`.
pub(crate) fn word_at(data: &[u8], at: usize) -> Option<u64> {
    let bytes = data.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// The little-endian 4-byte word `at` bytes into `data`.
pub(crate) fn half_at(data: &[u8], at: usize) -> Option<u32> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// Longest name that is read, in bytes. The compiler replaces long names by their hash.
const LONGEST_NAME: usize = 1 << 14;

/// The bytes from `at` up to the next NUL.
pub(crate) fn c_string(data: &[u8], at: usize) -> Option<&[u8]> {
    let rest = data.get(at..)?;
    let rest = rest.get(..LONGEST_NAME).unwrap_or(rest);
    rest.get(..memchr::memchr(0, rest)?)
}
