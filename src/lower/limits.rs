//! How long text may be in a script.

use super::known_texts::KNOWN_TEXTS;
use super::whole::{HOLES, MARKS};
use crate::bt::{Expr as Bt, Probe, Stmt};

/// True if a probe copies so many texts that, with the usual limit, its copies would be too long for a jump over them,
/// or what is under way between them would not fit in its 512 bytes of stack.
///
/// Up to 512 bytes, a text is copied word by word, or byte by byte where it does not stand at a multiple of 8; longer
/// ones are copied by a call to the kernel, which is shorter, and takes no room (`CreateMemcpyBPF`).
pub(super) fn is_crowded(probes: &[Probe]) -> bool {
    fn copies(list: &[Stmt]) -> usize {
        let texts = |values: &[Bt]| values.iter().filter(|e| is_text(e)).count();
        list.iter()
            .map(|s| match s {
                Stmt::Assign(_, Bt::Call("str", _), _) => MOST_COPIES,
                // A note that text was not read whole.
                Stmt::If(_, a, _) if matches!(a.as_slice(), [Stmt::Assign(noted, ..)] if noted == HOLES) => 0,
                // What is looked at to choose between forms takes room, too.
                Stmt::If(_, a, b) => copies(a) + copies(b) + 1,
                Stmt::Call(Bt::Call(_, values)) => texts(values),
                Stmt::Store(_, keys, value) => texts(keys) + usize::from(is_text(value)),
                _ => 0,
            })
            .sum()
    }
    probes.iter().any(|p| copies(&p.body) >= MOST_COPIES)
}

/// What takes a copy of text to print: not only what is read, but also what a table holds.
fn is_text(e: &Bt) -> bool {
    match e {
        Bt::Call(name, _) => matches!(*name, "str" | "buf"),
        Bt::Map(name, _) => name == KNOWN_TEXTS || name == MARKS,
        _ => false,
    }
}

/// Copies of text in one probe that are too many. A jump goes over 32,767 instructions (`llvm/lib/Target/BPF`, "Branch
/// target out of insn range"), and a copy of 255 bytes that are not at a multiple of 8 is 600.
const MOST_COPIES: usize = 16;
