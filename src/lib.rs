//! gobt compiles recipes, which say in Go's own words what to observe in a Go program, to bpftrace source.
//!
//! ```text
//! recipe text ──syntax──▶ ast::Recipe ─┐
//!                                      ├─analyze─▶ plan::Plan ──lower──▶ bt::Program ──bt::print──▶ bpftrace source
//! Go executable ──target──▶ Program ───┘
//! ```
//!
//! One direction, a type at every border; the user's mistakes are all reported by `analyze`.

pub mod analyze;
pub mod arch;
pub mod bt;
pub mod cli;
pub mod diagnostic;
pub mod goname;
pub mod gotype;
pub mod lower;
pub mod manifest;
pub mod pipeline;
pub mod plan;
pub mod source;
pub mod syntax;
pub mod target;
pub mod words;
