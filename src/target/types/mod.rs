//! Types from several sources, in one order of trust.
//!
//! 1. The debug information, which has every type with the names of its fields, where a program has it.
//! 2. The run time's descriptors of types, which every program has, for those types that a value of an interface may
//!    have.
//!
//! What a recipe declares itself is to come behind them: another [`Source`] and another kind of reference in
//! [`TypeRef`].

pub(crate) mod dynamic;
mod shape;

pub use dynamic::DynamicType;

use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::{GoType, TypeRef};
use crate::target::Target;
use crate::target::tables::descriptors::{by_descriptor, descriptor_of};

/// Where types are known from.
trait Source {
    /// The type, if `ty` is a reference of this source's.
    fn type_of(&self, ty: TypeRef) -> Option<Result<GoType, Diagnostic>>;

    /// How this source refers to the type with a descriptor, if it has that type.
    fn refer_to(&self, ty: &DynamicType) -> Option<TypeRef>;
}

/// The debug information. Its references are places in it.
struct Described<'t, 'data>(&'t Target<'data>);

impl Source for Described<'_, '_> {
    fn type_of(&self, ty: TypeRef) -> Option<Result<GoType, Diagnostic>> {
        match descriptor_of(ty) {
            Some(_) => None,
            None => Some(self.0.debug_info().and_then(|debug| debug.type_of(ty))),
        }
    }

    fn refer_to(&self, ty: &DynamicType) -> Option<TypeRef> {
        let id = self.0.debug_info().ok()?.type_named(&ty.name).ok()??;
        let types = self.0.runtime_facts().ok()?.types?;
        // Several types may have one name.
        let offset = self.0.type_at(id).ok()?.descriptor?;
        (types.checked_add(offset)? == ty.descriptor).then_some(id)
    }
}

/// The run time's descriptors. Its references are their addresses.
struct RunTime<'t, 'data>(&'t Target<'data>);

impl Source for RunTime<'_, '_> {
    fn type_of(&self, ty: TypeRef) -> Option<Result<GoType, Diagnostic>> {
        let at = descriptor_of(ty)?;
        let read = || self.0.descriptors()?.go_type(at);
        Some(read().ok_or_else(|| {
            Diagnostic::error(
                Code::FILE_DAMAGED,
                format!(
                    "the run time's description of a type in `{}` cannot be read",
                    self.0.identity.path
                ),
            )
        }))
    }

    fn refer_to(&self, ty: &DynamicType) -> Option<TypeRef> {
        Some(by_descriptor(ty.descriptor))
    }
}

impl Target<'_> {
    /// The first answer of a source, the most trusted asked first.
    fn first<T>(&self, ask: impl Fn(&dyn Source) -> Option<T>) -> Option<T> {
        let sources: [&dyn Source; 2] = [&Described(self), &RunTime(self)];
        sources.into_iter().find_map(ask)
    }

    /// The type that a reference means; remembered as one that what is compiled depends on.
    pub(crate) fn type_at(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        self.note_type(ty);
        self.first(|source| source.type_of(ty)).unwrap_or_else(|| {
            Err(Diagnostic::error(
                Code::FILE_DAMAGED,
                format!("`{}` has no type number {:#x}", self.identity.path, ty.0),
            ))
        })
    }

    /// A reference to the type with this descriptor.
    pub(crate) fn type_with(&self, ty: &DynamicType) -> TypeRef {
        self.first(|source| source.refer_to(ty))
            .unwrap_or_else(|| by_descriptor(ty.descriptor))
    }
}
