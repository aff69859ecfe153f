//! Makes a bpftrace program from a plan. It cannot fail: all problems were reported before.

mod address;
mod aggregate;
mod body;
mod decimal;
mod demand;
mod digest;
mod error;
mod expr;
mod first_samples;
mod float;
mod fragment;
mod function_names;
mod guard;
mod header;
mod interface;
mod kept;
mod known_texts;
mod limits;
mod line;
mod list;
mod literal;
mod memo;
mod open_calls;
mod own_symbols;
mod probe;
mod record;
mod reread;
mod run_time;
pub(crate) mod settings;
mod show;
mod stack;
mod steps;
mod structs;
mod tables;
#[cfg(test)]
mod tests;
mod time;
mod timer;
mod tree;
mod tree_go;
mod tree_lines;
mod unused;
mod used;
mod values;
mod variable_names;
mod whole;
mod writer;

use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::{Expr, Item, Probe, Program, Stmt};
use crate::manifest::Manifest;
use crate::plan::{Output, Plan};
use first_samples::Prepared;
use fragment::Fragment;
pub(crate) use record::lower as lower_records;
use structs::Structs;
use writer::Writer;

/// Turns a plan, which `manifest` is of, into a program for the releases of `dialect`.
#[must_use]
pub(crate) fn lower(plan: &Plan, manifest: &Manifest, dialect: Dialect) -> Program {
    let program = program(plan, manifest, dialect);
    let Some(limit) = limits::unusual(plan, &program.items, dialect) else {
        return program;
    };
    let dialect = Dialect {
        text_limit: Some(limit),
        ..dialect
    };
    self::program(plan, manifest, dialect)
}

/// The program with the limit of text that `dialect` has.
fn program(plan: &Plan, manifest: &Manifest, dialect: Dialect) -> Program {
    let mut structs = Structs::default();
    let functions = probe::of_functions(plan, dialect, &mut structs);
    let mut items: Vec<Item> = functions.into_iter().map(Item::Probe).collect();
    items.extend(plan.raw.iter().cloned().map(Item::Raw));
    let prepared = if dialect.loses_first_samples() && !raw_has(plan, "BEGIN") {
        Prepared::of(&items)
    } else {
        Prepared::default()
    };
    let timers = timer::probes(plan, dialect, &prepared, &items);
    items.extend(timers.into_iter().map(Item::Probe));
    let first = begin(prepared.probe(), timer::begin(plan, dialect));
    if let Some(begin) = begin(first, tables::probe(plan, &items, dialect)) {
        // A reader wants to see it last.
        let is_needed = !dialect.finds_types_of_keys_later() && used::takes_keys_from(&items, &begin);
        let at = if dialect.finds_types_later() && !is_needed {
            items.len()
        } else {
            0
        };
        items.insert(at, Item::Probe(begin));
    }
    let hidden = tables::hidden(plan, &items);
    let mut at_end: Vec<Stmt> = plan.results.iter().flat_map(largest_at_end).collect();
    at_end.extend(hidden.iter().map(|map| clear(map)));
    // Where there can be one END only, the recipe's own goes before; bpftrace prints the hidden maps then.
    if !at_end.is_empty() && (dialect.takes_several_ends() || !raw_has(plan, "END")) {
        items.push(Item::Probe(Probe::at(AttachPoint::End, "", at_end)));
    }
    if let Some(longest) = dialect.longest_literal() {
        literal::cut(&mut items, longest);
    }
    let needs_keys = !hidden.is_empty() || used::stores_under_keys(&items);
    let texts = used::reads_text(&items);
    Program {
        header: header::header(plan, manifest, dialect, texts, needs_keys, &items),
        structs: structs.finish(),
        config: settings::settings(&items, dialect, texts, needs_keys),
        maps: open_calls::declarations(plan, dialect),
        symbols: own_symbols::put(plan, dialect, &mut items),
        items,
    }
}

/// True if the recipe's own probes name something.
fn raw_has(plan: &Plan, name: &str) -> bool {
    plan.raw.iter().any(|text| has_word(text, name))
}

/// The one BEGIN probe, of what may have to be done there.
fn begin(first: Option<Probe>, second: Option<Probe>) -> Option<Probe> {
    match (first, second) {
        (Some(mut first), Some(second)) => {
            first
                .body
                .extend(second.comment.into_iter().map(Stmt::Comment).chain(second.body));
            Some(first)
        }
        (first, second) => first.or(second),
    }
}

/// True if `word` stands in bpftrace source by itself.
fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|found| found == word)
}

/// `print(@map);`, or `print(@map, 10);` where the recipe wants its largest keys only.
fn print(result: &Output) -> Stmt {
    let map = Expr::Map(result.name.clone(), Vec::new());
    let top = result.top.map(|rows| Expr::Int(rows.into()));
    Stmt::Call(Expr::Call("print", [map].into_iter().chain(top).collect()))
}

/// Prints the largest keys of a result that the recipe wants no more of: bpftrace would print all.
fn largest_at_end(result: &Output) -> Vec<Stmt> {
    match result.top {
        Some(_) => vec![print(result), clear(&result.name)],
        None => Vec::new(),
    }
}

fn clear(map: &str) -> Stmt {
    Stmt::Call(Expr::Call("clear", vec![Expr::Map(map.to_string(), Vec::new())]))
}
