//! `--save FILE`: the answer in files, each in the form that its name tells.

use super::input;
use super::output::Whole;
use super::overwrite::Inputs;
use crate::diagnostic::{Code, Diagnostic};
use crate::run::report::about::About;
use crate::run::report::chrome::Chrome;
use crate::run::report::csv::Csv;
use crate::run::report::json::Lines;
use crate::run::report::rec::Recorder;
use crate::run::report::stacks::{Form, Stacks};
use crate::run::report::text::{self, Text};
use crate::run::report::{Report, Room};
use std::path::{Path, PathBuf};

/// A form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Json,
    Csv,
    Recording,
    Chrome,
    /// Of stacks only.
    Stacks(Form),
}

/// The endings of names, each with its form.
const ENDINGS: [(&str, Kind); 8] = [
    ("txt", Kind::Text),
    ("json", Kind::Json),
    ("csv", Kind::Csv),
    ("rec", Kind::Recording),
    ("chrome.json", Kind::Chrome),
    ("folded", Kind::Stacks(Form::Folded)),
    ("svg", Kind::Stacks(Form::FlameGraph)),
    ("pb.gz", Kind::Stacks(Form::Profile)),
];

/// Makes sure that each name tells a form.
///
/// # Errors
/// For the first that does not.
pub(super) fn check(paths: &[PathBuf]) -> Result<(), Diagnostic> {
    paths.iter().try_for_each(|path| kind(path).map(|_| ()))
}

/// Files that are written: each has another name until it is whole.
pub(super) struct Saved {
    files: Vec<(PathBuf, Kind, Whole)>,
}

impl Saved {
    /// Begins the files, before anything is traced.
    ///
    /// # Errors
    /// A name that tells no form, a file that is an input or a program, one that cannot be written.
    pub(super) fn begin(paths: &[PathBuf], inputs: &Inputs) -> Result<Self, Diagnostic> {
        let mut files: Vec<(PathBuf, Kind, Whole)> = Vec::new();
        for path in paths {
            let kind = kind(path)?;
            inputs.spare_saved(path)?;
            if files.iter().any(|(other, ..)| other == path) {
                let message = format!("`{}` is to be saved twice", input::name(path));
                return Err(Diagnostic::error(Code::CANNOT_SAVE, message));
            }
            let whole = Whole::begin(path).map_err(|error| unwritable(path, &error))?;
            files.push((path.clone(), kind, whole));
        }
        Ok(Self { files })
    }

    /// Makes sure that there is something to write.
    ///
    /// # Errors
    /// For a file of stacks, if the recipe asks for none.
    pub(super) fn check_content(&self, about: &About) -> Result<(), Diagnostic> {
        let of_stacks = |(_, kind, _): &&(PathBuf, Kind, Whole)| matches!(kind, Kind::Stacks(_));
        match self.files.iter().find(of_stacks) {
            Some((path, ..)) if !about.has_stacks => Err(Diagnostic::error(
                Code::CANNOT_SAVE,
                format!("`{}` is made of stacks, and there are none", input::name(path)),
            )
            .help("ask for them: count main.handle by stack")),
            _ => Ok(()),
        }
    }

    /// What writes them.
    pub(super) fn reports<'r>(&'r mut self, about: &'r About) -> Vec<Box<dyn Report + 'r>> {
        let reports = self
            .files
            .iter_mut()
            .map(|(_, kind, file)| -> Box<dyn Report + 'r> {
                match kind {
                    Kind::Text => {
                        let form = text::Form {
                            colored: false,
                            room: Room::all(),
                            clock: about.clock,
                        };
                        Box::new(Text::new(file, form))
                    }
                    Kind::Json => Box::new(Lines::new(file, about)),
                    Kind::Csv => Box::new(Csv::new(file, about)),
                    Kind::Chrome => Box::new(Chrome::new(file, about)),
                    Kind::Recording => Box::new(Recorder::new(file, about)),
                    Kind::Stacks(form) => Box::new(Stacks::new(file, *form, about)),
                }
            });
        reports.collect()
    }

    /// Gives the files their names.
    ///
    /// # Errors
    /// What could not be written.
    pub(super) fn finish(self) -> Result<(), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        for (path, _, file) in self.files {
            if let Err(error) = file.finish() {
                problems.push(unwritable(&path, &error));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }
}

fn kind(path: &Path) -> Result<Kind, Diagnostic> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    // Of two endings that fit, the longer one is meant.
    let fits = |ending: &str| {
        name.strip_suffix(ending)
            .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
    };
    let fitting = ENDINGS.iter().filter(|(ending, _)| fits(ending));
    let found = fitting.max_by_key(|(ending, _)| ending.len());
    found.map(|(_, kind)| *kind).ok_or_else(|| {
        let endings: Vec<String> = ENDINGS.iter().map(|(ending, _)| format!(".{ending}")).collect();
        Diagnostic::error(
            Code::CANNOT_SAVE,
            format!("the name `{}` does not tell a form", input::name(path)),
        )
        .help(format!("names of files for --save end in {}", endings.join(", ")))
    })
}

fn unwritable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error(
        Code::CANNOT_SAVE,
        format!(
            "`{}` cannot be written: {}",
            input::name(path),
            input::reason(error)
        ),
    )
}
