//! What the compiler makes of a case.

use super::case::Case;
use super::program::{At, file};
use gobt::analyze::Options;
use gobt::bt::dialect::Dialect;
use gobt::diagnostic::Diagnostic;
use gobt::diagnostic::render::{render_json, render_text};
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::Target;
use gobt::target::attach::Sidecar;
use gobt::target::load::Loaded;
use libtest_mimic::Failed;

/// What came of a case.
pub enum Outcome {
    /// A script, perhaps with warnings.
    Script {
        /// It.
        text: String,
        /// Warnings.
        problems: Vec<Diagnostic>,
    },
    /// Errors.
    Refused {
        /// Them, and warnings.
        problems: Vec<Diagnostic>,
    },
}

impl Outcome {
    /// Everything that was said.
    pub fn problems(&self) -> &[Diagnostic] {
        match self {
            Self::Script { problems, .. } | Self::Refused { problems } => problems,
        }
    }

    /// It for people.
    pub fn text(&self, case: &Case) -> String {
        render_text(&source(case), self.problems(), false)
    }

    /// It for programs.
    pub fn json(&self, case: &Case) -> String {
        render_json(&source(case), self.problems())
    }
}

fn source(case: &Case) -> Source {
    Source::new(case.file.clone(), case.text.clone())
}

/// Compiles a case for its program, which is said to be in `/srv`.
pub fn compile(case: &Case) -> Result<Outcome, Failed> {
    let usual = format!("/srv/{}", case.target);
    compile_at(case, case.path.as_deref().unwrap_or(&usual))
}

/// Compiles a case for its program, which is said to be at `path`.
pub fn compile_at(case: &Case, path: &str) -> Result<Outcome, Failed> {
    let source = source(case);
    let recipe = match pipeline::read(&source) {
        Ok(recipe) => recipe,
        Err(problems) => return Ok(Outcome::Refused { problems }),
    };
    let real = file(case)?;
    let loaded = Loaded::open(&real).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let options = Options {
        pid: case.pid,
        sidecar: case.sidecar.clone().map(|directory| Sidecar {
            directory,
            is_verified: false,
        }),
        defines: case.define.clone(),
        dialect: match &case.bpftrace {
            Some(release) => Dialect::of_release(release)?,
            None => Dialect::default(),
        },
        ..Options::default()
    };
    let compiled = pipeline::compile(&recipe, &source, &At::new(&target, path), &options);
    let (text, mut problems) = match compiled {
        Ok((compiled, problems)) => (Some(compiled.text), problems),
        Err(problems) => (None, problems),
    };
    // What the file itself says names the path that it was opened by.
    for problem in &mut problems {
        problem.message = problem.message.replace(&*real.to_string_lossy(), path);
    }
    Ok(match text {
        Some(text) => Outcome::Script { text, problems },
        None => Outcome::Refused { problems },
    })
}
