//! Code that the integration tests share: Go programs built by pinned toolchains, bpftrace of several releases, and the
//! protocol of traced programs.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "every binary of tests and benches has this module to itself, and none uses all of it"
)]
#![allow(unreachable_pub, reason = "`pub` says what the tests may use")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests start compilers, programs and tracers"
)]

pub mod bench;
pub mod bpftrace;
pub mod calls;
pub mod case;
pub mod compile;
pub mod debian;
pub mod elf;
pub mod expect;
pub mod files;
pub mod go;
pub mod golden;
pub mod kept;
pub mod mutate;
pub mod numbers;
pub mod place;
pub mod program;
pub mod recipe;
pub mod run;
pub mod running;
pub mod said;
pub mod shop;
pub mod snapshot;
pub mod suite;
pub mod table;
pub mod terminal;
pub mod trace;
pub mod trial;
pub mod trouble;

#[path = "../../fuzz/src/lib.rs"]
pub mod hold;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
pub use trouble::{Lack, Trouble};

/// The repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example program whose functions most tests know.
pub const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/targets/shop/shop");

/// The example program with many kinds of functions.
pub const KINDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/targets/kinds/kinds");

/// The directory for files that are expensive to make: `target/gobt`.
pub fn cache() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).join("gobt")
}

/// Runs `make` unless `done` says that its result exists, in one process and thread at a time for the same `lock` file.
pub fn once<T>(
    lock: &Path,
    done: impl Fn() -> Option<T>,
    make: impl FnOnce() -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    if let Some(there) = done() {
        return Ok(there);
    }
    if let Some(parent) = lock.parent() {
        fs::create_dir_all(parent)?;
    }
    let held = File::create(lock)?;
    held.lock()?;
    match done() {
        Some(there) => Ok(there),
        None => make(),
    }
}
