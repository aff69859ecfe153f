//! The user's directory for what can be made again.

use std::path::PathBuf;

/// `$XDG_CACHE_HOME`, or else `.cache` in the home directory (XDG Base Directory Specification); none if neither is an
/// absolute path.
pub(super) fn directory() -> Option<PathBuf> {
    let variable = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")))
}
