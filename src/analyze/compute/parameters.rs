//! Arguments, results and what closures hold: from names in the recipe to places.

use super::{Moment, Scope, unreadable};
use crate::analyze::events::names_list;
use crate::analyze::located::{Located, Place};
use crate::analyze::value::Typed;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::TypeRef;
use crate::plan::Expr;
use crate::source::Span;
use crate::syntax::ast::Selector;
use crate::target::{Parameter, Signature};

impl Scope<'_> {
    pub(in crate::analyze) fn argument(&mut self, selector: &Selector, span: Span) -> Typed {
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
    pub(in crate::analyze) fn captured(&mut self, name: &str, ty: TypeRef, offset: u64) -> Typed {
        let object = match self.moment {
            Moment::Entry => Expr::Context,
            Moment::Return => self.keep(Expr::Context, "closure"),
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

    pub(in crate::analyze) fn result(&mut self, selector: &Selector, span: Span) -> Typed {
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
        if !signature.results_known {
            return self.error(
                Diagnostic::error(Code::NOT_READABLE, format!("the results of `{}` are not known", self.sketch.function.name))
                    .at(span, "the debug information leaves them out")
                    .note("Go 1.17 writes no results down for optimised code, and later releases none for some functions with loops over functions")
                    .help("build with a newer Go, or with -gcflags=-N"),
            );
        }
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

    pub(in crate::analyze) fn no_parameter(
        &mut self,
        what: &str,
        selector: &Selector,
        span: Span,
        signature: &Signature,
    ) -> Typed {
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
    pub(in crate::analyze) fn parameter(&mut self, parameter: &Parameter, span: Span, result: bool) -> Typed {
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
}
