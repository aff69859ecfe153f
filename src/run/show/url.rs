//! URLs, as Go's `url.URL.String` prints them (`src/net/url/url.go`).

use super::text::CUT;

/// A text, as much as was read of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Read {
    pub bytes: Vec<u8>,
    /// There is more of it.
    pub is_cut: bool,
}

/// The fields of a `url.URL`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Url {
    pub scheme: Vec<u8>,
    pub opaque: Vec<u8>,
    /// Name and password, if there are such.
    pub user: Option<(Read, Option<Read>)>,
    pub host: Read,
    pub path: Read,
    pub raw_path: Read,
    pub force_query: bool,
    /// Since Go 1.19.
    pub omit_host: bool,
    pub raw_query: Vec<u8>,
    pub fragment: Read,
    pub raw_fragment: Read,
    /// Two slashes that a path without a host begins with are told apart from a host: since Go 1.27.
    pub escapes_slash: bool,
}

/// What is escaped depends on the part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    Host,
    User,
    Fragment,
}

impl Url {
    /// The whole.
    pub(crate) fn shown(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_host_and_path(&mut out);
        } else {
            out.extend(&self.opaque);
        }
        if self.force_query || !self.raw_query.is_empty() {
            out.push(b'?');
            out.extend(&self.raw_query);
        }
        if !self.fragment.bytes.is_empty() {
            out.push(b'#');
            out.extend(escaped_as(&self.fragment, &self.raw_fragment, Part::Fragment));
        }
        out
    }

    fn write_host_and_path(&self, out: &mut Vec<u8>) {
        let is_empty = self.host.bytes.is_empty() && self.user.is_none();
        let is_omitted = self.omit_host && is_empty;
        if (!self.scheme.is_empty() || !is_empty) && !is_omitted {
            if !is_empty || !self.path.bytes.is_empty() {
                out.extend(b"//");
            }
            if let Some((name, password)) = &self.user {
                out.extend(escaped(name, Part::User));
                if let Some(password) = password {
                    out.push(b':');
                    out.extend(escaped(password, Part::User));
                }
                out.push(b'@');
            }
            out.extend(escaped(&self.host, Part::Host));
        }
        let path = escaped_as(&self.path, &self.raw_path, Part::Path);
        let mut path = path.as_slice();
        if is_omitted && self.escapes_slash && path.starts_with(b"//") {
            out.extend(b"%2F");
            path = path.get(1..).unwrap_or_default();
        }
        if !self.host.bytes.is_empty() && path.first().is_some_and(|first| *first != b'/') {
            out.push(b'/');
        }
        // It would be taken for a scheme.
        let first = path.split(|byte| *byte == b'/').next().unwrap_or_default();
        if out.is_empty() && first.contains(&b':') {
            out.extend(b"./");
        }
        out.extend(path);
    }
}

/// A text as it was written, if that is a way to write it; else escaped.
fn escaped_as(text: &Read, raw: &Read, part: Part) -> Vec<u8> {
    let is_allowed = |byte: &u8| b"!$&'()*+,;=:@[]%".contains(byte) || !is_escaped(*byte, part);
    let is_same = |unescaped: Vec<u8>| match text.is_cut || raw.is_cut {
        true => unescaped.starts_with(&text.bytes) || text.bytes.starts_with(&unescaped),
        false => unescaped == text.bytes,
    };
    let is_way = !raw.bytes.is_empty() && raw.bytes.iter().all(is_allowed);
    if is_way && unescaped(raw).is_some_and(is_same) {
        return marked(raw.bytes.clone(), raw);
    }
    match text.bytes.as_slice() {
        b"*" if part == Part::Path => b"*".to_vec(),
        _ => escaped(text, part),
    }
}

/// The mark is not escaped.
fn marked(mut out: Vec<u8>, of: &Read) -> Vec<u8> {
    if of.is_cut {
        out.extend(CUT.bytes());
    }
    out
}

fn escaped(text: &Read, part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.bytes.len());
    for byte in &text.bytes {
        match is_escaped(*byte, part) {
            true => out.extend(format!("%{byte:02X}").into_bytes()),
            false => out.push(*byte),
        }
    }
    marked(out, text)
}

fn is_escaped(byte: u8, part: Part) -> bool {
    let others: &[u8] = match part {
        Part::Path => b"-_.~$&+,/:;=@",
        Part::Host => b"-_.~!$&'()*+,;=:[]<>\"",
        Part::User => b"-_.~$&+,;=",
        Part::Fragment => b"-_.~$&+,/:;=?@!()*",
    };
    !byte.is_ascii_alphanumeric() && !others.contains(&byte)
}

/// None if something is no escape; of a text that is cut the last one may be.
fn unescaped(text: &Read) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.bytes.len());
    let mut rest = text.bytes.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            out.push(*byte);
            continue;
        }
        let mut digit = || char::from(*rest.next()?).to_digit(16);
        match digit().zip(digit()) {
            Some((high, low)) => out.push(u8::try_from(high * 16 + low).ok()?),
            None if text.is_cut && rest.len() == 0 => break,
            None => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{Part, Read, Url, escaped_as};

    fn read(text: &str) -> Read {
        Read {
            bytes: text.into(),
            is_cut: false,
        }
    }

    fn url(host: &str, path: &str) -> Url {
        Url {
            host: read(host),
            path: read(path),
            ..Url::default()
        }
    }

    #[test]
    fn parts_that_are_not_there() {
        assert_eq!(url("", "").shown(), b"");
        assert_eq!(url("a", "").shown(), b"//a");
        assert_eq!(url("a", "b c").shown(), b"//a/b%20c");
        assert_eq!(url("", "a:b").shown(), b"./a:b");
        assert_eq!(url("", "*").shown(), b"*");
    }

    #[test]
    fn paths_as_they_were_written() {
        let said = |text: &str, raw: &str| escaped_as(&read(text), &read(raw), Part::Path);
        assert_eq!(said("/a/b", "/a%2fb"), b"/a%2fb");
        assert_eq!(said("/a/b", "/a%2"), b"/a/b");
        assert_eq!(said("/a/c", "/a%2fb"), b"/a/c");
    }

    #[test]
    fn texts_that_are_cut() {
        let cut = |text: &str| Read {
            is_cut: true,
            ..read(text)
        };
        assert_eq!(
            escaped_as(&cut("/a b"), &read(""), Part::Path),
            "/a%20b…".as_bytes()
        );
        assert_eq!(
            escaped_as(&cut("/a/bc"), &cut("/a%2fb%"), Part::Path),
            "/a%2fb%…".as_bytes()
        );
    }
}
