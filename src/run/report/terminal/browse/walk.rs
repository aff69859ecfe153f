//! Somebody walks about in trees: what is open, in which order it is, what is searched, where the cursor is.

use super::items::Items;
use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

/// In which order items lie in the one that they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As they came.
    Time,
    /// Those that took longest first.
    Total,
    /// Those that took longest themselves.
    Own,
}

/// A place among trees.
#[derive(Clone)]
pub(super) struct Walk {
    order: Order,
    /// The keys of items that are open.
    opened: HashSet<u64>,
    /// The items that are seen.
    rows: Vec<usize>,
    /// The row of the cursor.
    row: usize,
    /// The first row on the screen.
    top: usize,
    /// The items that are searched for.
    found: HashSet<usize>,
    /// And in their order.
    found_in_order: Vec<usize>,
}

impl Order {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Total => "total",
            Self::Own => "self",
        }
    }
}

impl Walk {
    /// All is folded.
    pub(super) fn new(items: &Items, order: Order) -> Self {
        let mut walk = Self {
            order,
            opened: HashSet::new(),
            rows: Vec::new(),
            row: 0,
            top: 0,
            found: HashSet::new(),
            found_in_order: Vec::new(),
        };
        walk.rows = walk.seen(items);
        walk
    }

    /// The items from the first to the last.
    fn walked(&self, items: &Items, is_open: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut out = Vec::new();
        let mut waiting = self.last_first(items, None);
        while let Some(at) = waiting.pop() {
            out.push(at);
            if is_open(at) {
                waiting.extend(self.last_first(items, Some(at)));
            }
        }
        out
    }

    fn last_first(&self, items: &Items, of: Option<usize>) -> Vec<usize> {
        let mut inner: Vec<usize> = items.inner(of).collect();
        let by = |weight: fn(&super::items::Item) -> u64| {
            move |at: &usize| Reverse(items.get(*at).map_or(0, weight))
        };
        match self.order {
            Order::Time => {}
            Order::Total => inner.sort_by_key(by(|item| item.time)),
            Order::Own => inner.sort_by_key(by(|item| item.own)),
        }
        inner.reverse();
        inner
    }

    fn seen(&self, items: &Items) -> Vec<usize> {
        self.walked(items, |at| self.is_open(items, at))
    }

    /// Something is open, folded or elsewhere now; the cursor stays, or goes to what its item is folded into.
    fn again(&mut self, items: &Items) {
        let before = self.at();
        self.rows = self.seen(items);
        if let Some(before) = before {
            self.go_to(items, before);
        }
    }

    fn go_to(&mut self, items: &Items, item: usize) {
        let mut ways = std::iter::once(item).chain(items.outers(item));
        let row = ways.find_map(|at| self.rows.iter().position(|row| *row == at));
        self.row = row.unwrap_or(0);
    }

    pub(super) fn is_open(&self, items: &Items, at: usize) -> bool {
        items.has_inner(at) && self.opened.contains(&items.key(at))
    }

    pub(super) fn is_found(&self, at: usize) -> bool {
        self.found.contains(&at)
    }

    pub(super) fn order(&self) -> Order {
        self.order
    }

    /// The item at the cursor.
    pub(super) fn at(&self) -> Option<usize> {
        self.rows.get(self.row).copied()
    }

    /// The items of the rows that are on a screen of so many, and whether the cursor is at them.
    pub(super) fn window(&mut self, rows: usize) -> impl Iterator<Item = (usize, bool)> {
        self.top = self.top.min(self.rows.len().saturating_sub(rows));
        self.top = self
            .top
            .clamp((self.row + 1).saturating_sub(rows.max(1)), self.row);
        let Range { start, end } = self.top..(self.top + rows).min(self.rows.len());
        let row = self.row;
        let all = self.rows.get(start..end).unwrap_or_default();
        let numbered = all.iter().zip(start..);
        numbered.map(move |(at, nth)| (*at, nth == row))
    }

    /// The row of the cursor, from 1, and how many there are.
    pub(super) fn place(&self) -> (usize, usize) {
        ((self.row + 1).min(self.rows.len()), self.rows.len())
    }

    /// Moves by so many rows, down or up.
    pub(super) fn step(&mut self, rows: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.row = self.row.saturating_add_signed(rows).min(last);
    }

    /// Opens the item at the cursor, or goes into it.
    pub(super) fn open(&mut self, items: &Items) {
        let Some(at) = self.at().filter(|at| items.has_inner(*at)) else {
            return;
        };
        if self.opened.insert(items.key(at)) {
            self.again(items);
        } else {
            self.step(1);
        }
    }

    /// Folds the item at the cursor, or goes to the one that it lies in.
    pub(super) fn fold(&mut self, items: &Items) {
        let Some(at) = self.at() else { return };
        if self.is_open(items, at) {
            self.opened.remove(&items.key(at));
            self.again(items);
        } else if let Some(outer) = items.outer(at) {
            self.go_to(items, outer);
        }
    }

    /// Opens the item at the cursor, or folds it.
    pub(super) fn turn(&mut self, items: &Items) {
        match self.at() {
            Some(at) if self.is_open(items, at) => self.fold(items),
            _ => self.open(items),
        }
    }

    /// Opens or folds all that lies in the item at the cursor, and that itself.
    pub(super) fn all(&mut self, items: &Items, is_open: bool) {
        let Some(at) = self.at() else { return };
        for inner in at..items.end(at) {
            if is_open {
                self.opened.insert(items.key(inner));
            } else {
                self.opened.remove(&items.key(inner));
            }
        }
        self.again(items);
    }

    /// Opens the hot path of the cursor's root, and goes to its end.
    pub(super) fn go_hot(&mut self, items: &Items) {
        let Some(at) = self.at() else { return };
        let mut end = items.root(at);
        while let Some(next) = items.inner(Some(end)).find(|inner| items.is_hot(*inner)) {
            end = next;
        }
        self.show(items, end);
    }

    /// Opens what an item lies in, and goes there.
    fn show(&mut self, items: &Items, item: usize) {
        let outers: Vec<u64> = items.outers(item).map(|outer| items.key(outer)).collect();
        self.opened.extend(outers);
        self.rows = self.seen(items);
        self.go_to(items, item);
    }

    pub(super) fn sort(&mut self, items: &Items, order: Order) {
        self.order = order;
        self.again(items);
        self.order_found(items);
    }

    /// Finds items.
    pub(super) fn find(&mut self, items: &Items, is_meant: impl Fn(usize) -> bool) {
        self.found = (0..items.len()).filter(|at| is_meant(*at)).collect();
        self.order_found(items);
    }

    fn order_found(&mut self, items: &Items) {
        self.found_in_order.clear();
        if !self.found.is_empty() {
            self.found_in_order = self.walked(items, |_| true);
            self.found_in_order.retain(|at| self.found.contains(at));
        }
    }

    /// How many were found, and which of them is at the cursor, from 1.
    pub(super) fn found(&self) -> (Option<usize>, usize) {
        let mut found = self.found_in_order.iter();
        let which = self.at().and_then(|at| found.position(|found| *found == at));
        (which.map(|which| which + 1), self.found.len())
    }

    /// Goes to the next one that was found, also where it is folded; `here` says that the cursor may be there already.
    pub(super) fn next(&mut self, items: &Items, is_forward: bool, here: bool) {
        if self.found.is_empty() || (here && self.at().is_some_and(|at| self.is_found(at))) {
            return;
        }
        let mut all = self.walked(items, |_| true);
        if !is_forward {
            all.reverse();
        }
        let start = all.iter().position(|at| Some(*at) == self.at()).unwrap_or(0);
        let later = all.iter().skip(start + 1).chain(all.iter().take(start + 1));
        if let Some(next) = later.copied().find(|at| self.is_found(*at)) {
            self.show(items, next);
        }
    }

    /// The items are others now: what has the same key is open as before, and the cursor stays at its key.
    pub(super) fn renew(&mut self, before: &Items, items: &Items) {
        let at = self.at().map(|at| before.key(at));
        self.found.clear();
        self.found_in_order.clear();
        self.rows = self.seen(items);
        let row = self.rows.iter().position(|row| Some(items.key(*row)) == at);
        self.row = row.unwrap_or(self.row).min(self.rows.len().saturating_sub(1));
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::super::items::{Item, Items};

    /// Items in lines: spaces for each one that an item lies in, its name, its time.
    pub(in super::super) fn items(text: &str) -> Items {
        let mut items: Vec<Item> = text
            .lines()
            .map(|line| {
                let name = line.trim_start();
                let (name, time) = name.split_once(' ').unwrap();
                let time = time.parse().unwrap();
                Item {
                    key: name.bytes().fold(0, |key, byte| key * 256 + u64::from(byte)),
                    depth: line.len() - line.trim_start().len(),
                    time,
                    own: time,
                }
            })
            .collect();
        let all = Items::new(items.clone());
        for (at, item) in items.iter_mut().enumerate() {
            let inner: u64 = all
                .inner(Some(at))
                .map(|inner| all.get(inner).unwrap().time)
                .sum();
            item.own = item.time.saturating_sub(inner);
        }
        Items::new(items)
    }
}

#[cfg(test)]
mod tests {
    use super::testing::items;
    use super::{Order, Walk};
    use crate::run::report::terminal::browse::items::Items;

    const TREES: &str = "a 100\n b 20\n  c 5\n d 70\n  e 60\n  f 9\ng 200\n h 1\n";

    /// The names that are seen, with the cursor before its own.
    fn seen(walk: &mut Walk, items: &Items, rows: usize) -> String {
        let window: Vec<(usize, bool)> = walk.window(rows).collect();
        let name = |at: usize| char::from(u8::try_from(items.key(at)).unwrap());
        let rows = window.into_iter();
        let rows = rows.map(|(at, is_cursor)| format!("{}{}", if is_cursor { ">" } else { "" }, name(at)));
        rows.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn trees_are_opened_and_folded() {
        let items = items(TREES);
        let mut walk = Walk::new(&items, Order::Time);
        assert_eq!(seen(&mut walk, &items, 9), ">a g");
        walk.open(&items);
        assert_eq!(seen(&mut walk, &items, 9), ">a b d g");
        walk.open(&items);
        walk.open(&items);
        assert_eq!(seen(&mut walk, &items, 9), "a >b c d g");
        walk.open(&items);
        // There is nothing in it.
        walk.open(&items);
        walk.turn(&items);
        assert_eq!(seen(&mut walk, &items, 9), "a b >c d g");
        walk.fold(&items);
        walk.fold(&items);
        walk.fold(&items);
        assert_eq!(seen(&mut walk, &items, 9), ">a b d g");
        walk.all(&items, true);
        assert_eq!(seen(&mut walk, &items, 9), ">a b c d e f g");
        walk.turn(&items);
        assert_eq!(seen(&mut walk, &items, 9), ">a g");
        // What was open in it still is.
        walk.turn(&items);
        assert_eq!(seen(&mut walk, &items, 9), ">a b c d e f g");
        walk.all(&items, false);
        walk.turn(&items);
        assert_eq!(seen(&mut walk, &items, 9), ">a b d g");
    }

    #[test]
    fn the_order_is_of_those_beside_each_other() {
        let items = items(TREES);
        let mut walk = Walk::new(&items, Order::Time);
        walk.all(&items, true);
        walk.step(2);
        walk.sort(&items, Order::Total);
        assert_eq!(seen(&mut walk, &items, 9), "g a d e f b >c");
        walk.sort(&items, Order::Own);
        assert_eq!(seen(&mut walk, &items, 9), "g a b >c d e f");
        walk.sort(&items, Order::Time);
        assert_eq!(seen(&mut walk, &items, 9), "a b >c d e f g");
    }

    #[test]
    fn what_is_found_is_opened() {
        let items = items(TREES);
        let mut walk = Walk::new(&items, Order::Time);
        walk.find(&items, |at| {
            "cfh".bytes().any(|name| u64::from(name) == items.key(at))
        });
        assert_eq!(walk.found(), (None, 3));
        walk.next(&items, true, true);
        assert_eq!(seen(&mut walk, &items, 9), "a b >c d g");
        walk.next(&items, true, true);
        assert_eq!(walk.found(), (Some(1), 3));
        walk.next(&items, true, false);
        walk.next(&items, true, false);
        assert_eq!(seen(&mut walk, &items, 9), "a b c d e f g >h");
        walk.next(&items, true, false);
        walk.next(&items, false, false);
        assert_eq!(walk.found(), (Some(3), 3));
        walk.find(&items, |_| false);
        walk.next(&items, true, false);
        assert_eq!(seen(&mut walk, &items, 9), "a b c d e f g >h");
    }

    #[test]
    fn the_hot_path_is_opened_to_its_end() {
        let items = items(TREES);
        let mut walk = Walk::new(&items, Order::Time);
        walk.go_hot(&items);
        assert_eq!(seen(&mut walk, &items, 9), "a b d >e f g");
        walk.step(9);
        walk.go_hot(&items);
        assert_eq!(seen(&mut walk, &items, 9), "a b d e f >g");
    }

    #[test]
    fn the_cursor_stays_on_the_screen() {
        let items = items(TREES);
        let mut walk = Walk::new(&items, Order::Time);
        walk.all(&items, true);
        assert_eq!(seen(&mut walk, &items, 3), ">a b c");
        walk.step(4);
        assert_eq!(seen(&mut walk, &items, 3), "c d >e");
        assert_eq!(walk.place(), (5, 7));
        walk.step(-1);
        assert_eq!(seen(&mut walk, &items, 3), "c >d e");
        walk.step(-9);
        assert_eq!(seen(&mut walk, &items, 1), ">a");
        walk.step(99);
        assert_eq!(seen(&mut walk, &items, 3), "e f >g");
        assert_eq!(seen(&mut walk, &items, 0), "");
        let mut empty = Walk::new(&Items::default(), Order::Time);
        empty.step(1);
        empty.open(&Items::default());
        empty.fold(&Items::default());
        assert_eq!(empty.at(), None);
    }

    #[test]
    fn trees_that_are_read_anew_are_open_as_before() {
        let before = items(TREES);
        let mut walk = Walk::new(&before, Order::Time);
        walk.open(&before);
        walk.step(2);
        let after = items("z 300\n y 1\na 100\n b 20\n  c 5\n d 90\n  e 80\n");
        walk.renew(&before, &after);
        assert_eq!(seen(&mut walk, &after, 9), "z a b >d");
        walk.renew(&after, &Items::default());
        assert_eq!(walk.at(), None);
    }
}
