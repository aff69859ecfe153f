//! Suites of trials, and how a binary runs those of its suites that the command line asks for.
//!
//! A trial is called `SUITE/NAME`. `-- live/recursion` runs the trials of the suite `live` with `recursion` in their
//! names, `-- live/` the whole suite, `-- recursion` the trials of all suites with this word in their names, and
//! `--exact SUITE/NAME` one of them.

use super::trial::{self, Trial};
use libtest_mimic::Arguments;
use std::process::ExitCode;

/// What a suite does when its trials have run.
type Finish = Box<dyn FnOnce() -> Result<(), String>>;

/// The trials of one file or directory, which is called like the suite.
pub struct Suite {
    trials: Vec<Trial>,
    finish: Option<Finish>,
}

impl From<Vec<Trial>> for Suite {
    fn from(trials: Vec<Trial>) -> Self {
        Self { trials, finish: None }
    }
}

impl Suite {
    /// Trials with more to do when all of them have run: to print a table, or to write it into a document.
    pub fn and_then(trials: Vec<Trial>, finish: impl FnOnce() -> Result<(), String> + 'static) -> Self {
        Self {
            trials,
            finish: Some(Box::new(finish)),
        }
    }
}

/// Suites by name.
pub type Suites = [(&'static str, fn() -> Suite)];

/// The suites of these modules, each with the module's name.
macro_rules! suites {
    ($($module:ident),* $(,)?) => {
        &[$((stringify!($module), $module::suite as fn() -> $crate::support::suite::Suite)),*]
    };
}
pub(crate) use suites;

/// Trials that call these functions, each with the function's name. One that is left out is never used, which the
/// compiler says.
macro_rules! trials {
    ($($function:ident),* $(,)?) => {
        vec![$($crate::support::trial::trial(stringify!($function), $function)),*]
    };
}
pub(crate) use trials;

/// Runs the trials that the command line asks for. The last line says how many there were of each kind.
pub fn run(suites: &Suites) -> ExitCode {
    let mut arguments = Arguments::from_args();
    let only = suite_of(&mut arguments, suites);
    let mut trials = Vec::new();
    let mut finish = Vec::new();
    for (name, suite) in suites
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == *name))
    {
        let suite = suite();
        trials.extend(suite.trials.into_iter().map(|trial| trial.of_suite(name)));
        finish.extend(suite.finish);
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if arguments.list {
        return conclusion.exit_code();
    }
    let mut failed = conclusion.num_failed;
    for why in finish.into_iter().filter_map(|finish| finish().err()) {
        eprintln!("{why}");
        failed += 1;
    }
    let took = trial::took()
        .into_iter()
        .map(|(suite, time)| format!("{suite} {:.1}", time.as_secs_f64()));
    println!(
        "seconds of each suite's trials: {}",
        took.collect::<Vec<_>>().join(", ")
    );
    let skipped = trial::skipped();
    let passed = conclusion.num_passed.saturating_sub(skipped);
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The suite that the filter names, if it does. What remains of the filter is looked for in the names of that suite's
/// trials.
fn suite_of(arguments: &mut Arguments, suites: &Suites) -> Option<&'static str> {
    let (suite, rest) = arguments.filter.as_deref()?.split_once('/')?;
    let (name, _) = suites.iter().find(|(name, _)| *name == suite)?;
    if !arguments.exact {
        arguments.filter = Some(rest.to_owned());
    }
    Some(name)
}
