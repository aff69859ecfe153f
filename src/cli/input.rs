//! Reading recipes.

use crate::diagnostic::{Code, Diagnostic};
use crate::made::Script;
use crate::source::Source;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// More is not a recipe.
const LARGEST: u64 = 1 << 20;
/// Likewise for scripts: one with 100,000 probes has some 20 MB.
const LARGEST_SCRIPT: u64 = 1 << 26;

/// The recipe in the file `path`; `-` is standard input.
///
/// # Errors
/// E0110 when it cannot be read or is no text.
pub fn recipe(path: &Path) -> Result<Source, Diagnostic> {
    let name = name(path);
    let bytes = bytes(path, LARGEST).map_err(|error| unreadable(&name, &reason(&error)))?;
    recipe_of(name, bytes)
}

/// What `gobt check` is given.
pub enum Input {
    /// A recipe.
    Recipe(Source),
    /// A script: one that gobt made, or what is called `NAME.bt`.
    Script(Source),
}

/// The recipe or script in the file `path`; `-` is standard input.
///
/// # Errors
/// E0110 when it cannot be read or is no text.
pub fn recipe_or_script(path: &Path) -> Result<Input, Diagnostic> {
    let name = name(path);
    let bytes = bytes(path, LARGEST_SCRIPT).map_err(|error| unreadable(&name, &reason(&error)))?;
    if bytes.len() as u64 <= LARGEST_SCRIPT
        && let Ok(text) = std::str::from_utf8(&bytes)
        && (Script::begins(text) || path.extension().is_some_and(|extension| extension == "bt"))
    {
        return Ok(Input::Script(Source::new(name, text)));
    }
    recipe_of(name, bytes).map(Input::Recipe)
}

fn recipe_of(name: String, bytes: Vec<u8>) -> Result<Source, Diagnostic> {
    if bytes.starts_with(b"\x7fELF") {
        let message = format!("`{name}` is a program, not a recipe");
        return Err(Diagnostic::error(Code::UNREADABLE_RECIPE, message)
            .help(format!("name the recipe, and give the program with --bin {name}")));
    }
    if bytes.len() as u64 > LARGEST {
        return Err(unreadable(&name, "it is larger than 1 MiB"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let good = error.as_bytes().get(..error.utf8_error().valid_up_to());
            let line = 1 + good
                .unwrap_or_default()
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            let byte = error.as_bytes().get(error.utf8_error().valid_up_to());
            let diagnostic = unreadable(&name, "it is not UTF-8 text");
            Err(match byte {
                Some(byte) => diagnostic.note(format!(
                    "line {line} has the byte 0x{byte:02x} where a character should begin"
                )),
                None => diagnostic,
            })
        }
    }
}

/// What a recipe is called in messages.
#[must_use]
pub fn name(path: &Path) -> String {
    if path.as_os_str() == "-" {
        "<stdin>".to_owned()
    } else {
        path.display().to_string()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where files are read"
)]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// A file's bytes, at most one more than `limit`; `-` is standard input.
fn bytes(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
    } else {
        open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn unreadable(name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code::UNREADABLE_RECIPE,
        format!("the recipe `{name}` cannot be read: {why}"),
    )
}

/// What the system says, in its own words without the number.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
