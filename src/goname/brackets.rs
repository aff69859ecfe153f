//! Brackets, braces, parentheses and quotes within a name: dots, commas and semicolons inside of them do not separate
//! parts of the name. Tags of struct fields are in quotes, and may have brackets in them.

/// The parts before and after the first dot outside of brackets and quotes.
#[must_use]
pub(crate) fn before_dot(text: &str) -> Option<(&str, &str)> {
    let dot = outside(text.as_bytes(), b'.').next()?;
    Some((text.get(..dot)?, text.get(dot + 1..)?))
}

/// Where the last dot is that is not between `[` and `]`.
#[must_use]
pub(crate) fn last_dot(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut bytes = text.bytes().enumerate().rev();
    bytes.find_map(|(at, byte)| match byte {
        b']' => {
            depth += 1;
            None
        }
        b'[' => {
            depth = depth.saturating_sub(1);
            None
        }
        b'.' if depth == 0 => Some(at),
        _ => None,
    })
}

/// For every `[` of a name, where its `]` is.
#[must_use]
pub(crate) fn closings(name: &[u8]) -> Vec<Option<usize>> {
    let mut closings = vec![None; name.len()];
    let mut open = Vec::new();
    let mut bytes = name.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            b'[' => open.push(at),
            b']' => {
                if let Some(slot) = open.pop().and_then(|from| closings.get_mut(from)) {
                    *slot = Some(at);
                }
            }
            b'"' if !open.is_empty() => skip_quoted(&mut bytes),
            _ => {}
        }
    }
    closings
}

/// Length of the group in brackets that `text` begins with, the brackets too; nothing if it begins with none, or does
/// not end.
#[must_use]
pub(crate) fn group(text: &[u8]) -> Option<usize> {
    if text.first() != Some(&b'[') {
        return None;
    }
    let mut depth = 0_usize;
    let mut bytes = text.iter().enumerate();
    while let Some((at, &byte)) = bytes.next() {
        match byte {
            b'[' => depth += 1,
            b']' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => skip_quoted(&mut bytes),
            _ => {}
        }
    }
    None
}

/// The parts of a list between `separator`s that are in no bracket, brace, parenthesis or quote: type arguments at
/// commas, a struct's fields at semicolons.
pub(crate) fn split(list: &[u8], separator: u8) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(list);
    std::iter::from_fn(move || {
        let text = rest?;
        match outside(text, separator).next() {
            Some(at) => {
                rest = text.get(at + 1..);
                text.get(..at)
            }
            None => {
                rest = None;
                Some(text)
            }
        }
    })
}

/// A name with `[...]` for what is between the first `[` and the last `]`, as Go prints it in stack traces; nothing if
/// it has no such.
#[must_use]
pub(crate) fn with_any_arguments(name: &[u8]) -> Option<Vec<u8>> {
    let (open, close) = (memchr::memchr(b'[', name)?, memchr::memrchr(b']', name)?);
    if open >= close {
        return None;
    }
    let parts = [name.get(..open)?, b"[...]", name.get(close + 1..)?];
    Some(parts.concat())
}

/// Where `wanted` is, outside of brackets, braces, parentheses and quotes.
fn outside(text: &[u8], wanted: u8) -> impl Iterator<Item = usize> {
    let mut depth = 0_usize;
    let mut bytes = text.iter().enumerate();
    std::iter::from_fn(move || {
        while let Some((at, &byte)) = bytes.next() {
            match byte {
                b'[' | b'(' | b'{' => depth += 1,
                b']' | b')' | b'}' => depth = depth.saturating_sub(1),
                b'"' => skip_quoted(&mut bytes),
                byte if byte == wanted && depth == 0 => return Some(at),
                _ => {}
            }
        }
        None
    })
}

/// Goes on behind the closing quote.
fn skip_quoted<'a>(bytes: &mut impl Iterator<Item = (usize, &'a u8)>) {
    while let Some((_, &byte)) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_lists() {
        assert_eq!(before_dot("(*T[a.B]).M.f"), Some(("(*T[a.B])", "M.f")));
        assert_eq!(
            before_dot("struct { A int \"a.b\" }.M"),
            Some(("struct { A int \"a.b\" }", "M"))
        );
        assert_eq!(before_dot("F[a.B]"), None);
        assert_eq!(last_dot("a.T[b.C].M"), Some(8));
        assert_eq!(last_dot("T[b.C]"), None);
        let parts: Vec<_> = split(b"int,map[a]b,func(x, y),struct { A int \",\" }", b',').collect();
        assert_eq!(
            parts,
            [&b"int"[..], b"map[a]b", b"func(x, y)", b"struct { A int \",\" }"]
        );
        assert_eq!(split(b"", b',').collect::<Vec<_>>(), [b""]);
    }

    #[test]
    fn groups() {
        assert_eq!(group(b"[int,[]T].x"), Some(9));
        assert_eq!(group(b"[struct { A int \"]\" }]"), Some(22));
        assert_eq!(group(b"[int"), None);
        assert_eq!(group(b"x[int]"), None);
        assert_eq!(
            closings(b"a[b[c]]"),
            [None, Some(6), None, Some(5), None, None, None]
        );
        assert_eq!(
            with_any_arguments(b"main.(*T[int]).M").unwrap(),
            b"main.(*T[...]).M"
        );
        assert_eq!(with_any_arguments(b"main.]T["), None);
    }
}
