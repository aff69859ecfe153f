//! The files of symbols that go with a script: where they are, and whether they are those of the script.

use super::overwrite::Inputs;
use super::{input, output};
use crate::bt::own_symbols::OwnSymbols;
use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::Script;
use crate::sidecar::{self, File};
use crate::target::Target;
use crate::target::load::Loaded;
use std::io;
use std::path::Path;

/// What the directory is called in a script: it is to be found from elsewhere, too.
///
/// # Errors
/// E0209 when its path is no text.
pub(super) fn directory(given: &Path) -> Result<String, Diagnostic> {
    let absolute = std::path::absolute(given).unwrap_or_else(|_| given.to_path_buf());
    absolute.into_os_string().into_string().map_err(|path| {
        Diagnostic::error(
            Code::PATH_NOT_TEXT,
            format!("the path `{}` is not UTF-8", path.display()),
        )
        .help("choose another directory for the symbols")
    })
}

/// The files for `directory`.
///
/// # Errors
/// Those of [`sidecar::files`].
pub(super) fn files(
    directory: &str,
    loaded: &Loaded,
    target: &Target<'_>,
    symbols: &OwnSymbols,
) -> Result<Vec<File>, Diagnostic> {
    sidecar::files(Path::new(directory), target, symbols, loaded.mapped().as_deref())
}

/// Makes sure that they write over nothing but files of their own kind.
///
/// # Errors
/// E0524 for an input, E0525 for another file.
pub(super) fn spare(files: &[File], inputs: &Inputs) -> Result<(), Diagnostic> {
    for file in files {
        inputs.spare_all_but(&file.path, sidecar::is_one)?;
    }
    Ok(())
}

/// Writes them, each as a whole.
///
/// # Errors
/// When one cannot be written; gives its path, too.
pub(super) fn write(files: &[File]) -> Result<(), (&Path, io::Error)> {
    for file in files {
        let directories = file.path.parent().map_or(Ok(()), std::fs::create_dir_all);
        directories
            .and_then(|()| output::write_file(&file.path, &file.bytes))
            .map_err(|error| (file.path.as_path(), error))?;
    }
    Ok(())
}

/// Makes sure that the files of a script called `name`, for `target`, are in their places.
///
/// # Errors
/// E0515 when one is another one, or is missing.
pub(super) fn fits(
    name: &str,
    script: &Script,
    loaded: &Loaded,
    target: &Target<'_>,
) -> Result<(), Diagnostic> {
    let Some(made) = &script.manifest.sidecar else {
        return Ok(());
    };
    for file in files(&made.directory, loaded, target, &made.symbols)? {
        let found = input::whole(&file.path, file.bytes.len());
        if found.as_ref().is_ok_and(|bytes| *bytes == file.bytes) {
            continue;
        }
        let path = file.path.display();
        let what = match found {
            Ok(_) => format!("`{path}` is not the file of symbols that was made for `{name}`"),
            Err(error) => format!(
                "the symbols of `{name}` cannot be read from `{path}`: {}",
                input::reason(&error)
            ),
        };
        return Err(Diagnostic::error(Code::STALE_SCRIPT, what)
            .note("bpftrace finds the probes of the script by them, and would find none, or others")
            .help(format!(
                "compile `{}` again, with --sidecar {}",
                script.manifest.recipe,
                crate::bt::text::shell(&made.directory)
            )));
    }
    Ok(())
}
