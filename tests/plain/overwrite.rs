//! No command writes over what it reads, by whatever name; and a script's head says how to run the file that it is in.

use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::{Ran, Running, command, gobt, gobt_in, gobt_with};
use crate::support::suite::{Suite, trials};
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::Path;
use std::process::Command;

/// All of them.
pub fn suite() -> Suite {
    trials![
        inputs_are_not_written_over,
        a_process_keeps_its_program,
        programs_and_recipes_are_no_scripts,
        the_head_says_how_to_run_this_file,
    ]
    .into()
}

const RECIPE: &str = "count main.charge\n";

/// Everything in a place: names, inodes and bytes.
fn state(place: &Place) -> Vec<(String, u64, Vec<u8>)> {
    let names = place.names().into_iter();
    names
        .map(|name| {
            let path = place.join(&name);
            let inode = fs::symlink_metadata(&path).unwrap().ino();
            (name, inode, fs::read(&path).unwrap_or_default())
        })
        .collect()
}

/// Runs it; it has to be refused with this code, and to change nothing.
#[track_caller]
fn refused(place: &Place, code: &str, run: impl FnOnce() -> Ran) {
    let before = state(place);
    run().fails(2, code);
    assert!(before == state(place), "something was written");
}

fn inputs_are_not_written_over() {
    let place = Place::new("inputs");
    let program = place.copy(SHOP, "app");
    let recipe = place.file("r.gobt", RECIPE);
    let named = place.file("named.gobt", format!("target \"app\"\n{RECIPE}"));
    symlink("app", place.join("link")).unwrap();
    symlink("link", place.join("link-to-link.bt")).unwrap();
    fs::hard_link(&program, place.join("hard.bt")).unwrap();
    fs::hard_link(&recipe, place.join("recipe.bt")).unwrap();
    fs::create_dir(place.join("sub")).unwrap();
    for output in [
        "app",
        "link",
        "link-to-link.bt",
        "hard.bt",
        "r.gobt",
        "recipe.bt",
        "sub/../app",
        "./app",
    ] {
        for emit in ["bpftrace", "plan", "ast"] {
            refused(&place, "E0524", || {
                let arguments = ["compile", "r.gobt", "--bin", "app", "--emit", emit, "-o", output];
                gobt_in(&place.0, &arguments)
            });
        }
    }
    // What the recipe names, also where the command line wins.
    let own = place.path("app");
    refused(&place, "E0524", || gobt(&["compile", &named, "-o", &own]));
    refused(&place, "E0524", || {
        gobt(&["compile", &named, "--bin", SHOP, "-o", &own])
    });
    // Standard input and output are files too.
    for (recipe, output) in [("r.gobt", "app"), ("r.gobt", "r.gobt"), ("-", "r.gobt")] {
        refused(&place, "E0524", || {
            let out = OpenOptions::new().append(true).open(place.join(output)).unwrap();
            let mut compile = command(&["compile", recipe, "--bin", "app"]);
            compile
                .stdin(File::open(place.join("r.gobt")).unwrap())
                .stdout(out);
            compile.current_dir(&place.0).output().unwrap().into()
        });
    }
    refused(&place, "E0524", || {
        let mut compile = command(&["compile", "-", "--bin", "app", "-o", "r.gobt"]);
        compile.stdin(File::open(place.join("r.gobt")).unwrap());
        compile.current_dir(&place.0).output().unwrap().into()
    });
    refused(&place, "E0524", || {
        let file = |append| {
            OpenOptions::new()
                .read(true)
                .append(append)
                .open(place.join("r.gobt"))
                .unwrap()
        };
        let mut fmt = command(&["fmt", "-"]);
        fmt.stdin(file(false)).stdout(file(true)).output().unwrap().into()
    });
    // The error is data where data is wanted.
    let ran = gobt(&[
        "compile", &recipe, "--bin", &program, "-o", &program, "--format", "json",
    ]);
    assert!(
        ran.err.starts_with("{\"code\":\"E0524\"") && ran.code == 2,
        "{}",
        ran.err
    );
}

fn a_process_keeps_its_program() {
    let place = Place::new("process");
    let program = place.copy(SHOP, "app");
    let recipe = place.file("r.gobt", RECIPE);
    let running = Running::start(&mut Command::new(&program));
    let pid = running.0.id().to_string();
    for output in [
        program.clone(),
        format!("/proc/{pid}/exe"),
        format!("/proc/{pid}/root{program}"),
        format!("/proc/{pid}/cwd/../../../../../../{program}"),
    ] {
        if !Path::new(&output).exists() {
            continue;
        }
        refused(&place, "E0524", || {
            gobt(&["compile", &recipe, "--pid", &pid, "-o", &output])
        });
    }
}

fn programs_and_recipes_are_no_scripts() {
    let place = Place::new("precious");
    let recipe = place.file("r.gobt", RECIPE);
    place.copy(SHOP, "other");
    place.file("other.gobt", "latency main.charge by goroutine\n");
    for output in ["other", "other.gobt"] {
        let output = place.path(output);
        refused(&place, "E0525", || {
            gobt(&["compile", &recipe, "--bin", SHOP, "-o", &output])
        });
    }
    // Yesterday's script, an empty file and somebody's text are replaced.
    for (name, content) in [
        ("a.bt", ""),
        ("b.bt", "BEGIN { }\n"),
        ("plan.txt", "what it was\n"),
    ] {
        let output = place.file(name, content);
        for _ in 0..2 {
            gobt(&["compile", &recipe, "--bin", SHOP, "-o", &output]).succeeds();
        }
        assert!(fs::read_to_string(&output).unwrap().starts_with("/*\n"));
    }
}

/// The commands that the head of a script names.
fn commands(script: &str) -> Vec<String> {
    let lines = script.lines().take_while(|line| *line != " */");
    lines
        .filter_map(|line| line.split_once(":  "))
        .map(|(_, command)| command.to_owned())
        .collect()
}

fn the_head_says_how_to_run_this_file() {
    let place = Place::new("head");
    let recipe = place.file("dial.gobt", RECIPE);
    fs::create_dir(place.join("my scripts")).unwrap();
    for (output, word) in [
        ("x.bt", "x.bt"),
        ("my scripts/it's $HOME.bt", "'my scripts/it'\\''s $HOME.bt'"),
        ("./-x.bt", "./-x.bt"),
        ("größe.bt", "größe.bt"),
    ] {
        gobt_in(&place.0, &["compile", &recipe, "--bin", SHOP, "-o", output]).succeeds();
        let script = fs::read_to_string(place.join(output)).unwrap();
        assert_eq!(
            commands(&script),
            [format!("bpftrace {word}"), format!("gobt check {word}")]
        );
        // A shell finds the file by it.
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("cat {word}")]).current_dir(&place.0);
        assert_eq!(shell.output().unwrap().stdout, script.as_bytes());
    }
    let absolute = place.path("y.bt");
    gobt(&["compile", &recipe, "--bin", SHOP, "-o", &absolute]).succeeds();
    assert_eq!(
        commands(&fs::read_to_string(&absolute).unwrap())[0],
        format!("bpftrace {absolute}")
    );
    // Nobody knows where standard output goes.
    for output in [None, Some("-"), Some("/dev/stdout")] {
        let mut arguments = vec!["compile", recipe.as_str(), "--bin", SHOP];
        arguments.extend(output.iter().flat_map(|output| ["-o", output]));
        assert_eq!(commands(gobt(&arguments).succeeds())[0], "bpftrace dial.bt");
    }
    let ran = gobt_with(&["compile", "-", "--bin", SHOP], RECIPE);
    assert_eq!(
        commands(ran.succeeds()),
        ["bpftrace script.bt", "gobt check script.bt"]
    );
}
