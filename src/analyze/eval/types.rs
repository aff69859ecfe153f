//! Dynamic types of interfaces: `x.(T)` and `type(x) == "T"`.

use super::{Outcome, Scope, fail, load};
use crate::analyze::located::{Located, Place};
use crate::analyze::value::{Typed, article};
use crate::diagnostic::{Code, Diagnostic, Problems, near};
use crate::goname::types;
use crate::gotype::{Kind, TypeRef};
use crate::plan::{Expr, Op, Value};
use crate::source::Span;
use crate::syntax::ast::{self};
use crate::target::DynamicType;
use std::collections::BTreeSet;

/// How many names a message suggests for one that was not found.
const MOST_NAMES: usize = 4;

impl Scope<'_> {
    /// True if an interface's dynamic type has this name: as Go prints it (`*fs.PathError`), or with its full import
    /// path.
    pub(in crate::analyze) fn type_is(&self, interface: &Value, name: &str, span: Span) -> Outcome<Expr> {
        let Value::Interface { tab, methods, ty, .. } = interface else {
            return Err(Problems::default());
        };
        let tab = (**tab).clone();
        if name == "nil" {
            return Ok(equal(tab, Expr::Int(0)));
        }
        let descriptors: BTreeSet<u64> = self
            .possible_types(*ty, *methods, name, span)?
            .iter()
            .map(|found| found.descriptor)
            .collect();
        let itabs = if *methods {
            self.program.itabs(*ty)
        } else {
            Vec::new()
        };
        let by_itab = itabs
            .iter()
            .filter(|itab| descriptors.contains(&itab.descriptor))
            .map(|itab| equal(tab.clone(), Expr::Address(itab.address)));
        // An itab that the program made while it ran is not in the file.
        let word = if *methods {
            load(tab.clone(), 8, 8)
        } else {
            tab.clone()
        };
        let by_type = descriptors
            .iter()
            .map(|descriptor| equal(word.clone(), Expr::Address(*descriptor)));
        let any = by_itab.chain(by_type).reduce(|a, b| Expr::op(Op::Either, a, b));
        any.ok_or_else(Problems::default)
    }

    /// The types named `name` that an interface of type `interface` may hold. If there are none, that is reported.
    fn possible_types(
        &self,
        interface: TypeRef,
        methods: bool,
        name: &str,
        span: Span,
    ) -> Outcome<Vec<DynamicType>> {
        let named = self.program.dynamic_types(name);
        if named.is_empty() {
            return fail(self.no_such_type(interface, methods, name, span));
        }
        let (interfaces, concrete): (Vec<_>, Vec<_>) = named.into_iter().partition(|ty| ty.interface);
        if concrete.is_empty() {
            let what = interfaces.first().map_or(name, |ty| ty.printed.as_str());
            return fail(
                Diagnostic::error(
                    Code::INTERFACE_TYPE,
                    format!("`{what}` is an interface, which is never what an interface holds"),
                )
                .at(span, "an interface")
                .help("name a type that has its methods, as `print type(x)` shows it"),
            );
        }
        let lacking = |ty: &DynamicType| {
            let lacking = methods
                .then(|| self.program.lacking_methods(ty.descriptor, interface))
                .flatten();
            lacking.unwrap_or_default()
        };
        let possible: Vec<_> = concrete
            .iter()
            .filter(|ty| lacking(ty).is_empty())
            .cloned()
            .collect();
        if possible.is_empty() {
            return fail(self.impossible_type(interface, name, &concrete, span));
        }
        Ok(possible)
    }

    /// The problem that all types of this name lack methods of the interface.
    fn impossible_type(
        &self,
        interface: TypeRef,
        name: &str,
        concrete: &[DynamicType],
        span: Span,
    ) -> Diagnostic {
        let holder = self
            .program
            .type_of(interface)
            .map_or_else(|_| "interface".into(), |ty| ty.name);
        let missing: Vec<String> = concrete
            .first()
            .and_then(|ty| self.program.lacking_methods(ty.descriptor, interface))
            .unwrap_or_default()
            .iter()
            .take(MOST_NAMES)
            .map(|method| format!("`{method}`"))
            .collect();
        let missing = crate::analyze::events::names_list(&missing);
        let problem = Diagnostic::error(
            Code::IMPOSSIBLE_TYPE,
            format!(
                "`{name}` is never in {}: it does not have that interface's {missing}",
                article(&holder)
            ),
        )
        .at(span, "impossible");
        let other = types::pointer_or_value(name);
        let fits = |ty: &DynamicType| {
            self.program
                .lacking_methods(ty.descriptor, interface)
                .is_some_and(|lacking| lacking.is_empty())
        };
        if self.program.dynamic_types(&other).iter().any(fits) {
            return problem.help(format!("did you mean `{other}`? It does"));
        }
        let mut held: Vec<String> = self
            .program
            .itabs(interface)
            .into_iter()
            .map(|itab| itab.name)
            .collect();
        held.sort();
        held.dedup();
        match held.as_slice() {
            [] => problem,
            held => problem.help(format!("the program puts these into it: {}", several(held))),
        }
    }

    /// The problem that no type that an interface may hold is named `name`.
    fn no_such_type(&self, interface: TypeRef, methods: bool, name: &str, span: Span) -> Diagnostic {
        if matches!(self.program.type_named(name), Ok(Some(_))) {
            return Diagnostic::error(
                Code::NO_TYPE,
                format!(
                    "no interface of this program holds a `{name}`: nothing ever puts one into an interface"
                ),
            )
            .at(span, "a type without a descriptor");
        }
        let problem = Diagnostic::error(Code::NO_TYPE, format!("the program has no type `{name}`"))
            .at(span, "no such type");
        let close = self.near_types(interface, methods, name);
        match close.as_slice() {
            [] => problem.help(
                "write it as Go prints it (`*fs.PathError`), or with its full import path \
                (`*io/fs.PathError`)",
            ),
            [one] => problem.help(format!("did you mean `{one}`?")),
            many => problem.help(format!("did you mean one of {}?", several(many))),
        }
    }

    /// Names like `name` of types that the interface can hold: those of another package, or of a pointer, before those
    /// that are misspelt.
    fn near_types(&self, interface: TypeRef, methods: bool, name: &str) -> Vec<String> {
        let holds = |other: &str| {
            let lacks = |ty: &DynamicType| self.program.lacking_methods(ty.descriptor, interface);
            let fits = |ty: &DynamicType| !methods || lacks(ty).is_none_or(|lacking| lacking.is_empty());
            self.program.dynamic_types(other).iter().any(fits)
        };
        let names = self.program.dynamic_names();
        let last = types::last_word(name);
        let same = |other: &&String| types::last_word(other).eq_ignore_ascii_case(last);
        let mut same: Vec<String> = names
            .iter()
            .filter(same)
            .map(|other| types::of_any_arguments(other).unwrap_or_else(|| other.clone()))
            .collect();
        let made = |name: &str| name.len() - name.trim_start_matches(['*', '[', ']']).len();
        same.sort_by_key(|other| (made(other).abs_diff(made(name)), other.len(), other.clone()));
        same.dedup();
        let mut close: Vec<String> = same
            .into_iter()
            .filter(|other| holds(other))
            .take(MOST_NAMES)
            .collect();
        if close.is_empty() {
            let near = near::words(name, names.iter().map(String::as_str));
            close.extend(near.filter(|other| holds(other)).map(str::to_owned));
        }
        close
    }

    /// `x.(T)`: what is in the interface if it is a T, else nothing.
    pub(in crate::analyze) fn assert(&self, base: Typed, name: &ast::Name, span: Span) -> Outcome<Typed> {
        let l = match base {
            Typed::Go(l) => l,
            other => {
                let what = self.describe(&other);
                return fail(
                    Diagnostic::error(Code::MISMATCHED_TYPES, format!("{what} is not an interface"))
                        .at(span, format!("this is {what}")),
                );
            }
        };
        let Kind::Interface { methods } = l.ty.kind else {
            let name = l.ty.name.clone();
            return fail(
                Diagnostic::error(
                    Code::MISMATCHED_TYPES,
                    format!("{} is not an interface", article(&name)),
                )
                .at(span, format!("this is {}", article(&name))),
            );
        };
        let mut possible = self.possible_types(l.id, methods, &name.node, name.span)?;
        let key = types::key(&name.node);
        if possible.iter().any(|ty| types::key(&ty.name) == key) {
            possible.retain(|ty| types::key(&ty.name) == key);
        }
        let [found] = possible.as_slice() else {
            let names: Vec<String> = possible.into_iter().map(|ty| ty.name).collect();
            return fail(
                Diagnostic::error(
                    Code::AMBIGUOUS_TYPE,
                    format!("`{}` is the name of several types", name.node),
                )
                .at(name.span, "which one?")
                .help(format!("write one of {}", several(&names))),
            );
        };
        let id = self.program.dynamic_type(found);
        let ty = self.program.type_of(id)?;
        let Value::Interface { tab, data, .. } = self.one_value(&l, span)? else {
            return Err(Problems::default());
        };
        let word = if methods { load(*tab, 8, 8) } else { *tab };
        let is = equal(word, Expr::Address(found.descriptor));
        let object = Expr::only_if(is, *data);
        let label = format!("{}_value", l.label);
        let place = if found.direct {
            Place::Words {
                words: vec![object],
                at: 0,
            }
        } else {
            Place::behind(object)
        };
        Ok(Typed::Go(Located { ty, id, place, label }))
    }
}

fn equal(a: Expr, b: Expr) -> Expr {
    Expr::op(Op::Equal, a, b)
}

/// Some names, and how many more there are.
fn several(names: &[String]) -> String {
    let mut shown: Vec<String> = names
        .iter()
        .take(MOST_NAMES)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > MOST_NAMES {
        shown.push(format!("{} more", names.len() - MOST_NAMES));
    }
    crate::analyze::events::names_list(&shown)
}
