//! The files of symbols that go with a script: they let bpftrace find its probes by name, and show the functions of a
//! stripped program.
//!
//! bcc's library looks for such a file below the directory that `BCC_SYMFS` names, at the program's path
//! (`find_debug_via_symfs` in its `src/cc/bcc_elf.c`), and reads it besides the program's own symbols. There are two
//! paths to a program here, so that its stacks are not shown by the symbols of probes: attach points have the one
//! through `/proc/self/root`, `/proc/PID/maps` has the other. Checked with bpftrace 0.17, 0.23 and 0.27.

mod elf;

pub use elf::is_one;

use crate::bt::own_symbols::{OwnSymbols, ROOT};
use crate::diagnostic::{Code, Diagnostic};
use crate::target::frame::Symbol;
use crate::target::{Program as _, Target};
use std::path::{Path, PathBuf};

/// A file that goes with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it belongs.
    pub path: PathBuf,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Where bcc's library looks for the symbols of the program at `path`, if `BCC_SYMFS` is `directory`.
#[must_use]
pub fn path_below(directory: &Path, path: &str) -> PathBuf {
    let in_container = path
        .strip_prefix("/proc/")
        .and_then(|rest| rest.split_once("/root/"))
        .filter(|(pid, _)| !pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit()));
    let inside = in_container.map_or(path, |(_, inside)| inside);
    directory.join(inside.trim_start_matches('/'))
}

/// The files that a script with these symbols for `target` needs below `directory`. `mapped` is the path of the program
/// as its processes have it in `/proc/PID/maps`, as far as that is known.
///
/// # Errors
/// E0270 when a symbol of the program itself begins as the script's own do.
pub fn files(
    directory: &Path,
    target: &Target<'_>,
    symbols: &OwnSymbols,
    mapped: Option<&str>,
) -> Result<Vec<File>, Diagnostic> {
    let identity = target.identity();
    if target.has_symbol_beginning(&symbols.prefix) {
        return Err(Diagnostic::error(
            Code::TWO_READINGS,
            format!(
                "`{}` has symbols that begin with `{}`, as those of the script do",
                identity.path, symbols.prefix
            ),
        )
        .help("compile without --sidecar"));
    }
    let frame = target.frame();
    // A byte each: releases before 0.24 refuse a symbol without any.
    let own = symbols.all().map(|(name, address)| Symbol {
        name: name.into_bytes(),
        address,
        size: 1,
    });
    let mut files = vec![File {
        path: path_below(directory, &format!("{ROOT}{}", identity.path)),
        bytes: elf::file(&frame, &own.collect::<Vec<_>>()),
    }];
    if symbols.shows_names
        && let Some(mapped) = mapped
    {
        let functions = target.functions_without_symbol();
        files.extend((!functions.is_empty()).then(|| File {
            path: path_below(directory, mapped),
            bytes: elf::file(&frame, &functions),
        }));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::path_below;
    use std::path::Path;

    #[test]
    fn paths_are_those_of_bcc() {
        for (path, below) in [
            ("/usr/bin/app", "/d/usr/bin/app"),
            ("/proc/12/root/usr/bin/app", "/d/usr/bin/app"),
            ("/proc/self/root/usr/bin/app", "/d/proc/self/root/usr/bin/app"),
            (
                "/proc/self/root/proc/12/root/app",
                "/d/proc/self/root/proc/12/root/app",
            ),
            ("/proc/12/exe", "/d/proc/12/exe"),
        ] {
            assert_eq!(path_below(Path::new("/d"), path), Path::new(below));
        }
    }
}
