//! What the compiler calls instantiations for a type.

use crate::gotype::{Kind, TypeRef};
use crate::target::{Shape, Target};

impl Target<'_> {
    /// What the compiler calls instantiations for the type `name`: by what the type is made of (`shapify` in
    /// `src/cmd/compile/internal/noder/reader.go`).
    pub(crate) fn shape_of(&self, name: &str) -> Option<Shape> {
        if !self.identity.has_types {
            return None;
        }
        let debug = self.debug_info().ok()?;
        let ty = debug.type_of(debug.type_named(name).ok()??).ok()?;
        let named = |ty: TypeRef| debug.type_of(ty).map(|ty| ty.name).ok();
        let bits = ty.size.saturating_mul(8);
        let sized = |kind: &str| {
            let mut names = vec![format!("{kind}{bits}")];
            if bits == 64 && kind != "float" {
                names.push(kind.to_owned());
            }
            names
        };
        Some(Shape::OneOf(match ty.kind {
            Kind::Bool => vec!["bool".to_owned()],
            Kind::Int => sized("int"),
            Kind::Uint => sized("uint"),
            Kind::Uintptr => vec!["uintptr".to_owned()],
            Kind::Float => sized("float"),
            Kind::Complex => vec![format!("complex{bits}")],
            Kind::String => vec!["string".to_owned()],
            Kind::UnsafePointer => vec!["unsafe.Pointer".to_owned()],
            Kind::Pointer(to) => vec!["*uint8".to_owned(), format!("*{}", named(to)?)],
            Kind::Slice(of) => vec![format!("[]{}", named(of)?)],
            Kind::Array(of, length) => vec![format!("[{length}]{}", named(of)?)],
            Kind::Map { key, element } => vec![format!("map[{}]{}", named(key)?, named(element)?)],
            Kind::Chan(of) => {
                let of = named(of)?;
                vec![
                    format!("chan {of}"),
                    format!("<-chan {of}"),
                    format!("chan<- {of}"),
                ]
            }
            Kind::Struct(fields) => {
                let fields = fields.into_iter().map(|field| {
                    let name = if field.embedded { String::new() } else { field.name };
                    Some((name, named(field.ty)?))
                });
                return fields.collect::<Option<_>>().map(Shape::Struct);
            }
            Kind::Interface { .. } => return Some(Shape::Begins("interface {")),
            Kind::Func => return Some(Shape::Begins("func(")),
            Kind::Opaque(_) => return None,
        }))
    }
}
