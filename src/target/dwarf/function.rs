//! The DIE of one function (a subprogram), with its parameters, results and captured variables.

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use gimli::{AttributeValue, DebugAddr, DebugRanges, DebugRngLists, RangeLists, RangeListsOffset, SectionId};

use crate::diagnostic::Diagnostic;
use crate::goname::function::looping;
use crate::gotype::TypeRef;
use crate::target::dwarf::Debug;
use crate::target::dwarf::location::Location;
use crate::target::dwarf::section::{Reader, damaged};
use crate::target::dwarf::types::GO_CLOSURE_OFFSET;
use crate::target::dwarf::unit::{Ranges, Unit};

/// The most parameters, results and captured variables of one function; real ones have less than a hundred.
pub(in crate::target) const MOST_VARIABLES: usize = 2000;

/// Code and the number of its unit, by address.
pub(in crate::target) type CodeMap = Vec<(std::ops::Range<u64>, usize)>;

/// The functions of one unit.
#[derive(Debug, Default)]
pub(in crate::target) struct UnitFunctions {
    /// First address and entry of those that have code, by address.
    by_address: Vec<(u64, usize)>,
    /// Names of those that loop over a function, sorted.
    looping: Vec<Vec<u8>>,
}

/// A variable of a function's DIE that belongs to its signature.
#[derive(Clone, Debug)]
pub(in crate::target) struct Variable<'s> {
    /// Its name as DWARF has it.
    pub(in crate::target) name: &'s [u8],
    /// Its type, if the entry says so.
    pub(in crate::target) ty: Option<TypeRef>,
    /// Its role.
    pub(in crate::target) role: Role,
    /// Its location attribute.
    pub(in crate::target) location: Location<'s>,
    /// The entry that its name and type come from, if that is not its own.
    pub(in crate::target) origin: Option<usize>,
}

/// The role of a variable in the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::target) enum Role {
    /// A receiver or parameter.
    Parameter,
    /// A result.
    Result,
    /// In the closure object, at this offset.
    Captured(u64),
}

/// The contents of a function's DIE.
#[derive(Clone, Debug)]
pub(in crate::target) struct Subprogram<'s> {
    /// Its name as the linker writes it, without `.abi0`.
    pub(in crate::target) name: &'s [u8],
    /// Its variables, in the order of their entries.
    pub(in crate::target) variables: Vec<Variable<'s>>,
    /// A variable was moved to the heap. Without optimisation Go 1.17 does not list those of them that are results.
    pub(in crate::target) moved: bool,
}

impl Debug<'_> {
    /// The entry of the function whose first byte is at `address`, and its unit.
    pub(in crate::target) fn function_at(&self, address: u64) -> Result<Option<(&Unit, usize)>, Diagnostic> {
        let units = self.units()?;
        let map = self.code_map.get_or_init(|| self.map_code());
        let map = map.as_ref().map_err(Clone::clone)?;
        let after = map.partition_point(|(range, _)| range.start <= address);
        let candidates = map.iter().take(after).rev().take(4);
        for (range, index) in candidates {
            let Some(unit) = units.list().get(*index).filter(|_| range.contains(&address)) else {
                continue;
            };
            let functions = self.functions_of(*index, unit)?;
            let found = functions
                .by_address
                .binary_search_by_key(&address, |(low, _)| *low);
            if let Some((_, entry)) = found.ok().and_then(|found| functions.by_address.get(found)) {
                return Ok(Some((unit, *entry)));
            }
        }
        Ok(None)
    }

    /// Which unit each piece of code belongs to.
    fn map_code(&self) -> Result<CodeMap, Diagnostic> {
        let sections = &self.sections;
        let lists = RangeLists::new(
            DebugRanges::from(sections.get(SectionId::DebugRanges)?),
            DebugRngLists::from(sections.get(SectionId::DebugRngLists)?),
        );
        let addresses = DebugAddr::from(sections.get(SectionId::DebugAddr)?);
        // Lists of different units do not overlap, and an entry has two bytes at least: a forged file may say
        // otherwise.
        let mut left =
            sections.get(SectionId::DebugRanges)?.len() + sections.get(SectionId::DebugRngLists)?.len();
        let mut map = CodeMap::new();
        for (index, unit) in self
            .units()?
            .list()
            .iter()
            .enumerate()
            .filter(|(_, unit)| unit.go)
        {
            let wrong = |error| {
                damaged(format!(
                    "the ranges of the unit at {:#x} are wrong ({error})",
                    unit.start
                ))
            };
            let Some(ranges) = unit.ranges else {
                if let Some(high) = unit.high_pc.filter(|high| *high > unit.low_pc) {
                    map.push((unit.low_pc..high, index));
                }
                continue;
            };
            let offset = match ranges {
                Ranges::Offset(offset) => RangeListsOffset(offset),
                Ranges::Index(number) => lists
                    .get_offset(
                        unit.encoding,
                        gimli::DebugRngListsBase(unit.rnglists_base),
                        gimli::DebugRngListsIndex(number),
                    )
                    .map_err(wrong)?,
            };
            let mut list = lists
                .ranges(offset, unit.encoding, unit.low_pc, &addresses, unit.addr_base)
                .map_err(wrong)?;
            while let Some(range) = list.next().map_err(wrong)? {
                left = left
                    .checked_sub(1)
                    .ok_or_else(|| damaged("the units' ranges overlap"))?;
                if range.begin < range.end {
                    map.push((range.begin..range.end, index));
                }
            }
        }
        map.sort_unstable_by_key(|(range, unit)| (range.start, *unit));
        Ok(map)
    }

    /// The functions of a unit that have code.
    fn functions_of(&self, index: usize, unit: &Unit) -> Result<Arc<UnitFunctions>, Diagnostic> {
        let known = self
            .functions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&index)
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let wrong = |error| damaged(format!("the unit at {:#x} is wrong ({error})", unit.start));
        let mut functions = UnitFunctions::default();
        let addresses = self.sections.addresses()?;
        unit.children(self.sections.info()?, |entries, abbreviation, at| {
            if abbreviation.tag() != gimli::DW_TAG_subprogram {
                entries
                    .skip_attributes(abbreviation.attributes())
                    .map_err(wrong)?;
                return Ok(ControlFlow::Continue(()));
            }
            for spec in abbreviation.attributes() {
                let value = match spec.name() {
                    gimli::DW_AT_low_pc | gimli::DW_AT_name => {
                        entries.read_attribute(*spec).map_err(wrong)?.value()
                    }
                    _ => {
                        entries
                            .skip_attributes(std::slice::from_ref(spec))
                            .map_err(wrong)?;
                        continue;
                    }
                };
                match value {
                    AttributeValue::Addr(low) => functions.by_address.push((low, at)),
                    AttributeValue::DebugAddrIndex(number) => {
                        functions.by_address.push((addresses.get(unit, number.0)?, at));
                    }
                    name => functions
                        .looping
                        .extend(looping(self.sections.text(&name)?).map(<[u8]>::to_vec)),
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
        functions.by_address.sort_unstable();
        functions.looping.sort_unstable();
        let functions = Arc::new(functions);
        self.functions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(index, Arc::clone(&functions));
        Ok(functions)
    }

    /// Whether a function of this unit has a range-over-func loop. If such a loop returns, unnamed results are not
    /// listed.
    pub(in crate::target) fn loops_over_function(
        &self,
        unit: &Unit,
        name: &[u8],
    ) -> Result<bool, Diagnostic> {
        let index = self.units()?.index_of(unit);
        let functions = self.functions_of(index, unit)?;
        Ok(functions
            .looping
            .binary_search_by(|looping| looping.as_slice().cmp(name))
            .is_ok())
    }

    /// Reads a function's entry and its variables.
    pub(in crate::target) fn subprogram(&self, at: usize) -> Result<Subprogram<'_>, Diagnostic> {
        let (mut own, origin) = self.one_subprogram(at)?;
        if let Some(origin) = origin {
            self.complete_from(&mut own, origin)?;
        }
        Ok(own)
    }

    /// Adds to an out-of-line copy what only the general entry of the function says.
    pub(in crate::target) fn complete_from<'s>(
        &'s self,
        own: &mut Subprogram<'s>,
        origin: usize,
    ) -> Result<(), Diagnostic> {
        let (general, _) = self.one_subprogram(origin)?;
        own.name = general.name;
        complete(&mut own.variables, general.variables);
        Ok(())
    }

    /// The name of a function as the linker writes it, from its general entry if it has one.
    pub(in crate::target) fn subprogram_name(&self, at: usize) -> Result<&[u8], Diagnostic> {
        let unit = self.units()?.at(at)?;
        let wrong = |error| damaged(format!("the function at {at:#x} is wrong ({error})"));
        let mut entries = unit.entries(self.sections.info()?, Some(at))?;
        let Some(abbreviation) = entries.read_abbreviation().map_err(wrong)? else {
            return Ok(&[]);
        };
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(wrong)?;
            match attribute.name() {
                gimli::DW_AT_name => return self.sections.text(&attribute.value()),
                gimli::DW_AT_abstract_origin => {
                    let origin = unit.target(&attribute.value());
                    return match origin {
                        Some(origin) => Ok(self.tag_name_target(origin)?.1),
                        None => Ok(&[]),
                    };
                }
                _ => {}
            }
        }
        Ok(&[])
    }

    /// A function's DIE without the one that it refers to, and the reference.
    fn one_subprogram(&self, at: usize) -> Result<(Subprogram<'_>, Option<usize>), Diagnostic> {
        let unit = self.units()?.at(at)?;
        let wrong = |error| damaged(format!("the function at {at:#x} is wrong ({error})"));
        let mut entries = unit.entries(self.sections.info()?, Some(at))?;
        let abbreviation = entries
            .read_abbreviation()
            .map_err(wrong)?
            .filter(|abbreviation| abbreviation.tag() == gimli::DW_TAG_subprogram)
            .ok_or_else(|| damaged(format!("there is no function at {at:#x}")))?;
        let mut subprogram = Subprogram {
            name: &[],
            variables: Vec::new(),
            moved: false,
        };
        let mut origin = None;
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(wrong)?;
            match attribute.name() {
                gimli::DW_AT_name => subprogram.name = self.sections.text(&attribute.value())?,
                gimli::DW_AT_abstract_origin => origin = unit.target(&attribute.value()),
                _ => {}
            }
        }
        if !abbreviation.has_children() {
            return Ok((subprogram, origin));
        }
        // Variables may stand in lexical blocks; those in inlined calls are of other functions.
        let mut inlined_at = None;
        while entries.next_depth() > 0 && !entries.is_empty() {
            let depth = entries.next_depth();
            if inlined_at.is_some_and(|inlined| depth <= inlined) {
                inlined_at = None;
            }
            let Some(abbreviation) = entries.read_abbreviation().map_err(wrong)? else {
                continue;
            };
            let tag = abbreviation.tag();
            if inlined_at.is_none()
                && (tag == gimli::DW_TAG_formal_parameter
                    || tag == gimli::DW_TAG_variable && has(abbreviation, GO_CLOSURE_OFFSET))
            {
                subprogram
                    .variables
                    .extend(self.variable_entry(unit, &mut entries, abbreviation)?);
                if subprogram.variables.len() > MOST_VARIABLES {
                    return Err(damaged(format!(
                        "the function at {at:#x} has too many parameters"
                    )));
                }
                continue;
            }
            if tag == gimli::DW_TAG_variable
                && unit.unoptimized
                && inlined_at.is_none()
                && let Some((first, rest)) = abbreviation.attributes().split_first()
                && first.name() == gimli::DW_AT_name
            {
                let name = entries.read_attribute(*first).map_err(wrong)?.value();
                subprogram.moved |= self.sections.text(&name)?.starts_with(b"&");
                entries.skip_attributes(rest).map_err(wrong)?;
                continue;
            }
            if tag == gimli::DW_TAG_inlined_subroutine && inlined_at.is_none() && abbreviation.has_children()
            {
                inlined_at = Some(depth);
            }
            entries
                .skip_attributes(abbreviation.attributes())
                .map_err(wrong)?;
        }
        self.sections.spend(
            entries
                .next_offset()
                .0
                .saturating_sub(at.saturating_sub(unit.start)),
        )?;
        Ok((subprogram, origin))
    }

    /// Reads a variable's entry, and the one that it refers to.
    pub(in crate::target) fn variable_entry<'s>(
        &'s self,
        unit: &Unit,
        entries: &mut gimli::EntriesRaw<'_, Reader<'s>>,
        abbreviation: &gimli::Abbreviation,
    ) -> Result<Option<Variable<'s>>, Diagnostic> {
        let mut variable = Variable {
            name: &[],
            ty: None,
            role: Role::Parameter,
            location: Location::None,
            origin: None,
        };
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(|error| {
                damaged(format!(
                    "a variable in the unit at {:#x} is wrong ({error})",
                    unit.start
                ))
            })?;
            let value = attribute.value();
            match attribute.name() {
                gimli::DW_AT_name => variable.name = self.sections.text(&value)?,
                gimli::DW_AT_type => variable.ty = unit.target(&value).map(|target| TypeRef(target as u64)),
                gimli::DW_AT_abstract_origin => variable.origin = unit.target(&value),
                gimli::DW_AT_variable_parameter if value == AttributeValue::Flag(true) => {
                    variable.role = Role::Result;
                }
                gimli::DW_AT_location => variable.location = Location::of(&value),
                GO_CLOSURE_OFFSET => {
                    if let Some(offset) = value.udata_value() {
                        variable.role = Role::Captured(offset);
                    }
                }
                _ => {}
            }
        }
        if let Some(origin) = variable.origin
            && variable.ty.is_none()
        {
            let unit = self.units()?.at(origin)?;
            let mut entries = unit.entries(self.sections.info()?, Some(origin))?;
            let abbreviation = entries
                .read_abbreviation()
                .map_err(|error| damaged(format!("the variable at {origin:#x} is wrong ({error})")))?;
            let general = match abbreviation {
                Some(abbreviation) if !has(abbreviation, gimli::DW_AT_abstract_origin) => {
                    self.variable_entry(unit, &mut entries, abbreviation)?
                }
                _ => return Err(damaged(format!("there is no variable at {origin:#x}"))),
            };
            if let Some(general) = general {
                variable.name = general.name;
                variable.ty = general.ty;
                variable.role = general.role;
            }
        }
        Ok(Some(variable))
    }
}

fn has(abbreviation: &gimli::Abbreviation, name: gimli::DwAt) -> bool {
    abbreviation.attributes().iter().any(|spec| spec.name() == name)
}

/// Adds to the variables of an out-of-line copy those that only the general entry of the function has, where they
/// belong.
fn complete<'s>(own: &mut Vec<Variable<'s>>, general: Vec<Variable<'s>>) {
    for variable in general {
        let known = own
            .iter()
            .any(|other| other.name == variable.name && other.role == variable.role);
        if !known {
            own.push(variable);
        }
    }
}
