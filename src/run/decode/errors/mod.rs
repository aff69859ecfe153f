//! Messages of errors, as their `Error` methods make them, out of the words and texts that were read of them.

mod pieces;

use super::fields::{bytes, number};
use super::shown::{Cell, with_mark};
use super::{Context, Decoder};
use crate::plan::record::ZONE;
use crate::plan::{ErrorPiece, ErrorPieces, ErrorShape, KnownError, NumberAt};
use crate::run::show::ip;
use crate::run::show::text::CUT;
use std::borrow::Cow;

/// Stands for a message that was not read.
const NOT_IN_MEMORY: &[u8] = b"(message not in memory)";

/// An error, or one inside another, as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Link {
    /// The itab, or the type's descriptor: the file does not have itabs that the run time makes.
    tab: u64,
    data: u64,
    words: Vec<u8>,
    /// Two for each look.
    texts: Vec<Vec<u8>>,
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
            data: number(parts.next()?)?,
            words: bytes(parts.next()?)?,
            texts: vec![bytes(parts.next()?)?, bytes(parts.next()?)?],
            addresses: Vec::new(),
        })
    }

    /// So many of its bytes have been read: it may have more words than there is room for in a record.
    fn has_words(&self, until: u64) -> bool {
        self.words.len() as u64 >= until
    }

    /// A number, extended to 64 bits.
    fn number(&self, number: NumberAt) -> u64 {
        let at = usize::try_from(number.at).unwrap_or(usize::MAX);
        let size = usize::try_from(number.size).unwrap_or(8).min(8);
        let read = self.words.get(at..).and_then(|rest| rest.get(..size));
        let mut bytes = [0; 8];
        for (byte, read) in bytes.iter_mut().zip(read.unwrap_or_default()) {
            *byte = *read;
        }
        let bits = u64::from_le_bytes(bytes);
        let shift = 64 - 8 * size.clamp(1, 8);
        match number.signed {
            true => (bits << shift)
                .cast_signed()
                .wrapping_shr(shift as u32)
                .cast_unsigned(),
            false => bits,
        }
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
            "*net.TCPAddr" | "*net.UDPAddr" => {
                let zone = zone(self.port >> ZONE != 0);
                ip::endpoint(&self.begins, zone, Some(self.port & PORT))
            }
            // Its zone is where the others have a port.
            "*net.IPAddr" => ip::endpoint(&self.begins, zone(self.port & PORT != 0), None),
            "*net.UnixAddr" => self.begins.clone(),
            name => name.as_bytes().to_vec(),
        }
    }
}

/// What was read of an error and of those inside it, as far as it was not used yet.
#[derive(Clone)]
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

    /// The look that comes `nth` after this one, at the same error or at what is behind a pointer in it, if it is next.
    fn next_look(&mut self, link: &Link, nth: u64) -> Option<&'r Link> {
        let (next, rest) = self.links.split_first()?;
        if next.tab != link.tab.wrapping_add(nth) {
            return None;
        }
        self.links = rest;
        Some(next)
    }
}

/// The bits of a port.
const PORT: u64 = (1 << ZONE) - 1;

/// A zone is not read.
fn zone(has_one: bool) -> &'static [u8] {
    match has_one {
        true => CUT.as_bytes(),
        false => b"",
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
        link.texts = vec![text(first)?, text(second)?];
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
        let told = chain.links.first().filter(|link| link.data == data);
        let of_told = told.map(|link| link.tab).filter(|told| *told != tab);
        let descriptor = descriptor.or(of_told);
        let name = || self.names.of_type(tab, descriptor).into_bytes();
        let known = self.known_error(tab, descriptor).filter(|_| data != 0);
        let shape = known.map(|known| &known.shape);
        let Some(shape) = shape.filter(|shape| !matches!(shape, ErrorShape::Constant(_))) else {
            if told.is_some() || chain.has_all {
                chain.take(data);
            }
            return match shape {
                Some(ErrorShape::Constant(text)) => text.clone().into_bytes(),
                _ => name(),
            };
        };
        self.of_shape(shape, data, chain, base).unwrap_or_else(name)
    }

    /// The message of an error of this shape, if it comes next in what was read.
    fn of_shape(&self, shape: &ErrorShape, data: u64, chain: &mut Chain<'_>, base: u64) -> Option<Vec<u8>> {
        let link = chain.take(data)?;
        self.of_link(shape, link, chain, base)
    }

    /// The same of what was read.
    fn of_link(&self, shape: &ErrorShape, link: &Link, chain: &mut Chain<'_>, base: u64) -> Option<Vec<u8>> {
        let link = &self.with_constant_words(link, base);
        let text = |which: usize, offset: u64| self.text_of(link, which, offset, base);
        Some(match *shape {
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
                    return Some(out);
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
            ErrorShape::Pieces(ref told) if chain.links.is_empty() && is_list(told) => return None,
            ErrorShape::Pieces(ref told) => self.told_pieces(told, link, chain, base),
            ErrorShape::Constant(ref text) => text.clone().into_bytes(),
            ErrorShape::Address(..) => return None,
        })
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

    /// The error at this offset inside of another.
    fn inner(&self, link: &Link, offset: u64, chain: &mut Chain<'_>, base: u64) -> Vec<u8> {
        if !link.has_words(offset + 16) {
            return CUT.as_bytes().to_vec();
        }
        if let Some(next) = chain.links.first().filter(|_| chain.has_all) {
            // Errors around others have one number whatever is inside: their words are those of one of them.
            return self.message((next.tab, None, next.data), chain, base);
        }
        let (tab, data) = (link.word(offset), link.word(offset + 8));
        let tab = if tab == 0 { 0 } else { tab.wrapping_sub(base) };
        // It has as many errors inside as were read.
        if chain.links.is_empty() && tab != 0 && (chain.has_all || self.is_read(tab)) {
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

    /// A number in an error. Small ones that are a value by themselves are told from where they lie, since the run time
    /// keeps one table of them (`runtime.staticuint64s`, `src/runtime/iface.go`). The number's sign is in all bits.
    fn number_at(&self, link: &Link, number: NumberAt, base: u64) -> u64 {
        let at = link.data.wrapping_sub(base);
        let small = self.plan.small_numbers.and_then(|table| at.checked_sub(table));
        match small {
            Some(at) if at < 256 * 8 => at / 8,
            _ => link.number(number),
        }
    }

    /// The text of an errno.
    fn errno(&self, link: &Link, base: u64) -> Vec<u8> {
        let number = self.number_at(link, NumberAt::word(0), base);
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
