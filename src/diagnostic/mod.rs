//! Problems, and what to do about them, as data. The stage that finds a problem words it; only `render` draws it.
//!
//! A stage pushes [`Diagnostic`]s into [`Problems`] and goes on; the next stage runs only if there was no error.

pub mod code;
pub mod near;
pub mod render;

use crate::source::Span;
pub use code::Code;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The recipe compiles; the user should know.
    Warning,
    /// No output is made.
    Error,
}

/// A place in the recipe and the text at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What; may be empty for the primary label.
    pub message: String,
    /// The place itself, or one that explains it.
    pub primary: bool,
}

/// One problem, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which problem.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence, lower case, no full stop.
    pub message: String,
    /// Places in the recipe; none for problems of files and the command line.
    pub labels: Vec<Label>,
    /// Notes and helps (`help: …` is drawn as help); each may have several lines.
    pub notes: Vec<String>,
    /// The functions of the program that have this problem, if one place of the recipe stands for several.
    pub functions: Vec<String>,
}

impl Diagnostic {
    /// An error `code` that says `message`.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            functions: Vec::new(),
        }
    }

    /// A warning `code` that says `message`.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message)
        }
    }

    /// Marks the place the problem is at.
    #[must_use]
    pub fn at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
            primary: true,
        });
        self
    }

    /// Marks a place that explains the problem.
    #[must_use]
    pub fn see(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            message: message.into(),
            primary: false,
        });
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The texts of its helps.
    pub fn helps(&self) -> impl Iterator<Item = &str> {
        self.notes.iter().filter_map(|note| note.strip_prefix("help: "))
    }

    /// Replaces all helps by this one.
    #[must_use]
    pub fn only_help(mut self, help: impl AsRef<str>) -> Self {
        self.notes.retain(|note| !note.starts_with("help: "));
        self.help(help)
    }

    /// Adds a help.
    #[must_use]
    pub fn help(self, help: impl AsRef<str>) -> Self {
        self.note(format!("help: {}", help.as_ref()))
    }
}

/// Functions that a problem names.
const MOST_FUNCTIONS: usize = 4;

impl Diagnostic {
    /// Adds how many functions have this problem, if it is more than the one in its message.
    fn tell_functions(&mut self) {
        let functions = std::mem::take(&mut self.functions);
        let others = functions.get(1..).unwrap_or_default();
        if others.is_empty() {
            return;
        }
        let shown: Vec<String> = others
            .iter()
            .take(MOST_FUNCTIONS)
            .map(|name| format!("`{name}`"))
            .collect();
        let more = match others.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let what = match others.len() {
            1 => "another function that is".to_owned(),
            others => format!("{others} other functions that are"),
        };
        let place = self.notes.iter().position(|note| note.starts_with("help: "));
        self.notes.insert(
            place.unwrap_or(self.notes.len()),
            format!("the same holds for {what} named here: {}{more}", shown.join(", ")),
        );
    }
}

/// The problems found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Diagnostic>,
}

impl Problems {
    /// Adds a problem, unless the same one is there already. A problem of several functions at one place of the recipe
    /// is reported once, with the message for the first of them.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let same = |other: &Diagnostic| {
            other.code == diagnostic.code
                && other.severity == diagnostic.severity
                && !other.functions.is_empty()
                && other
                    .labels
                    .iter()
                    .map(|label| label.span)
                    .eq(diagnostic.labels.iter().map(|label| label.span))
        };
        if !diagnostic.functions.is_empty()
            && !diagnostic.labels.is_empty()
            && let Some(first) = self.list.iter_mut().find(|other| same(other))
        {
            let known = &mut first.functions;
            known.extend(
                diagnostic
                    .functions
                    .into_iter()
                    .filter(|name| !known.contains(name))
                    .collect::<Vec<_>>(),
            );
            return;
        }
        if !self.list.contains(&diagnostic) {
            self.list.push(diagnostic);
        }
    }

    /// Adds others.
    pub fn extend(&mut self, others: Problems) {
        for diagnostic in others.list {
            self.push(diagnostic);
        }
    }

    /// Adds problems of one function of the program.
    pub fn about(&mut self, function: &str, found: Problems) {
        for mut diagnostic in found.list {
            if diagnostic.functions.is_empty() {
                diagnostic.functions.push(function.to_owned());
            }
            self.push(diagnostic);
        }
    }

    /// True if there is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.severity == Severity::Error)
    }

    /// All of them, by place in the recipe (those without one first), errors and warnings together.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list
            .sort_by_key(|d| d.labels.iter().find(|l| l.primary).map(|l| l.span));
        for diagnostic in &mut self.list {
            diagnostic.tell_functions();
        }
        self.list
    }
}

impl From<Diagnostic> for Problems {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            list: vec![diagnostic],
        }
    }
}
