//! What was read of errors: look by look.

use crate::plan::ErrorShape;
use crate::plan::look::{Look, own_looks};
use crate::run::decode::fields::{bytes, number};

/// A look at an error, as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The itab, or the type's descriptor, plus how many looks at the same were before. The file does not have itabs
    /// that the run time makes.
    pub(super) tab: u64,
    pub(super) data: u64,
    number: u64,
    /// Where the text is, and its length.
    text_at: u64,
    len: u64,
    /// The itab of the error inside, if there is one, or another look at this one.
    next: u64,
    text: Vec<u8>,
}

/// A look that has a number, which comes after the one with the number `outer`, if that is not 0.
#[derive(Clone, Debug)]
pub(crate) struct Numbered {
    pub(super) outer: u64,
    /// How far the program was moved when it was loaded.
    pub(super) base: u64,
    pub(super) seen: Seen,
}

impl Seen {
    pub(crate) fn read<'t>(mut parts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let mut next = || parts.next();
        Some(Self {
            tab: number(next()?)?,
            data: number(next()?)?,
            number: number(next()?)?,
            text_at: number(next()?)?,
            len: number(next()?)?,
            next: number(next()?)?,
            text: bytes(next()?)?,
        })
    }
}

impl Numbered {
    pub(crate) fn read<'t>(mut parts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let outer = number(parts.next()?)?;
        let base = number(parts.next()?)?;
        let mut seen = Seen::read(parts)?;
        // A 0 in a key is told by where it is, if that is not certain to be in memory.
        let places = [seen.data, seen.text_at].map(|at| at.wrapping_sub(base));
        if places.contains(&seen.number) {
            seen.number = 0;
        }
        Some(Self { outer, base, seen })
    }
}

/// What was read of an error and of those inside it, as far as it was not used yet.
#[derive(Clone)]
pub(super) struct Chain<'r> {
    pub(super) left: &'r [Seen],
    /// None is missing. What comes next of one is that of the first error with its number: others may have another
    /// inside.
    pub(super) is_of_key: bool,
}

impl Chain<'_> {
    /// So many are of no use.
    pub(super) fn skip(&mut self, count: usize) {
        self.left = self.left.get(count..).unwrap_or_default();
    }
}

/// One error as it was read.
pub(super) struct Read<'r> {
    looks: Vec<(Look, &'r Seen)>,
    /// All looks at it are there.
    is_whole: bool,
    first: &'r Seen,
    /// How far the program was moved when it was loaded.
    pub(super) base: u64,
}

impl<'r> Read<'r> {
    /// Takes the looks at an error of this shape, which come next; none if there is nothing left.
    pub(super) fn take(shape: &ErrorShape, chain: &mut Chain<'r>, base: u64) -> Option<Self> {
        let first = chain.left.first()?;
        let all = own_looks(shape);
        let mut looks = Vec::new();
        for (nth, look) in (0..).zip(&all) {
            let next = chain.left.first();
            let Some(seen) = next.filter(|seen| seen.tab == first.tab.wrapping_add(nth)) else {
                break;
            };
            looks.push((*look, seen));
            chain.skip(1);
        }
        Some(Self {
            is_whole: looks.len() == all.len(),
            looks,
            first,
            base,
        })
    }

    /// Its address.
    pub(super) fn data(&self) -> u64 {
        self.first.data
    }

    /// The word at an offset, if it was read.
    pub(super) fn word(&self, offset: u64) -> Option<u64> {
        self.looks.iter().find_map(|(look, seen)| match look.text {
            _ if look.number == Some(offset) => Some(seen.number),
            Some(text) if text == offset => Some(seen.text_at),
            Some(text) if text.checked_add(8) == Some(offset) => Some(seen.len),
            _ => None,
        })
    }

    /// The bytes of the text at an offset, as many as were read.
    pub(super) fn text(&self, offset: u64) -> Option<&'r [u8]> {
        let mut looks = self.looks.iter();
        looks.find_map(|(look, seen)| (look.text == Some(offset)).then_some(seen.text.as_slice()))
    }

    /// The itab of the error inside, 0 if there is none, if all looks at this one are there.
    pub(super) fn next(&self) -> Option<u64> {
        let (_, last) = self.looks.last().filter(|_| self.is_whole)?;
        Some(last.next)
    }

    /// What is behind a pointer in it is looked at next, if the chain goes on with that.
    pub(super) fn goes_on(&self, chain: &Chain<'_>) -> bool {
        let next = self.first.tab.wrapping_add(self.looks.len() as u64);
        self.is_whole && chain.left.first().is_some_and(|seen| seen.tab == next)
    }
}
