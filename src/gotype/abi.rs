//! Go's internal ABI on amd64: from the types of a signature to registers and stack slots, as a pure function.
//!
//! Source: `src/cmd/compile/abi-internal.md` and `src/cmd/compile/internal/abi/abiutils.go` of Go 1.17 to 1.27.

mod assign;

pub use assign::{
    Argument, Assignment, Convention, FIRST_SLOT, Leaf, NoPlace, Placed, Shape, assign, place, shape,
};

/// An integer register that carries arguments or results, in Go's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Register {
    /// RAX
    Ax,
    /// RBX
    Bx,
    /// RCX
    Cx,
    /// RDI
    Di,
    /// RSI
    Si,
    /// R8
    R8,
    /// R9
    R9,
    /// R10
    R10,
    /// R11
    R11,
}

impl Register {
    /// The nine, in the order they are given out.
    pub const ORDER: [Register; 9] = [
        Register::Ax,
        Register::Bx,
        Register::Cx,
        Register::Di,
        Register::Si,
        Register::R8,
        Register::R9,
        Register::R10,
        Register::R11,
    ];

    /// What bpftrace's `reg("…")` calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Register::Ax => "ax",
            Register::Bx => "bx",
            Register::Cx => "cx",
            Register::Di => "di",
            Register::Si => "si",
            Register::R8 => "r8",
            Register::R9 => "r9",
            Register::R10 => "r10",
            Register::R11 => "r11",
        }
    }
}

/// Where one piece of a value is at the function's first instruction (arguments) or at its RET (results).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// In an integer register; bytes above the piece's size are garbage.
    Register(Register),
    /// In vector register X*n*, which a probe cannot read.
    Vector(u8),
    /// In memory, this many bytes above the stack pointer (which points at the return address, so the first slot is 8).
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
