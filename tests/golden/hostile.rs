//! A program whose every name tries to break out of strings, comments and attach points.

use crate::bpftrace::takes;
use crate::program::At;
use crate::shape;
use crate::support::bpftrace::{Options as Run, Release};
use crate::support::go::own_copy;
use crate::support::trial::trial;
use crate::support::{KINDS, SHOP, Trouble, cache};
use gobt::analyze::Options;
use gobt::bt::dialect::Dialect;
use gobt::diagnostic::Diagnostic;
use gobt::diagnostic::render::{render_json, render_text};
use gobt::manifest::Script;
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::load::Loaded;
use gobt::target::{Program, Target};
use libtest_mimic::{Failed, Trial};
use regex_lite::Regex;
use std::path::Path;
use std::sync::LazyLock;

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
    ("percent", "100% %d %r %% %"),
    ("config", "config = { max_strlen = 1 } struct x {"),
    ("unsafe", "`id` $(id) ; system(\"id\"); cat(\"/etc/passwd\")"),
    ("include", "\n#include \"/etc/passwd\"\n#define printf system\n"),
    ("comment_line", "// */ // \\\nEND { clear(@calls); }"),
    ("path", " a, b:c [d] e=f 'g'"),
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
    trials.push(Trial::test("hostile/names_of_recipes", names_of_recipes));
    trials.push(Trial::test("hostile/texts_in_recipes", texts_in_recipes));
    for (what, venom) in VENOMS {
        for release in [Release::V0_23, Release::V0_27] {
            let name = format!("hostile/bpftrace{}/{what}", release.number());
            trials.push(trial(name, move || dry_run(venom, release)));
        }
    }
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

/// Outside of comments and texts, two scripts are the same but for how fields and variables are called, for percent signs that are
/// arguments, and for how long text may be before it is marked as cut, where that depends on the room that these take on the stack.
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

/// The length that a text is compared with to say whether it was cut, and up to which it is looked at: a percent sign takes room.
static LIMIT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r">= \d+\b|> \d+ \? \(uint64\)\d+\b|unroll\(\d+\)").expect("a pattern"));

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

/// bpftrace reads such a script as gobt means it. Releases complain about what they do not understand; none is told `--unsafe`.
fn dry_run(venom: &'static str, release: Release) -> Result<(), Trouble> {
    let all = std::env::var("GOBT_DRY_RUN").is_ok_and(|value| value == "all");
    if !all && !venom.len().is_multiple_of(5) {
        return Ok(());
    }
    let place = cache().join("golden").join(format!(
        "hostile-{}-{:?}",
        release.number(),
        std::thread::current().id()
    ));
    let program = own_copy(Path::new(KINDS), &place, "kinds, a b")?;
    let loaded = Loaded::open(&program).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let hostile = At::new(&target, &program.to_string_lossy()).spoiled(venom);
    let recipes: Vec<&str> = RECIPES.iter().map(|(_, recipe)| *recipe).collect();
    let text = compile(venom, &recipes.join("\n"), &hostile, None)?;
    takes(&place, &program, &text, &Run::of(release))
}
