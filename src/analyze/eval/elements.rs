//! `x[i]` and `x[a:b]`, inside the bounds that the value has when it is read.

use super::{Outcome, Scope, element_address, fail, less, load};
use crate::analyze::located::{Located, Place};
use crate::analyze::value::{Operand, Typed, article};
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::gotype::{Kind, TypeRef};
use crate::plan::{Expr, NumberKind, Op, Value};
use crate::source::Span;
use crate::syntax::ast;

/// A bound of `x[a:b]`, and its place in the recipe.
type Bound = Option<(Expr, Span)>;

impl Scope<'_> {
    /// `base[at]`
    pub(super) fn index(&self, base: Typed, at: Typed, at_span: Span, span: Span) -> Outcome<Typed> {
        let Operand {
            expr: at,
            kind: at_kind,
            literal,
            ..
        } = self.as_number(at, at_span)?;
        if at_kind == NumberKind::Bool {
            return fail(
                Diagnostic::error(Code::NOT_A_NUMBER, "an index is a number").at(at_span, "this is a bool"),
            );
        }
        if let (Expr::Int(n), true) = (&at, literal)
            && *n < 0
        {
            return fail(
                Diagnostic::error(Code::BAD_NUMBER, "an index is not negative").at(at_span, n.to_string()),
            );
        }
        let l = match base {
            Typed::Go(l) => l,
            Typed::Value(Value::Text { data, len }, _) => return Ok(byte_of(*data, *len, &at)),
            other => return self.not_indexable(&other, span),
        };
        let l = self.follow_array(l, span)?;
        match l.ty.kind {
            Kind::String => match self.one_value(&l, span)? {
                Value::Text { data, len } => Ok(byte_of(*data, *len, &at)),
                _ => Err(Problems::default()),
            },
            Kind::Slice(element) => {
                let Value::Slice { data, len, .. } = self.one_value(&l, span)? else {
                    return Err(Problems::default());
                };
                let size = self.program.type_of(element)?.size;
                let inside = less(at.clone(), *len);
                let address = Expr::only_if(inside, element_address(*data, &at, size));
                self.element(&l, element, Place::behind(address))
            }
            Kind::Array(element, len) => {
                let size = self.program.type_of(element)?.size;
                if let Expr::Int(n) = at {
                    let n = u64::try_from(n).unwrap_or(u64::MAX);
                    if n >= len {
                        return fail(
                            Diagnostic::error(Code::BAD_NUMBER, format!("{} has {len} elements", l.ty.name))
                                .at(at_span, format!("there is no element {n}")),
                        );
                    }
                    return self.element(&l, element, l.place.element(n.saturating_mul(size)));
                }
                let Some(base) = l.place.address() else {
                    return fail(
                        Diagnostic::error(
                            Code::NOT_READABLE,
                            "this array is not in memory here, so its elements can only be read by a constant index",
                        )
                        .at(at_span, "known only at run time"),
                    );
                };
                let inside = less(at.clone(), Expr::Int(i128::from(len)));
                let address = Expr::only_if(inside, element_address(base, &at, size));
                self.element(&l, element, Place::behind(address))
            }
            Kind::Map { .. } => fail(
                Diagnostic::error(
                    Code::NOT_COMPUTABLE,
                    "a map cannot be looked into by a probe yet; `len` of it can be read",
                )
                .at(span, format!("this is {}", article(&l.ty.name))),
            ),
            _ => self.not_indexable(&Typed::Go(l), span),
        }
    }

    /// An element of `of`, at this place.
    fn element(&self, of: &Located, element: TypeRef, place: Place) -> Outcome<Typed> {
        Ok(Typed::Go(Located {
            ty: self.program.type_of(element)?,
            id: element,
            place,
            label: format!("{}_element", of.label),
        }))
    }

    fn not_indexable<T>(&self, typed: &Typed, span: Span) -> Outcome<T> {
        let what = self.describe(typed);
        fail(
            Diagnostic::error(Code::NOT_INDEXABLE, format!("{what} has no elements"))
                .at(span, format!("this is {what}")),
        )
    }

    /// Go indexes through a pointer to an array.
    fn follow_array(&self, l: Located, span: Span) -> Outcome<Located> {
        let is_array = |to| {
            let ty = self.program.type_of(to);
            ty.is_ok_and(|ty| matches!(ty.kind, Kind::Array(..)))
        };
        match l.ty.kind {
            Kind::Pointer(to) if is_array(to) => self.follow(l, span),
            _ => Ok(l),
        }
    }

    /// A bound of `x[a:b]`, if one is written.
    pub(super) fn bound_of(&self, written: Option<&ast::Expr>) -> Outcome<Bound> {
        let Some(e) = written else { return Ok(None) };
        match self.as_number(self.eval(e)?, e.span)?.expr {
            Expr::Int(n) if n < 0 => {
                fail(Diagnostic::error(Code::BAD_NUMBER, "a bound is not negative").at(e.span, n.to_string()))
            }
            expr => Ok(Some((expr, e.span))),
        }
    }

    /// `base[from:to]`
    pub(super) fn slice(&self, base: Typed, from: Bound, to: Bound, span: Span) -> Outcome<Typed> {
        if let (Some((Expr::Int(a), at)), Some((Expr::Int(b), until))) = (&from, &to)
            && a > b
        {
            return fail(
                Diagnostic::error(Code::BAD_NUMBER, "the part ends before it begins")
                    .at(*until, b.to_string())
                    .see(*at, a.to_string()),
            );
        }
        let (what, size, value, is_text) = match base {
            Typed::Go(l) => self.sliceable(l, to.as_ref(), span)?,
            Typed::Value(v @ (Value::Text { .. } | Value::Slice { .. }), what) => (what, 1, v, true),
            other => return self.not_indexable(&other, span),
        };
        let (data, len) = match value {
            Value::Text { data, len } | Value::Slice { data, len, .. } => (*data, *len),
            Value::Bytes { data, len } => (*data, Expr::Int(i128::from(len))),
            _ => return Err(Problems::default()),
        };
        let clamp = |e: Expr, limit: &Expr| {
            Expr::Choose(
                Box::new(less(e.clone(), limit.clone())),
                Box::new(e),
                Box::new(limit.clone()),
            )
        };
        let end = match to {
            Some((to, _)) => clamp(to, &len),
            None => len,
        };
        let start = match from {
            Some((from, _)) => clamp(from, &end),
            None => Expr::Int(0),
        };
        let data = Box::new(element_address(data, &start, size));
        let len = Box::new(Expr::op(Op::Subtract, end, start));
        let value = if is_text {
            Value::Text { data, len }
        } else {
            Value::Slice {
                data,
                len,
                bytes: size == 1,
            }
        };
        Ok(Typed::Value(value, what))
    }

    /// The operand of `x[a:b]`: the type's name, the size of an element, the value, and whether it is text.
    fn sliceable(
        &self,
        l: Located,
        to: Option<&(Expr, Span)>,
        span: Span,
    ) -> Outcome<(String, u64, Value, bool)> {
        let l = self.follow_array(l, span)?;
        let size = match &l.ty.kind {
            Kind::String => 1,
            Kind::Slice(e) | Kind::Array(e, _) => self.program.type_of(*e)?.size,
            _ => return self.not_indexable(&Typed::Go(l), span),
        };
        if let (Kind::Array(_, len), Some((Expr::Int(n), until))) = (&l.ty.kind, to)
            && *n > i128::from(*len)
        {
            return fail(
                Diagnostic::error(Code::BAD_NUMBER, format!("{} has {len} elements", l.ty.name))
                    .at(*until, format!("there are no {n}")),
            );
        }
        match self.value_of(&l, span)? {
            Some(value) => {
                let is_text = matches!(l.ty.kind, Kind::String);
                Ok((l.ty.name, size, value, is_text))
            }
            None => fail(
                Diagnostic::error(
                    Code::NOT_INDEXABLE,
                    format!("no part of {} can be taken", article(&l.ty.name)),
                )
                .at(span, "only of strings, slices and arrays of bytes")
                .help("take one element: `x[0]`"),
            ),
        }
    }
}

fn byte_of(data: Expr, len: Expr, at: &Expr) -> Typed {
    let address = Expr::only_if(less(at.clone(), len), element_address(data, at, 1));
    Typed::number(load(address, 0, 1), false, NumberKind::Plain, "byte")
}
