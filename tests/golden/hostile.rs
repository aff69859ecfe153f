//! A program whose every name tries to break out of strings, comments and attach points.

use crate::program::At;
use crate::shape;
use crate::support::repository;
use gobt::analyze::Options;
use gobt::bt::dialect::Dialect;
use gobt::diagnostic::Diagnostic;
use gobt::diagnostic::render::{render_json, render_text};
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::load::Loaded;
use gobt::target::{Program, Target};
use libtest_mimic::{Failed, Trial};

/// What is put into names.
const VENOMS: &[(&str, &str)] = &[
    ("comment_end", "*/"),
    ("comment_end_in_parts", "*\u{0}/ ** / */*/"),
    ("comment_begin", "/* // /*"),
    ("quote", "\"); system(\"id\"); printf(\""),
    ("backslash", "\\"),
    ("backslash_quote", "\\\"); exit(); //"),
    ("new_line", "\nBEGIN { exit(); }\n"),
    ("carriage_return", "\rBEGIN { exit(); }\r"),
    ("format", "%s%n%d%%%r%"),
    ("hole", "${1}{0}{{}}$x@y"),
    ("direction", "\u{202e}\u{2066}abc\u{200f}\u{feff}"),
    ("line_separator", "\u{2028}x\u{2029}\u{85}\u{b}\u{c}"),
    ("escape_sequence", "\u{1b}[2J\u{1b}]0;x\u{7}"),
    ("nul", "a\u{0}b"),
    ("attach_point", ",uprobe:/bin/sh:0x1 { exit(); }"),
    ("predicate", "/ 1 / { }"),
    ("braces", "}}} {{{ ]) (["),
    ("letters", "Größe世界\u{1f600}"),
    ("empty", ""),
];

const RECIPES: &[(&str, &str)] = &[
    (
        "trace",
        "trace main.(*Person).Greet, main.Point.Add, main.Move, main.Lists limit 5/s",
    ),
    ("skeleton", "skeleton main.Text, main.Fib"),
    (
        "keys",
        "calls: count main.Fib, main.Text by func, caller, stack(3)\nlatency main.Text, main.Fib by func",
    ),
    (
        "prints",
        "on main.*Greet, main.Dynamic {\n    print func, caller, stack\n    print \"{func} {caller}\"\n    count by func\n    return {\n        print ret\n        print \"{func} {elapsed} {ret 0}\"\n    }\n}",
    ),
    (
        "values",
        "on main.Dynamic, main.Apply, main.Tables, main.Times {\n    print arg\n    return { print ret }\n}",
    ),
];

/// One trial for each thing that is put into names.
pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = VENOMS
        .iter()
        .map(|(name, venom)| Trial::test(format!("hostile/{name}"), || all_recipes(venom)))
        .collect();
    trials.push(Trial::test("hostile/very_long", || {
        all_recipes(&"A".repeat(10_000))
    }));
    trials.push(Trial::test("hostile/paths", paths));
    trials
}

fn all_recipes(venom: &str) -> Result<(), Failed> {
    let file = repository().join("examples/targets/kinds/kinds");
    let loaded = Loaded::open(&file).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let hostile = At::new(&target, "/srv/kinds").spoiled(venom);
    for (name, recipe) in RECIPES {
        for release in [None, Some("0.17"), Some("0.25")] {
            let text = compile(name, recipe, &hostile, release)?;
            shape::check(&text)
                .map_err(|why| format!("{name} for {release:?}: {}", why.message().unwrap_or_default()))?;
            // A name of 10,000 letters may be shown, but not over and over.
            let longest = text.lines().map(str::len).max().unwrap_or_default();
            if venom.len() > 1000 && text.len() > 4_000_000 {
                return Err(format!("{name}: {} bytes, {longest} in a line", text.len()).into());
            }
        }
    }
    Ok(())
}

fn compile(name: &str, recipe: &str, program: &dyn Program, release: Option<&str>) -> Result<String, Failed> {
    let source = Source::new(format!("{name}.gobt"), recipe);
    let recipe = pipeline::read(&source).map_err(|problems| render_text(&source, &problems, false))?;
    let options = Options {
        dialect: match release {
            Some(release) => Dialect::of_release(release)?,
            None => Dialect::default(),
        },
        ..Options::default()
    };
    match pipeline::compile(&recipe, &source, program, &options) {
        Ok((compiled, problems)) => {
            said_safely(&source, &problems)?;
            Ok(compiled.text)
        }
        Err(problems) => Err(format!("{name}: {}", render_text(&source, &problems, false)).into()),
    }
}

/// Messages go to terminals and into logs.
fn said_safely(source: &Source, problems: &[Diagnostic]) -> Result<(), Failed> {
    let text = render_text(source, problems, false);
    let bad = |c: char| {
        (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if let Some(c) = text.chars().find(|c| bad(*c)) {
        return Err(format!("a message holds {c:?}: {text:?}").into());
    }
    let json = render_json(source, problems);
    if json.lines().count() != problems.len() {
        return Err("a message takes more than a line of JSON".into());
    }
    Ok(())
}

/// Paths that bpftrace cannot be told are refused, the others are quoted.
fn paths() -> Result<(), Failed> {
    let file = repository().join("examples/targets/shop/shop");
    let loaded = Loaded::open(&file).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    for (_, venom) in VENOMS {
        let path = format!("/srv/{venom}shop");
        let at = At::new(&target, &path);
        let source = Source::new("path.gobt", "count main.main");
        let recipe = pipeline::read(&source).map_err(|_| "the recipe is wrong")?;
        match pipeline::compile(&recipe, &source, &at, &Options::default()) {
            Ok((compiled, problems)) => {
                said_safely(&source, &problems)?;
                shape::check(&compiled.text)?;
            }
            Err(problems) => {
                said_safely(&source, &problems)?;
                if problems.iter().any(|problem| problem.code.0 != "E0512") {
                    return Err(render_text(&source, &problems, false).into());
                }
            }
        }
    }
    Ok(())
}
