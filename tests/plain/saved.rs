//! `gobt show` and the files of `--save`, from a recording of a real run (`tests/plain/saved/run.rec`): each form
//! is what it should be, `docs/run-json.md` describes every object, and damaged recordings are refused.

use crate::support::place::Place;
use crate::support::run::{command, gobt};
use crate::support::suite::{Suite, trials};
use crate::support::terminal::{Terminal, ended, start};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// All of them.
pub fn suite() -> Suite {
    trials![
        json_is_as_documented,
        a_recording_is_shown_again_in_every_form,
        rows_of_a_table_have_all_its_columns,
        damaged_recordings_are_refused,
        names_that_tell_no_form_are_refused,
        the_option_for_colours_counts_more_than_the_environment,
        nothing_is_written_over_what_is_read,
        call_trees_are_walked_about_in,
        call_trees_have_no_colours_where_none_are_wanted,
        call_trees_are_text_where_nobody_looks,
        a_terminal_that_vanishes_ends_it,
        tracks_of_call_trees_have_names,
        a_stopped_view_gives_the_terminal_back,
    ]
    .into()
}

/// Real output of `gobt run --save run.rec` with bpftrace 0.27.
const RECORDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plain/saved/run.rec");
/// The same of `graph *handleBar into … with args` of `examples/targets/web`: four trees.
const TREES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plain/saved/trees.rec");
const DOCUMENT: &str = include_str!("../../docs/run-json.md");

/// A field of an object, as a row of a table of the document has it.
struct Field {
    name: String,
    ty: String,
    is_optional: bool,
}

/// The objects of the document by their names.
fn objects() -> BTreeMap<String, Vec<Field>> {
    let mut all: BTreeMap<String, Vec<Field>> = BTreeMap::new();
    let mut object = None;
    for line in DOCUMENT.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            object = heading.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (Some(object), [_, name, ty, ..]) = (object, cells.as_slice()) else {
            continue;
        };
        let Some(name) = name.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) else {
            continue;
        };
        all.entry(object.to_owned()).or_default().push(Field {
            name: name.to_owned(),
            ty: ty.trim_end_matches(", optional").replace('`', ""),
            is_optional: ty.ends_with(", optional"),
        });
    }
    all
}

/// Says what in an object is not as the document has it.
fn check(objects: &BTreeMap<String, Vec<Field>>, name: &str, value: &Value, wrong: &mut Vec<String>) {
    let (Some(fields), Some(object)) = (objects.get(name), value.as_object()) else {
        wrong.push(format!("{name}: no such object, or no object: {value}"));
        return;
    };
    for key in object
        .keys()
        .filter(|key| fields.iter().all(|field| field.name != **key))
    {
        wrong.push(format!("{name}.{key} is not in the document"));
    }
    for field in fields {
        match object.get(&field.name) {
            Some(value) => of_type(
                objects,
                &field.ty,
                value,
                &format!("{name}.{}", field.name),
                wrong,
            ),
            None if field.is_optional => {}
            None => wrong.push(format!("{name}.{} is missing", field.name)),
        }
    }
}

fn of_type(
    objects: &BTreeMap<String, Vec<Field>>,
    ty: &str,
    value: &Value,
    at: &str,
    wrong: &mut Vec<String>,
) {
    if let Some(each) = ty.strip_prefix("list of ") {
        match value {
            Value::Array(values) => values
                .iter()
                .for_each(|value| of_type(objects, each, value, at, wrong)),
            _ => wrong.push(format!("{at} is no list: {value}")),
        }
        return;
    }
    if let Some(ty) = ty.strip_suffix(" or null") {
        if !value.is_null() {
            of_type(objects, ty, value, at, wrong);
        }
        return;
    }
    let fits = match ty {
        "any" => true,
        "text" => value.is_string(),
        "number" => value.is_number(),
        "flag" => value.is_boolean(),
        "object" => value.is_object(),
        other => return check(objects, other, value, wrong),
    };
    if !fits {
        wrong.push(format!("{at} is no {ty}: {value}"));
    }
}

fn json_is_as_documented() {
    let objects = objects();
    let ran = gobt(&["show", RECORDING, "--format", "json"]);
    let mut wrong = Vec::new();
    let mut types = BTreeSet::new();
    let mut last = String::new();
    for line in ran.succeeds().lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        last = value["type"].as_str().unwrap().to_owned();
        check(&objects, &last, &value, &mut wrong);
        types.insert(last.clone());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(last, "end");
    // What the recording does not have is not tested.
    let all = ["end", "line", "result", "text"].map(str::to_owned);
    assert_eq!(types, BTreeSet::from(all));
    // The examples of the document too.
    let examples = DOCUMENT.lines().filter(|line| line.starts_with('{'));
    let examples = examples.map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut count = 0;
    for value in examples {
        let name = value["type"].as_str().unwrap().to_owned();
        check(&objects, &name, &value, &mut wrong);
        count += 1;
    }
    assert!(wrong.is_empty() && count >= 3, "{count} {}", wrong.join("\n"));
}

fn a_recording_is_shown_again_in_every_form() {
    let place = Place::new("show");
    let [text, json, csv, rec] = ["a.txt", "a.json", "a.csv", "a.rec"].map(|name| place.path(name));
    let ran = gobt(&[
        "show", RECORDING, "--format", "json", "--save", &text, "--save", &json, "--save", &csv, "--save",
        &rec,
    ]);
    assert_eq!(fs::read_to_string(&json).unwrap(), ran.succeeds());
    assert!(
        fs::read(&rec).unwrap() == fs::read(RECORDING).unwrap(),
        "another recording"
    );
    let text = fs::read(&text).unwrap();
    let text = String::from_utf8_lossy(&text);
    for expected in [
        "-> main.take name=apple n=0\n",
        "@count: calls of main.take by arg name, ret 0\n",
        "p99.9 us  max us  arg name\n",
        "@steps: linear of arg n in main.take\n  [0, 10) ",
    ] {
        assert!(text.contains(expected), "no {expected:?} in {text}");
    }
    assert_eq!(place.names(), ["a.csv", "a.json", "a.rec", "a.txt"]);
}

/// The rows of a file of comma-separated values (RFC 4180).
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(String::new()),
            '\r' if !is_quoted => {}
            '\n' if !is_quoted => rows.push(vec![String::new()]),
            c => row.last_mut().unwrap().push(c),
        }
    }
    rows.pop();
    rows
}

fn rows_of_a_table_have_all_its_columns() {
    let place = Place::new("csv");
    let csv = place.path("a.csv");
    gobt(&["show", RECORDING, "--format", "json", "--save", &csv]).succeeds();
    let rows = cells(&fs::read_to_string(&csv).unwrap());
    let head = &rows[0];
    assert!(rows.iter().all(|row| row.len() == head.len()));
    let column = |name: &str| head.iter().position(|other| other == name).unwrap();
    let (kind, name, value, count) = (column("kind"), column("name"), column("value"), column("count"));
    let sum = |of: &str, column: usize| -> i64 {
        let rows = rows.iter().filter(|row| row[kind] == "result" && row[name] == of);
        rows.map(|row| row[column].parse::<i64>().unwrap()).sum()
    };
    // Each call is in each of these results once.
    let calls = sum("count", value);
    assert!(calls > 100);
    assert_eq!(sum("latency_us_take", count), calls);
    assert_eq!(sum("times", count), calls);
    assert_eq!(sum("steps", count), calls);
    let key = column("arg name");
    assert!(
        rows.iter().any(|row| row[key] == "tab\tnew\nline"),
        "a newline was lost"
    );
}

fn damaged_recordings_are_refused() {
    let place = Place::new("damaged");
    let whole = fs::read(RECORDING).unwrap();
    let show = |bytes: &[u8]| gobt(&["show", &place.file("a.rec", bytes)]);
    let step = whole.len() / 40;
    for end in (0..whole.len() - 1).step_by(step) {
        show(&whole[..end]).fails(2, "E0200");
    }
    for at in (0..whole.len()).step_by(step) {
        let mut bytes = whole.clone();
        bytes[at] = 0;
        show(&bytes).fails(2, "E0200");
    }
    let text = String::from_utf8(whole.clone()).unwrap();
    show(text.replacen("\"version\":1", "\"version\":2", 1).as_bytes()).fails(2, "it has version 2");
    show(&[whole.as_slice(), b"{\"text\":\"x\"}\n"].concat()).fails(2, "behind its end");
    show(b"count main.f\n").fails(2, "it is no recording");
    gobt(&["show", &place.path("missing.rec")]).fails(2, "E0200");
}

fn names_that_tell_no_form_are_refused() {
    let place = Place::new("endings");
    for name in ["a", "a.yaml", "a.rec.gz", "rec"] {
        let path = place.path(name);
        let ran = gobt(&["show", RECORDING, "--save", &path]);
        ran.fails(2, "E0705");
        assert!(ran.err.contains(".txt, .json, .csv, .rec"), "{}", ran.err);
        // Before anything is looked for or attached.
        gobt(&[
            "run",
            "-e",
            "count main.f",
            "--bin",
            &place.path("none"),
            "--save",
            &path,
        ])
        .fails(2, "E0705");
    }
    assert!(place.names().is_empty());
}

fn nothing_is_written_over_what_is_read() {
    let place = Place::new("spared");
    let recording = place.copy(RECORDING, "a.rec");
    let recording = recording.as_str();
    fs::hard_link(recording, place.join("hard.rec")).unwrap();
    let before = fs::read(recording).unwrap();
    gobt(&["show", recording, "--save", recording]).fails(2, "E0524");
    gobt(&["show", recording, "--save", &place.path("hard.rec")]).fails(2, "E0524");
    let recipe = place.file("recipe.txt", "count main.f\n");
    gobt(&["show", recording, "--save", &recipe]).fails(2, "E0525");
    assert!(fs::read(recording).unwrap() == before);
    assert_eq!(place.names(), ["a.rec", "hard.rec", "recipe.txt"]);
}

/// `--color always` beside `NO_COLOR`, which counts where the option does not say.
fn the_option_for_colours_counts_more_than_the_environment() {
    let shown = |color: &str, no_color: &str| {
        let mut command = command(&["show", RECORDING, "--color", color]);
        let output = command.env("NO_COLOR", no_color).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let colored = shown("always", "");
    assert!(colored.contains("\x1b[38;5;"), "{colored}");
    assert_eq!(shown("always", "1"), colored);
    for (color, no_color) in [("never", ""), ("never", "1"), ("auto", ""), ("auto", "1")] {
        assert!(!shown(color, no_color).contains("\x1b[0m"), "{color} {no_color}");
    }
}

/// Keys that a terminal sends.
const DOWN: &str = "\x1b[B";
const RIGHT: &str = "\x1b[C";

fn call_trees_are_walked_about_in() {
    let mut terminal = Terminal::new().unwrap();
    terminal.resize(110, 24).unwrap();
    let before = terminal.modes().unwrap();
    let mut show = start(&mut terminal.gobt(&["show", TREES]).unwrap()).unwrap();
    terminal
        .awaits(|shown| shown.contains("graph: 4 trees of graph *handleBar into"))
        .unwrap();
    let shown = terminal.shows();
    assert!(terminal.is_alternate() && terminal.is_colored());
    // The way to the slow call is open and marked, and the bar is full where the time is spent.
    let line = |shown: &str, name: &str| -> String {
        let found = shown.lines().find(|line| line.contains(name));
        found
            .unwrap_or_else(|| panic!("no {name:?} in\n{shown}"))
            .to_owned()
    };
    let slow = line(&shown, "log.(*Logger).flush");
    assert!(slow.contains("◆") && slow.contains("██████████"), "{slow}");
    let folded = line(&shown, "▸ net/http.Error");
    assert!(
        !folded.contains("◆") && !shown.contains("net/http.(*response).WriteHeader"),
        "{shown}"
    );
    // Its first tree, opened and sorted.
    terminal.press("n").unwrap();
    terminal
        .awaits(|shown| shown.contains("graph: each of 4 trees") && shown.contains("row 1 of 4)"))
        .unwrap();
    terminal.press(&format!("{DOWN}{RIGHT}")).unwrap();
    let opened = |shown: &str| shown.contains("row 2 of 7)") && shown.contains("▾ ");
    terminal.awaits(opened).unwrap();
    let of_time = terminal.shows();
    let place = |shown: &str, name: &str| shown.lines().position(|line| line.contains(name));
    let is_before = |shown: &str| place(shown, "(*response).Header(") < place(shown, "net/http.Error(");
    assert!(is_before(&of_time), "{of_time}");
    terminal.press("s").unwrap();
    let sorted = |shown: &str| shown.contains("s sorted by total") && !is_before(shown);
    terminal.awaits(sorted).unwrap();
    // A search opens what it finds, and tells how many there are.
    terminal.press("/notfoundanywhere").unwrap();
    terminal
        .awaits(|shown| shown.contains("/notfoundanywhere_  not found"))
        .unwrap();
    terminal.press("\x1b").unwrap();
    terminal.awaits(|shown| shown.contains("q leave")).unwrap();
    terminal.press("/logger).flush\r").unwrap();
    terminal
        .awaits(|shown| shown.contains("/logger).flush found 1 of 4"))
        .unwrap();
    terminal.press("m").unwrap();
    terminal
        .awaits(|shown| shown.contains("/logger).flush found 2 of 4"))
        .unwrap();
    // Another size, and the end: what all trees come to stays.
    terminal.resize(40, 6).unwrap();
    terminal
        .awaits(|shown| shown.lines().count() <= 6 && shown.contains("q leave"))
        .unwrap();
    terminal.resize(110, 24).unwrap();
    // A key that comes together with another size waits for the next key.
    terminal
        .awaits(|shown| shown.contains("s sorted by total"))
        .unwrap();
    terminal.press("q").unwrap();
    let status = ended(&mut show).unwrap();
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    terminal
        .awaits(|shown| shown.contains("the command ended after"))
        .unwrap();
    assert!(!terminal.is_alternate());
    assert_eq!(terminal.modes().unwrap(), before);
    let shown = terminal.shows();
    assert!(
        shown.contains("graph: 4 trees of") && !shown.contains("graph: goroutine"),
        "{shown}"
    );
}

fn call_trees_have_no_colours_where_none_are_wanted() {
    let mut terminal = Terminal::new().unwrap();
    let mut command = terminal.gobt(&["show", TREES]).unwrap();
    let mut show = start(command.env("NO_COLOR", "1")).unwrap();
    terminal
        .awaits(|shown| shown.lines().any(|line| line.starts_with("> ░░░░")))
        .unwrap();
    assert!(terminal.is_alternate() && !terminal.is_colored());
    // Ctrl-C leaves, too.
    terminal.press("\x03").unwrap();
    let status = ended(&mut show).unwrap();
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    assert!(!terminal.is_alternate() && !terminal.is_colored());
}

/// In a pipe, on a terminal that cannot move its cursor, and beside files that are saved.
fn call_trees_are_text_where_nobody_looks() {
    let piped = gobt(&["show", TREES]);
    assert_eq!(piped.code, 0, "{}", piped.err);
    assert_eq!(piped.out.matches("graph: goroutine ").count(), 4);
    let place = Place::new("trees");
    let text = place.path("a.txt");
    let ways: [(&[&str], &str); 2] = [(&[], "dumb"), (&["--save", &text], "xterm")];
    for (options, kind) in ways {
        let terminal = Terminal::new().unwrap();
        let mut command = terminal.gobt(&[&["show", TREES], options].concat()).unwrap();
        let mut show = start(command.env("TERM", kind)).unwrap();
        let status = ended(&mut show).unwrap();
        assert!(
            status.is_some_and(|status| status.success()),
            "{kind}: {status:?}"
        );
        terminal
            .awaits(|shown| shown.contains("the command ended after"))
            .unwrap();
        assert!(!terminal.is_alternate());
    }
    assert_eq!(fs::read_to_string(&text).unwrap(), piped.out);
}

/// Whoever looks at trees when the connection breaks leaves nothing running.
fn a_terminal_that_vanishes_ends_it() {
    for ignores in [false, true] {
        let terminal = Terminal::new().unwrap();
        let mut command = terminal.gobt(&["show", TREES]).unwrap();
        let mut show = start(&mut command).unwrap();
        // It has ends of the terminal too.
        drop(command);
        terminal
            .awaits(|shown| shown.lines().any(|line| line.starts_with("> ")))
            .unwrap();
        if ignores {
            // It looks for itself, without a signal: it does not run while the signal comes and goes.
            let process = Pid::from_raw(i32::try_from(show.0.id()).unwrap()).unwrap();
            kill_process(process, Signal::STOP).unwrap();
            terminal.vanish().unwrap();
            kill_process(process, Signal::CONT).unwrap();
        } else {
            terminal.vanish().unwrap();
        }
        assert!(ended(&mut show).unwrap().is_some());
    }
}

/// As Perfetto shows them: `web 13843`, and in it `goroutine 22`.
fn tracks_of_call_trees_have_names() {
    let place = Place::new("tracks");
    let file = place.path("a.chrome.json");
    let shown = gobt(&["show", TREES, "--format", "json", "--save", &file]);
    let objects = shown
        .succeeds()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let trees: Vec<Value> = objects
        .filter(|object: &Value| object["type"] == "tree")
        .collect();
    let text = fs::read_to_string(&file).unwrap();
    let trace: Value = serde_json::from_str(&text).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let named = |what: &str| -> Vec<(&Value, &Value, &Value)> {
        let named = events.iter().filter(|event| event["name"] == what);
        named
            .map(|event| (&event["pid"], &event["tid"], &event["args"]["name"]))
            .collect()
    };
    let (process, goroutine) = (&trees[0]["process"], &trees[0]["goroutine"]);
    assert_eq!(
        named("process_name"),
        [(process, &Value::Null, &Value::from("web"))]
    );
    assert_eq!(
        named("thread_name"),
        [(process, goroutine, &Value::from("goroutine"))]
    );
    let calls: usize = trees
        .iter()
        .map(|tree| tree["calls"].as_array().unwrap().len())
        .sum();
    assert_eq!(events.iter().filter(|event| event["ph"] == "X").count(), calls);
}

/// Ctrl-Z, and `fg`.
fn a_stopped_view_gives_the_terminal_back() {
    let mut terminal = Terminal::new().unwrap();
    let before = terminal.modes().unwrap();
    let mut show = start(&mut terminal.gobt(&["show", TREES]).unwrap()).unwrap();
    let looked_at = |shown: &str| shown.contains("q leave");
    terminal.awaits(looked_at).unwrap();
    let taken = terminal.modes().unwrap();
    assert_ne!(taken, before);
    terminal.press("\x1a").unwrap();
    let pid = show.0.id();
    let state = || fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let is_stopped = || {
        state()
            .rsplit(") ")
            .next()
            .is_some_and(|rest| rest.starts_with('T'))
    };
    terminal.awaits(|_| is_stopped()).unwrap();
    assert_eq!(terminal.modes().unwrap(), before);
    terminal.awaits(|shown| !looked_at(shown)).unwrap();
    let process = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::CONT).unwrap();
    terminal.awaits(looked_at).unwrap();
    assert_eq!(terminal.modes().unwrap(), taken);
    terminal.press("q").unwrap();
    let status = ended(&mut show).unwrap();
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
}
