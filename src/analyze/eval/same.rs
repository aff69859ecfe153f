//! `==` and `!=` where one side is text, a type's name, or nil.

use super::{Outcome, Scope, TYPE_OF, fail};
use crate::analyze::value::{Typed, article};
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::gotype::Kind;
use crate::plan::{Expr, Op, Value};
use crate::source::Span;
use crate::syntax::ast::BinaryOp;

impl Scope<'_> {
    /// `==` and `!=` where one side is text or nil; nothing if neither is.
    pub(super) fn same(
        &self,
        op: BinaryOp,
        left: &Typed,
        right: &Typed,
        a: Span,
        b: Span,
    ) -> Outcome<Option<Typed>> {
        let nil = match (left, right) {
            (Typed::Nil, Typed::Nil) => {
                return fail(
                    Diagnostic::error(Code::MISMATCHED_TYPES, "`nil` is compared with `nil`")
                        .at(a, "compare a value with nil"),
                );
            }
            (Typed::Nil, other) => Some((other, b)),
            (other, Typed::Nil) => Some((other, a)),
            _ => None,
        };
        if let Some((other, span)) = nil {
            // Negated in place of `!(x == 0)`, which nobody writes.
            let op = if op == BinaryOp::Equal {
                Op::Equal
            } else {
                Op::NotEqual
            };
            let first = self.first_word(other, span)?;
            return Ok(Some(Typed::truth(Expr::op(op, first, Expr::Int(0)))));
        }
        let Some(same) = self.same_text(left, right, a, b)? else {
            return Ok(None);
        };
        Ok(Some(Typed::truth(if op == BinaryOp::Equal {
            same
        } else {
            Expr::Not(Box::new(same))
        })))
    }

    /// The word that is 0 if a value is nil.
    fn first_word(&self, typed: &Typed, span: Span) -> Outcome<Expr> {
        let Typed::Go(l) = typed else {
            return never_nil(&self.describe(typed), span);
        };
        match l.ty.kind {
            Kind::Interface { .. } | Kind::Slice(_) => match self.value_of(l, span)? {
                Some(Value::Interface { tab, .. }) => Ok(*tab),
                Some(Value::Slice { data, .. }) => Ok(*data),
                _ => Err(Problems::default()),
            },
            Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) | Kind::Func => {
                self.word(&l.place, 0, 8, false, &l.label, span)
            }
            _ => never_nil(&article(&l.ty.name), span),
        }
    }

    /// True if two texts are the same, one of which stands in the recipe; nothing if they are no texts.
    fn same_text(&self, left: &Typed, right: &Typed, a: Span, b: Span) -> Outcome<Option<Expr>> {
        let (constant, text, text_span, constant_span) = match (left, right) {
            (Typed::Literal(x), Typed::Literal(y)) => return Ok(Some(Expr::Int(i128::from(x == y)))),
            (Typed::Literal(c), Typed::Value(v @ Value::Interface { .. }, what))
            | (Typed::Value(v @ Value::Interface { .. }, what), Typed::Literal(c))
                if what == TYPE_OF =>
            {
                let place = if matches!(left, Typed::Literal(_)) { a } else { b };
                return self.type_is(v, c, place).map(Some);
            }
            (Typed::Literal(c), t) if is_text(t) => (c, t, b, a),
            (t, Typed::Literal(c)) if is_text(t) => (c, t, a, b),
            (x, y) if is_text(x) && is_text(y) => {
                return fail(
                    Diagnostic::error(
                        Code::NOT_COMPUTABLE,
                        "two strings of the program cannot be compared with one another",
                    )
                    .at(a, "a string of the program")
                    .see(b, "and another one")
                    .help("compare with a string in quotes"),
                );
            }
            _ => return Ok(None),
        };
        let longest = usize::try_from(self.dialect.longest_compared()).unwrap_or(usize::MAX);
        if constant.len() > longest || constant.contains('\0') {
            return fail(
                Diagnostic::error(
                    Code::BAD_TEXT,
                    format!("strings of up to {longest} bytes, without NUL, can be compared"),
                )
                .at(constant_span, format!("{} bytes", constant.len())),
            );
        }
        let value = match text {
            Typed::Go(l) => self.value_of(l, text_span)?,
            Typed::Value(v, _) => Some(v.clone()),
            _ => None,
        };
        match value {
            Some(Value::Text { data, len }) => Ok(Some(Expr::TextIs(data, len, constant.clone()))),
            Some(Value::Known(known)) => Ok(Some(Expr::KnownIs(known, constant.clone()))),
            Some(Value::Comm) => fail(
                Diagnostic::error(Code::NOT_COMPUTABLE, "`comm` can be shown, not compared")
                    .at(text_span, "")
                    .help("trace one process with `--pid`"),
            ),
            _ => Err(Problems::default()),
        }
    }
}

fn never_nil<T>(what: &str, span: Span) -> Outcome<T> {
    fail(
        Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} is never nil"))
            .at(span, format!("this is {what}")),
    )
}

/// True of text, in the program or in the recipe.
pub(super) fn is_text(typed: &Typed) -> bool {
    match typed {
        Typed::Literal(_) | Typed::Value(Value::Text { .. } | Value::Known(_) | Value::Comm, _) => true,
        Typed::Go(l) => matches!(l.ty.kind, Kind::String),
        _ => false,
    }
}
