//! Reading recipes.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Source;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// More is not a recipe.
const LARGEST: u64 = 1 << 20;

/// The recipe in the file `path`; `-` is standard input.
///
/// # Errors
/// E0110 when it cannot be read or is no text.
pub fn recipe(path: &Path) -> Result<Source, Diagnostic> {
    let name = name(path);
    let bytes = if path.as_os_str() == "-" {
        bounded(io::stdin().lock())
    } else {
        open(path).and_then(bounded)
    };
    let bytes = bytes.map_err(|error| unreadable(&name, &reason(&error)))?;
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

fn bounded(input: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(LARGEST + 1).read_to_end(&mut bytes)?;
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
