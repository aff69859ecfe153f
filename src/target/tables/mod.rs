//! What Go's linker wrote for the run time, and every program has.

pub(crate) mod buildinfo;
pub(crate) mod descriptors;
pub mod itabs;
pub(crate) mod moduledata;
pub(crate) mod pclntab;
