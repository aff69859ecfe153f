//! `every` blocks and `stop after`: what is done when some time has passed.

use super::builder::Builder;
use super::labels::is_own_name;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::plan::{Event, Probe, Step};
use crate::syntax::ast::{EveryAction, Name};
use crate::target::Guard;

/// What is done every so many nanoseconds.
pub(super) fn timed(period: u64, steps: Vec<Step>) -> Probe {
    Probe {
        event: Event::Timer(period),
        sites: Vec::new(),
        guard: Guard::None,
        checked: false,
        steps,
    }
}

/// The steps of an `every` block.
pub(super) fn timer_steps(actions: &[EveryAction], labels: &[&Name], b: &mut Builder<'_>) -> Vec<Step> {
    let mut out = vec![Step::TimeOfDay];
    for action in actions {
        let mut maps = Vec::new();
        if action.results.is_empty() {
            maps.extend(b.results.iter().map(|r| r.name.clone()));
        }
        for name in &action.results {
            if b.results.iter().any(|r| r.name == name.node) {
                maps.push(name.node.clone());
            } else if b.problems.has_errors()
                && (labels.iter().any(|label| label.node == name.node) || is_own_name(&name.node))
            {
                // What it would have been the result of is wrong, which was said there.
            } else {
                let mut problem = Diagnostic::error(
                    Code::NO_RESULT_CALLED,
                    format!("there is no result `{}`", name.node),
                )
                .at(name.span, "not known");
                problem = match near::words(&name.node, b.results.iter().map(|r| r.name.as_str())) {
                    Some(word) => problem.help(format!("did you mean `{word}`?")),
                    None if b.results.is_empty() => {
                        problem.help("the recipe has no results; `print` in an `on` block makes none")
                    }
                    None => problem.help(format!(
                        "the results are {}",
                        super::events::names_list(
                            &b.results
                                .iter()
                                .map(|r| format!("`{}`", r.name))
                                .collect::<Vec<_>>()
                        )
                    )),
                };
                b.problems.push(problem);
            }
        }
        match action.verb.node.as_str() {
            "print" => out.extend(maps.into_iter().map(Step::Show)),
            "clear" => out.extend(maps.into_iter().map(Step::Clear)),
            other => b.problems.push(
                Diagnostic::error(Code::UNKNOWN_WORD, format!("`every` cannot `{other}`"))
                    .at(action.verb.span, "not known")
                    .help("it can `print` and `clear`"),
            ),
        }
    }
    out
}
