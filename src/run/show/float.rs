//! Floating point numbers, as `fmt.Sprint` prints them: the shortest digits that tell the number, with an exponent
//! below -4 and from 6 on (`%e is used`, `src/strconv/ftoa.go`).

/// The number of these bits, of 4 or 8 bytes; with `plus`, its sign stands before it in any case.
pub(crate) fn go(bits: u64, size: u64, plus: bool) -> String {
    let (scientific, value) = if size == 4 {
        let value = f32::from_bits(bits as u32);
        (format!("{value:e}"), f64::from(value))
    } else {
        let value = f64::from_bits(bits);
        (format!("{value:e}"), value)
    };
    if value.is_nan() {
        return if plus { "+NaN" } else { "NaN" }.to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = match (value.is_sign_negative(), plus) {
        (true, _) => "-",
        (false, true) => "+",
        (false, false) => "",
    };
    let plain = scientific.trim_start_matches('-');
    let (mantissa, exponent) = plain.split_once('e').unwrap_or((plain, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    format!("{sign}{}", placed(&digits, mantissa, exponent))
}

/// Digits with their point, or their exponent, at its place.
fn placed(digits: &str, mantissa: &str, exponent: i32) -> String {
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let Ok(before) = usize::try_from(exponent + 1) else {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("0.{zeros}{digits}");
    };
    if before == 0 {
        return format!("0.{digits}");
    }
    match digits.split_at_checked(before) {
        Some((whole, "")) => whole.to_owned(),
        Some((whole, part)) => format!("{whole}.{part}"),
        None => format!("{digits}{}", "0".repeat(before - digits.len())),
    }
}

/// What stands before the point: `int64(x)` in Go on amd64, where what is too large, or no number, becomes the smallest
/// number.
pub(crate) fn whole(bits: u64, size: u64) -> i64 {
    let value = if size == 4 {
        f64::from(f32::from_bits(bits as u32))
    } else {
        f64::from_bits(bits)
    };
    // 2^63 is the first that is too large.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value) {
        value as i64
    } else {
        i64::MIN
    }
}

#[cfg(test)]
mod tests {
    use super::{go, whole};

    #[test]
    fn are_go_s() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (1.5, "1.5"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (100_000.0, "100000"),
            (2_100_000.0, "2.1e+06"),
            (123_456.5, "123456.5"),
            (123_456_789.0, "1.23456789e+08"),
            (1e20, "1e+20"),
            (1e21, "1e+21"),
            (f64::MAX, "1.7976931348623157e+308"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
        ] {
            assert_eq!(go(value.to_bits(), 8, false), text);
        }
        assert_eq!(go(1.5f64.to_bits(), 8, true), "+1.5");
        assert_eq!(go(u64::from(0.1f32.to_bits()), 4, false), "0.1");
        assert_eq!(go(f64::NAN.to_bits(), 8, false), "NaN");
    }

    #[test]
    fn whole_numbers_are_amd64_s() {
        assert_eq!(whole((-2.9f64).to_bits(), 8), -2);
        assert_eq!(whole(f64::NAN.to_bits(), 8), i64::MIN);
        assert_eq!(whole(1e19f64.to_bits(), 8), i64::MIN);
    }
}
