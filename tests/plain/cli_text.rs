//! `gobt fmt`, `explain`, `completions` and `man` as a user runs them: what they print, where, and their exit codes.

use crate::support::place::Place;
use crate::support::run::{Ran, command, gobt, gobt_with};
use crate::support::suite::{Suite, trials};
use std::fs;
use std::process::Stdio;

/// All of them.
pub fn suite() -> Suite {
    trials![
        fmt_formats_standard_input,
        fmt_rewrites_files,
        fmt_check_changes_nothing,
        unreadable_recipes_are_the_environments_fault,
        recipes_that_are_not_utf8,
        explain_knows_codes,
        completions_name_the_subcommands,
        man_writes_a_page_for_each_subcommand,
        standard_output_may_be_closed,
        wrong_command_lines_are_refused,
    ]
    .into()
}

fn fmt_formats_standard_input() {
    let output = gobt_with(&["fmt", "-"], b"count   main.f\n\n\n\ncount main.g");
    assert_eq!(
        (output.code, output.out),
        (0, "count main.f\n\ncount main.g\n".to_owned())
    );
}

fn fmt_rewrites_files() {
    let directory = Place::new("rewrite");
    let (good, bad) = (
        directory.file("good.gobt", b"count  main.f"),
        directory.file("bad.gobt", b"count by"),
    );
    let output = gobt(&["fmt", &bad, &good]);
    assert_eq!(output.code, 1);
    assert!(output.err.contains("error[E0101]"), "{}", output.err);
    assert_eq!(fs::read_to_string(&good).unwrap(), "count main.f\n");
    assert_eq!(fs::read_to_string(&bad).unwrap(), "count by");
}

fn fmt_check_changes_nothing() {
    let directory = Place::new("check");
    let (good, bad) = (
        directory.file("good.gobt", b"count main.f\n"),
        directory.file("bad.gobt", b"count  main.f\n"),
    );
    let output = gobt(&["fmt", "--check", &good, &bad]);
    assert_eq!((output.code, output.out), (1, format!("{bad}\n")));
    assert_eq!(fs::read_to_string(&bad).unwrap(), "count  main.f\n");
    assert_eq!(gobt(&["fmt", "--check", &good]).code, 0);
    assert_eq!(gobt_with(&["fmt", "--check", "-"], b"count  f").out, "<stdin>\n");
}

fn unreadable_recipes_are_the_environments_fault() {
    let directory = Place::new("unreadable");
    let elf = directory.file("program", b"\x7fELF\x02\x01\x01\x00\xff\xfe");
    let large = directory.file("large.gobt", vec![b'\n'; (1 << 20) + 1]);
    for (path, said) in [
        (elf.as_str(), "is a program, not a recipe"),
        (&large, "larger than 1 MiB"),
        ("/nonexistent/x.gobt", "No such file or directory"),
        ("/", "Is a directory"),
    ] {
        let output = gobt(&["fmt", path]);
        assert_eq!(output.code, 2, "{path}");
        assert!(
            output.err.contains("error[E0110]") && output.err.contains(said),
            "{}",
            output.err
        );
    }
}

/// It is the recipe's own fault, and its place is told.
fn recipes_that_are_not_utf8() {
    let directory = Place::new("not-utf8");
    let wide = |big: bool, mark: &[u8]| -> Vec<u8> {
        let units = "count main.f\n".encode_utf16();
        let bytes = units.flat_map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        mark.iter().copied().chain(bytes).collect()
    };
    for (bytes, said) in [
        (
            b"count main.f\n// \xc3\xa9 caf\xe9\n".to_vec(),
            "line 2, column 9 has the byte 0xe9",
        ),
        (b"\xff".to_vec(), "line 1, column 1 has the byte 0xff"),
        (
            b"count main.f // cut \xe2\x82".to_vec(),
            "column 21 has the byte 0xe2",
        ),
        (b"count \x80main.f".to_vec(), "column 7 has the byte 0x80"),
        (wide(false, b"\xff\xfe"), "is UTF-16LE text"),
        (wide(true, b"\xfe\xff"), "is UTF-16BE text"),
        (wide(false, b""), "is UTF-16LE text"),
        (wide(true, b""), "is UTF-16BE text"),
    ] {
        let recipe = directory.file("a.gobt", &bytes);
        for arguments in [["fmt", &recipe], ["check", &recipe], ["compile", &recipe]] {
            let ran = gobt(&arguments);
            ran.fails(1, "error[E0111]");
            assert!(ran.err.contains(said), "{}", ran.err);
        }
        gobt_with(&["compile", "-"], &bytes).fails(1, said);
        assert_eq!(fs::read(&recipe).unwrap(), bytes);
    }
    // A byte order mark of UTF-8 is no mistake.
    assert_eq!(gobt_with(&["fmt", "-"], "\u{feff}count main.f\n").code, 0);
}

fn explain_knows_codes() {
    let output = gobt(&["explain", "e0104"]);
    assert_eq!(output.code, 0);
    assert!(output.out.starts_with("E0104: "));
    assert!(output.out.lines().all(|line| line.chars().count() <= 80));
    let list = gobt(&["explain"]).out;
    assert!(list.lines().count() > 5 && list.starts_with("E0101  "));
    assert_eq!(gobt(&["explain", "E9999"]).code, 2);
    assert_eq!(gobt(&["explain", "\u{1b}[31m"]).code, 2);
}

fn completions_name_the_subcommands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = gobt(&["completions", shell]);
        assert_eq!(output.code, 0);
        assert!(output.out.contains("inspect"), "{shell}");
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
        "explain",
        "fmt",
        "funcs",
        "inspect",
        "man",
    ];
    let mut expected: Vec<_> = subcommands.iter().map(|name| format!("gobt-{name}.1")).collect();
    expected.push("gobt.1".to_owned());
    for name in &expected {
        assert!(names.contains(name), "{name} is not in {names:?}");
    }
    assert!(
        fs::read_to_string(target.join("gobt.1"))
            .unwrap()
            .contains("gobt\\-fmt(1)")
    );
    assert_eq!(gobt(&["man", "/dev/null/x"]).code, 2);
}

/// Standard output that is closed early is no error, one that is full is.
fn standard_output_may_be_closed() {
    let mut child = command(&["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((output.code, output.err), (0, String::new()));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Ran::from(command(&["explain"]).stdout(full).output().unwrap());
    assert_eq!(output.code, 2);
    assert!(output.err.contains("No space left on device"), "{}", output.err);
}

fn wrong_command_lines_are_refused() {
    assert_eq!(gobt(&[]).code, 2);
    assert_eq!(gobt(&["fmt"]).code, 2);
    assert_eq!(gobt(&["frobnicate"]).code, 2);
    assert_eq!(gobt(&["--help"]).code, 0);
    assert_eq!(gobt(&["--version"]).code, 0);
}
