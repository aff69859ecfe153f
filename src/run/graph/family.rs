//! Goroutines that roots started (`following go`): a tree is whole when its root and all of them have ended.

use super::CallTree;
use super::forest::Key;
use crate::run::decode::call::Under;
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

/// How long a root that has ended waits for the goroutines that it started.
const WAITS: Duration = Duration::from_secs(5);

/// Roots that started goroutines, until they are told.
#[derive(Default)]
pub(super) struct Families {
    /// The root that each started goroutine belongs to.
    roots: HashMap<Key, Key>,
    families: HashMap<Key, Family>,
    /// Calls that are kept here.
    pub(super) kept: u64,
}

#[derive(Default)]
struct Family {
    /// Started goroutines that have not ended.
    open: HashSet<Key>,
    ended: HashMap<Under, CallTree>,
    root: Root,
}

#[derive(Default)]
enum Root {
    #[default]
    Open,
    Unwanted,
    Ended(Box<CallTree>, Instant),
}

impl Families {
    /// The root that a goroutine belongs to, or itself.
    pub(super) fn root_of(&self, key: Key) -> Key {
        self.roots.get(&key).copied().unwrap_or(key)
    }

    /// The root has not ended, or started nothing.
    pub(super) fn is_root_open(&self, root: Key) -> bool {
        let family = self.families.get(&root);
        family.is_none_or(|family| matches!(family.root, Root::Open))
    }

    pub(super) fn start(&mut self, maker: Key, started: Key) {
        let root = self.root_of(maker);
        self.roots.insert(started, root);
        self.families.entry(root).or_default().open.insert(started);
    }

    /// A root or a goroutine has ended, and this is its tree if it is wanted. Gives back the whole tree if nothing else
    /// of it is open.
    pub(super) fn end(&mut self, key: Key, tree: Option<CallTree>) -> Option<CallTree> {
        let root = self.root_of(key);
        let Some(family) = self.families.get_mut(&root) else {
            return tree;
        };
        let calls = tree.as_ref().map_or(0, |tree| tree.calls.len() as u64);
        if self.roots.remove(&key).is_some() {
            family.open.remove(&key);
            if let (Some(tree), false) = (tree, matches!(family.root, Root::Unwanted)) {
                family.ended.insert(key.1, tree);
                self.kept += calls;
            }
        } else if let Some(tree) = tree {
            family.root = Root::Ended(Box::new(tree), Instant::now());
            self.kept += calls;
        } else {
            family.root = Root::Unwanted;
            let of_ended = family.ended.drain().map(|(_, tree)| tree.calls.len() as u64);
            self.kept = self.kept.saturating_sub(of_ended.sum());
        }
        if !family.open.is_empty() || matches!(family.root, Root::Open) {
            return None;
        }
        self.whole(root)
    }

    fn whole(&mut self, root: Key) -> Option<CallTree> {
        let family = self.families.remove(&root)?;
        let Root::Ended(tree, _) = family.root else {
            return None;
        };
        let of_ended: usize = family.ended.values().map(|tree| tree.calls.len()).sum();
        self.kept = self.kept.saturating_sub((of_ended + tree.calls.len()) as u64);
        Some(joined(*tree, family.ended))
    }

    /// Goroutines that roots do not wait for any longer.
    pub(super) fn overdue(&self) -> Vec<Key> {
        let late = self
            .families
            .values()
            .filter(|family| matches!(&family.root, Root::Ended(_, since) if since.elapsed() > WAITS));
        late.flat_map(|family| family.open.iter().copied()).collect()
    }

    /// Forgets a root with all that it started.
    pub(super) fn forget(&mut self, root: Key) {
        let Some(family) = self.families.remove(&root) else {
            return;
        };
        self.roots.retain(|started, _| !family.open.contains(started));
        let mut calls: usize = family.ended.values().map(|tree| tree.calls.len()).sum();
        if let Root::Ended(tree, _) = &family.root {
            calls += tree.calls.len();
        }
        self.kept = self.kept.saturating_sub(calls as u64);
    }
}

/// A tree with those of the goroutines in their places.
fn joined(root: CallTree, mut started: HashMap<Under, CallTree>) -> CallTree {
    let mut all = CallTree {
        calls: Vec::new(),
        ..root
    };
    let mut open = vec![(root.calls.into_iter(), 0)];
    while let Some((calls, deeper)) = open.last_mut() {
        let Some(mut call) = calls.next() else {
            open.pop();
            continue;
        };
        call.depth += *deeper;
        let below = call.starts.and_then(|under| started.remove(&under));
        if let Some(below) = below {
            all.is_missing_calls |= below.is_missing_calls;
            all.without_room += below.without_room;
            open.push((below.calls.into_iter(), call.depth));
        } else {
            all.calls.push(call);
        }
    }
    all
}
