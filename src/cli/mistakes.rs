//! Help for people who call gobt as they call other tools.

use crate::syntax;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What other tools, or other commands of gobt, call an argument; in which command, if not in all; and what to write.
const ARGUMENTS: &[(&[&str], &str, &str)] = &[
    (
        &["--json", "-j"],
        "",
        "data for programs is written by `--format json`",
    ),
    (
        &["--output", "-o", "--out"],
        "run",
        "the answer is also written to a file by `--save FILE`",
    ),
    (
        &["--duration", "--timeout", "--time", "--seconds", "-t", "-d"],
        "run",
        "a run ends by itself with `--for 30s`",
    ),
    (
        &["-c", "--cmd", "--command"],
        "run",
        "a command to trace follows `--`, with its arguments",
    ),
    (
        &["--expr", "--recipe", "--eval", "-E"],
        "",
        "a recipe on the command line follows `-e`",
    ),
    (
        &["--binary", "--exe", "--program", "-b", "--path"],
        "",
        "the program is given by `--bin PATH`",
    ),
    (
        &["--bin"],
        "funcs",
        "the program has no word before it: gobt funcs BIN PATTERN",
    ),
    (
        &["--bin"],
        "inspect",
        "the program has no word before it: gobt inspect BIN FUNCTION",
    ),
    (
        &["--bin"],
        "doctor",
        "the program has no word before it: gobt doctor BIN",
    ),
    (
        &["--pid", "-p"],
        "doctor",
        "the process has no word before it: gobt doctor PID",
    ),
];

/// The error with a tip of gobt's own. clap's tip for an argument that it does not know is to put it behind `--`, where
/// it would be taken for a command.
pub(super) fn explained(mut error: clap::Error, command: Option<&str>) -> clap::Error {
    let tip = match error.kind() {
        ErrorKind::UnknownArgument => {
            error.remove(ContextKind::Suggested);
            written(&error, ContextKind::InvalidArg).and_then(|word| of_argument(&word, command))
        }
        ErrorKind::InvalidSubcommand => {
            let word = written(&error, ContextKind::InvalidSubcommand).unwrap_or_default();
            syntax::is_begun_by(&word)
                .then(|| format!("recipes are run so: gobt run -e '{word} main.*' --pid PID"))
        }
        _ => None,
    };
    if let Some(tip) = tip {
        let tips = vec![StyledStr::from(tip)];
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

fn written(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(word) => Some(word.clone()),
        _ => None,
    }
}

fn of_argument(word: &str, command: Option<&str>) -> Option<String> {
    let word = word.split(['=', ' ']).next().unwrap_or_default();
    let (.., tip) = ARGUMENTS
        .iter()
        .find(|(words, of, _)| words.contains(&word) && (of.is_empty() || Some(*of) == command))?;
    Some((*tip).to_owned())
}
