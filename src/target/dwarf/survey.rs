//! One pass over all of `.debug_info`, for questions about the whole program.

use std::collections::{BTreeMap, HashSet};

use gimli::{AttributeValue, EntriesRaw};
use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::goname::{escapes, function};
use crate::gotype::abi::Abi;
use crate::target::dwarf::function::{MOST_VARIABLES, Subprogram};
use crate::target::dwarf::section::{Addresses, Reader, damaged};
use crate::target::dwarf::unit::Unit;
use crate::target::dwarf::{ArgumentTables, Debug};
use crate::target::signature::context::Context;
use crate::target::signature::parts::{self, LAST_WITHOUT_UNNAMED, Passed};
use crate::target::signature::text;

/// What `gobt funcs` shows of the debug information.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// The address of every function that has code, and its signature as Go writes it; by address.
    pub signatures: Vec<(u64, String)>,
    /// How many calls of a function were inlined, by its full Go name.
    pub inlined: BTreeMap<String, usize>,
}

/// An inlined call, by offsets in `.debug_info`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::target) struct Inlined {
    /// The general entry of the function that was inlined.
    pub(in crate::target) callee: usize,
    /// The entry of the call.
    pub(in crate::target) call: usize,
    /// The entry of the function with code that the call is in.
    pub(in crate::target) caller: usize,
}

/// What the pass collects.
#[derive(Clone, Debug, Default)]
pub(in crate::target) struct Survey {
    /// Functions with code, and their signatures if those were asked for.
    pub(in crate::target) signatures: Vec<(u64, String)>,
    /// Every inlined call.
    pub(in crate::target) inlined: Vec<Inlined>,
    /// General entries of functions that were inlined somewhere.
    pub(in crate::target) general: Vec<usize>,
    /// Those of them that also have code of their own.
    pub(in crate::target) with_code: Vec<usize>,
}

impl Survey {
    fn join(mut self, mut other: Self) -> Self {
        self.signatures.append(&mut other.signatures);
        self.inlined.append(&mut other.inlined);
        self.general.append(&mut other.general);
        self.with_code.append(&mut other.with_code);
        self
    }
}

impl Debug<'_> {
    /// All signatures, and how often each function was inlined, in one pass.
    ///
    /// # Errors
    /// E0250 when the debug information is damaged.
    pub fn overview(&self, tables: &ArgumentTables<'_>) -> Result<Overview, Diagnostic> {
        let mut survey = self.survey(Some(tables))?;
        survey.signatures.par_sort_unstable();
        let mut callees: Vec<usize> = survey.inlined.iter().map(|call| call.callee).collect();
        callees.par_sort_unstable();
        let mut inlined = BTreeMap::new();
        for same in callees.chunk_by(|a, b| a == b) {
            if let Some(callee) = same.first() {
                *inlined.entry(self.name_at(*callee)?).or_default() += same.len();
            }
        }
        Ok(Overview {
            signatures: survey.signatures,
            inlined,
        })
    }

    /// The full Go name of the function whose entry this is.
    pub(in crate::target) fn name_at(&self, entry: usize) -> Result<String, Diagnostic> {
        let (_, name, _) = self.tag_name_target(entry)?;
        Ok(escapes::unescape(name).into_owned())
    }

    /// Walks every unit, several at a time.
    pub(in crate::target) fn survey(
        &self,
        signatures: Option<&ArgumentTables<'_>>,
    ) -> Result<Survey, Diagnostic> {
        self.sections.begin();
        let info = self.sections.info()?;
        let addresses = self.sections.addresses()?;
        self.units()?
            .list()
            .par_iter()
            .filter(|unit| unit.go)
            .map(|unit| {
                let walk = Walk {
                    debug: self,
                    unit,
                    addresses,
                    signatures,
                    looping: HashSet::new(),
                    without_results: Vec::new(),
                    survey: Survey::default(),
                };
                walk.run(info)
            })
            .try_reduce(Survey::default, |a, b| Ok(a.join(b)))
    }
}

/// A walk through one unit.
struct Walk<'w, 'data, 't> {
    debug: &'w Debug<'data>,
    unit: &'w Unit,
    addresses: Addresses<'w>,
    /// The run time's tables if signatures are asked for.
    signatures: Option<&'w ArgumentTables<'t>>,
    /// Names of functions that loop over a function.
    looping: HashSet<&'w [u8]>,
    /// The numbers among the signatures, and the names, of functions that list no results.
    without_results: Vec<(usize, &'w [u8])>,
    survey: Survey,
}

/// The function with code that the walk is in.
struct Current<'w> {
    entry: usize,
    low_pc: u64,
    origin: Option<usize>,
    subprogram: Subprogram<'w>,
    /// The depth of the outermost inlined call that the walk is in.
    inlined_at: Option<isize>,
}

impl<'w> Walk<'w, '_, '_> {
    fn run(mut self, info: Reader<'w>) -> Result<Survey, Diagnostic> {
        let start = self.unit.start;
        let wrong = |error| damaged(format!("the unit at {start:#x} is wrong ({error})"));
        let mut entries = self.unit.entries(info, None)?;
        let mut current: Option<Current<'w>> = None;
        while !entries.is_empty() {
            let depth = entries.next_depth();
            let at = start + entries.next_offset().0;
            if depth == 1
                && let Some(done) = current.take()
            {
                self.finish(done)?;
            }
            let Some(abbreviation) = entries.read_abbreviation().map_err(wrong)? else {
                if entries.next_depth() <= 0 {
                    break;
                }
                continue;
            };
            let specs = abbreviation.attributes();
            if let Some(current) = &mut current
                && current.inlined_at.is_some_and(|inlined| depth <= inlined)
            {
                current.inlined_at = None;
            }
            match (abbreviation.tag(), &mut current) {
                (gimli::DW_TAG_subprogram, None) if depth == 1 => {
                    current = self.subprogram(&mut entries, abbreviation, at)?;
                }
                (gimli::DW_TAG_inlined_subroutine, Some(current)) => {
                    let callee = reference(self.unit, &mut entries, abbreviation).map_err(wrong)?;
                    self.survey.inlined.extend(callee.map(|callee| Inlined {
                        callee,
                        call: at,
                        caller: current.entry,
                    }));
                    if current.inlined_at.is_none() && abbreviation.has_children() {
                        current.inlined_at = Some(depth);
                    }
                }
                (gimli::DW_TAG_formal_parameter, Some(current))
                    if self.signatures.is_some() && current.inlined_at.is_none() =>
                {
                    let variable = self.debug.variable_entry(self.unit, &mut entries, abbreviation)?;
                    current.subprogram.variables.extend(variable);
                    if current.subprogram.variables.len() > MOST_VARIABLES {
                        return Err(damaged(format!(
                            "a function of the unit at {start:#x} has too many parameters"
                        )));
                    }
                }
                _ => entries.skip_attributes(specs).map_err(wrong)?,
            }
        }
        if let Some(done) = current.take() {
            self.finish(done)?;
        }
        for (index, name) in &self.without_results {
            if self.looping.contains(name)
                && let Some((_, text)) = self.survey.signatures.get_mut(*index)
                && !text.ends_with(text::RESULTS_UNKNOWN)
            {
                text.push_str(text::RESULTS_UNKNOWN);
            }
        }
        Ok(self.survey)
    }

    /// Reads a function's own entry; none if it has no code.
    fn subprogram(
        &mut self,
        entries: &mut EntriesRaw<'_, Reader<'w>>,
        abbreviation: &gimli::Abbreviation,
        at: usize,
    ) -> Result<Option<Current<'w>>, Diagnostic> {
        let mut current = Current {
            entry: at,
            low_pc: 0,
            origin: None,
            subprogram: Subprogram {
                name: &[],
                variables: Vec::new(),
                moved: false,
            },
            inlined_at: None,
        };
        let mut low = None;
        let mut general = false;
        for spec in abbreviation.attributes() {
            let attribute = entries
                .read_attribute(*spec)
                .map_err(|error| damaged(format!("the function at {at:#x} is wrong ({error})")))?;
            let value = attribute.value();
            match (attribute.name(), &value) {
                (gimli::DW_AT_name, _) => {
                    current.subprogram.name = self.debug.sections.text(&value)?;
                    self.looping.extend(function::looping(current.subprogram.name));
                }
                (gimli::DW_AT_abstract_origin, _) => current.origin = self.unit.target(&value),
                (gimli::DW_AT_inline, _) => general = true,
                (gimli::DW_AT_low_pc, AttributeValue::Addr(address)) => low = Some(*address),
                (gimli::DW_AT_low_pc, AttributeValue::DebugAddrIndex(number)) => {
                    low = Some(self.addresses.get(self.unit, number.0)?);
                }
                _ => {}
            }
        }
        if general {
            self.survey.general.push(at);
        }
        let Some(low) = low else { return Ok(None) };
        current.low_pc = low;
        self.survey.with_code.extend(current.origin);
        Ok(Some(current))
    }

    fn finish(&mut self, current: Current<'w>) -> Result<(), Diagnostic> {
        let Some(tables) = self.signatures else {
            return Ok(());
        };
        let mut subprogram = current.subprogram;
        if let Some(origin) = current.origin {
            self.debug.complete_from(&mut subprogram, origin)?;
        }
        let name = String::from_utf8_lossy(subprogram.name);
        let context = Context {
            debug: self.debug,
            unit: self.unit,
            subprogram: &subprogram,
            parts: &function::split(&name),
            address: current.low_pc,
            convention: self.debug.processor.convention(Abi::Internal),
            go_minor: self.unit.go_minor.unwrap_or(u32::MAX),
            declared: true,
            wrapper: false,
        };
        let passed = context.shown(tables)?;
        let results = parts::results(&subprogram.variables);
        if results.is_empty() {
            self.without_results
                .push((self.survey.signatures.len(), subprogram.name));
        }
        // Since Go 1.22 only assembly has parameters of which nothing is listed.
        let assembly = subprogram.variables.is_empty()
            && passed.contains(&Passed::Unnamed)
            && context.go_minor > LAST_WITHOUT_UNNAMED;
        let results = (context.lists_results() && !assembly).then_some(&results);
        let text = text::signature(&context, &passed, results)?;
        self.survey.signatures.push((current.low_pc, text));
        Ok(())
    }
}

/// What an entry's `DW_AT_abstract_origin` refers to; its other attributes are skipped.
pub(super) fn reference<'w>(
    unit: &Unit,
    entries: &mut EntriesRaw<'_, Reader<'w>>,
    abbreviation: &gimli::Abbreviation,
) -> gimli::Result<Option<usize>> {
    let mut target = None;
    let mut specs = abbreviation.attributes();
    while let Some((first, rest)) = specs.split_first() {
        specs = rest;
        if first.name() == gimli::DW_AT_abstract_origin {
            target = unit.target(&entries.read_attribute(*first)?.value());
            break;
        }
        entries.skip_attributes(std::slice::from_ref(first))?;
    }
    entries.skip_attributes(specs)?;
    Ok(target)
}
