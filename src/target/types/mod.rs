//! Types, from several sources.

pub(crate) mod dynamic;

pub use dynamic::DynamicType;
