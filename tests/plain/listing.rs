//! `gobt funcs` and `gobt inspect` on the example program. Snapshots are in `snapshots/listing/`.

use crate::support::repository;
use crate::support::run::{Ran, command};
use crate::support::suite::{Suite, trials};
use object::{Object as _, ObjectSymbol as _, SymbolKind};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

/// All of them.
pub fn suite() -> Suite {
    trials![
        every_function_with_the_same_keys,
        some_functions_as_a_table,
        one_function,
        names_that_fit_nothing_or_too_much,
        a_reader_that_leaves_early,
        no_orphan_snapshots,
    ]
    .into()
}

const SHOP: &str = "examples/targets/shop/shop";

/// From the repository, so that the example's path is the same everywhere.
fn gobt(arguments: &[&str]) -> Ran {
    let mut command = command(arguments);
    command.current_dir(repository()).env("NO_COLOR", "1");
    command.output().unwrap().into()
}

fn printed(arguments: &[&str]) -> String {
    let ran = gobt(arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

/// What is said about a command that fails, which has to be the environment's or the command line's fault.
fn refused(arguments: &[&str]) -> String {
    let ran = gobt(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    ran.err
}

fn snapshots() -> PathBuf {
    repository().join("snapshots/listing")
}

fn snapshot(name: &str, text: &str) {
    crate::support::snapshot::assert(&snapshots(), name, text);
}

fn every_function_with_the_same_keys() {
    let list = printed(&["funcs", SHOP, "--format", "json"]);
    let data = std::fs::read(repository().join(SHOP)).unwrap();
    let file = object::File::parse(data.as_slice()).unwrap();
    let mut symbols: BTreeMap<String, u64> = file
        .symbols()
        // The linker's own marks are no functions.
        .filter(|s| s.kind() == SymbolKind::Text && s.size() > 0)
        .filter(|s| !s.name().unwrap_or_default().starts_with("go:"))
        .map(|s| (format!("{:#x}", s.address()), s.size()))
        .collect();
    let mut last = 0;
    for line in list.lines() {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        let keys: Vec<_> = object.keys().map(String::as_str).collect();
        let mut wanted = vec![
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
            "wrapper",
        ];
        wanted.sort_unstable();
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, wanted);
        let address = object["address"].as_str().unwrap();
        assert_eq!(symbols.remove(address), object["size"].as_u64(), "{line}");
        let number = u64::from_str_radix(address.trim_start_matches("0x"), 16).unwrap();
        assert!(number > last, "by address");
        last = number;
    }
    assert_eq!(symbols, BTreeMap::new(), "symbols that are not listed");
    let take = list
        .lines()
        .find(|l| l.contains("\"main.(*Shop).Take\""))
        .unwrap();
    snapshot("funcs_json", take);
}

fn some_functions_as_a_table() {
    snapshot(
        "funcs_text",
        &printed(&["funcs", SHOP, "main.(*Shop).*", "--long"]),
    );
}

fn one_function() {
    snapshot(
        "inspect_text",
        &printed(&["inspect", SHOP, "main.(*Shop).Take", "--code"]),
    );
    let text = printed(&["inspect", SHOP, "main.(*Shop).Take", "--code", "--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&text).unwrap();
    let address = object["address"].as_str().unwrap();
    assert_eq!(
        printed(&["inspect", SHOP, address, "--code", "--format", "json"]),
        text
    );
    snapshot("inspect_json", &serde_json::to_string_pretty(&object).unwrap());
}

fn names_that_fit_nothing_or_too_much() {
    let mut text = refused(&["funcs", SHOP, "main.(*Shop).take"]);
    text += &refused(&["inspect", SHOP, "main.(*Shop).*"]);
    text += &refused(&["inspect", SHOP, "0x10"]);
    text += &refused(&["inspect", SHOP, "main.F["]);
    snapshot("refused", &text);
    let json = refused(&["inspect", SHOP, "main.nothing", "--format", "json"]);
    let object: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(object["code"], "E0215");
}

fn a_reader_that_leaves_early() {
    let mut child = command(&["funcs", SHOP, "--long"])
        .current_dir(repository())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    assert!(first.starts_with("ADDRESS"));
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

fn no_orphan_snapshots() {
    let known = [
        "funcs_json",
        "funcs_text",
        "inspect_json",
        "inspect_text",
        "refused",
    ];
    crate::support::snapshot::no_orphans(&snapshots(), &known.map(str::to_owned).into()).unwrap();
}
