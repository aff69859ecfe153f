//! `gobt run`, as far as it gets without root and bpftrace: what is wrong is said before anything is started.

use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::{Ran, command, gobt};
use crate::support::suite::trials;
use crate::support::trial::Trial;

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![
        what_is_wrong_is_said_before_anything_starts,
        a_bpftrace_that_fails_is_quoted,
        recipes_stand_on_the_command_line,
        words_of_other_tools_are_answered,
    ]
}

/// Runs with a bpftrace that answers for its release, and else does what `body` says.
fn with_bpftrace(place: &Place, body: &str, arguments: &[&str]) -> Ran {
    let text = format!("#!/bin/sh\ncase \"$1\" in --version) echo bpftrace v0.27.1;; *) {body};; esac\n");
    let path = place.file("bpftrace", &text);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&path, mode).unwrap();
    let directory = std::path::Path::new(&path).parent().unwrap().to_owned();
    Ran::from(command(arguments).env("PATH", directory).output().unwrap())
}

fn what_is_wrong_is_said_before_anything_starts() {
    let place = Place::new("run");
    let shop = ["--bin", SHOP];
    let run = |rest: &[&str]| with_bpftrace(&place, "exit 3", &[&["run"], rest].concat());
    assert_eq!(gobt(&["run"]).code, 2);
    gobt(&["run", "-e", "count main.charge", shop[0], shop[1]]).fails(2, "E0701");
    run(&["-e", "count main.chargge", shop[0], shop[1]]).fails(1, "-e:1:7");
    run(&["-e", "count", shop[0], shop[1]]).fails(1, "E0101");
    run(&["-e", "count main.charge"]).fails(2, "or `-- COMMAND`");
    run(&["count main.charge", shop[0], shop[1]]).fails(2, "stands in quotes behind -e");
    run(&["count", "main.charge", shop[0], shop[1]]).fails(2, "stands in quotes behind -e");
    run(&["-e", "count main.charge", "--", "nothing-of-this-name"]).fails(2, "nothing-of-this-name");
    run(&["nothing.gobt", shop[0], shop[1]]).fails(2, "E0110");
    assert_eq!(run(&["-e", "count main.charge", "--for", "soon"]).code, 2);
}

fn a_bpftrace_that_fails_is_quoted() {
    let place = Place::new("run-fails");
    let ran = with_bpftrace(
        &place,
        "echo 'ERROR: of its own' >&2; exit 1",
        &["run", "-e", "count main.charge", "--bin", SHOP],
    );
    ran.fails(2, "ERROR: of its own");
    let ran = with_bpftrace(
        &place,
        "echo 'Looks like the BPF stack limit of 512 bytes is exceeded.' >&2; exit 1",
        &["run", "-e", "count main.charge", "--bin", SHOP],
    );
    ran.fails(2, "ask for fewer values");
}

fn recipes_stand_on_the_command_line() {
    let script = gobt(&[
        "compile",
        "-e",
        "count main.charge",
        "-e",
        "latency main.charge",
        "--bin",
        SHOP,
    ]);
    assert!(script.succeeds().contains("@latency_us: "), "{}", script.out);
    let checked = gobt(&["check", "-e", "count main.charge", "--bin", SHOP]);
    assert_eq!(checked.succeeds(), "-e: resolves\n");
    gobt(&["check", "-e", "count main.chargge", "--bin", SHOP]).fails(1, "-e:1:7");
    assert_eq!(
        gobt(&["compile", "-e", "count main.charge", "a.gobt", "--bin", SHOP]).code,
        2
    );
    let auto = gobt(&[
        "compile",
        "-e",
        "count main.charge",
        "--bpftrace",
        "auto",
        "--bin",
        SHOP,
    ]);
    assert!(
        auto.succeeds().contains("for bpftrace 0.23 to 0.27"),
        "{}",
        auto.out
    );
}

/// What is written in another way elsewhere is answered by how it is written here, and nobody is sent behind `--`.
fn words_of_other_tools_are_answered() {
    let recipe = ["-e", "count main.charge", "--bin", SHOP];
    let run = |rest: &[&str]| gobt(&[&["run"], &recipe[..], rest].concat());
    let own = std::process::id().to_string();
    let cases = [
        (run(&["--duration", "1s"]), "--for 30s"),
        (run(&["-t", "1"]), "--for 30s"),
        (run(&["--json"]), "--format json"),
        (run(&["-o", "x.txt"]), "--save FILE"),
        (run(&["--binary=x"]), "--bin PATH"),
        (run(&["4711"]), "--pid 4711"),
        (
            gobt(&["trace", "main.charge", "--bin", SHOP]),
            "gobt run -e 'trace main.*' --pid PID",
        ),
        (gobt(&["doctor", "--pid", &own]), "gobt doctor PID"),
        (
            gobt(&["funcs", "--bin", SHOP, "main.*"]),
            "gobt funcs BIN PATTERN",
        ),
        (gobt(&["funcs", "main.*", SHOP]), "stands before the pattern"),
        (gobt(&["funcs", "4711"]), "--pid 4711"),
        (
            gobt(&["inspect", "main.charge", "--bin", SHOP]),
            "gobt inspect BIN FUNCTION",
        ),
    ];
    for (ran, what) in cases {
        ran.fails(2, what);
        assert!(!ran.err.contains("as a value"), "{}", ran.err);
    }
    assert!(
        run(&["--nonsense"])
            .err
            .contains("unexpected argument '--nonsense'")
    );
    // This process is no Go program.
    gobt(&["inspect", "-p", &own, "main.charge"]).fails(2, "E0205");
}
