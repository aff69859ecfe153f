//! A Go value in the default form of its type.

use super::composed::form_of;
use super::{default_format, number_part};
use crate::analyze::eval::{Outcome, Scope, aggregate_name, complex_name, element_address, load};
use crate::analyze::located::{Located, Place};
use crate::diagnostic::Problems;
use crate::gotype::{Field, GoType, Kind, TypeRef};
use crate::plan::format::Format;
use crate::plan::{Composed, Each, Expr, Number, NumberKind, Op, Part, Value, walk};
use crate::source::Span;

/// Elements of a slice that a line has; of an array twice as many. A record has as many as it can read.
const ELEMENTS: u64 = 4;
/// Fields of a struct that are written out.
const FIELDS: usize = 16;
/// Fields of a struct that a pointer is shown with.
const SMALL: usize = 6;
/// Structs in structs.
pub(super) const DEPTH: usize = 3;

fn text(text: &str) -> Part {
    Part::Text(text.to_owned())
}

impl Scope<'_> {
    /// A Go value in the default form of its type.
    pub(super) fn go_parts(&self, l: &Located, depth: usize, span: Span) -> Outcome<Vec<Part>> {
        let shown_as = |format| Ok(vec![Part::Shown(self.one_value(l, span)?, format)]);
        if self.records
            && let Some(form) = form_of(&l.ty.name)
            && let Ok(part) = self.composed(l, form, span)
        {
            return Ok(vec![part]);
        }
        match &l.ty.kind {
            Kind::Struct(_) if l.ty.name == "time.Time" => shown_as(Format::Time),
            Kind::Struct(_) if depth == 0 => Ok(vec![text("{…}")]),
            Kind::Struct(fields) => self.struct_parts(l, fields, depth, span),
            Kind::Slice(_) if l.ty.name == "net.IP" => shown_as(Format::Ip),
            Kind::Slice(element) => self.slice_parts(l, *element, depth, span),
            Kind::Array(element, len) => self.array_parts(l, (*element, *len), depth, span),
            Kind::Interface { .. } if l.ty.name == "error" => shown_as(Format::Error),
            // Its text is made as a message is.
            Kind::Interface { .. } if l.ty.name == "net.Addr" && self.records => shown_as(Format::Error),
            Kind::Interface { .. } => shown_as(Format::Type),
            Kind::Map { .. } | Kind::Chan(_) => self.length_parts(l, span),
            Kind::Complex => self.complex_parts(l, span),
            Kind::Opaque(_) => Ok(vec![text("?")]),
            Kind::Pointer(to) if depth == DEPTH || self.is_composed(*to) => self.pointer_parts(l, *to, span),
            _ => {
                let value = self.one_value(l, span)?;
                let format = default_format(&value);
                Ok(vec![Part::Shown(value, format)])
            }
        }
    }

    /// A part of a larger value: what cannot be read is shown as `?` there.
    fn inner_parts(&self, l: &Located, depth: usize, span: Span) -> Vec<Part> {
        self.go_parts(l, depth, span).unwrap_or_else(|_| vec![text("?")])
    }

    /// `{Field:value Field:value}`
    fn struct_parts(&self, l: &Located, fields: &[Field], depth: usize, span: Span) -> Outcome<Vec<Part>> {
        let mut parts = vec![text("{")];
        for (i, field) in fields.iter().take(FIELDS).enumerate() {
            let space = if i > 0 { " " } else { "" };
            parts.push(Part::Text(format!("{space}{}:", field.name)));
            let ty = self.program.type_of(field.ty)?;
            let inner = aggregate_name(&ty);
            let place = l
                .place
                .field(&l.ty.name, &field.name, field.offset, ty.size, inner.as_deref());
            let at = Located {
                ty,
                id: field.ty,
                place,
                label: format!("{}_{}", l.label, field.name),
            };
            parts.extend(self.inner_parts(&at, depth - 1, span));
        }
        if fields.len() > FIELDS {
            parts.push(text(" …"));
        }
        parts.push(text("}"));
        Ok(parts)
    }

    /// `[3]{a, b, c}`, or the bytes.
    fn slice_parts(&self, l: &Located, element: TypeRef, depth: usize, span: Span) -> Outcome<Vec<Part>> {
        let value = self.one_value(l, span)?;
        let Value::Slice { data, len, bytes } = &value else {
            return Err(Problems::default());
        };
        if *bytes {
            return Ok(vec![Part::Shown(value, Format::Bytes)]);
        }
        if self.records {
            return Ok(vec![self.each(l, value, (element, None), depth, span)?]);
        }
        Ok(vec![Part::Elements {
            each: self.first_elements(l, data, (element, ELEMENTS), depth, span)?,
            len: Value::plain((**len).clone()),
            open_ended: true,
        }])
    }

    /// So many elements of a list, each for itself.
    fn first_elements(
        &self,
        l: &Located,
        data: &Expr,
        (element, count): (TypeRef, u64),
        depth: usize,
        span: Span,
    ) -> Outcome<Vec<Vec<Part>>> {
        let ty = self.program.type_of(element)?;
        let written = if depth > 0 { count } else { 0 };
        let each = (0..written).map(|i| {
            let address = element_address(data.clone(), &Expr::Int(i128::from(i)), ty.size);
            let at = Located {
                ty: ty.clone(),
                id: element,
                place: Place::behind(address),
                label: format!("{}_element", l.label),
            };
            self.inner_parts(&at, depth - 1, span)
        });
        Ok(each.collect())
    }

    /// All elements of a list, for a record.
    fn each(
        &self,
        l: &Located,
        list: Value,
        (element, fixed): (TypeRef, Option<u64>),
        depth: usize,
        span: Span,
    ) -> Outcome<Part> {
        let ty = self.program.type_of(element)?;
        let size = ty.size;
        let level = lists_around(&list);
        let at = Located {
            ty,
            id: element,
            place: Place::behind(Expr::Element(level)),
            label: format!("{}_element", l.label),
        };
        // Short arrays are short as they are.
        let is_short = fixed.is_some_and(|len| len <= ELEMENTS * 2);
        let first = match &list {
            Value::Slice { data, .. } | Value::Bytes { data, .. }
                if is_short || !self.dialect.loops_over_ranges() =>
            {
                let count = fixed.map_or(ELEMENTS, |len| len.min(ELEMENTS * 2));
                self.first_elements(l, data, (element, count), depth, span)?
            }
            _ => Vec::new(),
        };
        let element = match depth {
            0 => Vec::new(),
            depth => self.inner_parts(&at, depth - 1, span),
        };
        Ok(Part::Each(Each {
            list,
            fixed,
            size,
            element,
            level,
            first,
        }))
    }

    /// `[a b c]`, or the bytes.
    fn array_parts(
        &self,
        l: &Located,
        (element, len): (TypeRef, u64),
        depth: usize,
        span: Span,
    ) -> Outcome<Vec<Part>> {
        let ty = self.program.type_of(element)?;
        if self.is_byte(element) && l.place.address().is_some() && len > 0 {
            return Ok(vec![Part::Shown(self.one_value(l, span)?, Format::Bytes)]);
        }
        if depth == 0 && len > 0 {
            return Ok(vec![text("[…]")]);
        }
        if let (true, Some(data)) = (self.records && len > 0, l.place.address()) {
            let bytes = ty.size.saturating_mul(len);
            let list = Value::Bytes {
                data: Box::new(data),
                len: bytes,
            };
            return Ok(vec![self.each(l, list, (element, Some(len)), depth, span)?]);
        }
        let written = ELEMENTS * 2;
        let mut parts = vec![text("[")];
        for i in 0..len.min(written) {
            if i > 0 {
                parts.push(text(" "));
            }
            let at = Located {
                ty: ty.clone(),
                id: element,
                place: l.place.element(i.saturating_mul(ty.size)),
                label: format!("{}_{i}", l.label),
            };
            parts.extend(self.inner_parts(&at, depth.saturating_sub(1), span));
        }
        parts.push(text(if len > written { " …]" } else { "]" }));
        Ok(parts)
    }

    /// `map[4]`, `chan[0/16]`, `nil`
    fn length_parts(&self, l: &Located, span: Span) -> Outcome<Vec<Part>> {
        let runtime = self.program.runtime()?;
        let header = self.word(&l.place, 0, 8, false, &l.label, span)?;
        let count = |(offset, size): (u64, u64)| {
            number_part(Number {
                expr: load(header.clone(), offset, size),
                signed: false,
                kind: NumberKind::Plain,
            })
        };
        let mut shown = match l.ty.kind {
            Kind::Map { .. } => vec![text("map["), count(runtime.map_count)],
            _ => vec![
                text("chan["),
                count((runtime.chan_count, 8)),
                text("/"),
                count((runtime.chan_size, 8)),
            ],
        };
        shown.push(text("]"));
        let not_nil = Value::truth(Expr::op(Op::NotEqual, header, Expr::Int(0)));
        Ok(vec![Part::Unless(not_nil, shown, vec![text("nil")])])
    }

    /// `(1+2i)`
    fn complex_parts(&self, l: &Located, span: Span) -> Outcome<Vec<Part>> {
        let half = l.ty.size / 2;
        let of = complex_name(l.ty.size);
        let float = |name: &str, offset: u64| {
            let expr = self.sized_part(l, of, name, (offset, half), span)?;
            Outcome::Ok(Value::Number(Number {
                expr,
                signed: false,
                kind: NumberKind::Float(half),
            }))
        };
        let (real, imaginary) = (float("real", 0)?, float("imag", half)?);
        if self.records {
            return Ok(vec![Part::Composed(Composed::Complex, vec![real, imaginary])]);
        }
        Ok(vec![
            text("("),
            Part::Shown(real, Format::Float),
            Part::Shown(imaginary, Format::Imaginary),
            text("i)"),
        ])
    }

    /// An address, or what is behind it if that is a small struct.
    fn pointer_parts(&self, l: &Located, to: TypeRef, span: Span) -> Outcome<Vec<Part>> {
        let pointer = self.one_value(l, span)?;
        match (&pointer, self.program.type_of(to)) {
            (Value::Number(n), Ok(ty)) if self.is_composed(to) || self.is_small_struct(&ty) => {
                let at = Located {
                    ty,
                    id: to,
                    place: Place::behind(n.expr.clone()),
                    label: l.label.clone(),
                };
                let mut shown = Vec::new();
                if !self.is_composed(to) {
                    shown.push(text("&"));
                }
                shown.extend(self.inner_parts(&at, 1, span));
                Ok(vec![Part::Pointee(pointer, shown)])
            }
            _ => Ok(vec![Part::Shown(pointer, Format::Pointer)]),
        }
    }

    /// Values of this type have a form of their own.
    fn is_composed(&self, ty: TypeRef) -> bool {
        self.records
            && self
                .program
                .type_of(ty)
                .is_ok_and(|ty| form_of(&ty.name).is_some())
    }

    /// A struct that is worth writing out where only a pointer to it was asked for: a few plain fields.
    fn is_small_struct(&self, ty: &GoType) -> bool {
        let Kind::Struct(fields) = &ty.kind else {
            return false;
        };
        let plain = |f: &Field| {
            self.program.type_of(f.ty).is_ok_and(|t| {
                !matches!(
                    t.kind,
                    Kind::Struct(_) | Kind::Array(..) | Kind::Interface { .. } | Kind::Opaque(_)
                )
            })
        };
        (1..=SMALL).contains(&fields.len()) && fields.iter().all(plain)
    }
}

/// How many lists an expression is inside of: it lies behind their elements.
fn lists_around(list: &Value) -> usize {
    let mut around = 0;
    walk::value(list, &mut |e| {
        if let Expr::Element(level) = e {
            around = around.max(level + 1);
        }
    });
    around
}
