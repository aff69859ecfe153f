//! The `.debug_*` sections, inflated when first asked for.

use std::borrow::Cow;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use gimli::{
    AttributeValue, DebugAddr, DebugAddrIndex, DebugLineStr, DebugStr, EndianSlice, LittleEndian, SectionId,
};
use object::read::elf::ElfFile64;
use object::{CompressedData, CompressionFormat, Object, ObjectSection};

use crate::diagnostic::{Code, Diagnostic};
use crate::target::dwarf::unit::Unit;
use crate::target::inflate::{Failed, inflate};
use crate::target::kept::{Kept, Mapped};

/// What gimli reads from: a section's bytes, or a part of them.
pub(in crate::target) type Reader<'a> = EndianSlice<'a, LittleEndian>;

/// A section that claims to inflate to more than this is refused; the largest known Go programs are far below.
const LARGEST: u64 = 1 << 30;
/// Debug information inflates to two to six times its size (programs of 2 to 150 MB by Go 1.17 to 1.27); a header that
/// promises more than this is forged.
const LARGEST_FACTOR: u64 = 16;
/// Sections up to this size may inflate from anything.
const SMALL: u64 = 1 << 20;

/// The steps that a question may take beyond reading everything once, by the size of `.debug_info`.
const STEPS_PER_BYTE: u64 = 8;
/// The steps that every question may take.
const LEAST_STEPS: u64 = 50_000_000;
/// What need not be accounted for, because it only happens once for an entry.
const FREE_STEPS: u64 = 256;

/// One section.
struct Section<'data> {
    name: &'static str,
    raw: CompressedData<'data>,
    kept: Option<&'data Kept>,
    bytes: OnceLock<Result<Bytes<'data>, Diagnostic>>,
}

/// A section's bytes as the readers want them.
enum Bytes<'data> {
    /// As they stand in the file, or inflated into memory.
    Here(Cow<'data, [u8]>),
    /// Inflated into a file.
    Kept(Mapped),
}

impl Bytes<'_> {
    fn get(&self) -> &[u8] {
        match self {
            Self::Here(bytes) => bytes,
            Self::Kept(mapped) => mapped.bytes(),
        }
    }
}

impl<'data> Section<'data> {
    fn find(
        file: &ElfFile64<'data>,
        name: &'static str,
        kept: Option<&'data Kept>,
    ) -> Result<Option<Self>, Diagnostic> {
        let Some(section) = file.section_by_name(name) else {
            return Ok(None);
        };
        let raw = section.compressed_data().map_err(|error| {
            damaged(format!(
                "section {name} lies outside of the file or has no proper header ({error})"
            ))
        })?;
        Ok((!raw.data.is_empty()).then(|| Self {
            name,
            raw,
            kept,
            bytes: OnceLock::new(),
        }))
    }

    fn read(&self) -> Result<Reader<'_>, Diagnostic> {
        let bytes = self.bytes.get_or_init(|| self.inflate());
        match bytes {
            Ok(bytes) => Ok(EndianSlice::new(bytes.get(), LittleEndian)),
            Err(diagnostic) => Err(diagnostic.clone()),
        }
    }

    fn inflate(&self) -> Result<Bytes<'data>, Diagnostic> {
        let most = match self.raw.format {
            CompressionFormat::Zlib | CompressionFormat::Zstandard => {
                let compressed = self.raw.data.len() as u64;
                compressed.saturating_mul(LARGEST_FACTOR).clamp(SMALL, LARGEST)
            }
            _ => u64::MAX,
        };
        if self.raw.uncompressed_size > most {
            return Err(damaged(format!(
                "section {} says that {} bytes inflate to {}",
                self.name,
                self.raw.data.len(),
                self.raw.uncompressed_size
            )));
        }
        let size = self.raw.uncompressed_size;
        let wrong = |what: &dyn std::fmt::Display| {
            damaged(format!("section {} cannot be inflated ({what})", self.name))
        };
        if self.raw.format != CompressionFormat::Zlib {
            return self
                .raw
                .decompress()
                .map(Bytes::Here)
                .map_err(|error| wrong(&error));
        }
        if let Some(mapped) = self.kept.and_then(|kept| kept.inflated(self.raw.data, size)) {
            return Ok(Bytes::Kept(mapped));
        }
        let mut bytes = Vec::new();
        let room = usize::try_from(size)
            .ok()
            .filter(|size| bytes.try_reserve_exact(*size).is_ok());
        if room.is_none() {
            return Err(wrong(&"there is not enough memory"));
        }
        let inflated = inflate(self.raw.data, size, &mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
        match inflated {
            Ok(()) => Ok(Bytes::Here(Cow::Owned(bytes))),
            Err(Failed::Damaged(what)) => Err(wrong(&what)),
            Err(Failed::Refused(error)) => Err(wrong(&error)),
        }
    }
}

/// The sections that are read for questions.
pub(in crate::target) struct Sections<'data> {
    info: Section<'data>,
    /// Steps left for the question that is being answered.
    steps: AtomicU64,
    others: [(SectionId, Option<Section<'data>>); 10],
}

impl<'data> Sections<'data> {
    /// The sections of `file`; None if it has no `.debug_info`, or none for its types and functions.
    pub(in crate::target) fn find(
        file: &ElfFile64<'data>,
        kept: Option<&'data Kept>,
    ) -> Result<Option<Self>, Diagnostic> {
        let Some(info) = Section::find(file, ".debug_info", kept)? else {
            return Ok(None);
        };
        let other = |id: SectionId| Ok((id, Section::find(file, id.name(), kept)?));
        let sections = Self {
            info,
            steps: AtomicU64::new(0),
            others: [
                other(SectionId::DebugAbbrev)?,
                other(SectionId::DebugAddr)?,
                other(SectionId::DebugRanges)?,
                other(SectionId::DebugRngLists)?,
                other(SectionId::DebugLoc)?,
                other(SectionId::DebugLocLists)?,
                other(SectionId::DebugLine)?,
                other(SectionId::DebugLineStr)?,
                other(SectionId::DebugStr)?,
                other(SectionId::DebugStrOffsets)?,
            ],
        };
        sections.begin();
        Ok(Some(sections))
    }

    /// Begins to answer a question: it may take so many steps. A forged file can make every entry refer to the same
    /// long one.
    pub(in crate::target) fn begin(&self) {
        let size = self.info.raw.uncompressed_size;
        let steps = size.saturating_mul(STEPS_PER_BYTE).saturating_add(LEAST_STEPS);
        self.steps.store(steps, Ordering::Relaxed);
    }

    /// Accounts for work that does not come with reading on: `steps` bytes or entries that were referred to. Few of
    /// them are free.
    pub(in crate::target) fn spend(&self, steps: usize) -> Result<(), Diagnostic> {
        let steps = steps as u64;
        if steps <= FREE_STEPS {
            return Ok(());
        }
        let left = self
            .steps
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(steps)
            });
        match left {
            Ok(_) => Ok(()),
            Err(_) => Err(damaged("its entries refer to the same long ones over and over")),
        }
    }

    /// `.debug_info` is inflated, or inflates in a few milliseconds.
    pub(in crate::target) fn is_at_hand(&self) -> bool {
        self.info.bytes.get().is_some() || self.info.raw.uncompressed_size <= SMALL
    }

    /// All of `.debug_info`.
    pub(in crate::target) fn info(&self) -> Result<Reader<'_>, Diagnostic> {
        self.info.read()
    }

    /// Another section; nothing if the file does not have it.
    pub(in crate::target) fn get(&self, id: SectionId) -> Result<Reader<'_>, Diagnostic> {
        match self.others.iter().find(|(other, _)| *other == id) {
            Some((_, Some(section))) => section.read(),
            _ => Ok(EndianSlice::new(&[], LittleEndian)),
        }
    }

    /// Inflates the sections that a signature needs, several at a time. Damage is told when they are read.
    pub(in crate::target) fn prepare_locations(&self) {
        if self.info.bytes.get().is_none() {
            let locations = || {
                for id in [SectionId::DebugLocLists, SectionId::DebugLoc] {
                    let _ = self.get(id);
                }
            };
            rayon::join(
                || {
                    let _ = self.info();
                },
                locations,
            );
        }
    }

    /// The bytes of a text, which stands in the entry itself or in a section of its own; none if the attribute is no
    /// text.
    pub(in crate::target) fn text<'s>(
        &'s self,
        value: &AttributeValue<Reader<'s>>,
    ) -> Result<&'s [u8], Diagnostic> {
        let text = match value {
            AttributeValue::String(text) => {
                self.spend(text.len())?;
                return Ok(text.slice());
            }
            AttributeValue::DebugStrRef(offset) => {
                DebugStr::from(self.get(SectionId::DebugStr)?).get_str(*offset)
            }
            AttributeValue::DebugLineStrRef(offset) => {
                DebugLineStr::from(self.get(SectionId::DebugLineStr)?).get_str(*offset)
            }
            _ => return Ok(&[]),
        };
        let text = text.map_err(|error| damaged(format!("a text lies outside of its section ({error})")))?;
        self.spend(text.len())?;
        Ok(text.slice())
    }

    /// An address, given itself or by its number in `.debug_addr`.
    pub(in crate::target) fn address(
        &self,
        unit: &Unit,
        value: &AttributeValue<Reader<'_>>,
    ) -> Result<Option<u64>, Diagnostic> {
        match value {
            AttributeValue::Addr(address) => Ok(Some(*address)),
            AttributeValue::DebugAddrIndex(index) => self.addresses()?.get(unit, index.0).map(Some),
            _ => Ok(None),
        }
    }

    /// One past the last byte of code that begins at `low`: an address, or a length.
    pub(in crate::target) fn end(
        &self,
        unit: &Unit,
        low: u64,
        value: &AttributeValue<Reader<'_>>,
    ) -> Result<Option<u64>, Diagnostic> {
        match value.udata_value() {
            Some(length) => Ok(low.checked_add(length)),
            None => self.address(unit, value),
        }
    }

    /// The table that numbered addresses stand in.
    pub(in crate::target) fn addresses(&self) -> Result<Addresses<'_>, Diagnostic> {
        Ok(Addresses(self.get(SectionId::DebugAddr)?))
    }
}

/// `.debug_addr`.
#[derive(Clone, Copy)]
pub(in crate::target) struct Addresses<'s>(Reader<'s>);

impl Addresses<'_> {
    /// Address `index` of a unit.
    pub(in crate::target) fn get(&self, unit: &Unit, index: usize) -> Result<u64, Diagnostic> {
        DebugAddr::from(self.0)
            .get_address(unit.encoding.address_size, unit.addr_base, DebugAddrIndex(index))
            .map_err(|error| {
                damaged(format!(
                    "address {index} of the unit at {:#x} is missing ({error})",
                    unit.start
                ))
            })
    }
}

/// The error for invalid debug information.
pub(in crate::target) fn damaged(what: impl AsRef<str>) -> Diagnostic {
    Diagnostic::error(
        Code::DEBUG_DAMAGED,
        format!("the debug information is damaged: {}", what.as_ref()),
    )
    .help("build the program again, or fetch its debug file again; functions can be counted and timed without it \
        (build with -ldflags=-w)")
}
