//! The description of itself that each script contains: the program that it was made for, what it relies on, where its
//! probes are.
//!
//! [`Manifest`] is the description as data; `text.rs` writes it into the script and reads it; [`Script`] is a script
//! with its manifest, and [`Script::fits`] compares the manifest with an opened program.

mod fits;
mod script;
mod text;

pub use script::Script;

use crate::bt;
use crate::bt::dialect::Dialect;
use crate::bt::own_symbols::OwnSymbols;
use crate::plan::{self, Column, Output, Plan, Step, walk};
use crate::target::Site;
use crate::target::attach::Taken;
use crate::target::fingerprint::Fingerprint;
use serde::{Deserialize, Serialize};

/// The version of the manifest's form.
const VERSION: u32 = 2;

/// The description of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of its form.
    pub version: u32,
    /// The release of gobt that made the script.
    pub gobt: String,
    /// The releases of bpftrace that it is for: `0.23 to 0.27`.
    pub bpftrace: String,
    /// The name of the recipe that it was made from.
    pub recipe: String,
    /// The program's path.
    pub program: String,
    /// Go's version: `go1.22.12`.
    pub go: String,
    /// The program's build id, if it had one.
    pub build_id: Option<String>,
    /// Its addresses are relative to where it is loaded.
    pub position_independent: bool,
    /// The script runs with `--unsafe`: a number that no symbol covers is a place in the file.
    pub is_unsafe: bool,
    /// The symbols that its probes are attached by, if not by numbers, and the directory that they are below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sidecar: Option<Sidecar>,
    /// Only this process is traced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<u32>,
    /// What it relies on.
    pub relies_on: Fingerprint,
    /// The results, those of the recipe first and in its order.
    pub outputs: Vec<Output>,
    /// The probes in the program, in the order of the plan. A script may have one probe for several of them.
    pub probes: Vec<Probe>,
    /// A hash of all other fields, only in the text of the script: it shows whether somebody edited one.
    #[serde(default)]
    seal: String,
}

/// The symbols of a script's own, and the directory with their files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sidecar {
    /// The directory that `BCC_SYMFS` has to name.
    pub directory: String,
    /// The symbols.
    pub symbols: OwnSymbols,
}

/// A probe of a function, with its sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Go's name of the function.
    pub function: String,
    /// When the probe runs.
    pub event: Event,
    /// The instructions that it is attached to.
    pub points: Vec<Point>,
    /// The lines that it may write: what each shows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Vec<Column>>,
}

/// When a probe of a function runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A call begins.
    Entry,
    /// A call returns.
    Return,
}

/// An instruction that a probe is attached to. It is written as `[number,offset,instruction]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "(u64, u64, String)", from = "(u64, u64, String)")]
pub struct Point {
    /// The number in the attach point: the instruction's link-time address, or its offset in the file. With
    /// symbols of the script's own it is the address.
    pub number: u64,
    /// Bytes from the beginning of the function.
    pub offset: u64,
    /// As it was decoded: `push rbp`.
    pub instruction: String,
}

impl From<(u64, u64, String)> for Point {
    fn from((number, offset, instruction): (u64, u64, String)) -> Self {
        Self {
            number,
            offset,
            instruction,
        }
    }
}

impl From<Point> for (u64, u64, String) {
    fn from(point: Point) -> Self {
        (point.number, point.offset, point.instruction)
    }
}

impl Manifest {
    /// The manifest of the script that is made from `plan` for the releases of `dialect`.
    #[must_use]
    pub fn of(plan: &Plan, dialect: Dialect) -> Self {
        let id = &plan.identity;
        Self {
            version: VERSION,
            gobt: env!("CARGO_PKG_VERSION").to_owned(),
            bpftrace: dialect.range(),
            recipe: plan.recipe.clone(),
            program: id.path.clone(),
            go: id.go_version.clone(),
            build_id: id.build_id.clone(),
            position_independent: id.position_independent,
            is_unsafe: plan.numbers.taken.is_unsafe(),
            sidecar: None,
            process: plan.pid,
            relies_on: plan.relies_on.clone(),
            outputs: plan.all_results(),
            probes: plan
                .probes
                .iter()
                .filter_map(|probe| of_probe(plan, probe))
                .collect(),
            seal: String::new(),
        }
    }

    /// The same for a script that turned out to be attached by symbols of its own, if `script` is.
    #[must_use]
    pub(crate) fn attached_by(mut self, plan: &Plan, script: &bt::Program) -> Self {
        if let (Taken::OwnSymbols(sidecar), Some(symbols)) = (&plan.numbers.taken, &script.symbols) {
            self.sidecar = Some(Sidecar {
                directory: sidecar.directory.clone(),
                symbols: symbols.clone(),
            });
        }
        self
    }

    /// Every instruction that a probe is attached to.
    pub fn points(&self) -> impl Iterator<Item = &Point> {
        self.probes.iter().flat_map(|probe| &probe.points)
    }
}

/// The description of a probe in the program.
fn of_probe(plan: &Plan, probe: &plan::Probe) -> Option<Probe> {
    let event = match probe.event {
        plan::Event::Entry(_) => Event::Entry,
        plan::Event::Return(_) => Event::Return,
        plan::Event::Timer(_) => return None,
    };
    let point = |site: &Site| Point {
        number: plan.numbers.of_address(site.address),
        offset: site.offset,
        instruction: site.instruction.clone(),
    };
    Some(Probe {
        function: plan.function_of(probe)?.name.clone(),
        event,
        points: probe.sites.iter().map(point).collect(),
        lines: lines(&probe.steps),
    })
}

/// The columns of the lines that some steps may write.
fn lines(steps: &[Step]) -> Vec<Vec<Column>> {
    let mut found = Vec::new();
    walk::each(steps, &mut |step| {
        if let Step::Print(line, _) = step {
            found.push(line.columns.clone());
        }
    });
    found
}
