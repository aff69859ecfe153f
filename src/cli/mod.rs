//! The command line: one file per subcommand. The only place besides `target::load` that touches files, terminal and
//! processes.
//!
//! Exit codes of all subcommands: 0 success; 1 the recipe (or its formatting) is at fault; 2 the environment or the
//! command line is at fault.

mod buffer;
mod cache;
mod check;
mod compile;
mod completions;
mod doctor;
mod entry_word;
mod explain;
mod fmt;
mod funcs;
pub mod input;
mod inspect;
mod installed;
mod library;
mod man;
mod mistakes;
pub mod output;
mod overwrite;
mod own_directory;
mod programs;
mod refused;
pub mod report;
mod run;
mod save;
mod show;
mod sidecar;
mod signals;
mod started;
mod trial;
mod turn;
mod uncounted;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// What `--help` and the manual say about exit codes.
const EXIT_CODES: &str = "Exit codes: 0 success; 1 the recipe is at fault; 2 the environment or the \
    command line is at fault. `gobt explain CODE` says more about an error.";

/// Trace Go programs with bpftrace: compile recipes to scripts.
#[derive(Debug, Parser)]
#[command(name = "gobt", version, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Trace a running program, or a command, and show the answer
    Run(RunArgs),
    /// Show a run that was saved, once more: without root, on any machine
    Show(ShowArgs),
    /// Compile a recipe to bpftrace source
    Compile(CompileArgs),
    /// Check that recipes still resolve against a binary, and that scripts fit the build at their program's path
    Check(CheckArgs),
    /// Format recipes
    Fmt(FmtArgs),
    /// List the functions of a Go program
    Funcs(FuncsArgs),
    /// Show where a function's arguments, results and probe sites are
    Inspect(InspectArgs),
    /// Check whether this machine, this user and a program are fit for a trace
    Doctor(DoctorArgs),
    /// Explain an error code
    Explain(ExplainArgs),
    /// Write a completion script for a shell
    Completions(CompletionsArgs),
    /// Write the manual pages into a directory
    Man(ManArgs),
    /// Become a command when told to
    #[command(hide = true)]
    WaitAndRun(WaitArgs),
}

impl Command {
    /// How it writes problems.
    fn format(&self) -> Format {
        match self {
            Self::Run(args) => args.format,
            Self::Show(args) => args.format,
            Self::Compile(args) => args.format,
            Self::Check(args) => args.format,
            Self::Funcs(args) => args.format,
            Self::Inspect(args) => args.format,
            Self::Doctor(args) => args.format,
            Self::Fmt(_) | Self::Explain(_) | Self::Completions(_) | Self::Man(_) | Self::WaitAndRun(_) => {
                Format::Text
            }
        }
    }
}

/// Which program a recipe is compiled against.
#[derive(Debug, Args)]
pub struct ProgramArgs {
    /// The Go executable; overrides `target` in the recipe. With --pid, a library in Go that the process has loaded
    #[arg(long, value_name = "BIN")]
    pub bin: Option<PathBuf>,
    /// A running process: its own executable, as seen through /proc/PID/root
    #[arg(short, long, value_name = "PID", value_parser = process)]
    pub pid: Option<u32>,
    /// The file with the program's debug information, if gobt does not find it
    #[arg(long, value_name = "FILE")]
    pub debug_file: Option<PathBuf>,
    /// Set a param of the recipe
    #[arg(short = 'D', value_name = "NAME=VALUE")]
    pub define: Vec<String>,
    /// The release of bpftrace that the script is for, or `0.23..0.27` for a script for all of these (0.24 to 0.26
    /// refuse it if it reads text). Without it, `compile` takes the release of the installed bpftrace, or
    /// `0.23..0.27` if none is installed
    #[arg(long, value_name = "VERSION")]
    pub bpftrace: Option<String>,
}

/// A process by its number.
fn process(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| {
        if text.chars().all(|c| c.is_ascii_digit()) {
            "no process id is that large".to_owned()
        } else {
            format!(
                "a process is given by its id; `pgrep -a {}` lists the processes of that name",
                crate::bt::text::shell(text)
            )
        }
    })
}

/// The stage at which `compile` stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Emit {
    /// The recipe as parsed
    Ast,
    /// What was found in the program, and what the script does at each site
    Plan,
    /// The bpftrace program as data
    Program,
    /// The script that `gobt run` gives to bpftrace: it writes records for gobt, not lines for people
    Records,
    /// bpftrace source
    Bpftrace,
}

/// How problems and lists are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
}

/// Arguments of `gobt run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The recipes; `-` for standard input
    #[arg(required_unless_present = "expressions")]
    pub recipes: Vec<PathBuf>,
    /// A line of a recipe, in place of a file or besides; repeatable
    #[arg(short = 'e', value_name = "RECIPE")]
    pub expressions: Vec<String>,
    /// Which program.
    #[command(flatten)]
    pub program: ProgramArgs,
    /// End after this time: `30s`, `5m`
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    pub time: Option<Duration>,
    /// How the answer is written; `json` is one object per line
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// When there are colours
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub color: report::Color,
    /// Also write the answer to this file when the run ends, in the form that its name tells: .txt, .json, .csv,
    /// .rec for `gobt show`, or of stacks .folded, .svg, .pb.gz; repeatable
    #[arg(long, value_name = "FILE")]
    pub save: Vec<PathBuf>,
    /// Cut text after so many bytes, at least 64
    // What bpftrace 0.27 brings along has a text of 47 bytes itself.
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u64).range(64..))]
    pub max_text: Option<u64>,
    /// Take the probes away when they are hit more often a second; 0 for never [default: 200000]
    #[arg(long, value_name = "HITS", value_parser = rate)]
    pub max_rate: Option<u64>,
    /// First count the calls of the functions for a second: say what tracing them will cost, and leave out those of
    /// patterns that would be hit too often
    #[arg(long, conflicts_with = "command")]
    pub probe_first: bool,
    /// A command to run and trace, with its arguments: it starts when the probes are in place
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// Arguments of `gobt show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The recording: FILE.rec of `gobt run --save FILE.rec`
    pub recording: PathBuf,
    /// How it is written; `json` is one object per line
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// When there are colours
    #[arg(long, value_enum, value_name = "WHEN", default_value = "auto")]
    pub color: report::Color,
    /// Also write it to this file, in the form that its name tells: .txt, .json, .csv, .rec, or of stacks .folded,
    /// .svg, .pb.gz; repeatable
    #[arg(long, value_name = "FILE")]
    pub save: Vec<PathBuf>,
}

/// A span of time on the command line: a number and a unit.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time; write `30s`, `5m` or `500ms`");
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "" | "s" => number,
        "m" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

/// So many in a second: `5000`, `5000/s`, `5_000/s`.
fn rate(text: &str) -> Result<u64, String> {
    let number = text.strip_suffix("/s").unwrap_or(text).replace('_', "");
    number
        .parse()
        .map_err(|_| format!("`{text}` is no rate; write `5000` or `5000/s`"))
}

/// Arguments of the command that waits.
#[derive(Debug, Args)]
pub struct WaitArgs {
    /// The pipe that it waits at
    pub gate: PathBuf,
    /// What it becomes
    #[arg(last = true)]
    pub command: Vec<OsString>,
}

/// Arguments of `gobt compile`.
#[derive(Debug, Args)]
pub struct CompileArgs {
    /// The recipe; `-` for standard input
    #[arg(required_unless_present = "expressions")]
    pub recipe: Option<PathBuf>,
    /// A line of a recipe in place of a file; repeatable
    #[arg(short = 'e', value_name = "RECIPE", conflicts_with = "recipe")]
    pub expressions: Vec<String>,
    /// Which program.
    #[command(flatten)]
    pub program: ProgramArgs,
    /// Where to write the script; without it, standard output
    #[arg(short, value_name = "OUT.bt")]
    pub output: Option<PathBuf>,
    /// Also write symbols for the script below this directory: with them many probes attach at once, and stripped
    /// programs need no --unsafe; the first lines of the script have the command
    #[arg(long, value_name = "DIR")]
    pub sidecar: Option<PathBuf>,
    /// Write this stage's result instead of bpftrace source
    #[arg(long, value_enum, default_value = "bpftrace")]
    pub emit: Emit,
    /// How problems are written
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Arguments of `gobt check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The recipes; or scripts made by `gobt compile`, which are checked against the program that they name
    #[arg(required_unless_present = "expressions")]
    pub recipes: Vec<PathBuf>,
    /// A line of a recipe in place of a file, or besides; repeatable
    #[arg(short = 'e', value_name = "RECIPE")]
    pub expressions: Vec<String>,
    /// Which program.
    #[command(flatten)]
    pub program: ProgramArgs,
    /// How problems are written
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Arguments of `gobt fmt`.
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// The recipes; `-` formats standard input to standard output
    #[arg(required = true)]
    pub recipes: Vec<PathBuf>,
    /// Change nothing; exit with 1 and name the recipes that are not formatted
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `gobt funcs`.
#[derive(Debug, Args)]
pub struct FuncsArgs {
    /// The Go executable; left out with --pid
    #[arg(required_unless_present = "pid")]
    pub bin: Option<PathBuf>,
    /// Only the functions that match this pattern, written as in a recipe; a plain word stands for every name that
    /// contains it
    pub pattern: Option<String>,
    /// The executable of this process in place of a file
    #[arg(short, long, value_name = "PID", value_parser = process)]
    pub pid: Option<u32>,
    /// Show address, size, probe sites, signature, file and line of each function, too
    #[arg(long)]
    pub long: bool,
    /// The file with the program's debug information, if gobt does not find it
    #[arg(long, value_name = "FILE")]
    pub debug_file: Option<PathBuf>,
    /// How the list is written; `json` is one object per line
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Arguments of `gobt inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The Go executable; with --pid, the function in its place
    pub bin: PathBuf,
    /// The function
    #[arg(required_unless_present = "pid", conflicts_with = "pid")]
    pub function: Option<String>,
    /// The executable of this process in place of a file
    #[arg(short, long, value_name = "PID", value_parser = process)]
    pub pid: Option<u32>,
    /// Show its code, too
    #[arg(long)]
    pub code: bool,
    /// The file with the program's debug information, if gobt does not find it
    #[arg(long, value_name = "FILE")]
    pub debug_file: Option<PathBuf>,
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Arguments of `gobt doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// A process by its number, or a program by its path, that is to be traced
    #[arg(value_name = "PID|BIN")]
    pub program: Option<String>,
    /// How it is written; `json` is one object per line
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
}

/// Arguments of `gobt explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code, such as `E0301`; without it, all codes are listed
    pub code: Option<String>,
}

/// Arguments of `gobt completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// Arguments of `gobt man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The directory to write the pages into
    pub directory: PathBuf,
}

/// Runs the command line of this process. Mistakes in the command line end it here, with 2.
pub fn main() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => {
            let command = std::env::args_os().nth(1);
            mistakes::explained(error, command.as_deref().and_then(|word| word.to_str())).exit()
        }
    };
    signals::tell_of_cut_files(command.format() == Format::Json);
    ExitCode::from(match command {
        Command::Run(args) => run::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Compile(args) => compile::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Fmt(args) => fmt::run(&args),
        Command::Funcs(args) => funcs::run(&args),
        Command::Inspect(args) => inspect::run(&args),
        Command::Doctor(args) => doctor::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
        Command::WaitAndRun(args) => started::wait_and_run(&args.gate, &args.command),
    })
}
