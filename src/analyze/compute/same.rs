//! `==` and `!=` where one side is text, a type's name, or nil.

use super::{Scope, TYPE_OF};
use crate::analyze::value::{Typed, article};
use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::Kind;
use crate::plan::{Expr, Op, Value};
use crate::source::Span;
use crate::syntax::ast::BinaryOp;

impl Scope<'_> {
    /// `==` and `!=` where one side is text or nil.
    pub(in crate::analyze) fn same(
        &mut self,
        op: BinaryOp,
        left: &Typed,
        right: &Typed,
        a: Span,
        b: Span,
    ) -> Option<Typed> {
        let finish = |e: Expr| {
            Some(Typed::truth(if op == BinaryOp::Equal {
                e
            } else {
                Expr::Not(Box::new(e))
            }))
        };
        let (nil, other, span) = match (left, right) {
            (Typed::Nil, Typed::Nil) => {
                return Some(self.error(
                    Diagnostic::error(Code::MISMATCHED_TYPES, "nil is nil").at(a, "compare a value with nil"),
                ));
            }
            (Typed::Nil, other) => (true, other, b),
            (other, Typed::Nil) => (true, other, a),
            _ => (false, left, a),
        };
        if nil {
            let Typed::Go(l) = other else {
                let what = self.describe(other);
                return Some(
                    self.error(
                        Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} is never nil"))
                            .at(span, format!("this is {what}")),
                    ),
                );
            };
            let first = match l.ty.kind {
                Kind::Interface { .. } | Kind::Slice(_) => match self.value_of(l, span) {
                    Some(Value::Interface { tab, .. }) => *tab,
                    Some(Value::Slice { data, .. }) => *data,
                    _ => return Some(Typed::Wrong),
                },
                Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) | Kind::Func => {
                    match self.word(&l.place, 0, 8, false, &l.label, span) {
                        Some(e) => e,
                        None => return Some(Typed::Wrong),
                    }
                }
                _ => {
                    let name = l.ty.name.clone();
                    return Some(
                        self.error(
                            Diagnostic::error(
                                Code::MISMATCHED_TYPES,
                                format!("{} is never nil", article(&name)),
                            )
                            .at(span, format!("this is {}", article(&name))),
                        ),
                    );
                }
            };
            // Negated in place of `!(x == 0)`, which nobody writes.
            let op = if op == BinaryOp::Equal {
                Op::Equal
            } else {
                Op::NotEqual
            };
            return Some(Typed::truth(Expr::Binary {
                op,
                a: Box::new(first),
                b: Box::new(Expr::Int(0)),
                signed: false,
            }));
        }
        let (constant, text, text_span, constant_span) = match (left, right) {
            (Typed::Literal(x), Typed::Literal(y)) => return finish(Expr::Int(i128::from(x == y))),
            (Typed::Literal(c), Typed::Value(v @ Value::Interface { .. }, what))
            | (Typed::Value(v @ Value::Interface { .. }, what), Typed::Literal(c))
                if what == TYPE_OF =>
            {
                let place = if matches!(left, Typed::Literal(_)) { a } else { b };
                return match self.type_is(v, c, place) {
                    Some(e) => finish(e),
                    None => Some(Typed::Wrong),
                };
            }
            (Typed::Literal(c), t) if self.is_text(t) => (c, t, b, a),
            (t, Typed::Literal(c)) if self.is_text(t) => (c, t, a, b),
            (x, y) if self.is_text(x) && self.is_text(y) => {
                return Some(
                    self.error(
                        Diagnostic::error(
                            Code::NOT_COMPUTABLE,
                            "two strings of the program cannot be compared with one another",
                        )
                        .at(a, "a string of the program")
                        .see(b, "and another one")
                        .help("compare with a string in quotes"),
                    ),
                );
            }
            _ => return None,
        };
        let longest = usize::try_from(self.dialect.longest_compared()).unwrap_or(usize::MAX);
        if constant.len() > longest || constant.contains('\0') {
            return Some(
                self.error(
                    Diagnostic::error(
                        Code::BAD_TEXT,
                        format!("strings of up to {longest} bytes, without NUL, can be compared"),
                    )
                    .at(constant_span, format!("{} bytes", constant.len())),
                ),
            );
        }
        let value = match text {
            Typed::Go(l) => self.value_of(&l.clone(), text_span),
            Typed::Value(v, _) => Some(v.clone()),
            _ => None,
        };
        match value {
            Some(Value::Text { data, len }) => finish(Expr::TextIs(data, len, constant.clone())),
            Some(Value::Known(known)) => finish(Expr::KnownIs(known, constant.clone())),
            Some(Value::Comm) => Some(
                self.error(
                    Diagnostic::error(Code::NOT_COMPUTABLE, "`comm` can be shown, not compared")
                        .at(text_span, "")
                        .help("trace one process with `--pid`"),
                ),
            ),
            _ => Some(Typed::Wrong),
        }
    }
}
