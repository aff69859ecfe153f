//! Recipes for one function, what gobt makes of them, and several of these scripts in one.

use crate::support::bpftrace::Release;
use crate::support::{SHOP, Trouble};
use gobt::analyze::Options;
use gobt::bt::dialect::Dialect;
use gobt::diagnostic::{Diagnostic, Severity};
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::Target;
use gobt::target::load::Loaded;
use std::path::{Path, PathBuf};

/// The recipes that are tried for a function.
pub(crate) fn recipes(name: &str) -> [String; 2] {
    let quoted = format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
    [
        format!("trace {quoted}"),
        format!("on {quoted} {{\nprint arg\nreturn {{ print ret }}\n}}"),
    ]
}

/// What scripts are made for and tried with.
pub(crate) struct Stand<'t, 'data> {
    target: &'t Target<'data>,
    pub(crate) release: Release,
    range: bool,
    dialect: Dialect,
    /// The program that probes are put on.
    pub(crate) small: PathBuf,
    /// An attach point in it.
    point: String,
}

/// A script for one recipe.
pub(crate) struct Made {
    pub(crate) recipe: String,
    pub(crate) text: String,
}

impl<'t, 'data> Stand<'t, 'data> {
    pub(crate) fn new(target: &'t Target<'data>, release: Release, range: bool) -> Result<Self, Trouble> {
        let dialect = if range {
            Dialect::default()
        } else {
            Dialect::of_release(release.number())?
        };
        let small = PathBuf::from(SHOP);
        let point = {
            let loaded = Loaded::open(&small).map_err(|problem| problem.message)?;
            let shop = Target::open(&loaded).map_err(|problem| problem.message)?;
            let text = compile(&shop, "count main.main", dialect)
                .map_err(|code| format!("`count main.main` is refused: {code}"))?;
            let line = text.lines().find(|line| line.starts_with("uprobe:"));
            let word = line.and_then(|line| line.split_whitespace().next());
            word.ok_or("there is no probe")?.to_owned()
        };
        Ok(Self {
            target,
            release,
            range,
            dialect,
            small,
            point,
        })
    }

    /// What tells its files from those of another.
    pub(crate) fn name(&self, program: &Path) -> String {
        let program = program.file_name().unwrap_or_default().to_string_lossy();
        let kind = if self.range { "range" } else { "alone" };
        format!("{program}-{}-{kind}", self.release.number())
    }

    /// The script, or the code of the first error.
    pub(crate) fn compile(&self, recipe: &str) -> Result<Made, String> {
        let text = compile(self.target, recipe, self.dialect)?;
        Ok(Made {
            recipe: recipe.to_owned(),
            text: self.moved(&text),
        })
    }

    /// The script with its probes on the small program, one for each list of places.
    fn moved(&self, text: &str) -> String {
        let mut out = String::new();
        let mut in_list = false;
        for line in text.lines() {
            if line.starts_with("uprobe:") {
                if !in_list {
                    out.push_str(&self.point);
                    out.push('\n');
                }
                in_list = true;
                continue;
            }
            in_list = false;
            out.push_str(line);
            out.push('\n');
        }
        out
    }
}

fn compile(target: &Target<'_>, recipe: &str, dialect: Dialect) -> Result<String, String> {
    let source = Source::new("recipe.gobt".to_owned(), recipe.to_owned());
    let first = |problems: &[Diagnostic]| {
        let error = problems
            .iter()
            .find(|problem| problem.severity == Severity::Error);
        error.map_or_else(String::new, |problem| problem.code.to_string())
    };
    let recipe = pipeline::read(&source).map_err(|problems| first(&problems))?;
    let options = Options {
        records: false,
        pid: None,
        defines: Vec::new(),
        script: None,
        sidecar: None,
        left_out: Vec::new(),
        by_process: false,
        dialect,
    };
    match pipeline::compile(&recipe, &source, target, &options) {
        Ok((compiled, _)) => Ok(compiled.text),
        Err(problems) => Err(first(&problems)),
    }
}

impl Made {
    /// The settings that the script runs with.
    pub(crate) fn settings(&self) -> String {
        let wanted = self
            .text
            .lines()
            .filter(|line| line.contains("max_strlen") || line.contains("Run as root:"));
        wanted.collect::<Vec<_>>().join("\n")
    }
}

/// The scripts as one, unless it has other settings than each of them.
pub(crate) fn joined(batch: &[Made], stand: &Stand<'_, '_>) -> Result<Option<String>, Trouble> {
    if let [one] = batch {
        return Ok(Some(one.text.clone()));
    }
    let recipes: Vec<&str> = batch.iter().map(|made| made.recipe.as_str()).collect();
    let made = stand
        .compile(&recipes.join("\n"))
        .map_err(|code| format!("refused together: {code}: {}", recipes.join(" ")))?;
    let together = made.settings();
    let alike = batch.iter().all(|one| one.settings() == together);
    Ok(alike.then_some(made.text))
}
