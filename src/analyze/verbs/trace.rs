//! `trace FUNCS [where COND] [limit N/s]`: a line when a call begins, with every argument, and one when it returns.

use super::Entry;
use crate::analyze::Builder;
use crate::plan::EventKind;
use crate::plan::format::Format;
use crate::plan::{Column, Expr, Number, NumberKind, Part, Step, Value};
use crate::syntax::ast::{Directive, Item};

pub(super) const ENTRY: Entry = Entry {
    verb: "trace",
    clauses: &["where", "limit", "sample", "except"],
    summary: "a line at entry with every argument and a line at return with every result and the time taken",
    example: "trace main.(*Store).Get limit 100/s",
    has_result: false,
    build,
};

fn build(b: &mut Builder<'_>, _item: &Item, directive: &Directive) {
    let clauses = &directive.clauses;
    let functions = b.functions(&directive.events, clauses);
    let limit = b.limit(clauses);
    // A condition on the end of a call leaves only the line about its end.
    let only_return = b.event_of(clauses) == EventKind::Return;
    for named in functions {
        let span = named.span();
        if !only_return {
            let line = b.at(named, EventKind::Entry, |scope| {
                let mut line = scope.line_head("->");
                line.append(scope.all_arguments(span)?);
                Ok(vec![Step::Print(line, limit.clone())])
            });
            b.on_entry(named, clauses, line);
        }
        let line = b.at(named, EventKind::Return, |scope| {
            let mut line = scope.line_head("<-");
            line.append(scope.all_results(span)?);
            line.text(" after ");
            let elapsed = Number {
                expr: Expr::Elapsed,
                signed: false,
                kind: NumberKind::Duration,
            };
            line.value(
                Column::new("elapsed", "time.Duration", Format::Duration),
                vec![Part::Shown(Value::Number(elapsed), Format::Duration)],
            );
            Ok(vec![Step::Print(line, limit.clone())])
        });
        b.on_return_if_any(named, clauses, line);
    }
}
