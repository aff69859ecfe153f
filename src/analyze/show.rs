//! How values are shown: what `as` asks for, or what the Go type decides.

use super::compute::{Scope, TYPE_OF, aggregate_name, complex_name, element_address, load};
use super::events::names_list;
use super::located::{Located, Place};
use super::value::{Typed, article, part_of};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::{GoType, Kind, TypeRef};
use crate::plan::format::Format;
use crate::plan::{Column, Expr, Known, Line, Number, NumberKind, Op, Part, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Name};
use crate::target::{Parameter, Unreadable};

/// Elements of a slice or array that are written out.
const ELEMENTS: u64 = 4;
/// Fields of a struct that are written out.
const FIELDS: usize = 16;
/// Fields of a struct that a pointer is shown with.
const SMALL: usize = 6;
/// Structs in structs.
const DEPTH: usize = 3;

impl Scope<'_> {
    /// An expression as parts of a line, where it is called `name`.
    pub(super) fn shown(&mut self, shown: &ast::Shown, name: &str) -> Option<Line> {
        let typed = self.eval(&shown.expr);
        let ty = typed.type_name();
        let parts = self.typed_parts(typed, shown.format.as_ref(), shown.expr.span)?;
        let mut line = Line::default();
        line.value(column(name, ty, &parts), parts);
        Some(line)
    }

    fn typed_parts(&mut self, typed: Typed, format: Option<&Name>, span: Span) -> Option<Vec<Part>> {
        let wanted = match format {
            None => None,
            Some(name) => Some((self.format(name)?, name)),
        };
        if let (Some((wanted, name)), Typed::Go(_) | Typed::Value(..) | Typed::Number { .. }) =
            (wanted, &typed)
        {
            let what = self.describe(&typed);
            let narrow = matches!(&typed, Typed::Go(l) if l.ty.size != 4);
            let value = self.plain_value(typed, span)?;
            let no_address = wanted == Format::Ip && narrow && matches!(value, Value::Number(_));
            let is_float = matches!(&value, Value::Number(n) if matches!(n.kind, NumberKind::Float(_)));
            let no_float = is_float && !matches!(wanted, Format::Float | Format::Int);
            if no_address || no_float || !wanted.accepts(&value) {
                let mut problem = Diagnostic::error(
                    Code::NOT_SHOWN_SO,
                    format!("{what} cannot be shown as {}", name.node),
                )
                .at(name.span, "does not fit")
                .see(span, format!("this is {what}"));
                if no_float {
                    problem = problem.help("say nothing, and it is shown as Go prints it; `as int` shows what stands before its point");
                }
                self.problems.push(problem);
                return None;
            }
            let value = match (wanted, value) {
                (Format::Float, Value::Number(n)) if n.kind == NumberKind::Plain => Value::Number(Number {
                    kind: NumberKind::Float(8),
                    ..n
                }),
                (_, value) => value,
            };
            return Some(vec![Part::Shown(value, wanted)]);
        }
        match typed {
            Typed::Wrong => None,
            Typed::Nil => Some(vec![Part::Text("nil".into())]),
            Typed::Literal(text) => Some(vec![Part::Text(text)]),
            Typed::Number {
                expr, signed, kind, ..
            } => Some(vec![number_part(Number { expr, signed, kind })]),
            Typed::Value(value, what) => {
                let format = match &value {
                    Value::Interface { .. } if what == TYPE_OF => Format::Type,
                    value => default_format(value),
                };
                Some(vec![Part::Shown(value, format)])
            }
            Typed::Go(l) => self.go_parts(&l, DEPTH, span),
        }
    }

    /// A typed expression as one value, if it is one.
    fn plain_value(&mut self, typed: Typed, span: Span) -> Option<Value> {
        match typed {
            Typed::Go(l) => {
                let what = l.ty.name.clone();
                let before = self.problems.clone();
                let value = self.value_of(&l, span);
                if value.is_none() && *self.problems == before {
                    self.problems.push(
                        Diagnostic::error(Code::NOT_SHOWN_SO, format!("{} is not one value", article(&what)))
                            .at(span, format!("this is {}", article(&what)))
                            .help(match part_of(&l.ty) {
                                Some(part) => format!("name {part}"),
                                None => "leave out `as`: it has one form only".to_owned(),
                            }),
                    );
                }
                value
            }
            Typed::Value(value, _) => Some(value),
            Typed::Number {
                expr, signed, kind, ..
            } => Some(Value::Number(Number { expr, signed, kind })),
            Typed::Literal(text) => Some(Value::Known(Known::Constant(text))),
            Typed::Nil => Some(Value::Known(Known::Constant("nil".into()))),
            Typed::Wrong => None,
        }
    }

    fn format(&mut self, name: &Name) -> Option<Format> {
        let found = Format::named(&name.node);
        if found.is_none() {
            let mut problem =
                Diagnostic::error(Code::UNKNOWN_WORD, format!("there is no format `{}`", name.node))
                    .at(name.span, "not known");
            problem = match near::words(&name.node, Format::words()) {
                Some(word) => problem.help(format!("did you mean `{word}`?")),
                None => problem.help(format!(
                    "the formats are {}",
                    names_list(&Format::words().collect::<Vec<_>>())
                )),
            };
            self.problems.push(problem);
        }
        found
    }

    /// An expression as a key of a map.
    pub(super) fn key(&mut self, shown: &ast::Shown) -> Option<(Value, Column)> {
        let format = match &shown.format {
            Some(name) => Some(self.format(name)?),
            None => None,
        };
        let typed = self.eval(&shown.expr);
        let ty = typed.type_name();
        let value = self.typed_key(typed, shown)?;
        let format = format.unwrap_or_else(|| default_format(&value));
        let column = Column::new(&self.text_of(&shown.expr), &ty, format);
        Some((value, column))
    }

    fn typed_key(&mut self, typed: Typed, shown: &ast::Shown) -> Option<Value> {
        let span = shown.expr.span;
        if let Typed::Go(l) = &typed
            && (matches!(
                l.ty.kind,
                Kind::Struct(_) | Kind::Complex | Kind::Opaque(_) | Kind::Float
            ) || matches!(&l.ty.kind, Kind::Array(element, _) if !self.is_byte(*element)))
            && l.ty.name != "time.Time"
        {
            let name = l.ty.name.clone();
            let help = match l.ty.kind {
                Kind::Float | Kind::Complex => "it can be printed only: count by something else".to_owned(),
                _ => part_of(&l.ty).map_or("count by something else".to_owned(), |part| {
                    format!("name {part}")
                }),
            };
            self.problems.push(
                Diagnostic::error(Code::NOT_A_KEY, format!("{} cannot be a key", article(&name)))
                    .at(span, format!("this is {}", article(&name)))
                    .help(help),
            );
            return None;
        }
        let is_type = matches!(&typed, Typed::Value(Value::Interface { .. }, what) if what == TYPE_OF);
        match self.plain_value(typed, span)? {
            Value::Slice { bytes: false, .. } => {
                self.problems.push(
                    Diagnostic::error(Code::NOT_A_KEY, "a slice cannot be a key")
                        .at(span, "this is a slice")
                        .help("name one of its elements, or its `len`"),
                );
                None
            }
            Value::Interface { methods, .. } if self.refuses_interface(methods && is_type, span) => None,
            value if is_type => Some(Value::TypeOf(Box::new(value))),
            value => Some(value),
        }
    }

    /// True, and said, if no release that the script is for takes what is in an interface as a key.
    fn refuses_interface(&mut self, only_table: bool, span: Span) -> bool {
        // The names of types alone are of one length.
        if only_table || !self.dialect.widens_on_stack() {
            return false;
        }
        let release = self.dialect.range();
        self.problems.push(
            Diagnostic::error(
                Code::KEY_REFUSED,
                format!("bpftrace {release} has no room for what is in an interface as a key"),
            )
            .at(span, "this is an interface")
            .help("print it, or let `gobt` write for bpftrace 0.23 or 0.27 if you have one of these"),
        );
        true
    }

    /// A Go value as its type says it is shown. Nothing if it cannot be read, which was said then.
    pub(super) fn go_parts(&mut self, l: &Located, depth: usize, span: Span) -> Option<Vec<Part>> {
        let ty = l.ty.clone();
        let text = |t: &str| Some(vec![Part::Text(t.to_string())]);
        match &ty.kind {
            Kind::Struct(_) if ty.name == "time.Time" => {
                Some(vec![Part::Shown(self.value_of(l, span)?, Format::Time)])
            }
            Kind::Struct(fields) => {
                if depth == 0 {
                    return text("{…}");
                }
                let mut parts = vec![Part::Text("{".into())];
                for (i, field) in fields.iter().enumerate() {
                    if i >= FIELDS {
                        parts.push(Part::Text(" …".into()));
                        break;
                    }
                    parts.push(Part::Text(format!(
                        "{}{}:",
                        if i > 0 { " " } else { "" },
                        field.name
                    )));
                    let fty = self.go_type(field.ty)?;
                    let inner = aggregate_name(&fty);
                    let place =
                        l.place
                            .field(&ty.name, &field.name, field.offset, fty.size, inner.as_deref());
                    let at = Located {
                        ty: fty,
                        id: field.ty,
                        place,
                        label: format!("{}_{}", l.label, field.name),
                    };
                    parts.extend(self.go_parts_or_why(&at, depth - 1, span));
                }
                parts.push(Part::Text("}".into()));
                Some(parts)
            }
            Kind::Slice(element) if ty.name != "net.IP" => {
                let value = self.value_of(l, span)?;
                let Value::Slice { data, len, bytes, .. } = &value else {
                    return None;
                };
                if *bytes {
                    return Some(vec![Part::Shown(value, Format::Bytes)]);
                }
                let ety = self.go_type(*element)?;
                let mut each = Vec::new();
                if depth > 0 {
                    for i in 0..ELEMENTS {
                        let address = element_address((**data).clone(), &Expr::Int(i128::from(i)), ety.size);
                        let at = Located {
                            ty: ety.clone(),
                            id: *element,
                            place: Place::behind(address),
                            label: format!("{}_element", l.label),
                        };
                        each.push(self.go_parts_or_why(&at, depth - 1, span));
                    }
                }
                let len = Value::Number(Number {
                    expr: (**len).clone(),
                    signed: false,
                    kind: NumberKind::Plain,
                });
                Some(vec![Part::Elements {
                    len,
                    each,
                    open_ended: true,
                }])
            }
            Kind::Slice(_) => Some(vec![Part::Shown(self.value_of(l, span)?, Format::Ip)]),
            Kind::Array(element, len) => {
                let ety = self.go_type(*element)?;
                if ety.size == 1 && matches!(ety.kind, Kind::Uint) && l.place.address().is_some() && *len > 0
                {
                    return Some(vec![Part::Shown(self.value_of(l, span)?, Format::Bytes)]);
                }
                if depth == 0 && *len > 0 {
                    return text("[…]");
                }
                let mut parts = vec![Part::Text("[".into())];
                for i in 0..(*len).min(ELEMENTS * 2) {
                    if i > 0 {
                        parts.push(Part::Text(" ".into()));
                    }
                    let place = l.place.element(i.saturating_mul(ety.size));
                    let at = Located {
                        ty: ety.clone(),
                        id: *element,
                        place,
                        label: format!("{}_{i}", l.label),
                    };
                    parts.extend(self.go_parts_or_why(&at, depth.saturating_sub(1), span));
                }
                parts.push(Part::Text(if *len > ELEMENTS * 2 { " …]" } else { "]" }.into()));
                Some(parts)
            }
            Kind::Interface { .. } => {
                let format = if ty.name == "error" {
                    Format::Error
                } else {
                    Format::Type
                };
                Some(vec![Part::Shown(self.value_of(l, span)?, format)])
            }
            Kind::Map { .. } | Kind::Chan(_) => {
                let is_map = matches!(ty.kind, Kind::Map { .. });
                let runtime = match self.program.runtime() {
                    Ok(r) => r,
                    Err(problem) => {
                        self.problems.push(problem);
                        return None;
                    }
                };
                let header = self.word(&l.place, 0, 8, false, &l.label, span)?;
                let count = |(offset, size): (u64, u64)| {
                    number_part(Number {
                        expr: load(header.clone(), offset, size),
                        signed: false,
                        kind: NumberKind::Plain,
                    })
                };
                let mut shown = vec![Part::Text(if is_map { "map[" } else { "chan[" }.into())];
                if is_map {
                    shown.push(count(runtime.map_count));
                } else {
                    shown.push(count((runtime.chan_count, 8)));
                    shown.push(Part::Text("/".into()));
                    shown.push(count((runtime.chan_size, 8)));
                }
                shown.push(Part::Text("]".into()));
                let not_nil = Expr::Binary {
                    op: Op::NotEqual,
                    a: Box::new(header),
                    b: Box::new(Expr::Int(0)),
                    signed: false,
                };
                let not_nil = Value::Number(Number {
                    expr: not_nil,
                    signed: false,
                    kind: NumberKind::Bool,
                });
                Some(vec![Part::Unless(not_nil, shown, vec![Part::Text("nil".into())])])
            }
            Kind::Complex => {
                let half = ty.size / 2;
                let of = complex_name(ty.size);
                let re = self.sized_part(l, of, "real", (0, half), span)?;
                let im = self.sized_part(l, of, "imag", (half, half), span)?;
                let float = |expr, format| {
                    let kind = NumberKind::Float(half);
                    Part::Shown(
                        Value::Number(Number {
                            expr,
                            signed: false,
                            kind,
                        }),
                        format,
                    )
                };
                Some(vec![
                    Part::Text("(".into()),
                    float(re, Format::Float),
                    float(im, Format::Imaginary),
                    Part::Text("i)".into()),
                ])
            }
            Kind::Opaque(_) => text("?"),
            Kind::Pointer(to) if depth == DEPTH => {
                let pointer = self.value_of(l, span)?;
                let pointee = self.program.type_of(*to).ok();
                match (&pointer, pointee) {
                    (Value::Number(n), Some(inner)) if self.is_small_struct(&inner) => {
                        let at = Located {
                            ty: inner,
                            id: *to,
                            place: Place::behind(n.expr.clone()),
                            label: l.label.clone(),
                        };
                        let mut shown = vec![Part::Text("&".into())];
                        shown.extend(self.go_parts_or_why(&at, 1, span));
                        Some(vec![Part::Pointee(pointer, shown)])
                    }
                    _ => Some(vec![Part::Shown(pointer, Format::Pointer)]),
                }
            }
            _ => {
                let value = self.value_of(l, span)?;
                let format = default_format(&value);
                Some(vec![Part::Shown(value, format)])
            }
        }
    }

    /// A struct that is worth writing out where only a pointer to it was asked for: a few plain fields.
    fn is_small_struct(&self, ty: &GoType) -> bool {
        let Kind::Struct(fields) = &ty.kind else {
            return false;
        };
        let plain = |f: &crate::gotype::Field| {
            self.program.type_of(f.ty).is_ok_and(|t| {
                !matches!(
                    t.kind,
                    Kind::Struct(_) | Kind::Array(..) | Kind::Interface { .. } | Kind::Opaque(_)
                )
            })
        };
        (1..=SMALL).contains(&fields.len()) && fields.iter().all(plain)
    }

    /// A type of the program. That it is damaged is said once.
    fn go_type(&mut self, ty: TypeRef) -> Option<GoType> {
        self.program
            .type_of(ty)
            .map_err(|problem| self.problems.push(problem))
            .ok()
    }

    /// A part of a larger value: what cannot be read is shown as `?` there.
    fn go_parts_or_why(&mut self, l: &Located, depth: usize, span: Span) -> Vec<Part> {
        let before = self.problems.clone();
        match self.go_parts(l, depth, span) {
            Some(parts) => parts,
            None => {
                *self.problems = before;
                vec![Part::Text("?".into())]
            }
        }
    }

    /// Every one of some arguments or results, as `name=value`. What cannot be read says why in its place.
    pub(super) fn all_parameters(&mut self, list: &[Parameter], results: bool, span: Span) -> Line {
        let mut line = Line::default();
        for (i, parameter) in list.iter().enumerate() {
            if i > 0 {
                line.text(" ");
            }
            let unnamed = parameter.name.starts_with('~') || parameter.name == "_";
            let name = if unnamed {
                i.to_string()
            } else {
                parameter.name.clone()
            };
            line.text(format!("{name}="));
            if let Err(reason) = &parameter.place {
                line.text(match reason {
                    Unreadable::Dropped => "(not passed)",
                    _ => "(not certain where)",
                });
                continue;
            }
            let before = self.problems.clone();
            let typed = self.parameter(parameter, span, results);
            let ty = typed.type_name();
            let shown = match typed {
                Typed::Go(l) => self.go_parts(&l, DEPTH, span),
                _ => None,
            };
            match shown {
                Some(shown) => line.value(column(&name, ty, &shown), shown),
                None => {
                    *self.problems = before;
                    line.text("(in a vector register)");
                }
            }
        }
        line
    }
}

/// What is shown as `parts`, where it is called `name`.
fn column(name: &str, ty: String, parts: &[Part]) -> Column {
    Column {
        name: name.to_owned(),
        ty: Some(ty),
        format: match parts {
            [Part::Shown(_, format)] => Some(*format),
            _ => None,
        },
    }
}

fn number_part(n: Number) -> Part {
    let value = Value::Number(n);
    let format = default_format(&value);
    Part::Shown(value, format)
}

/// What a value's sort alone decides.
pub(super) fn default_format(value: &Value) -> Format {
    match value {
        Value::Number(n) => match n.kind {
            NumberKind::Bool => Format::Bool,
            NumberKind::Duration => Format::Duration,
            NumberKind::Pointer => Format::Pointer,
            NumberKind::Float(_) => Format::Float,
            NumberKind::Plain if n.signed => Format::Int,
            NumberKind::Plain => Format::Uint,
        },
        Value::Text { .. } | Value::Known(_) | Value::Comm => Format::String,
        Value::Slice { bytes: true, .. } | Value::Bytes { .. } => Format::Bytes,
        Value::Slice { .. } => Format::Pointer,
        Value::Interface { .. } | Value::TypeOf(_) => Format::Type,
        Value::Time { .. } => Format::Time,
        Value::Stack(_) => Format::Stack,
        Value::Code(_) => Format::Symbol,
    }
}
