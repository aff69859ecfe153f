//! Snapshots by explicit names.

use super::files::files;
use libtest_mimic::Failed;
use std::collections::BTreeSet;
use std::path::Path;

/// The name of a case's snapshot: its path from `base` without the extension, with `__` for `/`.
pub fn name(base: &Path, path: &Path) -> String {
    let inside = path.strip_prefix(base).unwrap_or(path).with_extension("");
    inside.to_string_lossy().replace('/', "__")
}

/// Compares `content` with the snapshot `name` in `directory`.
pub fn assert(directory: &Path, name: &str, content: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(directory);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, content));
}

/// Fails if `directory` has a snapshot without a case, which insta does not notice.
pub fn no_orphans(directory: &Path, known: &BTreeSet<String>) -> Result<(), Failed> {
    let orphans: Vec<_> = files(directory, "snap")
        .iter()
        .map(|path| name(directory, path))
        .filter(|name| !known.contains(name))
        .collect();
    if orphans.is_empty() {
        return Ok(());
    }
    Err(format!("snapshots without a case: {}", orphans.join(", ")).into())
}
