//! Who may import whom, by reading the sources: one direction, no way back. And who may touch files, the environment
//! and processes.

use crate::support::suite::{Suite, trials};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// All of them.
pub fn suite() -> Suite {
    trials![
        every_room_names_only_those_it_may,
        no_permission_is_left_over,
        rooms_stand_in_one_order,
        only_the_command_line_touches_the_world,
        one_file_names_each_foreign_library,
    ]
    .into()
}

/// Every room of `src/` with the rooms that it may name.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diagnostic", &["goname", "source"]),
    ("arch", &["gotype"]),
    ("goname", &[]),
    ("gotype", &[]),
    ("bt", &[]),
    ("words", &[]),
    ("syntax", &["diagnostic", "source", "words"]),
    ("target", &["arch", "diagnostic", "goname", "gotype"]),
    ("plan", &["gotype", "target"]),
    (
        "analyze",
        &[
            "bt",
            "diagnostic",
            "goname",
            "gotype",
            "plan",
            "source",
            "syntax",
            "target",
            "words",
        ],
    ),
    (
        "lower",
        &["arch", "bt", "goname", "gotype", "manifest", "plan", "target"],
    ),
    ("manifest", &["bt", "diagnostic", "plan", "target"]),
    (
        "pipeline",
        &[
            "analyze",
            "bt",
            "diagnostic",
            "lower",
            "manifest",
            "plan",
            "source",
            "syntax",
            "target",
        ],
    ),
    ("run", &["bt", "plan", "target", "visible"]),
    ("visible", &["bt"]),
    (
        "cli",
        &[
            "analyze",
            "bt",
            "diagnostic",
            "gotype",
            "manifest",
            "pipeline",
            "plan",
            "run",
            "sidecar",
            "source",
            "syntax",
            "target",
            "visible",
        ],
    ),
    ("sidecar", &["bt", "diagnostic", "target"]),
    ("lib", &[]),
    ("main", &["cli"]),
];

/// What opens files, reads the environment or starts processes.
const OUTSIDE_WORLD: &[&str] = &[
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "io::stdin",
    "io::stdout",
    "io::stderr",
    "File::open",
    "File::create",
    "Command::new",
    "println!",
    "print!(",
    "SystemTime",
    "Instant::now",
];

/// Where that may be.
const MAY_TOUCH: &[&str] = &["cli/", "run/", "target/kept.rs", "target/load.rs", "main.rs"];

/// The lines of a file that are code and no test, with their numbers.
fn code(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    for (number, line) in text.lines().enumerate() {
        // Tests stand at the end of a file.
        if line.trim() == "#[cfg(test)]" {
            break;
        }
        let code = line.split("//").next().unwrap_or_default();
        lines.push((number + 1, code.to_owned()));
    }
    lines
}

fn sources() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .filter(|(_, text)| !text.starts_with("#![cfg(test)]"))
        .collect()
}

fn walk(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Files that are only part of the tests: `#[cfg(test)]` stands before their `mod`.
fn test_files(sources: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (file, text) in sources {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.trim() != "#[cfg(test)]" {
                continue;
            }
            let module = lines.next().and_then(|next| next.trim().strip_suffix(';'));
            if let Some(module) = module.and_then(|m| m.rsplit_once("mod ")) {
                let room = Path::new(file).parent().unwrap().join(module.1);
                let own = Path::new(file).with_extension("").join(module.1);
                for place in [room, own] {
                    found.insert(format!("{}.rs", place.display()));
                    found.insert(format!("{}/mod.rs", place.display()));
                }
            }
        }
    }
    found
}

fn room(file: &str) -> &str {
    let first = file.split('/').next().unwrap_or(file);
    first.strip_suffix(".rs").unwrap_or(first)
}

fn every_room_names_only_those_it_may() {
    let allowed: BTreeMap<_, _> = MAY_NAME.iter().copied().collect();
    let sources = sources();
    let tests = test_files(&sources);
    let mut wrong = Vec::new();
    for (file, text) in sources.iter().filter(|(file, _)| !tests.contains(*file)) {
        let own = room(file);
        let Some(may) = allowed.get(own) else {
            wrong.push(format!("src/{file} is in a room that the table does not know"));
            continue;
        };
        for (number, line) in code(text) {
            for prefix in ["crate::", "gobt::"] {
                for (at, _) in line.match_indices(prefix) {
                    let named = &line[at + prefix.len()..];
                    let end = named.find(|c: char| !c.is_alphanumeric() && c != '_');
                    let named = &named[..end.unwrap_or(named.len())];
                    if allowed.contains_key(named) && named != own && !may.contains(&named) {
                        wrong.push(format!("src/{file}:{number}: {own} may not name {named}"));
                    }
                }
            }
            if line.contains("use crate::{") {
                wrong.push(format!("src/{file}:{number}: one room per `use`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A permission that nobody uses is a way back that nobody notices.
fn no_permission_is_left_over() {
    let sources = sources();
    let tests = test_files(&sources);
    let mut used = BTreeSet::new();
    for (file, text) in sources.iter().filter(|(file, _)| !tests.contains(*file)) {
        for (_, line) in code(text) {
            for (own, named) in MAY_NAME
                .iter()
                .flat_map(|(own, may)| may.iter().map(move |n| (*own, *n)))
            {
                if room(file) == own
                    && (line.contains(&format!("crate::{named}")) || line.contains(&format!("gobt::{named}")))
                {
                    used.insert((own, named));
                }
            }
        }
    }
    let unused: Vec<_> = MAY_NAME
        .iter()
        .flat_map(|(own, may)| may.iter().map(move |named| (*own, *named)))
        .filter(|edge| !used.contains(edge))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn rooms_stand_in_one_order() {
    let mut left: BTreeMap<_, _> = MAY_NAME.iter().copied().collect();
    while !left.is_empty() {
        let free: Vec<&str> = left
            .iter()
            .filter(|(_, named)| named.iter().all(|named| !left.contains_key(named)))
            .map(|(room, _)| *room)
            .collect();
        assert!(!free.is_empty(), "rooms that name each other: {:?}", left.keys());
        left.retain(|room, _| !free.contains(room));
    }
}

fn only_the_command_line_touches_the_world() {
    let sources = sources();
    let tests = test_files(&sources);
    let mut wrong = Vec::new();
    for (file, text) in sources.iter().filter(|(file, _)| !tests.contains(*file)) {
        if MAY_TOUCH.iter().any(|place| file.starts_with(place)) {
            continue;
        }
        for (number, line) in code(text) {
            for word in OUTSIDE_WORLD {
                if line.contains(word) {
                    wrong.push(format!("src/{file}:{number}: {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn one_file_names_each_foreign_library() {
    let homes = [
        ("codespan_reporting", "diagnostic/"),
        ("pest", "syntax/"),
        ("clap", "cli/"),
        ("crossterm", "run/report/"),
        ("inferno", "run/paths/svg.rs"),
        ("prost", "run/paths/pprof.rs"),
        ("iced_x86", "arch/"),
        ("gimli", "target/"),
        ("object", "target/"),
        ("memmap2", "target/ run/attached.rs"),
        ("blake3", "target/"),
    ];
    let sources = sources();
    let tests = test_files(&sources);
    let mut wrong = Vec::new();
    for (file, text) in sources.iter().filter(|(file, _)| !tests.contains(*file)) {
        for (number, line) in code(text) {
            for (library, home) in homes {
                let named =
                    line.contains(&format!("use {library}::")) || line.contains(&format!(" {library}::"));
                if named && !home.split(' ').any(|home| file.starts_with(home)) {
                    wrong.push(format!("src/{file}:{number}: {library} belongs to src/{home}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
