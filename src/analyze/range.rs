//! `A..B step S`: the bounds of `linear`, known when compiling.

use super::eval::{Outcome, Scope, both, fail, not_constant};
use super::value::Operand;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::plan::{Expr, NumberKind};
use crate::syntax::ast::{self, ExprKind};

impl Scope<'_> {
    /// `A..B step S` as whole numbers, durations in units of so many nanoseconds; of an expression, or else of a
    /// latency.
    pub(super) fn linear(
        &self,
        range: &ast::Range,
        unit: u64,
        of: Option<&ast::Expr>,
    ) -> Outcome<(i64, i64, i64)> {
        let number = |e: &ast::Expr| {
            let typed = self.eval(e)?;
            let Operand { expr, kind, .. } = self.as_number(typed, e.span)?;
            let Expr::Int(n) = expr else {
                return fail(not_constant(e.span));
            };
            if kind == NumberKind::Duration && n % i128::from(unit) != 0 {
                return fail(
                    Diagnostic::error(Code::BAD_RANGE, "this is not a whole number in the result's unit")
                        .at(e.span, "would be rounded")
                        .help("choose a smaller unit, as in `in us` or `in ns`"),
                );
            }
            Ok(if kind == NumberKind::Duration {
                n / i128::from(unit)
            } else {
                n
            })
        };
        let (low, (high, step)) = both(number(&range.low), both(number(&range.high), number(&range.step)))?;
        if let Some(problem) = self.bad_range(low, high, step, range, of) {
            return fail(problem);
        }
        match (i64::try_from(low), i64::try_from(high), i64::try_from(step)) {
            (Ok(low), Ok(high), Ok(step)) => Ok((low, high, step)),
            _ => Err(Problems::default()),
        }
    }

    /// Why a range is not valid, or not accepted by bpftrace. (Of 0.17, 0.23 and 0.27, each takes bounds from 0 to
    /// 2^31 - 1, and puts what is in a narrower last bucket elsewhere.)
    fn bad_range(
        &self,
        low: i128,
        high: i128,
        step: i128,
        range: &ast::Range,
        of: Option<&ast::Expr>,
    ) -> Option<Diagnostic> {
        let text = format!("{low}..{high} step {step}");
        let bad = |why: &str| Diagnostic::error(Code::BAD_RANGE, why);
        // The value's text, in brackets if it has to be an operand.
        let value = of.and_then(|e| {
            let text = self.source.get(e.span.start..e.span.end)?;
            let whole = matches!(e.kind, ExprKind::Binary(..) | ExprKind::Unary(..));
            Some(if whole {
                format!("({text})")
            } else {
                text.to_string()
            })
        });
        if low >= high || step <= 0 || high - low < step || (high - low) / step > 1000 {
            let problem = bad(&format!("{text} is no range"));
            return Some(problem.at(range.span, "wants A < B, S > 0, and 1 to 1000 steps"));
        }
        if low < 0 {
            let problem = bad("bpftrace's buckets cannot begin below 0").at(range.low.span, "negative");
            let up = -low;
            return Some(problem.help(match value {
                Some(value) => format!(
                    "write `linear {value} + {up} 0..{} step {step}`: each label is {up} too high then",
                    high + up
                ),
                None => "no call takes a negative time: begin at 0".into(),
            }));
        }
        let rest = (high - low) % step;
        if rest != 0 {
            let problem = bad(&format!(
                "the last bucket of {text} would be narrower than the others"
            ))
            .at(range.span, "not a whole number of steps");
            let (below, above) = (high - rest, high + step - rest);
            return Some(problem.help(format!(
                "write `{low}..{below} step {step}` or `{low}..{above} step {step}`"
            )));
        }
        if high <= i128::from(i32::MAX) {
            return None;
        }
        let problem = bad("bpftrace's buckets have to end below 2^31").at(range.high.span, "too large");
        let fits = |unit: &i128| {
            [low, high, step].iter().all(|n| n % unit == 0) && high / unit <= i128::from(i32::MAX)
        };
        let unit = [1000, 1024, 1_000_000, 1 << 20, 1_000_000_000, 1 << 30]
            .into_iter()
            .find(fits);
        Some(match (value, unit) {
            (Some(value), Some(unit)) => problem.help(format!(
                "count in a larger unit: `linear {value} / {unit} {}..{} step {}`",
                low / unit,
                high / unit,
                step / unit
            )),
            (Some(_), None) => problem.help("divide the value and the bounds by the same number"),
            (None, _) => problem.help("choose a larger unit, as in `in ms` or `in s`"),
        })
    }
}
