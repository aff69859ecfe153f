//! Errors whose messages gobt can make: what they are made of, and where in the error that is.

use super::look::{self, Look};
use std::borrow::Cow;

/// An error type whose message gobt can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownError {
    /// As Go prints it: `*errors.errorString`.
    pub name: String,
    /// Link-time address of its type descriptor.
    pub descriptor: u64,
    /// Link-time addresses of its itabs for the interface it is met in.
    pub itabs: Vec<u64>,
    /// What it is made of.
    pub shape: ErrorShape,
    /// What records read of it.
    pub looks: Vec<Look>,
    /// `fmt` asks it to write itself (`fmt.Formatter`), which need not be its message.
    pub formats: bool,
}

impl KnownError {
    /// An error type with these itabs.
    #[must_use]
    pub fn new(name: String, descriptor: u64, itabs: Vec<u64>, shape: ErrorShape) -> Self {
        Self {
            looks: look::looks(&shape),
            name,
            descriptor,
            itabs,
            shape,
            formats: false,
        }
    }
}

/// The error types that can be read; numbers are offsets in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorShape {
    /// A pointer to a struct with the message at this offset: `*errors.errorString`, `*fmt.wrapError`.
    Message(u64),
    /// `syscall.Errno`: the interface's data points at a word with the number.
    Errno,
    /// `*fs.PathError`: operation, path, error.
    Path(u64, u64, u64),
    /// `*os.SyscallError`: name, error.
    Syscall(u64, u64),
    /// `*net.OpError`: operation, network, source, address, error.
    Net(u64, u64, u64, u64, u64),
    /// A type without a message in memory, whose text is always the same.
    Constant(String),
    /// An error that records alone tell.
    Pieces(ErrorPieces),
    /// `*net.TCPAddr`, `*net.UDPAddr`: not an error, but part of one: IP, port.
    Address(u64, u64),
}

/// What the message of an error is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPieces {
    /// One after the other.
    pub pieces: Vec<ErrorPiece>,
    /// The offsets of its texts.
    pub read: Vec<u64>,
    /// The offsets of the words that its numbers are in.
    pub numbers: Vec<u64>,
}

/// A piece of an error's message; numbers are offsets in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorPiece {
    /// Always the same.
    Constant(Cow<'static, str>),
    /// A text of the error.
    Text(u64, Written),
    /// The same between constants, if it is not empty.
    Around(&'static str, u64, &'static str),
    /// A number.
    Number(NumberAt, Digits),
    /// What a number stands for, or pieces for any other.
    OneOf(NumberAt, &'static [(u64, &'static str)], Vec<ErrorPiece>),
    /// The bytes of a number, as text.
    Bytes(NumberAt),
    /// The name of a type, whose descriptor a word has the address of.
    Type(u64),
    /// The first pieces if something is true, else the second.
    If(ErrorTest, Vec<ErrorPiece>, Vec<ErrorPiece>),
    /// Something that is not told, if the word there is not 0.
    More(u64),
    /// Something that is not told.
    Untold,
    /// The message of the error inside.
    Inner(u64),
    /// The same as `fmt` prints it, and what that prints of none.
    Printed(u64, &'static str),
    /// Those of a list of errors, each in a line.
    Each(u64),
    /// What a word points at, which has this shape.
    Behind(u64, Box<ErrorShape>),
    /// An address with its zone, and the port if it has one: of a `net.Addr`, which is no error.
    Endpoint(u64, u64, Option<u64>),
    /// An address and its mask.
    Network(u64, u64),
    /// How a process ended (`syscall.WaitStatus`), with the names of signals.
    Ended(NumberAt, Vec<String>),
    /// An index or a slice that is out of bounds.
    Bounds(Box<Bounds>),
}

/// An index or a slice that is out of bounds: `runtime.boundsError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// What the run time says, by code; `%x` and `%y` stand for these numbers.
    pub says: Vec<String>,
    /// The same where `x` is negative.
    pub says_of_negative: Vec<String>,
    /// What is out of bounds.
    pub x: NumberAt,
    /// The bound.
    pub y: NumberAt,
    /// Not 0 if `x` may be negative.
    pub signed: NumberAt,
    /// What was to be done.
    pub code: NumberAt,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As it is.
    Plain,
    /// In quotes, as `strconv.Quote` writes it.
    Quoted,
    /// In quotes, as the package `time` writes it.
    QuotedByTime,
    /// Its bytes in hexadecimal digits.
    Hex,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digits {
    /// `12`
    Decimal,
    /// `c`
    Hex,
    /// `012`
    Three,
    /// `U+000C`, and the character if it is one that is printed.
    Character,
}

/// A number in an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberAt {
    /// Its offset.
    pub at: u64,
    /// Bytes: at most 8.
    pub size: u64,
    /// It may be negative.
    pub signed: bool,
}

/// Something that is true of an error or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorTest {
    /// The text at this offset is not empty.
    HasText(u64),
    /// A number is this one; without one, it is not 0.
    Is(NumberAt, Option<u64>),
    /// Two numbers are the same.
    Same(NumberAt, NumberAt),
    /// The error at this offset has this message.
    Says(u64, &'static str),
    /// The type is a pointer.
    IsPointer(u64),
    /// Two types have the same name.
    SameName(u64, u64),
    /// What is behind the last dot of the text at this offset is a number.
    EndsInNumber(u64),
}

impl NumberAt {
    /// A whole word.
    #[must_use]
    pub fn word(at: u64) -> Self {
        Self {
            at,
            size: 8,
            signed: false,
        }
    }

    fn moved(self, by: u64) -> Option<Self> {
        let at = self.at.checked_add(by)?;
        Some(Self { at, ..self })
    }

    /// Where it ends.
    #[must_use]
    pub fn end(self) -> u64 {
        self.at.saturating_add(self.size)
    }
}

impl ErrorShape {
    /// Where a message or an error inside may be: it takes a byte in the numbers that say what is to be read.
    const FARTHEST: u64 = 8 * 200;

    /// It can be said to a script, and read by it.
    #[must_use]
    pub fn fits(&self) -> bool {
        let (end, inner) = match self {
            Self::Message(at) => (*at, None),
            Self::Errno | Self::Constant(_) | Self::Address(..) => (0, None),
            Self::Path(a, b, c) => (*a.max(b), Some(*c)),
            Self::Syscall(a, b) => (*a, Some(*b)),
            Self::Net(a, b, c, d, e) => (*a.max(b).max(c).max(d), Some(*e)),
            Self::Pieces(told) => {
                let inner = told.all().filter_map(|piece| match piece {
                    ErrorPiece::Inner(at) | ErrorPiece::Printed(at, _) | ErrorPiece::Behind(at, _) => {
                        Some(*at)
                    }
                    _ => None,
                });
                (told.end(), inner.max())
            }
        };
        end.max(inner.unwrap_or(0)) < Self::FARTHEST
    }

    /// The same error so many bytes further in another.
    #[must_use]
    pub fn moved(self, by: u64) -> Option<Self> {
        let far = |at: u64| at.checked_add(by);
        Some(match self {
            same if by == 0 => same,
            Self::Constant(text) => Self::Constant(text),
            Self::Message(at) => Self::Message(far(at)?),
            Self::Path(a, b, c) => Self::Path(far(a)?, far(b)?, far(c)?),
            Self::Syscall(a, b) => Self::Syscall(far(a)?, far(b)?),
            Self::Net(a, b, c, d, e) => Self::Net(far(a)?, far(b)?, far(c)?, far(d)?, far(e)?),
            Self::Pieces(told) => Self::Pieces(ErrorPieces {
                pieces: moved(told.pieces, by)?,
                read: told.read.into_iter().map(far).collect::<Option<_>>()?,
                numbers: told.numbers.into_iter().map(far).collect::<Option<_>>()?,
            }),
            Self::Errno | Self::Address(..) => return None,
        })
    }
}

fn moved(pieces: Vec<ErrorPiece>, by: u64) -> Option<Vec<ErrorPiece>> {
    pieces.into_iter().map(|piece| piece.moved(by)).collect()
}

impl ErrorTest {
    /// The same of an error that is so many bytes further in another.
    fn moved(self, by: u64) -> Option<Self> {
        let far = |at: u64| at.checked_add(by);
        Some(match self {
            Self::HasText(at) => Self::HasText(far(at)?),
            Self::EndsInNumber(at) => Self::EndsInNumber(far(at)?),
            Self::Says(at, text) => Self::Says(far(at)?, text),
            Self::Is(number, this) => Self::Is(number.moved(by)?, this),
            Self::Same(one, other) => Self::Same(one.moved(by)?, other.moved(by)?),
            Self::IsPointer(at) => Self::IsPointer(far(at)?),
            Self::SameName(one, other) => Self::SameName(far(one)?, far(other)?),
        })
    }

    /// How many bytes of the error it is made of, from its beginning.
    #[must_use]
    pub fn end(&self) -> u64 {
        match *self {
            Self::HasText(at) | Self::EndsInNumber(at) | Self::Says(at, _) => at.saturating_add(16),
            Self::Is(number, _) => number.end(),
            Self::Same(one, other) => one.end().max(other.end()),
            Self::IsPointer(at) => at.saturating_add(8),
            Self::SameName(one, other) => one.max(other).saturating_add(8),
        }
    }
}

impl ErrorPieces {
    /// All pieces, also those of which only some are in a message.
    pub fn all(&self) -> impl Iterator<Item = &ErrorPiece> {
        let mut found = Vec::new();
        let mut left: Vec<&ErrorPiece> = self.pieces.iter().rev().collect();
        while let Some(piece) = left.pop() {
            found.push(piece);
            match piece {
                ErrorPiece::If(_, first, second) => {
                    left.extend(second.iter().rev().chain(first.iter().rev()));
                }
                ErrorPiece::OneOf(_, _, others) => left.extend(others.iter().rev()),
                _ => {}
            }
        }
        found.into_iter()
    }

    /// How many bytes of the error the message is made of, from its beginning.
    #[must_use]
    pub fn end(&self) -> u64 {
        let words = self.numbers.iter().map(|at| at.saturating_add(8));
        self.all().map(ErrorPiece::end).chain(words).max().unwrap_or(0)
    }
}

impl ErrorPiece {
    /// The same of an error that is so many bytes further in another.
    fn moved(self, by: u64) -> Option<Self> {
        let far = |at: u64| at.checked_add(by);
        Some(match self {
            Self::Constant(_) | Self::Untold => self,
            Self::Text(at, written) => Self::Text(far(at)?, written),
            Self::Around(before, at, behind) => Self::Around(before, far(at)?, behind),
            Self::Number(number, digits) => Self::Number(number.moved(by)?, digits),
            Self::OneOf(number, texts, others) => Self::OneOf(number.moved(by)?, texts, moved(others, by)?),
            Self::Bytes(number) => Self::Bytes(number.moved(by)?),
            Self::Type(at) => Self::Type(far(at)?),
            Self::If(test, first, second) => Self::If(test.moved(by)?, moved(first, by)?, moved(second, by)?),
            Self::More(at) => Self::More(far(at)?),
            Self::Inner(at) => Self::Inner(far(at)?),
            Self::Printed(at, of_none) => Self::Printed(far(at)?, of_none),
            Self::Each(at) => Self::Each(far(at)?),
            Self::Behind(at, shape) => Self::Behind(far(at)?, shape),
            Self::Endpoint(ip, zone, port) => {
                let port = match port {
                    Some(port) => Some(far(port)?),
                    None => None,
                };
                Self::Endpoint(far(ip)?, far(zone)?, port)
            }
            Self::Network(ip, mask) => Self::Network(far(ip)?, far(mask)?),
            Self::Ended(number, signals) => Self::Ended(number.moved(by)?, signals),
            Self::Bounds(bounds) => Self::Bounds(Box::new(Bounds {
                x: bounds.x.moved(by)?,
                y: bounds.y.moved(by)?,
                signed: bounds.signed.moved(by)?,
                code: bounds.code.moved(by)?,
                ..*bounds
            })),
        })
    }

    /// How many bytes of the error it is made of, from its beginning; of a test the test.
    #[must_use]
    pub fn end(&self) -> u64 {
        match self {
            Self::Constant(_) | Self::Untold => 0,
            Self::Number(number, _)
            | Self::OneOf(number, ..)
            | Self::Ended(number, _)
            | Self::Bytes(number) => number.end(),
            Self::Type(at) | Self::More(at) | Self::Behind(at, _) => at.saturating_add(8),
            Self::Text(at, _)
            | Self::Around(_, at, _)
            | Self::Inner(at)
            | Self::Printed(at, _)
            | Self::Each(at) => at.saturating_add(16),
            Self::If(test, ..) => test.end(),
            Self::Endpoint(ip, zone, port) => {
                let texts = ip.max(zone).saturating_add(16);
                texts.max(port.unwrap_or(0).saturating_add(8))
            }
            Self::Network(ip, mask) => ip.max(mask).saturating_add(16),
            Self::Bounds(bounds) => {
                let numbers = [bounds.x, bounds.y, bounds.signed, bounds.code];
                numbers.into_iter().map(NumberAt::end).max().unwrap_or(0)
            }
        }
    }
}
