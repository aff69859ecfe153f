//! Inlined calls, and functions of which every call was inlined.

use std::collections::{BTreeMap, BTreeSet};

use gimli::{
    AttributeValue, DebugAddr, DebugLine, DebugLineOffset, DebugRanges, DebugRngLists, DebugRngListsBase,
    DebugRngListsIndex, RangeLists, RangeListsOffset, SectionId,
};

use crate::diagnostic::Diagnostic;
use crate::goname::escapes;
use crate::target::dwarf::Debug;
use crate::target::dwarf::function::{MOST_VARIABLES, Subprogram, Variable};
use crate::target::dwarf::section::{Reader, damaged};
use crate::target::dwarf::survey::{Inlined, reference};
use crate::target::dwarf::unit::{Ranges, Unit};
use crate::target::{InlinedCall, InlinedCopy};

/// What the debug information has of a copy.
pub(in crate::target) struct CopyEntry<'s> {
    /// Where it is.
    pub(in crate::target) unit: &'s Unit,
    /// The inlined function as it is everywhere.
    pub(in crate::target) general: Subprogram<'s>,
    /// The copy's own variables, with their places in it.
    pub(in crate::target) own: Vec<Variable<'s>>,
}

/// The contents of an inlined call's DIE.
struct Call {
    address: u64,
    file: u64,
    line: u64,
}

impl Debug<'_> {
    /// Inlined calls of the functions whose full Go name satisfies `matches`: the first `limit` by address, and how
    /// many there are.
    ///
    /// # Errors
    /// E0250 when the debug information is damaged.
    pub fn inlined(
        &self,
        matches: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        let mut names: BTreeMap<usize, Option<String>> = BTreeMap::new();
        let mut found: Vec<(Call, Inlined)> = Vec::new();
        for inlined in self.survey(None)?.inlined {
            let name = match names.get(&inlined.callee) {
                Some(name) => name,
                None => {
                    let name = Some(self.name_at(inlined.callee)?).filter(|name| matches(name));
                    names.entry(inlined.callee).or_insert(name)
                }
            };
            if name.is_some() {
                found.push((self.call(inlined.call)?, inlined));
            }
        }
        let count = found.len();
        found.sort_unstable_by_key(|(call, inlined)| (call.address, inlined.call));
        let mut calls = Vec::new();
        for (call, inlined) in found.into_iter().take(limit) {
            let callee = names.get(&inlined.callee).cloned().flatten().unwrap_or_default();
            calls.push(InlinedCall {
                callee,
                caller: self.function_name(inlined.caller)?,
                file: self.file_name(self.units()?.at(inlined.call)?, call.file)?,
                line: u32::try_from(call.line).unwrap_or(0),
                address: call.address,
            });
        }
        Ok((calls, count))
    }

    /// Full Go names of the functions that have no code of their own, sorted.
    ///
    /// # Errors
    /// E0250 when the debug information is damaged.
    pub fn inlined_names(&self) -> Result<Vec<String>, Diagnostic> {
        let survey = self.survey(None)?;
        let with_code: BTreeSet<usize> = survey.with_code.into_iter().collect();
        let called: BTreeSet<usize> = survey.inlined.iter().map(|call| call.callee).collect();
        let mut names = Vec::new();
        for entry in survey.general {
            if called.contains(&entry) && !with_code.contains(&entry) {
                names.push(self.name_at(entry)?);
            }
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// The entry of a copy in the function that begins at `holder`; none if no entry, or more than one, is its.
    ///
    /// # Errors
    /// E0250 when the debug information is damaged.
    pub(in crate::target) fn copy_entry(
        &self,
        holder: u64,
        copy: &InlinedCopy,
    ) -> Result<Option<CopyEntry<'_>>, Diagnostic> {
        self.sections.begin();
        let Some((unit, function)) = self.function_at(holder)? else {
            return Ok(None);
        };
        let wrong = |error| damaged(format!("the function at {function:#x} is wrong ({error})"));
        let mut entries = unit.entries(self.sections.info()?, Some(function))?;
        let mut found = Vec::new();
        loop {
            let at = unit.start + entries.next_offset().0;
            let Some(abbreviation) = entries.read_abbreviation().map_err(wrong)? else {
                if entries.next_depth() <= 0 || entries.is_empty() {
                    break;
                }
                continue;
            };
            if abbreviation.tag() == gimli::DW_TAG_inlined_subroutine {
                let origin = reference(unit, &mut entries, abbreviation).map_err(wrong)?;
                let call = self.call(at)?;
                if let Some(origin) = origin
                    && call.address == copy.address
                    && call.line == u64::from(copy.line)
                    && self.name_at(origin)? == copy.callee
                {
                    found.push((at, origin));
                }
            } else {
                entries
                    .skip_attributes(abbreviation.attributes())
                    .map_err(wrong)?;
            }
            if entries.next_depth() <= 0 || entries.is_empty() {
                break;
            }
        }
        let [(at, origin)] = found.as_slice() else {
            return Ok(None);
        };
        Ok(Some(CopyEntry {
            unit,
            general: self.subprogram(*origin)?,
            own: self.own_variables(unit, *at)?,
        }))
    }

    /// The variables of an inlined call, those of calls within it left out.
    fn own_variables<'s>(&'s self, unit: &'s Unit, at: usize) -> Result<Vec<Variable<'s>>, Diagnostic> {
        let wrong = |error| damaged(format!("the inlined call at {at:#x} is wrong ({error})"));
        let mut entries = unit.entries(self.sections.info()?, Some(at))?;
        let mut variables = Vec::new();
        let Some(first) = entries.read_abbreviation().map_err(wrong)? else {
            return Ok(variables);
        };
        entries.skip_attributes(first.attributes()).map_err(wrong)?;
        if !first.has_children() {
            return Ok(variables);
        }
        while entries.next_depth() > 0 && !entries.is_empty() {
            let depth = entries.next_depth();
            let Some(abbreviation) = entries.read_abbreviation().map_err(wrong)? else {
                continue;
            };
            if abbreviation.tag() == gimli::DW_TAG_formal_parameter && depth == 1 {
                variables.extend(self.variable_entry(unit, &mut entries, abbreviation)?);
                if variables.len() > MOST_VARIABLES {
                    return Err(damaged(format!(
                        "the inlined call at {at:#x} has too many parameters"
                    )));
                }
                continue;
            }
            entries
                .skip_attributes(abbreviation.attributes())
                .map_err(wrong)?;
        }
        Ok(variables)
    }

    /// The full Go name of a function with code, which may stand in its general entry.
    fn function_name(&self, entry: usize) -> Result<String, Diagnostic> {
        Ok(escapes::unescape(self.subprogram_name(entry)?).into_owned())
    }

    fn call(&self, entry: usize) -> Result<Call, Diagnostic> {
        let unit = self.units()?.at(entry)?;
        let wrong = |error| damaged(format!("the inlined call at {entry:#x} is wrong ({error})"));
        let mut entries = unit.entries(self.sections.info()?, Some(entry))?;
        let abbreviation = entries
            .read_abbreviation()
            .map_err(wrong)?
            .ok_or_else(|| damaged(format!("there is no inlined call at {entry:#x}")))?;
        let mut call = Call {
            address: 0,
            file: 0,
            line: 0,
        };
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(wrong)?;
            let value = attribute.value();
            match attribute.name() {
                gimli::DW_AT_low_pc => call.address = self.sections.address(unit, &value)?.unwrap_or(0),
                gimli::DW_AT_ranges => call.address = self.first_address(unit, &value)?,
                gimli::DW_AT_call_file => {
                    call.file = match value {
                        AttributeValue::FileIndex(number) => number,
                        other => other.udata_value().unwrap_or(0),
                    };
                }
                gimli::DW_AT_call_line => call.line = value.udata_value().unwrap_or(0),
                _ => {}
            }
        }
        Ok(call)
    }

    /// The lowest address in a list of ranges.
    fn first_address(&self, unit: &Unit, value: &AttributeValue<Reader<'_>>) -> Result<u64, Diagnostic> {
        let wrong = |error| {
            damaged(format!(
                "a range list of the unit at {:#x} is wrong ({error})",
                unit.start
            ))
        };
        let lists = RangeLists::new(
            DebugRanges::from(self.sections.get(SectionId::DebugRanges)?),
            DebugRngLists::from(self.sections.get(SectionId::DebugRngLists)?),
        );
        let addresses = DebugAddr::from(self.sections.get(SectionId::DebugAddr)?);
        let offset = match Ranges::of(value) {
            Some(Ranges::Offset(offset)) => RangeListsOffset(offset),
            Some(Ranges::Index(number)) => lists
                .get_offset(
                    unit.encoding,
                    DebugRngListsBase(unit.rnglists_base),
                    DebugRngListsIndex(number),
                )
                .map_err(wrong)?,
            None => return Ok(0),
        };
        let mut ranges = lists
            .ranges(offset, unit.encoding, unit.low_pc, &addresses, unit.addr_base)
            .map_err(wrong)?;
        let mut lowest = None;
        for number in 0..MOST_RANGES {
            self.sections.spend(number)?;
            let Some(range) = ranges.next().map_err(wrong)? else {
                break;
            };
            lowest = Some(lowest.map_or(range.begin, |lowest: u64| lowest.min(range.begin)));
        }
        Ok(lowest.unwrap_or(0))
    }

    /// The path of a file by its number in the unit's line table.
    fn file_name(&self, unit: &Unit, number: u64) -> Result<String, Diagnostic> {
        let Some(offset) = unit.lines else {
            return Ok(String::new());
        };
        let wrong = |error| {
            damaged(format!(
                "the line table of the unit at {:#x} is wrong ({error})",
                unit.start
            ))
        };
        let program = DebugLine::from(self.sections.get(SectionId::DebugLine)?)
            .program(DebugLineOffset(offset), unit.encoding.address_size, None, None)
            .map_err(wrong)?;
        let header = program.header();
        let Some(file) = header.file(number) else {
            return Ok(String::new());
        };
        let name = String::from_utf8_lossy(self.sections.text(&file.path_name())?).into_owned();
        if name.starts_with('/') {
            return Ok(name);
        }
        let directory = match file.directory(header) {
            Some(directory) => String::from_utf8_lossy(self.sections.text(&directory)?).into_owned(),
            None => String::new(),
        };
        Ok(match directory.as_str() {
            "" | "." => name,
            _ => format!("{directory}/{name}"),
        })
    }
}

/// Pieces that one inlined call may be in; a forged list goes no further.
const MOST_RANGES: usize = 10_000;
