//! Every subcommand through the binary: exit codes, streams, files written whole or not at all, data for programs, and one clear
//! error for everything that is not what it should be.

use crate::support::SHOP;
use crate::support::Trouble;
use crate::support::place::Place;
use crate::support::run::{GOBT, Ran, Running, command, gobt, gobt_with};
use crate::support::suite::{Suite, trials};
use crate::support::trouble::{is_root, need};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

/// All of them.
pub fn suite() -> Suite {
    trials![
        compile_writes_to_standard_output_or_a_file,
        recipes_come_from_standard_input,
        targets_are_relative_to_the_recipe,
        errors_go_to_standard_error_and_leave_the_output_alone,
        outputs_are_written_whole_or_not_at_all,
        a_reader_that_goes_away_is_no_error,
        standard_output_that_is_full_is_an_error,
        check_goes_through_every_recipe,
        recipes_that_are_none,
        programs_that_are_none,
        programs_that_lie,
        processes,
        options_that_are_wrong,
        funcs_as_text_and_data,
        inspect_as_text_and_data,
        explain_knows_every_code,
        completions_and_man_pages,
        format_is_kept_by_check,
        colours_only_where_wanted,
        the_bpftrace_that_is_installed_is_asked,
    ]
    .into()
}

/// The codes of the JSON lines in `text`.
fn codes(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .map(|record| record["code"].as_str().unwrap().to_owned())
        .collect()
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

fn recipes_come_from_standard_input() {
    let ran = gobt_with(&["compile", "-", "--bin", SHOP], "count main.charge\n");
    assert!(ran.succeeds().contains("<stdin> for /"));
    gobt_with(&["compile", "-", "--bin", SHOP], "count main.chrage\n").fails(1, "<stdin>:1:7");
    let ran = gobt_with(&["check", "-", "--bin", SHOP], "count main.charge");
    assert_eq!(ran.succeeds(), "<stdin>: resolves\n");
    assert_eq!(
        gobt_with(&["fmt", "-"], "count   main.f").succeeds(),
        "count main.f\n"
    );
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

fn a_reader_that_goes_away_is_no_error() {
    for arguments in [vec!["funcs", SHOP], vec!["explain"], vec!["completions", "bash"]] {
        let mut child = command(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{arguments:?}");
    }
}

fn standard_output_that_is_full_is_an_error() {
    for arguments in [
        vec!["funcs", SHOP],
        vec!["inspect", SHOP, "main.charge"],
        vec!["explain", "E0301"],
        vec!["completions", "zsh"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Ran::from(command(&arguments).stdout(full).output().unwrap());
        ran.fails(2, "cannot write to standard output");
    }
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
        (place.path("none.gobt").as_str(), "E0110"),
        (large.as_str(), "larger than 1 MiB"),
        (SHOP, "a program, not a recipe"),
        ("/", "E0110"),
    ] {
        gobt(&["compile", recipe, "--bin", SHOP]).fails(2, what);
        let ran = gobt(&["check", recipe, "--bin", SHOP, "--format", "json"]);
        assert_eq!(ran.code, 2);
        assert_eq!(codes(&ran.out), ["E0110"]);
        gobt(&["fmt", recipe]).fails(2, what);
    }
}

fn programs_that_are_none() {
    let place = Place::new("programs");
    let shop = fs::read(SHOP).unwrap();
    let patched = |at: usize, with: &[u8]| {
        let mut bytes = shop.clone();
        bytes[at..at + with.len()].copy_from_slice(with);
        bytes
    };
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
        ("old", renamed(&shop, b"go1.24.11", b"go1.16.11"), "E0207"),
        ("new", renamed(&shop, b"go1.24.11", b"go1.99.11"), "E0207"),
        ("odd", renamed(&shop, b"go1.24.11", b"gccgo 1.1"), "E02"),
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

fn renamed(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let places: Vec<_> = memchr::memmem::find_iter(bytes, from).collect();
    for place in places {
        out[place..place + to.len()].copy_from_slice(to);
    }
    out
}

/// Every table of the file in turn is filled with nonsense. Nothing may crash, and whatever is said is one error.
fn programs_that_lie() {
    let place = Place::new("lies");
    let recipe = place.file(
        "a.gobt",
        "trace main.(*Shop).Take\nlatency main.charge by goroutine\n",
    );
    let shop = fs::read(SHOP).unwrap();
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
    compile(std::process::id()).fails(2, "E0205");
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
        ran.code == 2 && ran.err.contains("no process has so high a number"),
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

fn funcs_as_text_and_data() {
    let ran = gobt(&["funcs", SHOP, "main.(*Shop).*"]);
    for name in ["main.(*Shop).Take", "main.(*Shop).Pack", "main.(*Shop).reserve"] {
        assert!(ran.succeeds().contains(name), "{}", ran.out);
    }
    assert!(!ran.out.contains("main.main"));
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

fn explain_knows_every_code() {
    let list = gobt(&["explain"]);
    for explanation in gobt::diagnostic::code::EXPLANATIONS {
        let code = explanation.code.0;
        assert!(list.succeeds().contains(code));
        let page = gobt(&["explain", code]);
        assert!(
            page.succeeds()
                .starts_with(&format!("{code}: {}", explanation.title))
        );
    }
    assert_eq!(gobt(&["explain", "e301"]).out, gobt(&["explain", "E0301"]).out);
    gobt(&["explain", "E9999"]).fails(2, "E9999");
    gobt(&["explain", "\u{1b}[2J"]).fails(2, "no code");
}

fn completions_and_man_pages() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = gobt(&["completions", shell]);
        for word in ["compile", "inspect", "--bpftrace"] {
            assert!(
                ran.succeeds().contains(word.trim_start_matches('-')),
                "{shell}: {word}"
            );
        }
    }
    let place = Place::new("man");
    assert_eq!(gobt(&["man", &place.path("pages")]).code, 0);
    let pages = fs::read_dir(place.path("pages")).unwrap().count();
    assert_eq!(pages, 9, "one page for gobt and one for each of its subcommands");
    gobt(&["man", "/dev/null/pages"]).fails(2, "cannot write");
}

fn format_is_kept_by_check() {
    let place = Place::new("fmt");
    let tidy = place.file("tidy.gobt", "count main.f\n");
    let untidy = place.file("untidy.gobt", "count   main.f\n");
    assert_eq!(gobt(&["fmt", "--check", &tidy]).code, 0);
    let ran = gobt(&["fmt", "--check", &tidy, &untidy]);
    assert_eq!(ran.code, 1);
    assert!(format!("{}{}", ran.out, ran.err).contains("untidy.gobt"));
    assert_eq!(fs::read_to_string(&untidy).unwrap(), "count   main.f\n");
    assert_eq!(gobt(&["fmt", &untidy]).code, 0);
    assert_eq!(fs::read_to_string(&untidy).unwrap(), "count main.f\n");
    let broken = place.file("broken.gobt", "count {");
    assert_eq!(gobt(&["fmt", &broken]).code, 1);
    assert_eq!(fs::read_to_string(&broken).unwrap(), "count {");
}

/// Colours are for terminals, which `script` makes here.
fn colours_only_where_wanted() -> Result<(), Trouble> {
    let place = Place::new("colours");
    let recipe = place.file("a.gobt", "count main.mian\n");
    assert!(!gobt(&["compile", &recipe, "--bin", SHOP]).err.contains('\u{1b}'));
    let line = format!("{GOBT} compile {recipe} --bin {SHOP}");
    need("script")?;
    let on_terminal = |name: &str, value: &str| {
        let output = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .env(name, value)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let coloured = on_terminal("NO_COLOR", "");
    assert!(
        coloured.contains("E0301") && coloured.contains('\u{1b}'),
        "{coloured}"
    );
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        assert!(!on_terminal(name, value).contains('\u{1b}'), "{name}");
    }
    Ok(())
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
