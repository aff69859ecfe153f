//! Names of shapes: what the compiler puts for type arguments in the names of instantiations, since one serves all
//! types that are made of the same (`shapify` in `src/cmd/compile/internal/noder/reader.go`).

use super::brackets;
use super::types::is_same;

/// What the names of shapes begin with.
const SHAPE: &str = "go.shape.";

/// Whether a function's name has type arguments that are written out, none of which is a shape: a method of a generic
/// type as interfaces call it (`main.(*Pair[string,int]).Set`).
#[must_use]
pub(crate) fn is_instance_for_types(raw: &[u8]) -> bool {
    memchr::memchr(b'[', raw).is_some()
        && memchr::memmem::find(raw, SHAPE.as_bytes()).is_none()
        && memchr::memmem::find(raw, b"[...]").is_none()
}

/// The shape that a type argument in a symbol's name is: `int` of `go.shape.int`. Go 1.18 and 1.19 number them:
/// `go.shape.int_0`, and `*uint8_0` without a beginning. Nothing for a type that is written out.
#[must_use]
pub(crate) fn of_argument(argument: &str) -> Option<&str> {
    let unnumbered = argument
        .rsplit_once('_')
        .filter(|(_, digits)| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
        .map(|(name, _)| name);
    match (argument.strip_prefix(SHAPE), unnumbered) {
        (Some(shape), None) => Some(shape),
        (Some(_), Some(name)) => name.strip_prefix(SHAPE),
        (None, Some(name)) if name.starts_with('*') => Some(name),
        _ => None,
    }
}

/// Whether a programmer wrote the name of a shape itself, `go.shape.int`, which is that of a type argument, this
/// `shape`.
#[must_use]
pub(crate) fn is_written(written: &str, argument: &str, shape: &str) -> bool {
    argument.starts_with(SHAPE) && written.strip_prefix(SHAPE) == Some(shape)
}

/// The compiler replaces long shapes by their hash.
#[must_use]
pub(crate) fn is_hash(shape: &str) -> bool {
    shape.len() == 64 && shape.bytes().all(|b| b.is_ascii_hexdigit())
}

/// True if `shape`, `struct { Name string "tag"; main.count int; main.Embedded }`, has these fields: name, empty for an
/// embedded one, and type. Tags do not count.
#[must_use]
pub(crate) fn is_struct_of(shape: &str, fields: &[(String, String)]) -> bool {
    let Some(inside) = shape
        .strip_prefix("struct {")
        .and_then(|rest| rest.strip_suffix('}'))
    else {
        return false;
    };
    let mut found = brackets::split(inside.as_bytes(), b';').filter_map(|field| {
        let text = std::str::from_utf8(field).ok()?;
        let untagged = text
            .split_once(" \"")
            .map_or(text, |(untagged, _)| untagged)
            .trim();
        (!untagged.is_empty()).then_some(untagged)
    });
    let all = fields.iter().all(|(name, ty)| {
        let Some(field) = found.next() else { return false };
        if name.is_empty() {
            return is_same(field, ty);
        }
        // Names that are not exported are written with their package.
        field.split_once(' ').is_some_and(|(found_name, found_type)| {
            found_name.rsplit('.').next() == Some(name) && is_same(found_type, ty)
        })
    });
    all && found.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        let cases = [
            ("go.shape.int", Some("int")),
            ("go.shape.int_0", Some("int")),
            (
                "go.shape.struct { main.a_1 int }",
                Some("struct { main.a_1 int }"),
            ),
            ("*uint8_0", Some("*uint8")),
            ("*uint8", None),
            ("main.T_1", None),
            ("int", None),
        ];
        for (argument, shape) in cases {
            assert_eq!(of_argument(argument), shape, "{argument}");
        }
        assert!(is_written("go.shape.int", "go.shape.int_0", "int"));
        assert!(!is_written("go.shape.int", "int", "int"));
        assert!(is_instance_for_types(b"main.(*Pair[string,int]).Set"));
        assert!(
            !is_instance_for_types(b"main.Map[go.shape.int]") && !is_instance_for_types(b"main.Map[...]")
        );
        assert!(is_hash(&"0f".repeat(32)) && !is_hash("int"));
    }

    #[test]
    fn structs() {
        let fields = [
            ("A".to_owned(), "int".to_owned()),
            (String::new(), "main.E".to_owned()),
        ];
        assert!(is_struct_of("struct { A int \"x;y\"; main.E }", &fields));
        assert!(is_struct_of("struct { main.A int; main.E }", &fields));
        assert!(!is_struct_of("struct { A int }", &fields));
        assert!(!is_struct_of("struct { A int; main.E; B int }", &fields));
    }
}
