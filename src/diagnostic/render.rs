//! Draws diagnostics: codespan for people, data for programs. The only file that names codespan.

mod visible;

use super::{Diagnostic, Severity};
use crate::source::{Source, Span};
use codespan_reporting::diagnostic as drawn;
use codespan_reporting::files::SimpleFile;
use codespan_reporting::term::{self, Config, termcolor};
use serde::Serialize;
use visible::Visible;

/// The diagnostics as text for a terminal or a log, with an empty line after each.
///
/// Characters that a terminal acts on are shown as `\u{1b}`, and very long lines are cut around the marked places.
#[must_use]
pub fn render_text(source: &Source, diagnostics: &[Diagnostic], color: bool) -> String {
    let marked = diagnostics
        .iter()
        .flat_map(|d| d.labels.iter().map(|label| label.span));
    let visible = Visible::new(&source.text, marked.collect());
    let file = SimpleFile::new(visible::one_line(&source.name), visible.text.as_str());
    let config = Config::default();
    let mut out = if color {
        termcolor::Buffer::ansi()
    } else {
        termcolor::Buffer::no_color()
    };
    for diagnostic in diagnostics {
        let diagnostic = draw(diagnostic, &visible);
        // The buffer takes everything and the places were brought into the file, so nothing can fail here; if a place
        // were wrong, the message is still worth more than none.
        if term::emit_to_write_style(&mut out, &config, &file, &diagnostic).is_err() {
            let bare = drawn::Diagnostic {
                labels: Vec::new(),
                ..diagnostic
            };
            let _ = term::emit_to_write_style(&mut out, &config, &file, &bare);
        }
    }
    String::from_utf8_lossy(out.as_slice()).into_owned()
}

fn draw(diagnostic: &Diagnostic, visible: &Visible) -> drawn::Diagnostic<()> {
    let severity = match diagnostic.severity {
        Severity::Error => drawn::Severity::Error,
        Severity::Warning => drawn::Severity::Warning,
    };
    let labels = diagnostic.labels.iter().map(|label| {
        let style = if label.primary {
            drawn::LabelStyle::Primary
        } else {
            drawn::LabelStyle::Secondary
        };
        drawn::Label::new(style, (), visible.place(label.span))
            .with_message(visible::one_line(&label.message))
    });
    drawn::Diagnostic::new(severity)
        .with_code(diagnostic.code.0)
        .with_message(visible::one_line(&diagnostic.message))
        .with_labels(labels.collect())
        .with_notes(diagnostic.notes.iter().map(|note| visible::lines(note)).collect())
}

/// A diagnostic as data. Lines and columns count from 1, columns in characters (not bytes); an end is one past the last
/// character. Places are `null` for problems that have none.
#[derive(Serialize)]
struct Record<'d> {
    /// `E0101`; never changes its meaning.
    code: &'static str,
    /// `error` or `warning`.
    severity: &'static str,
    message: &'d str,
    /// The recipe, as it was named on the command line.
    file: &'d str,
    /// Of the first primary label.
    #[serde(flatten)]
    place: Place,
    labels: Vec<LabelRecord<'d>>,
    /// What is known besides.
    notes: Vec<&'d str>,
    /// What to do.
    help: Vec<&'d str>,
}

#[derive(Serialize)]
struct LabelRecord<'d> {
    message: &'d str,
    primary: bool,
    #[serde(flatten)]
    place: Place,
}

#[derive(Default, Serialize)]
struct Place {
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

/// The diagnostics as data: one JSON object in a line each, with the keys `code`, `severity`, `message`, `file`, `line`, `column`,
/// `end_line`, `end_column`, `labels` (`message`, `primary` and the four numbers), `notes` and `help`.
#[must_use]
pub fn render_json(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let lines = Lines::new(&source.text);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let record = record(source, diagnostic, &lines);
        // Strings and numbers always serialize.
        if let Ok(line) = serde_json::to_string(&record) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

fn record<'d>(source: &'d Source, diagnostic: &'d Diagnostic, lines: &Lines<'_>) -> Record<'d> {
    let primary = diagnostic.labels.iter().find(|label| label.primary);
    let help = |note: &'d String| note.strip_prefix("help: ");
    Record {
        code: diagnostic.code.0,
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        file: &source.name,
        place: primary.map(|label| lines.place(label.span)).unwrap_or_default(),
        labels: diagnostic
            .labels
            .iter()
            .map(|label| LabelRecord {
                message: &label.message,
                primary: label.primary,
                place: lines.place(label.span),
            })
            .collect(),
        notes: diagnostic
            .notes
            .iter()
            .filter(|note| help(note).is_none())
            .map(String::as_str)
            .collect(),
        help: diagnostic.notes.iter().filter_map(help).collect(),
    }
}

/// Where lines begin.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
        Self {
            text,
            starts: starts.collect(),
        }
    }

    /// Line and column of a byte.
    fn position(&self, byte: usize) -> (usize, usize) {
        let byte = visible::on_character(self.text, byte);
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = line
            .checked_sub(1)
            .and_then(|line| self.starts.get(line))
            .copied()
            .unwrap_or_default();
        let before = self.text.get(start..byte).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    fn place(&self, span: Span) -> Place {
        let (line, column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end.max(span.start));
        Place {
            line: Some(line),
            column: Some(column),
            end_line: Some(end_line),
            end_column: Some(end_column),
        }
    }
}
