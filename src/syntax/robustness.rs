//! Recipes come from strangers: reading any text ends soon, without a panic, and all places are inside the text.

use super::ast::{Comments, Item, Recipe};
use super::{dump, parse, printer};
use crate::diagnostic::render::{render_json, render_text};
use crate::source::{Source, Span};
use std::time::{Duration, Instant};

/// Bytes of the large texts: as much as the command line lets in, or where nothing is optimized, what still tells
/// linear from worse.
const LARGE: usize = if cfg!(debug_assertions) { 1 << 14 } else { 1 << 20 };

/// Reads `text`, checks what must hold of every answer, and gives the codes of the problems.
fn read(text: &str) -> Vec<&'static str> {
    let source = Source::new("test.gobt", text);
    let (recipe, problems) = parse(&source);
    let problems = problems.sorted();
    in_order(&recipe, text);
    for label in problems.iter().flat_map(|problem| &problem.labels) {
        assert!(
            label.span.start <= label.span.end && label.span.end <= text.len(),
            "{label:?}"
        );
        assert!(
            text.is_char_boundary(label.span.start) && text.is_char_boundary(label.span.end),
            "{label:?}"
        );
    }
    let drawn = render_text(&source, &problems, true);
    assert!(drawn.len() < 200_000, "a flood of {} bytes", drawn.len());
    assert_eq!(render_json(&source, &problems).lines().count(), problems.len());
    if problems.is_empty() {
        let printed = printer::print(&recipe, text);
        assert_eq!(comments(&printed), comments(text), "{text}\n{printed}");
        let (again, problems) = parse(&Source::new("printed.gobt", printed.clone()));
        let problems = render_text(
            &Source::new("printed.gobt", printed.clone()),
            &problems.sorted(),
            false,
        );
        assert!(problems.is_empty(), "cannot read again:\n{printed}\n{problems}");
        assert_eq!(dump::dump(&again), dump::dump(&recipe), "{text}\n{printed}");
        assert_eq!(printer::print(&again, &printed), printed);
    }
    problems.iter().map(|problem| problem.code.0).collect()
}

/// No item is there twice, and each is in the text.
fn in_order(recipe: &Recipe, text: &str) {
    let mut before = 0;
    for item in &recipe.items {
        assert!(
            before <= item.span.start && item.span.start < item.span.end,
            "{:?}",
            item.span
        );
        assert!(item.span.end <= text.len(), "{:?}", item.span);
        before = item.span.end;
    }
}

/// The comments of a recipe, sorted: some move to the line before.
fn comments(text: &str) -> Vec<String> {
    let base = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let root = super::parser::read(text, base).unwrap();
    let mut comments: Vec<_> = root
        .comments()
        .map(|comment| comment.text().trim_end().to_owned())
        .collect();
    comments.sort();
    comments
}

fn soon(text: &str) -> Vec<&'static str> {
    let begun = Instant::now();
    let codes = read(text);
    let taken = begun.elapsed();
    // Seconds, not milliseconds: tests run without optimization on busy machines.
    assert!(
        taken < Duration::from_secs(10),
        "{taken:?} for {} bytes of {:?}",
        text.len(),
        text.get(..40)
    );
    codes
}

#[test]
fn deep_nesting_is_refused() {
    let n = 10_000;
    let cases = [
        format!("count f where {}1{}", "(".repeat(n), ")".repeat(n)),
        format!("count f where {}", "(".repeat(n)),
        format!("count f where {}1", "!".repeat(n)),
        format!("count f where {}1", "- ".repeat(n)),
        format!("count f where x{}", "[0".repeat(n)),
        format!("count f where x{}", ".y".repeat(n)),
        format!("count f where 1{}", " + 1".repeat(n)),
        format!("count f where {}", "g(".repeat(n)),
        format!("on f {{ {} }}", "if x { ".repeat(n)),
        format!("on f {{ {} {} }}", "if x { ".repeat(n), "}".repeat(n)),
        format!("on f {{ {} }}", "if x { } else ".repeat(n)),
        format!("on f {{ if x {{ }} {} }}", "else if x { } ".repeat(n)),
        format!("on f {{ {} }}", "return { ".repeat(n)),
        format!("raw {}", "{".repeat(n)),
        format!("raw {}{}", "{".repeat(n), "}".repeat(n)),
        format!("raw {}${{x}}{}", "{".repeat(n), "}".repeat(n)),
        "during f { ".repeat(n),
        format!("type T {}", "{".repeat(n)),
        format!("count f where x.({}", "(".repeat(n)),
        format!("count {}", "(".repeat(n)),
        format!("count f{}", "[".repeat(n)),
        format!("on f {{ print \"{{{}", "(".repeat(n)),
    ];
    for case in cases {
        assert!(!soon(&case).is_empty());
    }
}

#[test]
fn depth_has_one_limit() {
    let nested = |n: usize| format!("count f where {}1{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(read(&nested(60)), Vec::<&str>::new());
    assert_eq!(read(&nested(100)), ["E0104"]);
    assert_eq!(read(&nested(5_000)), ["E0104"]);
    let long = |n: usize| format!("count f where 1{}", " + 1".repeat(n));
    assert_eq!(read(&long(400)), Vec::<&str>::new());
    assert_eq!(read(&long(600)), ["E0104"]);
}

#[test]
fn large_recipes_are_read() {
    let filled = |line: &str| line.repeat(LARGE / line.len());
    let statements = filled("    print \"a {arg n} b\" where arg n > 3 && arg m < 4\n");
    assert!(soon(&format!("on f {{\n{statements}}}\n")).is_empty());
    assert!(
        soon(&filled(
            "count main.f by goroutine, arg n as hex where elapsed > 10ms // note\n"
        ))
        .is_empty()
    );
    assert!(soon(&filled("// comment\n")).is_empty());
    assert!(soon(&format!("count f{}", filled(", f"))).is_empty());
}

#[test]
fn large_garbage_is_refused_soon() {
    let size = LARGE;
    let pieces = [
        "(",
        ")",
        "{",
        "}",
        "[",
        "\"",
        "\\",
        "'",
        "`",
        "//",
        "/*",
        "\n",
        " ",
        "\t",
        ";",
        ",",
        ".",
        "-",
        "!",
        "a",
        "0",
        "arg ",
        "a.b ",
        "a, ",
        "on ",
        "if ",
        "where ",
        "by ",
        "\"{",
        "${",
        "raw { ",
        "type T { ",
        "as x ",
        "x..",
        "a\n",
        "count f\n",
        "count f by\n",
        "on f {\n",
        "on f { print \"{(",
        "f(",
        "a[",
        "a.(",
        "1 + ",
        "- ",
        "\u{feff}",
        "é",
        "\u{1F600}",
        "or ",
        "count f where x\n\n\n",
        "\r\n",
        "count f // x\n",
        "x:",
        "return { ",
        "during f { ",
        "every 1s { ",
        "a:b:",
    ];
    for piece in pieces {
        let text = piece.repeat(size / piece.len());
        soon(&text);
        soon(&format!("count main.f where {text}"));
        soon(&format!("on main.f {{ print {text}"));
        soon(&format!("raw {{ {text}"));
    }
}

/// A reproducible sequence.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

/// The recipes of `tests/syntax`.
#[expect(clippy::disallowed_methods, reason = "a test reads its cases")]
fn corpus() -> Vec<String> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/syntax");
    let mut paths: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

#[test]
fn mutated_recipes_do_no_harm() {
    let corpus = corpus();
    let pieces: Vec<&str> = corpus
        .iter()
        .flat_map(|text| text.split_inclusive([' ', '\n', '(', '{', '"', '.']))
        .collect();
    let rounds = if cfg!(debug_assertions) { 500 } else { 40_000 };
    let mut random = Random(1);
    for _ in 0..rounds {
        let mut text = corpus[random.below(corpus.len())].clone();
        for _ in 0..=random.below(4) {
            let place = text.floor_char_boundary(random.below(text.len() + 1));
            let end = text.ceil_char_boundary((place + random.below(12)).min(text.len()));
            match random.below(4) {
                0 => text.replace_range(place..end, ""),
                1 => text.insert_str(place, pieces[random.below(pieces.len())]),
                2 => text.replace_range(place..end, pieces[random.below(pieces.len())]),
                _ => text.truncate(place),
            }
        }
        read(&text);
    }
}

#[test]
fn random_words_do_no_harm() {
    let corpus = corpus();
    let pieces: Vec<&str> = corpus
        .iter()
        .flat_map(|text| text.split_inclusive([' ', '\n', '(', '{', '"', '.']))
        .collect();
    let rounds = if cfg!(debug_assertions) { 500 } else { 40_000 };
    let mut random = Random(2);
    for _ in 0..rounds {
        let text: String = (0..random.below(20))
            .map(|_| pieces[random.below(pieces.len())])
            .collect();
        read(&text);
    }
}

/// The recipes in `examples/` and those of `tests/syntax` that can be read.
#[expect(clippy::disallowed_methods, reason = "a test reads its cases")]
fn good_recipes() -> Vec<(String, Recipe)> {
    let mut texts = corpus();
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "gobt") {
            texts.push(std::fs::read_to_string(path).unwrap());
        }
    }
    let mut good = Vec::new();
    for text in texts {
        let (recipe, problems) = parse(&Source::new("good.gobt", text.clone()));
        if !problems.has_errors() {
            good.push((text, recipe));
        }
    }
    assert!(good.len() > 20, "{}", good.len());
    good
}

/// An item without its place and the comments before it.
fn shape(item: &Item) -> String {
    let alone = Item {
        comments: Comments::default(),
        ..item.clone()
    };
    let recipe = Recipe {
        items: vec![alone],
        ..Recipe::default()
    };
    dump::dump(&recipe)
}

/// A recipe that ends anywhere has the items that end in a line before.
#[test]
fn half_a_recipe_has_its_first_items() {
    for (text, whole) in good_recipes() {
        let wanted: Vec<_> = whole.items.iter().map(|item| (item.span, shape(item))).collect();
        // Without optimization the long ones take a minute.
        let step = if cfg!(debug_assertions) {
            1 + text.len() / 200
        } else {
            1
        };
        for (cut, _) in text.char_indices().step_by(step) {
            let half = &text[..cut];
            let (recipe, _) = parse(&Source::new("half.gobt", half));
            in_order(&recipe, half);
            let ended =
                |(span, _): &&(Span, String)| half.get(span.end..).is_some_and(|rest| rest.contains('\n'));
            let ended = wanted.iter().take_while(ended).count();
            let found: Vec<_> = recipe
                .items
                .iter()
                .take(ended)
                .map(|item| (item.span, shape(item)))
                .collect();
            assert_eq!(found, wanted[..ended], "{half}");
        }
    }
}

/// Something half-typed before, between or behind items leaves them all there.
#[test]
fn items_around_a_mistake_are_there() {
    let typed = [
        "count",
        "count main.half where (",
        "count main.half by arg x[",
        "latency main.half as",
        "on",
        "on main.half {",
        "on main.half {\n    print \"{arg",
        "on main.half {\n    if arg x > 3 {\n        count",
        "slow: latency",
        "every 1s {",
        "param x =",
        "}",
        "\"",
        "main.half",
    ];
    for (text, whole) in good_recipes() {
        // Behind an open brace only words of the language are known to begin an item.
        if text.contains("\nunknown ") {
            continue;
        }
        let begins_line = |place: &usize| *place == 0 || text[..*place].ends_with('\n');
        let places = whole.items.iter().map(|item| item.span.start).filter(begins_line);
        let wanted: Vec<String> = whole.items.iter().map(shape).collect();
        for (turn, place) in places.enumerate() {
            for (number, typed) in typed.into_iter().enumerate() {
                if cfg!(debug_assertions) && (turn + number) % 5 != 0 {
                    continue;
                }
                let changed = format!("{}{typed}\n{}", &text[..place], &text[place..]);
                let (recipe, problems) = parse(&Source::new("typed.gobt", changed.clone()));
                in_order(&recipe, &changed);
                assert!(problems.has_errors(), "{changed}");
                let found: Vec<String> = recipe.items.iter().map(shape).collect();
                assert_eq!(found, wanted, "{changed}");
            }
        }
    }
}

#[test]
fn comments_stay_wherever_they_are() {
    let inserted = [" // note", " // note\n", "\n// note", "\n\n// note\n\n// more"];
    let mut turn = 0;
    for text in corpus() {
        if super::parser::read(&text, 0).is_err() {
            continue;
        }
        for (space, _) in text.match_indices(['\n', ' ', '{', '}', ',']) {
            turn += 1;
            if cfg!(debug_assertions) && turn % 5 != 0 {
                continue;
            }
            let comment = inserted[turn / 5 % inserted.len()];
            read(&format!("{}{comment}\n{}", &text[..space], &text[space..]));
        }
    }
}
