//! Results as lines: tables with their numbers aligned, and histograms with percentiles beside them.

use super::buckets::{self, coarse, range, summary, trimmed};
use super::page::{Page, Room};
use super::style::{Drawn, Look, cut, width};
use crate::plan::{Shape, Unit};
use crate::run::decode::Cell;
use crate::run::results::{Bucket, Measure, Row, Table};
use crate::visible::visible_bytes;
use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr as _;

/// Columns of a histogram where lines may have any length.
const COLUMNS: usize = 80;
/// The longest bar.
const LONGEST_BAR: usize = 52;
/// The shortest bar that has something beside it.
const SHORTEST_BAR: usize = 20;
/// A key that is longer does not move the next ones.
const WIDEST_KEY: usize = 40;

/// A result, in no more lines than there is room for.
pub(crate) fn table(table: &Table, room: Room) -> Vec<Drawn> {
    let mut out = Page::new(room);
    let name = format!("@{}: ", table.output.name);
    out.add(
        Drawn::default()
            .with(Look::Head, name)
            .with(Look::Plain, text(table.output.words().as_bytes(), room, false)),
    );
    let is_histogram =
        |row: &Row| table.output.shape != Shape::Percentiles && matches!(row.measure, Measure::Buckets(_));
    if table.rows.is_empty() {
        out.add(Drawn::default().with(Look::Faint, "  nothing"));
    } else if table.rows.iter().any(is_histogram) {
        histograms(&mut out, table);
    } else {
        rows(&mut out, table);
    }
    out.lines()
}

/// A key as it stands in a line; lines of a stack stay lines.
fn text(bytes: &[u8], room: Room, has_lines: bool) -> Vec<u8> {
    if !room.is_terminal {
        return bytes.to_vec();
    }
    if !has_lines {
        return visible_bytes(bytes).into_bytes();
    }
    let lines: Vec<String> = bytes.split(|byte| *byte == b'\n').map(visible_bytes).collect();
    lines.join("\n").into_bytes()
}

fn key(cell: &Cell, room: Room) -> Vec<u8> {
    text(&cell.text, room, matches!(cell.json, Json::Array(_)))
}

/// What the numbers of a result count, in short.
pub(crate) fn unit(table: &Table) -> &'static str {
    match table.output.unit {
        Unit::Calls => "calls",
        Unit::Times => "times",
        Unit::Lines => "lines",
        Unit::Values => "values",
        Unit::Value => "",
        Unit::Time(unit) => unit.word(),
    }
}

/// The numbers of a row, by the heads of their columns.
fn numbers(row: &Row, shape: Shape, has_rates: bool) -> Vec<String> {
    let measure = &row.measure;
    let mut out = measures(measure, shape);
    if has_rates {
        // Behind how many there are.
        out.insert(1, row.rate.map_or_else(String::new, rate));
    }
    out
}

/// `0.5`, `12.3`, `1234`
fn rate(rate: f64) -> String {
    if rate < 99.95 {
        format!("{rate:.1}")
    } else {
        format!("{rate:.0}")
    }
}

fn measures(measure: &Measure, shape: Shape) -> Vec<String> {
    match (measure, shape) {
        (Measure::Number(n), _) => vec![n.to_string()],
        (Measure::Stats { count, total }, Shape::Avg) => vec![average(*count, *total).to_string()],
        (Measure::Stats { count, total }, _) => {
            let average = average(*count, *total);
            vec![count.to_string(), average.to_string(), total.to_string()]
        }
        (Measure::Buckets(buckets), Shape::Percentiles) => {
            let mut out = vec![measure.weight().to_string()];
            out.extend(buckets::percentiles(buckets));
            out
        }
        (Measure::Buckets(_), _) => vec![measure.weight().to_string()],
    }
}

/// An average, as a whole number.
pub(crate) fn average(count: u64, total: i128) -> i128 {
    total.checked_div(i128::from(count)).unwrap_or(0)
}

/// The heads of the columns of numbers.
fn heads(table: &Table, has_rates: bool) -> Vec<String> {
    let unit = unit(table);
    let mut heads = match table.output.shape {
        Shape::Stats => vec![
            "count".to_owned(),
            format!("average {unit}").trim_end().to_owned(),
            format!("total {unit}").trim_end().to_owned(),
        ],
        Shape::Count => vec![unit.to_owned()],
        Shape::Percentiles => {
            let mut out = vec!["count".to_owned()];
            out.extend(buckets::heads(unit));
            out
        }
        shape => vec![format!("{} {unit}", shape.word()).trim_end().to_owned()],
    };
    if has_rates {
        let counted = match table.output.shape {
            Shape::Count => unit,
            _ => "values",
        };
        heads.insert(1, format!("{counted}/s"));
    }
    heads
}

/// Rows of numbers and keys: numbers first, aligned to the right.
fn rows(page: &mut Page, table: &Table) {
    let room = page.room();
    // More than fit are not looked at: there may be thousands.
    let most = room.lines.unwrap_or(usize::MAX);
    let mut all: Vec<(Vec<String>, Vec<Vec<u8>>)> = Vec::new();
    let columns = table.output.columns.iter();
    let names = columns.map(|column| text(column.name.as_bytes(), room, false));
    let has_rates = table.rows.iter().any(|row| row.rate.is_some());
    all.push((heads(table, has_rates), names.collect()));
    for row in table.rows.iter().take(most) {
        let keys = row.keys.iter().map(|cell| key(cell, room)).collect();
        all.push((numbers(row, table.output.shape, has_rates), keys));
    }
    let numbers = widths(all.iter().map(|(numbers, _)| numbers.iter().map(|n| n.width())));
    let used: usize = numbers.iter().map(|width| width + 2).sum();
    let count = table.output.columns.len().max(1);
    let widest = match room.columns {
        Some(columns) => (columns.saturating_sub(used) / count).clamp(8, WIDEST_KEY),
        None => WIDEST_KEY,
    };
    let keys = widths(all.iter().map(|(_, keys)| {
        let one_line = keys.iter().map(|key| width(key));
        one_line.map(|width| match width > widest {
            // It is cut, or it moves those behind it.
            true if room.is_terminal => widest,
            true => 0,
            false => width,
        })
    }));
    let mut lines = all.into_iter().enumerate().map(|(at, (texts, cells))| {
        let look = if at == 0 { Look::Faint } else { Look::Plain };
        let mut line = Drawn::default();
        for (text, width) in texts.iter().zip(&numbers) {
            let spaces = " ".repeat(width.saturating_sub(text.width()));
            line.push(look, format!("  {spaces}{text}"));
        }
        let mut start = used;
        let last = cells.len().saturating_sub(1);
        let mut below = Vec::new();
        for (place, (cell, width)) in cells.into_iter().zip(&keys).enumerate() {
            let mut parts = cell.split(|byte| *byte == b'\n');
            let first = parts.next().unwrap_or_default();
            let first = if room.is_terminal && place < last {
                cut(&String::from_utf8_lossy(first), widest).into_bytes()
            } else {
                first.to_vec()
            };
            if room.is_terminal {
                let parts = parts.filter(|part| !part.is_empty());
                below.extend(parts.map(|part| Drawn::default().with(look, part)));
                line.push(look, "  ");
                line.push(look, first);
            } else {
                line.push(look, "  ");
                line.push(look, cell);
            }
            start += width + 2;
            if place < last {
                line.fill(start);
            }
        }
        let mut group = vec![line];
        group.extend(below);
        group
    });
    if let Some(head) = lines.next() {
        for line in head {
            page.add(line);
        }
    }
    page.groups(lines, table.rows.len());
}

/// The widest of each column.
fn widths(rows: impl Iterator<Item = impl Iterator<Item = usize>>) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for row in rows {
        for (at, width) in row.enumerate() {
            match out.get_mut(at) {
                Some(widest) => *widest = width.max(*widest),
                None => out.push(width),
            }
        }
    }
    out
}

/// Histograms, each with its key.
fn histograms(page: &mut Page, table: &Table) {
    let room = page.room();
    let many = table.rows.len() > 1;
    let mut groups = Vec::new();
    let mut used = 0;
    for row in &table.rows {
        let mut group = Vec::new();
        if !row.keys.is_empty() {
            let names = table.output.columns.iter().map(|column| column.name.as_str());
            let mut line = Drawn::default().with(Look::Plain, "  ");
            for (at, (name, cell)) in names.zip(&row.keys).enumerate() {
                if at > 0 {
                    line.push(Look::Plain, "  ");
                }
                line.push(Look::Faint, text(format!("{name}: ").as_bytes(), room, false));
                line.push(Look::Plain, key(cell, room));
            }
            group.extend(line.lines());
        }
        if let Measure::Buckets(buckets) = &row.measure {
            let left = page.left().saturating_sub(group.len() + usize::from(many));
            group.extend(histogram(row, buckets, table, room, left));
        }
        used += group.len();
        groups.push(group);
        if used > page.left() {
            break;
        }
    }
    page.groups(groups.into_iter(), table.rows.len());
}

/// One histogram; if it does not fit, what stands beside it.
fn histogram(row: &Row, buckets: &[Bucket], table: &Table, room: Room, lines: usize) -> Vec<Drawn> {
    let shown = trimmed(match table.output.shape {
        Shape::Hist => coarse(buckets),
        _ => buckets.to_vec(),
    });
    let mut beside = summary(buckets, unit(table));
    if let Some(per_second) = row.rate {
        beside.insert(1, format!("{}/s", rate(per_second)));
    }
    let columns = room.columns.unwrap_or(COLUMNS);
    if shown.len() > lines {
        return vec![Drawn::default().with(Look::Plain, format!("  {}", beside.join("  ")))];
    }
    let names: Vec<String> = shown.iter().map(range).collect();
    let counts: Vec<String> = shown.iter().map(|bucket| bucket.count.to_string()).collect();
    let wide = |texts: &[String]| texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let (name_width, count_width) = (wide(&names), wide(&counts));
    let fixed = name_width + count_width + 6;
    let beside_width = wide(&beside) + 2;
    let is_beside = columns >= fixed + SHORTEST_BAR + beside_width && beside.len() <= lines;
    let taken = fixed + if is_beside { beside_width } else { 0 };
    let bar = columns.saturating_sub(taken).min(LONGEST_BAR);
    let most = shown.iter().map(|bucket| bucket.count).max().unwrap_or(1).max(1);
    let mut out = Vec::new();
    for ((bucket, name), count) in shown.iter().zip(&names).zip(&counts) {
        let length = usize::try_from(u128::from(bucket.count) * bar as u128 / u128::from(most)).unwrap_or(0);
        let name = format!("  {name}{} ", " ".repeat(name_width - name.width()));
        let spaces = " ".repeat(count_width - count.width());
        let mut line = Drawn::default().with(Look::Plain, format!("{name}{spaces}{count} "));
        if bar > 0 {
            line.push(Look::Faint, "|");
            line.push(Look::Bar, "@".repeat(length));
            line.push(Look::Plain, " ".repeat(bar - length));
            line.push(Look::Faint, "|");
        }
        out.push(line);
    }
    if is_beside {
        while out.len() < beside.len() {
            out.push(Drawn::default());
        }
        for (line, text) in out.iter_mut().zip(&beside) {
            line.fill(fixed + bar);
            line.push(Look::Plain, format!("  {text}"));
        }
    } else if out.len() < lines {
        out.push(Drawn::default().with(Look::Plain, format!("  {}", beside.join("  "))));
    }
    out
}
