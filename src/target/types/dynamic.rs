//! The types that an interface may hold, by name: all that the program has a descriptor of.
//!
//! No table lists them all: `runtime.moduledata.typelinks` has those without a name (until Go 1.26), others are reached
//! from these and from itabs, and some are named by code alone. But all of them are between `runtime.types` and
//! `etypes`, aligned to 8 bytes, and other data there does not look like a descriptor.

use crate::goname::types;
use crate::gotype::TypeRef;
use crate::target::tables::descriptors::Descriptors;
use crate::target::{Target, Types as _};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A type that the program may put into interfaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DynamicType {
    /// Link-time address of its descriptor.
    pub descriptor: u64,
    /// As Go prints it, packages by their name.
    pub printed: String,
    /// With full import paths.
    pub name: String,
    /// An interface's data word is the value itself.
    pub direct: bool,
    /// It is an interface, which is never what an interface holds.
    pub interface: bool,
}

/// Descriptors by hash of a name's [`types::key`], sorted.
#[derive(Debug, Default)]
pub(crate) struct DynamicIndex {
    by_name: Vec<(u64, u64)>,
    all: Vec<u64>,
}

/// More than a program can sensibly have.
const MOST: usize = 1 << 20;

impl<'data> Target<'data> {
    pub(crate) fn descriptors(&self) -> Option<Descriptors<'_, 'data>> {
        Some(Descriptors {
            image: self.image(),
            module: self.lines.module()?,
            types: self.runtime_facts().ok()?.types?,
            minor: self.identity.go_minor,
        })
    }

    fn dynamic_index(&self) -> &DynamicIndex {
        self.dynamic.get_or_init(|| {
            let Some(descriptors) = self.descriptors() else {
                return DynamicIndex::default();
            };
            let all = all(&descriptors);
            let mut by_name = Vec::new();
            for at in &all {
                if let (Some(printed), Some(full)) = (descriptors.printed(*at), descriptors.full_name(*at)) {
                    by_name.extend(names_of(&printed, &full).map(|name| (hash(&name), *at)));
                }
            }
            by_name.sort_unstable();
            by_name.dedup();
            DynamicIndex { by_name, all }
        })
    }

    /// The types of this name, as Go prints it or with full import paths, however it is spelled.
    pub(crate) fn dynamic_named(&self, name: &str) -> Vec<DynamicType> {
        let index = self.dynamic_index();
        let wanted = hash(name);
        let key = types::key(name);
        let first = index.by_name.partition_point(|(other, _)| *other < wanted);
        let same = index.by_name.iter().skip(first).take_while(|(h, _)| *h == wanted);
        let found = same.filter_map(|(_, at)| self.dynamic_at(*at));
        found
            .filter(|ty| names_of(&ty.printed, &ty.name).any(|other| types::key(&other) == key))
            .collect()
    }

    fn dynamic_at(&self, descriptor: u64) -> Option<DynamicType> {
        let descriptors = self.descriptors()?;
        Some(DynamicType {
            descriptor,
            printed: descriptors.printed(descriptor)?,
            name: descriptors.full_name(descriptor)?,
            direct: descriptors.is_direct(descriptor)?,
            interface: descriptors.kind(descriptor)? == 20,
        })
    }

    /// Descriptors and names of types with a name, and of pointers to them, that are not of Go's standard library: at
    /// most `most`, those of the main package first.
    pub(crate) fn own_dynamic_types(&self, most: usize) -> Vec<(u64, String)> {
        let Some(descriptors) = self.descriptors() else {
            return Vec::new();
        };
        let mut own: Vec<(bool, u64)> = Vec::new();
        for at in &self.dynamic_index().all {
            let pointee = match descriptors.kind(*at) {
                Some(20) | None => continue,
                Some(22) if !descriptors.is_named(*at) => descriptors.pointee(*at),
                _ => Some(*at),
            };
            let named = pointee.filter(|at| descriptors.is_named(*at));
            if let Some(name) = named.and_then(|at| descriptors.full_name(at))
                && types::is_of_a_module(&name)
            {
                own.push((!types::is_of_main(&name), *at));
            }
        }
        own.sort_unstable();
        own.truncate(most);
        own.into_iter()
            .filter_map(|(_, at)| Some((at, descriptors.printed(at)?)))
            .collect()
    }

    /// Every name, as Go prints it.
    pub(crate) fn all_dynamic_names(&self) -> Vec<String> {
        let Some(descriptors) = self.descriptors() else {
            return Vec::new();
        };
        let all = self.dynamic_index().all.iter();
        let mut names: Vec<String> = all
            .filter(|at| descriptors.kind(**at) != Some(20))
            .filter_map(|at| descriptors.printed(*at))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The methods of the interface that a type lacks; empty if it has all of them, nothing if that cannot be said.
    pub(crate) fn lacks(&self, descriptor: u64, interface: TypeRef) -> Option<Vec<String>> {
        let descriptors = self.descriptors()?;
        let offset = self.type_of(interface).ok()?.descriptor?;
        let wanted = descriptors.wanted_methods(descriptors.types.checked_add(offset)?)?;
        let has = descriptors.methods(descriptor)?;
        let lacking = wanted.into_iter().filter(|method| {
            let same = |own: &&crate::target::tables::descriptors::Method| {
                own.name == method.name
                    && own
                        .function
                        .zip(method.function)
                        .is_none_or(|(own, wanted)| own == wanted)
            };
            !has.iter().any(|own| same(&own))
        });
        Some(lacking.map(|method| method.name).collect())
    }
}

/// Every descriptor, in order of address.
fn all(descriptors: &Descriptors<'_, '_>) -> Vec<u64> {
    let found = || {
        let start = descriptors.module.types?.checked_next_multiple_of(8)?;
        let end = descriptors.module.types_end?;
        let room = descriptors.image.bytes_from(start)?.len() as u64;
        let end = end.min(start.checked_add(room)?);
        let addresses = (start..end).step_by(8);
        Some(
            addresses
                .filter(|at| descriptors.is_one(*at))
                .take(MOST)
                .collect(),
        )
    };
    found().unwrap_or_default()
}

/// All names of a type.
fn names_of(printed: &str, full: &str) -> impl Iterator<Item = String> {
    let short = types::short(full);
    let open = [printed, full, &short].map(types::of_any_arguments);
    [printed.to_owned(), full.to_owned(), short]
        .into_iter()
        .chain(open.into_iter().flatten())
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    types::key(name).hash(&mut hasher);
    hasher.finish()
}
