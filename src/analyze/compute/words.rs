//! Values from their words: what a Go value is to the plan, and what counts as a number or a condition.

use super::{Scope, choose_nonzero, load};
use crate::analyze::located::{Located, NoWord, Place};
use crate::analyze::value::{Typed, article, part_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::{GoType, Kind, TypeRef};
use crate::plan::{Expr, Number, NumberKind, Value};
use crate::source::Span;
use crate::syntax::ast::{self};

impl Scope<'_> {
    /// Reads a word of a value.
    pub(in crate::analyze) fn word(
        &mut self,
        place: &Place,
        offset: u64,
        size: u64,
        signed: bool,
        label: &str,
        span: Span,
    ) -> Option<Expr> {
        match place.word(offset, size, signed) {
            Ok((expr, false)) => Some(expr),
            Ok((expr, true)) => {
                // The whole register is kept; what is wanted of it is cut out on return.
                let (whole, cut) = match expr {
                    Expr::Narrow { of, size, signed } => (*of, Some((size, signed))),
                    other => (other, None),
                };
                let kept = self.keep(whole, label);
                Some(match cut {
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
                self.problems.push(
                    Diagnostic::error(Code::NOT_READABLE, format!("`{name}` cannot be read here"))
                        .at(span, why)
                        .help("floating point values can be read where they lie in memory: behind a pointer, in a struct, in a slice"),
                );
                None
            }
        }
    }

    /// A named word of a value that has several: `data` of a string, `wall` of a time.
    pub(in crate::analyze) fn part(
        &mut self,
        located: &Located,
        of: &str,
        name: &str,
        offset: u64,
        span: Span,
    ) -> Option<Expr> {
        self.sized_part(located, of, name, (offset, 8), span)
    }

    /// The same for words of other sizes: offset and bytes.
    pub(in crate::analyze) fn sized_part(
        &mut self,
        located: &Located,
        of: &str,
        name: &str,
        (offset, size): (u64, u64),
        span: Span,
    ) -> Option<Expr> {
        let place = located.place.field(of, name, offset, size, None);
        let label = format!("{}_{name}", located.label);
        self.word(&place, 0, size, false, &label, span)
    }

    /// A Go value as the plan takes it; what has no such form (structs, maps, …) is nothing.
    pub(in crate::analyze) fn value_of(&mut self, l: &Located, span: Span) -> Option<Value> {
        let ty = &l.ty;
        let number =
            |expr: Expr, signed: bool, kind: NumberKind| Value::Number(Number { expr, signed, kind });
        match &ty.kind {
            Kind::Bool => Some(number(
                self.word(&l.place, 0, 1, false, &l.label, span)?,
                false,
                NumberKind::Bool,
            )),
            Kind::Int => {
                let kind = if ty.name == "time.Duration" {
                    NumberKind::Duration
                } else {
                    NumberKind::Plain
                };
                Some(number(
                    self.word(&l.place, 0, ty.size, true, &l.label, span)?,
                    true,
                    kind,
                ))
            }
            Kind::Uint | Kind::Uintptr => Some(number(
                self.word(&l.place, 0, ty.size, false, &l.label, span)?,
                false,
                NumberKind::Plain,
            )),
            Kind::Float => {
                let expr = self.word(&l.place, 0, ty.size, false, &l.label, span)?;
                Some(number(expr, false, NumberKind::Float(ty.size)))
            }
            Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) => Some(number(
                self.word(&l.place, 0, 8, false, &l.label, span)?,
                false,
                NumberKind::Pointer,
            )),
            Kind::String => Some(Value::Text {
                data: Box::new(self.part(l, "string", "data", 0, span)?),
                len: Box::new(self.part(l, "string", "len", 8, span)?),
            }),
            Kind::Slice(element) => {
                let bytes = self.is_byte(*element);
                Some(Value::Slice {
                    data: Box::new(self.part(l, "slice", "data", 0, span)?),
                    len: Box::new(self.part(l, "slice", "len", 8, span)?),
                    bytes,
                })
            }
            Kind::Array(element, len) => {
                let bytes = self.is_byte(*element);
                if !bytes {
                    return None;
                }
                let address = match (&l.place, l.place.address()) {
                    (_, Some(address)) => address,
                    (Place::Pieces { keep: true, .. }, None) => {
                        self.problems.push(
                            Diagnostic::error(
                                Code::NOT_READABLE,
                                "an array that was passed on the stack is gone when the call returns",
                            )
                            .at(span, "not kept")
                            .help("print it where the call begins"),
                        );
                        return None;
                    }
                    _ => return None,
                };
                Some(Value::Bytes {
                    data: Box::new(address),
                    len: *len,
                })
            }
            Kind::Interface { methods } => {
                let first = if *methods { "tab" } else { "type" };
                let of = if *methods { "iface" } else { "eface" };
                Some(Value::Interface {
                    tab: Box::new(self.part(l, of, first, 0, span)?),
                    data: Box::new(self.part(l, of, "data", 8, span)?),
                    methods: *methods,
                    ty: l.id,
                })
            }
            Kind::Func => {
                let closure = self.word(&l.place, 0, 8, false, &l.label, span)?;
                let code = load(closure.clone(), 0, 8);
                Some(Value::Code(Box::new(choose_nonzero(closure, code))))
            }
            Kind::Struct(_) if ty.name == "time.Time" => Some(Value::Time {
                wall: Box::new(self.part(l, "time.Time", "wall", 0, span)?),
                ext: Box::new(self.part(l, "time.Time", "ext", 8, span)?),
            }),
            Kind::Struct(_) | Kind::Complex | Kind::Opaque(_) => None,
        }
    }

    /// The value with the width and sign it has, if it is a number.
    pub(in crate::analyze) fn as_number(
        &mut self,
        typed: Typed,
        span: Span,
    ) -> Option<(Expr, bool, NumberKind, String, bool)> {
        match typed {
            Typed::Number {
                expr,
                signed,
                kind,
                what,
                literal,
            } => Some((expr, signed, kind, what, literal)),
            Typed::Go(l) => {
                let name = l.ty.name.clone();
                match (&l.ty.kind, self.value_of_number(&l, span)) {
                    (Kind::Float, _) => {
                        self.problems.push(
                            Diagnostic::error(
                                Code::NOT_COMPUTABLE,
                                format!(
                                    "{} cannot be computed with: BPF has no floating point",
                                    article(&name)
                                ),
                            )
                            .at(span, article(&name).to_string())
                            .help("it can be printed: `as int` shows what stands before its point"),
                        );
                        None
                    }
                    (_, Some(n)) => Some((n.expr, n.signed, n.kind, name, false)),
                    (kind, None) => {
                        if !self.problems.has_errors() || !matches!(kind, Kind::Int | Kind::Uint | Kind::Bool)
                        {
                            self.problems.push(
                                Diagnostic::error(
                                    Code::NOT_A_NUMBER,
                                    format!("{} is not a number", article(&name)),
                                )
                                .at(span, format!("this is {}", article(&name))),
                            );
                        }
                        None
                    }
                }
            }
            Typed::Literal(_) => self.not_a_number("string", span),
            Typed::Value(_, what) => self.not_a_number(&what, span),
            Typed::Nil => self.not_a_number("nil", span),
            Typed::Wrong => None,
        }
    }

    pub(in crate::analyze) fn not_a_number<T>(&mut self, what: &str, span: Span) -> Option<T> {
        self.problems.push(
            Diagnostic::error(Code::NOT_A_NUMBER, format!("{} is not a number", article(what)))
                .at(span, format!("this is {}", article(what))),
        );
        None
    }

    pub(in crate::analyze) fn value_of_number(&mut self, l: &Located, span: Span) -> Option<Number> {
        match l.ty.kind {
            Kind::Bool | Kind::Int | Kind::Uint | Kind::Uintptr | Kind::Pointer(_) | Kind::UnsafePointer => {
                match self.value_of(l, span)? {
                    Value::Number(n) => Some(n),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Slices and arrays of it are bytes.
    pub(in crate::analyze) fn is_byte(&self, element: TypeRef) -> bool {
        let ty = self.program.type_of(element);
        ty.is_ok_and(|ty| ty.size == 1 && matches!(ty.kind, Kind::Uint))
    }

    /// Something that holds or does not.
    pub(in crate::analyze) fn condition(&mut self, e: &ast::Expr) -> Option<Value> {
        match self.eval(e) {
            Typed::Wrong => None,
            typed => {
                let before = self.problems.clone();
                match self.as_number(typed.clone(), e.span) {
                    Some((expr, signed, kind @ NumberKind::Bool, ..)) => {
                        Some(Value::Number(Number { expr, signed, kind }))
                    }
                    _ => {
                        *self.problems = before;
                        let what = self.describe(&typed);
                        let help = match &typed {
                            Typed::Go(l) => how_compared(&l.ty),
                            _ => COMPARE.to_owned(),
                        };
                        self.problems.push(
                            Diagnostic::error(Code::NOT_A_CONDITION, "a condition is true or false")
                                .at(e.span, format!("this is {what}"))
                                .help(help),
                        );
                        None
                    }
                }
            }
        }
    }

    pub(in crate::analyze) fn describe(&self, typed: &Typed) -> String {
        match typed {
            Typed::Go(l) => article(&l.ty.name),
            Typed::Number { what, .. } | Typed::Value(_, what) => article(what).to_string(),
            Typed::Literal(_) => "a string".into(),
            Typed::Nil => "nil".into(),
            Typed::Wrong => "unknown".into(),
        }
    }
}

/// The help for what can be compared.
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
