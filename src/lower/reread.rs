//! Reading a map once where a probe would do it several times: each read looks its key up anew.

use crate::bt::{Expr, Stmt, visit};

/// Puts `variable` in the place of every read of `map` in both lists, if there are several; gives the read that the
/// variable has to be assigned then.
pub(super) fn once(map: &str, variable: &Expr, lists: [&mut Vec<Stmt>; 2]) -> Option<Expr> {
    let mut reads = 0;
    let mut read = None;
    let [first, second] = lists;
    let mut each = |f: &mut dyn FnMut(&mut Expr)| {
        for list in [&mut *first, &mut *second] {
            visit::expressions_mut(list, &mut |e| {
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
