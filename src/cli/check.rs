//! `gobt check`: do recipes still resolve against a program, and do scripts fit theirs?

use super::input::{self, Input, Unread};
use super::programs::{self, Named};
use super::report::{self, DONE};
use super::sidecar;
use super::{CheckArgs, Format, output};
use crate::analyze::Options;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Script;
use crate::pipeline;
use crate::source::Source;
use crate::target::Target;
use crate::target::load::Loaded;
use crate::visible::visible;
use std::collections::BTreeMap;
use std::path::Path;

/// Checks every recipe; a mistake in one does not stop the others from being checked.
pub(super) fn run(args: &CheckArgs) -> u8 {
    let options = match programs::options(&args.program) {
        Ok(options) => options,
        Err(problem) => {
            report::to_stderr(&Source::new("", ""), std::slice::from_ref(&problem), args.format);
            return report::exit_code(&[problem]);
        }
    };
    // A program that several recipes share is opened once.
    let mut programs: BTreeMap<Named, Result<Loaded, Diagnostic>> = BTreeMap::new();
    let mut worst = DONE;
    let files = args
        .recipes
        .iter()
        .map(|path| (path.as_path(), input::recipe_or_script(path)));
    let words = (!args.expressions.is_empty()).then(|| {
        let source = Source::new(input::EXPRESSION, args.expressions.join("\n"));
        (Path::new(input::EXPRESSION), Ok(Input::Recipe(source)))
    });
    for (path, given) in files.chain(words) {
        let (source, problems, verdict) = one(args, path, given, &options, &mut programs);
        let errors = problems.iter().filter(|p| p.severity == Severity::Error).count();
        let written = match args.format {
            Format::Json => emit(&crate::diagnostic::render::render_json(&source, &problems)),
            Format::Text => {
                if !problems.is_empty() {
                    report::to_stderr(&source, &problems, args.format);
                }
                if errors == 0 {
                    emit(&format!("{}: {verdict}\n", visible(&source.name)))
                } else {
                    DONE
                }
            }
        };
        if written != DONE {
            return written;
        }
        worst = worst.max(report::exit_code(&problems));
    }
    worst
}

fn emit(text: &str) -> u8 {
    match output::to_stdout(text) {
        Ok(()) => DONE,
        Err(error) => report::failure("cannot write to standard output", &error),
    }
}

/// The name of a recipe or script, its problems, and the line to print if it has none.
fn one(
    args: &CheckArgs,
    path: &Path,
    given: Result<Input, Box<Unread>>,
    options: &Options,
    programs: &mut BTreeMap<Named, Result<Loaded, Diagnostic>>,
) -> (Source, Vec<Diagnostic>, String) {
    match given {
        Ok(Input::Recipe(source)) => {
            let problems = match resolve(args, path, &source, options, programs) {
                Ok(warnings) => warnings,
                Err(problems) => problems,
            };
            (source, problems, "resolves".to_owned())
        }
        Ok(Input::Script(script)) => {
            // Its text is not drawn: the problem is not in it.
            let nothing = Source::new(script.name.clone(), "");
            match fits(args, &script, programs) {
                Ok((probes, warnings)) => (
                    nothing,
                    warnings,
                    format!("fits, {probes} {}", if probes == 1 { "probe" } else { "probes" }),
                ),
                Err(problem) => (nothing, vec![problem], String::new()),
            }
        }
        Err(unread) => (unread.source, vec![unread.problem], String::new()),
    }
}

/// Compares a script with the program that the command line names, or else the script. Gives the number of its probes,
/// and warnings.
fn fits(
    args: &CheckArgs,
    script: &Source,
    programs: &mut BTreeMap<Named, Result<Loaded, Diagnostic>>,
) -> Result<(usize, Vec<Diagnostic>), Diagnostic> {
    let made = Script::read(&script.name, &script.text)?;
    let named =
        programs::given(&args.program).unwrap_or_else(|| Named::File(made.manifest.program.clone().into()));
    let loaded = programs
        .entry(named.clone())
        .or_insert_with(|| named.load(args.program.debug_file.as_deref()));
    let loaded = loaded.as_ref().map_err(Clone::clone)?;
    let target = Target::open(loaded)?;
    let probes = made.fits(&script.name, &target)?;
    sidecar::fits(&script.name, &made, loaded, &target)?;
    loaded.unchanged()?;
    let mut warnings = made.warnings(&script.name);
    warnings.extend(programs::notes(loaded));
    Ok((probes, warnings))
}

fn resolve(
    args: &CheckArgs,
    path: &Path,
    source: &Source,
    options: &Options,
    programs: &mut BTreeMap<Named, Result<Loaded, Diagnostic>>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let recipe = pipeline::read(source)?;
    let named = programs::path(&args.program, &recipe, path)?;
    let loaded = programs
        .entry(named.clone())
        .or_insert_with(|| named.load(args.program.debug_file.as_deref()));
    let loaded = loaded.as_ref().map_err(|p| vec![p.clone()])?;
    let target = Target::open(loaded).map_err(|p| vec![p])?;
    let mut warnings = pipeline::check(&recipe, source, &target, options)?;
    loaded.unchanged().map_err(|p| vec![p])?;
    warnings.extend(programs::notes(loaded));
    Ok(warnings)
}
