//! `gobt compile`: what it writes and where, its options, and for which bpftrace a script is made.

use super::codes;
use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::{Ran, command, gobt};
use crate::support::suite::trials;
use crate::support::trial::Trial;
use crate::support::trouble::is_root;
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![
        compile_writes_to_standard_output_or_a_file,
        targets_are_relative_to_the_recipe,
        errors_go_to_standard_error_and_leave_the_output_alone,
        outputs_are_written_whole_or_not_at_all,
        options_that_are_wrong,
        the_bpftrace_that_is_installed_is_asked,
    ]
}

fn compile_writes_to_standard_output_or_a_file() {
    let place = Place::new("compile");
    let recipe = place.file("a.gobt", "count main.charge\n");
    let output = place.path("a.bt");
    let script = gobt(&["compile", &recipe, "--bin", SHOP]).succeeds().to_owned();
    assert!(script.starts_with("/*\n") && script.ends_with("}\n"), "{script}");
    assert_eq!(
        gobt(&["compile", &recipe, "--bin", SHOP, "-o", &output]).succeeds(),
        ""
    );
    // The head names the file that the script is in; standard output has no name.
    let unnamed = fs::read_to_string(&output).unwrap().replace(&output, "a.bt");
    assert_eq!(unnamed, script);
    assert_eq!(
        gobt(&["compile", &recipe, "--bin", SHOP, "-o", "-"]).succeeds(),
        script
    );
    for (stage, begins) in [
        ("ast", ""),
        ("plan", ""),
        ("program", "Program {"),
        ("bpftrace", "/*"),
    ] {
        let ran = gobt(&["compile", &recipe, "--bin", SHOP, "--emit", stage]);
        assert!(
            ran.succeeds().starts_with(begins) && ran.out.ends_with('\n'),
            "{stage}"
        );
    }
    // The recipe alone is enough for its tree.
    assert!(!gobt(&["compile", &recipe, "--emit", "ast"]).succeeds().is_empty());
    assert_eq!(place.names(), ["a.bt", "a.gobt"]);
}

fn targets_are_relative_to_the_recipe() {
    let place = Place::new("relative");
    place.copy(SHOP, "shop");
    let recipe = place.file("a.gobt", "target \"shop\"\ncount main.charge\n");
    assert!(
        gobt(&["compile", &recipe])
            .succeeds()
            .contains(&place.path("shop"))
    );
    // The command line wins.
    assert!(
        gobt(&["compile", &recipe, "--bin", SHOP])
            .succeeds()
            .contains(SHOP)
    );
    let nowhere = place.file("b.gobt", "target \"nowhere\"\ncount main.charge\n");
    gobt(&["compile", &nowhere]).fails(2, "E0200");
    let none = place.file("c.gobt", "count main.charge\n");
    gobt(&["compile", &none]).fails(2, "E0503");
}

fn errors_go_to_standard_error_and_leave_the_output_alone() {
    let place = Place::new("errors");
    let recipe = place.file("a.gobt", "count main.mian\non main.charge { print arg amout }\n");
    let output = place.file("a.bt", "precious");
    let ran = gobt(&[
        "compile", &recipe, "--bin", SHOP, "-o", &output, "--format", "json",
    ]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert_eq!(codes(&ran.err), ["E0301", "E0303"]);
    for record in ran
        .err
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
    {
        for key in ["code", "severity", "message", "file"] {
            assert!(record[key].is_string(), "{key} in {record}");
        }
        for key in ["line", "column", "end_line", "end_column"] {
            assert!(record[key].is_u64(), "{key} in {record}");
        }
        for key in ["labels", "notes", "help"] {
            assert!(record[key].is_array(), "{key} in {record}");
        }
        assert_eq!(record.as_object().unwrap().len(), 11, "{record}");
    }
    assert_eq!(fs::read_to_string(&output).unwrap(), "precious");
    assert_eq!(place.names(), ["a.bt", "a.gobt"]);
}

fn outputs_are_written_whole_or_not_at_all() {
    let place = Place::new("whole");
    let recipe = place.file("a.gobt", "count main.charge\n");
    let compile = |output: &str| gobt(&["compile", &recipe, "--bin", SHOP, "-o", output]);
    compile(&place.path("no/such/directory.bt")).fails(2, "cannot write");
    fs::create_dir(place.path("directory")).unwrap();
    compile(&place.path("directory")).fails(2, "cannot write");
    compile("/dev/full").fails(2, "cannot write");
    assert_eq!(compile("/dev/null").code, 0);
    // A link stays one, and the file's mode stays as it was.
    let real = place.file("real.bt", "old");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink(&real, place.path("link.bt")).unwrap();
    assert_eq!(compile(&place.path("link.bt")).code, 0);
    assert!(fs::symlink_metadata(place.path("link.bt")).unwrap().is_symlink());
    assert!(fs::read_to_string(&real).unwrap().starts_with("/*"));
    assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(place.names(), ["a.gobt", "directory", "link.bt", "real.bt"]);
    if !is_root() {
        let locked = place.path("locked");
        fs::create_dir(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
        compile(&format!("{locked}/a.bt")).fails(2, "permission denied");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn options_that_are_wrong() {
    let place = Place::new("options");
    let recipe = place.file(
        "a.gobt",
        "param least = 5\ncount main.charge where arg amount > least\n",
    );
    let compile = |more: &[&str]| {
        let mut arguments = vec!["compile", &recipe, "--bin", SHOP];
        arguments.extend(more);
        gobt(&arguments)
    };
    for release in ["2.0", "0.16", "0.28", "0", "new", ""] {
        compile(&["--bpftrace", release]).fails(2, "E0513");
    }
    assert_eq!(compile(&["--bpftrace", "v0.23.2"]).code, 0);
    for define in ["least", "=5", "leest=5", "least=many", "least=5ms", "least="] {
        compile(&["-D", define]).fails(2, "E0505");
    }
    assert!(
        compile(&["-D", "least=7", "-D", "least=8"])
            .succeeds()
            .contains("> 8")
    );
    for arguments in [
        &["compile"][..],
        &["compile", "a", "--bin", "b", "--pid", "1"],
        &["compile", "a", "--pid", "many"],
        &["compile", "a", "--emit", "all"],
        &["frobnicate"],
        &["check"],
        &[],
    ] {
        let ran = gobt(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.err.is_empty());
    }
    let ran = gobt(&["compile", &recipe, "--pid", "my app"]);
    assert!(
        ran.code == 2 && ran.err.contains("`pgrep -a 'my app'`"),
        "{}",
        ran.err
    );
    let ran = gobt(&["compile", &recipe, "--pid", "99999999999"]);
    assert!(
        ran.code == 2 && ran.err.contains("no process id is that large"),
        "{}",
        ran.err
    );
    let timed = place.file(
        "b.gobt",
        "param slow = 1s\nlatency main.charge where elapsed > slow\n",
    );
    for (value, meant) in [("5", "5ms"), ("5 msec", "5ms"), ("5sec", "5s")] {
        let ran = gobt(&["compile", &timed, "--bin", SHOP, "-D", &format!("slow={value}")]);
        assert!(
            ran.code == 2 && ran.err.contains(&format!("write `-D slow={meant}`")),
            "{}",
            ran.err
        );
    }
}

/// What a script says it is for, compiled where `bpftrace` is this shell script.
fn made_for(place: &Place, bpftrace: &str, release: Option<&str>) -> Ran {
    let directory = place.join("bin");
    fs::create_dir_all(&directory).unwrap();
    let file = place.file("bin/bpftrace", format!("#!/bin/sh\n{bpftrace}\n"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    let recipe = place.file("asked.gobt", "count main.charge\n");
    let mut arguments = vec!["compile", &recipe, "--bin", SHOP];
    arguments.extend(release.iter().flat_map(|release| ["--bpftrace", release]));
    let output = command(&arguments).env("PATH", &directory).output();
    Ran::from(output.unwrap())
}

fn the_bpftrace_that_is_installed_is_asked() {
    let place = Place::new("installed");
    let says = |bpftrace: &str, release: Option<&str>| {
        let ran = made_for(&place, bpftrace, release);
        let script = ran.succeeds();
        let range = script.split("for bpftrace ").nth(1).unwrap().split(".\n").next();
        let asked = script.contains("That is the bpftrace that was installed where it was made");
        (range.unwrap().to_owned(), asked)
    };
    let is = |range: &str, asked: bool| (range.to_owned(), asked);
    assert_eq!(says("echo bpftrace v0.27.1", None), is("0.27", true));
    assert_eq!(says("echo bpftrace v0.21.0-3-gabc", None), is("0.21", true));
    // What is named is not asked for.
    assert_eq!(says("echo bpftrace v0.27.1", Some("0.23")), is("0.23", false));
    assert_eq!(
        says("echo bpftrace v0.27.1", Some("0.23..0.27")),
        is("0.23 to 0.27", false)
    );
    // An odd one is as good as none.
    for odd in [
        "echo bpftrace v0.9.4",
        "echo bpftrace v0.99.0",
        "echo usage >&2; exit 1",
        "exec /bin/sleep 60",
        "/bin/sleep 60 & echo bpftrace v0.27.1",
        "exec /usr/bin/yes",
    ] {
        let began = std::time::Instant::now();
        assert_eq!(says(odd, None), is("0.23 to 0.27", false), "{odd}");
        assert!(began.elapsed().as_secs() < 30, "{odd} took {:?}", began.elapsed());
    }
    made_for(&place, "echo", Some("0.17..0.27")).fails(2, "E0513");
}
