//! Converts the linker's spelling of a name to the one that Go programmers write.
//!
//! Escaping: `src/cmd/internal/objabi/path.go` (`PathToPrefix`); `.abi0`: `mangleABIName` in
//! `src/cmd/link/internal/ld/symtab.go`.

use std::borrow::Cow;

/// The suffix that the linker appends to the name of an ABI0 function if there is an ABIInternal function of the same
/// name.
const ABI0: &[u8] = b".abi0";

/// The character that the compiler uses in place of some dots.
const MIDDLE_DOT: &[u8] = "·".as_bytes();

/// A symbol's name without the suffix for its ABI, and whether it had the suffix.
#[must_use]
pub(crate) fn strip_abi(raw: &[u8]) -> (&[u8], bool) {
    match raw.strip_suffix(ABI0) {
        Some(name) => (name, true),
        None => (raw, false),
    }
}

/// The byte that `%xx` at the beginning of `text` stands for, if the linker writes such a byte so.
fn escaped(text: &[u8]) -> Option<u8> {
    let &[b'%', high, low, ..] = text else {
        return None;
    };
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let byte = digit(high)? * 16 + digit(low)?;
    (byte <= b' ' || byte >= 0x7f || matches!(byte, b'%' | b'"' | b'.')).then_some(byte)
}

/// A function's name as the programmer writes it: escapes of import paths undone, `·` written as `.`, as the symbol
/// table has it where the line table has `·` (`main.T·1` is the first type T that is local to a function).
#[must_use]
pub(crate) fn plain(raw: &[u8]) -> Cow<'_, [u8]> {
    let dot = MIDDLE_DOT.first().copied().unwrap_or_default();
    if memchr::memchr2(b'%', dot, raw).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(undone(raw, true))
}

/// A function's name as text; bytes that are no UTF-8 are replaced.
#[must_use]
pub(crate) fn text(raw: &[u8]) -> String {
    lossy(plain(raw)).into_owned()
}

/// The name of a type or of a variable as the programmer writes it: escapes of import paths undone.
#[must_use]
pub(crate) fn unescape(raw: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'%', raw).is_none() {
        return String::from_utf8_lossy(raw);
    }
    lossy(Cow::Owned(undone(raw, false)))
}

fn lossy(name: Cow<'_, [u8]>) -> Cow<'_, str> {
    match name {
        Cow::Borrowed(name) => String::from_utf8_lossy(name),
        Cow::Owned(name) => Cow::Owned(
            String::from_utf8(name).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()),
        ),
    }
}

/// The name with its import paths unescaped, and with dots for middle dots if these are to go too. A struct's tags,
/// which stand in quotes, are a programmer's own text: `%2e` in them is no escape.
fn undone(raw: &[u8], dots: bool) -> Vec<u8> {
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    let mut quoted = false;
    while let Some((&first, behind)) = rest.split_first() {
        if !quoted && let Some(byte) = escaped(rest) {
            name.push(byte);
            rest = rest.get(3..).unwrap_or_default();
            continue;
        }
        if dots && let Some(behind) = rest.strip_prefix(MIDDLE_DOT) {
            name.push(b'.');
            rest = behind;
            continue;
        }
        name.push(first);
        rest = behind;
        match first {
            b'"' => quoted = !quoted,
            b'\\' if quoted => {
                if let Some((&next, behind)) = rest.split_first() {
                    name.push(next);
                    rest = behind;
                }
            }
            _ => {}
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linker_spelling_to_source_spelling() {
        let cases: &[(&str, &str)] = &[
            ("main.main", "main.main"),
            ("gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3.Unmarshal"),
            ("gopkg.in/yaml%2ev3.(*T).F", "gopkg.in/yaml.v3.(*T).F"),
            ("main.F[gopkg.in/yaml%2ev3.Node]", "main.F[gopkg.in/yaml.v3.Node]"),
            (
                "main.F[go.shape.struct { A int \"x:\\\"100%\\\"\" }]",
                "main.F[go.shape.struct { A int \"x:\\\"100%\\\"\" }]",
            ),
            ("main.percent%41", "main.percent%41"),
            ("a%20b.F", "a b.F"),
            ("caf%c3%a9.F", "café.F"),
            ("runtime·foo", "runtime.foo"),
            ("main.F[main.T·1]", "main.F[main.T.1]"),
            ("main.héllo", "main.héllo"),
            ("%", "%"),
            ("%2", "%2"),
            ("", ""),
        ];
        for (raw, wanted) in cases {
            assert_eq!(text(raw.as_bytes()), *wanted);
        }
        assert_eq!(text(b"main.\xff"), "main.\u{fffd}");
    }

    #[test]
    fn tags_are_left_alone() {
        assert_eq!(unescape(b"a%2eb.T"), "a.b.T");
        assert_eq!(
            unescape(b"struct { A int \"%2e\\\"%2e\" }%2"),
            "struct { A int \"%2e\\\"%2e\" }%2"
        );
        assert_eq!(
            text(b"main.F[struct { A a%2eb.T \"%2e\" }]"),
            "main.F[struct { A a.b.T \"%2e\" }]"
        );
        assert_eq!(unescape("main.T·1".as_bytes()), "main.T·1");
    }
}
