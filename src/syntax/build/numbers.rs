//! Numbers with their units.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A number with the meaning of its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// No unit.
    Plain(u64),
    /// Nanoseconds.
    Duration(u64),
    /// Bytes.
    Size(u64),
    /// Per second, of `profile`.
    Hertz(u64),
    /// With a fraction; its value is nowhere used.
    Float,
}

#[derive(Clone, Copy)]
enum Unit {
    Duration(u64),
    Size(u64),
    Hertz,
}

const UNITS: &[(&str, Unit)] = &[
    ("ns", Unit::Duration(1)),
    ("us", Unit::Duration(1_000)),
    ("µs", Unit::Duration(1_000)),
    ("μs", Unit::Duration(1_000)),
    ("ms", Unit::Duration(1_000_000)),
    ("s", Unit::Duration(1_000_000_000)),
    ("m", Unit::Duration(60_000_000_000)),
    ("h", Unit::Duration(3_600_000_000_000)),
    ("B", Unit::Size(1)),
    ("KiB", Unit::Size(1 << 10)),
    ("MiB", Unit::Size(1 << 20)),
    ("GiB", Unit::Size(1 << 30)),
    ("TiB", Unit::Size(1 << 40)),
    ("hz", Unit::Hertz),
    ("Hz", Unit::Hertz),
];

/// The unit that `word` probably means.
fn meant_unit(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    UNITS
        .iter()
        .find(|(unit, _)| *unit == word)
        .map(|(unit, _)| *unit)
        .or_else(|| crate::words::unit(word))
        .or_else(|| {
            UNITS
                .iter()
                .find(|(unit, _)| unit.to_lowercase() == lower)
                .map(|(unit, _)| *unit)
        })
}

/// Reads `text`, which begins with a digit.
pub(super) fn read(text: &str, span: Span) -> Result<Number, Diagnostic> {
    if let Some((whole, rest)) = text.split_once('.') {
        return fraction(text, whole, rest, span);
    }
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        return plain(text, digits, 16, span).map(Number::Plain);
    }
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '_')
        .unwrap_or(text.len());
    let (digits, suffix) = text.split_at(end);
    if digits.len() > 1 && digits.starts_with('0') {
        return Err(
            malformed(text, span, "a number does not begin with 0").help(format!(
                "write {} for the decimal number, or 0x… for a hexadecimal one",
                match text.trim_start_matches(['0', '_']) {
                    "" => "0",
                    rest => rest,
                }
            )),
        );
    }
    if suffix.is_empty() {
        return plain(text, digits, 10, span).map(Number::Plain);
    }
    let Some((_, unit)) = UNITS.iter().find(|(name, _)| *name == suffix) else {
        return Err(unknown_unit(text, digits, suffix, span));
    };
    let value = plain(text, digits, 10, span)?;
    let number = match unit {
        Unit::Duration(factor) => value.checked_mul(*factor).map(Number::Duration),
        Unit::Size(factor) => value.checked_mul(*factor).map(Number::Size),
        Unit::Hertz => Some(Number::Hertz(value)),
    };
    number.ok_or_else(|| too_large(text, span))
}

fn plain(text: &str, digits: &str, radix: u32, span: Span) -> Result<u64, Diagnostic> {
    let separated = !digits.is_empty()
        && !digits.ends_with('_')
        && !digits.contains("__")
        && (radix == 16 || !digits.starts_with('_'));
    if !separated || !digits.chars().all(|c| c.is_digit(radix) || c == '_') {
        return Err(malformed(text, span, "this is not a number")
            .help("numbers are written 42, 0x2a or 1_000, with single `_` between digits"));
    }
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    u64::from_str_radix(&digits, radix).map_err(|_| too_large(text, span))
}

fn malformed(text: &str, span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(
        Code::NUMBER,
        format!("`{text}` is not a number, duration or size"),
    )
    .at(span, label)
}

fn too_large(text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Code::NUMBER, format!("`{text}` is too large"))
        .at(span, "does not fit into 64 bits")
        .note("the largest number is 18446744073709551615, the longest duration 18446744073s (584 years)")
}

fn unknown_unit(text: &str, digits: &str, suffix: &str, span: Span) -> Diagnostic {
    let diagnostic = malformed(text, span, &format!("`{suffix}` is not a unit"));
    match meant_unit(suffix) {
        Some(unit) => diagnostic.help(format!("write `{digits}{unit}`")),
        None => diagnostic
            .note("durations are written 150ns, 10us, 5ms, 2s, 1m, 1h; sizes 512B, 4KiB, 1MiB, 1GiB"),
    }
}

fn fraction(text: &str, whole: &str, rest: &str, span: Span) -> Result<Number, Diagnostic> {
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (decimals, suffix) = rest.split_at(end);
    if suffix.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(Number::Float);
    }
    let diagnostic = malformed(text, span, "durations and sizes are whole numbers");
    Err(match smaller(whole, decimals, suffix) {
        Some(better) => diagnostic.help(format!("write `{better}`")),
        None => diagnostic.help("choose a smaller unit, as in 1500ms for one and a half seconds"),
    })
}

/// `1.5s` as `1500ms`.
fn smaller(whole: &str, decimals: &str, suffix: &str) -> Option<String> {
    let (_, unit) = UNITS.iter().find(|(name, _)| *name == suffix)?;
    let digits = u32::try_from(decimals.len()).ok()?;
    let tenths = format!("{whole}{decimals}").parse::<u64>().ok()?;
    let scale = 10_u64.checked_pow(digits)?;
    let exact = |factor: u64| {
        let value = tenths.checked_mul(factor)?;
        (value % scale == 0).then_some(value / scale)
    };
    match unit {
        Unit::Duration(factor) => Some(super::super::spell::duration(exact(*factor)?)),
        Unit::Size(factor) => Some(super::super::spell::size(exact(*factor)?)),
        Unit::Hertz => None,
    }
}
