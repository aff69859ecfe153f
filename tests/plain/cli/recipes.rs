//! Recipes as `compile`, `check` and `fmt` take them: from files and standard input, several at once, and what is none.

use super::codes;
use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::{gobt, gobt_with};
use crate::support::suite::trials;
use crate::support::trial::Trial;
use std::fs;

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![
        recipes_come_from_standard_input,
        check_goes_through_every_recipe,
        recipes_that_are_none,
        recipes_that_are_not_utf8,
        fmt_rewrites_files,
        fmt_check_changes_nothing,
    ]
}

fn recipes_come_from_standard_input() {
    let ran = gobt_with(&["compile", "-", "--bin", SHOP], "count main.charge\n");
    assert!(ran.succeeds().contains("<stdin> for /"));
    gobt_with(&["compile", "-", "--bin", SHOP], "count main.chrage\n").fails(1, "<stdin>:1:7");
    let ran = gobt_with(&["check", "-", "--bin", SHOP], "count main.charge");
    assert_eq!(ran.succeeds(), "<stdin>: resolves\n");
    assert_eq!(
        gobt_with(&["fmt", "-"], "count   main.f\n\n\n\ncount main.g").succeeds(),
        "count main.f\n\ncount main.g\n"
    );
}

fn check_goes_through_every_recipe() {
    let place = Place::new("check");
    let good = place.file("good.gobt", "count main.charge\n");
    let wrong = place.file("wrong.gobt", "count main.mian\ncount main.absent\n");
    let broken = place.file("broken.gobt", "count {\n");
    let warned = place.file("warned.gobt", "latency runtime.memequal\n");
    let none = place.path("none.gobt");
    let all = [&good[..], &wrong, &broken, &warned];
    let check = |recipes: &[&str], more: &[&str]| {
        let mut arguments = vec!["check"];
        arguments.extend(recipes);
        arguments.extend(["--bin", SHOP]);
        arguments.extend(more);
        gobt(&arguments)
    };
    assert_eq!(check(&[&good], &[]).succeeds(), format!("{good}: resolves\n"));
    let ran = check(&all, &[]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.out, format!("{good}: resolves\n{warned}: resolves\n"));
    for code in ["error[E0301]", "error[E0101]", "warning[E0593]"] {
        assert!(ran.err.contains(code), "{}", ran.err);
    }
    let ran = check(&all, &["--format", "json"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(codes(&ran.out), ["E0301", "E0301", "E0101", "E0593"]);
    // The environment's fault outweighs the recipe's.
    let ran = check(&[&good, &wrong, &none], &["--format", "json"]);
    assert_eq!(ran.code, 2);
    assert_eq!(codes(&ran.out), ["E0301", "E0301", "E0110"]);
    assert_eq!(check(&[&warned], &[]).code, 0);
    // Each against its own program.
    place.copy(SHOP, "shop");
    let own = place.file("own.gobt", "target \"shop\"\ncount main.charge\n");
    let lost = place.file("lost.gobt", "target \"lost\"\ncount main.charge\n");
    let ran = gobt(&["check", &own, &lost, &own]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.out, format!("{own}: resolves\n{own}: resolves\n"));
    assert_eq!(ran.err.matches("error[").count(), 1);
}

fn recipes_that_are_none() {
    let place = Place::new("recipes");
    let large = place.file("large.gobt", vec![b'\n'; (1 << 20) + 1]);
    for (recipe, what) in [
        (place.path("none.gobt").as_str(), "No such file or directory"),
        (large.as_str(), "larger than 1 MiB"),
        (SHOP, "a program, not a recipe"),
        ("/", "Is a directory"),
    ] {
        gobt(&["compile", recipe, "--bin", SHOP]).fails(2, what);
        let ran = gobt(&["check", recipe, "--bin", SHOP, "--format", "json"]);
        assert_eq!(ran.code, 2);
        assert_eq!(codes(&ran.out), ["E0110"]);
        gobt(&["fmt", recipe]).fails(2, what);
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
