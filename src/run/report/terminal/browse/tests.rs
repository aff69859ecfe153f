//! What is drawn of trees, and what keys do.

use super::testing::tree;
use super::{Asked, Browser, During, Kept};
use crate::run::decode::Clock;
use crate::run::graph::Ending;
use crate::run::report::style::Drawn;
use crossterm::event::KeyCode;
use unicode_width::UnicodeWidthStr as _;

fn kept() -> Kept {
    let mut kept = Kept::new(&[("graph".to_owned(), "graph main.root".to_owned())], usize::MAX);
    let calls = [
        (0, "main.root", 10_000_000),
        (1, "main.fast", 1_000_000),
        (2, "main.leaf", 400_000),
        (1, "main.slow", 8_000_000),
        (2, "main.Leaf", 7_000_000),
    ];
    kept.tree(&tree(1, &calls));
    let mut open = tree(2, &[(0, "main.root", 30_000_000), (1, "main.slow", 20_000_000)]);
    open.calls[0].ended = None;
    open.calls[0].ending = Ending::Open;
    open.is_missing_calls = true;
    kept.tree(&open);
    kept
}

fn browser() -> Browser {
    Browser::new(&kept(), Clock::default())
}

fn lines(browser: &mut Browser, columns: usize, count: usize) -> Vec<String> {
    let drawn = browser.drawn(columns, count, During::Run);
    assert!(drawn.len() <= count, "{} lines on {count}", drawn.len());
    let text = |line: &Drawn| {
        let mut out = Vec::new();
        line.write(&mut out, false);
        String::from_utf8(out).unwrap().trim_end().to_owned()
    };
    drawn.iter().map(text).collect()
}

fn press(browser: &mut Browser, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '<' => KeyCode::Left,
            '>' => KeyCode::Right,
            'v' => KeyCode::Down,
            '^' => KeyCode::Home,
            '\n' => KeyCode::Enter,
            '\u{8}' => KeyCode::Backspace,
            '\u{1b}' => KeyCode::Esc,
            key => KeyCode::Char(key),
        };
        assert_eq!(browser.key(code), Asked::Nothing, "{key}");
    }
}

#[test]
fn a_summary_shows_where_the_time_goes() {
    let mut browser = browser();
    let told = lines(&mut browser, 116, 10);
    let expected = [
        "graph: 2 trees of graph main.root  (page 1 of 2, row 1 of 3)",
        "  records of 1 of them were lost",
        "               share        total       self     calls        max      call",
        "> ░░░░░░░░░░  100.0%  #  10.000ms    1.000ms         2   10.000ms    ▾ main.root  1 without a return",
        "  ███████░░░   96.6%  *  28.000ms   21.000ms         2   20.000ms  ◆   ▸ main.slow",
        "                3.4%  !   1.000ms  600.000µs         1    1.000ms      ▸ main.fast",
        "",
        "",
        "min 10.000ms  main.root  1 without a return",
    ];
    assert_eq!(told[..9], expected);
    assert!(told[9].starts_with("frozen  ←→ fold, open  +- all below  s sorted by total"));
    press(&mut browser, "s+");
    let told = lines(&mut browser, 130, 10);
    assert!(
        told[6].ends_with("▾ main.fast") && told[7].ends_with("main.leaf"),
        "{told:?}"
    );
    assert!(told[9].contains("s sorted by self"));
}

#[test]
fn single_trees_are_opened_and_sorted() {
    let mut browser = browser();
    press(&mut browser, "n>");
    let told = lines(&mut browser, 90, 9);
    let expected = [
        "graph: each of 2 trees  (page 2 of 2, row 1 of 4)",
        "               share        total       self      call",
        "> █░░░░░░░░░  100.0%  #  10.000ms    1.000ms    ▾ main.root()",
        "  █            10.0%  !   1.000ms  600.000µs      ▸ main.fast()",
        "  █░░░░░░░     80.0%  #   8.000ms    1.000ms  ◆   ▸ main.slow()",
        "                                                ▸ main.root()  has not returned yet  reco…",
        "",
        "main.root  00:00:00.000000 goroutine 18 of process 7",
    ];
    assert_eq!(told[..8], expected);
    press(&mut browser, "s");
    let told = lines(&mut browser, 90, 9);
    assert!(
        told[2].ends_with("reco…") && told[3].starts_with("> "),
        "{told:?}"
    );
    assert!(told[4].contains("main.slow"), "{told:?}");
}

#[test]
fn a_search_finds_what_is_folded() {
    let mut browser = browser();
    press(&mut browser, "n/leaf");
    let told = lines(&mut browser, 90, 12);
    assert_eq!(told[11], "/leaf_  found 1 of 2  enter keep, esc drop");
    assert!(
        told[4].starts_with("> ") && told[4].contains("main.leaf()"),
        "{told:?}"
    );
    press(&mut browser, "\nm");
    let told = lines(&mut browser, 90, 12);
    assert!(
        told[6].starts_with("> ") && told[6].contains("main.Leaf()"),
        "{told:?}"
    );
    assert!(
        told[11].starts_with("frozen  /leaf found 2 of 2  m next found"),
        "{told:?}"
    );
    // What is found on the way to the whole word is not opened, nor what is dropped.
    press(&mut browser, "^-/roo\u{1b}/leag\u{1b}");
    assert!(lines(&mut browser, 90, 12)[0].ends_with("row 1 of 2)"));
    // A capital letter is meant; keys are letters while somebody types.
    press(&mut browser, "/Leafq\u{8}\n");
    let told = lines(&mut browser, 90, 12);
    assert!(told[11].starts_with("frozen  /Leaf found 1 of 1"), "{told:?}");
    press(&mut browser, "\u{1b}");
    assert!(!lines(&mut browser, 90, 12)[11].contains("Leaf"));
    assert_eq!(browser.key(KeyCode::Esc), Asked::Leave);
    press(&mut browser, "/x\u{8}\u{8}");
    assert_eq!(browser.key(KeyCode::Char('q')), Asked::Quit);
}

#[test]
fn the_hot_path_is_one_key_away() {
    let mut browser = browser();
    press(&mut browser, "nh");
    let told = lines(&mut browser, 90, 12);
    assert!(told[5].starts_with("> ███████      70.0%"), "{told:?}");
    assert!(
        told[5].contains("◆") && told[5].ends_with("main.Leaf()"),
        "{told:?}"
    );
}

#[test]
fn no_line_is_too_wide_and_keys_stay_to_the_last() {
    for columns in [1, 2, 7, 20, 40, 60, 80, 100, 130, 300] {
        for count in [1, 2, 3, 4, 5, 24] {
            for keys in ["", "n", "n+", "n/leaf"] {
                let mut browser = browser();
                press(&mut browser, keys);
                for line in lines(&mut browser, columns, count) {
                    assert!(line.width() <= columns, "{columns}x{count}: {line}");
                }
            }
        }
    }
    let mut browser = browser();
    assert_eq!(lines(&mut browser, 8, 1), ["q quit"]);
    // However deep, a call has its name on the screen.
    let calls: Vec<(usize, &str, u64)> = (0..1000).map(|depth| (depth, "main.deep", 1_000_000)).collect();
    let mut kept = Kept::new(&[("graph".to_owned(), "graph main.deep".to_owned())], usize::MAX);
    kept.tree(&tree(1, &calls));
    let mut browser = Browser::new(&kept, Clock::default());
    press(&mut browser, "nh");
    let told = lines(&mut browser, 80, 24);
    assert!(told[21].contains("[999]   main.deep()"), "{told:?}");
}

#[test]
fn names_lose_their_directories_first() {
    let long = "example.com/web/internal/log.(*Logger[go.shape.int]).Printf";
    let mut kept = Kept::new(&[("graph".to_owned(), "graph".to_owned())], usize::MAX);
    kept.tree(&tree(1, &[(0, "main.f", 10), (1, long, 9), (1, "net/http.f", 1)]));
    let mut browser = Browser::new(&kept, Clock::default());
    assert!(lines(&mut browser, 200, 9)[3].ends_with(long));
    let narrow = lines(&mut browser, 100, 9);
    assert!(
        narrow[3].ends_with("…/log.(*Logger[go.shape.int]).Printf"),
        "{narrow:?}"
    );
    assert!(narrow[4].ends_with("net/http.f"), "{narrow:?}");
}

#[test]
fn trees_that_come_later_leave_what_is_open() {
    let mut kept = kept();
    let mut browser = Browser::new(&kept, Clock::default());
    press(&mut browser, "nv/leaf\n");
    kept.tree(&tree(3, &[(0, "main.root", 1), (1, "main.leaf", 1)]));
    browser.renew(&kept);
    let told = lines(&mut browser, 90, 14);
    assert!(told[0].starts_with("graph: each of 3 trees"), "{told:?}");
    assert!(
        told[4].starts_with("> ") && told[4].ends_with("main.leaf()"),
        "{told:?}"
    );
    assert!(told[13].contains("/leaf found 1 of 3"), "{told:?}");
    kept.clear();
    browser.renew(&kept);
    assert_eq!(lines(&mut browser, 90, 14)[2], "  nothing yet");
}
