//! What is lost and not counted by bpftrace: the script counts it.

use crate::bt::dialect::Uncounted as Which;
use crate::plan::record::is_record;
use std::borrow::Cow;

/// The records that it is about, so far: those of a processor, by their numbers, or all.
#[derive(Debug, Default)]
pub(super) struct Uncounted {
    which: Option<Which>,
    /// That came, or were said to be lost.
    came: u64,
    /// How many there were, as far as is known.
    written: u64,
    /// What comes later is no matter.
    is_final: bool,
    /// How many had been lost when somebody was told last.
    told: u64,
}

impl Uncounted {
    pub(super) fn of(which: Option<Which>) -> Self {
        Self {
            which,
            ..Self::default()
        }
    }

    /// Takes its number off a record that has one.
    pub(super) fn take<'t>(&mut self, text: &'t str) -> Cow<'t, str> {
        if !is_record(text) {
            return Cow::Borrowed(text);
        }
        match self.which {
            Some(Which::Of(_)) => self.numbered(text).map_or(Cow::Borrowed(text), Cow::Owned),
            Some(Which::Last) => {
                self.came += 1;
                Cow::Borrowed(text)
            }
            None => Cow::Borrowed(text),
        }
    }

    fn numbered(&mut self, record: &str) -> Option<String> {
        let (rest, number) = record.strip_suffix('\n')?.rsplit_once('\t')?;
        let number = u64::from_str_radix(number, 16).ok()?;
        if number > 0 && (!self.is_final || number <= self.written) {
            self.came += 1;
            self.written = self.written.max(number);
        }
        Some(format!("{rest}\n"))
    }

    /// bpftrace counts these.
    pub(super) fn are_told(&mut self, lost: u64) {
        if self.which == Some(Which::Last) {
            self.came += lost;
        }
    }

    /// The script says how many there were, the last time or not.
    pub(super) fn there_were(&mut self, written: u64, is_final: bool) {
        if !self.is_final {
            self.written = self.written.max(written);
            self.is_final = is_final;
        }
    }

    /// How many were lost. One that comes a moment after a later one is taken for lost until then.
    pub(super) fn lost(&self) -> u64 {
        self.written.saturating_sub(self.came)
    }

    /// More were lost since this was asked last.
    pub(super) fn loses_more(&mut self) -> bool {
        let lost = self.lost();
        std::mem::replace(&mut self.told, lost) < lost
    }
}

#[cfg(test)]
mod tests {
    use super::{Uncounted, Which};

    #[test]
    fn what_is_missing_of_a_processor_was_lost() {
        let mut records = Uncounted::of(Some(Which::Of(1)));
        assert_eq!(records.take("L\t1\t0\n"), "L\t1\n");
        assert_eq!(records.take("somebody's text\t1\n"), "somebody's text\t1\n");
        for number in ["1", "2", "b", "a"] {
            records.take(&format!("L\t1\t{number}\n"));
        }
        assert_eq!(records.lost(), 7);
        assert!(records.loses_more() && !records.loses_more());
        records.there_were(0x10, true);
        assert_eq!(records.lost(), 12);
        // One of before, and one of after.
        records.take("L\t1\tc\n");
        records.take("L\t1\t11\n");
        assert_eq!(records.lost(), 11);
    }

    #[test]
    fn what_did_not_come_at_the_end_was_lost() {
        let mut records = Uncounted::of(Some(Which::Last));
        for _ in 0..3 {
            assert_eq!(records.take("L\t1\n"), "L\t1\n");
        }
        records.are_told(5);
        assert_eq!(records.lost(), 0);
        records.there_were(10, true);
        assert_eq!(records.lost(), 2);
    }
}
