//! The fields of a type, by their names.

use crate::gotype::{GoType, Kind};
use crate::plan::NumberAt;
use crate::target::Program;

/// The fields of a type; of a pointer, those of what it points at. One of a field's fields is named with a dot between
/// them. A value that has no fields is named by nothing.
pub(in crate::analyze) struct Fields<'a> {
    program: &'a dyn Program,
    ty: GoType,
}

impl<'a> Fields<'a> {
    /// Those of a type.
    pub(in crate::analyze) fn of(program: &'a dyn Program, ty: GoType) -> Option<Self> {
        let ty = match ty.kind {
            Kind::Pointer(to) => program.type_of(to).ok()?,
            _ => ty,
        };
        Some(Self { program, ty })
    }

    fn find(&self, name: &str) -> Option<(u64, GoType)> {
        let mut found = (0, self.ty.clone());
        for part in name.split('.').filter(|part| !part.is_empty()) {
            let Kind::Struct(fields) = &found.1.kind else {
                return None;
            };
            let field = fields.iter().find(|field| field.name == part)?;
            found = (found.0 + field.offset, self.program.type_of(field.ty).ok()?);
        }
        (name.is_empty() != matches!(self.ty.kind, Kind::Struct(_))).then_some(found)
    }

    /// The offset of a field.
    pub(in crate::analyze) fn at(&self, name: &str) -> Option<u64> {
        self.find(name).map(|(at, _)| at)
    }

    /// A field that is a number.
    pub(super) fn number(&self, name: &str) -> Option<NumberAt> {
        let (at, ty) = self.find(name)?;
        let is_number = matches!(ty.kind, Kind::Bool | Kind::Int | Kind::Uint | Kind::Uintptr);
        is_number.then_some(NumberAt {
            at,
            size: ty.size,
            signed: ty.kind == Kind::Int,
        })
    }

    /// The first bytes of a field, as many as a word has.
    pub(super) fn first_bytes(&self, name: &str) -> Option<NumberAt> {
        let (at, ty) = self.find(name)?;
        Some(NumberAt {
            at,
            size: ty.size.min(8),
            signed: false,
        })
    }

    /// Where the address of a descriptor is, of a field that holds a type.
    pub(super) fn ty(&self, name: &str) -> Option<u64> {
        let (at, ty) = self.find(name)?;
        match ty.kind {
            // `reflect.Type` holds a `*reflect.rtype`, which is a descriptor's address.
            Kind::Interface { methods: true } => Some(at + 8),
            Kind::Pointer(_) => Some(at),
            _ => None,
        }
    }

    /// The offset of a field that is a pointer, and the fields behind it.
    pub(super) fn behind(&self, name: &str) -> Option<(u64, Self)> {
        let (at, ty) = self.find(name)?;
        let Kind::Pointer(_) = ty.kind else {
            return None;
        };
        Some((at, Self::of(self.program, ty)?))
    }

    /// The texts in a variable of the program, if it has that.
    pub(super) fn texts(&self, variable: &str, count: u64) -> Option<Vec<String>> {
        let texts = self.program.texts_of(variable, count);
        (!texts.is_empty()).then_some(texts)
    }
}
