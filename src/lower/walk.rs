//! Every expression of a statement.

use crate::bt::{Expr, Stmt};

/// Calls `f` for every expression of a statement, and of the statements in it.
pub(super) fn in_statement(s: &mut Stmt, f: &mut dyn FnMut(&mut Expr)) {
    match s {
        Stmt::Assign(_, e, _) | Stmt::Call(e) => in_expr(e, f),
        Stmt::Store(_, keys, e) => {
            keys.iter_mut().for_each(|key| in_expr(key, f));
            in_expr(e, f);
        }
        Stmt::Delete(_, keys) => keys.iter_mut().for_each(|key| in_expr(key, f)),
        Stmt::If(condition, then, otherwise) => {
            in_expr(condition, f);
            then.iter_mut().chain(otherwise).for_each(|s| in_statement(s, f));
        }
        Stmt::Unroll(_, body) => body.iter_mut().for_each(|s| in_statement(s, f)),
        Stmt::Comment(_) | Stmt::Raw(_) | Stmt::Return => {}
    }
}

/// Calls `f` for an expression and every one in it.
pub(super) fn in_expr(e: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    f(e);
    match e {
        Expr::Call(_, list) | Expr::Map(_, list) | Expr::Tuple(list) => {
            list.iter_mut().for_each(|e| in_expr(e, f));
        }
        Expr::Member(e, _)
        | Expr::Element(e, _)
        | Expr::Load(_, e)
        | Expr::Cast(_, e)
        | Expr::Unary(_, e) => in_expr(e, f),
        Expr::Binary(_, a, b) => {
            in_expr(a, f);
            in_expr(b, f);
        }
        Expr::Ternary(c, a, b) => {
            in_expr(c, f);
            in_expr(a, f);
            in_expr(b, f);
        }
        Expr::Int(_)
        | Expr::Hex(_)
        | Expr::Str(_)
        | Expr::Padded(..)
        | Expr::Var(_)
        | Expr::Reg(_)
        | Expr::Builtin(_)
        | Expr::Raw(_) => {}
    }
}
