//! `gobt compile`, as somebody runs it.

use super::Trouble;
use super::bpftrace::{Release, own};
use super::run::GOBT;
use gobt::bt::dialect::Dialect;
use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A run of `gobt compile` that writes a script to a file. Without a release it is one for the range that scripts are
/// made for when none is asked for.
pub struct Compile {
    command: Command,
    script: PathBuf,
}

impl Compile {
    /// Of a recipe for the executable at a path.
    pub fn new(recipe: &Path, executable: &Path, script: &Path) -> Self {
        Self::tied(recipe, "--bin", executable.as_os_str(), script)
    }

    /// Of a recipe for a running process.
    pub fn of_process(recipe: &Path, pid: u32, script: &Path) -> Self {
        Self::tied(recipe, "--pid", pid.to_string().as_ref(), script)
    }

    fn tied(recipe: &Path, flag: &str, program: &OsStr, script: &Path) -> Self {
        let mut command = Command::new(GOBT);
        command.arg("compile").arg(recipe);
        command.arg(flag).arg(program).arg("-o").arg(script);
        Self {
            command,
            script: script.to_owned(),
        }
    }

    /// For one release of bpftrace.
    pub fn release(mut self, release: Release) -> Self {
        self.command.args(["--bpftrace", &release.written_for()]);
        self
    }

    /// With further arguments.
    pub fn arguments(mut self, arguments: &[String]) -> Self {
        self.command.args(arguments);
        self
    }

    /// With symbols of the script's own, in a directory beside it.
    pub fn sidecar(mut self) -> Self {
        let symbols = self.script.with_extension("symbols");
        self.command.arg("--sidecar").arg(symbols);
        self
    }

    /// Runs it, whether it takes the recipe or not.
    pub fn output(mut self) -> io::Result<Output> {
        if !self.command.get_args().any(|argument| argument == "--bpftrace") {
            // Not what this machine happens to have.
            let wanted = own().map_or_else(Dialect::usual, |(number, _)| number);
            self.command.args(["--bpftrace", &wanted]);
        }
        self.command.output()
    }

    /// Runs it; an error if there is no script then, with what was said.
    pub fn run(self) -> Result<(), Trouble> {
        let output = self.output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Trouble::Failed(format!("gobt compile:\n{said}")))
    }
}
