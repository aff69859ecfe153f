//! Files of a kind.

use std::path::{Path, PathBuf};

/// The files under `directory` that end in `.extension`, by path.
pub fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    collect(directory, extension, &mut paths);
    paths.sort();
    paths
}

fn collect(directory: &Path, extension: &str, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(directory);
    for entry in entries.unwrap_or_else(|error| panic!("{}: {error}", directory.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, extension, paths);
        } else if path.extension().is_some_and(|e| e == extension) {
            paths.push(path);
        }
    }
}
