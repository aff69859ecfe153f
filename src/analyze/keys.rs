//! Keys of results.

use super::eval::{Outcome, Scope};
use super::value::PROCESS;
use crate::plan::format::Format;
use crate::plan::{Column, Expr, Known, Value};
use crate::syntax::ast::{self, ClauseKind, ExprKind};

/// The keys of a result, and the recipe's text of each.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    pub(crate) values: Vec<Value>,
    pub(crate) columns: Vec<Column>,
}

impl Keys {
    fn push(&mut self, value: Value, column: Column) {
        self.values.push(value);
        self.columns.push(column);
    }
}

impl Scope<'_> {
    /// The keys of `by`; with several functions under one result, the function's name is the first.
    pub(crate) fn keys(&self, clauses: &[ast::Clause], by_function: bool) -> Outcome<Keys> {
        let mut keys = Keys::default();
        if by_function {
            keys.push(
                Value::Known(Known::Constant(self.function().to_owned())),
                Column::new("function", "string", Format::String),
            );
        }
        if self.by_process && !clauses.iter().any(asks_for_process) {
            keys.push(Value::plain(Expr::Process), process());
        }
        for clause in clauses {
            let ClauseKind::By(list) = &clause.node else {
                continue;
            };
            for shown in list {
                // Every process numbers its goroutines from one.
                let is_id =
                    matches!(&shown.expr.kind, ExprKind::Name(n) if n == "goroutine" || n == "parent");
                if is_id && !self.one_process {
                    let value = Value::plain(Expr::Process);
                    if !keys.values.contains(&value) {
                        keys.push(value, process());
                    }
                }
                if by_function && matches!(&shown.expr.kind, ExprKind::Name(n) if n == "func") {
                    continue;
                }
                let (value, column) = self.key(shown)?;
                keys.push(value, column);
            }
        }
        Ok(keys)
    }
}

fn process() -> Column {
    Column::new("process", PROCESS, Format::Uint)
}

/// It has the process for a key.
fn asks_for_process(clause: &ast::Clause) -> bool {
    let is_process = |e: &ExprKind| matches!(e, ExprKind::Name(name) if name == "process");
    match &clause.node {
        ClauseKind::By(list) => list.iter().any(|shown| is_process(&shown.expr.kind)),
        _ => false,
    }
}
