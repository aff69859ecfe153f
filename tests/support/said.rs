//! Runs one trial of a test binary and checks that it fails or is skipped, and why.

use super::Trouble;
use super::trouble::all_said;
use std::process::{Command, Stdio};

/// What this binary says of one of its trials, on a machine that is to have everything or not.
pub struct Said {
    text: String,
    failed: bool,
}

impl Said {
    /// What this command, of one trial, says.
    pub fn of(command: &mut Command, ci: bool) -> Result<Self, Trouble> {
        command.env_remove("CI").stdin(Stdio::null());
        if ci {
            command.env("CI", "true");
        }
        let output = command.output()?;
        Ok(Self {
            text: all_said(&output),
            failed: !output.status.success(),
        })
    }

    /// That the trial failed, with this reason among the words.
    #[track_caller]
    pub fn fails(&self, why: &str) {
        let last = "0 passed, 1 failed, 0 skipped";
        let all = [why, last].iter().all(|words| self.text.contains(words));
        assert!(self.failed && all, "no {why:?} in {}", self.text);
    }

    /// That the trial was skipped, for this reason.
    #[track_caller]
    pub fn skips(&self, why: &str) {
        let last = "0 passed, 0 failed, 1 skipped";
        let all = [why, last].iter().all(|words| self.text.contains(words));
        assert!(!self.failed && all, "no {why:?} in {}", self.text);
    }
}

/// This binary, asked for one trial by its whole name.
pub fn only(name: &str) -> Result<Command, Trouble> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--exact", name]);
    Ok(command)
}
