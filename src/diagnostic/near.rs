//! Finds names that are similar to one that does not exist.
//!
//! Thresholds: a word of `n` characters may differ in `n / 3` of them, but at least one; words of one or two characters
//! must be equal but for case. An exchange of neighbours counts as one difference. For a function's name this applies
//! to its last element; of the part before it, at least 40 of 100 bytes must be equal.

mod distance;
mod function;

use distance::Pattern;

/// The word of `candidates` that `wanted` was probably meant to be: the nearest, and of equally near ones the first.
pub fn words<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let pattern = Pattern::new(wanted);
    let most = allowed(wanted.len());
    candidates
        .into_iter()
        .filter_map(|word| pattern.distance(word, most).map(|distance| (distance, word)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// The functions of `candidates` that `wanted` was probably meant to be, nearest first, at most `max`.
///
/// Case, a missing package path, a missing `(*…)` around a receiver and what stands in `[…]` make no difference. A
/// pattern whose last element is `*` gives patterns.
pub fn functions<'c>(wanted: &str, candidates: impl IntoIterator<Item = &'c str>, max: usize) -> Vec<String> {
    let wanted = function::Wanted::new(wanted);
    let mut found: Vec<(u32, &str)> = Vec::new();
    let mut last = "";
    for name in candidates {
        let name = wanted.subject(name);
        if std::mem::replace(&mut last, name) == name {
            continue;
        }
        if let Some(score) = wanted.score(name) {
            found.push((score, name));
        }
    }
    found.sort_unstable();
    found.dedup();
    found.truncate(max);
    found.into_iter().map(|(_, name)| wanted.written(name)).collect()
}

/// The same for functions of the source, and also for compiler-generated ones if the source has too few.
pub fn functions_of<'c>(
    wanted: &str,
    written: impl IntoIterator<Item = &'c str>,
    made: impl IntoIterator<Item = &'c str>,
    max: usize,
) -> Vec<String> {
    let mut found = functions(wanted, written, max);
    let more = functions(wanted, made, max);
    found.extend(more.into_iter().take(max.saturating_sub(found.len())));
    found
}

/// How many differences a word of `length` bytes may have.
fn allowed(length: usize) -> usize {
    match length {
        0..=2 => 0,
        length => (length / 3).max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::{functions, words};

    #[test]
    fn finds_misspelt_words() {
        let known = ["count", "latency", "trace", "skeleton"];
        assert_eq!(words("latecny", known), Some("latency"));
        assert_eq!(words("Latency", known), Some("latency"));
        assert_eq!(words("cuont", known), Some("count"));
        assert_eq!(words("banana", known), None);
        assert_eq!(words("by", ["in", "as"]), None);
        assert_eq!(words("", known), None);
    }

    const PROGRAM: [&str; 12] = [
        "net.(*sysDialer).dialTCP",
        "net.(*sysDialer).dialUDP",
        "net.(*sysDialer).dialParallel",
        "net/http.(*Client).do",
        "net/http.(*Client).Do",
        "net/http.(*conn).serve",
        "github.com/hashicorp/vault/vault.(*BarrierView).Put",
        "main.(*Store).Put",
        "main.Map[go.shape.int,go.shape.string]",
        "main.Value.String",
        "main.handleBar",
        "main.handleBar.func1",
    ];

    fn near(wanted: &str) -> Vec<String> {
        functions(wanted, PROGRAM, 3)
    }

    #[test]
    fn finds_misspelt_functions() {
        assert_eq!(near("net.(*sysDialer).dialTPC"), ["net.(*sysDialer).dialTCP"]);
        assert_eq!(near("net.(*sysdialer).dialtcp")[0], "net.(*sysDialer).dialTCP");
        assert_eq!(near("sysDialer.dialTCP")[0], "net.(*sysDialer).dialTCP");
        assert_eq!(near("dialTCP")[0], "net.(*sysDialer).dialTCP");
        assert_eq!(near("net.sysDialer.dialTCP")[0], "net.(*sysDialer).dialTCP");
        assert_eq!(near("net.dialTCP")[0], "net.(*sysDialer).dialTCP");
        assert_eq!(near("vault.(*BarrierView).Put")[0], PROGRAM[6]);
        assert_eq!(near("main.Map[int]")[0], PROGRAM[8]);
        assert_eq!(near("main.(*Value).String")[0], "main.Value.String");
        assert_eq!(near("main.handelBar")[0], "main.handleBar");
        assert_eq!(near("handle")[0], "main.handleBar");
    }

    #[test]
    fn finds_misspelt_patterns() {
        assert_eq!(near("net/htpp.(*Client).*"), ["net/http.(*Client).*"]);
        assert_eq!(near("net.(*sysDailer).*"), ["net.(*sysDialer).*"]);
    }

    #[test]
    fn finds_nothing_in_nonsense() {
        assert!(near("zzz.(*Quux).frobnicate").is_empty());
        assert!(near("").is_empty());
        assert!(near("*").is_empty());
        assert!(near("....").is_empty());
        assert!(near("[[[((").is_empty());
    }
}
