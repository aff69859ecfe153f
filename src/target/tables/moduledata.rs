//! `runtime.firstmoduledata`: where everything is that the run time knows of the program. It begins with the address of
//! the line table.
//!
//! Layout: `moduledata` in `src/runtime/symtab.go`; offsets of fields read from the DWARF of programs by go1.17.13 to
//! 1.27.3.

use crate::target::elf::Elf;

/// The length of the index of functions, the end of the last function, the beginning of the code: the same from Go 1.16
/// to 1.27.
const INDEX_LENGTH: u64 = 136;
const MAX_PC: u64 = 168;
const TEXT: u64 = 176;

/// Where fields are that moved from release to release, bytes.
struct Fields {
    /// First and last minor version.
    minor: (u32, u32),
    /// `gofunc`, which offsets of function data count from.
    functions_data: u64,
    /// `types`.
    types: u64,
    /// `etypes`.
    types_end: u64,
    /// `itablinks`, a slice; since 1.27 `itaboffset` and `itabsize`.
    itabs: u64,
}

const FIELDS: [Fields; 5] = [
    row(17..=17, 304, (280, 288), 344),
    row(18..=19, 304, (280, 288), 360),
    row(20..=25, 320, (296, 304), 376),
    row(26..=26, 320, (296, 304), 384),
    row(27..=27, 344, (296, 312), 320),
];

/// The first release whose itabs lie one behind the other, at a distance from `types`.
const CONSECUTIVE_ITABS: u32 = 27;

const fn row(
    minor: std::ops::RangeInclusive<u32>,
    functions_data: u64,
    (types, types_end): (u64, u64),
    itabs: u64,
) -> Fields {
    Fields {
        minor: (*minor.start(), *minor.end()),
        functions_data,
        types,
        types_end,
        itabs,
    }
}

/// The structure in the program's memory. Reads its fields, and follows none of them.
#[derive(Clone, Copy)]
pub(crate) struct RawModule<'e, 'data> {
    elf: &'e Elf<'data>,
    address: u64,
}

impl<'e, 'data> RawModule<'e, 'data> {
    /// What lies at `address`, which may be something else.
    pub(crate) fn at(elf: &'e Elf<'data>, address: u64) -> Self {
        Self { elf, address }
    }

    fn word(&self, offset: u64) -> Option<u64> {
        self.elf.relocated_word(self.address.checked_add(offset)?)
    }

    /// The same for a word that may be bound to a symbol when the program is loaded.
    fn loaded_word(&self, offset: u64) -> Option<u64> {
        let word = self.word(offset)?;
        let at = self.address.checked_add(offset)?;
        match word {
            0 => Some(
                self.elf
                    .bound_by_loader()
                    .find(|(_, word)| *word == at)
                    .map_or(0, |(value, _)| value),
            ),
            word => Some(word),
        }
    }

    /// Entries of the index of functions: one more than there are functions.
    pub(crate) fn index_length(&self) -> Option<u64> {
        self.word(INDEX_LENGTH)
    }

    /// The end of the last function.
    pub(crate) fn max_pc(&self) -> Option<u64> {
        self.word(MAX_PC)
    }

    /// Where the code begins.
    pub(crate) fn text(&self) -> Option<u64> {
        self.word(TEXT)
    }

    /// Whether what lies behind `types` is smaller, as a length is, in a module of Go 1.26 or 1.27: in 1.26 it is
    /// `etypes`, an address.
    pub(crate) fn has_length_of_types(&self) -> Option<bool> {
        const TYPES: u64 = 296;
        Some(self.word(TYPES + 8)? <= self.word(TYPES)?)
    }
}

/// What the module data says, read once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Module {
    /// Link-time address of the structure.
    pub(crate) address: u64,
    /// Where the code begins.
    pub(crate) text: u64,
    /// What offsets of function data count from; 0 if it is not known.
    pub(crate) functions_data: u64,
    /// The first byte that type descriptors may be at.
    pub(crate) types: Option<u64>,
    /// Behind the last one.
    pub(crate) types_end: Option<u64>,
    /// Where the itabs are.
    pub(crate) itabs: Option<Itabs>,
}

/// Where the itabs are, and how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Itabs {
    /// A list of their addresses: where it is, and how many there are.
    Listed(u64, u64),
    /// One behind the other: so many bytes from the first byte of the types, and how many bytes.
    Consecutive(u64, u64),
}

impl Module {
    /// Reads the structure of a program made by Go 1.`minor`. None if it is cut off.
    pub(crate) fn read(raw: RawModule<'_, '_>, minor: u32) -> Option<Self> {
        let fields = FIELDS
            .iter()
            .find(|fields| (fields.minor.0..=fields.minor.1).contains(&minor));
        let field = |of: fn(&Fields) -> u64| raw.loaded_word(of(fields?));
        let itabs = || {
            let (first, second) = (field(|f| f.itabs)?, field(|f| f.itabs + 8)?);
            Some(match minor {
                CONSECUTIVE_ITABS.. => Itabs::Consecutive(first, second),
                _ => Itabs::Listed(first, second),
            })
        };
        Some(Self {
            address: raw.address,
            text: raw.text()?,
            functions_data: field(|f| f.functions_data).unwrap_or(0),
            types: field(|f| f.types),
            types_end: field(|f| f.types_end),
            itabs: itabs(),
        })
    }
}
