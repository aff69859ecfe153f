//! A program whose every name tries to break out of strings, comments and attach points.

use crate::support::golden::hostile::{RECIPES, VENOMS, compile, said_safely};
use crate::support::golden::program::At;
use crate::support::hold::shape;
use crate::support::trial::{Trial, trial};
use crate::support::{KINDS, SHOP};
use gobt::analyze::Options;
use gobt::diagnostic::render::render_text;
use gobt::manifest::Script;
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::load::Loaded;
use gobt::target::{Program as _, Target};
use libtest_mimic::Failed;
use regex_lite::Regex;
use std::path::Path;
use std::sync::LazyLock;

/// One trial for each thing that is put into names.
pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = VENOMS
        .iter()
        .map(|(name, venom)| trial(format!("hostile/{name}"), || all_recipes(venom)))
        .collect();
    trials.push(trial("hostile/very_long", || all_recipes(&"A".repeat(10_000))));
    trials.push(trial("hostile/paths", paths));
    trials.push(trial("hostile/names_of_recipes", names_of_recipes));
    trials.push(trial("hostile/texts_in_recipes", texts_in_recipes));
    trials
}

fn all_recipes(venom: &str) -> Result<(), Failed> {
    let loaded = Loaded::open(Path::new(KINDS)).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let hostile = At::new(&target, "/srv/kinds").spoiled(venom);
    let harmless = At::new(&target, "/srv/kinds").spoiled("x");
    for (name, recipe) in RECIPES {
        for release in [None, Some("0.17"), Some("0.25")] {
            let text = compile(name, recipe, &hostile, release)?;
            shape::check(&text)
                .map_err(|why| format!("{name} for {release:?}: {}", why.message().unwrap_or_default()))?;
            // With nothing in them, names are real ones, of which gobt knows some.
            if venom.is_empty() {
                continue;
            }
            same_code(&text, &compile(name, recipe, &harmless, release)?)
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

/// Outside of comments and texts, two scripts are the same but for how fields and variables are called, for percent
/// signs that are arguments, and for how long text may be before it is marked as cut, where that depends on the room
/// that these take on the stack.
fn same_code(one: &str, two: &str) -> Result<(), Failed> {
    let (one, two) = (shape::code_of(one)?, shape::code_of(two)?);
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (script, lines) in [(&one, &mut left), (&two, &mut right)] {
        // Comments may take more or fewer lines.
        lines.extend(
            script
                .lines()
                .map(|line| NAME.replace_all(line.trim_end(), "$1").replace(", 37", ""))
                .map(|line| LIMIT.replace_all(&line, ">= limit").into_owned())
                .filter(|line| !line.is_empty()),
        );
    }
    match left.iter().zip(&right).find(|(one, two)| one != two) {
        Some((one, two)) => Err(format!("another line of code:\n{one}\n{two}").into()),
        None if left.len() != right.len() => Err("more or fewer lines of code".into()),
        None => Ok(()),
    }
}

/// A name of a variable or field: behind `$`, `->` or `.`, or declared in a struct.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(\$|->|\.|struct |(?:char|int|short|long|\w+_t|go_\w+) \*?)\w+").expect("a pattern")
});

/// The length that a text is compared with to say whether it was cut, and up to which it is looked at: a percent sign
/// takes room.
static LIMIT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r">= \d+\b|> \d+ \? \(uint64\)\d+\b|unroll\(\d+\)").expect("a pattern"));

/// Paths that bpftrace cannot be told are refused, the others are quoted.
fn paths() -> Result<(), Failed> {
    let loaded = Loaded::open(Path::new(SHOP)).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let mut accepted = 0;
    for (_, venom) in VENOMS {
        let path = format!("/srv/{venom}shop");
        let at = At::new(&target, &path);
        let source = Source::new("path.gobt", "count main.main");
        let recipe = pipeline::read(&source).map_err(|_| "the recipe is wrong")?;
        match pipeline::compile(&recipe, &source, &at, &Options::default()) {
            Ok((compiled, problems)) => {
                said_safely(&source, &problems)?;
                shape::check(&compiled.text)?;
                // What is checked later is the path itself, not how it looks in a comment.
                let made = Script::read("path.bt", &compiled.text).map_err(|problem| problem.message)?;
                if made.manifest.program != path {
                    return Err(format!("{path:?} is read as {:?}", made.manifest.program).into());
                }
                accepted += 1;
            }
            Err(problems) => {
                said_safely(&source, &problems)?;
                if problems.iter().any(|problem| problem.code.0 != "E0512") {
                    return Err(render_text(&source, &problems, false).into());
                }
            }
        }
    }
    if accepted < 5 {
        return Err(format!("only {accepted} paths were taken").into());
    }
    Ok(())
}

/// The name of a recipe stands in the script's head, and in the command that it says it is run with.
fn names_of_recipes() -> Result<(), Failed> {
    let loaded = Loaded::open(Path::new(SHOP)).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let plain = compile("plain", "count main.charge", &target, None)?;
    for (_, venom) in VENOMS {
        for name in [
            format!("{venom}.gobt"),
            format!("/tmp/{venom}/a.gobt"),
            format!("a for /b{venom}.gobt for /c"),
        ] {
            let text = compile(&name, "count main.charge", &target, None)?;
            shape::check(&text)?;
            same_code(&text, &plain)?;
            let made = Script::read("a.bt", &text).map_err(|problem| problem.message)?;
            if made.manifest.program != target.identity().path {
                return Err(format!("{name:?} hides the path: {}", made.manifest.program).into());
            }
        }
    }
    Ok(())
}

/// Texts that a recipe holds: in conditions, in what it prints, and in its comments.
fn texts_in_recipes() -> Result<(), Failed> {
    let loaded = Loaded::open(Path::new(SHOP)).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let recipe = |venom: &str| {
        let text: String = venom
            .chars()
            .map(|c| match c {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                '\n' => "\\n".to_owned(),
                '{' => "{{".to_owned(),
                '}' => "}}".to_owned(),
                c => c.to_string(),
            })
            .collect();
        // What a recipe may not hold is refused when it is read.
        format!(
            "on main.charge where arg customer == \"{}\" {{\n    print \"{text}\"\n}}\n",
            text.replace("{{", "{").replace("}}", "}")
        )
    };
    let plain = compile("plain", &recipe("x"), &target, None)?;
    let mut taken = 0;
    // Nothing is compared with no text.
    for (_, venom) in VENOMS.iter().filter(|(_, venom)| !venom.is_empty()) {
        let source = Source::new("a.gobt", recipe(venom));
        match pipeline::read(&source) {
            Ok(_) => {
                let text = compile("a", &recipe(venom), &target, None)?;
                shape::check(&text)?;
                // How long a text is stands in the comparison.
                let digits = Regex::new(r"\d+").expect("a pattern");
                same_code(
                    &digits.replace_all(&text.replace(", 37", ""), "0"),
                    &digits.replace_all(&plain, "0"),
                )?;
                taken += 1;
            }
            Err(problems) => said_safely(&source, &problems)?,
        }
    }
    if taken < 12 {
        return Err(format!("only {taken} texts were taken").into());
    }
    Ok(())
}
