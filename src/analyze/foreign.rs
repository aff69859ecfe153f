//! Help for words of other tools that the grammar can read: the translated line, which is compiled before it is shown.

use super::{Options, script};
use crate::diagnostic::{Code, Diagnostic, Problems, Severity};
use crate::source::Source;
use crate::syntax;
use crate::target::Program;
use crate::words::{self, Translation};
use std::ops::Range;

/// The most problems that are tried; each costs an analysis of the recipe for every possible translation.
const MOST: usize = 8;

/// Codes of problems that a translation may solve.
const ASKED: &[Code] = &[
    Code::UNKNOWN_NAME,
    Code::UNKNOWN_WORD,
    Code::NO_SUCH_FUNCTION,
    Code::NO_ARGUMENT,
    Code::NO_RESULT,
    Code::NO_FIELD,
    Code::MISMATCHED_TYPES,
    Code::NOT_A_NUMBER,
    Code::NOT_A_CONDITION,
    Code::ONLY_AT_RETURN,
    Code::BAD_CLAUSE,
    Code::BAD_RANGE,
    Code::BAD_CALL,
    Code::BAD_LABEL,
    Code::NOT_INDEXABLE,
    Code::NOT_COMPUTABLE,
    Code::LATER,
    Code::BAD_PERIOD,
];

/// Adds translated lines to problems, if the table has their words and the compiler accepts the translation.
pub(super) fn help(problems: &mut [Diagnostic], source: &Source, program: &dyn Program, options: &Options) {
    let asked =
        |problem: &&mut Diagnostic| problem.severity == Severity::Error && ASKED.contains(&problem.code);
    for problem in problems.iter_mut().filter(asked).take(MOST) {
        let Some(label) = problem.labels.iter().find(|label| label.primary) else {
            continue;
        };
        if let Some(found) = meant(source, label.span.start, program, options) {
            *problem = problem.clone().only_help(found.help());
        }
    }
}

fn meant(source: &Source, at: usize, program: &dyn Program, options: &Options) -> Option<Translation> {
    words::pieces(&source.text, at).into_iter().find_map(|piece| {
        words::candidates(&source.text, &piece).into_iter().find(|one| {
            words::begins_well(&one.text) && compiles(source, &piece, &one.text, program, options)
        })
    })
}

/// True if the recipe has no problem in `piece` after `better` replaced it.
fn compiles(
    source: &Source,
    piece: &Range<usize>,
    better: &str,
    program: &dyn Program,
    options: &Options,
) -> bool {
    let (Some(before), Some(after)) = (source.text.get(..piece.start), source.text.get(piece.end..)) else {
        return false;
    };
    let end = piece.start + better.len();
    let changed = Source::new(source.name.clone(), format!("{before}{better}{after}"));
    let (recipe, mistakes) = syntax::parse(&changed);
    if mistakes.has_errors() {
        return false;
    }
    let mut problems = Problems::default();
    script::plan(&recipe, &changed, program, options, &mut problems);
    !problems.sorted().iter().any(|problem| {
        let here = |label: &crate::diagnostic::Label| label.span.end > piece.start && label.span.start < end;
        problem.severity == Severity::Error && (problem.labels.is_empty() || problem.labels.iter().any(here))
    })
}
