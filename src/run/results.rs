//! Results as they are now: rows with typed keys, whatever bpftrace calls them.

use super::decode::{Cell, Decoder};
use super::said::Tree;
use crate::plan::{Output, Shape};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A result.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Table {
    /// What it is.
    pub(crate) output: Output,
    /// What it has, largest first.
    pub(crate) rows: Vec<Row>,
}

/// What a result has for one key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    pub(crate) keys: Vec<Cell>,
    pub(crate) measure: Measure,
}

/// A number, or what stands for many.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
                let bound = |bucket: &Json, name: &str| bucket.get(name).and_then(Json::as_i64);
                let buckets = buckets.iter().map(|bucket| Bucket {
                    low: bound(bucket, "min"),
                    high: bound(bucket, "max"),
                    count: bucket.get("count").and_then(Json::as_u64).unwrap_or(0),
                });
                Some(Self::Buckets(buckets.collect()))
            }
            (Json::Object(stats), _) => Some(Self::Stats {
                count: stats.get("count").and_then(Json::as_u64)?,
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

/// A whole number of JSON.
fn integer(value: &Json) -> Option<i128> {
    let number = value.as_number()?;
    number.as_i128().or_else(|| number.as_u64().map(i128::from))
}

/// The result of this name, of what bpftrace said that its map has.
pub(crate) fn table(decoder: &Decoder<'_>, output: &Output, map: &Tree) -> Table {
    let mut rows: Vec<Row> = Vec::new();
    let mut places = BTreeMap::new();
    let mut add = |keys: Vec<Cell>, value: &Json| {
        let Some(measure) = Measure::read(value, output.shape) else {
            return;
        };
        let text: Vec<Vec<u8>> = keys.iter().map(|cell| cell.text.clone()).collect();
        match places.get(&text).and_then(|at: &usize| rows.get_mut(*at)) {
            Some(row) => row.measure.merge(measure, output.shape),
            None => {
                places.insert(text, rows.len());
                rows.push(Row { keys, measure });
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
    if let Some(top) = output.top.and_then(|top| usize::try_from(top).ok()) {
        rows.truncate(top);
    }
    Table {
        output: output.clone(),
        rows,
    }
}

/// The largest first; what is alike by its keys.
fn order(rows: &mut [Row]) {
    let text = |row: &Row| -> Vec<Vec<u8>> { row.keys.iter().map(|cell| cell.text.clone()).collect() };
    rows.sort_by(|a, b| {
        let by_weight = b.measure.weight().cmp(&a.measure.weight());
        by_weight.then_with(|| text(a).cmp(&text(b)))
    });
}

#[cfg(test)]
mod tests {
    use super::{Bucket, Measure};
    use crate::plan::Shape;
    use serde_json::json;

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
