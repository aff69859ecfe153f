//! A function's signature: who is the receiver, what is hidden, and where everything is.

use super::Debug;
use super::evidence::{Evidence, describe};
use super::function::{Role, Subprogram, Variable};
use super::names::{self, Parts};
use super::section::damaged;
use super::text;
use super::unit::Unit;
use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::TypeRef;
use crate::gotype::abi::{self, Argument, Assignment, Convention, NoPlace};
use crate::target::{Abi, Function, Parameter, Signature, Unreadable};

/// The first Go release that passes a method's dictionary behind the receiver, not before it.
const DICTIONARY_BEHIND_RECEIVER: u32 = 20;

/// What is passed to a function, in the ABI's order.
#[derive(Clone, Copy, Debug)]
pub(super) enum Passed {
    /// The receiver; its number among the variables if it has an entry, and its type if that is known.
    Receiver(Option<usize>, Option<TypeRef>),
    /// The parameter of this number among the variables.
    Parameter(usize),
    /// The dictionary of a generic function.
    Dictionary,
}

impl Debug<'_> {
    /// A function's parameters and results, and where they are.
    ///
    /// # Errors
    /// E0250 when its entry is damaged, E0251 when it has none, E0252 when it is assembly whose declaration is not there.
    pub fn signature(&self, function: &Function, go_minor: u32) -> Result<Signature, Diagnostic> {
        let Some((unit, at)) = self.function_at(function.address)? else {
            return Err(Diagnostic::error(
                Code::NO_DEBUG_ENTRY,
                format!("the debug information does not know {}", function.name),
            )
            .note("its calls can be counted and timed; arguments and results cannot be read"));
        };
        let subprogram = self.subprogram(at)?;
        self.signature_of(unit, &subprogram, function, go_minor)
    }

    fn signature_of(
        &self,
        unit: &Unit,
        subprogram: &Subprogram<'_>,
        function: &Function,
        go_minor: u32,
    ) -> Result<Signature, Diagnostic> {
        let name = String::from_utf8_lossy(subprogram.name);
        let parts = names::split(&name);
        let variables = &subprogram.variables;
        let passed = self.passed(&parts, variables, go_minor)?;
        let results = results(variables);
        let convention = match function.abi {
            Abi::Internal => Convention::Registers,
            Abi::Abi0 => Convention::Stack,
        };
        let assignment = self.assign(&passed, variables, &results, convention)?;
        let mut signature = Signature {
            receiver: None,
            parameters: Vec::new(),
            results: Vec::new(),
            captured: Vec::new(),
            text: text::signature(self, &parts, variables, &passed, &results)?,
        };
        let mut doubtful = None;
        for (index, passed) in passed.iter().enumerate() {
            let variable = match passed {
                Passed::Receiver(Some(number), _) | Passed::Parameter(number) => variables.get(*number),
                _ => None,
            };
            let Some(variable) = variable else { continue };
            let mut parameter = self.parameter(variable, &assignment, |all| all.arguments.get(index))?;
            if let Ok(pieces) = &parameter.place {
                let parts = self.parts_at(unit, &variable.location, function.address)?;
                match Evidence::of(pieces, parts.as_deref()) {
                    Evidence::Agrees => {}
                    Evidence::Differs => {
                        let disagreement = Unreadable::Disagreement {
                            rules: describe::pieces(pieces),
                            debug_info: describe::parts(parts.as_deref().unwrap_or_default()),
                        };
                        doubtful = Some(disagreement.clone());
                        parameter.place = Err(disagreement);
                    }
                    // What follows a parameter that is elsewhere than expected may have moved with it.
                    Evidence::None => {
                        if let Some(disagreement) = &doubtful
                            && !pieces.is_empty()
                        {
                            parameter.place = Err(disagreement.clone());
                        }
                    }
                }
            }
            match passed {
                Passed::Receiver(..) => signature.receiver = Some(parameter),
                _ => signature.parameters.push(parameter),
            }
        }
        for (index, number) in results.iter().enumerate() {
            let Some(variable) = variables.get(*number) else {
                continue;
            };
            let parameter = self.parameter(variable, &assignment, |all| all.results.get(index))?;
            signature.results.push(parameter);
        }
        for variable in variables {
            if let (Role::Captured(offset), Some(ty)) = (variable.role, variable.ty) {
                signature
                    .captured
                    .push((names::unescape(variable.name), ty, offset));
            }
        }
        signature.captured.sort_by_key(|(_, _, offset)| *offset);
        signature.captured.dedup();
        Ok(signature)
    }

    /// What is passed, in the order in which registers are given out.
    pub(super) fn passed(
        &self,
        parts: &Parts<'_>,
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
        let receiver = match parts.receiver.filter(|_| !parts.method_value) {
            Some(receiver) => {
                let expected = names::unescape(receiver.type_name(parts.package).as_bytes());
                let first = parameters.peek().copied();
                let first_type = first
                    .and_then(|number| variables.get(number))
                    .and_then(|variable| variable.ty);
                let matches = match first_type {
                    Some(ty) => self.name_of(ty)? == expected,
                    None => false,
                };
                if matches {
                    parameters.next();
                    Some(Passed::Receiver(first, first_type))
                } else {
                    let ty = self.type_named(&expected)?;
                    (receiver.pointer || ty.is_some()).then_some(Passed::Receiver(None, ty))
                }
            }
            None => None,
        };
        let is_method = receiver.is_some();
        passed.extend(receiver);
        if (is_method || parts.receiver.is_none()) && names::takes_dictionary(parts) {
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

    /// The full Go name of a type.
    pub(super) fn name_of(&self, ty: TypeRef) -> Result<String, Diagnostic> {
        Ok(names::unescape(self.type_name(ty)?))
    }

    /// A type's name as the linker writes it; that of a type parameter is the name of the shape it stands for.
    pub(super) fn type_name(&self, ty: TypeRef) -> Result<&[u8], Diagnostic> {
        let offset = usize::try_from(ty.0).map_err(|_| damaged("a type is beyond the address space"))?;
        let (_, name, target) = self.tag_name_target(offset)?;
        match target {
            Some(target) if name.starts_with(b".param") => Ok(self.tag_name_target(target)?.1),
            _ => Ok(name),
        }
    }

    fn assign(
        &self,
        passed: &[Passed],
        variables: &[Variable<'_>],
        results: &[usize],
        convention: Convention,
    ) -> Result<Result<Assignment, String>, Diagnostic> {
        let type_of = |number: usize| {
            variables
                .get(number)
                .and_then(|variable| variable.ty)
                .ok_or_else(|| damaged("a parameter has no type"))
        };
        let arguments = passed
            .iter()
            .map(|passed| match passed {
                Passed::Receiver(_, Some(ty)) => Ok(Argument::Value(*ty)),
                Passed::Receiver(_, None) | Passed::Dictionary => Ok(Argument::Word),
                Passed::Parameter(number) => type_of(*number).map(Argument::Value),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let results = results
            .iter()
            .map(|number| type_of(*number))
            .collect::<Result<Vec<_>, _>>()?;
        match abi::assign(&arguments, &results, convention, &mut |ty| self.type_of(ty)) {
            Ok(assignment) => Ok(Ok(assignment)),
            Err(NoPlace::Shape(what)) => Ok(Err(what)),
            Err(NoPlace::Type(diagnostic)) => Err(diagnostic),
        }
    }

    fn parameter(
        &self,
        variable: &Variable<'_>,
        assignment: &Result<Assignment, String>,
        find: impl Fn(&Assignment) -> Option<&abi::Placed>,
    ) -> Result<Parameter, Diagnostic> {
        Ok(Parameter {
            name: names::unescape(variable.name),
            ty: variable.ty.ok_or_else(|| damaged("a parameter has no type"))?,
            place: match assignment {
                Ok(all) => match find(all) {
                    Some(placed) => Ok(placed.pieces.clone()),
                    None => Err(Unreadable::UnknownType("a value that has no place".to_owned())),
                },
                Err(what) => Err(Unreadable::UnknownType(what.clone())),
            },
        })
    }
}

/// The numbers of the results among the variables. Up to Go 1.26 a result that is kept in memory may have two entries of one name.
pub(super) fn results(variables: &[Variable<'_>]) -> Vec<usize> {
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
