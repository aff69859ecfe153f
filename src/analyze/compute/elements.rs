//! `x[i]` and `x[a:b]`, inside the bounds that the value has when it is read.

use super::{Scope, element_address, less, load};
use crate::analyze::located::{Located, Place};
use crate::analyze::value::{Typed, article};
use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::Kind;
use crate::plan::{Expr, NumberKind, Op, Value};
use crate::source::Span;
use crate::syntax::ast::{self};

impl Scope<'_> {
    pub(in crate::analyze) fn index(&mut self, base: Typed, index: &ast::Expr, span: Span) -> Typed {
        let at = self.eval(index);
        let Some((at, _, at_kind, _, literal)) = self.as_number(at, index.span) else {
            return Typed::Wrong;
        };
        if at_kind == NumberKind::Bool {
            return self.error(
                Diagnostic::error(Code::NOT_A_NUMBER, "an index is a number")
                    .at(index.span, "this is a bool"),
            );
        }
        if let (Expr::Int(n), true) = (&at, literal)
            && *n < 0
        {
            return self.error(
                Diagnostic::error(Code::BAD_NUMBER, "an index is not negative").at(index.span, n.to_string()),
            );
        }
        let l = match base {
            Typed::Go(l) => l,
            Typed::Value(Value::Text { data, len }, _) => return self.byte_of(*data, *len, &at),
            Typed::Wrong => return Typed::Wrong,
            other => return self.not_indexable(&other, span),
        };
        let Some(l) = self.follow_array(l, span) else {
            return Typed::Wrong;
        };
        match l.ty.kind.clone() {
            Kind::String => match self.value_of(&l, span) {
                Some(Value::Text { data, len }) => self.byte_of(*data, *len, &at),
                _ => Typed::Wrong,
            },
            Kind::Slice(element) => {
                let Some(Value::Slice { data, len, .. }) = self.value_of(&l, span) else {
                    return Typed::Wrong;
                };
                let ty = match self.program.type_of(element) {
                    Ok(ty) => ty,
                    Err(problem) => return self.error(problem),
                };
                let inside = less(at.clone(), *len);
                let address = element_address(*data, &at, ty.size);
                let base = Expr::Choose(Box::new(inside), Box::new(address), Box::new(Expr::Int(0)));
                let label = format!("{}_element", l.label);
                Typed::Go(Located {
                    ty,
                    id: element,
                    place: Place::behind(base),
                    label,
                })
            }
            Kind::Array(element, len) => {
                let ty = match self.program.type_of(element) {
                    Ok(ty) => ty,
                    Err(problem) => return self.error(problem),
                };
                let label = format!("{}_element", l.label);
                if let Expr::Int(n) = at {
                    let n = u64::try_from(n).unwrap_or(u64::MAX);
                    if n >= len {
                        return self.error(
                            Diagnostic::error(Code::BAD_NUMBER, format!("{} has {len} elements", l.ty.name))
                                .at(index.span, format!("there is no number {n}")),
                        );
                    }
                    let place = l.place.element(n.saturating_mul(ty.size));
                    return Typed::Go(Located {
                        ty,
                        id: element,
                        place,
                        label,
                    });
                }
                let Some(base) = l.place.address() else {
                    return self.error(
                        Diagnostic::error(Code::NOT_READABLE, "this array is not in memory here, so only an element with a constant number can be read")
                            .at(index.span, "known only at run time"),
                    );
                };
                let inside = less(at.clone(), Expr::Int(i128::from(len)));
                let address = element_address(base, &at, ty.size);
                let base = Expr::Choose(Box::new(inside), Box::new(address), Box::new(Expr::Int(0)));
                Typed::Go(Located {
                    ty,
                    id: element,
                    place: Place::behind(base),
                    label,
                })
            }
            Kind::Map { .. } => self.error(
                Diagnostic::error(
                    Code::NOT_COMPUTABLE,
                    "a map cannot be looked into by a probe yet; `len` of it can be read",
                )
                .at(span, format!("this is {}", article(&l.ty.name))),
            ),
            _ => self.not_indexable(&Typed::Go(l), span),
        }
    }

    pub(in crate::analyze) fn not_indexable(&mut self, typed: &Typed, span: Span) -> Typed {
        let what = self.describe(typed);
        self.error(
            Diagnostic::error(Code::NOT_INDEXABLE, format!("{what} has no elements"))
                .at(span, format!("this is {what}")),
        )
    }

    /// Go indexes through a pointer to an array.
    pub(in crate::analyze) fn follow_array(&mut self, l: Located, span: Span) -> Option<Located> {
        if let Kind::Pointer(to) = l.ty.kind
            && self
                .program
                .type_of(to)
                .is_ok_and(|t| matches!(t.kind, Kind::Array(..)))
        {
            return self.follow(l, span);
        }
        Some(l)
    }

    pub(in crate::analyze) fn byte_of(&mut self, data: Expr, len: Expr, at: &Expr) -> Typed {
        let inside = less(at.clone(), len);
        let base = Expr::Choose(
            Box::new(inside),
            Box::new(element_address(data, at, 1)),
            Box::new(Expr::Int(0)),
        );
        Typed::number(load(base, 0, 1), false, NumberKind::Plain, "byte")
    }

    pub(in crate::analyze) fn slice(
        &mut self,
        base: Typed,
        from: Option<&ast::Expr>,
        to: Option<&ast::Expr>,
        span: Span,
    ) -> Typed {
        let bound = |scope: &mut Self, e: Option<&ast::Expr>| match e {
            None => Some(None),
            Some(e) => {
                let typed = scope.eval(e);
                match scope.as_number(typed, e.span) {
                    Some((Expr::Int(n), ..)) if n < 0 => {
                        scope.problems.push(
                            Diagnostic::error(Code::BAD_NUMBER, "a bound is not negative")
                                .at(e.span, n.to_string()),
                        );
                        None
                    }
                    Some((expr, ..)) => Some(Some(expr)),
                    None => None,
                }
            }
        };
        let (at, until) = (from, to);
        let (Some(from), Some(to)) = (bound(self, from), bound(self, to)) else {
            return Typed::Wrong;
        };
        if let (Some(Expr::Int(a)), Some(Expr::Int(b)), Some(at), Some(until)) = (&from, &to, at, until)
            && a > b
        {
            return self.error(
                Diagnostic::error(Code::BAD_NUMBER, "the part ends before it begins")
                    .at(until.span, b.to_string())
                    .see(at.span, a.to_string()),
            );
        }
        let (what, size, value, is_text) = match base {
            Typed::Go(l) => {
                let Some(l) = self.follow_array(l, span) else {
                    return Typed::Wrong;
                };
                let size = match &l.ty.kind {
                    Kind::String => 1,
                    Kind::Slice(e) | Kind::Array(e, _) => match self.program.type_of(*e) {
                        Ok(ty) => ty.size,
                        Err(problem) => return self.error(problem),
                    },
                    _ => return self.not_indexable(&Typed::Go(l), span),
                };
                if let (Kind::Array(_, len), Some(Expr::Int(n)), Some(until)) = (&l.ty.kind, &to, until)
                    && *n > i128::from(*len)
                {
                    let problem =
                        Diagnostic::error(Code::BAD_NUMBER, format!("{} has {len} elements", l.ty.name))
                            .at(until.span, format!("there are no {n}"));
                    return self.error(problem);
                }
                let before = self.problems.clone();
                match self.value_of(&l, span) {
                    Some(value) => (l.ty.name.clone(), size, value, matches!(l.ty.kind, Kind::String)),
                    None if *self.problems != before => return Typed::Wrong,
                    None => {
                        let what = self.describe(&Typed::Go(l));
                        let problem =
                            Diagnostic::error(Code::NOT_INDEXABLE, format!("no part of {what} can be taken"))
                                .at(span, "only of strings, slices and arrays of bytes")
                                .help("take one element: `x[0]`");
                        return self.error(problem);
                    }
                }
            }
            Typed::Value(v @ (Value::Text { .. } | Value::Slice { .. }), what) => (what, 1, v, true),
            Typed::Wrong => return Typed::Wrong,
            other => return self.not_indexable(&other, span),
        };
        let (data, len) = match value {
            Value::Text { data, len } | Value::Slice { data, len, .. } => (*data, *len),
            Value::Bytes { data, len } => (*data, Expr::Int(i128::from(len))),
            _ => return Typed::Wrong,
        };
        let clamp = |e: Expr, limit: &Expr| {
            Expr::Choose(
                Box::new(less(e.clone(), limit.clone())),
                Box::new(e),
                Box::new(limit.clone()),
            )
        };
        let end = match to {
            Some(to) => clamp(to, &len),
            None => len.clone(),
        };
        let start = match from {
            Some(from) => clamp(from, &end),
            None => Expr::Int(0),
        };
        let new_len = Expr::Binary {
            op: Op::Subtract,
            a: Box::new(end),
            b: Box::new(start.clone()),
            signed: false,
        };
        let data = Box::new(element_address(data, &start, size));
        let len = Box::new(new_len);
        if is_text {
            Typed::Value(Value::Text { data, len }, what)
        } else {
            Typed::Value(
                Value::Slice {
                    data,
                    len,
                    bytes: size == 1,
                },
                what,
            )
        }
    }
}
