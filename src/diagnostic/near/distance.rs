//! How many characters differ between two short words.

/// A word that others are compared with. ASCII case makes no difference.
///
/// Bit-parallel (one machine word holds a column of the table), after H. Hyyrö, "A bit-vector algorithm for computing
/// Levenshtein and Damerau edit distances", 2003: hundreds of thousands of names are compared for one message. Words
/// longer than 64 bytes are compared by their last 64.
pub(super) struct Pattern {
    /// For each byte, where it stands in the word.
    places: [u64; 256],
    length: usize,
}

impl Pattern {
    pub(super) fn new(word: &str) -> Self {
        let mut places = [0; 256];
        let bytes = tail(word.as_bytes());
        for (position, byte) in bytes.iter().enumerate() {
            if let Some(place) = places.get_mut(usize::from(byte.to_ascii_lowercase())) {
                *place |= 1_u64 << position;
            }
        }
        Self {
            places,
            length: bytes.len(),
        }
    }

    /// Insertions, deletions, replacements and exchanges of neighbours between the words, if they are at most `most`.
    pub(super) fn distance(&self, other: &str, most: usize) -> Option<usize> {
        let other = tail(other.as_bytes());
        if self.length == 0 || other.len().abs_diff(self.length) > most {
            return None;
        }
        let highest = 1_u64 << (self.length - 1);
        let mut distance = self.length;
        let (mut positive, mut negative) = (u64::MAX, 0_u64);
        let (mut diagonal, mut previous) = (0_u64, 0_u64);
        for byte in other {
            let places = self
                .places
                .get(usize::from(byte.to_ascii_lowercase()))
                .copied()
                .unwrap_or_default();
            let exchanged = ((!diagonal & places) << 1) & previous;
            diagonal =
                ((places & positive).wrapping_add(positive) ^ positive) | places | negative | exchanged;
            let up = negative | !(diagonal | positive);
            let down = diagonal & positive;
            distance += usize::from(up & highest != 0);
            distance -= usize::from(down & highest != 0);
            let up = (up << 1) | 1;
            positive = (down << 1) | !(diagonal | up);
            negative = up & diagonal;
            previous = places;
        }
        (distance <= most).then_some(distance)
    }
}

fn tail(bytes: &[u8]) -> &[u8] {
    bytes.get(bytes.len().saturating_sub(64)..).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn distance(a: &str, b: &str) -> Option<usize> {
        Pattern::new(a).distance(b, 100)
    }

    #[test]
    fn counts_differences() {
        assert_eq!(distance("kitten", "sitting"), Some(3));
        assert_eq!(distance("dialTCP", "dialTPC"), Some(1));
        assert_eq!(distance("Put", "put"), Some(0));
        assert_eq!(distance("abc", ""), Some(3));
        assert_eq!(distance("a", "abcd"), Some(3));
        assert_eq!(distance("ca", "abc"), Some(3));
        assert_eq!(Pattern::new("abc").distance("xyz", 2), None);
    }

    /// The same by the table.
    fn slow(a: &[u8], b: &[u8]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                    let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(table[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn agrees_with_the_table() {
        let mut seed = 7_u64;
        let mut word = || {
            let mut word = String::new();
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            for shift in 0..(seed >> 60) {
                word.push(char::from(
                    b'a' + u8::try_from((seed >> (shift * 3)) & 3).unwrap(),
                ));
            }
            word
        };
        for _ in 0..20_000 {
            let (a, b) = (word(), word());
            if !a.is_empty() {
                assert_eq!(
                    distance(&a, &b),
                    Some(slow(a.as_bytes(), b.as_bytes())),
                    "{a} {b}"
                );
            }
        }
    }
}
