//! Tables that a script fills in `BEGIN`, and the script's own maps.

use super::{decimal, function_names, known_texts, tree_lines, used, whole};
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::{self, Item, Probe, Stmt};
use crate::plan::Plan;
use crate::plan::state::Holds;

/// A table of more texts has all of them equally long, which makes it quick to load: 1,000 in 2 s instead of 20 s.
const FEW_ENTRIES: usize = 240;

/// Texts from the program's file that a probe may not be able to read, because the program never touched their pages.
pub(super) fn probe(plan: &Plan, items: &[Item], dialect: Dialect) -> Option<Probe> {
    let mut comment = Vec::new();
    let mut body = Vec::new();
    let tables = [
        (
            known_texts::KNOWN_TEXTS,
            known_texts::entries(plan, items),
            "Names of types and texts of error numbers, as the program's file has them.",
        ),
        (
            function_names::FUNCTION_AT,
            function_names::entries(plan, items),
            "Which function the instructions are of that probes are attached to.",
        ),
        (
            whole::MARKS,
            whole::marks(items),
            "What stands behind text that ends at a NUL or is not in memory, and between the pieces of an error.",
        ),
        (
            tree_lines::INDENTS,
            tree_lines::indents(),
            "Spaces before a line, by how many calls it lies in.",
        ),
    ];
    if used::reads_map(items, decimal::POWERS) {
        comment.push("Powers of ten, for the digits of floats: the first 64 bits of each.".to_string());
        let powers = decimal::powers().into_iter();
        body.extend(
            powers.map(|(key, bits)| Stmt::Store(decimal::POWERS.into(), vec![key], bt::Expr::Hex(bits))),
        );
    }
    for (map, entries, why) in tables {
        if used::reads_map(items, map) {
            comment.push(why.to_string());
            let longest = entries.iter().map(|(_, text)| bt::text::length(text)).max();
            let alike = longest.filter(|_| dialect.copies_shorter_text() && entries.len() > FEW_ENTRIES);
            body.extend(entries.into_iter().map(|(key, text)| {
                let text = match alike {
                    Some(longest) => bt::Expr::Padded(text, longest),
                    None => bt::Expr::Str(text),
                };
                Stmt::Store(map.into(), vec![key], text)
            }));
        }
    }
    (!body.is_empty()).then(|| Probe {
        comment,
        ..Probe::at(AttachPoint::Begin, "", body)
    })
}

/// The script's own maps, which bpftrace would print at the end.
pub(super) fn hidden(plan: &Plan, items: &[Item]) -> Vec<String> {
    let mut maps = Vec::new();
    let own = |is_meant: fn(Holds) -> bool| {
        let names = plan.states(is_meant).map(|state| state.name.clone());
        names.collect::<Vec<_>>()
    };
    maps.extend(own(|holds| holds == Holds::Beginning));
    maps.extend(own(|holds| holds == Holds::Restart));
    if used::reads_map(items, known_texts::KNOWN_TEXTS) {
        maps.push(known_texts::KNOWN_TEXTS.to_string());
    }
    if used::reads_map(items, function_names::FUNCTION_AT) {
        maps.push(function_names::FUNCTION_AT.to_string());
    }
    if used::reads_map(items, decimal::POWERS) {
        maps.push(decimal::POWERS.to_string());
    }
    if used::reads_map(items, whole::MARKS) {
        maps.push(whole::MARKS.to_string());
    }
    if used::reads_map(items, tree_lines::INDENTS) {
        maps.push(tree_lines::INDENTS.to_string());
    }
    let of_trees = own(|holds| matches!(holds, Holds::Root | Holds::ReturnAddress | Holds::Told));
    maps.extend(of_trees.into_iter().filter(|map| used::reads_map(items, map)));
    maps.extend(own(Holds::is_value));
    maps.extend(own(|holds| matches!(holds, Holds::Lines | Holds::Total)));
    maps
}
