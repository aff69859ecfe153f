//! Helps for particular mistakes, besides the general message.

use super::Place;
use crate::diagnostic::near;
use crate::syntax::parser::Rule;
use crate::syntax::scan::{self, TokenKind};
use crate::syntax::spell::quoted;
use crate::words::language;

/// Words whose lines have a shape of their own.
const SHAPED: &[&str] = &[
    "target", "param", "on", "during", "every", "stop", "span", "print", "let", "return", "if", "else",
];

/// The first help that fits.
pub(super) fn help(place: &Place<'_>) -> Option<String> {
    let known: [fn(&Place<'_>) -> Option<String>; 19] = [
        open_hole,
        param_value,
        trailing_comma,
        thousands,
        two_statements,
        missing_comma,
        quote_in_text,
        unquoted_text,
        unquoted_path,
        own_function,
        bpftrace_variable,
        missing_block,
        block_of_others,
        rate,
        shape_of_range,
        shape_of_item,
        continued_line,
        function_as_verb,
        misspelt,
    ];
    known.iter().find_map(|help| help(place))
}

/// `raw { f(${arg n); }`.
fn open_hole(place: &Place<'_>) -> Option<String> {
    (place.before.open.last()?.text == "${" && place.expects(Rule::rbrace))
        .then(|| "a value in `raw` ends with its own `}`: ${arg n}".to_owned())
}

fn param_value(place: &Place<'_>) -> Option<String> {
    if place.first_word()?.text != "param" {
        return None;
    }
    match place.previous()?.text {
        "=" if place.found?.kind == TokenKind::Word => {
            Some(format!("write a text in quotes: {}", quoted(place.found_text())))
        }
        _ if place.expects(Rule::terminator) => {
            Some("the value of a `param` is written out, not computed".to_owned())
        }
        _ => None,
    }
}

fn trailing_comma(place: &Place<'_>) -> Option<String> {
    let before = place.before.last?.text;
    let list = place.at_value()
        || place.expects(Rule::event)
        || place.expects(Rule::event_name)
        || place.expects(Rule::function);
    (before == ","
        && list
        && place
            .found
            .is_none_or(|found| found.kind == TokenKind::Word || found.text == "}"))
    .then(|| "remove the comma, or write what follows it".to_owned())
}

/// `1,000`.
fn thousands(place: &Place<'_>) -> Option<String> {
    let number = place.previous()?.text;
    let after = place.text.get(place.found?.span.end..)?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    (place.found_text() == "," && digits.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| format!("write {number}{digits} or {number}_{digits}"))
}

fn two_statements(place: &Place<'_>) -> Option<String> {
    let word = matches!(place.found_text(), "print" | "let" | "if" | "return");
    let could_end = place.expects(Rule::terminator);
    (word && could_end && !place.begins_line())
        .then(|| "statements are separated by a new line or `;`".to_owned())
}

/// `count main.f main.g`.
fn missing_comma(place: &Place<'_>) -> Option<String> {
    let found = place.found?;
    let name = found.kind == TokenKind::Text || found.text.contains('.');
    let behind_name = place
        .previous()
        .is_some_and(|before| before.text.contains('.') || before.kind == TokenKind::Text);
    (name
        && behind_name
        && place.expects(Rule::or_ahead)
        && place.expects(Rule::comma)
        && place.continued().is_none())
    .then(|| "several functions are separated by commas".to_owned())
}

/// `arg x.y()`.
fn own_function(place: &Place<'_>) -> Option<String> {
    let before = place.previous().filter(|before| before.kind == TokenKind::Word)?;
    let field = place.text.get(..before.span.start)?.ends_with('.') || before.text.contains('.');
    (field && place.after_value() && place.found_text() == "(")
        .then(|| "a probe cannot call functions of the traced program; it can only read values".to_owned())
}

/// `print "say "hello" again"`.
fn quote_in_text(place: &Place<'_>) -> Option<String> {
    let text = place
        .previous()
        .filter(|previous| previous.kind == TokenKind::Text)?;
    let line = place.rest().lines().next()?;
    let word = place.found.is_some_and(|found| found.kind == TokenKind::Word);
    (word && text.text.len() > 1 && line.contains('"'))
        .then(|| "a quote inside a text is written \\\"".to_owned())
}

fn unquoted_text(place: &Place<'_>) -> Option<String> {
    let first = place.first_word()?;
    let between = place.after_value() && place.expects(Rule::comma);
    let word = place
        .found
        .is_some_and(|found| found.kind != TokenKind::Sign || found.text == "{");
    (first.text == "print" && between && word).then(|| {
        "several values are separated by commas; a text is printed in quotes, with values in braces: print \"… \
         {value} …\""
            .to_owned()
    })
}

fn unquoted_path(place: &Place<'_>) -> Option<String> {
    let before = place.previous()?.text;
    if before != "target" || !place.expects(Rule::opening) {
        return None;
    }
    let path = place
        .rest()
        .split([' ', '\t', '\r', '\n'])
        .find(|path| !path.is_empty())?;
    Some(format!("write the path in quotes: target {}", quoted(path)))
}

fn bpftrace_variable(place: &Place<'_>) -> Option<String> {
    matches!(place.found_text(), "$" | "@").then(|| {
        "bpftrace's own variables and maps can only be used in `raw { … }`; a value gets a name with `let`".to_owned()
    })
}

fn missing_block(place: &Place<'_>) -> Option<String> {
    let first = place.first_word()?.text;
    let help = match first {
        "on" => {
            "write the statements in braces: on … { print arg }; to only count or time calls, write `count …` or \
             `latency …`"
        }
        "if" | "else" | "return" | "raw" | "during" => "its block stands in braces: { … }",
        _ => return None,
    };
    let wanted = place.expects(Rule::brace_ahead) || place.expects(Rule::lbrace);
    wanted.then(|| help.to_owned())
}

fn block_of_others(place: &Place<'_>) -> Option<String> {
    let first = place.first_word()?;
    let verb = first.kind == TokenKind::Word && !SHAPED.contains(&first.text);
    let near = near::words(first.text, SHAPED.iter().copied());
    let inside = place.before.open.iter().any(|open| open.text == "{");
    (verb && near.is_none() && !inside && place.found_text() == "{").then(|| {
        format!(
            "`{}` takes no block; statements stand in `on … {{ }}`",
            first.text
        )
    })
}

/// `limit 5`.
fn rate(place: &Place<'_>) -> Option<String> {
    let number = match place.before.line.as_slice() {
        [.., limit] if limit.text == "limit" && place.expects(Rule::number) => {
            return Some("lines per second are written `limit 10/s`".to_owned());
        }
        [.., limit, number] if limit.text == "limit" => number.text,
        [.., limit, number, _] if limit.text == "limit" => number.text,
        _ => return None,
    };
    (place.expects(Rule::per) || place.expects(Rule::per_second))
        .then(|| format!("lines per second are written `limit {number}/s`"))
}

fn shape_of_range(place: &Place<'_>) -> Option<String> {
    let linear = place.before.line.iter().any(|token| token.text == "linear");
    let about_range = place.expects(Rule::dots) || place.expects(Rule::kw_step);
    if linear && place.found_text() == ".." {
        return Some(
            "a range begins with a value of its own; a negative one stands in brackets: (-5)..5".to_owned(),
        );
    }
    (linear && (about_range || place.found.is_some_and(|found| found.kind == TokenKind::Word)))
        .then(|| "the range of `linear` is written A..B step S, as in 0..100 step 5".to_owned())
}

fn shape_of_item(place: &Place<'_>) -> Option<String> {
    let shape = match place.first_word()?.text {
        "every" => "every 1s { print; clear }",
        "stop" => "stop after 10s` or `stop when NAME > 100",
        "param" => "param NAME = VALUE",
        "target" => "target \"PATH\"",
        "span" => "span NAME from EVENT to EVENT",
        "let" => "let NAME = VALUE",
        "during" => "during FUNCTIONS { … }",
        "type" => "type NAME TYPE",
        "func" => "func NAME(PARAMETERS) RESULTS",
        _ => return None,
    };
    let begun = place.before.line.len() <= 2 && !place.after_value();
    begun.then(|| format!("it is written `{shape}`"))
}

fn continued_line(place: &Place<'_>) -> Option<String> {
    let sign = place.continued()?;
    Some(format!(
        "the line before ends in `{sign}`, so this line goes on with it"
    ))
}

/// `main.work by goroutine`.
fn function_as_verb(place: &Place<'_>) -> Option<String> {
    if !place.expects(Rule::item) && !place.expects(Rule::recipe) {
        return None;
    }
    let name: String = place
        .rest()
        .chars()
        .take_while(|c| scan::is_name(*c) || "()[]".contains(*c))
        .collect();
    let name = name.trim_end_matches("()");
    name.contains('.')
        .then(|| format!("a line begins with a directive: count {name}"))
}

fn misspelt(place: &Place<'_>) -> Option<String> {
    let meant = match place.found {
        Some(found)
            if place.expects(Rule::clause_ahead) && found.kind == TokenKind::Word && found.text.len() > 2 =>
        {
            near::words(found.text, language::CLAUSES.iter().copied())
        }
        _ => None,
    };
    let first = place
        .first_word()
        .filter(|word| word.kind == TokenKind::Word && !SHAPED.contains(&word.text));
    let meant = meant.or_else(|| near::words(first?.text, SHAPED.iter().copied()))?;
    Some(format!("did you mean `{meant}`?"))
}
