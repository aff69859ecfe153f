//! What a record takes of a value: its words and its bytes.

use super::Record;
use crate::bt::{Expr as Bt, Stmt};
use crate::lower::whole::is_more;
use crate::lower::writer::Writer;
use crate::plan::format::Format;
use crate::plan::record::{Field, FieldKind, Taken, Walk, What};
use crate::plan::{Expr, Known, Number, NumberKind, Op, Value};

impl Writer<'_> {
    /// Whether what begins at an address reads as 0, and lies in what the program has from its file, with the address
    /// there: then it may not be in memory, and the file has it. What Go allocates has been written to.
    pub(super) fn unread_in_file(&mut self, address: Bt) -> (Bt, Bt) {
        let heap = self.plan.identity.processor.heap_begins();
        let linked = self.link_time(address.clone());
        let first = Bt::Load("uint8", Box::new(address));
        let is_of_file = linked.clone().binary("<", Bt::Hex(heap));
        (is_of_file.binary("&&", first.binary("==", Bt::Int(0))), linked)
    }

    /// Where a text is that is not in memory, but in the file; else 0. As a key it is another one than those of the
    /// same length that are not in memory either.
    fn place_of_unread(&mut self, data: &Bt, size: &Bt) -> Bt {
        let place = self.reserve("_place");
        self.push(Stmt::Assign(
            place.clone(),
            Bt::Int(0).cast("uint64"),
            String::new(),
        ));
        let (is_unread, linked) = self.unread_in_file(data.clone());
        let is_unread = size.clone().binary("!=", Bt::Int(0)).binary("&&", is_unread);
        let known = Stmt::Assign(place.clone(), linked, String::new());
        self.push(Stmt::If(is_unread, vec![known], Vec::new()));
        Bt::Var(place)
    }

    /// Takes a value that is to be shown in this way.
    pub(super) fn taken(&mut self, value: &Value, format: Format, record: &mut Record) -> Taken {
        self.about.name = self.name_of_value(value);
        let what = self.what(value, format, record);
        let behind = self.behind(value, record);
        Taken { what, behind }
    }

    fn what(&mut self, value: &Value, format: Format, record: &mut Record) -> What {
        match value {
            Value::Number(n) => What::Number {
                bits: self.number_field(n, record),
                signed: n.signed,
                kind: n.kind,
                is_measured: n.expr == Expr::Elapsed,
            },
            Value::Text { data, .. } | Value::Slice { data, .. } if format == Format::Pointer => {
                self.pointer(data, record)
            }
            Value::Text { data, len } | Value::Slice { data, len, .. } => {
                let place = ((**data).clone(), (**len).clone());
                if let Some((_, known)) = record.texts.iter().find(|(known, _)| *known == place) {
                    return known.clone();
                }
                let at = self.word(data, record);
                record.aside.push(at);
                let length = self.word(len, record);
                let (data, size) = (self.unsigned(data), self.unsigned(len));
                let is_told = matches!(format, Format::Bytes | Format::Hex) && !record.is_key;
                let unread = is_told.then(|| {
                    let flag = if self.elements.is_empty() {
                        let nothing = self.nothing_around(&data, &size);
                        nothing.choose(Bt::Int(1).cast("uint64"), Bt::Int(0).cast("uint64"))
                    } else {
                        self.is_nothing_around(&data, &size)
                    };
                    record.add(FieldKind::Number, flag)
                });
                if record.is_key && matches!(value, Value::Text { .. }) {
                    let place = self.place_of_unread(&data, &size);
                    record.add(FieldKind::Number, place);
                }
                let size = match self.about.is_there.clone() {
                    Some(is_there) => size.binary("*", is_there),
                    None => size,
                };
                let taken = What::Text {
                    data: Some(at),
                    len: length,
                    bytes: record.add(FieldKind::Bytes, Bt::Call("buf", vec![data, size])),
                    unread,
                };
                record.texts.push((place, taken.clone()));
                taken
            }
            Value::Bytes { data, .. } if format == Format::Pointer => self.pointer(data, record),
            Value::Bytes { data, len } => {
                let at = self.word(data, record);
                record.aside.push(at);
                let data = self.unsigned(data);
                let shown = i128::from((*len).min(self.longest_bytes()));
                What::Array {
                    data: at,
                    len: *len,
                    bytes: record.add(FieldKind::Bytes, Bt::Call("buf", vec![data, Bt::Int(shown)])),
                }
            }
            Value::Known(Known::Constant(text)) => What::Constant(text.clone()),
            Value::Known(Known::AtEntry(kept)) => {
                // Of kept text the length is kept where a line for people keeps its digest.
                let len = self.kept_digest(kept).unwrap_or(Bt::Int(0));
                let bytes = self.at_entry(kept);
                What::Text {
                    data: None,
                    len: record.add(FieldKind::Number, len),
                    bytes: record.add(FieldKind::Bytes, bytes),
                    unread: None,
                }
            }
            Value::TypeOf(inner) => self.what(inner, Format::Type, record),
            Value::Interface { data, .. } if format == Format::Pointer => self.pointer(data, record),
            Value::Interface {
                tab,
                data,
                methods,
                ty,
            } => {
                // As a key it is its message, whatever it is otherwise.
                if record.is_key && format != Format::Type {
                    let number = self.error_number(value);
                    return What::Error(record.add(FieldKind::Number, number));
                }
                let error = (format == Format::Error).then(|| self.error_looks(value, record));
                let descriptor = methods.then(|| self.descriptor(tab));
                if record.is_key {
                    // The type alone is the key, wherever the program is loaded.
                    let tab = self.unsigned(tab);
                    let tab = self.link_time(tab);
                    let descriptor = descriptor.map(|word| self.link_time(word));
                    return What::Interface {
                        tab: record.add(FieldKind::Number, tab),
                        descriptor: descriptor.map(|word| record.add(FieldKind::Number, word)),
                        data: None,
                        ty: *ty,
                        error: None,
                    };
                }
                What::Interface {
                    tab: self.word(tab, record),
                    descriptor: descriptor.map(|word| record.add(FieldKind::Number, word)),
                    data: Some(self.word(data, record)),
                    ty: *ty,
                    error,
                }
            }
            Value::Time { wall, ext } if record.is_key => {
                let seconds = self.unix_seconds(wall, ext).cast("uint64");
                What::Seconds(record.add(FieldKind::Number, seconds))
            }
            Value::Time { wall, ext } => What::Time {
                wall: self.word(wall, record),
                ext: self.word(ext, record),
            },
            Value::Stack(depth) => {
                let mut arguments: Vec<Bt> = Vec::new();
                if self.dialect.shows_bare_stacks() {
                    arguments.push(Bt::Raw("raw".into()));
                } else {
                    arguments.push(Bt::Raw("perf".into()));
                }
                arguments.extend(depth.map(|depth| Bt::Int(depth.into())));
                if record.is_key && self.plan.identity.position_independent {
                    let base = self.base();
                    record.base = Some(record.add(FieldKind::Number, base));
                }
                let caller = if self.function.has_return_address {
                    Expr::ReturnAddress
                } else {
                    Expr::Int(0)
                };
                let caller = self.word(&caller, record);
                let created = depth.is_none().then(|| self.creation()).flatten();
                let below = depth
                    .is_none()
                    .then(|| self.below())
                    .flatten()
                    .unwrap_or_default();
                let below = below.into_iter().map(|word| record.add(FieldKind::Number, word));
                let below: Vec<Field> = below.collect();
                What::Stack(Walk {
                    caller,
                    below,
                    created: created.map(|address| record.add(FieldKind::Number, address)),
                    addresses: record.add(FieldKind::Stack, Bt::Call("ustack", arguments)),
                    most: *depth,
                })
            }
            Value::Code(address) if record.is_key => {
                let is_return = is_behind_call(address);
                let address = self.unsigned(address);
                let address = self.link_time(address);
                What::Code {
                    address: record.add(FieldKind::Number, address),
                    is_return,
                }
            }
            Value::Code(address) => What::Code {
                address: self.word(address, record),
                is_return: is_behind_call(address),
            },
            Value::Comm => What::Kernel(record.add(FieldKind::Text, Bt::Builtin("comm"))),
        }
    }

    fn pointer(&mut self, address: &Expr, record: &mut Record) -> What {
        What::Number {
            bits: self.word(address, record),
            signed: false,
            kind: NumberKind::Pointer,
            is_measured: false,
        }
    }

    fn number_field(&mut self, n: &Number, record: &mut Record) -> Field {
        self.word(&n.expr, record)
    }

    /// The field of a number, which is taken once.
    pub(super) fn word(&mut self, e: &Expr, record: &mut Record) -> Field {
        if let Some((_, field)) = record.known.iter().find(|(known, _)| known == e) {
            return *field;
        }
        let value = match self.unsigned(e) {
            // A constant alone has no width that every release agrees on.
            constant @ (Bt::Int(_) | Bt::Hex(_)) => constant.cast("uint64"),
            value => value,
        };
        let field = record.add(FieldKind::Number, value);
        record.known.push((e.clone(), field));
        field
    }

    /// The type in an itab, in a variable: 0 where there is none, which would take long to read.
    pub(super) fn descriptor(&mut self, tab: &Expr) -> Bt {
        let tab = self.unsigned(tab);
        self.descriptor_in(&tab)
    }

    /// The same of an itab at hand.
    pub(super) fn descriptor_in(&mut self, tab: &Bt) -> Bt {
        let tab = self.once("_itab", tab.clone());
        // `internal/abi.ITab`: the interface, then the type.
        let read = Bt::Load("uint64", Box::new(tab.clone().plus(8)));
        let is_there = tab.binary("!=", Bt::Int(0));
        self.assign("_type", is_there.choose(read, Bt::Int(0).cast("uint64")))
    }

    /// So many bytes of an array are taken.
    fn longest_bytes(&self) -> u64 {
        self.dialect.longest_string()
    }

    /// The pointers that a value lies behind: if one is 0 there is no value.
    pub(super) fn behind(&mut self, value: &Value, record: &mut Record) -> Vec<Field> {
        let mut bases = Vec::new();
        match value {
            Value::Number(n) => pointers(&n.expr, &mut bases),
            Value::Text { data, .. } | Value::Slice { data, .. } => pointers(data, &mut bases),
            Value::Bytes { data, .. } => {
                pointers(data, &mut bases);
                base(data, &mut bases);
            }
            Value::Interface { tab, .. } => pointers(tab, &mut bases),
            Value::Time { wall, .. } => pointers(wall, &mut bases),
            Value::Code(address) => pointers(address, &mut bases),
            Value::TypeOf(inner) => return self.behind(inner, record),
            Value::Known(_) | Value::Stack(_) | Value::Comm => {}
        }
        if bases.is_empty() {
            return Vec::new();
        }
        if !record.is_key {
            return bases.into_iter().map(|e| self.word(&e, record)).collect();
        }
        // Of a key it is told whether it is there, not where.
        let mut all: Option<Bt> = None;
        for e in bases {
            let there = is_more(self.unsigned(&e), 0);
            all = Some(match all {
                Some(before) => before.binary("&", there),
                None => there,
            });
        }
        all.map(|all| record.add(FieldKind::Number, all))
            .into_iter()
            .collect()
    }
}

/// The pointers that a number is read behind, if it is read from memory and nothing else is done with it.
fn pointers(e: &Expr, found: &mut Vec<Expr>) {
    match e {
        Expr::Load(load) => base(&load.base, found),
        Expr::Narrow { of, .. } => pointers(of, found),
        // What is 0 where a pointer is nil, such as the length of a map.
        Expr::Choose(is_there, _, otherwise) if **otherwise == Expr::Int(0) => {
            if let Expr::Binary {
                op: Op::NotEqual, a, ..
            } = &**is_there
            {
                pointers(a, found);
            }
        }
        _ => {}
    }
}

/// The pointer that an address is a distance from, and what that was read behind.
fn base(address: &Expr, found: &mut Vec<Expr>) {
    match address {
        Expr::Binary {
            op: Op::Add, a, b, ..
        } if matches!(**b, Expr::Int(_)) => base(a, found),
        Expr::Register(_) => add(address, found),
        Expr::AtEntry(kept) if matches!(*kept.value, Value::Number(_)) => add(address, found),
        Expr::Load(load) => {
            base(&load.base, found);
            add(address, found);
        }
        // The stack, a closure and the program's own data are there.
        _ => {}
    }
}

fn add(e: &Expr, found: &mut Vec<Expr>) {
    if !found.contains(e) {
        found.push(e.clone());
    }
}

/// True of an address behind a call: what a call returns to, or would if it were not inlined.
fn is_behind_call(address: &Expr) -> bool {
    matches!(address, Expr::ReturnAddress | Expr::Address(_))
}
