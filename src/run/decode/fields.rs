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
    use super::{bytes, stack};

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
