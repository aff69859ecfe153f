//! Counts records, where bpftrace does not count all that are lost.
//!
//! Where it does not count those of a processor, each of its records has its number in a last field; records of other
//! processors have 0 there. What is missing among the numbers was lost. Where it does not count the last ones, all are
//! counted, and nothing is in them: at the end of the program as many have come, or were said to be lost, as there
//! were.

use crate::bt::dialect::Uncounted;
use crate::bt::{Expr, Item, Stmt};
use crate::plan::record::{WRITTEN, is_record};

/// Counts all records of the script.
pub(super) fn count(items: &mut [Item], which: Uncounted) {
    for item in items {
        if let Item::Probe(probe) = item {
            count_in(&mut probe.body, which);
        }
    }
}

/// How many records of that processor there were.
pub(super) fn told() -> Expr {
    Expr::Map(WRITTEN.into(), Vec::new()).cast("uint64")
}

fn count_in(block: &mut Vec<Stmt>, which: Uncounted) {
    for mut statement in std::mem::take(block) {
        for inner in statement.blocks_mut() {
            count_in(inner, which);
        }
        if let Some(arguments) = arguments_of_record(&mut statement) {
            block.push(Stmt::Raw(match which {
                Uncounted::Of(cpu) => {
                    number(arguments, cpu);
                    format!("if (cpu == {cpu}) {{ @{WRITTEN}++; }}")
                }
                Uncounted::Last => format!("@{WRITTEN} = count();"),
            }));
        }
        block.push(statement);
    }
}

/// The arguments of a printf of a record, its format first.
fn arguments_of_record(statement: &mut Stmt) -> Option<&mut Vec<Expr>> {
    match statement {
        Stmt::Call(Expr::Call("printf", arguments)) => match arguments.first() {
            Some(Expr::Str(format)) if is_record(format) => Some(arguments),
            _ => None,
        },
        _ => None,
    }
}

/// Puts the number of a record behind its fields.
fn number(arguments: &mut Vec<Expr>, cpu: u32) {
    if let Some(Expr::Str(format)) = arguments.first_mut() {
        format.truncate(format.trim_end_matches('\n').len());
        format.push_str("\t%llx\n");
    }
    let is_it = Expr::Builtin("cpu").binary("==", Expr::Int(cpu.into()));
    arguments.push(is_it.choose(told(), Expr::Int(0).cast("uint64")));
}
