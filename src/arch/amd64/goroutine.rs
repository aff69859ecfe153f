//! Where a thread keeps its pointer to `runtime.g`: forms of the code that loads R14, and TLS variant II.
//!
//! Source: `load_g` in `src/cmd/internal/obj/x86/obj6.go`; `computeTLSOffset` in `src/cmd/link/internal/ld/sym.go`.

use crate::arch::{ThreadBlock, ThreadLocal};

/// The block lies below FS, and ends at it.
pub(super) fn thread_offset(value: u64, block: &ThreadBlock) -> Option<i64> {
    let padding = 0_u64
        .wrapping_sub(block.address)
        .wrapping_sub(block.size)
        .checked_rem(block.align.max(1))?;
    let below = i64::try_from(block.size.checked_add(padding)?).ok()?;
    i64::try_from(value).ok()?.checked_sub(below)
}

/// Calls `each` for every load of R14.
pub(super) fn loads(code: &[u8], address: u64, each: &mut dyn FnMut(ThreadLocal)) {
    // `mov r14, fs:[offset]`
    const DIRECT: [u8; 5] = [0x64, 0x4c, 0x8b, 0x34, 0x25];
    // `mov r14, fs:[r14]`, and what is before it: `mov r14, offset`, or `mov r14, [rip + distance]`.
    const THROUGH_REGISTER: [u8; 4] = [0x64, 0x4d, 0x8b, 0x36];
    const OFFSET: [u8; 3] = [0x49, 0xc7, 0xc6];
    const WORD: [u8; 3] = [0x4c, 0x8b, 0x35];
    let number = |at: usize| {
        let bytes = code.get(at..at.checked_add(4)?)?;
        Some(i64::from(i32::from_le_bytes(bytes.try_into().ok()?)))
    };
    for at in memchr::memmem::find_iter(code, &DIRECT) {
        // What is at FS and above belongs to the C library.
        if let Some(offset) = number(at.saturating_add(DIRECT.len())).filter(|&offset| offset < 0) {
            each(ThreadLocal::Offset(offset));
        }
    }
    for at in memchr::memmem::find_iter(code, &THROUGH_REGISTER) {
        let Some(start) = at.checked_sub(7) else { continue };
        let (Some(before), Some(number)) = (code.get(start..at), number(at.saturating_sub(4))) else {
            continue;
        };
        if before.starts_with(&OFFSET) && number < 0 {
            each(ThreadLocal::Offset(number));
        } else if before.starts_with(&WORD) {
            let next = address.wrapping_add(at as u64);
            each(ThreadLocal::Word(next.wrapping_add_signed(number)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets() {
        let offset =
            |value, address, size, align| thread_offset(value, &ThreadBlock { address, size, align });
        // The last word of the block of a program of Go's own linker, and of one with a C library's variables before
        // it.
        assert_eq!(offset(0, 0x68_0c58, 8, 8), Some(-8));
        assert_eq!(offset(0x20, 0x52_7dc0, 0x30, 8), Some(-16));
        assert_eq!(offset(0xa8, 0x57_0ac8, 0x108, 8), Some(-96));
    }

    #[test]
    fn loads_of_each_form() {
        let mut code = vec![0x90];
        // mov r14, fs:[-8]
        code.extend([0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf8, 0xff, 0xff, 0xff]);
        // mov r14, -16; mov r14, fs:[r14]
        code.extend([0x49, 0xc7, 0xc6, 0xf0, 0xff, 0xff, 0xff, 0x64, 0x4d, 0x8b, 0x36]);
        // mov r14, [rip+0x100]; mov r14, fs:[r14]
        code.extend([0x4c, 0x8b, 0x35, 0, 1, 0, 0, 0x64, 0x4d, 0x8b, 0x36]);
        // mov r14, fs:[0x28]: the C library's.
        code.extend([0x64, 0x4c, 0x8b, 0x34, 0x25, 0x28, 0, 0, 0]);
        let mut found = Vec::new();
        loads(&code, 0x1000, &mut |place| found.push(place));
        assert_eq!(
            found,
            [
                ThreadLocal::Offset(-8),
                ThreadLocal::Offset(-16),
                ThreadLocal::Word(0x1000 + 28 + 0x100),
            ]
        );
    }
}
