//! A whole recipe: its items in order, and the plan at the end.

use super::aggregation::VALUES_TOO_LARGE;
use super::assemble::Assembled;
use super::builder::Builder;
use super::labels::{labels_of, take_labels};
use super::shown_types::shown_interfaces;
use super::stop;
use super::timers::{timed, timer_steps};
use super::{Options, errors, params, unsupported, verbs};
use crate::bt::attach::refused_in_path;
use crate::diagnostic::{Code, Diagnostic, Problems, near};
use crate::plan::record::WRITTEN;
use crate::plan::{CALLS_NOT_TIMED, Function, Plan, Probe, Step};
use crate::source::Source;
use crate::syntax::ast::{Expr, ItemKind, Recipe, Segment};
use crate::target::Program;
use crate::words::language;
use std::collections::BTreeSet;

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
        CALLS_NOT_TIMED,
        "restarts",
        "known_texts",
        "function_at",
        "marks",
        "powers_of_ten",
        VALUES_TOO_LARGE,
        WRITTEN,
    ] {
        b.names.allocate_map(&[own]);
    }
    take_labels(recipe, &mut b);
    let mut timers = Vec::new();
    let mut stop: Option<(u64, crate::source::Span)> = None;
    let mut stop_when: Option<(&Expr, crate::source::Span)> = None;
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
                    b.problems.push(stops_twice(item.span, first));
                }
                stop = Some((after.node, item.span));
            }
            ItemKind::StopWhen(condition) => {
                if let Some((_, first)) = stop_when {
                    b.problems.push(
                        stops_twice(item.span, first)
                            .help("`||` stands between conditions of which one is enough"),
                    );
                }
                stop_when = Some((condition, item.span));
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
    let mut on_time: Vec<Probe> = timers
        .into_iter()
        .map(|(period, actions)| timed(period, timer_steps(actions, &labels, &mut b)))
        .collect();
    let stop_when = stop_when.and_then(|(condition, _)| b.stop_when(condition, &labels));
    on_time.extend(stop.map(|(after, _)| timed(after, vec![Step::Stop])));
    let Assembled {
        functions,
        mut probes,
        mut state,
        runtime,
        numbers,
    } = b.assemble();
    if let Some(stop) = stop_when {
        stop.add_up(probes.iter_mut().chain(&mut on_time));
        state.extend(stop.state());
        on_time.push(timed(stop::EVERY, stop.steps()));
    }
    let results = std::mem::take(&mut b.results);
    let trees = std::mem::take(&mut b.trees);
    let sites: usize = probes.iter().map(|probe| probe.sites.len()).sum();
    if observes && sites == 0 && raw.is_empty() && !problems.has_errors() {
        problems.push(
            Diagnostic::error(
                Code::NOTHING_TO_DO,
                "nothing in the recipe's blocks observes anything",
            )
            .help("put a statement into a block, such as `count` or `print arg`"),
        );
    }
    let at_once = options.sidecar.is_some() && options.dialect.attaches_many_at_once();
    if sites > MANY && !at_once {
        problems.push(many(sites, &functions, options));
    }
    let mut interfaces = BTreeSet::new();
    for probe in &probes {
        shown_interfaces(&probe.steps, &mut interfaces);
    }
    let shows_errors = !interfaces.is_empty();
    let errors = if shows_errors {
        errors::known(program, options.records)
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
    probes.extend(on_time);
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
        probes,
        state,
        trees,
        results,
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

fn stops_twice(again: crate::source::Span, first: crate::source::Span) -> Diagnostic {
    Diagnostic::error(Code::REPEATED, "a recipe stops once")
        .at(again, "again")
        .see(first, "first here")
}

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
    if language::aggregates(verb) {
        return problem.help(format!("write it into a block: on FUNCTION {{ {verb} … }}"));
    }
    match near::words(verb, words) {
        Some(word) => problem.help(format!("did you mean `{word}`?")),
        None => problem.help(
            "the directives are `count`, `latency`, `trace`, `graph`, `skeleton`, and `on … { }` blocks",
        ),
    }
}

fn top_level_raw(segments: &[Segment], b: &mut Builder<'_>) -> String {
    let mut out = String::new();
    for segment in segments {
        match segment {
            Segment::Text(text) => out.push_str(text),
            Segment::Value(shown) => {
                // Outside of functions only params can be used.
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

/// `dial.bt` for `recipes/dial.gobt`; `script.bt` for a recipe that is in no file.
fn script_name(recipe: &str) -> String {
    let file = recipe.rsplit('/').next().unwrap_or(recipe);
    if file.starts_with('<') {
        return "script.bt".to_owned();
    }
    format!("{}.bt", file.strip_suffix(".gobt").unwrap_or(file))
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

/// A script whose probes take long to attach and detach. Copies of a function that was inlined are one function.
fn many(sites: usize, functions: &[Function], options: &Options) -> Diagnostic {
    let names: BTreeSet<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    let times = functions.iter().any(|function| function.paired);
    let fewer = if times {
        "name fewer functions, or use `count`, which needs no returns"
    } else {
        "name fewer functions"
    };
    let problem = Diagnostic::warning(
        Code::MANY_PROBES,
        format!("the script has {sites} probes in {} functions", names.len()),
    )
    .note(format!(
        "attaching and detaching them will take a minute or more ({} s at a tenth of a second each)",
        sites / 10
    ))
    .help(fewer);
    if options.sidecar.is_none() && options.dialect.attaches_many_at_once() {
        problem.help("`gobt run`, or a script that is compiled with `--sidecar DIR`, attaches them at once")
    } else {
        problem
    }
}
