//! Other readers of the same executables, which share no code with gobt's: binutils, Go's `debug/dwarf`, gimli's own loops over
//! units, and what the machine code itself does with arguments and results.

#![allow(
    dead_code,
    reason = "every test binary has this module to itself and none uses all of it"
)]
#![allow(unreachable_pub, reason = "`pub` says what the tests may use")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests start compilers and other readers"
)]

pub mod calls;
pub mod code;
pub mod endings;
pub mod layouts;
pub mod locations;
pub mod names;
pub mod objdump;
pub mod programs;
pub mod report;
pub mod saves;
pub mod tables;
