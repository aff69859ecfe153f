//! What `fmt.Sprintf` makes, of the formats whose verbs stand alone (`src/fmt/print.go`).

use super::{add, decimal};
use crate::arch::{Loaded, OperandType, ReturnedText, ReturnedValue};
use crate::target::{Message, Target, TextForm};

/// The numbers of kinds (`internal/abi.Kind`).
const BOOL: u8 = 1;
const SIGNED: std::ops::RangeInclusive<u8> = 2..=6;
const UNSIGNED: std::ops::RangeInclusive<u8> = 7..=12;
const STRING: u8 = 24;

/// How many numbers `runtime.staticuint64s` has.
const SMALL_NUMBERS: u64 = 256;

/// A piece of a format.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Verb(char),
}

/// The pieces of a format; none if it has flags, widths or other things between `%` and a verb.
fn pieces(format: &str) -> Option<Vec<Piece>> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut rest = format.chars();
    while let Some(next) = rest.next() {
        if next != '%' {
            text.push(next);
            continue;
        }
        match rest.next()? {
            '%' => text.push('%'),
            verb @ ('s' | 'v' | 'd' | 'q' | 'x' | 't') => {
                out.push(Piece::Text(std::mem::take(&mut text)));
                out.push(Piece::Verb(verb));
            }
            _ => return None,
        }
    }
    out.push(Piece::Text(text));
    Some(out)
}

impl Target<'_> {
    /// What a format makes of these operands; none if there are not as many as it has verbs.
    pub(super) fn formatted(
        &self,
        format: &str,
        operands: &[(OperandType, ReturnedValue)],
    ) -> Option<Vec<Message>> {
        let mut out = Vec::new();
        let mut operands = operands.iter();
        for piece in pieces(format)? {
            match piece {
                Piece::Text(text) if text.is_empty() => {}
                Piece::Text(text) => add(&mut out, Message::Constant(text)),
                Piece::Verb(verb) => {
                    for part in self.printed(verb, operands.next()?)? {
                        add(&mut out, part);
                    }
                }
            }
        }
        operands.next().is_none().then_some(out)
    }

    /// What a verb makes of an operand.
    fn printed(&self, verb: char, (ty, value): &(OperandType, ReturnedValue)) -> Option<Vec<Message>> {
        let descriptor = match (ty, value) {
            (OperandType::Of(at), ReturnedValue::Of(_)) => {
                let of_nil = match verb {
                    'v' => "<nil>",
                    's' => "%!s(<nil>)",
                    _ => return None,
                };
                return Some(vec![Message::Printed(*at, of_nil)]);
            }
            (OperandType::Is(descriptor), _) => *descriptor,
            _ => return None,
        };
        let kind = self.printed_as_its_kind(descriptor, verb)?;
        match (kind, value) {
            (STRING, ReturnedValue::Text(parts)) => self.text_printed(verb, parts),
            (STRING, ReturnedValue::Constant(address)) => {
                let word = |at: u64| self.image().word(at);
                let text = self.constant_text(word(*address)?, word(address.checked_add(8)?)?)?;
                matches!(verb, 's' | 'v').then(|| vec![Message::Constant(text)])
            }
            (BOOL, ReturnedValue::InTable { table, number }) if matches!(verb, 't' | 'v') => self
                .is_of_small_numbers(*table)
                .then(|| vec![Message::Bool(number.at)]),
            (_, ReturnedValue::InTable { table, number }) => {
                let is_byte = size_of(kind)? == 1 && self.is_of_small_numbers(*table);
                number_printed(verb, kind, *number).filter(|_| is_byte)
            }
            (_, ReturnedValue::Number(size, number)) => {
                number_printed(verb, kind, *number).filter(|_| size_of(kind) == Some(*size))
            }
            (_, ReturnedValue::Constant(address)) => {
                let text = constant_printed(verb, kind, self.elf.bytes_from(*address)?)?;
                Some(vec![Message::Constant(text)])
            }
            _ => None,
        }
    }

    /// The kind of a type that this verb prints as all of its kind: without methods that would print it.
    fn printed_as_its_kind(&self, descriptor: u64, verb: char) -> Option<u8> {
        let descriptors = self.descriptors()?;
        let methods = descriptors.methods(descriptor)?;
        let prints = |name: &str| match verb {
            'd' | 't' => name == "Format",
            _ => matches!(name, "Format" | "Error" | "String"),
        };
        let prints_itself = methods.iter().any(|method| prints(&method.name));
        descriptors.kind(descriptor).filter(|_| !prints_itself)
    }

    fn text_printed(&self, verb: char, parts: &[ReturnedText]) -> Option<Vec<Message>> {
        let form = match verb {
            's' | 'v' => return self.messages(parts),
            'q' => TextForm::Quoted,
            'x' => TextForm::Hex,
            _ => return None,
        };
        match parts {
            [ReturnedText::Field(at)] => Some(vec![Message::Text(*at, form)]),
            _ => None,
        }
    }

    /// The table that small numbers lie in when they are put into interfaces (`runtime.staticuint64s`).
    fn is_of_small_numbers(&self, table: u64) -> bool {
        (0..SMALL_NUMBERS).all(|number| {
            let at = table.checked_add(8 * number);
            at.and_then(|at| self.image().word(at)) == Some(number)
        })
    }
}

/// Bytes of a number of this kind.
fn size_of(kind: u8) -> Option<u64> {
    match kind {
        BOOL | 3 | 8 => Some(1),
        4 | 9 => Some(2),
        5 | 10 => Some(4),
        2 | 6 | 7 | 11 | 12 => Some(8),
        _ => None,
    }
}

/// A number or a truth value of the program, which these bytes begin with. The compiler puts no address of what could
/// change into an interface.
fn constant_printed(verb: char, kind: u8, bytes: &[u8]) -> Option<String> {
    let size = usize::try_from(size_of(kind)?).ok()?;
    let mut word = [0; 8];
    word.get_mut(..size)?.copy_from_slice(bytes.get(..size)?);
    let number = u64::from_le_bytes(word);
    let above = 64 - 8 * size;
    match (kind, verb) {
        (BOOL, 't' | 'v') => Some((number != 0).to_string()),
        (BOOL, _) => None,
        (_, 'd' | 'v') if SIGNED.contains(&kind) => {
            Some((number.cast_signed() << above >> above).to_string())
        }
        (_, 'd' | 'v') => Some(number.to_string()),
        _ => None,
    }
}

/// A number of this kind, of which the lowest bytes were loaded.
fn number_printed(verb: char, kind: u8, loaded: Loaded) -> Option<Vec<Message>> {
    let size = size_of(kind)?;
    let is_signed = SIGNED.contains(&kind);
    if !is_signed && !UNSIGNED.contains(&kind) || loaded.size > size {
        return None;
    }
    let signed = match loaded.size == size {
        true => is_signed,
        // It was made longer: without a sign it has none.
        false if loaded.signed && !is_signed => return None,
        false => loaded.signed,
    };
    let Message::Number { at, size, signed, .. } = decimal(loaded, signed) else {
        return None;
    };
    let hex = match verb {
        'd' | 'v' => false,
        'x' => true,
        _ => return None,
    };
    Some(vec![Message::Number {
        at,
        size,
        signed,
        hex,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats() {
        let text = |text: &str| Piece::Text(text.to_owned());
        assert_eq!(
            pieces("a %s: 100%%, %d").unwrap(),
            [
                text("a "),
                Piece::Verb('s'),
                text(": 100%, "),
                Piece::Verb('d'),
                text("")
            ]
        );
        for format in ["%5d", "%+v", "%-s", "%[1]d", "%", "%w", "%.2s", "%*d", "%X", "%!"] {
            assert_eq!(pieces(format), None, "{format}");
        }
    }

    #[test]
    fn constants() {
        let printed = |verb, kind, byte| constant_printed(verb, kind, &[byte, 0xff]);
        assert_eq!(printed('v', 1, 1).as_deref(), Some("true"));
        assert_eq!(printed('t', 1, 0).as_deref(), Some("false"));
        assert_eq!(printed('d', 1, 1), None);
        assert_eq!(printed('d', 3, 0xfe).as_deref(), Some("-2"));
        assert_eq!(printed('v', 8, 0xfe).as_deref(), Some("254"));
        assert_eq!(printed('d', 4, 0xfe).as_deref(), Some("-2"));
        assert_eq!(printed('x', 8, 1), None);
        assert_eq!(printed('t', 8, 1), None);
        assert_eq!(printed('d', 2, 1), None);
    }

    #[test]
    fn numbers_that_are_made_longer() {
        let number = |kind, size, signed| {
            let loaded = Loaded { at: 8, size, signed };
            number_printed('d', kind, loaded).map(|parts| match parts.as_slice() {
                [Message::Number { size, signed, .. }] => (*size, *signed),
                _ => (0, false),
            })
        };
        // int, int32, uint64
        assert_eq!(number(2, 8, false), Some((8, true)));
        assert_eq!(number(2, 4, true), Some((4, true)));
        assert_eq!(number(2, 4, false), Some((4, false)));
        assert_eq!(number(5, 4, false), Some((4, true)));
        assert_eq!(number(5, 8, false), None);
        assert_eq!(number(11, 4, true), None);
        assert_eq!(number(11, 8, false), Some((8, false)));
        assert_eq!(number(24, 8, false), None);
    }
}
