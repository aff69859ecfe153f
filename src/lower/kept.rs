//! Values that were kept at the entry, as the return reads them.

use super::reread;
use super::run_time::Word;
use super::writer::Writer;
use crate::bt::{Expr, Stmt};
use crate::plan::state::Holds;
use crate::plan::{AtEntry, StateId};

impl Writer<'_> {
    /// What was kept on entry.
    pub(super) fn at_entry(&mut self, value: &AtEntry) -> Expr {
        match self.function.keeps(value) {
            Some(id) => self.kept(id),
            // A function keeps all that its returns use.
            None => Expr::Int(0),
        }
    }

    /// What was kept on entry, by where.
    pub(super) fn kept(&mut self, id: StateId) -> Expr {
        if let Some(variable) = self.memo.followed.get(|known| *known == id) {
            return variable.clone();
        }
        let keys = self.call_keys();
        let read = Expr::Map(self.kept_name(id), keys);
        if !self.is_address(id) {
            return read;
        }
        let preferred = format!("{}_at", self.name_of_kept(id));
        let name = self.names.allocate(&preferred);
        let variable = Expr::Var(name.clone());
        let distance = variable.clone().cast("int64");
        let follows = Stmt::Assign(
            name.clone(),
            distance.clone().binary("+", self.stack_hi()).cast("uint64"),
            "in the stack, wherever that is now".into(),
        );
        self.top.push(Stmt::Assign(name, read, String::new()));
        self.top.push(Stmt::If(
            distance.binary("<", Expr::Int(0)),
            vec![follows],
            Vec::new(),
        ));
        self.memo.followed.add(0, id, variable.clone());
        variable
    }

    /// How something is kept that `kept` gives back: an address in the goroutine's stack by its distance from the
    /// stack's top, which is a negative number. No other address is one.
    pub(super) fn keepable(&mut self, id: StateId, value: Expr) -> Expr {
        if !self.is_address(id) {
            return value;
        }
        let address = self.once("_address", value);
        let hi = self.stack_hi();
        let lo = self
            .plan
            .runtime
            .as_ref()
            .map_or(0, |r| r.g_stack_hi.saturating_sub(8));
        let lo = self.g_field("stack_lo", lo, Word::Unsigned);
        let inside = address
            .clone()
            .binary(">=", lo)
            .binary("&&", address.clone().binary("<", hi.clone().cast("uint64")));
        let distance = address.clone().cast("int64").binary("-", hi).cast("uint64");
        let place = self.reserve("_kept");
        self.push(Stmt::Assign(place.clone(), address, String::new()));
        let why = "in the stack: its distance from the top stays".into();
        let keep_distance = Stmt::Assign(place.clone(), distance, why);
        self.push(Stmt::If(inside, vec![keep_distance], Vec::new()));
        Expr::Var(place)
    }

    fn is_address(&self, id: StateId) -> bool {
        self.function.addresses.contains(&id)
    }

    /// The upper end of the goroutine's stack.
    pub(super) fn stack_hi(&mut self) -> Expr {
        let offset = self.plan.runtime.as_ref().map_or(8, |r| r.g_stack_hi);
        self.g_field("stack_hi", offset, Word::Signed)
    }

    /// The map that holds it.
    pub(super) fn kept_name(&self, id: StateId) -> String {
        self.plan
            .state
            .get(id.0)
            .map(|state| state.name.clone())
            .unwrap_or_default()
    }

    /// Kept numbers that are used several times get a variable each. Text does not: it would take room on the stack.
    pub(super) fn read_kept_once(&mut self, out: &mut Vec<Stmt>) {
        for id in self.function.kept_in() {
            let Some(kept) = self
                .plan
                .state
                .get(id.0)
                .filter(|kept| kept.holds == Holds::Number)
            else {
                continue;
            };
            let preferred = self.name_of_kept(id);
            let name = self.names.allocate(&preferred);
            let variable = Expr::Var(name.clone());
            if let Some(read) = reread::once(&kept.name, &variable, [&mut self.top, &mut self.body]) {
                out.push(Stmt::Assign(name, read, String::new()));
            }
        }
    }
}
