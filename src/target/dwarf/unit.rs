//! The units of `.debug_info`: one per package, and one per assembly file.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use gimli::{
    Abbreviation, Abbreviations, AttributeValue, DebugAbbrev, DebugAbbrevOffset, DebugAddrBase, DebugInfo,
    DebugInfoOffset, Encoding, EndianSlice, EntriesRaw, LittleEndian, Reader as _, SectionId, UnitHeader,
    UnitOffset,
};

use crate::diagnostic::Diagnostic;
use crate::goname::shorten::{Packages, last_of_path};
use crate::target::dwarf::section::{Reader, Sections, damaged};

/// The largest Go programs have some ten thousand units; a forged one may have millions of empty ones.
const MOST_UNITS: usize = 200_000;
/// No import path is longer; what a C compiler says of itself may be, and is cut.
const LONGEST_NAME: usize = 4096;
/// Go's compiler gives an entry at most nine attributes, C's some twenty. Attributes may take no bytes at all in an
/// entry, so that a forged table could make a small section expensive to read.
const MOST_ATTRIBUTES: usize = 100;

/// `DW_AT_go_package_name`: what the package calls itself.
const GO_PACKAGE_NAME: gimli::DwAt = gimli::DwAt(0x2905);

/// A unit's header data; its DIEs are read from the section again when they are needed.
#[derive(Clone, Debug)]
pub(in crate::target) struct Unit {
    /// Where its header begins in `.debug_info`.
    pub(in crate::target) start: usize,
    /// One past its last byte.
    pub(in crate::target) end: usize,
    /// Its abbreviations.
    pub(in crate::target) abbreviations: Arc<Abbreviations>,
    /// Sizes and DWARF version.
    pub(in crate::target) encoding: Encoding,
    /// The import path, as the linker writes it.
    pub(in crate::target) name: String,
    /// Made by Go's compiler or assembler.
    pub(in crate::target) go: bool,
    /// Go's minor version that made it, if it says so.
    pub(in crate::target) go_minor: Option<u32>,
    /// Compiled without optimisation (`-gcflags=-N`), so that every result is kept in memory.
    pub(in crate::target) unoptimized: bool,
    /// What offsets in range and location lists are relative to.
    pub(in crate::target) low_pc: u64,
    /// One past its code if that is in one piece.
    pub(in crate::target) high_pc: Option<u64>,
    /// Its pieces of code, if it has several.
    pub(in crate::target) ranges: Option<Ranges>,
    /// Where its addresses begin in `.debug_addr`.
    pub(in crate::target) addr_base: DebugAddrBase<usize>,
    /// Where its lists begin.
    pub(in crate::target) rnglists_base: usize,
    /// Where its location lists begin.
    pub(in crate::target) loclists_base: usize,
    /// Its line table.
    pub(in crate::target) lines: Option<usize>,
}

/// Where a list of ranges is.
#[derive(Clone, Copy, Debug)]
pub(in crate::target) enum Ranges {
    /// Its offset in `.debug_ranges` or `.debug_rnglists`.
    Offset(usize),
    /// Its number among the unit's lists.
    Index(usize),
}

impl Ranges {
    /// The list that an attribute names.
    pub(in crate::target) fn of(value: &AttributeValue<Reader<'_>>) -> Option<Self> {
        match value {
            AttributeValue::RangeListsRef(offset) => Some(Self::Offset(offset.0)),
            AttributeValue::DebugRngListsIndex(index) => Some(Self::Index(index.0)),
            _ => None,
        }
    }
}

/// All units, in order.
#[derive(Debug)]
pub(in crate::target) struct Units {
    list: Vec<Unit>,
    packages: Packages,
}

impl Units {
    /// Reads the header and the root entry of every unit.
    pub(in crate::target) fn read(sections: &Sections<'_>) -> Result<Self, Diagnostic> {
        let info = sections.info()?;
        let mut headers = Vec::new();
        let mut iterator = DebugInfo::from(info).units();
        while let Some(header) = iterator
            .next()
            .map_err(|error| damaged(format!("a unit's header is wrong ({error})")))?
        {
            headers.push(header);
            if headers.len() > MOST_UNITS {
                return Err(damaged("there are too many units"));
            }
        }
        let tables = abbreviations(sections, &headers)?;
        let mut list = Vec::with_capacity(headers.len());
        let mut packages = Packages::new();
        for header in &headers {
            let Some(abbreviations) = tables.get(&header.debug_abbrev_offset().0) else {
                continue;
            };
            if let Some((unit, package)) = root(header, abbreviations, sections)? {
                if unit.go && !package.is_empty() && last_of_path(&unit.name) != package {
                    packages.insert(unit.name.clone(), package);
                }
                list.push(unit);
            }
        }
        Ok(Self { list, packages })
    }

    /// Names of packages that are not the last element of their paths.
    pub(in crate::target) fn packages(&self) -> &Packages {
        &self.packages
    }

    /// All of them.
    pub(in crate::target) fn list(&self) -> &[Unit] {
        &self.list
    }

    /// The number of a unit in the list.
    pub(in crate::target) fn index_of(&self, unit: &Unit) -> usize {
        self.list.partition_point(|other| other.start < unit.start)
    }

    /// The unit that holds this offset of `.debug_info`.
    pub(in crate::target) fn at(&self, offset: usize) -> Result<&Unit, Diagnostic> {
        let after = self.list.partition_point(|unit| unit.start <= offset);
        after
            .checked_sub(1)
            .and_then(|index| self.list.get(index))
            .filter(|unit| offset < unit.end)
            .ok_or_else(|| {
                damaged(format!(
                    "a reference leads to {offset:#x}, where there is no unit"
                ))
            })
    }
}

/// The abbreviation tables that the headers name. Tables do not overlap, so each is read no further than to where the
/// next one begins; that keeps the work linear in a forged file too.
fn abbreviations(
    sections: &Sections<'_>,
    headers: &[UnitHeader<Reader<'_>>],
) -> Result<BTreeMap<usize, Arc<Abbreviations>>, Diagnostic> {
    let section = sections.get(SectionId::DebugAbbrev)?;
    let mut offsets: Vec<usize> = headers
        .iter()
        .map(|header| header.debug_abbrev_offset().0)
        .collect();
    offsets.sort_unstable();
    offsets.dedup();
    let mut tables = BTreeMap::new();
    let ends = offsets.iter().skip(1).copied().chain([section.len()]);
    for (start, end) in offsets.iter().copied().zip(ends) {
        check_table(section.slice().get(start..end).unwrap_or_default())?;
        let table = section
            .slice()
            .get(..end.min(section.len()))
            .map(|bytes| DebugAbbrev::new(bytes, LittleEndian))
            .unwrap_or_else(|| DebugAbbrev::new(&[], LittleEndian));
        let table = table
            .abbreviations(DebugAbbrevOffset(start))
            .map_err(|error| damaged(format!("the abbreviations at {start:#x} are wrong ({error})")))?;
        tables.insert(start, Arc::new(table));
    }
    Ok(tables)
}

/// Makes sure that no entry of an abbreviation table has more attributes than a compiler would give it.
fn check_table(bytes: &[u8]) -> Result<(), Diagnostic> {
    let wrong = |error| damaged(format!("an abbreviation table is wrong ({error})"));
    let mut input = EndianSlice::new(bytes, LittleEndian);
    while !input.is_empty() && input.read_uleb128().map_err(wrong)? != 0 {
        input.read_uleb128().map_err(wrong)?;
        input.read_u8().map_err(wrong)?;
        let mut attributes = 0;
        loop {
            let (name, form) = (
                input.read_uleb128().map_err(wrong)?,
                input.read_uleb128().map_err(wrong)?,
            );
            if (name, form) == (0, 0) {
                break;
            }
            if form == u64::from(gimli::DW_FORM_implicit_const.0) {
                input.read_sleb128().map_err(wrong)?;
            }
            attributes += 1;
            if attributes > MOST_ATTRIBUTES {
                return Err(damaged("an abbreviation has too many attributes"));
            }
        }
    }
    Ok(())
}

/// Reads a unit's root entry, and the name of its package. None if it has none.
fn root<'s>(
    header: &UnitHeader<Reader<'s>>,
    abbreviations: &Arc<Abbreviations>,
    sections: &'s Sections<'_>,
) -> Result<Option<(Unit, String)>, Diagnostic> {
    let Some(start) = header.debug_info_offset().map(|offset| offset.0) else {
        return Ok(None);
    };
    let wrong = |error| damaged(format!("the unit at {start:#x} is wrong ({error})"));
    let mut entries = header.entries_raw(abbreviations, None).map_err(wrong)?;
    let Some(abbreviation) = entries.read_abbreviation().map_err(wrong)? else {
        return Ok(None);
    };
    let lists = usize::from(header.encoding().format.word_size());
    let mut unit = Unit {
        start,
        end: start.saturating_add(header.length_including_self()),
        abbreviations: Arc::clone(abbreviations),
        encoding: header.encoding(),
        name: String::new(),
        go: false,
        go_minor: None,
        unoptimized: false,
        low_pc: 0,
        high_pc: None,
        ranges: None,
        addr_base: DebugAddrBase(lists.saturating_add(4)),
        rnglists_base: 0,
        loclists_base: 0,
        lines: None,
    };
    let (mut low, mut high) = (None, None);
    let mut package = String::new();
    for spec in abbreviation.attributes() {
        let attribute = entries.read_attribute(*spec).map_err(wrong)?;
        match (attribute.name(), attribute.value()) {
            (gimli::DW_AT_name, value) => unit.name = text(sections, &value)?,
            (gimli::DW_AT_producer, value) => {
                let producer = text(sections, &value)?;
                unit.go_minor = go_minor(&producer);
                unit.unoptimized = producer.split(' ').any(|word| word == "-N");
            }
            (gimli::DW_AT_language, AttributeValue::Language(language)) => {
                unit.go = language == gimli::DW_LANG_Go;
            }
            (GO_PACKAGE_NAME, value) => package = text(sections, &value)?,
            (gimli::DW_AT_low_pc, value) => low = Some(value),
            (gimli::DW_AT_high_pc, value) => high = Some(value),
            (gimli::DW_AT_ranges, value) => unit.ranges = Ranges::of(&value),
            (gimli::DW_AT_addr_base, AttributeValue::DebugAddrBase(base)) => unit.addr_base = base,
            (gimli::DW_AT_rnglists_base, AttributeValue::DebugRngListsBase(base)) => {
                unit.rnglists_base = base.0;
            }
            (gimli::DW_AT_loclists_base, AttributeValue::DebugLocListsBase(base)) => {
                unit.loclists_base = base.0;
            }
            (gimli::DW_AT_stmt_list, AttributeValue::DebugLineRef(offset)) => unit.lines = Some(offset.0),
            _ => {}
        }
    }
    // The address base may stand behind the addresses that need it.
    if unit.go {
        unit.low_pc = match low {
            Some(value) => sections.address(&unit, &value)?.unwrap_or(0),
            None => 0,
        };
        unit.high_pc = match high {
            Some(value) => sections.end(&unit, unit.low_pc, &value)?,
            None => None,
        };
    }
    Ok(Some((unit, package)))
}

fn text<'s>(sections: &'s Sections<'_>, value: &AttributeValue<Reader<'s>>) -> Result<String, Diagnostic> {
    let text = sections.text(value)?;
    let text = text.get(..LONGEST_NAME).unwrap_or(text);
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// The minor version in `Go cmd/compile go1.22.10; regabi`.
fn go_minor(producer: &str) -> Option<u32> {
    let (_, version) = producer.split_once(" go1.")?;
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

impl Unit {
    /// Reads entries from `offset` of `.debug_info` on, or from the root.
    pub(in crate::target) fn entries<'a>(
        &'a self,
        info: Reader<'a>,
        offset: Option<usize>,
    ) -> Result<EntriesRaw<'a, Reader<'a>>, Diagnostic> {
        let wrong = |error| damaged(format!("the unit at {:#x} is wrong ({error})", self.start));
        let header = DebugInfo::from(info)
            .header_from_offset(DebugInfoOffset(self.start))
            .map_err(wrong)?;
        let offset = match offset {
            Some(offset) => Some(UnitOffset(offset.checked_sub(self.start).ok_or_else(|| {
                damaged(format!("a reference leads to {offset:#x}, outside of its unit"))
            })?)),
            None => None,
        };
        header.entries_raw(&self.abbreviations, offset).map_err(wrong)
    }

    /// Calls `each` for the children of the root, with their offsets in `.debug_info`; it must read or skip all
    /// attributes of the entry. Deeper entries are skipped. Ends early when `each` breaks.
    pub(in crate::target) fn children<'a>(
        &'a self,
        info: Reader<'a>,
        mut each: impl FnMut(
            &mut EntriesRaw<'a, Reader<'a>>,
            &'a Abbreviation,
            usize,
        ) -> Result<ControlFlow<()>, Diagnostic>,
    ) -> Result<(), Diagnostic> {
        let wrong = |error| damaged(format!("the unit at {:#x} is wrong ({error})", self.start));
        let mut entries = self.entries(info, None)?;
        while !entries.is_empty() {
            let child = entries.next_depth() == 1;
            let at = self.start + entries.next_offset().0;
            match entries.read_abbreviation().map_err(wrong)? {
                Some(abbreviation) if child => {
                    let flow = each(&mut entries, abbreviation, at)?;
                    if flow.is_break() {
                        break;
                    }
                }
                Some(abbreviation) => entries
                    .skip_attributes(abbreviation.attributes())
                    .map_err(wrong)?,
                None if entries.next_depth() <= 0 => break,
                None => {}
            }
        }
        Ok(())
    }

    /// The offset in `.debug_info` that a reference means.
    pub(in crate::target) fn target(&self, value: &AttributeValue<Reader<'_>>) -> Option<usize> {
        match value {
            AttributeValue::DebugInfoRef(offset) => Some(offset.0),
            AttributeValue::UnitRef(offset) => self.start.checked_add(offset.0),
            _ => None,
        }
    }
}
