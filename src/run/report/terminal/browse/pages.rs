//! What can be looked at: of each directive, what its trees come to, and single trees.

use super::items::{Item, Items};
use super::kept::{Directive, Kept};
use super::walk::{Order, Walk};
use crate::run::graph::summary::{Path, Summary};
use crate::run::graph::{Call, CallTree};
use crate::run::report::calls;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;

/// Trees of one kind, and where somebody is among them.
pub(super) struct Page {
    pub(super) source: Source,
    pub(super) items: Items,
    pub(super) walk: Walk,
}

/// What the items are made of.
pub(super) enum Source {
    /// Each item is a path.
    Summary(Summary),
    /// Each item is a call.
    Trees(Trees),
}

/// Single trees of a directive.
pub(super) struct Trees {
    pub(super) name: String,
    /// How many there were, of which some may not be kept any more.
    pub(super) count: u64,
    trees: Vec<Arc<CallTree>>,
    /// Of each item, its tree and its place in that.
    places: Vec<(usize, usize)>,
    own: Vec<Option<u64>>,
}

/// A call of a tree.
#[derive(Clone, Copy)]
pub(super) struct Placed<'p> {
    pub(super) tree: &'p CallTree,
    pub(super) call: &'p Call,
    /// How long it was in no call that is shown, if that is known.
    pub(super) own: Option<u64>,
}

impl Trees {
    pub(super) fn len(&self) -> usize {
        self.trees.len()
    }

    pub(super) fn call(&self, at: usize) -> Option<Placed<'_>> {
        let (tree, call) = self.places.get(at)?;
        let tree = self.trees.get(*tree)?;
        Some(Placed {
            tree,
            call: tree.calls.get(*call)?,
            own: self.own.get(at).copied().flatten(),
        })
    }

    /// What a search looks at: the function, its arguments and results, and the line that called it.
    fn has(&self, at: usize, pattern: &Pattern<'_>) -> bool {
        self.call(at).is_some_and(|placed| {
            let call = placed.call;
            let in_values = || {
                let values = call.arguments.values.iter().chain(&call.results.values);
                let mut texts = values.map(|(name, cell)| (name, String::from_utf8_lossy(&cell.text)));
                texts.any(|(name, text)| pattern.is_in(&format!("{name}={text}")))
            };
            pattern.is_in(call.name().as_deref().unwrap_or_default())
                || in_values()
                || call
                    .caller
                    .as_ref()
                    .is_some_and(|site| pattern.is_in(&calls::place(site)))
        })
    }
}

/// A text that is searched for; without capital letters it does not matter how others are written.
struct Pattern<'p> {
    text: &'p str,
    is_small: bool,
}

impl Pattern<'_> {
    fn is_in(&self, text: &str) -> bool {
        if self.is_small {
            text.to_lowercase().contains(self.text)
        } else {
            text.contains(self.text)
        }
    }
}

fn key(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// All pages.
pub(super) fn pages(kept: &Kept) -> Vec<Page> {
    let of = |directive: Directive| {
        [
            Page::of_summary(directive.summary.clone()),
            Page::of_trees(directive),
        ]
    };
    kept.directives().into_iter().flat_map(of).collect()
}

impl Page {
    fn new(source: Source, items: Vec<Item>, order: Order) -> Self {
        let items = Items::new(items);
        let mut walk = Walk::new(&items, order);
        if items.inner(None).count() == 1 {
            // There is nothing to choose from.
            walk.go_hot(&items);
            walk.step(isize::MIN);
        }
        Self { source, items, walk }
    }

    fn of_summary(summary: Summary) -> Self {
        let mut path: Vec<u64> = Vec::new();
        let items = summary.paths.iter().map(|below| {
            path.truncate(below.depth);
            let key = key((path.last(), below.function.as_deref()));
            path.push(key);
            Item {
                key,
                depth: below.depth,
                time: below.total,
                own: below.own,
            }
        });
        let items = items.collect();
        Self::new(Source::Summary(summary), items, Order::Total)
    }

    fn of_trees(directive: Directive) -> Self {
        let trees = directive.trees;
        let (mut items, mut places, mut own) = (Vec::new(), Vec::new(), Vec::new());
        for (nth, tree) in trees.iter().enumerate() {
            let ends = tree.ends();
            let own_of_tree = tree.own_times();
            for (at, (call, end)) in tree.calls.iter().zip(ends).enumerate() {
                items.push(Item {
                    key: key((tree.under, at)),
                    depth: call.depth,
                    // So far, if it has not ended.
                    time: end.saturating_sub(call.begun),
                    own: own_of_tree.get(at).copied().flatten().unwrap_or(0),
                });
                places.push((nth, at));
            }
            own.extend(own_of_tree);
        }
        let trees = Trees {
            name: directive.summary.name,
            count: directive.summary.trees,
            trees,
            places,
            own,
        };
        Self::new(Source::Trees(trees), items, Order::Time)
    }

    /// The orders that there are.
    pub(super) fn orders(&self) -> &'static [Order] {
        match self.source {
            Source::Summary(_) => &[Order::Total, Order::Own],
            Source::Trees(_) => &[Order::Time, Order::Total, Order::Own],
        }
    }

    /// The path of an item.
    pub(super) fn path(&self, at: usize) -> Option<&Path> {
        match &self.source {
            Source::Summary(summary) => summary.paths.get(at),
            Source::Trees(_) => None,
        }
    }

    /// Finds what has a text; nothing has an empty one.
    pub(super) fn find(&mut self, text: &str) {
        let pattern = Pattern {
            text,
            is_small: !text.chars().any(char::is_uppercase),
        };
        let source = &self.source;
        let is_meant = |at: usize| {
            !text.is_empty()
                && match source {
                    Source::Summary(summary) => {
                        let function = summary.paths.get(at).and_then(|path| path.function.as_deref());
                        pattern.is_in(function.unwrap_or_default())
                    }
                    Source::Trees(trees) => trees.has(at, &pattern),
                }
        };
        self.walk.find(&self.items, is_meant);
    }

    /// Is where `before` was, of which this has newer trees.
    pub(super) fn come_from(&mut self, mut before: Self) {
        // Who has seen nothing yet has folded nothing.
        if before.items.len() > 0 {
            before.walk.renew(&before.items, &self.items);
            self.walk = before.walk;
        }
    }
}
