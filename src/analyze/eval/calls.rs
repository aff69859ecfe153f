//! `len`, `cap`, `type` and `stack`.

use super::{Outcome, Scope, TYPE_OF, fail, load};
use crate::analyze::value::{Operand, Typed, article};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::{GoType, Kind};
use crate::plan::{Expr, NumberKind, Op, Value};
use crate::source::Span;
use crate::syntax::ast::{self};
use crate::words::language::FUNCTIONS;

impl Scope<'_> {
    pub(in crate::analyze) fn call(
        &self,
        name: &ast::Name,
        args: &[ast::Expr],
        span: Span,
    ) -> Outcome<Typed> {
        match (name.node.as_str(), args) {
            ("stack", [depth]) => match self.eval(depth)? {
                Typed::Number(Operand {
                    expr: Expr::Int(n),
                    literal: true,
                    ..
                }) if (1..=127).contains(&n) => {
                    Ok(Typed::Value(Value::Stack(u64::try_from(n).ok()), "stack".into()))
                }
                _ => fail(
                    Diagnostic::error(Code::BAD_NUMBER, "a stack's depth is a number from 1 to 127")
                        .at(depth.span, "not that"),
                ),
            },
            ("type", [x]) => match self.eval(x)? {
                Typed::Go(l) if matches!(l.ty.kind, Kind::Interface { .. }) => {
                    Ok(Typed::Value(self.one_value(&l, x.span)?, TYPE_OF.into()))
                }
                Typed::Go(l) => Ok(Typed::Literal(l.ty.name)),
                other => {
                    let what = self.describe(&other);
                    fail(
                        Diagnostic::error(Code::MISMATCHED_TYPES, "`type` is for Go values")
                            .at(x.span, format!("this is {what}")),
                    )
                }
            },
            ("len" | "cap", [x]) => {
                let typed = self.eval(x)?;
                self.length(&name.node, typed, x.span)
            }
            (known, _) if FUNCTIONS.contains(&known) => fail(
                Diagnostic::error(Code::BAD_CALL, format!("`{known}` takes one value"))
                    .at(span, format!("{} given", args.len())),
            ),
            (other, _) => {
                let mut problem =
                    Diagnostic::error(Code::UNKNOWN_NAME, format!("there is no function `{other}`"))
                        .at(name.span, "not known");
                problem = match near::words(other, FUNCTIONS.iter().copied()) {
                    Some(word) => problem.help(format!("did you mean `{word}`?")),
                    None => problem.help("the functions are `len`, `cap`, `type` and `stack`"),
                };
                fail(problem)
            }
        }
    }

    pub(in crate::analyze) fn length(&self, which: &str, typed: Typed, span: Span) -> Outcome<Typed> {
        let l = match typed {
            Typed::Go(l) => l,
            Typed::Literal(text) => {
                let length = i128::try_from(text.len()).unwrap_or(0);
                return Ok(Typed::literal(length, NumberKind::Plain, "int"));
            }
            Typed::Value(Value::Text { len, .. } | Value::Slice { len, .. }, _) if which == "len" => {
                return Ok(Typed::number(*len, true, NumberKind::Plain, "int"));
            }
            other => {
                let what = self.describe(&other);
                return fail(
                    Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} has no length"))
                        .at(span, format!("this is {what}")),
                );
            }
        };
        let int = |e: Expr| Ok(Typed::number(e, true, NumberKind::Plain, "int"));
        let known = |n: u64| Ok(Typed::literal(i128::from(n), NumberKind::Plain, "int"));
        let part = |of: &str, name: &str, offset: u64| self.part(&l, of, name, offset, span).map(Some);
        let found = match (&l.ty.kind, which) {
            (Kind::String, "len") => part("string", "len", 8)?,
            (Kind::Slice(_), "len") => part("slice", "len", 8)?,
            (Kind::Slice(_), _) => part("slice", "cap", 16)?,
            (Kind::Array(_, n), _) => return known(*n),
            (Kind::Pointer(to), _) => {
                if let Ok(GoType {
                    kind: Kind::Array(_, n),
                    ..
                }) = self.program.type_of(*to)
                {
                    return known(n);
                }
                None
            }
            (Kind::Map { .. }, "len") | (Kind::Chan(_), _) => {
                let runtime = self.program.runtime()?;
                let header = self.word(&l.place, 0, 8, false, &l.label, span)?;
                let (offset, size) = match (&l.ty.kind, which) {
                    (Kind::Map { .. }, _) => runtime.map_count,
                    (_, "len") => (runtime.chan_count, 8),
                    _ => (runtime.chan_size, 8),
                };
                // A nil map or channel has length 0, which is what a failed read gives. A record would say that there
                // is nothing behind nil.
                let length = load(header.clone(), offset, size);
                if !self.records {
                    return int(length);
                }
                let is_there = Expr::op(Op::NotEqual, header, Expr::Int(0));
                return int(Expr::Choose(
                    Box::new(is_there),
                    Box::new(length),
                    Box::new(Expr::Int(0)),
                ));
            }
            _ => None,
        };
        match found {
            Some(e) => int(e),
            None => {
                let name = l.ty.name.clone();
                let what = if which == "len" { "length" } else { "capacity" };
                fail(
                    Diagnostic::error(
                        Code::MISMATCHED_TYPES,
                        format!("{} has no {what}", article(&name)),
                    )
                    .at(span, format!("this is {}", article(&name))),
                )
            }
        }
    }
}
