//! Dynamic types of interfaces: `x.(T)` and `type(x) == "T"`.

use super::{Scope, VALUE_ITSELF, is_pointer_shaped, load};
use crate::analyze::located::{Located, Place};
use crate::analyze::value::{Typed, article};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::{GoType, Kind};
use crate::plan::{Expr, Op, Value};
use crate::source::Span;
use crate::syntax::ast::{self};
use std::collections::BTreeSet;

impl Scope<'_> {
    /// An interface's dynamic type has this name: as Go prints it (`*fs.PathError`), or with its full import path.
    pub(in crate::analyze) fn type_is(&mut self, interface: &Value, name: &str, span: Span) -> Option<Expr> {
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

    /// `x.(T)`: what is in the interface if it is a T, else nothing.
    pub(in crate::analyze) fn assert(&mut self, base: Typed, name: &ast::Name, span: Span) -> Typed {
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
                Diagnostic::error(
                    Code::MISMATCHED_TYPES,
                    format!("{} is not an interface", article(&name)),
                )
                .at(span, format!("this is {}", article(&name))),
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
