//! From a plan to a bpftrace program. It cannot fail: whatever could be wrong was said before.

mod address;
mod aggregate;
mod body;
mod decimal;
mod demand;
mod error;
mod expr;
mod first_samples;
mod float;
mod fragment;
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
mod probe;
mod reread;
mod run_time;
mod show;
mod stack;
mod steps;
mod structs;
mod time;
mod timer;
mod unused;
mod used;
mod values;
mod variable_names;
mod whole;
mod writer;

use crate::bt::attach::AttachPoint;
use crate::bt::dialect::Dialect;
use crate::bt::names::Names;
use crate::bt::{self, Program, Stmt};
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::plan::state::{Holds, MOST_KEYS};
use first_samples::Prepared;
use fragment::Fragment;
use std::collections::BTreeSet;
use writer::Writer;

/// Pages of the buffer for lines on their way to bpftrace: 16 MiB, as 0.27 takes by itself. With the 64 of 0.23, two of
/// three lines were lost when one function printed 50,000 in a row; with these none.
const EVENT_PAGES: u64 = 4096;

/// A table of more texts has all of them equally long, which makes it quick to load: 1,000 in 2 s instead of 20 s.
const FEW_ENTRIES: usize = 240;

/// Turns a plan, which `manifest` is of, into a program for the releases of `dialect`.
#[must_use]
pub(crate) fn lower(plan: &Plan, manifest: &Manifest, dialect: Dialect) -> Program {
    let program = program(plan, manifest, dialect);
    let limit = if dialect.text_is_on_stack() {
        Some(stack::longest_text(&program.probes).min(dialect.longest_string()))
    } else if limits::is_crowded(&program.probes) {
        let compared = dialect.limit_for(stack::compared_text(&program.probes));
        dialect.crowded_string().map(|limit| limit.max(compared))
    } else {
        None
    };
    let Some(limit) = limit.filter(|limit| *limit != dialect.longest_string()) else {
        return program;
    };
    let dialect = Dialect {
        text_limit: Some(limit),
        ..dialect
    };
    self::program(plan, manifest, dialect)
}

fn program(plan: &Plan, manifest: &Manifest, dialect: Dialect) -> Program {
    let mut structs = structs::Structs::default();
    let mut probes = Vec::new();
    let mut described = BTreeSet::new();
    for planned in &plan.probes {
        let Some(function) = plan.function_of(planned) else {
            continue;
        };
        let mut made = probe::of_event(plan, dialect, &mut structs, planned, function);
        if let Some(first) = made.first_mut() {
            if described.insert(planned.event.function()) {
                first.comment = probe::about(function);
            } else if let Some(site) = first.attach.first_mut() {
                site.above = probe::about(function).into_iter().take(1).collect();
            }
        }
        probes.extend(made);
    }
    let mut probes = probe::join_alike(probes);
    let attach_points: usize = probes.iter().map(|p| p.attach.len()).sum();
    for raw in &plan.raw {
        // Whole probes in bpftrace's own words: nothing is put around them.
        probes.push(bt::Probe {
            comment: Vec::new(),
            attach: Vec::new(),
            predicate: None,
            body: vec![Stmt::Raw(raw.clone())],
        });
    }
    let raw_has = |name: &str| plan.raw.iter().any(|text| has_word(text, name));
    let prepared = if dialect.loses_first_samples() && !raw_has("BEGIN") {
        Prepared::of(&probes)
    } else {
        Prepared::default()
    };
    let timers = timer::probes(plan, &prepared, &probes);
    probes.extend(timers);
    if let Some(begin) = begin(prepared.probe(), tables(plan, &probes, dialect)) {
        // A reader wants to see it last.
        let at = if dialect.finds_types_later() {
            probes.len()
        } else {
            0
        };
        probes.insert(at, begin);
    }
    let hidden = hidden_maps(plan, &probes);
    let at_end: Vec<Stmt> = hidden.iter().map(|m| clear(m)).collect();
    // Where there can be one END only, the recipe's own goes before; bpftrace prints the hidden maps then.
    if !at_end.is_empty() && (dialect.takes_several_ends() || !raw_has("END")) {
        probes.push(bt::Probe::at(AttachPoint::End, "", at_end));
    }
    if let Some(longest) = dialect.longest_literal() {
        literal::cut(&mut probes, longest);
    }
    let mut config = Vec::new();
    let needs_keys = !hidden.is_empty() || used::stores_under_keys(&probes);
    let texts = used::reads_text(&probes);
    if dialect.has_config() {
        if needs_keys {
            config.push(("max_map_keys".to_string(), MOST_KEYS.to_string()));
        }
        if dialect.small_event_buffer() && used::prints(&probes) {
            config.push(("perf_rb_pages".to_string(), EVENT_PAGES.to_string()));
        }
        if attach_points > 500 {
            config.push(("max_probes".to_string(), (attach_points + 64).to_string()));
            if dialect.oldest >= 21 {
                config.push(("max_bpf_progs".to_string(), (attach_points + 64).to_string()));
            }
        }
        if texts {
            config.push(("max_strlen".to_string(), dialect.longest_string().to_string()));
            if dialect.marks_truncation() {
                config.push(("str_trunc_trailer".to_string(), "\"…\"".to_string()));
            }
        }
        if dialect.keeps_long_variables() && (texts || used::gathers(&probes)) {
            // A probe has 512 bytes of stack, which strings and keys soon fill: they are better kept elsewhere. With a
            // limit of 0 0.23 keeps every variable in memory, each in 8 bytes of the stack, that LLVM else keeps in
            // registers.
            config.push(("on_stack_limit".to_string(), "8".to_string()));
        }
    }
    Program {
        header: header::header(plan, manifest, dialect, texts, needs_keys, &probes),
        structs: structs.finish(),
        config,
        maps: open_calls::declarations(plan, dialect),
        probes,
    }
}

/// The one BEGIN probe, of what may have to be done there.
fn begin(first: Option<bt::Probe>, second: Option<bt::Probe>) -> Option<bt::Probe> {
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

fn clear(map: &str) -> Stmt {
    Stmt::Call(bt::Expr::Call(
        "clear",
        vec![bt::Expr::Map(map.to_string(), Vec::new())],
    ))
}

/// What the program's file knows and a probe may not be able to read, because the program never touched those pages.
fn tables(plan: &Plan, probes: &[bt::Probe], dialect: Dialect) -> Option<bt::Probe> {
    let mut comment = Vec::new();
    let mut body = Vec::new();
    let tables = [
        (
            known_texts::KNOWN_TEXTS,
            known_texts::entries(plan, probes),
            "Names of types and texts of error numbers, as the program's file has them.",
        ),
        (
            whole::MARKS,
            whole::marks(probes),
            "What stands behind text that ends at a NUL or is not in memory, and between the pieces of an error.",
        ),
    ];
    if used::reads_map(probes, decimal::POWERS) {
        comment.push("Powers of ten, for the digits of floats: the first 64 bits of each.".to_string());
        let powers = decimal::powers().into_iter();
        body.extend(
            powers.map(|(key, bits)| Stmt::Store(decimal::POWERS.into(), vec![key], bt::Expr::Hex(bits))),
        );
    }
    for (map, entries, why) in tables {
        if used::reads_map(probes, map) {
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
    (!body.is_empty()).then(|| bt::Probe {
        comment,
        ..bt::Probe::at(AttachPoint::Begin, "", body)
    })
}

/// Maps that the user did not ask for, and that bpftrace would print at the end.
fn hidden_maps(plan: &Plan, probes: &[bt::Probe]) -> Vec<String> {
    let mut maps = Vec::new();
    let own = |is_meant: fn(Holds) -> bool| {
        let names = plan.states(is_meant).map(|state| state.name.clone());
        names.collect::<Vec<_>>()
    };
    maps.extend(own(|holds| holds == Holds::Beginning));
    maps.extend(own(|holds| holds == Holds::Restart));
    if used::reads_map(probes, known_texts::KNOWN_TEXTS) {
        maps.push(known_texts::KNOWN_TEXTS.to_string());
    }
    if used::reads_map(probes, decimal::POWERS) {
        maps.push(decimal::POWERS.to_string());
    }
    if used::reads_map(probes, whole::MARKS) {
        maps.push(whole::MARKS.to_string());
    }
    maps.extend(own(Holds::is_value));
    maps.extend(own(|holds| holds == Holds::Lines));
    maps
}

/// Variables of one probe.
fn fresh_names() -> Names {
    let mut names = Names::default();
    for taken in [
        "g",
        "frame",
        "entered",
        "elapsed",
        "deleted",
        "release",
        "restarts",
        "holes",
        "text_end",
        whole::CUT_BITS,
        "text_at",
        "zero_bytes",
        "not_text",
        "text_word",
    ] {
        names.allocate(taken);
    }
    names
}
