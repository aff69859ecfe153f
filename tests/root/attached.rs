//! Breakpoints as `run::attached` reads them back, beside those that real bpftrace releases set: all of them, in the
//! places that were planned, in the process that was meant.

use crate::support::bpftrace::{Bpftrace, Options, Release, addresses, usable};
use crate::support::compile::Compile;
use crate::support::go::{self, Mode};
use crate::support::program::Program;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, cache};
use gobt::run::attached::{Attached, Breakpoints, Decoy};
use gobt::target::Target;
use gobt::target::load::Loaded;
use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const RECIPE: &str = "latency main.fib\ncount runtime.mallocgc, runtime.gcStart\n";

/// A program with a script that is attached by symbols.
struct Scene {
    place: PathBuf,
    executable: PathBuf,
    script: PathBuf,
    text: String,
    loaded: Loaded,
    planned: BTreeSet<u64>,
    code: Vec<Range<u64>>,
}

impl Scene {
    fn new(name: &str, mode: Mode, release: Release) -> Result<Self, Trouble> {
        usable(release)?;
        let built = go::build("storm", "1.27.3", mode)?;
        let place = cache().join("attached").join(name);
        let executable = go::own_copy(&built, &place, "storm")?;
        let (recipe, script) = (place.join("recipe.gobt"), place.join("recipe.bt"));
        fs::write(&recipe, RECIPE)?;
        Compile::new(&recipe, &executable, &script)
            .sidecar()
            .release(release)
            .run()?;
        let text = fs::read_to_string(&script)?;
        let loaded = Loaded::open(&executable).map_err(|problem| problem.message)?;
        let target = Target::open(&loaded).map_err(|problem| problem.message)?;
        let planned = target.offsets_of(addresses(&text).into_iter());
        assert!(planned.len() >= 4, "{text}");
        Ok(Self {
            place,
            executable,
            script,
            text,
            planned,
            code: target.code_in_file(),
            loaded,
        })
    }

    fn breakpoints(&self, pid: u32) -> Result<Breakpoints, Trouble> {
        Ok(Breakpoints::of(
            pid,
            &self.executable,
            self.loaded.main(),
            &self.code,
        )?)
    }

    /// What there is in a process, compared with what was planned.
    fn compare(&self, pid: u32) -> Result<Attached, Trouble> {
        Ok(self
            .breakpoints(pid)?
            .against(&self.planned, &Breakpoints::default()))
    }
}

/// Where probes are is seen while they are there, and that others are not planned.
fn probes_are_where_they_were_planned(release: Release, mode: Mode) -> Result<(), Trouble> {
    let scene = Scene::new(
        &format!("planned-{}-{}", release.number(), mode.name()),
        mode,
        release,
    )?;
    let program = Program::start(&scene.executable, &["fib", "8"])?;
    let pid = program.traced().pid;
    assert_eq!(scene.compare(pid)?, Attached::Missing(scene.planned.clone()));
    let options = Options::of(release);
    let mut tracer = Bpftrace::start(&scene.script, &scene.text, &[program.traced()], &options)?;
    tracer.await_events()?;
    assert_eq!(scene.compare(pid)?, Attached::AsPlanned);
    // If one was not planned, it is elsewhere.
    let found = scene.breakpoints(pid)?;
    let mut fewer = scene.planned.clone();
    let first: BTreeSet<u64> = fewer.pop_first().into_iter().collect();
    let elsewhere = Attached::Elsewhere {
        wrong: first,
        missing: BTreeSet::new(),
    };
    assert_eq!(found.against(&fewer, &Breakpoints::default()), elsewhere);
    assert_eq!(found.against(&fewer, &found), Attached::AsPlanned);
    tracer.finish(&options)?;
    assert_eq!(scene.breakpoints(pid)?.count(), 0);
    fs::remove_dir_all(&scene.place)?;
    Ok(())
}

/// A trace of the decoy alone puts its probes there, and none into the program.
fn a_decoy_gets_the_probes_first() -> Result<(), Trouble> {
    let release = Release::V0_27;
    let scene = Scene::new("decoy", Mode::Pie, release)?;
    let program = Program::start(&scene.executable, &["fib", "8"])?;
    let decoy = Decoy::of(&scene.executable)?;
    let mut options = Options::of(release);
    options.arguments = vec!["-p".into(), decoy.process().to_string()];
    let mut tracer = Bpftrace::start(&scene.script, &scene.text, &[program.traced()], &options)?;
    tracer.await_events()?;
    let deadline = Instant::now() + Duration::from_secs(5);
    while scene.compare(decoy.process())? != Attached::AsPlanned && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(scene.compare(decoy.process())?, Attached::AsPlanned);
    assert_eq!(scene.breakpoints(program.traced().pid)?.count(), 0);
    tracer.finish(&options)?;
    fs::remove_dir_all(&scene.place)?;
    Ok(())
}

/// A script whose symbols are gone counts nothing, which is not to be taken for a result.
fn a_script_without_its_symbols_is_refused(release: Release) -> Result<(), Trouble> {
    let scene = Scene::new(&format!("without-{}", release.number()), Mode::Default, release)?;
    fs::remove_dir_all(scene.script.with_extension("symbols"))?;
    let program = Program::start(&scene.executable, &["fib", "8"])?;
    let options = Options::of(release);
    let mut tracer = Bpftrace::start(&scene.script, &scene.text, &[program.traced()], &options)?;
    let Err(Trouble::Failed(why)) = tracer.await_events() else {
        return Err(Trouble::Failed("it was not refused".into()));
    };
    assert!(
        why.contains("Could not resolve symbol") || why.contains("no valid attach points"),
        "{why}"
    );
    fs::remove_dir_all(&scene.place)?;
    Ok(())
}

/// All trials.
pub fn suite() -> Suite {
    let mut trials = vec![trial(
        "a_decoy_gets_the_probes_first",
        a_decoy_gets_the_probes_first,
    )];
    for (release, mode) in [
        (Release::V0_17, Mode::Stripped),
        (Release::V0_23, Mode::Pie),
        (Release::V0_27, Mode::Default),
    ] {
        let name = format!("probes_are_where_they_were_planned/{}", release.number());
        trials.push(trial(name, move || {
            probes_are_where_they_were_planned(release, mode)
        }));
    }
    for release in [Release::V0_23, Release::V0_27] {
        let name = format!("a_script_without_its_symbols_is_refused/{}", release.number());
        trials.push(trial(name, move || {
            a_script_without_its_symbols_is_refused(release)
        }));
    }
    trials.into()
}
