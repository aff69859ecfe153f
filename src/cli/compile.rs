//! `gobt compile`: a recipe to bpftrace source.

use super::overwrite::Inputs;
use super::programs::{self, Named};
use super::report::{self, DONE, ENVIRONMENT};
use super::{CompileArgs, Emit, Format, input, installed, output, sidecar};
use crate::diagnostic::Diagnostic;
use crate::pipeline;
use crate::sidecar::File;
use crate::source::Source;
use crate::syntax::{ast::Recipe, dump};
use crate::target::Target;
use crate::target::attach::Sidecar;
use std::path::Path;

/// Compiles one recipe.
pub(super) fn run(args: &CompileArgs) -> u8 {
    let source = match input::recipes(args.recipe.as_slice(), &args.expressions) {
        Ok(source) => source,
        Err(unread) => return fail(&unread.source, &[unread.problem], args.format),
    };
    let recipe = match pipeline::read(&source) {
        Ok(recipe) => recipe,
        Err(problems) => return fail(&source, &problems, args.format),
    };
    let mut inputs = Inputs::default();
    if let Some(path) = &args.recipe {
        inputs.add(path, "the recipe");
    }
    for path in programs::paths(&args.program, &recipe, recipe_path(args)) {
        inputs.add(&path, "a file that the recipe is compiled from");
    }
    if args.emit == Emit::Ast {
        return write(args, &inputs, &dump::dump(&recipe));
    }
    match compile(args, &source, &recipe, &mut inputs) {
        Ok(Made {
            text,
            files,
            warnings,
        }) => {
            if !warnings.is_empty() {
                report::to_stderr(&source, &warnings, args.format);
            }
            if let Err(problem) = inputs
                .spare(args.output.as_deref())
                .and_then(|()| sidecar::spare(&files, &inputs))
            {
                return report::all(&[problem], args.format);
            }
            // The script comes last: where it is, its symbols are.
            match sidecar::write(&files) {
                Ok(()) => write(args, &inputs, &text),
                Err((path, error)) => report::failure(&format!("cannot write `{}`", path.display()), &error),
            }
        }
        Err(problems) => fail(&source, &problems, args.format),
    }
}

/// Where relative paths in the recipe begin.
fn recipe_path(args: &CompileArgs) -> &Path {
    args.recipe.as_deref().unwrap_or(Path::new(input::EXPRESSION))
}

/// What there is to write and to say.
struct Made {
    text: String,
    files: Vec<File>,
    warnings: Vec<Diagnostic>,
}

fn compile(
    args: &CompileArgs,
    source: &Source,
    recipe: &Recipe,
    inputs: &mut Inputs,
) -> Result<Made, Vec<Diagnostic>> {
    let mut options = programs::options(&args.program).map_err(|p| vec![p])?;
    if args
        .program
        .bpftrace
        .as_deref()
        .is_none_or(|release| release == programs::AUTO)
        && let Some(dialect) = installed::dialect()
    {
        options.dialect = dialect;
    }
    // A script that is written to a device or pipe will have another path.
    options.script = args
        .output
        .as_ref()
        .filter(|path| path.as_os_str() != "-" && !path.starts_with("/dev") && !path.starts_with("/proc"))
        .map(|path| path.to_string_lossy().into_owned());
    let directory = args.sidecar.as_deref().map(sidecar::directory);
    let directory = directory.transpose().map_err(|p| vec![p])?;
    options.sidecar = directory.map(|directory| Sidecar {
        directory,
        is_verified: false,
    });
    let named: Named = programs::path(&args.program, recipe, recipe_path(args))?;
    let loaded = named
        .load(args.program.debug_file.as_deref())
        .map_err(|p| vec![p])?;
    if let Some((path, _)) = loaded.debug() {
        inputs.add(Path::new(path), "the program's debug file");
    }
    let target = Target::open(&loaded).map_err(|p| vec![p])?;
    if args.emit == Emit::Records {
        let (recording, warnings) = pipeline::record(recipe, source, &target, &options, None)?;
        return Ok(Made {
            text: recording.text,
            files: Vec::new(),
            warnings,
        });
    }
    let (compiled, mut warnings) = pipeline::compile(recipe, source, &target, &options)?;
    loaded.unchanged().map_err(|p| vec![p])?;
    warnings.extend(programs::notes(&loaded));
    let files = match (&options.sidecar, &compiled.program.symbols) {
        (Some(Sidecar { directory, .. }), Some(symbols)) if args.emit == Emit::Bpftrace => {
            sidecar::files(directory, &loaded, &target, symbols).map_err(|p| vec![p])?
        }
        _ => Vec::new(),
    };
    let text = match args.emit {
        Emit::Plan => crate::plan::print::plan(&compiled.plan),
        Emit::Program => crate::bt::print::model(&compiled.program),
        Emit::Ast | Emit::Records | Emit::Bpftrace => compiled.text,
    };
    Ok(Made {
        text,
        files,
        warnings,
    })
}

fn write(args: &CompileArgs, inputs: &Inputs, text: &str) -> u8 {
    if let Err(problem) = inputs.spare(args.output.as_deref()) {
        return report::all(&[problem], args.format);
    }
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
