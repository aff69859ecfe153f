//! What is put into the names of a program to break out of strings, comments and attach points, and recipes that show
//! these names.

use gobt::analyze::Options;
use gobt::bt::dialect::Dialect;
use gobt::diagnostic::Diagnostic;
use gobt::diagnostic::render::{render_json, render_text};
use gobt::pipeline;
use gobt::source::Source;
use gobt::target::Program;
use libtest_mimic::Failed;

/// What is put into names.
pub const VENOMS: &[(&str, &str)] = &[
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

/// Recipes for the program `kinds`, by name.
pub const RECIPES: &[(&str, &str)] = &[
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

/// The script for a program; what is said on the way has to be safe to show.
pub fn compile(
    name: &str,
    recipe: &str,
    program: &dyn Program,
    release: Option<&str>,
) -> Result<String, Failed> {
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
pub fn said_safely(source: &Source, problems: &[Diagnostic]) -> Result<(), Failed> {
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
