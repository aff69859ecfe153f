//! How much of what is counted comes in a second.

use super::results::{Measure, Row, Table};
use crate::plan::Shape;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

/// The text of a row's keys.
type Key = Vec<Vec<u8>>;

/// What was counted so far, in rows of results that are printed again and again.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    /// When the probes were there, in nanoseconds since the machine started.
    begun: u64,
    /// By the result: when it was printed or cleared, and what its rows had then.
    before: HashMap<String, (u64, HashMap<Key, u64>)>,
}

impl Rates {
    /// Counting begins at this moment, in nanoseconds since the machine started.
    pub(crate) fn begin(at: u64) -> Self {
        Self {
            begun: at,
            before: HashMap::new(),
        }
    }

    /// A result has nothing at this moment.
    pub(crate) fn cleared(&mut self, result: &str, at: u64) {
        self.before.insert(result.to_owned(), (at, HashMap::new()));
    }

    /// Notes with each row of a result, as it is at this moment, how much there was in a second since it was printed or
    /// cleared last.
    pub(crate) fn note(&mut self, table: &mut Table, at: u64) {
        let name = &table.output.name;
        let (since, before) = self.before.remove(name).unwrap_or((self.begun, HashMap::new()));
        let seconds = Duration::from_nanos(at.saturating_sub(since)).as_secs_f64();
        let mut now = HashMap::new();
        for row in &mut table.rows {
            let Some(count) = counted(&row.measure, table.output.shape) else {
                return;
            };
            let key = key(row);
            let more = count.saturating_sub(before.get(&key).copied().unwrap_or(0));
            row.rate = (seconds > 0.0).then(|| rounded(more as f64 / seconds));
            now.insert(key, count);
        }
        self.before.insert(name.clone(), (at, now));
    }
}

fn key(row: &Row) -> Key {
    row.keys.iter().map(|cell| cell.text.clone()).collect()
}

/// Thousandths are enough.
fn rounded(rate: f64) -> f64 {
    (rate * 1000.0).round() / 1000.0
}

/// How many there are, of what is counted.
fn counted(measure: &Measure, shape: Shape) -> Option<u64> {
    match (measure, shape) {
        (Measure::Number(_), Shape::Count) | (Measure::Stats { .. } | Measure::Buckets(_), _) => {
            u64::try_from(measure.weight()).ok()
        }
        _ => None,
    }
}

/// How much there was in a second lately, of each result as a whole.
#[derive(Debug, Default)]
pub(crate) struct Lately {
    told: VecDeque<(Instant, Vec<(String, u64)>)>,
}

/// The time that is looked at.
const LATELY: Duration = Duration::from_secs(2);

impl Lately {
    /// Takes what the results are now.
    pub(crate) fn take(&mut self, tables: &[Table], now: Instant) {
        let all = tables.iter().filter_map(|table| {
            let shape = table.output.shape;
            let all = table.rows.iter().map(|row| counted(&row.measure, shape));
            Some((table.output.name.clone(), all.sum::<Option<u64>>()?))
        });
        self.told.push_back((now, all.collect()));
        while self
            .told
            .get(1)
            .is_some_and(|(at, _)| now.duration_since(*at) >= LATELY)
        {
            self.told.pop_front();
        }
    }

    /// The rates, by the names of results.
    pub(crate) fn rates(&self) -> Vec<(String, f64)> {
        let (Some((since, before)), Some((until, now))) = (self.told.front(), self.told.back()) else {
            return Vec::new();
        };
        let seconds = until.duration_since(*since).as_secs_f64();
        if seconds <= 0.0 {
            return Vec::new();
        }
        let of = |(name, count): &(String, u64)| {
            let before = before.iter().find(|(known, _)| known == name);
            // The recipe may have cleared it.
            let more = match before {
                Some((_, before)) if before <= count => count - before,
                _ => *count,
            };
            (name.clone(), more as f64 / seconds)
        };
        now.iter().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Lately, Rates};
    use crate::plan::{Output, Subject, Unit};
    use crate::run::decode::Cell;
    use crate::run::results::{Measure, Row, Table};
    use std::time::{Duration, Instant};

    fn table(rows: &[(&str, i128)]) -> Table {
        let rows = rows.iter().map(|(key, n)| Row {
            keys: vec![Cell::of_text(key.as_bytes().to_vec())],
            measure: Measure::Number(*n),
            rate: None,
        });
        Table {
            output: Output::new("calls".into(), Subject::Calls(None), Unit::Calls),
            rows: rows.collect(),
        }
    }

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn a_rate_is_of_the_time_since_the_last_print() {
        let mut rates = Rates::begin(SECOND);
        let mut rate = |rows: &[(&str, i128)], at| {
            let mut table = table(rows);
            rates.note(&mut table, at);
            table.rows.iter().map(|row| row.rate).collect::<Vec<_>>()
        };
        assert_eq!(rate(&[("a", 10)], 3 * SECOND), [Some(5.0)]);
        assert_eq!(rate(&[("a", 14), ("b", 1)], 5 * SECOND), [Some(2.0), Some(0.5)]);
        assert_eq!(rate(&[("a", 14), ("b", 2)], 6 * SECOND), [Some(0.0), Some(1.0)]);
        rates.cleared("calls", 6 * SECOND);
        let mut after = table(&[("a", 15)]);
        rates.note(&mut after, 9 * SECOND);
        assert_eq!(after.rows[0].rate, Some(5.0));
    }

    #[test]
    fn all_keys_together_have_a_rate() {
        let mut lately = Lately::default();
        let begun = Instant::now();
        for half_seconds in 0..10_u32 {
            let n = i128::from(half_seconds) * 3;
            lately.take(
                &[table(&[("a", n), ("b", 2)])],
                begun + Duration::from_millis(500) * half_seconds,
            );
        }
        assert_eq!(lately.rates(), [("calls".to_owned(), 6.0)]);
        lately.take(&[table(&[("a", 5)])], begun + Duration::from_secs(5));
        assert_eq!(lately.rates(), [("calls".to_owned(), 2.5)]);
    }
}
