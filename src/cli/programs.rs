//! Which program a recipe is compiled against, and with which options.

use super::{ProgramArgs, cache, library};
use crate::analyze::{self, Options};
use crate::bt::dialect::Dialect;
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::Recipe;
use crate::target::load::Loaded;
use std::path::{Path, PathBuf};

/// What asks for the release of the bpftrace that is installed.
pub(super) const AUTO: &str = "auto";

/// The options that the command line gives.
///
/// # Errors
/// E0505 and E0513 when they are not well formed.
pub(super) fn options(args: &ProgramArgs) -> Result<Options, Diagnostic> {
    let dialect = match args.bpftrace.as_deref().filter(|release| *release != AUTO) {
        Some(release) => {
            Dialect::of_release(release).map_err(|why| Diagnostic::error(Code::BAD_RELEASE, why))?
        }
        None => Dialect::default(),
    };
    let mut defines = Vec::new();
    for define in &args.define {
        match define.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                defines.push((name.trim().to_string(), value.trim().to_string()));
            }
            _ => {
                return Err(
                    Diagnostic::error(Code::BAD_PARAM, format!("`-D {define}` is not NAME=VALUE"))
                        .help("write `-D limit=5`"),
                );
            }
        }
    }
    Ok(Options {
        records: false,
        pid: args.pid,
        defines,
        dialect,
        script: None,
        sidecar: None,
        left_out: Vec::new(),
        by_process: false,
    })
}

/// The program's file: what the command line names, or else the recipe's `target`.
///
/// # Errors
/// E0503 when neither names one, E0504 when the recipe names two.
pub(super) fn path(
    args: &ProgramArgs,
    recipe: &Recipe,
    recipe_path: &Path,
) -> Result<Named, Vec<Diagnostic>> {
    if let Some(named) = given(args) {
        return Ok(named);
    }
    match analyze::target_of(recipe) {
        Ok(Some(target)) => Ok(Named::File(beside(recipe_path, &target.node))),
        Ok(None) => Err(vec![
            Diagnostic::error(
                Code::NO_PROGRAM,
                "no program is given to compile the recipe against",
            )
            .help("add `--bin PATH` or `--pid PID`, or write `target \"PATH\"` into the recipe"),
        ]),
        Err(problems) => Err(problems.sorted()),
    }
}

/// Every file that may be a recipe's program: what the command line names, and what the recipe does.
pub(super) fn paths(args: &ProgramArgs, recipe: &Recipe, recipe_path: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = args.bin.iter().cloned().collect();
    paths.extend(args.debug_file.clone());
    paths.extend(args.pid.map(|pid| PathBuf::from(format!("/proc/{pid}/exe"))));
    if let Ok(Some(target)) = analyze::target_of(recipe) {
        paths.push(beside(recipe_path, &target.node));
    }
    paths
}

/// A relative path is relative to the recipe.
fn beside(recipe_path: &Path, target: &str) -> PathBuf {
    recipe_path.parent().unwrap_or(Path::new("")).join(target)
}

/// The program that the command line names.
pub(super) fn given(args: &ProgramArgs) -> Option<Named> {
    match (args.pid, &args.bin) {
        (Some(pid), Some(library)) => Some(Named::Library(pid, library.clone())),
        (Some(pid), None) => Some(Named::Process(pid)),
        (None, bin) => bin.clone().map(Named::File),
    }
}

/// A program as the user names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// By its file.
    File(PathBuf),
    /// By a process that runs it.
    Process(u32),
    /// A library, and a process that has it in its memory.
    Library(u32, PathBuf),
}

impl Named {
    /// Maps it, with its separate debug file: `debug` if somebody names one, or else the one that is found, if any.
    ///
    /// # Errors
    /// E02xx.
    pub(super) fn load(&self, debug: Option<&Path>) -> Result<Loaded, Diagnostic> {
        let loaded = match self {
            Named::File(path) => Loaded::open_with(path, debug),
            Named::Process(pid) => Loaded::of_process_with(*pid, debug),
            Named::Library(pid, path) => {
                library::mapped(*pid, path).and_then(|path| Loaded::open_with(&path, debug))
            }
        };
        Ok(loaded?.keeping_in(cache::directory()))
    }
}

/// Warnings about how the program's file was found.
pub(super) fn notes(loaded: &Loaded) -> Vec<Diagnostic> {
    loaded
        .notes()
        .iter()
        .map(|note| Diagnostic::warning(Code::FILE_NOTED, note.clone()))
        .chain(loaded.warnings().iter().cloned())
        .collect()
}
