//! A recipe and a program, without a command line.

use gobt::analyze::Options;
use gobt::diagnostic::{Code, Diagnostic};
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::Target;
use gobt::target::load::Loaded;
use std::path::Path;

/// Compiles a recipe for the program in a file. The error has all problems, including warnings.
pub fn compile(source: &Source, program: &Path) -> Result<(), Vec<(Code, String)>> {
    let plain = |problems: Vec<Diagnostic>| -> Vec<(Code, String)> {
        problems.into_iter().map(|p| (p.code, p.message)).collect()
    };
    let recipe = pipeline::read(source).map_err(plain)?;
    let loaded = Loaded::open(program).map_err(|p| plain(vec![p]))?;
    let target = Target::open(&loaded).map_err(|p| plain(vec![p]))?;
    let (_, warnings) = pipeline::compile(&recipe, source, &target, &Options::default()).map_err(plain)?;
    if warnings.is_empty() {
        Ok(())
    } else {
        Err(plain(warnings))
    }
}
