//! `gobt doctor`: whether a trace can run here, and what to do if not.

use super::report::{self, DONE, ENVIRONMENT};
use super::{DoctorArgs, Format, installed, output};
use crate::diagnostic::Diagnostic;
use crate::run::doctor::{self, Finding, Verdict};
use crate::target::load::Loaded;
use crate::visible::visible;
use std::path::Path;

/// Tells what was found.
pub(super) fn run(args: &DoctorArgs) -> u8 {
    let mut found = doctor::machine(&installed::found());
    if let Some(program) = &args.program {
        found.extend(of_program(program));
    }
    let text = match args.format {
        Format::Text => for_people(&found),
        Format::Json => for_programs(&found),
    };
    match output::to_stdout(&text) {
        Ok(()) if doctor::would_run(&found) => DONE,
        Ok(()) => ENVIRONMENT,
        Err(error) => report::failure("cannot write to standard output", &error),
    }
}

/// What there is to say of a process, by its number, or of a program, by its path.
fn of_program(program: &str) -> Vec<Finding> {
    let process = program.parse().ok();
    let loaded = match process {
        Some(pid) => Loaded::of_process(pid),
        None => Loaded::open(Path::new(program)),
    };
    match loaded {
        Ok(loaded) => doctor::program(&loaded, process),
        Err(problem) => vec![unusable(&problem)],
    }
}

fn unusable(problem: &Diagnostic) -> Finding {
    Finding {
        about: "program",
        verdict: Verdict::Problem,
        what: problem.message.clone(),
        help: problem.helps().next().map(str::to_owned),
    }
}

fn for_people(found: &[Finding]) -> String {
    let width = found.iter().map(|finding| finding.about.len()).max().unwrap_or(0);
    let mut text = String::new();
    for finding in found {
        let verdict = match finding.verdict {
            Verdict::Ok => "ok",
            Verdict::Warning => "warning",
            Verdict::Problem => "problem",
        };
        let Finding { about, what, .. } = finding;
        text.push_str(&format!("{verdict:7}  {about:width$}  {}\n", visible(what)));
        if let Some(help) = &finding.help {
            text.push_str(&format!("{:7}  {:width$}  help: {}\n", "", "", visible(help)));
        }
    }
    text
}

fn for_programs(found: &[Finding]) -> String {
    let lines = found
        .iter()
        .filter_map(|finding| serde_json::to_string(finding).ok());
    lines.map(|line| line + "\n").collect()
}
