//! The stacks of the answer for other tools: folded, as a flame graph, or as a profile for pprof.

use super::Report;
use super::about::About;
use crate::plan::{Shape, Unit as Counted};
use crate::run::decode::{Cell, Line};
use crate::run::graph::CallTree;
use crate::run::graph::summary::Summary;
use crate::run::paths::{Frame, Heading, Measure, Paths, Unit};
use crate::run::results::{self, Table};
use crate::run::status::{End, Status};
use serde_json::Value as Json;
use std::io::{self, Write};

/// A form of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A line for each stack.
    Folded,
    /// A drawing.
    FlameGraph,
    /// For pprof.
    Profile,
}

/// What a stack counts for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Weight {
    count: u64,
    /// Nanoseconds.
    time: u64,
    /// Whatever the recipe adds up.
    sum: u64,
}

/// Writes at the end, to any output.
pub(crate) struct Stacks<'a, W> {
    out: W,
    form: Form,
    about: &'a About,
    lines: Vec<(Vec<Frame>, Weight)>,
    summaries: Vec<Summary>,
    problem: Option<io::Error>,
}

impl<'a, W: Write> Stacks<'a, W> {
    pub(crate) fn new(out: W, form: Form, about: &'a About) -> Self {
        Self {
            out,
            form,
            about,
            lines: Vec::new(),
            summaries: Vec::new(),
            problem: None,
        }
    }

    fn write(&mut self, paths: &Paths, heading: &Heading) -> io::Result<()> {
        let out: &mut dyn Write = &mut self.out;
        match self.form {
            Form::Folded => paths.write_folded(out),
            Form::FlameGraph => paths.write_svg(heading, out),
            Form::Profile => paths.write_pprof(heading, out),
        }
    }
}

/// A source of stacks, and what it has.
struct Source<'t> {
    name: &'t str,
    rows: Vec<(Vec<Frame>, Weight)>,
}

/// The stacks of a result whose rows can be added up.
fn rows(table: &Table) -> Vec<(Vec<Frame>, Weight)> {
    if matches!(table.output.shape, Shape::Min | Shape::Max) {
        return Vec::new();
    }
    let rows = table.rows.iter().filter_map(|row| {
        let path = row.keys.iter().find_map(path)?;
        Some((path, weight(&row.measure, table)))
    });
    rows.collect()
}

fn weight(measure: &results::Measure, table: &Table) -> Weight {
    let natural = |n: i128| u64::try_from(n.max(0)).unwrap_or(u64::MAX);
    let added = |n: i128| match table.output.unit {
        Counted::Time(unit) => Weight {
            time: natural(n).saturating_mul(unit.nanoseconds()),
            ..Weight::default()
        },
        _ => Weight {
            sum: natural(n),
            ..Weight::default()
        },
    };
    match measure {
        results::Measure::Number(n) if table.output.shape == Shape::Sum => added(*n),
        results::Measure::Stats { count, total } => Weight {
            count: *count,
            ..added(*total)
        },
        measure => Weight {
            count: natural(measure.weight()),
            ..Weight::default()
        },
    }
}

/// The paths of call trees, with the time that was spent in each itself.
fn of_trees(summary: &Summary) -> Vec<(Vec<Frame>, Weight)> {
    let mut path: Vec<Frame> = Vec::new();
    let rows = summary.paths.iter().map(|below| {
        path.truncate(below.depth);
        path.push(Frame::named(below.function.as_deref().unwrap_or("(lost)")));
        let weight = Weight {
            count: below.calls,
            time: below.own,
            ..Weight::default()
        };
        (path.clone(), weight)
    });
    rows.collect()
}

/// The frames of a stack from the root; none of a cell that is no stack.
fn path(cell: &Cell) -> Option<Vec<Frame>> {
    let Json::Array(frames) = &cell.json else {
        return None;
    };
    Some(frames.iter().rev().map(frame).collect())
}

fn frame(frame: &Json) -> Frame {
    let text = |name: &str| frame.get(name).and_then(Json::as_str).unwrap_or_default();
    let is = |name: &str| frame.get(name).and_then(Json::as_bool) == Some(true);
    if is("more") {
        return Frame::named("…");
    }
    if is("lost") {
        return Frame::named("(stack lost)");
    }
    let function = match text("function") {
        "" => text("address").to_owned(),
        function if is("created") => format!("created by {function}"),
        function => function.to_owned(),
    };
    let line = frame.get("line").and_then(Json::as_u64);
    Frame {
        function,
        file: text("file").to_owned(),
        line: line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0),
    }
}

/// All stacks; where they are of several sources, each source is the root of its own.
fn paths(sources: &[Source<'_>]) -> Paths {
    let all = || sources.iter().flat_map(|source| &source.rows);
    let mut measures = Vec::new();
    let mut take: Vec<fn(&Weight) -> u64> = Vec::new();
    let mut measure = |name: &str, unit, part: fn(&Weight) -> u64| {
        if all().any(|(_, weight)| part(weight) > 0) {
            measures.push(Measure::new(name, unit));
            take.push(part);
        }
    };
    measure("calls", Unit::Count, |weight| weight.count);
    measure("value", Unit::Count, |weight| weight.sum);
    measure("time", Unit::Nanoseconds, |weight| weight.time);
    if measures.is_empty() {
        measures.push(Measure::new("calls", Unit::Count));
        take.push(|weight| weight.count);
    }
    let mut paths = Paths::new(measures);
    for source in sources {
        let root = (sources.len() > 1).then(|| Frame::named(source.name));
        for (path, weight) in &source.rows {
            let values: Vec<u64> = take.iter().map(|part| part(weight)).collect();
            paths.add(root.iter().chain(path), &values);
        }
    }
    paths
}

impl<W: Write> Report for Stacks<'_, W> {
    fn line(&mut self, line: &Line) {
        let found = line.values.iter().find_map(|(_, cell)| path(cell));
        let once = Weight {
            count: 1,
            ..Weight::default()
        };
        self.lines.extend(found.map(|path| (path, once)));
    }

    fn tree(&mut self, _: &CallTree) {}

    fn summary(&mut self, summary: &Summary) {
        self.summaries.push(summary.clone());
    }

    fn text(&mut self, _: &str) {}

    fn shown(&mut self, _: &Table) {}

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, tables: &[Table], end: &End) {
        let of_tables = tables.iter().map(|table| Source {
            name: &table.output.name,
            rows: rows(table),
        });
        let lines = Source {
            name: "lines",
            rows: std::mem::take(&mut self.lines),
        };
        let of_trees = self.summaries.iter().map(|summary| Source {
            name: &summary.name,
            rows: of_trees(summary),
        });
        let sources: Vec<Source<'_>> = of_tables
            .chain(of_trees)
            .chain([lines])
            .filter(|source| !source.rows.is_empty())
            .collect();
        let titles = tables.iter().filter(|table| !rows(table).is_empty());
        let titles = titles.map(|table| table.output.words());
        let titles = titles.chain(self.summaries.iter().map(|summary| summary.words.clone()));
        let titles: Vec<String> = titles.collect();
        let heading = Heading {
            title: titles.join("; "),
            program: self.about.program.clone(),
            began: None,
            lasted: i64::try_from(end.status.elapsed.as_nanos()).ok(),
        };
        self.problem = self.write(&paths(&sources), &heading).err();
    }

    fn problem(&self) -> Option<&io::Error> {
        self.problem.as_ref()
    }
}
