//! Reading a map once where a probe would do it several times: each read looks its key up anew.

use crate::bt::{Expr, Stmt};

/// Puts `variable` in the place of every read of `map` in both lists, if there are several; gives the read that the variable
/// has to be assigned then.
pub(super) fn once(map: &str, variable: &Expr, lists: [&mut Vec<Stmt>; 2]) -> Option<Expr> {
    let mut reads = 0;
    let mut read = None;
    let [first, second] = lists;
    let mut each = |f: &mut dyn FnMut(&mut Expr)| {
        for statement in first.iter_mut().chain(second.iter_mut()) {
            in_statement(statement, &mut |e| {
                if matches!(e, Expr::Map(name, _) if name == map) {
                    f(e);
                }
            });
        }
    };
    each(&mut |e| {
        reads += 1;
        read = Some(e.clone());
    });
    if reads < 2 {
        return None;
    }
    each(&mut |e| *e = variable.clone());
    read
}

fn in_statement(s: &mut Stmt, f: &mut dyn FnMut(&mut Expr)) {
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
        Stmt::Comment(_) | Stmt::Raw(_) | Stmt::Return => {}
    }
}

fn in_expr(e: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    f(e);
    match e {
        Expr::Call(_, list) | Expr::Map(_, list) | Expr::Tuple(list) => {
            list.iter_mut().for_each(|e| in_expr(e, f));
        }
        Expr::Member(e, _) | Expr::Load(_, e) | Expr::Cast(_, e) | Expr::Unary(_, e) => in_expr(e, f),
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
        | Expr::Var(_)
        | Expr::Reg(_)
        | Expr::Builtin(_)
        | Expr::Raw(_) => {}
    }
}
