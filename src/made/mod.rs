//! Scripts that gobt made before: what one says of the program that it is for, and whether a program still is that one.
//!
//! [`Facts`] is what a script says of itself; [`Script::read`] reads it and the attach points that `lower::probe` wrote; [`Script::fits`]
//! compares both with an opened program.

mod facts;
mod fit;
mod head;

pub use facts::Facts;
pub use head::Script;
