//! The implementation of [`Program`] by [`Target`].

use crate::diagnostic::Diagnostic;
use crate::goname::escapes;
use crate::gotype::{GoType, TypeRef};
use crate::target::attach::{Numbers, Unwritable};
use crate::target::dwarf::Debug;
use crate::target::dwarf::Overview;
use crate::target::fingerprint::Fingerprint;
use crate::target::signature::room;
use crate::target::tables::itabs::{self, Itab};
use crate::target::{
    DynamicType, Found, Function, FunctionId, Functions, Identity, InlinedArguments, InlinedCall,
    InlinedCopy, Message, Needs, Pattern, Program, Runtime, RuntimeFacts, Shape, Signature, Sites, Target,
    ThreadLocal, Types, Wrapped,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

impl Target<'_> {
    /// All functions that `pattern` matches, by address, including those that only call another one of them.
    #[must_use]
    pub fn matching(&self, pattern: &Pattern) -> Vec<FunctionId> {
        let mut ids: Vec<_> = self
            .search(pattern, &|name| self.shape_of(name).unwrap_or(Shape::Unknown))
            .into_iter()
            .map(|(id, _)| id)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Every function's signature and how often each was inlined; none without debug information.
    ///
    /// # Errors
    /// E0250 when the debug information is damaged.
    pub fn overview(&self) -> Result<Option<Overview>, Diagnostic> {
        if !self.identity.has_types {
            return Ok(None);
        }
        self.debug_info()?
            .overview(&|address| self.argument_table(address))
            .map(Some)
    }
}

/// The size of `.debug_info` in the file up to which reading it takes a few milliseconds: that of a program of about 20
/// MB.
const CHEAP: usize = 2 << 20;

impl Program for Target<'_> {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn relied_on(&self, functions: &[u64], descriptors: Vec<u64>, needs_runtime: bool) -> Fingerprint {
        Target::relied_on(self, functions, descriptors, needs_runtime)
    }

    fn numbers(&self, addresses: &BTreeSet<u64>, places_first: bool) -> Result<Numbers, Unwritable> {
        self.symbol_sources().numbers(addresses, places_first)
    }
}

impl Functions for Target<'_> {
    fn functions(&self, pattern: &Pattern) -> Result<Found, Diagnostic> {
        Ok(self.find(pattern, &|name| self.shape_of(name).unwrap_or(Shape::Unknown)))
    }

    fn function(&self, id: FunctionId) -> Function {
        self.entry(id)
            .map_or_else(Function::default, |entry| self.describe(&entry))
    }

    fn wrapped(&self, id: FunctionId) -> Option<Wrapped> {
        self.wraps(id)
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        let (made, written): (Vec<_>, Vec<_>) = self
            .all()
            .filter_map(|id| self.entry(id))
            .map(|entry| (escapes::text(self.raw_name(&entry)), entry))
            .partition(|(_, entry)| self.is_made(entry));
        let texts = |named: Vec<(String, _)>| named.into_iter().map(|(name, _)| name).collect();
        (texts(written), texts(made))
    }

    fn sites(&self, function: FunctionId, needs: &Needs) -> Result<Sites, Diagnostic> {
        self.find_sites(function, needs)
    }

    fn has_goroutine(&self, function: FunctionId, sites: &[u64], place: ThreadLocal) -> bool {
        self.loads_goroutine(function, sites, place)
    }

    fn line_of(&self, address: u64) -> Option<(String, u32)> {
        let entry = self.lines.get(self.lines.find(address)?)?;
        let (file, line) = self.lines.line(&entry, address)?;
        Some((String::from_utf8_lossy(file).into_owned(), line))
    }

    fn signature(&self, function: FunctionId) -> Result<Signature, Diagnostic> {
        let debug = self.debug_info()?;
        let described = self.function(function);
        let mut signature = debug.signature(&described, self.identity.go_minor, &|address| {
            self.argument_table(address)
        })?;
        if let Some(listed) = self.lines.argument_room(function.0 as usize) {
            room::check(
                self.elf.processor(),
                &described,
                listed,
                &mut signature,
                &mut |ty| debug.type_of(ty),
            );
        }
        Ok(signature)
    }

    fn signatures_are_cheap(&self) -> bool {
        if self.debug_opened().is_some_and(Debug::is_at_hand) {
            return true;
        }
        let elf = self.debug_elf.as_ref().unwrap_or(&self.elf);
        let info = elf.section(".debug_info").or_else(|| elf.section(".zdebug_info"));
        info.is_some_and(|s| !s.data.is_empty() && s.data.len() <= CHEAP)
    }

    fn inlined(
        &self,
        matches: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        if self.has_inline_trees() || !self.identity.has_types {
            return Ok(self.inlined_by_tree(matches, limit));
        }
        self.debug_info()?.inlined(matches, limit)
    }

    fn inlined_of(
        &self,
        names: &HashSet<&str>,
        limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        let in_full = self.has_inline_trees() || !names.iter().any(|name| name.contains('['));
        if in_full || !self.identity.has_types {
            return Ok(self.inlined_of_by_tree(names, limit));
        }
        self.inlined(&|name| names.contains(name), limit)
    }

    fn copies(&self, names: &HashSet<&str>) -> Result<Vec<InlinedCopy>, Diagnostic> {
        self.copies_by_tree(names)
    }

    fn arguments_of_copy(&self, copy: &InlinedCopy) -> Result<InlinedArguments, Diagnostic> {
        self.copy_arguments(copy)
    }

    fn inlined_is_cheap(&self, names: &HashSet<&str>) -> bool {
        let in_full = self.has_inline_trees() || !names.iter().any(|name| name.contains('['));
        (in_full && self.lines.has_trees()) || self.signatures_are_cheap()
    }

    fn inlined_names(&self) -> Result<Vec<String>, Diagnostic> {
        if self.has_inline_trees() || !self.identity.has_types {
            return Ok(self.inlined_names_by_tree());
        }
        self.debug_info()?.inlined_names()
    }
}

impl Types for Target<'_> {
    fn type_of(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        self.type_at(ty)
    }

    fn type_named(&self, name: &str) -> Result<Option<TypeRef>, Diagnostic> {
        self.debug_info()?.type_named(name)
    }

    fn itabs(&self, interface: TypeRef) -> Vec<Itab> {
        let find = || {
            let descriptors = self.descriptors()?;
            let offset = self.type_of(interface).ok()?.descriptor?;
            let descriptor = descriptors.types.checked_add(offset)?;
            Some(itabs::of_interface(&descriptors, descriptor))
        };
        find().unwrap_or_default()
    }

    fn message(&self, itab: &Itab) -> Option<Vec<Message>> {
        self.message(itab)
    }

    fn message_of(&self, function: FunctionId, receiver: TypeRef) -> Option<Vec<Message>> {
        self.message_of(self.function(function).address, receiver)
    }

    fn dynamic_types(&self, name: &str) -> Vec<DynamicType> {
        self.dynamic_named(name)
    }

    fn dynamic_names(&self) -> Vec<String> {
        self.all_dynamic_names()
    }

    fn own_types(&self, most: usize) -> Vec<(u64, String)> {
        self.own_dynamic_types(most)
    }

    fn dynamic_type(&self, ty: &DynamicType) -> TypeRef {
        self.type_with(ty)
    }

    fn lacking_methods(&self, descriptor: u64, interface: TypeRef) -> Option<Vec<String>> {
        self.lacks(descriptor, interface)
    }
}

impl RuntimeFacts for Target<'_> {
    fn runtime(&self) -> Result<Runtime, Diagnostic> {
        self.runtime_facts()
    }

    fn errno_texts(&self) -> Vec<String> {
        self.texts_of("syscall.errors", self.elf.processor().errno_texts())
    }

    fn texts_of(&self, variable: &str, count: u64) -> Vec<String> {
        match self.symbol(variable) {
            Some(table) => itabs::strings(&self.image(), table, count),
            None => Vec::new(),
        }
    }

    fn symbol(&self, name: &str) -> Option<u64> {
        self.symbols
            .as_ref()?
            .named(name.as_bytes())
            .map(|symbol| symbol.address)
    }

    fn bound_by_loader(&self) -> BTreeMap<u64, u64> {
        self.elf.bound_by_loader().collect()
    }
}
