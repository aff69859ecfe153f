//! Leaving out what nothing uses: a line that is shown in short needs none of what its long form would have read. Each
//! read costs time, and each variable takes room on the stack of the probe.

use super::walk::in_expr;
use crate::bt::{Expr, Stmt};
use std::collections::BTreeSet;

/// Takes out assignments of variables that nothing needs, and conditions with nothing behind them.
pub(super) fn remove(body: &mut Vec<Stmt>) {
    let mut needed = Needed::default();
    loop {
        let before = needed.variables.len();
        needed.by_all(body);
        if needed.variables.len() == before {
            break;
        }
    }
    needed.keep(body);
}

/// Variables that something other than their own assignment needs.
#[derive(Default)]
struct Needed {
    variables: BTreeSet<String>,
    /// Text passed through, which may name any.
    texts: BTreeSet<String>,
}

impl Needed {
    fn has(&self, name: &str) -> bool {
        self.variables.contains(name) || self.texts.iter().any(|text| text.contains(&format!("${name}")))
    }

    /// Whether a statement does something that is needed.
    fn is(&self, statement: &Stmt) -> bool {
        match statement {
            Stmt::Assign(name, ..) => self.has(name),
            Stmt::If(_, then, otherwise) => then.iter().chain(otherwise).any(|s| self.is(s)),
            Stmt::Unroll(_, body) => body.iter().any(|s| self.is(s)),
            Stmt::Comment(_) => false,
            Stmt::Store(..) | Stmt::Call(_) | Stmt::Delete(..) | Stmt::Return | Stmt::Raw(_) => true,
        }
    }

    fn by_all(&mut self, body: &mut [Stmt]) {
        for statement in body {
            if let Stmt::Raw(text) = statement {
                self.texts.insert(text.clone());
            }
            if !self.is(statement) {
                continue;
            }
            match statement {
                Stmt::Assign(_, value, _) | Stmt::Call(value) => self.by(value),
                Stmt::Store(_, keys, value) => keys.iter_mut().chain([value]).for_each(|e| self.by(e)),
                Stmt::Delete(_, keys) => keys.iter_mut().for_each(|e| self.by(e)),
                Stmt::If(condition, then, otherwise) => {
                    self.by(condition);
                    self.by_all(then);
                    self.by_all(otherwise);
                }
                Stmt::Unroll(_, body) => self.by_all(body),
                Stmt::Comment(_) | Stmt::Return | Stmt::Raw(_) => {}
            }
        }
    }

    fn by(&mut self, e: &mut Expr) {
        in_expr(e, &mut |e| match e {
            Expr::Var(name) => {
                self.variables.insert(name.clone());
            }
            Expr::Raw(text) => {
                self.texts.insert(text.clone());
            }
            _ => {}
        });
    }

    fn keep(&self, body: &mut Vec<Stmt>) {
        body.retain_mut(|statement| {
            if matches!(statement, Stmt::Comment(_)) {
                return true;
            }
            let kept = self.is(statement);
            match statement {
                Stmt::If(_, then, otherwise) if kept => {
                    self.keep(then);
                    self.keep(otherwise);
                }
                Stmt::Unroll(_, body) if kept => self.keep(body),
                _ => {}
            }
            kept
        });
    }
}
