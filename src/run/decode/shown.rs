//! Values of a record as text for people and as typed values for programs.

use super::{Context, Decoder};
use crate::plan::format::Format;
use crate::plan::record::{Piece, Taken, What};
use crate::plan::{Composed, NumberKind};
use crate::run::show::text::{CUT, digits, escaped, rune};
use crate::run::show::url::{Read, Url};
use crate::run::show::{duration, float, ip, time};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// A value as people read it, and as programs do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cell {
    #[serde(with = "crate::run::text_or_bytes")]
    pub(crate) text: Vec<u8>,
    pub(crate) json: Json,
}

/// The time of day, from the time since the machine started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Clock {
    /// Nanoseconds between 1970 and the machine's start.
    pub(crate) started: i128,
    /// Seconds that the local time is ahead of UTC.
    pub(crate) zone: i64,
}

impl Clock {
    /// Seconds since 1970, and nanoseconds, of a moment.
    pub(crate) fn unix(self, at: u64) -> (i64, u32) {
        let all = self.started + i128::from(at);
        let seconds = i64::try_from(all.div_euclid(1_000_000_000)).unwrap_or(0);
        let rest = u32::try_from(all.rem_euclid(1_000_000_000)).unwrap_or(0);
        (seconds, rest)
    }

    /// `09:30:00.123456`
    pub(crate) fn of_day(self, at: u64) -> String {
        let (seconds, nanoseconds) = self.unix(at);
        format!("{}.{:06}", time::clock(seconds + self.zone), nanoseconds / 1000)
    }
}

impl Cell {
    pub(crate) fn of_text(text: Vec<u8>) -> Self {
        let json = Json::String(String::from_utf8_lossy(&text).into_owned());
        Self { text, json }
    }

    pub(super) fn new(text: impl Into<Vec<u8>>, json: Json) -> Self {
        Self {
            text: text.into(),
            json,
        }
    }

    pub(super) fn nil() -> Self {
        Self::new("nil", Json::Null)
    }

    /// A key that no record told.
    pub(crate) fn lost() -> Self {
        Self::new("(lost)", Json::Null)
    }

    /// The value that some pieces show: one as it is, several as text.
    pub(crate) fn joined(pieces: &[Cell]) -> Self {
        match pieces {
            [one] => one.clone(),
            all => Self::of_text(all.iter().flat_map(|piece| piece.text.iter().copied()).collect()),
        }
    }
}

/// What is known of a piece without a record.
pub(super) fn constant(piece: &Piece) -> Option<Cell> {
    match piece {
        Piece::Shown(
            Taken {
                what: What::Constant(text),
                ..
            },
            _,
        ) => Some(Cell::of_text(text.clone().into_bytes())),
        _ => None,
    }
}

/// Bytes, with a mark behind them if there were more.
pub(super) fn with_mark(bytes: &[u8], len: u64) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if (bytes.len() as u64) < len {
        out.extend_from_slice(CUT.as_bytes());
    }
    out
}

impl Decoder<'_> {
    /// The pieces of a line, one after the other.
    pub(super) fn pieces(&self, pieces: &[Piece], context: &Context<'_>) -> Vec<Cell> {
        pieces.iter().map(|piece| self.piece(piece, context)).collect()
    }

    pub(super) fn piece(&self, piece: &Piece, context: &Context<'_>) -> Cell {
        match piece {
            Piece::Text(text) => Cell::of_text(text.clone().into_bytes()),
            Piece::Clock => {
                let (seconds, nanoseconds) = self.clock.unix(context.at);
                let json = Json::String(time::rfc3339(seconds, nanoseconds));
                Cell::new(self.clock.of_day(context.at), json)
            }
            Piece::Shown(taken, format) => self.shown(taken, *format, context),
            Piece::Unless(field, shown, otherwise) => {
                let form = if context.fields.number(*field) == 0 {
                    otherwise
                } else {
                    shown
                };
                Cell::joined(&self.pieces(form, context))
            }
            Piece::Pointee(field, _) if context.fields.number(*field) == 0 => Cell::nil(),
            Piece::Pointee(_, shown) => Cell::joined(&self.pieces(shown, context)),
            Piece::List(list) => self.list(list, context),
            Piece::Composed(form, values) => self.composed(*form, values, context),
        }
    }

    /// Values that are put together; nil if they lie behind nil.
    fn composed(&self, form: Composed, values: &[Taken], context: &Context<'_>) -> Cell {
        let is_nil = |taken: &Taken| {
            let mut behind = taken.behind.iter();
            behind.any(|pointer| context.fields.number(*pointer) == 0)
        };
        if values.first().is_some_and(is_nil) {
            return Cell::nil();
        }
        let number = |at: usize| match values.get(at).map(|taken| &taken.what) {
            Some(What::Number { bits, .. }) => context.fields.number(*bits),
            _ => 0,
        };
        let text = |at: usize| match values.get(at) {
            Some(taken) if !is_nil(taken) => self.shown(taken, Format::String, context).text,
            _ => Vec::new(),
        };
        let addr = || ip::Addr {
            high: number(0),
            low: number(1),
            is_valid: number(2) != 0,
            is_six: number(3) != 0,
            zone: text(4),
        };
        let float = |at: usize, format: Format| match values.get(at) {
            Some(taken) => self.shown(taken, format, context).text,
            None => Vec::new(),
        };
        Cell::of_text(match form {
            Composed::Complex => {
                let (real, imaginary) = (float(0, Format::Float), float(1, Format::Imaginary));
                [b"(", real.as_slice(), imaginary.as_slice(), b"i)"].concat()
            }
            Composed::Addr => addr().shown(),
            Composed::AddrPort => addr().with_port(number(5)),
            Composed::Prefix => addr().with_bits(number(5)),
            Composed::Network => ip::network(&text(0), &text(1)).into_bytes(),
            Composed::Endpoint => ip::endpoint(&text(0), Some(&text(1)), Some(number(2))),
            Composed::Host => ip::endpoint(&text(0), Some(&text(1)), None),
            Composed::Url => {
                let has_user = values.get(9).is_some_and(|name| !is_nil(name));
                let has_password = has_user && number(11) != 0;
                let read = |at: usize| {
                    let mut bytes = text(at);
                    let len = match values.get(at).map(|taken| &taken.what) {
                        Some(What::Text { len, .. }) => context.fields.number(*len),
                        _ => bytes.len() as u64,
                    };
                    let is_cut = bytes.len() as u64 != len && bytes.ends_with(CUT.as_bytes());
                    if is_cut {
                        bytes.truncate(bytes.len().saturating_sub(CUT.len()));
                    }
                    Read { bytes, is_cut }
                };
                let url = Url {
                    scheme: text(0),
                    opaque: text(1),
                    host: read(2),
                    path: read(3),
                    raw_path: read(4),
                    raw_query: text(5),
                    fragment: read(6),
                    raw_fragment: read(7),
                    force_query: number(8) != 0,
                    user: has_user.then(|| (read(9), has_password.then(|| read(10)))),
                    omit_host: number(12) != 0,
                    escapes_slash: self.plan.identity.go_minor >= 27,
                };
                url.shown()
            }
        })
    }

    fn shown(&self, taken: &Taken, format: Format, context: &Context<'_>) -> Cell {
        let fields = context.fields;
        if taken.behind.iter().any(|pointer| fields.number(*pointer) == 0) {
            return Cell::nil();
        }
        match &taken.what {
            What::Number {
                bits,
                signed,
                kind,
                is_measured,
            } => number(fields.number(*bits), (*signed, *kind, *is_measured), format),
            What::Text {
                data,
                len,
                bytes,
                unread,
            } => {
                let is_unread = unread.is_some_and(|unread| fields.number(unread) != 0);
                let len = fields.number(*len);
                let read = fields.bytes(*bytes);
                let at = data.map(|data| fields.number(data).wrapping_sub(context.base));
                let constant = at.and_then(|at| self.names.constant(at, len.min(self.longest_text)));
                let constant = constant.filter(|bytes| bytes.len() >= read.len());
                let bytes = constant.unwrap_or(read);
                // What cannot be read is all zeros; what is in the file is what it is.
                let is_zero = constant.is_none() && !bytes.is_empty() && bytes.iter().all(|byte| *byte == 0);
                if is_zero && format == Format::String {
                    return self.bytes(&[], len, format);
                }
                let mut cell = self.bytes(bytes, len, format);
                if is_zero && is_unread {
                    cell.text.extend_from_slice(b" (or not in memory)");
                }
                cell
            }
            What::Array { data, len, bytes } => {
                let at = fields.number(*data).wrapping_sub(context.base);
                let constant = self.names.constant(at, (*len).min(self.longest_text));
                let bytes = constant.unwrap_or_else(|| fields.bytes(*bytes));
                if format == Format::String {
                    // As of C: up to the first NUL.
                    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
                    return Cell::of_text(bytes.get(..end).unwrap_or(bytes).to_vec());
                }
                self.bytes(bytes, *len, format)
            }
            What::Interface {
                tab,
                descriptor,
                data,
                error,
                ..
            } => {
                let moved = |word: u64| {
                    if word == 0 {
                        0
                    } else {
                        word.wrapping_sub(context.base_of_words)
                    }
                };
                let tab = moved(fields.number(*tab));
                let descriptor = descriptor.map(|field| moved(fields.number(field)));
                let data = data.map_or(0, |field| fields.number(field));
                if tab == 0 {
                    return Cell::nil();
                }
                match error {
                    Some(which) => Cell::of_text(self.error((tab, descriptor, data), *which, context)),
                    None => Cell::of_text(self.names.of_type(tab, descriptor).into_bytes()),
                }
            }
            What::Error(field) => self.error_with_number(fields.number(*field)),
            What::Time { wall, ext } => {
                let (seconds, nanoseconds) = time::of_words(fields.number(*wall), fields.number(*ext));
                let json = Json::String(time::rfc3339(seconds, nanoseconds));
                Cell::new(time::utc(seconds, nanoseconds), json)
            }
            What::Seconds(field) => {
                let seconds = fields.number(*field).cast_signed();
                let text = time::utc(seconds, 0).replace(".000000000", "");
                Cell::new(text, json!(seconds))
            }
            What::Stack(walk) => self.stack(walk, context),
            What::Code { address, is_return } => {
                self.code(fields.number(*address), context.base_of_words, *is_return)
            }
            What::Kernel(field) => Cell::of_text(fields.text(*field).as_bytes().to_vec()),
            What::Constant(text) => Cell::of_text(text.clone().into_bytes()),
        }
    }

    /// Bytes of a value that has `len` of them.
    fn bytes(&self, bytes: &[u8], len: u64, format: Format) -> Cell {
        let text = match format {
            Format::Bytes => escaped(bytes).into_bytes(),
            Format::Hex => digits(bytes).into_bytes(),
            Format::Ip => ip::go(bytes).into_bytes(),
            _ => bytes.to_vec(),
        };
        let mut cell = Cell::of_text(text);
        if (bytes.len() as u64) < len {
            cell.text.extend_from_slice(CUT.as_bytes());
            cell.json = json!(format!("{}{CUT}", cell.json.as_str().unwrap_or_default()));
        }
        cell
    }
}

/// A number in a format.
fn number(bits: u64, (signed, kind, is_measured): (bool, NumberKind, bool), format: Format) -> Cell {
    let signed_value = bits.cast_signed();
    let as_is = if signed {
        i128::from(signed_value)
    } else {
        i128::from(bits)
    };
    let of_number = |n: i128| {
        let json = match (u64::try_from(n), i64::try_from(n)) {
            (Ok(n), _) => json!(n),
            (_, Ok(n)) => json!(n),
            _ => Json::Null,
        };
        Cell::new(n.to_string(), json)
    };
    match (format, kind) {
        (Format::Float | Format::Imaginary, _) => {
            let size = if let NumberKind::Float(size) = kind {
                size
            } else {
                8
            };
            let text = float::go(bits, size, format == Format::Imaginary);
            let json = text.trim_start_matches('+').parse::<f64>().ok();
            let json = json.and_then(serde_json::Number::from_f64);
            Cell::new(text.clone(), json.map_or(json!(text), Json::Number))
        }
        (Format::Int, NumberKind::Float(size)) => of_number(float::whole(bits, size).into()),
        (Format::Int, _) => of_number(signed_value.into()),
        (Format::Uint, _) => of_number(bits.into()),
        (Format::Hex, _) => Cell::new(format!("{bits:#x}"), json!(format!("{bits:#x}"))),
        (Format::Bool, _) => Cell::new(if bits == 0 { "false" } else { "true" }, json!(bits != 0)),
        (Format::Char, _) => Cell::of_text(rune(bits).into_bytes()),
        (Format::Duration, _) if is_measured => Cell::new(duration::measured(bits), json!(bits)),
        (Format::Duration, _) => Cell::new(duration::go(as_is), of_number(as_is).json),
        (Format::Pointer, _) if bits == 0 => Cell::nil(),
        (Format::Pointer, _) => Cell::new(format!("{bits:#x}"), json!(format!("{bits:#x}"))),
        (Format::Ip, _) => {
            let four = (bits as u32).to_le_bytes();
            Cell::of_text(ip::go(&four).into_bytes())
        }
        _ if kind == NumberKind::Bool => {
            Cell::new(if bits == 0 { "false" } else { "true" }, json!(bits != 0))
        }
        _ => of_number(as_is),
    }
}
