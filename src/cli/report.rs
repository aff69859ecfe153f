//! Reports problems to the user, and gives the exit code that fits.

use super::visible::visible;
use super::{Format, output};
use crate::diagnostic::render::{render_json, render_text};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Source;
use std::io::IsTerminal;

/// Everything went well.
pub const DONE: u8 = 0;
/// The recipe is at fault.
pub const RECIPE: u8 = 1;
/// The environment or the command line is at fault.
pub const ENVIRONMENT: u8 = 2;

/// Writes the diagnostics to standard error.
pub fn to_stderr(source: &Source, diagnostics: &[Diagnostic], format: Format) {
    output::to_stderr(&match format {
        Format::Text => render_text(source, diagnostics, colored()),
        Format::Json => render_json(source, diagnostics),
    });
}

/// Writes the problems of a program to standard error, and gives their exit code.
pub fn all(diagnostics: &[Diagnostic], format: Format) -> u8 {
    if !diagnostics.is_empty() {
        to_stderr(&Source::new("", ""), diagnostics, format);
    }
    exit_code(diagnostics)
}

/// Says on standard error what went wrong with a file, and gives the exit code for it.
pub fn failure(what: &str, error: &std::io::Error) -> u8 {
    let text = format!("error: {what}: {}", super::input::reason(error));
    output::to_stderr(&format!("{}\n", visible(&text)));
    ENVIRONMENT
}

/// The exit code for some problems.
#[must_use]
pub fn exit_code(diagnostics: &[Diagnostic]) -> u8 {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    errors
        .map(|error| {
            if error.code.is_environment() && !error.labels.iter().any(|label| label.primary) {
                ENVIRONMENT
            } else {
                RECIPE
            }
        })
        .max()
        .unwrap_or(DONE)
}

/// Messages are coloured on a terminal, unless the user wants none (https://no-color.org).
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment is read"
)]
fn colored() -> bool {
    let unwanted = std::env::var("NO_COLOR").is_ok_and(|value| !value.is_empty());
    let dumb = std::env::var("TERM").is_ok_and(|value| value == "dumb");
    std::io::stderr().is_terminal() && !unwanted && !dumb
}
