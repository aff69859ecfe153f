//! Lists of records.

use super::fields::{self, Fields, number};
use super::{Cell, Context, Decoder, Errors, Lists, Pending};
use crate::plan::record::{Count, Elements, Inside, List, Piece};

/// An element that had a record of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Element {
    fields: Vec<String>,
    errors: Errors,
    lists: Lists,
}

impl Pending {
    /// Takes the record of an element of a list, with what was written for it.
    fn add<'t>(&mut self, mut parts: impl Iterator<Item = &'t str>) -> Option<()> {
        let list = number(parts.next()?)?;
        let first_error = number(parts.next()?)?;
        let mut fields = std::mem::take(&mut self.fields);
        fields.extend(parts.map(str::to_owned));
        let element = Element {
            fields,
            errors: self.errors.split_off(&first_error),
            lists: self.lists.split_off(&(list + 1)),
        };
        self.lists.entry(list).or_default().push(element);
        Some(())
    }
}

impl Count {
    fn of(self, fields: &Fields) -> u64 {
        match self {
            Self::Field(field) => fields.number(field),
            Self::Fixed(count) => count,
        }
    }
}

/// A field that lies inside of the bytes of an element, which begins at `address`.
fn inside(field: Inside, bytes: &[u8], address: u64) -> fields::Value {
    let part = |offset: u64, size: u64| {
        let start = usize::try_from(offset).ok()?;
        bytes.get(start..start.checked_add(usize::try_from(size).ok()?)?)
    };
    match field {
        Inside::Number { offset, size, signed } => {
            let bytes = part(offset, size).unwrap_or_default();
            let word = bytes
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
            let above = 64u32.saturating_sub(u32::try_from(size * 8).unwrap_or(64));
            fields::Value::Number(if signed {
                ((word << above).cast_signed() >> above).cast_unsigned()
            } else {
                word
            })
        }
        Inside::Bytes { offset, size } => {
            fields::Value::Bytes(part(offset, size).unwrap_or_default().to_vec())
        }
        Inside::Address(offset) => fields::Value::Number(address.wrapping_add(offset)),
    }
}

impl Decoder<'_> {
    pub(super) fn element<'t>(&mut self, mut parts: impl Iterator<Item = &'t str>) -> Option<()> {
        let thread = number(parts.next()?)?;
        self.pending.entry(thread).or_default().add(parts)
    }

    /// All elements of lists that have a record each have come.
    pub(super) fn are_whole(&self, pieces: &[Piece], context: &Context<'_>) -> bool {
        pieces.iter().all(|piece| match piece {
            Piece::Unless(_, a, b) => self.are_whole(a, context) && self.are_whole(b, context),
            Piece::Pointee(_, inner) => self.are_whole(inner, context),
            Piece::List(list) => self.is_whole(list, context),
            Piece::Text(_) | Piece::Clock | Piece::Shown(..) | Piece::Composed(..) => true,
        })
    }

    fn is_whole(&self, list: &List, context: &Context<'_>) -> bool {
        let Elements::Records {
            list: number,
            most,
            fields: kinds,
        } = &list.taken
        else {
            return true;
        };
        let came = context.lists.get(number).map(Vec::as_slice).unwrap_or_default();
        let all = list.count.of(context.fields).min(*most);
        came.len() as u64 == all
            && came.iter().all(|element| {
                let fields = Fields::read(kinds, element.fields.iter().map(String::as_str));
                fields.is_some_and(|fields| {
                    element.fields.len() == kinds.len()
                        && self.are_whole(&list.element, &element.context(&fields, context))
                })
            })
    }

    /// `[3]{a, b, c}`, of an array `[a b c]`; both say how many more there are.
    pub(super) fn list(&self, list: &List, context: &Context<'_>) -> Cell {
        if list.behind.iter().any(|field| context.fields.number(*field) == 0) {
            return Cell::nil();
        }
        let count = list.count.of(context.fields);
        let (mut text, between, end) = match list.count {
            Count::Field(_) => (format!("[{count}]"), ", ", "}"),
            Count::Fixed(_) => (String::new(), " ", "]"),
        };
        let is_slice = !text.is_empty();
        if is_slice && list.element.is_empty() {
            return Cell::of_text(text.into_bytes());
        }
        text.push(if is_slice { '{' } else { '[' });
        let shown = self.elements(list, count, context);
        let more = count.saturating_sub(shown.len() as u64);
        let mut all: Vec<Vec<u8>> = shown.into_iter().map(|cell| cell.text).collect();
        if more > 0 {
            all.push(format!("… {more} more").into_bytes());
        }
        let mut text = text.into_bytes();
        text.extend(all.join(between.as_bytes()));
        text.extend_from_slice(end.as_bytes());
        Cell::of_text(text)
    }

    fn elements(&self, list: &List, count: u64, context: &Context<'_>) -> Vec<Cell> {
        let cell = |context: &Context<'_>| Cell::joined(&self.pieces(&list.element, context));
        match &list.taken {
            Elements::Alike(most) => {
                let shown = usize::try_from(count.min(*most)).unwrap_or(0);
                vec![cell(context); shown]
            }
            Elements::First(first) => {
                let there = usize::try_from(count).unwrap_or(usize::MAX);
                let first = first.iter().take(there);
                first
                    .map(|pieces| Cell::joined(&self.pieces(pieces, context)))
                    .collect()
            }
            Elements::Bytes {
                data,
                bytes,
                size,
                fields: inner,
            } => {
                let read = context.fields.bytes(*bytes);
                let address = context.fields.number(*data);
                let constant = self
                    .names
                    .constant(address.wrapping_sub(context.base), read.len() as u64);
                let bytes = constant.filter(|known| known.len() == read.len()).unwrap_or(read);
                let size = usize::try_from(*size).unwrap_or(usize::MAX).max(1);
                let shown = usize::try_from(count).unwrap_or(usize::MAX);
                let elements = bytes.chunks_exact(size).take(shown).enumerate();
                let cells = elements.map(|(at, bytes)| {
                    let address = address.wrapping_add((at * size) as u64);
                    let values = inner.iter().map(|field| inside(*field, bytes, address));
                    let fields = Fields(values.collect());
                    cell(&Context {
                        fields: &fields,
                        ..*context
                    })
                });
                cells.collect()
            }
            Elements::Records {
                list: number,
                fields: kinds,
                ..
            } => {
                let came = context.lists.get(number).map(Vec::as_slice).unwrap_or_default();
                let cells = came.iter().filter_map(|element| {
                    let fields = Fields::read(kinds, element.fields.iter().map(String::as_str))?;
                    Some(cell(&element.context(&fields, context)))
                });
                cells.collect()
            }
        }
    }
}

impl Element {
    /// What its pieces are made of.
    fn context<'r>(&'r self, fields: &'r Fields, outer: &Context<'r>) -> Context<'r> {
        Context {
            fields,
            errors: &self.errors,
            lists: &self.lists,
            ..*outer
        }
    }
}
