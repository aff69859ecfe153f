//! Visitors: the only place that knows what is inside of statements and expressions.

use super::{Expr, Probe, Stmt};

impl Stmt {
    /// Calls `f` for every expression directly in this statement, not in another expression or statement.
    pub fn each_operand<'p>(&'p self, f: &mut dyn FnMut(&'p Expr)) {
        match self {
            Stmt::Assign(_, value, _)
            | Stmt::Call(value)
            | Stmt::If(value, ..)
            | Stmt::Loop(_, value, ..) => f(value),
            Stmt::Store(_, keys, value) => keys.iter().chain([value]).for_each(f),
            Stmt::Delete(_, keys) => keys.iter().for_each(f),
            Stmt::Comment(_) | Stmt::Unroll(..) | Stmt::Return | Stmt::Raw(_) => {}
        }
    }

    /// The same, to change them.
    pub fn each_operand_mut(&mut self, f: &mut dyn FnMut(&mut Expr)) {
        match self {
            Stmt::Assign(_, value, _)
            | Stmt::Call(value)
            | Stmt::If(value, ..)
            | Stmt::Loop(_, value, ..) => f(value),
            Stmt::Store(_, keys, value) => keys.iter_mut().chain([value]).for_each(f),
            Stmt::Delete(_, keys) => keys.iter_mut().for_each(f),
            Stmt::Comment(_) | Stmt::Unroll(..) | Stmt::Return | Stmt::Raw(_) => {}
        }
    }

    /// The blocks of this statement: of an `if` both, of an `unroll` its body.
    #[must_use]
    pub fn blocks(&self) -> [&[Stmt]; 2] {
        match self {
            Stmt::If(_, then, otherwise) => [then, otherwise],
            Stmt::Unroll(_, body) | Stmt::Loop(.., body) => [body, &[]],
            _ => [&[], &[]],
        }
    }

    /// The same, to change them.
    pub fn blocks_mut(&mut self) -> Vec<&mut Vec<Stmt>> {
        match self {
            Stmt::If(_, then, otherwise) => vec![then, otherwise],
            Stmt::Unroll(_, body) | Stmt::Loop(.., body) => vec![body],
            _ => Vec::new(),
        }
    }
}

impl Expr {
    /// Calls `f` for every expression directly in this one.
    pub fn each_operand<'p>(&'p self, f: &mut dyn FnMut(&'p Expr)) {
        match self {
            Expr::Call(_, list) | Expr::Map(_, list) | Expr::Tuple(list) => list.iter().for_each(f),
            Expr::Member(of, _)
            | Expr::Element(of, _)
            | Expr::Load(_, of)
            | Expr::Cast(_, of)
            | Expr::Unary(_, of) => f(of),
            Expr::Binary(_, a, b) => [a, b].into_iter().for_each(|e| f(e)),
            Expr::Ternary(c, a, b) => [c, a, b].into_iter().for_each(|e| f(e)),
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

    /// The same, to change them.
    pub fn each_operand_mut(&mut self, f: &mut dyn FnMut(&mut Expr)) {
        match self {
            Expr::Call(_, list) | Expr::Map(_, list) | Expr::Tuple(list) => list.iter_mut().for_each(f),
            Expr::Member(of, _)
            | Expr::Element(of, _)
            | Expr::Load(_, of)
            | Expr::Cast(_, of)
            | Expr::Unary(_, of) => f(of),
            Expr::Binary(_, a, b) => [a, b].into_iter().for_each(|e| f(e)),
            Expr::Ternary(c, a, b) => [c, a, b].into_iter().for_each(|e| f(e)),
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
}

/// Calls `f` for every statement, and for those in it.
pub fn statements<'p>(block: &'p [Stmt], f: &mut dyn FnMut(&'p Stmt)) {
    for statement in block {
        f(statement);
        for inner in statement.blocks() {
            statements(inner, f);
        }
    }
}

/// The same, to change them.
pub fn statements_mut(block: &mut [Stmt], f: &mut dyn FnMut(&mut Stmt)) {
    for statement in block {
        f(statement);
        for inner in statement.blocks_mut() {
            statements_mut(inner, f);
        }
    }
}

/// Calls `f` for every expression of some statements, inner ones too.
pub fn expressions<'p>(block: &'p [Stmt], f: &mut dyn FnMut(&'p Expr)) {
    statements(block, &mut |statement| {
        statement.each_operand(&mut |operand| in_expression(operand, f));
    });
}

/// The same, to change them.
pub fn expressions_mut(block: &mut [Stmt], f: &mut dyn FnMut(&mut Expr)) {
    statements_mut(block, &mut |statement| {
        statement.each_operand_mut(&mut |operand| in_expression_mut(operand, f));
    });
}

/// Calls `f` for an expression and every one in it.
pub fn in_expression<'p>(e: &'p Expr, f: &mut dyn FnMut(&'p Expr)) {
    f(e);
    e.each_operand(&mut |operand| in_expression(operand, f));
}

/// The same, to change them: of what `f` puts in the place of an expression, the inner ones are visited too.
pub fn in_expression_mut(e: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    f(e);
    e.each_operand_mut(&mut |operand| in_expression_mut(operand, f));
}

/// Calls `f` for every statement of every probe, inner ones too.
pub fn of_probes<'p>(probes: impl Iterator<Item = &'p Probe>, f: &mut dyn FnMut(&'p Stmt)) {
    for probe in probes {
        statements(&probe.body, f);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `if ($a) { @m[$k] = $v; unroll(2) { f($x ? $y : -$z); delete(@m, $d) } } else { $w = (*(uint64 *)$p, $q->f.1) }`
    fn block() -> Vec<Stmt> {
        let var = |name: &str| Expr::Var(name.into());
        let boxed = |name: &str| Box::new(var(name));
        let minus = Expr::Unary("-", boxed("z"));
        let call = Expr::Call("f", vec![var("x").choose(var("y"), minus)]);
        let unrolled = vec![Stmt::Call(call), Stmt::Delete("m".into(), vec![var("d")])];
        let member = Expr::Element(Box::new(Expr::Member(boxed("q"), vec!["f".into()])), 1);
        let tuple = Expr::Tuple(vec![Expr::Load("uint64", boxed("p")), member]);
        vec![Stmt::If(
            var("a"),
            vec![
                Stmt::Store("m".into(), vec![var("k")], var("v")),
                Stmt::Unroll(2, unrolled),
            ],
            vec![Stmt::Assign("w".into(), tuple, String::new())],
        )]
    }

    #[test]
    fn every_expression_is_visited_once_in_order() {
        let mut seen = String::new();
        expressions(&block(), &mut |e| {
            if let Expr::Var(name) = e {
                seen.push_str(name);
            }
        });
        assert_eq!(seen, "akvxyzdpq");
    }

    #[test]
    fn every_expression_can_be_changed() {
        let mut changed = block();
        expressions_mut(&mut changed, &mut |e| {
            if let Expr::Var(name) = e {
                *name = name.to_uppercase();
            }
        });
        let mut seen = String::new();
        expressions(&changed, &mut |e| {
            if let Expr::Var(name) = e {
                seen.push_str(name);
            }
        });
        assert_eq!(seen, "AKVXYZDPQ");
    }

    #[test]
    fn every_statement_is_visited() {
        let mut seen = 0;
        statements(&block(), &mut |_| seen += 1);
        assert_eq!(seen, 6);
    }
}
