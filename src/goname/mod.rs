//! Takes Go's names of functions and types apart and puts them together. No other room takes such a name apart.
//!
//! A name has two spellings. The linker's escapes some bytes of import paths (`gopkg.in/yaml%2ev3.Unmarshal`) and is
//! what symbols, the line table and DWARF hold; the programmer's has none of that (`gopkg.in/yaml.v3.Unmarshal`).
//! [`escapes`] goes from one to the other. In both, a dot within brackets or quotes separates nothing ([`brackets`]).

pub(crate) mod brackets;
pub(crate) mod escapes;
pub(crate) mod function;
pub(crate) mod shape;
pub(crate) mod shorten;
pub(crate) mod types;
