//! The answer as a table for a spreadsheet: a row for each line, each row of a final result, each bucket.
//!
//! The first columns are the same in every file; behind them there is one for each key and each value, by its name.

use super::Report;
use super::about::About;
use super::draw::average;
use super::json;
use crate::plan::Shape;
use crate::run::decode::{Cell, Line};
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::results::{Measure, Table};
use crate::run::show::time;
use crate::run::status::{End, Status};
use std::io::{self, Write};

/// Writes to any output.
pub(crate) struct Csv<'a, W> {
    out: W,
    about: &'a About,
    problem: Option<io::Error>,
}

/// The first columns.
const FIXED: [&str; 14] = [
    "kind", "name", "time", "function", "event", "unit", "value", "rate", "count", "average", "total", "low",
    "high", "text",
];

/// A row: the first columns that have something, and cells by their names.
#[derive(Default)]
struct Row<'r> {
    fixed: Vec<(&'static str, String)>,
    cells: Vec<(&'r str, &'r Cell)>,
}

impl<'a, W: Write> Csv<'a, W> {
    pub(crate) fn new(out: W, about: &'a About) -> Self {
        let mut csv = Self {
            out,
            about,
            problem: None,
        };
        let names = FIXED.iter().map(|name| (*name).to_owned());
        let columns = about.columns.iter().map(|name| cell(name));
        csv.record(&names.chain(columns).collect::<Vec<_>>());
        csv
    }

    fn record(&mut self, cells: &[String]) {
        if self.problem.is_none() {
            self.problem = self
                .out
                .write_all(format!("{}\r\n", cells.join(",")).as_bytes())
                .err();
        }
    }

    fn row(&mut self, row: &Row<'_>) {
        let fixed = FIXED.iter().map(|name| {
            let found = row.fixed.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, text)| cell(text))
        });
        let cells = self.about.columns.iter().map(|name| {
            let found = row.cells.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, value)| {
                cell(&String::from_utf8_lossy(&value.text))
            })
        });
        let all: Vec<String> = fixed.chain(cells).collect();
        self.record(&all);
    }

    fn table(&mut self, table: &Table, kind: &'static str) {
        let output = &table.output;
        for row in &table.rows {
            let mut fixed = vec![
                ("kind", kind.to_owned()),
                ("name", output.name.clone()),
                ("unit", json::unit(output.unit).to_owned()),
            ];
            let names = output.columns.iter().map(|column| column.name.as_str());
            let cells: Vec<_> = names.zip(&row.keys).collect();
            match &row.measure {
                Measure::Number(n) => {
                    fixed.push(("value", n.to_string()));
                    fixed.extend(row.rate.map(|rate| ("rate", rate.to_string())));
                }
                Measure::Stats { count, total } => {
                    let average = average(*count, *total).to_string();
                    if output.shape == Shape::Avg {
                        fixed.push(("value", average.clone()));
                    }
                    fixed.push(("count", count.to_string()));
                    fixed.extend(row.rate.map(|rate| ("rate", rate.to_string())));
                    fixed.push(("average", average));
                    fixed.push(("total", total.to_string()));
                }
                Measure::Buckets(buckets) => {
                    for bucket in buckets.iter().filter(|bucket| bucket.count > 0) {
                        let bound = |bound: Option<i64>| bound.map_or_else(String::new, |n| n.to_string());
                        let mut fixed = fixed.clone();
                        fixed.push(("count", bucket.count.to_string()));
                        fixed.push(("low", bound(bucket.low)));
                        fixed.push(("high", bound(bucket.high)));
                        self.row(&Row {
                            fixed,
                            cells: cells.clone(),
                        });
                    }
                    continue;
                }
            }
            self.row(&Row { fixed, cells });
        }
    }
}

/// A cell: in quotes where it has to be. A spreadsheet takes text that begins like a formula for one, and runs it, if
/// there is no apostrophe before it.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if is_formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

impl<W: Write> Report for Csv<'_, W> {
    fn line(&mut self, line: &Line) {
        let (seconds, nanoseconds) = self.about.clock.unix(line.at);
        let place = self.about.places.get(line.probe);
        let mut fixed = vec![
            ("kind", "line".to_owned()),
            ("time", time::rfc3339(seconds, nanoseconds)),
            ("text", String::from_utf8_lossy(&line.text).into_owned()),
        ];
        if let Some(place) = place {
            fixed.push(("function", place.function.clone().unwrap_or_default()));
            fixed.push(("event", place.event.clone()));
        }
        let cells = line.values.iter().map(|(name, cell)| (name.as_str(), cell));
        self.row(&Row {
            fixed,
            cells: cells.collect(),
        });
    }

    fn tree(&mut self, tree: &CallTree) {
        for call in &tree.calls {
            let (seconds, nanoseconds) = self.about.clock.unix(call.begun);
            let mut fixed = vec![
                ("kind", "call".to_owned()),
                ("name", tree.name.clone()),
                ("time", time::rfc3339(seconds, nanoseconds)),
                ("function", call.name().as_deref().unwrap_or_default().to_owned()),
                ("text", format!("depth {}", call.depth)),
            ];
            if let Some(time) = call.time() {
                fixed.push(("unit", "ns".to_owned()));
                fixed.push(("value", time.to_string()));
            }
            let values = call.arguments.values.iter().chain(&call.results.values);
            let cells = values.map(|(name, cell)| (name.as_str(), cell)).collect();
            self.row(&Row { fixed, cells });
        }
    }

    fn summary(&mut self, summary: &Summary) {
        for path in &summary.paths {
            let number = |n: Option<u64>| n.map_or_else(String::new, |n| n.to_string());
            let fixed = vec![
                ("kind", "path".to_owned()),
                ("name", summary.name.clone()),
                (
                    "function",
                    path.function.as_deref().unwrap_or_default().to_owned(),
                ),
                ("unit", "ns".to_owned()),
                ("value", path.own.to_string()),
                ("count", path.calls.to_string()),
                ("total", path.total.to_string()),
                ("low", number(path.min)),
                ("high", number(path.max)),
                ("text", format!("depth {}", path.depth)),
            ];
            self.row(&Row {
                fixed,
                cells: Vec::new(),
            });
        }
    }

    fn text(&mut self, text: &str) {
        let text = text.strip_suffix('\n').unwrap_or(text);
        self.row(&Row {
            fixed: vec![("kind", "text".to_owned()), ("text", text.to_owned())],
            cells: Vec::new(),
        });
    }

    fn shown(&mut self, table: &Table) {
        self.table(table, "printed");
    }

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, tables: &[Table], end: &End) {
        for table in tables {
            self.table(table, "result");
        }
        let fixed = vec![("kind", "end".to_owned()), ("text", super::text::ending(end))];
        self.row(&Row {
            fixed,
            cells: Vec::new(),
        });
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_text_for_a_spreadsheet() {
        assert_eq!(cell("-12"), "-12");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-a"), "'-a");
        assert_eq!(cell("a,\"b\"\nc"), "\"a,\"\"b\"\"\nc\"");
        assert_eq!(cell("@x,y"), "\"'@x,y\"");
    }
}
