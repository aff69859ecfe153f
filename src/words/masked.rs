//! A line in which placeholders replace the texts in quotes, so that no word in them is taken for a word of a language.

/// Stands before and behind a text's number.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';
/// Stands before the number of what is no text in quotes.
const VERBATIM: char = '=';

/// A line and its texts.
pub(super) struct Masked {
    /// The line; a text is its number between two marks.
    pub(super) text: String,
    /// What stands between the quotes, as it was written.
    pub(super) strings: Vec<String>,
    /// A text stood in other quotes than double ones.
    pub(super) requoted: bool,
}

impl Masked {
    pub(super) fn new(line: &str) -> Self {
        let mut masked = Self {
            text: String::with_capacity(line.len()),
            strings: Vec::new(),
            requoted: false,
        };
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let tail = rest.get(c.len_utf8()..).unwrap_or_default();
            if rest.starts_with("//") {
                let end = rest.find('\n').unwrap_or(rest.len());
                masked.text.push_str(rest.get(..end).unwrap_or_default());
                rest = rest.get(end..).unwrap_or_default();
                continue;
            }
            match closing(c, tail) {
                Some(end) => {
                    let inside = tail.get(..end).unwrap_or_default();
                    let inside = if c == '"' {
                        inside.to_owned()
                    } else {
                        inside.replace('"', "\\\"")
                    };
                    masked.requoted |= c != '"';
                    let mark = mark(&mut masked.strings, inside);
                    masked.text.push_str(&mark);
                    rest = tail.get(end + 1..).unwrap_or_default();
                }
                None => {
                    // The marks themselves mean nothing in a recipe.
                    if c != OPEN && c != CLOSE {
                        masked.text.push(c);
                    }
                    rest = tail;
                }
            }
        }
        masked
    }

    /// The line with its texts, in double quotes.
    pub(super) fn restored(&self) -> String {
        self.restore(&self.text)
    }

    fn restore(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once(OPEN) {
            out.push_str(before);
            let Some((number, after)) = tail.split_once(CLOSE) else {
                break;
            };
            let inside = |number: &str| {
                let number = number.parse::<usize>().ok()?;
                self.strings.get(number)
            };
            match number.strip_prefix(VERBATIM) {
                Some(number) => {
                    out.push_str(&inside(number).map_or(String::new(), |text| self.restore(text)));
                }
                None => {
                    out.push('"');
                    out.push_str(inside(number).map_or("", String::as_str));
                    out.push('"');
                }
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// The mark of a piece that stays as it is, and is no text in quotes.
pub(super) fn verbatim(strings: &mut Vec<String>, piece: String) -> String {
    strings.push(piece);
    format!("{OPEN}{VERBATIM}{}{CLOSE}", strings.len() - 1)
}

/// A text that is a line itself, with its own texts put aside.
pub(super) fn absorbed(strings: &mut Vec<String>, line: &str) -> String {
    let inner = Masked::new(line);
    let mut out = String::with_capacity(line.len());
    let mut rest = inner.text.as_str();
    while let Some((before, tail)) = rest.split_once(OPEN) {
        out.push_str(before);
        let (number, after) = tail.split_once(CLOSE).unwrap_or((tail, ""));
        let inside = number
            .parse::<usize>()
            .ok()
            .and_then(|number| inner.strings.get(number));
        out.push_str(&mark(strings, inside.cloned().unwrap_or_default()));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The mark of a text, which is put aside.
pub(super) fn mark(strings: &mut Vec<String>, inside: String) -> String {
    strings.push(inside);
    format!("{OPEN}{}{CLOSE}", strings.len() - 1)
}

/// The text that a mark stands for.
pub(super) fn of<'s>(strings: &'s [String], mark: &str) -> Option<&'s str> {
    let number = mark.trim().strip_prefix(OPEN)?.strip_suffix(CLOSE)?;
    strings.get(number.parse::<usize>().ok()?).map(String::as_str)
}

/// Where the text that `quote` opens ends in `tail`, in the same line.
fn closing(quote: char, tail: &str) -> Option<usize> {
    if !matches!(quote, '"' | '\'' | '`') {
        return None;
    }
    let mut escaped = false;
    for (at, c) in tail.char_indices() {
        match c {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at),
            _ => {}
        }
    }
    None
}
