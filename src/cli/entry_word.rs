//! Where the kernel says where a process's program begins.

use crate::bt::dialect::Dialect;
use std::path::Path;

/// The kind of the entry that has it (`include/uapi/linux/auxvec.h`).
const AT_ENTRY: u64 = 9;

/// The dialect of a script that can read it. It needs the kernel's own types.
#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the machine is asked what it has"
)]
pub(super) fn found(dialect: Dialect) -> Dialect {
    let auxv = std::fs::read("/proc/self/auxv").unwrap_or_default();
    let entry_word = word_of(&auxv).filter(|_| Path::new("/sys/kernel/btf/vmlinux").exists());
    Dialect {
        entry_word,
        ..dialect
    }
}

/// Which word of such a vector is the value of that entry. What stands before it is the same for all processes.
fn word_of(auxv: &[u8]) -> Option<u32> {
    let (words, _) = auxv.as_chunks::<8>();
    let kinds = words.iter().step_by(2);
    let entry = kinds
        .map(|word| u64::from_ne_bytes(*word))
        .position(|kind| kind == AT_ENTRY)?;
    u32::try_from(2 * entry + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::word_of;

    #[test]
    fn words() {
        let vector = |words: &[u64]| {
            words
                .iter()
                .flat_map(|word| word.to_ne_bytes())
                .collect::<Vec<_>>()
        };
        assert_eq!(word_of(&vector(&[33, 9, 6, 4096, 9, 0x40_1000, 0, 0])), Some(5));
        assert_eq!(word_of(&vector(&[9, 1, 0, 0])), Some(1));
        assert_eq!(word_of(&vector(&[33, 9, 0, 0])), None);
        assert_eq!(word_of(&[9, 0, 0]), None);
    }
}
