//! A trial, and what becomes of one that has no result.
//!
//! A trial that needs something which this machine lacks is skipped, with a line that says so; under `CI=true`, where
//! the machine is to have everything, it fails. One that panics fails, and no other with it.

use super::Trouble;
use libtest_mimic::Failed;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

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

static TOOK: Mutex<BTreeMap<&'static str, Duration>> = Mutex::new(BTreeMap::new());

/// How long the trials of each suite have taken together, of those that did not panic.
pub fn took() -> Vec<(&'static str, Duration)> {
    let took = TOOK.lock().unwrap_or_else(PoisonError::into_inner);
    took.iter().map(|(suite, time)| (*suite, *time)).collect()
}

/// How many trials of this process were skipped.
pub fn skipped() -> u64 {
    SKIPPED.load(Ordering::Relaxed)
}

/// What the function of a trial gives: nothing, where it panics if something is wrong, or a result.
pub trait Outcome {
    /// The same as a result.
    fn result(self) -> Result<(), Trouble>;
}

impl Outcome for () {
    fn result(self) -> Result<(), Trouble> {
        Ok(())
    }
}

impl<E: Into<Trouble>> Outcome for Result<(), E> {
    fn result(self) -> Result<(), Trouble> {
        self.map_err(Into::into)
    }
}

/// One trial of a suite.
pub struct Trial {
    name: String,
    alone: bool,
    run: Box<dyn FnOnce() -> Result<(), Trouble> + Send>,
}

/// A trial of this name.
pub fn trial<O: Outcome>(name: impl Into<String>, run: impl FnOnce() -> O + Send + 'static) -> Trial {
    Trial {
        name: name.into(),
        alone: false,
        run: Box::new(move || run().result()),
    }
}

/// Trials share the machine, but for those that run alone.
static MACHINE: RwLock<()> = RwLock::new(());

impl Trial {
    /// No other trial runs meanwhile: it uses all processors itself.
    pub fn alone(mut self) -> Self {
        self.alone = true;
        self
    }

    /// As libtest-mimic runs it, with the name `SUITE/NAME`.
    pub fn of_suite(self, suite: &'static str) -> libtest_mimic::Trial {
        let name = format!("{suite}/{}", self.name);
        libtest_mimic::Trial::test(name.clone(), move || {
            let result = if self.alone {
                let _machine = MACHINE.write().unwrap_or_else(PoisonError::into_inner);
                timed(suite, self.run)
            } else {
                let _machine = MACHINE.read().unwrap_or_else(PoisonError::into_inner);
                timed(suite, self.run)
            };
            settle(&name, result)
        })
    }
}

fn timed(suite: &'static str, run: impl FnOnce() -> Result<(), Trouble>) -> Result<(), Trouble> {
    let began = Instant::now();
    let result = run();
    let mut took = TOOK.lock().unwrap_or_else(PoisonError::into_inner);
    *took.entry(suite).or_default() += began.elapsed();
    result
}

/// What libtest-mimic has to know of a trial's end: an error if it failed. That it was skipped is said and counted
/// here.
fn settle(name: &str, result: Result<(), Trouble>) -> Result<(), Failed> {
    match End::of(result, has_everything()) {
        End::Passed => Ok(()),
        End::Failed(why) => Err(why.into()),
        End::Skipped(why) => {
            SKIPPED.fetch_add(1, Ordering::Relaxed);
            let _ = writeln!(std::io::stderr(), "{name}: skipped: {why}");
            Ok(())
        }
    }
}
