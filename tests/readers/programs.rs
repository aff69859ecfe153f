//! Programs that nobody wrote for the tests: Go's own commands, and a service of the 100 MB class.

use crate::support::{Trouble, cache, go, once, repository};
use std::path::{Path, PathBuf};

/// One of Go's own commands (`gofmt`, `go`, `compile`), built by Go `toolchain`, with symbols and DWARF.
pub fn command(name: &str, toolchain: &str) -> Result<PathBuf, Trouble> {
    // No go.mod has a say there.
    build(
        name,
        toolchain,
        "0",
        &format!("cmd/{name}"),
        &std::env::temp_dir(),
    )
}

/// The core of Vault, 150 MB, from `tests/services/vault`; it takes minutes and some GB of modules the first time.
pub fn vault(toolchain: &str) -> Result<PathBuf, Trouble> {
    build(
        "vault",
        toolchain,
        "1",
        ".",
        &repository().join("tests/services/vault"),
    )
}

fn build(name: &str, toolchain: &str, cgo: &str, package: &str, from: &Path) -> Result<PathBuf, Trouble> {
    let place = cache().join("go").join(toolchain).join("commands");
    let executable = place.join(name);
    let done = || executable.is_file().then(|| executable.clone());
    once(&place.join(format!("{name}.lock")), done, || {
        go::bring(toolchain)?;
        let fresh = place.join(format!("{name}.new"));
        let output = go::go_command(toolchain)
            .env("CGO_ENABLED", cgo)
            .args(["build", "-o"])
            .arg(&fresh)
            .arg(package)
            .current_dir(from)
            .output()?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Trouble::Failed(format!(
                "Go {toolchain} does not build {name}:\n{why}"
            )));
        }
        std::fs::rename(&fresh, &executable)?;
        Ok(executable.clone())
    })
}
