//! What DWARF's locations say for or against the places that the ABI's rules give.

use super::location::{Part, Where};
use crate::gotype::abi::{Piece, Slot};

/// A location beside a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// It says nothing that can be relied on.
    None,
    /// It says the same.
    Agrees,
    /// It says something else.
    Differs,
}

impl Evidence {
    /// Weighs the parts of a variable at its function's first instruction.
    pub(super) fn of(pieces: &[Piece], parts: Option<&[Part]>) -> Self {
        let Some(parts) = parts.filter(|parts| !parts.is_empty()) else {
            return Self::None;
        };
        let in_registers = parts
            .iter()
            .any(|part| matches!(part.place, Where::Register(_) | Where::Vector(_)));
        if !in_registers {
            return Self::None;
        }
        let mut rules = pieces.iter().map(|piece| match piece.slot {
            Slot::Register(register) => Where::Register(register),
            Slot::Vector(number) => Where::Vector(number),
            Slot::Stack(_) => Where::Elsewhere,
        });
        let same = parts.iter().all(|part| {
            let rule = rules.next();
            part.place == Where::Nowhere || rule == Some(part.place)
        });
        if same { Self::Agrees } else { Self::Differs }
    }
}

/// Places in words.
pub(super) mod describe {
    use super::{Part, Piece, Slot, Where};

    /// What the rules say.
    pub(in super::super) fn pieces(pieces: &[Piece]) -> String {
        list(pieces.iter().map(|piece| match piece.slot {
            Slot::Register(register) => register.name().to_uppercase(),
            Slot::Vector(number) => format!("X{number}"),
            Slot::Stack(offset) => format!("stack+{offset}"),
        }))
    }

    /// What the debug information says.
    pub(in super::super) fn parts(parts: &[Part]) -> String {
        list(parts.iter().map(|part| match part.place {
            Where::Register(register) => register.name().to_uppercase(),
            Where::Vector(number) => format!("X{number}"),
            Where::Frame(offset) => format!("frame{offset:+}"),
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
