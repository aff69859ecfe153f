//! Buckets of a histogram: their bounds, coarser ones, and percentiles.

use crate::run::results::Bucket;

/// Buckets of powers of two that finer ones are of.
pub(crate) fn coarse(buckets: &[Bucket]) -> Vec<Bucket> {
    let mut out: Vec<Bucket> = Vec::new();
    for bucket in buckets {
        let (low, high) = match bucket.low {
            Some(low) if low > 0 => {
                let power = 1i64 << low.ilog2();
                (Some(power), Some(power - 1 + power))
            }
            low => (low, bucket.high),
        };
        match out.last_mut() {
            Some(last) if (last.low, last.high) == (low, high) => {
                last.count = last.count.saturating_add(bucket.count);
            }
            _ => out.push(Bucket {
                low,
                high,
                count: bucket.count,
            }),
        }
    }
    out
}

/// Without what stands at the ends without a value, which says nothing.
pub(crate) fn trimmed(mut buckets: Vec<Bucket>) -> Vec<Bucket> {
    while buckets.last().is_some_and(|bucket| bucket.count == 0) {
        buckets.pop();
    }
    let empty = buckets.iter().take_while(|bucket| bucket.count == 0).count();
    buckets.drain(..empty);
    buckets
}

/// The bucket that has the value below which so many of a hundred values are.
pub(crate) fn percentile(buckets: &[Bucket], percent: f64) -> Option<Bucket> {
    let all = total(buckets);
    if all == 0 {
        return None;
    }
    let rank = ((all as f64 * percent / 100.0).ceil() as u64).clamp(1, all);
    let mut before = 0_u64;
    for bucket in buckets {
        before = before.saturating_add(bucket.count);
        if before >= rank {
            return Some(*bucket);
        }
    }
    None
}

/// How many values there are.
pub(crate) fn total(buckets: &[Bucket]) -> u64 {
    buckets
        .iter()
        .fold(0, |sum, bucket| sum.saturating_add(bucket.count))
}

/// A bound of a bucket, as bpftrace writes it: `1K`.
fn short(n: i64) -> String {
    let units = [
        ("", 1i64),
        ("K", 1 << 10),
        ("M", 1 << 20),
        ("G", 1 << 30),
        ("T", 1 << 40),
        ("P", 1 << 50),
        ("E", 1 << 60),
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
    let end = |high: i64| match high.checked_add(1) {
        Some(end) => short(end),
        None => "8E".to_owned(),
    };
    match (bucket.low, bucket.high) {
        (Some(low), Some(high)) if low == high => format!("[{}]", short(low)),
        (Some(low), Some(high)) => format!("[{}, {})", short(low), end(high)),
        (Some(low), None) => format!("[{}, …)", short(low)),
        (None, Some(high)) => format!("(…, {})", end(high)),
        (None, None) => String::new(),
    }
}

/// Percentiles that stand beside a histogram.
const PERCENTILES: [(&str, f64); 4] = [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("p99.9", 99.9)];

/// The heads of the columns of percentiles: `p50 us`.
pub(crate) fn heads(unit: &str) -> Vec<String> {
    let names = PERCENTILES.iter().map(|(name, _)| *name).chain(["max"]);
    let heads = names.map(|name| format!("{name} {unit}").trim_end().to_owned());
    heads.collect()
}

/// The percentiles of fine buckets, in the order of their heads.
pub(crate) fn percentiles(buckets: &[Bucket]) -> Vec<String> {
    let of = |percent| percentile(buckets, percent);
    let text = |bucket: Option<Bucket>| bucket.map_or_else(String::new, |bucket| about(&bucket));
    let values = PERCENTILES.iter().map(|(_, percent)| text(of(*percent)));
    let last = of(100.0).map_or_else(String::new, |bucket| at_most(&bucket));
    values.chain([last]).collect()
}

/// What stands beside a histogram: how many values there are, and `p50 ~12 us`, of fine buckets.
pub(crate) fn summary(buckets: &[Bucket], unit: &str) -> Vec<String> {
    let all = total(buckets);
    let values = if all == 1 { "value" } else { "values" };
    let mut out = vec![format!("{all} {values}")];
    if all > 0 {
        let names = PERCENTILES.iter().map(|(name, _)| *name).chain(["max"]);
        let each = names.zip(percentiles(buckets));
        out.extend(each.map(|(name, value)| format!("{name} {value} {unit}").trim_end().to_owned()));
    }
    out
}

/// A value of a bucket: in the middle of what the bucket leaves open.
fn about(bucket: &Bucket) -> String {
    match (bucket.low, bucket.high) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => {
            let middle = i128::midpoint(low.into(), high.into());
            format!("~{middle}")
        }
        _ => at_most(bucket),
    }
}

/// The largest value of a bucket.
fn at_most(bucket: &Bucket) -> String {
    match (bucket.low, bucket.high) {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (_, Some(high)) => format!("≤{high}"),
        (Some(low), None) => format!("≥{low}"),
        (None, None) => "?".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{coarse, percentile, range, summary, trimmed};
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
        let coarse = trimmed(coarse(&fine));
        assert_eq!(coarse, [bucket(0, 0, 1), bucket(16, 31, 5), bucket(32, 63, 1)]);
        assert_eq!(range(&coarse[1]), "[16, 32)");
    }

    #[test]
    fn negative_values_and_the_largest_have_buckets() {
        let negative = Bucket {
            low: None,
            high: Some(-1),
            count: 3,
        };
        let all = [negative, bucket(0, 0, 0), bucket(1 << 62, i64::MAX, 1)];
        assert_eq!(coarse(&all), all);
        assert_eq!(range(&negative), "(…, 0)");
        assert_eq!(range(&all[2]), "[4E, 8E)");
        let above = Bucket {
            low: Some(100),
            high: None,
            count: 1,
        };
        assert_eq!(range(&above), "[100, …)");
        assert_eq!(
            summary(&[negative, above], "us"),
            [
                "4 values",
                "p50 ≤-1 us",
                "p90 ≥100 us",
                "p99 ≥100 us",
                "p99.9 ≥100 us",
                "max ≥100 us"
            ]
        );
    }

    #[test]
    fn percentiles_are_of_their_bucket() {
        let fine = [bucket(1, 1, 50), bucket(2, 3, 49), bucket(100, 103, 1)];
        assert_eq!(percentile(&fine, 50.0), Some(fine[0]));
        assert_eq!(percentile(&fine, 99.0), Some(fine[1]));
        assert_eq!(percentile(&fine, 100.0), Some(fine[2]));
        assert_eq!(percentile(&[], 50.0), None);
        assert_eq!(
            summary(&fine, "ns"),
            [
                "100 values",
                "p50 1 ns",
                "p90 ~2 ns",
                "p99 ~2 ns",
                "p99.9 ~101 ns",
                "max ≤103 ns"
            ]
        );
    }
}
