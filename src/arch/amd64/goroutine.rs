//! Where a thread keeps its pointer to `runtime.g`: forms of the code that loads R14, and TLS variant II.
//!
//! Source: `load_g` in `src/cmd/internal/obj/x86/obj6.go`; `computeTLSOffset` in `src/cmd/link/internal/ld/sym.go`.

use super::decode::{decode, writes};
use crate::arch::{Held, ThreadBlock, ThreadLocal};
use iced_x86::{Instruction, InstructionInfoFactory, Mnemonic, OpKind, Register};

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

/// What R14 holds behind an instruction.
pub(super) fn holds_after(code: &[u8], address: u64, before: Held) -> Held {
    let instruction = decode(code, address);
    if let Some(loaded) = loaded(&instruction, before) {
        return loaded;
    }
    let mut factory = InstructionInfoFactory::new();
    let used = factory.info(&instruction);
    let is_register_lost = used.used_registers().iter().any(|used| {
        let register = used.register().full_register();
        // Of the thread's block, too.
        writes(used.access()) && matches!(register, Register::R14 | Register::FS)
    });
    let is_word_lost = used
        .used_memory()
        .iter()
        .any(|used| writes(used.access()) && used.segment() == Register::FS);
    if instruction.is_invalid()
        || is_register_lost
        || is_word_lost
        || instruction.mnemonic() == Mnemonic::Wrfsbase
    {
        return Held::Unknown;
    }
    before
}

/// What one of the forms of [`loads`] puts into R14.
fn loaded(instruction: &Instruction, before: Held) -> Option<Held> {
    if instruction.mnemonic() != Mnemonic::Mov || instruction.op0_register() != Register::R14 {
        return None;
    }
    if instruction.op1_kind() == OpKind::Immediate32to64 {
        return Some(Held::Place(ThreadLocal::Offset(instruction.immediate32to64())));
    }
    if instruction.op1_kind() != OpKind::Memory || instruction.memory_index() != Register::None {
        return None;
    }
    let displacement = instruction.memory_displacement64();
    match (instruction.memory_segment(), instruction.memory_base(), before) {
        (Register::FS, Register::None, _) => {
            Some(Held::WordAt(ThreadLocal::Offset(displacement.cast_signed())))
        }
        (Register::FS, Register::R14, Held::Place(place)) if displacement == 0 => Some(Held::WordAt(place)),
        (Register::DS, Register::RIP, _) => Some(Held::Place(ThreadLocal::Word(displacement))),
        _ => None,
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

    #[test]
    fn what_the_register_holds() {
        use Held::{Place, Unknown, WordAt};
        use ThreadLocal::{Offset, Word};
        let word = WordAt(Offset(-8));
        let cases: &[(&[u8], Held, Held)] = &[
            // mov r14, fs:[-8]
            (
                &[0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf8, 0xff, 0xff, 0xff],
                Unknown,
                word,
            ),
            // mov r14, -16; mov r14, [rip+0x100]
            (
                &[0x49, 0xc7, 0xc6, 0xf0, 0xff, 0xff, 0xff],
                word,
                Place(Offset(-16)),
            ),
            (&[0x4c, 0x8b, 0x35, 0, 1, 0, 0], word, Place(Word(0x1107))),
            // mov r14, fs:[r14]
            (
                &[0x64, 0x4d, 0x8b, 0x36],
                Place(Word(0x1107)),
                WordAt(Word(0x1107)),
            ),
            (&[0x64, 0x4d, 0x8b, 0x36], Unknown, Unknown),
            (&[0x64, 0x4d, 0x8b, 0x36], word, Unknown),
            // mov r14, fs:[r14+8]; mov r14, [r14]; mov r14d, -8; mov r14, fs:[rax*8-8]
            (&[0x64, 0x4d, 0x8b, 0x76, 8], Place(Offset(-16)), Unknown),
            (&[0x4d, 0x8b, 0x36], Place(Offset(-8)), Unknown),
            (&[0x41, 0xbe, 0xf8, 0xff, 0xff, 0xff], Unknown, Unknown),
            (
                &[0x64, 0x4c, 0x8b, 0x34, 0xc5, 0xf8, 0xff, 0xff, 0xff],
                word,
                Unknown,
            ),
            // mov r14b, 1; cmove r14, rax; xchg rax, r14; pop r14; inc r14
            (&[0x41, 0xb6, 1], word, Unknown),
            (&[0x4c, 0x0f, 0x44, 0xf0], word, Unknown),
            (&[0x4c, 0x87, 0xf0], word, Unknown),
            (&[0x41, 0x5e], word, Unknown),
            (&[0x49, 0xff, 0xc6], word, Unknown),
            // mov fs:[-8], rax; wrfsbase rax; mov fs, ax
            (
                &[0x64, 0x48, 0x89, 0x04, 0x25, 0xf8, 0xff, 0xff, 0xff],
                word,
                Unknown,
            ),
            (&[0xf3, 0x48, 0x0f, 0xae, 0xd0], word, Unknown),
            (&[0x8e, 0xe0], word, Unknown),
            // mov rax, r14; cmp rsp, [r14+0x10]; mov rax, fs:[0x28]; mov [rsp+8], r14
            (&[0x4c, 0x89, 0xf0], word, word),
            (&[0x49, 0x3b, 0x66, 0x10], word, word),
            (&[0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0], word, word),
            (&[0x4c, 0x89, 0x74, 0x24, 8], word, word),
        ];
        for (code, before, after) in cases {
            assert_eq!(holds_after(code, 0x1000, *before), *after, "{code:x?}");
        }
    }
}
