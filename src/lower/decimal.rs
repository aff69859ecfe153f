//! Floating point numbers as decimal ones: from their bits, with whole numbers of 64 bits, the digits that Go's `%v`
//! has.
//!
//! A number m * 2^e becomes 18 or 19 decimal digits by one multiplication with a power of ten, of which the upper half
//! is enough; then the most zeros are found at its end that keep it within half a unit of the float's last place, as
//! the shortest text of a float has them. Of texts with up to 15 digits none was seen to differ from Go's (200,000
//! tried); of longer ones two in a thousand, in the last digit.

use super::Fragment;
use super::memo::ByBlock;
use super::values::arg;
use super::writer::Writer;
use crate::bt::{Expr as Bt, Stmt};
use crate::plan::{Expr, Number};

/// The map of powers of ten: 10^0 to 10^27 at these keys, 10^-308 to 10^336 by steps of 28 behind them, each as its
/// first 64 bits.
pub(super) const POWERS: &str = "powers_of_ten";
/// So many of one step.
const FINE: u32 = 28;
/// From this key on the map has small numbers as they are. What comes out of a map is any number to the kernel's
/// verifier; a number that was counted in branches it would follow separately for each way through them, and give up
/// after a million steps.
const SAME: u32 = 64;

/// Floats that one probe shows as decimal numbers, and those of one that shows numbers alone. Each is 600 of the 32,767
/// instructions that a jump can go over, and 16 bytes of the stack. Beside three texts and two errors 14 were loaded
/// and 18 were not; in a line with lists of them 24 were, and 28 were not (0.23 and 0.27).
const MOST: usize = 12;
const MOST_ALONE: usize = 18;

/// What one of them takes in pieces of a line, apart from the four that it is there.
pub(super) const PIECES: usize = 18;

/// Computes `$characters` of `$bits`: three times eight characters, the first one in the lowest byte, those of an
/// exponent, and how many of each are meant, in four bits each. Tuples are kept in memory, since the stack has no room
/// for five numbers of each float; what comes from there is any number to the kernel's verifier, which would else
/// follow each length by itself.
const DIGITS: &str = include_str!("decimal.bt");

/// Makes text of a number below 10^8.
const TEXT_OF_EIGHT: &str = "$eight = ($eight / 10000) | (($eight % 10000) << 32);
	$z = (($eight * 10486) >> 20) & 0x7f0000007f;
	$eight = $z | ((uint64)((int64)$eight - (int64)($z * 100)) << 16);
	$z = (($eight * 103) >> 10) & 0xf000f000f000f;
	$eight = ($z | ((uint64)((int64)$eight - (int64)($z * 10)) << 8)) | 0x3030303030303030;";

/// The entries of the map.
pub(super) fn powers() -> Vec<(Bt, u64)> {
    let fine = (0..FINE).map(|n| (n, power(i64::from(n))));
    let coarse = (0..24).map(|n| (FINE + n, power((i64::from(n) - 11) * i64::from(FINE))));
    let key = |n: u32| Bt::Int(n.into()).cast("uint64");
    let same = (0..19).map(|n| (SAME + n, u64::from(n)));
    let all = fine.chain(coarse).chain(same);
    all.map(|(n, bits)| (key(n), bits)).collect()
}

/// The first 64 bits of 10^n, rounded: multiplied or divided step by step with 128 bits.
fn power(n: i64) -> u64 {
    let mut bits: u128 = 1 << 127;
    for _ in 0..n.unsigned_abs() {
        if n > 0 {
            // 10/8 and 10/16 of a number with its top bit set: one of them has it set too.
            let up = (bits >> 1) + (bits >> 3);
            bits = if up >> 127 == 1 { up } else { up << 1 };
        } else {
            // 8/10 and 16/10.
            let tenth = bits / 5 * 4 + bits % 5 * 4 / 5;
            bits = if tenth >> 127 == 1 {
                tenth
            } else {
                (tenth << 1) | ((bits % 5 * 8 / 5) & 1)
            };
        }
    }
    let rounded = (bits >> 64) + (bits >> 63 & 1);
    u64::try_from(rounded).unwrap_or(u64::MAX)
}

/// A float that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Float {
    bits: Expr,
    /// In bytes.
    size: u64,
    /// A sign stands before it in any case.
    plus: bool,
}

/// The floats that a probe shows as decimal numbers.
#[derive(Debug, Default)]
pub(super) struct Floats {
    /// How many so far.
    pub(super) shown: usize,
    /// The variables of those whose characters are at hand.
    pub(super) characters: ByBlock<Float, String>,
}

impl Writer<'_> {
    /// A float of `size` bytes as Go's `%v` prints it; with `plus`, a sign before it in any case. Where a probe has no
    /// room for its digits, or the release cannot print them, its bits.
    pub(super) fn float_fragments(&mut self, n: &Number, size: u64, plus: bool) -> Vec<Fragment> {
        let float = Float {
            bits: n.expr.clone(),
            size,
            plus,
        };
        if let Some(characters) = self.floats.characters.get(|known| *known == float) {
            return pieces(characters);
        }
        let most = if self.style.only_numbers { MOST_ALONE } else { MOST };
        if !self.dialect.shows_bytes_of_numbers() || self.style.crowded || self.floats.shown >= most {
            let prefix = match (size, plus) {
                (4, false) => "float32 bits 0x",
                (4, true) => " + float32 bits 0x",
                (_, false) => "float64 bits 0x",
                (_, true) => " + float64 bits 0x",
            };
            return self.number_fragments(prefix, "%llx", n, false);
        }
        self.floats.shown += 1;
        self.push(Stmt::Comment(format!("the characters of {}", self.about.name)));
        let bits = self.unsigned(&n.expr);
        let Bt::Var(bits) = self.assign("_bits", bits) else {
            return Vec::new();
        };
        let characters = self.reserve("_characters");
        let digits = template(size, plus).replace("TEXT_OF_EIGHT", TEXT_OF_EIGHT);
        let mut statements = String::with_capacity(digits.len());
        let mut rest = digits.as_str();
        while let Some((before, after)) = rest.split_once('$') {
            let end = after
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            statements.push_str(before);
            statements.push('$');
            match name {
                "bits" => statements.push_str(&bits),
                "characters" => statements.push_str(&characters),
                // What is needed on the way is shared by all floats.
                name => statements.push_str(&self.shared(name)),
            }
            rest = after;
        }
        statements.push_str(rest);
        self.push(Stmt::Raw(statements));
        let fragments = pieces(&characters);
        self.floats.characters.add(self.depth, float, characters);
        fragments
    }
}

/// What is printed of a float whose characters are in this variable.
fn pieces(characters: &str) -> Vec<Fragment> {
    let piece = |at: usize| Bt::Element(Box::new(Bt::Var(characters.to_string())), at);
    [(0, 0), (1, 4), (2, 8), (3, 12)]
        .map(|(at, bit)| {
            let count = piece(4).binary(">>", Bt::Int(bit)).binary("&", Bt::Int(15));
            let word = Bt::Call("kptr", vec![piece(at)]).cast("uint8[8]");
            arg("%r", Bt::Call("buf", vec![word, count]))
        })
        .into()
}

/// The statements for floats of `size` bytes.
fn template(size: u64, plus: bool) -> String {
    let parts: [(&str, &str); 6] = if size == 4 {
        [
            ("SIGN_AT", "31"),
            ("POINT_AT", "23"),
            ("EXPONENTS", "0xff"),
            ("FRACTION", "0x7fffff"),
            ("BIAS", "150"),
            ("NORMAL_UP", "39"),
        ]
    } else {
        [
            ("SIGN_AT", "63"),
            ("POINT_AT", "52"),
            ("EXPONENTS", "0x7ff"),
            ("FRACTION", "0xfffffffffffff"),
            ("BIAS", "1075"),
            ("NORMAL_UP", "10"),
        ]
    };
    // A float32 has so few digits that the middles between floats are told exactly: they count for an even one.
    let slack = if size == 4 {
        "(int64)1 - (int64)(($fraction & 1) << 1)"
    } else {
        "(int64)2"
    };
    let signs = if plus {
        [
            ("NO_SIGN", "(uint64)0x2b"),
            ("NAN_LENGTH", "4"),
            ("NAN", "(uint64)0x4e614e2b"),
        ]
    } else {
        [
            ("NO_SIGN", "(uint64)0"),
            ("NAN_LENGTH", "3"),
            ("NAN", "(uint64)0x4e614e"),
        ]
    };
    let all = parts.into_iter().chain(signs).chain([("SLACK", slack)]);
    all.fold(DIGITS.trim_end().to_string(), |text, (word, value)| {
        text.replace(word, value)
    })
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn powers_are_rounded() {
        assert_eq!(power(0), 1 << 63);
        assert_eq!(power(1), 0xa000_0000_0000_0000);
        assert_eq!(power(27), 0xcecb_8f27_f420_0f3a);
        assert_eq!(power(-1), 0xcccc_cccc_cccc_cccd);
    }
}
