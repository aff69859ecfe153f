//! The structures of the line table as they lie in the file. Each reads its own fields, and follows none of them.
//!
//! Layout: `src/runtime/symtab.go` (`pcHeader`, `functab`), `src/runtime/runtime2.go` (`_func`),
//! `src/runtime/symtabinl.go` (`inlinedCall`) and `src/cmd/link/internal/ld/pcln.go` of Go 1.17 (magic 0xfffffffa),
//! 1.18 (0xfffffff0) and 1.20 (0xfffffff1).

use crate::target::elf::{half_at, word_at};

/// Which layout a table has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Format {
    /// Go 1.16 and 1.17: absolute addresses.
    V116,
    /// Go 1.18 and 1.19: offsets from the text's beginning.
    V118,
    /// Go 1.20 and later: a function's first line besides.
    V120,
}

/// Bytes 1 to 7 of the header: the rest of the magic number, padding, instruction quantum 1, pointer size 8.
pub(super) const HEADER_TAIL: &[u8] = b"\xff\xff\xff\0\0\x01\x08";

/// Where the header has the beginning of the code, up to Go 1.25.
pub(super) const HEADER_TEXT: u64 = 24;

/// The header (`pcHeader`).
#[derive(Clone, Copy)]
pub(super) struct RawHeader<'data> {
    bytes: &'data [u8],
    pub(super) format: Format,
}

impl<'data> RawHeader<'data> {
    /// The header that `bytes` begins with, if it is one.
    pub(super) fn of(bytes: &'data [u8]) -> Option<Self> {
        if bytes.get(1..8)? != HEADER_TAIL {
            return None;
        }
        let format = match bytes.first()? {
            0xfa => Format::V116,
            0xf0 => Format::V118,
            0xf1 => Format::V120,
            _ => return None,
        };
        Some(Self { bytes, format })
    }

    fn number(&self, index: usize) -> Option<usize> {
        usize::try_from(word_at(self.bytes, index.checked_mul(8)?)?).ok()
    }

    /// How many functions there are.
    pub(super) fn count(&self) -> Option<usize> {
        self.number(1)
    }

    /// Where the code begins, if it says so: 0 where addresses are absolute, and since Go 1.26.
    pub(super) fn text(&self) -> Option<u64> {
        match self.format {
            Format::V116 => Some(0),
            Format::V118 | Format::V120 => word_at(self.bytes, usize::try_from(HEADER_TEXT).ok()?),
        }
    }

    /// Where names, units' files, files, values by address, and functions begin, in bytes from the header.
    pub(super) fn parts(&self) -> Option<[usize; 5]> {
        let first = if self.format == Format::V116 { 3 } else { 4 };
        let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|part| self.number(first + part));
        Some([a?, b?, c?, d?, e?])
    }
}

/// The index of functions (`functab`), by address. There is one entry more than functions: its address is the end of
/// the code.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawIndex<'data> {
    pub(super) bytes: &'data [u8],
    pub(super) format: Format,
}

impl<'data> RawIndex<'data> {
    /// Bytes per entry.
    fn stride(&self) -> usize {
        if self.format == Format::V116 { 16 } else { 8 }
    }

    /// The bytes that it takes with this many functions.
    pub(super) fn size(&self, count: usize) -> Option<usize> {
        count.checked_mul(self.stride())?.checked_add(self.stride() / 2)
    }

    /// The address of an entry, before the text's beginning is added.
    pub(super) fn address(&self, index: usize) -> Option<u64> {
        let at = index.checked_mul(self.stride())?;
        match self.format {
            Format::V116 => word_at(self.bytes, at),
            _ => half_at(self.bytes, at).map(u64::from),
        }
    }

    /// The record of an entry.
    pub(super) fn record(&self, index: usize) -> Option<RawFunction<'data>> {
        let at = index.checked_mul(self.stride())?;
        let offset = match self.format {
            Format::V116 => usize::try_from(word_at(self.bytes, at.checked_add(8)?)?).ok()?,
            _ => half_at(self.bytes, at.checked_add(4)?)? as usize,
        };
        Some(RawFunction {
            bytes: self.bytes.get(offset..)?,
            format: self.format,
        })
    }
}

/// A function's record (`_func`).
#[derive(Clone, Copy, Debug)]
pub(super) struct RawFunction<'data> {
    bytes: &'data [u8],
    format: Format,
}

impl RawFunction<'_> {
    /// A field by its offset behind the first one, the function's address, whose size differs.
    fn half(&self, at: usize) -> Option<u32> {
        let first = if self.format == Format::V116 { 8 } else { 4 };
        half_at(self.bytes, at.checked_add(first)?)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        let first = if self.format == Format::V116 { 8 } else { 4 };
        self.bytes.get(at.checked_add(first)?).copied()
    }

    /// Where the fields behind `cuOffset` are: `startLine` came with Go 1.20.
    fn behind(&self) -> usize {
        if self.format == Format::V120 { 36 } else { 32 }
    }

    /// Offset of its name (`nameOff`).
    pub(super) fn name(&self) -> Option<u32> {
        self.half(0)
    }

    /// Bytes of arguments and results (`args`); none for assembly that does not say.
    pub(super) fn arguments(&self) -> Option<u64> {
        u64::try_from(self.half(4)?.cast_signed()).ok()
    }

    /// The table of stack depths (`pcsp`).
    pub(super) fn stack_table(&self) -> Option<u32> {
        self.half(12)
    }

    /// The table of files (`pcfile`).
    pub(super) fn file_table(&self) -> Option<u32> {
        self.half(16)
    }

    /// The table of lines (`pcln`).
    pub(super) fn line_table(&self) -> Option<u32> {
        self.half(20)
    }

    /// How many further tables there are (`npcdata`).
    fn tables(&self) -> Option<usize> {
        Some(self.half(24)? as usize)
    }

    /// A further table (`pcdata`), if it has one of this number.
    pub(super) fn table(&self, number: usize) -> Option<u32> {
        if number >= self.tables()? {
            return None;
        }
        self.half(
            self.behind()
                .checked_add(4)?
                .checked_add(number.checked_mul(4)?)?,
        )
    }

    /// Where its unit's files begin (`cuOffset`).
    pub(super) fn unit(&self) -> Option<u32> {
        self.half(28)
    }

    /// Its first line (`startLine`), where the format has it.
    pub(super) fn first_line(&self) -> Option<u32> {
        (self.format == Format::V120).then(|| self.half(32))?
    }

    /// Go's number for a function with a meaning of its own (`funcID`).
    pub(super) fn id(&self) -> Option<u8> {
        self.byte(self.behind())
    }

    /// It is flagged as assembly (`flag`; Go 1.18 and later).
    pub(super) fn is_assembly(&self) -> Option<bool> {
        const ASSEMBLY: u8 = 4;
        let flags = self.byte(self.behind() + 1)?;
        Some(self.format >= Format::V118 && flags & ASSEMBLY != 0)
    }

    /// A piece of its data (`funcdata`): an address, or since Go 1.18 an offset. None if it has none of this number.
    pub(super) fn data(&self, number: usize) -> Option<FunctionData> {
        if number >= usize::from(self.byte(self.behind() + 3)?) {
            return None;
        }
        // The fields end with the number of pieces; further tables follow, then the data.
        let data = (self.behind() + 4).checked_add(self.tables()?.checked_mul(4)?)?;
        if self.format == Format::V116 {
            // Pointers, aligned in the whole table; records begin at multiples of 8
            // (`src/cmd/link/internal/ld/pcln.go`).
            let at = data.checked_add(8)?.checked_next_multiple_of(8)?;
            let pointer = word_at(self.bytes, at.checked_add(8 * number)?)?;
            return (pointer != 0).then_some(FunctionData::At(pointer));
        }
        let offset = self.half(data.checked_add(4 * number)?)?;
        (offset != u32::MAX).then_some(FunctionData::Offset(offset))
    }
}

/// Where a piece of a function's data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FunctionData {
    /// At this address.
    At(u64),
    /// So far from `gofunc`.
    Offset(u32),
}

/// A function's tree of inlined calls (`inlinedCall`), an array that is as long as the calls of it need.
#[derive(Clone, Copy)]
pub(crate) struct RawInlineTree<'data> {
    bytes: &'data [u8],
    format: Format,
}

impl<'data> RawInlineTree<'data> {
    pub(super) fn of(bytes: &'data [u8], format: Format) -> Self {
        Self { bytes, format }
    }

    fn field(&self, call: usize, at: usize) -> Option<u32> {
        let size = if self.format == Format::V120 { 16 } else { 20 };
        half_at(self.bytes, call.checked_mul(size)?.checked_add(at)?)
    }

    /// Offset of the name of what a call calls.
    pub(crate) fn name(&self, call: usize) -> Option<u32> {
        self.field(call, if self.format == Format::V120 { 4 } else { 12 })
    }

    /// Go's number for what is called (`funcID`).
    pub(crate) fn id(&self, call: usize) -> Option<u8> {
        let [first, _, third, _] = self.field(call, 0)?.to_le_bytes();
        Some(if self.format == Format::V120 { first } else { third })
    }

    /// Offset, in the function's code, of an instruction whose line is that of the call (`parentPc`).
    pub(crate) fn place(&self, call: usize) -> Option<u32> {
        self.field(call, if self.format == Format::V120 { 8 } else { 16 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record with these fields behind its address, each 4 bytes.
    fn record(format: Format, fields: &[u32]) -> Vec<u8> {
        let mut bytes = vec![0; if format == Format::V116 { 8 } else { 4 }];
        bytes.extend(fields.iter().flat_map(|field| field.to_le_bytes()));
        bytes
    }

    #[test]
    fn a_function_since_1_20() {
        // name, args, deferreturn, pcsp, pcfile, pcln, npcdata, cuOffset, startLine, funcID.flag..nfuncdata, 3 tables,
        // 2 pieces of data
        let fields = [
            7,
            24,
            0,
            1,
            2,
            3,
            3,
            9,
            40,
            0x0200_0417,
            11,
            12,
            13,
            100,
            u32::MAX,
        ];
        let bytes = record(Format::V120, &fields);
        let raw = RawFunction {
            bytes: &bytes,
            format: Format::V120,
        };
        assert_eq!(
            (raw.name(), raw.arguments(), raw.first_line()),
            (Some(7), Some(24), Some(40))
        );
        assert_eq!((raw.id(), raw.is_assembly()), (Some(0x17), Some(true)));
        assert_eq!((raw.table(2), raw.table(3)), (Some(13), None));
        assert_eq!(raw.data(0), Some(FunctionData::Offset(100)));
        assert_eq!((raw.data(1), raw.data(2)), (None, None));
    }

    #[test]
    fn a_function_of_1_17() {
        // Without a first line; the number of tables is even, so the pointers behind them need no padding.
        let mut bytes = record(
            Format::V116,
            &[7, u32::MAX, 0, 1, 2, 3, 2, 9, 0x0100_0016, 11, 12, 0],
        );
        bytes.extend(0x1234_u64.to_le_bytes());
        let raw = RawFunction {
            bytes: &bytes,
            format: Format::V116,
        };
        assert_eq!((raw.arguments(), raw.first_line()), (None, None));
        assert_eq!((raw.id(), raw.is_assembly()), (Some(0x16), Some(false)));
        assert_eq!(raw.data(0), Some(FunctionData::At(0x1234)));
    }
}
