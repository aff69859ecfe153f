//! Reads the executable; it knows nothing of recipes.
//!
//! Later stages only use the trait [`Program`], a short list of questions. [`Target`] answers them from an ELF file.
//!
//! | room | what is in it |
//! | --- | --- |
//! | `load`, `kept`, `inflate` | files and what is kept of them; only these touch the outside world |
//! | `elf` | the container: bytes by address, symbols, relocations, separate debug files |
//! | `tables` | what Go's linker wrote for the run time: line table, module data, type descriptors, itabs, build information |
//! | `code` | instructions, probe sites, those of inlined calls, listings |
//! | `dwarf` | debug information: units, entries, locations |
//! | `signature` | arguments and results with their places, by debug information, the ABI's rules and the run time's tables |
//! | `types` | types from several sources, in one order of trust |
//! | `functions` | functions by name and pattern, wrappers, inlined calls |

mod answers;
pub mod attach;
mod code;
pub mod dwarf;
mod elf;
mod executable;
mod facts;
pub mod fingerprint;
pub mod frame;
mod functions;
mod identity;
mod inflate;
mod kept;
pub mod load;
mod lookups;
mod questions;
pub mod runtime;
mod signature;
mod tables;
#[cfg(test)]
pub(crate) mod testing;
mod types;

pub use crate::arch::ThreadLocal;
pub use crate::gotype::abi::Abi;
pub use code::CodeLine;
pub use executable::Target;
pub use facts::{
    EntrySite, Found, Function, FunctionId, Guard, Identity, InlinedArguments, InlinedCall, InlinedCopy,
    Needs, NoEntry, NotOnce, PAGE, Parameter, Runtime, Signature, Site, Sites, Unreadable, Wrapped,
};
pub use fingerprint::Fingerprint;
pub use functions::catalog;
pub use functions::pattern::{Match, Pattern, Shape, Shapes};
pub use lookups::{Addresses, CodeDepth, CodeFrame};
pub use questions::{Functions, Message, Program, RuntimeFacts, TextForm, Types};
pub use tables::itabs;
pub use types::DynamicType;
