//! Calls of `printf` and its kind as `print`.

use super::masked::{mark, of};
use regex_lite::Captures;

/// `printf("%s: %d\n", a, b)` as `print "{a}: {b}"`.
pub(super) fn formatted(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let lead = found.name("l").map_or("", |lead| lead.as_str());
    let format = of(strings, found.name("t")?.as_str())?.to_owned();
    let values = split(found.name("v").map_or("", |values| values.as_str()));
    let text = filled(&format, &values, strings)?;
    let text = mark(strings, text);
    Some(format!("{lead}print {text}"))
}

/// `fmt.Println("paid", a)` as `print "paid {a}"`; without texts as `print a, b`.
pub(super) fn listed(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let lead = found.name("l").map_or("", |lead| lead.as_str());
    let values = split(found.name("v")?.as_str());
    if values.is_empty() {
        return None;
    }
    if !values.iter().any(|value| of(strings, value).is_some()) {
        return Some(format!("{lead}print {}", values.join(", ")));
    }
    let parts: Vec<String> = values
        .iter()
        .map(|value| match of(strings, value) {
            // A text of its own may hold values already, as that of `print f"…"` does.
            Some(text) => text.trim_end_matches("\\n").trim_end().to_owned(),
            None => hole(value, "", strings),
        })
        .collect();
    let text = mark(strings, parts.join(" "));
    Some(format!("{lead}print {text}"))
}

/// `print a, "x", b` as one text.
pub(super) fn mixed(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let written = found.name("v")?.as_str();
    let clause = [" where ", " limit "].iter().any(|word| written.contains(word));
    let has_text = split(written).iter().any(|value| of(strings, value).is_some());
    if clause || !has_text {
        return None;
    }
    listed(found, strings)
}

/// `print "x" + a` as one text.
pub(super) fn joined(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let lead = found.name("l").map_or("", |lead| lead.as_str());
    let values: Vec<&str> = found.name("v")?.as_str().split('+').map(str::trim).collect();
    if !values.iter().any(|value| of(strings, value).is_some()) {
        return None;
    }
    let text: String = values.iter().map(|value| hole(value, "", strings)).collect();
    let text = mark(strings, text);
    Some(format!("{lead}print {text}"))
}

/// `print "%d" % a`.
pub(super) fn formatted_by(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let lead = found.name("l").map_or("", |lead| lead.as_str());
    let format = of(strings, found.name("t")?.as_str())?.to_owned();
    let values = split(found.name("v")?.as_str().trim().trim_end_matches(')'));
    let text = filled(&format, &values, strings)?;
    let text = mark(strings, text);
    Some(format!("{lead}print {text}"))
}

/// A printed text with what stands in its braces as it is written here.
pub(super) fn with_holes(found: &Captures<'_>, strings: &mut Vec<String>) -> Option<String> {
    let lead = found.name("l").map_or("", |lead| lead.as_str());
    let text = of(strings, found.name("t")?.as_str())?.to_owned();
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        out.push('{');
        // A doubled brace is one itself.
        if let Some(tail) = tail.strip_prefix('{') {
            out.push('{');
            rest = tail;
            continue;
        }
        let Some((inside, after)) = tail.split_once('}') else {
            rest = tail;
            break;
        };
        out.push_str(&super::value(inside, strings));
        out.push('}');
        rest = after;
    }
    out.push_str(rest);
    let whole = found.get(0)?.as_str();
    if out == text && !whole.contains(" f") {
        return None;
    }
    let text = mark(strings, out);
    Some(format!("{lead}print {text}"))
}

/// The values between commas outside of brackets.
fn split(values: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut parts = vec![String::new()];
    for c in values.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    let parts = parts.into_iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

/// `{arg n}`, or the text itself of a constant one.
fn hole(value: &str, format: &str, strings: &[String]) -> String {
    match of(strings, value) {
        Some(text) => text.to_owned(),
        None => format!("{{{}{format}}}", super::value(value, strings)),
    }
}

/// A format with its values in it; nothing if they are not as many as it wants.
fn filled(format: &str, values: &[String], strings: &[String]) -> Option<String> {
    let mut out = String::new();
    let mut values = values.iter();
    let format = format.trim_end_matches("\\n");
    let mut characters = format.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '{' | '}' => out.extend([c, c]),
            '%' if characters.peek() == Some(&'%') => {
                characters.next();
                out.push('%');
            }
            '%' => {
                let verb =
                    characters.find(|c| c.is_ascii_alphabetic() && !matches!(c, 'l' | 'h' | 'z' | 'j'))?;
                let shown = match verb {
                    'x' | 'X' => " as hex",
                    'p' => " as pointer",
                    'c' => " as char",
                    _ => "",
                };
                out.push_str(&hole(values.next()?, shown, strings));
            }
            c => out.push(c),
        }
    }
    values.next().is_none().then_some(out)
}
