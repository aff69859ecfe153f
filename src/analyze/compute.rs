//! Expressions: from what was written to typed values, with every mistake said in the words of Go's types.

use super::events::names_list;
use super::located::{Located, NoWord, Place, plus};
use super::params::Param;
use super::sketch::{KeptMaps, Sketch};
use super::value::Typed;
use crate::diagnostic::{Code, Diagnostic, Problems, near};
use crate::gotype::{GoType, Kind, TypeRef};
use crate::plan::{Expr, Known, Number, NumberKind, Op, Value};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, ExprKind, Selector, UnaryOp};
use crate::target::{Parameter, Program, Signature, Unreadable};
use std::collections::{BTreeMap, BTreeSet};

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
pub(super) struct Binding {
    pub(super) name: String,
    pub(super) typed: Typed,
    pub(super) at: Moment,
}

/// What expressions of one function are computed from.
pub(crate) struct Scope<'a> {
    pub(super) program: &'a dyn Program,
    pub(super) problems: &'a mut Problems,
    pub(super) kept: &'a mut KeptMaps,
    pub(super) sketch: &'a mut Sketch,
    pub(super) source: &'a str,
    pub(super) params: &'a BTreeMap<String, Param>,
    pub(super) longest_text: u64,
    pub(super) moment: Moment,
    /// Only one process is traced, so goroutine ids alone tell goroutines apart.
    pub(super) one_process: bool,
    pub(super) bindings: Vec<Binding>,
}

/// The words that need no `arg`, `ret` or `let`.
const WORDS: &[&str] = &[
    "elapsed",
    "goroutine",
    "parent",
    "thread",
    "process",
    "cpu",
    "comm",
    "func",
    "caller",
    "stack",
    "recv",
];
const CALLS: &[&str] = &["len", "cap", "type", "stack"];

impl Scope<'_> {
    pub(super) fn error(&mut self, diagnostic: Diagnostic) -> Typed {
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
    pub(super) fn signature(&mut self, span: Span) -> Option<Signature> {
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
    pub(super) fn eval(&mut self, e: &ast::Expr) -> Typed {
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
                .help("use a whole number, a smaller unit, or compare the float's bits"),
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

    fn name(&mut self, name: &str, span: Span) -> Typed {
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
                let mut known: Vec<String> = WORDS.iter().map(|w| (*w).to_string()).collect();
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
    fn bound(&mut self, binding: &Binding) -> Typed {
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
                let expr = self.keep(expr, name, signed);
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
    fn keep_go(&mut self, located: Located, name: &str) -> Typed {
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
                // In memory: a pointer or number is read on entry; larger things are read through their address.
                if let Some((size, signed)) = scalar(&ty)
                    && let Ok((expr, _)) = place.word(0, size, signed)
                {
                    let kept = self.keep(expr, name, signed);
                    return Typed::Go(Located {
                        ty,
                        id: located.id,
                        place: Place::Memory {
                            base: kept,
                            object: None,
                            offset: VALUE_ITSELF,
                        },
                        label: name.to_string(),
                    });
                }
                match place.address() {
                    Some(address) => {
                        let base = self.keep(address, name, false);
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
    fn keep(&mut self, expr: Expr, label: &str, signed: bool) -> Expr {
        let _ = signed;
        if matches!(expr, Expr::Int(_) | Expr::Kept(_)) {
            return expr;
        }
        let value = Value::Number(Number {
            expr,
            signed: false,
            kind: NumberKind::Plain,
        });
        Expr::Kept(self.keep_value(value, label, false))
    }

    fn keep_value(&mut self, value: Value, label: &str, text: bool) -> crate::plan::KeptId {
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
        self.sketch.kept.push((value, id));
        id
    }

    fn keep_text(&mut self, value: Value, name: &str) -> Value {
        match value {
            Value::Text { .. } | Value::Slice { .. } => {
                Value::Known(Known::Kept(self.keep_value(value, name, true)))
            }
            other => other,
        }
    }

    fn argument(&mut self, selector: &Selector, span: Span) -> Typed {
        let Some(signature) = self.signature(span) else {
            return Typed::Wrong;
        };
        let found = match selector {
            Selector::Whole => match signature.parameters.as_slice() {
                [one] => Some(one.clone()),
                _ => {
                    let count = signature.parameters.len();
                    return self.error(
                        Diagnostic::error(
                            Code::NO_ARGUMENT,
                            format!(
                                "`arg` alone is one argument, but `{}` has {count}",
                                self.sketch.function.name
                            ),
                        )
                        .at(span, "which one?")
                        .note(signature.text.clone())
                        .help("say which, as in `arg NAME`; `print arg` alone prints all"),
                    );
                }
            },
            Selector::Index(i) => usize::try_from(i.node)
                .ok()
                .and_then(|i| signature.parameters.get(i))
                .cloned(),
            Selector::Named(name) => signature
                .receiver
                .iter()
                .chain(&signature.parameters)
                .find(|p| p.name == name.node)
                .cloned(),
        };
        match found {
            Some(parameter) => self.parameter(&parameter, span, false),
            None => {
                if let Selector::Named(name) = selector
                    && let Some((captured, ty, offset)) =
                        signature.captured.iter().find(|(n, ..)| *n == name.node)
                {
                    return self.captured(captured, *ty, *offset);
                }
                self.no_parameter("argument", selector, span, &signature)
            }
        }
    }

    /// A variable that a closure holds: at its offset in the closure object, which RDX points at when the call begins.
    fn captured(&mut self, name: &str, ty: TypeRef, offset: u64) -> Typed {
        let object = match self.moment {
            Moment::Entry => Expr::Context,
            Moment::Return => self.keep(Expr::Context, "closure", false),
        };
        match self.program.type_of(ty) {
            Ok(go) => Typed::Go(Located {
                ty: go,
                id: ty,
                place: Place::Memory {
                    base: object,
                    object: None,
                    offset,
                },
                label: name.to_string(),
            }),
            Err(problem) => self.error(problem),
        }
    }

    fn result(&mut self, selector: &Selector, span: Span) -> Typed {
        if self.moment == Moment::Entry {
            return self.error(
                Diagnostic::error(
                    Code::ONLY_AT_RETURN,
                    "results are known only when the call returns",
                )
                .at(span, "used where the call begins")
                .help("put it into `return { … }`"),
            );
        }
        let Some(signature) = self.signature(span) else {
            return Typed::Wrong;
        };
        let found = match selector {
            Selector::Whole => match signature.results.as_slice() {
                [one] => Some(one.clone()),
                [] => None,
                _ => {
                    return self.error(
                        Diagnostic::error(
                            Code::NO_RESULT,
                            format!(
                                "`{}` has {} results",
                                self.sketch.function.name,
                                signature.results.len()
                            ),
                        )
                        .at(span, "which one?")
                        .note(signature.text.clone())
                        .help("say which, as in `ret 0`; `print ret` alone prints all"),
                    );
                }
            },
            Selector::Index(i) => usize::try_from(i.node)
                .ok()
                .and_then(|i| signature.results.get(i))
                .cloned(),
            Selector::Named(name) => signature.results.iter().find(|p| p.name == name.node).cloned(),
        };
        match found {
            Some(parameter) => self.parameter(&parameter, span, true),
            None => self.no_parameter("result", selector, span, &signature),
        }
    }

    fn no_parameter(&mut self, what: &str, selector: &Selector, span: Span, signature: &Signature) -> Typed {
        let list: Vec<&Parameter> = match what {
            "argument" => signature.receiver.iter().chain(&signature.parameters).collect(),
            _ => signature.results.iter().collect(),
        };
        let wanted = match selector {
            Selector::Named(name) => format!("`{}`", name.node),
            Selector::Index(i) => format!("number {}", i.node),
            Selector::Whole => "at all".to_string(),
        };
        let code = if what == "argument" {
            Code::NO_ARGUMENT
        } else {
            Code::NO_RESULT
        };
        let function = self.sketch.function.name.clone();
        let mut problem = Diagnostic::error(code, format!("`{function}` has no {what} {wanted}"))
            .at(span, format!("no such {what}"))
            .note(format!("its signature is {}", signature.text));
        if let Selector::Named(name) = selector
            && let Some(word) = near::words(&name.node, list.iter().map(|p| p.name.as_str()))
        {
            problem = problem.help(format!("did you mean `{word}`?"));
        } else if !list.is_empty() {
            let names: Vec<String> = list.iter().map(|p| format!("`{}`", p.name)).collect();
            problem = problem.help(format!("it has {}", names_list(&names)));
        } else {
            problem = problem.help(format!("it has no {what}s"));
        }
        self.error(problem)
    }

    /// An argument or result.
    pub(super) fn parameter(&mut self, parameter: &Parameter, span: Span, result: bool) -> Typed {
        let what = if result { "result" } else { "argument" };
        let pieces = match &parameter.place {
            Ok(pieces) => pieces.clone(),
            Err(reason) => {
                let problem = unreadable(what, &parameter.name, reason).at(span, "cannot be read");
                return self.error(problem);
            }
        };
        let label = match (result, parameter.name.trim_start_matches('~')) {
            (false, name) => format!("arg_{name}"),
            (true, name) => format!("ret_{name}"),
        };
        match self.program.type_of(parameter.ty) {
            Ok(ty) => Typed::Go(Located {
                ty,
                id: parameter.ty,
                place: Place::Pieces {
                    pieces,
                    at: 0,
                    keep: !result && self.moment == Moment::Return,
                },
                label,
            }),
            Err(problem) => self.error(problem),
        }
    }

    /// Reads a word of a value.
    pub(super) fn word(
        &mut self,
        place: &Place,
        offset: u64,
        size: u64,
        signed: bool,
        label: &str,
        span: Span,
    ) -> Option<Expr> {
        if let Place::Memory {
            base,
            offset: VALUE_ITSELF,
            ..
        } = place
        {
            return Some(narrow(base.clone(), size, signed));
        }
        match place.word(offset, size, signed) {
            Ok((expr, false)) => Some(expr),
            Ok((expr, true)) => {
                // The whole register is kept; what is wanted of it is cut out on return.
                let (whole, cut) = match expr {
                    Expr::Narrow { of, size, signed } => (*of, Some((size, signed))),
                    other => (other, None),
                };
                let kept = self.keep(whole, label, signed);
                Some(match cut {
                    Some((size, signed)) => Expr::Narrow {
                        of: Box::new(kept),
                        size,
                        signed,
                    },
                    None if size < 8 => Expr::Narrow {
                        of: Box::new(kept),
                        size,
                        signed,
                    },
                    None => kept,
                })
            }
            Err(reason) => {
                let why = match reason {
                    NoWord::Vector(n) => {
                        format!("it is in vector register X{n}, which the kernel does not show to probes")
                    }
                    NoWord::Missing => "it is spread over several places".to_string(),
                };
                let name = label.split_once('_').map_or(label, |(_, n)| n).to_string();
                self.problems.push(
                    Diagnostic::error(Code::NOT_READABLE, format!("`{name}` cannot be read here"))
                        .at(span, why)
                        .help("floating point values can be read where they lie in memory: behind a pointer, in a struct, in a slice"),
                );
                None
            }
        }
    }

    /// A named word of a value that has several: `data` of a string, `wall` of a time.
    fn part(&mut self, located: &Located, of: &str, name: &str, offset: u64, span: Span) -> Option<Expr> {
        if let Place::Memory {
            offset: VALUE_ITSELF, ..
        } = located.place
        {
            return self.word(&located.place, offset, 8, false, &located.label, span);
        }
        let place = located.place.field(of, name, offset, 8, None);
        let label = format!("{}_{name}", located.label);
        self.word(&place, 0, 8, false, &label, span)
    }

    /// A Go value as the plan takes it; what has no such form (structs, maps, …) is nothing.
    pub(super) fn value_of(&mut self, l: &Located, span: Span) -> Option<Value> {
        let ty = &l.ty;
        let number =
            |expr: Expr, signed: bool, kind: NumberKind| Value::Number(Number { expr, signed, kind });
        match &ty.kind {
            Kind::Bool => Some(number(
                self.word(&l.place, 0, 1, false, &l.label, span)?,
                false,
                NumberKind::Bool,
            )),
            Kind::Int => {
                let kind = if ty.name == "time.Duration" {
                    NumberKind::Duration
                } else {
                    NumberKind::Plain
                };
                Some(number(
                    self.word(&l.place, 0, ty.size, true, &l.label, span)?,
                    true,
                    kind,
                ))
            }
            Kind::Uint | Kind::Uintptr => Some(number(
                self.word(&l.place, 0, ty.size, false, &l.label, span)?,
                false,
                NumberKind::Plain,
            )),
            Kind::Float => {
                let expr = self.word(&l.place, 0, ty.size, false, &l.label, span)?;
                Some(number(expr, false, NumberKind::Float(ty.size)))
            }
            Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) => Some(number(
                self.word(&l.place, 0, 8, false, &l.label, span)?,
                false,
                NumberKind::Pointer,
            )),
            Kind::String => Some(Value::Text {
                data: Box::new(self.part(l, "string", "data", 0, span)?),
                len: Box::new(self.part(l, "string", "len", 8, span)?),
            }),
            Kind::Slice(element) => {
                let bytes = self
                    .program
                    .type_of(*element)
                    .is_ok_and(|e| e.size == 1 && matches!(e.kind, Kind::Uint));
                Some(Value::Slice {
                    data: Box::new(self.part(l, "slice", "data", 0, span)?),
                    len: Box::new(self.part(l, "slice", "len", 8, span)?),
                    cap: Box::new(Expr::Int(0)),
                    bytes,
                })
            }
            Kind::Array(element, len) => {
                let bytes = self
                    .program
                    .type_of(*element)
                    .is_ok_and(|e| e.size == 1 && matches!(e.kind, Kind::Uint));
                if !bytes {
                    return None;
                }
                let address = match (&l.place, l.place.address()) {
                    (_, Some(address)) => address,
                    (Place::Pieces { keep: true, .. }, None) => {
                        self.problems.push(
                            Diagnostic::error(
                                Code::NOT_READABLE,
                                "an array that was passed on the stack is gone when the call returns",
                            )
                            .at(span, "not kept")
                            .help("print it where the call begins"),
                        );
                        return None;
                    }
                    _ => return None,
                };
                Some(Value::Bytes {
                    data: Box::new(address),
                    len: *len,
                })
            }
            Kind::Interface { methods } => {
                let first = if *methods { "tab" } else { "type" };
                let of = if *methods { "iface" } else { "eface" };
                Some(Value::Interface {
                    tab: Box::new(self.part(l, of, first, 0, span)?),
                    data: Box::new(self.part(l, of, "data", 8, span)?),
                    methods: *methods,
                    ty: l.id,
                })
            }
            Kind::Func => {
                let closure = self.word(&l.place, 0, 8, false, &l.label, span)?;
                let code = load(closure.clone(), 0, 8);
                Some(Value::Code(Box::new(choose_nonzero(closure, code))))
            }
            Kind::Struct(_) if ty.name == "time.Time" => Some(Value::Time {
                wall: Box::new(self.part(l, "time.Time", "wall", 0, span)?),
                ext: Box::new(self.part(l, "time.Time", "ext", 8, span)?),
            }),
            Kind::Struct(_) | Kind::Complex | Kind::Opaque(_) => None,
        }
    }

    /// The value with the width and sign it has, if it is a number.
    pub(super) fn as_number(
        &mut self,
        typed: Typed,
        span: Span,
    ) -> Option<(Expr, bool, NumberKind, String, bool)> {
        match typed {
            Typed::Number {
                expr,
                signed,
                kind,
                what,
                literal,
            } => Some((expr, signed, kind, what, literal)),
            Typed::Go(l) => {
                let name = l.ty.name.clone();
                match (&l.ty.kind, self.value_of_number(&l, span)) {
                    (Kind::Float, _) => {
                        self.problems.push(
                            Diagnostic::error(
                                Code::NOT_COMPUTABLE,
                                format!("a {name} cannot be computed with: BPF has no floating point"),
                            )
                            .at(span, format!("a {name}")),
                        );
                        None
                    }
                    (_, Some(n)) => Some((n.expr, n.signed, n.kind, name, false)),
                    (kind, None) => {
                        if !self.problems.has_errors() || !matches!(kind, Kind::Int | Kind::Uint | Kind::Bool)
                        {
                            self.problems.push(
                                Diagnostic::error(Code::NOT_A_NUMBER, format!("a {name} is not a number"))
                                    .at(span, format!("this is a {name}")),
                            );
                        }
                        None
                    }
                }
            }
            Typed::Literal(_) => self.not_a_number("string", span),
            Typed::Value(_, what) => self.not_a_number(&what, span),
            Typed::Nil => self.not_a_number("nil", span),
            Typed::Wrong => None,
        }
    }

    fn not_a_number<T>(&mut self, what: &str, span: Span) -> Option<T> {
        self.problems.push(
            Diagnostic::error(Code::NOT_A_NUMBER, format!("a {what} is not a number"))
                .at(span, format!("this is a {what}")),
        );
        None
    }

    fn value_of_number(&mut self, l: &Located, span: Span) -> Option<Number> {
        match l.ty.kind {
            Kind::Bool | Kind::Int | Kind::Uint | Kind::Uintptr | Kind::Pointer(_) | Kind::UnsafePointer => {
                match self.value_of(l, span)? {
                    Value::Number(n) => Some(n),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Something that holds or does not.
    pub(super) fn condition(&mut self, e: &ast::Expr) -> Option<Value> {
        match self.eval(e) {
            Typed::Wrong => None,
            typed => {
                let before = self.problems.clone();
                match self.as_number(typed.clone(), e.span) {
                    Some((expr, signed, kind @ NumberKind::Bool, ..)) => {
                        Some(Value::Number(Number { expr, signed, kind }))
                    }
                    _ => {
                        *self.problems = before;
                        let what = self.describe(&typed);
                        self.problems.push(
                            Diagnostic::error(Code::NOT_A_CONDITION, "a condition is true or false")
                                .at(e.span, format!("this is {what}"))
                                .help("compare it with something: `==`, `!=`, `<`, …"),
                        );
                        None
                    }
                }
            }
        }
    }

    pub(super) fn describe(&self, typed: &Typed) -> String {
        match typed {
            Typed::Go(l) => format!("a {}", l.ty.name),
            Typed::Number { what, .. } | Typed::Value(_, what) => format!("a {what}"),
            Typed::Literal(_) => "a string".into(),
            Typed::Nil => "nil".into(),
            Typed::Wrong => "unknown".into(),
        }
    }

    fn unary(&mut self, op: UnaryOp, x: &ast::Expr) -> Typed {
        let typed = self.eval(x);
        let Some((expr, signed, kind, what, literal)) = self.as_number(typed, x.span) else {
            return Typed::Wrong;
        };
        match (op, kind) {
            (UnaryOp::Not, NumberKind::Bool) => Typed::truth(Expr::Not(Box::new(expr))),
            (UnaryOp::Not, _) => self.error(
                Diagnostic::error(Code::NOT_A_CONDITION, "`!` turns true into false")
                    .at(x.span, format!("this is a {what}")),
            ),
            (_, NumberKind::Bool) => self.error(
                Diagnostic::error(Code::NOT_A_NUMBER, "a bool is not a number").at(x.span, "this is a bool"),
            ),
            (UnaryOp::Negate, _) => {
                let expr = match expr {
                    Expr::Int(n) => Expr::Int(-n),
                    e => Expr::Negate(Box::new(e)),
                };
                Typed::Number {
                    expr,
                    signed: true,
                    kind,
                    what,
                    literal,
                }
            }
            (UnaryOp::Complement, _) => match expr {
                Expr::Int(n) => Typed::Number {
                    expr: Expr::Int(!n),
                    signed,
                    kind,
                    what,
                    literal,
                },
                e => Typed::Number {
                    expr: Expr::Complement(Box::new(e)),
                    signed,
                    kind,
                    what,
                    literal,
                },
            },
        }
    }

    fn binary(&mut self, op: BinaryOp, op_span: Span, a: &ast::Expr, b: &ast::Expr) -> Typed {
        if matches!(op, BinaryOp::Both | BinaryOp::Either) {
            let left = self.condition(a);
            let right = self.condition(b);
            return match (left, right) {
                (Some(Value::Number(x)), Some(Value::Number(y))) => Typed::truth(Expr::Binary {
                    op: if op == BinaryOp::Both {
                        Op::Both
                    } else {
                        Op::Either
                    },
                    a: Box::new(x.expr),
                    b: Box::new(y.expr),
                    signed: false,
                }),
                _ => Typed::Wrong,
            };
        }
        let left = self.eval(a);
        let right = self.eval(b);
        if matches!(left, Typed::Wrong) || matches!(right, Typed::Wrong) {
            return Typed::Wrong;
        }
        if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual)
            && let Some(done) = self.same(op, &left, &right, a.span, b.span)
        {
            return done;
        }
        let texts = [&left, &right].into_iter().any(|t| self.is_text(t));
        if texts {
            let (l, r) = (self.describe(&left), self.describe(&right));
            return self.error(
                Diagnostic::error(
                    Code::MISMATCHED_TYPES,
                    format!("{l} and {r} do not go together here"),
                )
                .at(
                    op_span,
                    "strings can be compared with `==` and `!=`, with a string in quotes",
                )
                .see(a.span, format!("this is {l}"))
                .see(b.span, format!("this is {r}")),
            );
        }
        let (Some(x), Some(y)) = (self.as_number(left, a.span), self.as_number(right, b.span)) else {
            return Typed::Wrong;
        };
        self.arithmetic(op, op_span, x, a.span, y, b.span)
    }

    fn is_text(&self, typed: &Typed) -> bool {
        match typed {
            Typed::Literal(_) | Typed::Value(Value::Text { .. } | Value::Known(_) | Value::Comm, _) => true,
            Typed::Go(l) => matches!(l.ty.kind, Kind::String),
            _ => false,
        }
    }

    fn arithmetic(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        (xe, xs, xk, xw, xl): (Expr, bool, NumberKind, String, bool),
        x_span: Span,
        (ye, ys, yk, yw, yl): (Expr, bool, NumberKind, String, bool),
        y_span: Span,
    ) -> Typed {
        let comparison = match op {
            BinaryOp::Equal => Some(Op::Equal),
            BinaryOp::NotEqual => Some(Op::NotEqual),
            BinaryOp::Less => Some(Op::Less),
            BinaryOp::LessEqual => Some(Op::LessEqual),
            BinaryOp::Greater => Some(Op::Greater),
            BinaryOp::GreaterEqual => Some(Op::GreaterEqual),
            _ => None,
        };
        let mismatch = |scope: &mut Self, why: &str| {
            scope.error(
                Diagnostic::error(
                    Code::MISMATCHED_TYPES,
                    format!("a {xw} and a {yw} do not go together here"),
                )
                .at(op_span, why.to_string())
                .see(x_span, format!("this is a {xw}"))
                .see(y_span, format!("this is a {yw}")),
            )
        };
        let bools = (xk == NumberKind::Bool, yk == NumberKind::Bool);
        match bools {
            (true, true) if matches!(comparison, Some(Op::Equal | Op::NotEqual)) => {}
            (false, false) => {}
            _ => return mismatch(self, "one is true or false, the other is a number"),
        }
        if (xk == NumberKind::Duration
            && yl
            && yk == NumberKind::Plain
            && !matches!(op, BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Remainder)
            && ye != Expr::Int(0))
            || (yk == NumberKind::Duration
                && xl
                && xk == NumberKind::Plain
                && !matches!(op, BinaryOp::Multiply)
                && xe != Expr::Int(0))
        {
            return self.error(
                Diagnostic::error(Code::MISMATCHED_TYPES, "a duration needs a unit")
                    .at(
                        if yl && yk == NumberKind::Plain {
                            y_span
                        } else {
                            x_span
                        },
                        "a bare number",
                    )
                    .help("write `10ms`, `2s`, `500us`, `100ns`"),
            );
        }
        // A constant takes the type of what it meets.
        let signed = match (xl, yl) {
            (true, true) => true,
            (true, false) => ys,
            (false, true) => xs,
            (false, false) if xs == ys => xs,
            // A narrower unsigned number always fits a signed one of 64 bits.
            (false, false) => {
                let wide_unsigned = if xs { fits_signed(&ye) } else { fits_signed(&xe) };
                if !wide_unsigned {
                    return mismatch(
                        self,
                        "one can be negative, the other can be too large for that; Go would want a conversion",
                    );
                }
                true
            }
        };
        for (literal, expr, span) in [(xl, &xe, x_span), (yl, &ye, y_span)] {
            if let (true, Expr::Int(n), false) = (literal, expr, signed)
                && *n < 0
            {
                let other = if span == x_span { &yw } else { &xw };
                return self.error(
                    Diagnostic::error(Code::MISMATCHED_TYPES, format!("a {other} is never negative"))
                        .at(span, "negative"),
                );
            }
        }
        if let (Expr::Int(x), Expr::Int(y), None) = (&xe, &ye, comparison) {
            return self.fold(
                op,
                *x,
                *y,
                if xk == NumberKind::Plain { yk } else { xk },
                op_span,
                y_span,
            );
        }
        if matches!(op, BinaryOp::Divide | BinaryOp::Remainder) && ye == Expr::Int(0) {
            return self.error(Diagnostic::error(Code::BAD_NUMBER, "division by zero").at(y_span, "zero"));
        }
        let whole = match op {
            BinaryOp::Add => Op::Add,
            BinaryOp::Subtract => Op::Subtract,
            BinaryOp::Multiply => Op::Multiply,
            BinaryOp::Divide => Op::Divide,
            BinaryOp::Remainder => Op::Remainder,
            BinaryOp::And => Op::And,
            BinaryOp::Or => Op::Or,
            BinaryOp::Xor => Op::Xor,
            BinaryOp::ShiftLeft => Op::ShiftLeft,
            BinaryOp::ShiftRight => Op::ShiftRight,
            _ => comparison.unwrap_or(Op::Equal),
        };
        if matches!(whole, Op::ShiftLeft | Op::ShiftRight)
            && let Expr::Int(n) = ye
            && !(0..64).contains(&n)
        {
            return self.error(
                Diagnostic::error(Code::BAD_NUMBER, "a shift is by 0 to 63 bits").at(y_span, format!("{n}")),
            );
        }
        // Subtracting unsigned numbers may go below zero, and the user wants to see that.
        let signed = signed || (whole == Op::Subtract && comparison.is_none());
        let kind = match (xk, yk) {
            (NumberKind::Duration, _) if whole == Op::Divide && yk == NumberKind::Duration => {
                NumberKind::Plain
            }
            (NumberKind::Duration, _) | (_, NumberKind::Duration) => NumberKind::Duration,
            _ => NumberKind::Plain,
        };
        let what = if xl { yw } else { xw };
        let expr = Expr::Binary {
            op: comparison.unwrap_or(whole),
            a: Box::new(xe),
            b: Box::new(ye),
            signed,
        };
        match comparison {
            Some(_) => Typed::truth(expr),
            None => Typed::Number {
                expr,
                signed,
                kind,
                what,
                literal: false,
            },
        }
    }

    fn fold(
        &mut self,
        op: BinaryOp,
        x: i128,
        y: i128,
        kind: NumberKind,
        op_span: Span,
        y_span: Span,
    ) -> Typed {
        let shift = u32::try_from(y).ok().filter(|s| *s < 64);
        let value = match op {
            BinaryOp::Add => x.checked_add(y),
            BinaryOp::Subtract => x.checked_sub(y),
            BinaryOp::Multiply => x.checked_mul(y),
            BinaryOp::Divide => x.checked_div(y),
            BinaryOp::Remainder => x.checked_rem(y),
            BinaryOp::And => Some(x & y),
            BinaryOp::Or => Some(x | y),
            BinaryOp::Xor => Some(x ^ y),
            BinaryOp::ShiftLeft => shift.and_then(|s| x.checked_shl(s)),
            _ => shift.and_then(|s| x.checked_shr(s)),
        };
        match value.filter(|v| (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(v)) {
            Some(v) => Typed::literal(v, kind, "number"),
            None => self.error(
                Diagnostic::error(Code::BAD_NUMBER, "this has no value in 64 bits")
                    .at(op_span, "too large, or division by zero")
                    .see(y_span, ""),
            ),
        }
    }

    /// `==` and `!=` where one side is text or nil.
    fn same(&mut self, op: BinaryOp, left: &Typed, right: &Typed, a: Span, b: Span) -> Option<Typed> {
        let finish = |e: Expr| {
            Some(Typed::truth(if op == BinaryOp::Equal {
                e
            } else {
                Expr::Not(Box::new(e))
            }))
        };
        let (nil, other, span) = match (left, right) {
            (Typed::Nil, Typed::Nil) => {
                return Some(self.error(
                    Diagnostic::error(Code::MISMATCHED_TYPES, "nil is nil").at(a, "compare a value with nil"),
                ));
            }
            (Typed::Nil, other) => (true, other, b),
            (other, Typed::Nil) => (true, other, a),
            _ => (false, left, a),
        };
        if nil {
            let Typed::Go(l) = other else {
                let what = self.describe(other);
                return Some(
                    self.error(
                        Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} is never nil"))
                            .at(span, format!("this is {what}")),
                    ),
                );
            };
            let first = match l.ty.kind {
                Kind::Interface { .. } | Kind::Slice(_) => match self.value_of(l, span) {
                    Some(Value::Interface { tab, .. }) => *tab,
                    Some(Value::Slice { data, .. }) => *data,
                    _ => return Some(Typed::Wrong),
                },
                Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) | Kind::Func => {
                    match self.word(&l.place, 0, 8, false, &l.label, span) {
                        Some(e) => e,
                        None => return Some(Typed::Wrong),
                    }
                }
                _ => {
                    let name = l.ty.name.clone();
                    return Some(
                        self.error(
                            Diagnostic::error(Code::MISMATCHED_TYPES, format!("a {name} is never nil"))
                                .at(span, format!("this is a {name}")),
                        ),
                    );
                }
            };
            // Negated in place of `!(x == 0)`, which nobody writes.
            let op = if op == BinaryOp::Equal {
                Op::Equal
            } else {
                Op::NotEqual
            };
            return Some(Typed::truth(Expr::Binary {
                op,
                a: Box::new(first),
                b: Box::new(Expr::Int(0)),
                signed: false,
            }));
        }
        let (constant, text, text_span, constant_span) = match (left, right) {
            (Typed::Literal(x), Typed::Literal(y)) => return finish(Expr::Int(i128::from(x == y))),
            (Typed::Literal(c), Typed::Value(v @ Value::Interface { .. }, what))
            | (Typed::Value(v @ Value::Interface { .. }, what), Typed::Literal(c))
                if what == TYPE_OF =>
            {
                let place = if matches!(left, Typed::Literal(_)) { a } else { b };
                return match self.type_is(v, c, place) {
                    Some(e) => finish(e),
                    None => Some(Typed::Wrong),
                };
            }
            (Typed::Literal(c), t) if self.is_text(t) => (c, t, b, a),
            (t, Typed::Literal(c)) if self.is_text(t) => (c, t, a, b),
            (x, y) if self.is_text(x) && self.is_text(y) => {
                return Some(
                    self.error(
                        Diagnostic::error(
                            Code::NOT_COMPUTABLE,
                            "two strings of the program cannot be compared with one another",
                        )
                        .at(a, "a string of the program")
                        .see(b, "and another one")
                        .help("compare with a string in quotes"),
                    ),
                );
            }
            _ => return None,
        };
        let longest = usize::try_from(self.longest_text.saturating_sub(2)).unwrap_or(usize::MAX);
        if constant.len() > longest || constant.contains('\0') {
            return Some(
                self.error(
                    Diagnostic::error(
                        Code::BAD_TEXT,
                        format!("strings of up to {longest} bytes, without NUL, can be compared"),
                    )
                    .at(constant_span, format!("{} bytes", constant.len())),
                ),
            );
        }
        let value = match text {
            Typed::Go(l) => self.value_of(&l.clone(), text_span),
            Typed::Value(v, _) => Some(v.clone()),
            _ => None,
        };
        match value {
            Some(Value::Text { data, len }) => finish(Expr::TextIs(data, len, constant.clone())),
            Some(Value::Known(known)) => finish(Expr::KnownIs(known, constant.clone())),
            Some(Value::Comm) => Some(
                self.error(
                    Diagnostic::error(Code::NOT_COMPUTABLE, "`comm` can be shown, not compared")
                        .at(text_span, "")
                        .help("trace one process with `--pid`"),
                ),
            ),
            _ => Some(Typed::Wrong),
        }
    }

    /// An interface's dynamic type has this name: as Go prints it (`*fs.PathError`), or with its full import path.
    fn type_is(&mut self, interface: &Value, name: &str, span: Span) -> Option<Expr> {
        let Value::Interface { tab, methods, ty, .. } = interface else {
            return None;
        };
        let types = match self.program.runtime() {
            Ok(runtime) => runtime.types.unwrap_or(0),
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        let binary = |op: Op, a: Expr, b: Expr| Expr::Binary {
            op,
            a: Box::new(a),
            b: Box::new(b),
            signed: false,
        };
        let tab = (**tab).clone();
        let word = if *methods {
            load(tab.clone(), 8, 8)
        } else {
            tab.clone()
        };
        let mut descriptors = BTreeSet::new();
        let mut conditions = Vec::new();
        let met = self.program.itabs(*ty);
        for itab in met.iter().filter(|i| i.name == name) {
            conditions.push(binary(Op::Equal, tab.clone(), Expr::Address(itab.address)));
            descriptors.insert(itab.descriptor);
        }
        if let Ok(Some(id)) = self.program.type_named(name)
            && let Ok(GoType {
                descriptor: Some(offset),
                ..
            }) = self.program.type_of(id)
        {
            descriptors.insert(types + offset);
            let same = met
                .iter()
                .filter(|i| i.descriptor == types + offset && i.name != name);
            conditions.extend(same.map(|i| binary(Op::Equal, tab.clone(), Expr::Address(i.address))));
        }
        conditions.extend(
            descriptors
                .into_iter()
                .map(|d| binary(Op::Equal, word.clone(), Expr::Address(d))),
        );
        let found = conditions.into_iter().reduce(|a, b| binary(Op::Either, a, b));
        if found.is_none() {
            let mut problem = Diagnostic::error(
                Code::NO_TYPE,
                format!("the program never puts a type `{name}` into this interface"),
            )
            .at(span, "no such type");
            problem = match near::words(name, met.iter().map(|i| i.name.as_str())) {
                Some(word) => problem.help(format!("did you mean `{word}`?")),
                None => problem.help("write it as Go prints it (`*fs.PathError`), or with its full import path (`*io/fs.PathError`)"),
            };
            self.problems.push(problem);
        }
        found
    }

    fn call(&mut self, name: &ast::Name, args: &[ast::Expr], span: Span) -> Typed {
        match (name.node.as_str(), args) {
            ("stack", [depth]) => match self.eval(depth) {
                Typed::Number {
                    expr: Expr::Int(n),
                    literal: true,
                    ..
                } if (1..=127).contains(&n) => {
                    Typed::Value(Value::Stack(u64::try_from(n).ok()), "stack".into())
                }
                Typed::Wrong => Typed::Wrong,
                _ => self.error(
                    Diagnostic::error(Code::BAD_NUMBER, "a stack's depth is a number from 1 to 127")
                        .at(depth.span, "not that"),
                ),
            },
            ("type", [x]) => {
                let typed = self.eval(x);
                match &typed {
                    Typed::Go(l) if matches!(l.ty.kind, Kind::Interface { .. }) => {
                        match self.value_of(&l.clone(), x.span) {
                            Some(value) => Typed::Value(value, TYPE_OF.into()),
                            None => Typed::Wrong,
                        }
                    }
                    Typed::Go(l) => Typed::Literal(l.ty.name.clone()),
                    Typed::Wrong => Typed::Wrong,
                    other => {
                        let what = self.describe(other);
                        self.error(
                            Diagnostic::error(Code::MISMATCHED_TYPES, "`type` is for Go values")
                                .at(x.span, format!("this is {what}")),
                        )
                    }
                }
            }
            ("len" | "cap", [x]) => {
                let typed = self.eval(x);
                self.length(&name.node, typed, x.span)
            }
            (known, _) if CALLS.contains(&known) => self.error(
                Diagnostic::error(Code::BAD_CALL, format!("`{known}` takes one value"))
                    .at(span, format!("{} given", args.len())),
            ),
            (other, _) => {
                let mut problem =
                    Diagnostic::error(Code::UNKNOWN_NAME, format!("there is no function `{other}`"))
                        .at(name.span, "not known");
                problem = match near::words(other, CALLS.iter().copied()) {
                    Some(word) => problem.help(format!("did you mean `{word}`?")),
                    None => problem.help("the functions are `len`, `cap`, `type` and `stack`"),
                };
                self.error(problem)
            }
        }
    }

    fn length(&mut self, which: &str, typed: Typed, span: Span) -> Typed {
        let l = match typed {
            Typed::Go(l) => l,
            Typed::Literal(text) => {
                return Typed::literal(i128::try_from(text.len()).unwrap_or(0), NumberKind::Plain, "int");
            }
            Typed::Value(Value::Text { len, .. } | Value::Slice { len, .. }, _) if which == "len" => {
                return Typed::number(*len, true, NumberKind::Plain, "int");
            }
            Typed::Wrong => return Typed::Wrong,
            other => {
                let what = self.describe(&other);
                return self.error(
                    Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} has no length"))
                        .at(span, format!("this is {what}")),
                );
            }
        };
        let int = |e: Expr| Typed::number(e, true, NumberKind::Plain, "int");
        let found = match (&l.ty.kind, which) {
            (Kind::String, "len") => self.part(&l, "string", "len", 8, span),
            (Kind::Slice(_), "len") => self.part(&l, "slice", "len", 8, span),
            (Kind::Slice(_), _) => self.part(&l, "slice", "cap", 16, span),
            (Kind::Array(_, n), _) => return Typed::literal(i128::from(*n), NumberKind::Plain, "int"),
            (Kind::Pointer(to), _) => {
                if let Ok(GoType {
                    kind: Kind::Array(_, n),
                    ..
                }) = self.program.type_of(*to)
                {
                    return Typed::literal(i128::from(n), NumberKind::Plain, "int");
                }
                None
            }
            (Kind::Map { .. }, "len") | (Kind::Chan(_), _) => {
                let runtime = match self.program.runtime() {
                    Ok(r) => r,
                    Err(problem) => return self.error(problem),
                };
                let Some(header) = self.word(&l.place, 0, 8, false, &l.label, span) else {
                    return Typed::Wrong;
                };
                let (offset, size) = match (&l.ty.kind, which) {
                    (Kind::Map { .. }, _) => runtime.map_count,
                    (_, "len") => (runtime.chan_count, 8),
                    _ => (runtime.chan_size, 8),
                };
                // A nil map or channel has length 0, which is what a failed read gives.
                return int(load(header, offset, size));
            }
            _ => None,
        };
        match found {
            Some(e) => int(e),
            None => {
                let name = l.ty.name.clone();
                let what = if which == "len" { "length" } else { "capacity" };
                self.error(
                    Diagnostic::error(Code::MISMATCHED_TYPES, format!("a {name} has no {what}"))
                        .at(span, format!("this is a {name}")),
                )
            }
        }
    }

    /// Follows pointers until something else.
    fn follow(&mut self, mut l: Located, span: Span) -> Option<Located> {
        for _ in 0..8 {
            let Kind::Pointer(to) = l.ty.kind else {
                return Some(l);
            };
            let pointer = self.word(&l.place, 0, 8, false, &l.label, span)?;
            let ty = match self.program.type_of(to) {
                Ok(ty) => ty,
                Err(problem) => {
                    self.problems.push(problem);
                    return None;
                }
            };
            l = Located {
                ty,
                id: to,
                place: Place::behind(pointer),
                label: l.label,
            };
        }
        Some(l)
    }

    fn field(&mut self, base: Typed, field: &ast::Name) -> Typed {
        let l = match base {
            Typed::Go(l) => l,
            Typed::Wrong => return Typed::Wrong,
            other => {
                let what = self.describe(&other);
                return self.error(
                    Diagnostic::error(Code::NO_FIELD, format!("{what} has no fields"))
                        .at(field.span, format!("no field `{}`", field.node)),
                );
            }
        };
        let Some(l) = self.follow(l, field.span) else {
            return Typed::Wrong;
        };
        if matches!(l.ty.kind, Kind::Interface { .. }) {
            let name = l.ty.name.clone();
            return self.error(
                Diagnostic::error(
                    Code::NO_FIELD,
                    format!(
                        "`{}` is an interface (a {name}): its fields depend on what is in it",
                        l.label.split_once('_').map_or("it", |(_, n)| n)
                    ),
                )
                .at(field.span, format!("no field `{}`", field.node))
                .help(format!(
                    "say which type to expect, as in `.(*pkg.T).{}`",
                    field.node
                )),
            );
        }
        match self.find_field(&l, &field.node, 0) {
            Some(path) => {
                let mut at = l;
                for step in path {
                    let Some(inner) = self.follow(at, field.span) else {
                        return Typed::Wrong;
                    };
                    let ty = match self.program.type_of(step.ty) {
                        Ok(ty) => ty,
                        Err(problem) => return self.error(problem),
                    };
                    let aggregate = aggregate_name(&ty);
                    let place = match &inner.place {
                        Place::Memory {
                            base,
                            offset: VALUE_ITSELF,
                            ..
                        } => Place::behind(base.clone()),
                        p => p.field(
                            &inner.ty.name,
                            &step.name,
                            step.offset,
                            ty.size,
                            aggregate.as_deref(),
                        ),
                    };
                    let label = format!("{}_{}", inner.label, step.name);
                    at = Located {
                        ty,
                        id: step.ty,
                        place,
                        label,
                    };
                }
                Typed::Go(at)
            }
            None => {
                let problem = self.no_field(&l, field);
                self.error(problem)
            }
        }
    }

    /// The way to a field: through embedded structs, the shallowest first, as in Go.
    fn find_field(&self, l: &Located, name: &str, _depth: usize) -> Option<Vec<crate::gotype::Field>> {
        let mut level: Vec<(GoType, Vec<crate::gotype::Field>)> = vec![(l.ty.clone(), Vec::new())];
        for _ in 0..6 {
            let mut next = Vec::new();
            for (ty, path) in &level {
                let Kind::Struct(fields) = &ty.kind else { continue };
                for f in fields {
                    let mut path = path.clone();
                    path.push(f.clone());
                    if f.name == name {
                        return Some(path);
                    }
                    if f.embedded && next.len() < 64 {
                        let mut inner = self.program.type_of(f.ty).ok();
                        if let Some(GoType {
                            kind: Kind::Pointer(to),
                            ..
                        }) = inner
                        {
                            inner = self.program.type_of(to).ok();
                        }
                        if let Some(inner) = inner {
                            next.push((inner, path));
                        }
                    }
                }
            }
            level = next;
        }
        None
    }

    fn no_field(&self, l: &Located, field: &ast::Name) -> Diagnostic {
        let name = &l.ty.name;
        let Kind::Struct(fields) = &l.ty.kind else {
            return Diagnostic::error(Code::NO_FIELD, format!("a {name} has no fields"))
                .at(field.span, format!("no field `{}`", field.node));
        };
        let mut problem = Diagnostic::error(Code::NO_FIELD, format!("{name} has no field `{}`", field.node))
            .at(field.span, "no such field");
        if let Some(word) = near::words(&field.node, fields.iter().map(|f| f.name.as_str())) {
            problem = problem.help(format!("did you mean `{word}`?"));
        }
        let lines: Vec<String> = fields
            .iter()
            .take(16)
            .map(|f| {
                let ty = self
                    .program
                    .type_of(f.ty)
                    .map_or_else(|_| "?".to_string(), |t| t.name);
                if f.embedded {
                    format!("    {ty}")
                } else {
                    format!("    {} {ty}", f.name)
                }
            })
            .collect();
        let more = if fields.len() > 16 {
            format!("\n    … and {} more", fields.len() - 16)
        } else {
            String::new()
        };
        problem.note(format!("type {name} struct\n{}{more}", lines.join("\n")))
    }

    fn index(&mut self, base: Typed, index: &ast::Expr, span: Span) -> Typed {
        let at = self.eval(index);
        let Some((at, at_signed, at_kind, _, literal)) = self.as_number(at, index.span) else {
            return Typed::Wrong;
        };
        if at_kind == NumberKind::Bool {
            return self.error(
                Diagnostic::error(Code::NOT_A_NUMBER, "an index is a number")
                    .at(index.span, "this is a bool"),
            );
        }
        if let (Expr::Int(n), true) = (&at, literal)
            && *n < 0
        {
            return self.error(
                Diagnostic::error(Code::BAD_NUMBER, "an index is not negative").at(index.span, n.to_string()),
            );
        }
        let _ = at_signed;
        let l = match base {
            Typed::Go(l) => l,
            Typed::Value(Value::Text { data, len }, _) => return self.byte_of(*data, *len, at),
            Typed::Wrong => return Typed::Wrong,
            other => return self.not_indexable(&other, span),
        };
        let Some(l) = self.follow_array(l, span) else {
            return Typed::Wrong;
        };
        match l.ty.kind.clone() {
            Kind::String => match self.value_of(&l, span) {
                Some(Value::Text { data, len }) => self.byte_of(*data, *len, at),
                _ => Typed::Wrong,
            },
            Kind::Slice(element) => {
                let Some(Value::Slice { data, len, .. }) = self.value_of(&l, span) else {
                    return Typed::Wrong;
                };
                let ty = match self.program.type_of(element) {
                    Ok(ty) => ty,
                    Err(problem) => return self.error(problem),
                };
                let inside = less(at.clone(), *len);
                let address = element_address(*data, &at, ty.size);
                let base = Expr::Choose(Box::new(inside), Box::new(address), Box::new(Expr::Int(0)));
                let label = format!("{}_element", l.label);
                Typed::Go(Located {
                    ty,
                    id: element,
                    place: Place::behind(base),
                    label,
                })
            }
            Kind::Array(element, len) => {
                let ty = match self.program.type_of(element) {
                    Ok(ty) => ty,
                    Err(problem) => return self.error(problem),
                };
                let label = format!("{}_element", l.label);
                if let Expr::Int(n) = at {
                    let n = u64::try_from(n).unwrap_or(u64::MAX);
                    if n >= len {
                        return self.error(
                            Diagnostic::error(Code::BAD_NUMBER, format!("{} has {len} elements", l.ty.name))
                                .at(index.span, format!("there is no number {n}")),
                        );
                    }
                    let place = l.place.element(n.saturating_mul(ty.size));
                    return Typed::Go(Located {
                        ty,
                        id: element,
                        place,
                        label,
                    });
                }
                let Some(base) = l.place.address() else {
                    return self.error(
                        Diagnostic::error(Code::NOT_READABLE, "this array is not in memory here, so only an element with a constant number can be read")
                            .at(index.span, "known only at run time"),
                    );
                };
                let inside = less(at.clone(), Expr::Int(i128::from(len)));
                let address = element_address(base, &at, ty.size);
                let base = Expr::Choose(Box::new(inside), Box::new(address), Box::new(Expr::Int(0)));
                Typed::Go(Located {
                    ty,
                    id: element,
                    place: Place::behind(base),
                    label,
                })
            }
            Kind::Map { .. } => self.error(
                Diagnostic::error(
                    Code::NOT_COMPUTABLE,
                    "a map cannot be looked into by a probe yet; `len` of it can be read",
                )
                .at(span, format!("this is a {}", l.ty.name)),
            ),
            _ => self.not_indexable(&Typed::Go(l), span),
        }
    }

    fn not_indexable(&mut self, typed: &Typed, span: Span) -> Typed {
        let what = self.describe(typed);
        self.error(
            Diagnostic::error(Code::NOT_INDEXABLE, format!("{what} has no elements"))
                .at(span, format!("this is {what}")),
        )
    }

    /// Go indexes through a pointer to an array.
    fn follow_array(&mut self, l: Located, span: Span) -> Option<Located> {
        if let Kind::Pointer(to) = l.ty.kind
            && self
                .program
                .type_of(to)
                .is_ok_and(|t| matches!(t.kind, Kind::Array(..)))
        {
            return self.follow(l, span);
        }
        Some(l)
    }

    fn byte_of(&mut self, data: Expr, len: Expr, at: Expr) -> Typed {
        let inside = less(at.clone(), len);
        let base = Expr::Choose(
            Box::new(inside),
            Box::new(element_address(data, &at, 1)),
            Box::new(Expr::Int(0)),
        );
        Typed::number(load(base, 0, 1), false, NumberKind::Plain, "byte")
    }

    fn slice(&mut self, base: Typed, from: Option<&ast::Expr>, to: Option<&ast::Expr>, span: Span) -> Typed {
        let bound = |scope: &mut Self, e: Option<&ast::Expr>| match e {
            None => Some(None),
            Some(e) => {
                let typed = scope.eval(e);
                match scope.as_number(typed, e.span) {
                    Some((Expr::Int(n), ..)) if n < 0 => {
                        scope.problems.push(
                            Diagnostic::error(Code::BAD_NUMBER, "a bound is not negative")
                                .at(e.span, n.to_string()),
                        );
                        None
                    }
                    Some((expr, ..)) => Some(Some(expr)),
                    None => None,
                }
            }
        };
        let (Some(from), Some(to)) = (bound(self, from), bound(self, to)) else {
            return Typed::Wrong;
        };
        let (what, size, value, is_text) = match base {
            Typed::Go(l) => {
                let Some(l) = self.follow_array(l, span) else {
                    return Typed::Wrong;
                };
                let size = match &l.ty.kind {
                    Kind::String => 1,
                    Kind::Slice(e) | Kind::Array(e, _) => match self.program.type_of(*e) {
                        Ok(ty) => ty.size,
                        Err(problem) => return self.error(problem),
                    },
                    _ => return self.not_indexable(&Typed::Go(l), span),
                };
                match self.value_of(&l, span) {
                    Some(value) => (l.ty.name.clone(), size, value, matches!(l.ty.kind, Kind::String)),
                    None => return self.not_indexable(&Typed::Go(l), span),
                }
            }
            Typed::Value(v @ (Value::Text { .. } | Value::Slice { .. }), what) => (what, 1, v, true),
            Typed::Wrong => return Typed::Wrong,
            other => return self.not_indexable(&other, span),
        };
        let (data, len) = match value {
            Value::Text { data, len } | Value::Slice { data, len, .. } => (*data, *len),
            Value::Bytes { data, len } => (*data, Expr::Int(i128::from(len))),
            _ => return Typed::Wrong,
        };
        let clamp = |e: Expr, limit: &Expr| {
            Expr::Choose(
                Box::new(less(e.clone(), limit.clone())),
                Box::new(e),
                Box::new(limit.clone()),
            )
        };
        let end = match to {
            Some(to) => clamp(to, &len),
            None => len.clone(),
        };
        let start = match from {
            Some(from) => clamp(from, &end),
            None => Expr::Int(0),
        };
        let new_len = Expr::Binary {
            op: Op::Subtract,
            a: Box::new(end),
            b: Box::new(start.clone()),
            signed: false,
        };
        let data = Box::new(element_address(data, &start, size));
        let len = Box::new(new_len);
        if is_text {
            Typed::Value(Value::Text { data, len }, what)
        } else {
            Typed::Value(
                Value::Slice {
                    data,
                    len,
                    cap: Box::new(Expr::Int(0)),
                    bytes: size == 1,
                },
                what,
            )
        }
    }

    /// `x.(T)`: what is in the interface if it is a T, else nothing.
    fn assert(&mut self, base: Typed, name: &ast::Name, span: Span) -> Typed {
        let l = match base {
            Typed::Go(l) => l,
            Typed::Wrong => return Typed::Wrong,
            other => {
                let what = self.describe(&other);
                return self.error(
                    Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} is not an interface"))
                        .at(span, format!("this is {what}")),
                );
            }
        };
        let Kind::Interface { methods } = l.ty.kind else {
            let name = l.ty.name.clone();
            return self.error(
                Diagnostic::error(Code::MISMATCHED_TYPES, format!("a {name} is not an interface"))
                    .at(span, format!("this is a {name}")),
            );
        };
        let found = self.program.type_named(&name.node);
        let id = match found {
            Ok(Some(id)) => id,
            Ok(None) => {
                return self.error(
                    Diagnostic::error(Code::NO_TYPE, format!("the program has no type `{}`", name.node))
                        .at(name.span, "no such type")
                        .help("write it as Go does, with its full import path: `*net.OpError`, `github.com/x/y.T`"),
                );
            }
            Err(problem) => return self.error(problem),
        };
        let (ty, runtime) = match (self.program.type_of(id), self.program.runtime()) {
            (Ok(ty), Ok(runtime)) => (ty, runtime),
            (Err(problem), _) | (_, Err(problem)) => return self.error(problem),
        };
        let (Some(offset), Some(types)) = (ty.descriptor, runtime.types) else {
            return self.error(
                Diagnostic::error(
                    Code::NO_TYPE,
                    format!("`{}` is never in an interface of this program", name.node),
                )
                .at(name.span, "it has no type descriptor"),
            );
        };
        let Some(Value::Interface { tab, data, .. }) = self.value_of(&l, span) else {
            return Typed::Wrong;
        };
        let word = if methods { load(*tab, 8, 8) } else { *tab };
        let is = Expr::Binary {
            op: Op::Equal,
            a: Box::new(word),
            b: Box::new(Expr::Address(types + offset)),
            signed: false,
        };
        let object = Expr::Choose(Box::new(is), data, Box::new(Expr::Int(0)));
        let label = format!("{}_value", l.label);
        let place = if is_pointer_shaped(&ty) {
            Place::Memory {
                base: object,
                object: None,
                offset: VALUE_ITSELF,
            }
        } else {
            Place::behind(object)
        };
        Typed::Go(Located { ty, id, place, label })
    }
}

/// An offset that says: the base *is* the value, it is not in memory.
pub(super) const VALUE_ITSELF: u64 = u64::MAX;

/// What marks the value of `type(x)`.
pub(super) const TYPE_OF: &str = "type name";

/// Go's rule for what lies in an interface's data word itself (`internal/abi.Type.IsDirectIface`).
fn is_pointer_shaped(ty: &GoType) -> bool {
    matches!(
        ty.kind,
        Kind::Pointer(_) | Kind::UnsafePointer | Kind::Map { .. } | Kind::Chan(_) | Kind::Func
    )
}

/// Size and sign of what is one number.
fn scalar(ty: &GoType) -> Option<(u64, bool)> {
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
pub(super) fn aggregate_name(ty: &GoType) -> Option<String> {
    match &ty.kind {
        Kind::String => Some("string".into()),
        Kind::Slice(_) => Some("slice".into()),
        Kind::Interface { methods } => Some(if *methods { "iface" } else { "eface" }.into()),
        Kind::Struct(_) => Some(ty.name.clone()),
        _ => None,
    }
}

pub(super) fn load(base: Expr, offset: u64, size: u64) -> Expr {
    Expr::Load(Box::new(crate::plan::Load {
        base,
        object: None,
        offset,
        size,
        signed: false,
    }))
}

fn narrow(e: Expr, size: u64, signed: bool) -> Expr {
    if size < 8 {
        Expr::Narrow {
            of: Box::new(e),
            size,
            signed,
        }
    } else {
        e
    }
}

fn choose_nonzero(test: Expr, then: Expr) -> Expr {
    let is = Expr::Binary {
        op: Op::NotEqual,
        a: Box::new(test),
        b: Box::new(Expr::Int(0)),
        signed: false,
    };
    Expr::Choose(Box::new(is), Box::new(then), Box::new(Expr::Int(0)))
}

pub(super) fn less(a: Expr, b: Expr) -> Expr {
    Expr::Binary {
        op: Op::Less,
        a: Box::new(a),
        b: Box::new(b),
        signed: false,
    }
}

pub(super) fn element_address(data: Expr, at: &Expr, size: u64) -> Expr {
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

/// True if an unsigned number is narrower than 64 bits.
fn fits_signed(e: &Expr) -> bool {
    match e {
        Expr::Narrow { .. }
        | Expr::Elapsed
        | Expr::Goroutine
        | Expr::Parent
        | Expr::Process
        | Expr::Thread
        | Expr::Cpu => true,
        Expr::Load(l) => l.size < 8,
        _ => false,
    }
}

/// Why an argument or result cannot be read, and what to do.
pub(super) fn unreadable(what: &str, name: &str, reason: &Unreadable) -> Diagnostic {
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
