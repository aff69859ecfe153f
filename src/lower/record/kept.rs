//! Text that is kept from a call's beginning to its end: as bytes, with its length. What it is compared with is found
//! out when it is kept.

use crate::bt::{Expr as Bt, Stmt};
use crate::lower::writer::Writer;
use crate::plan::state::Holds;
use crate::plan::{AtEntry, Expr, Known, Plan, StateId, Value, walk};

/// The map that says whether kept text is the `which`th constant that it is compared with.
fn name(kept: &str, which: usize) -> String {
    format!("{kept}_is_{which}")
}

/// The constants that a plan compares kept text with, all of them.
fn constants(plan: &Plan) -> Vec<String> {
    let mut found = Vec::new();
    for probe in &plan.probes {
        walk::steps(&probe.steps, &mut |e| {
            if let Expr::KnownIs(Known::AtEntry(_), constant) = e
                && !found.contains(constant)
            {
                found.push(constant.clone());
            }
        });
    }
    found
}

/// All maps that say what kept text is.
pub(super) fn maps(plan: &Plan) -> Vec<String> {
    let count = constants(plan).len();
    let texts = plan.states(|holds| matches!(holds, Holds::Text(_)));
    texts
        .flat_map(|state| (0..count).map(|which| name(&state.name, which)))
        .collect()
}

impl Writer<'_> {
    /// Keeps text.
    pub(in crate::lower) fn keep_text(&mut self, id: StateId, value: &Value) {
        let keys = self.call_keys();
        let map = self.kept_name(id);
        let (Value::Text { data, len } | Value::Slice { data, len, .. }) = value else {
            return;
        };
        for (which, constant) in constants(self.plan).into_iter().enumerate() {
            let is = Expr::TextIs(data.clone(), len.clone(), constant);
            let is = self.unsigned(&is);
            self.push(Stmt::Store(name(&map, which), keys.clone(), is));
        }
        let (data, len) = (self.unsigned(data), self.unsigned(len));
        self.push(Stmt::Store(map, keys, Bt::Call("buf", vec![data, len])));
    }

    /// Whether kept text is a constant.
    pub(in crate::lower) fn kept_is(&mut self, kept: &AtEntry, constant: &str) -> Bt {
        let which = constants(self.plan).iter().position(|known| known == constant);
        let map = self.function.keeps(kept).map(|id| self.kept_name(id));
        match (map, which) {
            (Some(map), Some(which)) => {
                let keys = self.call_keys();
                Bt::Map(name(&map, which), keys).binary("!=", Bt::Int(0))
            }
            _ => Bt::Int(0),
        }
    }

    /// Forgets what is known of a call's kept text.
    pub(in crate::lower) fn forget_text(&mut self, id: StateId) -> Vec<Stmt> {
        let holds = self.plan.state.get(id.0).map(|state| state.holds);
        if !matches!(holds, Some(Holds::Text(_))) {
            return Vec::new();
        }
        let keys = self.call_keys();
        let map = self.kept_name(id);
        let count = constants(self.plan).len();
        (0..count)
            .map(|which| Stmt::Delete(name(&map, which), keys.clone()))
            .collect()
    }
}
