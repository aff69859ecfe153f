//! `gobt compile`: a recipe to bpftrace source.

use super::programs::{self, Named};
use super::report::{self, DONE, ENVIRONMENT};
use super::{CompileArgs, Emit, Format, input, output};
use crate::diagnostic::Diagnostic;
use crate::pipeline;
use crate::source::Source;
use crate::syntax::{ast::Recipe, dump};
use crate::target::Target;
use std::path::Path;

/// Compiles one recipe.
pub(super) fn run(args: &CompileArgs) -> u8 {
    let source = match input::recipe(&args.recipe) {
        Ok(source) => source,
        Err(problem) => {
            return fail(
                &Source::new(input::name(&args.recipe), ""),
                &[problem],
                args.format,
            );
        }
    };
    let recipe = match pipeline::read(&source) {
        Ok(recipe) => recipe,
        Err(problems) => return fail(&source, &problems, args.format),
    };
    if args.emit == Emit::Ast {
        return write(args, &dump::dump(&recipe));
    }
    match compile(args, &source, &recipe) {
        Ok((text, warnings)) => {
            if !warnings.is_empty() {
                report::to_stderr(&source, &warnings, args.format);
            }
            write(args, &text)
        }
        Err(problems) => fail(&source, &problems, args.format),
    }
}

fn compile(
    args: &CompileArgs,
    source: &Source,
    recipe: &Recipe,
) -> Result<(String, Vec<Diagnostic>), Vec<Diagnostic>> {
    let options = programs::options(&args.program).map_err(|p| vec![p])?;
    let named: Named = programs::path(&args.program, recipe, &args.recipe)?;
    let loaded = named.load().map_err(|p| vec![p])?;
    let target = Target::open(&loaded).map_err(|p| vec![p])?;
    let (compiled, mut warnings) = pipeline::compile(recipe, source, &target, &options)?;
    loaded.unchanged().map_err(|p| vec![p])?;
    warnings.extend(programs::notes(&loaded));
    let text = match args.emit {
        Emit::Plan => crate::plan::print::plan(&compiled.plan),
        Emit::Program => crate::bt::print::model(&compiled.program),
        Emit::Ast | Emit::Bpftrace => compiled.text,
    };
    Ok((text, warnings))
}

fn write(args: &CompileArgs, text: &str) -> u8 {
    match &args.output {
        Some(path) if path != Path::new("-") => match output::write_file(path, text) {
            Ok(()) => DONE,
            Err(error) => report::failure(&format!("cannot write `{}`", path.display()), &error),
        },
        _ => match output::to_stdout(text) {
            Ok(()) => DONE,
            Err(error) => report::failure("cannot write to standard output", &error),
        },
    }
}

fn fail(source: &Source, problems: &[Diagnostic], format: Format) -> u8 {
    report::to_stderr(source, problems, format);
    report::exit_code(problems).max(if problems.is_empty() { ENVIRONMENT } else { DONE })
}
