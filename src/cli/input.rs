//! Reading recipes.

use crate::diagnostic::{Code, Diagnostic};
use crate::manifest::Script;
use crate::source::{Source, Span};
use crate::syntax;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;

/// The largest recipe in bytes.
const LARGEST: u64 = 1 << 20;
/// Likewise for scripts: one with 100,000 probes has some 20 MB.
const LARGEST_SCRIPT: u64 = 1 << 26;

/// Why a file is no recipe, and the part of it that can be shown.
#[derive(Debug)]
pub struct Unread {
    /// The text that was read, as far as it is valid.
    pub source: Source,
    /// The problem.
    pub problem: Diagnostic,
}

impl Unread {
    /// Nothing of it can be shown.
    fn whole(name: &str, problem: Diagnostic) -> Box<Self> {
        Box::new(Self {
            source: Source::new(name, ""),
            problem,
        })
    }
}

/// The recipe in the file `path`; `-` is standard input.
///
/// # Errors
/// E0110 when it cannot be read, E0111 when it is no UTF-8 text.
pub fn recipe(path: &Path) -> Result<Source, Box<Unread>> {
    let name = name(path);
    let bytes = bytes(path, LARGEST).map_err(|error| {
        let problem = unreadable(&name, &reason(&error));
        let problem = if syntax::is_begun_by(&name) {
            problem.help(EXPRESSION_HELP)
        } else if name.bytes().all(|byte| byte.is_ascii_digit()) {
            problem.help(format!("a process is given by --pid {name}"))
        } else {
            problem
        };
        Unread::whole(&name, problem)
    })?;
    recipe_of(name, bytes)
}

/// What is said to somebody who wrote a recipe where the name of a file belongs.
const EXPRESSION_HELP: &str = "a recipe on the command line stands in quotes behind -e: -e 'count main.*'";

/// What a recipe on the command line is called in messages.
pub(super) const EXPRESSION: &str = "-e";

/// The recipe that the command line has in files, in words of its own, or in both.
///
/// # Errors
/// E0110 when a file cannot be read, E0111 when it is no UTF-8 text.
pub(super) fn recipes(paths: &[PathBuf], expressions: &[String]) -> Result<Source, Box<Unread>> {
    let mut sources = Vec::new();
    for path in paths {
        sources.push(recipe(path)?);
    }
    if !expressions.is_empty() {
        sources.push(Source::new(EXPRESSION, expressions.join("\n")));
    }
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    let texts: Vec<&str> = sources.iter().map(|source| source.text.as_str()).collect();
    Ok(Source::new(names.join(" + "), texts.join("\n")))
}

/// The contents of the file `path`, up to the longest length of a recipe.
///
/// # Errors
/// When it cannot be read.
pub(super) fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    bytes(path, LARGEST)
}

/// The largest recording in bytes.
const LARGEST_RECORDING: u64 = 1 << 32;

/// The contents of a recording.
///
/// # Errors
/// When it cannot be read.
pub(super) fn recording(path: &Path) -> io::Result<Vec<u8>> {
    bytes(path, LARGEST_RECORDING)
}

/// An argument of `gobt check`.
pub enum Input {
    /// A recipe.
    Recipe(Source),
    /// A script: one that gobt made, or what is called `NAME.bt`.
    Script(Source),
}

/// The recipe or script in the file `path`; `-` is standard input.
///
/// # Errors
/// E0110 when it cannot be read, E0111 when it is no UTF-8 text.
pub fn recipe_or_script(path: &Path) -> Result<Input, Box<Unread>> {
    let name = name(path);
    let bytes = bytes(path, LARGEST_SCRIPT)
        .map_err(|error| Unread::whole(&name, unreadable(&name, &reason(&error))))?;
    if bytes.len() as u64 <= LARGEST_SCRIPT
        && let Ok(text) = std::str::from_utf8(&bytes)
        && (Script::begins(text) || path.extension().is_some_and(|extension| extension == "bt"))
    {
        return Ok(Input::Script(Source::new(name, text)));
    }
    recipe_of(name, bytes).map(Input::Recipe)
}

fn recipe_of(name: String, bytes: Vec<u8>) -> Result<Source, Box<Unread>> {
    if bytes.starts_with(b"\x7fELF") {
        let message = format!("`{name}` is a program, not a recipe");
        let problem = Diagnostic::error(Code::UNREADABLE_RECIPE, message)
            .help(format!("name the recipe, and give the program with --bin {name}"));
        return Err(Unread::whole(&name, problem));
    }
    if bytes.len() as u64 > LARGEST {
        return Err(Unread::whole(&name, unreadable(&name, "it is larger than 1 MiB")));
    }
    if let Some(encoding) = wide_encoding(&bytes) {
        let problem = Diagnostic::error(
            Code::NOT_UTF8,
            format!("the recipe is {encoding} text; recipes are UTF-8"),
        )
        .help(format!(
            "save it as UTF-8, or convert it: iconv -f {encoding} -t UTF-8"
        ));
        return Err(Box::new(Unread {
            source: Source::new(name, ""),
            problem: problem.at(Span::new(0, 0), "from the first character on"),
        }));
    }
    String::from_utf8(bytes)
        .map(|text| Source::new(name.clone(), text))
        .map_err(|error| not_utf8(name, &error))
}

/// The encoding of a text whose characters have two or four bytes each: by its byte order mark, or the zeros in its
/// first characters.
fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] => Some("UTF-32LE"),
        [0, 0, 0xfe, 0xff, ..] => Some("UTF-32BE"),
        [0xff, 0xfe, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, ..] => Some("UTF-16BE"),
        [1..=0x7f, 0, 0, 0, 1..=0x7f, 0, 0, 0, ..] => Some("UTF-32LE"),
        [0, 0, 0, 1..=0x7f, 0, 0, 0, 1..=0x7f, ..] => Some("UTF-32BE"),
        [1..=0x7f, 0, 1..=0x7f, 0, ..] => Some("UTF-16LE"),
        [0, 1..=0x7f, 0, 1..=0x7f, ..] => Some("UTF-16BE"),
        _ => None,
    }
}

/// The problem at the first place where a recipe is not UTF-8. The shown text has a replacement character there.
fn not_utf8(name: String, error: &FromUtf8Error) -> Box<Unread> {
    let place = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let byte = bytes.get(place).copied().unwrap_or_default();
    let text = String::from_utf8_lossy(bytes);
    let before = text.get(..place).unwrap_or_default();
    let line = 1 + before.matches('\n').count();
    let column = 1 + before.rsplit('\n').next().unwrap_or_default().chars().count();
    let problem = Diagnostic::error(
        Code::NOT_UTF8,
        format!("the recipe is not UTF-8: line {line}, column {column} has the byte 0x{byte:02x}"),
    )
    .at(
        Span::new(place, place + char::REPLACEMENT_CHARACTER.len_utf8()),
        "not UTF-8",
    );
    // The character that this byte is in Latin-1, the most common other encoding.
    let problem = match byte {
        0xa0..=0xff => problem
            .note(format!(
                "in Latin-1 (ISO 8859-1) this byte is `{}`",
                char::from(byte)
            ))
            .help("save it as UTF-8, or convert it: iconv -f ISO-8859-1 -t UTF-8"),
        _ => problem.help("save it as UTF-8"),
    };
    Box::new(Unread {
        source: Source::new(name, text),
        problem,
    })
}

/// The name of a recipe in messages.
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

/// The bytes of the file at `path`, as far as they are at most one more than `expected`.
///
/// # Errors
/// When it cannot be read.
pub(super) fn whole(path: &Path, expected: usize) -> io::Result<Vec<u8>> {
    if !path.metadata()?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    bytes(path, u64::try_from(expected).unwrap_or(u64::MAX - 1))
}

fn unreadable(name: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        Code::UNREADABLE_RECIPE,
        format!("the recipe `{name}` cannot be read: {why}"),
    )
}

/// The system's text of an error, without the number.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
