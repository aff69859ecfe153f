//! The parts of a program that a script relies on, so that another build is recognised even if build ids are equal or
//! missing.

use crate::goname::types;
use crate::gotype::{GoType, Kind, TypeRef};
use crate::target::{FunctionId, Functions as _, Program as _, RuntimeFacts as _, Target, Types as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Bytes of a type descriptor, or itab, that are compared: the type's size and hash are among them
/// (`internal/abi.Type`, `abi.ITab`).
const DESCRIPTOR: u64 = 24;

/// What a script relies on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Hashes of the code of each traced function, by its link-time address.
    pub code: BTreeMap<u64, String>,
    /// The types whose layout was looked at.
    pub types: Vec<Layout>,
    /// Hash of the facts of the run time.
    pub runtime: Option<String>,
    /// Link-time addresses of type descriptors and itabs that the script names.
    pub descriptors: Vec<u64>,
    /// Hash of what is there.
    pub descriptors_hash: String,
}

/// A type's layout.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The type's name, with full import paths.
    pub name: String,
    /// Where it is described ([`TypeRef`]).
    pub at: u64,
    /// Hash of its size and shape; of a struct, also of its fields' names, offsets and types.
    pub hash: String,
    /// Where the fields of a struct are, by name, in bytes from its beginning; of the first so many.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, u64>,
}

/// Fields of a struct whose places are told.
const MOST_FIELDS: usize = 64;

/// A short hash of some bytes: 16 hexadecimal digits of BLAKE3.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(16).collect()
}

impl Fingerprint {
    /// One hash for all of it, short enough to read.
    #[must_use]
    pub fn short(&self) -> String {
        let mut text = format!("{:?} {:?} {:?}", self.code, self.runtime, self.descriptors_hash);
        for layout in &self.types {
            let _ = write!(text, " {} {}", layout.name, layout.hash);
        }
        hash(text.as_bytes())
    }
}

impl Target<'_> {
    /// The fingerprint of everything that the answers so far rely on, with the code of `functions` and these type
    /// descriptors and itabs.
    #[must_use]
    pub fn relied_on(&self, functions: &[u64], descriptors: Vec<u64>, needs_runtime: bool) -> Fingerprint {
        let code = functions
            .iter()
            .filter_map(|&address| Some((address, self.code_hash(self.function_containing(address)?)?)))
            .collect();
        let mut types: Vec<_> = self
            .types_asked_for()
            .into_iter()
            .filter_map(|ty| self.layout(ty))
            .collect();
        types.sort_by(|a, b| (&a.name, &a.hash, a.at).cmp(&(&b.name, &b.hash, b.at)));
        types.dedup_by(|a, b| a.name == b.name && a.hash == b.hash);
        Fingerprint {
            code,
            types,
            runtime: self.runtime_hash().filter(|_| needs_runtime),
            descriptors_hash: self.descriptors_hash(&descriptors),
            descriptors,
        }
    }

    /// The differences in this program, in words.
    #[must_use]
    pub fn differences(&self, from: &Fingerprint) -> Vec<String> {
        let mut out = Vec::new();
        for (address, expected) in &from.code {
            let id = self
                .function_containing(*address)
                .filter(|id| self.function(*id).address == *address);
            match id {
                None => out.push(format!("no function begins at {address:#x} any more")),
                Some(id) if self.code_hash(id).as_ref() != Some(expected) => {
                    out.push(format!("the code of `{}` is different", self.function(id).name));
                }
                Some(_) => {}
            }
        }
        if self.identity().has_types {
            out.extend(
                from.types
                    .iter()
                    .filter(|l| !self.has_layout(l))
                    .map(|layout| self.layout_difference(layout)),
            );
        } else if !from.types.is_empty() {
            out.push("its types cannot be compared: it has no debug information any more".to_owned());
        }
        if from.runtime.is_some() && self.runtime_hash() != from.runtime {
            out.push("the structures of Go's run time have another layout".to_owned());
        }
        if self.descriptors_hash(&from.descriptors) != from.descriptors_hash {
            out.push("the types that interfaces hold are described elsewhere".to_owned());
        }
        out
    }

    fn code_hash(&self, id: FunctionId) -> Option<String> {
        let function = self.function(id);
        Some(hash(self.elf.code(function.address, function.size)?))
    }

    fn runtime_hash(&self) -> Option<String> {
        let runtime = self.runtime().ok()?;
        // A script does not rely on what only a run's records read.
        let of_records = format!(" g_sched: {:?},", runtime.g_sched);
        Some(hash(format!("{runtime:?}").replace(&of_records, "").as_bytes()))
    }

    fn descriptors_hash(&self, descriptors: &[u64]) -> String {
        let mut all = Vec::new();
        for address in descriptors {
            // The first 16 bytes of an itab are addresses, which the loader of a position-independent program fills in.
            all.extend_from_slice(self.elf.bytes(*address, DESCRIPTOR).unwrap_or_default());
        }
        hash(&all)
    }

    /// The layout of a type that may change from build to build: a struct, or a named type.
    fn layout(&self, at: TypeRef) -> Option<Layout> {
        let ty = self.type_of(at).ok()?;
        (types::is_named(&ty.name) || matches!(ty.kind, Kind::Struct(_))).then(|| Layout {
            at: at.0,
            hash: self.shape_hash(&ty),
            fields: fields(&ty),
            name: ty.name,
        })
    }

    fn shape_hash(&self, ty: &GoType) -> String {
        let mut text = format!("{} ", ty.size);
        match &ty.kind {
            Kind::Struct(fields) => {
                for field in fields {
                    let name = self.type_of(field.ty).map(|ty| ty.name).unwrap_or_default();
                    let _ = write!(text, "{} {} {} {name};", field.name, field.offset, field.embedded);
                }
            }
            // A reference is a place in one file's debug information.
            Kind::Pointer(_) => text.push('*'),
            Kind::Slice(_) => text.push_str("[]"),
            Kind::Array(_, length) => {
                let _ = write!(text, "[{length}]");
            }
            Kind::Map { .. } => text.push_str("map"),
            Kind::Chan(_) => text.push_str("chan"),
            other => {
                let _ = write!(text, "{other:?}");
            }
        }
        hash(text.as_bytes())
    }

    /// How a type differs from what it was.
    fn layout_difference(&self, was: &Layout) -> String {
        let name = &was.name;
        let Some(now) = self
            .type_named(name)
            .ok()
            .flatten()
            .and_then(|at| self.type_of(at).ok())
        else {
            return format!("there is no type `{name}` any more");
        };
        let now = fields(&now);
        let moved = was.fields.iter().find(|(field, at)| now.get(*field) != Some(at));
        match moved.map(|(field, at)| (field, at, now.get(field))) {
            Some((field, was, Some(is))) => format!("`{name}.{field}` was at {was}, is at {is}"),
            Some((field, was, None)) => format!("`{name}.{field}` was at {was}, and is gone"),
            None => format!("the type `{name}` has another layout"),
        }
    }

    /// Whether a type of this name has this layout.
    fn has_layout(&self, layout: &Layout) -> bool {
        let same = |at: TypeRef| {
            self.type_of(at)
                .is_ok_and(|ty| ty.name == layout.name && self.shape_hash(&ty) == layout.hash)
        };
        same(TypeRef(layout.at)) || self.type_named(&layout.name).ok().flatten().is_some_and(same)
    }
}

/// Where the first fields of a struct are.
fn fields(ty: &GoType) -> BTreeMap<String, u64> {
    match &ty.kind {
        Kind::Struct(fields) => fields
            .iter()
            .filter(|field| field.name != "_")
            .take(MOST_FIELDS)
            .map(|field| (field.name.clone(), field.offset))
            .collect(),
        _ => BTreeMap::new(),
    }
}
