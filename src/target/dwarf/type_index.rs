//! Types by name.

use std::hash::{DefaultHasher, Hasher};
use std::ops::ControlFlow;

use gimli::DwTag;

use crate::diagnostic::Diagnostic;
use crate::goname::escapes::unescape;
use crate::target::dwarf::Debug;
use crate::target::dwarf::section::damaged;
use crate::target::dwarf::unit::Unit;

/// The hash of every type's name and the offset of its entry, sorted: what is kept must not borrow from what it is kept
/// beside.
#[derive(Debug, Default)]
pub(in crate::target) struct TypeIndex {
    sorted: Vec<(u64, usize)>,
}

impl Debug<'_> {
    /// Where the type of this full Go name is, if the program has it.
    pub(in crate::target) fn find_type(&self, name: &str) -> Result<Option<usize>, Diagnostic> {
        let index = self.type_index.get_or_init(|| self.index_types());
        let index = index.as_ref().map_err(Clone::clone)?;
        let hash = hash(name.as_bytes());
        let first = index.sorted.partition_point(|(other, _)| *other < hash);
        let same = index
            .sorted
            .iter()
            .skip(first)
            .take_while(|(other, _)| *other == hash);
        let mut found = None;
        // Two entries have a named struct's name: references are to its typedef, so that comes before the struct.
        for (_, offset) in same.take(8) {
            let (tag, found_name, _) = self.tag_name_target(*offset)?;
            if unescape(found_name) != name {
                continue;
            }
            if tag == gimli::DW_TAG_typedef {
                return Ok(Some(*offset));
            }
            found = found.or(Some(*offset));
        }
        Ok(found)
    }

    /// The linker puts all types into one of the units called `runtime`, as children of the root.
    fn index_types(&self) -> Result<TypeIndex, Diagnostic> {
        self.sections.begin();
        let mut sorted = Vec::new();
        for unit in self.units()?.list() {
            if unit.go && unit.name == "runtime" {
                self.index_unit(unit, &mut sorted)?;
            }
        }
        sorted.sort_unstable();
        Ok(TypeIndex { sorted })
    }

    fn index_unit(&self, unit: &Unit, into: &mut Vec<(u64, usize)>) -> Result<(), Diagnostic> {
        let wrong = |error| damaged(format!("the unit at {:#x} is wrong ({error})", unit.start));
        unit.children(self.sections.info()?, |entries, abbreviation, at| {
            let mut specs = abbreviation.attributes();
            if is_type(abbreviation.tag())
                && let Some((first, rest)) = specs.split_first()
                && first.name() == gimli::DW_AT_name
            {
                let attribute = entries.read_attribute(*first).map_err(wrong)?;
                let name = self.sections.text(&attribute.value())?;
                into.push((hash(unescape(name).as_bytes()), at));
                specs = rest;
            }
            entries.skip_attributes(specs).map_err(wrong)?;
            Ok(ControlFlow::Continue(()))
        })
    }

    /// An entry's tag, its name, and the type it refers to.
    pub(in crate::target) fn tag_name_target(
        &self,
        offset: usize,
    ) -> Result<(DwTag, &[u8], Option<usize>), Diagnostic> {
        let unit = self.units()?.at(offset)?;
        let wrong = |error| damaged(format!("the entry at {offset:#x} is wrong ({error})"));
        let mut entries = unit.entries(self.sections.info()?, Some(offset))?;
        let abbreviation = entries
            .read_abbreviation()
            .map_err(wrong)?
            .ok_or_else(|| damaged(format!("there is no entry at {offset:#x}")))?;
        let mut name: &[u8] = &[];
        let mut target = None;
        for spec in abbreviation.attributes() {
            match spec.name() {
                gimli::DW_AT_name => {
                    let attribute = entries.read_attribute(*spec).map_err(wrong)?;
                    name = self.sections.text(&attribute.value())?;
                }
                gimli::DW_AT_type => {
                    target = unit.target(&entries.read_attribute(*spec).map_err(wrong)?.value());
                    break;
                }
                _ => entries
                    .skip_attributes(std::slice::from_ref(spec))
                    .map_err(wrong)?,
            }
        }
        Ok((abbreviation.tag(), name, target))
    }
}

fn is_type(tag: DwTag) -> bool {
    matches!(
        tag,
        gimli::DW_TAG_base_type
            | gimli::DW_TAG_structure_type
            | gimli::DW_TAG_pointer_type
            | gimli::DW_TAG_typedef
            | gimli::DW_TAG_array_type
            | gimli::DW_TAG_subroutine_type
    )
}

fn hash(name: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(name);
    hasher.finish()
}
