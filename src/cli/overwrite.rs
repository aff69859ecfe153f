//! Files that no command overwrites: its inputs, and files that are clearly no scripts.

use super::input;
use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::Script;
use crate::source::Source;
use crate::syntax;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// A file by device and inode, whatever its name.
type FileId = (u64, u64);

/// The files that a command reads, each with its role.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    files: Vec<(FileId, &'static str)>,
}

impl Inputs {
    /// Adds the file at `path`, if it exists; `-` is the file that standard input is redirected from.
    pub(super) fn add(&mut self, path: &Path, what: &'static str) {
        let metadata = if path.as_os_str() == "-" {
            of_stream(io::stdin())
        } else {
            path.metadata().ok()
        };
        self.files
            .extend(metadata.filter(Metadata::is_file).map(|found| (id(&found), what)));
    }

    /// Makes sure that writing to `output` (none or `-` for standard output) overwrites neither an input nor a program
    /// or recipe.
    ///
    /// # Errors
    /// E0524 for an input, under any name; E0525 for another program or recipe.
    pub(super) fn spare(&self, output: Option<&Path>) -> Result<(), Diagnostic> {
        let Some(path) = output.filter(|path| path.as_os_str() != "-") else {
            let standard = of_stream(io::stdout()).filter(Metadata::is_file);
            return match standard.and_then(|found| self.holds(&found)) {
                Some(what) => Err(is_input("standard output", what, None)),
                None => Ok(()),
            };
        };
        let Some(found) = path.metadata().ok().filter(Metadata::is_file) else {
            return Ok(());
        };
        let name = format!("`{}`", input::name(path));
        if let Some(what) = self.holds(&found) {
            return Err(is_input(&name, what, Some(path)));
        }
        match worth_keeping(path) {
            Some(what) => Err(Diagnostic::error(
                Code::PRECIOUS_OUTPUT,
                format!("{name} is {what}, which a script would replace"),
            )
            .help(format!("{}; or remove that file first", another(path)))),
            None => Ok(()),
        }
    }

    /// Makes sure that writing a file of symbols to `path` writes over nothing but what `may` be, by its first bytes.
    ///
    /// # Errors
    /// E0524 for an input, by whatever name; E0525 for any other file.
    pub(super) fn spare_all_but(&self, path: &Path, may: impl Fn(&[u8]) -> bool) -> Result<(), Diagnostic> {
        let Some(found) = path.metadata().ok() else {
            return Ok(());
        };
        let name = format!("`{}`", input::name(path));
        let problem = match self.holds(&found) {
            Some(what) => Diagnostic::error(
                Code::OUTPUT_IS_INPUT,
                format!("{name} is {what}, and the symbols would be written over it"),
            ),
            None if found.is_file() && input::beginning(path).is_ok_and(|begin| may(&begin)) => return Ok(()),
            None => Diagnostic::error(
                Code::PRECIOUS_OUTPUT,
                format!("{name} is in the place of the script's symbols, and is something else"),
            ),
        };
        Err(problem.help("name a directory of its own with --sidecar"))
    }

    /// Makes sure that what is saved in `path` replaces neither an input nor a program or recipe.
    ///
    /// # Errors
    /// E0524 for an input, under any name; E0525 for another program or recipe.
    pub(super) fn spare_saved(&self, path: &Path) -> Result<(), Diagnostic> {
        let Some(found) = path.metadata().ok().filter(Metadata::is_file) else {
            return Ok(());
        };
        let name = format!("`{}`", input::name(path));
        let problem = if let Some(what) = self.holds(&found) {
            let message = format!("{name} is {what}; it is not written over");
            Diagnostic::error(Code::OUTPUT_IS_INPUT, message)
        } else if let Some(what) = worth_keeping(path) {
            let message = format!("{name} is {what}, which would be replaced");
            Diagnostic::error(Code::PRECIOUS_OUTPUT, message)
        } else {
            return Ok(());
        };
        Err(problem.help("give --save another name"))
    }

    fn holds(&self, found: &Metadata) -> Option<&'static str> {
        let wanted = id(found);
        self.files
            .iter()
            .find(|(known, _)| *known == wanted)
            .map(|(_, what)| *what)
    }
}

fn id(metadata: &Metadata) -> FileId {
    (metadata.dev(), metadata.ino())
}

/// The file that a stream is redirected to.
fn of_stream(stream: impl AsFd) -> Option<Metadata> {
    let own = stream.as_fd().try_clone_to_owned().ok()?;
    File::from(own).metadata().ok()
}

fn is_input(name: &str, what: &str, path: Option<&Path>) -> Diagnostic {
    Diagnostic::error(
        Code::OUTPUT_IS_INPUT,
        format!("{name} is {what}; it is not written over"),
    )
    .help(path.map_or_else(|| "send the output elsewhere: -o script.bt".to_owned(), another))
}

/// A name that a script beside `path` might have.
fn another(path: &Path) -> String {
    let mut name = path.file_stem().unwrap_or_default().to_os_string();
    name.push(".bt");
    let mut better = PathBuf::from(path).with_file_name(name);
    if better == path || better.exists() {
        better.set_file_name("script.bt");
    }
    format!(
        "write to another file: -o {}",
        crate::bt::text::shell(&better.to_string_lossy())
    )
}

/// The kind of an existing file, if it is a program or a recipe. Any other file (yesterday's script) may be replaced.
fn worth_keeping(path: &Path) -> Option<&'static str> {
    let begin = input::beginning(path).ok()?;
    if begin.starts_with(b"\x7fELF") {
        return Some("a program");
    }
    let text = String::from_utf8(begin).ok()?;
    // Looking for mistakes in a file that is no recipe would take longer than a compilation.
    if Script::begins(&text) {
        return None;
    }
    let (recipe, problems) = syntax::parse(&Source::new("", text));
    (!problems.has_errors() && !recipe.items.is_empty()).then_some("a recipe")
}
