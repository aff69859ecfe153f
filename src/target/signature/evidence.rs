//! Compares DWARF's locations with the places by the ABI's rules.
//!
//! The rules are what callers follow, so they decide; a location can show that the signature they were applied to is
//! not the real one. Locations are wrong in known ways, seen in programs by Go 1.17 to 1.27, and these ways are told
//! apart from a wrong signature:
//!
//! * A place in the frame is where a register argument will be kept later; it says nothing of the first instruction.
//! * Up to Go 1.21 a piece may be listed several times (`AX AX BX`).
//! * A parameter that later takes another one's value is listed in the other one's registers from the beginning
//!   (`cause` of `context.(*cancelCtx).cancel` in those of `err`). Two parameters cannot be in one register.

use std::collections::BTreeSet;

use crate::gotype::abi::{Piece, Register, Slot};
use crate::target::dwarf::location::{Part, Where};

/// How a location compares with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::target) enum Evidence {
    /// It is no evidence.
    None,
    /// It agrees.
    Agrees,
    /// It contradicts.
    Differs,
}

/// How many locations differ from the places, taken one by one.
pub(in crate::target) fn differences(values: &[(&[Piece], Option<&[Part]>)]) -> usize {
    let differs = values
        .iter()
        .filter(|(pieces, parts)| one(pieces, *parts) == Evidence::Differs);
    differs.count()
}

/// Weighs the locations of all arguments of a function together. `values` has each one's place and its parts at the
/// first instruction.
pub(in crate::target) fn weigh(values: &[(&[Piece], Option<&[Part]>)]) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = values.iter().map(|(pieces, parts)| one(pieces, *parts)).collect();
    if !evidence.contains(&Evidence::Differs) {
        return evidence;
    }
    let mut confirmed = BTreeSet::new();
    let mut last_confirmed = None;
    for (index, ((pieces, _), found)) in values.iter().zip(&evidence).enumerate() {
        if *found == Evidence::Agrees && pieces.iter().any(|piece| register(piece).is_some()) {
            confirmed.extend(pieces.iter().filter_map(register));
            last_confirmed = Some(index);
        }
    }
    for (index, ((pieces, parts), found)) in values.iter().zip(&mut evidence).enumerate() {
        // Were a parameter missing before this one, all that follow would have moved with it.
        let nothing_moved = last_confirmed.is_some_and(|last| last > index);
        if *found == Evidence::Differs
            && (nothing_moved || borrowed(pieces, parts.unwrap_or_default(), &confirmed))
        {
            *found = Evidence::Agrees;
        }
    }
    evidence
}

fn register(piece: &Piece) -> Option<Register> {
    match piece.slot {
        Slot::Register(register) => Some(register),
        _ => None,
    }
}

/// Whether every register that is listed against the rules belongs to another value that is known to be there, or is
/// listed twice.
fn borrowed(pieces: &[Piece], parts: &[Part], confirmed: &BTreeSet<Register>) -> bool {
    let listed: Vec<Register> = parts
        .iter()
        .filter_map(|part| match part.place {
            Where::Register(register) => Some(register),
            _ => None,
        })
        .collect();
    let own: Vec<Register> = pieces.iter().filter_map(register).collect();
    !listed.is_empty()
        && listed.iter().enumerate().all(|(index, listed_one)| {
            own.get(index) == Some(listed_one)
                || confirmed.contains(listed_one)
                || listed.iter().filter(|other| *other == listed_one).count() > 1
        })
}

fn one(pieces: &[Piece], parts: Option<&[Part]>) -> Evidence {
    let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
        return Evidence::None;
    };
    match pieces {
        [] => Evidence::None,
        [
            Piece {
                slot: Slot::Stack(offset),
                size,
                ..
            },
        ] => on_stack(*offset, *size, parts),
        _ if parts.len() == pieces.len() => in_order(pieces, parts),
        _ => repeated(pieces, parts),
    }
}

/// A value on the stack.
fn on_stack(offset: u64, size: u64, parts: &[Part]) -> Evidence {
    let listed: u64 = parts
        .iter()
        .map(|part| part.size.unwrap_or(size))
        .fold(0, u64::saturating_add);
    let mut found = Evidence::None;
    let mut within = 0;
    for part in parts {
        let part_size = part.size.unwrap_or(size);
        match part.place {
            Where::Stack(at) => {
                let at = u64::try_from(at).ok();
                let inside = at.and_then(|at| at.checked_sub(offset)).filter(|at| *at < size);
                // Pieces may be left out, and a later one may be listed as another one of the same value; then only the
                // whole is known to be there or not.
                match inside {
                    None => return Evidence::Differs,
                    // Of a value that only one word is used of, Go 1.27 gives that word's place as if it were the
                    // whole's.
                    Some(at) if part.size.is_none() && at > 0 && at.is_multiple_of(8) => {}
                    Some(at) if listed == size && at == within => found = Evidence::Agrees,
                    Some(_) if listed == size && within == 0 => return Evidence::Differs,
                    Some(_) => {}
                }
            }
            Where::Register(_) | Where::Vector(_) => return Evidence::Differs,
            Where::Nowhere | Where::Elsewhere => {}
        }
        within = u64::saturating_add(within, part_size);
    }
    found
}

fn in_order(pieces: &[Piece], parts: &[Part]) -> Evidence {
    let mut found = Evidence::None;
    for (piece, part) in pieces.iter().zip(parts) {
        match (matches(piece, part), part.place) {
            (_, Where::Nowhere | Where::Stack(_) | Where::Elsewhere) => {}
            (true, _) => found = Evidence::Agrees,
            (false, _) => return Evidence::Differs,
        }
    }
    found
}

fn matches(piece: &Piece, part: &Part) -> bool {
    match (piece.slot, part.place) {
        (Slot::Register(rule), Where::Register(listed)) => rule == listed,
        (Slot::Vector(rule), Where::Vector(listed)) => rule == listed,
        _ => false,
    }
}

/// Parts that are not one for each piece: repeated ones, or pieces left out.
fn repeated(pieces: &[Piece], parts: &[Part]) -> Evidence {
    let mut listed: Vec<&Part> = parts
        .iter()
        .filter(|part| matches!(part.place, Where::Register(_) | Where::Vector(_)))
        .collect();
    listed.dedup_by_key(|part| part.place);
    if listed.is_empty() {
        Evidence::None
    } else if listed.len() == pieces.len()
        && pieces
            .iter()
            .zip(&listed)
            .all(|(piece, part)| matches(piece, part))
    {
        Evidence::Agrees
    } else if listed
        .iter()
        .all(|part| pieces.iter().any(|piece| matches(piece, part)))
    {
        Evidence::None
    } else {
        Evidence::Differs
    }
}

/// Places in words.
pub(in crate::target) mod describe {
    use super::{Part, Piece, Slot, Where};

    /// What the rules say.
    pub(in crate::target) fn pieces(pieces: &[Piece]) -> String {
        list(pieces.iter().map(|piece| match piece.slot {
            Slot::Register(register) => register.name().to_uppercase(),
            Slot::Vector(number) => format!("X{number}"),
            Slot::Stack(offset) => format!("stack+{offset}"),
        }))
    }

    /// What the debug information says.
    pub(in crate::target) fn parts(parts: &[Part]) -> String {
        list(parts.iter().map(|part| match part.place {
            Where::Register(register) => register.name().to_uppercase(),
            Where::Vector(number) => format!("X{number}"),
            Where::Stack(offset) => format!("stack{offset:+}"),
            Where::Nowhere => "nowhere".to_owned(),
            Where::Elsewhere => "elsewhere".to_owned(),
        }))
    }

    fn list(places: impl Iterator<Item = String>) -> String {
        let places: Vec<_> = places.collect();
        if places.is_empty() {
            "nowhere".to_owned()
        } else {
            places.join(" ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch::Processor;
    use crate::gotype::abi::Abi;

    /// The first three argument registers, and a later one.
    fn four() -> [Register; 4] {
        let [a, b, c, d, ..] = Processor::Amd64.convention(Abi::Internal).integers else {
            panic!("too few registers");
        };
        [*a, *b, *c, *d]
    }

    fn pieces(slots: &[Slot]) -> Vec<Piece> {
        let piece = |(index, slot): (usize, &Slot)| Piece {
            offset: 8 * index as u64,
            size: 8,
            slot: *slot,
        };
        slots.iter().enumerate().map(piece).collect()
    }

    fn registers(registers: &[Register]) -> Vec<Piece> {
        pieces(&registers.iter().map(|r| Slot::Register(*r)).collect::<Vec<_>>())
    }

    fn parts(places: &[Where]) -> Vec<Part> {
        let part = |place: &Where| Part {
            size: Some(8),
            place: *place,
        };
        places.iter().map(part).collect()
    }

    fn listed(registers: &[Register]) -> Vec<Part> {
        parts(&registers.iter().map(|r| Where::Register(*r)).collect::<Vec<_>>())
    }

    /// A slice in the first slot of the stack, beside these parts.
    fn slice_on_stack(parts: &[Part]) -> Evidence {
        let slice = Piece {
            offset: 0,
            size: 24,
            slot: Slot::Stack(8),
        };
        one(&[slice], Some(parts))
    }

    fn whole(place: Where) -> Part {
        Part { size: None, place }
    }

    #[test]
    fn registers_beside_registers() {
        let [ax, bx, cx, di] = four();
        let rule = registers(&[ax, bx]);
        assert_eq!(one(&rule, None), Evidence::None);
        assert_eq!(one(&rule, Some(&[])), Evidence::None);
        assert_eq!(one(&rule, Some(&listed(&[ax, bx]))), Evidence::Agrees);
        assert_eq!(one(&rule, Some(&listed(&[bx, cx]))), Evidence::Differs);
        // Listed twice up to Go 1.21; a piece left out; one of another value.
        assert_eq!(one(&rule, Some(&listed(&[ax, ax, bx]))), Evidence::Agrees);
        assert_eq!(one(&rule, Some(&listed(&[bx]))), Evidence::None);
        assert_eq!(one(&rule, Some(&listed(&[di]))), Evidence::Differs);
        // Where they will be kept.
        let kept = parts(&[Where::Stack(-32), Where::Stack(-24)]);
        assert_eq!(one(&rule, Some(&kept)), Evidence::None);
        let half = parts(&[Where::Nowhere, Where::Register(bx)]);
        assert_eq!(one(&rule, Some(&half)), Evidence::Agrees);
    }

    #[test]
    fn the_whole_on_the_stack() {
        let [ax, _, _, _] = four();
        assert_eq!(slice_on_stack(&[whole(Where::Stack(8))]), Evidence::Agrees);
        let words = parts(&[Where::Stack(8), Where::Stack(16), Where::Stack(24)]);
        assert_eq!(slice_on_stack(&words), Evidence::Agrees);
        assert_eq!(slice_on_stack(&[whole(Where::Nowhere)]), Evidence::None);
        // Before it, behind it, in a register.
        assert_eq!(slice_on_stack(&[whole(Where::Stack(0))]), Evidence::Differs);
        assert_eq!(slice_on_stack(&[whole(Where::Stack(32))]), Evidence::Differs);
        assert_eq!(slice_on_stack(&[whole(Where::Register(ax))]), Evidence::Differs);
        assert_eq!(
            slice_on_stack(&[whole(Where::Stack(i64::MAX))]),
            Evidence::Differs
        );
    }

    #[test]
    fn parts_of_a_slice_on_the_stack() {
        // Go 1.27 gives the place of its length, or its capacity, as if it were that of the slice: neither for nor
        // against.
        assert_eq!(slice_on_stack(&[whole(Where::Stack(16))]), Evidence::None);
        assert_eq!(slice_on_stack(&[whole(Where::Stack(24))]), Evidence::None);
        // But a word begins at a multiple of 8.
        assert_eq!(slice_on_stack(&[whole(Where::Stack(12))]), Evidence::Differs);
        // The length is left out, and the capacity is listed in its stead.
        let capacity = parts(&[Where::Stack(8), Where::Stack(24)]);
        assert_eq!(slice_on_stack(&capacity), Evidence::None);
        // All of it, but elsewhere.
        let moved = parts(&[Where::Stack(16), Where::Stack(24), Where::Stack(32)]);
        assert_eq!(slice_on_stack(&moved), Evidence::Differs);
    }

    #[test]
    fn together() {
        let [ax, bx, cx, di] = four();
        let (a, b, c) = (registers(&[ax]), registers(&[bx]), registers(&[cx]));
        let (in_a, in_b) = (listed(&[ax]), listed(&[bx]));
        let (in_c, in_d) = (listed(&[cx]), listed(&[di]));
        use Evidence::{Agrees, Differs};
        // The first is listed in the second's register, whose value it takes later; all behind it are where they
        // belong.
        let values: [(&[Piece], Option<&[Part]>); 2] = [(&a, Some(&in_b)), (&b, Some(&in_b))];
        assert_eq!(weigh(&values), [Agrees, Agrees]);
        assert_eq!(differences(&values), 1);
        // A parameter in between is missing: all that follow have moved.
        let values: [(&[Piece], Option<&[Part]>); 3] =
            [(&a, Some(&in_a)), (&b, Some(&in_c)), (&c, Some(&in_d))];
        assert_eq!(weigh(&values), [Agrees, Differs, Differs]);
        // Nothing is missing if a later one is in its place.
        let values: [(&[Piece], Option<&[Part]>); 3] = [(&a, None), (&b, Some(&in_a)), (&c, Some(&in_c))];
        assert_eq!(weigh(&values), [Evidence::None, Agrees, Agrees]);
    }
}
