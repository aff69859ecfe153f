//! Lists in records. Elements that are all there is of them are taken as they are in memory, as many as there is room
//! for, and are told apart later. Elements that lead to something else, such as texts, have a record each.

use super::Record;
use super::inside::inside;
use super::program::LONGEST_OF_FULL_ON_STACK;
use crate::bt::{Expr as Bt, Stmt, visit};
use crate::lower::whole::is_more;
use crate::lower::writer::Writer;
use crate::plan::format::Format;
use crate::plan::record::{Count, Elements, FieldKind, List, Piece};
use crate::plan::{Each, Expr, Part, Value};
use std::collections::BTreeMap;

/// The most elements of a list that have a record each: of one in a line, of one in an element of it, and so on. Each
/// costs about as much as a line, and the kernel looks at each by itself when it is loaded.
const MOST: [u64; 3] = [32, 8, 4];
/// The same of releases that have no loop of the kernel's: it looks at each turn of theirs.
const MOST_UNROLLED: [u64; 3] = [16, 4, 2];
/// The same of elements with errors, each of which is a loop itself.
const MOST_UNROLLED_ERRORS: [u64; 3] = [4, 2, 1];
/// Of a probe with more lists, further ones have no such records there: the kernel looks at a million instructions at
/// most, on all ways through them.
const MOST_UNROLLED_LISTS: usize = 6;

impl Writer<'_> {
    /// Takes a list.
    pub(super) fn list(&mut self, each: &Each, record: &mut Record) -> Piece {
        self.about.name = self.name_of_value(&each.list);
        if let (0, Some(records)) = (each.level, &mut self.records) {
            records.lists += 1;
        }
        let (Value::Slice { data, .. } | Value::Bytes { data, .. }) = &each.list else {
            return Piece::Text("?".into());
        };
        let len = match (&each.list, each.fixed) {
            (_, Some(len)) => Expr::Int(len.into()),
            (Value::Slice { len, .. }, None) => (**len).clone(),
            _ => Expr::Int(0),
        };
        let count = match each.fixed {
            Some(len) => Count::Fixed(len),
            None => Count::Field(self.word(&len, record)),
        };
        let behind = self.behind(&each.list, record);
        let of = |taken: Elements, element: Vec<Piece>| {
            Piece::List(Box::new(List {
                count,
                behind,
                taken,
                element,
            }))
        };
        // The same of all releases that take texts of about this length.
        let room = self.dialect.longest_string() / 16 * 16;
        let is_short = each.fixed.is_some_and(|len| len <= each.first.len() as u64);
        match inside(&each.element, each.level) {
            _ if is_short && each.size > 0 => {
                let first = self.first_of(&len, &each.first, record);
                let element = first.first().cloned().unwrap_or_default();
                of(Elements::First(first), element)
            }
            Some((element, fields)) if fields.is_empty() => {
                let most = self.most_records(0, false);
                of(Elements::Alike(most), element)
            }
            Some((element, fields)) if (1..=room).contains(&each.size) => {
                let most = room / each.size;
                let at = self.word(data, record);
                let start = self.unsigned(data);
                let size = match each.fixed {
                    // In a variable: 0.27 puts bytes of a constant number on the stack of large scripts' probes.
                    Some(len) => self.assign(
                        "_size",
                        Bt::Int(i128::from(len.min(most) * each.size)).cast("uint64"),
                    ),
                    None => {
                        let count = self.at_most(&len, most);
                        count.binary("*", Bt::Int(each.size.into()))
                    }
                };
                let taken = Elements::Bytes {
                    data: at,
                    bytes: record.add(FieldKind::Bytes, Bt::Call("buf", vec![start, size])),
                    size: each.size,
                    fields,
                };
                of(taken, element)
            }
            _ if self.dialect.text_is_on_stack() || self.is_crowded() => {
                let first = self.first_of(&len, &each.first, record);
                // It is not shown, but that there is something to show is known by it.
                let element = first.first().cloned().unwrap_or_default();
                of(Elements::First(first), element)
            }
            _ => {
                let (taken, element) = self.records_of(each, (data, &len), record);
                of(taken, element)
            }
        }
    }

    /// The first elements, each for itself: the stack of a probe has no room for what a loop needs.
    fn first_of(&mut self, len: &Expr, each: &[Vec<Part>], record: &mut Record) -> Vec<Vec<Piece>> {
        let count = self.unsigned(len);
        let count = self.once("_len", count);
        let mut out = Vec::new();
        let is_full =
            self.dialect.text_is_on_stack() && self.dialect.text_limit == Some(LONGEST_OF_FULL_ON_STACK);
        let most = if is_full { 1 } else { each.len() };
        for (at, parts) in each.iter().take(most).enumerate() {
            let is_there = || is_more(count.clone(), at as u64);
            self.about.is_there = (!matches!(count, Bt::Int(_))).then(is_there);
            out.push(self.pieces(parts, record));
        }
        self.about.is_there = None;
        out
    }

    /// A record for each element.
    fn records_of(
        &mut self,
        each: &Each,
        (data, len): (&Expr, &Expr),
        record: &mut Record,
    ) -> (Elements, Vec<Piece>) {
        let most = self.most_records(each.level, has_errors(&each.element));
        let count = if self.dialect.loops_over_ranges() {
            // By a condition: the kernel's loop looks at 64 bits of a number of 32, of which LLVM else leaves the
            // others as it likes ("Argument list too long").
            let len = self.unsigned(len);
            let len = self.once("_len", len);
            let is_less = len.clone().binary("<", Bt::Int(most.into()));
            let count = is_less.choose(len, Bt::Int(most.into()).cast("uint64"));
            self.assign("_count", count)
        } else {
            self.at_most(len, most)
        };
        let start = self.unsigned(data);
        let start = self.once("_data", start);
        let list = record.lists;
        let mut own = Record {
            errors: record.errors,
            lists: list + 1,
            ..Record::default()
        };
        let index = self.reserve("_index");
        let at = self.reserve("_element");
        let mut element = Vec::new();
        let mut kinds = Vec::new();
        let number = Bt::Var(index.clone());
        let number = match self.dialect.loops_over_ranges() {
            true => number.cast("uint64"),
            false => number,
        };
        let mut body = self.nested(|w| {
            let address = start
                .clone()
                .binary("+", number.binary("*", Bt::Int(each.size.into())));
            w.push(Stmt::Assign(at.clone(), address, String::new()));
            w.elements.push(at.clone());
            let first_error = own.errors;
            element = w.pieces(&each.element, &mut own);
            w.elements.pop();
            kinds = own.kinds();
            let fields = std::mem::take(&mut own.fields);
            w.emit_element(list, first_error, fields);
        });
        self.take_registers(&mut body);
        self.push(Stmt::Loop(index, count, most, body));
        record.errors = own.errors;
        record.lists = own.lists;
        let taken = Elements::Records {
            list,
            most,
            fields: kinds,
        };
        (taken, element)
    }

    /// There is no room for another loop.
    fn is_crowded(&self) -> bool {
        let lists = self.records.as_ref().map_or(0, |records| records.lists);
        !self.dialect.loops_over_ranges() && lists > MOST_UNROLLED_LISTS
    }

    /// The most elements that have a record each.
    fn most_records(&self, level: usize, has_errors: bool) -> u64 {
        let most = match (self.dialect.loops_over_ranges(), has_errors) {
            (true, _) => MOST,
            (false, true) => MOST_UNROLLED_ERRORS,
            (false, false) => MOST_UNROLLED,
        };
        most.get(level).copied().unwrap_or(1)
    }

    /// Puts registers in variables: in a loop over a range 0.27 crashes on them.
    fn take_registers(&mut self, body: &mut [Stmt]) {
        let mut taken = BTreeMap::new();
        visit::expressions_mut(body, &mut |e| {
            if let Bt::Reg(register) = e {
                let name = taken.entry(*register).or_insert_with(|| self.reserve(register));
                *e = Bt::Var(name.clone());
            }
        });
        for (register, name) in taken {
            self.push(Stmt::Assign(name, Bt::Reg(register), String::new()));
        }
    }

    /// A number, or the most that there may be.
    fn at_most(&mut self, len: &Expr, most: u64) -> Bt {
        if let Expr::Int(len) = len {
            return Bt::Int((*len).min(most.into())).cast("uint64");
        }
        let len = self.unsigned(len);
        let len = self.once("_len", len);
        // Without a branch: the kernel's verifier would follow the rest of the probe for both. What is no length has
        // bits above.
        let above = len.clone().binary(">>", Bt::Int(32));
        let below = len.clone().binary("&", Bt::Hex(u64::from(u32::MAX)));
        let is_over = is_more(below, most).binary("|", is_more(above, 0));
        let cut = self.assign("_cut", is_over.binary("*", self.all_of(u64::MAX)));
        let kept = len.binary("&", Bt::Unary("~", Box::new(cut.clone())));
        let count = cut.binary("&", Bt::Int(most.into())).binary("|", kept);
        self.assign("_count", count)
    }

    /// The address of the element that is looked at.
    pub(in crate::lower) fn element(&self, level: usize) -> Bt {
        match self.elements.get(level) {
            Some(name) => Bt::Var(name.clone()),
            None => Bt::Int(0).cast("uint64"),
        }
    }
}

/// Messages of errors are read for what is shown.
fn has_errors(parts: &[Part]) -> bool {
    parts.iter().any(|part| match part {
        Part::Shown(_, format) => *format == Format::Error,
        Part::Pointee(_, inner) => has_errors(inner),
        Part::Unless(_, a, b) => has_errors(a) || has_errors(b),
        Part::Each(each) => has_errors(&each.element),
        Part::Text(_) | Part::Clock | Part::Composed(..) | Part::Elements { .. } => false,
    })
}
