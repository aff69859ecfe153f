//! Collects the steps of each function, item by item of a recipe.

use super::Options;
use super::aggregation::VALUES_TOO_LARGE;
use super::called::Called;
use super::clauses::{both_conditions, chosen_of, under, where_of};
use super::eval::{Outcome, Scope};
use super::events::{self, Selected};
use super::params::Param;
use super::traced::{Gate, KeptMaps, Traced};
use crate::bt::names::Names;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::goname::function;
use crate::plan::format::Format;
use crate::plan::tree::{self, TreeMaps};
use crate::plan::{Column, EventKind, Output, Step, Subject, Tree, Unit, Value, walk};
use crate::source::Span;
use crate::syntax::ast::{self, Clause, ClauseKind};
use crate::target::{FunctionId, InlinedCopy, Pattern, Program};
use std::collections::{BTreeMap, BTreeSet};

/// A plan in the making.
pub(crate) struct Builder<'a> {
    pub(super) program: &'a dyn Program,
    pub(super) options: &'a Options,
    pub(super) source: &'a str,
    pub(super) problems: &'a mut Problems,
    pub(super) params: BTreeMap<String, Param>,
    pub(super) kept: KeptMaps,
    pub(super) results: Vec<Output>,
    pub(super) trees: Vec<Tree>,
    pub(super) names: Names,
    pub(super) traced: Vec<Traced>,
    by_id: BTreeMap<(FunctionId, Option<usize>), usize>,
    /// The places where traced functions were inlined.
    pub(super) copies: Vec<InlinedCopy>,
    /// Their numbers, by the function that holds each and its number there.
    pub(super) copy_numbers: BTreeMap<(FunctionId, usize), usize>,
    /// Those that are left out because memory may have changed where their arguments are known, by what names them.
    pub(super) late_copies: BTreeMap<Span, BTreeSet<usize>>,
    /// It was said that the program's release of Go hides some.
    pub(super) hidden_said: bool,
    /// Those of them that are left out, by the value that is not to be had there.
    pub(super) without_value: BTreeMap<Span, BTreeSet<usize>>,
    pub(super) skipped: BTreeMap<Span, Vec<String>>,
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
            trees: Vec::new(),
            names: Names::default(),
            traced: Vec::new(),
            by_id: BTreeMap::new(),
            copies: Vec::new(),
            copy_numbers: BTreeMap::new(),
            late_copies: BTreeMap::new(),
            hidden_said: false,
            without_value: BTreeMap::new(),
            skipped: BTreeMap::new(),
        }
    }

    /// The functions that events name, each with a place among those that are traced.
    pub(crate) fn functions(&mut self, events: &[ast::Event], clauses: &[Clause]) -> Vec<Selected> {
        let mut found = events::functions(self.program, events, clauses, self.problems);
        let left_out = &self.options.left_out;
        found
            .functions
            .retain(|named| named.exact || !left_out.contains(&self.program.function(named.id).name));
        found.only_inlined.retain(|(name, _)| !left_out.contains(name));
        let list = self.with_copies(found, clauses);
        let alone = events::includes_inlined(clauses).is_none();
        for named in &list {
            let place = self.place_of(*named);
            if let (Some(traced), true) = (self.traced.get_mut(place), alone) {
                traced.without_copies = true;
            }
        }
        list
    }

    /// There are functions of several names.
    pub(crate) fn has_several(&self, functions: &[Selected]) -> bool {
        let first = functions.first().map(|named| self.name_of(*named));
        functions.len() > 1 && functions.iter().any(|named| Some(self.name_of(*named)) != first)
    }

    fn place_of(&mut self, named: Selected) -> usize {
        let key = (named.id, named.copy);
        if let Some(&i) = self.by_id.get(&key) {
            if let (Some(traced), true) = (self.traced.get_mut(i), named.exact) {
                traced.exact = true;
                traced.span = named.span;
            }
            return i;
        }
        let function = self.program.function(named.id);
        let called = match named.copy.and_then(|copy| self.copies.get(copy)) {
            Some(copy) => Called::copy(copy.clone(), &function),
            None => Called::new(named.id, function),
        };
        self.traced.push(Traced::new(called, named.span, named.exact));
        if let Some(traced) = self.traced.last_mut() {
            traced.copy = named.copy;
        }
        self.by_id.insert(key, self.traced.len() - 1);
        self.traced.len() - 1
    }

    /// Runs `f` in the scope of an event of a function, and reports its problems.
    pub(crate) fn at<T>(
        &mut self,
        named: Selected,
        event: EventKind,
        f: impl FnOnce(&mut Scope<'_>) -> Outcome<T>,
    ) -> Option<T> {
        let i = self.place_of(named);
        let called = &self.traced.get(i)?.called;
        match f(&mut self.scope(Some(called), event)) {
            Ok(found) => Some(found),
            Err(problems) => {
                let function = called.function.name.clone();
                match named.copy {
                    Some(_) => self.report_at_copy(named, &function, problems),
                    None => self.problems.about(&function, problems),
                }
                None
            }
        }
    }

    /// The scope of expressions at an event of a function; without a function, only constants can be used.
    pub(super) fn scope<'s>(&'s self, called: Option<&'s Called>, event: EventKind) -> Scope<'s> {
        Scope {
            program: self.program,
            called,
            source: self.source,
            params: &self.params,
            dialect: self.options.dialect,
            event,
            one_process: self.options.pid.is_some(),
            by_process: self.options.by_process,
            records: self.options.records,
            bindings: Vec::new(),
        }
    }

    /// When a directive's keys and condition can be computed.
    pub(crate) fn event_of(&self, clauses: &[Clause]) -> EventKind {
        let late = clauses.iter().any(|c| match &c.node {
            ClauseKind::Where(e) => Scope::only_at_return(e),
            ClauseKind::By(list) => list.iter().any(|s| Scope::only_at_return(&s.expr)),
            _ => false,
        });
        if late { EventKind::Return } else { EventKind::Entry }
    }

    /// Adds steps for when a call begins, under the clauses' condition.
    pub(crate) fn on_entry(&mut self, named: Selected, clauses: &[Clause], steps: Option<Vec<Step>>) {
        // The condition is checked even if the steps are wrong, so that its mistakes are reported too.
        let condition = match where_of(clauses) {
            Some(e) => match self.at(named, EventKind::Entry, |s| s.condition(e)) {
                Some(condition) => Some(condition),
                None => return,
            },
            None => None,
        };
        // Of an inlined call it is often known who makes it.
        let condition = match condition.as_ref().map(Value::constant) {
            Some(Some(0)) if named.copy.is_some() => return,
            Some(Some(_)) if named.copy.is_some() => None,
            _ => condition,
        };
        let condition = both_conditions(chosen_of(clauses), condition);
        let Some(steps) = steps else { return };
        let i = self.place_of(named);
        if let Some(traced) = self.traced.get_mut(i) {
            traced.on_entry.extend(under(condition, steps));
            traced.wants_entry = true;
        }
    }

    /// Adds steps for when a call returns, under the clauses' condition, which is evaluated at the entry if possible.
    pub(crate) fn on_return(&mut self, named: Selected, clauses: &[Clause], steps: Option<Vec<Step>>) {
        let (mut gate, mut late) = (None, None);
        if let Some(e) = where_of(clauses) {
            let only_late = Scope::only_at_return(e);
            let event = if only_late {
                EventKind::Return
            } else {
                EventKind::Entry
            };
            let Some(condition) = self.at(named, event, |s| s.condition(e)) else {
                return;
            };
            *if only_late { &mut late } else { &mut gate } = Some(condition);
        }
        let gate = both_conditions(chosen_of(clauses), gate);
        let Some(steps) = steps else { return };
        let steps = under(late, steps);
        let i = self.place_of(named);
        if let Some(traced) = self.traced.get_mut(i) {
            traced.gates.push(Gate {
                condition: gate,
                steps,
            });
            traced.wants_entry = true;
            traced.wants_return = true;
        }
    }

    /// The same, but a function without returns is no mistake.
    pub(crate) fn on_return_if_any(&mut self, named: Selected, clauses: &[Clause], steps: Option<Vec<Step>>) {
        if self.returns(named) {
            self.on_return(named, clauses, steps);
        }
    }

    /// The function returns by instructions of its own, as far as is known.
    fn returns(&self, named: Selected) -> bool {
        let sites = self.program.sites(named.id, &crate::target::Needs::default());
        !sites.is_ok_and(|sites| sites.returns.is_empty())
    }

    /// Adds steps for when a call of a tree begins.
    pub(crate) fn tell_entry(&mut self, named: Selected, steps: Option<Vec<Step>>) {
        let i = self.place_of(named);
        if let (Some(traced), Some(steps)) = (self.traced.get_mut(i), steps) {
            traced.on_entry.extend(steps);
            traced.wants_entry = true;
        }
    }

    /// Adds steps for when a call of a tree returns, if its function does: a tree shows calls that do not.
    pub(crate) fn tell_return(&mut self, named: Selected, steps: Option<Vec<Step>>) {
        if !self.returns(named) {
            return;
        }
        let i = self.place_of(named);
        if let (Some(traced), Some(steps)) = (self.traced.get_mut(i), steps) {
            traced.on_return.extend(steps);
            traced.wants_return = true;
        }
    }

    /// A new tree, and its place among the others.
    pub(crate) fn tree(&mut self, item: &ast::Item, clauses: &[Clause]) -> usize {
        let name = match &item.label {
            Some(label) => label.node.clone(),
            None => self.names.allocate_map(&["graph"]),
        };
        let mut map = |of: &str| self.names.allocate_map(&[&format!("{name}_{of}")]);
        let maps = TreeMaps {
            root: map("root"),
            returns_to: map("returns_to"),
            told: map("told"),
            open: map("open"),
            frames: map("frames"),
            begun: map("begun"),
        };
        let mut tree = Tree {
            words: self.words_of(item),
            name,
            maps,
            depth: None,
            is_chosen_late: false,
            follows_go: None,
        };
        for clause in clauses {
            match &clause.node {
                ClauseKind::Depth(depth) if depth.node == 0 => self.problems.push(
                    Diagnostic::error(Code::BAD_CLAUSE, "a tree is at least one call deep")
                        .at(depth.span, "nothing would be shown"),
                ),
                ClauseKind::Depth(depth) => tree.depth = Some(depth.node),
                _ => {}
            }
        }
        self.trees.push(tree);
        self.trees.len() - 1
    }

    /// The function that each goroutine runs last, if the program tells where it is.
    pub(crate) fn last_of_goroutine(&mut self, near: Span) -> Option<Selected> {
        self.of_runtime(tree::LAST_OF_GOROUTINE, near)
    }

    /// The function that makes goroutines, those of which belong to the tree from now on. A program that does not have
    /// it, or not what else tells what becomes of a goroutine, is reported.
    pub(crate) fn maker_of_goroutines(&mut self, tree: usize, near: Span) -> Option<Selected> {
        let maker = self.of_runtime(tree::MAKER_OF_GOROUTINES, near);
        let maker = maker.filter(|maker| self.returns(*maker));
        let last = self.of_runtime(tree::LAST_OF_GOROUTINE, near);
        let (name, behind) = tree::BELOW_GOROUTINES;
        let below = self.of_runtime(name, near);
        let below = below.map(|below| self.program.function(below.id).address + behind);
        if let (Some(tree), Some(_), Some(_), Some(_)) = (self.trees.get_mut(tree), maker, last, below) {
            tree.follows_go = below;
            return maker;
        }
        self.problems.push(
            Diagnostic::error(
                Code::NO_FUNCTION,
                format!(
                    "goroutines cannot be followed: `{}`, `{}` or `{name}` cannot be found in the program",
                    tree::MAKER_OF_GOROUTINES,
                    tree::LAST_OF_GOROUTINE,
                ),
            )
            .at(near, "this needs them")
            .help("leave it out: the calls of the roots' own goroutines are told without them"),
        );
        None
    }

    fn of_runtime(&self, name: &str, near: Span) -> Option<Selected> {
        let pattern = Pattern::parse(name).ok()?;
        let found = self.program.functions(&pattern).ok()?;
        let id = *found.functions.first()?;
        Some(Selected {
            id,
            copy: None,
            span: near,
            exact: false,
        })
    }

    /// Whether a root of the tree is wanted is known only when it returns, by a condition.
    pub(crate) fn is_chosen_late(&mut self, tree: usize, condition: Span) {
        if !self.options.records {
            self.problems.push(
                Diagnostic::error(
                    Code::BAD_CLAUSE,
                    "a script cannot keep calls until it is known whether they are wanted",
                )
                .at(condition, "this is known when the root returns")
                .help("`gobt run` keeps them; in a script, use a condition on arguments"),
            );
        }
        if let Some(tree) = self.trees.get_mut(tree) {
            tree.is_chosen_late = true;
        }
    }

    /// An item as it was written, in a line, without its label.
    fn words_of(&self, item: &ast::Item) -> String {
        let begin = item
            .label
            .as_ref()
            .map_or(item.span.start, |label| label.span.end);
        let text = self.source.get(begin..item.span.end).unwrap_or_default();
        let lines = text
            .trim_start_matches([':', ' '])
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default());
        lines
            .flat_map(str::split_whitespace)
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub(crate) fn skeleton(&mut self, named: Selected) {
        let i = self.place_of(named);
        if let Some(traced) = self.traced.get_mut(i) {
            traced.skeleton = true;
            traced.wants_entry = true;
        }
    }

    /// The map of a result: named by its label, or else by what it shows.
    pub(crate) fn result_map(
        &mut self,
        label: Option<&ast::Name>,
        preferred: &str,
        first: Selected,
        of: Subject,
        unit: Unit,
    ) -> String {
        let function = self.name_of(first);
        let last = function::last_element(&function).1;
        let name = match label {
            // Labels got their maps before all other names.
            Some(label) => label.node.clone(),
            None => self
                .names
                .allocate_map(&[preferred, &format!("{preferred}_{last}")]),
        };
        self.results.push(Output::new(name.clone(), of, unit));
        name
    }

    /// The name of the function, if these are only one.
    pub(crate) fn only(&self, functions: &[Selected]) -> Option<String> {
        let first = functions.first().map(|named| self.name_of(*named));
        first.filter(|_| !self.has_several(functions))
    }

    /// Describes each result, and adds those that the recipe does not have itself: for values that are too large for
    /// another result, and for texts that were not read whole.
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
        for traced in &self.traced {
            let gated = traced.gates.iter().map(|gate| &gate.steps);
            for steps in [&traced.on_entry, &traced.on_return].into_iter().chain(gated) {
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
}
