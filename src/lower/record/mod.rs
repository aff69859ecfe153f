//! Records: raw numbers and bytes instead of lines, for a program that knows what they mean.
//!
//! A record is one printf or several of one thread, each a list of fields between tabs:
//!
//! | first field | then |
//! | --- | --- |
//! | `L` | thread, number of its layout among those of the site, site (and where it is in this process, if the program is position-independent), nanoseconds since the machine started, the fields of the line |
//! | `K` | thread, number of its layout among those of the site, site (likewise), number of the key, the fields of the key |
//! | `C` | thread, fields that stand before those of the record that the thread writes next |
//! | `E` | thread, number of the error in the record that comes next, its first words, its texts: an error, or the one inside it |
//! | `V` | thread, number of the list in the record that comes next, number of the first error in the element, the fields of the element |
//! | `A` | thread, a network address of the error before |
//! | `X` | thread, number of an error, number of the error around it, how far the program was moved, its first words, numbers of its texts, its addresses |
//! | `T` | thread, number of a text, the text |
//! | `G` | thread, number of its layout among those of the site, site (likewise), nanoseconds, process, goroutine, its root, how many were told of the root, frame, where the call returns to (or, of a return, 1 if the root is wanted), the fields of its arguments or results |
//! | `S` | a result whose map comes next is to be shown, nanoseconds since the machine started |
//! | `R` | a result that is cleared, nanoseconds since the machine started |
//! | `Q` | the recipe wants the end |
//! | `Z` | all results were told; where records of a processor are counted, how many there were |
//!
//! Where the records of a processor are counted, a number is the last field of each: it is 0 of another processor.
//!
//! Numbers are hexadecimal, and bytes are pairs of digits with spaces between them (`%rh`), so nothing in them can be
//! taken for a tab.

mod below;
mod buckets;
mod errors;
mod goroutine;
mod inside;
mod kept;
mod keys;
mod lists;
mod program;
mod taken;
mod tell;
mod uncounted;

pub(crate) use program::lower;

use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::format::Format;
use crate::plan::record::{Field, FieldKind, Layout, Piece, What};
use crate::plan::{self, Line, Part, Value};

/// bpftrace takes 128 arguments of a printf; some stand before the fields.
const MOST_ARGUMENTS: usize = 100;

/// What the records of one probe hold, and where it is.
#[derive(Debug, Default)]
pub(super) struct Records {
    layouts: Vec<Layout>,
    /// The address of its first site.
    site: u64,
    /// It has no other.
    is_single: bool,
    /// The number of its first layout: other probes at its sites have the numbers before.
    first: usize,
    /// So many lists are taken by now.
    lists: usize,
}

/// Where a probe is, and which numbers its layouts have.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// The number of the first.
    pub(super) first: usize,
    pub(super) layouts: Vec<Layout>,
}

/// The fields of a record in the making.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// What each is, and the argument that writes it.
    pub(super) fields: Vec<(FieldKind, Bt)>,
    /// Numbers that have a field.
    known: Vec<(plan::Expr, Field)>,
    /// Texts that have fields, by address and length.
    texts: Vec<((plan::Expr, plan::Expr), What)>,
    /// Errors that are read for it so far.
    pub(super) errors: u64,
    /// Lists of which each element has a record, likewise.
    pub(super) lists: u64,
    /// It is a key: what is in it tells one key from another.
    pub(super) is_key: bool,
    /// How far the program was moved when it was loaded, if something of the key needs that.
    base: Option<Field>,
    /// Fields of it that tell nothing, and are no part of the key.
    pub(super) aside: Vec<Field>,
}

impl Record {
    /// Takes a field.
    fn add(&mut self, kind: FieldKind, argument: Bt) -> Field {
        self.fields.push((kind, argument));
        self.fields.len() - 1
    }

    /// What each field is.
    fn kinds(&self) -> Vec<FieldKind> {
        self.fields.iter().map(|(kind, _)| *kind).collect()
    }
}

/// The directive that writes a field.
fn directive(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Number => "%llx",
        FieldKind::Bytes => "%rh",
        FieldKind::Stack | FieldKind::Text => "%s",
    }
}

/// A printf of fields.
pub(super) fn printf(first: &str, fields: Vec<(FieldKind, Bt)>) -> Stmt {
    let mut format = first.to_owned();
    let mut arguments = Vec::new();
    for (kind, argument) in fields {
        format.push('\t');
        format.push_str(directive(kind));
        arguments.push(argument);
    }
    format.push('\n');
    arguments.insert(0, Bt::Str(format));
    Stmt::Call(Bt::Call("printf", arguments))
}

/// A field with a number.
pub(super) fn number(argument: Bt) -> (FieldKind, Bt) {
    (FieldKind::Number, argument)
}

impl Writer<'_> {
    /// The probe, at this site and maybe at others, writes records.
    pub(super) fn record_at(&mut self, site: u64, is_single: bool, first: usize) {
        self.records = Some(Records {
            site,
            is_single,
            first,
            ..Records::default()
        });
    }

    /// What the probe's records hold.
    pub(super) fn taken_layouts(&mut self) -> Vec<Layout> {
        let records = self.records.as_mut();
        records
            .map(|records| std::mem::take(&mut records.layouts))
            .unwrap_or_default()
    }

    /// The number of the layout that comes next.
    fn next_layout(&self) -> usize {
        let next = |records: &Records| records.first + records.layouts.len();
        self.records.as_ref().map_or(0, next)
    }

    fn add_layout(&mut self, layout: Layout) {
        if let Some(records) = &mut self.records {
            records.layouts.push(layout);
        }
    }

    /// What lines are counted by where there is a limit for each probe: its site, or the first of them.
    pub(super) fn limited_by(&mut self) -> Option<Bt> {
        let records = self.records.as_ref()?;
        let (site, is_single) = (records.site, records.is_single);
        Some(if is_single {
            self.site()
        } else {
            Bt::Hex(site).cast("uint64")
        })
    }

    /// Writes a record instead of a line.
    pub(super) fn record_line(&mut self, line: &Line) {
        let mut record = Record::default();
        let pieces = self.pieces(&line.parts, &mut record);
        let layout = Layout {
            number: self.next_layout(),
            fields: record.kinds(),
            pieces,
            columns: line
                .columns
                .iter()
                .cloned()
                .zip(line.places.iter().cloned())
                .collect(),
            base: None,
            key_of: None,
            tells: None,
        };
        let first = format!("L\t%llx\t{}", layout.number);
        self.emit(&first, vec![number(Bt::Builtin("nsecs"))], record);
        self.add_layout(layout);
    }

    /// Writes what there is no room for in one printf, and gives back the rest.
    fn emit_first(&mut self, mut rest: Vec<(FieldKind, Bt)>) -> Vec<(FieldKind, Bt)> {
        let tid = (FieldKind::Number, Bt::Builtin("tid"));
        loop {
            let fitting = self.fitting(&rest);
            if fitting == rest.len() {
                break;
            }
            let after = rest.split_off(fitting);
            let mut fields = vec![tid.clone()];
            fields.extend(std::mem::replace(&mut rest, after));
            self.push(printf("C", fields));
        }
        rest
    }

    /// Writes a record of an element of a list.
    fn emit_element(&mut self, list: u64, first_error: u64, fields: Vec<(FieldKind, Bt)>) {
        let mut all = vec![number(Bt::Builtin("tid"))];
        let rest = self.emit_first(fields);
        let numbers = [list, first_error].map(|n| number(Bt::Int(n.into()).cast("uint64")));
        all.extend(numbers);
        all.extend(rest);
        self.push(printf("V", all));
    }

    /// Writes a record: its thread, its site, `own` fields, and its own; as many printfs as it takes.
    pub(super) fn emit(&mut self, first: &str, own: Vec<(FieldKind, Bt)>, record: Record) {
        let rest = self.emit_first(record.fields);
        let mut fields = vec![number(self.site())];
        if self.plan.identity.position_independent {
            // Where the program is loaded is told by where the probe is.
            fields.push(number(Bt::Reg("ip")));
        }
        fields.extend(own);
        fields.extend(rest);
        let Stmt::Call(Bt::Call(name, mut arguments)) = printf(first, fields) else {
            return;
        };
        // The thread stands in `first`.
        arguments.insert(1, Bt::Builtin("tid"));
        self.push(Stmt::Call(Bt::Call(name, arguments)));
    }

    /// How many of the fields one printf takes.
    fn fitting(&self, fields: &[(FieldKind, Bt)]) -> usize {
        if !self.dialect.text_is_on_stack() {
            return fields.len().min(MOST_ARGUMENTS);
        }
        // A printf's arguments are on the probe's stack of 512 bytes.
        let text = self.dialect.longest_string() + 8;
        let mut room = 272u64;
        let takes = |kind: FieldKind| if kind == FieldKind::Bytes { text } else { 8 };
        let count = fields.iter().take_while(|(kind, _)| {
            let fits = room >= takes(*kind);
            room = room.saturating_sub(takes(*kind));
            fits
        });
        count.count().max(1).min(fields.len())
    }

    /// The address of the instruction that the probe is at, as the linker meant it.
    pub(super) fn site(&mut self) -> Bt {
        if self.plan.identity.position_independent {
            self.link_time(Bt::Reg("ip"))
        } else {
            Bt::Reg("ip")
        }
    }

    /// Takes all that a part of a line is made of.
    fn pieces(&mut self, parts: &[Part], record: &mut Record) -> Vec<Piece> {
        let mut out = Vec::new();
        for part in parts {
            out.push(match part {
                Part::Text(text) => Piece::Text(text.clone()),
                Part::Clock => Piece::Clock,
                Part::Shown(value, format) => Piece::Shown(self.taken(value, *format, record), *format),
                Part::Unless(value, shown, otherwise) => {
                    let field = self.field_of(value, record);
                    let shown = self.pieces(shown, record);
                    Piece::Unless(field, shown, self.pieces(otherwise, record))
                }
                Part::Pointee(pointer, shown) => {
                    let field = self.field_of(pointer, record);
                    Piece::Pointee(field, self.pieces(shown, record))
                }
                Part::Each(each) => self.list(each, record),
                Part::Composed(form, values) => {
                    let format = |value: &Value| match value {
                        Value::Number(_) => Format::Uint,
                        Value::Slice { .. } => Format::Ip,
                        _ => Format::String,
                    };
                    let values = values.iter();
                    let taken = values.map(|value| self.taken(value, format(value), record));
                    Piece::Composed(*form, taken.collect())
                }
                // Of lines alone.
                Part::Elements { .. } => Piece::Text("?".into()),
            });
        }
        out
    }

    /// The field of a number.
    fn field_of(&mut self, value: &Value, record: &mut Record) -> Field {
        match value {
            Value::Number(n) => self.word(&n.expr, record),
            // Lists and conditions are told by numbers.
            _ => record.add(FieldKind::Number, Bt::Int(0)),
        }
    }
}
