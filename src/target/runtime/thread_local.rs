//! Where a thread keeps its pointer to `runtime.g`, for code that does not have it in R14.
//!
//! The pointer is a thread-local variable, `runtime.tlsg`. In an executable its distance from the thread's FS base is known when it is
//! linked (`src/cmd/link/internal/ld/sym.go`, `computeTLSOffset`; System V TLS, variant II). Of a shared object it is known only when that
//! is loaded: the loader writes it into a word of the object (R_X86_64_TPOFF64). Every way from assembly into Go loads R14 in one of these
//! forms, so the code itself tells which; the symbol has to agree.

use crate::target::ThreadLocal;
use crate::target::elf::Elf;
use object::elf;
use object::read::elf::ProgramHeader as _;
use std::collections::BTreeMap;

/// Where it is; none if the file does not tell, or tells different things. `tlsg` is the value of the symbol `runtime.tlsg`.
pub(super) fn find(elf: &Elf<'_>, tlsg: Option<u64>) -> Option<ThreadLocal> {
    let by_code = in_code(elf)?;
    let agrees = match by_code {
        ThreadLocal::Offset(offset) => declared(elf, tlsg).is_none_or(|declared| declared == offset),
        ThreadLocal::Word(word) => elf
            .thread_offsets()
            .any(|(at, value)| at == word && tlsg.is_none_or(|tlsg| tlsg == value)),
    };
    agrees.then_some(by_code)
}

/// Bytes from FS to the pointer by its symbol.
fn declared(elf: &Elf<'_>, tlsg: Option<u64>) -> Option<i64> {
    let endian = elf.file().endian();
    let segment = elf
        .file()
        .elf_program_headers()
        .iter()
        .find(|header| header.p_type(endian) == elf::PT_TLS)?;
    block_offset(
        tlsg?,
        segment.p_vaddr(endian),
        segment.p_memsz(endian),
        segment.p_align(endian),
    )
}

/// Where a thread-local symbol of this value is, from FS, in an executable whose thread-local block is this.
fn block_offset(value: u64, address: u64, size: u64, align: u64) -> Option<i64> {
    let align = align.max(1);
    let padding = 0_u64
        .wrapping_sub(address)
        .wrapping_sub(size)
        .checked_rem(align)?;
    let block = i64::try_from(size.checked_add(padding)?).ok()?;
    i64::try_from(value).ok()?.checked_sub(block)
}

/// Of all loads of R14 one in this many may be something else: data among the code.
const STRAY: usize = 16;

/// Where the code loads R14 from.
fn in_code(elf: &Elf<'_>) -> Option<ThreadLocal> {
    // `mov r14, fs:[offset]`
    const DIRECT: [u8; 5] = [0x64, 0x4c, 0x8b, 0x34, 0x25];
    // `mov r14, fs:[r14]`, and what is before it: `mov r14, offset`, or `mov r14, [rip + distance]`.
    const THROUGH_REGISTER: [u8; 4] = [0x64, 0x4d, 0x8b, 0x36];
    const OFFSET: [u8; 3] = [0x49, 0xc7, 0xc6];
    const WORD: [u8; 3] = [0x4c, 0x8b, 0x35];
    let mut found = BTreeMap::<ThreadLocal, usize>::new();
    let mut add = |place| *found.entry(place).or_default() += 1;
    for area in elf.areas().filter(|area| area.code) {
        let number = |at: usize| {
            let bytes = area.data.get(at..at.checked_add(4)?)?;
            Some(i64::from(i32::from_le_bytes(bytes.try_into().ok()?)))
        };
        for at in memchr::memmem::find_iter(area.data, &DIRECT) {
            // What is at FS and above belongs to the C library.
            if let Some(offset) = number(at.saturating_add(DIRECT.len())).filter(|&offset| offset < 0) {
                add(ThreadLocal::Offset(offset));
            }
        }
        for at in memchr::memmem::find_iter(area.data, &THROUGH_REGISTER) {
            let Some(start) = at.checked_sub(7) else { continue };
            let (Some(before), Some(number)) = (area.data.get(start..at), number(at.saturating_sub(4)))
            else {
                continue;
            };
            if before.starts_with(&OFFSET) && number < 0 {
                add(ThreadLocal::Offset(number));
            } else if before.starts_with(&WORD) {
                let next = area.address.wrapping_add(at as u64);
                add(ThreadLocal::Word(next.wrapping_add_signed(number)));
            }
        }
    }
    let all: usize = found.values().sum();
    let (place, count) = found.into_iter().max_by_key(|(_, count)| *count)?;
    (all.saturating_sub(count) <= all / STRAY).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::block_offset;

    #[test]
    fn offsets() {
        // The last word of the block of a program of Go's own linker, and of one with a C library's variables before it.
        assert_eq!(block_offset(0, 0x680c58, 8, 8), Some(-8));
        assert_eq!(block_offset(0x20, 0x527dc0, 0x30, 8), Some(-16));
        assert_eq!(block_offset(0xa8, 0x570ac8, 0x108, 8), Some(-96));
    }
}
