//! Runs gobt's executable as a user does.

use super::program::spawn_fresh;
use std::ffi::OsStr;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};

/// The executable.
pub const GOBT: &str = env!("CARGO_BIN_EXE_gobt");

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// As the system tells it.
    pub status: ExitStatus,
    /// The exit code; -1 if a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            status: output.status,
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Fails unless there was exactly one error with the text `what`, no standard output, and the exit code `code`.
    /// Where a line of the error ends does not matter: a long path moves it.
    #[track_caller]
    pub fn fails(&self, code: i32, what: &str) {
        assert_eq!(self.code, code, "{} {}", self.status, self.err);
        assert_eq!(self.out, "");
        assert!(
            unbroken(&self.err).contains(&unbroken(what)),
            "no {what:?} in {}",
            self.err
        );
        let errors = self.err.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "{}", self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
    }

    /// Fails unless the exit code is 0 and standard error is empty; gives standard output.
    #[track_caller]
    pub fn succeeds(&self) -> &str {
        assert_eq!(self.code, 0, "{} {}", self.status, self.err);
        assert_eq!(self.err, "");
        &self.out
    }
}

/// The text as one line.
fn unbroken(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// The command `gobt ARGUMENTS`, which finds no bpftrace to ask for its release.
pub fn command(arguments: &[impl AsRef<OsStr>]) -> Command {
    let mut command = Command::new(GOBT);
    command.args(arguments).env("PATH", "");
    command
}

/// Runs it with nothing to read.
pub fn gobt(arguments: &[&str]) -> Ran {
    gobt_with(arguments, "")
}

/// Runs it with this on its standard input.
pub fn gobt_with(arguments: &[&str], input: impl AsRef<[u8]>) -> Ran {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_ref());
    child.wait_with_output().unwrap().into()
}

/// Runs it in a directory, for arguments that are relative to that.
pub fn gobt_in(directory: &Path, arguments: &[&str]) -> Ran {
    command(arguments).current_dir(directory).output().unwrap().into()
}

/// A child that is ended with the test.
pub struct Running(pub Child);

impl Running {
    /// Starts a program, whose file may have been written a moment ago.
    pub fn start(command: &mut Command) -> Self {
        Self(spawn_fresh(command).unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
