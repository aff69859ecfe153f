//! Estimates from the plan how much of a probe's stack its lines will need, before they are written; this decides which
//! forms their parts take.

use crate::bt::dialect::Dialect;
use crate::plan::format::Format;
use crate::plan::{Part, Step, Value};

/// The demand of all lines of a probe.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    /// It shows so many values that durations are written in nanoseconds.
    pub(super) crowded: bool,
    /// It shows nothing but numbers.
    pub(super) only_numbers: bool,
}

impl Style {
    /// That of a probe that does `steps`.
    pub(super) fn of(steps: &[Step]) -> Self {
        Self {
            crowded: forms_in(steps) > MOST_FORMS,
            only_numbers: shows_only_numbers(steps),
        }
    }
}

/// The demand of one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demand {
    /// Spans of time take one form: other parts of the line take several.
    pub(super) plain_spans: bool,
    /// What it needs is gathered in few variables.
    pub(super) gathers: bool,
    /// One sentence behind it stands for the marks of its texts.
    pub(super) shares_mark: bool,
}

impl Demand {
    /// That of a line of these parts.
    pub(super) fn of(parts: &[Part], dialect: Dialect) -> Self {
        let forms = many_forms(parts);
        let most = if forms > 0 {
            MOST_TEXTS_IN_FORMS
        } else {
            MOST_TEXTS
        };
        Self {
            plain_spans: forms > 1,
            gathers: dialect.keeps_long_variables() && waiting(parts, false) > MOST_WAITING,
            shares_mark: texts(parts) > most,
        }
    }
}

/// True if numbers are computed for this part, and wait for the end of the line.
pub(super) fn has_to_wait(part: &Part) -> bool {
    waiting(std::slice::from_ref(part), false) > 0
}

/// Values of several forms in one probe, beyond which spans of time are shown in the plainest one: what the forms are
/// computed with takes room on the stack.
const MOST_FORMS: usize = 3;

/// How many values in the lines of some steps take more than one form.
fn forms_in(steps: &[Step]) -> usize {
    let each = steps.iter().map(|step| match step {
        Step::Print(line, _) => many_forms(&line.parts),
        Step::If(_, a, b) => forms_in(a) + forms_in(b),
        _ => 0,
    });
    each.sum()
}

/// True if steps show numbers only.
fn shows_only_numbers(steps: &[Step]) -> bool {
    fn are_numbers(parts: &[Part]) -> bool {
        parts.iter().all(|part| match part {
            Part::Text(_) | Part::Clock => true,
            Part::Shown(value, format) => matches!(value, Value::Number(_)) && *format != Format::Error,
            Part::Pointee(_, inner) => are_numbers(inner),
            Part::Unless(_, a, b) => are_numbers(a) && are_numbers(b),
            Part::Elements { each, .. } => each.iter().all(|e| are_numbers(e)),
            Part::Each(_) | Part::Composed(..) => false,
        })
    }
    steps.iter().all(|step| match step {
        Step::Print(line, _) => are_numbers(&line.parts),
        Step::Tell(told) => are_numbers(&told.line.parts),
        Step::If(condition, a, b) => {
            matches!(condition, Value::Number(_)) && shows_only_numbers(a) && shows_only_numbers(b)
        }
        Step::Keep(_, value) => matches!(value, Value::Number(_)),
        Step::Aggregate { keys, .. } => keys.iter().all(|key| matches!(key, Value::Number(_))),
        Step::AddTo(_, value) => value
            .as_ref()
            .is_none_or(|value| matches!(value, Value::Number(_))),
        Step::Raw(_) => false,
        Step::Enter
        | Step::Skip
        | Step::Remark(_)
        | Step::TimeOfDay
        | Step::Show(_)
        | Step::Clear(_)
        | Step::Stop => true,
    })
}

/// How many parts of a line take more than one form.
fn many_forms(parts: &[Part]) -> usize {
    let forms = |part: &Part| match part {
        Part::Text(_) | Part::Clock => 0,
        Part::Shown(Value::Number(n), Format::Duration) => usize::from(n.expr != crate::plan::Expr::Elapsed),
        Part::Shown(_, Format::Error | Format::Ip | Format::Char) => 1,
        Part::Shown(..) => 0,
        Part::Pointee(_, inner) => 1 + many_forms(inner),
        Part::Unless(_, a, b) => 1 + many_forms(a) + many_forms(b),
        Part::Elements { each, .. } => 1 + each.iter().map(|e| many_forms(e)).sum::<usize>(),
        // Of records alone.
        Part::Each(_) | Part::Composed(..) => 0,
    };
    parts.iter().map(forms).sum()
}

/// Texts in one line, beyond which they have one mark for all that were not read whole: each form of the line has to
/// show each mark.
const MOST_TEXTS: usize = 8;
const MOST_TEXTS_IN_FORMS: usize = 5;

/// How many parts of a line may need a mark.
fn texts(parts: &[Part]) -> usize {
    let marks = |part: &Part| match part {
        Part::Text(_) | Part::Clock => 0,
        Part::Shown(Value::Text { .. } | Value::Slice { .. } | Value::Bytes { .. }, format) => {
            usize::from(!matches!(format, Format::Pointer))
        }
        Part::Shown(..) => 0,
        Part::Pointee(_, inner) => texts(inner),
        Part::Unless(_, a, b) => texts(a) + texts(b),
        Part::Elements { each, .. } => each.iter().map(|e| texts(e)).sum(),
        // Of records alone.
        Part::Each(_) | Part::Composed(..) => 0,
    };
    parts.iter().map(marks).sum()
}

/// Numbers that wait for the end of a line, beyond which they are gathered: a line with one error and one `any` made
/// 0.23's kernel side look at 265,000 instructions, one with three of each at more than the million that there may be;
/// four structs with two times in each were too many for the stack of a probe with 0.23 and 0.27.
const MOST_WAITING: usize = 12;

/// How many numbers are computed, and wait for the end of the line, for its parts.
fn waiting(parts: &[Part], in_list: bool) -> usize {
    let numbers = |part: &Part| match part {
        Part::Text(_) | Part::Clock => 0,
        // With what may be inside of it.
        Part::Shown(_, Format::Error) => 9,
        Part::Shown(_, Format::Time) => 5,
        Part::Shown(_, Format::Type) => 3,
        Part::Shown(Value::Text { .. } | Value::Slice { .. } | Value::Bytes { .. }, format) => {
            if matches!(format, Format::Pointer) { 0 } else { 2 }
        }
        Part::Shown(..) => usize::from(in_list),
        Part::Pointee(_, inner) => 2 + waiting(inner, in_list),
        Part::Unless(_, a, b) => waiting(a, in_list) + waiting(b, in_list),
        Part::Elements { each, .. } => each.iter().map(|e| waiting(e, true)).sum(),
        // Of records alone.
        Part::Each(_) | Part::Composed(..) => 0,
    };
    parts.iter().map(numbers).sum()
}
