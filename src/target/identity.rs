//! Which Go made a program, and which build of it this is.

use super::buildinfo;
use super::elf::Elf;
use crate::diagnostic::{Code, Diagnostic};

/// Oldest and newest minor version of Go that is understood.
const SUPPORTED: std::ops::RangeInclusive<u32> = 17..=27;

/// The version of Go that made the program.
pub(crate) fn go_version(elf: &Elf<'_>, path: &str) -> Result<String, Diagnostic> {
    if let Some(version) = buildinfo::version(elf) {
        return Ok(version);
    }
    if elf.section(".go_export").is_some() || elf.needs_library("libgo.so") {
        return Err(Diagnostic::error(
            Code::GCCGO,
            format!("`{path}` was built by gccgo"),
        )
        .note("its functions have other names, another calling convention and another run time than those of Go's own compiler")
        .help("build the program with the `go` command"));
    }
    let has = |name: &str| elf.section(name).is_some();
    if has(".gopclntab") || has(".note.go.buildid") {
        return Err(Diagnostic::error(
            Code::GO_UNSUPPORTED,
            format!("`{path}` does not say which version of Go built it"),
        )
        .note("Go 1.13 and later write it down (.go.buildinfo)")
        .help("build the program with Go 1.17 to 1.27, and do not remove that section afterwards"));
    }
    let mut error = Diagnostic::error(Code::NOT_GO, format!("`{path}` is not a Go program"))
        .note("it has no Go build information (.go.buildinfo)");
    if elf.sections().is_empty() {
        error = error.note("its section table is gone: it may be packed (for example by UPX); trace the program it was packed from");
    }
    Err(error.help("`go version FILE` tells whether a file is one"))
}

/// The minor number of a version that is understood.
pub(crate) fn supported(path: &str, version: &str) -> Result<u32, Diagnostic> {
    let (first, last) = (SUPPORTED.start(), SUPPORTED.end());
    let window = format!("gobt understands programs built by Go 1.{first} to 1.{last}");
    let unsupported = |what: &str| {
        Diagnostic::error(
            Code::GO_UNSUPPORTED,
            format!("`{path}` was built by {version}, {what}"),
        )
        .note(window.clone())
    };
    match buildinfo::minor(version) {
        Some(minor) if SUPPORTED.contains(&minor) => Ok(minor),
        Some(minor) if minor < *first => Err(unsupported("which is too old")
            .note("before Go 1.17 arguments are passed on the stack and no register holds the goroutine")
            .help("build the program with a newer Go")),
        Some(_) => Err(unsupported("which is newer than this gobt")
            .help("look for a newer gobt; what is inside a Go program changes from release to release")),
        None => {
            Err(unsupported("which tells no version number").help("build the program with a released Go"))
        }
    }
}

/// GNU build id in hex, or else Go's.
pub(crate) fn build_id(elf: &Elf<'_>) -> Option<String> {
    const NT_GO_BUILD_ID: u32 = 4;
    if let Some(id) = elf
        .note(b"GNU", object::elf::NT_GNU_BUILD_ID.0)
        .filter(|id| !id.is_empty() && id.len() <= 64)
    {
        return Some(id.iter().map(|byte| format!("{byte:02x}")).collect());
    }
    let id = std::str::from_utf8(elf.note(b"Go", NT_GO_BUILD_ID)?).ok()?;
    (id.len() <= 256 && id.chars().all(|c| c.is_ascii_graphic())).then(|| id.to_owned())
}
