//! `count EVENTS [by KEYS] [where COND]`: how often.

use super::Entry;
use crate::analyze::Builder;
use crate::plan::EventKind;
use crate::plan::{Aggregation, Step, Subject, Unit};
use crate::syntax::ast::{Directive, Item};

pub(super) const ENTRY: Entry = Entry {
    verb: "count",
    clauses: &["by", "where", "top", "sample", "except", "including inlined"],
    summary: "how often functions are called",
    example: "count net/http.(*conn).serve by goroutine",
    has_result: true,
    build,
};

fn build(b: &mut Builder<'_>, item: &Item, directive: &Directive) {
    let clauses = &directive.clauses;
    let functions = b.functions(&directive.events, clauses);
    let Some(first) = functions.first() else { return };
    let map = b.result_map(
        item.label.as_ref(),
        "count",
        *first,
        Subject::Calls(b.only(&functions)),
        Unit::Calls,
    );
    b.note_clauses(&map, clauses);
    // Only what needs the end of a call waits for it.
    let event = b.event_of(clauses);
    if event == EventKind::Return && b.refuse_returns_of_inlined(clauses) {
        return;
    }
    let many = b.has_several(&functions);
    for named in functions.iter().copied() {
        let step = b.at(named, event, |scope| {
            let keys = scope.keys(clauses, many)?;
            Ok(vec![Step::Aggregate {
                map: map.clone(),
                how: Aggregation::Count,
                keys: keys.values,
                value: None,
                columns: keys.columns,
            }])
        });
        if event == EventKind::Return {
            b.on_return(named, clauses, step);
        } else {
            b.on_entry(named, clauses, step);
        }
    }
}
