//! The parts of a function's signature: receiver, parameters, hidden words, results, and their places.

use std::ops::ControlFlow;

use crate::diagnostic::{Code, Diagnostic};
use crate::goname::escapes;
use crate::goname::function::{self, FunctionName};
use crate::gotype::TypeRef;
use crate::target::dwarf::function::{Role, Variable};
use crate::target::dwarf::location::Location;
use crate::target::dwarf::section::damaged;
use crate::target::dwarf::unit::Unit;
use crate::target::dwarf::{ArgumentTables, Debug};
use crate::target::signature::context::Context;
use crate::target::{Function, Signature};

/// The first Go release that passes a method's dictionary behind the receiver, not before it.
const DICTIONARY_BEHIND_RECEIVER: u32 = 20;
/// The last Go release whose debug information leaves out unnamed parameters and receivers.
pub(in crate::target) const LAST_WITHOUT_UNNAMED: u32 = 21;

/// A value that is passed to a function, in the ABI's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::target) enum Passed {
    /// The receiver; its number among the variables if it has an entry, and its type if that is known.
    Receiver(Option<usize>, Option<TypeRef>),
    /// The parameter of this number among the variables.
    Parameter(usize),
    /// A parameter without an entry.
    Unnamed,
    /// The dictionary of a generic function.
    Dictionary,
}

impl Debug<'_> {
    /// A function's parameters and results, and where they are. Up to Go 1.21 `tables` is needed to see unnamed
    /// parameters.
    ///
    /// # Errors
    /// E0250 when its entry is damaged, E0251 when it has none, E0252 when it is assembly whose declaration is not
    /// there.
    pub fn signature(
        &self,
        function: &Function,
        go_minor: u32,
        tables: &ArgumentTables<'_>,
    ) -> Result<Signature, Diagnostic> {
        self.sections.begin();
        self.sections.prepare_locations();
        let Some((unit, at)) = self.function_at(function.address)? else {
            return Err(Diagnostic::error(
                Code::NO_DEBUG_ENTRY,
                format!("the debug information does not know {}", function.name),
            )
            .note("its calls can be counted and timed; arguments and results cannot be read"));
        };
        let mut subprogram = self.subprogram(at)?;
        let mut declared = true;
        if function.assembly && subprogram.variables.is_empty() {
            match self.declaration(unit, subprogram.name)? {
                Some(variables) => subprogram.variables = variables,
                None => declared = false,
            }
        }
        if !declared && tables(function.address).is_none() {
            return Err(Diagnostic::error(
                Code::ASSEMBLY_WITHOUT_TYPES,
                format!(
                    "the debug information does not say what {}, an assembly function, is passed",
                    function.name
                ),
            )
            .help("trace the Go function that calls it; its calls can be counted and timed"));
        }
        let name = String::from_utf8_lossy(subprogram.name);
        let parts = function::split(&name);
        let context = Context {
            debug: self,
            unit,
            subprogram: &subprogram,
            parts: &parts,
            address: function.address,
            convention: self.processor.convention(function.abi),
            go_minor,
            declared,
            wrapper: function.wrapper,
        };
        context.signature(tables)
    }

    /// The variables of an assembly function as Go declares them. They are listed for the compiler's wrapper around it,
    /// which has the same name in a unit of the same package, if the program needs that wrapper.
    fn declaration(&self, assembly: &Unit, name: &[u8]) -> Result<Option<Vec<Variable<'_>>>, Diagnostic> {
        let info = self.sections.info()?;
        for unit in self.units()?.list() {
            if unit.name != assembly.name || unit.start == assembly.start {
                continue;
            }
            let mut found = None;
            unit.children(info, |entries, abbreviation, at| {
                let mut specs = abbreviation.attributes();
                if abbreviation.tag() == gimli::DW_TAG_subprogram
                    && let Some((first, rest)) = specs.split_first()
                    && first.name() == gimli::DW_AT_name
                {
                    let wrong = |error| damaged(format!("the function at {at:#x} is wrong ({error})"));
                    let value = entries.read_attribute(*first).map_err(wrong)?.value();
                    if self.sections.text(&value)? == name {
                        found = Some(at);
                    }
                    specs = rest;
                }
                let skipped = entries.skip_attributes(specs);
                skipped.map_err(|error| damaged(format!("the entry at {at:#x} is wrong ({error})")))?;
                Ok(if found.is_some() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            if let Some(at) = found {
                let mut variables = self.subprogram(at)?.variables;
                for variable in &mut variables {
                    variable.location = Location::None;
                }
                return Ok(Some(variables));
            }
        }
        Ok(None)
    }

    /// The passed values according to DWARF, in the order in which they take registers.
    pub(in crate::target) fn passed(
        &self,
        parts: &FunctionName<'_>,
        variables: &[Variable<'_>],
        go_minor: u32,
    ) -> Result<Vec<Passed>, Diagnostic> {
        let mut parameters = variables
            .iter()
            .enumerate()
            .filter(|(_, variable)| variable.role == Role::Parameter && variable.name != b".dict")
            .map(|(number, _)| number)
            .peekable();
        let mut passed = Vec::new();
        if let Some(receiver) = parts.receiver.filter(|_| !parts.method_value) {
            let first = parameters.peek().copied();
            let first_type = first
                .and_then(|number| variables.get(number))
                .and_then(|variable| variable.ty);
            let matches = match first_type {
                Some(ty) => receiver.has_type(parts.package, self.type_name(ty)?),
                None => false,
            };
            if matches {
                parameters.next();
                passed.push(Passed::Receiver(first, first_type));
            } else {
                // Since Go 1.22 every receiver has an entry, so what only looks like a method is none.
                let ty = if go_minor <= LAST_WITHOUT_UNNAMED {
                    let name = receiver.type_name(parts.package);
                    self.type_named(&escapes::unescape(name.as_bytes()))?
                } else {
                    None
                };
                if receiver.pointer || ty.is_some() {
                    passed.push(Passed::Receiver(None, ty));
                }
            }
        }
        let is_method = !passed.is_empty();
        if (is_method || parts.receiver.is_none()) && function::takes_dictionary(parts) {
            let at = if go_minor < DICTIONARY_BEHIND_RECEIVER {
                0
            } else {
                passed.len()
            };
            passed.insert(at, Passed::Dictionary);
        }
        passed.extend(parameters.map(Passed::Parameter));
        Ok(passed)
    }

    /// A type's name as the linker writes it; that of a type parameter is the name of the shape it stands for.
    pub(in crate::target) fn type_name(&self, ty: TypeRef) -> Result<&[u8], Diagnostic> {
        let offset = usize::try_from(ty.0).map_err(|_| damaged("a type is beyond the address space"))?;
        let (_, name, target) = self.tag_name_target(offset)?;
        match target {
            Some(target) if name.starts_with(b".param") => Ok(self.tag_name_target(target)?.1),
            _ => Ok(name),
        }
    }
}

/// The numbers of the results among the variables. Up to Go 1.26 a result that is kept in memory may have two entries
/// of one name.
pub(in crate::target) fn results(variables: &[Variable<'_>]) -> Vec<usize> {
    let mut numbers: Vec<usize> = Vec::new();
    for (number, variable) in variables.iter().enumerate() {
        let repeated = || {
            numbers.iter().any(|other| {
                variables
                    .get(*other)
                    .is_some_and(|other| other.name == variable.name)
            })
        };
        if variable.role == Role::Result && (variable.name == b"_" || !repeated()) {
            numbers.push(number);
        }
    }
    numbers
}
