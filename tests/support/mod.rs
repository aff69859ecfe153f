//! What the integration tests share: Go programs built by pinned toolchains, bpftrace of several releases, and the
//! protocol that traced programs speak.

#![allow(
    dead_code,
    reason = "every test binary has this module to itself and none uses all of it"
)]
#![allow(unreachable_pub, reason = "`pub` says what the tests may use")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests start compilers, programs and tracers"
)]

pub mod bpftrace;
pub mod case;
pub mod compile;
pub mod elf;
pub mod expect;
pub mod files;
pub mod go;
pub mod numbers;
pub mod place;
pub mod program;
pub mod run;
pub mod snapshot;
pub mod table;
pub mod trace;
pub mod trial;

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Why a test cannot run here: something of this machine is missing. Not a failure.
#[derive(Clone, Debug)]
pub struct Skipped(pub String);

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "skipped: {}", self.0)
    }
}

/// How a step of a test can end without a result.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The machine lacks something.
    Skipped(Skipped),
    /// It went wrong.
    Failed(String),
}

impl From<Skipped> for Trouble {
    fn from(skipped: Skipped) -> Self {
        Self::Skipped(skipped)
    }
}

impl From<String> for Trouble {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Skipped(skipped) => skipped.fmt(f),
            Self::Failed(message) => f.write_str(message),
        }
    }
}

/// The repository.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example program whose functions most tests know.
pub const SHOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/targets/shop/shop");

/// The example program with many kinds of functions.
pub const KINDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/targets/kinds/kinds");

/// Whether the test may do everything.
pub fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Where tests keep what is expensive to make: `target/gobt`.
pub fn cache() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).join("gobt")
}

/// Runs `make` unless `done` says that its work is there, one process and thread at a time for the same `lock` file.
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
