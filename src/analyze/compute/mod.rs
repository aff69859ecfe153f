//! Expressions: from what was written to typed values, with every mistake said in the words of Go's types.

mod calls;
mod elements;
mod fields;
mod operators;
mod parameters;
mod same;
mod types;
mod words;

use crate::analyze::located::{Located, Place, plus};
use crate::analyze::params::Param;
use crate::analyze::sketch::{KeptMaps, Sketch};
use crate::analyze::value::Typed;
use crate::bt::dialect::Dialect;
use crate::diagnostic::{Code, Diagnostic, Problems, near};
use crate::gotype::{GoType, Kind};
use crate::plan::{Expr, Known, Number, NumberKind, Op, Value};
use crate::source::Span;
use crate::syntax::ast::{self, ExprKind};
use crate::target::{Program, Signature, Unreadable};
use crate::words::language::BUILT_INS;
use std::collections::BTreeMap;

/// When steps are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The call begins.
    Entry,
    /// The call returns.
    Return,
}

/// A `let`.
#[derive(Clone, Debug)]
pub(in crate::analyze) struct Binding {
    pub(in crate::analyze) name: String,
    pub(in crate::analyze) span: Span,
    pub(in crate::analyze) typed: Typed,
    pub(in crate::analyze) at: Moment,
}

/// What expressions of one function are computed from.
pub(crate) struct Scope<'a> {
    pub(in crate::analyze) program: &'a dyn Program,
    pub(in crate::analyze) problems: &'a mut Problems,
    pub(in crate::analyze) kept: &'a mut KeptMaps,
    pub(in crate::analyze) sketch: &'a mut Sketch,
    pub(in crate::analyze) source: &'a str,
    pub(in crate::analyze) params: &'a BTreeMap<String, Param>,
    pub(in crate::analyze) dialect: Dialect,
    pub(in crate::analyze) moment: Moment,
    /// Only one process is traced, so goroutine ids alone tell goroutines apart.
    pub(in crate::analyze) one_process: bool,
    pub(in crate::analyze) bindings: Vec<Binding>,
}

impl Scope<'_> {
    pub(in crate::analyze) fn error(&mut self, diagnostic: Diagnostic) -> Typed {
        self.problems.push(diagnostic);
        Typed::Wrong
    }

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

    /// The signature of the function, read when first asked for. A failure is said once, at `span`.
    pub(in crate::analyze) fn signature(&mut self, span: Span) -> Option<Signature> {
        let program = self.program;
        let id = self.sketch.id;
        match self.sketch.signature.get_or_insert_with(|| program.signature(id)) {
            Ok(signature) => Some(signature.clone()),
            Err(problem) => {
                let mut problem = problem.clone();
                if problem.labels.is_empty() {
                    problem = problem.at(span, "this needs the function's signature");
                }
                self.problems.push(problem);
                None
            }
        }
    }

    /// Evaluates an expression.
    pub(in crate::analyze) fn eval(&mut self, e: &ast::Expr) -> Typed {
        match &e.kind {
            ExprKind::Int(n, _) => Typed::literal(i128::from(*n), NumberKind::Plain, "number"),
            ExprKind::Duration(n, _) => Typed::literal(i128::from(*n), NumberKind::Duration, "duration"),
            ExprKind::Size(n, _) => Typed::literal(i128::from(*n), NumberKind::Plain, "number"),
            ExprKind::Float(text) => self.error(
                Diagnostic::error(
                    Code::NOT_COMPUTABLE,
                    format!("`{text}` is a floating point number, which BPF cannot compute with"),
                )
                .at(e.span, "not a whole number")
                .help("use a whole number or a smaller unit; a float in memory can be printed, not compared"),
            ),
            ExprKind::String(text) => Typed::Literal(text.clone()),
            ExprKind::Bool(b) => Typed::Number {
                expr: Expr::Int(i128::from(*b)),
                signed: false,
                kind: NumberKind::Bool,
                what: "bool".into(),
                literal: true,
            },
            ExprKind::Nil => Typed::Nil,
            ExprKind::Name(name) => self.name(name, e.span),
            ExprKind::Arg(selector) => self.argument(selector, e.span),
            ExprKind::Ret(selector) => self.result(selector, e.span),
            ExprKind::Call(name, args) => self.call(name, args, e.span),
            ExprKind::Field(base, field) => {
                let base = self.eval(base);
                self.field(base, field)
            }
            ExprKind::Index(base, index) => {
                let base_typed = self.eval(base);
                self.index(base_typed, index, e.span)
            }
            ExprKind::Slice(base, from, to) => {
                let base = self.eval(base);
                self.slice(base, from.as_deref(), to.as_deref(), e.span)
            }
            ExprKind::Assert(base, name) => {
                let base = self.eval(base);
                self.assert(base, name, e.span)
            }
            ExprKind::Unary(op, x) => self.unary(*op, x),
            ExprKind::Binary(op, a, b) => self.binary(op.node, op.span, a, b),
            ExprKind::Paren(x) => self.eval(x),
        }
    }

    pub(in crate::analyze) fn name(&mut self, name: &str, span: Span) -> Typed {
        if let Some(binding) = self.bindings.iter().rev().find(|b| b.name == name).cloned() {
            return self.bound(&binding);
        }
        if let Some(param) = self.params.get(name) {
            return param.typed();
        }
        let number = |e: Expr, kind: NumberKind, what: &str| Typed::number(e, false, kind, what);
        match name {
            "elapsed" if self.moment == Moment::Return => {
                number(Expr::Elapsed, NumberKind::Duration, "duration")
            }
            "elapsed" => self.error(
                Diagnostic::error(
                    Code::ONLY_AT_RETURN,
                    "`elapsed` is known only when the call returns",
                )
                .at(span, "used where the call begins")
                .help("put it into `return { … }`"),
            ),
            "goroutine" => number(Expr::Goroutine, NumberKind::Plain, "goroutine id"),
            "parent" => match self.program.runtime() {
                Ok(r) if r.g_parent_goid.is_some() => number(Expr::Parent, NumberKind::Plain, "goroutine id"),
                Ok(_) => self.error(
                    Diagnostic::error(
                        Code::NOT_READABLE,
                        "this program's Go does not record which goroutine started another",
                    )
                    .at(
                        span,
                        format!(
                            "built by {}; recorded since Go 1.21",
                            self.program.identity().go_version
                        ),
                    ),
                ),
                Err(problem) => self.error(problem),
            },
            "thread" => number(Expr::Thread, NumberKind::Plain, "thread id"),
            "process" => number(Expr::Process, NumberKind::Plain, "process id"),
            "cpu" => number(Expr::Cpu, NumberKind::Plain, "number"),
            "comm" => Typed::Value(Value::Comm, "string".into()),
            "func" => Typed::Literal(self.sketch.function.name.clone()),
            "caller" => Typed::Value(Value::Code(Box::new(Expr::ReturnAddress)), "function".into()),
            "stack" => Typed::Value(Value::Stack(None), "stack".into()),
            "recv" => match self.signature(span) {
                Some(Signature {
                    receiver: Some(receiver),
                    ..
                }) => self.parameter(&receiver, span, false),
                Some(_) => {
                    let name = self.sketch.function.name.clone();
                    self.error(
                        Diagnostic::error(
                            Code::NO_ARGUMENT,
                            format!("`{name}` is not a method, so it has no receiver"),
                        )
                        .at(span, "no receiver"),
                    )
                }
                None => Typed::Wrong,
            },
            _ => {
                let mut known: Vec<String> = BUILT_INS.iter().map(|w| (*w).to_string()).collect();
                known.extend(self.bindings.iter().map(|b| b.name.clone()));
                known.extend(self.params.keys().cloned());
                let mut problem = Diagnostic::error(Code::UNKNOWN_NAME, format!("there is no `{name}` here"))
                    .at(span, "not a `let`, `param` or built-in word");
                let arguments = match self
                    .sketch
                    .signature
                    .get_or_insert_with(|| self.program.signature(self.sketch.id))
                {
                    Ok(s) => s
                        .parameters
                        .iter()
                        .chain(&s.receiver)
                        .map(|p| p.name.clone())
                        .collect(),
                    Err(_) => Vec::new(),
                };
                if arguments.iter().any(|a| a == name) {
                    problem = problem.help(format!("an argument is written `arg {name}`"));
                } else if let Some(word) = near::words(name, known.iter().map(String::as_str)) {
                    problem = problem.help(format!("did you mean `{word}`?"));
                }
                self.error(problem)
            }
        }
    }

    /// A `let` where it is used. What was computed on entry is kept for the return.
    pub(in crate::analyze) fn bound(&mut self, binding: &Binding) -> Typed {
        if binding.at == self.moment {
            return binding.typed.clone();
        }
        let name = &binding.name;
        match binding.typed.clone() {
            Typed::Number {
                expr,
                signed,
                kind,
                what,
                literal,
            } => {
                if literal {
                    return binding.typed.clone();
                }
                let expr = self.keep(expr, name);
                Typed::Number {
                    expr,
                    signed,
                    kind,
                    what,
                    literal: false,
                }
            }
            Typed::Go(located) => self.keep_go(located, name),
            Typed::Value(value, what) => Typed::Value(self.keep_text(value, name), what),
            other => other,
        }
    }

    /// A Go value that was computed on entry, as it is on return: numbers and text as they were, other words kept.
    pub(in crate::analyze) fn keep_go(&mut self, located: Located, name: &str) -> Typed {
        let ty = located.ty.clone();
        match &ty.kind {
            Kind::String => match self.value_of(&located, Span::default()) {
                Some(text) => Typed::Value(self.keep_text(text, name), ty.name),
                None => Typed::Wrong,
            },
            _ => {
                // Word by word, so that fields and elements can still be asked for.
                let words = ty.size.div_ceil(8);
                if ty.size == 0 || words > 8 {
                    return Typed::Go(located);
                }
                let mut place = located.place.clone();
                if let Place::Pieces { keep, .. } = &mut place {
                    *keep = true;
                    return Typed::Go(Located {
                        place,
                        label: name.to_string(),
                        ..located
                    });
                }
                if let Place::Words { words, at } = place {
                    let words = words.into_iter().map(|word| self.keep(word, name)).collect();
                    return Typed::Go(Located {
                        place: Place::Words { words, at },
                        label: name.to_string(),
                        ..located
                    });
                }
                // In memory: a pointer or number is read on entry; larger things are read through their address.
                if let Some((size, signed)) = scalar(&ty)
                    && let Ok((expr, _)) = place.word(0, size, signed)
                {
                    let kept = self.keep(expr, name);
                    return Typed::Go(Located {
                        ty,
                        id: located.id,
                        place: Place::Words {
                            words: vec![kept],
                            at: 0,
                        },
                        label: name.to_string(),
                    });
                }
                if let (Kind::Complex, Some(address)) = (&ty.kind, place.address()) {
                    let words = (0..words).map(|n| self.keep(load(address.clone(), n * 8, 8), name));
                    let words = words.collect();
                    return Typed::Go(Located {
                        place: Place::Words { words, at: 0 },
                        label: name.to_string(),
                        ..located
                    });
                }
                match place.address() {
                    Some(address) => {
                        let base = self.keep(address, name);
                        Typed::Go(Located {
                            place: Place::behind(base),
                            label: name.to_string(),
                            ..located
                        })
                    }
                    None => Typed::Go(located),
                }
            }
        }
    }

    /// Keeps a number from entry to return.
    pub(in crate::analyze) fn keep(&mut self, expr: Expr, label: &str) -> Expr {
        if matches!(expr, Expr::Int(_) | Expr::Kept(_)) {
            return expr;
        }
        Expr::Kept(self.keep_value(plain(expr), label, false))
    }

    pub(in crate::analyze) fn keep_value(
        &mut self,
        value: Value,
        label: &str,
        text: bool,
    ) -> crate::plan::KeptId {
        if let Some((_, id)) = self.sketch.kept.iter().find(|(v, _)| *v == value) {
            return *id;
        }
        let wish = crate::bt::names::identifier(label);
        let same = |id: &crate::plan::KeptId| {
            self.kept.maps.get(id.0).is_some_and(|k| {
                k.name == wish || k.name.strip_prefix(&wish).is_some_and(|r| r.starts_with('_'))
            })
        };
        let n = self.sketch.kept.iter().filter(|(_, id)| same(id)).count();
        let id = self.kept.map(&wish, n, text);
        if let (Some(digest), Value::Text { data, len } | Value::Slice { data, len, .. }) =
            (self.kept.maps.get(id.0).and_then(|kept| kept.digest), &value)
        {
            let expr = Expr::Digest(data.clone(), len.clone());
            self.sketch.kept.push((plain(expr), digest));
        }
        self.sketch.kept.push((value, id));
        id
    }

    pub(in crate::analyze) fn keep_text(&mut self, value: Value, name: &str) -> Value {
        match value {
            Value::Text { .. } | Value::Slice { .. } => {
                Value::Known(Known::Kept(self.keep_value(value, name, true)))
            }
            other => other,
        }
    }
}

/// A number without a sign.
fn plain(expr: Expr) -> Value {
    Value::Number(Number {
        expr,
        signed: false,
        kind: NumberKind::Plain,
    })
}

/// What marks the value of `type(x)`.
pub(in crate::analyze) const TYPE_OF: &str = "type name";

/// Size and sign of what is one number.
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

pub(in crate::analyze) fn load(base: Expr, offset: u64, size: u64) -> Expr {
    Expr::Load(Box::new(crate::plan::Load {
        base,
        object: None,
        offset,
        size,
        signed: false,
    }))
}

pub(in crate::analyze) fn choose_nonzero(test: Expr, then: Expr) -> Expr {
    let is = Expr::Binary {
        op: Op::NotEqual,
        a: Box::new(test),
        b: Box::new(Expr::Int(0)),
        signed: false,
    };
    Expr::Choose(Box::new(is), Box::new(then), Box::new(Expr::Int(0)))
}

pub(in crate::analyze) fn less(a: Expr, b: Expr) -> Expr {
    Expr::Binary {
        op: Op::Less,
        a: Box::new(a),
        b: Box::new(b),
        signed: false,
    }
}

pub(in crate::analyze) fn element_address(data: Expr, at: &Expr, size: u64) -> Expr {
    match at {
        Expr::Int(n) => plus(data, u64::try_from(*n).unwrap_or(0).saturating_mul(size)),
        at => {
            let scaled = if size == 1 {
                at.clone()
            } else {
                Expr::Binary {
                    op: Op::Multiply,
                    a: Box::new(at.clone()),
                    b: Box::new(Expr::Int(i128::from(size))),
                    signed: false,
                }
            };
            Expr::Binary {
                op: Op::Add,
                a: Box::new(data),
                b: Box::new(scaled),
                signed: false,
            }
        }
    }
}

/// True if an unsigned number is below 2^63, whatever it is.
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
