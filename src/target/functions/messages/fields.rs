//! What an `Error` method's receiver has: whether its fields are what the method's code takes them for.

use crate::gotype::{GoType, Kind, TypeRef};
use crate::target::{Message, Types};

/// Fields within fields.
const DEEPEST: usize = 16;

/// What the receiver points at, if that is known.
pub(super) struct Receiver<'t> {
    target: &'t dyn Types,
    holder: Option<GoType>,
}

impl<'t> Receiver<'t> {
    /// Of a method of a pointer to this type.
    pub(super) fn behind(target: &'t dyn Types, ty: TypeRef) -> Self {
        Self {
            target,
            holder: target.type_of(ty).ok(),
        }
    }

    /// Of the method in an itab of this type: the interface's data word is a pointer, to the value or the value itself.
    pub(super) fn held(target: &'t dyn Types, ty: TypeRef, is_direct: bool) -> Self {
        let mut holder = target.type_of(ty).ok();
        for _ in 0..DEEPEST {
            let Some(of) = holder.as_ref().filter(|_| is_direct) else {
                break;
            };
            let (inside, ends) = match &of.kind {
                Kind::Pointer(to) => (Some(*to), true),
                Kind::Array(of, 1) => (Some(*of), false),
                Kind::Struct(fields) => {
                    let mut sized = fields.iter().filter(|field| {
                        let ty = target.type_of(field.ty);
                        ty.is_ok_and(|ty| ty.size > 0)
                    });
                    (sized.next().map(|field| field.ty), false)
                }
                _ => (None, true),
            };
            holder = inside.and_then(|ty| target.type_of(ty).ok());
            if ends {
                break;
            }
        }
        Self { target, holder }
    }

    /// It has such a field where the part says.
    pub(super) fn has(&self, part: &Message) -> bool {
        match part {
            Message::Constant(_) => true,
            Message::Text(at, _) => self.is(*at, |ty| ty.kind == Kind::String),
            Message::Number { at, size, .. } => self.is(*at, |ty| {
                matches!(ty.kind, Kind::Int | Kind::Uint | Kind::Uintptr) && ty.size >= *size
            }),
            Message::Bool(at) => self.is(*at, |ty| ty.kind == Kind::Bool),
            Message::Said(at) | Message::Printed(at, _) => self.is(*at, |ty| ty.name == "error"),
        }
    }

    /// What begins at an offset, in structs within it too, is such a thing.
    fn is(&self, at: u64, such: impl Fn(&GoType) -> bool) -> bool {
        let (mut at, mut holder) = (at, self.holder.clone());
        for _ in 0..DEEPEST {
            let Some(ty) = holder else {
                return false;
            };
            holder = match &ty.kind {
                Kind::Struct(fields) => fields.iter().find_map(|field| {
                    let inside = at.checked_sub(field.offset)?;
                    let of = self.target.type_of(field.ty).ok().filter(|of| inside < of.size)?;
                    at = inside;
                    Some(of)
                }),
                Kind::Array(of, count) => {
                    let of = self.target.type_of(*of).ok().filter(|of| of.size > 0);
                    of.filter(|of| at / of.size < *count).inspect(|of| at %= of.size)
                }
                _ => return at == 0 && such(&ty),
            };
        }
        false
    }
}
