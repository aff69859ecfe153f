//! `x.Field`: through pointers and embedded structs, as in Go.

use super::{Outcome, Scope, aggregate_name, fail};
use crate::analyze::located::{Located, Place};
use crate::analyze::value::{Typed, article};
use crate::diagnostic::{Code, Diagnostic, near};
use crate::gotype::{GoType, Kind};
use crate::source::Span;
use crate::syntax::ast::{self};

/// How many structs deep an embedded field is looked for, and in how many on each level.
const DEEPEST: usize = 6;
const WIDEST: usize = 64;

impl Scope<'_> {
    /// Follows pointers until something else.
    pub(in crate::analyze) fn follow(&self, mut l: Located, span: Span) -> Outcome<Located> {
        for _ in 0..8 {
            let Kind::Pointer(to) = l.ty.kind else {
                return Ok(l);
            };
            let pointer = self.word(&l.place, 0, 8, false, &l.label, span)?;
            l = Located {
                ty: self.program.type_of(to)?,
                id: to,
                place: Place::behind(pointer),
                label: l.label,
            };
        }
        Ok(l)
    }

    pub(in crate::analyze) fn field(&self, base: Typed, field: &ast::Name) -> Outcome<Typed> {
        let l = match base {
            Typed::Go(l) => l,
            other => {
                let what = self.describe(&other);
                return fail(
                    Diagnostic::error(Code::NO_FIELD, format!("{what} has no fields"))
                        .at(field.span, format!("no field `{}`", field.node)),
                );
            }
        };
        let l = self.follow(l, field.span)?;
        if matches!(l.ty.kind, Kind::Interface { .. }) {
            let name = l.ty.name.clone();
            return fail(
                Diagnostic::error(
                    Code::NO_FIELD,
                    format!(
                        "`{}` is an interface ({}): its fields depend on what is in it",
                        l.label.split_once('_').map_or("it", |(_, n)| n),
                        article(&name)
                    ),
                )
                .at(field.span, format!("no field `{}`", field.node))
                .help(format!(
                    "say which type to expect, as in `.(*pkg.T).{}`",
                    field.node
                )),
            );
        }
        match self.find_field(&l, &field.node) {
            Some(path) => {
                let mut at = l;
                for step in path {
                    let inner = self.follow(at, field.span)?;
                    let ty = self.program.type_of(step.ty)?;
                    let aggregate = aggregate_name(&ty);
                    let place = inner.place.field(
                        &inner.ty.name,
                        &step.name,
                        step.offset,
                        ty.size,
                        aggregate.as_deref(),
                    );
                    let label = format!("{}_{}", inner.label, step.name);
                    at = Located {
                        ty,
                        id: step.ty,
                        place,
                        label,
                    };
                }
                Ok(Typed::Go(at))
            }
            None => fail(self.no_field(&l, field)),
        }
    }

    /// The way to a field: through embedded structs, the shallowest first, as in Go.
    pub(in crate::analyze) fn find_field(
        &self,
        l: &Located,
        name: &str,
    ) -> Option<Vec<crate::gotype::Field>> {
        self.reach(&l.ty, &mut |path| path.last().is_some_and(|f| f.name == name))
    }

    /// The names of fields that are reached through embedded structs, those nearest first.
    fn promoted(&self, l: &Located) -> Vec<String> {
        let mut names = Vec::new();
        self.reach(&l.ty, &mut |path| {
            if let [_, .., field] = path {
                names.push(field.name.clone());
            }
            false
        });
        names
    }

    /// The way to the first field that `is_it`, of those of a struct and those of the structs embedded in it.
    fn reach(
        &self,
        ty: &GoType,
        is_it: &mut dyn FnMut(&[crate::gotype::Field]) -> bool,
    ) -> Option<Vec<crate::gotype::Field>> {
        let mut level: Vec<(GoType, Vec<crate::gotype::Field>)> = vec![(ty.clone(), Vec::new())];
        for _ in 0..DEEPEST {
            let mut next = Vec::new();
            for (ty, path) in &level {
                let Kind::Struct(fields) = &ty.kind else { continue };
                for f in fields {
                    let mut path = path.clone();
                    path.push(f.clone());
                    if is_it(&path) {
                        return Some(path);
                    }
                    if f.embedded
                        && next.len() < WIDEST
                        && let Some(inner) = self.embedded(f)
                    {
                        next.push((inner, path));
                    }
                }
            }
            level = next;
        }
        None
    }

    /// The struct that an embedded field is, or points to.
    fn embedded(&self, field: &crate::gotype::Field) -> Option<GoType> {
        let ty = self.program.type_of(field.ty).ok()?;
        match ty.kind {
            Kind::Pointer(to) => self.program.type_of(to).ok(),
            _ => Some(ty),
        }
    }

    pub(in crate::analyze) fn no_field(&self, l: &Located, field: &ast::Name) -> Diagnostic {
        let name = &l.ty.name;
        let Kind::Struct(fields) = &l.ty.kind else {
            return Diagnostic::error(Code::NO_FIELD, format!("{} has no fields", article(name)))
                .at(field.span, format!("no field `{}`", field.node));
        };
        let mut problem = Diagnostic::error(Code::NO_FIELD, format!("{name} has no field `{}`", field.node))
            .at(field.span, "no such field");
        let promoted = self.promoted(l);
        let all = || {
            fields
                .iter()
                .map(|f| f.name.as_str())
                .chain(promoted.iter().map(String::as_str))
        };
        if let Some(word) = near::words(&field.node, all()) {
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
}
