//! gobt compiles recipes, which say what to observe in a Go program, to bpftrace source.
//!
//! ```text
//! recipe text ──syntax──▶ ast::Recipe ─┐
//!                                      ├─analyze─▶ plan::Plan ──lower──▶ bt::Program ──bt::print──▶ bpftrace source
//! Go executable ──target──▶ Program ───┘
//! ```
//!
//! Data flows in one direction, and the value at each border has its own type. `syntax` and `target` report what is
//! wrong with their input, `analyze` all other mistakes of the user; later stages report nothing.
//!
//! Modules are public if somebody outside needs them: the command line ([`cli`]), an editor ([`source`], [`syntax`],
//! [`diagnostic`], [`words`]), a program that compiles recipes ([`pipeline`], [`analyze`], [`plan`], [`bt`],
//! [`manifest`]) or inspects executables ([`target`], [`gotype`]). The modules that parse names, describe processors
//! and make scripts from plans are private.

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
pub mod run;
pub mod sidecar;
pub mod source;
pub mod syntax;
pub mod target;
mod visible;
pub mod words;
