//! A Go value and where its bytes are: in registers and stack slots, or in memory behind an address.

use crate::gotype::abi::{Piece, Slot};
use crate::gotype::{GoType, TypeRef};
use crate::plan::{Expr, Load, Object, PathStep};

/// A Go value.
#[derive(Clone, Debug)]
pub(super) struct Located {
    /// Its type.
    pub(super) ty: GoType,
    /// The type as the target knows it.
    pub(super) id: TypeRef,
    /// Where it is.
    pub(super) place: Place,
    /// What the recipe calls it, for names of maps and for messages.
    pub(super) label: String,
}

/// Where a value's bytes are.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In pieces; the value begins `at` bytes into the whole that the pieces make up.
    Pieces {
        pieces: Vec<Piece>,
        at: u64,
        /// They are an argument's, and this is the return: what is read has to be kept at the entry.
        keep: bool,
    },
    /// In memory: `base + offset`, with the names of the fields on the way, if there are any.
    Memory {
        base: Expr,
        object: Option<Object>,
        offset: u64,
    },
    /// In numbers of 8 bytes each that were read before; the value begins `at` bytes into them.
    Words { words: Vec<Expr>, at: u64 },
}

/// Why a word could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoWord {
    /// It is in vector register X*n*.
    Vector(u8),
    /// No piece has it.
    Missing,
}

impl Place {
    /// The number of `size` bytes at `offset`, and whether it has to be kept on entry.
    pub(super) fn word(&self, offset: u64, size: u64, signed: bool) -> Result<(Expr, bool), NoWord> {
        match self {
            Place::Memory {
                base,
                object,
                offset: start,
            } => {
                let load = Load {
                    base: base.clone(),
                    // The names lead to where the value begins.
                    object: object.clone().filter(|_| offset == 0),
                    offset: start + offset,
                    size,
                    signed,
                };
                Ok((Expr::Load(Box::new(load)), false))
            }
            Place::Words { words, at } => {
                let wanted = at + offset;
                let word = usize::try_from(wanted / 8).ok().and_then(|n| words.get(n));
                let word = word.ok_or(NoWord::Missing)?.clone();
                Ok((cut(word, wanted % 8, size, signed), false))
            }
            Place::Pieces { pieces, at, keep } => {
                let wanted = at + offset;
                let holds = |p: &&Piece| p.offset <= wanted && wanted + size <= p.offset + p.size;
                let piece = pieces.iter().find(holds).ok_or(NoWord::Missing)?;
                let inside = wanted - piece.offset;
                let expr = match piece.slot {
                    Slot::Vector(n) => return Err(NoWord::Vector(n)),
                    Slot::Stack(slot) => Expr::Load(Box::new(Load {
                        base: Expr::StackPointer,
                        object: None,
                        offset: slot + inside,
                        size,
                        signed,
                    })),
                    Slot::Register(r) => cut(Expr::Register(r), inside, size, signed),
                };
                Ok((expr, *keep))
            }
        }
    }

    /// The place of a field of the struct that is here.
    pub(super) fn field(
        &self,
        struct_name: &str,
        field: &str,
        field_offset: u64,
        size: u64,
        inner: Option<&str>,
    ) -> Place {
        match self {
            Place::Pieces { pieces, at, keep } => Place::Pieces {
                pieces: pieces.clone(),
                at: at + field_offset,
                keep: *keep,
            },
            Place::Words { words, at } => Place::Words {
                words: words.clone(),
                at: at + field_offset,
            },
            Place::Memory { base, object, offset } => {
                let step = PathStep {
                    field: field.to_string(),
                    offset: field_offset,
                    size,
                    inner: inner.map(str::to_string),
                };
                let object = match object {
                    Some(object) => {
                        let mut object = object.clone();
                        object.path.push(step);
                        Some(object)
                    }
                    // Names can only be used from the beginning of an object.
                    None if *offset == 0 => Some(Object {
                        name: struct_name.to_string(),
                        path: vec![step],
                    }),
                    None => None,
                };
                Place::Memory {
                    base: base.clone(),
                    object,
                    offset: offset + field_offset,
                }
            }
        }
    }

    /// The place of an element of the array that is here.
    pub(super) fn element(&self, offset: u64) -> Place {
        match self {
            Place::Pieces { pieces, at, keep } => Place::Pieces {
                pieces: pieces.clone(),
                at: at + offset,
                keep: *keep,
            },
            Place::Words { words, at } => Place::Words {
                words: words.clone(),
                at: at + offset,
            },
            Place::Memory { .. } => match self.address() {
                Some(base) => Place::Memory {
                    base: base.plus(offset),
                    object: None,
                    offset: 0,
                },
                None => self.clone(),
            },
        }
    }

    /// The address of the value, if it is in memory (or whole on the stack).
    pub(super) fn address(&self) -> Option<Expr> {
        match self {
            Place::Memory { base, offset, .. } => Some(base.clone().plus(*offset)),
            Place::Pieces {
                pieces,
                at,
                keep: false,
            } => match pieces.as_slice() {
                [
                    Piece {
                        slot: Slot::Stack(slot),
                        ..
                    },
                ] => Some(Expr::StackPointer.plus(slot + at)),
                _ => None,
            },
            Place::Pieces { .. } | Place::Words { .. } => None,
        }
    }

    /// What is behind a pointer.
    pub(super) fn behind(pointer: Expr) -> Place {
        Place::Memory {
            base: pointer,
            object: None,
            offset: 0,
        }
    }
}

/// `size` bytes of a number of 8, from byte `from` on.
fn cut(word: Expr, from: u64, size: u64, signed: bool) -> Expr {
    let of = match from {
        0 if size == 8 => return word,
        0 => word,
        _ => Expr::Binary {
            op: crate::plan::Op::ShiftRight,
            a: Box::new(word),
            b: Box::new(Expr::Int(i128::from(from * 8))),
            signed: false,
        },
    };
    Expr::Narrow {
        of: Box::new(of),
        size,
        signed,
    }
}
