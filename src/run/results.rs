//! Results as they are now: rows with typed keys, whatever bpftrace calls them.

use super::decode::{Cell, Decoder};
use super::said::Tree;
use crate::plan::format::Format;
use crate::plan::{Column, Output, Shape, Subject, Unit};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Table {
    /// What it is.
    pub(crate) output: Output,
    /// What it has, largest first.
    pub(crate) rows: Vec<Row>,
}

/// What a result has for one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) keys: Vec<Cell>,
    pub(crate) measure: Measure,
    /// How many there were in a second since it was shown last, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rate: Option<f64>,
}

/// A number, or what stands for many.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Measure {
    /// A count, a sum, the least or the most.
    Number(i128),
    /// How many, and their sum.
    Stats {
        /// How many.
        count: u64,
        /// Their sum.
        total: i128,
    },
    /// How many in each bucket, from the lowest.
    Buckets(Vec<Bucket>),
}

/// How many values there are from `low` to `high`, both included; none if there is no bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bucket {
    pub(crate) low: Option<i64>,
    pub(crate) high: Option<i64>,
    pub(crate) count: u64,
}

impl Measure {
    /// Of what bpftrace has for a key.
    fn read(value: &Json, shape: Shape) -> Option<Self> {
        match (value, shape) {
            (Json::Array(buckets), _) => {
                let bound = |bucket: &Json, name: &str| i64::try_from(integer(bucket.get(name)?)?).ok();
                let buckets = buckets.iter().map(|bucket| {
                    let (low, high) = match (bound(bucket, "min"), bound(bucket, "max")) {
                        // 0.17 has its bounds in 32 bits, and one bucket for all that is larger.
                        (Some(low), Some(0)) if low == i64::from(i32::MIN) => (Some(-low), None),
                        bounds => bounds,
                    };
                    Bucket {
                        low,
                        high,
                        count: bucket.get("count").and_then(count).unwrap_or(0),
                    }
                });
                Some(Self::Buckets(buckets.collect()))
            }
            (Json::Object(stats), _) => Some(Self::Stats {
                count: stats.get("count").and_then(count)?,
                total: integer(stats.get("total")?)?,
            }),
            (number, _) => Some(Self::Number(integer(number)?)),
        }
    }

    /// Takes in what another of the same key has.
    fn merge(&mut self, other: Self, shape: Shape) {
        match (self, other) {
            (Self::Number(mine), Self::Number(theirs)) => {
                *mine = match shape {
                    Shape::Min => (*mine).min(theirs),
                    Shape::Max => (*mine).max(theirs),
                    _ => mine.saturating_add(theirs),
                }
            }
            (
                Self::Stats { count, total },
                Self::Stats {
                    count: more,
                    total: sum,
                },
            ) => {
                *count = count.saturating_add(more);
                *total = total.saturating_add(sum);
            }
            (Self::Buckets(mine), Self::Buckets(theirs)) => {
                for bucket in theirs {
                    match mine
                        .iter_mut()
                        .find(|b| (b.low, b.high) == (bucket.low, bucket.high))
                    {
                        Some(same) => same.count = same.count.saturating_add(bucket.count),
                        None => mine.push(bucket),
                    }
                }
                mine.sort_by_key(|bucket| bucket.low.or(bucket.high.map(|_| i64::MIN)));
            }
            (mine, theirs) => *mine = theirs,
        }
    }

    /// What rows are ordered by: how much there is.
    pub(crate) fn weight(&self) -> i128 {
        match self {
            Self::Number(n) => *n,
            Self::Stats { count, .. } => i128::from(*count),
            Self::Buckets(buckets) => buckets.iter().map(|bucket| i128::from(bucket.count)).sum(),
        }
    }
}

/// A whole number: bpftrace 0.27 writes those above 2^53 as text.
fn integer(value: &Json) -> Option<i128> {
    match value {
        Json::Number(number) => number.as_i128().or_else(|| number.as_u64().map(i128::from)),
        Json::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The same of something that is counted.
pub(super) fn count(value: &Json) -> Option<u64> {
    u64::try_from(integer(value)?).ok()
}

/// The result of this name with all its rows, of what bpftrace said that its map has.
pub(crate) fn table(decoder: &Decoder<'_>, output: &Output, map: &Tree) -> Table {
    let before = decoder.kernel.seen();
    let table = told(decoder, output, map);
    if decoder.kernel.seen() == before {
        return table;
    }
    // Some stack has shown how all of them are to be read.
    told(decoder, output, map)
}

fn told(decoder: &Decoder<'_>, output: &Output, map: &Tree) -> Table {
    let mut rows: Vec<Row> = Vec::new();
    let mut places = HashMap::new();
    let mut add = |keys: Vec<Cell>, value: &Json| {
        let Some(measure) = Measure::read(value, output.shape) else {
            return;
        };
        let text: Vec<Vec<u8>> = keys.iter().map(|cell| cell.text.clone()).collect();
        match places.get(&text).and_then(|at: &usize| rows.get_mut(*at)) {
            Some(row) => row.measure.merge(measure, output.shape),
            None => {
                places.insert(text, rows.len());
                rows.push(Row {
                    keys,
                    measure,
                    rate: None,
                });
            }
        }
    };
    match map {
        Tree::Entries(entries) if !output.columns.is_empty() => {
            for (key, value) in entries {
                let keys = decoder.cells_of(&output.name, key);
                let keys = keys.unwrap_or_else(|| vec![Cell::of_text(key.clone().into_bytes())]);
                add(keys, &value.json());
            }
        }
        value => add(Vec::new(), &value.json()),
    }
    order(&mut rows);
    Table {
        output: output.clone(),
        rows,
    }
}

impl Table {
    /// The largest rows, if the recipe wants no others.
    pub(crate) fn largest(mut self) -> Self {
        if let Some(top) = self.output.top.and_then(|top| usize::try_from(top).ok()) {
            self.rows.truncate(top);
        }
        self
    }
}

fn text_column(name: &str) -> Column {
    Column::new(name, "string", Format::String)
}

/// A map that the recipe's own text fills.
pub(crate) fn of_text(name: &str, map: &Tree) -> Table {
    let of = |value: &Json| match value {
        Json::Array(_) => Shape::Hist,
        Json::Object(stats) if stats.contains_key("average") => Shape::Stats,
        _ => Shape::Count,
    };
    let mut rows = Vec::new();
    let mut add = |key: Option<&String>, value: &Json| {
        let keys = key.map(|key| Cell::of_text(key.clone().into_bytes()));
        if let Some(measure) = Measure::read(value, of(value)) {
            rows.push(Row {
                keys: keys.into_iter().collect(),
                measure,
                rate: None,
            });
        }
    };
    let mut shape = of(&map.json());
    match map {
        Tree::Entries(entries) if shape == Shape::Count => {
            shape = entries.first().map_or(shape, |(_, value)| of(&value.json()));
            for (key, value) in entries {
                add(Some(key), &value.json());
            }
        }
        value => add(None, &value.json()),
    }
    order(&mut rows);
    let has_keys = rows.iter().any(|row| !row.keys.is_empty());
    let subject = Subject::Statement(Some("the recipe's own text".to_owned()));
    Table {
        output: Output {
            shape,
            columns: has_keys.then(|| text_column("key")).into_iter().collect(),
            ..Output::new(name.to_owned(), subject, Unit::Values)
        },
        rows,
    }
}

/// The largest first; what is alike by its keys.
fn order(rows: &mut [Row]) {
    rows.sort_by_cached_key(|row| {
        let text: Vec<Vec<u8>> = row.keys.iter().map(|cell| cell.text.clone()).collect();
        (Reverse(row.measure.weight()), text)
    });
}

#[cfg(test)]
mod tests {
    use super::{Bucket, Measure};
    use crate::plan::Shape;
    use serde_json::json;

    #[test]
    fn large_numbers_are_text() {
        let large = "18446744073709551615";
        let most = Measure::read(&json!(large), Shape::Max);
        assert_eq!(most, Some(Measure::Number(u64::MAX.into())));
        let stats = json!({"count": 2, "average": "9223372036854775807", "total": large});
        let read = Measure::read(&stats, Shape::Stats);
        let total = u64::MAX.into();
        assert_eq!(read, Some(Measure::Stats { count: 2, total }));
        let bucket = json!([{"min": "4611686018427387904", "max": "-9223372036854775808", "count": "3"}]);
        let (low, high) = (Some(1 << 62), Some(i64::MIN));
        let read = Measure::read(&bucket, Shape::Hist);
        assert_eq!(read, Some(Measure::Buckets(vec![Bucket { low, high, count: 3 }])));
    }

    #[test]
    fn parts_of_one_key_are_put_together() {
        let of = |value, shape| Measure::read(&value, shape).unwrap();
        let mut count = of(json!(3), Shape::Count);
        count.merge(of(json!(4), Shape::Count), Shape::Count);
        assert_eq!(count, Measure::Number(7));
        let mut least = of(json!(-3), Shape::Min);
        least.merge(of(json!(4), Shape::Min), Shape::Min);
        assert_eq!(least, Measure::Number(-3));
        let mut buckets = of(json!([{"min": 4, "max": 7, "count": 1}]), Shape::Hist);
        let more = of(
            json!([{"min": 0, "max": 0, "count": 2}, {"min": 4, "max": 7, "count": 3}]),
            Shape::Hist,
        );
        buckets.merge(more, Shape::Hist);
        let bucket = |low, high, count| Bucket {
            low: Some(low),
            high: Some(high),
            count,
        };
        assert_eq!(buckets, Measure::Buckets(vec![bucket(0, 0, 2), bucket(4, 7, 4)]));
    }
}
