//! `gobt fmt`, `explain`, `completions` and `man` as a user runs them: what they print, where, and their exit codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "these tests start gobt and look at files, and fail where they cannot"
)]

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn gobt(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gobt"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A directory of its own for a test, removed at its end.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("gobt-cli-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.0.join(name);
        fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn fmt_formats_standard_input() {
    let output = gobt(&["fmt", "-"], b"count   main.f\n\n\n\ncount main.g");
    assert_eq!(
        (code(&output), out(&output)),
        (0, "count main.f\n\ncount main.g\n".to_owned())
    );
}

#[test]
fn fmt_rewrites_files() {
    let directory = Directory::new("rewrite");
    let (good, bad) = (
        directory.file("good.gobt", b"count  main.f"),
        directory.file("bad.gobt", b"count by"),
    );
    let output = gobt(&["fmt", &bad, &good], b"");
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("error[E0101]"), "{}", err(&output));
    assert_eq!(fs::read_to_string(&good).unwrap(), "count main.f\n");
    assert_eq!(fs::read_to_string(&bad).unwrap(), "count by");
}

#[test]
fn fmt_check_changes_nothing() {
    let directory = Directory::new("check");
    let (good, bad) = (
        directory.file("good.gobt", b"count main.f\n"),
        directory.file("bad.gobt", b"count  main.f\n"),
    );
    let output = gobt(&["fmt", "--check", &good, &bad], b"");
    assert_eq!((code(&output), out(&output)), (1, format!("{bad}\n")));
    assert_eq!(fs::read_to_string(&bad).unwrap(), "count  main.f\n");
    assert_eq!(code(&gobt(&["fmt", "--check", &good], b"")), 0);
    assert_eq!(out(&gobt(&["fmt", "--check", "-"], b"count  f")), "<stdin>\n");
}

#[test]
fn unreadable_recipes_are_the_environments_fault() {
    let directory = Directory::new("unreadable");
    let elf = directory.file("program", b"\x7fELF\x02\x01\x01\x00\xff\xfe");
    let binary = directory.file("latin1.gobt", b"count main.f\n// caf\xe9\n");
    let large = directory.file("large.gobt", &vec![b'\n'; (1 << 20) + 1]);
    for (path, said) in [
        (elf.as_str(), "is a program, not a recipe"),
        (&binary, "line 2 has the byte 0xe9"),
        (&large, "larger than 1 MiB"),
        ("/nonexistent/x.gobt", "No such file or directory"),
        ("/", "Is a directory"),
    ] {
        let output = gobt(&["fmt", path], b"");
        assert_eq!(code(&output), 2, "{path}");
        assert!(
            err(&output).contains("error[E0110]") && err(&output).contains(said),
            "{}",
            err(&output)
        );
    }
}

#[test]
fn explain_knows_codes() {
    let output = gobt(&["explain", "e0104"], b"");
    assert_eq!(code(&output), 0);
    assert!(out(&output).starts_with("E0104: "));
    assert!(out(&output).lines().all(|line| line.chars().count() <= 80));
    let list = out(&gobt(&["explain"], b""));
    assert!(list.lines().count() > 5 && list.starts_with("E0101  "));
    assert_eq!(code(&gobt(&["explain", "E9999"], b"")), 2);
    assert_eq!(code(&gobt(&["explain", "\u{1b}[31m"], b"")), 2);
}

#[test]
fn completions_name_the_subcommands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = gobt(&["completions", shell], b"");
        assert_eq!(code(&output), 0);
        assert!(out(&output).contains("inspect"), "{shell}");
    }
    assert_eq!(code(&gobt(&["completions", "cmd"], b"")), 2);
}

#[test]
fn man_writes_a_page_for_each_subcommand() {
    let directory = Directory::new("man");
    let target = directory.0.join("new/man1");
    assert_eq!(code(&gobt(&["man", target.to_str().unwrap()], b"")), 0);
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
    assert_eq!(code(&gobt(&["man", "/dev/null/x"], b"")), 2);
}

/// Standard output that is closed early is no error, one that is full is.
#[test]
fn standard_output_may_be_closed() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gobt"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), err(&output)), (0, String::new()));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_gobt"))
        .arg("explain")
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(code(&output), 2);
    assert!(
        err(&output).contains("No space left on device"),
        "{}",
        err(&output)
    );
}

#[test]
fn wrong_command_lines_are_refused() {
    assert_eq!(code(&gobt(&[], b"")), 2);
    assert_eq!(code(&gobt(&["fmt"], b"")), 2);
    assert_eq!(code(&gobt(&["frobnicate"], b"")), 2);
    assert_eq!(code(&gobt(&["--help"], b"")), 0);
    assert_eq!(code(&gobt(&["--version"], b"")), 0);
}
