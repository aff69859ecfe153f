//! A whole recipe: its items in order, and the plan at the end.

use super::aggregation::VALUES_TOO_LARGE;
use super::builder::Builder;
use super::called::Called;
use super::{Options, errors, params, unsupported, verbs};
use crate::bt::attach::refused_in_path;
use crate::diagnostic::{Code, Diagnostic, Problems, near};
use crate::gotype::TypeRef;
use crate::gotype::abi::{Piece, Register, Slot};
use crate::plan::format::Format;
use crate::plan::{Part, Plan, RawPart, Step, Timer, TimerAction, Value};
use crate::source::Source;
use crate::syntax::ast::{EveryAction, ItemKind, Recipe, Segment, Statement, StatementKind};
use crate::target::{Parameter, Program};
use std::collections::{BTreeMap, BTreeSet};

/// Goes through a recipe.
pub(super) fn plan(
    recipe: &Recipe,
    source: &Source,
    program: &dyn Program,
    options: &Options,
    problems: &mut Problems,
) -> Option<Plan> {
    let params = params::params(recipe, &options.defines, problems);
    check_path(program, problems);
    let mut b = Builder::new(program, options, &source.text, problems, params);
    for own in [
        "entered",
        "calls_not_timed",
        "restarts",
        "known_texts",
        "marks",
        "powers_of_ten",
        VALUES_TOO_LARGE,
    ] {
        b.names.allocate_map(&[own]);
    }
    take_labels(recipe, &mut b);
    let mut timers = Vec::new();
    let mut stop: Option<(u64, crate::source::Span)> = None;
    let mut raw = Vec::new();
    let mut observes = false;
    for item in &recipe.items {
        match &item.kind {
            ItemKind::Target(_) | ItemKind::Param { .. } => {}
            ItemKind::Directive(d) => {
                observes = true;
                match verbs::named(&d.verb.node) {
                    Some(entry) => {
                        b.allow_clauses(&d.clauses, entry.clauses, &format!("`{}`", entry.verb));
                        if let (Some(label), false) = (&item.label, entry.has_result) {
                            b.problems.push(
                                Diagnostic::error(
                                    Code::BAD_CLAUSE,
                                    format!(
                                        "`{}` has no result that could be called `{}`",
                                        entry.verb, label.node
                                    ),
                                )
                                .at(label.span, "not here"),
                            );
                        }
                        (entry.build)(&mut b, item, d);
                    }
                    None => {
                        let problem = unknown_verb(d);
                        b.problems.push(problem);
                    }
                }
            }
            ItemKind::On(on) => {
                observes = true;
                b.on_block(on);
            }
            ItemKind::During { .. } => {
                observes = true;
                b.problems.push(unsupported::later("`during` blocks", item.span));
            }
            ItemKind::TypeDeclaration(text) => b
                .problems
                .push(unsupported::later("`type` declarations", text.span)),
            ItemKind::FuncDeclaration(text) => b
                .problems
                .push(unsupported::later("`func` declarations", text.span)),
            ItemKind::Every { period, actions } => {
                if period.node < 1000 {
                    b.problems.push(
                        Diagnostic::error(Code::BAD_PERIOD, "`every` takes at least a microsecond")
                            .at(period.span, "too short"),
                    );
                }
                timers.push((period.node, actions));
            }
            ItemKind::StopAfter(after) => {
                if after.node < 1000 {
                    b.problems.push(
                        Diagnostic::error(Code::BAD_PERIOD, "`stop after` takes at least a microsecond")
                            .at(after.span, "too short"),
                    );
                }
                if let Some((_, first)) = stop {
                    b.problems.push(
                        Diagnostic::error(Code::REPEATED, "a recipe stops once")
                            .at(item.span, "again")
                            .see(first, "first here"),
                    );
                }
                stop = Some((after.node, item.span));
            }
            ItemKind::Raw(text) => {
                observes = true;
                raw.push(top_level_raw(&text.segments, &mut b));
            }
        }
    }
    if !observes && !b.problems.has_errors() {
        b.problems.push(
            Diagnostic::error(Code::NOTHING_TO_DO, "the recipe observes nothing")
                .help("add a directive, such as `count main.main` or `latency net/http.(*conn).serve`"),
        );
    }
    b.describe_results();
    let labels = labels_of(recipe);
    let timers = timers
        .into_iter()
        .map(|(period, actions)| timer(period, actions, &labels, &mut b))
        .collect();
    let (functions, runtime, numbers) = b.finish();
    let (results, kept) = (std::mem::take(&mut b.results), std::mem::take(&mut b.kept.maps));
    let sites: usize = functions
        .iter()
        .map(|f| usize::from(f.entry.is_some()) + f.returns.len())
        .sum();
    if observes && sites == 0 && raw.is_empty() && !problems.has_errors() {
        problems.push(
            Diagnostic::error(
                Code::NOTHING_TO_DO,
                "nothing in the recipe's blocks observes anything",
            )
            .help("put a statement into a block, such as `count` or `print arg`"),
        );
    }
    if sites > MANY {
        problems.push(
            Diagnostic::warning(
                Code::MANY_PROBES,
                format!("the script has {sites} probes in {} functions", functions.len()),
            )
            .note(format!(
                "attaching and detaching them will take a minute or more ({} s at a tenth of a second each)",
                sites / 10
            ))
            .help("name fewer functions, or use `count`, which needs no returns"),
        );
    }
    let mut interfaces = BTreeSet::new();
    for f in &functions {
        shown_interfaces(&f.on_entry, &mut interfaces);
        shown_interfaces(&f.on_return, &mut interfaces);
    }
    let shows_errors = !interfaces.is_empty();
    let errors = if shows_errors {
        errors::known(program)
    } else {
        Vec::new()
    };
    let (type_names, more_types) = errors::type_names(program, &interfaces);
    let named: BTreeSet<u64> = type_names
        .keys()
        .chain(errors.iter().flat_map(|e| e.itabs.iter().chain([&e.descriptor])))
        .copied()
        .collect();
    let traced: Vec<u64> = functions.iter().map(|f| f.address).collect();
    let relies_on = program.relied_on(&traced, named.into_iter().collect(), runtime.is_some());
    Some(Plan {
        recipe: source.name.clone(),
        script: options
            .script
            .clone()
            .unwrap_or_else(|| script_name(&source.name)),
        summary: summary(&source.text),
        identity: program.identity().clone(),
        runtime,
        numbers,
        relies_on,
        pid: options.pid,
        functions,
        results,
        kept,
        timers,
        stop_after: stop.map(|(after, _)| after),
        raw,
        errors,
        errno_texts: if shows_errors {
            program.errno_texts()
        } else {
            Vec::new()
        },
        small_numbers: if shows_errors {
            program.symbol("runtime.staticuint64s")
        } else {
            None
        },
        bound: program.bound_by_loader(),
        type_names,
        more_types,
    })
}

/// More probes than this are worth a warning: at a tenth of a second each, detaching takes half a minute.
const MANY: usize = 300;

/// bpftrace takes some characters in paths for patterns, and cannot be given others.
fn check_path(program: &dyn Program, problems: &mut Problems) {
    let path = &program.identity().path;
    if let Some(c) = refused_in_path(path) {
        problems.push(
            Diagnostic::error(
                Code::BAD_PATH,
                format!("the program's path holds {c:?}, which cannot stand in a script"),
            )
            .note(path.clone())
            .help("reach it by another path, for example through a symbolic link"),
        );
    }
}

/// Labels are names of maps, and come before all others.
fn take_labels(recipe: &Recipe, b: &mut Builder<'_>) {
    let mut seen = BTreeMap::new();
    for label in labels_of(recipe) {
        if let Some(first) = seen.insert(label.node.clone(), label.span) {
            b.problems.push(
                Diagnostic::error(Code::REPEATED, format!("two results are called `{}`", label.node))
                    .at(label.span, "again")
                    .see(first, "first here"),
            );
        } else if b.names.is_taken(&label.node) {
            b.problems.push(
                Diagnostic::error(
                    Code::REPEATED,
                    format!("`{}` is the name of a map that gobt itself needs", label.node),
                )
                .at(label.span, "taken"),
            );
        } else if b.names.allocate_map(&[&label.node]) != label.node {
            b.problems.push(
                Diagnostic::error(Code::BAD_LABEL, "the label cannot be the name of a result")
                    .at(label.span, "this name")
                    .help(
                        "bpftrace takes the letters a to z and A to Z, digits and `_`; 48 of them are enough",
                    ),
            );
        }
    }
}

/// Every label of the recipe, in order.
fn labels_of(recipe: &Recipe) -> Vec<&crate::syntax::ast::Name> {
    let mut labels = Vec::new();
    for item in &recipe.items {
        labels.extend(item.label.as_ref());
        if let ItemKind::On(on) = &item.kind {
            statement_labels(&on.body, &mut labels);
        }
    }
    labels
}

fn statement_labels<'r>(body: &'r [Statement], labels: &mut Vec<&'r crate::syntax::ast::Name>) {
    for statement in body {
        labels.extend(statement.label.as_ref());
        match &statement.kind {
            StatementKind::If { then, otherwise, .. } => {
                statement_labels(then, labels);
                statement_labels(otherwise, labels);
            }
            StatementKind::Return { body, .. } => statement_labels(body, labels),
            _ => {}
        }
    }
}

fn unknown_verb(d: &crate::syntax::ast::Directive) -> Diagnostic {
    let verb = d.verb.node.as_str();
    if verbs::LATER.contains(&verb) {
        return unsupported::later(&format!("`{verb}` directives"), d.verb.span);
    }
    let words = verbs::TABLE
        .iter()
        .map(|e| e.verb)
        .chain(verbs::LATER.iter().copied())
        .chain(["on", "target", "param", "every", "during", "raw", "stop"]);
    let problem = Diagnostic::error(Code::UNKNOWN_WORD, format!("there is no directive `{verb}`"))
        .at(d.verb.span, "not known");
    let problem = super::events::with_foreign_letters(problem, verb);
    match near::words(verb, words) {
        Some(word) => problem.help(format!("did you mean `{word}`?")),
        None => {
            problem.help("the directives are `count`, `latency`, `trace`, `skeleton`, and `on … { }` blocks")
        }
    }
}

fn top_level_raw(segments: &[Segment], b: &mut Builder<'_>) -> String {
    let mut out = String::new();
    for segment in segments {
        match segment {
            Segment::Text(text) => out.push_str(text),
            Segment::Value(shown) => {
                // Outside of functions there are only params.
                let literal = match &shown.expr.kind {
                    crate::syntax::ast::ExprKind::Name(name) => b.params.get(name).cloned(),
                    _ => None,
                };
                match literal {
                    Some(params::Param::Number(n, _)) => out.push_str(&n.to_string()),
                    Some(params::Param::Bool(v)) => out.push_str(if v { "1" } else { "0" }),
                    Some(params::Param::Text(text)) => out.push_str(&crate::bt::text::quoted(&text)),
                    None => b.problems.push(
                        Diagnostic::error(
                            Code::UNKNOWN_NAME,
                            "outside of `on` blocks, `${…}` takes params only",
                        )
                        .at(shown.expr.span, "not a param"),
                    ),
                }
            }
        }
    }
    let lines: Vec<&str> = out.lines().collect();
    let indent = lines
        .iter()
        .filter(|l| !l.trim().is_empty())
        .map(|l| l.len() - l.trim_start().len())
        .min()
        .unwrap_or(0);
    let body: Vec<&str> = lines
        .iter()
        .map(|l| l.get(indent..).unwrap_or_default().trim_end())
        .collect();
    body.join("\n").trim().to_string()
}

fn timer(
    period: u64,
    actions: &[EveryAction],
    labels: &[&crate::syntax::ast::Name],
    b: &mut Builder<'_>,
) -> Timer {
    let mut out = Vec::new();
    for action in actions {
        let mut maps = Vec::new();
        if action.results.is_empty() {
            maps.extend(b.results.iter().map(|r| r.name.clone()));
        }
        for name in &action.results {
            if b.results.iter().any(|r| r.name == name.node) {
                maps.push(name.node.clone());
            } else if b.problems.has_errors()
                && (labels.iter().any(|label| label.node == name.node) || is_own_name(&name.node))
            {
                // What it would have been the result of is wrong, which was said there.
            } else {
                let mut problem = Diagnostic::error(
                    Code::NO_RESULT_CALLED,
                    format!("there is no result `{}`", name.node),
                )
                .at(name.span, "not known");
                problem = match near::words(&name.node, b.results.iter().map(|r| r.name.as_str())) {
                    Some(word) => problem.help(format!("did you mean `{word}`?")),
                    None if b.results.is_empty() => {
                        problem.help("the recipe has no results; `print` in an `on` block makes none")
                    }
                    None => problem.help(format!(
                        "the results are {}",
                        super::events::names_list(
                            &b.results
                                .iter()
                                .map(|r| format!("`{}`", r.name))
                                .collect::<Vec<_>>()
                        )
                    )),
                };
                b.problems.push(problem);
            }
        }
        match action.verb.node.as_str() {
            "print" => out.extend(maps.into_iter().map(TimerAction::Print)),
            "clear" => out.extend(maps.into_iter().map(TimerAction::Clear)),
            other => b.problems.push(
                Diagnostic::error(Code::UNKNOWN_WORD, format!("`every` cannot `{other}`"))
                    .at(action.verb.span, "not known")
                    .help("it can `print` and `clear`"),
            ),
        }
    }
    Timer { period, actions: out }
}

/// `dial.bt` for `recipes/dial.gobt`; `script.bt` for a recipe that is in no file.
fn script_name(recipe: &str) -> String {
    let file = recipe.rsplit('/').next().unwrap_or(recipe);
    if file.starts_with('<') {
        return "script.bt".to_owned();
    }
    format!("{}.bt", file.strip_suffix(".gobt").unwrap_or(file))
}

/// A name that a result without a label may get.
fn is_own_name(name: &str) -> bool {
    let first = name.split('_').next().unwrap_or(name);
    ["count", "latency", "lines", "calls"].contains(&first) || super::aggregation::is_aggregation(first)
}

/// The recipe's lines without comments and blank lines, for the header.
fn summary(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim_end)
        .filter(|l| {
            let t = l.trim_start();
            !t.is_empty() && !t.starts_with("//") && !t.starts_with("#!")
        })
        .map(|l| l.replace('\t', "    "))
        .collect()
}

/// True if a dynamic type's name or message is shown or used as a key.
pub(super) fn shows_interfaces<'s>(mut lists: impl Iterator<Item = &'s Vec<Step>>) -> bool {
    lists.any(|steps| {
        let mut found = BTreeSet::new();
        shown_interfaces(steps, &mut found);
        !found.is_empty()
    })
}

/// The interface types whose dynamic types are shown or used as keys.
fn shown_interfaces(steps: &[Step], found: &mut BTreeSet<TypeRef>) {
    fn in_value(v: &Value, found: &mut BTreeSet<TypeRef>) {
        match v {
            Value::Interface { ty, .. } => {
                found.insert(*ty);
            }
            Value::TypeOf(inner) => in_value(inner, found),
            _ => {}
        }
    }
    fn in_parts(parts: &[Part], found: &mut BTreeSet<TypeRef>) {
        for part in parts {
            match part {
                Part::Shown(v, format) if !matches!(format, Format::Pointer) => in_value(v, found),
                Part::Pointee(_, a) => in_parts(a, found),
                Part::Unless(_, a, b) => {
                    in_parts(a, found);
                    in_parts(b, found);
                }
                Part::Elements { each, .. } => each.iter().for_each(|e| in_parts(e, found)),
                Part::Shown(..) | Part::Text(_) | Part::Clock => {}
            }
        }
    }
    for step in steps {
        match step {
            Step::Aggregate { keys, .. } => keys.iter().for_each(|k| in_value(k, found)),
            Step::Print(line, _) => in_parts(&line.parts, found),
            Step::If(_, a, b) => {
                shown_interfaces(a, found);
                shown_interfaces(b, found);
            }
            Step::Raw(parts) => {
                for part in parts {
                    if let RawPart::Value(v) = part {
                        in_value(v, found);
                    }
                }
            }
            Step::Keep(..) | Step::Enter | Step::Skip | Step::Remark(_) => {}
        }
    }
}

/// The comment above a function's probe: its signature, and under it the place of every argument and result.
pub(super) fn signature_lines(program: &dyn Program, called: &Called, wanted: bool) -> Vec<String> {
    let function = &called.function;
    let signature = match called.known_signature() {
        Some(known) => known.ok(),
        None if wanted || program.signatures_are_cheap() => called.signature(program).ok(),
        None => None,
    };
    let Some(signature) = signature else {
        return vec![function.name.clone()];
    };
    let mut lines = Vec::new();
    let mut text = signature.text.clone();
    // The signature has the package's last element only; the full name says which package.
    if !text.contains(&function.name) {
        text = format!("{}: {text}", function.name);
    }
    lines.push(text);
    let list = |parameters: &mut dyn Iterator<Item = &Parameter>| {
        parameters
            .map(|p| format!("{} {}", p.name, place_text(p)))
            .collect::<Vec<_>>()
            .join("   ")
    };
    let arguments = list(&mut signature.receiver.iter().chain(&signature.parameters));
    let results = list(&mut signature.results.iter());
    if !arguments.is_empty() {
        lines.push(format!("    called with  {arguments}"));
    }
    if !results.is_empty() {
        lines.push(format!("    returns      {results}"));
    }
    lines
}

/// The values that are one register each, with their names.
pub(super) fn single_registers<'p>(list: impl Iterator<Item = &'p Parameter>) -> Vec<(Register, String)> {
    list.filter_map(|p| match p.place.as_deref() {
        Ok(
            [
                Piece {
                    slot: Slot::Register(r),
                    ..
                },
            ],
        ) => Some((*r, p.name.trim_start_matches('~').to_string())),
        _ => None,
    })
    .collect()
}

/// `AX BX`, `stack+8`, `X0`.
pub(super) fn place_text(parameter: &Parameter) -> String {
    match &parameter.place {
        Err(_) => "?".into(),
        Ok(pieces) if pieces.is_empty() => "-".into(),
        Ok(pieces) => pieces.iter().map(piece_text).collect::<Vec<_>>().join(" "),
    }
}

fn piece_text(piece: &Piece) -> String {
    match piece.slot {
        Slot::Register(r) => r.name().to_uppercase(),
        Slot::Vector(n) => format!("X{n}"),
        Slot::Stack(offset) => format!("sp+{offset}"),
    }
}
