//! Which of the lost records bpftrace does not count on this machine.

use crate::bt::dialect::{Dialect, Uncounted};

/// The dialect of a script that counts them itself, if the release does not.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the machine is asked what it has"
)]
pub(super) fn counted(dialect: Dialect) -> Dialect {
    let uncounted = if dialect.hides_last_losses() {
        Some(Uncounted::Last)
    } else if dialect.hides_losses_of_last_cpu() {
        let possible = std::fs::read_to_string("/sys/devices/system/cpu/possible");
        let last = possible.ok().and_then(|text| last_of_power(text.trim()));
        last.map(Uncounted::Of)
    } else {
        None
    };
    Dialect { uncounted, ..dialect }
}

/// The last of the processors `0-3`, if they are a power of two. The kernel numbers them without gaps.
fn last_of_power(possible: &str) -> Option<u32> {
    let last: u32 = possible.rsplit(['-', ',']).next()?.parse().ok()?;
    last.checked_add(1)?.is_power_of_two().then_some(last)
}

#[cfg(test)]
mod tests {
    use super::last_of_power;

    #[test]
    fn processors() {
        assert_eq!(last_of_power("0"), Some(0));
        assert_eq!(last_of_power("0-1"), Some(1));
        assert_eq!(last_of_power("0-5"), None);
        assert_eq!(last_of_power("0,1-127"), Some(127));
        assert_eq!(last_of_power(""), None);
    }
}
