//! A second source for places: the size that a function's caller reserves for arguments and results, which Go's line
//! table has without debug information (`_func.args` in `src/runtime/runtime2.go`).
//!
//! It is the size of arguments and results on the stack and of the room in which arguments in registers can be saved
//! (`ArgWidth` in `src/cmd/compile/internal/abi/abiutils.go`). If a signature takes another room it is not the real
//! one: the debug information left something out, or is of another build. In the commands of Go 1.17 to 1.27 and in a
//! program of 150 MB all do (`tests/go/whole.rs`).

use crate::arch::Processor;
use crate::gotype::abi::{self, Slot};
use crate::gotype::{GoType, TypeRef};
use crate::target::{Function, Parameter, Signature, Unreadable};

/// Bytes that the arguments and results of a signature take; none where not all of them are known.
fn taken<E>(
    first_slot: u64,
    signature: &Signature,
    resolve: &mut dyn FnMut(TypeRef) -> Result<GoType, E>,
) -> Option<u64> {
    if !signature.results_known || (signature.receiver.is_none() && shows_receiver(&signature.text)) {
        return None;
    }
    let mut end = first_slot;
    let mut in_registers = Vec::new();
    for (value, result) in arguments(signature)
        .map(|value| (value, false))
        .chain(signature.results.iter().map(|value| (value, true)))
    {
        let pieces = value.place.as_ref().ok()?;
        let mut on_stack = false;
        for piece in pieces {
            if let Slot::Stack(offset) = piece.slot {
                on_stack = true;
                end = end.max(offset.checked_add(piece.size)?);
            }
        }
        if !result && !on_stack && !pieces.is_empty() {
            in_registers.push(value.ty);
        }
    }
    let mut room = end.checked_next_multiple_of(8)?.checked_sub(first_slot)?;
    for ty in in_registers {
        let shape = abi::shape(ty, resolve).ok()?;
        room = room
            .checked_next_multiple_of(shape.align)?
            .checked_add(shape.size)?;
    }
    room.checked_next_multiple_of(8)
}

/// Whether a signature's text begins with a receiver, `func (*T) M()`; that of a closure in a method does not,
/// `func (*T).M.func1()`. The receiver of a wrapper for a type that the debug information does not have is only in the
/// text.
fn shows_receiver(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("func (") else {
        return false;
    };
    let mut depth = 1_usize;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return rest.as_bytes().get(at + 1) == Some(&b' ');
        }
    }
    false
}

fn arguments(signature: &Signature) -> impl Iterator<Item = &Parameter> {
    signature.receiver.iter().chain(&signature.parameters)
}

/// Takes away the places of a signature that needs another room than `listed`, the line table's.
pub(crate) fn check<E>(
    processor: Processor,
    function: &Function,
    listed: u64,
    signature: &mut Signature,
    resolve: &mut dyn FnMut(TypeRef) -> Result<GoType, E>,
) {
    let Some(taken) = taken(processor.convention(function.abi).first_slot, signature, resolve) else {
        return;
    };
    // The dictionary of a generic function is no part of its signature. What assembly says of its size is a person's
    // word.
    let dictionary = function.name.contains('[') && taken.checked_add(8) == Some(listed);
    if taken == listed || dictionary || function.assembly {
        return;
    }
    let values = signature.receiver.iter_mut().chain(&mut signature.parameters);
    for value in values.chain(&mut signature.results) {
        if value.place.as_ref().is_ok_and(|pieces| !pieces.is_empty()) {
            value.place = Err(Unreadable::Disagreement {
                rules: format!("{taken} bytes for all arguments and results"),
                debug_info: format!("{listed} (Go's line table)"),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gotype::Kind;
    use crate::gotype::abi::{Abi, Piece};

    fn register(index: usize) -> Slot {
        Slot::Register(Processor::Amd64.convention(Abi::Internal).integers[index])
    }

    fn value(slots: &[Slot], size: u64) -> Parameter {
        let piece = |(index, slot): (usize, &Slot)| Piece {
            offset: 8 * index as u64,
            size,
            slot: *slot,
        };
        Parameter {
            name: "v".to_owned(),
            ty: TypeRef(size),
            place: Ok(slots.iter().enumerate().map(piece).collect()),
        }
    }

    /// Types are named by their sizes.
    fn checked(name: &str, listed: u64, parameters: Vec<Parameter>, results: Vec<Parameter>) -> Signature {
        let mut signature = Signature {
            receiver: None,
            parameters,
            results,
            results_known: true,
            captured: Vec::new(),
            text: "func f()".to_owned(),
        };
        let function = Function {
            name: name.to_owned(),
            ..Function::default()
        };
        check(Processor::Amd64, &function, listed, &mut signature, &mut |ty| {
            Ok::<_, ()>(GoType {
                name: "T".to_owned(),
                size: ty.0,
                kind: Kind::Int,
                descriptor: None,
            })
        });
        signature
    }

    fn stands(name: &str, listed: u64, parameters: &[Parameter], results: &[Parameter]) -> bool {
        let signature = checked(name, listed, parameters.to_vec(), results.to_vec());
        let all = signature.parameters.iter().chain(&signature.results);
        let (good, all) = (all.clone().filter(|v| v.place.is_ok()).count(), all.count());
        assert!(good == 0 || good == all);
        good == all
    }

    #[test]
    fn room_of_registers_and_stack() {
        let ax = value(&[register(0)], 1);
        let bx = value(&[register(1)], 8);
        let stack = value(&[Slot::Stack(8)], 24);
        // A byte, padding, a word.
        assert!(stands("f", 16, &[ax.clone(), bx.clone()], &[]));
        assert!(!stands("f", 24, &[ax.clone(), bx.clone()], &[]));
        // Results in registers take no room, those on the stack do.
        assert!(stands(
            "f",
            8,
            std::slice::from_ref(&ax),
            std::slice::from_ref(&bx)
        ));
        assert!(stands(
            "f",
            32,
            std::slice::from_ref(&ax),
            std::slice::from_ref(&stack)
        ));
        assert!(!stands(
            "f",
            8,
            std::slice::from_ref(&ax),
            std::slice::from_ref(&stack)
        ));
        assert!(stands("f", 0, &[], &[]));
        // A dictionary.
        assert!(stands("f[go.shape.int]", 16, std::slice::from_ref(&bx), &[]));
        assert!(!stands("f", 16, std::slice::from_ref(&bx), &[]));
    }

    #[test]
    fn receivers() {
        assert!(shows_receiver("func (*T) M()"));
        assert!(shows_receiver("func (t struct { f func() }) M()"));
        assert!(!shows_receiver("func (*T).M.func1(a int) bool"));
        assert!(!shows_receiver("func f()"));
        assert!(!shows_receiver("func ("));
    }

    #[test]
    fn says_what_disagrees() {
        let bx = value(&[register(1)], 8);
        let signature = checked("f", 16, vec![bx], Vec::new());
        let place = signature.parameters.first().unwrap().place.clone();
        assert_eq!(
            place,
            Err(Unreadable::Disagreement {
                rules: "8 bytes for all arguments and results".to_owned(),
                debug_info: "16 (Go's line table)".to_owned(),
            })
        );
    }
}
