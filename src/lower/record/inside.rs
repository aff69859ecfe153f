//! What is shown of elements that have all of it inside of them: its fields are places in their bytes.

use crate::plan::format::Format;
use crate::plan::record::{Count, Elements, Field, Inside, List, Piece, Taken, What};
use crate::plan::{Expr, Number, NumberKind, Op, Part, Value};

/// What is shown of the element of a list of this level, and its fields; nothing if any of it is elsewhere.
pub(super) fn inside(parts: &[Part], level: usize) -> Option<(Vec<Piece>, Vec<Inside>)> {
    let mut element = Element {
        level,
        fields: Vec::new(),
    };
    let pieces = element.pieces(parts)?;
    Some((pieces, element.fields))
}

struct Element {
    level: usize,
    fields: Vec<Inside>,
}

impl Element {
    fn pieces(&mut self, parts: &[Part]) -> Option<Vec<Piece>> {
        parts.iter().map(|part| self.piece(part)).collect()
    }

    fn piece(&mut self, part: &Part) -> Option<Piece> {
        Some(match part {
            Part::Text(text) => Piece::Text(text.clone()),
            Part::Shown(value, format) => {
                let what = self.what(value, *format)?;
                let behind = Vec::new();
                Piece::Shown(Taken { what, behind }, *format)
            }
            Part::Composed(form, values) => {
                let taken = values.iter().map(|value| {
                    let what = self.what(value, Format::Uint)?;
                    let behind = Vec::new();
                    Some(Taken { what, behind })
                });
                Piece::Composed(*form, taken.collect::<Option<_>>()?)
            }
            Part::Each(each) => {
                let (Value::Bytes { data, .. }, Some(len)) = (&each.list, each.fixed) else {
                    return None;
                };
                let offset = self.offset(data)?;
                let (element, fields) = inside(&each.element, each.level)?;
                let size = each.size.checked_mul(len)?;
                let taken = if each.size == 0 {
                    Elements::Alike(len)
                } else {
                    Elements::Bytes {
                        data: self.field(Inside::Address(offset)),
                        bytes: self.field(Inside::Bytes { offset, size }),
                        size: each.size,
                        fields,
                    }
                };
                Piece::List(Box::new(List {
                    count: Count::Fixed(len),
                    behind: Vec::new(),
                    taken,
                    element,
                }))
            }
            Part::Clock | Part::Unless(..) | Part::Pointee(..) | Part::Elements { .. } => return None,
        })
    }

    fn what(&mut self, value: &Value, format: Format) -> Option<What> {
        Some(match value {
            Value::Number(Number { expr, signed, kind }) => What::Number {
                bits: self.number(expr)?,
                signed: *signed,
                kind: *kind,
                is_measured: false,
            },
            Value::Text { data, .. } | Value::Slice { data, .. } | Value::Interface { data, .. }
                if format == Format::Pointer =>
            {
                What::Number {
                    bits: self.number(data)?,
                    signed: false,
                    kind: NumberKind::Pointer,
                    is_measured: false,
                }
            }
            // The type alone: an itab has to be followed.
            Value::Interface {
                tab,
                data,
                methods: false,
                ty,
            } if format == Format::Type => What::Interface {
                tab: self.number(tab)?,
                descriptor: None,
                data: Some(self.number(data)?),
                ty: *ty,
                error: None,
            },
            Value::TypeOf(inner) => self.what(inner, Format::Type)?,
            Value::Time { wall, ext } => What::Time {
                wall: self.number(wall)?,
                ext: self.number(ext)?,
            },
            Value::Bytes { data, len } if format != Format::Pointer => {
                let offset = self.offset(data)?;
                What::Array {
                    data: self.field(Inside::Address(offset)),
                    len: *len,
                    bytes: self.field(Inside::Bytes { offset, size: *len }),
                }
            }
            _ => return None,
        })
    }

    /// A number that is read from the element.
    fn number(&mut self, e: &Expr) -> Option<Field> {
        let inside = self.read(e)?;
        Some(self.field(inside))
    }

    fn read(&self, e: &Expr) -> Option<Inside> {
        match e {
            Expr::Load(load) => Some(Inside::Number {
                offset: self.offset(&load.base)?.checked_add(load.offset)?,
                size: load.size,
                signed: load.signed,
            }),
            _ => None,
        }
    }

    /// How far behind the element's beginning an address is.
    fn offset(&self, e: &Expr) -> Option<u64> {
        match e {
            Expr::Element(level) if *level == self.level => Some(0),
            Expr::Binary {
                op: Op::Add, a, b, ..
            } => match &**b {
                Expr::Int(bytes) => self.offset(a)?.checked_add(u64::try_from(*bytes).ok()?),
                _ => None,
            },
            _ => None,
        }
    }

    fn field(&mut self, field: Inside) -> Field {
        self.fields.push(field);
        self.fields.len() - 1
    }
}
