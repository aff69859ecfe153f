//! Functions by name and pattern, those that the compiler made, and calls that were inlined.

pub mod catalog;
mod copies;
mod frames;
mod inlining;
mod messages;
pub(crate) mod name_index;
pub(crate) mod pattern;
pub(crate) mod search;
mod wrappers;
