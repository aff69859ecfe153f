//! The mistakes that people make.

use super::{CLAUSE_WORDS, Place};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::source::Span;
use crate::syntax::build::meant_unit;
use crate::syntax::parser::Rule;
use crate::syntax::scan::{self, TokenKind};

/// Words whose lines have a shape of their own.
const SHAPED: &[&str] = &[
    "target", "param", "on", "during", "every", "stop", "span", "print", "let", "return", "if", "else",
];

/// Words that mean something in an expression, so that nothing can be called so.
const VALUE_WORDS: &[&str] = &[
    "true", "false", "nil", "arg", "ret", "let", "print", "if", "else", "return", "raw", "on",
];

/// A message of its own for this place, if it is one of the well-known mistakes.
pub(super) fn special(place: &Place<'_>) -> Option<Diagnostic> {
    let known: [fn(&Place<'_>) -> Option<Diagnostic>; 9] = [
        escape,
        lone_brace,
        unclosed_text,
        other_quotes,
        stray_bracket,
        unclosed_block,
        unclosed_bracket,
        reserved_name,
        broken_name,
    ];
    known.iter().find_map(|mistake| mistake(place))
}

fn escape(place: &Place<'_>) -> Option<Diagnostic> {
    let rest = place.text.get(place.position..)?;
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
    let rest = place.text.get(place.position..)?;
    if !place.expects(Rule::literal_brace) || !rest.starts_with('}') {
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
    let rest = place.text.get(place.position..)?;
    if !in_text || !(rest.is_empty() || rest.starts_with(['\n', '\r'])) {
        return None;
    }
    let begin = place
        .before
        .line
        .iter()
        .rev()
        .find(|token| token.text.starts_with('"'))?;
    let mut diagnostic = Diagnostic::error(Code::TEXT, "a text is not closed")
        .at(
            Span::new(begin.span.start, place.position),
            "the closing `\"` is missing",
        )
        .note("a text ends in the line it begins in; a new line in it is written \\n");
    if begin.text.matches('"').count() % 2 == 0 {
        diagnostic = diagnostic.help("a quote inside a text is written \\\"");
    }
    Some(diagnostic)
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
            .and_then(|s| s.chars().next())
            .map_or(0, char::len_utf8)
    });
    let diagnostic = Diagnostic::error(Code::TEXT, format!("{quote} is not a quote here")).at(
        Span::new(span.start, span.end + length),
        "texts stand in double quotes",
    );
    Some(match inside {
        Some(inside) => diagnostic.help(format!("write {}", crate::syntax::spell::quoted(inside))),
        None => diagnostic.help("write \"…\""),
    })
}

fn stray_bracket(place: &Place<'_>) -> Option<Diagnostic> {
    let found = place.found?;
    let (name, open) = match found.text {
        "}" => ("brace", "{"),
        ")" => ("bracket", "("),
        "]" => ("bracket", "["),
        _ => return None,
    };
    if place.before.open.iter().any(|token| token.text.ends_with(open)) {
        return None;
    }
    Some(
        Diagnostic::error(Code::UNCLOSED, format!("`{}` closes nothing", found.text))
            .at(found.span, format!("there is no open `{open}`"))
            .help(format!("remove this {name}, or look for one too many before it")),
    )
}

fn unclosed_block(place: &Place<'_>) -> Option<Diagnostic> {
    let open = place.before.open.last().filter(|open| open.text == "{")?;
    let starts_item = place.begins_line()
        && place.expects(Rule::statement)
        && matches!(
            place.found_text(),
            "on" | "target" | "param" | "during" | "every" | "stop" | "type" | "func" | "span"
        );
    if !place.expects(Rule::rbrace) || !(place.at_end() || starts_item) {
        return None;
    }
    let in_text = place
        .before
        .line
        .last()
        .is_some_and(|last| last.kind == TokenKind::Text && !last.text.ends_with('"'));
    if in_text {
        return None;
    }
    let diagnostic = Diagnostic::error(Code::UNCLOSED, "a block is not closed");
    let diagnostic = if place.at_end() {
        diagnostic.at(place.span(), "a `}` is missing after this")
    } else {
        diagnostic.at(
            place.span(),
            format!("`{}` cannot stand in a block", place.found_text()),
        )
    };
    let diagnostic = diagnostic.see(open.span, "this block is open");
    Some(if place.at_end() {
        diagnostic
    } else {
        diagnostic.help("close the block with `}` before this line")
    })
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
    Some(
        Diagnostic::error(Code::UNCLOSED, format!("a `{}` is not closed", open.text))
            .at(last.span, format!("a `{close}` is missing after this"))
            .see(open.span, "this one is open"),
    )
}

fn reserved_name(place: &Place<'_>) -> Option<Diagnostic> {
    let word = place.found_text();
    if !place.expects(Rule::new_name) || !(CLAUSE_WORDS.contains(&word) || VALUE_WORDS.contains(&word)) {
        return None;
    }
    Some(
        Diagnostic::error(Code::RESERVED, format!("`{word}` is a word of the language"))
            .at(place.span(), "cannot be a name")
            .help("choose another name"),
    )
}

/// A function's name that the grammar refuses as a whole, because of a space or an unbalanced bracket in it.
fn broken_name(place: &Place<'_>) -> Option<Diagnostic> {
    let wants_name = [Rule::events, Rule::event, Rule::event_name, Rule::function];
    let rest = place.text.get(place.position..)?;
    if !place.expected.iter().any(|rule| wants_name.contains(rule))
        || !rest.starts_with(|c| scan::is_name(c) || c == '(')
    {
        return None;
    }
    let line = rest.lines().next()?;
    let mut depth = 0_usize;
    let mut space = None;
    let mut end = line.len();
    for (position, c) in line.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' if depth > 0 => depth -= 1,
            ' ' | '\t' | '{' if depth > 0 => space = space.or(Some(position)),
            '}' if depth > 0 => {}
            _ if depth == 0 && !scan::is_name(c) => {
                end = position;
                break;
            }
            _ => {}
        }
    }
    let name = line.get(..end)?.trim_end();
    let span = Span::new(place.position, place.position + name.len());
    let diagnostic = Diagnostic::error(Code::SYNTAX, "a function's name cannot be read");
    if depth > 0 {
        let name = line.split([' ', '\t']).next().unwrap_or_default();
        let span = Span::new(place.position, place.position + name.len());
        return Some(diagnostic.at(span, "its brackets are not balanced").note(
            "names are written as in Go's stack traces: net.(*sysDialer).dialTCP, main.Map[int,string], main.Map[...]",
        ));
    }
    let space = space?;
    let tight: String = name.replace(", ", ",");
    let diagnostic = diagnostic
        .at(span, "has a space or brace in it")
        .see(Span::new(place.position + space, place.position + space + 1), "");
    Some(if tight.contains([' ', '\t', '{']) {
        diagnostic.help(format!(
            "write it in quotes: {}",
            crate::syntax::spell::quoted(name)
        ))
    } else {
        diagnostic.help(format!("write it without spaces: {tight}"))
    })
}

/// What may help besides the general message.
pub(super) fn helps(place: &Place<'_>) -> Vec<String> {
    let known: [fn(&Place<'_>) -> Option<String>; 14] = [
        comment_sign,
        assignment,
        words_for_operators,
        detached_unit,
        unquoted_text,
        unquoted_path,
        position_in_parentheses,
        detached_call,
        pointer_signs,
        other_else,
        bpftrace_variable,
        block_of_on,
        comma_before_line,
        misspelt,
    ];
    known.iter().find_map(|help| help(place)).into_iter().collect()
}

fn comment_sign(place: &Place<'_>) -> Option<String> {
    matches!(place.found_text(), "#" | "/*" | "--").then(|| "comments begin with `//`".to_owned())
}

fn assignment(place: &Place<'_>) -> Option<String> {
    let operators = place.expects(Rule::infix) || place.expects(Rule::postfix);
    match place.found_text() {
        ":=" | ":" if !operators || place.first_word().is_some() => {
            let word = place.previous()?.text;
            (place.found_text() == ":=").then(|| format!("a name is given with `let {word} = …`"))
        }
        "=" if operators
            && place
                .first_word()
                .is_some_and(|w| place.previous().is_some_and(|p| p.span == w.span)) =>
        {
            Some(format!(
                "a name is given with `let {} = …`",
                place.first_word()?.text
            ))
        }
        "=" if operators => Some("two values are compared with `==`".to_owned()),
        "===" => Some("two values are compared with `==`".to_owned()),
        "!==" | "<>" => Some("two values are compared with `!=`".to_owned()),
        "=" if place.previous().is_some_and(|p| matches!(p.text, "==" | "!=")) => {
            Some("two values are compared with `==` or `!=`".to_owned())
        }
        "++" | "+=" => Some("to count, write `count`; to add up, `sum VALUE`".to_owned()),
        _ => None,
    }
}

fn words_for_operators(place: &Place<'_>) -> Option<String> {
    if !place.expects(Rule::infix) {
        return None;
    }
    if place.previous().is_some_and(|p| p.text == "not") {
        return Some("the opposite of a condition is written `!`".to_owned());
    }
    match place.found_text() {
        "and" => Some("conditions are joined with `&&`".to_owned()),
        "or" => Some("conditions are joined with `||`; `or` stands between names of functions".to_owned()),
        "is" | "eq" => Some("two values are compared with `==`".to_owned()),
        _ => None,
    }
}

fn detached_unit(place: &Place<'_>) -> Option<String> {
    let number = place.previous()?.text;
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let unit = meant_unit(place.found_text())?;
    Some(format!("the unit follows the number at once: `{number}{unit}`"))
}

fn unquoted_text(place: &Place<'_>) -> Option<String> {
    let first = place.first_word()?;
    let between_values = place.expects(Rule::infix) && place.expects(Rule::comma);
    let word = place
        .found
        .is_some_and(|token| token.kind != TokenKind::Sign || token.text == "{");
    (first.text == "print" && between_values && word)
        .then(|| "a text is printed in quotes, values in it in braces: print \"… {value} …\"; several values are separated by commas".to_owned())
}

fn unquoted_path(place: &Place<'_>) -> Option<String> {
    let before = place.previous()?.text;
    if before != "target" || !place.expects(Rule::opening) {
        return None;
    }
    let rest = place.text.get(place.position..)?;
    let path = rest
        .split([' ', '\t', '\r', '\n'])
        .next()
        .filter(|path| !path.is_empty())?;
    Some(format!(
        "write the path in quotes: target {}",
        crate::syntax::spell::quoted(path)
    ))
}

fn position_in_parentheses(place: &Place<'_>) -> Option<String> {
    let before = place.previous()?.text;
    (matches!(before, "arg" | "ret") && place.found_text() == "(").then(|| {
        let rest = place.text.get(place.position + 1..).unwrap_or_default();
        let inside: String = rest.chars().take_while(|c| scan::is_word(*c)).collect();
        let inside = if inside.is_empty() { "0".to_owned() } else { inside };
        format!("write `{before} {inside}`")
    })
}

fn detached_call(place: &Place<'_>) -> Option<String> {
    let before = place.previous()?;
    let called = matches!(before.text, "len" | "cap" | "type" | "stack");
    (called && place.found_text() == "(").then(|| format!("write `{}(…)` without the space", before.text))
}

fn pointer_signs(place: &Place<'_>) -> Option<String> {
    let operand =
        place.expects(Rule::operand) || place.expects(Rule::expression) || place.expects(Rule::primary);
    (operand && matches!(place.found_text(), "*" | "&"))
        .then(|| "leave the sign out: fields are read through any number of pointers".to_owned())
}

fn other_else(place: &Place<'_>) -> Option<String> {
    matches!(place.found_text(), "elif" | "elsif" | "elseif").then(|| "write `else if`".to_owned())
}

fn bpftrace_variable(place: &Place<'_>) -> Option<String> {
    matches!(place.found_text(), "$" | "@")
        .then(|| "bpftrace's own variables and maps can only be used in `raw { … }`; a value gets a name with `let`".to_owned())
}

fn block_of_on(place: &Place<'_>) -> Option<String> {
    let first = place.first_word()?.text;
    let wants_block = place.expects(Rule::block) || place.expects(Rule::lbrace);
    (first == "on" && wants_block && place.found.is_none()).then(|| {
        "say what is to be done: on … { print arg }; only to count or time calls, write `count …` or `latency …`".to_owned()
    })
}

fn comma_before_line(place: &Place<'_>) -> Option<String> {
    // The line whose first word was taken for one more name ends where the mistake is.
    let word = place.previous()?;
    let line_start = place.text.get(..word.span.start)?.trim_end_matches([' ', '\t']);
    let above = line_start.strip_suffix('\n')?.trim_end();
    (above.ends_with(',') && place.before.line.len() == 1)
        .then(|| "the line before ends in a comma, so this line goes on with its list".to_owned())
}

fn misspelt(place: &Place<'_>) -> Option<String> {
    let word = match place.first_word() {
        Some(word) if word.kind == TokenKind::Word => word.text,
        _ => return None,
    };
    if SHAPED.contains(&word) {
        return None;
    }
    let meant = near::words(word, SHAPED.iter().copied())?;
    Some(format!("did you mean `{meant}`?"))
}
