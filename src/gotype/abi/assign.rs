//! Which register or stack slot carries each argument and result.
//!
//! The rules are those of `assignParam` and `ABIAnalyzeTypes` in `src/cmd/compile/internal/abi/abiutils.go`, and of
//! `CalcSize` in `src/cmd/compile/internal/types/size.go` for how many registers a type needs; they did not change from
//! Go 1.17 to 1.27.

use super::{Convention, Piece, Register, Slot};
use crate::gotype::{GoType, Kind, TypeRef};

/// The most scalars of a value that are counted: more than the registers of any processor, beyond which the number does
/// not matter.
const MOST_LEAVES: usize = 64;
/// No type of a real program nests deeper; a cycle of structs does.
const DEEPEST: usize = 100;
/// Types looked at for one signature; real ones need a few hundred.
const MOST_TYPES: usize = 200_000;

/// A value that is passed to a function, in the order of the ABI's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A receiver or parameter of this type.
    Value(TypeRef),
    /// A word that the source does not show: the dictionary of a generic function.
    Word,
}

/// Where one value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its pieces; one for a value on the stack, none for a value without size.
    pub pieces: Vec<Piece>,
    /// Where it is in the caller's frame, bytes above the stack pointer at the first instruction: the value itself if
    /// it is on the stack, else the room that is kept to spill its registers. Results in registers have none.
    pub frame: Option<u64>,
}

/// Where everything is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The arguments at the first instruction.
    pub arguments: Vec<Placed>,
    /// The results at a RET.
    pub results: Vec<Placed>,
}

/// Why values have no places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlace<E> {
    /// A type could not be read.
    Type(E),
    /// A type's shape is not known, or is not one that Go can make; the text says which.
    Shape(String),
}

/// The layout of a type, as far as the rules need it. `resolve` tells what a type is.
///
/// # Errors
/// When a type cannot be read, or has no layout.
pub fn shape<E>(
    ty: TypeRef,
    resolve: &mut dyn FnMut(TypeRef) -> Result<GoType, E>,
) -> Result<Shape, NoPlace<E>> {
    Shapes { resolve, looked: 0 }.of(ty)
}

/// Places the arguments and results of a function. `resolve` tells what a type is.
///
/// # Errors
/// When a type cannot be read or laid out; then no place is certain.
pub fn assign<E>(
    arguments: &[Argument],
    results: &[TypeRef],
    convention: &Convention,
    resolve: &mut dyn FnMut(TypeRef) -> Result<GoType, E>,
) -> Result<Assignment, NoPlace<E>> {
    let mut shapes = Shapes { resolve, looked: 0 };
    let arguments = arguments
        .iter()
        .map(|argument| match argument {
            Argument::Value(ty) => shapes.of(*ty),
            Argument::Word => Ok(Shape::word()),
        })
        .collect::<Result<Vec<_>, _>>()?;
    let results = results
        .iter()
        .map(|ty| shapes.of(*ty))
        .collect::<Result<Vec<_>, _>>()?;
    place(&arguments, &results, convention)
        .ok_or_else(|| NoPlace::Shape("a value of impossible size".to_owned()))
}

/// The layout of a type, as far as the rules need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Bytes.
    pub size: u64,
    /// Bytes; a power of two.
    pub align: u64,
    /// Its scalars in memory order if registers can carry it, however many they are.
    pub leaves: Option<Vec<Leaf>>,
}

/// A scalar within a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// Bytes from the value's beginning.
    pub offset: u64,
    /// Bytes.
    pub size: u64,
    /// It goes to a vector register.
    pub float: bool,
}

impl Shape {
    /// One integer or pointer word.
    #[must_use]
    pub fn word() -> Self {
        Self::scalars(8, &[(0, 8, false)])
    }

    fn scalars(size: u64, leaves: &[(u64, u64, bool)]) -> Self {
        let leaves: Vec<_> = leaves
            .iter()
            .map(|&(offset, size, float)| Leaf { offset, size, float })
            .collect();
        Self {
            size,
            align: leaves.iter().map(|leaf| leaf.size).max().unwrap_or(1),
            leaves: Some(leaves),
        }
    }
}

/// Reads shapes of types, within limits that only a forged file reaches.
struct Shapes<'a, E> {
    resolve: &'a mut dyn FnMut(TypeRef) -> Result<GoType, E>,
    looked: usize,
}

impl<E> Shapes<'_, E> {
    fn of(&mut self, ty: TypeRef) -> Result<Shape, NoPlace<E>> {
        self.at(ty, 0)
    }

    fn at(&mut self, ty: TypeRef, depth: usize) -> Result<Shape, NoPlace<E>> {
        self.looked += 1;
        let ty = (self.resolve)(ty).map_err(NoPlace::Type)?;
        if depth > DEEPEST || self.looked > MOST_TYPES {
            return Err(NoPlace::Shape(format!("{} contains too much", ty.name)));
        }
        let size = ty.size;
        let wrong = || NoPlace::Shape(format!("{} cannot have {size} bytes", ty.name));
        let scalar = |float: bool, sizes: &[u64]| {
            if sizes.contains(&size) {
                Ok(Shape::scalars(size, &[(0, size, float)]))
            } else {
                Err(wrong())
            }
        };
        let words = |count: u64| {
            let leaves: Vec<_> = (0..count).map(|word| (8 * word, 8, false)).collect();
            if size == 8 * count {
                Ok(Shape::scalars(size, &leaves))
            } else {
                Err(wrong())
            }
        };
        match &ty.kind {
            Kind::Bool => scalar(false, &[1]),
            Kind::Int | Kind::Uint => scalar(false, &[1, 2, 4, 8]),
            Kind::Float => scalar(true, &[4, 8]),
            Kind::Complex if size == 8 || size == 16 => {
                let half = size / 2;
                Ok(Shape::scalars(size, &[(0, half, true), (half, half, true)]))
            }
            Kind::Complex => Err(wrong()),
            Kind::Uintptr
            | Kind::UnsafePointer
            | Kind::Pointer(_)
            | Kind::Map { .. }
            | Kind::Chan(_)
            | Kind::Func => words(1),
            Kind::String | Kind::Interface { .. } => words(2),
            Kind::Slice(_) => words(3),
            Kind::Array(element, count) => {
                let element = self.at(*element, depth + 1)?;
                if element.size.checked_mul(*count) != Some(size) {
                    return Err(wrong());
                }
                let leaves = match count {
                    0 => Some(Vec::new()),
                    1 => element.leaves,
                    _ => None,
                };
                Ok(Shape {
                    size,
                    align: element.align,
                    leaves,
                })
            }
            Kind::Struct(fields) => {
                self.looked += fields.len();
                let mut align = 1;
                let mut leaves = Some(Vec::new());
                for field in fields {
                    let inner = self.at(field.ty, depth + 1)?;
                    let end = field.offset.checked_add(inner.size);
                    if end.is_none_or(|end| end > size) {
                        return Err(wrong());
                    }
                    align = align.max(inner.align);
                    leaves = join(leaves, field.offset, &inner);
                }
                Ok(Shape { size, align, leaves })
            }
            Kind::Opaque(what) => Err(NoPlace::Shape(format!("{} ({what})", ty.name))),
        }
    }
}

/// The scalars so far and those of a field.
fn join(leaves: Option<Vec<Leaf>>, at: u64, inner: &Shape) -> Option<Vec<Leaf>> {
    let mut leaves = leaves?;
    let more = inner.leaves.as_ref()?;
    if leaves.len() + more.len() > MOST_LEAVES {
        return None;
    }
    leaves.extend(more.iter().map(|leaf| Leaf {
        offset: leaf.offset + at,
        ..*leaf
    }));
    Some(leaves)
}

/// Places values whose shapes are known. None when their sizes do not fit in an address space.
#[must_use]
pub fn place(arguments: &[Shape], results: &[Shape], convention: &Convention) -> Option<Assignment> {
    let mut stack = 0;
    let mut free = Registers::new(convention);
    let mut placed = Vec::with_capacity(arguments.len());
    for shape in arguments {
        placed.push(one(shape, convention, &mut free, &mut stack)?);
    }
    stack = round_up(stack, 8)?;
    let mut free = Registers::new(convention);
    let mut outcome = Vec::with_capacity(results.len());
    for shape in results {
        outcome.push(one(shape, convention, &mut free, &mut stack)?);
    }
    let mut spill = round_up(stack, 8)?;
    for (placed, shape) in placed.iter_mut().zip(arguments) {
        if placed.frame.is_none() {
            let at = round_up(spill, shape.align)?;
            spill = at.checked_add(shape.size)?;
            placed.frame = at.checked_add(convention.first_slot);
        }
    }
    Some(Assignment {
        arguments: placed,
        results: outcome,
    })
}

fn one(shape: &Shape, convention: &Convention, free: &mut Registers, stack: &mut u64) -> Option<Placed> {
    if shape.size > 0
        && let Some(pieces) = shape.leaves.as_deref().and_then(|leaves| free.take(leaves))
    {
        return Some(Placed { pieces, frame: None });
    }
    let at = round_up(*stack, shape.align)?;
    *stack = at.checked_add(shape.size)?;
    let frame = at.checked_add(convention.first_slot)?;
    let piece = Piece {
        offset: 0,
        size: shape.size,
        slot: Slot::Stack(frame),
    };
    Some(Placed {
        pieces: if shape.size > 0 { vec![piece] } else { Vec::new() },
        frame: Some(frame),
    })
}

fn round_up(value: u64, align: u64) -> Option<u64> {
    value.checked_next_multiple_of(align)
}

/// The registers that are still free.
struct Registers {
    integers: &'static [Register],
    vectors: std::ops::Range<u8>,
}

impl Registers {
    fn new(convention: &Convention) -> Self {
        Self {
            integers: convention.integers,
            vectors: 0..convention.vectors.count,
        }
    }

    /// All the scalars of a value, or none of them.
    fn take(&mut self, leaves: &[Leaf]) -> Option<Vec<Piece>> {
        let floats = leaves.iter().filter(|leaf| leaf.float).count();
        if floats > self.vectors.len() || leaves.len() - floats > self.integers.len() {
            return None;
        }
        leaves
            .iter()
            .map(|leaf| {
                let slot = if leaf.float {
                    Slot::Vector(self.vectors.next()?)
                } else {
                    let (first, rest) = self.integers.split_first()?;
                    self.integers = rest;
                    Slot::Register(*first)
                };
                Some(Piece {
                    offset: leaf.offset,
                    size: leaf.size,
                    slot,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod table;
