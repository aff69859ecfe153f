//! What must hold of every recipe.

use gobt::diagnostic::Diagnostic;
use gobt::diagnostic::code::EXPLANATIONS;
use gobt::diagnostic::render::{render_json, render_text};
use gobt::source::Source;
use gobt::syntax::{dump, parse, printer};

/// Reads `text`: a recipe that survives being printed and read again, or coded problems with places in the text. True
/// for a recipe.
pub fn read(text: &str) -> bool {
    let source = Source::new("stranger.gobt", text);
    let (recipe, problems) = parse(&source);
    let problems = problems.sorted();
    said_properly(&source, &problems);
    let mut before = 0;
    for item in &recipe.items {
        assert!(
            before <= item.span.start && item.span.end <= text.len(),
            "an item is there twice"
        );
        before = item.span.end;
    }
    if !problems.is_empty() {
        return false;
    }
    let printed = printer::print(&recipe, text);
    let again = Source::new("printed.gobt", printed.clone());
    let (reread, problems) = parse(&again);
    if problems.has_errors() {
        let why = render_text(&again, &problems.sorted(), false);
        panic!("cannot read what was printed:\n{printed}\n{why}")
    }
    assert_eq!(dump::dump(&reread), dump::dump(&recipe), "printing changed it");
    assert_eq!(
        printer::print(&reread, &printed),
        printed,
        "printing twice is not printing once"
    );
    true
}

/// Every problem has a code that is explained and places in the text, and what is drawn of it does nothing to a
/// terminal.
pub fn said_properly(source: &Source, problems: &[Diagnostic]) {
    for problem in problems {
        assert!(
            EXPLANATIONS.iter().any(|known| known.code == problem.code),
            "{problem:?}"
        );
        for label in &problem.labels {
            let span = label.span;
            assert!(
                span.start <= span.end
                    && source.text.is_char_boundary(span.start)
                    && source.text.is_char_boundary(span.end),
                "{label:?}"
            );
        }
    }
    let drawn = render_text(source, problems, false);
    assert!(
        drawn.len() < 200_000 + 4_000 * problems.len(),
        "a flood of {} bytes",
        drawn.len()
    );
    if let Some(c) = drawn.chars().find(|c| !matches!(*c, '\n' | '\t') && acts(*c)) {
        panic!("a message holds {c:?}");
    }
    assert_eq!(render_json(source, problems).lines().count(), problems.len());
}

/// Control characters, and those that reorder text.
fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
