//! Facts about the finished probes that decide what else a script needs.

use crate::bt::{self, Expr, Item, Probe, Stmt, visit};
use std::collections::BTreeSet;

/// Calls `f` with the map, the keys and the value of every store.
pub(super) fn each_store<'p>(items: &'p [Item], f: &mut dyn FnMut(&'p str, &'p [Expr], &'p Expr)) {
    visit::of_probes(bt::probes(items), &mut |statement| {
        if let Stmt::Store(map, keys, value) = statement {
            f(map, keys, value);
        }
    });
}

/// True if any probe stores under keys that it computes, of which there may be many.
pub(super) fn stores_under_keys(items: &[Item]) -> bool {
    let mut found = false;
    each_store(items, &mut |_, keys, _| {
        found |= keys.iter().any(|key| !matches!(key, Expr::Str(_)));
    });
    found
}

/// True if any probe stores under several keys, and one of them is read from a map that `begin` fills.
pub(super) fn takes_keys_from(items: &[Item], begin: &Probe) -> bool {
    let filled: BTreeSet<&str> = (begin.body.iter())
        .filter_map(|statement| match statement {
            Stmt::Store(map, ..) => Some(map.as_str()),
            _ => None,
        })
        .collect();
    let mut found = false;
    each_store(items, &mut |_, keys, _| {
        for key in keys.iter().filter(|_| keys.len() > 1) {
            visit::in_expression(key, &mut |e| {
                found |= matches!(e, Expr::Map(map, _) if filled.contains(map.as_str()));
            });
        }
    });
    found
}

/// True if any probe puts something into this map.
pub(super) fn stores_in(items: &[Item], map: &str) -> bool {
    let mut found = false;
    each_store(items, &mut |stored, _, _| found |= stored == map);
    found
}

/// The maps that text which is passed through stores in.
pub(super) fn maps_of_text(items: &[Item]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut look = |text: &str| {
        for (at, _) in text.match_indices('@') {
            let rest = text.get(at + 1..).unwrap_or_default();
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            if !name.is_empty() && is_stored(after) {
                found.insert(name.to_owned());
            }
        }
    };
    for item in items {
        if let Item::Raw(text) = item {
            look(text);
        }
    }
    visit::of_probes(bt::probes(items), &mut |statement| {
        if let Stmt::Raw(text) = statement {
            look(text);
        }
    });
    found
}

/// What stands behind a map's name is a store: ` = …`, `[…] = …`, `++`, ` += …`.
fn is_stored(after: &str) -> bool {
    let mut depth = 0u32;
    let behind = after.find(|c: char| {
        match c {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && !c.is_whitespace() && !matches!(c, ']' | ')')
    });
    let rest = behind.and_then(|at| after.get(at..)).unwrap_or_default();
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some('='), Some(next)) => next != '=',
        (Some('+' | '-'), Some('+' | '-' | '=')) => true,
        (Some('*' | '/' | '%' | '|' | '&' | '^'), Some('=')) => true,
        _ => false,
    }
}

/// True if any probe reads text.
pub(super) fn reads_text(items: &[Item]) -> bool {
    any(
        items,
        |e| matches!(e, Expr::Call("str" | "buf", _)),
        |raw| raw.contains("str("),
    )
}

/// True if any probe shows functions by their names.
pub(super) fn shows_names(items: &[Item]) -> bool {
    any(
        items,
        |e| matches!(e, Expr::Call("ustack" | "usym", _) | Expr::Builtin("ustack")),
        |raw| raw.contains("ustack") || raw.contains("usym"),
    )
}

/// True if any probe gathers what its lines show.
pub(super) fn gathers(items: &[Item]) -> bool {
    has(items, |e| matches!(e, Expr::Element(..)))
}

/// True if any probe prints lines.
pub(super) fn prints(items: &[Item]) -> bool {
    any(
        items,
        |e| matches!(e, Expr::Call("printf", _)),
        |raw| raw.contains("print"),
    )
}

/// True if any probe reads the map `name`.
pub(super) fn reads_map(items: &[Item], name: &str) -> bool {
    let read = format!("@{name}[");
    any(
        items,
        |e| matches!(e, Expr::Map(map, _) if map == name),
        |raw| raw.contains(&read),
    )
}

/// True if `is_meant` is true of any expression of any probe, other than text passed through.
pub(super) fn has(items: &[Item], is_meant: impl Fn(&Expr) -> bool) -> bool {
    any(items, is_meant, |_| false)
}

/// True if `in_expr` is true of any expression of any probe, or `in_text` of any text that is passed through.
fn any(items: &[Item], in_expr: impl Fn(&Expr) -> bool, in_text: impl Fn(&str) -> bool) -> bool {
    let mut found = items
        .iter()
        .any(|item| matches!(item, Item::Raw(text) if in_text(text)));
    visit::of_probes(bt::probes(items), &mut |statement| {
        if let Stmt::Raw(text) = statement {
            found |= in_text(text);
        }
        statement.each_operand(&mut |operand| {
            visit::in_expression(operand, &mut |e| {
                found |= match e {
                    Expr::Raw(text) => in_text(text),
                    e => in_expr(e),
                };
            });
        });
    });
    found
}

#[cfg(test)]
mod tests {
    use super::maps_of_text;
    use crate::bt::Item;

    #[test]
    fn stores_of_text_are_found() {
        let text = "BEGIN { @a = 1; @b[1, f(2)] = count(); @c++; @d[pid] += 2; if (@e == 1 || @f[2] == 3) { print(@g); } }";
        let found = maps_of_text(&[Item::Raw(text.to_owned())]);
        let found: Vec<_> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["a", "b", "c", "d"]);
    }
}
