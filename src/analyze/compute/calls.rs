//! `len`, `cap`, `type` and `stack`.

use super::{Scope, TYPE_OF, load};
use crate::analyze::value::{Typed, article};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::{GoType, Kind};
use crate::plan::{Expr, NumberKind, Value};
use crate::source::Span;
use crate::syntax::ast::{self};
use crate::words::language::FUNCTIONS;

impl Scope<'_> {
    pub(in crate::analyze) fn call(&mut self, name: &ast::Name, args: &[ast::Expr], span: Span) -> Typed {
        match (name.node.as_str(), args) {
            ("stack", [depth]) => match self.eval(depth) {
                Typed::Number {
                    expr: Expr::Int(n),
                    literal: true,
                    ..
                } if (1..=127).contains(&n) => {
                    Typed::Value(Value::Stack(u64::try_from(n).ok()), "stack".into())
                }
                Typed::Wrong => Typed::Wrong,
                _ => self.error(
                    Diagnostic::error(Code::BAD_NUMBER, "a stack's depth is a number from 1 to 127")
                        .at(depth.span, "not that"),
                ),
            },
            ("type", [x]) => {
                let typed = self.eval(x);
                match &typed {
                    Typed::Go(l) if matches!(l.ty.kind, Kind::Interface { .. }) => {
                        match self.value_of(&l.clone(), x.span) {
                            Some(value) => Typed::Value(value, TYPE_OF.into()),
                            None => Typed::Wrong,
                        }
                    }
                    Typed::Go(l) => Typed::Literal(l.ty.name.clone()),
                    Typed::Wrong => Typed::Wrong,
                    other => {
                        let what = self.describe(other);
                        self.error(
                            Diagnostic::error(Code::MISMATCHED_TYPES, "`type` is for Go values")
                                .at(x.span, format!("this is {what}")),
                        )
                    }
                }
            }
            ("len" | "cap", [x]) => {
                let typed = self.eval(x);
                self.length(&name.node, typed, x.span)
            }
            (known, _) if FUNCTIONS.contains(&known) => self.error(
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
                self.error(problem)
            }
        }
    }

    pub(in crate::analyze) fn length(&mut self, which: &str, typed: Typed, span: Span) -> Typed {
        let l = match typed {
            Typed::Go(l) => l,
            Typed::Literal(text) => {
                return Typed::literal(i128::try_from(text.len()).unwrap_or(0), NumberKind::Plain, "int");
            }
            Typed::Value(Value::Text { len, .. } | Value::Slice { len, .. }, _) if which == "len" => {
                return Typed::number(*len, true, NumberKind::Plain, "int");
            }
            Typed::Wrong => return Typed::Wrong,
            other => {
                let what = self.describe(&other);
                return self.error(
                    Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} has no length"))
                        .at(span, format!("this is {what}")),
                );
            }
        };
        let int = |e: Expr| Typed::number(e, true, NumberKind::Plain, "int");
        let found = match (&l.ty.kind, which) {
            (Kind::String, "len") => self.part(&l, "string", "len", 8, span),
            (Kind::Slice(_), "len") => self.part(&l, "slice", "len", 8, span),
            (Kind::Slice(_), _) => self.part(&l, "slice", "cap", 16, span),
            (Kind::Array(_, n), _) => return Typed::literal(i128::from(*n), NumberKind::Plain, "int"),
            (Kind::Pointer(to), _) => {
                if let Ok(GoType {
                    kind: Kind::Array(_, n),
                    ..
                }) = self.program.type_of(*to)
                {
                    return Typed::literal(i128::from(n), NumberKind::Plain, "int");
                }
                None
            }
            (Kind::Map { .. }, "len") | (Kind::Chan(_), _) => {
                let runtime = match self.program.runtime() {
                    Ok(r) => r,
                    Err(problem) => return self.error(problem),
                };
                let Some(header) = self.word(&l.place, 0, 8, false, &l.label, span) else {
                    return Typed::Wrong;
                };
                let (offset, size) = match (&l.ty.kind, which) {
                    (Kind::Map { .. }, _) => runtime.map_count,
                    (_, "len") => (runtime.chan_count, 8),
                    _ => (runtime.chan_size, 8),
                };
                // A nil map or channel has length 0, which is what a failed read gives.
                return int(load(header, offset, size));
            }
            _ => None,
        };
        match found {
            Some(e) => int(e),
            None => {
                let name = l.ty.name.clone();
                let what = if which == "len" { "length" } else { "capacity" };
                self.error(
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
