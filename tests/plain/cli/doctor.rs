//! `gobt doctor`: what it looks at, as text and data, and its exit code.

use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::{Ran, command, gobt};
use crate::support::suite::trials;
use crate::support::trial::Trial;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![programs_and_processes, the_bpftrace_that_is_installed]
}

/// What is said about one thing: verdict, text and help.
fn of(ran: &Ran, about: &str) -> (String, String, String) {
    let lines = ran
        .out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let found: Vec<Value> = lines.filter(|line| line["about"] == about).collect();
    assert_eq!(found.len(), 1, "{about}: {}", ran.out);
    let text = |key: &str| found[0][key].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("what"), text("help"))
}

fn programs_and_processes() {
    let place = Place::new("doctor");
    let ran = gobt(&["doctor", SHOP, "--format", "json"]);
    assert_eq!(ran.err, "");
    assert_eq!(of(&ran, "program").0, "ok");
    assert!(
        of(&ran, "program").1.ends_with("built by go1.24.11"),
        "{}",
        ran.out
    );
    assert_eq!(of(&ran, "arguments").0, "ok");
    let text = gobt(&["doctor", SHOP]);
    assert_eq!(text.code, ran.code);
    assert!(
        text.out.contains("  built by") || text.out.contains(", built by go1.24.11"),
        "{}",
        text.out
    );
    let recipe = place.file("a.gobt", "count main.f\n");
    for (program, what) in [
        (recipe.as_str(), "is not an ELF file"),
        ("/no/such/file", "there is no such file"),
        ("4294967295", "there is no process"),
        (env!("CARGO_BIN_EXE_gobt"), "is not a Go program"),
    ] {
        let ran = gobt(&["doctor", program, "--format", "json"]);
        assert_eq!(ran.code, 2);
        let (verdict, said, help) = of(&ran, "program");
        assert_eq!(verdict, "problem");
        assert!(said.contains(what) && !help.is_empty(), "{}", ran.out);
    }
    let own = std::process::id().to_string();
    assert_eq!(
        of(&gobt(&["doctor", &own, "--format", "json"]), "program").0,
        "problem"
    );
}

fn the_bpftrace_that_is_installed() {
    let place = Place::new("doctor-bpftrace");
    let asked = |script: &str| {
        let bin = place.join("bin");
        fs::create_dir_all(&bin).unwrap();
        let file = place.file("bin/bpftrace", format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        let output = command(&["doctor", "--format", "json"])
            .env("PATH", &bin)
            .output();
        Ran::from(output.unwrap())
    };
    assert_eq!(of(&asked("echo bpftrace v0.27.1"), "bpftrace").0, "ok");
    for odd in ["echo bpftrace v0.9.4", "echo usage; exit 1", "exec /bin/sleep 60"] {
        let ran = asked(odd);
        assert_eq!(ran.code, 2, "{odd}");
        assert_eq!(of(&ran, "bpftrace").0, "problem", "{odd}");
    }
    let none = gobt(&["doctor", "--format", "json"]);
    assert_eq!(none.code, 2);
    assert!(
        of(&none, "bpftrace").1.contains("there is no `bpftrace`"),
        "{}",
        none.out
    );
    // Many probes are not attached at once by an old one, whatever the kernel.
    assert_eq!(of(&asked("echo bpftrace v0.17.0"), "many probes").0, "warning");
}
