//! Types as Go's source writes them: with the names of packages, not with their import paths.

use std::collections::HashMap;

use super::escapes::unescape;

/// Names of packages by import path, for those whose name is not the path's last element: `hclog` of
/// `github.com/hashicorp/go-hclog`.
pub(crate) type Packages = HashMap<String, String>;

/// The last element of an import path, which most packages are called.
#[must_use]
pub(crate) fn last_of_path(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What Go calls `any`.
const EMPTY_INTERFACE: &str = "interface {}";

/// Appends a type or function name, which is as the linker writes it: `*logical.StorageEntry`; `interface {}` becomes
/// `any`.
pub(crate) fn shorten_to(out: &mut String, name: &[u8], packages: &Packages) {
    let name = String::from_utf8_lossy(name);
    if name.is_ascii() && !name.bytes().any(|byte| matches!(byte, b'/' | b'%' | b'{')) {
        out.push_str(&name);
        return;
    }
    // A run of characters that no bracket or space ends is one name; struct tags are in quotes.
    let mut run = 0;
    let mut quoted = false;
    let mut escaped = false;
    for (at, character) in name.char_indices() {
        if quoted {
            out.push(character);
            quoted = escaped || character != '"';
            escaped = !escaped && character == '\\';
            run = at + character.len_utf8();
        } else if matches!(
            character,
            '"' | ' ' | '(' | ')' | '[' | ']' | '{' | '}' | ',' | '*' | ';' | '<' | '>'
        ) {
            quoted = character == '"';
            push_run(out, name.get(run..at).unwrap_or_default(), packages);
            out.push(character);
            if out.ends_with(EMPTY_INTERFACE) && starts_word(out, EMPTY_INTERFACE.len()) {
                out.truncate(out.len() - EMPTY_INTERFACE.len());
                out.push_str("any");
            }
            run = at + character.len_utf8();
        }
    }
    push_run(out, name.get(run..).unwrap_or_default(), packages);
}

/// Takes away the package of the receiver's type, which `from` begins.
pub(crate) fn unqualify(out: &mut String, from: usize) {
    let Some(written) = out.get(from..) else { return };
    let end = written.find(['[', ' ']).unwrap_or(written.len());
    let Some(dot) = written.get(..end).and_then(|name| name.rfind('.')) else {
        return;
    };
    let star = usize::from(written.starts_with('*'));
    let plain = written.get(dot + 1..).unwrap_or("").to_owned();
    out.truncate(from + star);
    out.push_str(&plain);
}

/// Appends a name with its package's name for the import path.
fn push_run(out: &mut String, run: &str, packages: &Packages) {
    let plain = run.trim_start_matches("...");
    out.push_str(run.get(..run.len() - plain.len()).unwrap_or_default());
    if !plain.contains(['/', '%']) {
        out.push_str(plain);
        return;
    }
    // The linker escapes dots in the path's last element, so that the first one ends it.
    let last = plain.rfind('/').map_or(0, |slash| slash + 1);
    let end = plain
        .get(last..)
        .and_then(|rest| rest.find('.'))
        .map_or(plain.len(), |dot| last + dot);
    let path = unescape(plain.get(..end).unwrap_or_default().as_bytes());
    match packages.get(path.as_ref()) {
        Some(name) => out.push_str(name),
        None => out.push_str(last_of_path(&path)),
    }
    out.push_str(plain.get(end..).unwrap_or_default());
}

/// Whether the last `length` bytes begin a word of their own.
fn starts_word(text: &str, length: usize) -> bool {
    text.len()
        .checked_sub(length)
        .and_then(|start| text.get(..start))
        .is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(name: &str) -> String {
        let mut out = String::new();
        let packages = Packages::from([("gopkg.in/yaml.v3".to_owned(), "yaml".to_owned())]);
        shorten_to(&mut out, name.as_bytes(), &packages);
        out
    }

    #[test]
    fn shortens() {
        assert_eq!(
            short("*github.com/a/b-c/logical.StorageEntry"),
            "*logical.StorageEntry"
        );
        assert_eq!(
            short("map[a/b.K]struct { X c/d.T \"json:\\\"a/b\\\"\" }"),
            "map[b.K]struct { X d.T \"json:\\\"a/b\\\"\" }"
        );
        assert_eq!(
            short("func(interface {}, ...a/b.T) (x/y.E, error)"),
            "func(any, ...b.T) (y.E, error)"
        );
        assert_eq!(short("gopkg.in/yaml%2ev3.Node"), "yaml.Node");
        assert_eq!(short("example.com/a%2eb.Node"), "a.b.Node");
        assert_eq!(
            short("a/b.Tree[go.shape.struct { c/d.x int }]"),
            "b.Tree[go.shape.struct { d.x int }]"
        );
    }
}
