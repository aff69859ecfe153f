//! Arithmetic and comparisons of numbers, with Go's idea of what goes together.

use super::{Outcome, Scope, both, fail, fits_signed, same};
use crate::analyze::value::{Operand, Typed, article};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{Expr, NumberKind, Op};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, UnaryOp};

impl Scope<'_> {
    pub(in crate::analyze) fn unary(&self, op: UnaryOp, x: &ast::Expr) -> Outcome<Typed> {
        let n = self.as_number(self.eval(x)?, x.span)?;
        match (op, n.kind) {
            (UnaryOp::Not, NumberKind::Bool) => Ok(Typed::truth(Expr::Not(Box::new(n.expr)))),
            (UnaryOp::Not, _) => fail(
                Diagnostic::error(Code::NOT_A_CONDITION, "`!` turns true into false")
                    .at(x.span, format!("this is {}", article(&n.what))),
            ),
            (_, NumberKind::Bool) => fail(
                Diagnostic::error(Code::NOT_A_NUMBER, "a bool is not a number").at(x.span, "this is a bool"),
            ),
            (UnaryOp::Negate, _) => {
                let expr = match n.expr {
                    Expr::Int(n) => Expr::Int(-n),
                    e => Expr::Negate(Box::new(e)),
                };
                let signed = true;
                Ok(Typed::Number(Operand { expr, signed, ..n }))
            }
            (UnaryOp::Complement, _) => {
                let expr = match n.expr {
                    Expr::Int(n) => Expr::Int(!n),
                    e => Expr::Complement(Box::new(e)),
                };
                Ok(Typed::Number(Operand { expr, ..n }))
            }
        }
    }

    pub(in crate::analyze) fn binary(
        &self,
        op: BinaryOp,
        op_span: Span,
        a: &ast::Expr,
        b: &ast::Expr,
    ) -> Outcome<Typed> {
        if matches!(op, BinaryOp::Both | BinaryOp::Either) {
            let (left, right) = both(self.holds(a), self.holds(b))?;
            let op = if op == BinaryOp::Both {
                Op::Both
            } else {
                Op::Either
            };
            return Ok(Typed::truth(Expr::op(op, left, right)));
        }
        if let Some(found) = self.called_by(op, a, b) {
            return found;
        }
        let (left, right) = both(self.eval(a), self.eval(b))?;
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
            && let Some(same) = self.same(op, &left, &right, a.span, b.span)?
        {
            return Ok(same);
        }
        let texts = [&left, &right].into_iter().any(same::is_text);
        if texts {
            let (l, r) = (self.describe(&left), self.describe(&right));
            let is_error = [&l, &r].into_iter().any(|what| *what == "an error");
            let why = if is_error {
                "an error can be compared with nil, not with its message"
            } else {
                "strings can be compared with `==` and `!=`, with a string in quotes"
            };
            let problem = Diagnostic::error(
                Code::MISMATCHED_TYPES,
                format!("{l} and {r} do not go together here"),
            )
            .at(op_span, why)
            .see(a.span, format!("this is {l}"))
            .see(b.span, format!("this is {r}"));
            let sides = [(&left, a.span), (&right, b.span)];
            let is_number = sides.into_iter().any(|(side, span)| {
                matches!(side, Typed::Go(_)) && self.as_number(side.clone(), span).is_ok()
            });
            return fail(if is_number {
                problem.help("a number is compared with a number; constants of the program are written as their values")
            } else if is_error {
                problem.help(
                    "`by ret err` tells messages apart, and `where type(ret err) == \"*main.NotFound\"` kinds of errors",
                )
            } else {
                problem
            });
        }
        let (x, y) = both(self.as_number(left, a.span), self.as_number(right, b.span))?;
        self.arithmetic(op, op_span, x, a.span, y, b.span)
    }

    pub(in crate::analyze) fn arithmetic(
        &self,
        op: BinaryOp,
        op_span: Span,
        x: Operand,
        x_span: Span,
        y: Operand,
        y_span: Span,
    ) -> Outcome<Typed> {
        let comparison = match op {
            BinaryOp::Equal => Some(Op::Equal),
            BinaryOp::NotEqual => Some(Op::NotEqual),
            BinaryOp::Less => Some(Op::Less),
            BinaryOp::LessEqual => Some(Op::LessEqual),
            BinaryOp::Greater => Some(Op::Greater),
            BinaryOp::GreaterEqual => Some(Op::GreaterEqual),
            _ => None,
        };
        let mismatch = |why: &str| {
            fail(
                Diagnostic::error(
                    Code::MISMATCHED_TYPES,
                    format!(
                        "{} and {} do not go together here",
                        article(&x.what),
                        article(&y.what)
                    ),
                )
                .at(op_span, why.to_string())
                .see(x_span, format!("this is {}", article(&x.what)))
                .see(y_span, format!("this is {}", article(&y.what))),
            )
        };
        let bools = (x.kind == NumberKind::Bool, y.kind == NumberKind::Bool);
        match bools {
            (true, true) if matches!(comparison, Some(Op::Equal | Op::NotEqual)) => {}
            (false, false) => {}
            _ => return mismatch("one is true or false, the other is a number"),
        }
        if (x.kind == NumberKind::Duration
            && y.literal
            && y.kind == NumberKind::Plain
            && !matches!(op, BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder)
            && y.expr != Expr::Int(0))
            || (y.kind == NumberKind::Duration
                && x.literal
                && x.kind == NumberKind::Plain
                && !matches!(op, BinaryOp::Multiply)
                && x.expr != Expr::Int(0))
        {
            return fail(
                Diagnostic::error(Code::MISMATCHED_TYPES, "a duration needs a unit")
                    .at(
                        if y.literal && y.kind == NumberKind::Plain {
                            y_span
                        } else {
                            x_span
                        },
                        "a bare number",
                    )
                    .help("write `10ms`, `2s`, `500us`, `100ns`"),
            );
        }
        if let Some(span) = unitless((x.kind, &x.expr, x_span), (y.kind, &y.expr, y_span), op) {
            return fail(
                Diagnostic::error(
                    Code::MISMATCHED_TYPES,
                    format!(
                        "{} and {} do not go together here",
                        article(&x.what),
                        article(&y.what)
                    ),
                )
                .at(op_span, "one is a duration, the other a number of something")
                .see(x_span, format!("this is {}", article(&x.what)))
                .see(y_span, format!("this is {}", article(&y.what)))
                .help(format!(
                    "say what it counts: `{} * 1ns`, `… * 1ms`",
                    self.source.get(span.start..span.end).unwrap_or("…")
                )),
            );
        }
        // A constant takes the type of what it meets.
        let signed = match (x.literal, y.literal) {
            (true, true) => true,
            (true, false) => y.signed,
            (false, true) => x.signed,
            (false, false) if x.signed == y.signed => x.signed,
            // A narrower unsigned number always fits a signed one of 64 bits.
            (false, false) => {
                let wide_unsigned = if x.signed {
                    fits_signed(&y.expr)
                } else {
                    fits_signed(&x.expr)
                };
                if !wide_unsigned {
                    return mismatch(
                        "one can be negative, the other can be too large for that; Go would want a conversion",
                    );
                }
                true
            }
        };
        for (literal, expr, span) in [(x.literal, &x.expr, x_span), (y.literal, &y.expr, y_span)] {
            if let (true, Expr::Int(n), false) = (literal, expr, signed)
                && *n < 0
            {
                let other = if span == x_span { &y.what } else { &x.what };
                return fail(
                    Diagnostic::error(
                        Code::MISMATCHED_TYPES,
                        format!("{} is never negative", article(other)),
                    )
                    .at(span, "negative"),
                );
            }
        }
        if let (Expr::Int(a), Expr::Int(b), None) = (&x.expr, &y.expr, comparison) {
            return self.fold(
                op,
                *a,
                *b,
                if x.kind == NumberKind::Plain {
                    y.kind
                } else {
                    x.kind
                },
                op_span,
                y_span,
            );
        }
        if matches!(op, BinaryOp::Divide | BinaryOp::Remainder) && y.expr == Expr::Int(0) {
            return fail(Diagnostic::error(Code::BAD_NUMBER, "division by zero").at(y_span, "zero"));
        }
        let whole = match op {
            BinaryOp::Add => Op::Add,
            BinaryOp::Subtract => Op::Subtract,
            BinaryOp::Multiply => Op::Multiply,
            BinaryOp::Divide => Op::Divide,
            BinaryOp::Remainder => Op::Remainder,
            BinaryOp::And => Op::And,
            BinaryOp::Or => Op::Or,
            BinaryOp::Xor => Op::Xor,
            BinaryOp::ShiftLeft => Op::ShiftLeft,
            BinaryOp::ShiftRight => Op::ShiftRight,
            _ => comparison.unwrap_or(Op::Equal),
        };
        if matches!(whole, Op::ShiftLeft | Op::ShiftRight)
            && let Expr::Int(n) = y.expr
            && !(0..64).contains(&n)
        {
            return fail(
                Diagnostic::error(Code::BAD_NUMBER, "a shift is by 0 to 63 bits").at(y_span, format!("{n}")),
            );
        }
        // Subtracting unsigned numbers may go below zero, and the user wants to see that.
        let signed = signed || (whole == Op::Subtract && comparison.is_none());
        let kind = match (x.kind, y.kind) {
            (NumberKind::Duration, _) if whole == Op::Divide && y.kind == NumberKind::Duration => {
                NumberKind::Plain
            }
            (NumberKind::Duration, _) | (_, NumberKind::Duration) => NumberKind::Duration,
            _ => NumberKind::Plain,
        };
        let what = if x.literal { y.what } else { x.what };
        let expr = Expr::Binary {
            op: comparison.unwrap_or(whole),
            a: Box::new(x.expr),
            b: Box::new(y.expr),
            signed,
        };
        Ok(match comparison {
            Some(_) => Typed::truth(expr),
            None => Typed::number(expr, signed, kind, &what),
        })
    }

    pub(in crate::analyze) fn fold(
        &self,
        op: BinaryOp,
        x: i128,
        y: i128,
        kind: NumberKind,
        op_span: Span,
        y_span: Span,
    ) -> Outcome<Typed> {
        let shift = u32::try_from(y).ok().filter(|s| *s < 64);
        let value = match op {
            BinaryOp::Add => x.checked_add(y),
            BinaryOp::Subtract => x.checked_sub(y),
            BinaryOp::Multiply => x.checked_mul(y),
            BinaryOp::Divide => x.checked_div(y),
            BinaryOp::Remainder => x.checked_rem(y),
            BinaryOp::And => Some(x & y),
            BinaryOp::Or => Some(x | y),
            BinaryOp::Xor => Some(x ^ y),
            BinaryOp::ShiftLeft => shift.and_then(|s| x.checked_shl(s)),
            _ => shift.and_then(|s| x.checked_shr(s)),
        };
        match value.filter(|v| (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(v)) {
            Some(v) => Ok(Typed::literal(v, kind, "number")),
            None => fail(
                Diagnostic::error(Code::BAD_NUMBER, "this has no value in 64 bits")
                    .at(op_span, "too large, or division by zero")
                    .see(y_span, ""),
            ),
        }
    }
}

/// The operand that is a plain number where the other is a duration, unless the two make sense together: a duration may
/// be multiplied and divided by a number, and compared with zero.
fn unitless(x: (NumberKind, &Expr, Span), y: (NumberKind, &Expr, Span), op: BinaryOp) -> Option<Span> {
    if matches!(
        op,
        BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::ShiftLeft | BinaryOp::ShiftRight
    ) {
        return None;
    }
    let plain = match (x.0, y.0) {
        (NumberKind::Plain, NumberKind::Duration) => x,
        (NumberKind::Duration, NumberKind::Plain) => y,
        _ => return None,
    };
    (*plain.1 != Expr::Int(0)).then_some(plain.2)
}
