//! Results in records: their keys are numbers. Keys of other kinds get a number when they are first met, and a record
//! says then which that is, so that nothing in a key can be taken for something else.

use super::{Record, errors, number};
use crate::bt::{Expr as Bt, Stmt};
use crate::lower::writer::Writer;
use crate::plan::format::Format;
use crate::plan::record::{FieldKind, KEYS_OF, KeyOf, Layout, NO_ROOM, NUMBERS_GIVEN as GIVEN, Piece};
use crate::plan::{Aggregation, Column, Known, Value};

/// The map that has the numbers of a result's keys.
pub(super) fn numbers_of(map: &str) -> String {
    format!("{KEYS_OF}{map}")
}

impl Writer<'_> {
    /// Adds to a result.
    pub(in crate::lower) fn record_aggregate(
        &mut self,
        map: &str,
        how: &Aggregation,
        keys: &[Value],
        columns: &[Column],
    ) {
        let call = self.gathered(how);
        let mut record = Record {
            is_key: true,
            ..Record::default()
        };
        let mut pieces = Vec::new();
        let mut placed = Vec::new();
        let mut by_site = false;
        let nameless = Column::new("", "string", Format::String);
        let columns = columns.iter().chain(std::iter::repeat(&nameless));
        for (value, column) in keys.iter().zip(columns) {
            let format = match value {
                Value::TypeOf(_) => Format::Type,
                Value::Interface { .. } => Format::Error,
                _ => column.format.unwrap_or(Format::Uint),
            };
            by_site |= matches!(value, Value::Known(Known::Constant(_)));
            let begin = pieces.len();
            pieces.push(Piece::Shown(self.taken(value, format, &mut record), format));
            placed.push((column.clone(), begin..pieces.len()));
        }
        let is_numbered = record
            .fields
            .iter()
            .any(|(kind, _)| matches!(kind, FieldKind::Bytes | FieldKind::Text));
        let layout = Layout {
            number: self.next_layout(),
            fields: record.kinds(),
            pieces,
            columns: placed,
            base: record.base,
            key_of: Some(KeyOf {
                result: map.to_owned(),
                by_site,
                is_numbered,
            }),
            tells: None,
        };
        // What is constant is told by the statement.
        let mut parts = Vec::new();
        if by_site {
            parts.push(wide(self.site()));
            parts.push(wide(Bt::Int(layout.number as i128)));
        }
        let bucket = match self.dialect.loses_first_samples() {
            true => self.bucket(how),
            false => None,
        };
        if !is_numbered {
            parts.extend(record.fields.into_iter().map(|(_, field)| wide(field)));
            self.add_layout(layout);
            parts.extend(bucket);
            for store in self.sampled(map, parts, call) {
                self.push(store);
            }
            return;
        }
        let told: Vec<Bt> = record
            .fields
            .iter()
            .enumerate()
            .filter(|(at, _)| !record.aside.contains(at))
            .map(|(_, (_, field))| field.clone())
            .collect();
        let id = self.reserve("key");
        let first = format!("K\t%llx\t{}", layout.number);
        self.add_layout(layout);
        let said = self.nested(|w| w.emit(&first, vec![number(Bt::Var(id.clone()))], record));
        for statement in self.numbered(&numbers_of(map), told, &id, said) {
            self.push(statement);
        }
        parts.push(Bt::Var(id.clone()));
        parts.extend(bucket);
        let stores = self.sampled(map, parts, call);
        let count = Bt::Call("count", Vec::new());
        let missed = Stmt::Store(NO_ROOM.into(), Vec::new(), count);
        self.push(Stmt::If(
            Bt::Var(id).binary("!=", Bt::Int(0)),
            stores,
            vec![missed],
        ));
    }

    /// The statements that add a sample to a result. Where a release loses one whose key another processor makes at the
    /// same moment, a count is a sum, and so is that of each bucket of a histogram: to a sum nothing is added first,
    /// which makes the key, by whomever.
    fn sampled(&mut self, map: &str, keys: Vec<Bt>, call: Bt) -> Vec<Stmt> {
        let store = |keys, call| Stmt::Store(map.to_owned(), keys, call);
        let sum = |number| Bt::Call("sum", vec![number]);
        if !self.dialect.loses_first_samples() {
            return vec![store(keys, call)];
        }
        match call {
            Bt::Call("count" | "hist", _) => {
                vec![store(keys.clone(), sum(Bt::Int(0))), store(keys, sum(Bt::Int(1)))]
            }
            Bt::Call("sum", mut value) => {
                let more = self.reserve("more");
                // Of its own type.
                let nothing = Bt::Var(more.clone()).binary("*", Bt::Int(0));
                vec![
                    Stmt::Assign(more.clone(), value.pop().unwrap_or(Bt::Int(0)), String::new()),
                    store(keys.clone(), sum(nothing)),
                    store(keys, sum(Bt::Var(more))),
                ]
            }
            call => vec![store(keys, call)],
        }
    }

    /// The statements that put the number of `keys` in the map `numbers` into the variable `id`: a new one where there
    /// is none yet, of which `said` tells; 0 where there is no room for it.
    pub(super) fn numbered(&mut self, numbers: &str, keys: Vec<Bt>, id: &str, said: Vec<Stmt>) -> Vec<Stmt> {
        let variable = || Bt::Var(id.to_owned());
        let mut out = Vec::new();
        let keys = self.keys_together(numbers, keys, &mut out);
        let keys_again = keys.clone();
        let known = Bt::Map(numbers.to_owned(), keys.clone());
        let given = || Bt::Map(GIVEN.into(), vec![Bt::Builtin("cpu")]);
        // Processors count by themselves: none can give out the number that another one does.
        let above = Bt::Builtin("cpu")
            .cast("uint64")
            .binary("<<", Bt::Int(32))
            .cast("uint64");
        let new = vec![
            Stmt::Store(
                GIVEN.into(),
                vec![Bt::Builtin("cpu")],
                given().binary("+", Bt::Int(1)),
            ),
            Stmt::Assign(
                id.to_owned(),
                above.binary("|", given().cast("uint64")),
                String::new(),
            ),
            Stmt::Store(numbers.to_owned(), keys.clone(), variable()),
            Stmt::Assign(
                id.to_owned(),
                Bt::Map(numbers.to_owned(), keys),
                "0 if there was no room".into(),
            ),
            Stmt::If(variable().binary("!=", Bt::Int(0)), said, Vec::new()),
        ];
        if !self.dialect.finds_types_later() {
            // Never done: the release learns from it what the map holds.
            out.push(Stmt::Assign(
                id.to_owned(),
                Bt::Int(0).cast("uint64"),
                String::new(),
            ));
            let store = Stmt::Store(numbers.to_owned(), keys_again, variable());
            out.push(Stmt::If(
                variable().binary("!=", Bt::Int(0)),
                vec![store],
                Vec::new(),
            ));
        }
        out.push(Stmt::Assign(id.to_owned(), known, String::new()));
        out.push(Stmt::If(variable().binary("==", Bt::Int(0)), new, Vec::new()));
        out
    }
}

impl Writer<'_> {
    /// The keys of a map that numbers them, in one variable: put together once, not at each use. Each use takes room of
    /// its own, as much as the longest of the script does, and where that is more than 32 KiB in all, addresses in it
    /// take the probe's stack.
    ///
    /// A probe has one such variable for the texts of errors, one for errors, and one for the first of the other maps:
    /// variables are filled with zeros when a probe begins, and LLVM makes one of several that lie beside each other,
    /// which fails above 1,024 bytes (0.27).
    fn keys_together(&mut self, numbers: &str, keys: Vec<Bt>, out: &mut Vec<Stmt>) -> Vec<Bt> {
        if !self.dialect.takes_tuples_for_keys() || keys.len() < 2 {
            return keys;
        }
        let is_of_errors = errors::MAPS.contains(&numbers);
        let purpose = if is_of_errors { numbers } else { "keys" };
        let is_first = !self.is_shared(purpose);
        if !is_first && !is_of_errors {
            return keys;
        }
        let together = self.shared(purpose);
        if is_first {
            // Outside of every block, or each would have its own.
            self.top.push(Stmt::Raw(format!("let ${together};")));
        }
        out.push(Stmt::Assign(together.clone(), Bt::Tuple(keys), String::new()));
        vec![Bt::Var(together)]
    }

    /// Statements from which releases that need it learn that maps hold numbers by `keys`; they are never done. The
    /// variable `zero` is 0 then.
    pub(in crate::lower) fn told_types(&self, maps: &[&str], keys: &[Bt], zero: &str) -> Vec<Stmt> {
        if self.dialect.finds_types_later() {
            return Vec::new();
        }
        let variable = || Bt::Var(zero.to_owned());
        let none = Stmt::Assign(zero.to_owned(), Bt::Int(0).cast("uint64"), String::new());
        let store = |map: &&str| Stmt::Store((*map).to_owned(), keys.to_vec(), variable());
        let stores = maps.iter().map(store).collect();
        vec![
            none,
            Stmt::If(variable().binary("!=", Bt::Int(0)), stores, Vec::new()),
        ]
    }
}

/// A part of a key, in 64 bits.
fn wide(e: Bt) -> Bt {
    match e {
        Bt::Cast(ref ty, _) if ty == "uint64" => e,
        Bt::Call("ustack", _) | Bt::Var(_) => e,
        e => e.cast("uint64"),
    }
}
