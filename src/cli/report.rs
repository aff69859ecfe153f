//! Reports problems to the user, and gives the exit code that fits.

use super::{Format, output};
use crate::diagnostic::render::{render_json, render_text};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Source;
use crate::visible::visible;
use std::io::IsTerminal;

/// Everything went well.
pub const DONE: u8 = 0;
/// The recipe is at fault.
pub const RECIPE: u8 = 1;
/// The environment or the command line is at fault.
pub const ENVIRONMENT: u8 = 2;

/// When there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal that has them, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Color {
    /// Colours are wanted on this stream.
    pub fn on(self, stream: &impl IsTerminal) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            // https://no-color.org
            Self::Auto => stream.is_terminal() && !is_dumb() && !is_set("NO_COLOR"),
        }
    }
}

/// The terminal, if there is one, has a line that moves on only.
pub(super) fn is_dumb() -> bool {
    variable("TERM").is_none_or(|value| value.is_empty() || value == "dumb")
}

fn is_set(name: &str) -> bool {
    variable(name).is_some_and(|value| !value.is_empty())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment is read"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Writes the diagnostics to standard error.
pub fn to_stderr(source: &Source, diagnostics: &[Diagnostic], format: Format) {
    to_stderr_in(source, diagnostics, format, Color::Auto);
}

/// Writes the diagnostics to standard error, in colours if they are wanted.
pub(super) fn to_stderr_in(source: &Source, diagnostics: &[Diagnostic], format: Format, color: Color) {
    output::to_stderr(&match format {
        Format::Text => render_text(source, diagnostics, color.on(&std::io::stderr())),
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
