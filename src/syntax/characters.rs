//! Characters that no recipe may contain, because a reader would see something else than the compiler, and characters
//! that only look like those of the language.

use super::accept;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The first character of `text` that is forbidden, as a problem.
pub(super) fn forbidden(text: &str) -> Option<Diagnostic> {
    let mut characters = text.char_indices().peekable();
    let (mut quoted, mut escaped, mut comment) = (false, false, false);
    while let Some((position, c)) = characters.next() {
        let slashes = c == '/' && characters.peek().is_some_and(|(_, next)| *next == '/');
        comment = c != '\n' && (comment || (slashes && !quoted));
        quoted = c != '\n' && !comment && (quoted != (c == '"' && !escaped));
        escaped = quoted && c == '\\' && !escaped;
        let what = match c {
            '\t' | '\n' => continue,
            '\r' if characters.peek().is_none_or(|(_, next)| *next == '\n') => continue,
            '\r' => "a carriage return inside a line",
            '\0' => "a NUL character",
            '\u{1b}' => "an escape character",
            c if c.is_control() => "a control character",
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' => {
                "a character that changes the direction of writing"
            }
            '\u{feff}' if position > 0 => "a byte order mark in its middle",
            '\u{2028}' | '\u{2029}' => "a line separator that is not a new line",
            // A text with one of these is not equal to a text that looks the same. In comments they do no harm.
            '\u{200b}' | '\u{2060}' if quoted => "a space without width in a text",
            _ => continue,
        };
        let message = format!("the recipe contains {what} (U+{:04X})", u32::from(c));
        let span = Span::new(position, position + c.len_utf8());
        return Some(
            Diagnostic::error(Code::CHARACTER, message)
                .at(span, "here")
                .help("remove it; recipes are plain UTF-8 text"),
        );
    }
    None
}

/// A character that looks like another one, or that is invisible.
struct Odd {
    /// `a no-break space`
    name: String,
    /// The character to write instead; none for invisible characters.
    instead: Option<char>,
    /// The same as more than one character.
    longer: &'static str,
}

/// Characters that look like spaces but are none in the language, in Unicode's order.
const SPACES: &[(char, &str)] = &[
    ('\u{a0}', "a no-break space"),
    ('\u{1680}', "an Ogham space"),
    ('\u{2000}', "an en quad"),
    ('\u{2001}', "an em quad"),
    ('\u{2002}', "an en space"),
    ('\u{2003}', "an em space"),
    ('\u{2004}', "a third-of-an-em space"),
    ('\u{2005}', "a quarter-of-an-em space"),
    ('\u{2006}', "a sixth-of-an-em space"),
    ('\u{2007}', "a figure space"),
    ('\u{2008}', "a punctuation space"),
    ('\u{2009}', "a thin space"),
    ('\u{200a}', "a hair space"),
    ('\u{202f}', "a narrow no-break space"),
    ('\u{205f}', "a mathematical space"),
    ('\u{3000}', "a full-width space"),
];

/// Invisible characters.
const UNSEEN: &[(char, &str)] = &[
    ('\u{ad}', "a soft hyphen"),
    ('\u{34f}', "a grapheme joiner"),
    ('\u{115f}', "a Hangul filler"),
    ('\u{1160}', "a Hangul filler"),
    ('\u{180e}', "a Mongolian vowel separator"),
    ('\u{200b}', "a zero-width space"),
    ('\u{200c}', "a zero-width non-joiner"),
    ('\u{200d}', "a zero-width joiner"),
    ('\u{2060}', "a word joiner"),
    ('\u{2061}', "an invisible function sign"),
    ('\u{2062}', "an invisible times sign"),
    ('\u{2063}', "an invisible comma"),
    ('\u{2064}', "an invisible plus sign"),
    ('\u{2800}', "a blank Braille cell"),
    ('\u{3164}', "a Hangul filler"),
    ('\u{fe0e}', "a variation selector"),
    ('\u{fe0f}', "a variation selector"),
    ('\u{feff}', "a byte order mark"),
    ('\u{ffa0}', "a Hangul filler"),
];

/// Signs that word processors and web pages put for those of a keyboard.
const LIKE_SIGNS: &[(char, &str, &str)] = &[
    ('\u{2010}', "a typographic hyphen", "-"),
    ('\u{2011}', "a non-breaking hyphen", "-"),
    ('\u{2012}', "a figure dash", "-"),
    ('\u{2013}', "an en dash", "-"),
    ('\u{2014}', "an em dash", "-"),
    ('\u{2015}', "a horizontal bar", "-"),
    ('\u{2212}', "a mathematical minus sign", "-"),
    ('\u{fe58}', "a small em dash", "-"),
    ('\u{fe63}', "a small hyphen", "-"),
    ('“', "a typographic quote", "\""),
    ('”', "a typographic quote", "\""),
    ('„', "a typographic quote", "\""),
    ('‟', "a typographic quote", "\""),
    ('«', "a typographic quote", "\""),
    ('»', "a typographic quote", "\""),
    ('″', "a double prime", "\""),
    ('〝', "a typographic quote", "\""),
    ('〞', "a typographic quote", "\""),
    ('「', "a typographic quote", "\""),
    ('」', "a typographic quote", "\""),
    ('‘', "a typographic quote", "\""),
    ('’', "a typographic quote", "\""),
    ('‚', "a typographic quote", "\""),
    ('‛', "a typographic quote", "\""),
    ('‹', "a typographic quote", "\""),
    ('›', "a typographic quote", "\""),
    ('′', "a prime", "\""),
    ('´', "an acute accent", "\""),
    ('×', "a multiplication sign", "*"),
    ('∗', "a mathematical asterisk", "*"),
    ('⋅', "a mathematical dot", "*"),
    ('÷', "a division sign", "/"),
    ('∕', "a division slash", "/"),
    ('⁄', "a fraction slash", "/"),
    ('∣', "a mathematical sign", "|"),
    ('∧', "a logical and", "&&"),
    ('∨', "a logical or", "||"),
    ('¬', "a not sign", "!"),
    ('≠', "a not-equal sign", "!="),
    ('≤', "a less-or-equal sign", "<="),
    ('≥', "a greater-or-equal sign", ">="),
    ('⩽', "a less-or-equal sign", "<="),
    ('⩾', "a greater-or-equal sign", ">="),
    ('…', "an ellipsis", ".."),
    ('‥', "a two-dot leader", ".."),
    ('․', "a one-dot leader", "."),
    ('、', "an ideographic comma", ","),
    ('。', "an ideographic full stop", "."),
    ('∶', "a ratio sign", ":"),
    ('【', "a full-width bracket", "["),
    ('】', "a full-width bracket", "]"),
];

fn odd(c: char) -> Option<Odd> {
    let plain = |name: &str, instead| Odd {
        name: name.to_owned(),
        instead,
        longer: "",
    };
    if let Some((_, name)) = SPACES.iter().find(|(space, _)| *space == c) {
        return Some(plain(name, Some(' ')));
    }
    if let Some((_, name)) = UNSEEN.iter().find(|(unseen, _)| *unseen == c) {
        return Some(plain(name, None));
    }
    if let Some((_, name, sign)) = LIKE_SIGNS.iter().find(|(like, ..)| *like == c) {
        let mut characters = sign.chars();
        return Some(Odd {
            name: (*name).to_owned(),
            instead: characters.next(),
            longer: characters.as_str(),
        });
    }
    // Full-width forms of the characters from `!` to `~`.
    let code = u32::from(c);
    if !(0xff01..=0xff5e).contains(&code) {
        return None;
    }
    let narrow = char::from_u32(code - 0xfee0)?;
    Some(plain(&format!("a full-width `{narrow}`"), Some(narrow)))
}

/// The problem if such a character is at `position` of `text`, or right before it.
pub(super) fn look_alike(text: &str, base: usize, position: usize) -> Option<Diagnostic> {
    let rest = text.get(position..)?;
    let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let before = text.get(..position)?.chars().next_back();
    let here = rest.get(blank..).and_then(|rest| rest.chars().next());
    let (place, c, found) = [
        here.map(|c| (position + blank, c)),
        before.map(|c| (position - c.len_utf8(), c)),
    ]
    .into_iter()
    .flatten()
    .find_map(|(place, c)| Some((place, c, odd(c)?)))?;
    let code = format!("U+{:04X}", u32::from(c));
    let span = Span::new(place, place + c.len_utf8());
    let problem = Diagnostic::error(Code::CHARACTER, format!("this is {} ({code})", found.name)).at(span, "");
    let line_start = text.get(..place)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let better = plainly(line);
    let what = match found.instead {
        None => "remove it; it is invisible".to_owned(),
        Some(' ') => "write a plain space".to_owned(),
        Some(sign) => format!("write `{sign}{}`", found.longer),
    };
    let good = accept::accepts(text, base, line_start..line_start + line.len(), &better);
    Some(if good {
        problem.help(format!("{what}:\n    {}", better.trim()))
    } else {
        problem.help(what)
    })
}

/// `line` with plain characters for those that look like them, outside of texts in quotes and comments.
fn plainly(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut quoted = false;
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
            out.push(c);
            continue;
        }
        if line.get(at..).is_some_and(|rest| rest.starts_with("//")) {
            out.push_str(line.get(at..).unwrap_or_default());
            break;
        }
        quoted = c == '"';
        match odd(c) {
            Some(found) => {
                out.extend(found.instead);
                out.push_str(found.longer);
            }
            None => out.push(c),
        }
    }
    out
}

/// The letter of a name that only looks like another one: `с` in `сount`.
pub(crate) fn foreign_letters(name: &str) -> Option<String> {
    let latin = name.chars().any(|c| c.is_ascii_alphabetic());
    let strange = name.chars().find(|c| {
        c.is_alphanumeric()
            && (matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}') && latin
                || matches!(c, '\u{ff01}'..='\u{ff5e}'))
    })?;
    let script = match strange {
        '\u{370}'..='\u{3ff}' => "a Greek letter",
        '\u{400}'..='\u{52f}' => "a Cyrillic letter",
        _ => "a full-width letter",
    };
    Some(format!(
        "`{strange}` in it is {script} (U+{:04X})",
        u32::from(strange)
    ))
}
