//! The recipes in `tests/cases/`: what each says of itself, the program that it is for, and what the compiler makes of
//! it.

pub mod case;
pub mod compile;
pub mod hostile;
pub mod program;

use super::files::files;
use super::{repository, snapshot};
use case::Case;
use std::path::PathBuf;

fn directory() -> PathBuf {
    repository().join("tests/cases")
}

/// The cases by path; those that are not formed well with the reason.
pub fn cases() -> Vec<Result<Case, (String, String)>> {
    let paths = files(&directory(), "gobt");
    paths
        .iter()
        .map(|path| {
            let name = snapshot::name(&directory(), path);
            Case::read(path, name.clone()).map_err(|why| (name, why))
        })
        .collect()
}
