//! The data for one function's signature, and the construction of the signature.

use crate::diagnostic::Diagnostic;
use crate::goname::escapes;
use crate::goname::function::{self, FunctionName};
use crate::gotype::TypeRef;
use crate::gotype::abi::{self, Convention, Piece};
use crate::target::dwarf::function::{Role, Subprogram, Variable};
use crate::target::dwarf::section::damaged;
use crate::target::dwarf::unit::Unit;
use crate::target::dwarf::{ArgumentTables, Debug, UNNAMED};
use crate::target::signature::evidence::{self, Evidence, describe};
use crate::target::signature::parts::{LAST_WITHOUT_UNNAMED, Passed, results};
use crate::target::signature::reading::argument;
use crate::target::signature::{reading, text};
use crate::target::{Parameter, Signature, Unreadable};

/// What later releases call an unnamed receiver.
const UNNAMED_RECEIVER: &str = "~p0";
/// What the first unnamed result is called.
const UNNAMED_RESULT: &str = "~r0";
/// The last Go release whose debug information leaves out results that are passed in registers.
const LAST_WITHOUT_RESULTS: u32 = 17;

/// The function that a question is about.
pub(in crate::target) struct Context<'c, 'data> {
    pub(in crate::target) debug: &'c Debug<'data>,
    pub(in crate::target) unit: &'c Unit,
    pub(in crate::target) subprogram: &'c Subprogram<'c>,
    pub(in crate::target) parts: &'c FunctionName<'c>,
    pub(in crate::target) address: u64,
    pub(in crate::target) convention: &'static Convention,
    pub(in crate::target) go_minor: u32,
    /// Its declaration in Go is known; that of an assembly function may not be.
    pub(in crate::target) declared: bool,
    /// The compiler made it to call another function.
    pub(in crate::target) wrapper: bool,
}

impl Context<'_, '_> {
    pub(in crate::target) fn variables(&self) -> &[Variable<'_>] {
        &self.subprogram.variables
    }

    pub(in crate::target) fn variable(&self, passed: &Passed) -> Option<&Variable<'_>> {
        match passed {
            Passed::Receiver(Some(number), _) | Passed::Parameter(number) => self.variables().get(*number),
            _ => None,
        }
    }

    /// The type of a receiver or parameter; none for words that the source does not show.
    pub(in crate::target) fn type_of(&self, passed: &Passed) -> Result<Option<TypeRef>, Diagnostic> {
        match passed {
            Passed::Receiver(_, ty) => Ok(*ty),
            Passed::Parameter(_) => match self.variable(passed).and_then(|variable| variable.ty) {
                Some(ty) => Ok(Some(ty)),
                None => Err(damaged("a parameter has no type")),
            },
            Passed::Unnamed | Passed::Dictionary => Ok(None),
        }
    }

    /// The parameters, including those that DWARF leaves out, to be shown to a person.
    pub(in crate::target) fn shown(&self, tables: &ArgumentTables<'_>) -> Result<Vec<Passed>, Diagnostic> {
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

    pub(in crate::target) fn signature(&self, tables: &ArgumentTables<'_>) -> Result<Signature, Diagnostic> {
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
                (Some(variable), _) => (escapes::unescape(variable.name).into_owned(), variable.ty),
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
                let mut place = reading::agreed(&readings, |all| all.results.get(index));
                // A result on the stack has one place from the beginning, which DWARF gives; those of registers are
                // only for later.
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
                    name: escapes::unescape(variable.name).into_owned(),
                    ty: variable.ty.ok_or_else(|| damaged("a result has no type"))?,
                    place,
                });
            }
        }
        if let Some(more) = self.loop_goes_on(&results)? {
            signature.results_known = true;
            signature.results.push(more);
        }
        for variable in self.variables() {
            if let (Role::Captured(offset), Some(ty)) = (variable.role, variable.ty) {
                let name = escapes::unescape(variable.name).into_owned();
                signature.captured.push((name, ty, offset));
            }
        }
        signature.captured.sort_by_key(|(_, _, offset)| *offset);
        signature.captured.dedup();
        signature.text = text::signature(self, &first.passed, signature.results_known.then_some(&results))?;
        Ok(signature)
    }

    /// The result of a loop's body, which is a function that tells whether the loop goes on. DWARF does not list it
    /// (`src/cmd/compile/internal/rangefunc/rewrite.go`).
    fn loop_goes_on(&self, results: &[usize]) -> Result<Option<Parameter>, Diagnostic> {
        let Some(first) = self.convention.integers.first() else {
            return Ok(None);
        };
        if !results.is_empty() || !function::is_loop_body(self.parts.base) {
            return Ok(None);
        }
        let ty = self.debug.type_named("bool")?;
        Ok(ty.map(|ty| Parameter {
            name: UNNAMED_RESULT.to_owned(),
            ty,
            place: Ok(vec![Piece {
                offset: 0,
                size: 1,
                slot: abi::Slot::Register(*first),
            }]),
        }))
    }

    /// Whether DWARF may not list unnamed parameters. Since Go 1.22 that is so only of the bodies of loops over
    /// functions.
    fn leaves_out_unnamed(&self) -> bool {
        self.go_minor <= LAST_WITHOUT_UNNAMED || self.parts.base.contains("-range")
    }

    /// Whether DWARF lists results, in functions that do not loop over a function.
    pub(in crate::target) fn lists_results(&self) -> bool {
        let unoptimized = self.unit.unoptimized && !self.subprogram.moved;
        (self.go_minor > LAST_WITHOUT_RESULTS || unoptimized) && self.declared
    }

    /// Whether what DWARF lists are all the results.
    fn results_known(&self, results: &[usize]) -> Result<bool, Diagnostic> {
        let looping = || self.debug.loops_over_function(self.unit, self.subprogram.name);
        // Go 1.20 and 1.21 do not list those of some wrappers for promoted methods.
        let wrapper = self.wrapper && self.go_minor <= LAST_WITHOUT_UNNAMED && results.is_empty();
        Ok(self.lists_results() && !wrapper && !(results.is_empty() && looping()?))
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
