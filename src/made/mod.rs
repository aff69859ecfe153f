//! Scripts that gobt made before: what one says of the program that it is for, and whether a program still is that one.
//!
//! [`Script::read`] reads what `lower::header` and `lower::probe` wrote; [`Script::fits`] compares it with an opened program.

mod fit;
mod head;

pub use head::Script;
