//! Ways to read what DWARF and the run time's table list of a function's arguments, and what they agree on.

use crate::diagnostic::Diagnostic;
use crate::gotype::TypeRef;
use crate::gotype::abi::{self, Assignment, NoPlace, Piece, Shape};
use crate::target::Unreadable;
use crate::target::dwarf::ArgumentTables;
use crate::target::dwarf::location::Part;
use crate::target::dwarf::section::damaged;
use crate::target::signature::context::Context;
use crate::target::signature::evidence::{self, Evidence, describe};
use crate::target::signature::parts::Passed;
use crate::target::signature::unnamed::Node;

/// From this release on the run time's table of arguments leaves out the first argument of what has type arguments in
/// its name.
const FIRST_HIDING_DICTIONARY: u32 = 18;

/// The shapes of arguments and results, or the type that cannot be laid out.
type Shapes = Result<(Vec<Shape>, Vec<Shape>), String>;

/// Why values have no places, or the places.
type Placed = Result<Assignment, String>;

/// The places that one reading of the tables gives, and what DWARF's locations say of them.
pub(in crate::target) struct Reading {
    pub(in crate::target) passed: Vec<Passed>,
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
    /// The ways to read DWARF's list and the run time's table together that neither of them, nor DWARF's locations,
    /// contradicts; or DWARF's list alone if there is no such way.
    pub(in crate::target) fn readings(
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
    pub(in crate::target) fn locations(
        &self,
        passed: &[Passed],
    ) -> Result<Vec<Option<Vec<Part>>>, Diagnostic> {
        passed
            .iter()
            .map(|passed| match self.variable(passed) {
                Some(variable) => self.debug.parts_at(self.unit, &variable.location, self.address),
                None => Ok(None),
            })
            .collect()
    }

    /// Whether the run time's table has the arguments where the rules put them in the caller's frame. It is relative to
    /// the first slot. Where results are not known, the room for registers is moved as a whole.
    fn frames_fit(&self, assignment: &Assignment, frames: impl Iterator<Item = Option<u64>>) -> bool {
        let mut moved: Option<u64> = None;
        assignment.arguments.iter().zip(frames).all(|(placed, listed)| {
            let (Some(rule), Some(listed)) = (placed.frame, listed) else {
                return true;
            };
            let Some(rule) = rule.checked_sub(self.convention.first_slot) else {
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

/// The place of an argument if every reading gives the same and nothing speaks against it.
pub(in crate::target) fn argument(
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
pub(in crate::target) fn agreed(
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
