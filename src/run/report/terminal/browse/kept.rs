//! Call trees that are kept to be looked at: what all of them come to, and the last ones themselves.

use crate::run::graph::CallTree;
use crate::run::graph::summary::{Summary, Summing};
use std::collections::VecDeque;
use std::sync::Arc;

/// The trees of a run.
pub(crate) struct Kept {
    trees: VecDeque<Arc<CallTree>>,
    /// Bytes that they take, roughly.
    weight: usize,
    /// No more are kept.
    most: usize,
    summing: Vec<Summing>,
    /// What the run itself says, at its end.
    told: Vec<Summary>,
}

/// The trees of one directive.
pub(super) struct Directive {
    pub(super) summary: Summary,
    pub(super) trees: Vec<Arc<CallTree>>,
}

impl Kept {
    /// Of directives with these names and words, no more bytes than this in whole trees.
    pub(crate) fn new(directives: &[(String, String)], most: usize) -> Self {
        let summing = directives.iter().map(|(name, words)| Summing::new(name, words));
        Self {
            trees: VecDeque::new(),
            weight: 0,
            most,
            summing: summing.collect(),
            told: Vec::new(),
        }
    }

    /// Takes in a tree; older ones make room for it.
    pub(crate) fn tree(&mut self, tree: &CallTree) {
        if let Some(summing) = self.summing.iter_mut().find(|one| one.name() == tree.name) {
            summing.add(tree);
        }
        self.weight += weight(tree);
        self.trees.push_back(Arc::new(tree.clone()));
        while self.weight > self.most
            && self.trees.len() > 1
            && let Some(oldest) = self.trees.pop_front()
        {
            self.weight -= weight(&oldest);
        }
    }

    /// Takes in what all trees of a directive came to.
    pub(crate) fn summary(&mut self, summary: &Summary) {
        self.told.push(summary.clone());
    }

    /// Forgets what came so far.
    pub(crate) fn clear(&mut self) {
        self.trees.clear();
        self.weight = 0;
        for summing in &mut self.summing {
            let summary = summing.summary();
            *summing = Summing::new(&summary.name, &summary.words);
        }
    }

    /// Trees may come, or came.
    pub(crate) fn has_directives(&self) -> bool {
        !self.summing.is_empty() || !self.told.is_empty()
    }

    /// All there is, by directives.
    pub(super) fn directives(&self) -> Vec<Directive> {
        let summaries: Vec<Summary> = if self.told.is_empty() {
            self.summing.iter().map(Summing::summary).collect()
        } else {
            self.told.clone()
        };
        let of = |summary: Summary| {
            let trees = self.trees.iter().filter(|tree| tree.name == summary.name);
            Directive {
                trees: trees.cloned().collect(),
                summary,
            }
        };
        summaries.into_iter().map(of).collect()
    }
}

/// Bytes that a tree takes, roughly: a value is there as text and for programs.
fn weight(tree: &CallTree) -> usize {
    let texts = tree
        .calls
        .iter()
        .flat_map(|call| [&call.arguments, &call.results]);
    let texts = texts.map(|shown| 3 * shown.text.len() + 100 * shown.values.len());
    tree.calls.len() * CALL + texts.sum::<usize>()
}

/// Bytes of a call without values.
const CALL: usize = 200;

#[cfg(test)]
mod tests {
    use super::super::testing::tree;
    use super::Kept;

    #[test]
    fn the_last_trees_are_kept_and_all_are_summed_up() {
        let of = [("graph".to_owned(), "graph main.f".to_owned())];
        let mut kept = Kept::new(&of, 1000);
        for begun in [1, 2, 3] {
            kept.tree(&tree(begun, &[(0, "main.f", 10), (1, "main.g", 4)]));
        }
        let all = kept.directives();
        let begun: Vec<u64> = all[0].trees.iter().map(|tree| tree.calls[0].begun).collect();
        assert_eq!(begun, [2, 3]);
        assert_eq!((all[0].summary.trees, all[0].summary.paths[1].total), (3, 12));
        // One is kept, however large it is.
        let calls = [(0, "main.f", 10); 9];
        kept.tree(&tree(9, &calls));
        assert_eq!(kept.directives()[0].trees.len(), 1);
        kept.clear();
        let all = kept.directives();
        assert_eq!((all[0].trees.len(), all[0].summary.trees), (0, 0));
        assert_eq!(all[0].summary.words, "graph main.f");
    }
}
