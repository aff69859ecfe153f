//! The script that writes records.

use super::keys::numbers_of;
use super::{Own, errors, goroutine, uncounted};
use crate::bt::attach::AttachPoint;
use crate::bt::dialect::{Dialect, Uncounted};
use crate::bt::{self, Expr, Item, Probe, Program, Stmt, visit};
use crate::lower::first_samples::Prepared;
use crate::lower::{self, open_calls, own_symbols, probe, settings, structs, timer, used};
use crate::plan::record::{ERROR_LOOKS, ERROR_NUMBERS, FieldKind, Layout, NO_ROOM, NUMBERS_GIVEN, WRITTEN};
use crate::plan::state::Holds;
use crate::plan::{CALLS_NOT_TIMED, Plan, Step, Value, walk};
use std::collections::BTreeMap;

/// A script that writes records, and what they hold.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    /// The script.
    pub(crate) program: Program,
    /// What the records of each of the plan's probes hold, by the number of the statement.
    pub(crate) layouts: Vec<Vec<Layout>>,
    /// The limit of text in bytes.
    pub(crate) longest_text: u64,
}

/// The limit of text where a script only prints it, and where its maps hold it: a map has room for all of its keys from
/// the beginning.
const LONGEST_PRINTED: u64 = 1024 + LENGTH_OF_BUFFER;
/// A buffer has its length in it; to a multiple of 8 bytes.
const LENGTH_OF_BUFFER: u64 = 8;
const LONGEST_HELD: u64 = 256;
/// So many texts in a record are many.
const MANY_TEXTS: usize = 6;
/// The same where text is on the stack of a probe.
const MANY_ON_STACK: usize = 9;
const VERY_MANY_ON_STACK: usize = 13;
/// More copies of texts in a probe are too many: a jump goes over 32,767 instructions, and a copy of 256 bytes, word by
/// word or byte by byte, is up to 528 of them.
const MOST_COPIES: usize = 60;
/// Where text is on the stack of a probe.
const LONGEST_ON_STACK: u64 = 100;
/// Where errors are, too.
const LONGEST_OF_ERRORS_ON_STACK: u64 = 100;
/// Where there are many texts: shorter ones are copied word by word, which takes more.
const LONGEST_OF_CROWDED_ON_STACK: u64 = 65;
/// The same where lists have one element of each alone.
pub(super) const LONGEST_OF_FULL_ON_STACK: u64 = 66;
/// Where a key has other texts beside its errors.
const LONGEST_OF_MIXED_KEYS_ON_STACK: u64 = 72;

/// Turns a plan into a program that writes records, with text of at most so many bytes if somebody says how many.
#[must_use]
pub(crate) fn lower(plan: &Plan, dialect: Dialect, longest_text: Option<u64>) -> Recorded {
    let shared = goroutine::shared(plan);
    let plan = shared.as_ref().unwrap_or(plan);
    let usual = limit(plan, dialect, longest_text);
    let recorded = with_limit(plan, dialect, usual);
    // An error has a text in a record and in a key; kept text is in its map, in a record and in a key.
    let has_errors = used::reads_map(&recorded.program.items, ERROR_LOOKS);
    let keeps_text = plan
        .states(|holds| matches!(holds, Holds::Text(_)))
        .next()
        .is_some();
    let has_text = |layout: &Layout| layout.key_of.as_ref().is_some_and(|key| key.is_numbered);
    let longest = match has_errors || keeps_text {
        false => usual,
        true if keeps_text || recorded.layouts.iter().flatten().any(has_text) => {
            LONGEST_OF_MIXED_KEYS_ON_STACK
        }
        true => LONGEST_OF_ERRORS_ON_STACK,
    };
    // Short texts are copied word by word, for which many take too much of a probe's stack; longer ones by a call.
    let is_crowded = |layout: &Layout| {
        let texts = layout.fields.iter().filter(|kind| **kind == FieldKind::Bytes);
        texts.count() >= MANY_TEXTS
    };
    // Of an error that is a key each text is read several times, in the same place.
    let has_error_keys = used::reads_map(&recorded.program.items, ERROR_NUMBERS);
    let longest = match bt::probes(&recorded.program.items).map(reads).max() {
        _ if has_error_keys || !dialect.text_is_on_stack() => longest,
        Some(VERY_MANY_ON_STACK..) => longest.min(LONGEST_OF_FULL_ON_STACK),
        Some(MANY_ON_STACK..) => longest.min(LONGEST_OF_CROWDED_ON_STACK),
        _ => longest,
    };
    if dialect.text_is_on_stack() && usual > longest {
        return with_limit(plan, dialect, longest);
    }
    if let Some(crowded) = dialect.crowded_string()
        && !dialect.text_is_on_stack()
        && longest_text.is_none()
        && usual < crowded
        && (recorded.layouts.iter().flatten().any(is_crowded)
            || bt::probes(&recorded.program.items).any(|probe| copies(&probe.body) > MOST_COPIES))
    {
        return with_limit(plan, dialect, crowded);
    }
    recorded
}

fn with_limit(plan: &Plan, dialect: Dialect, longest_text: u64) -> Recorded {
    let dialect = Dialect {
        text_limit: Some(longest_text),
        ..dialect
    };
    let mut structs = structs::Structs::avoided();
    let mut layouts = Vec::new();
    let mut probes = Vec::new();
    // How many layouts the probes so far have at a site: a function that does nothing begins and returns at one.
    let mut taken: BTreeMap<u64, usize> = BTreeMap::new();
    for planned in &plan.probes {
        let sites = || planned.sites.iter().map(|site| site.address);
        let first = sites().filter_map(|site| taken.get(&site).copied()).max();
        let mut own = Own {
            first: first.unwrap_or(0),
            ..Own::default()
        };
        if let Some(function) = plan.function_of(planned) {
            probes.extend(probe::of_event(
                plan,
                dialect,
                probe::Written::Records(&mut own),
                &mut structs,
                planned,
                function,
            ));
        }
        taken.extend(sites().map(|site| (site, own.first + own.layouts.len())));
        layouts.push(own.layouts);
    }
    let mut items: Vec<Item> = probe::join_all(probes).into_iter().map(Item::Probe).collect();
    items.extend(plan.raw.iter().cloned().map(Item::Raw));
    let mut timers = timer::probes(plan, dialect, &Prepared::default(), &items);
    timers
        .iter_mut()
        .for_each(|timer| tell_timers(plan, &mut timer.body));
    items.extend(timers.into_iter().map(Item::Probe));
    items.extend(timer::begin(plan, dialect).map(Item::Probe));
    // Those of the recipe's own text; what is added from here on is the script's.
    let of_text = used::maps_of_text(&items);
    let table = errors::table(plan);
    if used::reads_map(&items, ERROR_LOOKS) && !table.is_empty() {
        let about = "What is read of errors: text, number, inside, once more, list, how many. A byte each, the lowest first.";
        items.insert(0, Item::Probe(Probe::at(AttachPoint::Begin, about, table)));
    }
    if dialect.probes_signals() {
        let asked = plan.results.iter().map(|result| result.name.as_str());
        let asked = asked
            .chain([NO_ROOM, CALLS_NOT_TIMED])
            .filter(|map| used::stores_in(&items, map));
        let asked = asked.chain(of_text.iter().map(String::as_str));
        let mut body = for_maps("print", asked);
        body.push(match dialect.uncounted {
            Some(Uncounted::Of(_)) => Stmt::Call(Expr::Call(
                "printf",
                vec![Expr::Str("Z\t%llx\n".to_owned()), uncounted::told()],
            )),
            _ => say("Z\n".to_owned()),
        });
        let about = "The results as they are when somebody asks.";
        items.push(Item::Probe(Probe::at(AttachPoint::Signal, about, body)));
    }
    // What makes keys and texts right stays: some releases come to this before they take away the probes that are
    // attached at once (0.23), and a number that is given again would be that of another key.
    let mut hidden = hidden(plan, &items);
    hidden.retain(|map| ![ERROR_LOOKS, NUMBERS_GIVEN].contains(&map.as_str()));
    if let Some(which) = dialect.uncounted {
        uncounted::count(&mut items, which);
        if which != Uncounted::Last {
            hidden.push(WRITTEN.to_owned());
        }
    }
    let at_end = for_maps("clear", hidden.iter().map(String::as_str));
    if !at_end.is_empty() && (dialect.takes_several_ends() || !lower::raw_has(plan, "END")) {
        items.push(Item::Probe(Probe::at(AttachPoint::End, "", at_end)));
    }
    let mut maps = open_calls::declarations(plan, dialect);
    maps.extend(open_calls::declaration_of_losses(plan, dialect, &items));
    let texts = used::reads_text(&items);
    let config = settings::settings(&items, dialect, texts, true);
    Recorded {
        program: Program {
            header: vec![
                format!("{}: records for gobt run", plan.recipe),
                "Nobody else understands what this writes; for a script to read:  gobt compile".to_owned(),
            ],
            structs: structs.finish(),
            config,
            maps,
            symbols: own_symbols::put(plan, dialect, &mut items),
            items,
        },
        layouts,
        longest_text,
    }
}

fn say(text: String) -> Stmt {
    Stmt::Call(Expr::Call("printf", vec![Expr::Str(text)]))
}

/// Says that a result begins at nothing or is to be shown, and when.
fn say_of(what: char, result: &str) -> Stmt {
    let text = format!("{what}\t{result}\t%llx\n");
    Stmt::Call(Expr::Call(
        "printf",
        vec![Expr::Str(text), Expr::Builtin("nsecs")],
    ))
}

/// Says before each result that a timer prints that the recipe wants it, and after it that this was it, since bpftrace
/// prints no empty ones; says which are cleared, and that the recipe wants the end: the run asks for the results
/// before.
fn tell_timers(plan: &Plan, body: &mut Vec<Stmt>) {
    for mut statement in std::mem::take(body) {
        if let Stmt::If(_, then, otherwise) = &mut statement {
            tell_timers(plan, then);
            tell_timers(plan, otherwise);
        }
        let Stmt::Call(Expr::Call(name, arguments)) = &statement else {
            body.push(statement);
            continue;
        };
        match (*name, arguments.as_slice()) {
            // All of it: keys of several sites are put together before the largest are chosen.
            ("print", [map @ Expr::Map(name, _), ..]) => {
                body.push(say_of('S', name));
                body.push(Stmt::Call(Expr::Call("print", vec![map.clone()])));
                body.push(say("S\t\n".to_owned()));
            }
            ("clear", [Expr::Map(name, _)]) if plan.results.iter().any(|result| result.name == *name) => {
                body.push(say_of('R', name));
                body.push(statement);
            }
            ("exit", _) => body.push(say("Q\n".to_owned())),
            _ => body.push(statement),
        }
    }
}

/// How many texts a probe reads, those of errors and of lists among them.
fn reads(probe: &Probe) -> usize {
    let mut count = 0;
    visit::expressions(&probe.body, &mut |e| {
        count += usize::from(matches!(e, Expr::Call("buf", _)));
    });
    count
}

/// How often text is copied word by word: into what is printed, into keys, and once more into variables that hold them.
fn copies(body: &[Stmt]) -> usize {
    let of = |statement: &Stmt| {
        let mut own = 0;
        statement.each_operand(&mut |operand| {
            visit::in_expression(operand, &mut |e| {
                own += usize::from(matches!(e, Expr::Call("buf", _)));
            });
        });
        let inside: usize = statement.blocks().into_iter().map(copies).sum();
        match statement {
            Stmt::Assign(_, Expr::Tuple(_), _) => 2 * own,
            Stmt::Unroll(times, _) => {
                usize::try_from(*times).map_or(usize::MAX, |n| n.saturating_mul(inside))
            }
            _ => own.saturating_add(inside),
        }
    };
    body.iter().map(of).fold(0, usize::saturating_add)
}

/// The limit of text.
fn limit(plan: &Plan, dialect: Dialect, asked: Option<u64>) -> u64 {
    if dialect.text_is_on_stack() {
        return asked.map_or(LONGEST_ON_STACK, |asked| asked.clamp(16, LONGEST_ON_STACK));
    }
    let held = if holds_text(plan) {
        LONGEST_HELD
    } else {
        LONGEST_PRINTED
    };
    let wanted = asked.unwrap_or(held).clamp(16, 16 * 1024);
    dialect.text_room(wanted)
}

/// Maps hold text: keys, or what is kept of calls.
fn holds_text(plan: &Plan) -> bool {
    let is_text = |value: &Value| {
        matches!(
            value,
            Value::Text { .. }
                | Value::Slice { .. }
                | Value::Bytes { .. }
                | Value::Known(_)
                | Value::Interface { .. }
        )
    };
    let mut found = plan
        .state
        .iter()
        .any(|state| matches!(state.holds, Holds::Text(_)));
    for probe in &plan.probes {
        walk::each(&probe.steps, &mut |step| {
            if let Step::Aggregate { keys, .. } = step {
                found |= keys.iter().any(is_text);
            }
        });
    }
    found
}

/// Calls of a function for each of these maps, several in a line: nobody reads them.
fn for_maps<'m>(function: &str, maps: impl Iterator<Item = &'m str>) -> Vec<Stmt> {
    let calls: Vec<String> = maps.map(|map| format!("{function}(@{map});")).collect();
    calls.chunks(4).map(|line| Stmt::Raw(line.join(" "))).collect()
}

/// The maps that are not results.
fn hidden(plan: &Plan, items: &[Item]) -> Vec<String> {
    let mut maps: Vec<String> = plan.state.iter().map(|state| state.name.clone()).collect();
    maps.extend(errors::MAPS.iter().map(|map| (*map).to_owned()));
    maps.push(NUMBERS_GIVEN.to_owned());
    maps.extend(plan.results.iter().map(|result| numbers_of(&result.name)));
    maps.extend(super::kept::maps(plan));
    maps.retain(|map| used::stores_in(items, map) || used::reads_map(items, map));
    maps
}
