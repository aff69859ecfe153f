//! Where a thread keeps its pointer to `runtime.g`, for code that does not have it in its register.
//!
//! The pointer is a thread-local variable, `runtime.tlsg`. In an executable its distance from the thread's pointer is
//! known when it is linked (`src/cmd/link/internal/ld/sym.go`, `computeTLSOffset`). Of a shared object it is known only
//! when that is loaded: the loader writes it into a word of the object. Every way from assembly into Go loads the
//! register, so the code itself tells which; the symbol has to agree.

use crate::arch::{ThreadBlock, ThreadLocal};
use crate::target::elf::Elf;
use object::elf;
use object::read::elf::ProgramHeader as _;
use std::collections::BTreeMap;

/// Its place; none if the file does not have it, or has contradictory ones. `tlsg` is the value of the symbol
/// `runtime.tlsg`.
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

/// Bytes from the thread's pointer to it by its symbol.
fn declared(elf: &Elf<'_>, tlsg: Option<u64>) -> Option<i64> {
    let endian = elf.file().endian();
    let segment = elf
        .file()
        .elf_program_headers()
        .iter()
        .find(|header| header.p_type(endian) == elf::PT_TLS)?;
    let block = ThreadBlock {
        address: segment.p_vaddr(endian),
        size: segment.p_memsz(endian),
        align: segment.p_align(endian),
    };
    elf.processor().thread_offset(tlsg?, &block)
}

/// Of all loads of the register one in this many may be something else: data among the code.
const STRAY: usize = 16;

/// Where the code loads the register from.
fn in_code(elf: &Elf<'_>) -> Option<ThreadLocal> {
    let mut found = BTreeMap::<ThreadLocal, usize>::new();
    let mut add = |place| *found.entry(place).or_default() += 1;
    for area in elf.areas().filter(|area| area.code) {
        elf.processor()
            .loads_of_goroutine(area.data, area.address, &mut add);
    }
    let all: usize = found.values().sum();
    let (place, count) = found.into_iter().max_by_key(|(_, count)| *count)?;
    (all.saturating_sub(count) <= all / STRAY).then_some(place)
}
