//! Starts bpftrace, reads the records that its script writes, and makes the answer of them.

pub mod attached;
pub(crate) mod bpftrace;
mod buckets;
pub(crate) mod decode;
pub mod doctor;
pub(crate) mod graph;
pub(crate) mod hot;
mod order;
pub mod paths;
pub(crate) mod placed;
mod rates;
pub(crate) mod report;
pub(crate) mod results;
mod said;
pub(crate) mod session;
mod show;
pub(crate) mod status;
mod text_or_bytes;
mod uncounted;
pub(crate) mod watch;
