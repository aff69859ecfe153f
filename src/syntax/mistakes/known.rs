//! Mistakes that are known well enough to have messages of their own.

use super::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::parser::Rule;
use crate::syntax::scan;
use crate::syntax::spell::quoted;
use crate::words::language;

/// A message of its own for this place, if it is one of the well-known mistakes.
pub(super) fn mistake(place: &Place<'_>) -> Option<Diagnostic> {
    let known: [fn(&Place<'_>) -> Option<Diagnostic>; 12] = [
        escape,
        lone_brace,
        unclosed_text,
        unclosed_hole,
        other_quotes,
        stray_bracket,
        unclosed_block,
        homeless_statement,
        homeless_aggregation,
        unclosed_bracket,
        reserved_name,
        broken_name,
    ];
    known.iter().find_map(|mistake| mistake(place))
}

fn escape(place: &Place<'_>) -> Option<Diagnostic> {
    let rest = place.rest();
    if !place.expects(Rule::escape) || !rest.starts_with('\\') {
        return None;
    }
    let length = 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
    let written = rest.get(..length)?.trim_end();
    let span = Span::new(place.position, place.position + written.len());
    Some(
        Diagnostic::error(Code::TEXT, format!("`{written}` means nothing in a text"))
            .at(span, "not an escape")
            .help("a quote is written \\\", a backslash \\\\, a new line \\n, a tab \\t"),
    )
}

fn lone_brace(place: &Place<'_>) -> Option<Diagnostic> {
    if !place.expects(Rule::literal_brace) || !place.rest().starts_with('}') {
        return None;
    }
    Some(
        Diagnostic::error(Code::TEXT, "a `}` in a text closes nothing")
            .at(Span::new(place.position, place.position + 1), "no `{` before it")
            .help("a brace in a text is written `}}`"),
    )
}

fn unclosed_text(place: &Place<'_>) -> Option<Diagnostic> {
    let in_text =
        place.expects(Rule::quote) && (place.expects(Rule::escape) || place.expects(Rule::characters));
    let rest = place.rest();
    if !in_text || !(rest.is_empty() || rest.starts_with(['\n', '\r'])) {
        return None;
    }
    let begin = place
        .before
        .line
        .iter()
        .rev()
        .find(|token| token.text.starts_with('"'))?;
    Some(
        Diagnostic::error(Code::TEXT, "a text is not closed")
            .at(
                Span::new(begin.span.start, place.position),
                "the closing `\"` is missing",
            )
            .note("a text ends in the line it begins in; a new line in it is written \\n"),
    )
}

/// `{` in a text without a value, or without its `}`.
fn unclosed_hole(place: &Place<'_>) -> Option<Diagnostic> {
    let text = place
        .before
        .line
        .iter()
        .rev()
        .find(|token| token.text.starts_with('"'))?;
    let inside = place.text.get(text.span.start..place.position)?;
    let open = inside.rfind('{')? + text.span.start;
    let closed = place.text.get(open..place.position)?.contains('}');
    let first_word = place.first_word()?;
    if first_word.text != "print" || closed || text.span.end < place.position {
        return None;
    }
    let span = Span::new(open, place.position.max(open + 1));
    let rest = place.rest();
    let diagnostic = if rest.starts_with('}') && place.at_value() {
        Diagnostic::error(Code::TEXT, "a value is missing between `{` and `}`")
            .at(Span::new(open, place.position + 1), "nothing to print")
    } else if place.at_value() {
        Diagnostic::error(Code::TEXT, "`{` in a text is not followed by a value").at(span, "begins a value")
    } else if place.expects(Rule::rbrace) && (rest.is_empty() || rest.starts_with(['"', '\n', '\r'])) {
        Diagnostic::error(Code::TEXT, "a `{` in a text is not closed").at(span, "the `}` is missing")
    } else {
        return None;
    };
    Some(diagnostic.help("`{value}` prints a value; a brace itself is written `{{`"))
}

fn other_quotes(place: &Place<'_>) -> Option<Diagnostic> {
    let quote = place.found_text();
    if !matches!(quote, "'" | "`" | "“" | "”" | "„" | "‘" | "’" | "«" | "»") {
        return None;
    }
    let span = place.span();
    let line = place.text.get(span.end..)?.lines().next()?;
    let end = line.find(['\'', '`', '”', '“', '’', '»', '«']);
    let inside = end.and_then(|end| line.get(..end));
    let length = end.map_or(0, |end| {
        end + line
            .get(end..)
            .and_then(|rest| rest.chars().next())
            .map_or(0, char::len_utf8)
    });
    Some(
        Diagnostic::error(Code::TEXT, "a text stands in double quotes")
            .at(Span::new(span.start, span.end + length), "not in double quotes")
            .help(format!("write {}", inside.map_or("\"…\"".to_owned(), quoted))),
    )
}

fn stray_bracket(place: &Place<'_>) -> Option<Diagnostic> {
    let found = place.found?;
    let (name, open) = match found.text {
        "}" => ("brace", "{"),
        ")" => ("bracket", "("),
        "]" => ("bracket", "["),
        _ => return None,
    };
    if place.before.open.iter().any(|token| token.text.ends_with(open)) || in_name(place) {
        return None;
    }
    Some(
        Diagnostic::error(Code::UNCLOSED, format!("`{}` closes nothing", found.text))
            .at(found.span, format!("there is no open `{open}`"))
            .help(format!("remove this {name}, or look for an extra one before it")),
    )
}

fn unclosed_block(place: &Place<'_>) -> Option<Diagnostic> {
    let open = place.before.open.last().filter(|open| open.text == "{")?;
    let starts_item = place.expects(Rule::statement) && language::ITEMS.contains(&place.found_text());
    if !place.expects(Rule::rbrace) || !(place.at_end() || starts_item) {
        return None;
    }
    if place.at_end() {
        let diagnostic = Diagnostic::error(Code::UNCLOSED, "a block is not closed")
            .at(place.span(), "a `}` is missing after this");
        return Some(if place.span() == open.span {
            diagnostic
        } else {
            diagnostic.see(open.span, "this block is open")
        });
    }
    let word = place.found_text();
    let before = place.text.get(..place.span().start)?;
    if before.ends_with('\n') {
        return Some(
            Diagnostic::error(Code::UNCLOSED, "a block is not closed")
                .at(place.span(), format!("`{word}` cannot stand in a block"))
                .see(open.span, "this block is open")
                .help("close the block with `}` before this line"),
        );
    }
    Some(
        Diagnostic::error(Code::MISPLACED, format!("`{word}` cannot stand in a block"))
            .at(place.span(), "belongs outside of blocks")
            .see(open.span, "this block is open")
            .help("move it out of the block, or close the block before it"),
    )
}

/// A statement outside a block.
fn homeless_statement(place: &Place<'_>) -> Option<Diagnostic> {
    let word = place.found_text();
    let statement = matches!(word, "print" | "let" | "if" | "else" | "return");
    let item = place.expects(Rule::item) || place.expects(Rule::recipe);
    if !statement || !item || !place.before.open.is_empty() {
        return None;
    }
    let diagnostic = Diagnostic::error(Code::MISPLACED, format!("`{word}` can only stand in a block"))
        .at(place.span(), "outside any block");
    let closed = place.before.last.is_some_and(|last| last.text == "}");
    Some(match word {
        _ if closed => {
            diagnostic.help("look for an extra `}` before it, or write on FUNCTION { … } around it")
        }
        "let" => diagnostic.help("a value for the whole recipe is written param NAME = VALUE"),
        _ => diagnostic.help(format!("write it into a block: on FUNCTION {{ {word} … }}")),
    })
}

/// `sum arg n` outside a block.
fn homeless_aggregation(place: &Place<'_>) -> Option<Diagnostic> {
    let verb = place.first_word()?;
    let value = matches!(place.previous()?.text, "arg" | "ret" | "recv");
    (value && verb.text != "count" && language::aggregates(verb.text) && place.before.open.is_empty()).then(
        || {
            Diagnostic::error(
                Code::MISPLACED,
                format!("`{}` can only stand in a block", verb.text),
            )
            .at(verb.span, "outside any block")
            .help(format!(
                "write it into a block: on FUNCTION {{ {} … }}",
                verb.text
            ))
        },
    )
}

fn unclosed_bracket(place: &Place<'_>) -> Option<Diagnostic> {
    let open = place.before.open.last()?;
    let (close, rule) = match open.text {
        "(" => (")", Rule::rparen),
        "[" => ("]", Rule::rbracket),
        _ => return None,
    };
    if !place.expects(rule) || !(place.found.is_none() || place.begins_line() || place.found_text() == "{") {
        return None;
    }
    let last = place.before.last?;
    let diagnostic = Diagnostic::error(Code::UNCLOSED, format!("a `{}` is not closed", open.text))
        .at(last.span, format!("a `{close}` is missing after this"));
    Some(if last.span == open.span {
        diagnostic
    } else {
        diagnostic.see(open.span, "this one is open")
    })
}

fn reserved_name(place: &Place<'_>) -> Option<Diagnostic> {
    let word = place.found_text();
    if !place.expects(Rule::new_name) || !language::is_reserved(word) {
        return None;
    }
    Some(
        Diagnostic::error(Code::RESERVED, format!("`{word}` is a word of the language"))
            .at(place.span(), "cannot be a name")
            .help("choose another name"),
    )
}

/// A function's name could stand here.
fn in_name(place: &Place<'_>) -> bool {
    let rules = [Rule::events, Rule::event, Rule::event_name, Rule::function];
    rules.iter().any(|rule| place.expects(*rule))
}

/// A function's name that the grammar refuses as a whole, because of a space or an unbalanced bracket in it.
fn broken_name(place: &Place<'_>) -> Option<Diagnostic> {
    let rest = place.rest();
    if !in_name(place) || !rest.starts_with(|c| scan::is_name(c) || c == '(') {
        return None;
    }
    let line = rest.lines().next()?;
    let (name, depth, space) = measure(line);
    let span = Span::new(place.position, place.position + name.len());
    let diagnostic = Diagnostic::error(Code::SYNTAX, "a function's name cannot be read");
    let examples = "names are written as in Go's stack traces: net.(*sysDialer).dialTCP, main.Map[int,string], \
        main.Map[...]";
    if let Some(space) = space {
        let diagnostic = diagnostic.at(span, "").see(
            Span::new(place.position + space, place.position + space + 1),
            "a space or brace in the name",
        );
        let tight = name.replace(", ", ",");
        return Some(if tight.contains([' ', '\t', '{']) {
            diagnostic.help(format!("write it in quotes: {}", quoted(name)))
        } else {
            diagnostic.help(format!("write it without spaces: {tight}"))
        });
    }
    if let Some(bare) = name.strip_suffix("()") {
        return Some(
            diagnostic
                .at(span, "has an argument list")
                .help(format!("write only the name: {bare}")),
        );
    }
    (depth != 0 && !name.is_empty()).then(|| {
        diagnostic
            .at(span, "its brackets are not balanced")
            .note(examples)
    })
}

/// The name that `line` begins with, how unbalanced its brackets are, and where the first space or brace in them is.
fn measure(line: &str) -> (&str, i64, Option<usize>) {
    let mut depth = 0_i64;
    let mut space = None;
    let mut end = line.len();
    for (position, c) in line.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ' ' | '\t' | '{' if depth > 0 => space = space.or(Some(position)),
            _ if depth > 0 || scan::is_name(c) => {}
            _ => {
                end = position;
                break;
            }
        }
    }
    if depth > 0 {
        // Nobody knows where such a name ends.
        end = line.find([' ', '\t', '{']).unwrap_or(line.len());
        space = None;
    }
    (line.get(..end).unwrap_or_default(), depth, space)
}
