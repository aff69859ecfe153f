//! A function's code: its instructions, where probes go, and its lines for people.

pub(crate) mod goroutine;
mod graph;
mod lines;
mod listing;
pub(crate) mod once;
pub(crate) mod sites;
#[cfg(test)]
mod testing;

pub use lines::CodeLine;
pub(crate) use listing::Listing;
