//! DWARF's location of a variable at its function's first instruction.

use gimli::{
    AttributeValue, DebugAddr, DebugLoc, DebugLocLists, DebugLocListsBase, DebugLocListsIndex, Expression,
    LocationLists, LocationListsOffset, Operation, SectionId,
};

use crate::diagnostic::Diagnostic;
use crate::gotype::abi::{Abi, Register, Slot};
use crate::target::dwarf::Debug;
use crate::target::dwarf::section::{Reader, damaged};
use crate::target::dwarf::unit::Unit;

/// A variable's location attribute.
#[derive(Clone, Copy, Debug)]
pub(in crate::target) enum Location<'s> {
    /// There is none.
    None,
    /// An expression for the whole function; an empty one says that the variable exists nowhere.
    Everywhere(Reader<'s>),
    /// A list at this offset.
    List(usize),
    /// A list of this number.
    Numbered(usize),
}

impl<'s> Location<'s> {
    /// The location that an attribute gives.
    pub(in crate::target) fn of(value: &AttributeValue<Reader<'s>>) -> Self {
        match value {
            // The linker gives expressions as plain blocks.
            AttributeValue::Block(bytes) => Self::Everywhere(*bytes),
            AttributeValue::Exprloc(expression) => Self::Everywhere(expression.0),
            AttributeValue::LocationListsRef(offset) => Self::List(offset.0),
            AttributeValue::DebugLocListsIndex(index) => Self::Numbered(index.0),
            _ => Self::None,
        }
    }
}

/// One piece of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::target) struct Part {
    /// Bytes; none where the location is of the whole variable.
    pub(in crate::target) size: Option<u64>,
    /// Where.
    pub(in crate::target) place: Where,
}

/// Where a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::target) enum Where {
    /// In an argument register.
    Register(Register),
    /// In a vector register.
    Vector(u8),
    /// In memory, this far above the stack pointer at the first instruction.
    Stack(i64),
    /// Nowhere.
    Nowhere,
    /// Somewhere else.
    Elsewhere,
}

/// The pieces of a variable, with the addresses that they are for; none if that is the whole function.
pub(in crate::target) type Located = (Option<std::ops::Range<u64>>, Vec<Part>);

/// A list may have so many entries before the one for the first instruction; it is the first or second in practice.
const MOST_ENTRIES: usize = 10_000;
/// A value has at most this many pieces.
const MOST_PARTS: usize = 256;

impl Debug<'_> {
    /// The pieces of a variable at `pc`; none if DWARF has no location for that address.
    pub(in crate::target) fn parts_at(
        &self,
        unit: &Unit,
        location: &Location<'_>,
        pc: u64,
    ) -> Result<Option<Vec<Part>>, Diagnostic> {
        let convention = self.processor.convention(Abi::Internal);
        let found = self.located_at(unit, location, pc, &|number| convention.slot_of(number))?;
        Ok(found.map(|(_, parts)| parts))
    }

    /// The pieces of a variable at `pc`, with the addresses that they are for (none if that is the whole function);
    /// `slot_of` knows the registers by their numbers.
    pub(in crate::target) fn located_at(
        &self,
        unit: &Unit,
        location: &Location<'_>,
        pc: u64,
        slot_of: &dyn Fn(u16) -> Option<Slot>,
    ) -> Result<Option<Located>, Diagnostic> {
        let wrong = |error| {
            damaged(format!(
                "a location list of the unit at {:#x} is wrong ({error})",
                unit.start
            ))
        };
        let frame_base = self.processor.convention(Abi::Internal).frame_base;
        let parts = |bytes| parts(bytes, unit.encoding, frame_base, slot_of).map_err(wrong);
        if let Location::Everywhere(bytes) = location {
            return Ok(Some((None, parts(*bytes)?)));
        }
        let lists = LocationLists::new(
            DebugLoc::from(self.sections.get(SectionId::DebugLoc)?),
            DebugLocLists::from(self.sections.get(SectionId::DebugLocLists)?),
        );
        let addresses = DebugAddr::from(self.sections.get(SectionId::DebugAddr)?);
        let offset = match location {
            Location::List(offset) => LocationListsOffset(*offset),
            Location::Numbered(number) => lists
                .get_offset(
                    unit.encoding,
                    DebugLocListsBase(unit.loclists_base),
                    DebugLocListsIndex(*number),
                )
                .map_err(wrong)?,
            _ => return Ok(None),
        };
        let mut list = lists
            .locations(offset, unit.encoding, unit.low_pc, &addresses, unit.addr_base)
            .map_err(wrong)?;
        for number in 0..MOST_ENTRIES {
            let Some(entry) = list.next().map_err(wrong)? else {
                break;
            };
            self.sections.spend(number)?;
            let range = entry.range.begin..entry.range.end;
            if range.contains(&pc) {
                return Ok(Some((Some(range), parts(entry.data.0)?)));
            }
        }
        Ok(None)
    }
}

/// The pieces that an expression describes.
fn parts(
    bytes: Reader<'_>,
    encoding: gimli::Encoding,
    frame_base: i64,
    slot_of: &dyn Fn(u16) -> Option<Slot>,
) -> gimli::Result<Vec<Part>> {
    let frame = |offset: i64| Where::Stack(offset.saturating_add(frame_base));
    let mut parts = Vec::new();
    let mut place = Where::Nowhere;
    let mut pending = false;
    let mut operations = Expression(bytes).operations(encoding);
    while let Some(operation) = operations.next()? {
        if let Operation::Piece { size_in_bits, .. } = operation {
            parts.push(Part {
                size: Some(size_in_bits / 8),
                place,
            });
            place = Where::Nowhere;
            pending = false;
            if parts.len() >= MOST_PARTS {
                break;
            }
            continue;
        }
        place = match operation {
            _ if pending => Where::Elsewhere,
            Operation::Register { register } => match slot_of(register.0) {
                Some(Slot::Register(register)) => Where::Register(register),
                Some(Slot::Vector(number)) => Where::Vector(number),
                Some(Slot::Stack(_)) | None => Where::Elsewhere,
            },
            Operation::FrameOffset { offset } => frame(offset),
            Operation::CallFrameCFA => frame(0),
            _ => Where::Elsewhere,
        };
        pending = true;
    }
    if pending {
        parts.push(Part { size: None, place });
    }
    Ok(parts)
}
