//! Gives out identifiers: legal in bpftrace, unlike every other of their kind, and the same for the same input.
//!
//! Variables and maps may be called anything, since `$` and `@` stand before them (tried with every word of bpftrace
//! 0.17, 0.23 and 0.27). Structs and their members may not: clang reads their definitions, and knows keywords, types
//! and macros (`linux`, `unix`, `asm`), and words of bpftrace's own grammar (`string`, `buffer`, `inet`) are no names
//! behind `->`. Both lists grow. So no list decides, but the form of a name: all these words begin with `_` or have
//! letters of one case only. Names of that form get a `_` at their end.

use std::collections::BTreeSet;

/// The names of one kind (maps, variables, structs) that are taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names {
    taken: BTreeSet<String>,
}

/// Longer names say nothing more to a reader, and a stranger's type names can be very long.
const LONGEST: usize = 48;

impl Names {
    /// A name for a map: the first of `preferred` that is free, or else one derived from the last.
    pub(crate) fn allocate_map(&mut self, preferred: &[&str]) -> String {
        let free = preferred
            .iter()
            .map(|w| identifier(w))
            .find(|w| !self.taken.contains(w));
        match free {
            Some(name) => {
                self.taken.insert(name.clone());
                name
            }
            None => self.allocate(preferred.last().unwrap_or(&"result")),
        }
    }

    /// True if the name was given out.
    #[must_use]
    pub(crate) fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// A name for a variable or map, as near to `preferred` as can be, taken from now on.
    pub(crate) fn allocate(&mut self, preferred: &str) -> String {
        self.numbered(&identifier(preferred), "")
    }

    /// A name for a struct or a member of one, likewise.
    pub(crate) fn allocate_in_c(&mut self, preferred: &str) -> String {
        let plain = identifier(preferred);
        let end = if is_no_word(&plain) { "" } else { "_" };
        self.numbered(&plain, end)
    }

    fn numbered(&mut self, plain: &str, end: &str) -> String {
        let mut name = format!("{plain}{end}");
        let mut n = 2;
        while !self.taken.insert(name.clone()) {
            let apart = if plain.ends_with(|c: char| c.is_ascii_digit()) {
                "_"
            } else {
                ""
            };
            name = format!("{plain}{apart}{n}{end}");
            n += 1;
        }
        name
    }
}

/// A name without a meaning in any release of C, clang or bpftrace: it begins with a letter and has letters of both
/// cases.
fn is_no_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.contains(|c: char| c.is_ascii_uppercase())
        && name.contains(|c: char| c.is_ascii_lowercase())
}

/// `text` with everything that an identifier cannot hold turned into `_`.
#[must_use]
pub(crate) fn identifier(text: &str) -> String {
    let in_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if text.len() <= LONGEST && text.chars().all(in_word) && !starts_wrong(text) {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_alphanumeric() { c } else { '_' };
        if c == '_' && out.ends_with('_') {
            continue;
        }
        out.push(c);
        if out.len() >= LONGEST {
            break;
        }
    }
    while out.ends_with('_') && out.len() > 1 {
        out.pop();
    }
    if starts_wrong(&out) {
        out.insert(0, '_');
    }
    out
}

fn starts_wrong(name: &str) -> bool {
    name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_legal_and_unlike() {
        let mut names = Names::default();
        assert_eq!(names.allocate("logical.StorageEntry"), "logical_StorageEntry");
        assert_eq!(names.allocate("logical.StorageEntry"), "logical_StorageEntry2");
        assert_eq!(names.allocate("(*T[go.shape.int]).Get"), "_T_go_shape_int_Get");
        assert_eq!(names.allocate("2nd"), "_2nd");
        assert_eq!(names.allocate(""), "_");
        assert_eq!(names.allocate("x1"), "x1");
        assert_eq!(names.allocate("x1"), "x1_2");
        assert_eq!(names.allocate("comm"), "comm");
        assert_eq!(names.allocate("__x__"), "__x__");
    }

    #[test]
    fn members_are_no_words() {
        let mut names = Names::default();
        let of_wishes = [
            ("linux", "linux_"),
            ("linux_", "linux__"),
            ("NULL", "NULL_"),
            ("RemoteAddr", "RemoteAddr"),
            ("_Bool", "_Bool_"),
            ("__attribute__", "__attribute___"),
            ("gap0", "gap0_"),
            ("gap0_", "gap0__"),
            ("gap0", "gap0_2_"),
            ("größe", "gr_e_"),
            ("名前", "__"),
            ("_", "_2_"),
        ];
        for (preferred, name) in of_wishes {
            assert_eq!(names.allocate_in_c(preferred), name);
        }
    }
}
