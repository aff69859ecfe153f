//! The structures of a type's description as they lie in the file. Each reads its own fields, and follows none of them:
//! words that the loader changes are not among them.
//!
//! Layouts: `src/internal/abi/type.go`, before Go 1.21 `src/runtime/type.go`.

use crate::target::elf::{half_at, word_at};

/// Bytes of what all descriptors begin with.
pub(super) const HEADER: u64 = 48;
/// Bytes of what only some types have.
pub(super) const UNCOMMON: u64 = 16;
/// Bytes of a method of a type, of one that an interface asks for.
pub(super) const METHOD: u64 = 16;
pub(super) const INTERFACE_METHOD: u64 = 8;
/// The longest name that is read.
const LONGEST_NAME: usize = 4096;

/// What all descriptors begin with (`abi.Type`).
#[derive(Clone, Copy)]
pub(super) struct RawType<'data>(pub(super) &'data [u8]);

impl RawType<'_> {
    fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    /// Bytes of a value.
    pub(super) fn size(self) -> Option<u64> {
        word_at(self.0, 0)
    }

    /// Bytes of it that may hold pointers.
    pub(super) fn pointers(self) -> Option<u64> {
        word_at(self.0, 8)
    }

    /// Its hash.
    pub(super) fn hash(self) -> Option<u32> {
        half_at(self.0, 16)
    }

    fn flags(self) -> Option<u8> {
        self.byte(20)
    }

    /// Alignment of a value, and of a field.
    pub(super) fn align(self) -> Option<(u8, u8)> {
        Some((self.byte(21)?, self.byte(22)?))
    }

    /// Go's number of its kind.
    pub(super) fn kind(self) -> Option<u8> {
        let kind = self.byte(23)? & 0x1f;
        (1..=26).contains(&kind).then_some(kind)
    }

    /// It has an uncommon part (`TFlagUncommon`).
    pub(super) fn is_uncommon(self) -> Option<bool> {
        Some(self.flags()? & 1 != 0)
    }

    /// The text of its name has a `*` before it (`TFlagExtraStar`).
    pub(super) fn has_extra_star(self) -> Option<bool> {
        Some(self.flags()? & 2 != 0)
    }

    /// It has a name of its own (`TFlagNamed`).
    pub(super) fn is_named(self) -> Option<bool> {
        Some(self.flags()? & 4 != 0)
    }

    /// An interface's data word is the value itself: `KindDirectIface` up to Go 1.25, `TFlagDirectIface` since.
    pub(super) fn is_direct(self, minor: u32) -> Option<bool> {
        const DIRECT: u8 = 1 << 5;
        let byte = if minor < 26 { self.byte(23)? } else { self.flags()? };
        Some(byte & DIRECT != 0)
    }

    /// Offset of its name.
    pub(super) fn name(self) -> Option<u32> {
        half_at(self.0, 40)
    }
}

/// What only some types have (`abi.UncommonType`).
#[derive(Clone, Copy)]
pub(super) struct RawUncommon<'data>(pub(super) &'data [u8]);

impl RawUncommon<'_> {
    /// Offset of its package's path.
    pub(super) fn package(self) -> Option<u32> {
        half_at(self.0, 0)
    }

    /// How many methods it has.
    pub(super) fn methods(self) -> Option<u64> {
        Some(u64::from(half_at(self.0, 4)? & 0xffff))
    }

    /// How far behind this they are.
    pub(super) fn methods_at(self) -> Option<u64> {
        half_at(self.0, 8).map(u64::from)
    }
}

/// What a method of a type and one that an interface asks for both begin with (`abi.Method`, `abi.Imethod`).
#[derive(Clone, Copy)]
pub(super) struct RawMethod<'data>(pub(super) &'data [u8]);

impl RawMethod<'_> {
    /// Offset of its name.
    pub(super) fn name(self) -> Option<u32> {
        half_at(self.0, 0)
    }

    /// Offset of its function type.
    pub(super) fn function(self) -> Option<u32> {
        half_at(self.0, 4)
    }
}

/// How many parameters and results a function has (`abi.FuncType`, behind the header).
#[derive(Clone, Copy)]
pub(super) struct RawCounts(pub(super) u32);

impl RawCounts {
    /// Parameters.
    pub(super) fn taken(self) -> u64 {
        u64::from(self.0 & 0xffff)
    }

    /// Results.
    pub(super) fn given(self) -> u64 {
        u64::from(self.0 >> 16) & 0x7fff
    }

    /// The last parameter is variadic.
    pub(super) fn is_variadic(self) -> bool {
        self.0 >> 31 != 0
    }
}

/// A name (`abi.Name`): a byte of flags, the length in 7-bit groups, the bytes, then as much again for a field's tag.
#[derive(Clone, Copy)]
pub(super) struct RawName<'data> {
    flags: u8,
    rest: &'data [u8],
}

impl<'data> RawName<'data> {
    /// The name that `bytes` begins with.
    pub(super) fn of(bytes: &'data [u8]) -> Option<Self> {
        let (&flags, rest) = bytes.split_first()?;
        Some(Self { flags, rest })
    }

    /// Its text.
    pub(super) fn text(self) -> Option<&'data str> {
        std::str::from_utf8(counted(self.rest)?.0).ok()
    }

    /// A field's tag, if it has one.
    pub(super) fn tag(self) -> Option<&'data str> {
        let (_, behind) = counted(self.rest)?;
        (self.flags & 2 != 0).then(|| std::str::from_utf8(counted(behind)?.0).ok())?
    }

    /// It is that of an embedded field (since Go 1.19).
    pub(super) fn is_embedded(self) -> bool {
        self.flags & 8 != 0
    }
}

/// Text with its length before it, and what follows.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut length = 0_usize;
    let mut rest = bytes;
    for group in 0..3 {
        let (&byte, behind) = rest.split_first()?;
        rest = behind;
        length |= usize::from(byte & 0x7f) << (7 * group);
        if byte & 0x80 == 0 {
            break;
        }
    }
    (length <= LONGEST_NAME).then(|| rest.split_at_checked(length))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let name = RawName::of(b"\x0b\x04Name\x03tag").unwrap();
        assert_eq!(
            (name.text(), name.tag(), name.is_embedded()),
            (Some("Name"), Some("tag"), true)
        );
        let name = RawName::of(b"\x00\x02ab\x03tag").unwrap();
        assert_eq!(
            (name.text(), name.tag(), name.is_embedded()),
            (Some("ab"), None, false)
        );
        // 300 bytes; cut off; longer than any.
        let long = [&[0, 0xac, 0x02][..], &[b'x'; 300]].concat();
        assert_eq!(RawName::of(&long).unwrap().text().unwrap().len(), 300);
        assert_eq!(RawName::of(b"\x00\x05ab").unwrap().text(), None);
        assert_eq!(RawName::of(b"\x00\xff\xff\x7f").unwrap().text(), None);
        assert!(RawName::of(b"").is_none());
    }

    #[test]
    fn headers() {
        let mut bytes = [0_u8; 48];
        (bytes[0], bytes[20], bytes[21], bytes[22], bytes[23]) = (8, 4 | 32, 8, 8, 22 | 32);
        let raw = RawType(&bytes);
        assert_eq!(
            (raw.size(), raw.align(), raw.kind()),
            (Some(8), Some((8, 8)), Some(22))
        );
        assert_eq!((raw.is_named(), raw.is_uncommon()), (Some(true), Some(false)));
        assert_eq!((raw.is_direct(25), raw.is_direct(26)), (Some(true), Some(true)));
        bytes[23] = 27;
        assert_eq!(RawType(&bytes).kind(), None);
        assert_eq!(RawType(&bytes[..10]).hash(), None);
    }

    #[test]
    fn counts() {
        let counts = RawCounts(0x8002_0003);
        assert_eq!(
            (counts.taken(), counts.given(), counts.is_variadic()),
            (3, 2, true)
        );
    }
}
