//! `gobt explain`: what an error code means.

use super::report::{DONE, ENVIRONMENT};
use super::{ExplainArgs, output, report};
use crate::diagnostic::code::{EXPLANATIONS, Explanation, explain};

/// Columns of a page.
const WIDTH: usize = 80;

/// Prints one explanation, or the list of codes.
pub(super) fn run(args: &ExplainArgs) -> u8 {
    let text = match &args.code {
        None => list(),
        Some(code) => match explain(code) {
            Some(explanation) => page(explanation),
            None => {
                output::to_stderr(&format!(
                    "error: there is no code {code:?}\n\nCodes look like E0101; `gobt explain` lists them.\n"
                ));
                return ENVIRONMENT;
            }
        },
    };
    match output::to_stdout(&text) {
        Ok(()) => DONE,
        Err(error) => report::failure("cannot write to standard output", &error),
    }
}

fn list() -> String {
    let lines = EXPLANATIONS.iter().map(|e| format!("{}  {}\n", e.code, e.title));
    lines.collect()
}

fn page(explanation: &Explanation) -> String {
    let mut page = format!("{}: {}\n\n", explanation.code, explanation.title);
    for paragraph in explanation.text.split("\n\n") {
        wrap(&mut page, paragraph);
        page.push('\n');
    }
    if !explanation.example.is_empty() {
        page.push_str("For example:\n\n");
        for line in explanation.example.lines() {
            page.push_str(format!("    {line}").trim_end());
            page.push('\n');
        }
    }
    let trimmed = page.trim_end().len();
    page.truncate(trimmed);
    page.push('\n');
    page
}

/// Appends the words of `text` in lines of at most [`WIDTH`] columns.
fn wrap(out: &mut String, text: &str) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}
