//! The fields of a record, as they were written.

use crate::plan::record::{Field, FieldKind};

/// A field that was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Value {
    Number(u64),
    Bytes(Vec<u8>),
    Stack(Vec<u64>),
    Text(String),
}

/// The fields of one record.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields(pub(crate) Vec<Value>);

impl Fields {
    /// Reads fields of these kinds.
    pub(crate) fn read<'t>(kinds: &[FieldKind], mut texts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let mut values = Vec::with_capacity(kinds.len());
        for kind in kinds {
            values.push(value(*kind, texts.next()?)?);
        }
        Some(Self(values))
    }

    pub(crate) fn number(&self, field: Field) -> u64 {
        match self.0.get(field) {
            Some(Value::Number(n)) => *n,
            _ => 0,
        }
    }

    pub(crate) fn bytes(&self, field: Field) -> &[u8] {
        match self.0.get(field) {
            Some(Value::Bytes(bytes)) => bytes,
            _ => &[],
        }
    }

    pub(crate) fn stack(&self, field: Field) -> &[u64] {
        match self.0.get(field) {
            Some(Value::Stack(addresses)) => addresses,
            _ => &[],
        }
    }

    pub(crate) fn text(&self, field: Field) -> &str {
        match self.0.get(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }
}

/// One field.
pub(crate) fn value(kind: FieldKind, text: &str) -> Option<Value> {
    Some(match kind {
        FieldKind::Number => Value::Number(number(text)?),
        FieldKind::Bytes => Value::Bytes(bytes(text)?),
        FieldKind::Stack => Value::Stack(stack(text)),
        FieldKind::Text => Value::Text(text.to_owned()),
    })
}

/// A number of a record.
pub(crate) fn number(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok()
}

/// Pairs of digits.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    };
    let mut out = Vec::with_capacity(text.len().div_ceil(3));
    let mut rest = text.as_bytes();
    while let [high, low, after @ ..] = rest {
        out.push(digit(*high)? << 4 | digit(*low)?);
        rest = match after {
            [b' ', after @ ..] => after,
            [] => after,
            _ => return None,
        };
    }
    rest.is_empty().then_some(out)
}

/// The parts of a map's key, between commas.
pub(crate) struct Parts<'t> {
    rest: Option<&'t str>,
}

impl<'t> Parts<'t> {
    pub(crate) fn of(key: &'t str) -> Self {
        Self { rest: Some(key) }
    }

    /// The next part, which is a stack: it ends with a line, and names in it may have commas.
    pub(crate) fn stack(&mut self) -> Option<&'t str> {
        let rest = self.rest?;
        // 0.23 escapes ends of lines twice.
        let ends = ["\n,", "\\n,"].map(|end| Some(rest.find(end)? + end.len() - 1));
        let begins_with_line = rest.starts_with(['\n', '\\']);
        let end = ends.into_iter().flatten().min().filter(|_| begins_with_line);
        self.split(end.or_else(|| rest.find(',').filter(|_| !begins_with_line)))
    }

    fn split(&mut self, comma: Option<usize>) -> Option<&'t str> {
        let rest = self.rest?;
        let Some(comma) = comma else {
            self.rest = None;
            return Some(rest);
        };
        self.rest = rest.get(comma + 1..);
        rest.get(..comma)
    }
}

impl<'t> Iterator for Parts<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let comma = self.rest?.find(',');
        self.split(comma)
    }
}

/// The addresses of a stack: the first word of each line, `483c8a` or, of releases that add a name, `483c8a main.f+10
/// (app)`.
pub(crate) fn stack(text: &str) -> Vec<u64> {
    // In the keys of maps 0.23 escapes ends of lines twice.
    let lines = text.lines().flat_map(|line| line.split("\\n"));
    let words = lines.filter_map(|line| line.split_whitespace().next());
    words
        .filter_map(|word| number(word.trim_start_matches("0x")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Parts, bytes, stack};

    #[test]
    fn a_stack_is_one_part_of_a_key() {
        let addresses = |key: &str| {
            let mut parts = Parts::of(key);
            let first = parts.next().unwrap().to_owned();
            let stack = stack(parts.stack().unwrap());
            (first, stack, parts.next().map(str::to_owned))
        };
        let expected = ("1".to_owned(), vec![0x48_3c8a, 0x48_3e6b], Some("2".to_owned()));
        assert_eq!(addresses("1,\n483c8a\n483e6b\n,2"), expected);
        assert_eq!(addresses("1,\\n483c8a\\n483e6b\\n,2"), expected);
        let names = "1,\n\t483c8a main.Map[int,string]+0 (a,b)\n\t483e6b x\n,2";
        assert_eq!(addresses(names), expected);
        assert_eq!(addresses("1,\n483c8a\n"), ("1".to_owned(), vec![0x48_3c8a], None));
        assert_eq!(addresses("1,,2"), ("1".to_owned(), vec![], Some("2".to_owned())));
    }

    #[test]
    fn are_read() {
        assert_eq!(bytes("61 00 ff"), Some(vec![0x61, 0, 0xff]));
        assert_eq!(bytes(""), Some(Vec::new()));
        assert_eq!(bytes("6"), None);
        assert_eq!(bytes("61  62"), None);
        assert_eq!(stack("\n483c8a\n483e6b\n"), [0x48_3c8a, 0x48_3e6b]);
        assert_eq!(stack("\\n483c8a\\n483e6b\\n"), [0x48_3c8a, 0x48_3e6b]);
        assert_eq!(
            stack("\n\t483c80 0x483c80 ([unknown])\n\t435abd x\n"),
            [0x48_3c80, 0x43_5abd]
        );
        assert_eq!(stack("\\n4b3724\\n4b18d8\\n"), [0x4b_3724, 0x4b_18d8]);
    }
}
