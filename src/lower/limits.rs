//! How long text may be in a script: longer or shorter than usual where its probes hold much of it.
//!
//! The plan shows how long constants are, but not how much text a probe holds at once: that depends on the forms of
//! lines, on shared values and on unused ones, and a single statement may decide it. So it is measured on the program
//! that is made with the usual limit.

use super::function_names::FUNCTION_AT;
use super::known_texts::KNOWN_TEXTS;
use super::stack;
use super::whole::{HOLES, MARKS};
use crate::bt::dialect::Dialect;
use crate::bt::{self, Expr as Bt, Item, Stmt};
use crate::plan::{Expr, Plan, walk};

/// The limit of text in bytes, with its end, for the script of `plan` that is made of `items` with the usual limit;
/// none if that is it.
pub(super) fn unusual(plan: &Plan, items: &[Item], dialect: Dialect) -> Option<u64> {
    let usual = dialect.longest_string();
    let limit = if dialect.text_is_on_stack() {
        let compared = compared_text(plan).next_multiple_of(8);
        stack::longest_text(items).max(compared).min(usual)
    } else if is_crowded(items) {
        dialect
            .crowded_string()?
            .max(dialect.limit_for(compared_text(plan)))
    } else {
        usual
    };
    (limit != usual).then_some(limit)
}

/// Bytes that text needs so that it can be the same as the constants it is compared with, with its end and one more,
/// which tells longer ones.
fn compared_text(plan: &Plan) -> u64 {
    let mut longest = 0;
    for probe in &plan.probes {
        walk::steps(&probe.steps, &mut |e| {
            if let Expr::TextIs(.., constant) | Expr::KnownIs(_, constant) = e {
                longest = longest.max(constant.len() as u64 + 2);
            }
        });
    }
    longest
}

/// True if a probe copies so many texts that, with the usual limit, its copies would be too long for a jump over them,
/// or what is under way between them would not fit in its 512 bytes of stack.
///
/// Up to 512 bytes, a text is copied word by word, or byte by byte where it does not stand at a multiple of 8; longer
/// ones are copied by a call to the kernel, which is shorter, and takes no room (`CreateMemcpyBPF`).
fn is_crowded(items: &[Item]) -> bool {
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
    bt::probes(items).any(|p| copies(&p.body) >= MOST_COPIES)
}

/// What takes a copy of text to print: not only what is read, but also what a table holds.
fn is_text(e: &Bt) -> bool {
    match e {
        Bt::Call(name, _) => matches!(*name, "str" | "buf"),
        Bt::Map(name, _) => [KNOWN_TEXTS, MARKS, FUNCTION_AT].contains(&name.as_str()),
        _ => false,
    }
}

/// Copies of text in one probe that are too many. A jump goes over 32,767 instructions (`llvm/lib/Target/BPF`, "Branch
/// target out of insn range"), and a copy of 255 bytes that are not at a multiple of 8 is 600.
const MOST_COPIES: usize = 16;
