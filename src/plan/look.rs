//! What probes read of errors for records: look by look, each at a text, a number, and where to look next. A script has
//! a number for each look, which says where these are.

use super::{ErrorPiece, ErrorShape};

/// One look at an error; places are offsets in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Where a text is.
    pub text: Option<u64>,
    /// Where a word is: what it holds is told, and keys with other words are others.
    pub number: Option<u64>,
    /// What is looked at next.
    pub then: Then,
}

/// What is looked at after a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Then {
    /// Nothing more of this one.
    #[default]
    Nothing,
    /// The same error: the next look has the next address in the table.
    Again,
    /// What the pointer at this offset points at, likewise.
    Behind(u64),
    /// The error at this offset inside of it.
    Inner(u64),
    /// The errors of the slice at this offset.
    Each(u64),
    /// So many interfaces that stand one after the other from this offset on.
    Several(u64, u64),
}

/// The parts of a look's number: the lowest bit of each.
pub const TEXT: u32 = 0;
/// Where the number is.
pub const NUMBER: u32 = 8;
/// Where what is looked at next is.
pub const NEXT: u32 = 16;
/// 1 if it is another look at the same error, or at what is behind a pointer in it.
pub const AGAIN: u32 = 24;
/// Where a list is.
pub const LIST: u32 = 32;
/// How many interfaces it has; 0 if it is a slice.
pub const COUNT: u32 = 40;

impl Look {
    /// Its number: a byte for each part. Places are words, plus one.
    #[must_use]
    pub fn bits(self) -> u64 {
        let place = |at: u64| at / 8 + 1;
        let (next, again, list, count) = match self.then {
            Then::Nothing => (0, 0, 0, 0),
            Then::Again => (0, 1, 0, 0),
            Then::Behind(at) => (place(at), 1, 0, 0),
            Then::Inner(at) => (place(at), 0, 0, 0),
            Then::Each(at) => (0, 0, place(at), 0),
            Then::Several(at, count) => (0, 0, place(at), count),
        };
        let parts = [
            (TEXT, self.text.map_or(0, place)),
            (NUMBER, self.number.map_or(0, place)),
            (NEXT, next),
            (AGAIN, again),
            (LIST, list),
            (COUNT, count),
        ];
        parts
            .iter()
            .fold(0, |bits, (lowest, part)| bits | (part & 0xff) << lowest)
    }

    fn of_text(at: u64) -> Self {
        Self {
            text: Some(at),
            ..Self::default()
        }
    }
}

/// So many looks at the most are at one error, and at what lies behind a pointer in it: each has an address of its own
/// in the table, and descriptors are at least so far from each other.
pub const MOST_LOOKS: usize = 8;

/// The looks at an error of this shape, those at what is behind a pointer in it last; none if there is nothing to see.
#[must_use]
pub fn looks(shape: &ErrorShape) -> Vec<Look> {
    let mut all = own_looks(shape);
    if let ErrorShape::Pieces(told) = shape {
        let behind = told.all().find_map(|piece| match piece {
            ErrorPiece::Behind(_, shape) => Some(looks(shape)),
            _ => None,
        });
        all.extend(behind.unwrap_or_default());
    }
    all.truncate(MOST_LOOKS);
    // What is not looked at: there is no room for it, or it always says the same.
    if let Some(last) = all.last_mut()
        && let Then::Again | Then::Behind(_) = last.then
    {
        last.then = Then::Nothing;
    }
    all
}

/// The looks at the error itself.
#[must_use]
pub fn own_looks(shape: &ErrorShape) -> Vec<Look> {
    let (mut all, then) = match *shape {
        ErrorShape::Message(message) => (vec![Look::of_text(message)], Then::Nothing),
        ErrorShape::Errno => {
            let number = Look {
                number: Some(0),
                ..Look::default()
            };
            (vec![number], Then::Nothing)
        }
        ErrorShape::Path(operation, path, inner) => (
            vec![Look::of_text(operation), Look::of_text(path)],
            Then::Inner(inner),
        ),
        ErrorShape::Syscall(name, inner) => (vec![Look::of_text(name)], Then::Inner(inner)),
        // Source, address and error are interfaces that stand in a row; which of the first two are there tell their
        // types.
        ErrorShape::Net(operation, network, source, address, _) => {
            let with_number = |text: u64, number: u64| Look {
                number: Some(number),
                ..Look::of_text(text)
            };
            (
                vec![with_number(operation, address), with_number(network, source)],
                Then::Several(source, 3),
            )
        }
        ErrorShape::Pieces(ref told) => {
            let count = told.read.len().max(told.numbers.len()).max(1);
            let look = |nth: usize| Look {
                text: told.read.get(nth).copied(),
                number: told.numbers.get(nth).copied(),
                then: Then::Nothing,
            };
            let then = told.all().filter_map(|piece| match piece {
                ErrorPiece::Inner(at) | ErrorPiece::Printed(at, _) => Some(Then::Inner(*at)),
                ErrorPiece::Each(at) => Some(Then::Each(*at)),
                ErrorPiece::Behind(at, _) => Some(Then::Behind(*at)),
                _ => None,
            });
            ((0..count).map(look).collect(), then.last().unwrap_or_default())
        }
        ErrorShape::Constant(_) | ErrorShape::Address(..) => (Vec::new(), Then::Nothing),
    };
    if let Some((last, before)) = all.split_last_mut() {
        last.then = then;
        for look in before {
            look.then = Then::Again;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_looks() {
        let bits = |shape: &ErrorShape| looks(shape).into_iter().map(Look::bits).collect::<Vec<_>>();
        assert_eq!(bits(&ErrorShape::Message(8)), [0x02]);
        assert_eq!(bits(&ErrorShape::Errno), [0x0100]);
        assert_eq!(bits(&ErrorShape::Path(0, 16, 32)), [0x0100_0001, 0x0005_0003]);
        assert_eq!(
            bits(&ErrorShape::Net(0, 16, 32, 48, 64)),
            [0x0100_0701, 0x0305_0000_0503]
        );
        assert_eq!(bits(&ErrorShape::Constant(String::new())), [0; 0]);
    }
}
