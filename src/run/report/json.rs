//! The answer as JSON, an object a line: lines as they come, results when they are printed and at the end.
//! `docs/run-json.md` has the schema.

use super::Report;
use super::about::About;
use super::draw::average;
use crate::plan::{Column, Shape, Unit};
use crate::run::decode::call::Shown;
use crate::run::decode::{Cell, Clock, Line};
use crate::run::graph::summary::Summary;
use crate::run::graph::{Call, CallTree, Ending};
use crate::run::results::{Measure, Table};
use crate::run::show::time;
use crate::run::status::{End, Losses, Status, Why};
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};

/// Writes to any output; problems with it end the run elsewhere.
pub(crate) struct Lines<'a, W> {
    out: W,
    about: &'a About,
    problem: Option<io::Error>,
}

impl<'a, W: Write> Lines<'a, W> {
    pub(crate) fn new(out: W, about: &'a About) -> Self {
        Self {
            out,
            about,
            problem: None,
        }
    }

    fn write(&mut self, value: &Json) {
        if self.problem.is_none() {
            let written = writeln!(self.out, "{value}").and_then(|()| self.out.flush());
            self.problem = written.err();
        }
    }
}

/// The bytes of a cell, two digits each, if they are no text.
fn bytes(cell: &Cell) -> Json {
    match std::str::from_utf8(&cell.text) {
        Ok(_) => Json::Null,
        Err(_) => Json::String(cell.text.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}

/// What a line is, for programs.
pub(crate) fn of_line(line: &Line, about: &About) -> Json {
    let (seconds, nanoseconds) = about.clock.unix(line.at);
    let mut values = Map::new();
    let mut value_bytes = Map::new();
    for (name, cell) in &line.values {
        values.insert(name.clone(), cell.json.clone());
        match bytes(cell) {
            Json::Null => {}
            bytes => {
                value_bytes.insert(name.clone(), bytes);
            }
        }
    }
    let place = about.places.get(line.probe);
    let mut object = json!({
        "type": "line",
        "time": time::rfc3339(seconds, nanoseconds),
        "function": place.map(|place| &place.function),
        "event": place.map(|place| &place.event),
        "file": place.map(|place| &place.file),
        "line": place.map(|place| place.line),
        "values": values,
        "text": String::from_utf8_lossy(&line.text),
    });
    if let Json::Object(object) = &mut object
        && !value_bytes.is_empty()
    {
        object.insert("value_bytes".to_owned(), Json::Object(value_bytes));
    }
    object
}

/// A call tree, for programs.
pub(crate) fn of_tree(tree: &CallTree, clock: Clock) -> Json {
    let calls = tree.calls.iter().zip(tree.own_times()).zip(tree.goroutines());
    json!({
        "type": "tree",
        "name": tree.name,
        "process": tree.under.process,
        "goroutine": tree.under.goroutine,
        "missing_calls": tree.is_missing_calls,
        "calls_without_room": tree.without_room,
        "calls": calls.map(|((call, own), goroutine)| of_call(call, own, goroutine, clock)).collect::<Vec<_>>(),
    })
}

fn of_call(call: &Call, own: Option<u64>, goroutine: u64, clock: Clock) -> Json {
    let (seconds, nanoseconds) = clock.unix(call.begun);
    let end = match call.ending {
        Ending::Returned => "returned",
        Ending::Jumped => "jumped",
        Ending::Left => "left",
        Ending::Open => "open",
        Ending::Lost => "lost",
        Ending::Inlined => "inlined",
    };
    let mut object = json!({
        "depth": call.depth,
        "function": call.function.as_deref(),
        "time": time::rfc3339(seconds, nanoseconds),
        "elapsed": call.time(),
        "self": own,
        "end": end,
        "goroutine": goroutine,
        "starts_goroutine": call.starts.is_some(),
        "caller": call.caller,
        "deeper_calls": call.deeper,
        "arguments": call.arguments.json(),
        "results": call.results.json(),
    });
    if let Json::Object(object) = &mut object {
        for (name, shown) in [
            ("argument_bytes", &call.arguments),
            ("result_bytes", &call.results),
        ] {
            let bytes = value_bytes(shown);
            if !bytes.is_empty() {
                object.insert(name.to_owned(), Json::Object(bytes));
            }
        }
    }
    object
}

fn value_bytes(shown: &Shown) -> Map<String, Json> {
    let values = shown
        .values
        .iter()
        .map(|(name, cell)| (name.clone(), bytes(cell)));
    values.filter(|(_, bytes)| !bytes.is_null()).collect()
}

/// What call trees came to, for programs.
pub(crate) fn of_summary(summary: &Summary) -> Json {
    let paths = summary.paths.iter().map(|path| {
        json!({
            "depth": path.depth,
            "function": path.function.as_deref(),
            "calls": path.calls,
            "returned": path.returned,
            "inlined": path.inlined,
            "total": path.total,
            "self": path.own,
            "min": path.min,
            "max": path.max,
        })
    });
    json!({
        "type": "summary",
        "name": summary.name,
        "about": summary.words,
        "unit": "ns",
        "trees": summary.trees,
        "trees_missing_calls": summary.with_losses,
        "calls_without_room": summary.without_room,
        "paths": paths.collect::<Vec<_>>(),
    })
}

/// A result, for programs.
pub(crate) fn of_table(table: &Table, is_final: bool) -> Json {
    let output = &table.output;
    let column = |column: &Column| json!({ "name": column.name, "type": column.ty });
    let rows = table.rows.iter().map(|row| {
        let keys: Vec<Json> = row.keys.iter().map(|cell| cell.json.clone()).collect();
        let texts: Vec<_> = row
            .keys
            .iter()
            .map(|cell| String::from_utf8_lossy(&cell.text))
            .collect();
        let mut object = json!({ "keys": keys, "key_texts": texts });
        if let Json::Object(object) = &mut object {
            let bytes: Vec<Json> = row.keys.iter().map(bytes).collect();
            if bytes.iter().any(|bytes| !bytes.is_null()) {
                object.insert("key_bytes".to_owned(), Json::Array(bytes));
            }
            object.extend(measured(&row.measure, output.shape));
            object.extend(row.rate.map(|rate| ("rate".to_owned(), json!(rate))));
        }
        object
    });
    json!({
        "type": "result",
        "name": output.name,
        "about": output.words(),
        "shape": output.shape.word(),
        "unit": unit(output.unit),
        "columns": output.columns.iter().map(column).collect::<Vec<_>>(),
        "rows": rows.collect::<Vec<_>>(),
        "final": is_final,
    })
}

/// What numbers count.
pub(super) fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Calls => "calls",
        Unit::Times => "times",
        Unit::Lines => "lines",
        Unit::Values => "values",
        Unit::Value => "value",
        Unit::Time(unit) => unit.word(),
    }
}

fn number(n: i128) -> Json {
    match (i64::try_from(n), u64::try_from(n)) {
        (Ok(n), _) => json!(n),
        (_, Ok(n)) => json!(n),
        _ => json!(n.to_string()),
    }
}

fn measured(measure: &Measure, shape: Shape) -> Map<String, Json> {
    let mut object = Map::new();
    match measure {
        Measure::Number(n) => {
            object.insert("value".to_owned(), number(*n));
        }
        Measure::Stats { count, total } => {
            let average = average(*count, *total);
            if shape == Shape::Avg {
                object.insert("value".to_owned(), number(average));
            }
            object.insert("count".to_owned(), json!(count));
            object.insert("average".to_owned(), number(average));
            object.insert("total".to_owned(), number(*total));
        }
        Measure::Buckets(buckets) => {
            let each = buckets.iter().filter(|bucket| bucket.count > 0);
            let each = each.map(|b| json!({ "low": b.low, "high": b.high, "count": b.count }));
            object.insert("count".to_owned(), number(measure.weight()));
            object.insert("buckets".to_owned(), Json::Array(each.collect()));
        }
    }
    object
}

fn reason((why, calls): &(String, u64)) -> Json {
    json!({ "why": why, "calls": calls })
}

fn losses(lost: &Losses) -> Json {
    let mut object = json!({
        "records": lost.events,
        "lines_left_out": lost.dropped,
        "keys_without_room": lost.keys,
        "keys_made_twice": lost.made_meanwhile,
        "calls_not_timed": lost.calls,
        "not_timed": lost.reasons.iter().map(reason).collect::<Vec<_>>(),
    });
    if let (true, Json::Object(object)) = (lost.untold, &mut object) {
        object.insert("results_not_told".to_owned(), Json::Bool(true));
    }
    object
}

/// How a run ended, for programs.
pub(crate) fn of_end(end: &End) -> Json {
    let why = match &end.why {
        Why::Asked => "asked",
        Why::Time => "time",
        Why::Recipe => "recipe",
        Why::TargetEnded | Why::TargetsEnded => "target ended",
        Why::CommandEnded(_) => "command ended",
        Why::TooManyHits { .. } => "too many hits",
        Why::Interrupted => "bpftrace ended",
        Why::Failed(_) => "bpftrace failed",
    };
    let exit_code = if let Why::CommandEnded(code) = end.why {
        Some(code)
    } else {
        None
    };
    json!({
        "type": "end",
        "why": why,
        "exit_code": exit_code,
        "seconds": end.status.elapsed.as_secs_f64(),
        "sites": end.status.sites,
        "lost": losses(&end.status.lost),
    })
}

impl<W: Write> Report for Lines<'_, W> {
    fn line(&mut self, line: &Line) {
        let value = of_line(line, self.about);
        self.write(&value);
    }

    fn tree(&mut self, tree: &CallTree) {
        let value = of_tree(tree, self.about.clock);
        self.write(&value);
    }

    fn summary(&mut self, summary: &Summary) {
        self.write(&of_summary(summary));
    }

    fn text(&mut self, text: &str) {
        self.write(&json!({ "type": "text", "text": text }));
    }

    fn shown(&mut self, table: &Table) {
        let value = of_table(table, false);
        self.write(&value);
    }

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, tables: &[Table], end: &End) {
        for table in tables {
            let value = of_table(table, true);
            self.write(&value);
        }
        self.write(&of_end(end));
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}
