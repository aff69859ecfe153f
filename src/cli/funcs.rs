//! `gobt funcs`: the functions of a Go program.

use super::programs::Named;
use super::report::{self, DONE};
use super::{Format, FuncsArgs};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::target::catalog::{Row, Workspace};
use crate::target::dwarf::Overview;
use crate::target::{FunctionId, Functions as _, Pattern, Target, Wrapped};
use crate::visible::visible;
use rayon::prelude::*;
use serde::Serialize;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::Path;

/// The number of functions that a thread lists at a time.
const PIECE: usize = 512;

/// Lists functions.
pub(super) fn run(args: &FuncsArgs) -> u8 {
    let mut problems = Vec::new();
    let pieces = list(args, &mut problems).unwrap_or_else(|problem| {
        problems.push(problem);
        Vec::new()
    });
    let code = report::all(&problems, args.format);
    if code != DONE {
        return code;
    }
    let head = if args.long && args.format == Format::Text {
        HEADER
    } else {
        ""
    };
    match print(&pieces, head) {
        Ok(()) => DONE,
        Err(error) => report::failure("cannot write to standard output", &error),
    }
}

/// Writes the list. A reader that has gone away (`| head`) is no error.
fn print(pieces: &[String], head: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(head.as_bytes());
    let written = written.and_then(|()| {
        pieces
            .iter()
            .try_for_each(|piece| out.write_all(piece.as_bytes()))
    });
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// The process, or the pattern, was given in place of the program.
fn misplaced(args: &FuncsArgs, problem: Diagnostic) -> Diagnostic {
    let (None, Some(bin), Code::FILE_UNREADABLE) = (args.pid, &args.bin, problem.code) else {
        return problem;
    };
    let bin = bin.to_string_lossy();
    match &args.pattern {
        _ if bin.bytes().all(|byte| byte.is_ascii_digit()) => {
            problem.only_help(format!("the program of a process is given by --pid {bin}"))
        }
        Some(program) if Path::new(program).is_file() => problem.only_help(format!(
            "the program stands before the pattern: gobt funcs {program} '{bin}'"
        )),
        _ => problem,
    }
}

/// The list in pieces; warnings go to `warnings`.
fn list(args: &FuncsArgs, warnings: &mut Vec<Diagnostic>) -> Result<Vec<String>, Diagnostic> {
    let named = match (args.pid, &args.bin) {
        (Some(pid), _) => Named::Process(pid),
        (None, bin) => Named::File(bin.clone().unwrap_or_default()),
    };
    let loaded = named
        .load(args.debug_file.as_deref())
        .map_err(|problem| misplaced(args, problem))?;
    warnings.extend_from_slice(loaded.warnings());
    let target = Target::open(&loaded)?;
    // With --pid the first word is the pattern.
    let word = args.bin.as_ref().filter(|_| args.pid.is_some());
    let word = word.map(|word| word.to_string_lossy().into_owned());
    let ids = match word.as_ref().or(args.pattern.as_ref()) {
        None => target.all().collect(),
        Some(text) if is_plain(text) => {
            let found: Vec<FunctionId> = target
                .all()
                .filter(|id| target.function(*id).name.contains(text))
                .collect();
            if found.is_empty() {
                return Err(nothing_found(&target, &Pattern::parse(text)?));
            }
            found
        }
        Some(text) => {
            let pattern = Pattern::parse(text)?;
            let found = target.matching(&pattern);
            if found.is_empty() {
                return Err(nothing_found(&target, &pattern));
            }
            found
        }
    };
    let overview = match target.overview() {
        Ok(overview) => overview,
        Err(problem) => {
            // Functions, sites and lines do not depend on it.
            warnings.push(Diagnostic {
                severity: crate::diagnostic::Severity::Warning,
                ..problem
            });
            None
        }
    };
    let write = match args.format {
        Format::Text if args.long => text_line,
        Format::Text => name_line,
        Format::Json => json_line,
    };
    let pieces = ids
        .par_chunks(PIECE)
        .map_init(Workspace::default, |workspace, ids: &[FunctionId]| {
            let mut piece = String::new();
            for row in ids.iter().filter_map(|id| target.row(*id, workspace)) {
                write(&mut piece, &row, overview.as_ref());
            }
            piece
        })
        .collect();
    loaded.unchanged()?;
    Ok(pieces)
}

/// Why a pattern names no function of the program.
pub(super) fn nothing_found(target: &Target<'_>, pattern: &Pattern) -> Diagnostic {
    let wanted = pattern.text();
    let problem = Diagnostic::error(
        Code::NO_FUNCTION,
        format!("no function of the program is named `{wanted}`"),
    );
    let shapes = |_: &str| crate::target::Shape::Unknown;
    if let Ok((calls, count)) = target.inlined(&|name| pattern.matches(name, &shapes).is_some(), 3)
        && let Some(first) = calls.first()
    {
        let calls_were = match count {
            1 => "its one call was".to_owned(),
            _ => format!("all of its {count} calls were"),
        };
        let mut problem = problem.note(format!(
            "`{}` has no code of its own: {calls_were} inlined",
            first.callee
        ));
        for call in &calls {
            problem = problem.note(format!("{}:{} in {}", call.file, call.line, call.caller));
        }
        return problem.help("build with `//go:noinline` above the function, or trace its callers");
    }
    let (mut written, made) = target.names();
    written.extend(target.inlined_names().unwrap_or_default());
    let near = near::functions_of(
        wanted,
        written.iter().map(String::as_str),
        made.iter().map(String::as_str),
        5,
    );
    if near.is_empty() {
        problem.help("`gobt funcs BIN` lists every function; `*` stands for any characters")
    } else {
        problem.help(format!("similar names:\n{}", near.join("\n")))
    }
}

/// A word without anything that only patterns and full names have.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn name_line(out: &mut String, row: &Row, _: Option<&Overview>) {
    out.push_str(&visible(&row.name));
    out.push('\n');
}

const HEADER: &str = "ADDRESS       SIZE ENTRY RETS INLINED  FUNCTION\n";

fn text_line(out: &mut String, row: &Row, overview: Option<&Overview>) {
    let entry = row.entry.map_or_else(
        || "-".to_owned(),
        |entry| format!("+{}", entry.wrapping_sub(row.address)),
    );
    let returns = row.returns.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let inlined = overview.map_or_else(|| "-".to_owned(), |o| inlined_count(o, &row.name).to_string());
    let _ = write!(
        out,
        "{:<#10x} {:>7} {entry:>5} {returns:>4} {inlined:>7}  {}",
        row.address,
        row.size,
        visible(&row.name)
    );
    if let Some(signature) = overview.and_then(|o| signature_at(o, row.address)) {
        let _ = write!(out, "  {}", visible(signature));
    }
    if let Some((file, line)) = &row.position {
        let _ = write!(out, "  {}:{line}", visible(file));
    }
    if let Some(wraps) = &row.wraps {
        let _ = write!(out, "  ({})", visible(&made_to_call(wraps)));
    }
    out.push('\n');
}

/// What a compiler-generated function does.
pub(super) fn made_to_call(wraps: &Wrapped) -> String {
    match wraps {
        Wrapped::Calls(name) => format!("made by the compiler to call {name}"),
        Wrapped::Holds(name) => format!("made by the compiler, with the code of {name}"),
        Wrapped::Unknown => "made by the compiler to call what is known only when it runs".to_owned(),
    }
}

fn signature_at(overview: &Overview, address: u64) -> Option<&str> {
    let found = overview
        .signatures
        .binary_search_by_key(&address, |&(at, _)| at)
        .ok()?;
    overview.signatures.get(found).map(|(_, text)| text.as_str())
}

fn inlined_count(overview: &Overview, name: &str) -> usize {
    overview.inlined.get(name).copied().unwrap_or(0)
}

/// An object of the list.
#[derive(Serialize)]
struct Record<'a> {
    name: &'a str,
    package: &'a str,
    /// Null without debug information.
    signature: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
    address: String,
    size: u64,
    /// Null if the entry cannot be observed.
    entry: Option<String>,
    /// Number of RETs; null if the code cannot be read.
    returns: Option<usize>,
    /// Number of places where it was inlined; null without debug information.
    inlined: Option<usize>,
    /// Made by the compiler to call another function.
    wrapper: bool,
}

fn json_line(out: &mut String, row: &Row, overview: Option<&Overview>) {
    let record = Record {
        name: &row.name,
        package: &row.package,
        signature: overview.and_then(|o| signature_at(o, row.address)),
        file: row.position.as_ref().map(|(file, _)| file.as_str()),
        line: row.position.as_ref().map(|(_, line)| *line),
        address: format!("{:#x}", row.address),
        size: row.size,
        entry: row.entry.map(|entry| format!("{entry:#x}")),
        returns: row.returns,
        inlined: overview.map(|o| inlined_count(o, &row.name)),
        wrapper: row.wraps.is_some(),
    };
    // Strings and numbers always serialize.
    if let Ok(line) = serde_json::to_string(&record) {
        out.push_str(&line);
        out.push('\n');
    }
}
