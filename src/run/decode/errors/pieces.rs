//! Messages that are made of pieces.

use super::{Chain, Link};
use crate::plan::{Bounds, Digits, ErrorPiece, ErrorPieces, ErrorTest, NumberAt, Written};
use crate::run::decode::Decoder;
use crate::run::show::ip;
use crate::run::show::text::{CUT, character, quoted, quoted_by_time};

/// An error whose message is made of pieces.
struct Told<'t> {
    told: &'t ErrorPieces,
    /// With the texts of all looks at it.
    link: Link,
    /// So many looks there were.
    looks: usize,
    /// It is of a key: what the numbers and texts of these looks do not hold may be another error's.
    is_key: bool,
    base: u64,
}

impl Told<'_> {
    /// So many of its bytes have been read, and those at this offset are this error's.
    fn has(&self, at: u64, end: u64) -> bool {
        let word = at / 8 * 8;
        let is_own = !self.is_key
            || self
                .told
                .numbers
                .iter()
                .take(self.looks)
                .any(|number| *number == word)
            || self.told.read.iter().take(2 * self.looks).any(|text| *text == at);
        is_own && self.link.has_words(end)
    }

    fn has_number(&self, number: NumberAt) -> bool {
        self.has(number.at, number.end())
    }
}

impl Decoder<'_> {
    /// A message that is made of pieces.
    pub(super) fn told_pieces(
        &self,
        told: &ErrorPieces,
        link: &Link,
        chain: &mut Chain<'_>,
        base: u64,
    ) -> Vec<u8> {
        let mut all = Told {
            told,
            link: link.clone(),
            looks: 1,
            is_key: chain.has_all,
            base,
        };
        // The other looks at it come next.
        while all.looks < told.looks()
            && let Some(next) = chain.next_look(link, all.looks as u64)
        {
            all.link.texts.extend(next.texts.iter().cloned());
            // In keys the first look may have the words of another error: numbers make the difference, look by look.
            all.link.words.clone_from(&next.words);
            all.looks += 1;
        }
        let mut out = Vec::new();
        self.write_pieces(&told.pieces, &all, chain, &mut out);
        out
    }

    fn write_pieces(&self, pieces: &[ErrorPiece], told: &Told<'_>, chain: &mut Chain<'_>, out: &mut Vec<u8>) {
        for piece in pieces {
            self.write_piece(piece, told, chain, out);
        }
    }

    fn write_piece(&self, piece: &ErrorPiece, told: &Told<'_>, chain: &mut Chain<'_>, out: &mut Vec<u8>) {
        let link = &told.link;
        let cut = |out: &mut Vec<u8>| out.extend(CUT.bytes());
        match *piece {
            // Words that were not read are not 0.
            _ if !link.has_words(piece.end()) => cut(out),
            ErrorPiece::Constant(text) => out.extend(text.bytes()),
            ErrorPiece::Text(at, written) => {
                let text = self.text_told(told, at);
                match written {
                    Written::Plain => out.extend(text),
                    Written::Quoted => out.extend(quoted(&text).into_bytes()),
                    Written::QuotedByTime => {
                        // The mark is not of the text.
                        let is_cut = text.len() as u64 != link.word(at + 8);
                        let cut = text.strip_suffix(CUT.as_bytes()).filter(|_| is_cut);
                        let mut text = quoted_by_time(cut.unwrap_or(&text));
                        if cut.is_some() {
                            text.insert_str(text.len().saturating_sub(1), CUT);
                        }
                        out.extend(text.into_bytes());
                    }
                }
            }
            ErrorPiece::Around(before, at, behind) => {
                let text = self.text_told(told, at);
                if !text.is_empty() {
                    out.extend(before.bytes());
                    out.extend(text);
                    out.extend(behind.bytes());
                }
            }
            ErrorPiece::Number(number, _) | ErrorPiece::OneOf(number, ..) | ErrorPiece::Ended(number, _)
                if !told.has_number(number) =>
            {
                cut(out);
            }
            ErrorPiece::Number(number, digits) => {
                let value = self.number_at(link, number, told.base);
                out.extend(written(value, number.signed, digits).into_bytes());
            }
            ErrorPiece::OneOf(at, texts, ref others) => {
                let number = self.number_at(link, at, told.base);
                match texts.iter().find(|(of, _)| *of == number) {
                    Some((_, text)) => out.extend(text.bytes()),
                    None => self.write_pieces(others, told, chain, out),
                }
            }
            ErrorPiece::Bytes(number) => {
                let bytes = link.number(number).to_le_bytes();
                let size = usize::try_from(number.size).unwrap_or(0).min(8);
                out.extend(bytes.into_iter().take(size));
            }
            ErrorPiece::Type(at) => match self.type_told(told, at) {
                Some(name) => out.extend(name.into_bytes()),
                None => cut(out),
            },
            ErrorPiece::If(ref test, ref first, ref second) => match self.holds(test, told, chain) {
                Some(true) => self.write_pieces(first, told, chain, out),
                Some(false) => self.write_pieces(second, told, chain, out),
                None => cut(out),
            },
            ErrorPiece::More(at) => {
                if !told.has(at, at + 8) || link.word(at) != 0 {
                    cut(out);
                }
            }
            ErrorPiece::Untold => cut(out),
            ErrorPiece::Inner(at) => out.extend(self.inner(link, at, chain, told.base)),
            ErrorPiece::Behind(_, ref shape) => {
                let behind = chain.next_look(link, told.looks as u64);
                let message = behind.and_then(|behind| self.of_link(shape, behind, chain, told.base));
                out.extend(message.unwrap_or_else(|| CUT.into()));
            }
            ErrorPiece::Endpoint(ip, zone, port) => {
                let port = port.map(|at| link.word(at));
                out.extend(ip::endpoint(
                    &self.text_told(told, ip),
                    &self.text_told(told, zone),
                    port,
                ));
            }
            ErrorPiece::Network(ip, mask) => {
                let text = ip::network(&self.text_told(told, ip), &self.text_told(told, mask));
                out.extend(text.into_bytes());
            }
            ErrorPiece::Ended(status, ref signals) => {
                let status = self.number_at(link, status, told.base);
                out.extend(ended(status, signals).into_bytes());
            }
            ErrorPiece::Bounds(ref bounds) => match self.out_of_bounds(bounds, told) {
                Some(text) => out.extend(text.into_bytes()),
                None => cut(out),
            },
            ErrorPiece::Each(at) => self.write_each(link.word(at + 8), told, chain, out),
        }
    }

    /// The messages of a list of errors.
    fn write_each(&self, count: u64, told: &Told<'_>, chain: &mut Chain<'_>, out: &mut Vec<u8>) {
        for nth in 0..count {
            if nth > 0 {
                out.push(b'\n');
            }
            // Each of a list was told of, as far as there was room.
            let Some((next, rest)) = chain.links.split_first() else {
                out.extend(CUT.bytes());
                break;
            };
            out.extend(self.message((next.tab, None, next.data), chain, told.base));
            // Of some nothing was to be known.
            if chain.links.len() > rest.len() {
                chain.links = rest;
            }
        }
    }

    /// A text of an error.
    fn text_told(&self, told: &Told<'_>, at: u64) -> Vec<u8> {
        if !told.has(at, at + 16) {
            return CUT.into();
        }
        // Of one that was not read there are no bytes but those of the file.
        let which = told.told.read.iter().position(|read| *read == at);
        self.text_of(&told.link, which.unwrap_or(usize::MAX), at, told.base)
    }

    /// The name of a type in an error.
    fn type_told(&self, told: &Told<'_>, at: u64) -> Option<String> {
        let is_there = told.has(at, at + 8);
        let descriptor = told.link.word(at).wrapping_sub(told.base);
        is_there.then(|| self.names.of_type(descriptor, None))
    }

    /// Whether a test holds, if that is known.
    fn holds(&self, test: &ErrorTest, told: &Told<'_>, chain: &Chain<'_>) -> Option<bool> {
        let link = &told.link;
        let number = |at: NumberAt| {
            let is_there = told.has_number(at);
            is_there.then(|| self.number_at(link, at, told.base))
        };
        match *test {
            ErrorTest::HasText(at) => told.has(at, at + 16).then(|| link.word(at + 8) != 0),
            ErrorTest::Is(at, Some(this)) => Some(number(at)? == this),
            ErrorTest::Is(at, None) => Some(number(at)? != 0),
            ErrorTest::Same(one, other) => Some(number(one)? == number(other)?),
            ErrorTest::Says(at, text) => {
                let message = self.inner(link, at, &mut chain.clone(), told.base);
                (message != CUT.as_bytes()).then(|| message == text.as_bytes())
            }
            ErrorTest::IsPointer(at) => Some(self.type_told(told, at)?.starts_with('*')),
            ErrorTest::SameName(one, other) => {
                Some(self.type_told(told, one)? == self.type_told(told, other)?)
            }
            ErrorTest::EndsInNumber(at) => {
                let text = self.text_told(told, at);
                let last = text.rsplit(|byte| *byte == b'.').next()?;
                let is_cut = text.ends_with(CUT.as_bytes());
                (!is_cut).then(|| !last.is_empty() && last.iter().all(u8::is_ascii_digit))
            }
        }
    }

    /// What the run time says of an index or a slice that is out of bounds.
    fn out_of_bounds(&self, bounds: &Bounds, told: &Told<'_>) -> Option<String> {
        let number = |at: NumberAt| {
            let is_there = told.has_number(at);
            is_there.then(|| self.number_at(&told.link, at, told.base))
        };
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
    }
}
