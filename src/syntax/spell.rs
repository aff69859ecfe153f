//! Values as a recipe spells them.

/// `nanoseconds` with the largest unit that leaves a whole number: `90s`, `1500ms`.
#[must_use]
pub fn duration(nanoseconds: u64) -> String {
    with_unit(
        nanoseconds,
        &[
            (3_600_000_000_000, "h"),
            (60_000_000_000, "m"),
            (1_000_000_000, "s"),
            (1_000_000, "ms"),
            (1_000, "us"),
            (1, "ns"),
        ],
    )
}

/// `bytes` with the largest unit that leaves a whole number: `4KiB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    with_unit(
        bytes,
        &[
            (1 << 40, "TiB"),
            (1 << 30, "GiB"),
            (1 << 20, "MiB"),
            (1 << 10, "KiB"),
            (1, "B"),
        ],
    )
}

fn with_unit(value: u64, units: &[(u64, &str)]) -> String {
    units
        .iter()
        .find(|(factor, _)| value.is_multiple_of(*factor) && value != 0)
        .or(units.last())
        .map_or_else(
            || value.to_string(),
            |(factor, unit)| format!("{}{unit}", value / factor),
        )
}

/// `text` in quotes, with the language's escapes; braces doubled in a printed text.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    escape_into(&mut out, text);
    out.push('"');
    out
}

/// Appends `text` as it stands between quotes.
pub fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
}
