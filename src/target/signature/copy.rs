//! The arguments of an inlined call, where DWARF locates them at an instruction that each call executes once.
//!
//! No calling convention places them, so DWARF's location lists are the only source, and the code is the check: from
//! where a list says that a value is in a register (or a slot of the frame) up to the probe, no instruction may write
//! there. A value that is nowhere at the first such instruction may be somewhere at one of the next, which the call
//! executes as well.

use crate::diagnostic::{Code, Diagnostic};
use crate::goname::{escapes, function};
use crate::gotype::abi::{Abi, Piece, Register, Slot};
use crate::gotype::{GoType, Kind};
use crate::target::code::Listing;
use crate::target::code::sites::Body;
use crate::target::dwarf::inline::CopyEntry;
use crate::target::dwarf::location::{Part, Where};
use crate::target::signature::context::Context;
use crate::target::signature::parts::Passed;
use crate::target::signature::text;
use crate::target::{InlinedArguments, InlinedCopy, Parameter, Signature, Target, Unreadable};

use crate::arch::Flow;

/// The pieces of a value, if it is known where it is.
type Pieces = Option<Vec<Piece>>;

impl Target<'_> {
    /// The signature of an inlined function, with the places of its arguments where a copy begins, and the instruction
    /// that they are for.
    pub(crate) fn copy_arguments(&self, copy: &InlinedCopy) -> Result<InlinedArguments, Diagnostic> {
        let debug = self.debug_info()?;
        let unknown = |what: &str| {
            Diagnostic::error(
                Code::NOT_READABLE,
                format!(
                    "the arguments of an inlined call of `{}` are not known",
                    copy.callee
                ),
            )
            .note(what.to_owned())
        };
        let Some(holder) = self.entry(copy.holder) else {
            return Err(unknown("the function around it cannot be read"));
        };
        let Some(entry) = debug.copy_entry(holder.address, copy)? else {
            return Err(unknown("the debug information does not list the call"));
        };
        let mut listing = Listing::default();
        let body = self.body(copy.holder, &mut listing)?;
        let name = String::from_utf8_lossy(entry.general.name);
        let parts = function::split(&name);
        let context = Context {
            debug,
            unit: entry.unit,
            subprogram: &entry.general,
            parts: &parts,
            address: holder.address,
            convention: self.elf.processor().convention(Abi::Internal),
            go_minor: entry.unit.go_minor.unwrap_or(u32::MAX),
            declared: true,
            wrapper: false,
        };
        let passed = debug.passed(&parts, context.variables(), context.go_minor)?;
        let mut best: Option<(usize, Vec<Pieces>, u64, bool)> = None;
        for (address, memory) in &copy.sites {
            let depth = self.lines.stack_depth(&holder, *address);
            let mut places = Vec::new();
            for one in &passed {
                places.push(self.pieces(&context, &entry, one, &body, (*address, depth))?);
            }
            let known = places.iter().filter(|place| place.is_some()).count();
            if best.as_ref().is_none_or(|(most, ..)| known > *most) {
                best = Some((known, places, *address, *memory));
            }
        }
        let Some((_, places, address, memory)) = best else {
            return Err(unknown("no instruction is executed once for each call"));
        };
        let site = body
            .code
            .instructions
            .binary_search_by_key(&address, |i| i.address)
            .ok()
            .and_then(|index| body.code.instructions.get(index))
            .map(|instruction| body.site(instruction))
            .ok_or_else(|| unknown("the code around it cannot be read"))?;
        let mut signature = Signature {
            receiver: None,
            parameters: Vec::new(),
            results: Vec::new(),
            results_known: false,
            captured: Vec::new(),
            text: text::signature(&context, &passed, None)?,
        };
        for (one, place) in passed.iter().zip(places) {
            let (Some(variable), Some(ty)) = (context.variable(one), context.type_of(one)?) else {
                continue;
            };
            let parameter = Parameter {
                name: escapes::unescape(variable.name).into_owned(),
                ty,
                place: place.ok_or(Unreadable::NotThere),
            };
            match one {
                Passed::Receiver(..) => signature.receiver = Some(parameter),
                _ => signature.parameters.push(parameter),
            }
        }
        Ok(InlinedArguments {
            signature,
            site,
            memory,
        })
    }

    /// Where an argument is at an address, where the return address is so far above the stack pointer.
    fn pieces(
        &self,
        context: &Context<'_, '_>,
        entry: &CopyEntry<'_>,
        passed: &Passed,
        body: &Body<'_>,
        (address, depth): (u64, Option<u64>),
    ) -> Result<Pieces, Diagnostic> {
        let (Some(general), Some(ty)) = (context.variable(passed), context.type_of(passed)?) else {
            return Ok(None);
        };
        let mut named = entry.own.iter().filter(|own| own.name == general.name);
        let (Some(own), None) = (named.next(), named.next()) else {
            return Ok(None);
        };
        let processor = self.elf.processor();
        let slot_of = |number: u16| match context.convention.slot_of(number) {
            Some(slot) => Some(slot),
            None => processor.register_numbered(number).map(Slot::Register),
        };
        let found = context
            .debug
            .located_at(entry.unit, &own.location, address, &slot_of)?;
        // An expression for the whole function says where the value will be, not that it is there already.
        let Some((Some(range), parts)) = found else {
            return Ok(None);
        };
        let Some(pieces) = in_order(&parts, &context.debug.type_of(ty)?, depth) else {
            return Ok(None);
        };
        let kept = pieces
            .iter()
            .all(|piece| is_untouched(body, &(range.start..address), piece.slot, piece.size));
        Ok(kept.then_some(pieces))
    }
}

/// The pieces of a value of this type; none if they do not make it up. Of a value of several words of which only one is
/// used, the place of that word is listed as if it were the whole's; and up to Go 1.21 a word may be listed twice.
fn in_order(parts: &[Part], ty: &GoType, depth: Option<u64>) -> Pieces {
    let several = matches!(
        ty.kind,
        Kind::Struct(_)
            | Kind::Array(..)
            | Kind::Complex
            | Kind::Opaque(_)
            | Kind::String
            | Kind::Slice(_)
            | Kind::Interface { .. }
    );
    let again = |(index, part): (usize, &Part)| {
        part.place != Where::Nowhere
            && parts
                .iter()
                .skip(index + 1)
                .any(|other| other.place == part.place)
    };
    if parts.iter().enumerate().any(again) {
        return None;
    }
    let size = ty.size;
    let mut pieces = Vec::new();
    let mut offset: u64 = 0;
    for part in parts {
        let length = match part.size {
            Some(length) => length,
            None if parts.len() == 1 && !several => size,
            None => return None,
        };
        let slot = match part.place {
            Where::Register(register) if length <= 8 => Some(Slot::Register(register)),
            Where::Vector(number) if length <= 8 => Some(Slot::Vector(number)),
            Where::Stack(at) => {
                let at = i64::try_from(depth?).ok()?.checked_add(at)?;
                Some(Slot::Stack(u64::try_from(at).ok()?))
            }
            Where::Nowhere => None,
            _ => return None,
        };
        pieces.extend(slot.map(|slot| Piece {
            offset,
            size: length,
            slot,
        }));
        offset = offset.checked_add(length)?;
    }
    (offset == size && !pieces.is_empty()).then_some(pieces)
}

/// True if no instruction in a stretch of code writes this register or slot.
fn is_untouched(body: &Body<'_>, range: &std::ops::Range<u64>, slot: Slot, size: u64) -> bool {
    let register: Option<Register> = match slot {
        Slot::Register(register) => Some(register),
        _ => None,
    };
    let relied_on: Vec<Register> = register.into_iter().collect();
    let frame = match slot {
        Slot::Stack(at) => Some(at..at.saturating_add(size)),
        _ => None,
    };
    let mut stretch = body
        .code
        .instructions
        .iter()
        .filter(|i| range.contains(&i.address));
    stretch.all(|instruction| {
        let bytes = body.code.bytes_of(instruction);
        // What is called may use every register.
        if matches!(instruction.flow, Flow::Call(_) | Flow::Leave) {
            return frame.is_some();
        }
        let effects = body.processor.effects(bytes, instruction.address, &relied_on);
        let Some(frame) = &frame else {
            return !effects.spoils_registers;
        };
        let writes_frame = effects.writes_memory && !body.processor.work(bytes, instruction.address).writes;
        match body.processor.stack_move(bytes, instruction.address) {
            Some(moved) => {
                !moved.saves || moved.slot.saturating_add(8) <= frame.start || moved.slot >= frame.end
            }
            None => !writes_frame,
        }
    })
}
