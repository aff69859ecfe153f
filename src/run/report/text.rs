//! The answer as text: lines as they come, and the results at the end.

use super::Report;
use crate::plan::{Shape, Unit};
use crate::run::decode::Line;
use crate::run::results::{Bucket, Measure, Table};
use crate::run::status::{End, Status, Why};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr as _;

/// Writes to any output; problems with it end the run elsewhere.
pub(crate) struct Text<W> {
    out: W,
    /// Columns of the output.
    width: usize,
    /// The first problem with the output.
    pub(crate) problem: Option<io::Error>,
}

/// So many rows of a result are written.
const MOST_ROWS: usize = 10_000;

impl<W: Write> Text<W> {
    pub(crate) fn new(out: W, width: usize) -> Self {
        Self {
            out,
            width,
            problem: None,
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        if self.problem.is_none()
            && let Err(problem) = self.out.write_all(bytes).and_then(|()| self.out.flush())
        {
            self.problem = Some(problem);
        }
    }
}

impl<W: Write> Report for Text<W> {
    fn line(&mut self, line: &Line) {
        let mut bytes = line.text.clone();
        bytes.push(b'\n');
        self.write(&bytes);
    }

    fn text(&mut self, text: &str) {
        let mut text = text.to_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        self.write(text.as_bytes());
    }

    fn shown(&mut self, table: &Table) {
        let drawn = drawn(table, self.width);
        self.write(&drawn);
    }

    fn state(&mut self, _: &[Table], _: &Status) {}

    fn end(&mut self, tables: &[Table], end: &End) {
        let mut out = Vec::new();
        for table in tables {
            out.extend(drawn(table, self.width));
            out.push(b'\n');
        }
        let _ = end;
        self.write(&out);
    }
}

/// How a run ended, for people.
pub(crate) fn ending(end: &End) -> String {
    let why = match &end.why {
        Why::Asked => "ended",
        Why::Time => "the time is over",
        Why::Recipe => "ended by the recipe",
        Why::TargetEnded => "the traced process ended",
        Why::CommandEnded(_) => "the command ended",
        Why::TooManyHits { .. } => "the probes were taken away",
        Why::Failed(_) => "bpftrace failed",
    };
    let mut text = format!("{why} after {:.1} s", end.status.elapsed.as_secs_f64());
    if let Why::CommandEnded(code) = end.why {
        text.push_str(&format!(", its exit code is {code}"));
    }
    if let Why::TooManyHits { seen, most } = end.why {
        text.push_str(&format!(
            ": {seen} hits a second are more than {most} (--max-rate); this is what was seen until then"
        ));
    }
    if end.status.lost.is_none() {
        text.push_str("; nothing was lost");
    } else {
        text.push_str(&format!("; {}", end.status.lost.sentences().join("; ")));
    }
    text
}

/// A result as text.
pub(crate) fn drawn(table: &Table, width: usize) -> Vec<u8> {
    let mut out = format!("@{}: {}\n", table.output.name, table.output.words()).into_bytes();
    if table.rows.is_empty() {
        out.extend_from_slice(b"    nothing\n");
        return out;
    }
    let histograms = table.output.shape != Shape::Percentiles
        && table
            .rows
            .iter()
            .any(|row| matches!(row.measure, Measure::Buckets(_)));
    if histograms {
        for row in table.rows.iter().take(MOST_ROWS) {
            if !row.keys.is_empty() {
                out.extend_from_slice(b"  ");
                out.extend(joined(row.keys.iter().map(|cell| cell.text.as_slice())));
                out.push(b'\n');
            }
            if let Measure::Buckets(buckets) = &row.measure {
                out.extend(histogram(buckets, table, width).into_bytes());
            }
        }
    } else {
        out.extend(rows(table));
    }
    if table.rows.len() > MOST_ROWS {
        out.extend(format!("  … and {} more\n", table.rows.len() - MOST_ROWS).into_bytes());
    }
    out
}

fn joined<'b>(parts: impl Iterator<Item = &'b [u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, part) in parts.enumerate() {
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        out.extend_from_slice(part);
    }
    out
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
pub(crate) fn numbers(measure: &Measure, shape: Shape) -> Vec<String> {
    match (measure, shape) {
        (Measure::Number(n), _) => vec![n.to_string()],
        (Measure::Stats { count, total }, Shape::Avg) => vec![average(*count, *total)],
        (Measure::Stats { count, total }, _) => {
            vec![count.to_string(), average(*count, *total), total.to_string()]
        }
        (Measure::Buckets(buckets), Shape::Percentiles) => {
            let values = PERCENTILES.iter().map(|percent| percentile(buckets, *percent));
            let values = values.map(|value| value.map_or_else(String::new, |value| format!("~{value}")));
            std::iter::once(measure.weight().to_string())
                .chain(values)
                .collect()
        }
        (Measure::Buckets(_), _) => vec![measure.weight().to_string()],
    }
}

/// An average, as a whole number.
pub(crate) fn average(count: u64, total: i128) -> String {
    match i128::from(count) {
        0 => "0".to_owned(),
        count => (total / count).to_string(),
    }
}

/// The heads of the columns of numbers.
pub(crate) fn heads(table: &Table) -> Vec<String> {
    let unit = unit(table);
    match table.output.shape {
        Shape::Stats => vec![
            "count".to_owned(),
            format!("average {unit}"),
            format!("total {unit}"),
        ],
        Shape::Count => vec![unit.to_owned()],
        Shape::Percentiles => {
            let names = PERCENTILES.iter().map(|percent| match percent {
                100.0.. => format!("max {unit}"),
                percent => format!("p{percent} {unit}"),
            });
            let names = names.map(|name| name.trim_end().to_owned());
            std::iter::once("count".to_owned()).chain(names).collect()
        }
        shape => vec![format!("{} {unit}", shape.word()).trim_end().to_owned()],
    }
}

/// Rows of numbers and keys: numbers first, aligned to the right.
fn rows(table: &Table) -> Vec<u8> {
    let mut lines: Vec<(Vec<String>, Vec<u8>)> = Vec::new();
    let names: Vec<&str> = table
        .output
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    lines.push((heads(table), names.join(", ").into_bytes()));
    for row in table.rows.iter().take(MOST_ROWS) {
        let keys = joined(row.keys.iter().map(|cell| cell.text.as_slice()));
        lines.push((numbers(&row.measure, table.output.shape), keys));
    }
    let columns = lines.iter().map(|(numbers, _)| numbers.len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let texts = lines.iter().filter_map(|(numbers, _)| numbers.get(at));
            texts.map(|text| text.width()).max().unwrap_or(0)
        })
        .collect();
    let mut out = Vec::new();
    for (numbers, keys) in lines {
        for (number, width) in numbers.iter().zip(&widths) {
            let spaces = width.saturating_sub(number.width());
            out.extend(format!("  {}{number}", " ".repeat(spaces)).into_bytes());
        }
        if !keys.is_empty() {
            out.extend_from_slice(b"  ");
            out.extend(keys);
        }
        out.push(b'\n');
    }
    out
}

/// Buckets of powers of two that finer ones are of.
pub(crate) fn coarse(buckets: &[Bucket]) -> Vec<Bucket> {
    let mut out: Vec<Bucket> = Vec::new();
    for bucket in buckets {
        let (low, high) = match bucket.low {
            Some(low) if low > 0 => {
                let power = low.ilog2();
                (
                    Some(1 << power),
                    Some((1i64 << power).saturating_mul(2).saturating_sub(1)),
                )
            }
            low => (low, bucket.high),
        };
        match out.last_mut() {
            Some(last) if (last.low, last.high) == (low, high) => last.count += bucket.count,
            _ => out.push(Bucket {
                low,
                high,
                count: bucket.count,
            }),
        }
    }
    // What stands at the ends without a value says nothing.
    while out.last().is_some_and(|bucket| bucket.count == 0) {
        out.pop();
    }
    let empty = out.iter().take_while(|bucket| bucket.count == 0).count();
    out.drain(..empty);
    out
}

/// The value below which so many of a hundred values are, told from the buckets they are in.
pub(crate) fn percentile(buckets: &[Bucket], percent: f64) -> Option<i64> {
    let all: u64 = buckets.iter().map(|bucket| bucket.count).sum();
    if all == 0 {
        return None;
    }
    let rank = ((all as f64 * percent / 100.0).ceil() as u64).max(1);
    let mut before = 0;
    for bucket in buckets {
        if before + bucket.count >= rank {
            let low = bucket.low.unwrap_or(i64::MIN);
            let high = bucket.high.unwrap_or(low);
            // In the middle of what the bucket leaves open.
            return Some(if bucket.low.is_none() {
                high
            } else {
                low + (high - low) / 2
            });
        }
        before += bucket.count;
    }
    None
}

/// A bound of a bucket, as bpftrace writes it: `1K`.
pub(crate) fn short(n: i64) -> String {
    let units = [
        ("", 1i64),
        ("K", 1 << 10),
        ("M", 1 << 20),
        ("G", 1 << 30),
        ("T", 1 << 40),
        ("P", 1 << 50),
    ];
    let found = units
        .into_iter()
        .rev()
        .find(|(_, size)| n != 0 && n % size == 0 && n.unsigned_abs() >= size.unsigned_abs());
    match found {
        Some((name, size)) => format!("{}{name}", n / size),
        None => n.to_string(),
    }
}

/// The words for a bucket: `[256, 512)`.
pub(crate) fn range(bucket: &Bucket) -> String {
    match (bucket.low, bucket.high) {
        (Some(low), Some(high)) if low == high => format!("[{}]", short(low)),
        (Some(low), Some(high)) => format!("[{}, {})", short(low), short(high.saturating_add(1))),
        (Some(low), None) => format!("[{}, …)", short(low)),
        (None, Some(high)) => format!("(…, {})", short(high.saturating_add(1))),
        (None, None) => String::new(),
    }
}

/// Percentiles that stand beside a histogram.
const PERCENTILES: [f64; 5] = [50.0, 90.0, 99.0, 99.9, 100.0];

/// `p50 12  p90 40`, of fine buckets.
pub(crate) fn percentiles(buckets: &[Bucket], unit: &str) -> String {
    let parts = PERCENTILES.iter().filter_map(|percent| {
        let value = percentile(buckets, *percent)?;
        let name = if *percent >= 100.0 {
            "max".to_owned()
        } else {
            format!("p{percent}")
        };
        Some(format!("{name} ~{value}"))
    });
    let parts: Vec<String> = parts.collect();
    format!("{} {unit}", parts.join("  ")).trim_end().to_owned()
}

fn histogram(buckets: &[Bucket], table: &Table, width: usize) -> String {
    let shown = match table.output.shape {
        Shape::Hist => coarse(buckets),
        _ => buckets.to_vec(),
    };
    let names: Vec<String> = shown.iter().map(range).collect();
    let counts: Vec<String> = shown.iter().map(|bucket| bucket.count.to_string()).collect();
    let wide = |texts: &[String]| texts.iter().map(|text| text.width()).max().unwrap_or(0);
    let (name_width, count_width) = (wide(&names).max(4), wide(&counts));
    let room = width.saturating_sub(name_width + count_width + 8).clamp(10, 52);
    let most = shown.iter().map(|bucket| bucket.count).max().unwrap_or(1).max(1);
    let mut out = String::new();
    for ((bucket, name), count) in shown.iter().zip(&names).zip(&counts) {
        let length = usize::try_from(u128::from(bucket.count) * room as u128 / u128::from(most)).unwrap_or(0);
        out.push_str(&format!(
            "  {name}{} {}{count} |{}{}|\n",
            " ".repeat(name_width - name.width()),
            " ".repeat(count_width - count.width()),
            "@".repeat(length),
            " ".repeat(room - length),
        ));
    }
    let all: u64 = buckets.iter().map(|bucket| bucket.count).sum();
    out.push_str(&format!(
        "  {all} values, {}\n",
        percentiles(buckets, unit(table))
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::{coarse, percentile, range};
    use crate::run::results::Bucket;

    fn bucket(low: i64, high: i64, count: u64) -> Bucket {
        Bucket {
            low: Some(low),
            high: Some(high),
            count,
        }
    }

    #[test]
    fn fine_buckets_make_powers_of_two() {
        let fine = [
            bucket(0, 0, 1),
            bucket(16, 17, 2),
            bucket(18, 19, 3),
            bucket(32, 35, 1),
            bucket(64, 71, 0),
        ];
        let coarse = coarse(&fine);
        assert_eq!(coarse, [bucket(0, 0, 1), bucket(16, 31, 5), bucket(32, 63, 1)]);
        assert_eq!(range(&coarse[1]), "[16, 32)");
    }

    #[test]
    fn percentiles_are_of_their_bucket() {
        let fine = [bucket(1, 1, 50), bucket(2, 3, 49), bucket(100, 103, 1)];
        assert_eq!(percentile(&fine, 50.0), Some(1));
        assert_eq!(percentile(&fine, 99.0), Some(2));
        assert_eq!(percentile(&fine, 100.0), Some(101));
        assert_eq!(percentile(&[], 50.0), None);
    }
}
