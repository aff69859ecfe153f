//! Arguments, results and captured variables of closures: from names in the recipe to places.

use super::{Outcome, Scope, entry, fail, unreadable};
use crate::analyze::events::names_list;
use crate::analyze::located::{Located, Place};
use crate::analyze::value::Typed;
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::TypeRef;
use crate::plan::Expr;
use crate::plan::event::Question;
use crate::source::Span;
use crate::syntax::ast::Selector;
use crate::target::{Parameter, Signature};

impl Scope<'_> {
    pub(in crate::analyze) fn argument(&self, selector: &Selector, span: Span) -> Outcome<Typed> {
        let signature = self.signature(span)?;
        let found = match selector {
            Selector::Whole => match signature.parameters.as_slice() {
                [one] => Some(one.clone()),
                _ => {
                    let count = signature.parameters.len();
                    return fail(
                        Diagnostic::error(
                            Code::NO_ARGUMENT,
                            format!(
                                "`arg` alone is one argument, but `{}` has {count}",
                                self.function()
                            ),
                        )
                        .at(span, "which one?")
                        .note(signature.text.clone())
                        .help(if count == 0 {
                            "it has nothing that could be shown; `count` counts its calls".to_owned()
                        } else {
                            format!(
                                "say which: {}; `print arg` alone prints all",
                                self.listed("argument", signature)
                            )
                        }),
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
                self.no_parameter("argument", selector, span, signature)
            }
        }
    }

    /// A variable that a closure holds: at its offset in the closure object, which the context's register points at
    /// when the call begins.
    pub(in crate::analyze) fn captured(&self, name: &str, ty: TypeRef, offset: u64) -> Outcome<Typed> {
        let object = if self.event.answers(Question::Arguments) {
            Expr::Context
        } else {
            entry::kept(Expr::Context, "closure")
        };
        Ok(Typed::Go(Located {
            ty: self.program.type_of(ty)?,
            id: ty,
            place: Place::Memory {
                base: object,
                object: None,
                offset,
            },
            label: name.to_string(),
        }))
    }

    pub(in crate::analyze) fn result(&self, selector: &Selector, span: Span) -> Outcome<Typed> {
        if !self.event.answers(Question::Results) {
            return fail(
                Diagnostic::error(
                    Code::ONLY_AT_RETURN,
                    "results are known only when the call returns",
                )
                .at(span, "used where the call begins")
                .help("put it into `return { … }`"),
            );
        }
        let signature = self.signature(span)?;
        if !signature.results_known {
            return fail(
                Diagnostic::error(
                    Code::NOT_READABLE,
                    format!("the results of `{}` are not known", self.function()),
                )
                .at(span, "the debug information leaves them out")
                .note(
                    "Go 1.17 does not record the results of optimised functions, and later releases omit those of some \
                     functions that range over functions",
                )
                .help("build with a newer Go, or with -gcflags=-N"),
            );
        }
        let found = match selector {
            Selector::Whole => match signature.results.as_slice() {
                [one] => Some(one.clone()),
                [] => None,
                _ => {
                    return fail(
                        Diagnostic::error(
                            Code::NO_RESULT,
                            format!("`{}` has {} results", self.function(), signature.results.len()),
                        )
                        .at(span, "which one?")
                        .note(signature.text.clone())
                        .help(format!(
                            "say which: {}; `print ret` alone prints all",
                            self.listed("result", signature)
                        )),
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
            None => self.no_parameter("result", selector, span, signature),
        }
    }

    pub(in crate::analyze) fn no_parameter(
        &self,
        what: &str,
        selector: &Selector,
        span: Span,
        signature: &Signature,
    ) -> Outcome<Typed> {
        let list: Vec<&Parameter> = match what {
            "argument" => signature.receiver.iter().chain(&signature.parameters).collect(),
            _ => signature.results.iter().collect(),
        };
        let written = if what == "argument" { "arg" } else { "ret" };
        let code = if what == "argument" {
            Code::NO_ARGUMENT
        } else {
            Code::NO_RESULT
        };
        let function = self.function().to_owned();
        let numbered = match what {
            "argument" => signature.parameters.len(),
            _ => signature.results.len(),
        };
        // For a number that is too high, the message says how many there are.
        let count = match numbered {
            0 => format!("`{function}` has no {what}s"),
            1 => format!("`{function}` has one {what}"),
            n => format!("`{function}` has {n} {what}s"),
        };
        let message = match (selector, numbered) {
            (Selector::Index(i), 1..) => {
                format!("{count}, numbered from 0; there is no `{written} {}`", i.node)
            }
            (Selector::Named(name), 1..) => format!("`{function}` has no {what} `{}`", name.node),
            (Selector::Named(name), 0) => format!("{count}, so there is no `{}`", name.node),
            _ => count,
        };
        let mut problem = Diagnostic::error(code, message)
            .at(span, format!("no such {what}"))
            .note(format!("its signature is {}", signature.text));
        if let Selector::Named(name) = selector
            && let Some(word) = near::words(&name.node, list.iter().map(|p| p.name.as_str()))
        {
            problem = problem.help(format!("did you mean `{written} {word}`?"));
        } else if !list.is_empty() {
            problem = problem.help(format!("it has {}", self.listed(what, signature)));
        } else if what == "argument" && !signature.results.is_empty() {
            problem = problem.help(format!(
                "it has {}, when it returns",
                self.listed("result", signature)
            ));
        }
        fail(problem)
    }

    /// The possible selectors with their types: `ret 0` (int) and `ret err` (error).
    fn listed(&self, what: &str, signature: &Signature) -> String {
        let typed = |written: String, parameter: &Parameter| match self.program.type_of(parameter.ty) {
            Ok(ty) => format!("`{written}` ({})", ty.name),
            Err(_) => format!("`{written}`"),
        };
        let by_name = |word: &str, (position, parameter): (usize, &Parameter)| {
            // Go's compiler gives results without names such as `~r0`, and a `_` cannot be asked for.
            let named = !parameter.name.starts_with('~') && !matches!(parameter.name.as_str(), "" | "_");
            let name = if named {
                parameter.name.clone()
            } else {
                position.to_string()
            };
            typed(format!("{word} {name}"), parameter)
        };
        let list: Vec<String> = match what {
            "argument" => {
                let receiver = signature
                    .receiver
                    .iter()
                    .map(|receiver| typed("recv".to_owned(), receiver));
                let others = signature.parameters.iter().enumerate();
                receiver.chain(others.map(|one| by_name("arg", one))).collect()
            }
            _ => signature
                .results
                .iter()
                .enumerate()
                .map(|one| by_name("ret", one))
                .collect(),
        };
        names_list(&list)
    }

    /// An argument or result.
    pub(in crate::analyze) fn parameter(
        &self,
        parameter: &Parameter,
        span: Span,
        result: bool,
    ) -> Outcome<Typed> {
        let what = if result { "result" } else { "argument" };
        let pieces = match &parameter.place {
            Ok(pieces) => pieces.clone(),
            Err(reason) => {
                let problem = unreadable(what, &parameter.name, reason).at(span, "cannot be read");
                return fail(problem);
            }
        };
        let label = match (result, parameter.name.trim_start_matches('~')) {
            (false, name) => format!("arg_{name}"),
            (true, name) => format!("ret_{name}"),
        };
        Ok(Typed::Go(Located {
            ty: self.program.type_of(parameter.ty)?,
            id: parameter.ty,
            place: Place::Pieces {
                pieces,
                at: 0,
                keep: !result && !self.event.answers(Question::Arguments),
            },
            label,
        }))
    }
}
