//! From a recipe and a program to a plan: names, types, places, checks. Every mistake of the user is reported here.

mod aggregation;
mod assemble;
mod block;
mod builder;
mod by_itself;
mod called;
mod clauses;
mod copies;
mod declared;
mod errors;
mod eval;
mod events;
mod foreign;
mod inlined;
mod keys;
mod labels;
mod lines;
mod located;
mod numbers;
mod params;
mod promoted;
mod range;
mod script;
mod show;
mod shown_types;
mod signature;
mod statements;
mod stop;
#[cfg(test)]
mod tests;
mod timers;
mod told;
mod traced;
mod unsupported;
mod value;
pub mod verbs;
mod word_names;

use crate::bt::dialect::Dialect;
use crate::diagnostic::{Diagnostic, Problems};
use crate::plan::Plan;
use crate::source::Source;
use crate::syntax::ast;
use crate::target::Program;
use crate::target::attach::Sidecar;

pub(crate) use builder::Builder;
pub use declared::target_of;

/// What the command line adds to a recipe.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only this process is traced.
    pub pid: Option<u32>,
    /// `-D NAME=VALUE`, in order.
    pub defines: Vec<(String, String)>,
    /// The releases of bpftrace the output is for.
    pub dialect: Dialect,
    /// The path that the script is written to, if it is known.
    pub script: Option<String>,
    /// Something reads what the script writes, and can keep it for a while.
    pub records: bool,
    /// The directory of the symbols that probes are attached by, if not by addresses: what `BCC_SYMFS` is to be.
    pub sidecar: Option<Sidecar>,
    /// Functions that patterns leave out.
    pub left_out: Vec<String>,
    /// Each process has rows of its own in every result.
    pub by_process: bool,
}

/// Makes the plan of a recipe for a program. The plan is there exactly when no problem is an error.
pub fn analyze(
    recipe: &ast::Recipe,
    source: &Source,
    program: &dyn Program,
    options: &Options,
) -> (Option<Plan>, Vec<Diagnostic>) {
    let mut problems = Problems::default();
    let plan = script::plan(recipe, source, program, options, &mut problems);
    let failed = problems.has_errors();
    let mut problems = problems.sorted();
    if failed {
        foreign::help(&mut problems, source, program, options);
    }
    (if failed { None } else { plan }, problems)
}
