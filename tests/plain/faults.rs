//! What happens to gobt while it runs, and to what it made: files that change, vanish, cannot be read or written,
//! processes that end, readers that go away, Ctrl-C. Each is one clear error with the right exit code, or none where
//! nothing is wrong; nothing is written half, and nothing is left behind.

use crate::support::place::Place;
use crate::support::run::{GOBT, Ran, Running, command, gobt};
use crate::support::suite::{Suite, trials};
use crate::support::{KINDS, SHOP};
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// All of them.
pub fn suite() -> Suite {
    trials![
        a_script_is_checked_against_the_program_at_its_path,
        a_script_is_checked_against_the_program_that_is_named,
        a_recipe_cannot_speak_for_its_script,
        a_script_says_what_its_results_are,
        an_edited_fact_is_noticed,
        scripts_of_all_kinds_are_checked,
        probes_that_come_and_go_in_a_script,
        a_program_that_is_replaced_written_to_or_removed_meanwhile,
        a_program_that_is_cut_short_meanwhile,
        a_process_that_ends_meanwhile,
        readers_that_go_away,
        interrupted,
    ]
    .into()
}

/// Waits until `there` is true, for a minute.
#[track_caller]
fn await_that(mut there: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !there() {
        assert!(Instant::now() < deadline, "it did not happen");
        thread::sleep(Duration::from_micros(200));
    }
}

fn start(arguments: &[&str]) -> Running {
    let mut command = command(arguments);
    Running::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))
}

/// A script made for `program`.
fn script(place: &Place, recipe: &str, program: &str) -> String {
    let recipe = place.file("a.gobt", recipe);
    let output = place.path("a.bt");
    let ran = gobt(&["compile", &recipe, "--bin", program, "-o", &output]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    output
}

fn a_script_is_checked_against_the_program_at_its_path() {
    let place = Place::new("check");
    let program = place.copy(SHOP, "shop, with: spaces");
    let made = script(
        &place,
        "latency main.(*Shop).Take by arg order.Item\ncount main.charge\n",
        &program,
    );
    let head = fs::read_to_string(&made).unwrap();
    assert!(head.contains(&format!("gobt check {made}")), "{head}");
    let ran = gobt(&["check", &made]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(ran.out, format!("{made}: fits, 4 probes\n"));
    // Another build at its path.
    fs::rename(place.copy(KINDS, "new"), &program).unwrap();
    let ran = gobt(&["check", &made]);
    ran.fails(1, "E0515");
    for word in ["build id", "4 of 4 probes", "a.gobt"] {
        assert!(ran.err.contains(word), "no {word} in {}", ran.err);
    }
    let ran = gobt(&["check", &made, "--format", "json"]);
    let line: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, line["code"].as_str()), (1, Some("E0515")));
    // None at all.
    fs::remove_file(&program).unwrap();
    gobt(&["check", &made]).fails(2, "E0200");
    // The same build again, but with another instruction at a probe: somebody patched it.
    fs::rename(place.copy(SHOP, "new"), &program).unwrap();
    assert_eq!(gobt(&["check", &made]).code, 0);
    let push = text_offset(&program, 0x47_cc0a);
    let mut file = fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(&program)
        .unwrap();
    file.seek(SeekFrom::Start(push)).unwrap();
    let mut byte = [0];
    file.read_exact(&mut byte).unwrap();
    assert_eq!(byte, [0x55], "push rbp");
    file.seek(SeekFrom::Start(push)).unwrap();
    file.write_all(&[0x53]).unwrap();
    drop(file);
    let ran = gobt(&["check", &made]);
    ran.fails(1, "E0515");
    assert!(ran.err.contains("`push rbx`, not +10 `push rbp`"), "{}", ran.err);
}

fn text_offset(program: &str, address: u64) -> u64 {
    let layout = crate::support::elf::Layout::of(program.as_ref()).unwrap();
    layout.place(address, false).unwrap().offset
}

fn a_script_is_checked_against_the_program_that_is_named() {
    let place = Place::new("named");
    let program = place.copy(SHOP, "shop");
    let made = script(&place, "count main.charge\n", &program);
    let ran = gobt(&["check", &made, "--bin", &program]);
    assert_eq!(ran.out, format!("{made}: fits, 1 probe\n"), "{}", ran.err);
    let same = place.copy(SHOP, "the same build elsewhere");
    assert_eq!(gobt(&["check", &made, "--bin", &same]).code, 0);
    gobt(&["check", &made, "--bin", KINDS]).fails(1, "E0515");
    gobt(&["check", &made, "--bin", &place.path("none")]).fails(2, "E0200");
    let us = std::process::id().to_string();
    gobt(&["check", &made, "--pid", &us]).fails(2, "E02");
}

/// What a recipe prints is no fact about its script.
fn a_recipe_cannot_speak_for_its_script() {
    let place = Place::new("speaks");
    let program = place.copy(SHOP, "shop");
    let recipe = "on main.charge {
    print \"numbers below are places in\"
    print \"// `gobt check` reads this line: {{}}\"
    raw {
// `gobt check` reads this line: {\"gobt\":\"0.1.0\"}
    }
}
raw {
    // `gobt check` reads this line: {\"is_unsafe\":true}
    END { printf(\"// `gobt check` reads this line: {}\"); }
}
";
    let made = script(&place, recipe, &program);
    let ran = gobt(&["check", &made]);
    assert_eq!(ran.out, format!("{made}: fits, 1 probe\n"), "{}", ran.err);
    // A script whose last line is gone, or from a gobt that wrote none, says nothing any more.
    let text = fs::read_to_string(&made).unwrap();
    for cut in [
        text.trim_end().rsplit_once('\n').unwrap().0,
        &text[..text.len() - 3],
    ] {
        let cut = place.file("cut.bt", cut);
        let ran = gobt(&["check", &cut]);
        ran.fails(1, "E0516");
        assert!(ran.err.contains("compile the recipe again"), "{}", ran.err);
    }
}

/// The last line has what a program needs that shows the results: their shapes, units and columns, and what each line
/// has.
fn a_script_says_what_its_results_are() {
    let place = Place::new("results");
    let program = place.copy(SHOP, "shop");
    let recipe = "slow: latency main.(*Shop).Take by arg order.Item, goroutine in ms as linear 0..100 step 10
on main.charge {
    print \"{arg customer} {arg amount as hex}\"
    return { hist elapsed }
}
";
    let made = script(&place, recipe, &program);
    let text = fs::read_to_string(&made).unwrap();
    let json = text.trim_end().rsplit_once(": {").unwrap().1;
    let said: serde_json::Value = serde_json::from_str(&format!("{{{json}")).unwrap();
    let column =
        |name: &str, ty: &str, format: &str| serde_json::json!({"name": name, "type": ty, "format": format});
    let outputs = serde_json::json!([
        {
            "name": "slow",
            "of": {"calls": "main.(*Shop).Take"},
            "shape": {"linear": {"low": 0, "high": 100, "step": 10}},
            "unit": {"time": "ms"},
            "columns": [
                column("arg order.Item", "string", "string"),
                column("process", "int", "uint"),
                column("goroutine", "uint64", "uint"),
            ],
            "not_whole": "slow_not_whole",
        },
        {
            "name": "hist",
            "of": {"statement": "main.charge"},
            "shape": "hist",
            "unit": {"time": "ns"},
            "value": column("elapsed", "time.Duration", "duration"),
        },
        {
            "name": "calls_not_timed",
            "of": "calls_not_timed",
            "shape": "count",
            "unit": "calls",
            "columns": [column("why", "string", "string")],
        },
    ]);
    assert_eq!(said["outputs"], outputs);
    let entry = &said["probes"][2];
    assert_eq!(
        (&entry["function"], &entry["event"]),
        (&"main.charge".into(), &"entry".into())
    );
    let lines = serde_json::json!([[
        column("arg customer", "string", "string"),
        column("arg amount", "main.Cents", "hex"),
    ]]);
    assert_eq!(entry["lines"], lines);
    assert_eq!(entry["points"], serde_json::json!([[0x47_d086, 6, "push rbp"]]));
}

/// Each fact in the last line, changed so that it still can be read, and that line of another script.
fn an_edited_fact_is_noticed() {
    let place = Place::new("edited");
    let program = place.copy(SHOP, "shop");
    let made = script(&place, "latency main.(*Shop).Take by arg order.Item\n", &program);
    let text = fs::read_to_string(&made).unwrap();
    let (script_text, last) = text.trim_end().rsplit_once('\n').unwrap();
    let (words, json) = last.split_once(": ").unwrap();
    let facts: serde_json::Value = serde_json::from_str(json).unwrap();
    let mut edited = Vec::new();
    each_edit(&facts, &mut |facts| edited.push(format!("{words}: {facts}")));
    assert!(edited.len() > 15, "{}", edited.len());
    let other = script(&place, "count main.charge\n", &program);
    let other = fs::read_to_string(&other).unwrap();
    edited.push(other.trim_end().rsplit_once('\n').unwrap().1.to_owned());
    for line in edited {
        let changed = place.file("edited.bt", format!("{script_text}\n{line}\n"));
        let ran = gobt(&["check", &changed]);
        ran.fails(1, "E0516");
        assert!(
            ran.err.contains("compile the recipe again"),
            "{line}: {}",
            ran.err
        );
    }
}

/// Calls `f` with the value once for each string, number and truth value in it, which is another one then.
fn each_edit(value: &serde_json::Value, f: &mut dyn FnMut(serde_json::Value)) {
    use serde_json::Value;
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                each_edit(inner, &mut |edited| {
                    let mut map = map.clone();
                    map.insert(key.clone(), edited);
                    f(Value::Object(map));
                });
            }
        }
        Value::Array(list) => {
            for (n, inner) in list.iter().enumerate() {
                each_edit(inner, &mut |edited| {
                    let mut list = list.clone();
                    list[n] = edited;
                    f(Value::Array(list));
                });
            }
        }
        Value::String(text) => f(Value::String(format!("{text}1"))),
        Value::Number(number) => f(Value::from(number.as_u64().unwrap() ^ 8)),
        Value::Bool(truth) => f(Value::Bool(!truth)),
        Value::Null => {}
    }
}

/// People edit scripts: a probe may go, or come; one that was changed is neither.
fn probes_that_come_and_go_in_a_script() {
    let place = Place::new("hand");
    let program = place.copy(SHOP, "shop");
    let made = script(&place, "latency main.charge\ntrace main.(*Shop).Take\n", &program);
    let text = fs::read_to_string(&made).unwrap();
    let points: Vec<&str> = text.lines().filter(|line| line.starts_with("uprobe:")).collect();
    let all = points.len();
    let checked = |text: String| gobt(&["check", &place.file("hand.bt", text)]);
    let (first, rest) = points.split_first().unwrap();
    let ran = checked(text.replace(first, &format!("// {first}\nBEGIN")));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.out.ends_with(&format!("fits, {} probes\n", all - 1)),
        "{}",
        ran.out
    );
    let own = format!("uprobe:{program}:0x47d087");
    let ran = checked(text.replace("\nEND\n", &format!("\n{own}\n{{\n}}\n\nEND\n")));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.ends_with(&format!("fits, {all} probes\n")), "{}", ran.out);
    assert!(ran.err.contains("E0516") && ran.err.contains(&own), "{}", ran.err);
    let number = rest[0]
        .split_once("0x")
        .unwrap()
        .1
        .split([' ', ','])
        .next()
        .unwrap();
    let ran = checked(text.replace(number, "47d087"));
    ran.fails(1, "E0516");
    assert!(ran.err.contains(&own) && ran.err.contains(number), "{}", ran.err);
}

fn scripts_of_all_kinds_are_checked() {
    let place = Place::new("kinds");
    let program = place.copy(KINDS, "kinds");
    let mut count = 0;
    for recipe in [
        "trace main.*",
        "skeleton main.Fib",
        "on main.* { count by func, caller }",
        "every 1s { print }\ncount main.Fib",
    ] {
        for release in ["0.17", "0.20", "0.27"] {
            let recipe = place.file("a.gobt", format!("{recipe}\n"));
            let made = place.path("a.bt");
            let ran = gobt(&[
                "compile",
                &recipe,
                "--bin",
                &program,
                "-o",
                &made,
                "--bpftrace",
                release,
            ]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let probes = fs::read_to_string(&made)
                .unwrap()
                .lines()
                .filter(|line| line.starts_with("uprobe:"))
                .count();
            let ran = gobt(&["check", &made]);
            let what = if probes == 1 { "probe" } else { "probes" };
            assert_eq!(ran.out, format!("{made}: fits, {probes} {what}\n"), "{}", ran.err);
            // Every number is looked at: one that is off by a byte is found, wherever it stands.
            let text = fs::read_to_string(&made).unwrap();
            for (number, line) in text
                .lines()
                .enumerate()
                .filter(|(_, line)| line.starts_with("uprobe:"))
                .step_by(9)
            {
                let at = line.find(":0x").unwrap() + 3;
                let end = at
                    + line[at..]
                        .find(|c: char| !c.is_ascii_hexdigit())
                        .unwrap_or(line.len() - at);
                let off = u64::from_str_radix(&line[at..end], 16).unwrap() + 1;
                let changed: Vec<String> = text
                    .lines()
                    .enumerate()
                    .map(|(n, line)| {
                        if n == number {
                            format!("{}{off:x}{}", &line[..at], &line[end..])
                        } else {
                            line.to_owned()
                        }
                    })
                    .collect();
                let changed = place.file("changed.bt", &(changed.join("\n") + "\n"));
                let ran = gobt(&["check", &changed]);
                assert_eq!(ran.code, 1, "{line}: {}", ran.err);
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count}");
    for (name, text, what) in [
        ("other.bt", "BEGIN { exit(); }\n", "E0516"),
        ("empty.bt", "", "E0516"),
        (
            "cut.bt",
            "/*\n * a.gobt for /x\n * made by gobt 0.1.0 for bpftrace 0.23.\n */\n",
            "E0516",
        ),
    ] {
        let file = place.file(name, text);
        gobt(&["check", &file]).fails(1, what);
    }
}

fn a_program_that_is_replaced_written_to_or_removed_meanwhile() {
    let place = Place::new("meanwhile");
    let recipe = place.file("a.gobt", "trace main.*\n");
    for (what, word) in [
        ("replaced", "was replaced"),
        ("written", "was written to"),
        ("removed", "was removed"),
    ] {
        let mut seen = false;
        for _ in 0..20 {
            let program = place.copy(KINDS, "app");
            let output = place.file("a.bt", "precious\n");
            let other = place.copy(SHOP, "other");
            let child = start(&["compile", &recipe, "--bin", &program, "-o", &output]);
            await_mapped(&child, &program);
            match what {
                "replaced" => fs::rename(&other, &program).unwrap(),
                "removed" => fs::remove_file(&program).unwrap(),
                _ => {
                    let mut file = fs::OpenOptions::new().write(true).open(&program).unwrap();
                    file.seek(SeekFrom::End(-1)).unwrap();
                    file.write_all(&[0]).unwrap();
                }
            }
            let ran = finish(child);
            let left = fs::read_to_string(&output).unwrap();
            if ran.code == 0 {
                assert!(left.starts_with("/*") && left.ends_with("}\n"), "{left}");
                continue;
            }
            ran.fails(2, "E0217");
            assert!(ran.err.contains(word), "{}", ran.err);
            assert_eq!(left, "precious\n");
            seen = true;
            break;
        }
        assert!(seen, "gobt was always done before the file was {what}");
        assert!(
            place.names().iter().all(|name| !name.ends_with(".tmp")),
            "{:?}",
            place.names()
        );
    }
}

/// Waits until the child has mapped a file, or has ended.
fn await_mapped(child: &Running, file: &str) {
    let maps = format!("/proc/{}/maps", child.0.id());
    let status = format!("/proc/{}/stat", child.0.id());
    await_that(|| {
        fs::read_to_string(&maps).is_ok_and(|text| text.contains(file))
            || fs::read_to_string(&status).is_ok_and(|text| text.contains(") Z "))
    });
}

fn finish(mut child: Running) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    child.0.stderr.take().unwrap().read_to_end(&mut err).unwrap();
    child.0.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    let status = child.0.wait().unwrap();
    let output = Output {
        status,
        stdout: out,
        stderr: err,
    };
    output.into()
}

fn a_program_that_is_cut_short_meanwhile() {
    let place = Place::new("cut");
    let recipe = place.file("a.gobt", "trace main.*\n");
    let mut cut = 0;
    for round in 0..40 {
        let program = place.copy(KINDS, "app");
        let arguments = match round % 3 {
            0 => vec!["funcs", &program],
            1 => vec!["compile", &recipe, "--bin", &program],
            _ => vec!["compile", &recipe, "--bin", &program, "--format", "json"],
        };
        let child = start(&arguments);
        await_mapped(&child, &program);
        fs::OpenOptions::new()
            .write(true)
            .open(&program)
            .unwrap()
            .set_len(4096)
            .unwrap();
        let ran = finish(child);
        assert!(ran.code >= 0, "{arguments:?} ended with {}", ran.status);
        if ran.code == 0 {
            continue;
        }
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert_eq!(ran.out, "");
        if arguments.contains(&"json") {
            let line: serde_json::Value = serde_json::from_str(ran.err.trim()).unwrap();
            assert!(line["code"].as_str().unwrap().starts_with("E02"), "{line}");
        } else {
            assert!(ran.err.starts_with("error[E02"), "{}", ran.err);
        }
        cut += usize::from(ran.err.contains("cut short while"));
    }
    assert!(cut > 0, "gobt was never reading while the file was cut");
}

fn a_process_that_ends_meanwhile() {
    let place = Place::new("process");
    let recipe = place.file("a.gobt", "trace main.*\n");
    let mut seen = false;
    for _ in 0..20 {
        let program = place.copy(KINDS, "app");
        let shop = place.copy(SHOP, "shop");
        let mut process = Running::start(Command::new(&shop).arg("60").stdout(Stdio::null()));
        let pid = process.0.id().to_string();
        await_that(|| fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|path| path == Path::new(&shop)));
        let child = start(&["compile", &recipe, "--pid", &pid]);
        await_mapped(&child, &shop);
        process.0.kill().unwrap();
        process.0.wait().unwrap();
        let ran = finish(child);
        if ran.code != 0 {
            ran.fails(2, "E0209");
            seen |= ran.err.contains("ended while");
        }
        drop(program);
        if seen {
            break;
        }
    }
    assert!(seen, "gobt was always done before the process ended");
}

/// Every command whose output a pipe takes, and one that has room for nothing.
fn readers_that_go_away() {
    let place = Place::new("pipes");
    let recipe = place.file("a.gobt", "trace main.*\n");
    let untidy = place.file("untidy.gobt", "count   main.f\n");
    let made = script(&place, "count main.charge\n", SHOP);
    place.file("a.gobt", "trace main.*\n");
    let commands: &[&[&str]] = &[
        &["compile", &recipe, "--bin", KINDS],
        &["compile", &recipe, "--bin", KINDS, "--emit", "plan"],
        &["compile", &recipe, "--bin", KINDS, "-o", "-"],
        &["check", &recipe, &made, "--bin", KINDS],
        &["funcs", SHOP],
        &["funcs", SHOP, "--format", "json"],
        &["inspect", SHOP, "main.(*Shop).Take"],
        &["inspect", SHOP, "main.main", "--format", "json"],
        &["explain"],
        &["explain", "E0301"],
        &["completions", "bash"],
        &["fmt", "--check", &untidy],
        &["--help"],
        &["--version"],
        &["compile", "--help"],
    ];
    for arguments in commands {
        // Nobody reads; somebody reads a line; there is no room.
        let mut child = start(arguments);
        drop(child.0.stdout.take());
        let mut err = String::new();
        child.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        let status = child.0.wait().unwrap();
        let usual = gobt(arguments);
        assert_eq!((status, &err), (usual.status, &usual.err), "{arguments:?}");
        let line = r#"set -o pipefail; "$@" | head -1"#;
        let mut first = Command::new("bash");
        first.args(["-c", line, "bash", GOBT]).args(*arguments);
        let ran = Ran::from(first.output().unwrap());
        assert_eq!((ran.code, ran.err), (usual.code, usual.err), "{arguments:?}");
        assert_eq!(ran.out.matches('\n').count(), 1);
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let ran = Ran::from(command(arguments).stdout(full).output().unwrap());
        if arguments[0].starts_with("--") || arguments[1..].contains(&"--help") {
            continue;
        }
        ran.fails(2, "cannot write to standard output: No space left on device");
    }
    gobt(&["compile", &recipe, "--bin", KINDS, "-o", "/dev/full"]).fails(2, "No space left");
    gobt(&[
        "compile",
        &recipe,
        "--bin",
        KINDS,
        "-o",
        &place.0.to_string_lossy(),
    ])
    .fails(2, "cannot write");
    // Without any streams at all there is still an exit code.
    let ran = Command::new("sh")
        .args(["-c", r#"exec "$@" >&- 2>&- <&-"#, "sh", GOBT, "funcs", SHOP])
        .status()
        .unwrap();
    assert!(ran.code().is_some(), "{ran}");
}

/// Wherever Ctrl-C comes, the output is as it was or whole, and nothing lies beside it.
fn interrupted() {
    let place = Place::new("interrupted");
    let recipe = place.file("a.gobt", "trace main.*\n");
    let output = place.path("a.bt");
    let whole = {
        assert_eq!(gobt(&["compile", &recipe, "--bin", KINDS, "-o", &output]).code, 0);
        fs::read_to_string(&output).unwrap()
    };
    let begun = Instant::now();
    assert_eq!(gobt(&["compile", &recipe, "--bin", KINDS, "-o", &output]).code, 0);
    let usual = begun.elapsed();
    let rounds = 60;
    let (mut before, mut after) = (0, 0);
    for round in 0..rounds {
        fs::write(&output, "precious\n").unwrap();
        let mut child = Running(
            command(&["compile", &recipe, "--bin", KINDS, "-o", &output])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .process_group(0)
                .spawn()
                .unwrap(),
        );
        if round % 2 == 0 {
            thread::sleep(usual * round / rounds);
        } else {
            // As soon as the new file is beside the old one, or has taken its place.
            await_that(|| {
                place.names().len() > 2 || fs::read_to_string(&output).is_ok_and(|text| text != "precious\n")
            });
        }
        let signal = ["-INT", "-TERM", "-HUP"][round as usize % 3];
        let _ = Command::new("kill")
            .args([signal, &child.0.id().to_string()])
            .stderr(Stdio::null())
            .status();
        let status = child.0.wait().unwrap();
        assert!(status.signal().is_some() || status.code() == Some(0), "{status}");
        let left = fs::read_to_string(&output).unwrap();
        assert!(
            left == "precious\n" || left == whole,
            "round {round}: {} bytes",
            left.len()
        );
        assert_eq!(place.names(), ["a.bt", "a.gobt"], "round {round}");
        before += usize::from(left != whole);
        after += usize::from(left == whole && status.signal().is_some());
    }
    assert!(before > 0, "it was never interrupted before it wrote");
    eprintln!("{before} before it wrote, {after} while or after");
}
