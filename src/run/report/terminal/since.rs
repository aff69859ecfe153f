//! What was added to a result since it was cleared.

use crate::run::decode::Cell;
use crate::run::results::{Bucket, Measure, Row, Table};
use std::collections::HashMap;

/// What `now` has that `before` had not. The least and the most of all are of the whole run: what they were since then
/// is not known.
pub(super) fn since(now: &Table, before: &Table) -> Table {
    if now.output.top.is_some() {
        // What the rows had that were not among the largest then is not known.
        return now.clone();
    }
    let text = |row: &Row| -> Vec<Vec<u8>> { row.keys.iter().map(|cell: &Cell| cell.text.clone()).collect() };
    let known: HashMap<_, _> = before.rows.iter().map(|row| (text(row), &row.measure)).collect();
    let mut rows: Vec<Row> = now
        .rows
        .iter()
        .filter_map(|row| {
            let measure = match known.get(&text(row)) {
                Some(before) => less(&row.measure, before, now)?,
                None => row.measure.clone(),
            };
            Some(Row {
                keys: row.keys.clone(),
                measure,
                rate: None,
            })
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.measure.weight()));
    Table {
        output: now.output.clone(),
        rows,
    }
}

/// The difference, if there is one.
fn less(now: &Measure, before: &Measure, table: &Table) -> Option<Measure> {
    use crate::plan::Shape::{Max, Min};
    match (now, before) {
        (Measure::Number(n), Measure::Number(_)) if matches!(table.output.shape, Min | Max) => {
            Some(Measure::Number(*n))
        }
        (now, before) if now == before => None,
        (Measure::Number(n), Measure::Number(m)) => Some(Measure::Number(n.saturating_sub(*m))),
        (
            Measure::Stats { count, total },
            Measure::Stats {
                count: fewer,
                total: sum,
            },
        ) => Some(Measure::Stats {
            count: count.saturating_sub(*fewer),
            total: total.saturating_sub(*sum),
        }),
        (Measure::Buckets(buckets), Measure::Buckets(old)) => {
            let counts: HashMap<_, _> = old.iter().map(|b| ((b.low, b.high), b.count)).collect();
            let rest = buckets.iter().map(|bucket| Bucket {
                count: bucket
                    .count
                    .saturating_sub(counts.get(&(bucket.low, bucket.high)).copied().unwrap_or(0)),
                ..*bucket
            });
            Some(Measure::Buckets(rest.collect()))
        }
        (now, _) => Some(now.clone()),
    }
}
