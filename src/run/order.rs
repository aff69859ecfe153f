//! Lines in the order of time: bpftrace has a buffer for each processor, or reads one that several write to at once.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// No line comes later than this after one that happened after it.
const LATEST: Duration = Duration::from_millis(100);

/// What waits for what may come before it.
#[derive(Debug)]
pub(crate) struct InOrder<T> {
    waiting: BTreeMap<(u64, u64), (Instant, T)>,
    count: u64,
}

impl<T> Default for InOrder<T> {
    fn default() -> Self {
        Self {
            waiting: BTreeMap::new(),
            count: 0,
        }
    }
}

impl<T> InOrder<T> {
    /// Takes in what happened at `at`.
    pub(crate) fn push(&mut self, at: u64, what: T) {
        self.count += 1;
        self.waiting.insert((at, self.count), (Instant::now(), what));
    }

    /// What nothing comes before any more, or all there is.
    pub(crate) fn take(&mut self, all: bool) -> Vec<T> {
        let mut out = Vec::new();
        while let Some(first) = self.waiting.first_entry() {
            if !all && first.get().0.elapsed() < LATEST {
                break;
            }
            out.push(first.remove().1);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::InOrder;

    #[test]
    fn lines_are_in_the_order_of_time() {
        let mut order = InOrder::default();
        for (at, text) in [(5, "c"), (2, "a"), (5, "d"), (3, "b")] {
            order.push(at, text);
        }
        assert!(order.take(false).is_empty());
        assert_eq!(order.take(true), ["a", "b", "c", "d"]);
    }
}
