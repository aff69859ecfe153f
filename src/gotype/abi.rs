//! Go's calling conventions: from the types of a signature to registers and stack slots, as a pure function over a
//! table.
//!
//! Source: `src/cmd/compile/abi-internal.md` and `src/cmd/compile/internal/abi/abiutils.go` of Go 1.17 to 1.27. The
//! rules are the same on all processors; a [`Convention`] holds what differs, and each processor has one for each
//! [`Abi`] (`crate::arch`). Where everything is passed on the stack its lists of registers are empty. gccgo follows the
//! C compiler's convention; it would need another table with C's registers, and beside [`place`] a function that splits
//! values by C's rules.

mod assign;

pub use assign::{Argument, Assignment, Leaf, NoPlace, Placed, Shape, assign, place, shape};

/// Which of Go's calling conventions a function follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abi {
    /// ABIInternal: registers as far as they go, and one register holds the goroutine.
    #[default]
    Internal,
    /// ABI0, everything on the stack: assembly, and wrappers for it (`.abi0`).
    Abi0,
}

/// A register that a probe can read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Register {
    name: &'static str,
    dwarf: u16,
}

impl Register {
    /// A register by its name for bpftrace's `reg("…")` and by its number in DWARF.
    #[must_use]
    pub const fn new(name: &'static str, dwarf: u16) -> Self {
        Self { name, dwarf }
    }

    /// What bpftrace's `reg("…")` calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// Its number in DWARF.
    #[must_use]
    pub const fn dwarf(self) -> u16 {
        self.dwarf
    }
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The vector registers that carry floating point numbers, in order from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vectors {
    /// How many carry arguments or results.
    pub count: u8,
    /// DWARF's number of the first; those of the others follow.
    pub dwarf: u16,
}

/// How one processor passes values by one of Go's conventions.
#[derive(Debug, PartialEq, Eq)]
pub struct Convention {
    /// Integer registers that carry arguments or results, in the order in which they are given out.
    pub integers: &'static [Register],
    /// Vector registers likewise.
    pub vectors: Vectors,
    /// Bytes from the stack pointer, at a function's first instruction, to the first stack slot: a return address or
    /// the place for one lies between.
    pub first_slot: u64,
    /// Bytes from the stack pointer, at a function's first instruction, to the base of DWARF's places in the frame.
    pub frame_base: i64,
}

impl Convention {
    /// The slot that DWARF's register of this number is, if it is one that carries values.
    #[must_use]
    pub fn slot_of(&self, dwarf: u16) -> Option<Slot> {
        if let Some(register) = self.integers.iter().find(|register| register.dwarf == dwarf) {
            return Some(Slot::Register(*register));
        }
        let number = u8::try_from(dwarf.checked_sub(self.vectors.dwarf)?).ok()?;
        (number < self.vectors.count).then_some(Slot::Vector(number))
    }
}

/// Where one piece of a value is at the function's first instruction (arguments) or where it returns (results).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// In an integer register; bytes above the piece's size are garbage.
    Register(Register),
    /// In the vector register of this number, which a probe cannot read.
    Vector(u8),
    /// In memory, this many bytes above the stack pointer.
    Stack(u64),
}

/// A piece of a value and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes from the value's beginning.
    pub offset: u64,
    /// Bytes.
    pub size: u64,
    /// Where it is.
    pub slot: Slot,
}
