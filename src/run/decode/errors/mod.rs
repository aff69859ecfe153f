//! Messages of errors, as their `Error` methods make them, out of the words and texts that were read of them.

mod pieces;
mod read;

use super::shown::{Cell, with_mark};
use super::{Context, Decoder};
use crate::plan::{ErrorPiece, ErrorPieces, ErrorShape, KnownError, NumberAt};
use crate::run::show::text::CUT;
use read::{Chain, Read};
pub(crate) use read::{Numbered, Seen};

/// Stands for a message that was not read.
const NOT_IN_MEMORY: &[u8] = b"(message not in memory)";

/// More looks at an error than a script has are none.
const MOST_LOOKS: usize = 64;

impl Decoder<'_> {
    /// An error that has a number.
    pub(super) fn error_with_number(&self, id: u64) -> Cell {
        if id == 0 {
            return Cell::nil();
        }
        let mut seen = Vec::new();
        let mut base = 0;
        let mut at = id;
        while at != 0 && seen.len() < MOST_LOOKS {
            let Some(numbered) = self.errors.get(&at) else {
                return Cell::lost();
            };
            seen.push(numbered.seen.clone());
            base = numbered.base;
            at = numbered.outer;
        }
        seen.reverse();
        let Some(first) = seen.first() else {
            return Cell::lost();
        };
        let (tab, data) = (first.tab, first.data);
        let mut chain = Chain {
            left: &seen,
            is_of_key: true,
        };
        Cell::of_text(self.message((tab, None, data), &mut chain, base))
    }

    /// An error of a record, by the words of its interface.
    pub(super) fn error(
        &self,
        (tab, descriptor, data): (u64, Option<u64>, u64),
        which: u64,
        context: &Context<'_>,
    ) -> Vec<u8> {
        let mut chain = Chain {
            left: context.errors.get(&which).map(Vec::as_slice).unwrap_or_default(),
            is_of_key: false,
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
        let told = chain.left.first().filter(|seen| seen.data == data);
        let descriptor = descriptor.or(told.map(|seen| seen.tab).filter(|told| *told != tab));
        let name = || self.names.of_type(tab, descriptor).into_bytes();
        let known = self.known_error(tab, descriptor);
        if data == 0 {
            chain.skip(known.map_or(1, |known| known.looks.len()));
            return name();
        }
        match known.map(|known| &known.shape) {
            None => {
                chain.skip(usize::from(told.is_some()));
                name()
            }
            Some(ErrorShape::Constant(text)) => {
                chain.skip(usize::from(told.is_some()));
                text.clone().into_bytes()
            }
            Some(_) if told.is_none() => name(),
            Some(shape) => self.of_shape(shape, chain, base).unwrap_or_else(name),
        }
    }

    /// The message of an error of this shape, whose looks come next.
    fn of_shape(&self, shape: &ErrorShape, chain: &mut Chain<'_>, base: u64) -> Option<Vec<u8>> {
        let read = Read::take(shape, chain, base)?;
        let text = |offset: u64| self.text_of(&read, offset);
        Some(match *shape {
            ErrorShape::Message(at) if self.is_unread(&read, at) => NOT_IN_MEMORY.into(),
            ErrorShape::Message(at) => text(at),
            ErrorShape::Errno => self.errno(&read),
            ErrorShape::Path(operation, path, _) => {
                [text(operation), text(path), self.inner(&read, chain)].join_with(&[" ", ": "])
            }
            ErrorShape::Syscall(name, _) => [text(name), self.inner(&read, chain)].join_with(&[": "]),
            ErrorShape::Net(operation, network, source, address, _) => {
                let mut out = text(operation);
                let network = text(network);
                if !network.is_empty() {
                    out.push(b' ');
                    out.extend(network);
                }
                // Whether it has addresses is not known then.
                let (Some(source), Some(address)) = (self.word(&read, source), self.word(&read, address))
                else {
                    out.push(b' ');
                    out.extend(CUT.bytes());
                    return Some(out);
                };
                if source != 0 {
                    out.push(b' ');
                    out.extend(self.next(chain, base));
                }
                if address != 0 {
                    out.extend(if source != 0 { "->" } else { " " }.bytes());
                    out.extend(self.next(chain, base));
                }
                [out, self.next(chain, base)].join_with(&[": "])
            }
            // Nothing was read of what is in its list.
            ErrorShape::Pieces(ref told) if chain.left.is_empty() && is_list(told) => return None,
            ErrorShape::Pieces(ref told) => self.told_pieces(told, &read, chain),
            ErrorShape::Constant(ref text) => text.clone().into_bytes(),
            ErrorShape::Address(..) => return None,
        })
    }

    /// The message of the error that comes next.
    fn next(&self, chain: &mut Chain<'_>, base: u64) -> Vec<u8> {
        let Some(next) = chain.left.first() else {
            return CUT.into();
        };
        let left = chain.left.len();
        let out = self.message((next.tab, None, next.data), chain, base);
        if chain.left.len() == left {
            chain.skip(1);
        }
        out
    }

    /// The error inside of another.
    fn inner(&self, read: &Read<'_>, chain: &mut Chain<'_>) -> Vec<u8> {
        let base = read.base;
        let tab = match read.next() {
            None => return CUT.into(),
            Some(0) if !chain.is_of_key || chain.left.is_empty() => return b"nil".to_vec(),
            Some(next) => next.wrapping_sub(base),
        };
        let descriptor = self.names.descriptor(tab);
        let is_it = |seen: &Seen| seen.tab == tab || descriptor.is_none_or(|of_tab| of_tab == seen.tab);
        if chain.is_of_key || chain.left.first().is_some_and(is_it) {
            return self.next(chain, base);
        }
        // It has as many errors inside as were looked at.
        match self.known_error(tab, None).map(|known| &known.shape) {
            Some(ErrorShape::Constant(text)) => text.clone().into_bytes(),
            Some(_) => CUT.into(),
            None => self.names.of_type(tab, None).into_bytes(),
        }
    }

    /// The same as `fmt` prints it: of one that writes itself the type.
    fn inner_printed(&self, read: &Read<'_>, chain: &mut Chain<'_>) -> Vec<u8> {
        let tab = read.next().map(|tab| tab.wrapping_sub(read.base));
        let next = chain.left.first().map(|next| next.tab);
        let known = [next, tab].map(|tab| tab.and_then(|tab| self.known_error(tab, None)));
        let formatter = known.into_iter().flatten().find(|known| known.formats);
        let message = self.inner(read, chain);
        formatter.map_or(message, |known| known.name.clone().into_bytes())
    }

    fn known_error(&self, tab: u64, descriptor: Option<u64>) -> Option<&KnownError> {
        let seen = descriptor.filter(|word| *word != 0);
        let word = seen.or_else(|| self.names.descriptor(tab));
        self.plan.errors.iter().find(|known| {
            known.descriptor == tab || known.itabs.contains(&tab) || Some(known.descriptor) == word
        })
    }

    /// The word at an offset of an error: of a constant of the program what its file has, else what was read.
    fn word(&self, read: &Read<'_>, offset: u64) -> Option<u64> {
        let address = read.data().wrapping_sub(read.base).wrapping_add(offset);
        let constant = self.names.constant(address, 8);
        match constant.and_then(|bytes| bytes.first_chunk::<8>()) {
            Some(bytes) => Some(u64::from_le_bytes(*bytes)),
            None => read.word(offset),
        }
    }

    /// A text of an error, whose words say where it is and how long; a mark, if it was not read.
    fn text_of(&self, read: &Read<'_>, offset: u64) -> Vec<u8> {
        self.known_text(read, offset).unwrap_or_else(|| CUT.into())
    }

    /// A text of an error, if it was read.
    fn known_text(&self, read: &Read<'_>, offset: u64) -> Option<Vec<u8>> {
        let at = self.word(read, offset)?;
        let len = self.word(read, offset.wrapping_add(8))?;
        let constant = self
            .names
            .constant(at.wrapping_sub(read.base), len.min(self.longest_text));
        match constant {
            Some(bytes) => Some(with_mark(bytes, len)),
            None if self.is_unread(read, offset) => None,
            None => Some(with_mark(read.text(offset).unwrap_or_default(), len)),
        }
    }

    /// A text of an error was not in memory: what cannot be read is all zeros.
    fn is_unread(&self, read: &Read<'_>, offset: u64) -> bool {
        let text = read.text(offset).unwrap_or_default();
        let (at, len) = (self.word(read, offset), self.word(read, offset.wrapping_add(8)));
        let constant = at.zip(len).and_then(|(at, len)| {
            let address = at.wrapping_sub(read.base);
            self.names.constant(address, len)
        });
        !text.is_empty() && text.iter().all(|byte| *byte == 0) && constant.is_none()
    }

    /// A number in an error, its sign in all bits; none if it was not read. Small ones that are a value by themselves
    /// are told from where they lie, since the run time keeps one table of them (`runtime.staticuint64s`,
    /// `src/runtime/iface.go`).
    fn number(&self, read: &Read<'_>, number: NumberAt) -> Option<u64> {
        let at = read.data().wrapping_sub(read.base);
        let small = self.plan.small_numbers.and_then(|table| at.checked_sub(table));
        let word = match small.filter(|at| *at < 256 * 8) {
            Some(at) => at / 8,
            None => self.word(read, number.at / 8 * 8)?,
        };
        let (lowest, size) = (8 * (number.at % 8), 8 * number.size.clamp(1, 8));
        if lowest + size > 64 {
            return None;
        }
        let above = 64 - size;
        let bits = word >> lowest << above;
        Some(match number.signed {
            true => (bits.cast_signed() >> above).cast_unsigned(),
            false => bits >> above,
        })
    }

    /// The text of an errno.
    fn errno(&self, read: &Read<'_>) -> Vec<u8> {
        let Some(number) = self.number(read, NumberAt::word(0)) else {
            return CUT.into();
        };
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
