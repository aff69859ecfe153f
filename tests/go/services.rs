//! The recipes for services in `examples/services/` are compiled for the programs that they are for.

use crate::support::files::files;
use crate::support::go::{self, Mode};
use crate::support::recipe::compile;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, repository};
use gobt::source::Source;
use std::path::{Path, PathBuf};

/// Go releases that the programs are built by.
const TOOLCHAINS: [&str; 2] = ["1.22.12", "1.27.3"];

/// All trials.
pub fn suite() -> Suite {
    let mut trials = Vec::new();
    for path in files(&repository().join("examples/services"), "gobt") {
        for toolchain in TOOLCHAINS {
            let path = path.clone();
            trials.push(trial(format!("{}/go{toolchain}", name(&path)), move || {
                service_compiles(&path, toolchain)
            }));
        }
    }
    trials.into()
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn service_compiles(path: &Path, toolchain: &str) -> Result<(), Trouble> {
    let program = if name(path).starts_with("vault") {
        go::build("vaultview", toolchain, Mode::Default)?
    } else {
        service(toolchain)?
    };
    let source = Source::new(path.display().to_string(), std::fs::read_to_string(path)?);
    compile(&source, &program).map_err(|found| Trouble::Failed(format!("{found:?}")))
}

/// `examples/services/program`, built.
fn service(toolchain: &str) -> Result<PathBuf, Trouble> {
    go::build_at(
        &repository().join("examples/services/program"),
        "service",
        toolchain,
        Mode::Default,
    )
}
