//! A service of the 100 MB class, which nobody wrote for the tests.

use crate::support::{Trouble, go, repository};
use std::path::PathBuf;

/// The core of Vault, 150 MB, from `tests/real/vault`; it takes minutes and some GB of modules the first time.
pub fn vault(toolchain: &str) -> Result<PathBuf, Trouble> {
    go::package(
        "vault",
        toolchain,
        "1",
        ".",
        &repository().join("tests/real/vault"),
    )
}
