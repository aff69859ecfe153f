//! Finds the functions whose names are similar to one that does not exist.

use super::allowed;
use super::distance::Pattern;
use crate::goname::function::{bare, is_generated, last_element};

/// The name of a function that does not exist, taken apart once.
pub(super) struct Wanted<'w> {
    /// The compared part: without a `.*` at its end or a `*` at its beginning.
    name: &'w str,
    /// Its last element.
    last: &'w str,
    /// What is before that.
    rest: &'w str,
    pattern: Pattern,
    /// It is the beginning of names (`net/http.*`).
    prefix: bool,
    /// It has an element at all.
    useful: bool,
}

impl<'w> Wanted<'w> {
    pub(super) fn new(written: &'w str) -> Self {
        let prefix = written.ends_with(".*");
        let name = written
            .strip_suffix(".*")
            .unwrap_or(written)
            .trim_start_matches('*');
        let (rest, last) = last_element(name);
        Self {
            name,
            last,
            rest,
            pattern: Pattern::new(bare(last)),
            prefix,
            useful: significant(name.as_bytes()).any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii()),
        }
    }

    /// The part of a function's name that is compared.
    pub(super) fn subject<'n>(&self, name: &'n str) -> &'n str {
        if self.prefix { last_element(name).0 } else { name }
    }

    /// What is suggested for a part that was compared.
    pub(super) fn written(&self, name: &str) -> String {
        if self.prefix {
            format!("{name}.*")
        } else {
            name.to_owned()
        }
    }

    /// How far `name` is from it, if it is near.
    pub(super) fn score(&self, name: &str) -> Option<u32> {
        if !self.useful || (is_generated(name) && !is_generated(self.name)) {
            return None;
        }
        match self.ends(name) {
            Some(0) => return Some(0),
            Some(missing) => return Some(1_000 + clamp(missing)),
            None => {}
        }
        let (rest, last) = last_element(name);
        let last = bare(last);
        let wanted = bare(self.last);
        if let Some(distance) = self.pattern.distance(last, allowed(wanted.len())) {
            let away = self.away(rest)?;
            return Some(2_000 + 300 * clamp(distance).min(10) + away);
        }
        // Part of a name, such as `dial` for `dialTCP`.
        if wanted.len() >= 3 && contains(last, wanted) {
            let away = self.away(rest)?;
            return Some(6_000 + 20 * clamp(last.len().abs_diff(wanted.len())).min(40) + away);
        }
        None
    }

    /// How many bytes `name` has before what was wanted, if it ends in that but for case and `(*…)`.
    fn ends(&self, name: &str) -> Option<usize> {
        let mut theirs = significant(name.as_bytes());
        for ours in significant(self.name.as_bytes()) {
            if theirs.next()?.eq_ignore_ascii_case(&ours) {
                continue;
            }
            return None;
        }
        match theirs.next() {
            None => Some(0),
            Some(b'.' | b'/') => Some(1 + theirs.count()),
            Some(_) => None,
        }
    }

    /// The difference of the parts before the last element, from 0 to 299, if it is not too large.
    fn away(&self, rest: &str) -> Option<u32> {
        let (ours, theirs) = (self.rest.as_bytes(), rest.as_bytes());
        let (our_length, their_length) = (significant(ours).count(), significant(theirs).count());
        let longest = our_length.max(their_length);
        let end = common(significant(ours), significant(theirs));
        let start = common(ours.iter().copied(), theirs.iter().copied());
        let same = (end + start).min(longest);
        // A package or receiver that was left out is no difference.
        let left_out = same >= our_length.min(their_length);
        if same * 100 < longest * 40 && !left_out {
            return None;
        }
        Some(clamp(longest - same).min(299))
    }
}

/// The bytes of a name that count, from the last to the first: without `(*`, `)` and what stands in `[…]`.
fn significant(name: &[u8]) -> impl Iterator<Item = u8> {
    let mut depth = 0_usize;
    name.iter().rev().copied().filter(move |byte| match byte {
        b']' => {
            depth += 1;
            false
        }
        b'[' => {
            depth = depth.saturating_sub(1);
            false
        }
        b'(' | b'*' | b')' => false,
        _ => depth == 0,
    })
}

/// How many bytes two names begin with in common, but for case.
fn common(ours: impl Iterator<Item = u8>, theirs: impl Iterator<Item = u8>) -> usize {
    ours.zip(theirs)
        .take_while(|(a, b)| a.eq_ignore_ascii_case(b))
        .count()
}

/// True if `part` stands somewhere in `text`, but for case.
fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    !part.is_empty()
        && text
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX / 2)
}
