//! How values are shown: what `as` asks for, or what the Go type decides.

mod composed;
mod go;

use super::eval::{Outcome, Scope, TYPE_OF, fail};
use super::events::names_list;
use super::value::{Typed, article, part_of};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::Kind;
use crate::plan::format::Format;
use crate::plan::{Column, Known, Line, Number, NumberKind, Part, Value};
use crate::source::Span;
use crate::syntax::ast::{self, Name};
use crate::target::{Parameter, Unreadable};

impl Scope<'_> {
    /// An expression as parts of a line, where it is called `name`.
    pub(super) fn shown(&self, shown: &ast::Shown, name: &str) -> Outcome<Line> {
        let typed = self.eval(&shown.expr)?;
        let ty = typed.type_name();
        let parts = self.typed_parts(typed, shown.format.as_ref(), shown.expr.span)?;
        let mut line = Line::default();
        line.value(column(name, ty, &parts), parts);
        Ok(line)
    }

    fn typed_parts(&self, typed: Typed, format: Option<&Name>, span: Span) -> Outcome<Vec<Part>> {
        let wanted = match format {
            None => None,
            Some(name) => Some((self.format(name)?, name)),
        };
        if let (Some((wanted, name)), Typed::Go(_) | Typed::Value(..) | Typed::Number(_)) = (wanted, &typed) {
            let what = self.describe(&typed);
            let narrow = matches!(&typed, Typed::Go(l) if l.ty.size != 4);
            let value = self.plain_value(typed, span)?;
            let no_address = wanted == Format::Ip && narrow && matches!(value, Value::Number(_));
            let is_float = matches!(&value, Value::Number(n) if matches!(n.kind, NumberKind::Float(_)));
            let no_float = is_float && !matches!(wanted, Format::Float | Format::Int);
            if no_address || no_float || !wanted.accepts(&value) {
                let problem = Diagnostic::error(
                    Code::NOT_SHOWN_SO,
                    format!("{what} cannot be shown as {}", name.node),
                )
                .at(name.span, "does not fit")
                .see(span, format!("this is {what}"));
                return fail(problem.help(if no_float {
                    "without `as` it is shown as Go prints it; `as int` shows its whole part"
                } else {
                    "without `as` it is shown as its type says"
                }));
            }
            let value = match (wanted, value) {
                (Format::Float, Value::Number(n)) if n.kind == NumberKind::Plain => Value::Number(Number {
                    kind: NumberKind::Float(8),
                    ..n
                }),
                (_, value) => value,
            };
            return Ok(vec![Part::Shown(value, wanted)]);
        }
        match typed {
            Typed::Nil => Ok(vec![Part::Text("nil".into())]),
            Typed::Literal(text) => Ok(vec![Part::Text(text)]),
            Typed::Number(n) => Ok(vec![number_part(n.number())]),
            Typed::Value(value, what) => {
                let format = match &value {
                    Value::Interface { .. } if what == TYPE_OF => Format::Type,
                    value => default_format(value),
                };
                Ok(vec![Part::Shown(value, format)])
            }
            Typed::Go(l) => self.go_parts(&l, go::DEPTH, span),
        }
    }

    /// A typed expression as one value, if it is one.
    fn plain_value(&self, typed: Typed, span: Span) -> Outcome<Value> {
        match typed {
            Typed::Go(l) => match self.value_of(&l, span)? {
                Some(value) => Ok(value),
                None => {
                    let what = article(&l.ty.name);
                    fail(
                        Diagnostic::error(Code::NOT_SHOWN_SO, format!("{what} is not one value"))
                            .at(span, format!("this is {what}"))
                            .help(match part_of(&l.ty) {
                                Some(part) => format!("name {part}"),
                                None => "leave out `as`: it can be shown in one way only".to_owned(),
                            }),
                    )
                }
            },
            Typed::Value(value, _) => Ok(value),
            Typed::Number(n) => Ok(Value::Number(n.number())),
            Typed::Literal(text) => Ok(Value::Known(Known::Constant(text))),
            Typed::Nil => Ok(Value::Known(Known::Constant("nil".into()))),
        }
    }

    fn format(&self, name: &Name) -> Outcome<Format> {
        if let Some(found) = Format::named(&name.node) {
            return Ok(found);
        }
        let problem = Diagnostic::error(Code::UNKNOWN_WORD, format!("there is no format `{}`", name.node))
            .at(name.span, "not known");
        fail(match near::words(&name.node, Format::words()) {
            Some(word) => problem.help(format!("did you mean `{word}`?")),
            None => problem.help(format!(
                "the formats are {}",
                names_list(&Format::words().collect::<Vec<_>>())
            )),
        })
    }

    /// An expression as a key of a map.
    pub(super) fn key(&self, shown: &ast::Shown) -> Outcome<(Value, Column)> {
        let format = match &shown.format {
            Some(name) => Some(self.format(name)?),
            None => None,
        };
        let typed = self.eval(&shown.expr)?;
        let ty = typed.type_name();
        let is_ip = matches!(&typed, Typed::Go(l) if l.ty.name == "net.IP");
        let value = self.typed_key(typed, shown)?;
        let format = format.unwrap_or_else(|| match is_ip {
            true => Format::Ip,
            false => default_format(&value),
        });
        let column = Column::new(&self.text_of(&shown.expr), &ty, format);
        Ok((value, column))
    }

    fn typed_key(&self, typed: Typed, shown: &ast::Shown) -> Outcome<Value> {
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
            return fail(
                Diagnostic::error(Code::NOT_A_KEY, format!("{} cannot be a key", article(&name)))
                    .at(span, format!("this is {}", article(&name)))
                    .help(help),
            );
        }
        let is_type = matches!(&typed, Typed::Value(Value::Interface { .. }, what) if what == TYPE_OF);
        match self.plain_value(typed, span)? {
            Value::Slice { bytes: false, .. } => fail(
                Diagnostic::error(Code::NOT_A_KEY, "a slice cannot be a key")
                    .at(span, "this is a slice")
                    .help("name one of its elements, or its `len`"),
            ),
            // The names of types alone are of one length.
            Value::Interface { methods, .. } if !(methods && is_type) && self.dialect.widens_on_stack() => {
                let release = self.dialect.range();
                fail(
                    Diagnostic::error(
                        Code::KEY_REFUSED,
                        format!("bpftrace {release} cannot take an interface as a key"),
                    )
                    .at(span, "this is an interface")
                    .help("print it, or let `gobt` write for bpftrace 0.23 or 0.27 if you have one of these"),
                )
            }
            value if is_type => Ok(Value::TypeOf(Box::new(value))),
            value => Ok(value),
        }
    }

    /// Every one of some arguments or results, as `name=value`. What cannot be read says why in its place.
    pub(super) fn all_parameters(&self, list: &[&Parameter], results: bool, span: Span) -> Line {
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
            let mut cannot = |why: &str| {
                let parts = vec![Part::Text(why.to_owned())];
                line.value(column(&name, String::new(), &parts), parts);
            };
            if let Err(reason) = &parameter.place {
                cannot(match reason {
                    Unreadable::Dropped => "(not passed)",
                    Unreadable::NotThere => "(not known here)",
                    _ => "(not certain where)",
                });
                continue;
            }
            let shown = self.parameter(parameter, span, results).and_then(|typed| {
                let ty = typed.type_name();
                Ok((ty, self.typed_parts(typed, None, span)?))
            });
            match shown {
                Ok((ty, shown)) => line.value(column(&name, ty, &shown), shown),
                Err(_) => cannot("(in a vector register)"),
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
