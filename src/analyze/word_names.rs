//! What the words of arguments and results are called: names for the variables of a script.

use crate::gotype::abi::Slot;
use crate::gotype::{Kind, TypeRef};
use crate::target::{Parameter, Program};

/// Words of one argument or result that get names of their own.
const MOST: usize = 64;

/// The words of some arguments, or of some `results`, by where they are: `order_Item` and `order_Item_len` for a field
/// that is text.
pub(super) fn of<'p>(
    program: &dyn Program,
    list: impl Iterator<Item = &'p Parameter>,
    results: bool,
) -> Vec<(Slot, String)> {
    let mut out = Vec::new();
    for (i, parameter) in list.enumerate() {
        let Ok(pieces) = &parameter.place else { continue };
        let unnamed = parameter.name.starts_with('~') || parameter.name == "_";
        let name = match (unnamed, results) {
            (true, true) => format!("ret_{i}"),
            (true, false) => format!("arg_{i}"),
            (false, _) => parameter.name.clone(),
        };
        let mut words = Vec::new();
        collect(program, parameter.ty, &name, 0, &mut words);
        for piece in pieces {
            let inside = words
                .iter()
                .filter(|(at, _)| (piece.offset..piece.offset + piece.size.max(1)).contains(at));
            out.extend(inside.map(|(at, name)| {
                let slot = match piece.slot {
                    Slot::Stack(start) => Slot::Stack(start + at - piece.offset),
                    slot => slot,
                };
                (slot, name.clone())
            }));
        }
    }
    out
}

/// The words of a type: bytes from its beginning, and names that begin with `name`.
fn collect(program: &dyn Program, ty: TypeRef, name: &str, at: u64, out: &mut Vec<(u64, String)>) {
    let Ok(of) = program.type_of(ty) else { return };
    if out.len() >= MOST {
        return;
    }
    match &of.kind {
        Kind::Struct(fields) => {
            for field in fields {
                let name = format!("{name}_{}", field.name);
                collect(program, field.ty, &name, at.saturating_add(field.offset), out);
            }
        }
        Kind::Array(element, len) => {
            let size = program.type_of(*element).map_or(0, |t| t.size);
            for i in 0..(*len).min(8) {
                let at = at.saturating_add(i * size);
                collect(program, *element, &format!("{name}_{i}"), at, out);
            }
        }
        Kind::String | Kind::Slice(_) => {
            out.push((at, name.to_owned()));
            out.push((at.saturating_add(8), format!("{name}_len")));
        }
        Kind::Interface { .. } => {
            out.push((at, name.to_owned()));
            out.push((at.saturating_add(8), name.to_owned()));
        }
        _ => out.push((at, name.to_owned())),
    }
}
