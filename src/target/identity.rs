//! The release of Go that built a program, and the program's build id.

use crate::diagnostic::{Code, Diagnostic};
use crate::target::elf::Elf;
use crate::target::tables::{buildinfo, pclntab};
use std::ops::RangeInclusive;

/// The oldest and the newest supported minor version of Go.
const SUPPORTED: RangeInclusive<u32> = 17..=27;

/// The version of Go that made the program.
pub(crate) fn go_version(elf: &Elf<'_>, path: &str) -> Result<String, Diagnostic> {
    let said = buildinfo::version(elf);
    if let Some(version) = said.as_ref().filter(|said| buildinfo::minor(said).is_some()) {
        return Ok(version.clone());
    }
    if elf.section(".go_export").is_some() || elf.needs_library("libgo.so") {
        return Err(Diagnostic::error(
            Code::GCCGO,
            format!("`{path}` was built by gccgo"),
        )
        .note("gccgo names functions differently than Go's own compiler, and uses another calling convention and run time")
        .help("build the program with the `go` command"));
    }
    if is_packed(elf) {
        return Err(
            Diagnostic::error(Code::NOT_GO, format!("`{path}` is packed by UPX"))
                .note("its code is unpacked into memory when it runs, where no probe can be placed")
                .help("trace the program that it was packed from; `upx -d FILE` unpacks it"),
        );
    }
    if let Some(releases) = pclntab::releases(elf) {
        return by_tables(elf, path, said, &releases);
    }
    if let Some(said) = said {
        return Err(Diagnostic::error(
            Code::GO_UNSUPPORTED,
            format!("`{path}` was built by {said}, which is no version number"),
        )
        .note("its table of functions (.gopclntab) cannot be read either; obfuscators such as garble change both")
        .help("trace a build that did not go through one"));
    }
    let mut error = Diagnostic::error(Code::NOT_GO, format!("`{path}` is not a Go program"))
        .note("it has no Go build information (.go.buildinfo), and no table of Go functions (.gopclntab)");
    if elf.sections().is_empty() {
        error =
            error.note("its section table is gone: it may be packed; trace the program it was packed from");
    }
    Err(error.help("`go version FILE` tells whether a file is one"))
}

/// The version of a program whose build information is gone, or tells no number, by what else the file has: the text of
/// a version in a variable of the program, which has to be one of a release that writes such a table of functions; or
/// the table alone, where all releases that write it lay out the same.
fn by_tables(
    elf: &Elf<'_>,
    path: &str,
    said: Option<String>,
    releases: &RangeInclusive<u32>,
) -> Result<String, Diagnostic> {
    let texts: Vec<String> = buildinfo::version_variables(elf)
        .into_iter()
        .filter(|text| buildinfo::minor(text).is_some_and(|minor| releases.contains(&minor)))
        .collect();
    if let [text] = texts.as_slice() {
        return Ok(text.clone());
    }
    let (oldest, newest) = (releases.start(), releases.end());
    if texts.is_empty() && pclntab::LAID_OUT_ALIKE.contains(releases) {
        return Ok(if oldest == newest {
            format!("go1.{newest}")
        } else {
            format!("go1.{oldest} to go1.{newest}")
        });
    }
    let what = match said {
        Some(said) => format!("`{path}` was built by {said}, which is no version number"),
        None => format!("`{path}` does not say which version of Go built it"),
    };
    let error = Diagnostic::error(Code::GO_UNSUPPORTED, what).note(format!(
        "its table of functions is like those of Go 1.{oldest} to 1.{newest}, which lay out other things differently"
    ));
    let error = if texts.is_empty() {
        error.note("its build information (.go.buildinfo) and the variable runtime.buildVersion have none")
    } else {
        error.note(format!("its variables hold several: {}", texts.join(", ")))
    };
    Err(error.help(
        "build it without setting runtime.buildVersion, and without removing sections by name (objcopy \
        -R); strip and -ldflags=-s are fine",
    ))
}

/// UPX writes its mark behind the program headers of what it makes, and at the end.
fn is_packed(elf: &Elf<'_>) -> bool {
    const HEAD: usize = 512;
    const TAIL: usize = 64;
    let data = elf.file().data();
    let head = data.get(..HEAD).unwrap_or(data);
    let tail = data.get(data.len().saturating_sub(TAIL)..).unwrap_or_default();
    [head, tail]
        .into_iter()
        .any(|part| memchr::memmem::find(part, b"UPX!").is_some())
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
        None => Err(unsupported("which is no version number").help("build the program with a released Go")),
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
