//! `latency FUNCS [by KEYS] [where COND] [in UNIT] [as hist|linear A..B step S|stats]`: how long calls take.

use super::Entry;
use crate::analyze::Builder;
use crate::plan::EventKind;
use crate::plan::{Aggregation, Expr, Number, NumberKind, Op, Step, Subject, Unit, Value};
use crate::syntax::ast::{Directive, Item};

pub(super) const ENTRY: Entry = Entry {
    verb: "latency",
    clauses: &["by", "where", "in", "as", "top", "sample", "except"],
    summary: "how long calls take, as a histogram or statistics",
    example: "latency net.(*sysDialer).dialTCP by goroutine",
    has_result: true,
    build,
};

fn build(b: &mut Builder<'_>, item: &Item, directive: &Directive) {
    let clauses = &directive.clauses;
    let functions = b.functions(&directive.events, clauses);
    let unit = b.unit(clauses);
    let shape = b.shape(clauses);
    let Some(first) = functions.first() else { return };
    let preferred = format!("latency_{}", unit.word());
    let map = b.result_map(
        item.label.as_ref(),
        &preferred,
        *first,
        Subject::Calls(b.only(&functions)),
        Unit::Time(unit),
    );
    b.note_clauses(&map, clauses);
    let many = b.has_several(&functions);
    for named in functions {
        let shape = shape.clone();
        let step = b.at(named, EventKind::Return, |scope| {
            let keys = scope.keys(clauses, many)?;
            Ok(vec![Step::Aggregate {
                map: map.clone(),
                how: shape.of(elapsed_in(unit.nanoseconds())),
                keys: keys.values,
                value: None,
                columns: keys.columns,
            }])
        });
        b.on_return(named, clauses, step);
    }
}

/// The time since the call began, in units of so many nanoseconds.
fn elapsed_in(unit: u64) -> Value {
    let expr = if unit == 1 {
        Expr::Elapsed
    } else {
        Expr::Binary {
            op: Op::Divide,
            a: Box::new(Expr::Elapsed),
            b: Box::new(Expr::Int(i128::from(unit))),
            signed: false,
        }
    };
    Value::Number(Number {
        expr,
        signed: false,
        kind: NumberKind::Plain,
    })
}

/// How a latency is collected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Powers of two.
    Hist,
    /// Percentiles.
    Percentiles,
    /// Count, average, total.
    Stats,
    /// Steps of one size.
    Linear(i64, i64, i64),
}

impl Shape {
    fn of(&self, value: Value) -> Aggregation {
        match *self {
            Shape::Hist => Aggregation::Hist(value),
            Shape::Percentiles => Aggregation::Percentiles(value),
            Shape::Stats => Aggregation::Stats(value),
            Shape::Linear(low, high, step) => Aggregation::Linear(value, low, high, step),
        }
    }
}
