//! Whether a function's code has the goroutine in its register where probes are, although its convention does not
//! promise that: the stack check of functions that follow ABI0 loads it from the thread, and the compiler does so again
//! before it calls what follows ABIInternal.

use super::sites::Body;
use crate::arch::{Flow, Held, ThreadLocal};

/// True if, whatever way control takes from the function's first instruction, the register holds the word that the
/// thread keeps at `place` whenever one of the instructions at `sites` begins. `keeps` tells of the functions that give
/// the register back as they found it.
pub(crate) fn is_loaded(
    body: &Body<'_>,
    sites: &[u64],
    place: ThreadLocal,
    keeps: &dyn Fn(u64) -> bool,
) -> bool {
    let Some(held) = held(body, keeps) else {
        return false;
    };
    let instructions = body.code.instructions;
    sites.iter().all(|site| {
        let index = instructions.binary_search_by_key(site, |i| i.address);
        index.is_ok_and(|index| held.get(index) == Some(&Some(Held::WordAt(place))))
    })
}

/// What the register holds before each instruction; nothing for those that no way leads to. None if control goes to
/// places that are not known.
fn held(body: &Body<'_>, keeps: &dyn Fn(u64) -> bool) -> Option<Vec<Option<Held>>> {
    let instructions = body.code.instructions;
    let range = body.code.range();
    let mut held = vec![None; instructions.len()];
    let mut open = vec![(0, Held::Unknown)];
    // What an instruction begins with changes at most twice: from nothing to something, and to the unknown.
    while let Some((index, new)) = open.pop() {
        let Some(slot) = held.get_mut(index) else {
            continue;
        };
        let joined = match *slot {
            None => new,
            Some(old) if old == new => continue,
            Some(_) => Held::Unknown,
        };
        if *slot == Some(joined) {
            continue;
        }
        *slot = Some(joined);
        let instruction = instructions.get(index)?;
        let bytes = body.code.bytes_of(instruction);
        let after = match instruction.flow {
            Flow::Call(to) if keeps(to) => joined,
            Flow::Call(_) | Flow::Leave => Held::Unknown,
            _ => body.processor.holds_after(bytes, instruction.address, joined),
        };
        match instruction.flow {
            Flow::Return | Flow::End => continue,
            Flow::IndirectJump | Flow::Transaction(_) => return None,
            Flow::Branch(to) | Flow::Jump(to) if range.contains(&to) => {
                // An error where it goes into the middle of an instruction.
                let target = instructions.binary_search_by_key(&to, |i| i.address).ok()?;
                open.push((target, after));
            }
            _ => {}
        }
        if !matches!(instruction.flow, Flow::Jump(_)) {
            let next = instructions.get(index + 1);
            // Behind data among the code there is another instruction than the next one.
            if next.is_some_and(|next| next.address == instruction.end()) {
                open.push((index + 1, after));
            }
        }
    }
    Some(held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::code::testing::{START, jmp, of_body};

    /// A function of Go's that follows ABIInternal, and one of which nothing is known.
    const GO: u64 = 0x9000;
    const OTHER: u64 = 0x9100;
    const PLACE: ThreadLocal = ThreadLocal::Offset(-8);

    // mov r14, fs:[-8]
    const LOAD: &[u8] = &[0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf8, 0xff, 0xff, 0xff];
    // mov r14, -8; mov r14, fs:[r14]
    const PLACED: &[u8] = &[0x49, 0xc7, 0xc6, 0xf8, 0xff, 0xff, 0xff];
    const LOAD_PLACED: &[u8] = &[0x64, 0x4d, 0x8b, 0x36];
    // mov r14, fs:[-16]
    const LOAD_OTHER: &[u8] = &[0x64, 0x4c, 0x8b, 0x34, 0x25, 0xf0, 0xff, 0xff, 0xff];
    // mov r14d, ecx
    const SPOIL: &[u8] = &[0x41, 0x89, 0xce];
    // test rax, rax
    const TEST: &[u8] = &[0x48, 0x85, 0xc0];
    const SYSCALL: &[u8] = &[0x0f, 0x05];
    const NOP: &[u8] = &[0x90];
    const RET: &[u8] = &[0xc3];

    fn je(distance: i8) -> [u8; 2] {
        [0x74, distance.cast_unsigned()]
    }

    /// A call so many bytes into the code.
    fn call(at: u64, to: u64) -> [u8; 5] {
        let [a, b, c, d, ..] = to.wrapping_sub(START + at + 5).to_le_bytes();
        [0xe8, a, b, c, d]
    }

    /// Of the last instruction, and that so many bytes into the code.
    fn loaded(code: &[&[u8]], also: u64) -> bool {
        let bytes = code.concat();
        let last = START + bytes.len() as u64 - 1;
        of_body(&bytes, |body| {
            is_loaded(body, &[START + also, last], PLACE, &|to| to == GO)
        })
    }

    fn at_end(code: &[&[u8]]) -> bool {
        loaded(code, code.concat().len() as u64 - 1)
    }

    #[test]
    fn behind_the_load() {
        assert!(at_end(&[LOAD, RET]) && at_end(&[PLACED, LOAD_PLACED, RET]));
        assert!(!at_end(&[NOP, RET]) && !at_end(&[LOAD_OTHER, RET]) && !at_end(&[PLACED, RET]));
        // In front of it, behind its first half, and in the middle of an instruction.
        assert!(!loaded(&[LOAD, RET], 0) && loaded(&[LOAD, NOP, RET], 9));
        assert!(!loaded(&[PLACED, LOAD_PLACED, RET], 7));
        assert!(!loaded(&[LOAD, TEST, RET], 10));
        // Where it is written again, and loaded again.
        assert!(!at_end(&[LOAD, SPOIL, RET]) && at_end(&[LOAD, SPOIL, LOAD, RET]));
    }

    #[test]
    fn on_every_way() {
        // test; je past the load, or past what spoils it; ret
        assert!(!at_end(&[TEST, &je(9), LOAD, RET]));
        assert!(at_end(&[LOAD, TEST, &je(1), NOP, RET]));
        assert!(!at_end(&[LOAD, TEST, &je(3), SPOIL, RET]));
        // One of two loads.
        assert!(at_end(&[TEST, &je(11), LOAD, &jmp(9), LOAD, RET]));
        assert!(!at_end(&[TEST, &je(11), LOAD, &jmp(9), LOAD_OTHER, RET]));
        // The second half of a load, from its first half and past it.
        assert!(!at_end(&[TEST, &je(7), PLACED, LOAD_PLACED, RET]));
        // A loop spoils what its next round begins with.
        let round = [LOAD, NOP, TEST, &je(3), SPOIL, &jmp(-11), RET];
        assert!(!loaded(&round, 9));
        // ret; ret: no way leads to the second.
        assert!(!at_end(&[LOAD, RET, RET]));
        // Out of the function.
        assert!(at_end(&[LOAD, TEST, &je(100), RET]));
    }

    #[test]
    fn calls() {
        assert!(at_end(&[LOAD, &call(9, GO), RET]) && !at_end(&[&call(0, GO), RET]));
        assert!(!at_end(&[LOAD, &call(9, OTHER), RET]));
        assert!(at_end(&[LOAD, &call(9, OTHER), LOAD, RET]));
        // call rax; syscall
        assert!(!at_end(&[LOAD, &[0xff, 0xd0], RET]) && !at_end(&[LOAD, SYSCALL, RET]));
        // The function begins again with a larger stack.
        // test; je to the growth; jmp to ret; call; jmp to the start; ret
        let grows = [LOAD, TEST, &je(2), &jmp(7), &call(16, OTHER), &jmp(-23), RET];
        assert!(at_end(&grows));
    }

    #[test]
    fn unknown_ways() {
        // jmp rax; xbegin +0; je into the middle of the load
        assert!(!at_end(&[LOAD, TEST, &je(2), &[0xff, 0xe0], RET]));
        assert!(!at_end(&[LOAD, &[0xc7, 0xf8, 0, 0, 0, 0], RET]));
        assert!(!at_end(&[LOAD, TEST, &je(-11), RET]));
    }
}
