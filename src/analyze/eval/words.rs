//! Values from their words: the plan's form of a Go value, and conversions to numbers and conditions.

use super::{Outcome, Scope, choose_nonzero, entry, fail, load};
use crate::analyze::located::{Located, NoWord, Place};
use crate::analyze::value::{Operand, Typed, article, part_of};
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::gotype::{GoType, Kind, TypeRef};
use crate::plan::{Expr, Number, NumberKind, Value};
use crate::source::Span;
use crate::syntax::ast::{self};

impl Scope<'_> {
    /// Reads a word of a value.
    pub(in crate::analyze) fn word(
        &self,
        place: &Place,
        offset: u64,
        size: u64,
        signed: bool,
        label: &str,
        span: Span,
    ) -> Outcome<Expr> {
        match place.word(offset, size, signed) {
            Ok((expr, false)) => Ok(expr),
            Ok((expr, true)) => {
                // The whole register is kept; what is wanted of it is cut out on return.
                let (whole, cut) = match expr {
                    Expr::Narrow { of, size, signed } => (*of, Some((size, signed))),
                    other => (other, None),
                };
                let kept = entry::kept(whole, label);
                Ok(match cut {
                    Some((size, signed)) => Expr::Narrow {
                        of: Box::new(kept),
                        size,
                        signed,
                    },
                    None if size < 8 => Expr::Narrow {
                        of: Box::new(kept),
                        size,
                        signed,
                    },
                    None => kept,
                })
            }
            Err(reason) => {
                let why = match reason {
                    NoWord::Vector(n) => {
                        format!("it is in vector register X{n}, which the kernel does not show to probes")
                    }
                    NoWord::Missing => "it is spread over several places".to_string(),
                };
                let name = label.split_once('_').map_or(label, |(_, n)| n).to_string();
                fail(
                    Diagnostic::error(Code::NOT_READABLE, format!("`{name}` cannot be read here"))
                        .at(span, why)
                        .help("floating point values can be read where they lie in memory: behind a pointer, in a \
                            struct, in a slice"),
                )
            }
        }
    }

    /// A named word of a value that has several: `data` of a string, `wall` of a time.
    pub(in crate::analyze) fn part(
        &self,
        located: &Located,
        of: &str,
        name: &str,
        offset: u64,
        span: Span,
    ) -> Outcome<Expr> {
        self.sized_part(located, of, name, (offset, 8), span)
    }

    /// The same for words of other sizes: offset and bytes.
    pub(in crate::analyze) fn sized_part(
        &self,
        located: &Located,
        of: &str,
        name: &str,
        (offset, size): (u64, u64),
        span: Span,
    ) -> Outcome<Expr> {
        let place = located.place.field(of, name, offset, size, None);
        let label = format!("{}_{name}", located.label);
        self.word(&place, 0, size, false, &label, span)
    }

    /// The plan's form of a Go value; none for types without one (structs, maps, …).
    pub(in crate::analyze) fn value_of(&self, l: &Located, span: Span) -> Outcome<Option<Value>> {
        let ty = &l.ty;
        let number = |size: u64, signed: bool, kind: NumberKind| {
            let expr = self.word(&l.place, 0, size, signed, &l.label, span)?;
            Ok(Value::Number(Number { expr, signed, kind }))
        };
        let part = |of: &str, name: &str, offset: u64| self.part(l, of, name, offset, span).map(Box::new);
        let found: Outcome<Value> = match &ty.kind {
            Kind::Bool => number(1, false, NumberKind::Bool),
            Kind::Int if ty.name == "time.Duration" => number(ty.size, true, NumberKind::Duration),
            Kind::Int => number(ty.size, true, NumberKind::Plain),
            Kind::Uint | Kind::Uintptr => number(ty.size, false, NumberKind::Plain),
            Kind::Float => number(ty.size, false, NumberKind::Float(ty.size)),
            Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) => {
                number(8, false, NumberKind::Pointer)
            }
            Kind::String => Ok(Value::Text {
                data: part("string", "data", 0)?,
                len: part("string", "len", 8)?,
            }),
            Kind::Slice(element) => Ok(Value::Slice {
                data: part("slice", "data", 0)?,
                len: part("slice", "len", 8)?,
                bytes: self.is_byte(*element),
            }),
            Kind::Array(element, len) => return self.bytes_of(l, *element, *len, span),
            Kind::Interface { methods } => {
                let (of, first) = if *methods {
                    ("iface", "tab")
                } else {
                    ("eface", "type")
                };
                Ok(Value::Interface {
                    tab: part(of, first, 0)?,
                    data: part(of, "data", 8)?,
                    methods: *methods,
                    ty: l.id,
                })
            }
            Kind::Func => {
                let closure = self.word(&l.place, 0, 8, false, &l.label, span)?;
                let code = load(closure.clone(), 0, 8);
                Ok(Value::Code(Box::new(choose_nonzero(closure, code))))
            }
            Kind::Struct(_) if ty.name == "time.Time" => Ok(Value::Time {
                wall: part("time.Time", "wall", 0)?,
                ext: part("time.Time", "ext", 8)?,
            }),
            Kind::Struct(_) | Kind::Complex | Kind::Opaque(_) => return Ok(None),
        };
        found.map(Some)
    }

    /// The plan's form of an array of bytes in memory; none for other values.
    fn bytes_of(&self, l: &Located, element: TypeRef, len: u64, span: Span) -> Outcome<Option<Value>> {
        if !self.is_byte(element) {
            return Ok(None);
        }
        match (&l.place, l.place.address()) {
            (_, Some(address)) => Ok(Some(Value::Bytes {
                data: Box::new(address),
                len,
            })),
            (Place::Pieces { keep: true, .. }, None) => fail(
                Diagnostic::error(
                    Code::NOT_READABLE,
                    "an array that was passed on the stack is gone when the call returns",
                )
                .at(span, "not kept")
                .help("print it where the call begins"),
            ),
            _ => Ok(None),
        }
    }

    /// A Go value of a type that is one value to the plan.
    pub(in crate::analyze) fn one_value(&self, l: &Located, span: Span) -> Outcome<Value> {
        self.value_of(l, span)?.ok_or_else(Problems::default)
    }

    /// The value with the width and sign it has, if it is a number.
    pub(in crate::analyze) fn as_number(&self, typed: Typed, span: Span) -> Outcome<Operand> {
        match typed {
            Typed::Number(n) => Ok(n),
            Typed::Go(l) if l.ty.kind == Kind::Float => {
                let what = article(&l.ty.name);
                fail(
                    Diagnostic::error(
                        Code::NOT_COMPUTABLE,
                        format!("{what} cannot be computed with: BPF has no floating point"),
                    )
                    .at(span, what)
                    .help("it can be printed: `as int` shows its whole part"),
                )
            }
            Typed::Go(l) => match (&l.ty.kind, self.value_of(&l, span)?) {
                (
                    Kind::Bool
                    | Kind::Int
                    | Kind::Uint
                    | Kind::Uintptr
                    | Kind::Pointer(_)
                    | Kind::UnsafePointer,
                    Some(Value::Number(n)),
                ) => Ok(Operand {
                    expr: n.expr,
                    signed: n.signed,
                    kind: n.kind,
                    what: l.ty.name,
                    literal: false,
                }),
                _ => not_a_number(&l.ty.name, span),
            },
            Typed::Literal(_) => not_a_number("string", span),
            Typed::Value(_, what) => not_a_number(&what, span),
            Typed::Nil => not_a_number("nil", span),
        }
    }

    /// Slices and arrays of it are bytes.
    pub(in crate::analyze) fn is_byte(&self, element: TypeRef) -> bool {
        let ty = self.program.type_of(element);
        ty.is_ok_and(|ty| ty.size == 1 && matches!(ty.kind, Kind::Uint))
    }

    /// A condition.
    pub(in crate::analyze) fn condition(&self, e: &ast::Expr) -> Outcome<Value> {
        self.holds(e).map(Value::truth)
    }

    /// The number that is not 0 if the condition is true.
    pub(super) fn holds(&self, e: &ast::Expr) -> Outcome<Expr> {
        let typed = self.eval(e)?;
        let is_bool = match &typed {
            Typed::Number(n) => n.kind == NumberKind::Bool,
            Typed::Go(l) => l.ty.kind == Kind::Bool,
            _ => false,
        };
        if is_bool {
            return self.as_number(typed, e.span).map(|n| n.expr);
        }
        let help = match &typed {
            Typed::Go(l) => how_compared(&l.ty),
            _ => COMPARE.to_owned(),
        };
        fail(
            Diagnostic::error(Code::NOT_A_CONDITION, "a condition is true or false")
                .at(e.span, format!("this is {}", self.describe(&typed)))
                .help(help),
        )
    }

    pub(in crate::analyze) fn describe(&self, typed: &Typed) -> String {
        match typed {
            Typed::Go(l) => article(&l.ty.name),
            Typed::Number(Operand { what, .. }) | Typed::Value(_, what) => article(what).to_string(),
            Typed::Literal(_) => "a string".into(),
            Typed::Nil => "nil".into(),
        }
    }
}

fn not_a_number<T>(what: &str, span: Span) -> Outcome<T> {
    fail(
        Diagnostic::error(Code::NOT_A_NUMBER, format!("{} is not a number", article(what)))
            .at(span, format!("this is {}", article(what))),
    )
}

/// The help for values that can be compared.
const COMPARE: &str = "compare it with something: `==`, `!=`, `<`, …";

/// How a value of this type becomes a condition.
fn how_compared(ty: &GoType) -> String {
    match &ty.kind {
        Kind::Map { .. } | Kind::Slice(_) => "compare it with `nil`, or its `len` with a number".to_owned(),
        Kind::Chan(_) | Kind::Func | Kind::Pointer(_) | Kind::UnsafePointer | Kind::Interface { .. } => {
            "compare it with `nil`".to_owned()
        }
        Kind::Float | Kind::Complex => "compare something else: BPF has no floating point".to_owned(),
        Kind::Struct(_) | Kind::Array(..) | Kind::Opaque(_) => match part_of(ty) {
            Some(part) => format!("compare {part}"),
            None => "compare something else: it has no parts".to_owned(),
        },
        _ => COMPARE.to_owned(),
    }
}
