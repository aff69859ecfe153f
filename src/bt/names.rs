//! Gives out identifiers: legal in bpftrace, unlike every other of their kind, and the same for the same input.

use super::words::is_reserved;
use std::collections::BTreeSet;

/// The names of one kind (maps, variables, structs) that are taken.
#[derive(Clone, Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

/// Longer names say nothing more to a reader, and a stranger's type names can be very long.
const LONGEST: usize = 48;

impl Names {
    /// A name for a map: there no word is reserved, since `@` stands before it.
    pub fn allocate_map(&mut self, wishes: &[&str]) -> String {
        let free = wishes
            .iter()
            .map(|w| spelled(w))
            .find(|w| !self.taken.contains(w));
        match free {
            Some(name) => {
                self.taken.insert(name.clone());
                name
            }
            None => self.allocate(wishes.last().unwrap_or(&"result")),
        }
    }

    /// True if the name was given out.
    #[must_use]
    pub fn is_taken(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// A name as near to `wish` as can be, taken from now on.
    pub fn allocate(&mut self, wish: &str) -> String {
        let plain = identifier(wish);
        let mut name = plain.clone();
        let mut n = 2;
        while !self.taken.insert(name.clone()) {
            name = format!(
                "{plain}{}{n}",
                if plain.ends_with(|c: char| c.is_ascii_digit()) {
                    "_"
                } else {
                    ""
                }
            );
            n += 1;
        }
        name
    }
}

/// `wish` with everything that an identifier cannot hold turned into `_`.
#[must_use]
pub fn identifier(wish: &str) -> String {
    let mut out = spelled(wish);
    if is_reserved(&out) {
        out.push('_');
    }
    out
}

/// `wish` in letters, digits and `_`.
fn spelled(wish: &str) -> String {
    let mut out = String::new();
    for c in wish.chars() {
        let c = if c.is_ascii_alphanumeric() { c } else { '_' };
        if c == '_' && out.ends_with('_') {
            continue;
        }
        out.push(c);
        if out.len() >= LONGEST {
            break;
        }
    }
    if out.len() > 1 {
        while out.ends_with('_') && out.len() > 1 {
            out.pop();
        }
    }
    if out.is_empty() || out.starts_with(|c: char| c.is_ascii_digit()) {
        out.insert(0, '_');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_legal_and_unlike() {
        let mut names = Names::default();
        assert_eq!(names.allocate("logical.StorageEntry"), "logical_StorageEntry");
        assert_eq!(names.allocate("logical.StorageEntry"), "logical_StorageEntry2");
        assert_eq!(names.allocate("comm"), "comm_");
        assert_eq!(names.allocate("(*T[go.shape.int]).Get"), "_T_go_shape_int_Get");
        assert_eq!(names.allocate("2nd"), "_2nd");
        assert_eq!(names.allocate(""), "_");
        assert_eq!(names.allocate("x1"), "x1");
        assert_eq!(names.allocate("x1"), "x1_2");
    }
}
