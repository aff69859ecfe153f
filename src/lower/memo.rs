//! Values that a probe has computed already, so that each is computed once.

use super::Fragment;
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{self, StateId};

/// Values by what they are of, each for the block it was computed in and those in it.
#[derive(Debug)]
pub(super) struct ByBlock<K, V>(Vec<(usize, K, V)>);

impl<K, V> Default for ByBlock<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> ByBlock<K, V> {
    /// The value of the first thing that `is_meant`.
    pub(super) fn get(&self, is_meant: impl Fn(&K) -> bool) -> Option<&V> {
        let found = self.0.iter().find(|(_, of, _)| is_meant(of));
        found.map(|(.., value)| value)
    }

    /// Adds what was computed `depth` blocks deep; at 0, before everything else.
    pub(super) fn add(&mut self, depth: usize, of: K, value: V) {
        self.0.push((depth, of, value));
    }

    /// Forgets what was computed deeper in blocks than this.
    pub(super) fn leave(&mut self, depth: usize) {
        self.0.retain(|(at, ..)| *at <= depth);
    }

    /// Forgets values other than those to be kept.
    pub(super) fn keep(&mut self, is_kept: impl Fn(&V) -> bool) {
        self.0.retain(|(.., value)| is_kept(value));
    }

    /// The values, to change them.
    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.0.iter_mut().map(|(_, of, value)| (&*of, value))
    }
}

/// Something that is computed once: an expression, and the struct it is taken for the address of.
type Known = (plan::Expr, Option<usize>);

/// What has a variable, or was looked into.
#[derive(Debug, Default)]
pub(super) struct Memo {
    variables: ByBlock<Known, Bt>,
    /// Interfaces that were looked into, with messages or not.
    decoded: ByBlock<(plan::Value, bool), Vec<Fragment>>,
    errors: ByBlock<plan::Value, Vec<Fragment>>,
    /// The numbers of errors that are keys.
    pub(super) numbers: ByBlock<plan::Value, Bt>,
    /// The buckets that values belong in, of which each power of two has so many bits.
    pub(super) buckets: ByBlock<(plan::Value, u32), Bt>,
    /// Kept addresses that have a variable, before everything else.
    pub(super) followed: ByBlock<StateId, Bt>,
}

impl Memo {
    /// Forgets what was computed deeper in blocks than this.
    pub(super) fn leave(&mut self, depth: usize) {
        self.variables.leave(depth);
        self.decoded.leave(depth);
        self.errors.leave(depth);
        self.numbers.leave(depth);
        self.buckets.leave(depth);
    }
}

impl Writer<'_> {
    /// The variable of something that was computed before.
    pub(super) fn recall(&self, what: &Known) -> Option<Bt> {
        self.memo.variables.get(|known| known == what).cloned()
    }

    /// Gives something a variable: before everything else where its value allows that, or else here.
    pub(super) fn remember(&mut self, what: Known, preferred: &str, value: Bt) -> Bt {
        let early = matches!(
            what.0,
            plan::Expr::Register(_) | plan::Expr::AtEntry(_) | plan::Expr::Context
        );
        let name = self.reserve(preferred);
        let assign = Stmt::Assign(name.clone(), value, String::new());
        let depth = self.put(early, vec![assign]);
        self.memo.variables.add(depth, what, Bt::Var(name.clone()));
        Bt::Var(name)
    }

    pub(super) fn recall_decoded(&self, value: &plan::Value, errors: bool) -> Option<Vec<Fragment>> {
        let is_meant = |(of, with_errors): &(plan::Value, bool)| of == value && *with_errors == errors;
        self.memo.decoded.get(is_meant).cloned()
    }

    pub(super) fn recall_error(&self, value: &plan::Value) -> Option<Vec<Fragment>> {
        self.memo.errors.get(|of| of == value).cloned()
    }

    /// Adds the statements that looked into an interface: before everything else where its words allow that, or else
    /// here.
    pub(super) fn remember_decoded(
        &mut self,
        value: &plan::Value,
        errors: bool,
        text: &[Fragment],
        written: Vec<Stmt>,
    ) {
        let depth = self.put(is_at_hand(value), written);
        self.memo
            .decoded
            .add(depth, (value.clone(), errors), text.to_vec());
    }

    pub(super) fn remember_error(&mut self, value: &plan::Value, error: &[Fragment], written: Vec<Stmt>) {
        let depth = self.put(is_at_hand(value), written);
        self.memo.errors.add(depth, value.clone(), error.to_vec());
    }

    /// Adds statements before everything else, if that may be early, or else here; gives how deep in blocks that is.
    fn put(&mut self, early: bool, written: Vec<Stmt>) -> usize {
        if early {
            self.top.extend(written);
            0
        } else {
            self.body.extend(written);
            self.depth
        }
    }
}

/// The words of an interface are in registers, or were kept.
fn is_at_hand(value: &plan::Value) -> bool {
    let word = |e: &plan::Expr| matches!(e, plan::Expr::Register(_) | plan::Expr::AtEntry(_));
    matches!(value, plan::Value::Interface { tab, data, .. } if word(tab) && word(data))
}

#[cfg(test)]
mod tests {
    use super::ByBlock;

    #[test]
    fn what_was_computed_in_a_block_is_forgotten_behind_it() {
        let mut known = ByBlock::default();
        known.add(0, 'r', 1);
        known.add(1, 'a', 2);
        known.add(2, 'b', 3);
        let of = |known: &ByBlock<char, u8>, what: char| known.get(|of| *of == what).copied();
        assert_eq!(of(&known, 'b'), Some(3));
        known.leave(1);
        assert_eq!(
            [of(&known, 'r'), of(&known, 'a'), of(&known, 'b')],
            [Some(1), Some(2), None]
        );
    }
}
