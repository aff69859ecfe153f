//! Single words: `let`s, `param`s, and built-in words about a call or the place where it runs.

use super::{Outcome, Scope, fail, not_constant};
use crate::analyze::value::Typed;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::plan::event::Question;
use crate::plan::{Expr, NumberKind, Value};
use crate::source::Span;
use crate::words::language::BUILT_INS;

impl Scope<'_> {
    pub(super) fn name(&self, name: &str, span: Span) -> Outcome<Typed> {
        if let Some(binding) = self.bindings.iter().rev().find(|b| b.name == name) {
            return self.bound(binding);
        }
        if let Some(param) = self.params.get(name) {
            return Ok(param.typed());
        }
        if self.called.is_none() && BUILT_INS.contains(&name) {
            return fail(not_constant(span));
        }
        let number = |e: Expr, what: &str| Typed::number(e, false, NumberKind::Plain, what);
        Ok(match name {
            "elapsed" if self.event.answers(Question::Elapsed) => {
                Typed::number(Expr::Elapsed, false, NumberKind::Duration, "duration")
            }
            "elapsed" => {
                return fail(
                    Diagnostic::error(
                        Code::ONLY_AT_RETURN,
                        "`elapsed` is known only when the call returns",
                    )
                    .at(span, "used where the call begins")
                    .help("put it into `return { … }`"),
                );
            }
            "goroutine" => number(Expr::Goroutine, "goroutine id"),
            "parent" => self.parent(span)?,
            "thread" => number(Expr::Thread, "thread id"),
            "process" => number(Expr::Process, "process id"),
            "cpu" => number(Expr::Cpu, "number"),
            "comm" => Typed::Value(Value::Comm, "string".into()),
            "func" => Typed::Literal(self.function().to_owned()),
            "caller" => Typed::Value(Value::Code(Box::new(self.return_address())), "function".into()),
            "stack" => Typed::Value(Value::Stack(None), "stack".into()),
            "recv" => self.receiver(span)?,
            _ => return fail(self.unknown(name, span)),
        })
    }

    /// The goroutine that started this one.
    fn parent(&self, span: Span) -> Outcome<Typed> {
        if self.program.runtime()?.g_parent_goid.is_some() {
            return Ok(Typed::number(
                Expr::Parent,
                false,
                NumberKind::Plain,
                "goroutine id",
            ));
        }
        let release = &self.program.identity().go_version;
        fail(
            Diagnostic::error(
                Code::NOT_READABLE,
                "this program's Go does not record which goroutine started another",
            )
            .at(span, format!("built by {release}; recorded since Go 1.21")),
        )
    }

    fn receiver(&self, span: Span) -> Outcome<Typed> {
        match &self.signature(span)?.receiver {
            Some(receiver) => self.parameter(receiver, span, false),
            None => fail(
                Diagnostic::error(
                    Code::NO_ARGUMENT,
                    format!("`{}` is not a method, so it has no receiver", self.function()),
                )
                .at(span, "no receiver"),
            ),
        }
    }

    fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let problem = Diagnostic::error(Code::UNKNOWN_NAME, format!("there is no `{name}` here"))
            .at(span, "not a `let`, `param` or built-in word");
        let signature = self.called.and_then(|called| called.signature(self.program).ok());
        let is_argument = signature.is_some_and(|signature| {
            let mut parameters = signature.parameters.iter().chain(&signature.receiver);
            parameters.any(|parameter| parameter.name == name)
        });
        if is_argument {
            return problem.help(format!("an argument is written `arg {name}`"));
        }
        let bound = self.bindings.iter().map(|binding| binding.name.as_str());
        let given = self.params.keys().map(String::as_str);
        match near::words(name, BUILT_INS.iter().copied().chain(bound).chain(given)) {
            Some(word) => problem.help(format!("did you mean `{word}`?")),
            None if name.starts_with(char::is_uppercase) => problem
                .help("constants of the program are written as their values: a number, or a text in quotes"),
            None => problem,
        }
    }
}
