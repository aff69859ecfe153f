//! The programs that cases are compiled for.

use super::case::Case;
use crate::support::{cache, repository};
use gobt::diagnostic::Diagnostic;
use gobt::gotype::{GoType, Kind, TypeRef};
use gobt::target::attach::{Numbers, Unwritable};
use gobt::target::fingerprint::Fingerprint;
use gobt::target::{
    DynamicType, Found, Function, FunctionId, Functions, Identity, InlinedArguments, InlinedCall,
    InlinedCopy, Needs, Pattern, Program, Runtime, RuntimeFacts, Signature, Sites, ThreadLocal, Types,
    Wrapped, itabs,
};
use libtest_mimic::Failed;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

/// The program's file, without what the case takes out of it.
pub fn file(case: &Case) -> Result<PathBuf, Failed> {
    let original = repository().join(format!("examples/targets/{0}/{0}", case.target));
    if case.without.is_empty() {
        return Ok(original);
    }
    let place = cache().join("golden").join(case.without.join("-"));
    std::fs::create_dir_all(&place)?;
    let mut bytes = std::fs::read(original)?;
    for what in &case.without {
        match what.as_str() {
            "debug" => rename(&mut bytes, b".debug_", b".other_"),
            "buildinfo" => rename(&mut bytes, b"\xff Go buildinf:", b"\xff No buildinf:"),
            // Every load of R14 from the thread becomes one of R15.
            "goroutine" => rename(&mut bytes, b"\x64\x4c\x8b\x34\x25", b"\x64\x4c\x8b\x3c\x25"),
            "symbols" => forget_symbols(&mut bytes)?,
            other => return Err(format!("nothing is known to be called `{other}`").into()),
        }
    }
    // Trials run side by side, in several processes.
    let fresh = place.join(format!(
        "{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    let path = place.join(&case.target);
    std::fs::write(&fresh, bytes)?;
    // bpftrace only takes what may be executed.
    std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o755))?;
    std::fs::rename(&fresh, &path)?;
    Ok(path)
}

/// Renames sections.
fn rename(bytes: &mut [u8], from: &[u8], to: &[u8]) {
    let places: Vec<_> = memchr::memmem::find_iter(bytes, from).collect();
    for place in places {
        bytes[place..place + from.len()].copy_from_slice(to);
    }
}

/// Makes the section with the symbols one of no known type.
fn forget_symbols(bytes: &mut [u8]) -> Result<(), Failed> {
    const SYMBOLS: u32 = 2;
    let number = |bytes: &[u8], at: usize, size: usize| {
        let mut all = [0; 8];
        all[..size].copy_from_slice(&bytes[at..at + size]);
        u64::from_le_bytes(all)
    };
    let headers = usize::try_from(number(bytes, 0x28, 8))?;
    for index in 0..usize::try_from(number(bytes, 0x3c, 2))? {
        let kind = headers + index * 64 + 4;
        if number(bytes, kind, 4) == u64::from(SYMBOLS) {
            bytes[kind..kind + 4].copy_from_slice(&0x6fff_0000_u32.to_le_bytes());
        }
    }
    Ok(())
}

/// A program that is said to be at another path, and perhaps has something in all its names. Patterns still find
/// functions by their real names.
pub struct At<'p> {
    program: &'p dyn Program,
    identity: Identity,
    venom: &'p str,
}

impl<'p> At<'p> {
    /// `program` at `path`.
    pub fn new(program: &'p dyn Program, path: &str) -> Self {
        let identity = Identity {
            path: path.to_owned(),
            ..program.identity().clone()
        };
        Self {
            program,
            identity,
            venom: "",
        }
    }

    /// With `venom` behind every name.
    pub fn spoiled(mut self, venom: &'p str) -> Self {
        self.identity.go_version.push_str(venom);
        if let Some(id) = &mut self.identity.build_id {
            id.push_str(venom);
        }
        Self { venom, ..self }
    }

    fn spoil(&self, name: &str) -> String {
        format!("{name}{}", self.venom)
    }
}

impl Program for At<'_> {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn relied_on(&self, functions: &[u64], descriptors: Vec<u64>, needs_runtime: bool) -> Fingerprint {
        self.program.relied_on(functions, descriptors, needs_runtime)
    }

    fn numbers(&self, addresses: &BTreeSet<u64>, places_first: bool) -> Result<Numbers, Unwritable> {
        self.program.numbers(addresses, places_first)
    }
}

impl Functions for At<'_> {
    fn functions(&self, pattern: &Pattern) -> Result<Found, Diagnostic> {
        self.program.functions(pattern)
    }

    fn function(&self, id: FunctionId) -> Function {
        let real = self.program.function(id);
        Function {
            name: self.spoil(&real.name),
            ..real
        }
    }

    fn wrapped(&self, id: FunctionId) -> Option<Wrapped> {
        self.program.wrapped(id)
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        let (written, made) = self.program.names();
        let spoil = |names: Vec<String>| names.iter().map(|name| self.spoil(name)).collect();
        (spoil(written), spoil(made))
    }

    fn sites(&self, function: FunctionId, needs: &Needs) -> Result<Sites, Diagnostic> {
        self.program.sites(function, needs)
    }

    fn has_goroutine(&self, function: FunctionId, sites: &[u64], place: ThreadLocal) -> bool {
        self.program.has_goroutine(function, sites, place)
    }

    fn line_of(&self, address: u64) -> Option<(String, u32)> {
        let (file, line) = self.program.line_of(address)?;
        Some((self.spoil(&file), line))
    }

    fn signature(&self, function: FunctionId) -> Result<Signature, Diagnostic> {
        let mut signature = self.program.signature(function)?;
        let parameters = signature
            .receiver
            .iter_mut()
            .chain(&mut signature.parameters)
            .chain(&mut signature.results);
        for parameter in parameters {
            parameter.name = format!("{}{}", parameter.name, self.venom);
        }
        signature.text = self.spoil(&signature.text);
        Ok(signature)
    }

    fn signatures_are_cheap(&self) -> bool {
        self.program.signatures_are_cheap() || !self.venom.is_empty()
    }

    fn inlined(
        &self,
        matches: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        let (mut calls, total) = self.program.inlined(matches, limit)?;
        for call in &mut calls {
            for text in [&mut call.caller, &mut call.callee, &mut call.file] {
                *text = format!("{text}{}", self.venom);
            }
        }
        Ok((calls, total))
    }

    fn copies(&self, names: &HashSet<&str>) -> Result<Vec<InlinedCopy>, Diagnostic> {
        let mut copies = self.program.copies(names)?;
        for copy in &mut copies {
            for text in [&mut copy.caller, &mut copy.callee, &mut copy.file] {
                *text = format!("{text}{}", self.venom);
            }
        }
        Ok(copies)
    }

    fn arguments_of_copy(&self, copy: &InlinedCopy) -> Result<InlinedArguments, Diagnostic> {
        self.program.arguments_of_copy(copy)
    }

    fn inlined_is_cheap(&self, names: &HashSet<&str>) -> bool {
        self.program.inlined_is_cheap(names)
    }

    fn inlined_names(&self) -> Result<Vec<String>, Diagnostic> {
        self.program.inlined_names()
    }
}

impl Types for At<'_> {
    fn type_of(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        let mut real = self.program.type_of(ty)?;
        real.name = self.spoil(&real.name);
        if let Kind::Struct(fields) = &mut real.kind {
            for field in fields {
                field.name = format!("{}{}", field.name, self.venom);
            }
        }
        Ok(real)
    }

    fn type_named(&self, name: &str) -> Result<Option<TypeRef>, Diagnostic> {
        self.program.type_named(name)
    }

    fn itabs(&self, interface: TypeRef) -> Vec<itabs::Itab> {
        self.program.itabs(interface)
    }

    fn dynamic_types(&self, name: &str) -> Vec<DynamicType> {
        self.program.dynamic_types(name)
    }

    fn dynamic_names(&self) -> Vec<String> {
        self.program.dynamic_names()
    }

    fn own_types(&self, most: usize) -> Vec<(u64, String)> {
        let own = self.program.own_types(most).into_iter();
        own.map(|(at, name)| (at, self.spoil(&name))).collect()
    }

    fn dynamic_type(&self, ty: &DynamicType) -> TypeRef {
        self.program.dynamic_type(ty)
    }

    fn lacking_methods(&self, descriptor: u64, interface: TypeRef) -> Option<Vec<String>> {
        self.program.lacking_methods(descriptor, interface)
    }
}

impl RuntimeFacts for At<'_> {
    fn runtime(&self) -> Result<Runtime, Diagnostic> {
        self.program.runtime()
    }

    fn errno_texts(&self) -> Vec<String> {
        self.program
            .errno_texts()
            .iter()
            .map(|text| self.spoil(text))
            .collect()
    }

    fn texts_of(&self, variable: &str, count: u64) -> Vec<String> {
        self.program
            .texts_of(variable, count)
            .iter()
            .map(|text| self.spoil(text))
            .collect()
    }

    fn symbol(&self, name: &str) -> Option<u64> {
        self.program.symbol(name)
    }

    fn bound_by_loader(&self) -> BTreeMap<u64, u64> {
        self.program.bound_by_loader()
    }
}
