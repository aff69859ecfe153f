//! Draws diagnostics: codespan for people, data for programs. The only file that names codespan.

mod columns;
mod visible;

use super::{Diagnostic, Label, Severity};
use crate::source::{Source, Span};
use codespan_reporting::diagnostic as drawn;
use codespan_reporting::files::{Error, Files, SimpleFile};
use codespan_reporting::term::{self, Config, termcolor};
use serde::Serialize;
use visible::{Marked, Visible};

/// The diagnostics as text for a terminal or a log, with an empty line after each, in lines of at most 120 columns
/// unless a name is longer.
///
/// Characters that a terminal acts on are shown as `\u{1b}`, and long lines of the recipe are cut around the marked
/// places.
#[must_use]
pub fn render_text(source: &Source, diagnostics: &[Diagnostic], color: bool) -> String {
    let name = visible::one_line(&source.name);
    let config = Config::default();
    let mut out = if color {
        termcolor::Buffer::ansi()
    } else {
        termcolor::Buffer::no_color()
    };
    let lines = Lines::new(&source.text);
    for diagnostic in diagnostics {
        // A margin for line numbers, and one for each place of several lines.
        let several = |label: &&Label| {
            let text = source.text.get(std::ops::Range::from(label.span));
            text.is_some_and(|text| text.contains('\n'))
        };
        let margin =
            3 + lines.starts.len().to_string().len() + 2 * diagnostic.labels.iter().filter(several).count();
        let room = columns::WIDEST.saturating_sub(margin);
        let said = said_at_places(diagnostic, &source.text, room);
        // Of a long recipe with many problems, only the lines that one is about are looked at for it.
        let shown = lines.around(&diagnostic.labels);
        let start = shown.start;
        let marked = said.iter().map(|(label, message)| Marked {
            span: from(start, label.span),
            message: columns::width(message),
        });
        let text = source.text.get(shown).unwrap_or_default();
        let visible = Visible::new(text, marked.collect(), room);
        let file = Drawn {
            file: SimpleFile::new(name.clone(), visible.text.as_str()),
            visible: &visible,
            lines: &lines,
            start,
        };
        let diagnostic = draw(diagnostic, &said, &visible, start);
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

/// Longer texts become a note, and are not written behind a place.
const LONGEST_LABEL: usize = 80;

/// The labels with the texts behind their places; a text without room there becomes a note.
fn said_at_places<'d>(diagnostic: &'d Diagnostic, text: &str, room: usize) -> Vec<(&'d Label, String)> {
    let said = diagnostic.labels.iter().map(|label| {
        let message = visible::one_line(&label.message);
        let wide = columns::width(&message);
        let end = visible::on_character(text, label.span.end);
        let (before, after) = text.split_at_checked(end).unwrap_or_default();
        let before = columns::width(before.rsplit('\n').next().unwrap_or_default());
        let after = columns::width(after.lines().next().unwrap_or_default());
        // A line is not cut only to make room for a label.
        let cuts = before + after <= room && before + 1 + wide > room;
        let fits = wide <= LONGEST_LABEL && !cuts;
        (label, if fits { message } else { String::new() })
    });
    said.collect()
}

/// A place in the text from `start` on.
fn from(start: usize, span: Span) -> Span {
    Span::new(span.start.saturating_sub(start), span.end.saturating_sub(start))
}

/// The drawn text, with the columns and line numbers of the original.
struct Drawn<'t> {
    file: SimpleFile<String, &'t str>,
    visible: &'t Visible,
    lines: &'t Lines<'t>,
    /// Where it begins in the original.
    start: usize,
}

impl<'t> Files<'t> for Drawn<'t> {
    type FileId = ();
    type Name = String;
    type Source = &'t str;

    fn name(&'t self, (): ()) -> Result<String, Error> {
        Ok(self.file.name().clone())
    }

    fn source(&'t self, (): ()) -> Result<&'t str, Error> {
        Ok(self.visible.text.as_str())
    }

    fn line_index(&'t self, (): (), byte: usize) -> Result<usize, Error> {
        self.file.line_index((), byte)
    }

    fn line_range(&'t self, (): (), line: usize) -> Result<std::ops::Range<usize>, Error> {
        self.file.line_range((), line)
    }

    fn line_number(&'t self, (): (), line: usize) -> Result<usize, Error> {
        Ok(self.lines.position(self.start).0 + line)
    }

    fn column_number(&'t self, (): (), _line: usize, byte: usize) -> Result<usize, Error> {
        Ok(self.lines.position(self.start + self.visible.original(byte)).1)
    }
}

fn draw(
    diagnostic: &Diagnostic,
    said: &[(&Label, String)],
    visible: &Visible,
    start: usize,
) -> drawn::Diagnostic<()> {
    let (severity, word) = match diagnostic.severity {
        Severity::Error => (drawn::Severity::Error, "error[E0000]: "),
        Severity::Warning => (drawn::Severity::Warning, "warning[E0000]: "),
    };
    let labels = said.iter().map(|(label, message)| {
        let style = if label.primary {
            drawn::LabelStyle::Primary
        } else {
            drawn::LabelStyle::Secondary
        };
        drawn::Label::new(style, (), visible.place(from(start, label.span))).with_message(message)
    });
    let unsaid = said
        .iter()
        .filter(|(label, message)| message.is_empty() && !label.message.is_empty())
        .map(|(label, _)| visible::one_line(&label.message));
    // Notes are set in by the margin of the recipe's lines.
    let indent = 6;
    let notes = unsaid
        .chain(diagnostic.notes.iter().map(|note| visible::lines(note)))
        .map(|note| visible::wrapped(&note, indent, indent));
    drawn::Diagnostic::new(severity)
        .with_code(diagnostic.code.0)
        .with_message(visible::wrapped(
            &visible::one_line(&diagnostic.message),
            word.len(),
            0,
        ))
        .with_labels(labels.collect())
        .with_notes(notes.collect())
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
    /// The place of the first primary label.
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

/// The diagnostics as data: one JSON object in a line each, with the keys `code`, `severity`, `message`, `file`,
/// `line`, `column`, `end_line`, `end_column`, `labels` (`message`, `primary` and the four numbers), `notes` and
/// `help`.
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

    /// The whole lines from the first to the last that has a place.
    fn around(&self, labels: &[Label]) -> std::ops::Range<usize> {
        let first = labels.iter().map(|label| label.span.start).min();
        let last = labels
            .iter()
            .map(|label| label.span.end.max(label.span.start))
            .max();
        let (Some(first), Some(last)) = (first, last) else {
            return 0..0;
        };
        let behind = |byte: usize| self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(behind(first).saturating_sub(1)).copied();
        let end = self.starts.get(behind(last)).copied();
        let end = end.unwrap_or(self.text.len());
        start.unwrap_or_default().min(end)..end
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

#[cfg(test)]
mod tests {
    use super::{render_json, render_text};
    use crate::diagnostic::{Code, Diagnostic};
    use crate::source::{Source, Span};

    fn text(source: &str, diagnostic: Diagnostic) -> String {
        render_text(&Source::new("x.gobt", source), &[diagnostic], false)
    }

    fn error() -> Diagnostic {
        Diagnostic::error(Code::SYNTAX, "wrong")
    }

    #[test]
    fn draws_places_notes_and_help() {
        let drawn = text(
            "count main.f\nlatency main.g\n",
            error()
                .at(Span::new(21, 27), "here")
                .see(Span::new(0, 5), "because of this")
                .note("two\nlines")
                .help("do something"),
        );
        insta::assert_snapshot!(drawn, @r"
        error[E0101]: wrong
          ┌─ x.gobt:2:9
          │
        1 │ count main.f
          │ ----- because of this
        2 │ latency main.g
          │         ^^^^^^ here
          │
          = two
            lines
          = help: do something
        ");
    }

    /// A recipe of thousands of lines with as many warnings is drawn in the time of one that is read a few times.
    #[test]
    fn many_problems_of_a_long_recipe() {
        const LINES: usize = 20_000;
        let text: String = (0..LINES).map(|n| format!("count main.f{n:05}\n")).collect();
        let source = Source::new("x.gobt", text);
        let of = |n: usize| error().at(Span::new(n * 18 + 6, n * 18 + 17), "here");
        let all: Vec<Diagnostic> = (0..LINES).map(of).collect();
        let began = std::time::Instant::now();
        let drawn = render_text(&source, &all, false);
        // Looking at all lines for each takes minutes.
        assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
        let last = "error[E0101]: wrong\n      ┌─ x.gobt:20000:7\n      │\n20000 │ count main.f19999\n      │       \
                    ^^^^^^^^^^^ here\n\n";
        assert!(drawn.ends_with(last));
    }

    #[test]
    fn draws_problems_without_a_place() {
        let drawn = text("", error().note("a note"));
        insta::assert_snapshot!(drawn, @r"
        error[E0101]: wrong
         = a note
        ");
        insta::assert_snapshot!(text("", Diagnostic::warning(Code::SYNTAX, "odd")), @"warning[E0101]: odd");
    }

    #[test]
    fn colours_only_when_asked() {
        let source = Source::new("x.gobt", "count");
        assert!(render_text(&source, &[error()], true).contains("\u{1b}["));
        assert!(!render_text(&source, &[error()], false).contains('\u{1b}'));
    }

    #[test]
    fn shows_what_would_act_on_a_terminal() {
        let evil = "\u{1b}]0;evil\u{7}\u{9b}31m\u{202e}\r";
        let source = Source::new(format!("{evil}.gobt"), format!("count {evil} by x\n"));
        let diagnostic = Diagnostic::error(Code::SYNTAX, evil)
            .at(Span::new(6, 6 + evil.len()), evil)
            .note(format!("{evil}\n{evil}"));
        let drawn = render_text(&source, &[diagnostic], false);
        assert!(drawn.chars().all(|c| c == '\n' || !c.is_control()), "{drawn}");
        assert!(!drawn.contains('\u{202e}'));
        assert!(drawn.contains("\\u{1b}]0;evil\\u{7}\\u{9b}31m\\u{202e}"));
    }

    #[test]
    fn keeps_places_right_behind_replaced_characters() {
        let drawn = text("a\u{1b}\u{1b} bad\tword", error().at(Span::new(8, 12), "here"));
        insta::assert_snapshot!(drawn, @r"
        error[E0101]: wrong
          ┌─ x.gobt:1:9
          │
        1 │ a\u{1b}\u{1b} bad   word
          │                     ^^^^ here
        ");
    }

    #[test]
    fn cuts_long_lines_around_places() {
        let long = format!("{}MARK{}\nnext\n", "a".repeat(100_000), "b".repeat(100_000));
        let drawn = text(
            &long,
            error()
                .at(Span::new(100_000, 100_004), "here")
                .see(Span::new(200_005, 200_009), "next"),
        );
        assert!(drawn.len() < 2_000, "{}", drawn.len());
        assert!(drawn.contains("aMARKb"));
        let marked = drawn.lines().find(|line| line.contains("^^^^ here")).unwrap();
        let line = drawn.lines().find(|line| line.contains("MARK")).unwrap();
        let column = |text: &str, part: &str| text[..text.find(part).unwrap()].chars().count();
        assert_eq!(column(line, "MARK"), column(marked, "^^^^"));
    }

    /// The columns at which the marked text and its carets begin, and those at which they end.
    fn places(drawn: &str, marked: &str) -> ((usize, usize), (usize, usize)) {
        let lines: Vec<&str> = drawn.lines().collect();
        let row = lines.iter().position(|line| line.contains(marked)).unwrap();
        let (line, carets) = (lines[row], lines[row + 1]);
        let text = line.find(marked).unwrap();
        let (from, to) = (carets.find('^').unwrap(), carets.rfind('^').unwrap() + 1);
        let column = |text: &str| super::columns::width(text);
        (
            (column(&line[..text]), column(&line[..text + marked.len()])),
            (column(&carets[..from]), column(&carets[..to])),
        )
    }

    /// Whatever stands in a long line, its places have their carets right under them, and no line is wider than 120
    /// columns.
    #[test]
    fn long_lines_have_windows() {
        let fillers = [
            "a",
            "ab cd ",
            "\t",
            "表",
            "e\u{301}",
            "é",
            "x\u{200b}y",
            "\u{1f600}",
        ];
        for (before, after) in fillers.iter().flat_map(|one| fillers.map(|two| (*one, two))) {
            for (left, right) in [
                (0, 300),
                (30, 300),
                (59, 59),
                (100, 0),
                (300, 0),
                (300, 300),
                (3, 3),
                (40, 20),
            ] {
                for said in ["", "here", "a message of some length, which has to fit in too"] {
                    let (before, after) = (before.repeat(left), after.repeat(right));
                    let source = format!("count x\n{before}MARK{after}\nnext line\n");
                    let start = 8 + before.len();
                    let drawn = text(&source, error().at(Span::new(start, start + 4), said));
                    let (place, carets) = places(&drawn, "MARK");
                    assert_eq!(place, carets, "{drawn}");
                    let widest = drawn.lines().map(super::columns::width).max().unwrap();
                    assert!(widest <= 120, "{widest}:\n{drawn}");
                }
            }
        }
    }

    #[test]
    fn long_lines_with_several_places_have_several_windows() {
        let filler = "one two ".repeat(40);
        let source = format!("{filler}FIRST {filler}{}SECOND {filler}", "LONG".repeat(60));
        let at = |what: &str| source.find(what).unwrap();
        let problem = error()
            .at(Span::new(at("FIRST"), at("FIRST") + 5), "the first")
            .see(Span::new(at("SECOND"), at("SECOND") + 6), "the second")
            .see(Span::new(at("LONG"), at("SECOND")), "a wide one");
        let drawn = text(&source, problem);
        assert!(
            drawn.contains("FIRST") && drawn.contains("SECOND") && drawn.contains("LONG"),
            "{drawn}"
        );
        assert!(
            drawn.lines().all(|line| super::columns::width(line) <= 120),
            "{drawn}"
        );
        assert_eq!(places(&drawn, "FIRST").0, places(&drawn, "FIRST").1, "{drawn}");
    }

    #[test]
    fn messages_are_wrapped() {
        let long = "a sentence that goes on ".repeat(12);
        let quoted = format!("write `{}`, {long}", "not to be broken".repeat(4));
        let drawn = text(
            "count x\n",
            Diagnostic::error(Code::SYNTAX, long.trim())
                .at(Span::new(0, 5), long.clone())
                .note(long.clone())
                .help(quoted.clone())
                .help("write it so:\n    count main.f  by x"),
        );
        assert!(
            drawn.lines().all(|line| super::columns::width(line) <= 120),
            "{drawn}"
        );
        assert!(
            drawn.contains(&format!("`{}`", "not to be broken".repeat(4))),
            "{drawn}"
        );
        assert!(drawn.contains("count main.f  by x"), "{drawn}");
    }

    #[test]
    fn bears_wrong_places() {
        for span in [
            Span::new(0, 0),
            Span::new(5, 5),
            Span::new(6, 2),
            Span::new(900, 1_000),
            Span::new(1, 2),
            Span::new(3, 900),
        ] {
            for source in ["", "é é\r\n", "count", "\n\n"] {
                let drawn = text(source, error().at(span, "here"));
                assert!(drawn.contains("here"), "{drawn}");
                let _ = render_json(&Source::new("x", source), &[error().at(span, "here")]);
            }
        }
    }

    #[test]
    fn gives_data() {
        let source = Source::new("x.gobt", "// é\ncount 'é' x\n");
        let problem = error()
            .at(Span::new(12, 16), "here")
            .see(Span::new(0, 5), "")
            .note("known")
            .help("do");
        let json = render_json(&source, &[problem, error()]);
        insta::assert_snapshot!(json, @r#"
        {"code":"E0101","severity":"error","message":"wrong","file":"x.gobt","line":2,"column":7,"end_line":2,"end_column":10,"labels":[{"message":"here","primary":true,"line":2,"column":7,"end_line":2,"end_column":10},{"message":"","primary":false,"line":1,"column":1,"end_line":1,"end_column":5}],"notes":["known"],"help":["do"]}
        {"code":"E0101","severity":"error","message":"wrong","file":"x.gobt","line":null,"column":null,"end_line":null,"end_column":null,"labels":[],"notes":[],"help":[]}
        "#);
    }
}
