//! Makes probes at the functions' sites from the steps of each function, and checks each of them.

use super::builder::Builder;
use super::events::names_list;
use super::numbers::{self, Asked};
use super::shown_types::shows_interfaces;
use super::signature;
use super::traced::{Traced, entry_needs, kept, kept_addresses, needs_g, shows_stack};
use super::word_names;
use crate::diagnostic::{Code, Diagnostic};
use crate::goname::function;
use crate::plan::state::{Bound, ENTERED, Holds, Key, Losses, Lost, MOST_KEYS, RESTARTS};
use crate::plan::{
    AtEntry, CALLS_NOT_TIMED, Event, EventKind, Expr, Function, GoroutineSource, Probe, State, Step, Tree,
    Value, walk,
};
use crate::target::attach::Numbers;
use crate::target::{Abi, EntrySite, Guard, InlinedCopy, NoEntry, Runtime, Site, Sites};
use std::collections::BTreeMap;

/// The probes at the sites of functions.
pub(super) struct Assembled {
    pub(super) functions: Vec<Function>,
    pub(super) probes: Vec<Probe>,
    pub(super) state: Vec<State>,
    /// Facts of the run time, if anything needs them.
    pub(super) runtime: Option<Runtime>,
    /// How the sites are written.
    pub(super) numbers: Numbers,
}

/// A probe of a function that has no index in the plan yet.
pub(super) struct Planned {
    /// The event, once the function has its index.
    event: fn(usize) -> Event,
    pub(super) sites: Vec<Site>,
    guard: Guard,
    checked: bool,
    steps: Vec<Step>,
}

/// Gives every function its index, and its probes after it.
fn numbered(asked: Vec<Asked>) -> (Vec<Function>, Vec<Probe>) {
    let mut functions = Vec::new();
    let mut probes = Vec::new();
    for one in asked {
        let place = functions.len();
        functions.push(one.function);
        probes.extend(one.probes.into_iter().map(|planned| Probe {
            event: (planned.event)(place),
            sites: planned.sites,
            guard: planned.guard,
            checked: planned.checked,
            steps: planned.steps,
        }));
    }
    (functions, probes)
}

/// The state between probes: the recipe's values, and what the probes themselves need.
fn state(functions: &[Function], probes: &[Probe], trees: &[Tree], values: Vec<State>) -> Vec<State> {
    let mut all = values;
    let mut add = |name: &str, keyed_by: Key, holds: Holds, bound: Bound| {
        if !all.iter().any(|state| state.name == name) {
            all.push(State {
                name: name.to_owned(),
                keyed_by,
                holds,
                bound,
            });
        }
    };
    if functions.iter().any(|function| function.paired) {
        let losses = Losses {
            result: CALLS_NOT_TIMED.to_owned(),
            lost: lost(functions, probes),
        };
        let bound = Bound::Counted(MOST_KEYS, losses);
        add(ENTERED, Key::Call, Holds::Beginning, bound);
    }
    if probes.iter().any(|probe| probe.guard == Guard::FirstArrival) {
        add(RESTARTS, Key::Goroutine, Holds::Restart, Bound::Few);
    }
    for tree in trees {
        let entries = Bound::Entries(MOST_KEYS);
        add(&tree.maps.root, Key::Goroutine, Holds::Root, entries.clone());
        add(
            &tree.maps.returns_to,
            Key::Goroutine,
            Holds::ReturnAddress,
            entries.clone(),
        );
        for map in [
            &tree.maps.told,
            &tree.maps.open,
            &tree.maps.frames,
            &tree.maps.begun,
        ] {
            add(map, Key::Goroutine, Holds::Told, entries.clone());
        }
    }
    for probe in probes {
        walk::each(&probe.steps, &mut |step| {
            if let Step::Print(_, Some(limit)) = step {
                add(&limit.lines, Key::Probe, Holds::Lines, Bound::Few);
            }
        });
    }
    all
}

/// Which calls are lost when too many are open: the oldest, if every call of every function is kept.
fn lost(functions: &[Function], probes: &[Probe]) -> Lost {
    let keeps_some = |probe: &Probe| {
        let function = probe.event.function().and_then(|place| functions.get(place));
        probe.event.kind() == EventKind::Entry
            && function.is_some_and(|function| function.paired)
            // A function of which every call is kept says so without a condition.
            && !probe.steps.contains(&Step::Enter)
    };
    if probes.iter().any(keeps_some) {
        Lost::Newest
    } else {
        Lost::Oldest
    }
}

impl Builder<'_> {
    /// Puts together what was collected.
    pub(super) fn assemble(&mut self) -> Assembled {
        let mut functions = std::mem::take(&mut self.traced);
        for traced in &mut functions {
            self.combine(traced);
        }
        // Maps of the script's own get their names last: labels and results come first.
        let mut maps = std::mem::take(&mut self.kept.maps);
        for map in &mut maps {
            map.name = self.names.allocate_map(&[&map.name.clone()]);
        }
        self.kept.maps = maps;
        let needs_g = functions.iter().any(needs_g);
        let types_used = shows_interfaces(functions.iter().flat_map(|s| [&s.on_entry, &s.on_return]));
        let runtime = if needs_g || types_used {
            match self.program.runtime() {
                Ok(runtime) => Some(runtime),
                Err(problem) => {
                    self.problems.push(problem);
                    None
                }
            }
        } else if functions
            .iter()
            .any(|s| shows_stack(&s.on_entry) || shows_stack(&s.on_return))
        {
            // Where a goroutine was created is a part of its stack, and not all of it.
            self.program.runtime().ok()
        } else {
            None
        };
        let any = !functions.is_empty();
        let mut asked = Vec::new();
        let mut places = BTreeMap::new();
        for traced in functions {
            if traced.called.copy.is_some() && traced.on_entry.is_empty() {
                continue;
            }
            if traced.called.is_late() && entry_needs(&traced.on_entry).memory {
                self.late_copies
                    .entry(traced.span)
                    .or_default()
                    .extend(traced.copy);
                continue;
            }
            let (span, exact) = (traced.span, traced.exact);
            let name = traced.called.function.name.clone();
            if traced.without_copies {
                places.insert(name.clone(), span);
            }
            match self.placed(traced, runtime.as_ref()) {
                Ok(found) => asked.push(found),
                Err(problem) if exact && problem.labels.is_empty() => {
                    self.problems.push(problem.at(span, "named here"));
                }
                Err(problem) if exact => self.problems.push(problem),
                Err(_) => self.skipped.entry(span).or_default().push(name),
            }
        }
        let (asked, numbers) = numbers::written(self.program, asked, self.options, self.problems);
        self.warn_inlined(&places);
        self.warn_without_value();
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
                    match names.len() {
                        1 => "1 of the functions is left out: its entry or returns cannot be observed"
                            .to_owned(),
                        n => format!(
                            "{n} of the functions are left out: their returns or entries cannot be observed"
                        ),
                    },
                )
                .at(span, "a pattern")
                .note(format!("{}{more}", shown.join("\n"))),
            );
        }
        if any && asked.is_empty() && !self.problems.has_errors() {
            self.problems.push(Diagnostic::error(
                Code::NOTHING_LEFT,
                "none of the functions can be traced in this way",
            ));
        }
        let (functions, probes) = numbered(asked);
        let state = state(
            &functions,
            &probes,
            &self.trees,
            std::mem::take(&mut self.kept.maps),
        );
        Assembled {
            functions,
            probes,
            state,
            runtime,
            numbers,
        }
    }

    /// Puts the conditions of a function's directives together.
    fn combine(&mut self, traced: &mut Traced) {
        let gates = std::mem::take(&mut traced.gates);
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
                    traced.on_return.push(Step::If(wanted, steps, Vec::new()));
                }
                _ => traced.on_return.extend(steps),
            }
        }
        traced.kept = kept(&traced.on_return, &mut self.kept);
        let mut enter = vec![Step::Enter];
        enter.extend(
            traced
                .kept
                .iter()
                .map(|(value, id)| Step::Keep(*id, value.clone())),
        );
        match only {
            Some(condition) => traced.on_entry.push(Step::If(condition, enter, vec![Step::Skip])),
            None => traced.on_entry.extend(enter),
        }
        traced.gates = gates;
    }

    /// Why the goroutine of an assembly function is not known.
    fn no_goroutine(&self, name: &str) -> Diagnostic {
        Diagnostic::error(
            Code::GOROUTINE_UNKNOWN,
            format!("the goroutine that calls `{name}` is not known"),
        )
        .note(format!(
            "the function is assembly, and gobt does not know where the threads of `{}` keep their goroutine",
            self.program.identity().path
        ))
        .help("count it without `by goroutine`, or trace the Go function that calls it")
    }

    /// A function with its sites, or why it cannot be traced so.
    fn placed(&mut self, traced: Traced, runtime: Option<&Runtime>) -> Result<Asked, Diagnostic> {
        let name = traced.called.function.name.clone();
        let needs = entry_needs(&traced.on_entry);
        let sites = match &traced.called.copy {
            Some(copy) => sites_of_copy(copy, traced.called.site_of_arguments()),
            None => self.program.sites(traced.called.id, &needs)?,
        };
        let entry = sites.entry.clone().map_err(|reason| no_entry(&name, &reason))?;
        if traced.wants_return && sites.returns.is_empty() {
            return Err(self.never_returns(&name, &sites));
        }
        if traced.wants_return && !sites.tail_jumps.is_empty() && traced.exact {
            let to = self.tail_targets(&sites);
            self.problems.push(
                Diagnostic::warning(
                    Code::LEAVES_OTHERWISE,
                    format!("some calls of `{name}` end by jumping into {to}, and are not seen to return"),
                )
                .at(traced.span, "named here"),
            );
        }
        let goroutine = self.goroutine_of(&traced, &entry.site, &sites.returns, runtime)?;
        // A traced function needs a known entry, even if the recipe needs no probe there.
        let paired = !traced.gates.is_empty();
        let (mut on_entry, mut on_return) = (traced.on_entry, traced.on_return);
        if traced.skeleton {
            on_entry.push(Step::Remark("a call begins".into()));
            on_return.push(Step::Remark("a call returns".into()));
        }
        let known = traced.called.known_signature().and_then(Result::ok);
        let arguments =
            known.map(|s| word_names::of(self.program, s.receiver.iter().chain(&s.parameters), false));
        let results = known.map(|s| word_names::of(self.program, s.results.iter(), true));
        let function = Function {
            argument_words: arguments.unwrap_or_default(),
            result_words: results.unwrap_or_default(),
            signature: signature::signature_lines(self.program, &traced.called, traced.skeleton),
            declared: match &traced.called.copy {
                Some(_) => None,
                None => self.program.line_of(traced.called.function.address),
            },
            on_system_stack: function::is_of_runtime(&name) || traced.called.is_in_runtime(self.program),
            name,
            goroutine,
            address: traced.called.function.address,
            addresses: kept_addresses(&on_return, &traced.kept),
            kept: traced.kept,
            has_return_address: traced.called.copy.as_ref().is_none_or(|copy| copy.is_frameless),
            paired,
        };
        let mut probes = Vec::new();
        if !on_entry.is_empty() {
            probes.push(Planned {
                event: Event::Entry,
                sites: vec![entry.site],
                guard: entry.guard,
                checked: entry.checked,
                steps: on_entry,
            });
        }
        if !on_return.is_empty() || paired {
            probes.push(Planned {
                event: Event::Return,
                sites: sites.returns,
                guard: Guard::None,
                checked: false,
                steps: on_return,
            });
        }
        Ok(Asked {
            function,
            probes,
            span: traced.span,
            exact: traced.exact,
        })
    }

    /// Where probes of a function find the goroutine.
    fn goroutine_of(
        &self,
        traced: &Traced,
        entry: &Site,
        returns: &[Site],
        runtime: Option<&Runtime>,
    ) -> Result<GoroutineSource, Diagnostic> {
        let called = &traced.called;
        // Assembly that Go does not know may be called by other assembly, with anything in the register. Nothing tells
        // it from what follows ABIInternal.
        let is_in_register = called.function.abi == Abi::Internal && !called.function.assembly;
        let Some(runtime) = runtime.filter(|_| !is_in_register) else {
            return Ok(GoroutineSource::Register);
        };
        let Some(place) = runtime.tls_g else {
            return if needs_g(traced) {
                Err(self.no_goroutine(&called.function.name))
            } else {
                Ok(GoroutineSource::Unknown)
            };
        };
        let has_return = traced.skeleton || !traced.on_return.is_empty() || !traced.gates.is_empty();
        let returns = if has_return { returns } else { &[] };
        let sites: Vec<u64> = std::iter::once(entry)
            .chain(returns)
            .map(|site| site.address)
            .collect();
        Ok(if self.program.has_goroutine(called.id, &sites, place) {
            GoroutineSource::Register
        } else {
            GoroutineSource::ThreadLocal(place)
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
        names_list(&names)
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

/// The sites of a copy: where each call begins, and no end.
fn sites_of_copy(copy: &InlinedCopy, of_arguments: Option<&Site>) -> Sites {
    Sites {
        entry: match of_arguments.map_or(copy.site.as_ref(), Ok) {
            Ok(site) => Ok(EntrySite {
                site: site.clone(),
                guard: Guard::None,
                checked: false,
            }),
            Err(_) => Err(NoEntry::LoopHead),
        },
        returns: Vec::new(),
        tail_jumps: Vec::new(),
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
