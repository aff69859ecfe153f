//! A library in Go, as a process has it in its memory.

use crate::diagnostic::{Code, Diagnostic};
use crate::run::watch;
use crate::target::Target;
use crate::target::load::Loaded;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// The library at `path`, or one with that name, by the path that leads to it through the process: also into its
/// container.
///
/// # Errors
/// E0209 when the process does not have it in its memory.
pub(super) fn mapped(pid: u32, path: &Path) -> Result<PathBuf, Diagnostic> {
    let all = watch::code_of(pid);
    let file = |path: &Path| {
        let found = std::fs::metadata(path).ok()?;
        Some((found.dev(), found.ino()))
    };
    let wanted = file(path);
    let is_it = |found: &&PathBuf| wanted.is_some() && file(found) == wanted;
    let is_called_so = |found: &&PathBuf| found.ends_with(path);
    if let Some(found) = all.iter().find(is_it).or_else(|| all.iter().find(is_called_so)) {
        return Ok(found.clone());
    }
    let problem = Diagnostic::error(
        Code::NO_PROCESS,
        format!("process {pid} does not have `{}` in its memory", path.display()),
    );
    let names = in_go(&all);
    Err(match names.first() {
        Some(name) => problem.help(format!("it has `{name}`, which is in Go: --bin {name}")),
        None => problem.help(format!("/proc/{pid}/maps lists what it has")),
    })
}

/// Names a library in Go where a process is none of Go's itself.
pub(super) fn suggest(pid: u32, problem: Diagnostic) -> Diagnostic {
    if problem.code != Code::NOT_GO {
        return problem;
    }
    match in_go(&watch::code_of(pid)).first() {
        Some(name) => problem.help(format!(
            "process {pid} has a library in Go in its memory: add --bin {name}"
        )),
        None => problem,
    }
}

/// The libraries in Go among these files, as the process calls them.
fn in_go(files: &[PathBuf]) -> Vec<String> {
    let is_go = |path: &&PathBuf| Loaded::open(path).is_ok_and(|loaded| Target::open(&loaded).is_ok());
    let name = |path: &PathBuf| {
        let text = path.to_str()?;
        let (_, inside) = text.split_once("/root/")?;
        Some(format!("/{inside}"))
    };
    files.iter().filter(is_go).filter_map(name).collect()
}
