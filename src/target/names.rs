//! Function names: from the linker's spelling to the one that Go programmers write.
//!
//! Escaping: `src/cmd/internal/objabi/path.go` (`PathToPrefix`); `.abi0`: `mangleABIName` in `src/cmd/link/internal/ld/symtab.go`.

use std::borrow::Cow;

/// What the linker appends to the name of a function that follows ABI0 when there is an ABIInternal one of the same name.
const ABI0: &[u8] = b".abi0";

/// A symbol's name without the suffix that tells its ABI, and whether that was there.
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

/// A symbol's name as the programmer writes it: escapes of the import path undone, `·` written as `.`, as the symbol table has it
/// where the line table has `·` (`main.T·1` is the first type T that is local to a function).
pub(crate) fn plain(raw: &[u8]) -> Cow<'_, [u8]> {
    let dot = "·".as_bytes();
    if memchr::memchr2(b'%', dot.first().copied().unwrap_or_default(), raw).is_none() {
        return Cow::Borrowed(raw);
    }
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&first, behind)) = rest.split_first() {
        if let Some(byte) = escaped(rest) {
            name.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        } else if rest.starts_with(dot) {
            name.push(b'.');
            rest = rest.get(dot.len()..).unwrap_or_default();
        } else {
            name.push(first);
            rest = behind;
        }
    }
    Cow::Owned(name)
}

/// A name as text; bytes that are no UTF-8 are replaced.
pub(crate) fn text(raw: &[u8]) -> String {
    match plain(raw) {
        Cow::Borrowed(name) => String::from_utf8_lossy(name).into_owned(),
        Cow::Owned(name) => {
            String::from_utf8(name).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
        }
    }
}

/// The import path in a symbol's name as the linker spells it, escapes undone: `gopkg.in/yaml.v3` of `gopkg.in/yaml%2ev3.Unmarshal`.
/// Names of the compiler's making (`type:.eq.main.T`, `go:buildid`) have none.
pub(crate) fn package(raw: &[u8]) -> String {
    // A slash in type arguments is not of the package's own path.
    let head = raw.split(|&c| c == b'[' || c == b'(').next().unwrap_or_default();
    if [&b"type:"[..], b"type..", b"go:", b"go.shape"]
        .iter()
        .any(|made| head.starts_with(made))
    {
        return String::new();
    }
    let last = memchr::memrchr(b'/', head).map_or(0, |at| at + 1);
    let tail = head.get(last..).unwrap_or_default();
    match memchr::memchr(b'.', tail) {
        Some(dot) => text(head.get(..last + dot).unwrap_or_default()),
        None => String::new(),
    }
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
    fn packages() {
        let cases: &[(&str, &str)] = &[
            ("main.main", "main"),
            ("main.(*T).Get", "main"),
            ("net/http.(*conn).serve.func1", "net/http"),
            ("gopkg.in/yaml%2ev3.Unmarshal", "gopkg.in/yaml.v3"),
            ("github.com/a/b.F[github.com/c/d.T]", "github.com/a/b"),
            ("type:.eq.main.T", ""),
            ("type..hash.main.T", ""),
            ("_rt0_amd64_linux", ""),
            ("go:buildid", ""),
            ("golang.org/x/net/http2.F", "golang.org/x/net/http2"),
            ("gofoo.F", "gofoo"),
            ("go.uber.org/zap.New", "go.uber.org/zap"),
        ];
        for (raw, wanted) in cases {
            assert_eq!(package(raw.as_bytes()), *wanted, "{raw}");
        }
    }
}
