//! The parts of a function's name: package, receiver, and the rest; and the meaning of the suffixes that the compiler
//! appends.

use super::brackets::{self, before_dot, last_dot};
use super::escapes;

/// The suffix of a method value's wrapper.
const METHOD_VALUE: &str = "-fm";
/// The part before the number in the name of a range-over-func body.
const LOOP_BODY: &str = "-range";

/// A function's name in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FunctionName<'n> {
    /// The import path; empty for functions that the compiler makes for types (`type:.eq.…`).
    pub package: &'n str,
    /// The type it is a method of, by the form of the name alone: `f.func1` looks like one.
    pub receiver: Option<Receiver<'n>>,
    /// What follows the package and the receiver.
    pub base: &'n str,
    /// A method value's wrapper: the receiver is in the closure.
    pub method_value: bool,
}

/// The receiver in a method's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Receiver<'n> {
    /// `(*T)` rather than `T`.
    pub pointer: bool,
    /// `T`, with its type arguments.
    pub name: &'n str,
}

impl Receiver<'_> {
    /// Whether this, as the linker writes it, is the receiver's type.
    pub(crate) fn has_type(&self, package: &str, name: &[u8]) -> bool {
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
    pub(crate) fn type_name(&self, package: &str) -> String {
        let dot = if package.is_empty() { "" } else { "." };
        format!(
            "{}{package}{dot}{}",
            if self.pointer { "*" } else { "" },
            self.name
        )
    }
}

/// Splits a function's name as the linker writes it.
#[must_use]
pub(crate) fn split(name: &str) -> FunctionName<'_> {
    let (plain, method_value) = match name.strip_suffix(METHOD_VALUE) {
        Some(plain) => (plain, true),
        None => (name, false),
    };
    let whole = FunctionName {
        package: "",
        receiver: None,
        base: plain,
        method_value,
    };
    // A method of a type without a name, promoted from a field.
    if let Some(rest) = plain.strip_prefix("go.").or_else(|| plain.strip_prefix("go:"))
        && (rest.starts_with("(*struct {") || rest.starts_with("struct {"))
        && let Some((receiver, base)) = receiver(rest)
    {
        return FunctionName {
            receiver: Some(receiver),
            base,
            ..whole
        };
    }
    let Some(dot) = package_end(plain.as_bytes()) else {
        return whole;
    };
    let (Some(package), Some(rest)) = (plain.get(..dot), plain.get(dot + 1..)) else {
        return whole;
    };
    let function = FunctionName {
        package,
        receiver: None,
        base: rest,
        method_value,
    };
    match receiver(rest) {
        Some((receiver, base)) => FunctionName {
            receiver: Some(receiver),
            base,
            ..function
        },
        None => function,
    }
}

/// Splits `(*T).M` or `T.M`.
fn receiver(name: &str) -> Option<(Receiver<'_>, &str)> {
    let (first, base) = before_dot(name)?;
    let (pointer, name) = match first.strip_prefix("(*").and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => (false, first),
    };
    let odd = name.is_empty() || name.starts_with('(') || base.is_empty() || base.contains('-');
    (!odd && before_dot(base).is_none()).then_some((Receiver { pointer, name }, base))
}

/// The import path in a symbol's name as the linker spells it, escapes undone: `gopkg.in/yaml.v3` of
/// `gopkg.in/yaml%2ev3.Unmarshal`. Names of the compiler's making (`type:.eq.main.T`, `go:buildid`) have none.
#[must_use]
pub(crate) fn package(raw: &[u8]) -> String {
    escapes::text(raw_package(raw))
}

/// The same with its escapes.
fn raw_package(raw: &[u8]) -> &[u8] {
    let end = if is_of_nobody(raw) { None } else { package_end(raw) };
    end.and_then(|end| raw.get(..end)).unwrap_or_default()
}

/// Where the dot is that ends the import path, if there is one: the first behind the path's last slash. A slash in type
/// arguments is not of the package's own path.
fn package_end(raw: &[u8]) -> Option<usize> {
    let made = |begin: &[u8]| raw.starts_with(begin);
    if is_of_a_type(raw) || made(b"go:") {
        return None;
    }
    let path = raw
        .iter()
        .position(|byte| matches!(byte, b'[' | b'(' | b'{' | b' ' | b'"'))
        .and_then(|end| raw.get(..end))
        .unwrap_or(raw);
    let last = memchr::memrchr(b'/', path).map_or(0, |slash| slash + 1);
    if last == 0 && made(b"go.shape.") {
        return None;
    }
    Some(last + memchr::memchr(b'.', raw.get(last..)?)?)
}

/// Whether it is a method of a type without a name, promoted from a field.
fn is_of_nobody(raw: &[u8]) -> bool {
    raw.strip_prefix(b"go.")
        .is_some_and(|rest| rest.starts_with(b"(*struct {") || rest.starts_with(b"struct {"))
}

/// Whether the function is of the run time, some of which runs on a stack of its own without a user's goroutine. The
/// name is the programmer's spelling.
#[must_use]
pub(crate) fn is_of_runtime(name: &str) -> bool {
    let package = name.split(['(', '[']).next().unwrap_or(name);
    ["runtime.", "runtime/internal/", "internal/runtime/"]
        .iter()
        .any(|begin| package.starts_with(begin))
}

/// What the compiler makes for a type: `type:.eq.main.T`, up to Go 1.19 `type..eq.main.T`.
fn is_of_a_type(name: &[u8]) -> bool {
    name.starts_with(b"type:") || name.starts_with(b"type..")
}

/// Names made by the compiler and the linker, which users seldom want: `type:.eq.main.T`, `go:buildid`.
#[must_use]
pub(crate) fn is_generated(name: &str) -> bool {
    is_of_a_type(name.as_bytes()) || name.starts_with("go:")
}

/// Functions that call no function of the source: helpers for types, those of the run time, and the initialisation of a
/// package.
#[must_use]
pub(crate) fn calls_nobody(raw: &[u8]) -> bool {
    let own = raw.strip_prefix(raw_package(raw)).unwrap_or(raw);
    let initialises = |own: &[u8]| {
        own.strip_prefix(b".init")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
    };
    is_of_a_type(raw)
        || raw.starts_with(b"runtime.")
        || own.starts_with(b".glob.")
        || initialises(own.strip_prefix(b".map").unwrap_or(own))
}

/// What is before the last element of a function's name, and that element; dots in brackets separate nothing.
#[must_use]
pub(crate) fn last_element(name: &str) -> (&str, &str) {
    match last_dot(name) {
        Some(dot) => (
            name.get(..dot).unwrap_or_default(),
            name.get(dot + 1..).unwrap_or_default(),
        ),
        None => ("", name),
    }
}

/// An element without its type arguments.
#[must_use]
pub(crate) fn bare(element: &str) -> &str {
    element.split('[').next().unwrap_or(element)
}

/// The part of a name that the linker never escapes: that behind the last dot or slash.
#[must_use]
pub(crate) fn last_part(name: &str) -> &str {
    name.rsplit(['.', '/']).next().unwrap_or(name)
}

/// The last part of a function's name, without the mark of a method value.
#[must_use]
pub(crate) fn method(name: &str) -> &str {
    last_part(without_mark(name))
}

/// A name without the mark of a method value.
fn without_mark(name: &str) -> &str {
    name.strip_suffix(METHOD_VALUE).unwrap_or(name)
}

/// The name of an instantiation with `[...]` for the shapes of its type arguments, as a recipe names all of them.
pub(crate) fn with_any_arguments(name: &str) -> Option<String> {
    let shaped = name.contains("[go.shape.");
    let found = shaped.then(|| brackets::with_any_arguments(name.as_bytes()))??;
    String::from_utf8(found).ok()
}

/// The name of a function in the program's main package, which is named `main` whatever its path: `main.Serve` for
/// `example.com/app.Serve`. Nothing for a name without a package.
#[must_use]
pub(crate) fn as_of_main(name: &str) -> Option<String> {
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    let (_, own) = name.get(last..)?.split_once('.')?;
    Some(format!("main.{own}"))
}

/// The name of the method `method` of the type `ty`, `main.T` or `*main.T`; nothing for a type without a package.
#[must_use]
pub(crate) fn of_method(ty: &str, method: &str) -> Option<String> {
    let (star, named) = match ty.strip_prefix('*') {
        Some(named) => (true, named),
        None => (false, ty),
    };
    let (package, name) = named.rsplit_once('.')?;
    Some(if star {
        format!("{package}.(*{name}).{method}")
    } else {
        format!("{package}.{name}.{method}")
    })
}

/// Whether it is named after the place where another is started or deferred: `main.f.gowrap1`, in Go 1.17
/// `main.f·dwrap·1`, before 1.22 like any closure.
#[must_use]
pub(crate) fn starts_another(name: &str) -> bool {
    let last = method(name);
    ["gowrap", "deferwrap", "func"]
        .iter()
        .any(|word| last.starts_with(word))
        || name.contains("dwrap")
        || last.bytes().all(|byte| byte.is_ascii_digit())
}

/// True if both are the same method of one type, or of a type and the pointer to it.
#[must_use]
pub(crate) fn is_same_method(a: &str, b: &str) -> bool {
    let plain = |name: &str| -> String {
        without_mark(name)
            .chars()
            .filter(|c| !matches!(c, '(' | '*' | ')'))
            .collect()
    };
    plain(a) == plain(b)
}

/// The name of the function whose loop over a function has this one for its body
/// (`src/cmd/compile/internal/rangefunc/rewrite.go`).
#[must_use]
pub(crate) fn looping(body: &[u8]) -> Option<&[u8]> {
    body.get(..memchr::memmem::find(body, LOOP_BODY.as_bytes())?)
}

/// Whether the name is of code that one shape of type arguments shares, which takes a dictionary as a hidden argument.
/// Closures within such code find it in their closure object.
pub(crate) fn takes_dictionary(parts: &FunctionName<'_>) -> bool {
    if parts.package.is_empty() || parts.method_value {
        return false;
    }
    match parts.receiver {
        // Only `F[…]` and `T[…].M`, not `F[…].func1`: the caller has made sure that it is a method.
        Some(receiver) => receiver.name.contains("[go.shape.") && receiver.name.ends_with(']'),
        None => {
            parts.base.contains("[go.shape.") && parts.base.ends_with(']') && before_dot(parts.base).is_none()
        }
    }
}

/// Whether the function is the body of a loop over a function, `F-range1`, and not a closure within one.
pub(crate) fn is_loop_body(base: &str) -> bool {
    base.rsplit_once(LOOP_BODY)
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
            ("go.shape.int", ""),
            ("go.shape.io/x.F", "go.shape.io/x"),
            ("go.(*struct { io.Reader }).Read", ""),
            ("main.F[struct { A b/c.D }]", "main"),
        ];
        for (raw, wanted) in cases {
            assert_eq!(package(raw.as_bytes()), *wanted, "{raw}");
        }
    }

    #[test]
    fn names_of_wrappers() {
        assert_eq!(method("main.(*T).Get-fm"), "Get");
        assert!(is_same_method("main.(*T).Get", "main.T.Get"));
        assert!(is_same_method("main.T.Get-fm", "main.T.Get"));
        assert!(!is_same_method("main.holder.Get", "main.(*T).Get"));
        for name in [
            "main.main.gowrap1",
            "main.main.deferwrap2",
            "main.main.func1",
            "main.main.dwrap.1",
        ] {
            assert!(starts_another(name), "{name}");
        }
        assert!(!starts_another("main.(*T).Get"));
    }

    #[test]
    fn elements() {
        let cases = [
            ("main.f", ("main", "f")),
            ("a/b.(*T).M", ("a/b.(*T)", "M")),
            ("main.Map[a/b.T]", ("main", "Map[a/b.T]")),
            ("main.T[a.B].M", ("main.T[a.B]", "M")),
            ("main", ("", "main")),
        ];
        for (name, wanted) in cases {
            assert_eq!(last_element(name), wanted);
        }
        assert_eq!(bare("Map[go.shape.int]"), "Map");
        assert_eq!(of_method("*main.T", "Get").unwrap(), "main.(*T).Get");
        assert_eq!(of_method("fs.Mode", "String").unwrap(), "fs.Mode.String");
        assert_eq!(of_method("int", "String"), None);
        assert_eq!(as_of_main("example.com/app.Serve").unwrap(), "main.Serve");
        assert_eq!(as_of_main("Serve"), None);
    }

    #[test]
    fn what_nobody_wrote() {
        for name in [
            "type:.eq.main.T",
            "type..hash.main.T",
            "runtime.gopanic",
            "main.init",
            "main.init.0",
            "gopkg.in/yaml%2ev3.init",
            "main.map.init.0",
            "main.glob..func1",
        ] {
            assert!(calls_nobody(name.as_bytes()), "{name}");
        }
        for name in [
            "main.f",
            "main.initial.Get",
            "main.(*T).init",
            "gopkg.in/yaml%2ev3.Unmarshal",
            "runtime/debug.Stack",
        ] {
            assert!(!calls_nobody(name.as_bytes()), "{name}");
        }
        assert!(is_generated("go:buildid") && !is_generated("main.f"));
        assert!(is_of_runtime("runtime.gopark") && is_of_runtime("internal/runtime/maps.(*Map).Used"));
        assert!(!is_of_runtime("runtime/debug.Stack") && !is_of_runtime("main.f[runtime.g]"));
        assert_eq!(looping(b"main.F-range1.func2"), Some(&b"main.F"[..]));
    }
}
