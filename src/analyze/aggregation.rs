//! `count`, `sum`, `hist` and other statements that aggregate numbers, and checks that bpftrace can do so.

use super::eval::{Outcome, Scope, fail, fits_signed};
use super::events::names_list;
use super::keys::Keys;
use super::show::default_format;
use super::value::{Operand, article};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::plan::{Aggregation, Column, Expr, Number, NumberKind, Op, Step, Value};
use crate::source::Span;
use crate::syntax::ast;

/// The words that add to a result, with whether they take a value.
pub(super) const AGGREGATIONS: &[(&str, bool)] = &[
    ("count", false),
    ("sum", true),
    ("min", true),
    ("max", true),
    ("avg", true),
    ("stats", true),
    ("hist", true),
    ("linear", true),
];

/// The result that counts values of 2^63 and more, which bpftrace would take for negative, by the result that they are
/// missing from.
pub(super) const VALUES_TOO_LARGE: &str = "values_too_large";

/// True for the words that add to a result.
pub(super) fn is_aggregation(word: &str) -> bool {
    AGGREGATIONS.iter().any(|(verb, _)| *verb == word)
}

impl Scope<'_> {
    /// How a statement aggregates a number, and the number's column.
    pub(super) fn aggregation(
        &self,
        verb: &ast::Name,
        value: Option<&ast::Expr>,
        range: Option<&ast::Range>,
        span: Span,
    ) -> Outcome<(Aggregation, Option<Column>)> {
        let Some((_, takes_value)) = AGGREGATIONS.iter().find(|(v, _)| *v == verb.node) else {
            let words: Vec<&str> = AGGREGATIONS
                .iter()
                .map(|(v, _)| *v)
                .chain(["print", "let", "if", "return", "raw"])
                .collect();
            let mut problem = Diagnostic::error(
                Code::UNKNOWN_WORD,
                format!("there is no statement `{}`", verb.node),
            )
            .at(verb.span, "not known");
            problem = super::events::with_foreign_letters(problem, &verb.node);
            problem = match near::words(&verb.node, words.iter().copied()) {
                Some(word) => problem.help(format!("did you mean `{word}`?")),
                None => problem.help(format!("the statements are {}", names_list(&words))),
            };
            return fail(problem);
        };
        if !takes_value {
            if let Some(e) = value {
                return fail(
                    Diagnostic::error(Code::BAD_CLAUSE, "`count` counts calls and takes no value")
                        .at(e.span, "not needed")
                        .help("`sum E` adds values up; `count by E` counts per value"),
                );
            }
            return Ok((Aggregation::Count, None));
        }
        let Some(e) = value else {
            return fail(
                Diagnostic::error(Code::NOT_A_NUMBER, format!("`{}` needs a number", verb.node))
                    .at(span, "of what?")
                    .help(format!("write `{} arg n`, `{0} elapsed`, …", verb.node)),
            );
        };
        let typed = self.eval(e)?;
        let ty = typed.type_name();
        let Operand {
            expr,
            signed,
            kind,
            what,
            ..
        } = self.as_number(typed, e.span)?;
        if matches!(kind, NumberKind::Bool | NumberKind::Pointer) {
            return fail(
                Diagnostic::error(Code::NOT_A_NUMBER, format!("{} is not a number", article(&what)))
                    .at(e.span, format!("this is {}", article(&what))),
            );
        }
        let format = default_format(&Value::Number(Number {
            expr: expr.clone(),
            signed,
            kind,
        }));
        let column = Column::new(&self.text_of(e), &ty, format);
        let value = Value::Number(Number {
            expr,
            signed,
            kind: NumberKind::Plain,
        });
        if let (Some(range), true) = (range, verb.node != "linear") {
            return fail(
                Diagnostic::error(Code::BAD_RANGE, "only `linear` takes a range").at(range.span, "not here"),
            );
        }
        let how = match verb.node.as_str() {
            "sum" => Aggregation::Sum(value),
            "min" => Aggregation::Min(value),
            "max" => Aggregation::Max(value),
            "avg" => Aggregation::Avg(value),
            "stats" => Aggregation::Stats(value),
            "hist" => Aggregation::Hist(value),
            _ => {
                let Some(range) = range else {
                    return fail(
                        Diagnostic::error(Code::BAD_RANGE, "`linear` needs a range")
                            .at(span, "add `0..100 step 10`"),
                    );
                };
                let (low, high, step) = self.linear(range, 1, Some(e))?;
                Aggregation::Linear(value, low, high, step)
            }
        };
        Ok((how, Some(column)))
    }

    /// Adds to a result. bpftrace aggregates signed numbers: an unsigned one of 2^63 and more is counted in a result of
    /// its own, or put where it belongs.
    pub(super) fn within_bounds(
        &self,
        map: String,
        how: Aggregation,
        column: Option<Column>,
        keys: Keys,
    ) -> Step {
        let add = |map, how| Step::Aggregate {
            map,
            how,
            keys: keys.values,
            value: column,
            columns: keys.columns,
        };
        let value = match &how {
            Aggregation::Count => None,
            Aggregation::Min(_) | Aggregation::Max(_) if self.dialect.orders_unsigned() => None,
            Aggregation::Sum(v)
            | Aggregation::Min(v)
            | Aggregation::Max(v)
            | Aggregation::Avg(v)
            | Aggregation::Stats(v)
            | Aggregation::Hist(v)
            | Aggregation::Percentiles(v)
            | Aggregation::Linear(v, ..) => Some(v),
        };
        let wide = match value {
            Some(Value::Number(n)) if !n.signed && !fits_signed(&n.expr) => n.clone(),
            _ => return add(map, how),
        };
        if let Aggregation::Linear(_, low, high, step) = how {
            let last = Expr::Int(i128::from(high));
            let beyond = Expr::Binary {
                op: Op::GreaterEqual,
                a: Box::new(wide.expr.clone()),
                b: Box::new(last.clone()),
                signed: false,
            };
            let expr = Expr::Choose(Box::new(beyond), Box::new(last), Box::new(wide.expr.clone()));
            let value = Value::Number(Number { expr, ..wide });
            let how = Aggregation::Linear(value, low, high, step);
            return add(map, how);
        }
        let top_bit = Expr::Binary {
            op: Op::ShiftRight,
            a: Box::new(wide.expr),
            b: Box::new(Expr::Int(63)),
            signed: false,
        };
        let condition = Value::Number(Number {
            expr: Expr::Binary {
                op: Op::NotEqual,
                a: Box::new(top_bit),
                b: Box::new(Expr::Int(0)),
                signed: false,
            },
            signed: false,
            kind: NumberKind::Bool,
        });
        let elsewhere = Step::Aggregate {
            map: VALUES_TOO_LARGE.into(),
            how: Aggregation::Count,
            keys: vec![Value::Known(crate::plan::Known::Constant(map.clone()))],
            value: None,
            columns: Vec::new(),
        };
        Step::If(condition, vec![elsewhere], vec![add(map, how)])
    }
}
