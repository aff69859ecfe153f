//! What people bring from elsewhere: every row of the table does what its example says, and what it makes is compiled;
//! so is every line that a message shows as it should be written.

use crate::support::SHOP;
use crate::support::suite::{Suite, trials};
use gobt::analyze::Options;
use gobt::diagnostic::render::render_text;
use gobt::diagnostic::{Diagnostic, Severity};
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::Target;
use gobt::target::load::Loaded;
use gobt::words::{candidates, rows, translate};
use std::path::Path;

/// All of them.
pub fn suite() -> Suite {
    trials![
        every_row_is_a_pattern_and_has_an_example,
        every_example_compiles,
        our_own_words_are_left_alone,
        lines_that_people_write,
        messages_show_recipes_that_can_be_read,
    ]
    .into()
}

thread_local! {
    /// The program, opened once for each test.
    static TARGET: &'static Target<'static> = {
        let loaded: &'static Loaded = Box::leak(Box::new(Loaded::open(Path::new(SHOP)).unwrap()));
        Box::leak(Box::new(Target::open(loaded).unwrap()))
    };
}

/// What is wrong with a recipe for the program `shop`.
fn compile(text: &str) -> Vec<Diagnostic> {
    let source = Source::new("words.gobt", text);
    let recipe = match pipeline::read(&source) {
        Ok(recipe) => recipe,
        Err(problems) => return problems,
    };
    let compiled = TARGET.with(|target| pipeline::compile(&recipe, &source, *target, &Options::default()));
    match compiled {
        Ok(_) => Vec::new(),
        Err(problems) => problems
            .into_iter()
            .filter(|problem| problem.severity == Severity::Error)
            .collect(),
    }
}

fn shown(text: &str, problems: &[Diagnostic]) -> String {
    render_text(&Source::new("words.gobt", text), problems, false)
}

/// The lines that a message shows.
fn suggestion(problem: &Diagnostic) -> Option<String> {
    let help = problem
        .notes
        .iter()
        .find_map(|note| note.strip_prefix("help: "))?;
    let lines: Vec<&str> = help
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn every_row_is_a_pattern_and_has_an_example() {
    let mut wrong = String::new();
    for row in rows() {
        let (foreign, ours) = row.example;
        let found = translate(foreign, &[], foreign.contains("(*")).map(|found| found.text);
        if found.as_deref() != Some(ours) {
            wrong.push_str(&format!(
                "{foreign}\n  wants {ours:?}\n  found {found:?}\n  by    {}\n",
                row.foreign
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What the table makes of its examples is taken by the compiler, and is what the message shows.
fn every_example_compiles() {
    let mut wrong = String::new();
    for row in rows() {
        let (foreign, ours) = row.example;
        let problems = compile(ours);
        if !problems.is_empty() {
            wrong.push_str(&shown(ours, &problems));
        }
        // The recipe that somebody wrote is refused (or means the same already), and the message tells another that is
        // not.
        let problems = compile(foreign);
        let Some(first) = problems.first() else {
            continue;
        };
        if first
            .notes
            .iter()
            .any(|note| note.starts_with("help: leave this line out"))
        {
            continue;
        }
        let told = suggestion(first);
        let Some(told) = told else {
            wrong.push_str(&format!("nothing is told:\n{}", shown(foreign, &problems)));
            continue;
        };
        if !ours.contains(told.trim()) && told != ours {
            wrong.push_str(&format!(
                "told {told:?}, not {ours:?}:\n{}",
                shown(foreign, &problems)
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What is right stays as it is.
fn our_own_words_are_left_alone() {
    for row in rows() {
        let ours = row.example.1;
        if let Some(found) = translate(ours, &[], false) {
            assert_eq!(found.text, ours, "{}", row.foreign);
        }
    }
}

/// Lines that people wrote, each with what they are told. A line of `=>` stands for what is to be written; `=> ?` for
/// no line at all.
fn lines_that_people_write() {
    let mut wrong = String::new();
    let text = std::fs::read_to_string(crate::support::repository().join("tests/words/lines.txt")).unwrap();
    for case in text
        .split("\n\n")
        .map(str::trim)
        .filter(|case| !case.is_empty() && !case.starts_with('#'))
    {
        let (written, told): (Vec<&str>, Vec<&str>) = case.lines().partition(|line| !line.starts_with("=> "));
        let written = written.join("\n") + "\n";
        let told: Vec<&str> = told.iter().map(|line| line.trim_start_matches("=> ")).collect();
        let told = told.join("\n");
        let problems = compile(&written);
        let found = problems
            .first()
            .and_then(suggestion)
            .unwrap_or_else(|| "?".to_owned());
        if found != told {
            wrong.push_str(&format!(
                "{written}  wants {told:?}\n  found {found:?}\n{}\n",
                shown(&written, &problems)
            ));
        }
        // In its place it is taken.
        if found != "?"
            && !compile(&found).is_empty()
            && !candidates(&written, &(0..written.len())).is_empty()
        {
            let at = problems.first().map_or(0, |problem| problem.labels[0].span.start);
            let accepted = gobt::words::pieces(&written, at).into_iter().any(|piece| {
                let changed = format!("{}{found}{}", &written[..piece.start], &written[piece.end..]);
                let left = compile(&changed);
                left.iter().all(|problem| {
                    problem
                        .labels
                        .iter()
                        .all(|label| label.span.start >= piece.start + found.len())
                })
            });
            if !accepted {
                wrong.push_str(&format!("refused itself: {found}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Every line that a message of the other tests shows as it should be is one that can be read.
fn messages_show_recipes_that_can_be_read() {
    let mut seen = 0;
    let mut wrong = String::new();
    for directory in ["snapshots/syntax", "snapshots/golden"] {
        for entry in std::fs::read_dir(crate::support::repository().join(directory)).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for line in text.lines().filter(|line| line.starts_with("{\"code\"")) {
                let record: serde_json::Value = serde_json::from_str(line).unwrap();
                for help in record["help"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(|help| help.as_str())
                {
                    let lines: Vec<&str> = help
                        .lines()
                        .filter_map(|line| line.strip_prefix("    "))
                        .collect();
                    let better = lines.join("\n");
                    // Names of functions are listed in the same way.
                    if better.is_empty()
                        || help.starts_with("did you mean")
                        || help.starts_with("similar names")
                    {
                        continue;
                    }
                    seen += 1;
                    let opened = better.matches('{').count();
                    let closed = better.matches('}').count();
                    let better = if opened > closed {
                        format!("{better}\n}}")
                    } else {
                        better
                    };
                    let alone = pipeline::read(&Source::new("help.gobt", better.clone()));
                    let inside =
                        pipeline::read(&Source::new("help.gobt", format!("on main.f {{\n{better}\n}}")));
                    let after = pipeline::read(&Source::new(
                        "help.gobt",
                        format!("on main.f {{\nif x {{\n{better}\n}}\n}}"),
                    ));
                    if alone.is_err() && inside.is_err() && after.is_err() {
                        wrong.push_str(&format!("{better}\n"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty() && seen > 20, "{seen}: {wrong}");
}
