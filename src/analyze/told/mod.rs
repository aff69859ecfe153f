//! Error types of Go's library, and of some others, whose messages `gobt run` makes as their `Error` methods do.

mod fields;
mod library;
mod numbers;

pub(super) use fields::Fields;
pub(super) use library::in_pieces;

use crate::plan::{Bounds, Digits, ErrorPiece, ErrorPieces, ErrorShape, ErrorTest, NumberAt, Written};

/// A piece of a message, by the names of fields; the name of a value that has no fields is empty.
#[derive(Clone)]
pub(super) enum Told {
    Constant(&'static str),
    Text(&'static str),
    /// A text that often is a constant of the program: it is read behind the others.
    Mostly(&'static str),
    Quoted(&'static str),
    /// In quotes as the package `time` writes them.
    QuotedByTime(&'static str),
    /// The same of a text that is mostly a constant.
    MostlyQuotedByTime(&'static str),
    /// A text between constants, if it is not empty.
    Around(&'static str, &'static str, &'static str),
    Inner(&'static str),
    /// More that cannot be told, if there is something inside.
    More(&'static str),
    /// Something that cannot be told.
    Untold,
    Each(&'static str),
    Number(&'static str, Digits),
    /// What a number stands for, or pieces for another.
    OneOf(&'static str, &'static [(u64, &'static str)], Vec<Told>),
    /// An array of bytes, as text.
    Bytes(&'static str),
    /// The name of a type.
    Type(&'static str),
    If(Test, Vec<Told>, Vec<Told>),
    /// What a pointer points at.
    Behind(&'static str, Vec<Told>),
    Endpoint(Option<&'static str>),
    Network,
    /// Nothing, in builds without this field: of others the message is not known.
    Without(&'static str),
    /// How a process ended.
    Ended(&'static str),
    /// An index or a slice that is out of bounds.
    Bounds,
}

/// Something that is true of an error or not, by the names of fields.
#[derive(Clone)]
pub(super) enum Test {
    HasText(&'static str),
    /// The error inside says this.
    Says(&'static str, &'static str),
    IsThere(&'static str),
    Is(&'static str, u64),
    Same(&'static str, &'static str),
    IsPointer(&'static str),
    SameName(&'static str, &'static str),
    /// What is behind the text's last dot is a number.
    EndsInNumber(&'static str),
}

/// Errors that always say the same.
pub(super) fn always_the_same() -> Vec<(&'static str, &'static str)> {
    vec![
        ("*net.timeoutError", "i/o timeout"),
        ("net.canceledError", "operation was canceled"),
        (
            "net/http.tlsHandshakeTimeoutError",
            "net/http: TLS handshake timeout",
        ),
        ("*net/http.MaxBytesError", "http: request body too large"),
    ]
}

/// The pieces of a message by offsets, if this build has these fields.
pub(super) fn shape(fields: &Fields<'_>, told: &[Told]) -> Option<ErrorShape> {
    let mut made = Made::default();
    let pieces = made.pieces(fields, told)?;
    for at in made.read_last {
        once(&mut made.read, at);
    }
    made.numbers.dedup();
    Some(ErrorShape::Pieces(ErrorPieces {
        pieces,
        read: made.read,
        numbers: made.numbers,
    }))
}

/// What has to be read of an error.
#[derive(Default)]
struct Made {
    read: Vec<u64>,
    /// Behind the others.
    read_last: Vec<u64>,
    numbers: Vec<u64>,
}

/// Adds an offset to those that are read, if it is not among them, and gives it back.
pub(super) fn once(list: &mut Vec<u64>, at: u64) -> u64 {
    if !list.contains(&at) {
        list.push(at);
    }
    at
}

impl Made {
    fn text(&mut self, fields: &Fields<'_>, name: &str) -> Option<u64> {
        Some(once(&mut self.read, fields.at(name)?))
    }

    fn mostly(&mut self, fields: &Fields<'_>, name: &str) -> Option<u64> {
        Some(once(&mut self.read_last, fields.at(name)?))
    }

    /// The word at this offset is read.
    fn by_word(&mut self, at: u64) -> u64 {
        once(&mut self.numbers, at / 8 * 8);
        at
    }

    fn number(&mut self, fields: &Fields<'_>, name: &str) -> Option<NumberAt> {
        let number = fields.number(name)?;
        self.by_word(number.at);
        Some(number)
    }

    fn ty(&mut self, fields: &Fields<'_>, name: &str) -> Option<u64> {
        Some(self.by_word(fields.ty(name)?))
    }

    fn pieces(&mut self, fields: &Fields<'_>, told: &[Told]) -> Option<Vec<ErrorPiece>> {
        told.iter().map(|piece| self.piece(fields, piece)).collect()
    }

    fn piece(&mut self, fields: &Fields<'_>, told: &Told) -> Option<ErrorPiece> {
        Some(match *told {
            Told::Constant(text) => ErrorPiece::Constant(text.into()),
            Told::Text(name) => ErrorPiece::Text(self.text(fields, name)?, Written::Plain),
            Told::Quoted(name) => ErrorPiece::Text(self.text(fields, name)?, Written::Quoted),
            Told::QuotedByTime(name) => ErrorPiece::Text(self.text(fields, name)?, Written::QuotedByTime),
            Told::Mostly(name) => ErrorPiece::Text(self.mostly(fields, name)?, Written::Plain),
            Told::MostlyQuotedByTime(name) => {
                ErrorPiece::Text(self.mostly(fields, name)?, Written::QuotedByTime)
            }
            Told::Around(before, name, behind) => {
                ErrorPiece::Around(before, self.text(fields, name)?, behind)
            }
            Told::Inner(name) => ErrorPiece::Inner(fields.at(name)?),
            Told::More(name) => ErrorPiece::More(self.by_word(fields.at(name)?)),
            Told::Untold => ErrorPiece::Untold,
            Told::Each(name) => {
                let at = fields.at(name)?;
                self.by_word(at.checked_add(8)?);
                ErrorPiece::Each(at)
            }
            Told::Number(name, digits) => ErrorPiece::Number(self.number(fields, name)?, digits),
            Told::OneOf(name, texts, ref others) => {
                ErrorPiece::OneOf(self.number(fields, name)?, texts, self.pieces(fields, others)?)
            }
            Told::Bytes(name) => ErrorPiece::Bytes(self.first_bytes(fields, name)?),
            Told::Type(name) => ErrorPiece::Type(self.ty(fields, name)?),
            Told::If(ref test, ref first, ref second) => ErrorPiece::If(
                self.test(fields, test)?,
                self.pieces(fields, first)?,
                self.pieces(fields, second)?,
            ),
            Told::Behind(name, ref told) => {
                let (at, inside) = fields.behind(name)?;
                ErrorPiece::Behind(at, Box::new(shape(&inside, told)?))
            }
            Told::Endpoint(port) => {
                let (ip, zone) = (self.text(fields, "IP")?, self.text(fields, "Zone")?);
                let port = match port {
                    Some(port) => Some(self.number(fields, port)?.at),
                    None => None,
                };
                ErrorPiece::Endpoint(ip, zone, port)
            }
            Told::Network => ErrorPiece::Network(self.text(fields, "IP")?, self.text(fields, "Mask")?),
            Told::Without(name) => fields
                .at(name)
                .is_none()
                .then_some(ErrorPiece::Constant("".into()))?,
            Told::Ended(name) => ErrorPiece::Ended(
                self.number(fields, name)?,
                fields.texts("syscall.signals", SIGNALS)?,
            ),
            Told::Bounds => ErrorPiece::Bounds(Box::new(Bounds {
                says: fields.texts("runtime.boundsErrorFmts", BOUNDS)?,
                says_of_negative: fields.texts("runtime.boundsNegErrorFmts", BOUNDS - 1)?,
                x: self.number(fields, "x")?,
                y: self.number(fields, "y")?,
                signed: self.number(fields, "signed")?,
                code: self.number(fields, "code")?,
            })),
        })
    }

    fn test(&mut self, fields: &Fields<'_>, test: &Test) -> Option<ErrorTest> {
        Some(match *test {
            Test::HasText(name) => ErrorTest::HasText(self.mostly(fields, name)?),
            Test::Says(name, text) => ErrorTest::Says(fields.at(name)?, text),
            Test::IsThere(name) => ErrorTest::Is(self.first_bytes(fields, name)?, None),
            Test::Is(name, number) => ErrorTest::Is(self.number(fields, name)?, Some(number)),
            Test::Same(one, other) => ErrorTest::Same(self.number(fields, one)?, self.number(fields, other)?),
            Test::IsPointer(name) => ErrorTest::IsPointer(self.ty(fields, name)?),
            Test::SameName(one, other) => ErrorTest::SameName(self.ty(fields, one)?, self.ty(fields, other)?),
            Test::EndsInNumber(name) => ErrorTest::EndsInNumber(self.mostly(fields, name)?),
        })
    }

    /// The first bytes of a field, as many as a word has.
    fn first_bytes(&mut self, fields: &Fields<'_>, name: &str) -> Option<NumberAt> {
        let number = fields.first_bytes(name)?;
        self.by_word(number.at);
        Some(number)
    }
}

/// How many texts `syscall.signals` has (`src/syscall/zerrors_linux_amd64.go`, Go 1.17 to 1.27).
const SIGNALS: u64 = 32;
/// How many `runtime.boundsErrorFmts` has (`src/runtime/error.go`, Go 1.17 to 1.27).
const BOUNDS: u64 = 9;
