//! Spans of time.

/// Units from the smallest, with their nanoseconds.
const UNITS: [(&str, u64); 3] = [("ns", 1), ("µs", 1_000), ("ms", 1_000_000)];
const SECOND: u64 = 1_000_000_000;

/// `1h2m3.5s`, `1.5ms`, `0s`: what `time.Duration.String` makes of it (`src/time/time.go`).
pub(crate) fn go(nanoseconds: i128) -> String {
    let minus = if nanoseconds < 0 { "-" } else { "" };
    let span = u64::try_from(nanoseconds.unsigned_abs()).unwrap_or(u64::MAX);
    if span == 0 {
        return "0s".to_owned();
    }
    if span < SECOND {
        let (name, unit) = UNITS
            .into_iter()
            .rev()
            .find(|(_, unit)| span >= *unit)
            .unwrap_or(("ns", 1));
        return format!("{minus}{}{name}", fraction(span, unit));
    }
    let (hours, rest) = (span / (3600 * SECOND), span % (3600 * SECOND));
    let (minutes, rest) = (rest / (60 * SECOND), rest % (60 * SECOND));
    let seconds = fraction(rest, SECOND);
    if hours > 0 {
        format!("{minus}{hours}h{minutes}m{seconds}s")
    } else if minutes > 0 {
        format!("{minus}{minutes}m{seconds}s")
    } else {
        format!("{minus}{seconds}s")
    }
}

/// A span in a unit, without zeros at its end.
fn fraction(span: u64, unit: u64) -> String {
    let (whole, part) = (span / unit, span % unit);
    if part == 0 {
        return whole.to_string();
    }
    let digits = unit.ilog10() as usize;
    let text = format!("{whole}.{part:0digits$}");
    text.trim_end_matches('0').to_owned()
}

/// The time that a call took: `5.399ms`.
pub(crate) fn measured(nanoseconds: u64) -> String {
    let (scale, unit) = match nanoseconds {
        0..1_000_000 => (1, "µs"),
        1_000_000..SECOND => (1_000, "ms"),
        _ => (1_000_000, "s"),
    };
    let thousandths = nanoseconds / scale;
    format!("{}.{:03}{unit}", thousandths / 1000, thousandths % 1000)
}

#[cfg(test)]
mod tests {
    use super::{go, measured};

    #[test]
    fn are_go_s() {
        for (nanoseconds, text) in [
            (0, "0s"),
            (1, "1ns"),
            (1_500, "1.5µs"),
            (2_500_000, "2.5ms"),
            (999_999_999, "999.999999ms"),
            (1_000_000_000, "1s"),
            (90_000_000_000, "1m30s"),
            (3_723_500_000_000, "1h2m3.5s"),
            (3_600_000_000_000, "1h0m0s"),
            (-1_500, "-1.5µs"),
            (i128::from(i64::MIN), "-2562047h47m16.854775808s"),
        ] {
            assert_eq!(go(nanoseconds), text);
        }
    }

    #[test]
    fn measured_times_have_three_decimals() {
        assert_eq!(measured(5_399_123), "5.399ms");
        assert_eq!(measured(999), "0.999µs");
        assert_eq!(measured(1_234_000_000), "1.234s");
    }
}
