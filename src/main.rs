//! The `gobt` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    gobt::cli::main()
}
