//! One process, one trace, one figure.

use super::delve::Delve;
use super::support::Trouble;
use super::support::bpftrace::{Bpftrace, Options, Release};
use super::support::program::{Program, Truth};
use super::support::running::{self, Recipe};
use super::support::trace::Trace;
use super::wrong;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is traced while it calls a function in a loop.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    executable: PathBuf,
    /// What the program is told to do.
    work: &'static str,
    function: &'static str,
    calls: i128,
}

impl Subject {
    /// A function is `main.say`, and the work that calls it `say`.
    pub(crate) fn new(executable: &Path, function: &'static str, calls: i128) -> Self {
        Self {
            executable: executable.to_owned(),
            work: function.rsplit('.').next().unwrap_or(function),
            function,
            calls,
        }
    }
}

/// What traces it.
pub(crate) enum Tracer<'a> {
    /// Nothing.
    None,
    /// A script.
    Bpftrace(PathBuf, Release),
    /// `gobt run` of a recipe, with a script made of it.
    Run(PathBuf, PathBuf, Release),
    /// Delve, with eBPF or with ptrace.
    Delve(&'a Delve, bool),
}

/// A tracer's figures, one per round.
pub(crate) struct Figure<'a> {
    subject: Subject,
    tracer: Tracer<'a>,
    /// Nanoseconds per call; none where the program crashed.
    rounds: Vec<f64>,
    /// The program crashed in so many rounds.
    pub(crate) crashes: usize,
    /// Lines that the tracer said it lost, of how many calls, in all rounds.
    pub(crate) lost: i128,
    /// Calls in all rounds.
    pub(crate) calls: i128,
}

impl<'a> Figure<'a> {
    pub(crate) fn new(subject: &Subject, tracer: Tracer<'a>) -> Self {
        Self {
            subject: subject.clone(),
            tracer,
            rounds: Vec::new(),
            crashes: 0,
            lost: 0,
            calls: 0,
        }
    }

    /// The best round.
    pub(crate) fn best(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The middle one.
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(f64::INFINITY)
    }

    /// Runs it once.
    pub(crate) fn round(&mut self) -> Result<(), Trouble> {
        let calls = self.subject.calls;
        let mut program = Program::start_quietly(
            &self.subject.executable,
            &[self.subject.work, &calls.to_string()],
            false,
        )?;
        let truth = match &self.tracer {
            Tracer::None => {
                program.go()?;
                program.done(Duration::from_secs(60))?;
                program.quit()?
            }
            Tracer::Bpftrace(script, release) => {
                let (truth, trace) = traced(script, program, *release)?;
                self.lost += wrong::lost(&trace);
                truth
            }
            Tracer::Run(recipe, script, release) => {
                let recipe = Recipe {
                    path: recipe,
                    executable: &self.subject.executable,
                    script: &std::fs::read_to_string(script)?,
                    arguments: &[],
                    tells_trees: false,
                };
                let mut programs = [program];
                let mut options = Options::of(*release);
                options.harmless.push("Lost".to_owned());
                let trace = running::run(&recipe, &mut programs, &options)?;
                self.lost += wrong::lost(&trace);
                let [program] = programs;
                program.quit()?
            }
            Tracer::Delve(delve, ebpf) => {
                let (truth, _) = delve.trace(self.subject.function, program, *ebpf)?;
                truth
            }
        };
        self.calls += calls;
        // Others on the machine disturb a process's own time little. Where it is stopped at each call, the clock
        // counts.
        let stops = matches!(self.tracer, Tracer::Delve(_, false));
        match truth.get(if stops { "nanoseconds" } else { "processor" }) {
            #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
            Some(Truth::Number(total)) => self.rounds.push(*total as f64 / calls as f64),
            _ => self.crashes += 1,
        }
        Ok(())
    }
}

/// Runs a script beside a program that is ready: what the program said (nothing, if it crashed) and what the trace
/// printed.
pub(crate) fn traced(
    script: &Path,
    mut program: Program,
    release: Release,
) -> Result<(BTreeMap<String, Truth>, Trace), Trouble> {
    program.may_crash = true;
    let options = Options::of(release);
    let mut tracer = Bpftrace::start(
        script,
        &std::fs::read_to_string(script)?,
        &[program.traced()],
        &options,
    )?;
    tracer.await_events()?;
    program.go()?;
    program.done(options.timeout)?;
    let trace = tracer.finish(&options)?;
    Ok((program.quit()?, trace))
}
