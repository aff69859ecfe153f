//! A live case: a recipe whose first comments say which program it traces and what is expected.

use super::bpftrace::{Bpftrace, Options, Release, STRIPPED};
use super::compile::Compile;
use super::expect::check;
use super::go::{self, Mode};
use super::program::Program;
use super::running;
use super::{Trouble, cache};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The header of a case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The recipe.
    pub path: PathBuf,
    /// `program: storm`
    pub program: String,
    /// `arguments: fib 20`; with several processes ` | ` separates theirs.
    pub arguments: Vec<Vec<String>>,
    /// `arguments of all: pace 50000 60`: those when every combination is run.
    pub arguments_of_all: Vec<Vec<String>>,
    /// `go: 1.17.13 1.27.3`
    pub toolchains: Vec<String>,
    /// `mode: default pie`
    pub modes: Vec<String>,
    /// `bpftrace: 0.23 0.27`
    pub releases: Vec<String>,
    /// `processes: 2`
    pub processes: usize,
    /// `contended: yes`: several threads count under one key at the same moment, so that on releases that lose first
    /// samples then the program has one CPU.
    pub contended: bool,
    /// `one cpu: yes`: the program has one CPU on every release.
    pub on_one_cpu: bool,
    /// `compile: -D limit=3`: further arguments of `gobt compile`.
    pub compile: Vec<String>,
    /// `environment: BPFTRACE_PERF_RB_PAGES=1`: of bpftrace.
    pub environment: Vec<String>,
    /// `file: odd name`: the name of the executable, instead of the program's name.
    pub file: String,
    /// `ends: itself` for a recipe with `stop after`.
    pub ends_itself: bool,
    /// `ends: with a crash` of the program.
    pub crashes: bool,
    /// `state: shown`: the script does not empty its own maps at the end, so that they are printed.
    pub shows_state: bool,
    /// `script: range`: the one that is made for several releases is traced, also with the newest.
    pub traces_range: bool,
    /// `sidecar: yes`: the script is attached by symbols of its own; with `GOBT_SIDECAR=all` every script is.
    pub sidecar: bool,
    /// `untraced: same but rate`: the program says the same (but for these numbers) and ends the same when it runs
    /// alone.
    pub same_untraced: Option<Vec<String>>,
    /// `says: rate`: numbers of the program that the test prints for a reader.
    pub says: Vec<String>,
    /// `harmless: Map full`: words in bpftrace's warnings that are expected.
    pub harmless: Vec<String>,
    /// `run: 0.17 0.27`: the releases with which it goes through `gobt run` too; those of the case if it does not say.
    /// `run: no` with a reason for a case that is about the text of scripts.
    pub run_with: Option<Vec<String>>,
    /// `modes of run: all`: it goes through `gobt run` in each of its modes, with each of those releases, not in the
    /// first mode alone with two of them.
    pub all_by_run: bool,
    /// `expect: …`, any number, each with the release and the way it is for: `expect 0.27: …`, `expect run: …`,
    /// `expect script 0.23: …`, or for all.
    pub expectations: Vec<Expectation>,
}

/// What is expected.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Of this release alone.
    release: Option<String>,
    /// In this way alone.
    way: Option<Way>,
    text: String,
}

/// How a recipe comes to its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As a script that bpftrace runs.
    Script,
    /// By `gobt run`.
    Run,
}

impl Expectation {
    /// Reads what stands before and behind the colon.
    fn read(key: &str, text: &str) -> Result<Self, String> {
        let mut expectation = Self {
            release: None,
            way: None,
            text: text.to_owned(),
        };
        for word in key.split_whitespace().skip(1) {
            match word {
                "run" => expectation.way = Some(Way::Run),
                "script" => expectation.way = Some(Way::Script),
                release if Release::numbered(release).is_some() => {
                    expectation.release = Some(release.to_owned());
                }
                _ => return Err(format!("`{word}` is no release that is tested")),
            }
        }
        Ok(expectation)
    }

    fn is_for(&self, run: &Run) -> bool {
        let number = run.release.number();
        let of_release = self.release.as_deref().is_none_or(|release| release == number);
        of_release && self.way.is_none_or(|way| way == run.way)
    }
}

impl Case {
    /// Reads the header of a recipe: the comment lines that it begins with.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let mut case = Self {
            path: path.to_owned(),
            processes: 1,
            sidecar: all_by_sidecar(),
            ..Self::default()
        };
        for line in text.lines().map_while(|line| line.strip_prefix("//")) {
            let Some((key, value)) = line.trim().split_once(": ") else {
                continue;
            };
            case.set(key, value.trim())
                .map_err(|why| format!("{}: {why}", path.display()))?;
        }
        if case.program.is_empty() || case.expectations.is_empty() {
            return Err(format!(
                "{}: a case needs `program:` and `expect:`",
                path.display()
            ));
        }
        let or = |list: &mut Vec<String>, usual: &[&str]| {
            if list.is_empty() {
                list.extend(usual.iter().map(|&word| word.to_owned()));
            }
        };
        or(
            &mut case.toolchains,
            &["1.17.13", "1.19.13", "1.22.12", "1.24.11", "1.27.3"],
        );
        or(&mut case.modes, &["default"]);
        or(&mut case.releases, &["0.23", "0.27"]);
        Ok(case)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let words = || value.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        match key {
            "program" => value.clone_into(&mut self.program),
            "arguments" => self.arguments = argument_lists(value),
            "arguments of all" => self.arguments_of_all = argument_lists(value),
            "go" => self.toolchains = words(),
            "mode" => self.modes = words(),
            "bpftrace" => self.releases = words(),
            "processes" => self.processes = value.parse().map_err(|_| "`processes:` wants a number")?,
            "compile" => self.compile = words(),
            "environment" => self.environment = words(),
            "file" => value.clone_into(&mut self.file),
            "contended" if value == "yes" => self.contended = true,
            "one cpu" if value == "yes" => self.on_one_cpu = true,
            "ends" if value == "itself" => self.ends_itself = true,
            "ends" if value == "with a crash" => self.crashes = true,
            "state" if value == "shown" => self.shows_state = true,
            "script" if value == "range" => self.traces_range = true,
            "sidecar" if value == "yes" => self.sidecar = true,
            "untraced" => {
                let but = value.strip_prefix("same").ok_or("`untraced:` wants `same`")?;
                let names = but.split_whitespace().filter(|word| *word != "but");
                self.same_untraced = Some(names.map(str::to_owned).collect());
            }
            "says" => self.says = words(),
            "harmless" => self.harmless.push(value.to_owned()),
            "modes of run" if value == "all" => self.all_by_run = true,
            "run" if value.starts_with("no ") => self.run_with = Some(Vec::new()),
            "run" => self.run_with = Some(words()),
            _ if key.split_whitespace().next() == Some("expect") => {
                self.expectations.push(Expectation::read(key, value)?);
            }
            _ => return Ok(()), // an ordinary comment
        }
        let none = Vec::new();
        for (list, known) in [
            (&self.toolchains, go::TOOLCHAINS.to_vec()),
            (&self.modes, Mode::ALL.map(Mode::name).to_vec()),
            (&self.releases, Release::ALL.map(Release::number).to_vec()),
            (
                self.run_with.as_ref().unwrap_or(&none),
                Release::ALL.map(Release::number).to_vec(),
            ),
        ] {
            if let Some(odd) = list.iter().find(|word| !known.contains(&word.as_str())) {
                return Err(format!("`{odd}` is not one of {}", known.join(" ")));
            }
        }
        Ok(())
    }

    /// The name of the file without its end.
    pub fn name(&self) -> String {
        self.path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// Every combination that the header asks for.
    pub fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for mode in self.modes.iter().filter_map(|name| Mode::named(name)) {
            for toolchain in &self.toolchains {
                for release in self
                    .releases
                    .iter()
                    .filter_map(|number| Release::numbered(number))
                {
                    runs.push(Run {
                        toolchain: toolchain.clone(),
                        mode,
                        release,
                        whole: true,
                        way: Way::Script,
                    });
                }
            }
        }
        let by_run = |run: &Run| Run {
            way: Way::Run,
            ..run.clone()
        };
        let through_run: Vec<Run> = self
            .releases_of_run()
            .into_iter()
            .flat_map(|release| {
                let first = self.releases.first().map(String::as_str);
                runs.iter()
                    .filter(move |run| Some(run.release.number()) == first)
                    .map(move |run| Run {
                        release,
                        ..by_run(run)
                    })
            })
            .collect();
        runs.extend(through_run);
        runs
    }

    /// The releases with which it goes through `gobt run`.
    fn releases_of_run(&self) -> Vec<Release> {
        let numbers = self.run_with.as_ref().unwrap_or(&self.releases);
        numbers
            .iter()
            .filter_map(|number| Release::numbered(number))
            .collect()
    }

    /// Through `gobt run` in each mode with each release, with one release of Go.
    pub fn through_run(&self) -> Vec<Run> {
        let mut runs = self.runs();
        runs.iter_mut().for_each(|run| run.whole = false);
        runs.retain(|run| {
            let newest = self.releases_of_run().last() == Some(&run.release);
            let wanted = if newest {
                self.toolchains.last()
            } else {
                Some(self.elder())
            };
            run.way == Way::Run && wanted == Some(&run.toolchain)
        });
        runs
    }

    /// The release of Go that is tried with all but the newest bpftrace: the oldest or, for half of the cases, one in
    /// between.
    fn elder(&self) -> &String {
        let at = if self.is_even() {
            0
        } else {
            self.toolchains.len() / 2
        };
        &self.toolchains[at]
    }

    /// It is in one half of the cases.
    fn is_even(&self) -> bool {
        self.name().len().is_multiple_of(2)
    }

    /// A few of the combinations: each mode and each release, the newest Go with the newest release, and with the
    /// others the oldest Go or, for half of the cases, one in between. Through `gobt run` with one of the two newest
    /// releases, and with 0.17 where the case names it.
    pub fn few_runs(&self) -> Vec<Run> {
        let mut few = self.runs();
        few.iter_mut().for_each(|run| run.whole = false);
        few.retain(|run| {
            let newest_release = self.releases.last().map(String::as_str) == Some(run.release.number());
            let wanted = if newest_release {
                self.toolchains.last()
            } else {
                Some(self.elder())
            };
            run.way == Way::Script && wanted == Some(&run.toolchain)
        });
        let mut by_run = self.through_run();
        let first = self.modes.first().and_then(|name| Mode::named(name));
        let of_half = if self
            .name()
            .bytes()
            .fold(0, |sum: u8, byte| sum.wrapping_add(byte))
            % 2
            == 0
        {
            Release::V0_23
        } else {
            Release::V0_27
        };
        let is_only = self.releases_of_run().len() == 1;
        by_run.retain(|run| {
            self.all_by_run
                || Some(run.mode) == first && (is_only || [of_half, Release::V0_17].contains(&run.release))
        });
        few.extend(by_run);
        few
    }
}

/// Every case is run with symbols of the script's own.
#[allow(
    clippy::disallowed_methods,
    reason = "the test is told by its environment what to run"
)]
fn all_by_sidecar() -> bool {
    std::env::var("GOBT_SIDECAR").is_ok_and(|value| value == "all")
}

/// The words of each process's arguments.
fn argument_lists(value: &str) -> Vec<Vec<String>> {
    value
        .split('|')
        .map(|part| part.split_whitespace().map(str::to_owned).collect())
        .collect()
}

/// One combination to run a case in.
#[derive(Clone, Debug)]
pub struct Run {
    /// Go's release.
    pub toolchain: String,
    /// How the program is built.
    pub mode: Mode,
    /// bpftrace's release.
    pub release: Release,
    /// With the arguments that take long.
    pub whole: bool,
    /// How it comes to its answer.
    pub way: Way,
}

impl Run {
    /// `go1.27.3-pie-bpftrace0.23`, `go1.27.3-pie-run0.23`
    pub fn name(&self) -> String {
        let way = match self.way {
            Way::Script => "bpftrace",
            Way::Run => "run",
        };
        format!(
            "go{}-{}-{way}{}",
            self.toolchain,
            self.mode.name(),
            self.release.number()
        )
    }
}

/// Compiles the recipe against the program, traces the program, compares with its truth.
pub fn run(case: &Case, run: &Run) -> Result<(), Trouble> {
    super::bpftrace::usable(run.release)?;
    let built = go::build(&case.program, &run.toolchain, run.mode)?;
    let place = cache().join("live").join(case.name()).join(run.name());
    let name = if case.file.is_empty() {
        &case.program
    } else {
        &case.file
    };
    let executable = go::own_copy(&built, &place, name)?;
    let found_by = run.mode.finish(&executable)?;

    // For the newest release, and for one that the range leaves out, the script that is made for it alone is traced,
    // for others the one for a range; the other one of the two is tried out as far as that goes without a program.
    let in_range = run.release != Release::V0_17;
    let newest = !in_range || (Release::ALL.last() == Some(&run.release) && !case.traces_range);
    let (traced, tried) = (place.join("recipe.bt"), place.join("other.bt"));
    let (alone, range) = if newest {
        (&traced, &tried)
    } else {
        (&tried, &traced)
    };
    let compile = |script| {
        let compile = Compile::new(&case.path, &executable, script).arguments(&case.compile);
        if case.sidecar { compile.sidecar() } else { compile }
    };
    compile(alone).release(run.release).run()?;
    if run.way == Way::Run {
        let options = Options {
            ends_itself: case.ends_itself,
            environment: case.environment.iter().chain(&found_by).cloned().collect(),
            timeout: Duration::from_secs(if run.whole { 900 } else { 240 }),
            harmless: case.harmless.clone(),
            ..Options::of(run.release)
        };
        trace(case, run, &executable, alone, &options)?;
        fs::remove_dir_all(&place)?;
        return Ok(());
    }
    compile(range).run()?;
    let asks_for_unsafe = fs::read_to_string(&traced)?.contains("bpftrace --unsafe ");
    let options = Options {
        ends_itself: case.ends_itself,
        environment: case.environment.iter().chain(&found_by).cloned().collect(),
        timeout: Duration::from_secs(if run.whole { 900 } else { 240 }), // a busy machine takes long
        harmless: (asks_for_unsafe || !in_range)
            .then(|| STRIPPED.to_owned())
            .into_iter()
            .chain(case.harmless.iter().cloned())
            .collect(),
        ..Options::of(run.release)
    };
    let mut script = traced.clone();
    if case.shows_state {
        script = place.join("shown.bt");
        fs::write(&script, with_state_shown(&fs::read_to_string(&traced)?)?)?;
    }
    trace(case, run, &executable, &script, &options)?;
    if in_range && fs::read(&traced)? != fs::read(&tried)? {
        Bpftrace::dry_run(&tried, &executable, &options)?;
    }
    fs::remove_dir_all(&place)?;
    Ok(())
}

/// The script without its `END`, which does nothing but empty the script's own maps before bpftrace prints all there
/// are.
fn with_state_shown(script: &str) -> Result<String, Trouble> {
    let (before, end) = script
        .split_once("\nEND\n{\n")
        .ok_or_else(|| "the script has no END".to_owned())?;
    let (cleared, after) = end
        .split_once("}\n")
        .ok_or_else(|| "the END of the script does not end".to_owned())?;
    if cleared.lines().any(|line| !line.trim().starts_with("clear(@")) {
        return Err(Trouble::Failed(format!("the script's END does more:\n{cleared}")));
    }
    Ok(format!("{before}\n{after}"))
}

/// Runs the program without a trace, and compares its output with the output while it was traced.
fn compare_untraced(
    executable: &Path,
    arguments: &[String],
    said: &[String],
    but: &[String],
) -> Result<(), Trouble> {
    let mut program = Program::start(executable, arguments)?;
    program.go()?;
    program.done(Duration::from_secs(240))?;
    let alone = program.leave()?.said;
    let comparable = |lines: &[String]| -> Vec<String> {
        let varies = |line: &String| {
            let mut words = line.split(' ');
            let (first, second) = (words.next(), words.next());
            first == Some("ready")
                || (first == Some("truth") && but.iter().any(|b| Some(b.as_str()) == second))
        };
        lines.iter().filter(|line| !varies(line)).cloned().collect()
    };
    let (traced, alone) = (comparable(said), comparable(&alone));
    if traced == alone && !alone.is_empty() {
        return Ok(());
    }
    Err(Trouble::Failed(format!(
        "the program says, when it is traced:\n{}\nand when it is not:\n{}",
        traced.join("\n"),
        alone.join("\n")
    )))
}

/// Traces the program with the script, and compares.
fn trace(case: &Case, run: &Run, executable: &Path, script: &Path, options: &Options) -> Result<(), Trouble> {
    let mut programs = Vec::new();
    let given = if run.whole && !case.arguments_of_all.is_empty() {
        &case.arguments_of_all
    } else {
        &case.arguments
    };
    for index in 0..case.processes {
        let none = Vec::new();
        let arguments = given.get(index).or(given.first()).unwrap_or(&none);
        let loses = run.way == Way::Script && run.release.loses_first_samples();
        let mut program = if case.on_one_cpu || (case.contended && loses) {
            Program::start_on_one_cpu(executable, arguments)?
        } else {
            Program::start(executable, arguments)?
        };
        program.may_crash = case.crashes;
        programs.push(program);
    }
    let trace = match run.way {
        Way::Script => Bpftrace::run(script, &mut programs, options)?,
        Way::Run => {
            let text = fs::read_to_string(&case.path)?;
            let recipe = running::Recipe {
                path: &case.path,
                executable,
                script: &fs::read_to_string(script)?,
                arguments: &case.compile,
                tells_trees: text.lines().any(|line| line.starts_with("graph ")),
            };
            running::run(&recipe, &mut programs, options)?
        }
    };
    let mut truths = Vec::new();
    for (index, program) in programs.into_iter().enumerate() {
        let account = program.leave()?;
        if let Some(but) = &case.same_untraced {
            let arguments = given.get(index).or(given.first()).cloned().unwrap_or_default();
            compare_untraced(executable, &arguments, &account.said, but)?;
        }
        truths.push(account.truth);
    }
    for name in &case.says {
        let said: Vec<_> = truths.iter().filter_map(|truth| truth.get(name)).collect();
        eprintln!("{}/{}: {name} {said:?}", case.name(), run.name());
    }
    let wrong: Vec<String> = case
        .expectations
        .iter()
        .filter(|expectation| expectation.is_for(run))
        .filter_map(|expectation| check(&expectation.text, &trace, &truths).err())
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Trouble::Failed(format!(
        "{}\nthe script is {}",
        wrong.join("\n"),
        script.display()
    )))
}
