//! Histograms of scripts that have each bucket as a sum of its own, since the release loses samples of its own ones.

use super::said::Tree;
use crate::plan::Shape;
use crate::plan::record::{FINE, FINEST};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

/// The map as bpftrace would have a histogram, if it has the buckets of one: their numbers are the last part of its
/// keys.
pub(super) fn joined(map: Tree, shape: Shape) -> Tree {
    let bits = match shape {
        Shape::Hist => FINE,
        Shape::Percentiles => FINEST,
        _ => return map,
    };
    let Tree::Entries(entries) = map else { return map };
    let is_sum =
        |(_, value): &(String, Tree)| matches!(value, Tree::Value(Json::Number(_) | Json::String(_)));
    if !entries.iter().all(is_sum) {
        return Tree::Entries(entries);
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<(String, Vec<(u64, Json)>)> = Vec::new();
    let mut has_keys = false;
    for (key, count) in entries {
        let (of, number) = match key.rsplit_once(',') {
            Some((of, number)) => (of, number),
            None => ("", key.as_str()),
        };
        has_keys |= !of.is_empty();
        let Ok(number) = number.trim().parse() else {
            continue;
        };
        let at = *places.entry(of.to_owned()).or_insert(all.len());
        if at == all.len() {
            all.push((of.to_owned(), Vec::new()));
        }
        // One is made before the first sample is added.
        if let Some((_, buckets)) = all.get_mut(at)
            && count.json() != json!(0)
        {
            buckets.push((number, count.json()));
        }
    }
    let histogram = |mut buckets: Vec<(u64, Json)>| {
        buckets.sort_by_key(|(number, _)| *number);
        let buckets = buckets
            .into_iter()
            .map(|(number, count)| bucket(number, bits, &count));
        Tree::Value(Json::Array(buckets.collect()))
    };
    if has_keys {
        return Tree::Entries(
            all.into_iter()
                .map(|(of, buckets)| (of, histogram(buckets)))
                .collect(),
        );
    }
    match all.pop() {
        Some((_, buckets)) => histogram(buckets),
        None => Tree::Entries(Vec::new()),
    }
}

/// A bucket by its number.
fn bucket(number: u64, bits: u32, count: &Json) -> Json {
    let shifted = number >> (bits + 1);
    let left = number - (shifted << (bits + 1));
    let bounds = u32::try_from(shifted).ok().and_then(|shifted| {
        let bound = |left: u64| i64::try_from(u128::from(left).checked_shl(shifted)?).ok();
        Some((bound(left)?, bound(left + 1).map_or(i64::MAX, |next| next - 1)))
    });
    match bounds {
        Some((low, high)) => json!({ "min": low, "max": high, "count": count }),
        // Above are the negative ones.
        None => json!({ "max": -1, "count": count }),
    }
}

#[cfg(test)]
mod tests {
    use super::{bucket, joined};
    use crate::plan::Shape;
    use crate::run::said::Tree;
    use serde_json::json;

    #[test]
    fn buckets_by_number() {
        let of = |number| bucket(number, 3, &json!(1));
        assert_eq!(of(0), json!({ "min": 0, "max": 0, "count": 1 }));
        assert_eq!(of(15), json!({ "min": 15, "max": 15, "count": 1 }));
        assert_eq!(of((1 << 4) + 8), json!({ "min": 16, "max": 17, "count": 1 }));
        assert_eq!(of((4 << 4) + 15), json!({ "min": 240, "max": 255, "count": 1 }));
        let largest = json!({ "min": 15_i64 << 59, "max": i64::MAX, "count": 1 });
        assert_eq!(of((59 << 4) + 15), largest);
        assert_eq!(of((60 << 4) + 8), json!({ "max": -1, "count": 1 }));
        assert_eq!(of(u64::MAX), json!({ "max": -1, "count": 1 }));
    }

    #[test]
    fn keys_get_their_buckets() {
        let number = |n: u64| Tree::Value(json!(n));
        let entry = |key: &str, n| (key.to_owned(), number(n));
        let keyed = Tree::Entries(vec![
            entry("7,24", 2),
            entry("8,3", 1),
            entry("7,3", 4),
            entry("7,4", 0),
        ]);
        let hist = |buckets| Tree::Value(buckets);
        let seven = json!([{ "min": 3, "max": 3, "count": 4 }, { "min": 16, "max": 17, "count": 2 }]);
        let eight = json!([{ "min": 3, "max": 3, "count": 1 }]);
        let expected = vec![("7".to_owned(), hist(seven)), ("8".to_owned(), hist(eight))];
        assert_eq!(joined(keyed, Shape::Hist), Tree::Entries(expected));
        let plain = Tree::Entries(vec![entry("3", 9)]);
        let expected = hist(json!([{ "min": 3, "max": 3, "count": 9 }]));
        assert_eq!(joined(plain.clone(), Shape::Hist), expected);
        assert_eq!(joined(plain.clone(), Shape::Count), plain);
    }
}
