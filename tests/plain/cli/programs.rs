//! Programs and processes as the commands take them, and what is none.

use super::codes;
use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::{Ran, Running, command, gobt};
use crate::support::shop::{patched, replaced, shop};
use crate::support::suite::trials;
use crate::support::trial::Trial;
use serde_json::Value;
use std::fs;
use std::process::{Command, Stdio};

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![
        programs_that_are_none,
        programs_that_lie,
        processes,
        funcs_as_text_and_data,
        inspect_as_text_and_data,
    ]
}

fn programs_that_are_none() {
    let place = Place::new("programs");
    let shop = shop();
    let go = fs::read("/bin/true").unwrap_or_default();
    let cases = [
        ("empty", Vec::new(), "E0202"),
        ("text", b"#!/bin/sh\n".to_vec(), "E0202"),
        ("magic", b"\x7fELF".to_vec(), "E02"),
        ("headers", shop[..64].to_vec(), "E0208"),
        ("cut", shop[..500_000].to_vec(), "E0208"),
        ("half", shop[..shop.len() / 2].to_vec(), "E02"),
        ("bits", patched(4, &[1]), "E0203"),
        ("order", patched(5, &[2]), "E0203"),
        ("machine", patched(18, &[183, 0]), "E0203"),
        ("object", patched(16, &[1, 0]), "E0204"),
        ("core", patched(16, &[4, 0]), "E0204"),
        ("foreign", go, "E0205"),
        ("old", replaced(b"go1.24.11", b"go1.16.11"), "E0207"),
        ("new", replaced(b"go1.24.11", b"go1.99.11"), "E0207"),
        ("odd", replaced(b"go1.24.11", b"gccgo 1.1"), "E02"),
    ];
    let recipe = place.file("a.gobt", "latency main.(*Shop).Take by goroutine\n");
    for (name, bytes, what) in cases {
        if bytes.is_empty() && name == "foreign" {
            continue;
        }
        let file = place.file(name, bytes);
        gobt(&["compile", &recipe, "--bin", &file]).fails(2, what);
        gobt(&["funcs", &file]).fails(2, what);
        gobt(&["inspect", &file, "main.main"]).fails(2, what);
        let ran = gobt(&["check", &recipe, "--bin", &file, "--format", "json"]);
        assert_eq!(ran.code, 2, "{name}");
        assert!(codes(&ran.out)[0].starts_with(what), "{name}: {}", ran.out);
    }
    for (path, what) in [
        ("/no/such", "E0200"),
        ("/tmp", "E0201"),
        ("/dev/null", "E0201"),
        (SHOP_AND, "E0200"),
    ] {
        gobt(&["compile", &recipe, "--bin", path]).fails(2, what);
        gobt(&["funcs", path]).fails(2, what);
    }
}

const SHOP_AND: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/targets/shop/shop/more");

/// Every table of the file in turn is filled with nonsense. Nothing may crash, and whatever is said is one error.
fn programs_that_lie() {
    let place = Place::new("lies");
    let recipe = place.file(
        "a.gobt",
        "trace main.(*Shop).Take\nlatency main.charge by goroutine\n",
    );
    let shop = shop();
    let mut seed = 7_u64;
    for round in 0..60_usize {
        let mut bytes = shop.clone();
        let from = bytes.len() / 60 * round;
        let length = if round % 2 == 0 { 64 } else { 4096 };
        for byte in &mut bytes[from..(from + length).min(shop.len())] {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            *byte = (seed >> 33).to_le_bytes()[0];
        }
        let file = place.file("liar", bytes);
        for arguments in [
            vec!["compile", &recipe, "--bin", &file],
            vec!["funcs", &file, "main.*"],
            vec!["inspect", &file, "main.charge"],
        ] {
            let ran = Ran::from(command(&arguments).output().unwrap());
            assert!(
                (0..=2).contains(&ran.code),
                "{round} {arguments:?}: {} {}",
                ran.code,
                ran.err
            );
            assert!(
                !ran.err.contains("panicked"),
                "{round} {arguments:?}: {}",
                ran.err
            );
        }
    }
}

fn processes() {
    let place = Place::new("processes");
    let recipe = place.file("a.gobt", "count main.charge\n");
    let compile = |pid: u32| gobt(&["compile", &recipe, "--pid", &pid.to_string()]);
    let program = place.copy(SHOP, "shop");
    let mut command = Command::new(&program);
    let mut running = Running::start(command.arg("30").stdout(Stdio::null()));
    let pid = running.0.id();
    let script = compile(pid);
    assert!(
        script.succeeds().contains(&format!("pid == {pid}")),
        "{}",
        script.out
    );
    assert!(script.out.contains(&format!("/proc/{pid}/root{program}")));
    // Replaced while it runs.
    fs::remove_file(&program).unwrap();
    let deleted = compile(pid);
    assert_eq!(deleted.code, 0, "{}", deleted.err);
    assert!(deleted.err.contains("warning[E0245]"), "{}", deleted.err);
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    compile(pid).fails(2, "E0209");
    compile(4_194_305).fails(2, "E0209");
    let other = Running::start(Command::new("/bin/sleep").arg("30"));
    compile(other.0.id()).fails(2, "E0205");
    // Where it is a kernel thread and not hidden.
    if fs::read_to_string("/proc/2/comm").is_ok_and(|name| name.starts_with("kthreadd")) {
        let ran = compile(2);
        assert_eq!(ran.code, 2);
        assert!(
            ran.err.contains("E0209") || ran.err.contains("E0210"),
            "{}",
            ran.err
        );
    }
}

fn funcs_as_text_and_data() {
    let ran = gobt(&["funcs", SHOP, "main.(*Shop).*"]);
    for name in ["main.(*Shop).Take", "main.(*Shop).Pack", "main.(*Shop).reserve"] {
        assert!(ran.succeeds().contains(name), "{}", ran.out);
    }
    assert!(!ran.out.contains("main.main"));
    // Names alone, and of a plain word all that contain it.
    let ran = gobt(&["funcs", SHOP, "charge"]);
    assert_eq!(ran.succeeds(), "main.charge\n");
    let ran = gobt(&["funcs", SHOP, "charge", "--long"]);
    assert!(
        ran.succeeds().starts_with("ADDRESS") && ran.out.contains("func charge("),
        "{}",
        ran.out
    );
    gobt(&["funcs", SHOP, "chargge"]).fails(2, "main.charge");
    gobt(&["funcs", "--pid", "4294967295"]).fails(2, "E0209");
    let ran = gobt(&["funcs", SHOP, "--format", "json"]);
    let mut names = Vec::new();
    for line in ran.succeeds().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        for key in [
            "name",
            "package",
            "signature",
            "file",
            "line",
            "address",
            "size",
            "entry",
            "returns",
            "inlined",
        ] {
            assert!(row.get(key).is_some(), "{key} in {row}");
        }
        assert!(row["address"].as_str().unwrap().starts_with("0x"), "{row}");
        names.push(row["name"].as_str().unwrap().to_owned());
    }
    assert!(names.len() > 1000 && names.iter().any(|name| name == "main.main"));
    gobt(&["funcs", SHOP, "main.Map["]).fails(2, "E0214");
    let none = gobt(&["funcs", SHOP, "main.mian"]);
    assert_ne!(none.code, 0);
    assert!(none.err.contains("main.main"), "{}", none.err);
}

fn inspect_as_text_and_data() {
    let ran = gobt(&["inspect", SHOP, "main.(*Shop).reserve"]);
    assert!(!ran.succeeds().contains("\ncode\n"), "{}", ran.out);
    let ran = gobt(&["inspect", SHOP, "main.(*Shop).reserve", "--code"]);
    for word in ["item", "count", "price", "push rbp", "ret"] {
        assert!(ran.succeeds().contains(word), "no {word} in {}", ran.out);
    }
    let ran = gobt(&["inspect", SHOP, "main.(*Shop).reserve", "--format", "json"]);
    let report: Value = serde_json::from_str(ran.succeeds()).unwrap();
    assert_eq!(report["arguments"].as_array().unwrap().len(), 3, "{report}");
    assert_eq!(report["results"].as_array().unwrap().len(), 3);
    assert!(report["entry"].is_object() && report["returns"].is_array() && report["code"].is_array());
    gobt(&["inspect", SHOP, "main.mian"]).fails(2, "E0215");
    gobt(&["inspect", SHOP, "main.*"]).fails(2, "E0216");
}
