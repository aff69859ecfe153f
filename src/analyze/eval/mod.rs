//! Expressions: from the syntax tree to typed values. Mistakes are reported in terms of Go's types.

mod caller;
mod calls;
mod elements;
mod entry;
mod fields;
mod names;
mod operators;
mod parameters;
mod same;
mod types;
mod words;

use crate::analyze::called::Called;
use crate::analyze::params::Param;
use crate::analyze::value::Typed;
use crate::bt::dialect::Dialect;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::gotype::{GoType, Kind};
use crate::plan::EventKind;
use crate::plan::{Expr, NumberKind, Op};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind};
use crate::target::{Program, Signature, Unreadable};
use std::collections::BTreeMap;

/// A `let`.
#[derive(Clone, Debug)]
pub(in crate::analyze) struct Binding {
    pub(in crate::analyze) name: String,
    pub(in crate::analyze) span: Span,
    /// Its value; none if it had a mistake, which was reported there.
    pub(in crate::analyze) typed: Option<Typed>,
    /// Where it was computed.
    pub(in crate::analyze) at: EventKind,
}

/// Everything that an expression's value depends on. It never changes: an expression in a scope gives a typed value or
/// a problem.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    pub(in crate::analyze) program: &'a dyn Program,
    /// The traced function; none where only constants can be used.
    pub(in crate::analyze) called: Option<&'a Called>,
    pub(in crate::analyze) source: &'a str,
    pub(in crate::analyze) params: &'a BTreeMap<String, Param>,
    pub(in crate::analyze) dialect: Dialect,
    /// The event.
    pub(in crate::analyze) event: EventKind,
    /// Only one process is traced, so goroutine ids alone tell goroutines apart.
    pub(in crate::analyze) one_process: bool,
    /// Results tell processes apart even where the recipe does not ask for it.
    pub(in crate::analyze) by_process: bool,
    /// What is printed goes into records.
    pub(in crate::analyze) records: bool,
    pub(in crate::analyze) bindings: Vec<Binding>,
}

/// Values that exist only at an event of a function.
pub(in crate::analyze) fn not_constant(span: Span) -> Diagnostic {
    Diagnostic::error(
        Code::BAD_RANGE,
        "the bounds of a range have to be known when compiling",
    )
    .at(span, "not a constant")
}

/// The value of an expression, or its problems. An empty list of problems means that something that it uses is wrong,
/// which was reported there.
pub(crate) type Outcome<T> = Result<T, Problems>;

/// The outcome with a single problem.
pub(in crate::analyze) fn fail<T>(problem: Diagnostic) -> Outcome<T> {
    Err(problem.into())
}

/// The values of two outcomes, or the problems of both.
pub(in crate::analyze) fn both<A, B>(a: Outcome<A>, b: Outcome<B>) -> Outcome<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(problems), Ok(_)) | (Ok(_), Err(problems)) => Err(problems),
        (Err(mut problems), Err(more)) => {
            problems.extend(more);
            Err(problems)
        }
    }
}

/// The values of some outcomes, or the problems of all of them.
pub(in crate::analyze) fn all<T>(outcomes: impl IntoIterator<Item = Outcome<T>>) -> Outcome<Vec<T>> {
    let start = Ok(Vec::new());
    outcomes.into_iter().fold(start, |found, next| {
        let (mut list, one) = both(found, next)?;
        list.push(one);
        Ok(list)
    })
}

impl Scope<'_> {
    /// Whether the expression can only be computed when the call returns.
    pub(crate) fn only_at_return(expr: &ast::Expr) -> bool {
        match &expr.kind {
            ExprKind::Ret(_) => true,
            ExprKind::Name(n) => n == "elapsed",
            ExprKind::Call(_, args) => args.iter().any(Self::only_at_return),
            ExprKind::Field(x, _) | ExprKind::Assert(x, _) | ExprKind::Unary(_, x) | ExprKind::Paren(x) => {
                Self::only_at_return(x)
            }
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => {
                Self::only_at_return(a) || Self::only_at_return(b)
            }
            ExprKind::Slice(x, a, b) => {
                Self::only_at_return(x) || [a, b].into_iter().flatten().any(|e| Self::only_at_return(e))
            }
            _ => false,
        }
    }

    /// The name of the function.
    pub(in crate::analyze) fn function(&self) -> &str {
        self.called.map_or("", |called| &called.function.name)
    }

    /// The signature of the function, read on demand; if it cannot be read, the problem is reported at `span`.
    pub(in crate::analyze) fn signature(&self, span: Span) -> Outcome<&Signature> {
        let Some(called) = self.called else {
            return fail(not_constant(span));
        };
        called.signature(self.program).map_err(|problem| {
            let problem = problem.clone();
            Problems::from(if problem.labels.is_empty() {
                problem.at(span, "this needs the function's signature")
            } else {
                problem
            })
        })
    }

    /// Evaluates an expression.
    pub(in crate::analyze) fn eval(&self, e: &ast::Expr) -> Outcome<Typed> {
        Ok(match &e.kind {
            ExprKind::Int(n, _) => Typed::literal(i128::from(*n), NumberKind::Plain, "number"),
            ExprKind::Duration(n, _) => Typed::literal(i128::from(*n), NumberKind::Duration, "duration"),
            ExprKind::Size(n, _) => Typed::literal(i128::from(*n), NumberKind::Plain, "number"),
            ExprKind::Float(text) => {
                return fail(
                    Diagnostic::error(
                        Code::NOT_COMPUTABLE,
                        format!("`{text}` is a floating point number, which BPF cannot compute with"),
                    )
                    .at(e.span, "not a whole number")
                    .help("use a whole number or a smaller unit; a float in memory can be printed, not compared"),
                );
            }
            ExprKind::String(text) => Typed::Literal(text.clone()),
            ExprKind::Bool(b) => Typed::truth_literal(*b),
            ExprKind::Nil => Typed::Nil,
            ExprKind::Name(name) => self.name(name, e.span)?,
            ExprKind::Arg(selector) => self.argument(selector, e.span)?,
            ExprKind::Ret(selector) => self.result(selector, e.span)?,
            ExprKind::Call(name, args) => self.call(name, args, e.span)?,
            ExprKind::Field(base, field) => self.field(self.eval(base)?, field)?,
            ExprKind::Index(base, index) => {
                let (base, at) = both(self.eval(base), self.eval(index))?;
                self.index(base, at, index.span, e.span)?
            }
            ExprKind::Slice(base, from, to) => {
                let bounds = both(self.bound_of(from.as_deref()), self.bound_of(to.as_deref()));
                let (base, (from, to)) = both(self.eval(base), bounds)?;
                self.slice(base, from, to, e.span)?
            }
            ExprKind::Assert(base, name) => self.assert(self.eval(base)?, name, e.span)?,
            ExprKind::Unary(op, x) => self.unary(*op, x)?,
            ExprKind::Binary(op, a, b) => self.binary(op.node, op.span, a, b)?,
            ExprKind::Paren(x) => self.eval(x)?,
        })
    }
}

/// What marks the value of `type(x)`.
pub(in crate::analyze) const TYPE_OF: &str = "type name";

/// Size and sign of a type that is one number.
pub(in crate::analyze) fn scalar(ty: &GoType) -> Option<(u64, bool)> {
    match ty.kind {
        Kind::Bool | Kind::Uint | Kind::Uintptr | Kind::Float => Some((ty.size, false)),
        Kind::Int => Some((ty.size, true)),
        Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) | Kind::Func => {
            Some((8, false))
        }
        _ => None,
    }
}

/// The struct that a field is read through when it has several words.
pub(in crate::analyze) fn aggregate_name(ty: &GoType) -> Option<String> {
    match &ty.kind {
        Kind::String => Some("string".into()),
        Kind::Slice(_) => Some("slice".into()),
        Kind::Interface { methods } => Some(if *methods { "iface" } else { "eface" }.into()),
        Kind::Complex => Some(complex_name(ty.size).into()),
        Kind::Struct(_) => Some(ty.name.clone()),
        _ => None,
    }
}

/// Go's name of a complex number of so many bytes.
pub(in crate::analyze) fn complex_name(size: u64) -> &'static str {
    if size == 8 { "complex64" } else { "complex128" }
}

/// The word of `size` bytes at `base + offset`.
pub(in crate::analyze) fn load(base: Expr, offset: u64, size: u64) -> Expr {
    Expr::load(base, offset, size)
}

/// `then` unless `test` is 0.
fn choose_nonzero(test: Expr, then: Expr) -> Expr {
    Expr::only_if(Expr::op(Op::NotEqual, test, Expr::Int(0)), then)
}

/// `a < b`
fn less(a: Expr, b: Expr) -> Expr {
    Expr::op(Op::Less, a, b)
}

/// The address of element `at`, of elements of `size` bytes that begin at `data`.
pub(in crate::analyze) fn element_address(data: Expr, at: &Expr, size: u64) -> Expr {
    match at {
        Expr::Int(n) => data.plus(u64::try_from(*n).unwrap_or(0).saturating_mul(size)),
        at if size == 1 => Expr::op(Op::Add, data, at.clone()),
        at => {
            let distance = Expr::op(Op::Multiply, at.clone(), Expr::Int(i128::from(size)));
            Expr::op(Op::Add, data, distance)
        }
    }
}

/// True if an unsigned number is always below 2^63.
pub(in crate::analyze) fn fits_signed(e: &Expr) -> bool {
    match e {
        Expr::Narrow { .. }
        | Expr::Elapsed
        | Expr::Goroutine
        | Expr::Parent
        | Expr::Process
        | Expr::Thread
        | Expr::Cpu => true,
        Expr::Int(n) => *n <= i128::from(i64::MAX),
        Expr::Load(l) => l.size < 8,
        Expr::Binary { op, a, b, .. } => match op {
            Op::Divide => fits_signed(a) || matches!(**b, Expr::Int(n) if n > 1),
            Op::Remainder | Op::And => fits_signed(a) || fits_signed(b),
            Op::ShiftRight => fits_signed(a) || matches!(**b, Expr::Int(n) if n > 0),
            Op::Or | Op::Xor => fits_signed(a) && fits_signed(b),
            Op::Add | Op::Subtract | Op::Multiply | Op::ShiftLeft => false,
            Op::Equal
            | Op::NotEqual
            | Op::Less
            | Op::LessEqual
            | Op::Greater
            | Op::GreaterEqual
            | Op::Both
            | Op::Either => true,
        },
        Expr::Choose(_, a, b) => fits_signed(a) && fits_signed(b),
        _ => false,
    }
}

/// Why an argument or result cannot be read, and what to do.
pub(in crate::analyze) fn unreadable(what: &str, name: &str, reason: &Unreadable) -> Diagnostic {
    match reason {
        Unreadable::Dropped => Diagnostic::error(
            Code::NOT_READABLE,
            format!("{what} `{name}` is not passed: the compiler dropped it"),
        )
        .help("build the program with -gcflags=-N, or trace a caller that has the value"),
        Unreadable::NotThere => Diagnostic::error(
            Code::NOT_READABLE,
            format!("{what} `{name}` is not known to be anywhere where the inlined call begins"),
        )
        .help("build the program with `//go:noinline` above the function"),
        Unreadable::Disagreement { rules, debug_info } => Diagnostic::error(
            Code::NOT_READABLE,
            format!("it is not certain where {what} `{name}` is"),
        )
        .note(format!("by the calling convention: {rules}"))
        .note(format!("by the debug information: {debug_info}"))
        .help("gobt does not guess; read the value elsewhere, or report this function"),
        Unreadable::UnknownType(why) => Diagnostic::error(
            Code::NOT_READABLE,
            format!("the type of {what} `{name}` is not known well enough to find it"),
        )
        .note(why.clone()),
    }
}
