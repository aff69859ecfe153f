//! Attach points, as data and as bpftrace's text.

use super::own_symbols::ROOT;
use std::fmt;

/// What makes a probe run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttachPoint {
    /// The trace begins.
    Begin,
    /// The trace ends.
    End,
    /// An interval has passed; it repeats.
    Interval {
        /// Nanoseconds from one time to the next; bpftrace knows none below a microsecond.
        period: u64,
    },
    /// Somebody sends bpftrace the signal SIGUSR1.
    Signal,
    /// An instruction of an executable is about to run.
    Uprobe {
        /// The executable's path.
        path: String,
        /// The number by which bpftrace finds the instruction: its link-time address or, with `--unsafe`, its offset in
        /// the file.
        number: u64,
    },
    /// One of the instructions at symbols of the script's own is about to run.
    OwnSymbols {
        /// The executable's path.
        path: String,
        /// Their names, with a wildcard at the end where there are several.
        pattern: String,
    },
}

impl fmt::Display for AttachPoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin => f.write_str("BEGIN"),
            Self::End => f.write_str("END"),
            Self::Signal => f.write_str("self:signal:SIGUSR1"),
            Self::Interval { period } => interval(f, *period),
            Self::Uprobe { path, number } => write!(f, "{}{number:#x}", before_place(path)),
            Self::OwnSymbols { path, pattern } => {
                write!(f, "{}{pattern}", before_place(&format!("{ROOT}{path}")))
            }
        }
    }
}

/// The text before the place of each uprobe in the executable at `path`.
#[must_use]
pub fn before_place(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+~".contains(c);
    if path.chars().all(plain) {
        format!("uprobe:{path}:")
    } else {
        format!("uprobe:\"{path}\":")
    }
}

/// Characters of a path that cannot be quoted: bpftrace takes them for patterns, or for its own syntax.
#[must_use]
pub fn refused_in_path(path: &str) -> Option<char> {
    path.chars()
        .find(|c| "*?[]\"\\".contains(*c) || super::text::is_hidden(*c))
}

/// `interval:s:5`, in the largest unit that holds it exactly (microseconds at the least).
fn interval(f: &mut fmt::Formatter<'_>, nanoseconds: u64) -> fmt::Result {
    for (unit, size) in [("s", 1_000_000_000), ("ms", 1_000_000)] {
        if nanoseconds >= size && nanoseconds.is_multiple_of(size) {
            return write!(f, "interval:{unit}:{}", nanoseconds / size);
        }
    }
    write!(f, "interval:us:{}", (nanoseconds / 1000).max(1))
}

#[cfg(test)]
mod tests {
    use super::{AttachPoint, refused_in_path};

    #[test]
    fn are_written_as_bpftrace_takes_them() {
        let uprobe = |path: &str| AttachPoint::Uprobe {
            path: path.to_owned(),
            number: 0x4821aa,
        };
        let interval = |period| AttachPoint::Interval { period };
        for (point, text) in [
            (AttachPoint::Begin, "BEGIN"),
            (AttachPoint::End, "END"),
            (AttachPoint::Signal, "self:signal:SIGUSR1"),
            (interval(1_000_000_000), "interval:s:1"),
            (interval(1_500_000_000), "interval:ms:1500"),
            (interval(1_500_000), "interval:us:1500"),
            (interval(1), "interval:us:1"),
            (uprobe("/srv/app"), "uprobe:/srv/app:0x4821aa"),
            (uprobe("/srv/a: b"), "uprobe:\"/srv/a: b\":0x4821aa"),
            (
                AttachPoint::OwnSymbols {
                    path: "/srv/a".into(),
                    pattern: "gobt_1_0_*".into(),
                },
                "uprobe:/proc/self/root/srv/a:gobt_1_0_*",
            ),
        ] {
            assert_eq!(point.to_string(), text);
        }
        assert_eq!(refused_in_path("/srv/a: b"), None);
        assert_eq!(refused_in_path("/srv/a*"), Some('*'));
    }
}
