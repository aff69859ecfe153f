//! Trees that are told, beside those that were.

use super::support::calls::Call;
use std::collections::BTreeMap;

/// Of each call of a tree: how many it lies in, its function, and whether it returned.
pub(crate) type Shape = Vec<(usize, String, bool)>;

/// A tree without times.
pub(crate) fn shape(tree: Vec<Call>) -> Shape {
    let calls = tree.into_iter();
    calls
        .map(|(depth, name, took)| (depth, name, took.is_some()))
        .collect()
}

/// What a tracer tells.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) trees: Vec<Shape>,
    /// Those that it says are not whole.
    pub(crate) parts: Vec<Shape>,
}

/// The sum of all rounds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judged {
    /// Calls and trees that were.
    pub(crate) calls: usize,
    pub(crate) trees: usize,
    /// Calls that are told.
    pub(crate) told: usize,
    /// Trees that are told as they were.
    pub(crate) right: usize,
    /// Trees that are told and never were.
    pub(crate) wrong: usize,
    /// Trees that it says are not whole.
    pub(crate) parts: usize,
    /// Calls that nobody asked for: they lie under no root.
    pub(crate) others: usize,
    /// Nanoseconds of processors that the program took in each round.
    pub(crate) processor: Vec<u64>,
}

impl Judged {
    pub(crate) fn add(&mut self, truth: &[Shape], told: &Told, processor: u64) {
        let mut left: BTreeMap<&Shape, usize> = BTreeMap::new();
        for tree in truth {
            self.calls += tree.len();
            self.trees += 1;
            *left.entry(tree).or_default() += 1;
        }
        let roots: Vec<&String> = truth.iter().filter_map(|tree| Some(&tree.first()?.1)).collect();
        for tree in &told.trees {
            if !tree.first().is_some_and(|root| roots.contains(&&root.1)) {
                self.others += tree.len();
                continue;
            }
            self.told += tree.len();
            match left.get_mut(tree).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    self.right += 1;
                }
                None => self.wrong += 1,
            }
        }
        self.told += told.parts.iter().map(Vec::len).sum::<usize>();
        self.parts += told.parts.len();
        self.processor.push(processor);
    }
}
