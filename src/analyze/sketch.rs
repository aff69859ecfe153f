//! Functions while it is found out what is done in them.

use crate::diagnostic::Diagnostic;
use crate::plan::{Expr, Kept, KeptId, Op, Step, Value, walk};
use crate::source::Span;
use crate::target::{Function, FunctionId, Needs, Signature};
use std::collections::{BTreeMap, BTreeSet};

/// A function of the program and the steps found for it so far.
#[derive(Debug)]
pub(super) struct Sketch {
    pub(super) id: FunctionId,
    pub(super) function: Function,
    /// Read when first needed: most recipes need none.
    pub(super) signature: Option<Result<Signature, Diagnostic>>,
    /// The event that named it, and whether it named it alone (not through a pattern).
    pub(super) span: Span,
    pub(super) exact: bool,
    pub(super) on_entry: Vec<Step>,
    pub(super) on_return: Vec<Step>,
    /// Conditions on entry of the directives that need the call's return; one of them has to hold.
    pub(super) gates: Vec<Gate>,
    pub(super) kept: Vec<(Value, KeptId)>,
    pub(super) skeleton: bool,
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

impl Sketch {
    pub(super) fn new(id: FunctionId, function: Function, span: Span, exact: bool) -> Self {
        Sketch {
            id,
            function,
            signature: None,
            span,
            exact,
            on_entry: Vec::new(),
            on_return: Vec::new(),
            gates: Vec::new(),
            kept: Vec::new(),
            skeleton: false,
            wants_return: false,
            wants_entry: false,
        }
    }
}

/// The maps that keep values, shared by all functions: a frame belongs to one call.
#[derive(Debug, Default)]
pub(super) struct KeptMaps {
    pub(super) maps: Vec<Kept>,
    by_wish: BTreeMap<(String, bool), KeptId>,
}

impl KeptMaps {
    /// The map for the `n`th value that one function keeps under this name.
    pub(super) fn map(&mut self, wish: &str, n: usize, text: bool) -> KeptId {
        let wish = if n == 0 {
            wish.to_string()
        } else {
            format!("{wish}_{}", n + 1)
        };
        if let Some(id) = self.by_wish.get(&(wish.clone(), text)) {
            return *id;
        }
        let id = KeptId(self.maps.len());
        let digest = text.then(|| KeptId(id.0 + 1));
        self.maps.push(Kept {
            name: wish.clone(),
            text,
            digest,
        });
        if text {
            self.maps.push(Kept {
                name: format!("{wish}_not_whole"),
                text: false,
                digest: None,
            });
        }
        self.by_wish.insert((wish, text), id);
        id
    }
}

/// What is kept on entry for its address: steps read what is there.
pub(super) fn kept_addresses(steps: &[Step]) -> BTreeSet<KeptId> {
    let mut found = BTreeSet::new();
    walk::addresses(steps, &mut |e| pointers(e, &mut found));
    found
}

/// The kept values that an address is made of; not those that only say how far behind it.
fn pointers(e: &Expr, found: &mut BTreeSet<KeptId>) {
    match e {
        Expr::Kept(id) => {
            found.insert(*id);
        }
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
pub(super) fn needs_g(sketch: &Sketch) -> bool {
    !sketch.gates.is_empty() || needs_goroutine(&sketch.on_entry) || needs_goroutine(&sketch.on_return)
}

/// True if any of the steps needs `runtime.g`.
fn needs_goroutine(steps: &[Step]) -> bool {
    let mut found = holds_call(steps);
    walk::steps(steps, &mut |e| {
        found |= matches!(e, Expr::Goroutine | Expr::Parent | Expr::Kept(_));
    });
    found
}

fn holds_call(steps: &[Step]) -> bool {
    steps.iter().any(|s| match s {
        Step::Enter | Step::Skip | Step::Keep(..) => true,
        Step::If(_, a, b) => holds_call(a) || holds_call(b),
        _ => false,
    })
}
