//! Where DWARF's location lists say that arguments and results are, as gimli's own walk over units and entries gives
//! them.

use gimli::{AttributeValue, Dwarf, EndianSlice, LittleEndian, Operation, SectionId, Unit, UnitOffset};
use object::{Object as _, ObjectSection as _};
use std::borrow::Cow;
use std::collections::HashMap;

type Slice<'d> = EndianSlice<'d, LittleEndian>;

/// Where a part of a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the register of this DWARF number.
    Register(u16),
    /// In memory, this far above the stack pointer at the function's first instruction.
    Frame(i64),
    /// Nowhere.
    Nowhere,
    /// Somewhere else.
    Elsewhere,
}

/// A part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Bytes; none if the location is of the whole.
    pub size: Option<u64>,
    /// Where.
    pub place: Place,
}

/// A parameter or result.
#[derive(Clone, Debug)]
pub struct Variable {
    /// As DWARF has it.
    pub name: String,
    /// A result.
    pub result: bool,
    /// Its parts at the function's first instruction.
    pub entry: Option<Vec<Part>>,
    /// Its parts at each of the function's RETs where the list says something.
    pub returns: Vec<Vec<Part>>,
}

/// Parameters and results of every function, by its address. `returns` are the RETs by the function's address.
pub fn read(file: &[u8], returns: &HashMap<u64, Vec<u64>>) -> Result<HashMap<u64, Vec<Variable>>, String> {
    let file = object::File::parse(file).map_err(|error| error.to_string())?;
    let load = |id: SectionId| -> Result<Cow<'_, [u8]>, String> {
        match file.section_by_name(id.name()) {
            Some(section) => section.uncompressed_data().map_err(|error| error.to_string()),
            None => Ok(Cow::Borrowed(&[])),
        }
    };
    let sections = gimli::DwarfSections::load(load)?;
    let dwarf = sections.borrow(|section| EndianSlice::new(section, LittleEndian));
    let mut found = HashMap::new();
    units(&dwarf, returns, &mut found).map_err(|error| error.to_string())?;
    Ok(found)
}

fn units<'d>(
    dwarf: &Dwarf<Slice<'d>>,
    returns: &HashMap<u64, Vec<u64>>,
    found: &mut HashMap<u64, Vec<Variable>>,
) -> gimli::Result<()> {
    let mut headers = dwarf.units();
    while let Some(header) = headers.next()? {
        let unit = dwarf.unit(header)?;
        let mut tree = unit.entries_tree(None)?;
        let root = tree.root()?;
        if root.entry().attr_value(gimli::DW_AT_language) != Some(AttributeValue::Language(gimli::DW_LANG_Go))
        {
            continue;
        }
        let mut children = root.children();
        while let Some(child) = children.next()? {
            let entry = child.entry();
            if entry.tag() != gimli::DW_TAG_subprogram {
                continue;
            }
            let low = match entry.attr_value(gimli::DW_AT_low_pc) {
                Some(value) => dwarf.attr_address(&unit, value)?,
                None => None,
            };
            let Some(low) = low else { continue };
            let rets = returns.get(&low).map_or(&[][..], Vec::as_slice);
            let mut variables = Vec::new();
            parameters(dwarf, &unit, child, low, rets, &mut variables)?;
            found.insert(low, variables);
        }
    }
    Ok(())
}

/// The parameters below an entry, in lexical blocks too, but not those of inlined calls.
fn parameters<'d>(
    dwarf: &Dwarf<Slice<'d>>,
    unit: &Unit<Slice<'d>>,
    node: gimli::EntriesTreeNode<'_, '_, Slice<'d>>,
    low: u64,
    returns: &[u64],
    into: &mut Vec<Variable>,
) -> gimli::Result<()> {
    let mut children = node.children();
    while let Some(child) = children.next()? {
        match child.entry().tag() {
            gimli::DW_TAG_formal_parameter => {
                into.extend(variable(dwarf, unit, child.entry(), low, returns)?);
            }
            gimli::DW_TAG_lexical_block => parameters(dwarf, unit, child, low, returns, into)?,
            _ => {}
        }
    }
    Ok(())
}

fn variable<'d>(
    dwarf: &Dwarf<Slice<'d>>,
    unit: &Unit<Slice<'d>>,
    entry: &gimli::DebuggingInformationEntry<Slice<'d>>,
    low: u64,
    returns: &[u64],
) -> gimli::Result<Option<Variable>> {
    let (name, result) = match entry.attr_value(gimli::DW_AT_abstract_origin) {
        None => named(dwarf, unit, entry)?,
        Some(AttributeValue::UnitRef(at)) => general(dwarf, unit, at)?,
        Some(AttributeValue::DebugInfoRef(at)) => {
            let mut headers = dwarf.units();
            let mut answer = None;
            while let Some(header) = headers.next()? {
                if let Some(inside) = at.to_unit_offset(&header) {
                    answer = Some(general(dwarf, &dwarf.unit(header)?, inside)?);
                    break;
                }
            }
            match answer {
                Some(answer) => answer,
                None => return Ok(None),
            }
        }
        Some(_) => return Ok(None),
    };
    let mut entry_parts = None;
    let mut at_returns = Vec::new();
    let location = entry.attr(gimli::DW_AT_location);
    if let Some(location) = location {
        if let Some(expression) = location.exprloc_value() {
            let parts = parts(expression, unit)?;
            at_returns = vec![parts.clone(); returns.len()];
            entry_parts = Some(parts);
        } else if let Some(mut list) = dwarf.attr_locations(unit, location.value())? {
            while let Some(item) = list.next()? {
                let inside = |address: u64| (item.range.begin..item.range.end).contains(&address);
                if entry_parts.is_none() && inside(low) {
                    entry_parts = Some(parts(item.data, unit)?);
                }
                for _ in returns.iter().filter(|at| inside(**at)) {
                    at_returns.push(parts(item.data, unit)?);
                }
            }
        }
    }
    Ok(Some(Variable {
        name,
        result,
        entry: entry_parts,
        returns: at_returns,
    }))
}

fn general<'d>(
    dwarf: &Dwarf<Slice<'d>>,
    unit: &Unit<Slice<'d>>,
    at: UnitOffset,
) -> gimli::Result<(String, bool)> {
    named(dwarf, unit, &unit.entry(at)?)
}

fn named<'d>(
    dwarf: &Dwarf<Slice<'d>>,
    unit: &Unit<Slice<'d>>,
    entry: &gimli::DebuggingInformationEntry<Slice<'d>>,
) -> gimli::Result<(String, bool)> {
    let name = match entry.attr_value(gimli::DW_AT_name) {
        Some(value) => dwarf.attr_string(unit, value)?.to_string_lossy().into_owned(),
        None => String::new(),
    };
    let result = entry.attr_value(gimli::DW_AT_variable_parameter) == Some(AttributeValue::Flag(true));
    Ok((name, result))
}

fn parts(expression: gimli::Expression<Slice<'_>>, unit: &Unit<Slice<'_>>) -> gimli::Result<Vec<Part>> {
    let mut parts = Vec::new();
    let mut place = Place::Nowhere;
    let mut operations = expression.operations(unit.encoding());
    while let Some(operation) = operations.next()? {
        place = match operation {
            Operation::Piece { size_in_bits, .. } => {
                parts.push(Part {
                    size: Some(size_in_bits / 8),
                    place,
                });
                Place::Nowhere
            }
            Operation::Register { register } => Place::Register(register.0),
            // The frame's base is the caller's stack pointer: 8 above the one at the first instruction.
            Operation::FrameOffset { offset } => Place::Frame(offset.saturating_add(8)),
            Operation::CallFrameCFA => Place::Frame(8),
            _ => Place::Elsewhere,
        };
    }
    if place != Place::Nowhere {
        parts.push(Part { size: None, place });
    }
    Ok(parts)
}
