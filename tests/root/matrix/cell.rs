//! One cell: what can be asked of a program that is built in this way, and whether the answers are right.

use crate::support::bpftrace::{Bpftrace, Options, Release, STRIPPED};
use crate::support::compile::Compile;
use crate::support::expect::check;
use crate::support::go::{self, Mode, TOOLCHAINS};
use crate::support::program::{Program, Truth};
use crate::support::trace::Trace;
use crate::support::{Lack, Trouble, bpftrace, cache, repository};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The ways of building, with their names at the head of a table.
pub(crate) const MODES: [(Mode, &str); 9] = [
    (Mode::Default, "default"),
    (Mode::Trimpath, "`-trimpath`"),
    (Mode::Pie, "PIE"),
    (Mode::Cgo, "cgo, linked by gcc"),
    (Mode::NoOpt, "`-N -l`"),
    (Mode::NoDwarf, "`-w`"),
    (Mode::Stripped, "`-s -w`"),
    (Mode::Amd64V1, "`GOAMD64=v1`"),
    (Mode::Amd64V3, "`GOAMD64=v3`"),
];

/// The cells that are run when not all are asked for: every Go release, mode and bpftrace, and the pairs in which
/// something is different from all others.
const FEW: [(&str, Mode, Release); 20] = [
    // The oldest and the newest of everything.
    ("1.17.13", Mode::Default, Release::V0_17),
    ("1.17.13", Mode::Default, Release::V0_23),
    ("1.27.3", Mode::Default, Release::V0_17),
    ("1.27.3", Mode::Default, Release::V0_27),
    // Without optimisation Go 1.17 tells its results.
    ("1.17.13", Mode::NoOpt, Release::V0_23),
    ("1.27.3", Mode::NoOpt, Release::V0_17),
    // Places in the file, of programs that are moved, have no symbols, or were linked by another linker.
    ("1.27.3", Mode::Pie, Release::V0_17),
    ("1.20.14", Mode::Pie, Release::V0_23),
    ("1.24.11", Mode::Pie, Release::V0_27),
    ("1.18.10", Mode::Cgo, Release::V0_27),
    ("1.22.12", Mode::Cgo, Release::V0_17),
    ("1.27.3", Mode::Cgo, Release::V0_23),
    ("1.19.13", Mode::Stripped, Release::V0_27),
    ("1.21.13", Mode::Stripped, Release::V0_17),
    ("1.27.3", Mode::Stripped, Release::V0_23),
    ("1.22.12", Mode::NoDwarf, Release::V0_23),
    // Go's releases in between, and the last two modes.
    ("1.23.12", Mode::Trimpath, Release::V0_27),
    ("1.25.5", Mode::Amd64V1, Release::V0_23),
    ("1.26.6", Mode::Amd64V3, Release::V0_27),
    ("1.20.14", Mode::Amd64V3, Release::V0_23),
];

/// A Go release, a way of building, a bpftrace release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    /// bpftrace.
    pub(crate) release: Release,
    /// Go, as `1.22.12`.
    pub(crate) toolchain: &'static str,
    /// How it is built.
    pub(crate) mode: Mode,
}

/// What a cell comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All that can be asked there has the right answer, and the rest is refused; which that is.
    Holds(String),
    /// The machine lacks something.
    Skipped(Lack),
    /// The first thing that is wrong.
    Wrong(String),
}

/// All cells.
pub(crate) fn all() -> Vec<Cell> {
    let mut all = Vec::new();
    // Those that share a program stand together.
    for toolchain in TOOLCHAINS {
        for (mode, _) in MODES {
            for release in Release::ALL {
                all.push(Cell {
                    release,
                    toolchain,
                    mode,
                });
            }
        }
    }
    all
}

/// The cells of `FEW`.
pub(crate) fn few() -> Vec<Cell> {
    let cell = |&(toolchain, mode, release)| Cell {
        release,
        toolchain,
        mode,
    };
    FEW.iter().map(cell).collect()
}

/// An error if a release or mode is not among the few cells.
pub(crate) fn covered() -> Result<(), String> {
    for cell in all() {
        let has = |test: fn(&Cell, &Cell) -> bool| few().iter().any(|other| test(other, &cell));
        if !(has(|a, b| a.toolchain == b.toolchain)
            && has(|a, b| a.mode == b.mode)
            && has(|a, b| a.release == b.release))
        {
            return Err(format!("no cell of the few is like {}", cell.name()));
        }
    }
    Ok(())
}

/// A recipe of the matrix, and what has to be true of its results.
struct Part {
    recipe: &'static str,
    expectations: &'static [&'static str],
    /// Begin of the names of the texts that the program says have to be printed, each once.
    lines: Option<&'static str>,
}

const TIMES: Part = Part {
    recipe: "times",
    expectations: &[
        "@work == truth work",
        "sum @waits == truth waits",
        "keys @waits == truth goroutines",
        "low @waits >= 1024",
        "sum @waited == truth waits",
        "low @waited >= 2",
        "truth moved >= 1", // or else nothing was shown of goroutines that change threads
        "@digs == truth digs",
        "sum @dug == truth digs",
        "@callbacks == truth callbacks",
        "sum @calledFor == truth callbacks",
    ],
    lines: None,
};

const ARGUMENTS: Part = Part {
    recipe: "arguments",
    expectations: &[
        "@sevens == truth sevens",
        "@depths == truth depths",
        "@kept == truth depths",
        "sum @byAmount == truth payments",
        "@byAmount[-128] == truth amount:-128",
        "@byAmount[9223372036854775807] == truth amount:9223372036854775807",
    ],
    lines: Some("line-passed-"),
};

const RESULTS: Part = Part {
    recipe: "results",
    expectations: &["@answered == truth sevens", "@failed == truth failed"],
    lines: Some("line-returned-"),
};

impl Cell {
    /// `1.22-pie-bpftrace0.23`
    pub(crate) fn name(self) -> String {
        let (minor, mode) = (self.minor(), self.mode.name());
        format!("1.{minor}-{mode}-bpftrace{}", self.release.number())
    }

    /// The release of Go: 22 of `1.22.12`.
    pub(crate) fn minor(self) -> u32 {
        go::minor(self.toolchain).expect("a toolchain has a number")
    }

    /// Runs it.
    pub(crate) fn run(self) -> Outcome {
        if self.without_levels() {
            return Outcome::Holds("no `GOAMD64`".into());
        }
        match self.try_run() {
            Ok(what) => Outcome::Holds(what),
            Err(Trouble::Lacks(lack)) => Outcome::Skipped(lack),
            Err(Trouble::Failed(why)) => Outcome::Wrong(why),
        }
    }

    /// Go before 1.18 knows no `GOAMD64`: the program would be the one of the first column.
    fn without_levels(self) -> bool {
        self.minor() < 18 && matches!(self.mode, Mode::Amd64V1 | Mode::Amd64V3)
    }

    /// The code with which a part has to be refused here, if it has to.
    fn refused(self, part: &Part) -> Option<&'static str> {
        let typed = part.recipe != TIMES.recipe;
        match self.mode {
            Mode::NoDwarf | Mode::Stripped if typed => Some("E0244"),
            // Its compiler writes results down for code without optimisation only.
            _ if self.minor() == 17 && part.recipe == RESULTS.recipe && self.mode != Mode::NoOpt => {
                Some("E0404")
            }
            _ => None,
        }
    }

    fn try_run(self) -> Result<String, Trouble> {
        if self.mode == Mode::Amd64V3 && !has_v3()? {
            return Err(Lack::Processor.into());
        }
        bpftrace::usable(self.release)?;
        let built = go::build("matrix", self.toolchain, self.mode)?;
        let place = cache().join("matrix").join(self.name());
        let executable = go::own_copy(&built, &place, "matrix")?;

        let mut recipe = String::new();
        let mut parts = Vec::new();
        for part in [TIMES, ARGUMENTS, RESULTS] {
            let path = repository()
                .join("tests/matrix")
                .join(format!("{}.gobt", part.recipe));
            match self.refused(&part) {
                Some(code) => self.is_refused(&path, &executable, code)?,
                None => {
                    recipe.push_str(&fs::read_to_string(&path)?);
                    parts.push(part);
                }
            }
        }
        let (all, script) = (place.join("all.gobt"), place.join("all.bt"));
        fs::write(&all, recipe)?;
        self.compile(&all, &executable, &script).run()?;
        let (trace, truth) = self.trace(&executable, &script)?;
        for part in &parts {
            self.compare(part, &trace, &truth)?;
        }
        fs::remove_dir_all(place)?;
        Ok(match parts.len() {
            3 => "all",
            2 => "times, arguments",
            _ => "times",
        }
        .into())
    }

    /// Traces the program with the script.
    fn trace(self, executable: &Path, script: &Path) -> Result<(Trace, BTreeMap<String, Truth>), Trouble> {
        let none: [&str; 0] = [];
        let mut programs = [if self.release.loses_first_samples() {
            Program::start_on_one_cpu(executable, &none)?
        } else {
            Program::start(executable, &none)?
        }];
        let mut options = Options::of(self.release);
        if fs::read_to_string(script)?.contains("--unsafe") {
            options.harmless.push(STRIPPED.into());
        }
        let trace = Bpftrace::run(script, &mut programs, &options)?;
        let [program] = programs;
        Ok((trace, program.quit()?))
    }

    /// Compares all that a part prints; the error is the first thing that is wrong.
    fn compare(self, part: &Part, trace: &Trace, truth: &BTreeMap<String, Truth>) -> Result<(), Trouble> {
        let truths = [truth.clone()];
        for expectation in part.expectations {
            check(expectation, trace, &truths)?;
        }
        if part.recipe == TIMES.recipe {
            for (name, calls) in with_prefix(truth, "goroutine-") {
                let Truth::Number(calls) = calls else { continue };
                check(&format!("sum @waits[_, {name}] == {calls}"), trace, &truths)?;
            }
        }
        let Some(lines) = part.lines else { return Ok(()) };
        // Lines of several processors need not come in the order in which they were written.
        let mark = if lines == "line-returned-" {
            ": returned "
        } else {
            " for "
        };
        let mut printed: Vec<&str> = trace
            .lines
            .iter()
            .map(String::as_str)
            .filter(|line| line.contains(": returned ") == (mark == ": returned ") && !line.is_empty())
            .collect();
        let mut wanted: Vec<String> = with_prefix(truth, lines)
            .filter_map(|(_, text)| match text {
                Truth::Text(text) => Some(self.as_shown(text, truth)),
                Truth::Number(_) => None,
            })
            .collect();
        printed.sort_unstable();
        wanted.sort_unstable();
        if wanted.is_empty() {
            return Err(Trouble::Failed(format!("the program said nothing of {lines}")));
        }
        if printed == wanted {
            return Ok(());
        }
        let mut why = format!("{} lines, and there are to be {}", printed.len(), wanted.len());
        if let Some((printed, wanted)) = printed
            .iter()
            .zip(&wanted)
            .find(|(printed, wanted)| printed != wanted)
        {
            let _ = write!(why, "; the first wrong one is {printed:?}, to be {wanted:?}");
        }
        Err(Trouble::Failed(why))
    }

    /// A line as this release shows it: before 0.22 an error that is made of several pieces is shown by its type.
    fn as_shown(self, line: &str, truth: &BTreeMap<String, Truth>) -> String {
        match truth.get("composed") {
            Some(Truth::Text(error)) if self.release == Release::V0_17 => {
                line.replace(error, "*fs.PathError")
            }
            _ => line.to_owned(),
        }
    }

    /// That `gobt compile` does not take a recipe, says why with this code, and with no other.
    fn is_refused(self, recipe: &Path, executable: &Path, code: &str) -> Result<(), Trouble> {
        let script = executable.with_file_name("refused.bt");
        let output = self.compile(recipe, executable, &script).output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        let codes: Vec<&str> = said
            .lines()
            .filter_map(|line| line.strip_prefix("error["))
            .filter_map(|rest| rest.split(']').next())
            .collect();
        if output.status.success()
            || codes.is_empty()
            || codes.iter().any(|found| *found != code)
            || script.exists()
        {
            return Err(Trouble::Failed(format!(
                "{} is to be refused with {code}, but gobt says {codes:?}",
                recipe.display()
            )));
        }
        Ok(())
    }

    fn compile(self, recipe: &Path, executable: &Path, script: &Path) -> Compile {
        Compile::new(recipe, executable, script).release(self.release)
    }
}

/// What the program said under names that begin so, by the rest of the name.
fn with_prefix<'a>(
    truth: &'a BTreeMap<String, Truth>,
    prefix: &'a str,
) -> impl Iterator<Item = (&'a str, &'a Truth)> {
    truth
        .iter()
        .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value)))
}

/// Whether this processor has what `GOAMD64=v3` asks for.
fn has_v3() -> Result<bool, Trouble> {
    let flags = fs::read_to_string("/proc/cpuinfo")?;
    let flags = flags
        .lines()
        .find(|line| line.starts_with("flags"))
        .unwrap_or_default();
    let has = |wanted: &str| flags.split_whitespace().any(|flag| flag == wanted);
    Ok(["avx2", "bmi1", "bmi2", "fma", "movbe"].into_iter().all(has))
}
