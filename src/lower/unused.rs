//! Leaving out what nothing uses: a line that is shown in short needs none of what its long form would have read. Each read costs
//! time, and each variable takes room on the stack of the probe.

use super::walk::in_statement;
use crate::bt::{Expr, Stmt};
use std::collections::BTreeSet;

/// Takes out assignments of variables that nobody reads, and conditions with nothing behind them.
pub(super) fn remove(body: &mut Vec<Stmt>) {
    loop {
        let mut used = Used::default();
        for statement in body.iter_mut() {
            used.by(statement);
        }
        if !take_out(body, &used) {
            return;
        }
    }
}

#[derive(Default)]
struct Used {
    variables: BTreeSet<String>,
    /// Text passed through, which may name any.
    texts: Vec<String>,
}

impl Used {
    fn by(&mut self, statement: &mut Stmt) {
        in_statement(statement, &mut |e| match e {
            Expr::Var(name) => {
                self.variables.insert(name.clone());
            }
            Expr::Raw(text) => self.texts.push(text.clone()),
            _ => {}
        });
        self.raw(statement);
    }

    fn raw(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Raw(text) => self.texts.push(text.clone()),
            Stmt::If(_, then, otherwise) => then.iter().chain(otherwise).for_each(|s| self.raw(s)),
            _ => {}
        }
    }

    fn has(&self, name: &str) -> bool {
        self.variables.contains(name) || self.texts.iter().any(|text| text.contains(&format!("${name}")))
    }
}

/// Whether there was something to take out.
fn take_out(body: &mut Vec<Stmt>, used: &Used) -> bool {
    let mut changed = false;
    body.retain_mut(|statement| {
        let keep = match statement {
            Stmt::Assign(name, ..) => used.has(name),
            Stmt::If(_, then, otherwise) => {
                changed |= take_out(then, used);
                changed |= take_out(otherwise, used);
                let says = |list: &[Stmt]| list.iter().any(|s| !matches!(s, Stmt::Comment(_)));
                says(then) || says(otherwise)
            }
            _ => true,
        };
        changed |= !keep;
        keep
    });
    changed
}
