//! A program made in memory, for unit tests of what asks a [`Program`]: functions, types and itabs without an
//! executable.

use super::{
    DynamicType, EntrySite, Fingerprint, Found, Function, FunctionId, Functions, Guard, Identity,
    InlinedArguments, InlinedCall, InlinedCopy, Needs, Parameter, Pattern, Program, Runtime, RuntimeFacts,
    Shape, Signature, Site, Sites, ThreadLocal, Types, Unreadable, Wrapped, attach, itabs,
};
use crate::arch::Processor;
use crate::diagnostic::{Code, Diagnostic};
use crate::goname::types;
use crate::gotype::abi::{self, Abi, Argument, Piece};
use crate::gotype::{Field, GoType, Kind, TypeRef};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What functions have between their entry site and their return.
const SIZE: u64 = 0x40;
/// Where the first function is.
const CODE: u64 = 0x40_0000;
/// Where the types' descriptors begin.
const TYPES: u64 = 0x50_0000;
/// Where the itabs begin.
const ITABS: u64 = 0x60_0000;

/// The program. Types are named as in Go's source: `[]*main.Order`, `map[string]int`, `error`.
pub(crate) struct Memory {
    identity: Identity,
    types: Vec<GoType>,
    aligns: Vec<u64>,
    functions: Vec<(Function, Signature)>,
    itabs: Vec<(TypeRef, itabs::Itab)>,
}

impl Memory {
    /// A program by Go 1.22 without functions.
    pub(crate) fn new() -> Self {
        Self {
            identity: Identity {
                path: "/usr/bin/shop".to_owned(),
                go_version: "go1.22.12".to_owned(),
                go_minor: 22,
                build_id: Some("c0ffee".to_owned()),
                position_independent: false,
                begins_at: None,
                has_types: true,
                processor: Processor::Amd64,
            },
            types: Vec::new(),
            aligns: Vec::new(),
            functions: Vec::new(),
            itabs: Vec::new(),
        }
    }

    fn add(&mut self, name: &str, size: u64, align: u64, kind: Kind) -> TypeRef {
        let number = self.types.len() as u64;
        self.types.push(GoType {
            name: name.to_owned(),
            size,
            kind,
            descriptor: Some(64 * (number + 1)),
        });
        self.aligns.push(align);
        TypeRef(number)
    }

    fn known(&self, name: &str) -> Option<TypeRef> {
        let at = self.types.iter().position(|ty| ty.name == name)?;
        Some(TypeRef(at as u64))
    }

    /// The type of this name, made if it is not there. One with a name of its own has to be there.
    pub(crate) fn ty(&mut self, name: &str) -> TypeRef {
        let name = match name {
            "any" => "interface {}",
            other => types::canonical(other),
        };
        if let Some(known) = self.known(name) {
            return known;
        }
        let bytes = |prefix: &str| {
            name.strip_prefix(prefix)?
                .parse::<u64>()
                .ok()
                .map(|bits| bits / 8)
        };
        if let Some(size) = bytes("int") {
            return self.add(name, size, size, Kind::Int);
        }
        if let Some(size) = bytes("uint") {
            return self.add(name, size, size, Kind::Uint);
        }
        if let Some(size) = bytes("float") {
            return self.add(name, size, size, Kind::Float);
        }
        if let Some(size) = bytes("complex") {
            return self.add(name, size, size / 2, Kind::Complex);
        }
        if let Some(element) = name.strip_prefix("[]") {
            let element = self.ty(element);
            return self.add(name, 24, 8, Kind::Slice(element));
        }
        if let Some(pointee) = name.strip_prefix('*') {
            let pointee = self.ty(pointee);
            return self.add(name, 8, 8, Kind::Pointer(pointee));
        }
        if let Some(element) = name.strip_prefix("chan ") {
            let element = self.ty(element);
            return self.add(name, 8, 8, Kind::Chan(element));
        }
        if let Some((key, element)) = name.strip_prefix("map[").and_then(|rest| rest.split_once(']')) {
            let (key, element) = (self.ty(key), self.ty(element));
            return self.add(name, 8, 8, Kind::Map { key, element });
        }
        if let Some((count, element)) = name.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let (count, element) = (count.parse().unwrap(), self.ty(element));
            let (size, align) = (self.size(element) * count, self.aligns[element.0 as usize]);
            return self.add(name, size, align, Kind::Array(element, count));
        }
        match name {
            "int" => self.add(name, 8, 8, Kind::Int),
            "uint" => self.add(name, 8, 8, Kind::Uint),
            "uintptr" => self.add(name, 8, 8, Kind::Uintptr),
            "bool" => self.add(name, 1, 1, Kind::Bool),
            "string" => self.add(name, 16, 8, Kind::String),
            "error" => self.add(name, 16, 8, Kind::Interface { methods: true }),
            "interface {}" => self.add(name, 16, 8, Kind::Interface { methods: false }),
            "unsafe.Pointer" => self.add(name, 8, 8, Kind::UnsafePointer),
            "func()" => self.add(name, 8, 8, Kind::Func),
            other => panic!("the type {other} was not declared"),
        }
    }

    fn size(&self, ty: TypeRef) -> u64 {
        self.types[ty.0 as usize].size
    }

    /// Declares a struct; a field without a name is embedded.
    pub(crate) fn structure(&mut self, name: &str, fields: &[(&str, &str)]) -> TypeRef {
        let (mut all, mut size, mut align) = (Vec::new(), 0_u64, 1);
        for (field, ty) in fields {
            let id = self.ty(ty);
            let offset = size.next_multiple_of(self.aligns[id.0 as usize]);
            all.push(Field {
                name: if field.is_empty() {
                    types::last_word(ty)
                } else {
                    *field
                }
                .to_owned(),
                ty: id,
                offset,
                embedded: field.is_empty(),
            });
            size = offset + self.size(id);
            align = align.max(self.aligns[id.0 as usize]);
        }
        self.add(name, size.next_multiple_of(align), align, Kind::Struct(all))
    }

    /// Declares a type with a name that is made of another: `main.ID` of `string`.
    pub(crate) fn named(&mut self, name: &str, of: &str) -> TypeRef {
        let of = self.ty(of);
        let (ty, align) = (self.types[of.0 as usize].clone(), self.aligns[of.0 as usize]);
        self.add(name, ty.size, align, ty.kind)
    }

    /// Says that values of the type `concrete` are put into the interface.
    pub(crate) fn implements(&mut self, concrete: &str, interface: &str) {
        let (ty, of) = (self.ty(concrete), self.ty(interface));
        let at = |ty: &GoType| TYPES + ty.descriptor.unwrap();
        let itab = itabs::Itab {
            address: ITABS + 32 * self.itabs.len() as u64,
            interface: at(&self.types[of.0 as usize]),
            descriptor: at(&self.types[ty.0 as usize]),
            name: types::short(concrete),
        };
        self.itabs.push((of, itab));
    }

    /// Declares a function: parameters by name and type, types of results.
    pub(crate) fn function(
        &mut self,
        name: &str,
        parameters: &[(&str, &str)],
        results: &[&str],
    ) -> FunctionId {
        let taken: Vec<TypeRef> = parameters.iter().map(|(_, ty)| self.ty(ty)).collect();
        let given: Vec<TypeRef> = results.iter().map(|ty| self.ty(ty)).collect();
        let arguments: Vec<Argument> = taken.iter().map(|ty| Argument::Value(*ty)).collect();
        let convention = self.identity.processor.convention(Abi::Internal);
        let resolve = &mut |ty: TypeRef| Ok::<_, ()>(self.types[ty.0 as usize].clone());
        let placed = abi::assign(&arguments, &given, convention, resolve).unwrap();
        let parameter = |name: String, ty: &TypeRef, pieces: &[Piece]| Parameter {
            name,
            ty: *ty,
            place: Ok::<_, Unreadable>(pieces.to_vec()),
        };
        let list = |all: &[(&str, &str)]| {
            all.iter()
                .map(|(n, t)| format!("{n} {t}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let signature = Signature {
            receiver: None,
            parameters: (parameters.iter().zip(&taken).zip(&placed.arguments))
                .map(|(((name, _), ty), placed)| parameter((*name).to_owned(), ty, &placed.pieces))
                .collect(),
            results: (0..)
                .zip(&given)
                .zip(&placed.results)
                .map(|((number, ty), placed)| parameter(format!("~r{number}"), ty, &placed.pieces))
                .collect(),
            results_known: true,
            captured: Vec::new(),
            text: format!(
                "func {}({}) ({})",
                types::short(name),
                list(parameters),
                results.join(", ")
            ),
        };
        let number = self.functions.len() as u32;
        let function = Function {
            name: name.to_owned(),
            address: CODE + 2 * SIZE * u64::from(number),
            size: SIZE,
            ..Function::default()
        };
        self.functions.push((function, signature));
        FunctionId(number)
    }

    fn at(&self, id: FunctionId) -> &(Function, Signature) {
        &self.functions[id.0 as usize]
    }
}

impl Program for Memory {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn relied_on(&self, _: &[u64], descriptors: Vec<u64>, _: bool) -> Fingerprint {
        Fingerprint {
            descriptors,
            ..Fingerprint::default()
        }
    }

    fn numbers(&self, _: &BTreeSet<u64>, _: bool) -> Result<attach::Numbers, attach::Unwritable> {
        Ok(attach::Numbers::default())
    }
}

impl Functions for Memory {
    fn functions(&self, pattern: &Pattern) -> Result<Found, Diagnostic> {
        let named = |id: &FunctionId| {
            pattern
                .matches(&self.at(*id).0.name, &|_| Shape::Unknown)
                .is_some()
        };
        Ok(Found {
            functions: (0..self.functions.len() as u32)
                .map(FunctionId)
                .filter(named)
                .collect(),
            ..Found::default()
        })
    }

    fn function(&self, id: FunctionId) -> Function {
        self.at(id).0.clone()
    }

    fn wrapped(&self, _: FunctionId) -> Option<Wrapped> {
        None
    }

    fn names(&self) -> (Vec<String>, Vec<String>) {
        let names = self.functions.iter().map(|(function, _)| function.name.clone());
        (names.collect(), Vec::new())
    }

    fn sites(&self, function: FunctionId, _: &Needs) -> Result<Sites, Diagnostic> {
        let address = self.at(function).0.address;
        let site = |offset: u64, instruction: &str| Site {
            address: address + offset,
            offset,
            instruction: instruction.to_owned(),
            emulated: offset == 6,
        };
        Ok(Sites {
            entry: Ok(EntrySite {
                site: site(6, "push rbp"),
                guard: Guard::None,
                checked: true,
            }),
            returns: vec![site(SIZE - 1, "ret")],
            tail_jumps: Vec::new(),
        })
    }

    fn has_goroutine(&self, _: FunctionId, _: &[u64], _: ThreadLocal) -> bool {
        false
    }

    fn line_of(&self, address: u64) -> Option<(String, u32)> {
        Some((
            "/src/shop/main.go".to_owned(),
            u32::try_from(address & 0xffff).unwrap(),
        ))
    }

    fn signature(&self, function: FunctionId) -> Result<Signature, Diagnostic> {
        Ok(self.at(function).1.clone())
    }

    fn signatures_are_cheap(&self) -> bool {
        true
    }

    fn inlined(&self, _: &dyn Fn(&str) -> bool, _: usize) -> Result<(Vec<InlinedCall>, usize), Diagnostic> {
        Ok((Vec::new(), 0))
    }

    fn copies(&self, _: &HashSet<&str>) -> Result<Vec<InlinedCopy>, Diagnostic> {
        Ok(Vec::new())
    }

    fn arguments_of_copy(&self, copy: &InlinedCopy) -> Result<InlinedArguments, Diagnostic> {
        let site = copy
            .site
            .clone()
            .map_err(|_| Diagnostic::error(Code::NO_ENTRY, "no site"))?;
        Ok(InlinedArguments {
            signature: self.signature(copy.holder)?,
            site,
            memory: true,
        })
    }

    fn inlined_is_cheap(&self, _: &HashSet<&str>) -> bool {
        true
    }

    fn inlined_names(&self) -> Result<Vec<String>, Diagnostic> {
        Ok(Vec::new())
    }
}

impl Types for Memory {
    fn type_of(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        let found = self.types.get(ty.0 as usize).cloned();
        found.ok_or_else(|| Diagnostic::error(Code::DEBUG_DAMAGED, "there is no such type"))
    }

    fn type_named(&self, name: &str) -> Result<Option<TypeRef>, Diagnostic> {
        Ok(self.known(name))
    }

    fn itabs(&self, interface: TypeRef) -> Vec<itabs::Itab> {
        let of = self.itabs.iter().filter(|(other, _)| *other == interface);
        of.map(|(_, itab)| itab.clone()).collect()
    }

    fn dynamic_types(&self, name: &str) -> Vec<DynamicType> {
        let named = self
            .types
            .iter()
            .filter(|ty| ty.name == name || types::short(&ty.name) == name);
        named
            .map(|ty| DynamicType {
                descriptor: TYPES + ty.descriptor.unwrap(),
                printed: types::short(&ty.name),
                name: ty.name.clone(),
                direct: matches!(ty.kind, Kind::Pointer(_)),
                interface: matches!(ty.kind, Kind::Interface { .. }),
            })
            .collect()
    }

    fn dynamic_names(&self) -> Vec<String> {
        self.types.iter().map(|ty| types::short(&ty.name)).collect()
    }

    fn own_types(&self, _: usize) -> Vec<(u64, String)> {
        Vec::new()
    }

    fn dynamic_type(&self, ty: &DynamicType) -> TypeRef {
        TypeRef((ty.descriptor - TYPES) / 64 - 1)
    }

    fn lacking_methods(&self, descriptor: u64, interface: TypeRef) -> Option<Vec<String>> {
        let empty = matches!(
            self.types[interface.0 as usize].kind,
            Kind::Interface { methods: false }
        );
        let has = self
            .itabs(interface)
            .iter()
            .any(|itab| itab.descriptor == descriptor);
        Some(if empty || has {
            Vec::new()
        } else {
            vec!["Error".to_owned()]
        })
    }
}

impl RuntimeFacts for Memory {
    fn runtime(&self) -> Result<Runtime, Diagnostic> {
        Ok(Runtime {
            g_stack_hi: 8,
            g_m: 48,
            g_goid: 152,
            g_parent_goid: Some(272),
            g_gopc: Some(280),
            g_sched: Some((56, 48)),
            m_curg: 192,
            tls_g: None,
            types: Some(TYPES),
            types_end: Some(TYPES + 0x1_0000),
            map_count: (0, 8),
            chan_count: 0,
            chan_size: 8,
        })
    }

    fn errno_texts(&self) -> Vec<String> {
        Vec::new()
    }

    fn texts_of(&self, _: &str, _: u64) -> Vec<String> {
        Vec::new()
    }

    fn symbol(&self, _: &str) -> Option<u64> {
        None
    }

    fn bound_by_loader(&self) -> BTreeMap<u64, u64> {
        BTreeMap::new()
    }
}
