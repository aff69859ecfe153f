//! The order of the stages. No other module knows it.

use crate::analyze::{self, Options};
use crate::bt::{self, own_symbols::OwnSymbols};
use crate::diagnostic::Diagnostic;
use crate::lower;
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::plan::record::Layout;
use crate::source::Source;
use crate::syntax::{self, ast::Recipe};
use crate::target::Program;

/// A compiled recipe, stage by stage.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// What the script does at which site.
    pub plan: Plan,
    /// The script as data.
    pub program: bt::Program,
    /// The script.
    pub text: String,
}

/// Reads a recipe.
///
/// # Errors
/// What is wrong with it, by place.
pub fn read(source: &Source) -> Result<Recipe, Vec<Diagnostic>> {
    let (recipe, problems) = syntax::parse(source);
    if problems.has_errors() {
        return Err(problems.sorted());
    }
    Ok(recipe)
}

/// Compiles a recipe for a program. Warnings come with the result; errors come instead of it.
///
/// # Errors
/// What is wrong, by place in the recipe, warnings too.
pub fn compile(
    recipe: &Recipe,
    source: &Source,
    program: &dyn Program,
    options: &Options,
) -> Result<(Compiled, Vec<Diagnostic>), Vec<Diagnostic>> {
    let (plan, problems) = plan(recipe, source, program, options)?;
    let manifest = Manifest::of(&plan, options.dialect);
    let script = lower::lower(&plan, &manifest, options.dialect);
    let manifest = manifest.attached_by(&plan, &script);
    let text = bt::print::program(&script, options.dialect) + &manifest.line();
    Ok((
        Compiled {
            plan,
            program: script,
            text,
        },
        problems,
    ))
}

/// A recipe compiled to a script that writes records, with what they hold.
#[derive(Clone, Debug)]
pub struct Recording {
    /// What is to be done where.
    pub plan: Plan,
    /// What the records of each of the plan's probes hold, by the number of the statement.
    pub layouts: Vec<Vec<Layout>>,
    /// The limit of text in bytes.
    pub longest_text: u64,
    /// How many probes bpftrace has to allow, where it counts each and would not by itself.
    pub room_for_probes: Option<usize>,
    /// The symbols that it is attached by.
    pub symbols: Option<OwnSymbols>,
    /// The script.
    pub text: String,
}

/// Compiles a recipe for a program to a script that writes records, with texts of at most so many bytes if somebody
/// says how many.
///
/// # Errors
/// What is wrong, by place in the recipe, warnings too.
pub fn record(
    recipe: &Recipe,
    source: &Source,
    program: &dyn Program,
    options: &Options,
    longest_text: Option<u64>,
) -> Result<(Recording, Vec<Diagnostic>), Vec<Diagnostic>> {
    let options = Options {
        records: true,
        ..options.clone()
    };
    let (plan, problems) = plan(recipe, source, program, &options)?;
    Ok((recorded(plan, &options, longest_text), problems))
}

/// The script of a trial: it counts the calls of a plan's functions.
pub(crate) fn trial(plan: &Plan, options: &Options) -> Recording {
    recorded(crate::plan::trial::of(plan), options, None)
}

fn recorded(plan: Plan, options: &Options, longest_text: Option<u64>) -> Recording {
    let recorded = lower::lower_records(&plan, options.dialect, longest_text);
    let places = plan.probes.iter().map(|probe| probe.sites.len()).sum();
    let room_for_probes = lower::settings::room_for_places(places);
    let room_for_probes = room_for_probes.filter(|_| !options.dialect.attaches_many_at_once());
    let text = bt::print::records(&recorded.program, options.dialect);
    Recording {
        plan,
        layouts: recorded.layouts,
        longest_text: recorded.longest_text,
        room_for_probes,
        symbols: recorded.program.symbols,
        text,
    }
}

/// Warnings for a recipe that can be run.
///
/// # Errors
/// All mistakes of the recipe for this program.
pub fn check(
    recipe: &Recipe,
    source: &Source,
    program: &dyn Program,
    options: &Options,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let options = Options {
        records: true,
        ..options.clone()
    };
    plan(recipe, source, program, &options).map(|(_, warnings)| warnings)
}

fn plan(
    recipe: &Recipe,
    source: &Source,
    program: &dyn Program,
    options: &Options,
) -> Result<(Plan, Vec<Diagnostic>), Vec<Diagnostic>> {
    match analyze::analyze(recipe, source, program, options) {
        (Some(plan), problems) => Ok((plan, problems)),
        (None, problems) => Err(problems),
    }
}
