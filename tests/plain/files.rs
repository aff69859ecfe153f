//! Files that are no Go programs for amd64, or damaged ones: each is refused with the code for it, and none makes the
//! reader panic, hang or use memory without bound. Programs forged by the thousand are in `tests/mutate/`.

use crate::support::SHOP;
use crate::support::place::Place;
use crate::support::run::Running;
use crate::support::shop::{patched, replaced, replaced_in, shop};
use crate::support::suite::{Suite, trials};
use gobt::diagnostic::Code;
use gobt::target::catalog::Workspace;
use gobt::target::load::Loaded;
use gobt::target::{Functions as _, Needs, Pattern, Program as _, RuntimeFacts as _, Target};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// All of them.
pub fn suite() -> Suite {
    trials![
        what_is_no_file,
        what_is_no_program,
        versions_of_go,
        cut_short,
        tables_outside_the_file,
        a_table_of_functions_that_lies,
        tables_that_disagree_on_a_function,
        processes,
        an_executable_whose_name_looks_deleted,
    ]
    .into()
}

/// What opening this file is refused with.
fn refusal(path: impl AsRef<Path>) -> (Code, String) {
    let problem = Loaded::open(path.as_ref()).and_then(|loaded| Target::open(&loaded).map(drop));
    let problem = problem.unwrap_err();
    (problem.code, problem.message)
}

/// What these bytes are refused with.
fn refused(bytes: &[u8]) -> (Code, String) {
    let problem = Target::read("/app", bytes, None).map(drop).unwrap_err();
    (problem.code, problem.message)
}

fn what_is_no_file() {
    let place = Place::new("files");
    assert_eq!(refusal(place.join("missing")).0, Code::FILE_UNREADABLE);
    assert_eq!(
        refusal(place.file("file", b"") + "/in it").0,
        Code::FILE_UNREADABLE
    );
    assert_eq!(refusal(&place.0).0, Code::NOT_A_FILE);
    assert_eq!(refusal("/dev/zero").0, Code::NOT_A_FILE);
    let pipe = place.join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        assert_eq!(refusal(&pipe).0, Code::NOT_A_FILE);
    }
    use std::os::unix::ffi::OsStrExt as _;
    let name = std::ffi::OsStr::from_bytes(b"\xff");
    fs::write(place.join(name), b"").unwrap();
    assert_eq!(refusal(place.join(name)).0, Code::PATH_NOT_TEXT);
}

fn what_is_no_program() {
    let place = Place::new("kinds");
    assert_eq!(refusal(place.file("empty", b"")).0, Code::NOT_ELF);
    let cases: &[(&[u8], &str)] = &[
        (b"hello\n", "not an ELF file"),
        (b"#!/bin/sh\nexec app\n", "script"),
        (b"MZ\x90\0", "Windows"),
        (b"\xcf\xfa\xed\xfe\x07\0\0\x01", "macOS"),
        (b"PK\x03\x04", "zip"),
    ];
    for (bytes, word) in cases {
        let (code, message) = refused(bytes);
        assert_eq!(code, Code::NOT_ELF);
        assert!(message.contains(word), "{message}");
    }
    assert_eq!(refused(&patched(4, &[1])).0, Code::WRONG_MACHINE); // x32
    assert_eq!(refused(&patched(4, &[1, 1])).0, Code::WRONG_MACHINE);
    let (code, message) = refused(&patched(18, &[0xb7, 0]));
    assert_eq!(
        (code, message.contains("arm64")),
        (Code::WRONG_MACHINE, true),
        "{message}"
    );
    let (code, message) = refused(&patched(18, &[3, 0]));
    assert_eq!(
        (code, message.contains("386")),
        (Code::WRONG_MACHINE, true),
        "{message}"
    );
    let mut big = patched(18, &[0, 22]);
    big[5] = 2;
    let (code, message) = refused(&big);
    assert_eq!(
        (code, message.contains("big-endian")),
        (Code::WRONG_MACHINE, true),
        "{message}"
    );
    assert_eq!(refused(&patched(16, &[1, 0])).0, Code::NOT_EXECUTABLE);
    assert_eq!(refused(&patched(16, &[4, 0])).0, Code::NOT_EXECUTABLE);
    assert_eq!(refused(&patched(16, &[9, 0])).0, Code::NOT_EXECUTABLE);
    // The test itself is a program, but in Rust. It carries a Go program.
    assert_eq!(refusal(std::env::current_exe().unwrap()).0, Code::NOT_GO);
    let gccgo = replaced_in(
        replaced(b"\xff Go buildinf:", b"\xff No buildinf:"),
        b".note.go.buildid",
        b".go_export\0\0\0\0\0\0",
    );
    assert_eq!(refused(&gccgo).0, Code::GCCGO);
}

fn versions_of_go() {
    let data = shop();
    let loaded = Target::read("/app", &data, None).unwrap();
    let version = loaded.identity().go_version.clone();
    let (head, _) = version.rsplit_once('.').unwrap();
    let with = |minor: &str| replaced(head.as_bytes(), format!("go1.{minor}").as_bytes());
    for (minor, word) in [
        ("16", "too old"),
        ("12", "too old"),
        ("28", "newer"),
        ("99", "newer"),
    ] {
        let (code, message) = refused(&with(minor));
        assert_eq!(
            (code, message.contains(word)),
            (Code::GO_UNSUPPORTED, true),
            "{message}"
        );
    }
    let (code, message) = refused(&replaced(head.as_bytes(), b"gopher"));
    assert_eq!(code, Code::GO_UNSUPPORTED, "{message}");
    // Without build information the version is told by what else the file has.
    let without = replaced(b"\xff Go buildinf:", b"\xff No buildinf:");
    assert_eq!(
        Target::read("/app", &without, None)
            .unwrap()
            .identity()
            .go_version,
        version
    );
}

fn cut_short() {
    let data = shop();
    for length in (4..64).chain((64..data.len()).step_by(data.len() / 97)) {
        let (code, message) = refused(&data[..length]);
        assert_eq!(code, Code::FILE_DAMAGED, "{length}: {message}");
    }
}

fn tables_outside_the_file() {
    let ones = [0xff; 8];
    for (at, length) in [(32, 8), (40, 8), (54, 2), (56, 2), (58, 2), (60, 2)] {
        let data = patched(at, &ones[..length]);
        let opened = Target::read("/app", &data, None).map(drop);
        assert_eq!(opened.map_err(|p| p.code), Err(Code::FILE_DAMAGED), "{at}");
    }
}

fn a_table_of_functions_that_lies() {
    let data = shop();
    let table = section(&data, b".gopclntab");
    // The number of functions, then where the tables begin.
    for word in [1, 4, 5, 6, 7, 8] {
        for value in [0, u64::from(u32::MAX), u64::MAX] {
            let changed = patched(table + 8 * word, &value.to_le_bytes());
            if let Ok(target) = Target::read("/app", &changed, None) {
                ask(&target);
            }
        }
    }
    assert_eq!(refused(&patched(table, &[0])).0, Code::FILE_DAMAGED);
}

fn tables_that_disagree_on_a_function() {
    use object::{Object as _, ObjectSection as _, ObjectSymbol as _};
    let data = shop();
    let file = object::File::parse(data.as_slice()).unwrap();
    let symbol = file.symbol_by_name("main.charge").unwrap();
    let offset =
        file.section_by_name(".symtab").unwrap().file_range().unwrap().0 as usize + symbol.index().0 * 24;
    let refusal_of = |data: &[u8]| {
        let target = Target::read("/app", data, None).unwrap();
        let found = target.functions(&Pattern::parse("main.charge").unwrap()).unwrap();
        target
            .sites(*found.functions.first().unwrap(), &Needs::default())
            .map(drop)
            .map_err(|p| p.code)
    };
    assert_eq!(refusal_of(&data), Ok(()));
    // The symbol lies about its size, or its address.
    for (field, value) in [
        (16, symbol.size() - 1),
        (16, symbol.size() + 32),
        (8, symbol.address() + 32),
        (8, symbol.address() - 7),
    ] {
        let changed = patched(offset + field, &value.to_le_bytes());
        assert_eq!(refusal_of(&changed), Err(Code::SOURCES_DISAGREE));
    }
}

/// Where a section lies in the file.
fn section(data: &[u8], name: &[u8]) -> usize {
    use object::{Object as _, ObjectSection as _};
    let file = object::File::parse(data).unwrap();
    let section = file.section_by_name_bytes(name).unwrap();
    usize::try_from(section.file_range().unwrap().0).unwrap()
}

/// Asks a program all kinds of questions, of some of its functions.
fn ask(target: &Target<'_>) {
    let pattern = |text: &str| Pattern::parse(text).unwrap();
    let _ = target.functions(&pattern("main.charge"));
    let _ = target.functions(&pattern("*[...]*"));
    let mut workspace = Workspace::default();
    for id in target
        .functions(&pattern("main.*"))
        .unwrap_or_default()
        .functions
        .into_iter()
        .take(64)
    {
        let function = target.function(id);
        let _ = target.row(id, &mut workspace);
        let _ = target.sites(id, &Needs::default());
        let _ = target.code(id);
        let _ = target.line_of(function.address);
        let _ = target.line_of(function.address.wrapping_add(function.size));
        let _ = target.numbers(&BTreeSet::from([function.address]), false);
    }
    let _ = target.symbol("runtime.types");
    for address in [0, 1, 0x47_c340, u64::MAX] {
        let _ = target.line_of(address);
        let _ = target.numbers(&BTreeSet::from([address]), true);
        let _ = target.meant_by(&BTreeSet::from([address]), true);
        let _ = target.function_containing(address);
    }
}

fn run(path: &Path) -> Running {
    let mut command = Command::new(path);
    let running = Running::start(command.stdout(Stdio::null()).stderr(Stdio::null()));
    // The child is this test's own program until it has become the other.
    let executable = PathBuf::from(format!("/proc/{}/exe", running.0.id()));
    while fs::read_link(&executable).is_ok_and(|now| now != path) {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    running
}

fn processes() {
    let code = |pid: u32| Loaded::of_process(pid).map(drop).unwrap_err().code;
    assert_eq!(code(u32::MAX), Code::NO_PROCESS);
    let kernel_thread = fs::read_to_string("/proc/2/comm").is_ok_and(|name| name.trim() == "kthreadd");
    if kernel_thread {
        assert!([Code::NO_PROCESS, Code::PROCESS_UNREADABLE].contains(&code(2)));
    }
    let place = Place::new("process");
    let path = place.join("shop");
    fs::copy(SHOP, &path).unwrap();
    let running = run(&path);
    let pid = running.0.id();
    let loaded = Loaded::of_process(pid).unwrap();
    assert_eq!(loaded.path(), format!("/proc/{pid}/root{}", path.display()));
    assert_eq!(loaded.notes(), [] as [String; 0]);
    // Another program in the same place, as an upgrade does it.
    fs::rename(place.file("new", b"new"), &path).unwrap();
    let loaded = Loaded::of_process(pid).unwrap();
    assert_eq!(loaded.path(), format!("/proc/{pid}/exe"));
    assert!(
        loaded
            .notes()
            .iter()
            .any(|note| note.contains("deleted or replaced")),
        "{:?}",
        loaded.notes()
    );
    assert!(Target::open(&loaded).is_ok());
}

fn an_executable_whose_name_looks_deleted() {
    let place = Place::new("deleted");
    let path = place.join("shop (deleted)");
    fs::copy(SHOP, &path).unwrap();
    let running = run(&path);
    let loaded = Loaded::of_process(running.0.id()).unwrap();
    assert_eq!(
        loaded.path(),
        format!("/proc/{}/root{}", running.0.id(), path.display())
    );
}
