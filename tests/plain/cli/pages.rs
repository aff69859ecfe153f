//! `gobt explain`, `completions`, `man`, help, and colours: what is said to somebody who asks how.

use crate::support::place::Place;
use crate::support::run::{GOBT, gobt};
use crate::support::suite::trials;
use crate::support::trial::Trial;
use crate::support::trouble::need;
use crate::support::{SHOP, Trouble};
use std::fs;
use std::process::{Command, Stdio};

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![
        explain_knows_every_code,
        completions_name_the_subcommands,
        man_writes_a_page_for_each_subcommand,
        wrong_command_lines_are_refused,
        colours_only_where_wanted,
    ]
}

fn explain_knows_every_code() {
    let list = gobt(&["explain"]);
    assert!(list.out.starts_with("E0101  "));
    for explanation in gobt::diagnostic::code::EXPLANATIONS {
        let code = explanation.code.0;
        assert!(list.succeeds().contains(code));
        let page = gobt(&["explain", code]);
        assert!(
            page.succeeds()
                .starts_with(&format!("{code}: {}", explanation.title))
        );
    }
    for page in ["e0104", "e301"] {
        let ran = gobt(&["explain", page]);
        assert!(
            ran.succeeds().lines().all(|line| line.chars().count() <= 80),
            "{}",
            ran.out
        );
    }
    assert_eq!(gobt(&["explain", "e301"]).out, gobt(&["explain", "E0301"]).out);
    gobt(&["explain", "E9999"]).fails(2, "E9999");
    gobt(&["explain", "\u{1b}[2J"]).fails(2, "no code");
}

fn completions_name_the_subcommands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = gobt(&["completions", shell]);
        assert_eq!(output.code, 0);
        for word in ["compile", "inspect", "bpftrace"] {
            assert!(output.out.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(gobt(&["completions", "cmd"]).code, 2);
}

fn man_writes_a_page_for_each_subcommand() {
    let directory = Place::new("man");
    let target = directory.join("new/man1");
    assert_eq!(gobt(&["man", target.to_str().unwrap()]).code, 0);
    let mut names: Vec<_> = fs::read_dir(&target)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let subcommands = [
        "check",
        "compile",
        "completions",
        "doctor",
        "explain",
        "fmt",
        "funcs",
        "inspect",
        "man",
        "run",
        "show",
    ];
    let mut expected: Vec<_> = subcommands.iter().map(|name| format!("gobt-{name}.1")).collect();
    expected.push("gobt.1".to_owned());
    expected.sort();
    assert_eq!(names, expected);
    assert!(
        fs::read_to_string(target.join("gobt.1"))
            .unwrap()
            .contains("gobt\\-fmt(1)")
    );
    gobt(&["man", "/dev/null/x"]).fails(2, "cannot write");
}

fn wrong_command_lines_are_refused() {
    assert_eq!(gobt(&[]).code, 2);
    assert_eq!(gobt(&["fmt"]).code, 2);
    assert_eq!(gobt(&["frobnicate"]).code, 2);
    assert_eq!(gobt(&["--help"]).code, 0);
    assert_eq!(gobt(&["--version"]).code, 0);
}

/// Colours are for terminals, which `script` makes here.
fn colours_only_where_wanted() -> Result<(), Trouble> {
    let place = Place::new("colours");
    let recipe = place.file("a.gobt", "count main.mian\n");
    assert!(!gobt(&["compile", &recipe, "--bin", SHOP]).err.contains('\u{1b}'));
    let line = format!("{GOBT} compile {recipe} --bin {SHOP}");
    need("script")?;
    let on_terminal = |name: &str, value: &str| {
        let output = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .env(name, value)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let coloured = on_terminal("NO_COLOR", "");
    assert!(
        coloured.contains("E0301") && coloured.contains('\u{1b}'),
        "{coloured}"
    );
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        assert!(!on_terminal(name, value).contains('\u{1b}'), "{name}");
    }
    Ok(())
}
