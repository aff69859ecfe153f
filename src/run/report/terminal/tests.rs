//! What is drawn, seen through an emulated terminal.

use super::Kept;
use super::browse::testing::tree;
use super::overlay::Overlay;
use super::view::{View, Wish};
use crate::plan::{Column, Output, Shape, Subject, TimeUnit, Unit};
use crate::run::decode::{Cell, Clock};
use crate::run::results::{Bucket, Measure, Row, Table};
use crate::run::status::Status;
use crossterm::event::KeyCode;
use std::io::{self, Write};
use std::num::NonZero;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use unicode_width::UnicodeWidthStr as _;

/// A terminal in memory, with its lines that have scrolled away.
#[derive(Clone)]
struct Emulated {
    terminal: Arc<Mutex<vt100::Parser>>,
    size: Arc<Mutex<(usize, usize)>>,
}

fn many(n: usize) -> NonZero<u16> {
    NonZero::new(u16::try_from(n).unwrap()).unwrap()
}

impl Write for Emulated {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.terminal.lock().unwrap().process(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Emulated {
    fn new(columns: usize, lines: usize) -> Self {
        let parser = vt100::Parser::new(many(lines), many(columns), 10_000);
        Self {
            terminal: Arc::new(Mutex::new(parser)),
            size: Arc::new(Mutex::new((columns, lines))),
        }
    }

    fn view(&self, colored: bool) -> View<Self> {
        self.view_of(colored, &[])
    }

    /// With call trees of directives of these names and words.
    fn view_of(&self, colored: bool, directives: &[(String, String)]) -> View<Self> {
        let size = Arc::clone(&self.size);
        View::new(
            self.clone(),
            Box::new(move || *size.lock().unwrap()),
            colored,
            3,
            true,
            Overlay::new(Kept::new(directives, 1 << 20), Clock::default()),
        )
    }

    fn resize(&self, columns: usize, lines: usize) {
        *self.size.lock().unwrap() = (columns, lines);
        let mut terminal = self.terminal.lock().unwrap();
        terminal.screen_mut().set_size(many(lines), many(columns));
    }

    /// The lines that are seen, without empty ones at the end.
    fn lines(&self) -> Vec<String> {
        let terminal = self.terminal.lock().unwrap();
        let columns = terminal.screen().size().1;
        let mut lines: Vec<String> = terminal
            .screen()
            .rows(0, columns.get())
            .map(|line| line.trim_end().to_owned())
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines
    }
}

fn counts(rows: &[(&str, i128)]) -> Table {
    let mut output = Output::new(
        "count".to_owned(),
        Subject::Calls(Some("main.take".to_owned())),
        Unit::Calls,
    );
    output.columns = vec![Column {
        name: "arg name".to_owned(),
        ty: None,
        format: None,
    }];
    Table {
        output,
        rows: rows
            .iter()
            .map(|(key, n)| Row {
                keys: vec![Cell::of_text(key.as_bytes().to_vec())],
                measure: Measure::Number(*n),
                rate: None,
            })
            .collect(),
    }
}

fn times(counts: &[(i64, i64, u64)]) -> Table {
    let mut output = Output::new(
        "latency".to_owned(),
        Subject::Calls(Some("main.take".to_owned())),
        Unit::Time(TimeUnit::Us),
    );
    output.shape = Shape::Hist;
    let buckets = counts.iter().map(|(low, high, count)| Bucket {
        low: Some(*low),
        high: Some(*high),
        count: *count,
    });
    Table {
        output,
        rows: vec![Row {
            keys: Vec::new(),
            measure: Measure::Buckets(buckets.collect()),
            rate: None,
        }],
    }
}

fn status() -> Status {
    Status {
        sites: 3,
        elapsed: Duration::from_secs(63),
        hits_per_second: Some(2104.0),
        busy: Some(Duration::from_micros(9_900)),
        ..Status::default()
    }
}

#[test]
fn a_result_and_the_status_stand_below_what_is_printed() {
    let terminal = Emulated::new(80, 24);
    let mut view = terminal.view(false);
    view.line(b"one\n");
    view.state(&[counts(&[("apple", 12), ("pear", 3)])], &status());
    view.line(b"two");
    view.state(&[counts(&[("apple", 112), ("pear", 3)])], &status());
    let lines = terminal.lines();
    assert_eq!(
        lines,
        [
            "one",
            "two",
            "@count: calls of main.take by arg name",
            "  calls  arg name",
            "    112  apple",
            "      3  pear",
            "01:03  3 probes  2104 hits/s  lost 0  dropped 0  kernel 9.9 ms/s  f freeze",
        ]
    );
    view.close(b"the end\n");
    assert_eq!(terminal.lines(), ["one", "two", "the end"]);
}

#[test]
fn the_status_has_the_rate_of_each_count_where_there_is_room() {
    let mut status = status();
    status.rates = vec![("orders".to_owned(), 2100.4), ("refused".to_owned(), 3.0)];
    let told = |columns| {
        let terminal = Emulated::new(columns, 24);
        terminal.view(false).state(&[], &status);
        terminal.lines().pop().unwrap()
    };
    let all = "01:03  3 probes  2104 hits/s  orders 2100/s  refused 3/s  lost 0  dropped 0  kernel 9.9 ms/s";
    assert!(told(200).starts_with(all), "{}", told(200));
    let few = "01:03  2104 hits/s  orders 2100/s  lost 0  kernel 9.9 ms/s";
    assert_eq!(told(70), few);
}

#[test]
fn a_histogram_has_percentiles_beside_it_where_there_is_room() {
    let table = times(&[(16, 17, 5), (18, 19, 5), (32, 35, 1), (64, 71, 0)]);
    let wide = Emulated::new(200, 24);
    wide.view(false).state(std::slice::from_ref(&table), &status());
    let bar = "@".repeat(52);
    assert_eq!(
        wide.lines()[..7],
        [
            "@latency: microseconds that calls of main.take take".to_owned(),
            format!("  [16, 32) 10 |{bar}|  11 values"),
            format!("  [32, 64)  1 |@@@@@{}|  p50 ~18 us", " ".repeat(47)),
            format!("{}  p90 ~18 us", " ".repeat(68)),
            format!("{}  p99 ~33 us", " ".repeat(68)),
            format!("{}  p99.9 ~33 us", " ".repeat(68)),
            format!("{}  max ≤35 us", " ".repeat(68)),
        ]
    );
    let narrow = Emulated::new(20, 24);
    narrow.view(false).state(&[table], &status());
    assert_eq!(
        narrow.lines(),
        [
            "@latency: microseco…",
            "  [16, 32) 10 |@@@@|",
            "  [32, 64)  1 |    |",
            "  11 values  p50 ~1…",
            "01:03  2104 hits/s",
        ]
    );
}

#[test]
fn no_line_is_wider_than_the_terminal_or_acts_on_it() {
    let long = "日本語の長い名前".repeat(20);
    let table = counts(&[(&long, 1), ("\x1b[2J\x07\n\t", 2)]);
    for columns in [1, 2, 5, 20, 80, 200] {
        for lines in [1, 2, 3, 5, 24] {
            let terminal = Emulated::new(columns, lines);
            let mut view = terminal.view(true);
            view.line(b"a\x1b]0;title\x07b\xff");
            view.state(&[table.clone(), times(&[(1, 1, 4)])], &status());
            for line in terminal.lines() {
                assert!(line.width() <= columns, "{columns}x{lines}: {line}");
            }
        }
    }
    let terminal = Emulated::new(80, 24);
    let mut view = terminal.view(false);
    view.line(b"a\x1b]0;title\x07b\xff");
    view.state(&[table], &status());
    let lines = terminal.lines();
    assert_eq!(lines[0], "a\\u{1b}]0;title\\u{7}b\\xff");
    assert!(lines[3].ends_with('…'), "{lines:?}");
    assert_eq!(lines[4], "      2  \\u{1b}[2J\\u{7}\\n\\t");
}

#[test]
fn thousands_of_keys_are_counted_where_they_do_not_fit() {
    let names: Vec<String> = (0..5000).map(|n| format!("key{n}")).collect();
    let rows: Vec<(&str, i128)> = names.iter().map(|name| (name.as_str(), 1)).collect();
    let terminal = Emulated::new(80, 10);
    let mut view = terminal.view(false);
    view.state(&[counts(&rows)], &status());
    let lines = terminal.lines();
    assert_eq!(lines.len(), 9);
    assert_eq!(lines[7], "  … and 4995 more");
}

#[test]
fn keys_freeze_clear_and_turn_over() {
    let terminal = Emulated::new(80, 8);
    let mut view = terminal.view(false);
    let many = counts(&[("a", 5), ("b", 4), ("c", 3), ("d", 2), ("e", 1)]);
    let both = [many.clone(), times(&[(1, 1, 4)])];
    view.state(&both, &status());
    assert!(terminal.lines()[0].starts_with("@count"));
    view.wish(Wish::Next);
    assert!(terminal.lines()[0].starts_with("@latency"));
    view.wish(Wish::Next);
    view.wish(Wish::Clear);
    assert_eq!(terminal.lines()[1], "  nothing");
    let mut more = both.clone();
    more[0].rows[4].measure = Measure::Number(8);
    view.state(&more, &status());
    assert_eq!(terminal.lines()[2], "      7  e");
    view.wish(Wish::Freeze);
    let frozen = terminal.lines();
    view.line(b"held");
    view.state(&[], &status());
    assert_eq!(terminal.lines(), frozen);
    view.wish(Wish::Freeze);
    assert_eq!(terminal.lines()[0], "held");
}

#[test]
fn a_terminal_that_changes_its_size_is_drawn_anew() {
    let terminal = Emulated::new(80, 24);
    let mut view = terminal.view(false);
    let table = counts(&[("a", 5), ("b", 4)]);
    view.line(b"above");
    view.state(std::slice::from_ref(&table), &status());
    terminal.resize(120, 10);
    view.tick();
    let lines = terminal.lines();
    assert_eq!(lines[0], "above");
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("@count")).count(),
        1,
        "{lines:?}"
    );
    assert!(lines.last().unwrap().contains("q quit"), "{lines:?}");
}

#[test]
fn call_trees_are_looked_at_beside_what_scrolls() {
    let terminal = Emulated::new(80, 8);
    let mut view = terminal.view_of(false, &[("graph".to_owned(), "graph main.f".to_owned())]);
    let press = |view: &mut View<Emulated>, key| view.key(KeyCode::Char(key));
    let is_whole = || terminal.terminal.lock().unwrap().screen().alternate_screen();
    let calls = [(0, "main.f", 3_000), (1, "main.g", 2_000)];
    view.tree(&tree(1, &calls));
    view.line(b"one");
    view.state(&[], &status());
    assert!(terminal.lines()[1].contains("t trees"), "{:?}", terminal.lines());
    // An arrow key does nothing while lines scroll.
    view.key(KeyCode::Down);
    assert!(!is_whole());
    press(&mut view, 't');
    assert!(is_whole());
    let looked_at = terminal.lines();
    assert!(
        looked_at[0].starts_with("graph: 1 tree of graph main.f"),
        "{looked_at:?}"
    );
    view.tree(&tree(2, &calls));
    view.line(b"two");
    view.state(&[], &status());
    assert_eq!(terminal.lines(), looked_at);
    // Back, and once more with what came since.
    press(&mut view, 't');
    assert!(
        !is_whole() && terminal.lines()[..2] == ["one", "two"],
        "{:?}",
        terminal.lines()
    );
    press(&mut view, 'f');
    view.key(KeyCode::Down);
    assert!(
        terminal.lines()[0].starts_with("graph: 2 trees"),
        "{:?}",
        terminal.lines()
    );
    press(&mut view, 'c');
    assert!(
        terminal.lines()[0].starts_with("graph: 0 trees"),
        "{:?}",
        terminal.lines()
    );
    press(&mut view, 'f');
    view.line(b"three");
    view.tick();
    assert_eq!(terminal.lines()[2], "three");
    // The run ends, and the trees stay until somebody has seen them.
    press(&mut view, 't');
    assert!(press(&mut view, 'q') && is_whole());
    view.end(b"the end\n");
    assert!(view.are_trees_looked_at());
    assert!(press(&mut view, 'q') && !view.are_trees_looked_at());
    view.close(b"");
    assert_eq!(terminal.lines(), ["one", "two", "three", "the end"]);
}

#[test]
fn lines_are_not_kept_for_ever_behind_call_trees() {
    let terminal = Emulated::new(80, 8);
    let mut view = terminal.view_of(false, &[("graph".to_owned(), "graph main.f".to_owned())]);
    view.look_at_trees();
    let line = "x".repeat(1 << 20);
    for _ in 0..17 {
        view.line(line.as_bytes());
    }
    assert!(terminal.lines()[0].starts_with("graph: 0 trees"));
    view.close(b"");
    assert!(terminal.lines()[0].starts_with("xxx"));
}
