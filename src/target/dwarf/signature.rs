//! A function's signature: who is the receiver, what is hidden, and where everything is.

use std::ops::ControlFlow;

use super::evidence::{self, Evidence, describe};
use super::function::{Role, Subprogram, Variable};
use super::location::{Location, Part};
use super::names::{self, Parts};
use super::section::damaged;
use super::unit::Unit;
use super::unnamed::Node;
use super::{ArgumentTables, Debug, UNNAMED, text};
use crate::diagnostic::{Code, Diagnostic};
use crate::gotype::TypeRef;
use crate::gotype::abi::{self, Assignment, Convention, NoPlace, Piece, Shape};
use crate::target::{Abi, Function, Parameter, Signature, Unreadable};

/// The first Go release that passes a method's dictionary behind the receiver, not before it.
const DICTIONARY_BEHIND_RECEIVER: u32 = 20;
/// The last Go release whose debug information leaves out unnamed parameters and receivers.
pub(super) const LAST_WITHOUT_UNNAMED: u32 = 21;
/// What later releases call an unnamed receiver.
const UNNAMED_RECEIVER: &str = "~p0";
/// The last Go release whose debug information leaves out results that are passed in registers.
const LAST_WITHOUT_RESULTS: u32 = 17;
/// From this release on the run time's table of arguments leaves out the first argument of what has type arguments in its name.
const FIRST_HIDING_DICTIONARY: u32 = 18;

/// What is passed to a function, in the ABI's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Passed {
    /// The receiver; its number among the variables if it has an entry, and its type if that is known.
    Receiver(Option<usize>, Option<TypeRef>),
    /// The parameter of this number among the variables.
    Parameter(usize),
    /// A parameter without an entry.
    Unnamed,
    /// The dictionary of a generic function.
    Dictionary,
}

/// The shapes of arguments and results, or the type that cannot be laid out.
type Shapes = Result<(Vec<Shape>, Vec<Shape>), String>;

/// Why values have no places, or the places.
type Placed = Result<Assignment, String>;

impl Debug<'_> {
    /// A function's parameters and results, and where they are. Up to Go 1.21 `tables` is needed to see unnamed parameters.
    ///
    /// # Errors
    /// E0250 when its entry is damaged, E0251 when it has none, E0252 when it is assembly whose declaration is not there.
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
        let parts = names::split(&name);
        let context = Context {
            debug: self,
            unit,
            subprogram: &subprogram,
            parts: &parts,
            address: function.address,
            convention: match function.abi {
                Abi::Internal => Convention::Registers,
                Abi::Abi0 => Convention::Stack,
            },
            go_minor,
            declared,
        };
        context.signature(tables)
    }

    /// The variables of an assembly function as Go declares them. They are listed for the compiler's wrapper around it, which has the
    /// same name in a unit of the same package, if the program needs that wrapper.
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

    /// What is passed by what DWARF lists, in the order in which registers are given out.
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
                    self.type_named(&names::unescape(name.as_bytes()))?
                } else {
                    None
                };
                if receiver.pointer || ty.is_some() {
                    passed.push(Passed::Receiver(None, ty));
                }
            }
        }
        let is_method = !passed.is_empty();
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

    /// A type's name as the linker writes it; that of a type parameter is the name of the shape it stands for.
    pub(super) fn type_name(&self, ty: TypeRef) -> Result<&[u8], Diagnostic> {
        let offset = usize::try_from(ty.0).map_err(|_| damaged("a type is beyond the address space"))?;
        let (_, name, target) = self.tag_name_target(offset)?;
        match target {
            Some(target) if name.starts_with(b".param") => Ok(self.tag_name_target(target)?.1),
            _ => Ok(name),
        }
    }
}

/// The function that a question is about.
pub(super) struct Context<'c, 'data> {
    pub(super) debug: &'c Debug<'data>,
    pub(super) unit: &'c Unit,
    pub(super) subprogram: &'c Subprogram<'c>,
    pub(super) parts: &'c Parts<'c>,
    pub(super) address: u64,
    pub(super) convention: Convention,
    pub(super) go_minor: u32,
    /// Its declaration in Go is known; that of an assembly function may not be.
    pub(super) declared: bool,
}

/// The places that one reading of the tables gives, and what DWARF's locations say of them.
struct Reading {
    passed: Vec<Passed>,
    placed: Placed,
    evidence: Vec<Evidence>,
    /// Locations that differ, with those that are known to be wrong in DWARF.
    differences: usize,
}

impl Reading {
    fn is_contradicted(&self) -> bool {
        self.evidence.contains(&Evidence::Differs)
    }
}

impl Context<'_, '_> {
    fn variables(&self) -> &[Variable<'_>] {
        &self.subprogram.variables
    }

    fn variable(&self, passed: &Passed) -> Option<&Variable<'_>> {
        match passed {
            Passed::Receiver(Some(number), _) | Passed::Parameter(number) => self.variables().get(*number),
            _ => None,
        }
    }

    /// The type of a receiver or parameter; none for words that the source does not show.
    fn type_of(&self, passed: &Passed) -> Result<Option<TypeRef>, Diagnostic> {
        match passed {
            Passed::Receiver(_, ty) => Ok(*ty),
            Passed::Parameter(_) => match self.variable(passed).and_then(|variable| variable.ty) {
                Some(ty) => Ok(Some(ty)),
                None => Err(damaged("a parameter has no type")),
            },
            Passed::Unnamed | Passed::Dictionary => Ok(None),
        }
    }

    /// What is passed, with parameters that DWARF leaves out, for a reader rather than for a probe.
    pub(super) fn shown(&self, tables: &ArgumentTables<'_>) -> Result<Vec<Passed>, Diagnostic> {
        let known = self.debug.passed(self.parts, self.variables(), self.go_minor)?;
        let undeclared = self.go_minor > LAST_WITHOUT_UNNAMED && self.variables().is_empty();
        if !(self.leaves_out_unnamed() || undeclared) || tables(self.address).is_none() {
            return Ok(known);
        }
        let results = results(self.variables());
        let readings = self.readings(&known, &results, tables)?;
        Ok(readings
            .into_iter()
            .next()
            .map_or(known, |reading| reading.passed))
    }

    fn signature(&self, tables: &ArgumentTables<'_>) -> Result<Signature, Diagnostic> {
        let known = self.debug.passed(self.parts, self.variables(), self.go_minor)?;
        let results = results(self.variables());
        let readings = self.readings(&known, &results, tables)?;
        let Some(first) = readings.first() else {
            return Err(damaged("a signature has no reading"));
        };
        let locations = self.locations(&first.passed)?;
        let mut signature = Signature {
            receiver: None,
            parameters: Vec::new(),
            results: Vec::new(),
            results_known: self.results_known(&results)?,
            captured: Vec::new(),
            text: String::new(),
        };
        for (index, passed) in first.passed.iter().enumerate() {
            if *passed == Passed::Unnamed {
                signature.parameters.push(unnamed());
                continue;
            }
            let (name, ty) = match (self.variable(passed), passed) {
                (Some(variable), _) => (names::unescape(variable.name).into_owned(), variable.ty),
                (None, Passed::Receiver(None, ty)) => (UNNAMED_RECEIVER.to_owned(), *ty),
                _ => continue,
            };
            // A receiver whose type is not in the debug information cannot be shown.
            let Some(ty) = ty else { continue };
            let place = argument(
                &readings,
                passed,
                index,
                locations.get(index).and_then(Option::as_deref),
            );
            let parameter = Parameter { name, ty, place };
            match passed {
                Passed::Receiver(..) => signature.receiver = Some(parameter),
                _ => signature.parameters.push(parameter),
            }
        }
        if signature.results_known {
            for (index, number) in results.iter().enumerate() {
                let Some(variable) = self.variables().get(*number) else {
                    continue;
                };
                let mut place = agreed(&readings, |all| all.results.get(index));
                // A result on the stack has one place from the beginning, which DWARF gives; those of registers are only for later.
                let parts = self.debug.parts_at(self.unit, &variable.location, self.address)?;
                if let (Ok(pieces), Some(parts)) = (&place, parts.as_deref())
                    && pieces
                        .iter()
                        .any(|piece| matches!(piece.slot, abi::Slot::Stack(_)))
                    && evidence::weigh(&[(pieces, Some(parts))]) == [Evidence::Differs]
                {
                    place = Err(Unreadable::Disagreement {
                        rules: describe::pieces(pieces),
                        debug_info: describe::parts(parts),
                    });
                }
                signature.results.push(Parameter {
                    name: names::unescape(variable.name).into_owned(),
                    ty: variable.ty.ok_or_else(|| damaged("a result has no type"))?,
                    place,
                });
            }
        }
        for variable in self.variables() {
            if let (Role::Captured(offset), Some(ty)) = (variable.role, variable.ty) {
                let name = names::unescape(variable.name).into_owned();
                signature.captured.push((name, ty, offset));
            }
        }
        signature.captured.sort_by_key(|(_, _, offset)| *offset);
        signature.captured.dedup();
        signature.text = text::signature(self, &first.passed, signature.results_known.then_some(&results))?;
        Ok(signature)
    }

    /// Whether DWARF may not list unnamed parameters. Since Go 1.22 that is so only of the bodies of loops over functions.
    fn leaves_out_unnamed(&self) -> bool {
        self.go_minor <= LAST_WITHOUT_UNNAMED || self.parts.base.contains("-range")
    }

    /// Whether DWARF lists results, in functions that do not loop over a function.
    pub(super) fn lists_results(&self) -> bool {
        let unoptimized = self.unit.unoptimized && !self.subprogram.moved;
        (self.go_minor > LAST_WITHOUT_RESULTS || unoptimized) && self.declared
    }

    /// Whether what DWARF lists are all the results.
    fn results_known(&self, results: &[usize]) -> Result<bool, Diagnostic> {
        let looping = || self.debug.loops_over_function(self.unit, self.subprogram.name);
        Ok(self.lists_results() && !(results.is_empty() && looping()?))
    }

    /// The ways to read DWARF's list and the run time's table together that neither of them, nor DWARF's locations, contradicts;
    /// or DWARF's list alone if there is no such way.
    fn readings(
        &self,
        known: &[Passed],
        results: &[usize],
        tables: &ArgumentTables<'_>,
    ) -> Result<Vec<Reading>, Diagnostic> {
        let shapes = self.shapes(known, results)?;
        let (arguments, outcome) = match shapes {
            Ok(shapes) => shapes,
            Err(what) => {
                return Ok(vec![Reading {
                    passed: known.to_vec(),
                    placed: Err(what),
                    evidence: Vec::new(),
                    differences: 0,
                }]);
            }
        };
        let table = match tables(self.address) {
            Some(bytes) => Node::parse(bytes),
            _ => None,
        };
        let mut readings = Vec::new();
        if let Some(table) = table {
            let mut listed = Vec::with_capacity(known.len());
            for (passed, shape) in known.iter().zip(&arguments) {
                listed.push((*passed, shape.clone(), self.type_of(passed)?));
            }
            let generic = self.go_minor >= FIRST_HIDING_DICTIONARY && self.subprogram.name.contains(&b'[');
            let hidden = usize::from(generic).min(listed.len());
            for way in self.debug.ways(&listed, hidden, &table)?.unwrap_or_default() {
                let shapes: Vec<Shape> = way.iter().map(|(_, shape, _)| shape.clone()).collect();
                let Some(assignment) = abi::place(&shapes, &outcome, self.convention) else {
                    continue;
                };
                let frames = way.iter().map(|(_, _, frame)| *frame);
                if !self.frames_fit(&assignment, frames) {
                    continue;
                }
                let reading = self.reading(way.iter().map(|(passed, _, _)| *passed).collect(), assignment)?;
                if !reading.is_contradicted() {
                    readings.push(reading);
                }
            }
        }
        let fewest = readings.iter().map(|reading| reading.differences).min();
        readings.retain(|reading| Some(reading.differences) == fewest);
        if readings.is_empty() {
            let Some(assignment) = abi::place(&arguments, &outcome, self.convention) else {
                return Err(damaged("a value is larger than the address space"));
            };
            readings.push(self.reading(known.to_vec(), assignment)?);
        }
        Ok(readings)
    }

    fn reading(&self, passed: Vec<Passed>, assignment: Assignment) -> Result<Reading, Diagnostic> {
        let locations = self.locations(&passed)?;
        let values: Vec<(&[Piece], Option<&[Part]>)> = assignment
            .arguments
            .iter()
            .zip(&locations)
            .map(|(placed, parts)| (placed.pieces.as_slice(), parts.as_deref()))
            .collect();
        Ok(Reading {
            evidence: evidence::weigh(&values),
            differences: evidence::differences(&values),
            passed,
            placed: Ok(assignment),
        })
    }

    /// Where DWARF says that each argument is at the first instruction.
    fn locations(&self, passed: &[Passed]) -> Result<Vec<Option<Vec<Part>>>, Diagnostic> {
        passed
            .iter()
            .map(|passed| match self.variable(passed) {
                Some(variable) => self.debug.parts_at(self.unit, &variable.location, self.address),
                None => Ok(None),
            })
            .collect()
    }

    /// Whether the run time's table has the arguments where the rules put them in the caller's frame. It is relative to the first slot.
    /// Where results are not known, the room for registers is moved as a whole.
    fn frames_fit(&self, assignment: &Assignment, frames: impl Iterator<Item = Option<u64>>) -> bool {
        let mut moved: Option<u64> = None;
        assignment.arguments.iter().zip(frames).all(|(placed, listed)| {
            let (Some(rule), Some(listed)) = (placed.frame, listed) else {
                return true;
            };
            let Some(rule) = rule.checked_sub(abi::FIRST_SLOT) else {
                return false;
            };
            let on_stack = placed
                .pieces
                .iter()
                .all(|piece| matches!(piece.slot, abi::Slot::Stack(_)));
            if on_stack || self.lists_results() {
                return rule == listed;
            }
            let by = listed.wrapping_sub(rule);
            *moved.get_or_insert(by) == by
        })
    }

    /// What the rules need to know of the arguments and the results; or the type that cannot be laid out.
    fn shapes(&self, known: &[Passed], results: &[usize]) -> Result<Shapes, Diagnostic> {
        let mut arguments = Vec::with_capacity(known.len());
        for passed in known {
            match self.type_of(passed)? {
                Some(ty) => match self.shape(ty)? {
                    Ok(shape) => arguments.push(shape),
                    Err(what) => return Ok(Err(what)),
                },
                None => arguments.push(Shape::word()),
            }
        }
        let mut outcome = Vec::with_capacity(results.len());
        for number in results {
            let ty = self
                .variables()
                .get(*number)
                .and_then(|variable| variable.ty)
                .ok_or_else(|| damaged("a result has no type"))?;
            match self.shape(ty)? {
                Ok(shape) => outcome.push(shape),
                Err(what) => return Ok(Err(what)),
            }
        }
        Ok(Ok((arguments, outcome)))
    }

    fn shape(&self, ty: TypeRef) -> Result<Result<Shape, String>, Diagnostic> {
        match abi::shape(ty, &mut |ty| self.debug.type_of(ty)) {
            Ok(shape) => Ok(Ok(shape)),
            Err(NoPlace::Shape(what)) => Ok(Err(what)),
            Err(NoPlace::Type(diagnostic)) => Err(diagnostic),
        }
    }
}

/// A parameter of which only the run time's table knows.
fn unnamed() -> Parameter {
    Parameter {
        name: "_".to_owned(),
        ty: UNNAMED,
        place: Err(Unreadable::UnknownType(
            "an unnamed parameter, which the debug information leaves out".to_owned(),
        )),
    }
}

/// The place of an argument if every reading gives the same and nothing speaks against it.
fn argument(
    readings: &[Reading],
    passed: &Passed,
    index: usize,
    location: Option<&[Part]>,
) -> Result<Vec<Piece>, Unreadable> {
    if let [only] = readings
        && let Ok(assignment) = &only.placed
        && let (Some(placed), Some(found)) = (assignment.arguments.get(index), only.evidence.get(index))
    {
        // What follows the last argument that is where the rules put it may have moved as well.
        let confirmed_later = only
            .evidence
            .iter()
            .skip(index)
            .any(|found| *found == Evidence::Agrees);
        let doubtful = match found {
            Evidence::Agrees => false,
            Evidence::Differs => true,
            Evidence::None => only.is_contradicted() && !confirmed_later && !placed.pieces.is_empty(),
        };
        if doubtful {
            return Err(Unreadable::Disagreement {
                rules: describe::pieces(&placed.pieces),
                debug_info: match location {
                    Some(parts) => describe::parts(parts),
                    None => "a parameter before it is not where the rules put it".to_owned(),
                },
            });
        }
    }
    let find = |reading: &Reading| reading.passed.iter().position(|other| other == passed);
    agreed_at(readings, |reading, all| all.arguments.get(find(reading)?))
}

/// The place that all readings give.
fn agreed(
    readings: &[Reading],
    find: impl Fn(&Assignment) -> Option<&abi::Placed>,
) -> Result<Vec<Piece>, Unreadable> {
    agreed_at(readings, |_, all| find(all))
}

fn agreed_at(
    readings: &[Reading],
    find: impl for<'a> Fn(&'a Reading, &'a Assignment) -> Option<&'a abi::Placed>,
) -> Result<Vec<Piece>, Unreadable> {
    let mut place: Option<&[Piece]> = None;
    for reading in readings {
        let all = match &reading.placed {
            Ok(all) => all,
            Err(what) => return Err(Unreadable::UnknownType(what.clone())),
        };
        let Some(found) = find(reading, all) else { continue };
        match place {
            Some(place) if place != found.pieces => {
                return Err(Unreadable::Disagreement {
                    rules: format!(
                        "{} or {}",
                        describe::pieces(place),
                        describe::pieces(&found.pieces)
                    ),
                    debug_info: "the unnamed parameters are left out".to_owned(),
                });
            }
            _ => place = Some(&found.pieces),
        }
    }
    place
        .map(<[Piece]>::to_vec)
        .ok_or_else(|| Unreadable::UnknownType("a value that has no place".to_owned()))
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
