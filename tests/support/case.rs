//! A live case: one recipe file whose leading comments say what it is run on and what is expected.

use super::bpftrace::{Bpftrace, Options, Release};
use super::expect::check;
use super::go::{self, Mode};
use super::program::Program;
use super::{Trouble, cache};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a case's header says.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The recipe.
    pub path: PathBuf,
    /// `program: storm`
    pub program: String,
    /// `arguments: fib 20`; with several processes ` | ` separates theirs.
    pub arguments: Vec<Vec<String>>,
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
    /// `compile: -D limit=3`: further arguments of `gobt compile`.
    pub compile: Vec<String>,
    /// `file: odd name`: what the executable is called, in place of the program's name.
    pub file: String,
    /// `ends: itself` for a recipe with `stop after`.
    pub ends_itself: bool,
    /// `ends: with a crash` of the program.
    pub crashes: bool,
    /// `expect: …`, any number.
    pub expectations: Vec<String>,
}

impl Case {
    /// Reads the header of a recipe: the comment lines that it begins with.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
        let mut case = Self {
            path: path.to_owned(),
            processes: 1,
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
            "arguments" => {
                let each = value
                    .split('|')
                    .map(|part| part.split_whitespace().map(str::to_owned).collect());
                self.arguments = each.collect();
            }
            "go" => self.toolchains = words(),
            "mode" => self.modes = words(),
            "bpftrace" => self.releases = words(),
            "processes" => self.processes = value.parse().map_err(|_| "`processes:` wants a number")?,
            "compile" => self.compile = words(),
            "file" => value.clone_into(&mut self.file),
            "contended" if value == "yes" => self.contended = true,
            "ends" if value == "itself" => self.ends_itself = true,
            "ends" if value == "with a crash" => self.crashes = true,
            "expect" => self.expectations.push(value.to_owned()),
            _ => return Ok(()), // an ordinary comment
        }
        for (list, known) in [
            (&self.toolchains, go::TOOLCHAINS.to_vec()),
            (&self.modes, Mode::ALL.map(Mode::name).to_vec()),
            (&self.releases, Release::ALL.map(Release::number).to_vec()),
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
                    });
                }
            }
        }
        runs
    }

    /// A few of the combinations: each mode and each release, the newest Go with the newest release, and with the others
    /// the oldest Go or, for half of the cases, one in between.
    pub fn few_runs(&self) -> Vec<Run> {
        let middle = self.toolchains.get(self.toolchains.len() / 2);
        let oldest = self.toolchains.first();
        let elder = if self.name().len().is_multiple_of(2) {
            oldest
        } else {
            middle
        };
        let mut few = self.runs();
        few.retain(|run| {
            let newest_release = self.releases.last().map(String::as_str) == Some(run.release.number());
            let wanted = if newest_release {
                self.toolchains.last()
            } else {
                elder
            };
            wanted == Some(&run.toolchain)
        });
        few
    }
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
}

impl Run {
    /// `go1.27.3-pie-bpftrace0.23`
    pub fn name(&self) -> String {
        format!(
            "go{}-{}-bpftrace{}",
            self.toolchain,
            self.mode.name(),
            self.release.number()
        )
    }
}

/// A warning that a script for several releases cannot avoid: 0.27 has `delete` yield a value, 0.23 does not.
const DISCARDED: &str = "Return value discarded";

/// A warning that belongs to `--unsafe`, without which nothing can be probed by its place in the file.
pub const STRIPPED: &str = "(binary appears stripped)";

/// Compiles the recipe against the program, traces the program, compares with its truth.
pub fn run(gobt: &Path, case: &Case, run: &Run) -> Result<(), Trouble> {
    super::bpftrace::usable(run.release)?;
    let built = go::build(&case.program, &run.toolchain, run.mode)?;
    // A file of its own: probes are on the file, and other tests run the same program meanwhile.
    let place = cache().join("live").join(case.name()).join(run.name());
    fs::create_dir_all(&place)?;
    let name = if case.file.is_empty() {
        &case.program
    } else {
        &case.file
    };
    let executable = place.join(name);
    fs::copy(&built, &executable)?;

    // For the newest release the script that is made for it alone is traced, for others the one for a range; the other
    // one of the two is tried out as far as that goes without a program.
    let newest = Release::ALL.last() == Some(&run.release);
    let (traced, tried) = (place.join("recipe.bt"), place.join("other.bt"));
    compile(gobt, case, newest.then_some(run.release), &executable, &traced)?;
    compile(gobt, case, (!newest).then_some(run.release), &executable, &tried)?;
    let options = |exact: bool| Options {
        ends_itself: case.ends_itself,
        harmless: [
            (!exact).then(|| DISCARDED.to_owned()),
            (run.mode == Mode::Stripped).then(|| STRIPPED.to_owned()),
        ]
        .into_iter()
        .flatten()
        .collect(),
        ..Options::of(run.release)
    };
    trace(case, run, &executable, &traced, &options(newest))?;
    if fs::read(&traced)? != fs::read(&tried)? {
        Bpftrace::dry_run(&tried, &executable, &options(!newest))?;
    }
    fs::remove_dir_all(&place)?;
    Ok(())
}

/// Traces the program with the script, and compares.
fn trace(case: &Case, run: &Run, executable: &Path, script: &Path, options: &Options) -> Result<(), Trouble> {
    let mut programs = Vec::new();
    for index in 0..case.processes {
        let none = Vec::new();
        let arguments = case
            .arguments
            .get(index)
            .or(case.arguments.first())
            .unwrap_or(&none);
        let mut program = if case.contended && run.release.loses_first_samples() {
            Program::start_on_one_cpu(executable, arguments)?
        } else {
            Program::start(executable, arguments)?
        };
        program.may_crash = case.crashes;
        programs.push(program);
    }
    let trace = Bpftrace::run(script, &mut programs, options)?;
    let mut truths = Vec::new();
    for program in programs {
        truths.push(program.quit()?);
    }
    let wrong: Vec<String> = case
        .expectations
        .iter()
        .filter_map(|expectation| check(expectation, &trace, &truths).err())
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

/// `gobt compile`, for one release or for the range that scripts are made for when none is asked for.
fn compile(
    gobt: &Path,
    case: &Case,
    release: Option<Release>,
    executable: &Path,
    script: &Path,
) -> Result<(), Trouble> {
    let mut command = Command::new(gobt);
    command
        .arg("compile")
        .arg(&case.path)
        .arg("--bin")
        .arg(executable)
        .arg("-o")
        .arg(script)
        .args(&case.compile);
    if let Some(release) = release {
        command.args(["--bpftrace", release.number()]);
    }
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(Trouble::Failed(format!(
        "gobt compile:\n{}",
        String::from_utf8_lossy(&output.stderr)
    )))
}
