//! `gobt fmt`: recipes in canonical form.

use super::overwrite::Inputs;
use super::report::{DONE, RECIPE};
use super::{FmtArgs, Format, input, output, report};
use crate::syntax;
use crate::visible::visible;
use std::path::Path;

/// Formats each recipe; one that cannot be read does not stop the others from being formatted.
pub(super) fn run(args: &FmtArgs) -> u8 {
    args.recipes
        .iter()
        .map(|path| one(path, args.check))
        .max()
        .unwrap_or(DONE)
}

fn one(path: &Path, check: bool) -> u8 {
    let source = match input::recipe(path) {
        Ok(source) => source,
        Err(unread) => {
            let problems = [unread.problem];
            report::to_stderr(&unread.source, &problems, Format::Text);
            return report::exit_code(&problems);
        }
    };
    let formatted = match syntax::format(&source) {
        Ok(formatted) => formatted,
        Err(problems) => {
            let problems = problems.sorted();
            report::to_stderr(&source, &problems, Format::Text);
            return report::exit_code(&problems);
        }
    };
    let same = formatted == source.text;
    let (result, what) = if check {
        if same {
            return DONE;
        }
        (
            output::to_stdout(&format!("{}\n", visible(&source.name))),
            "cannot write to standard output".to_owned(),
        )
    } else if path.as_os_str() == "-" {
        let mut inputs = Inputs::default();
        inputs.add(path, "the recipe");
        if let Err(problem) = inputs.spare(None) {
            return report::all(&[problem], Format::Text);
        }
        (
            output::to_stdout(&formatted),
            "cannot write to standard output".to_owned(),
        )
    } else if same {
        return DONE;
    } else {
        (
            output::write_file(path, &formatted),
            format!("cannot write `{}`", source.name),
        )
    };
    match result {
        Ok(()) if check => RECIPE,
        Ok(()) => DONE,
        Err(error) => report::failure(&what, &error),
    }
}
