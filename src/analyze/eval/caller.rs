//! `caller == main.handle`: whether a call was made by a function, or by one of those that a pattern names.

use super::{Outcome, Scope, fail};
use crate::analyze::called::Called;
use crate::analyze::value::Typed;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::plan::{Expr, Op};
use crate::syntax::ast::{self, BinaryOp, ExprKind};
use crate::target::{Pattern, Shape};

/// The most stretches of code that a probe compares a return address with.
const MOST_STRETCHES: usize = 64;

impl Scope<'_> {
    /// A comparison of `caller` with a function, if this is one.
    pub(super) fn called_by(&self, op: BinaryOp, a: &ast::Expr, b: &ast::Expr) -> Option<Outcome<Typed>> {
        if !matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
            return None;
        }
        let function = match (self.is_caller(a), self.is_caller(b)) {
            (true, false) => b,
            (false, true) => a,
            _ => return None,
        };
        if matches!(
            function.kind,
            ExprKind::Nil | ExprKind::Int(..) | ExprKind::Bool(_)
        ) {
            return None;
        }
        let name = match &function.kind {
            ExprKind::String(text) => text.clone(),
            // Names of functions read as fields, assertions and quotients.
            _ => self.text_of(function),
        };
        Some(self.is_called_by(op, &name, function))
    }

    /// What the call returns to; of an inlined one, what an ordinary call in its place would.
    pub(super) fn return_address(&self) -> Expr {
        match self.called.and_then(Called::behind_call) {
            Some(address) => Expr::Address(address),
            None => Expr::ReturnAddress,
        }
    }

    /// Of a copy: whether the function whose text has the call, or the one that holds the copy, is one of these.
    fn copy_is_called_by(&self, pattern: &Pattern) -> Option<bool> {
        let called = self.called?;
        let copy = called.copy.as_ref()?;
        let holder = self.program.function(copy.holder).name;
        let matches = |name: &str| pattern.matches(name, &|_| Shape::Unknown).is_some();
        Some(matches(&copy.caller) || matches(&holder))
    }

    fn is_caller(&self, e: &ast::Expr) -> bool {
        matches!(&e.kind, ExprKind::Name(name) if name == "caller")
            && !self.bindings.iter().any(|binding| binding.name == "caller")
            && !self.params.contains_key("caller")
    }

    fn is_called_by(&self, op: BinaryOp, name: &str, at: &ast::Expr) -> Outcome<Typed> {
        let located = |problem: Diagnostic| problem.at(at.span, "compared with the caller");
        let pattern = Pattern::parse(name);
        if let Some(is) = pattern
            .as_ref()
            .ok()
            .and_then(|pattern| self.copy_is_called_by(pattern))
        {
            return Ok(Typed::truth_literal(is == (op == BinaryOp::Equal)));
        }
        let found = pattern.and_then(|pattern| self.program.functions(&pattern));
        let found = match found {
            Ok(found) => found.functions,
            Err(problem) => return fail(located(problem)),
        };
        let mut stretches: Vec<(u64, u64)> = Vec::new();
        for id in found {
            let function = self.program.function(id);
            let end = function.address.saturating_add(function.size);
            match stretches.last_mut() {
                // Padding between functions is no caller.
                Some(last) if function.address.saturating_sub(last.1) < 32 => last.1 = end,
                _ => stretches.push((function.address, end)),
            }
        }
        if stretches.is_empty() {
            let (written, made) = self.program.names();
            let names = |list: &'_ [String]| list.to_vec();
            let (written, made) = (names(&written), names(&made));
            let near = near::functions_of(
                name,
                written.iter().map(String::as_str),
                made.iter().map(String::as_str),
                3,
            );
            let problem =
                Diagnostic::error(Code::NO_FUNCTION, format!("the program has no function `{name}`"));
            return fail(located(match near.is_empty() {
                true => problem,
                false => problem.help(format!("similar names:\n{}", near.join("\n"))),
            }));
        }
        if stretches.len() > MOST_STRETCHES {
            return fail(located(
                Diagnostic::error(
                    Code::SEVERAL_FUNCTIONS,
                    format!(
                        "`{name}` names functions in {} places of the code",
                        stretches.len()
                    ),
                )
                .help(format!(
                    "a condition compares the caller with at most {MOST_STRETCHES}"
                )),
            ));
        }
        // The instruction behind the call: the call is before it, in the caller.
        let inside = stretches.into_iter().map(|(begin, end)| {
            Expr::op(
                Op::Both,
                Expr::op(Op::Greater, self.return_address(), Expr::Address(begin)),
                Expr::op(Op::LessEqual, self.return_address(), Expr::Address(end)),
            )
        });
        let any = inside.reduce(|a, b| Expr::op(Op::Either, a, b));
        let any = any.unwrap_or(Expr::Int(0));
        Ok(Typed::truth(match op {
            BinaryOp::Equal => any,
            _ => Expr::Not(Box::new(any)),
        }))
    }
}
