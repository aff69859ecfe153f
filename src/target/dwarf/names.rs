//! Names as the linker writes them, and as people write them.
//!
//! In symbols and in DWARF the linker escapes some bytes of import paths as `%2e` (`src/cmd/internal/objabi/path.go`,
//! `PathToPrefix`); names inside of a package are not escaped.

use std::borrow::Cow;

/// The name with its import paths unescaped; struct tags within it stay as they are.
pub(super) fn unescape(name: &[u8]) -> Cow<'_, str> {
    if !name.contains(&b'%') {
        return String::from_utf8_lossy(name);
    }
    let mut plain = Vec::with_capacity(name.len());
    let mut rest = name;
    let mut quoted = false;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => quoted = !quoted,
            b'\\' if quoted => {
                plain.push(byte);
                if let Some((&escaped, after)) = rest.split_first() {
                    plain.push(escaped);
                    rest = after;
                }
                continue;
            }
            b'%' if !quoted => {
                if let Some((value, after)) = hex(rest) {
                    plain.push(value);
                    rest = after;
                    continue;
                }
            }
            _ => {}
        }
        plain.push(byte);
    }
    Cow::Owned(match String::from_utf8(plain) {
        Ok(plain) => plain,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// The byte that two hexadecimal digits stand for, and what follows them.
fn hex(text: &[u8]) -> Option<(u8, &[u8])> {
    let (digits, rest) = text.split_at_checked(2)?;
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (high, low) = (digit(digits.first()?)?, digit(digits.get(1)?)?);
    Some((u8::try_from(high * 16 + low).ok()?, rest))
}

/// A function's name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts<'n> {
    /// The import path; empty for functions that the compiler makes for types (`type:.eq.…`).
    pub(super) package: &'n str,
    /// The type it is a method of, by the form of the name alone: `f.func1` looks like one.
    pub(super) receiver: Option<Receiver<'n>>,
    /// What follows the package and the receiver.
    pub(super) base: &'n str,
    /// A thunk for a method value: what would be the receiver is in the closure.
    pub(super) method_value: bool,
}

/// The receiver in a method's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Receiver<'n> {
    /// `(*T)` rather than `T`.
    pub(super) pointer: bool,
    /// `T`, with its type arguments.
    pub(super) name: &'n str,
}

impl Receiver<'_> {
    /// Whether this, as the linker writes it, is the receiver's type.
    pub(super) fn has_type(&self, package: &str, name: &[u8]) -> bool {
        let plain = if self.pointer {
            name.strip_prefix(b"*")
        } else {
            Some(name)
        };
        if package.is_empty() {
            return plain == Some(self.name.as_bytes());
        }
        plain
            .and_then(|name| name.strip_prefix(package.as_bytes()))
            .and_then(|name| name.strip_prefix(b"."))
            == Some(self.name.as_bytes())
    }

    /// The receiver's type as DWARF names it.
    pub(super) fn type_name(&self, package: &str) -> String {
        let dot = if package.is_empty() { "" } else { "." };
        format!(
            "{}{package}{dot}{}",
            if self.pointer { "*" } else { "" },
            self.name
        )
    }
}

/// Splits a function's name as the linker writes it.
pub(super) fn split(name: &str) -> Parts<'_> {
    let (plain, method_value) = match name.strip_suffix("-fm") {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let whole = Parts {
        package: "",
        receiver: None,
        base: plain,
        method_value,
    };
    if plain.starts_with("type:") || plain.starts_with("type..") {
        return whole;
    }
    // A method of a type without a name, promoted from a field.
    if let Some(rest) = plain.strip_prefix("go.").or_else(|| plain.strip_prefix("go:"))
        && (rest.starts_with("(*struct {") || rest.starts_with("struct {"))
        && let Some((receiver, base)) = method(rest)
    {
        return Parts {
            receiver: Some(receiver),
            base,
            ..whole
        };
    }
    let path_end = plain.find(['[', '(', '{', ' ', '"']).unwrap_or(plain.len());
    let slash = plain
        .get(..path_end)
        .and_then(|path| path.rfind('/'))
        .map_or(0, |slash| slash + 1);
    if plain.starts_with("go:") {
        return whole;
    }
    let Some(dot) = plain.get(slash..).and_then(|last| last.find('.')) else {
        return whole;
    };
    let (Some(package), Some(rest)) = (plain.get(..slash + dot), plain.get(slash + dot + 1..)) else {
        return whole;
    };
    let function = Parts {
        package,
        receiver: None,
        base: rest,
        method_value,
    };
    match method(rest) {
        Some((receiver, base)) => Parts {
            receiver: Some(receiver),
            base,
            ..function
        },
        None => function,
    }
}

/// Splits `(*T).M` or `T.M`.
fn method(name: &str) -> Option<(Receiver<'_>, &str)> {
    let (first, base) = first_segment(name)?;
    let (pointer, name) = match first.strip_prefix("(*").and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => (false, first),
    };
    let odd = name.is_empty() || name.starts_with('(') || base.is_empty() || base.contains('-');
    (!odd && first_segment(base).is_none()).then_some((Receiver { pointer, name }, base))
}

/// What stands before and after the first dot that is not within brackets or quotes.
fn first_segment(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0_usize;
    let mut quoted = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => quoted = true,
            b'[' | b'(' | b'{' => depth += 1,
            b']' | b')' | b'}' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 => {
                return text
                    .split_at_checked(at)
                    .map(|(a, b)| (a, b.get(1..).unwrap_or("")));
            }
            _ => {}
        }
    }
    None
}

/// Whether the name is of code that one shape of type arguments shares, which takes a dictionary as a hidden argument.
/// Closures within such code find it in their closure object.
pub(super) fn takes_dictionary(parts: &Parts<'_>) -> bool {
    if parts.package.is_empty() || parts.method_value {
        return false;
    }
    match parts.receiver {
        // Only `F[…]` and `T[…].M`, not `F[…].func1`: the caller has made sure that it is a method.
        Some(receiver) => receiver.name.contains("[go.shape.") && receiver.name.ends_with(']'),
        None => {
            parts.base.contains("[go.shape.")
                && parts.base.ends_with(']')
                && first_segment(parts.base).is_none()
        }
    }
}

/// Whether the function is the body of a loop over a function, `F-range1`, and not a closure within one.
pub(super) fn is_loop_body(base: &str) -> bool {
    base.rsplit_once("-range")
        .is_some_and(|(_, number)| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        let parts = split("github.com/a/b%2ec.(*T[go.shape.int]).Put");
        assert_eq!(parts.package, "github.com/a/b%2ec");
        assert_eq!(
            parts.receiver,
            Some(Receiver {
                pointer: true,
                name: "T[go.shape.int]"
            })
        );
        assert_eq!(parts.base, "Put");
        assert!(takes_dictionary(&parts));
        let parts = split("main.main");
        assert_eq!(
            (parts.package, parts.receiver, parts.base),
            ("main", None, "main")
        );
        assert_eq!(split("net.(*netFD).dial.(*netFD).addrFunc.func3").receiver, None);
        assert!(split("main.T.M-fm").method_value);
        assert_eq!(
            split("main.g[go.shape.struct { a/b.X int \"x.y\" }]").package,
            "main"
        );
        assert!(takes_dictionary(&split(
            "main.g[go.shape.struct { a/b.X int \"x.y\" }]"
        )));
        assert!(!takes_dictionary(&split("main.g[int]")));
        let parts = split("go:(*struct { io.Reader; io.Closer }).Close");
        let receiver = parts.receiver.unwrap();
        assert!(receiver.has_type(parts.package, b"*struct { io.Reader; io.Closer }"));
        assert_eq!(parts.base, "Close");
        assert_eq!(split("type:.eq.a/b.T").package, "");
        assert_eq!(split("").base, "");
        assert_eq!(split("main.").base, "");
    }

    #[test]
    fn loop_bodies() {
        assert!(is_loop_body("F-range1"));
        assert!(is_loop_body("F.func2-range1-range12"));
        assert!(!is_loop_body("F-range1.func1"));
        assert!(!is_loop_body("F"));
        assert!(!is_loop_body("F-range"));
    }

    #[test]
    fn unescapes() {
        assert_eq!(unescape(b"a%2eb.T"), "a.b.T");
        assert_eq!(
            unescape(b"struct { A int \"%2e\\\"%2e\" }%2"),
            "struct { A int \"%2e\\\"%2e\" }%2"
        );
    }
}
