//! What becomes of a test that has no result, and how many there were of each.
//!
//! A test that needs something which this machine lacks is skipped, with a line that says so; under `CI=true`, where the machine is
//! to have everything, it fails. A run ends with a line `N passed, N failed, N skipped`, which `.ci/run` adds up.

use super::Trouble;
use libtest_mimic::{Arguments, Failed, Trial};
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a test comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// What it looks at is right.
    Passed,
    /// The machine lacks what this says.
    Skipped(String),
    /// Something is wrong, as this says.
    Failed(String),
}

impl End {
    /// What a result means, on a machine that is to have everything or not.
    pub fn of(result: Result<(), Trouble>, has_everything: bool) -> Self {
        match result {
            Ok(()) => Self::Passed,
            Err(Trouble::Failed(why)) => Self::Failed(why),
            Err(Trouble::Lacks(lack)) if has_everything => {
                Self::Failed(format!("cannot run, and CI=true says that it has to: {lack}"))
            }
            Err(Trouble::Lacks(lack)) => Self::Skipped(lack.to_string()),
        }
    }
}

/// Whether the environment says that this machine has everything that tests need.
pub fn has_everything() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true")
}

static SKIPPED: AtomicU64 = AtomicU64::new(0);

/// A test among those of libtest-mimic.
pub fn trial(name: String, run: impl FnOnce() -> Result<(), Trouble> + Send + 'static) -> Trial {
    Trial::test(name.clone(), move || settle(&name, run()).map_err(Failed::from))
}

/// What a harness has to know of a test's end: an error if it failed. That it was skipped is said and counted here.
pub fn settle(name: &str, result: Result<(), Trouble>) -> Result<(), String> {
    match End::of(result, has_everything()) {
        End::Passed => Ok(()),
        End::Failed(why) => Err(why),
        End::Skipped(why) => {
            SKIPPED.fetch_add(1, Ordering::Relaxed);
            // Past Rust's own harness, which keeps what tests that pass have printed.
            let _ = writeln!(std::io::stderr(), "{name}: skipped: {why}");
            Ok(())
        }
    }
}

/// The end of a test where Rust's own harness runs it.
pub fn pass_or_skip(result: Result<(), Trouble>) {
    let thread = std::thread::current();
    if let Err(why) = settle(thread.name().unwrap_or("a test"), result) {
        panic!("{why}");
    }
}

/// Whether a test of Rust's own harness is skipped for want of something; it fails where that must not be.
pub fn skipped_for(needs: Result<(), Trouble>) -> bool {
    let skipped = needs.is_err();
    pass_or_skip(needs);
    skipped
}

/// Runs the trials that the command line asks for; the last line says how many there were of each kind.
pub fn run(trials: Vec<Trial>) -> ExitCode {
    run_and(trials, || Ok(()))
}

/// The same, for trials that each use all processors.
pub fn run_one_by_one(trials: Vec<Trial>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    conclude(&arguments, trials, || Ok(()))
}

/// The same, with more to do when all have run.
pub fn run_and(trials: Vec<Trial>, finish: impl FnOnce() -> Result<(), String>) -> ExitCode {
    conclude(&Arguments::from_args(), trials, finish)
}

fn conclude(
    arguments: &Arguments,
    trials: Vec<Trial>,
    finish: impl FnOnce() -> Result<(), String>,
) -> ExitCode {
    let conclusion = libtest_mimic::run(arguments, trials);
    let finished = finish();
    if let Err(why) = &finished {
        eprintln!("{why}");
    }
    if arguments.list {
        return conclusion.exit_code();
    }
    let skipped = SKIPPED.load(Ordering::Relaxed);
    let passed = conclusion.num_passed.saturating_sub(skipped);
    let failed = conclusion.num_failed + u64::from(finished.is_err());
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
