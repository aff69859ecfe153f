//! Dates and times of day.

/// Days from year 0 to 1970, in a calendar whose years begin with March.
const DAYS_TO_1970: i64 = 719_468;
const DAY: i64 = 86_400;

/// Seconds since 1970 and nanoseconds of the words of a `time.Time` (`src/time/time.go`: with a monotonic reading,
/// `wall` has the seconds since 1885 behind its first bit; without, `ext` has those since year 1).
pub(crate) fn of_words(wall: u64, ext: u64) -> (i64, u32) {
    let nanoseconds = (wall & 0x3fff_ffff) as u32;
    let seconds = if wall >> 63 == 1 {
        ((wall << 1 >> 31) as i64).saturating_sub(31_045 * DAY)
    } else {
        (ext as i64).saturating_sub(719_162 * DAY)
    };
    (seconds, nanoseconds)
}

/// Year, month, day.
fn date(seconds: i64) -> (i64, i64, i64) {
    let days = seconds.div_euclid(DAY) + DAYS_TO_1970;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (year_of_era + era * 400 + next, month, day)
}

/// `2026-11-21 10:33:25.852100049 UTC`
pub(crate) fn utc(seconds: i64, nanoseconds: u32) -> String {
    let (year, month, day) = date(seconds);
    let clock = clock(seconds);
    let year = four_digits(year);
    format!("{year}-{month:02}-{day:02} {clock}.{nanoseconds:09} UTC")
}

/// `2026-11-21T10:33:25.852100049Z`
pub(crate) fn rfc3339(seconds: i64, nanoseconds: u32) -> String {
    let (year, month, day) = date(seconds);
    let clock = clock(seconds);
    let year = four_digits(year);
    format!("{year}-{month:02}-{day:02}T{clock}.{nanoseconds:09}Z")
}

/// `10:33:25`
pub(crate) fn clock(seconds: i64) -> String {
    let of_day = seconds.rem_euclid(DAY);
    format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60)
}

/// A year as Go writes it: a sign stands before four digits.
fn four_digits(year: i64) -> String {
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}", year.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::{of_words, utc};

    #[test]
    fn words_are_times() {
        // time.Date(2024, 2, 29, 23, 59, 58, 0, time.UTC) and time.Unix(0, 0): without a monotonic reading.
        let year_one = 62_135_596_800u64;
        assert_eq!(of_words(0, year_one), (0, 0));
        assert_eq!(utc(1_709_251_198, 5), "2024-02-29 23:59:58.000000005 UTC");
        assert_eq!(utc(0, 0), "1970-01-01 00:00:00.000000000 UTC");
        assert_eq!(utc(-1, 0), "1969-12-31 23:59:59.000000000 UTC");
        // Seconds since 1885-01-01: 2682374400 of them are 1970.
        let wall = 1 << 63 | 2_682_288_000u64 << 30 | 7;
        assert_eq!(of_words(wall, 99), (0, 7));
    }
}
