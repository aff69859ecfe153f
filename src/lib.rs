//! gobt compiles recipes, which say in Go's own words what to observe in a Go program, to bpftrace source.
//!
//! ```text
//! recipe text ──syntax──▶ ast::Recipe ─┐
//!                                      ├─analyze─▶ plan::Plan ──lower──▶ bt::Program ──bt::print──▶ bpftrace source
//! Go executable ──target──▶ Program ───┘
//! ```
//!
//! One direction, a type at every border; the user's mistakes are all reported by `analyze`.
//!
//! Public is what somebody outside needs: the command line ([`cli`]), an editor ([`source`], [`syntax`],
//! [`diagnostic`], [`words`]), who compiles ([`pipeline`], [`analyze`], [`plan`], [`bt`], [`manifest`]) and who asks an
//! executable ([`target`], [`gotype`]). How names are taken apart, what a processor is like and how a plan becomes a
//! script is private to the compiler.

pub mod analyze;
mod arch;
pub mod bt;
pub mod cli;
pub mod diagnostic;
mod goname;
pub mod gotype;
mod lower;
pub mod manifest;
pub mod pipeline;
pub mod plan;
pub mod source;
pub mod syntax;
pub mod target;
pub mod words;
