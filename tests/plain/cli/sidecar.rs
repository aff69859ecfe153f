//! `gobt compile --sidecar`: which files it writes, what it does not write over, and that `gobt check` looks at them.

use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::gobt;
use crate::support::suite::trials;
use crate::support::trial::Trial;
use std::fs;

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![
        symbols_are_written_beside_a_script_and_checked,
        symbols_of_another_script_are_not_found,
        symbols_are_written_over_nothing_else,
    ]
}

/// Where the symbols of the program at `path` are.
fn below(directory: &str, path: &str) -> String {
    format!("{directory}/proc/self/root{path}")
}

fn symbols_are_written_beside_a_script_and_checked() {
    let place = Place::new("sidecar");
    let recipe = place.file("a.gobt", "latency main.charge\n");
    let shop = place.copy(SHOP, "shop");
    let (script, symbols) = (place.path("a.bt"), place.path("symbols"));
    let compile = [
        "compile",
        &recipe,
        "--bin",
        &shop,
        "--sidecar",
        &symbols,
        "-o",
        &script,
    ];
    assert_eq!(gobt(&compile).succeeds(), "");
    let text = fs::read_to_string(&script).unwrap();
    assert!(
        text.contains(&format!("Run as root:  BCC_SYMFS={symbols} bpftrace {script}")),
        "{text}"
    );
    assert!(!text.contains("unsafe \n") && !text.contains(":0x"), "{text}");
    let check = || gobt(&["check", &script]);
    assert_eq!(check().succeeds(), format!("{script}: fits, 2 probes\n"));
    let file = below(&symbols, &shop);
    let whole = fs::read(&file).unwrap();
    for at in [0, 70, whole.len() / 2, whole.len() - 1] {
        let mut other = whole.clone();
        other[at] ^= 1;
        fs::write(&file, &other).unwrap();
        check().fails(1, "E0515");
    }
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    check().fails(1, "E0515");
    fs::remove_file(&file).unwrap();
    check().fails(1, "cannot be read");
    assert_eq!(gobt(&compile).succeeds(), "");
    assert_eq!(fs::read(&file).unwrap(), whole);
    // An attach point that was changed.
    let pattern = text
        .lines()
        .find_map(|line| line.strip_prefix("uprobe:"))
        .unwrap();
    fs::write(&script, text.replace(pattern, &format!("{pattern}1"))).unwrap();
    check().fails(1, "E0516");
}

fn symbols_of_another_script_are_not_found() {
    let place = Place::new("sidecars");
    let symbols = place.path("symbols");
    let script = |name: &str, recipe: &str| {
        let recipe = place.file(&format!("{name}.gobt"), recipe);
        let script = place.path(&format!("{name}.bt"));
        let args = [
            "compile",
            &recipe,
            "--bin",
            SHOP,
            "--sidecar",
            &symbols,
            "-o",
            &script,
        ];
        assert_eq!(gobt(&args).succeeds(), "");
        script
    };
    let prefix = |script: &str| {
        let text = fs::read_to_string(script).unwrap();
        let at = text.find(":gobt_").unwrap() + 1;
        text[at..at + "gobt_12345678".len()].to_owned()
    };
    let first = script("a", "count main.charge\n");
    let second = script("b", "count main.visit\n");
    assert_ne!(prefix(&first), prefix(&second));
    gobt(&["check", &first]).fails(1, "E0515");
    assert_eq!(gobt(&["check", &second]).code, 0);
}

fn symbols_are_written_over_nothing_else() {
    let place = Place::new("sidecar-over");
    let recipe = place.file("a.gobt", "count main.charge\n");
    let shop = place.copy(SHOP, "shop");
    let before = fs::read(&shop).unwrap();
    // Below the root directory, the symbols' path is the program's own.
    gobt(&["compile", &recipe, "--bin", &shop, "--sidecar", "/"]).fails(2, "would be written over it");
    assert_eq!(fs::read(&shop).unwrap(), before);
    let symbols = place.path("symbols");
    let file = below(&symbols, &shop);
    fs::create_dir_all(file.rsplit_once('/').unwrap().0).unwrap();
    for content in ["", "precious", "\x7fELF"] {
        fs::write(&file, content).unwrap();
        gobt(&["compile", &recipe, "--bin", &shop, "--sidecar", &symbols]).fails(2, "is something else");
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
    let blocked = place.file("blocked", "");
    gobt(&["compile", &recipe, "--bin", &shop, "--sidecar", &blocked]).fails(2, "cannot write");
}
