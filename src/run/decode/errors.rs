//! Messages of errors, as their `Error` methods make them, out of the words and texts that were read of them.

use super::fields::{bytes, number};
use super::shown::{Cell, with_mark};
use super::{Context, Decoder};
use crate::plan::{ErrorPiece, ErrorPieces, ErrorShape, KnownError};
use crate::run::show::ip;
use crate::run::show::text::{CUT, quoted};
use std::borrow::Cow;

/// Stands for a message that was not read.
const NOT_IN_MEMORY: &[u8] = b"(message not in memory)";

/// An error, or one inside another, as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    tab: u64,
    /// The type in the itab that `tab` is, if it is one: the file does not have those that the run time makes.
    descriptor: u64,
    data: u64,
    words: Vec<u8>,
    texts: [Vec<u8>; 2],
    pub(crate) addresses: Vec<Address>,
}

/// A network address of an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    which: u64,
    data: u64,
    port: u64,
    begins: Vec<u8>,
}

/// An error that has a number, inside the one with the number `outer`, if that is not 0. Its texts have numbers, too,
/// and what its addresses begin with.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    outer: u64,
    /// How far the program was moved when it was loaded.
    base: u64,
    link: Link,
    texts: [u64; 2],
    begins: Vec<u64>,
}

impl Numbered {
    pub(crate) fn read<'t>(mut parts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let outer = number(parts.next()?)?;
        let base = number(parts.next()?)?;
        let mut link = Link {
            tab: number(parts.next()?)?,
            descriptor: number(parts.next()?)?,
            data: number(parts.next()?)?,
            words: bytes(parts.next()?)?,
            ..Link::default()
        };
        let texts = [number(parts.next()?)?, number(parts.next()?)?];
        let mut begins = Vec::new();
        while let Some(data) = parts.next() {
            link.addresses.push(Address {
                which: begins.len() as u64,
                data: number(data)?,
                port: number(parts.next()?)?,
                begins: Vec::new(),
            });
            begins.push(number(parts.next()?)?);
        }
        Some(Self {
            outer,
            base,
            link,
            texts,
            begins,
        })
    }
}

impl Link {
    pub(crate) fn read<'t>(mut parts: impl Iterator<Item = &'t str>) -> Option<Self> {
        Some(Self {
            tab: number(parts.next()?)?,
            descriptor: number(parts.next()?)?,
            data: number(parts.next()?)?,
            words: bytes(parts.next()?)?,
            texts: [bytes(parts.next()?)?, bytes(parts.next()?)?],
            addresses: Vec::new(),
        })
    }

    /// So many of its bytes have been read: it may have more words than there is room for in a record.
    fn has_words(&self, until: u64) -> bool {
        self.words.len() as u64 >= until
    }

    /// The word at this offset.
    fn word(&self, offset: u64) -> u64 {
        word(&self.words, offset)
    }
}

impl Address {
    pub(crate) fn read<'t>(mut parts: impl Iterator<Item = &'t str>) -> Option<Self> {
        Some(Self {
            which: number(parts.next()?)?,
            data: number(parts.next()?)?,
            port: number(parts.next()?)?,
            begins: bytes(parts.next()?)?,
        })
    }

    /// As its `String` method prints it, by its type.
    fn shown(&self, name: &str) -> Vec<u8> {
        match name {
            "*net.TCPAddr" | "*net.UDPAddr" => ip::with_port(&self.begins, self.port).into_bytes(),
            "*net.IPAddr" => ip::go(&self.begins).into_bytes(),
            "*net.UnixAddr" => self.begins.clone(),
            name => name.as_bytes().to_vec(),
        }
    }
}

/// What was read of an error and of those inside it, as far as it was not used yet.
struct Chain<'r> {
    links: &'r [Link],
    /// There is something of every one of them, also of those of which nothing is to be known.
    has_all: bool,
}

impl<'r> Chain<'r> {
    /// What was read of the error at this address, if it comes next.
    fn take(&mut self, data: u64) -> Option<&'r Link> {
        let (first, rest) = self.links.split_first()?;
        if first.data != data {
            return None;
        }
        self.links = rest;
        Some(first)
    }
}

fn word(words: &[u8], offset: u64) -> u64 {
    let at = usize::try_from(offset).unwrap_or(usize::MAX);
    let bytes = words.get(at..).and_then(|rest| rest.first_chunk::<8>());
    bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

impl Decoder<'_> {
    /// An error that has a number.
    pub(super) fn error_with_number(&self, id: u64) -> Cell {
        if id == 0 {
            return Cell::nil();
        }
        let mut chain = Vec::new();
        let mut base = 0;
        let mut at = id;
        while at != 0 && chain.len() < 64 {
            let Some(numbered) = self.errors.get(&at) else {
                return Cell::lost();
            };
            let Some(link) = self.with_texts(numbered) else {
                return Cell::lost();
            };
            chain.push(link);
            base = numbered.base;
            at = numbered.outer;
        }
        chain.reverse();
        let Some(first) = chain.first() else {
            return Cell::lost();
        };
        let (tab, data) = (first.tab, first.data);
        let mut chain = Chain {
            links: &chain,
            has_all: true,
        };
        Cell::of_text(self.message((tab, None, data), &mut chain, base))
    }

    /// An error with its texts; none if one of them was lost.
    fn with_texts(&self, numbered: &Numbered) -> Option<Link> {
        let text = |id: u64| match id {
            0 => Some(Vec::new()),
            id => self.texts.get(&id).cloned(),
        };
        let mut link = numbered.link.clone();
        let [first, second] = numbered.texts;
        link.texts = [text(first)?, text(second)?];
        for (address, begins) in link.addresses.iter_mut().zip(&numbered.begins) {
            address.begins = text(*begins)?;
        }
        Some(link)
    }

    /// An error of a record, by the words of its interface.
    pub(super) fn error(
        &self,
        (tab, descriptor, data): (u64, Option<u64>, u64),
        which: u64,
        context: &Context<'_>,
    ) -> Vec<u8> {
        let mut chain = Chain {
            links: context.errors.get(&which).map(Vec::as_slice).unwrap_or_default(),
            has_all: false,
        };
        self.message((tab, descriptor, data), &mut chain, context.base)
    }

    /// The message of an error as far as its type is a known one, and it comes next in what was read; else the type.
    /// `tab` is as linked.
    fn message(
        &self,
        (tab, descriptor, data): (u64, Option<u64>, u64),
        chain: &mut Chain<'_>,
        base: u64,
    ) -> Vec<u8> {
        if tab == 0 {
            return b"nil".to_vec();
        }
        let told = chain
            .links
            .first()
            .filter(|link| (link.tab, link.data) == (tab, data));
        let descriptor = descriptor.or_else(|| told.map(|link| link.descriptor));
        let name = || self.names.of_type(tab, descriptor).into_bytes();
        let known = self.known_error(tab, descriptor).filter(|_| data != 0);
        let shape = known.map(|known| &known.shape);
        let Some(shape) = shape.filter(|shape| !matches!(shape, ErrorShape::Constant(_))) else {
            if chain.has_all {
                chain.take(data);
            }
            return match shape {
                Some(ErrorShape::Constant(text)) => text.clone().into_bytes(),
                _ => name(),
            };
        };
        let Some(link) = chain.take(data) else {
            return name();
        };
        let link = &self.with_constant_words(link, base);
        let text = |which: usize, offset: u64| self.text_of(link, which, offset, base);
        match *shape {
            ErrorShape::Message(at) if self.is_unread(link, 0, at, base) => NOT_IN_MEMORY.into(),
            ErrorShape::Message(at) => text(0, at),
            ErrorShape::Errno => self.errno(link, base),
            ErrorShape::Path(operation, path, at) => [
                text(0, operation),
                text(1, path),
                self.inner(link, at, chain, base),
            ]
            .join_with(&[" ", ": "]),
            ErrorShape::Syscall(name, at) => {
                [text(0, name), self.inner(link, at, chain, base)].join_with(&[": "])
            }
            ErrorShape::Net(operation, network, source, address, at) => {
                let mut out = text(0, operation);
                let network = text(1, network);
                if !network.is_empty() {
                    out.push(b' ');
                    out.extend(network);
                }
                // Whether it has addresses, and of what type, is not known then, nor is the error in it.
                if !link.has_words(source.max(address) + 16) {
                    out.push(b' ');
                    out.extend(CUT.bytes());
                    return out;
                }
                let end = |which, at: u64| {
                    let found = link.addresses.iter().find(|address| address.which == which);
                    let tab = link.word(at).wrapping_sub(base);
                    found
                        .filter(|address| address.data != 0)
                        .map(|address| address.shown(&self.names.of_type(tab, None)))
                };
                let (source, address) = (end(0, source), end(1, address));
                if let Some(source) = &source {
                    out.push(b' ');
                    out.extend(source);
                }
                if let Some(address) = address {
                    out.extend(if source.is_some() { "->" } else { " " }.bytes());
                    out.extend(address);
                }
                [out, self.inner(link, at, chain, base)].join_with(&[": "])
            }
            // Nothing was read of what is in its list.
            ErrorShape::Pieces(ref told) if chain.links.is_empty() && is_list(told) => name(),
            ErrorShape::Pieces(ref told) => self.told_pieces(told, link, chain, base),
            ErrorShape::Constant(_) | ErrorShape::Address(..) => name(),
        }
    }

    /// What was read of an error; of a constant of the program, what its file has.
    fn with_constant_words<'l>(&self, link: &'l Link, base: u64) -> Cow<'l, Link> {
        let size = link.words.len();
        let constant = self.names.constant(link.data.wrapping_sub(base), size as u64);
        match constant {
            Some(words) if words.len() == size && words != link.words => Cow::Owned(Link {
                words: words.to_vec(),
                ..link.clone()
            }),
            _ => Cow::Borrowed(link),
        }
    }

    /// A message that is made of pieces.
    fn told_pieces(&self, told: &ErrorPieces, link: &Link, chain: &mut Chain<'_>, base: u64) -> Vec<u8> {
        let text = |offset: u64| {
            // Of one that was not read there are no bytes but those of the file.
            let which = told.read.iter().position(|read| *read == offset);
            self.text_of(link, which.unwrap_or(usize::MAX), offset, base)
        };
        let mut out = Vec::new();
        for piece in &told.pieces {
            match *piece {
                // Words that were not read are not 0.
                _ if !link.has_words(piece.end()) => out.extend(CUT.bytes()),
                ErrorPiece::Constant(text) => out.extend(text.bytes()),
                ErrorPiece::Text(at) => out.extend(text(at)),
                ErrorPiece::Quoted(at) => out.extend(quoted(&text(at)).into_bytes()),
                ErrorPiece::Around(before, at, behind) => {
                    let text = text(at);
                    if !text.is_empty() {
                        out.extend(before.bytes());
                        out.extend(text);
                        out.extend(behind.bytes());
                    }
                }
                ErrorPiece::Number(at) => {
                    let number = self.number_at(link, at, base).cast_signed();
                    out.extend(number.to_string().bytes());
                }
                ErrorPiece::OneOf(at, texts) => {
                    let number = self.number_at(link, at, base);
                    let known = texts.iter().find(|(of, _)| *of == number);
                    match known {
                        Some((_, text)) => out.extend(text.bytes()),
                        None => out.extend(number.to_string().bytes()),
                    }
                }
                ErrorPiece::More(at) if link.word(at) != 0 => out.extend(CUT.bytes()),
                ErrorPiece::More(_) => {}
                ErrorPiece::Inner(at) => out.extend(self.inner(link, at, chain, base)),
                ErrorPiece::Endpoint(ip, zone, port) => {
                    let port = port.map(|at| link.word(at));
                    out.extend(ip::endpoint(&text(ip), &text(zone), port));
                }
                ErrorPiece::Network(ip, mask) => {
                    out.extend(ip::network(&text(ip), &text(mask)).into_bytes());
                }
                ErrorPiece::Each(at) => {
                    let count = link.word(at + 8);
                    for nth in 0..count {
                        if nth > 0 {
                            out.push(b'\n');
                        }
                        // Each of a list was told of, as far as there was room.
                        let Some((next, rest)) = chain.links.split_first() else {
                            out.extend(CUT.bytes());
                            break;
                        };
                        out.extend(self.message((next.tab, None, next.data), chain, base));
                        // Of some nothing was to be known.
                        if chain.links.len() > rest.len() {
                            chain.links = rest;
                        }
                    }
                }
            }
        }
        out
    }

    /// The error at this offset inside of another.
    fn inner(&self, link: &Link, offset: u64, chain: &mut Chain<'_>, base: u64) -> Vec<u8> {
        if !link.has_words(offset + 16) {
            return CUT.as_bytes().to_vec();
        }
        let (tab, data) = (link.word(offset), link.word(offset + 8));
        let tab = if tab == 0 { 0 } else { tab.wrapping_sub(base) };
        // It has as many errors inside as were read.
        if chain.links.is_empty() && tab != 0 && self.is_read(tab) {
            return CUT.as_bytes().to_vec();
        }
        self.message((tab, None, data), chain, base)
    }

    /// Something is read of errors of this type.
    fn is_read(&self, tab: u64) -> bool {
        self.known_error(tab, None)
            .is_some_and(|known| !matches!(known.shape, ErrorShape::Constant(_)))
    }

    fn known_error(&self, tab: u64, descriptor: Option<u64>) -> Option<&KnownError> {
        let seen = descriptor.filter(|word| *word != 0);
        let word = seen.or_else(|| self.names.descriptor(tab));
        self.plan.errors.iter().find(|known| {
            known.descriptor == tab || known.itabs.contains(&tab) || Some(known.descriptor) == word
        })
    }

    /// A text of an error, whose words say where it is and how long.
    fn text_of(&self, link: &Link, which: usize, offset: u64, base: u64) -> Vec<u8> {
        if !link.has_words(offset + 16) {
            return CUT.as_bytes().to_vec();
        }
        let (at, len) = (link.word(offset), link.word(offset + 8));
        let read = link.texts.get(which).map(Vec::as_slice).unwrap_or_default();
        let constant = self
            .names
            .constant(at.wrapping_sub(base), len.min(self.longest_text));
        match constant {
            Some(bytes) => with_mark(bytes, len),
            None if self.is_unread(link, which, offset, base) => CUT.as_bytes().to_vec(),
            None => with_mark(read, len),
        }
    }

    /// A text of an error was not in memory: what cannot be read is all zeros.
    fn is_unread(&self, link: &Link, which: usize, offset: u64, base: u64) -> bool {
        let (at, len) = (link.word(offset), link.word(offset + 8));
        let read = link.texts.get(which).map(Vec::as_slice).unwrap_or_default();
        let is_zero = !read.is_empty() && read.iter().all(|byte| *byte == 0);
        is_zero && self.names.constant(at.wrapping_sub(base), len).is_none()
    }

    /// The number in a word of an error. Small ones that are a value by themselves are told from where they lie, since
    /// the run time keeps one table of them (`runtime.staticuint64s`, `src/runtime/iface.go`).
    fn number_at(&self, link: &Link, offset: u64, base: u64) -> u64 {
        let at = link.data.wrapping_sub(base);
        let small = self.plan.small_numbers.and_then(|table| at.checked_sub(table));
        match small {
            Some(at) if at < 256 * 8 => at / 8,
            _ => link.word(offset),
        }
    }

    /// The text of an errno.
    fn errno(&self, link: &Link, base: u64) -> Vec<u8> {
        let number = self.number_at(link, 0, base);
        let texts = &self.plan.errno_texts;
        let known = usize::try_from(number).ok().and_then(|n| texts.get(n));
        match known.filter(|text| !text.is_empty()) {
            Some(text) => text.clone().into_bytes(),
            None => format!("errno {number}").into_bytes(),
        }
    }
}

/// Its message is that of others alone.
fn is_list(told: &ErrorPieces) -> bool {
    matches!(told.pieces.as_slice(), [ErrorPiece::Each(_)])
}

/// Joins pieces with what stands between them.
trait JoinWith {
    fn join_with(&self, between: &[&str]) -> Vec<u8>;
}

impl<const N: usize> JoinWith for [Vec<u8>; N] {
    fn join_with(&self, between: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        for (at, piece) in self.iter().enumerate() {
            if let Some(text) = at.checked_sub(1).and_then(|before| between.get(before)) {
                out.extend_from_slice(text.as_bytes());
            }
            out.extend_from_slice(piece);
        }
        out
    }
}
