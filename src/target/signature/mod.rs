//! A function's signature with the place of every argument and result.
//!
//! The debug information lists parameters, the rules of the ABI place them; locations in the debug information, the run
//! time's table of arguments and the room that a caller keeps say whether the list is the real one.

pub(crate) mod context;
mod copy;
pub(crate) mod evidence;
pub(crate) mod parts;
pub(crate) mod reading;
pub(crate) mod room;
pub(crate) mod text;
pub(crate) mod unnamed;
