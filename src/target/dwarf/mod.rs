//! DWARF of a Go program: types, signatures, inlined calls, addresses of variables.
//!
//! Nothing is read before a question needs it, and then only the sections, units and entries that it needs.
//! Offsets and names come from strangers: every read is checked, references are followed a bounded number of times.

#[cfg(test)]
mod forged;
pub(in crate::target) mod function;
pub(in crate::target) mod inline;
pub(in crate::target) mod location;
pub(in crate::target) mod section;
pub(in crate::target) mod survey;
pub(in crate::target) mod type_index;
pub(in crate::target) mod types;
pub(in crate::target) mod unit;
pub(in crate::target) mod variable;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use object::read::elf::{ElfFile64, FileHeader as _};

use crate::arch::Processor;
use crate::diagnostic::Diagnostic;
use crate::gotype::{GoType, Kind, TypeRef};
use crate::target::kept::Kept;
pub use survey::Overview;

use function::{CodeMap, UnitFunctions};
use section::Sections;
use type_index::TypeIndex;
use unit::Units;

/// The run time's table of a function's arguments (FUNCDATA 5, `FUNCDATA_ArgInfo`), by the function's address; it may
/// be followed by other data. It is asked for up to Go 1.21 only.
pub type ArgumentTables<'t> = dyn Fn(u64) -> Option<&'t [u8]> + Sync + 't;

/// The type of a parameter that the debug information leaves out.
pub(in crate::target) const UNNAMED: TypeRef = TypeRef(u64::MAX);

/// A program's debug information.
pub struct Debug<'data> {
    pub(in crate::target) processor: Processor,
    pub(in crate::target) sections: Sections<'data>,
    units: OnceLock<Result<Units, Diagnostic>>,
    types: Mutex<HashMap<TypeRef, GoType>>,
    type_index: OnceLock<Result<TypeIndex, Diagnostic>>,
    code_map: OnceLock<Result<CodeMap, Diagnostic>>,
    functions: Mutex<HashMap<usize, Arc<UnitFunctions>>>,
}

impl<'data> Debug<'data> {
    /// The debug information of `main`, or of its separate debug file where that has it. None if neither has any.
    ///
    /// # Errors
    /// E0250 when the section headers cannot be right.
    pub fn open(
        main: &ElfFile64<'data>,
        debug: Option<&ElfFile64<'data>>,
    ) -> Result<Option<Self>, Diagnostic> {
        Self::open_keeping(main, debug, None)
    }

    /// The same; large sections are kept inflated in `kept`.
    ///
    /// # Errors
    /// Those of [`Debug::open`].
    pub(crate) fn open_keeping(
        main: &ElfFile64<'data>,
        debug: Option<&ElfFile64<'data>>,
        kept: Option<&'data Kept>,
    ) -> Result<Option<Self>, Diagnostic> {
        let header = main.elf_header();
        let Some(processor) = Processor::of_machine(header.e_machine(main.endian()).0) else {
            return Err(section::damaged("it is for an unknown processor"));
        };
        let separate = match debug {
            Some(file) => Sections::find(file, kept)?,
            None => None,
        };
        let sections = match separate {
            Some(sections) => Some(sections),
            None => Sections::find(main, kept)?,
        };
        Ok(sections.map(|sections| Self {
            processor,
            sections,
            units: OnceLock::new(),
            types: Mutex::new(HashMap::new()),
            type_index: OnceLock::new(),
            code_map: OnceLock::new(),
            functions: Mutex::new(HashMap::new()),
        }))
    }

    /// True if the sections for signatures and types are in memory already, or are small enough to be read in a few
    /// milliseconds.
    #[must_use]
    pub fn is_at_hand(&self) -> bool {
        self.sections.is_at_hand()
    }

    pub(in crate::target) fn units(&self) -> Result<&Units, Diagnostic> {
        self.units
            .get_or_init(|| Units::read(&self.sections))
            .as_ref()
            .map_err(Clone::clone)
    }

    /// The type that `ty` names.
    ///
    /// # Errors
    /// E0250 when the entry, or one that it is made of, is damaged.
    pub fn type_of(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        if ty == UNNAMED {
            return Ok(GoType {
                name: "_".to_owned(),
                size: 0,
                kind: Kind::Opaque("an unnamed parameter".to_owned()),
                descriptor: None,
            });
        }
        let known = self
            .types
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&ty)
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let read = self.read_type(ty)?;
        self.types
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(ty, read.clone());
        Ok(read)
    }

    /// A type by its full Go name (`runtime.g`, `*errors.errorString`, `[]uint8`), if the program has it.
    ///
    /// # Errors
    /// E0250 when the types are damaged.
    pub fn type_named(&self, name: &str) -> Result<Option<TypeRef>, Diagnostic> {
        Ok(self.find_type(name)?.map(|offset| TypeRef(offset as u64)))
    }
}
