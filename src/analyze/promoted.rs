//! Errors that have their `Error` method from something embedded in them: their message is that of what is inside.

use super::by_itself;
use crate::goname::function;
use crate::gotype::{GoType, Kind};
use crate::plan::{ErrorPiece, ErrorPieces, ErrorShape, KnownError};
use crate::target::{DynamicType, FunctionId, Pattern, Program, Wrapped};

/// What is embedded is not looked for deeper than this, nor in more structs.
const DEEPEST: usize = 6;
const MOST: usize = 64;

/// Where the method is from.
enum From {
    /// What an interface holds.
    Interface,
    /// A type: its name, and whether the method is one of the pointer to it.
    Type(String),
}

/// Where something embedded is: behind the pointers at these offsets, one after the other, and so far from there.
#[derive(Clone, Default)]
struct Path {
    pointers: Vec<u64>,
    at: u64,
}

/// The shape of an error of this type, if its `Error` method is that of something embedded.
pub(super) fn shape(program: &dyn Program, ty: &DynamicType, known: &[KnownError]) -> Option<ErrorShape> {
    let outer = program.type_of(program.dynamic_type(ty)).ok()?;
    let (holder, is_pointer) = match outer.kind {
        Kind::Pointer(to) => (program.type_of(to).ok()?, true),
        _ => (outer, false),
    };
    let embeds = matches!(&holder.kind, Kind::Struct(fields) if fields.iter().any(|field| field.embedded));
    if !embeds {
        return None;
    }
    let from = method_from(program, &holder.name, is_pointer)?;
    let (mut path, is_interface) = find(program, &holder, &from)?;
    if !is_pointer && ty.direct {
        // The interface has the pointer itself.
        if path.pointers.first() != Some(&0) {
            return None;
        }
        path.pointers.remove(0);
    }
    let mut shape = match from {
        From::Interface if is_interface => pieces(ErrorPiece::Inner(path.at)),
        From::Interface => return None,
        From::Type(name) => of_type(program, &name, known)?.moved(path.at)?,
    };
    for at in path.pointers.iter().rev() {
        shape = pieces(ErrorPiece::Behind(*at, Box::new(shape)));
    }
    shape.fits().then_some(shape)
}

fn pieces(piece: ErrorPiece) -> ErrorShape {
    ErrorShape::Pieces(ErrorPieces {
        pieces: vec![piece],
        read: Vec::new(),
        numbers: Vec::new(),
    })
}

/// The functions of a method, as the program names them.
fn methods(program: &dyn Program, ty: &str, is_pointer: bool) -> Vec<FunctionId> {
    let package = ty.rfind('/').map_or(0, |slash| slash + 1);
    let dot = ty.get(package..).and_then(|name| name.find('.'));
    let Some((package, name)) = dot.and_then(|dot| ty.get(..package + dot).zip(ty.get(package + dot + 1..)))
    else {
        return Vec::new();
    };
    let method = match is_pointer {
        true => format!("{package}.(*{name}).Error"),
        false => format!("{package}.{name}.Error"),
    };
    let pattern = Pattern::parse(&method).ok();
    let found = pattern.and_then(|pattern| program.functions(&pattern).ok());
    found.map(|found| found.functions).unwrap_or_default()
}

/// Where a type's method is from; none if it is written in the source: the compiler makes those that are promoted.
fn method_from(program: &dyn Program, ty: &str, is_pointer: bool) -> Option<From> {
    let mut found = methods(program, ty, is_pointer).into_iter();
    let first = program.wrapped(found.next()?)?;
    if found.any(|other| program.wrapped(other).as_ref() != Some(&first)) {
        return None;
    }
    let called = match first {
        Wrapped::Unknown => return Some(From::Interface),
        Wrapped::Calls(called) | Wrapped::Holds(called) => called,
    };
    let called = function::split(&called);
    let receiver = called.receiver.filter(|_| called.base == "Error")?;
    let name = receiver.type_name(called.package);
    // A method of the type itself, which the compiler makes one of the pointer of.
    (name.trim_start_matches('*') != ty).then_some(From::Type(name))
}

/// Finds what the method is from among what is embedded: the nearest, as Go does.
fn find(program: &dyn Program, holder: &GoType, from: &From) -> Option<(Path, bool)> {
    let mut level = vec![(Path::default(), holder.clone())];
    let mut looked_at = 0;
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        let mut found = Vec::new();
        for (path, of) in level {
            let Kind::Struct(fields) = &of.kind else {
                continue;
            };
            for field in fields.iter().filter(|field| field.embedded) {
                looked_at += 1;
                if looked_at > MOST {
                    return None;
                }
                let mut path = path.clone();
                path.at = path.at.checked_add(field.offset)?;
                let mut ty = program.type_of(field.ty).ok()?;
                if let Kind::Interface { .. } = ty.kind {
                    match from {
                        From::Interface if ty.name == "error" => found.push((path, true)),
                        // It may be from this one.
                        From::Interface => return None,
                        From::Type(_) => {}
                    }
                    continue;
                }
                if let Kind::Pointer(to) = ty.kind {
                    path.pointers.push(path.at);
                    path.at = 0;
                    ty = program.type_of(to).ok()?;
                }
                match from {
                    From::Type(name) if name.trim_start_matches('*') == ty.name => found.push((path, false)),
                    _ => next.push((path, ty)),
                }
            }
        }
        if !found.is_empty() {
            return (found.len() == 1).then(|| found.pop())?;
        }
        level = next;
    }
    None
}

/// The shape of an error of this type, as DWARF names it.
fn of_type(program: &dyn Program, name: &str, known: &[KnownError]) -> Option<ErrorShape> {
    let types = program.runtime().ok()?.types?;
    let ty = program.type_of(program.type_named(name).ok()??).ok()?;
    let descriptor = ty.descriptor.and_then(|offset| types.checked_add(offset));
    if let Some(known) = known.iter().find(|known| Some(known.descriptor) == descriptor) {
        return Some(known.shape.clone());
    }
    by_code(program, name)
}

/// The shape of an error of this type by the code of its own method.
pub(super) fn told_by_itself(program: &dyn Program, ty: &DynamicType) -> Option<ErrorShape> {
    if ty.direct && !ty.printed.starts_with('*') {
        return None;
    }
    by_code(program, &program.type_of(program.dynamic_type(ty)).ok()?.name)
}

/// The shape of an error of this type, as DWARF names it, by the code of its method.
fn by_code(program: &dyn Program, name: &str) -> Option<ErrorShape> {
    let name = name.trim_start_matches('*');
    let receiver = program.type_named(name).ok()??;
    match methods(program, name, true).as_slice() {
        [method] => by_itself::shape(program.message_of(*method, receiver)?),
        _ => None,
    }
}
