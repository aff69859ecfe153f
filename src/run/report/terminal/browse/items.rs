//! What is in a tree, as its model sees it: items that lie in each other, how long each took, and where most of the
//! time went.

/// A call, or all calls of one path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Item {
    /// Tells it from all others, also when the tree is read anew.
    pub(super) key: u64,
    /// In how many it lies.
    pub(super) depth: usize,
    /// Nanoseconds: at least as many as those of what lies in it.
    pub(super) time: u64,
    /// Those of them that were not in another item.
    pub(super) own: u64,
}

/// Trees of items, each behind the one that it lies in.
#[derive(Default)]
pub(super) struct Items {
    items: Vec<Item>,
    /// Of each, the place behind all that lies in it.
    ends: Vec<usize>,
    /// Of each, the one that it lies in.
    outers: Vec<Option<usize>>,
    hot: Vec<bool>,
}

impl Items {
    pub(super) fn new(mut items: Vec<Item>) -> Self {
        let mut ends = vec![items.len(); items.len()];
        let mut outers = Vec::with_capacity(items.len());
        let mut path: Vec<(usize, usize)> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            while let Some((outer, _)) = path.pop_if(|(_, depth)| *depth >= item.depth) {
                if let Some(end) = ends.get_mut(outer) {
                    *end = at;
                }
            }
            outers.push(path.last().map(|(outer, _)| *outer));
            path.push((at, item.depth));
        }
        // Calls that did not return have no time, but those in them have.
        let mut inside = vec![0_u64; items.len()];
        for at in (0..items.len()).rev() {
            let Some(item) = items.get_mut(at) else { continue };
            item.time = item.time.max(inside.get(at).copied().unwrap_or(0));
            let outer = outers.get(at).copied().flatten();
            if let Some(sum) = outer.and_then(|outer| inside.get_mut(outer)) {
                *sum = sum.saturating_add(item.time);
            }
        }
        let mut all = Self {
            hot: vec![false; items.len()],
            items,
            ends,
            outers,
        };
        all.find_hot();
        all
    }

    /// From each root, the way to where most of the time went: as long as no other call took more of it, and it was not
    /// spent in the caller itself.
    fn find_hot(&mut self) {
        let roots: Vec<usize> = self.inner(None).collect();
        for root in roots {
            let mut at = root;
            while let Some(next) = self
                .inner(Some(at))
                .max_by_key(|inner| (self.time(*inner), usize::MAX - inner))
            {
                let own = self.get(at).map_or(0, |item| item.own);
                if self.time(next) == 0 || self.time(next) < own {
                    break;
                }
                if let Some(hot) = self.hot.get_mut(next) {
                    *hot = true;
                }
                at = next;
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    pub(super) fn key(&self, at: usize) -> u64 {
        self.get(at).map_or(0, |item| item.key)
    }

    fn time(&self, at: usize) -> u64 {
        self.get(at).map_or(0, |item| item.time)
    }

    /// What lies directly in an item, or the roots.
    pub(super) fn inner(&self, of: Option<usize>) -> impl Iterator<Item = usize> {
        let end = of.map_or(self.len(), |at| self.end(at));
        let first = Some(of.map_or(0, |at| at + 1)).filter(|first| *first < end);
        std::iter::successors(first, move |at| Some(self.end(*at)).filter(|next| *next < end))
    }

    pub(super) fn has_inner(&self, at: usize) -> bool {
        self.end(at) > at + 1
    }

    /// The place behind all that lies in an item.
    pub(super) fn end(&self, at: usize) -> usize {
        self.ends.get(at).copied().unwrap_or(at + 1)
    }

    /// What an item lies in.
    pub(super) fn outer(&self, at: usize) -> Option<usize> {
        self.outers.get(at).copied().flatten()
    }

    /// All that an item lies in, the innermost first.
    pub(super) fn outers(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.outer(at), |at| self.outer(*at))
    }

    pub(super) fn root(&self, at: usize) -> usize {
        self.outers(at).last().unwrap_or(at)
    }

    /// Most of the root's time went there.
    pub(super) fn is_hot(&self, at: usize) -> bool {
        self.hot.get(at).copied().unwrap_or(false)
    }

    /// Of its root's time, the parts that an item took and that it took itself, from 0 to 1.
    pub(super) fn shares(&self, at: usize) -> (f64, f64) {
        let whole = self.time(self.root(at));
        let Some(item) = self.get(at).filter(|_| whole > 0) else {
            return (0.0, 0.0);
        };
        let share = |time: u64| (time as f64 / whole as f64).min(1.0);
        (share(item.time), share(item.own.min(item.time)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::walk::testing::items;

    #[test]
    fn items_lie_in_each_other() {
        let items = items("a 100\n b 60\n  c 50\n d 10\ne 5\n");
        let inner = |at| items.inner(at).collect::<Vec<_>>();
        assert_eq!(inner(None), [0, 4]);
        assert_eq!(inner(Some(0)), [1, 3]);
        assert_eq!(inner(Some(1)), [2]);
        assert_eq!(inner(Some(4)), [0; 0]);
        assert_eq!(items.outers(2).collect::<Vec<_>>(), [1, 0]);
        assert_eq!((items.root(3), items.root(4)), (0, 4));
        assert_eq!(items.shares(1), (0.6, 0.1));
    }

    #[test]
    fn the_hot_path_ends_where_the_time_is_spent() {
        let hot = |text: &str| -> Vec<usize> {
            let items = items(text);
            (0..items.len()).filter(|at| items.is_hot(*at)).collect()
        };
        assert_eq!(hot("a 100\n b 60\n  c 20\n  d 10\n e 30\n"), [1]);
        assert_eq!(hot("a 100\n b 10\n c 80\n  d 80\n"), [2, 3]);
        assert_eq!(hot("a 100\n b 10\n c 10\nd 10\n e 9\n"), [4]);
        assert_eq!(hot("a 0\n b 0\n"), [0; 0]);
        assert_eq!(hot("a 0\n b 0\n  c 5\n"), [1, 2]);
    }

    #[test]
    fn damaged_depths_do_no_harm() {
        let items = items("   a 1\n b 1\n    c 1\nd 1\n");
        assert_eq!(items.inner(None).collect::<Vec<_>>(), [0, 1, 3]);
        assert_eq!(items.inner(Some(1)).collect::<Vec<_>>(), [2]);
    }
}
