//! Messages that are made of pieces.

use super::read::{Chain, Read};
use crate::plan::{Bounds, Digits, ErrorPiece, ErrorPieces, ErrorShape, ErrorTest, NumberAt, Written};
use crate::run::decode::Decoder;
use crate::run::show::ip;
use crate::run::show::text::{CUT, character, quoted, quoted_by_time};

impl Decoder<'_> {
    /// A message that is made of pieces.
    pub(super) fn told_pieces(&self, told: &ErrorPieces, read: &Read<'_>, chain: &mut Chain<'_>) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_pieces(&told.pieces, read, chain, &mut out);
        out
    }

    fn write_pieces(&self, pieces: &[ErrorPiece], read: &Read<'_>, chain: &mut Chain<'_>, out: &mut Vec<u8>) {
        for piece in pieces {
            if self.write_piece(piece, read, chain, out).is_none() {
                out.extend(CUT.bytes());
            }
        }
    }

    /// Nothing is written of what was not read.
    fn write_piece(
        &self,
        piece: &ErrorPiece,
        read: &Read<'_>,
        chain: &mut Chain<'_>,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        match *piece {
            ErrorPiece::Constant(ref text) => out.extend(text.bytes()),
            ErrorPiece::Text(at, written) => {
                let text = self.text_of(read, at);
                match written {
                    Written::Plain => out.extend(text),
                    Written::Hex => {
                        // The mark is not of the text.
                        let len = self.word(read, at.wrapping_add(8));
                        let cut = text.strip_suffix(CUT.as_bytes());
                        let cut = cut.filter(|_| len != Some(text.len() as u64));
                        for byte in cut.unwrap_or(&text) {
                            out.extend(format!("{byte:02x}").into_bytes());
                        }
                        return cut.is_none().then_some(());
                    }
                    Written::Quoted => out.extend(quoted(&text).into_bytes()),
                    Written::QuotedByTime => {
                        // The mark is not of the text.
                        let len = self.word(read, at.wrapping_add(8));
                        let cut = text.strip_suffix(CUT.as_bytes());
                        let cut = cut.filter(|_| len != Some(text.len() as u64));
                        let mut text = quoted_by_time(cut.unwrap_or(&text));
                        if cut.is_some() {
                            text.insert_str(text.len().saturating_sub(1), CUT);
                        }
                        out.extend(text.into_bytes());
                    }
                }
            }
            ErrorPiece::Around(before, at, behind) => {
                let text = self.known_text(read, at)?;
                if !text.is_empty() {
                    out.extend(before.bytes());
                    out.extend(text);
                    out.extend(behind.bytes());
                }
            }
            ErrorPiece::Number(number, digits) => {
                let value = self.number(read, number)?;
                out.extend(written(value, number.signed, digits).into_bytes());
            }
            ErrorPiece::OneOf(at, texts, ref others) => {
                let number = self.number(read, at)?;
                match texts.iter().find(|(of, _)| *of == number) {
                    Some((_, text)) => out.extend(text.bytes()),
                    None => self.write_pieces(others, read, chain, out),
                }
            }
            ErrorPiece::Bytes(number) => {
                let bytes = self.number(read, number)?.to_le_bytes();
                let size = usize::try_from(number.size).unwrap_or(0).min(8);
                out.extend(bytes.into_iter().take(size));
            }
            ErrorPiece::Type(at) => out.extend(self.type_told(read, at)?.into_bytes()),
            ErrorPiece::If(ref test, ref first, ref second) => match self.holds(test, read, chain)? {
                true => self.write_pieces(first, read, chain, out),
                false => self.write_pieces(second, read, chain, out),
            },
            ErrorPiece::More(at) => return (self.word(read, at)? == 0).then_some(()),
            ErrorPiece::Untold => return None,
            ErrorPiece::Inner(_) => out.extend(self.inner(read, chain)),
            ErrorPiece::Printed(at, of_none) => match self.word(read, at)? {
                0 => out.extend(of_none.bytes()),
                _ => out.extend(self.inner_printed(read, chain)),
            },
            ErrorPiece::Behind(_, ref shape) => match **shape {
                ErrorShape::Constant(ref text) => out.extend(text.bytes()),
                _ if !read.goes_on(chain) => return None,
                ref shape => out.extend(self.of_shape(shape, chain, read.base)?),
            },
            ErrorPiece::Endpoint(ip, zone, port) => {
                let port = match port {
                    Some(at) => Some(self.word(read, at)?),
                    None => None,
                };
                let ip = self.known_text(read, ip)?;
                let zone = self.known_text(read, zone);
                out.extend(ip::endpoint(&ip, zone.as_deref(), port));
            }
            ErrorPiece::Network(ip, mask) => {
                let text = ip::network(&self.known_text(read, ip)?, &self.known_text(read, mask)?);
                out.extend(text.into_bytes());
            }
            ErrorPiece::Ended(status, ref signals) => {
                let status = self.number(read, status)?;
                out.extend(ended(status, signals).into_bytes());
            }
            ErrorPiece::Bounds(ref bounds) => out.extend(self.out_of_bounds(bounds, read)?.into_bytes()),
            ErrorPiece::Each(at) => self.write_each(self.word(read, at.wrapping_add(8))?, read, chain, out),
        }
        Some(())
    }

    /// The messages of a list of errors, as far as there was room for them.
    fn write_each(&self, count: u64, read: &Read<'_>, chain: &mut Chain<'_>, out: &mut Vec<u8>) {
        for nth in 0..count {
            if nth > 0 {
                out.push(b'\n');
            }
            let is_last = chain.left.is_empty();
            out.extend(self.next(chain, read.base));
            if is_last {
                break;
            }
        }
    }

    /// The name of a type in an error.
    fn type_told(&self, read: &Read<'_>, at: u64) -> Option<String> {
        let descriptor = self.word(read, at)?.wrapping_sub(read.base);
        Some(self.names.of_type(descriptor, None))
    }

    /// Whether a test holds, if that is known.
    fn holds(&self, test: &ErrorTest, read: &Read<'_>, chain: &Chain<'_>) -> Option<bool> {
        let number = |at: NumberAt| self.number(read, at);
        match *test {
            ErrorTest::HasText(at) => Some(self.word(read, at.wrapping_add(8))? != 0),
            ErrorTest::Is(at, Some(this)) => Some(number(at)? == this),
            ErrorTest::Is(at, None) => Some(number(at)? != 0),
            ErrorTest::Same(one, other) => Some(number(one)? == number(other)?),
            ErrorTest::Says(_, text) => {
                let message = self.inner(read, &mut chain.clone());
                (message != CUT.as_bytes()).then(|| message == text.as_bytes())
            }
            ErrorTest::IsPointer(at) => Some(self.type_told(read, at)?.starts_with('*')),
            ErrorTest::SameName(one, other) => {
                Some(self.type_told(read, one)? == self.type_told(read, other)?)
            }
            ErrorTest::EndsInNumber(at) => {
                let text = self.text_of(read, at);
                let last = text.rsplit(|byte| *byte == b'.').next()?;
                let is_cut = text.ends_with(CUT.as_bytes());
                (!is_cut).then(|| !last.is_empty() && last.iter().all(u8::is_ascii_digit))
            }
        }
    }

    /// What the run time says of an index or a slice that is out of bounds.
    fn out_of_bounds(&self, bounds: &Bounds, read: &Read<'_>) -> Option<String> {
        let number = |at: NumberAt| self.number(read, at);
        let (x, y) = (number(bounds.x)?, number(bounds.y)?);
        let is_signed = number(bounds.signed)? != 0;
        let code = usize::try_from(number(bounds.code)?).ok()?;
        let texts = match is_signed && x.cast_signed() < 0 {
            true => &bounds.says_of_negative,
            false => &bounds.says,
        };
        let text = texts.get(code).filter(|text| !text.is_empty())?;
        let y = y.cast_signed().to_string();
        Some(
            text.replace("%x", &written(x, is_signed, Digits::Decimal))
                .replace("%y", &y),
        )
    }
}

fn written(number: u64, signed: bool, digits: Digits) -> String {
    match digits {
        Digits::Decimal if signed => number.cast_signed().to_string(),
        Digits::Decimal => number.to_string(),
        Digits::Hex if signed && number.cast_signed() < 0 => {
            format!("-{:x}", number.cast_signed().unsigned_abs())
        }
        Digits::Hex => format!("{number:x}"),
        // Go counts the sign, too.
        Digits::Three => format!("{:03}", number.cast_signed()),
        Digits::Character => character(number),
    }
}

/// How a process ended, as `os.ProcessState.String` tells it of a `syscall.WaitStatus`
/// (`src/syscall/syscall_linux.go`).
fn ended(status: u64, signals: &[String]) -> String {
    let signal = |number: u64| {
        let known = usize::try_from(number)
            .ok()
            .and_then(|number| signals.get(number));
        match known.filter(|name| !name.is_empty()) {
            Some(name) => name.clone(),
            None => format!("signal {number}"),
        }
    };
    let (low, code) = (status & 0x7f, status >> 8 & 0xff);
    let mut text = match low {
        0 => format!("exit status {code}"),
        _ if status == 0xffff => "continued".to_owned(),
        0x7f if status & 0xff == 0x7f => {
            let cause = status >> 16;
            match code {
                SIGTRAP if cause != 0 => format!("stop signal: {} (trap {cause})", signal(code)),
                _ => format!("stop signal: {}", signal(code)),
            }
        }
        0x7f => String::new(),
        low => format!("signal: {}", signal(low)),
    };
    if low != 0 && low != 0x7f && status & 0x80 != 0 {
        text.push_str(" (core dumped)");
    }
    text
}

const SIGTRAP: u64 = 5;

#[cfg(test)]
mod tests {
    use super::{ended, written};
    use crate::plan::Digits;

    #[test]
    fn ends_of_processes() {
        let mut signals = vec![String::new(); 32];
        signals[9] = "killed".to_owned();
        let said = |status| ended(status, &signals);
        assert_eq!(said(0), "exit status 0");
        assert_eq!(said(0x100), "exit status 1");
        assert_eq!(said(0xff00), "exit status 255");
        assert_eq!(said(9), "signal: killed");
        assert_eq!(said(0x89), "signal: killed (core dumped)");
        assert_eq!(said(40), "signal: signal 40");
        assert_eq!(said(0x097f), "stop signal: killed");
        assert_eq!(said(0xffff), "continued");
    }

    #[test]
    fn numbers_of_messages() {
        assert_eq!(written(42, true, Digits::Three), "042");
        assert_eq!(written(u64::MAX, true, Digits::Decimal), "-1");
        assert_eq!(written(u64::MAX, false, Digits::Decimal), "18446744073709551615");
        assert_eq!(written(0x1f, false, Digits::Hex), "1f");
        assert_eq!(written(u64::MAX, true, Digits::Hex), "-1");
        assert_eq!(written(u64::MAX, false, Digits::Hex), "ffffffffffffffff");
    }
}
