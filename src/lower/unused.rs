//! Removes unused statements: a line in short form does not need the values that its long form would have read. Each
//! read costs time, and each variable takes room on the stack of the probe.

use crate::bt::visit::in_expression;
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
            Stmt::If(..) | Stmt::Unroll(..) | Stmt::Loop(..) => {
                statement.blocks().into_iter().flatten().any(|s| self.is(s))
            }
            Stmt::Comment(_) => false,
            Stmt::Store(..) | Stmt::Call(_) | Stmt::Delete(..) | Stmt::Return | Stmt::Raw(_) => true,
        }
    }

    fn by_all(&mut self, body: &[Stmt]) {
        for statement in body {
            if let Stmt::Raw(text) = statement {
                self.texts.insert(text.clone());
            }
            if !self.is(statement) {
                continue;
            }
            statement.each_operand(&mut |operand| self.by(operand));
            for block in statement.blocks() {
                self.by_all(block);
            }
        }
    }

    fn by(&mut self, e: &Expr) {
        in_expression(e, &mut |e| match e {
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
            if kept {
                statement
                    .blocks_mut()
                    .into_iter()
                    .for_each(|block| self.keep(block));
            }
            kept
        });
    }
}
