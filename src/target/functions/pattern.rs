//! How recipes name functions: `net/http.(*conn).*`, `main.Map[...]`, `main.Map[int,string]`, or simply the whole name.
//!
//! | written | matches |
//! | --- | --- |
//! | `*` | any run of characters, except that `(*` before a type's name is Go's pointer receiver and stands for itself |
//! | `[...]` | the type arguments of any instantiation |
//! | `[int,main.T]` | the instantiation that the compiler makes for these types: by `go.shape` names, as several types may share one |
//! | anything else | itself; import paths as in the import, escaped or not |

use crate::diagnostic::{Code, Diagnostic};
use crate::goname::{brackets, escapes, shape, types};

/// A pattern for names of functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// These bytes.
    Literal(Vec<u8>),
    /// Any run of bytes.
    Run,
    /// `[...]`: any list in brackets.
    AnyArguments,
    /// A list of types in brackets, as written in the source.
    Arguments(Vec<String>),
}

/// How sure a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The type arguments may or may not be the ones that were written: what a type is made of is not known here.
    Maybe,
    /// The type arguments are the ones that were written, or others of the same size and kind (`int` for `int64`).
    Likely,
    /// It is named by the pattern.
    Yes,
}

/// What `go.shape` names a type's instantiations may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing is known of the type.
    Unknown,
    /// One of these, behind `go.shape.`.
    OneOf(Vec<String>),
    /// Something that begins so, behind `go.shape.`.
    Begins(&'static str),
    /// A struct of these fields: name, empty for an embedded one, and type.
    Struct(Vec<(String, String)>),
}

/// What a type's `go.shape` names are, for types that have a name; by the name with the full import path.
pub type Shapes<'a> = dyn Fn(&str) -> Shape + 'a;

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// `PATTERN` when it is empty or its brackets do not pair up.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        let wrong = |what: &str| {
            Diagnostic::error(Code::PATTERN, format!("`{text}` does not name functions: {what}"))
        };
        if text.trim().is_empty() {
            return Err(wrong("it is empty"));
        }
        // Escapes of the import path are understood too, as stack traces show them.
        let plain = escapes::text(text.as_bytes());
        let mut parts = Vec::new();
        let mut literal = Vec::new();
        let mut rest = plain.as_bytes();
        let mut previous = 0u8;
        while let Some((&first, behind)) = rest.split_first() {
            let receiver = previous == b'(' && behind.first().is_some_and(|&next| next != b')');
            if first == b'*' && !receiver {
                flush(&mut parts, &mut literal);
                if parts.last() != Some(&Part::Run) {
                    parts.push(Part::Run);
                }
            } else if first == b'[' {
                let length = brackets::group(rest).ok_or_else(|| {
                    wrong("a `[` is not closed")
                        .help("`[...]` stands for any type arguments, `[int,string]` for these")
                })?;
                let inside = rest.get(1..length - 1).unwrap_or_default();
                flush(&mut parts, &mut literal);
                parts.push(match inside {
                    b"..." | b"*" => Part::AnyArguments,
                    b"" => return Err(wrong("`[]` names no type arguments").help("`[...]` stands for any")),
                    list => Part::Arguments(
                        brackets::split(list, b',')
                            .map(|argument| String::from_utf8_lossy(argument).trim().to_owned())
                            .collect(),
                    ),
                });
                rest = rest.get(length..).unwrap_or_default();
                previous = b']';
                continue;
            } else if first == b']' {
                return Err(wrong("a `]` was not opened"));
            } else {
                literal.push(first);
            }
            previous = first;
            rest = behind;
        }
        flush(&mut parts, &mut literal);
        Ok(Self {
            text: text.to_owned(),
            parts,
        })
    }

    /// As it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name, if the pattern can match one name only.
    #[must_use]
    pub fn exact(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Literal(name)] => std::str::from_utf8(name).ok(),
            _ => None,
        }
    }

    /// Whether `name`, a function's name in Go's spelling, is named by the pattern.
    #[must_use]
    pub fn matches(&self, name: &str, shapes: &Shapes<'_>) -> Option<Match> {
        self.matches_bytes(name.as_bytes(), shapes)
    }

    pub(crate) fn matches_bytes(&self, name: &[u8], shapes: &Shapes<'_>) -> Option<Match> {
        let closings = if self
            .parts
            .iter()
            .any(|part| matches!(part, Part::AnyArguments | Part::Arguments(_)))
        {
            brackets::closings(name)
        } else {
            Vec::new()
        };
        let mut sure = Match::Yes;
        let (mut part, mut at) = (0, 0);
        // Where to go on when something does not fit: behind the last run, one byte further in the name.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let fits = match self.parts.get(part) {
                None => (at == name.len()).then_some((at, Match::Yes)),
                Some(Part::Run) => {
                    if part + 1 == self.parts.len() {
                        return Some(sure);
                    }
                    retry = Some((part + 1, at));
                    Some((at, Match::Yes))
                }
                Some(step) => step.fits(name, at, &closings, shapes),
            };
            match fits {
                Some((_, certainty)) if part == self.parts.len() => return Some(sure.min(certainty)),
                Some((next, certainty)) => {
                    sure = sure.min(certainty);
                    part += 1;
                    at = next;
                }
                None => {
                    let (from, last) = retry?;
                    if last >= name.len() {
                        return None;
                    }
                    retry = Some((from, last + 1));
                    part = from;
                    at = last + 1;
                }
            }
        }
    }

    /// False if no name that begins with these bytes of the linker's spelling can match: looks only as far as the first
    /// difference.
    pub(crate) fn may_begin(&self, raw: &[u8]) -> bool {
        let Some(Part::Literal(literal)) = self.parts.first() else {
            return true;
        };
        for (wanted, &found) in literal.iter().zip(raw) {
            if found == b'%' || found >= 0x80 {
                return true;
            }
            if *wanted != found {
                return false;
            }
        }
        raw.len() >= literal.len()
    }
}

impl Part {
    /// Where in `name` this part ends if it fits at `at`.
    fn fits(
        &self,
        name: &[u8],
        at: usize,
        closings: &[Option<usize>],
        shapes: &Shapes<'_>,
    ) -> Option<(usize, Match)> {
        let rest = name.get(at..)?;
        match self {
            Part::Literal(bytes) => rest.starts_with(bytes).then(|| (at + bytes.len(), Match::Yes)),
            Part::Run => Some((at, Match::Yes)),
            Part::AnyArguments => Some(((*closings.get(at)?)? + 1, Match::Yes)),
            Part::Arguments(wanted) => {
                let close = (*closings.get(at)?)?;
                let inside = name.get(at + 1..close)?;
                if inside == b"..." {
                    return Some((close + 1, Match::Maybe));
                }
                let mut found = brackets::split(inside, b',');
                let mut sure = Match::Yes;
                for argument in wanted {
                    sure = sure.min(argument_fits(argument, found.next()?, shapes)?);
                }
                found.next().is_none().then_some((close + 1, sure))
            }
        }
    }
}

fn flush(parts: &mut Vec<Part>, literal: &mut Vec<u8>) {
    if !literal.is_empty() {
        parts.push(Part::Literal(std::mem::take(literal)));
    }
}

/// Whether the compiler may have made `found`, a type argument in a symbol's name, of `written`, one in a source file.
fn argument_fits(written: &str, found: &[u8], shapes: &Shapes<'_>) -> Option<Match> {
    let found = std::str::from_utf8(found).ok()?;
    if written == "*" || types::is_same(written, found) {
        return Some(Match::Yes);
    }
    let shape = shape::of_argument(found)?;
    if types::is_same(written, shape) || shape::is_written(written, found, shape) {
        return Some(Match::Yes);
    }
    let known = match types::canonical(written) {
        "error" => Shape::OneOf(vec!["interface { Error() string }".to_owned()]),
        pointer if pointer.starts_with('*') => Shape::OneOf(vec!["*uint8".to_owned()]),
        name if types::is_composite(name) => Shape::OneOf(Vec::new()),
        name if name.contains('.') => shapes(name),
        _ => Shape::OneOf(Vec::new()),
    };
    if shape::is_hash(shape)
        && (types::is_composite(written) || matches!(known, Shape::Begins(_) | Shape::Struct(_)))
    {
        return Some(Match::Maybe);
    }
    match known {
        Shape::Unknown => Some(Match::Maybe),
        Shape::OneOf(shapes) => {
            let sure = if shapes.len() > 1 {
                Match::Likely
            } else {
                Match::Yes
            };
            shapes.iter().any(|s| types::is_same(s, shape)).then_some(sure)
        }
        Shape::Begins(prefix) => shape.starts_with(prefix).then_some(Match::Maybe),
        Shape::Struct(fields) => shape::is_struct_of(shape, &fields).then_some(Match::Yes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> Option<Match> {
        let shapes = |name: &str| match name {
            "main.ID" => Shape::OneOf(vec!["string".to_owned()]),
            "main.Number" => Shape::OneOf(vec!["int".to_owned(), "int64".to_owned()]),
            "main.Point" => Shape::Struct(vec![
                ("X".to_owned(), "int".to_owned()),
                ("tags".to_owned(), "map[string]main.ID".to_owned()),
                (String::new(), "main.ID".to_owned()),
            ]),
            "io.Reader" => Shape::Begins("interface {"),
            _ => Shape::Unknown,
        };
        Pattern::parse(pattern).unwrap().matches(name, &shapes)
    }

    #[test]
    fn names_and_runs() {
        let yes = Some(Match::Yes);
        let cases = [
            ("main.main", "main.main", yes),
            ("main.main", "main.main.func1", None),
            ("main.main", "xmain.main", None),
            ("main.(*T).Get", "main.(*T).Get", yes),
            ("main.(*T).Get", "main.(*FooT).Get", None),
            ("main.(*T).Get", "main.(*T).GetAll", None),
            ("main.(*T).Get*", "main.(*T).GetAll", yes),
            ("main.(*T).Get*", "main.(*T).Get", yes),
            ("main.(*T).*", "main.(*FooT).Get", None),
            ("main.(**).Get", "main.(*FooT).Get", yes),
            ("main.(**).Get", "main.FooT.Get", None),
            ("main.(*).Get", "main.(*FooT).Get", yes),
            ("main.(**T).Get", "main.(*FooT).Get", yes),
            ("main.(*Foo*).Get", "main.(*FooT).Get", yes),
            ("main.(*Foo*).Get", "main.(*Bar).Get", None),
            ("*.(*conn).serve", "net/http.(*conn).serve", yes),
            ("net/http.*", "net/http.(*conn).serve.func1", yes),
            ("net/http.*", "net/http/httptest.NewServer", None),
            ("net/http*", "net/http/httptest.NewServer", yes),
            ("*", "anything at all", yes),
            ("**", "x", yes),
            ("*internal/log.*", "github.com/a/internal/log.(*L).Print", yes),
            ("main.f.func1", "main.f.func1", yes),
            ("main.f", "main.f.func1", None),
            ("main.f.*", "main.f.func1", yes),
            ("main.T.M", "main.T.M-fm", None),
            ("*a*b*c*", "xaxbxc", yes),
            ("*a*b*c", "xaxbxcx", None),
            ("gopkg.in/yaml.v3.Unmarshal", "gopkg.in/yaml.v3.Unmarshal", yes),
            ("gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3.Unmarshal", yes),
            ("main.größe", "main.größe", yes),
        ];
        for (pattern, name, wanted) in cases {
            assert_eq!(matches(pattern, name), wanted, "{pattern} on {name}");
        }
    }

    #[test]
    fn type_arguments() {
        let (yes, maybe) = (Some(Match::Yes), Some(Match::Maybe));
        let cases = [
            ("main.Map[...]", "main.Map[go.shape.int]", yes),
            ("main.Map[...]", "main.Map[...]", yes),
            ("main.Map[...]", "main.Map", None),
            ("main.Map", "main.Map[go.shape.int]", None),
            ("main.Map[...]", "main.Map[go.shape.int].func1", None),
            ("main.Map[...]*", "main.Map[go.shape.int].func1", yes),
            ("main.Map*", "main.Map[go.shape.int].func1", yes),
            (
                "main.(*Pair[...]).Set",
                "main.(*Pair[go.shape.string,go.shape.int64]).Set",
                yes,
            ),
            (
                "main.(*Pair[string,int64]).Set",
                "main.(*Pair[go.shape.string,go.shape.int64]).Set",
                yes,
            ),
            (
                "main.(*Pair[string,int64]).Set",
                "main.(*Pair[string,int64]).Set",
                yes,
            ),
            (
                "main.(*Pair[string,int]).Set",
                "main.(*Pair[go.shape.string,go.shape.int64]).Set",
                None,
            ),
            (
                "main.Map[int,string]",
                "main.Map[go.shape.int,go.shape.string]",
                yes,
            ),
            (
                "main.Map[int, string]",
                "main.Map[go.shape.int,go.shape.string]",
                yes,
            ),
            (
                "main.Map[int,string]",
                "main.Map[go.shape.int_0,go.shape.string_1]",
                yes,
            ),
            ("main.Map[int]", "main.Map[go.shape.int,go.shape.string]", None),
            (
                "main.Map[int,string,bool]",
                "main.Map[go.shape.int,go.shape.string]",
                None,
            ),
            ("main.Map[int,string]", "main.Map[...]", maybe),
            ("main.Map[*main.T]", "main.Map[go.shape.*uint8]", yes),
            ("main.Map[*main.T]", "main.Map[go.shape.*main.T]", yes),
            ("main.Map[*main.T]", "main.Map[*uint8_0]", yes),
            ("main.Map[*main.T]", "main.Map[go.shape.*main.U]", None),
            ("main.Map[byte]", "main.Map[go.shape.uint8]", yes),
            ("main.Map[[]byte]", "main.Map[go.shape.[]uint8]", yes),
            (
                "main.Map[map[string]int,any]",
                "main.Map[go.shape.map[string]int,go.shape.interface {}]",
                yes,
            ),
            (
                "main.Map[error]",
                "main.Map[go.shape.interface { Error() string }]",
                yes,
            ),
            (
                "main.Map[struct{A int}]",
                "main.Map[go.shape.struct { A int }]",
                yes,
            ),
            ("main.Map[main.ID]", "main.Map[go.shape.string]", yes),
            ("main.Map[main.ID]", "main.Map[go.shape.int]", None),
            (
                "main.Map[main.Number]",
                "main.Map[go.shape.int]",
                Some(Match::Likely),
            ),
            ("main.Map[main.Point]", "main.Map[go.shape.int]", None),
            ("main.Map[main.Unheard]", "main.Map[go.shape.int]", maybe),
            ("main.Map[go.shape.int]", "main.Map[go.shape.int]", yes),
            ("main.Map[go.shape.int]", "main.Map[go.shape.int_0]", yes),
            ("main.Map[*]", "main.Map[go.shape.int]", yes),
            (
                "main.F[go.shape.struct { A int64 \"json:\\\"a,]\\\"\" }]",
                "main.F[go.shape.struct { A int64 \"json:\\\"a,]\\\"\" }]",
                yes,
            ),
            (
                "main.F[...].func1",
                "main.F[go.shape.struct { A int64 \"]\" }].func1",
                yes,
            ),
        ];
        for (pattern, name, wanted) in cases {
            assert_eq!(matches(pattern, name), wanted, "{pattern} on {name}");
        }
    }

    #[test]
    fn refused() {
        for text in ["", " ", "main.F[", "main.F]", "main.F[]", "main.F[a[b]"] {
            assert!(Pattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn quick_rejection_agrees() {
        let pattern = Pattern::parse("gopkg.in/yaml.v3.F*").unwrap();
        assert!(pattern.may_begin(b"gopkg.in/yaml%2ev3.Foo\0main"));
        assert!(!pattern.may_begin(b"gopkg.in/yemen\0"));
        assert!(!pattern.may_begin(b"gopkg"));
        assert!(Pattern::parse("*x").unwrap().may_begin(b""));
    }
}
