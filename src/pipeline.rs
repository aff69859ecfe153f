//! The order of the stages. No other module knows it.

use crate::analyze::{self, Options};
use crate::bt;
use crate::diagnostic::Diagnostic;
use crate::lower;
use crate::manifest::Manifest;
use crate::plan::Plan;
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
    let (plan, problems) = analyze::analyze(recipe, source, program, options);
    let Some(plan) = plan else { return Err(problems) };
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
