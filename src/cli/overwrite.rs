//! What no command writes over: the files that it reads, and those that are plainly no script.

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

/// A file, however it is called: its device and inode.
type FileId = (u64, u64);

/// The files that a command reads, each with what it is to the command.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    files: Vec<(FileId, &'static str)>,
}

impl Inputs {
    /// Adds the file that `path` leads to, if it is there; `-` is what standard input is redirected from.
    pub(super) fn add(&mut self, path: &Path, what: &'static str) {
        let metadata = if path.as_os_str() == "-" {
            of_stream(io::stdin())
        } else {
            path.metadata().ok()
        };
        self.files
            .extend(metadata.filter(Metadata::is_file).map(|found| (id(&found), what)));
    }

    /// Makes sure that writing to `output` (nothing or `-` for standard output) writes over nothing that is worth more
    /// than a script.
    ///
    /// # Errors
    /// E0524 for an input, by whatever name; E0525 for a program or a recipe that is none.
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

/// What a stream leads to.
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

/// What is in an existing file, if it is a program or a recipe. Whatever else is there (yesterday's script) may be
/// replaced.
fn worth_keeping(path: &Path) -> Option<&'static str> {
    let begin = input::beginning(path).ok()?;
    if begin.starts_with(b"\x7fELF") {
        return Some("a program");
    }
    let text = String::from_utf8(begin).ok()?;
    // Finding out what is wrong with what is no recipe takes longer than a compilation.
    if Script::begins(&text) {
        return None;
    }
    let (recipe, problems) = syntax::parse(&Source::new("", text));
    (!problems.has_errors() && !recipe.items.is_empty()).then_some("a recipe")
}
