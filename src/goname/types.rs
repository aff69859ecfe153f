//! Names of types, and the ways to write one: `[]byte` and `[]uint8`, `interface{}` and `any`, `struct{X int}` and
//! `struct { X int }`.

/// The first elements of import paths of Go's standard library.
const STANDARD: &[&str] = &[
    "archive",
    "bufio",
    "bytes",
    "cmp",
    "compress",
    "container",
    "context",
    "crypto",
    "database",
    "debug",
    "embed",
    "encoding",
    "errors",
    "expvar",
    "flag",
    "fmt",
    "go",
    "hash",
    "html",
    "image",
    "index",
    "internal",
    "io",
    "iter",
    "log",
    "maps",
    "math",
    "mime",
    "net",
    "os",
    "path",
    "plugin",
    "reflect",
    "regexp",
    "runtime",
    "slices",
    "sort",
    "strconv",
    "strings",
    "structs",
    "sync",
    "syscall",
    "testing",
    "text",
    "time",
    "unicode",
    "unique",
    "unsafe",
    "uuid",
    "vendor",
    "weak",
];

/// The normal form of a type's name: two spellings of one type have the same. It has no optional spaces, and each
/// predeclared type has its first name.
#[must_use]
pub(crate) fn key(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name.trim();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => quoted(rest),
            c if in_word(c) => rest.find(|c| !in_word(c)).unwrap_or(rest.len()),
            c if c.is_whitespace() => rest.find(|c: char| !c.is_whitespace()).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (part, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = behind;
        if first.is_whitespace() {
            let needed = out.ends_with(in_word) && rest.starts_with(in_word);
            out.push_str(if needed { " " } else { "" });
            continue;
        }
        // Only alone: `main.any` is somebody's own type.
        let alone = !out.ends_with(['.', '/', '-']) && !rest.starts_with(['.', '/', '-']);
        out.push_str(match part {
            "byte" if alone => "uint8",
            "rune" if alone => "int32",
            "any" if alone => "interface{}",
            other => other,
        });
    }
    out
}

/// The name with every import path cut to its last element: `*example.com/x/v1.Pod` is `*v1.Pod`.
#[must_use]
pub(crate) fn short(name: &str) -> String {
    let in_path = |c: char| in_word(c) || matches!(c, '.' | '/' | '-' | '~' | '+' | '%');
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => quoted(rest),
            c if in_path(c) => rest.find(|c| !in_path(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (part, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = behind;
        let quoted = first == '"';
        out.push_str(if quoted {
            part
        } else {
            part.rsplit('/').next().unwrap_or(part)
        });
    }
    out
}

/// The name of a generic type's instantiation with `[...]` for its type arguments: `*main.Pair[...]`. Nothing for other
/// types.
#[must_use]
pub(crate) fn of_any_arguments(name: &str) -> Option<String> {
    let mut out = String::with_capacity(name.len());
    let mut found = false;
    let mut rest = name;
    while let Some(open) = rest.find('[') {
        let (before, inside) = rest.split_at_checked(open)?;
        out.push_str(before);
        let generic = out.ends_with(in_word) && !ends_in_map(&out);
        let end = if generic { closing(inside) + 1 } else { 1 };
        out.push_str(if generic { "[...]" } else { "[" });
        found |= generic;
        rest = inside.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The last element of a type's name, without what is made of it and without type arguments: `Pod` of `[]*v1.Pod`,
/// `Pair` of `main.Pair[int,string]`.
#[must_use]
pub(crate) fn last_word(name: &str) -> &str {
    let plain = name.trim_start_matches(['*', '[', ']', ' ']);
    let plain = plain.split('[').next().unwrap_or(plain);
    plain.rsplit(['.', '/']).next().unwrap_or(plain)
}

/// A predeclared type's other name resolved.
#[must_use]
pub(crate) fn canonical(name: &str) -> &str {
    match name {
        "byte" => "uint8",
        "rune" => "int32",
        "any" => "interface {}",
        other => other,
    }
}

/// A type that is spelled out rather than named.
#[must_use]
pub(crate) fn is_composite(name: &str) -> bool {
    [
        "[",
        "*",
        "map[",
        "chan ",
        "chan<-",
        "<-chan",
        "func(",
        "struct",
        "interface",
    ]
    .iter()
    .any(|begin| name.starts_with(begin))
}

/// Two spellings of one type: white space does not count, nor does `byte` for `uint8` on its own or as an element.
#[must_use]
pub(crate) fn is_same(left: &str, right: &str) -> bool {
    let (left, right) = (canonical(left), canonical(right));
    let solid = |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace()).collect() };
    if left == right {
        return true;
    }
    match (left.strip_prefix("[]"), right.strip_prefix("[]")) {
        (Some(left), Some(right)) => is_same(left, right),
        _ => match (left.strip_prefix('*'), right.strip_prefix('*')) {
            (Some(left), Some(right)) => is_same(left, right),
            _ => left.len().abs_diff(right.len()) <= 64 && solid(left) == solid(right),
        },
    }
}

/// Whether a named type, or a pointer to one, is neither predeclared nor of Go's standard library.
#[must_use]
pub(crate) fn is_of_a_module(name: &str) -> bool {
    let path = name.trim_start_matches('*');
    let root = path.split(['/', '.']).next().unwrap_or(path);
    path.contains('.') && !STANDARD.contains(&root)
}

/// A type's name for an identifier: without import path and type arguments, `logical.StorageEntry` of
/// `github.com/hashicorp/vault/sdk/logical.StorageEntry`; nothing for a type without a name.
#[must_use]
pub(crate) fn of_one_word(name: &str) -> Option<&str> {
    let base = name.split('[').next().unwrap_or(name);
    let short = base.rsplit('/').next().unwrap_or(base);
    (!short.is_empty() && !base.starts_with("struct {")).then_some(short)
}

/// Whether a type with a name is of the program's own package.
#[must_use]
pub(crate) fn is_of_main(name: &str) -> bool {
    name.starts_with("main.")
}

/// The type with a name of its own that Go prints as `fs.PathError`, with its package's whole import path, `io/fs`.
#[must_use]
pub(crate) fn in_package(printed: &str, package: &str) -> Option<String> {
    let (_, own) = printed.split_once('.')?;
    Some(format!("{package}.{own}"))
}

/// `*T` for `T`, and `T` for `*T`.
#[must_use]
pub(crate) fn pointer_or_value(name: &str) -> String {
    match name.strip_prefix('*') {
        Some(value) => value.to_owned(),
        None => format!("*{name}"),
    }
}

/// Whether a type has a name of its own: `main.T`, not `[]main.T` or `int`.
#[must_use]
pub(crate) fn is_named(name: &str) -> bool {
    name.contains('.') && name.starts_with(char::is_alphanumeric)
}

fn ends_in_map(text: &str) -> bool {
    text.strip_suffix("map")
        .is_some_and(|before| !before.ends_with(|c| in_word(c) || c == '.'))
}

/// Where the bracket closes that `text` begins with, or its end.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' if depth == 1 => return at,
            ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '·'
}

/// Length of the text in quotes that `text` begins with.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generics() {
        let open = |name| of_any_arguments(name);
        assert_eq!(open("*main.Pair[int,map[string]int]").unwrap(), "*main.Pair[...]");
        assert_eq!(open("map[string]main.T[int]").unwrap(), "map[string]main.T[...]");
        assert_eq!(open("[]main.T[[]int]").unwrap(), "[]main.T[...]");
        assert_eq!(open("main.T[...]").unwrap(), "main.T[...]");
        assert_eq!(open("main.map[int]").unwrap(), "main.map[...]");
        assert_eq!(open("map[string][]int"), None);
        assert_eq!(open("main.T[int"), Some("main.T[...]".into()));
        assert_eq!(last_word("*example.com/x/v1.Pod"), "Pod");
        assert_eq!(last_word("main.Pair[int,a/b.C]"), "Pair");
        assert_eq!(of_one_word("a/b/logical.Entry[a/c.T]").unwrap(), "logical.Entry");
        assert_eq!(of_one_word("struct { a/b.T }"), None);
        assert_eq!(in_package("fs.Mode", "io/fs").unwrap(), "io/fs.Mode");
        assert_eq!(
            (pointer_or_value("a.T"), pointer_or_value("*a.T")),
            ("*a.T".into(), "a.T".into())
        );
        assert!(is_of_main("main.T") && !is_of_main("domain.T"));
        assert!(is_named("a/b.T") && !is_named("[]a/b.T") && !is_named("int"));
        assert!(is_of_a_module("*main.T") && !is_of_a_module("*net/http.Server") && !is_of_a_module("int"));
    }

    #[test]
    fn one_name_in_several_spellings() {
        for (a, b) in [
            ("[]byte", "[]uint8"),
            ("map[ string ]rune", "map[string]int32"),
            (
                "struct{X int;Y string \"a b\"}",
                "struct { X int; Y string \"a b\" }",
            ),
            ("func(int,  string) error", "func(int, string) error"),
            ("any", "interface {}"),
            ("interface{}", "interface {}"),
            ("main.Pair[int, string]", "main.Pair[int,string]"),
            ("struct{}", "struct {}"),
            ("*main.T[any]", "*main.T[interface {}]"),
        ] {
            assert_eq!(key(a), key(b));
        }
        for (a, b) in [
            ("main.byte", "main.uint8"),
            ("main.any", "main.interface {}"),
            ("chan int", "chanint"),
            ("struct { X int \"a b\" }", "struct { X int \"ab\" }"),
            ("any.T", "interface {}.T"),
            ("byte-x/v.T", "uint8-x/v.T"),
        ] {
            assert_ne!(key(a), key(b));
        }
        assert_eq!(key("\"open"), "\"open");
    }

    #[test]
    fn short_paths() {
        assert_eq!(short("*example.com/x/v1.Pod"), "*v1.Pod");
        assert_eq!(short("map[a/b.K][]c-d/e~f.V"), "map[b.K][]e~f.V");
        assert_eq!(short("main.Pair[int,a/b.T]"), "main.Pair[int,b.T]");
        assert_eq!(short("struct { X a/b.T \"a/b\" }"), "struct { X b.T \"a/b\" }");
    }
}
