//! A program whose debug information says odd things: sizes, offsets, shapes and names that no compiler makes, but the
//! same whenever they are asked for.

use gobt::diagnostic::Diagnostic;
use gobt::gotype::{GoType, Kind, TypeRef};
use gobt::target::attach::{Numbers, Unwritable};
use gobt::target::fingerprint::Fingerprint;
use gobt::target::{
    DynamicType, Found, Function, FunctionId, Functions, Identity, InlinedArguments, InlinedCall,
    InlinedCopy, Needs, Pattern, Program, Runtime, RuntimeFacts, Signature, Sites, Target, ThreadLocal,
    Types, Wrapped, itabs,
};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What it is made of, and how odd it is.
pub struct Odd<'p> {
    real: &'p Target<'static>,
    seed: u64,
}

const NAMES: [&str; 8] = ["", "*/", "\"", "\\", "\n", "%s", "\u{202e}", "a\0b"];
const NUMBERS: [u64; 8] = [0, 1, 3, 8, 0x7fff_ffff, 0xffff_ffff, 1 << 63, u64::MAX];

impl<'p> Odd<'p> {
    /// `real` with oddities by `seed`.
    pub fn new(real: &'p Target<'static>, seed: u8) -> Self {
        Self {
            real,
            seed: u64::from(seed),
        }
    }

    /// A number for the `n`th use in what `key` names.
    fn number(&self, key: u64, n: u64) -> u64 {
        let mixed = (self.seed << 48 ^ key.wrapping_mul(31) ^ n << 40).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32
    }

    fn pick<T: Copy>(&self, key: u64, n: u64, from: &[T]) -> T {
        from[usize::try_from(self.number(key, n)).unwrap_or_default() % from.len()]
    }

    /// One in four.
    fn sometimes(&self, key: u64, n: u64) -> bool {
        self.number(key, n).is_multiple_of(4)
    }
}

impl Program for Odd<'_> {
    fn identity(&self) -> &Identity {
        self.real.identity()
    }

    fn relied_on(&self, functions: &[u64], descriptors: Vec<u64>, needs_runtime: bool) -> Fingerprint {
        self.real.relied_on(functions, descriptors, needs_runtime)
    }

    fn numbers(&self, addresses: &BTreeSet<u64>, places_first: bool) -> Result<Numbers, Unwritable> {
        self.real.numbers(addresses, places_first)
    }
}

impl Functions for Odd<'_> {
    fn functions(&self, pattern: &Pattern) -> Result<Found, Diagnostic> {
        self.real.functions(pattern)
    }

    fn function(&self, id: FunctionId) -> Function {
        let mut function = self.real.function(id);
        if self.sometimes(function.address, 1) {
            function.name.push_str(self.pick(function.address, 2, &NAMES));
        }
        function
    }

    fn wrapped(&self, id: FunctionId) -> Option<Wrapped> {
        self.real.wrapped(id)
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        self.real.names()
    }

    fn sites(&self, function: FunctionId, needs: &Needs) -> Result<Sites, Diagnostic> {
        self.real.sites(function, needs)
    }

    fn has_goroutine(&self, function: FunctionId, sites: &[u64], place: ThreadLocal) -> bool {
        self.real.has_goroutine(function, sites, place)
    }

    fn line_of(&self, address: u64) -> Option<(String, u32)> {
        self.real.line_of(address)
    }

    fn signature(&self, function: FunctionId) -> Result<Signature, Diagnostic> {
        let mut signature = self.real.signature(function)?;
        let key = u64::from(function.0);
        let all = signature
            .receiver
            .iter_mut()
            .chain(&mut signature.parameters)
            .chain(&mut signature.results);
        for (n, parameter) in (0..).zip(all) {
            if self.sometimes(key, n) {
                parameter.name.push_str(self.pick(key, n, &NAMES));
            }
            if let Ok(pieces) = &mut parameter.place
                && self.sometimes(key, n + 64)
            {
                for piece in pieces {
                    piece.offset = self.pick(key, n + 65, &NUMBERS);
                    piece.size = self.pick(key, n + 66, &NUMBERS);
                }
            }
        }
        Ok(signature)
    }

    fn signatures_are_cheap(&self) -> bool {
        true
    }

    fn inlined(
        &self,
        matches: &dyn Fn(&str) -> bool,
        limit: usize,
    ) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        self.real.inlined(matches, limit)
    }

    fn copies(&self, names: &HashSet<&str>) -> Result<Vec<InlinedCopy>, Diagnostic> {
        self.real.copies(names)
    }

    fn arguments_of_copy(&self, copy: &InlinedCopy) -> Result<InlinedArguments, Diagnostic> {
        self.real.arguments_of_copy(copy)
    }

    fn inlined_is_cheap(&self, _: &HashSet<&str>) -> bool {
        true
    }

    fn inlined_names(&self) -> Result<Vec<String>, Diagnostic> {
        self.real.inlined_names()
    }
}

impl Types for Odd<'_> {
    fn type_of(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        let mut real = self.real.type_of(ty)?;
        if self.sometimes(ty.0, 0) {
            real.size = self.pick(ty.0, 1, &NUMBERS);
        }
        if self.sometimes(ty.0, 2) {
            real.name.push_str(self.pick(ty.0, 3, &NAMES));
        }
        match &mut real.kind {
            Kind::Struct(fields) => {
                for (n, field) in (0..).zip(fields) {
                    if self.sometimes(ty.0, 10 + n) {
                        field.offset = self.pick(ty.0, 1000 + n, &NUMBERS);
                    }
                    if self.sometimes(ty.0, 2000 + n) {
                        field.ty = ty;
                    }
                    if self.sometimes(ty.0, 3000 + n) {
                        field.name.push_str(self.pick(ty.0, 4000 + n, &NAMES));
                    }
                    field.embedded ^= self.sometimes(ty.0, 5000 + n);
                }
            }
            Kind::Array(of, count) if self.sometimes(ty.0, 4) => {
                *count = self.pick(ty.0, 5, &NUMBERS);
                if self.sometimes(ty.0, 6) {
                    *of = ty;
                }
            }
            Kind::Pointer(to) | Kind::Slice(to) | Kind::Chan(to) if self.sometimes(ty.0, 4) => *to = ty,
            other if self.sometimes(ty.0, 7) => {
                *other = match self.number(ty.0, 8) % 8 {
                    0 => Kind::Int,
                    1 => Kind::String,
                    2 => Kind::Pointer(ty),
                    3 => Kind::Slice(ty),
                    4 => Kind::Array(ty, self.pick(ty.0, 9, &NUMBERS)),
                    5 => Kind::Interface { methods: true },
                    6 => Kind::Map { key: ty, element: ty },
                    _ => Kind::Float,
                };
            }
            _ => {}
        }
        Ok(real)
    }

    fn type_named(&self, name: &str) -> Result<Option<TypeRef>, Diagnostic> {
        self.real.type_named(name)
    }

    fn itabs(&self, interface: TypeRef) -> Vec<itabs::Itab> {
        self.real.itabs(interface)
    }

    fn dynamic_types(&self, name: &str) -> Vec<DynamicType> {
        let mut found = self.real.dynamic_types(name);
        for ty in &mut found {
            ty.direct ^= self.sometimes(ty.descriptor, 1);
            ty.interface ^= self.sometimes(ty.descriptor, 2);
            if self.sometimes(ty.descriptor, 3) {
                ty.name.push_str(self.pick(ty.descriptor, 4, &NAMES));
            }
        }
        found
    }

    fn dynamic_names(&self) -> Vec<String> {
        self.real.dynamic_names()
    }

    fn own_types(&self, most: usize) -> Vec<(u64, String)> {
        self.real.own_types(most)
    }

    fn dynamic_type(&self, ty: &DynamicType) -> TypeRef {
        self.real.dynamic_type(ty)
    }

    fn lacking_methods(&self, descriptor: u64, interface: TypeRef) -> Option<Vec<String>> {
        let mut lacking = self.real.lacking_methods(descriptor, interface)?;
        if self.sometimes(descriptor, 5) {
            lacking.push(self.pick(descriptor, 6, &NAMES).to_owned());
        }
        Some(lacking)
    }
}

impl RuntimeFacts for Odd<'_> {
    fn runtime(&self) -> Result<Runtime, Diagnostic> {
        let mut facts = self.real.runtime()?;
        if self.sometimes(1, 1) {
            facts.g_goid = self.pick(1, 2, &NUMBERS);
        }
        if self.sometimes(1, 3) {
            facts.g_stack_hi = self.pick(1, 4, &NUMBERS);
        }
        if self.sometimes(1, 5) {
            let number = self.pick(1, 6, &NUMBERS);
            facts.tls_g = Some(if self.sometimes(1, 7) {
                ThreadLocal::Word(number)
            } else {
                ThreadLocal::Offset(number.cast_signed())
            });
        }
        Ok(facts)
    }

    fn errno_texts(&self) -> Vec<String> {
        let mut texts = self.real.errno_texts();
        for (n, text) in (0..).zip(&mut texts) {
            text.push_str(self.pick(n, 1, &NAMES));
        }
        texts
    }

    fn texts_of(&self, variable: &str, count: u64) -> Vec<String> {
        let mut texts = self.real.texts_of(variable, count);
        for (n, text) in (0..).zip(&mut texts) {
            text.push_str(self.pick(n, 1, &NAMES));
        }
        texts
    }

    fn symbol(&self, name: &str) -> Option<u64> {
        self.real.symbol(name)
    }

    fn bound_by_loader(&self) -> BTreeMap<u64, u64> {
        self.real.bound_by_loader()
    }
}
