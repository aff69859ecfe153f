//! Functions while it is found out what is done in them.

use super::called::Called;
use crate::plan::state::{Bound, Holds, Key, MOST_KEYS};
use crate::plan::{AtEntry, Expr, Op, State, StateId, Step, Value, walk};
use crate::source::Span;
use crate::target::Needs;
use std::collections::{BTreeMap, BTreeSet};

/// A function of the program and the steps found for it so far.
#[derive(Debug)]
pub(super) struct Traced {
    pub(super) called: Called,
    /// The event that named it, and whether it named it alone (not through a pattern).
    pub(super) span: Span,
    pub(super) exact: bool,
    pub(super) on_entry: Vec<Step>,
    pub(super) on_return: Vec<Step>,
    /// Conditions on entry of the directives that need the call's return; one of them has to hold.
    pub(super) gates: Vec<Gate>,
    /// What is kept from entry to return, and where.
    pub(super) kept: Vec<(Value, StateId)>,
    pub(super) skeleton: bool,
    /// It is this copy of a function, by its number among those of the recipe.
    pub(super) copy: Option<usize>,
    /// A part of the recipe names it without its inlined calls.
    pub(super) without_copies: bool,
    /// Somebody needs the return sites.
    pub(super) wants_return: bool,
    pub(super) wants_entry: bool,
}

/// A directive that needs a call's return, and when it does.
#[derive(Clone, Debug)]
pub(super) struct Gate {
    /// Holds on entry for calls that it wants; none: all.
    pub(super) condition: Option<Value>,
    /// What it does on return.
    pub(super) steps: Vec<Step>,
}

impl Traced {
    pub(super) fn new(called: Called, span: Span, exact: bool) -> Self {
        Traced {
            called,
            span,
            exact,
            on_entry: Vec::new(),
            on_return: Vec::new(),
            gates: Vec::new(),
            kept: Vec::new(),
            skeleton: false,
            copy: None,
            without_copies: false,
            wants_return: false,
            wants_entry: false,
        }
    }
}

/// The maps that keep values, shared by all functions: a frame belongs to one call.
#[derive(Debug, Default)]
pub(super) struct KeptMaps {
    pub(super) maps: Vec<State>,
    by_name: BTreeMap<(String, bool), StateId>,
}

impl KeptMaps {
    /// The map for the `n`th value that one function keeps under this name.
    fn map(&mut self, name: &str, n: usize, text: bool) -> StateId {
        let name = if n == 0 {
            name.to_string()
        } else {
            format!("{name}_{}", n + 1)
        };
        if let Some(id) = self.by_name.get(&(name.clone(), text)) {
            return *id;
        }
        let id = StateId(self.maps.len());
        let mut add = |name: String, holds: Holds| {
            self.maps.push(State {
                name,
                keyed_by: Key::Call,
                holds,
                // Twice the room, so that it is not lost before the time is with which its call began.
                bound: Bound::Entries(2 * MOST_KEYS),
            });
        };
        if text {
            add(name.clone(), Holds::Text(StateId(id.0 + 1)));
            add(format!("{name}_not_whole"), Holds::Number);
        } else {
            add(name.clone(), Holds::Number);
        }
        self.by_name.insert((name, text), id);
        id
    }

    /// Where the digest of kept text is kept.
    fn digest_of(&self, id: StateId) -> Option<StateId> {
        match self.maps.get(id.0)?.holds {
            Holds::Text(digest) => Some(digest),
            _ => None,
        }
    }
}

/// What the returns of one function use of what was there when the call began, in the order of its use, each with its
/// map.
pub(super) fn kept(steps: &[Step], maps: &mut KeptMaps) -> Vec<(Value, StateId)> {
    let mut found: Vec<(Value, StateId)> = Vec::new();
    walk::steps(steps, &mut |e| {
        let Expr::AtEntry(AtEntry { value, name }) = e else {
            return;
        };
        if found.iter().any(|(known, _)| known == &**value) {
            return;
        }
        let preferred = crate::bt::names::identifier(name);
        let same = |id: &StateId| {
            maps.maps.get(id.0).is_some_and(|kept| {
                let rest = kept.name.strip_prefix(&preferred);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            })
        };
        let before = found.iter().filter(|(_, id)| same(id)).count();
        let id = maps.map(&preferred, before, value.is_read_as_text());
        if let (Some(digest), Value::Text { data, len } | Value::Slice { data, len, .. }) =
            (maps.digest_of(id), &**value)
        {
            let digest_of = Expr::Digest(data.clone(), len.clone());
            found.push((Value::plain(digest_of), digest));
        }
        found.push(((**value).clone(), id));
    });
    found
}

/// Of what is kept, the addresses of what `steps` read.
pub(super) fn kept_addresses(steps: &[Step], kept: &[(Value, StateId)]) -> BTreeSet<StateId> {
    let mut found = BTreeSet::new();
    walk::addresses(steps, &mut |e| {
        pointers(e, &mut |value| {
            found.extend(kept.iter().filter(|(known, _)| known == value).map(|(_, id)| *id));
        });
    });
    found
}

/// The kept values that an address is made of; not those that only say how far behind it.
fn pointers(e: &Expr, found: &mut dyn FnMut(&Value)) {
    match e {
        Expr::AtEntry(kept) => found(&kept.value),
        Expr::Binary { op: Op::Add, a, .. } => pointers(a, found),
        Expr::Choose(_, a, b) => {
            pointers(a, found);
            pointers(b, found);
        }
        _ => {}
    }
}

/// The argument registers and the closure register that steps read.
pub(super) fn entry_needs(steps: &[Step]) -> Needs {
    let mut needs = Needs::default();
    walk::steps(steps, &mut |e| match e {
        Expr::Register(r) if !needs.registers.contains(r) => needs.registers.push(*r),
        Expr::Context => needs.context = true,
        Expr::Load(_) | Expr::TextIs(..) | Expr::Digest(..) => needs.memory = true,
        _ => {}
    });
    needs
}

/// True if anything that is done at the function needs `runtime.g`.
pub(super) fn needs_g(traced: &Traced) -> bool {
    !traced.gates.is_empty() || needs_goroutine(&traced.on_entry) || needs_goroutine(&traced.on_return)
}

/// True if any of the steps needs `runtime.g`.
fn needs_goroutine(steps: &[Step]) -> bool {
    let mut found = holds_call(steps);
    walk::steps(steps, &mut |e| {
        found |= matches!(e, Expr::Goroutine | Expr::Parent | Expr::AtEntry(_));
    });
    found
}

/// True if any of the steps shows a whole stack.
pub(super) fn shows_stack(steps: &[Step]) -> bool {
    let mut found = false;
    walk::values(steps, &mut |value| found |= *value == Value::Stack(None));
    found
}

fn holds_call(steps: &[Step]) -> bool {
    steps.iter().any(|s| match s {
        Step::Enter | Step::Skip | Step::Keep(..) | Step::Tell(_) => true,
        Step::If(_, a, b) => holds_call(a) || holds_call(b),
        _ => false,
    })
}
