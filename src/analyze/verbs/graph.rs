//! `graph ROOTS [into FUNCS] [except FUNCS] [depth N] [where COND] [with args] [following go] [including inlined]`: the
//! tree of calls under each root.

use super::Entry;
use crate::analyze::Builder;
use crate::analyze::clauses::{both_conditions, chosen_of, where_of};
use crate::analyze::events::{Selected, includes_inlined};
use crate::diagnostic::{Code, Diagnostic};
use crate::plan::{EventKind, Happens, Line, Step, Told};
use crate::syntax::ast::{Clause, ClauseKind, Directive, Item};

pub(super) const ENTRY: Entry = Entry {
    verb: "graph",
    clauses: &[
        "into",
        "except",
        "depth",
        "where",
        "sample",
        "with args",
        "following go",
        "including inlined",
    ],
    summary: "the tree of calls under each root, per goroutine, with times and where each call came from",
    example: "graph main.handle into main.*",
    has_result: true,
    build,
};

fn build(b: &mut Builder<'_>, item: &Item, directive: &Directive) {
    let clauses = &directive.clauses;
    let inside = clauses.iter().find_map(|clause| match &clause.node {
        ClauseKind::Into(events) => Some(events),
        _ => None,
    });
    // What is excepted is taken from what is looked into, if that is said.
    let of_roots: Vec<Clause> = match inside {
        Some(_) => Vec::new(),
        None => clauses.clone(),
    };
    if let (Some(clause), None) = (includes_inlined(clauses), inside) {
        b.problems.push(
            Diagnostic::error(Code::BAD_CLAUSE, "a call that was inlined is no root")
                .at(clause, "there is no `into` that it could be of")
                .help(
                    "name functions with `into`: those of their calls that were inlined are told below roots",
                ),
        );
        return;
    }
    let roots = b.functions(&directive.events, &of_roots);
    let inside = match inside {
        Some(events) if !roots.is_empty() => b.functions(events, clauses),
        _ => Vec::new(),
    };
    let tree = b.tree(item, clauses);
    let graph = Graph {
        tree,
        with_args: clauses.iter().any(|clause| clause.node == ClauseKind::WithArgs),
    };
    let is_root = |one: &Selected| roots.iter().any(|root| root.is_same(*one));
    for root in &roots {
        graph.root(b, *root, clauses);
    }
    if let Some(first) = roots.first()
        && let Some(last) = b.last_of_goroutine(first.span())
    {
        b.tell_entry(last, Some(vec![graph.step(Happens::End, Line::default())]));
    }
    let following = clauses
        .iter()
        .find(|clause| clause.node == ClauseKind::FollowingGo);
    if let Some(clause) = following
        && let Some(maker) = b.maker_of_goroutines(tree, clause.span)
    {
        b.tell_return(maker, Some(vec![graph.step(Happens::Start, Line::default())]));
    }
    let (inlined, inside): (Vec<_>, Vec<_>) = inside.into_iter().partition(|one| one.copy.is_some());
    for one in inlined {
        let what = Happens::Inlined(b.called_at(one));
        let steps = b.at(one, EventKind::Entry, |_| {
            Ok(vec![graph.step(what, Line::default())])
        });
        b.tell_entry(one, steps);
    }
    for one in inside.iter().filter(|one| !is_root(one)) {
        graph.tell(b, *one, Happens::Call);
        let returns = graph.at_return(b, *one, &[]);
        b.tell_return(*one, returns);
    }
}

/// One directive.
struct Graph {
    tree: usize,
    with_args: bool,
}

impl Graph {
    /// The steps of a function whose calls are roots.
    fn root(&self, b: &mut Builder<'_>, root: Selected, clauses: &[Clause]) {
        let is_late = b.event_of(clauses) == EventKind::Return;
        let mut condition = None;
        if let (Some(e), false) = (where_of(clauses), is_late) {
            condition = b.at(root, EventKind::Entry, |scope| scope.condition(e));
            if condition.is_none() {
                return;
            }
        }
        self.tell(
            b,
            root,
            Happens::Root(both_conditions(chosen_of(clauses), condition)),
        );
        let returns = self.at_return(b, root, if is_late { clauses } else { &[] });
        if is_late {
            if let Some(condition) = where_of(clauses) {
                b.is_chosen_late(self.tree, condition.span);
            }
            b.on_return_if_any(root, &[], returns);
        } else {
            b.tell_return(root, returns);
        }
    }

    /// Tells of the beginning of calls.
    fn tell(&self, b: &mut Builder<'_>, one: Selected, what: Happens) {
        let steps = b.at(one, EventKind::Entry, |scope| {
            let line = match self.with_args {
                true => scope.all_arguments(one.span())?,
                false => Line::default(),
            };
            Ok(vec![self.step(what, line)])
        });
        b.tell_entry(one, steps);
    }

    /// The steps at a return, which finds out whether a root is wanted if these clauses have a condition.
    fn at_return(&self, b: &mut Builder<'_>, one: Selected, clauses: &[Clause]) -> Option<Vec<Step>> {
        b.at(one, EventKind::Return, |scope| {
            let condition = where_of(clauses).map(|e| scope.condition(e)).transpose()?;
            let line = match self.with_args {
                true => scope.all_results(one.span())?,
                false => Line::default(),
            };
            Ok(vec![self.step(Happens::Return(condition), line)])
        })
    }

    fn step(&self, what: Happens, line: Line) -> Step {
        Step::Tell(Told {
            tree: self.tree,
            what,
            line,
        })
    }
}
