//! `gobt completions`: a script that teaches a shell gobt's options.

use super::report::DONE;
use super::{Cli, CompletionsArgs, output, report};
use clap::CommandFactory as _;

/// Prints the script.
pub(super) fn run(args: &CompletionsArgs) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gobt", &mut script);
    match output::to_stdout(&String::from_utf8_lossy(&script)) {
        Ok(()) => DONE,
        Err(error) => report::failure("cannot write to standard output", &error),
    }
}
