//! Collects what is done in which function while a recipe is gone through, and makes the plan of it at the end.

use super::Options;
use super::aggregation::VALUES_TOO_LARGE;
use super::called::Called;
use super::eval::{Outcome, Scope};
use super::events::{self, Named};
use super::numbers::{self, Asked};
use super::params::Param;
use super::sketch::{Gate, KeptMaps, Sketch, entry_needs, kept, kept_addresses, needs_g};
use crate::analyze::verbs::latency::Shape;
use crate::bt::names::Names;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::goname::function;
use crate::plan::event::Event;
use crate::plan::format::Format;
use crate::plan::{
    AtEntry, Column, Expr, GoroutineSource, Limit, Output, Step, Subject, TimeUnit, Traced, Unit, Value, walk,
};
use crate::source::Span;
use crate::syntax::ast::{self, Clause, ClauseKind};
use crate::target::attach::Numbers;
use crate::target::{Abi, FunctionId, InlinedCall, NoEntry, Program, Runtime, Sites};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A plan in the making.
pub(crate) struct Builder<'a> {
    pub(super) program: &'a dyn Program,
    pub(super) options: &'a Options,
    pub(super) source: &'a str,
    pub(super) problems: &'a mut Problems,
    pub(super) params: BTreeMap<String, Param>,
    pub(super) kept: KeptMaps,
    pub(super) results: Vec<Output>,
    pub(super) names: Names,
    sketches: Vec<Sketch>,
    by_id: BTreeMap<FunctionId, usize>,
    skipped: BTreeMap<Span, Vec<String>>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        program: &'a dyn Program,
        options: &'a Options,
        source: &'a str,
        problems: &'a mut Problems,
        params: BTreeMap<String, Param>,
    ) -> Self {
        Builder {
            program,
            options,
            source,
            problems,
            params,
            kept: KeptMaps::default(),
            results: Vec::new(),
            names: Names::default(),
            sketches: Vec::new(),
            by_id: BTreeMap::new(),
            skipped: BTreeMap::new(),
        }
    }

    /// The functions that events name, each with a sketch.
    pub(crate) fn functions(&mut self, events: &[ast::Event], clauses: &[Clause]) -> Vec<Named> {
        let list = events::functions(self.program, events, clauses, self.problems);
        for named in &list {
            self.sketch(*named);
        }
        list
    }

    fn sketch(&mut self, named: Named) -> usize {
        if let Some(&i) = self.by_id.get(&named.id) {
            if let (Some(sketch), true) = (self.sketches.get_mut(i), named.exact) {
                sketch.exact = true;
                sketch.span = named.span;
            }
            return i;
        }
        let function = self.program.function(named.id);
        self.sketches
            .push(Sketch::new(named.id, function, named.span, named.exact));
        self.by_id.insert(named.id, self.sketches.len() - 1);
        self.sketches.len() - 1
    }

    /// Runs `f` where something happens to a function, and says what is wrong.
    pub(crate) fn at<T>(
        &mut self,
        named: Named,
        event: Event,
        f: impl FnOnce(&mut Scope<'_>) -> Outcome<T>,
    ) -> Option<T> {
        let i = self.sketch(named);
        let called = &self.sketches.get(i)?.called;
        match f(&mut self.scope(Some(called), event)) {
            Ok(found) => Some(found),
            Err(problems) => {
                let function = called.function.name.clone();
                self.problems.about(&function, problems);
                None
            }
        }
    }

    /// What expressions are computed from where something happens to a function; of none, constants only.
    fn scope<'s>(&'s self, called: Option<&'s Called>, event: Event) -> Scope<'s> {
        Scope {
            program: self.program,
            called,
            source: self.source,
            params: &self.params,
            dialect: self.options.dialect,
            event,
            one_process: self.options.pid.is_some(),
            bindings: Vec::new(),
        }
    }

    /// When a directive's keys and condition can be computed.
    pub(crate) fn event_of(&self, clauses: &[Clause]) -> Event {
        let late = clauses.iter().any(|c| match &c.node {
            ClauseKind::Where(e) => Scope::only_at_return(e),
            ClauseKind::By(list) => list.iter().any(|s| Scope::only_at_return(&s.expr)),
            _ => false,
        });
        if late { Event::Return } else { Event::Entry }
    }

    /// Adds steps for when a call begins, under the clauses' condition.
    pub(crate) fn on_entry(&mut self, named: Named, clauses: &[Clause], steps: Option<Vec<Step>>) {
        // The condition is looked at even if the steps are wrong, so that its mistakes are told too.
        let condition = match where_of(clauses) {
            Some(e) => match self.at(named, Event::Entry, |s| s.condition(e)) {
                Some(condition) => Some(condition),
                None => return,
            },
            None => None,
        };
        let Some(steps) = steps else { return };
        let i = self.sketch(named);
        if let Some(sketch) = self.sketches.get_mut(i) {
            sketch.on_entry.extend(under(condition, steps));
            sketch.wants_entry = true;
        }
    }

    /// Adds steps for when a call returns, under the clauses' condition, which is looked at on entry if it can be.
    pub(crate) fn on_return(&mut self, named: Named, clauses: &[Clause], steps: Option<Vec<Step>>) {
        let (mut gate, mut late) = (None, None);
        if let Some(e) = where_of(clauses) {
            let only_late = Scope::only_at_return(e);
            let event = if only_late { Event::Return } else { Event::Entry };
            let Some(condition) = self.at(named, event, |s| s.condition(e)) else {
                return;
            };
            *if only_late { &mut late } else { &mut gate } = Some(condition);
        }
        let Some(steps) = steps else { return };
        let steps = under(late, steps);
        let i = self.sketch(named);
        if let Some(sketch) = self.sketches.get_mut(i) {
            sketch.gates.push(Gate {
                condition: gate,
                steps,
            });
            sketch.wants_entry = true;
            sketch.wants_return = true;
        }
    }

    /// The same, but a function without returns is no mistake.
    pub(crate) fn on_return_if_any(&mut self, named: Named, clauses: &[Clause], steps: Option<Vec<Step>>) {
        if self
            .program
            .sites(named.id, &crate::target::Needs::default())
            .is_ok_and(|s| s.returns.is_empty())
        {
            return;
        }
        self.on_return(named, clauses, steps);
    }

    pub(crate) fn skeleton(&mut self, named: Named) {
        let i = self.sketch(named);
        if let Some(sketch) = self.sketches.get_mut(i) {
            sketch.skeleton = true;
            sketch.wants_entry = true;
        }
    }

    /// The map of a result: by its label, or else by a name made of what it shows.
    pub(crate) fn result_map(
        &mut self,
        label: Option<&ast::Name>,
        wish: &str,
        first: Named,
        of: Subject,
        unit: Unit,
    ) -> String {
        let function = self.program.function(first.id).name;
        let last = function::last_element(&function).1;
        let name = match label {
            // Labels were taken before anything else.
            Some(label) => label.node.clone(),
            None => self.names.allocate_map(&[wish, &format!("{wish}_{last}")]),
        };
        self.results.push(Output::new(name.clone(), of, unit));
        name
    }

    /// The name of the one function that there is among these.
    pub(crate) fn only(&self, functions: &[Named]) -> Option<String> {
        match functions {
            [one] => Some(self.program.function(one.id).name),
            _ => None,
        }
    }

    /// Complains about clauses that do not belong to `owner`, or stand there twice.
    pub(crate) fn allow_clauses(&mut self, clauses: &[Clause], allowed: &[&str], owner: &str) {
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for clause in clauses {
            let word = clause_word(&clause.node);
            if !allowed.contains(&word) {
                let problem = match &clause.node {
                    ClauseKind::IncludingInlined => {
                        super::unsupported::later("`including inlined` clauses", clause.span)
                    }
                    _ => {
                        let words: Vec<String> = allowed.iter().map(|w| format!("`{w}`")).collect();
                        let takes = if words.is_empty() {
                            format!("{owner} takes no clauses")
                        } else {
                            format!("{owner} takes {}", events::names_list(&words))
                        };
                        Diagnostic::error(Code::BAD_CLAUSE, format!("`{word}` does not belong to {owner}"))
                            .at(clause.span, "not here")
                            .help(takes)
                    }
                };
                self.problems.push(problem);
            } else if let Some(first) = seen.insert(word, clause.span) {
                self.problems.push(
                    Diagnostic::error(Code::BAD_CLAUSE, format!("`{word}` stands twice"))
                        .at(clause.span, "again")
                        .see(first, "first here"),
                );
            }
        }
    }

    /// `in UNIT`; microseconds unless said otherwise.
    pub(crate) fn unit(&mut self, clauses: &[Clause]) -> TimeUnit {
        for clause in clauses {
            let ClauseKind::In(name) = &clause.node else {
                continue;
            };
            match unit_called(&name.node) {
                Some(unit) => return unit,
                None => self.problems.push(
                    Diagnostic::error(Code::UNKNOWN_WORD, format!("there is no unit `{}`", name.node))
                        .at(name.span, "not known")
                        .help("the units are `ns`, `us`, `ms` and `s`"),
                ),
            }
        }
        TimeUnit::Us
    }

    /// `as hist`, `as stats`, `as linear A..B step S`.
    pub(crate) fn shape(&mut self, clauses: &[Clause]) -> Shape {
        let unit = self.unit(
            &clauses
                .iter()
                .filter(|c| matches!(&c.node, ClauseKind::In(n) if unit_called(&n.node).is_some()))
                .cloned()
                .collect::<Vec<_>>(),
        );
        for clause in clauses {
            let ClauseKind::As(word, range) = &clause.node else {
                continue;
            };
            match (word.node.as_str(), range) {
                ("hist", None) => return Shape::Hist,
                ("stats", None) => return Shape::Stats,
                ("linear", Some(range)) => {
                    return self
                        .linear(range, unit.nanoseconds())
                        .map_or(Shape::Hist, |(low, high, step)| Shape::Linear(low, high, step));
                }
                ("linear", None) => self.problems.push(
                    Diagnostic::error(Code::BAD_RANGE, "`linear` needs a range")
                        .at(word.span, "add `0..100 step 10`"),
                ),
                ("hist" | "stats", Some(range)) => self.problems.push(
                    Diagnostic::error(Code::BAD_RANGE, format!("`{}` takes no range", word.node))
                        .at(range.span, "only `linear` does"),
                ),
                (other, _) => {
                    let mut problem = Diagnostic::error(
                        Code::UNKNOWN_WORD,
                        format!("latencies cannot be shown as `{other}`"),
                    )
                    .at(word.span, "not known");
                    problem = match crate::diagnostic::near::words(other, ["hist", "linear", "stats"]) {
                        Some(w) => problem.help(format!("did you mean `{w}`?")),
                        None => problem.help("they are shown as `hist`, `linear A..B step S` or `stats`"),
                    };
                    self.problems.push(problem);
                }
            }
        }
        Shape::Hist
    }

    fn linear(&mut self, range: &ast::Range, unit: u64) -> Option<(i64, i64, i64)> {
        match self.scope(None, Event::Entry).linear(range, unit, None) {
            Ok(found) => Some(found),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    /// `limit N/s`, with the maps that it needs.
    pub(crate) fn limit(&mut self, clauses: &[Clause]) -> Option<Limit> {
        for clause in clauses {
            let ClauseKind::Limit(n) = &clause.node else {
                continue;
            };
            if n.node == 0 {
                self.problems.push(
                    Diagnostic::error(Code::BAD_PERIOD, "a limit is at least one line per second")
                        .at(n.span, "none would be written"),
                );
                return None;
            }
            let lines = self.names.allocate_map(&["lines_this_second"]);
            let dropped = self.names.allocate_map(&["lines_dropped"]);
            self.results.push(Output {
                columns: vec![Column::new("probe", "string", Format::String)],
                ..Output::new(dropped.clone(), Subject::LinesDropped(n.node), Unit::Lines)
            });
            return Some(Limit {
                per_second: n.node,
                lines,
                dropped,
            });
        }
        None
    }

    /// Says what is in each result, and which there are besides those that were asked for: of values that are too large for another one,
    /// and of texts that were not read whole.
    pub(super) fn describe_results(&mut self) {
        let mut too_large = false;
        let mut by_text = BTreeSet::new();
        let mut described = BTreeSet::new();
        let results = &mut self.results;
        let mut each = |step: &Step| {
            let Step::Aggregate {
                map,
                how,
                keys,
                value,
                columns,
            } = step
            else {
                return;
            };
            too_large |= map == VALUES_TOO_LARGE;
            if keys.iter().any(Value::is_read_as_text) {
                by_text.insert(map.clone());
            }
            if let Some(result) = results.iter_mut().find(|result| result.name == *map) {
                result.add(how, value.as_ref(), columns, described.insert(map.clone()));
            }
        };
        for sketch in &self.sketches {
            let gated = sketch.gates.iter().map(|gate| &gate.steps);
            for steps in [&sketch.on_entry, &sketch.on_return].into_iter().chain(gated) {
                walk::each(steps, &mut each);
            }
        }
        for result in self.results.iter_mut().filter(|r| by_text.contains(&r.name)) {
            let name = self.names.allocate_map(&[&format!("{}_not_whole", result.name)]);
            result.not_whole = Some(name);
        }
        if too_large {
            self.results.push(Output {
                columns: vec![Column::new("result", "string", Format::String)],
                ..Output::new(VALUES_TOO_LARGE.into(), Subject::ValuesTooLarge, Unit::Values)
            });
        }
    }

    /// The functions with their sites, checked; and whether any of them needs `runtime.g`.
    pub(super) fn finish(&mut self) -> (Vec<Traced>, Option<Runtime>, Numbers) {
        let mut sketches = std::mem::take(&mut self.sketches);
        for sketch in &mut sketches {
            self.combine(sketch);
        }
        // Names of kept maps are given out last: labels and results come first.
        let mut maps = std::mem::take(&mut self.kept.maps);
        for map in &mut maps {
            map.name = self.names.allocate_map(&[&map.name.clone()]);
        }
        self.kept.maps = maps;
        let needs_g = sketches.iter().any(needs_g);
        let types_used =
            super::script::shows_interfaces(sketches.iter().flat_map(|s| [&s.on_entry, &s.on_return]));
        let runtime = if needs_g || types_used {
            match self.program.runtime() {
                Ok(runtime) => Some(runtime),
                Err(problem) => {
                    self.problems.push(problem);
                    None
                }
            }
        } else {
            None
        };
        let mut traced = Vec::new();
        let mut any = false;
        let mut traced_names = BTreeMap::new();
        for sketch in sketches {
            any = true;
            let (span, exact) = (sketch.span, sketch.exact);
            traced_names.insert(sketch.called.function.name.clone(), (span, exact));
            let found = self.traced(sketch, runtime.as_ref());
            traced.extend(found.map(|function| Asked {
                function,
                span,
                exact,
            }));
        }
        let places_first = self.options.dialect.may_lack_offsets();
        let (traced, numbers) = numbers::written(self.program, traced, places_first, self.problems);
        self.warn_inlined(&traced_names);
        for (span, names) in std::mem::take(&mut self.skipped) {
            let shown: Vec<String> = names.iter().take(5).map(|n| format!("    {n}")).collect();
            let more = if names.len() > 5 {
                format!("\n    … and {} more", names.len() - 5)
            } else {
                String::new()
            };
            self.problems.push(
                Diagnostic::warning(
                    Code::SKIPPED,
                    format!(
                        "{} of the functions are left out: their returns or entries cannot be observed",
                        names.len()
                    ),
                )
                .at(span, "a pattern")
                .note(format!("{}{more}", shown.join("\n"))),
            );
        }
        if any && traced.is_empty() && !self.problems.has_errors() {
            self.problems.push(Diagnostic::error(
                Code::NOTHING_LEFT,
                "none of the functions can be traced in this way",
            ));
        }
        (traced, runtime, numbers)
    }

    /// Says which functions have calls that a probe does not see, because they were inlined, where that is quickly known.
    fn warn_inlined(&mut self, traced: &BTreeMap<String, (Span, bool)>) {
        if traced.is_empty() || self.problems.has_errors() || !self.program.inlined_is_cheap() {
            return;
        }
        let names: HashSet<&str> = traced.keys().map(String::as_str).collect();
        let Ok((calls, _)) = self.program.inlined_of(&names, usize::MAX) else {
            return;
        };
        let mut by_place: BTreeMap<Span, Vec<&InlinedCall>> = BTreeMap::new();
        for call in &calls {
            if let Some((span, _)) = traced.get(&call.callee) {
                by_place.entry(*span).or_default().push(call);
            }
        }
        for (span, calls) in by_place {
            let first = calls.first().map(|c| c.callee.clone()).unwrap_or_default();
            let what = if calls.iter().all(|c| c.callee == first) {
                format!("`{first}`")
            } else {
                "these functions".to_string()
            };
            let mut lines: Vec<String> = calls
                .iter()
                .take(4)
                .map(|c| format!("inlined into {} at {}:{}", c.caller, c.file, c.line))
                .collect();
            if calls.len() > 4 {
                lines.push(format!("… and at {} other places", calls.len() - 4));
            }
            let places = if calls.len() == 1 {
                "1 place".to_string()
            } else {
                format!("{} places", calls.len())
            };
            self.problems.push(
                Diagnostic::warning(
                    Code::PARTLY_INLINED,
                    format!("calls of {what} at {places} were inlined and are not seen"),
                )
                .at(span, "named here")
                .note(lines.join("\n"))
                .help("build with `//go:noinline` above the function (or with -gcflags=-l) to see them all"),
            );
        }
    }

    /// Puts the conditions of a function's directives together.
    fn combine(&mut self, sketch: &mut Sketch) {
        let gates = std::mem::take(&mut sketch.gates);
        if gates.is_empty() {
            return;
        }
        let only = match gates.as_slice() {
            [gate] => gate.condition.clone(),
            _ => None,
        };
        for gate in &gates {
            let steps = gate.steps.clone();
            match &gate.condition {
                Some(condition) if only.is_none() => {
                    let wanted = AtEntry::new(condition.clone(), "wanted");
                    let wanted = Value::truth(Expr::AtEntry(wanted));
                    sketch.on_return.push(Step::If(wanted, steps, Vec::new()));
                }
                _ => sketch.on_return.extend(steps),
            }
        }
        sketch.kept = kept(&sketch.on_return, &mut self.kept);
        let mut enter = vec![Step::Enter];
        enter.extend(
            sketch
                .kept
                .iter()
                .map(|(value, id)| Step::Keep(*id, value.clone())),
        );
        match only {
            Some(condition) => sketch.on_entry.push(Step::If(condition, enter, vec![Step::Skip])),
            None => sketch.on_entry.extend(enter),
        }
        sketch.gates = gates;
    }

    /// Why the goroutine of an assembly function cannot be told.
    fn no_goroutine(&self, name: &str) -> Diagnostic {
        Diagnostic::error(
            Code::GOROUTINE_UNKNOWN,
            format!("the goroutine that calls `{name}` cannot be told"),
        )
        .note(format!(
            "the function is assembly, and where threads of `{}` keep their goroutine is not known",
            self.program.identity().path
        ))
        .help("count it without `by goroutine`, or trace the Go function that calls it")
    }

    fn traced(&mut self, sketch: Sketch, runtime: Option<&Runtime>) -> Option<Traced> {
        let name = sketch.called.function.name.clone();
        let sites = match self
            .program
            .sites(sketch.called.id, &entry_needs(&sketch.on_entry))
        {
            Ok(sites) => sites,
            Err(problem) => {
                if sketch.exact {
                    self.problems.push(if problem.labels.is_empty() {
                        problem.at(sketch.span, "named here")
                    } else {
                        problem
                    });
                } else {
                    self.skipped.entry(sketch.span).or_default().push(name);
                }
                return None;
            }
        };
        let entry = match &sites.entry {
            Ok(entry) => Some(entry.clone()),
            Err(reason) => {
                if sketch.exact {
                    self.problems
                        .push(no_entry(&name, reason).at(sketch.span, "named here"));
                } else {
                    self.skipped.entry(sketch.span).or_default().push(name);
                }
                return None;
            }
        };
        if sketch.wants_return && sites.returns.is_empty() {
            if sketch.exact {
                let problem = self.never_returns(&name, &sites);
                self.problems.push(problem.at(sketch.span, "named here"));
            } else {
                self.skipped.entry(sketch.span).or_default().push(name);
            }
            return None;
        }
        if sketch.wants_return && !sites.tail_jumps.is_empty() && sketch.exact {
            let to = self.tail_targets(&sites);
            self.problems.push(
                Diagnostic::warning(
                    Code::LEAVES_OTHERWISE,
                    format!("some calls of `{name}` end by jumping into {to}, and are not seen to return"),
                )
                .at(sketch.span, "named here"),
            );
        }
        // A traced function must not be left to guesses, even where no address of its own was asked for.
        let paired = !sketch.gates.is_empty();
        let goroutine = match (sketch.called.function.abi, runtime) {
            (Abi::Abi0, Some(runtime)) => match runtime.tls_g {
                Some(place) => GoroutineSource::ThreadLocal(place),
                None if needs_g(&sketch) => {
                    if sketch.exact {
                        let problem = self.no_goroutine(&name);
                        self.problems.push(problem.at(sketch.span, "named here"));
                    } else {
                        self.skipped.entry(sketch.span).or_default().push(name);
                    }
                    return None;
                }
                None => GoroutineSource::Register,
            },
            _ => GoroutineSource::Register,
        };
        let on_system_stack = function::is_of_runtime(&name);
        let mut on_entry = sketch.on_entry;
        let mut on_return = sketch.on_return;
        if sketch.skeleton {
            on_entry.push(Step::Remark("a call begins".into()));
            on_return.push(Step::Remark("a call returns".into()));
        }
        let returns = if on_return.is_empty() && !paired {
            Vec::new()
        } else {
            sites.returns
        };
        let known = sketch.called.known_signature().and_then(Result::ok);
        let arguments =
            known.map(|s| super::script::single_registers(s.receiver.iter().chain(&s.parameters)));
        let results = known.map(|s| super::script::single_registers(s.results.iter()));
        Some(Traced {
            argument_registers: arguments.unwrap_or_default(),
            result_registers: results.unwrap_or_default(),
            signature: super::script::signature_lines(self.program, &sketch.called, sketch.skeleton),
            declared: self.program.line_of(sketch.called.function.address),
            name,
            on_system_stack,
            goroutine,
            address: sketch.called.function.address,
            entry: if on_entry.is_empty() { None } else { entry },
            on_entry,
            returns,
            addresses: kept_addresses(&on_return, &sketch.kept),
            kept: sketch.kept,
            on_return,
            paired,
        })
    }

    fn tail_targets(&self, sites: &Sites) -> String {
        let mut names: Vec<String> = sites
            .tail_jumps
            .iter()
            .map(|(_, to)| {
                to.map_or_else(
                    || "code known only at run time".to_string(),
                    |id| format!("`{}`", self.program.function(id).name),
                )
            })
            .collect();
        names.sort();
        names.dedup();
        names.truncate(4);
        events::names_list(&names)
    }

    fn never_returns(&self, name: &str, sites: &Sites) -> Diagnostic {
        if sites.tail_jumps.is_empty() {
            return Diagnostic::error(
                Code::NEVER_RETURNS,
                format!("`{name}` never returns: it has no RET instruction"),
            )
            .help("`count` works, and so do `on` blocks without `return`");
        }
        let to = self.tail_targets(sites);
        Diagnostic::error(
            Code::NEVER_RETURNS,
            format!("`{name}` does not return itself: it ends by jumping into {to}"),
        )
        .help("trace that function instead, or use `count`")
    }
}

fn no_entry(name: &str, reason: &NoEntry) -> Diagnostic {
    match reason {
        NoEntry::LoopHead => Diagnostic::error(
            Code::NO_ENTRY,
            format!("`{name}` begins with a loop, so a probe there would count the loop's rounds"),
        ),
        NoEntry::Refused(why) => Diagnostic::error(Code::NO_ENTRY, format!("`{name}` begins with {why}")),
    }
    .help("trace a function that calls it")
}

/// The condition among some clauses.
pub(super) fn where_of(clauses: &[Clause]) -> Option<&ast::Expr> {
    clauses.iter().find_map(|c| match &c.node {
        ClauseKind::Where(e) => Some(e),
        _ => None,
    })
}

/// The unit of time that `in WORD` asks for.
fn unit_called(word: &str) -> Option<TimeUnit> {
    TimeUnit::ALL.into_iter().find(|unit| unit.word() == word)
}

/// Steps that are done where a condition holds, if there is one.
pub(super) fn under(condition: Option<Value>, steps: Vec<Step>) -> Vec<Step> {
    match condition {
        Some(condition) => vec![Step::If(condition, steps, Vec::new())],
        None => steps,
    }
}

fn clause_word(clause: &ClauseKind) -> &'static str {
    match clause {
        ClauseKind::By(_) => "by",
        ClauseKind::Where(_) => "where",
        ClauseKind::As(..) => "as",
        ClauseKind::In(_) => "in",
        ClauseKind::Except(_) => "except",
        ClauseKind::IncludingInlined => "including inlined",
        ClauseKind::Limit(_) => "limit",
        ClauseKind::Into(_) => "into",
        ClauseKind::Depth(_) => "depth",
        ClauseKind::From(_) => "from",
        ClauseKind::To(_) => "to",
        ClauseKind::Match(..) => "match",
    }
}
