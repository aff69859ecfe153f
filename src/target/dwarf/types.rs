//! Go's types, one entry of DWARF at a time.
//!
//! The linker writes them in `newtype` of `src/cmd/link/internal/ld/dwarf.go`: all as children of one unit's root, with
//! Go's own attributes for what DWARF has no word for.

use gimli::{AttributeValue, DwAt};

use crate::diagnostic::Diagnostic;
use crate::goname::escapes::unescape;
use crate::gotype::{Field, GoType, Kind, TypeRef};
use crate::target::dwarf::Debug;
use crate::target::dwarf::section::{Reader, damaged};
use crate::target::dwarf::unit::Unit;

/// `DW_AT_go_kind` and its like (`src/cmd/internal/dwarf/dwarf.go`).
pub(in crate::target) const GO_KIND: DwAt = DwAt(0x2900);
const GO_KEY: DwAt = DwAt(0x2901);
const GO_ELEM: DwAt = DwAt(0x2902);
const GO_EMBEDDED: DwAt = DwAt(0x2903);
/// Offset of the type's descriptor from `runtime.types`; 0 if the program keeps none.
const GO_RUNTIME_TYPE: DwAt = DwAt(0x2904);
/// Where a closure object holds a captured variable; Go 1.23 and later.
pub(in crate::target) const GO_CLOSURE_OFFSET: DwAt = DwAt(0x2907);

/// Typedefs followed for one type; the linker makes chains of at most four.
const LONGEST_CHAIN: usize = 16;

/// Fields of one struct; the largest real ones have some thousands.
const MOST_FIELDS: usize = 50_000;

/// The attributes of one entry that a type needs.
#[derive(Default)]
struct Entry<'a> {
    name: &'a [u8],
    kind: Option<u64>,
    size: Option<u64>,
    encoding: Option<gimli::DwAte>,
    descriptor: Option<u64>,
    target: Option<usize>,
    key: Option<usize>,
    element: Option<usize>,
    count: Option<u64>,
    offset: Option<u64>,
    embedded: bool,
}

impl Debug<'_> {
    /// The type that an entry describes.
    pub(in crate::target) fn read_type(&self, ty: TypeRef) -> Result<GoType, Diagnostic> {
        let mut at = usize::try_from(ty.0).map_err(|_| damaged("a type is beyond the address space"))?;
        let mut name: Option<String> = None;
        for _ in 0..LONGEST_CHAIN {
            let unit = self.units()?.at(at)?;
            let mut entries = unit.entries(self.sections.info()?, Some(at))?;
            let wrong = |error| damaged(format!("the type at {at:#x} cannot be read ({error})"));
            let abbreviation = entries
                .read_abbreviation()
                .map_err(wrong)?
                .ok_or_else(|| damaged(format!("there is no type at {at:#x}")))?;
            let entry = self.attributes(unit, &mut entries, abbreviation)?;
            let here = || unescape(entry.name).into_owned();
            let mut finish = |size: u64, kind: Kind| GoType {
                name: name.take().unwrap_or_else(here),
                size,
                kind,
                descriptor: self.descriptor(unit, &entry),
            };
            let reference = |target: Option<usize>| match target {
                Some(target) => Ok(TypeRef(target as u64)),
                None => Err(damaged(format!(
                    "the type at {at:#x} does not refer to the type that it is made of"
                ))),
            };
            return Ok(match (abbreviation.tag(), entry.kind.map(|kind| kind & 0x1f)) {
                (gimli::DW_TAG_base_type, kind) => {
                    let size = entry.size.unwrap_or(0);
                    finish(size, scalar(kind, entry.encoding))
                }
                (gimli::DW_TAG_pointer_type, _) => match entry.target {
                    Some(target) => finish(8, Kind::Pointer(TypeRef(target as u64))),
                    None => finish(8, Kind::UnsafePointer),
                },
                (gimli::DW_TAG_subroutine_type, _) => finish(8, Kind::Func),
                (gimli::DW_TAG_typedef, Some(18)) => finish(8, Kind::Chan(reference(entry.element)?)),
                (gimli::DW_TAG_typedef, Some(21)) => {
                    let (key, element) = (reference(entry.key)?, reference(entry.element)?);
                    finish(8, Kind::Map { key, element })
                }
                (gimli::DW_TAG_typedef, Some(20)) => {
                    let methods = self.has_methods(entry.target)?;
                    finish(16, Kind::Interface { methods })
                }
                (gimli::DW_TAG_structure_type, Some(24)) => finish(16, Kind::String),
                (gimli::DW_TAG_structure_type, Some(23)) => {
                    finish(24, Kind::Slice(reference(entry.element)?))
                }
                (gimli::DW_TAG_structure_type, _) => {
                    let fields = if abbreviation.has_children() {
                        self.fields(unit, &mut entries)?
                    } else {
                        Vec::new()
                    };
                    finish(entry.size.unwrap_or(0), Kind::Struct(fields))
                }
                (gimli::DW_TAG_array_type, _) => {
                    let element = reference(entry.target)?;
                    let count = self.array_length(unit, &mut entries, abbreviation.has_children())?;
                    match (count, entry.size) {
                        (Some(count), Some(size)) => finish(size, Kind::Array(element, count)),
                        _ => finish(
                            entry.size.unwrap_or(0),
                            Kind::Opaque("an array of unknown length".to_owned()),
                        ),
                    }
                }
                (gimli::DW_TAG_typedef, _) => {
                    // A type parameter's own name, `.param0`, says nothing; what it stands for has a better one.
                    if name.is_none() && !entry.name.starts_with(b".param") {
                        name = Some(here());
                    }
                    at = usize::try_from(reference(entry.target)?.0).unwrap_or(usize::MAX);
                    continue;
                }
                (gimli::DW_TAG_unspecified_type, _) => {
                    finish(0, Kind::Opaque("an unspecified type".to_owned()))
                }
                (tag, _) => {
                    let what = tag.static_string().unwrap_or("an unknown entry");
                    finish(entry.size.unwrap_or(0), Kind::Opaque(what.to_owned()))
                }
            });
        }
        Err(damaged(format!("the type at {:#x} is defined by itself", ty.0)))
    }

    /// Reads an entry's attributes.
    fn attributes<'s>(
        &'s self,
        unit: &Unit,
        entries: &mut gimli::EntriesRaw<'_, Reader<'s>>,
        abbreviation: &gimli::Abbreviation,
    ) -> Result<Entry<'s>, Diagnostic> {
        let mut entry = Entry::default();
        for spec in abbreviation.attributes() {
            let attribute = entries.read_attribute(*spec).map_err(|error| {
                damaged(format!(
                    "an entry of the unit at {:#x} is wrong ({error})",
                    unit.start
                ))
            })?;
            let value = attribute.value();
            match attribute.name() {
                gimli::DW_AT_name => entry.name = self.sections.text(&value)?,
                gimli::DW_AT_byte_size => entry.size = value.udata_value(),
                gimli::DW_AT_type => entry.target = unit.target(&value),
                gimli::DW_AT_count => entry.count = value.udata_value(),
                gimli::DW_AT_data_member_location => entry.offset = value.udata_value(),
                gimli::DW_AT_encoding => {
                    if let AttributeValue::Encoding(encoding) = value {
                        entry.encoding = Some(encoding);
                    }
                }
                GO_KIND => entry.kind = value.udata_value(),
                GO_KEY => entry.key = unit.target(&value),
                GO_ELEM => entry.element = unit.target(&value),
                GO_EMBEDDED => entry.embedded = matches!(value, AttributeValue::Flag(true)),
                GO_RUNTIME_TYPE => {
                    if let AttributeValue::Addr(offset) = value {
                        entry.descriptor = Some(offset);
                    }
                }
                _ => {}
            }
        }
        Ok(entry)
    }

    /// The members of a struct; `entries` stands behind the struct's own entry.
    fn fields<'s>(
        &'s self,
        unit: &Unit,
        entries: &mut gimli::EntriesRaw<'_, Reader<'s>>,
    ) -> Result<Vec<Field>, Diagnostic> {
        let mut fields = Vec::new();
        let mut too_many = false;
        self.children(unit, entries, |entry, tag| {
            if tag == gimli::DW_TAG_member
                && let Some(target) = entry.target
            {
                if fields.len() >= MOST_FIELDS {
                    too_many = true;
                    return;
                }
                fields.push(Field {
                    name: unescape(entry.name).into_owned(),
                    ty: TypeRef(target as u64),
                    offset: entry.offset.unwrap_or(0),
                    embedded: entry.embedded,
                });
            }
        })?;
        if too_many {
            return Err(damaged("a struct has too many fields"));
        }
        Ok(fields)
    }

    fn array_length<'s>(
        &'s self,
        unit: &Unit,
        entries: &mut gimli::EntriesRaw<'_, Reader<'s>>,
        has_children: bool,
    ) -> Result<Option<u64>, Diagnostic> {
        let mut count = None;
        if has_children {
            self.children(unit, entries, |entry, tag| {
                if tag == gimli::DW_TAG_subrange_type {
                    count = count.or(entry.count);
                }
            })?;
        }
        Ok(count)
    }

    /// Calls `each` for the direct children of the entry that was just read.
    fn children<'s>(
        &'s self,
        unit: &Unit,
        entries: &mut gimli::EntriesRaw<'_, Reader<'s>>,
        mut each: impl FnMut(&Entry<'s>, gimli::DwTag),
    ) -> Result<(), Diagnostic> {
        let depth = entries.next_depth();
        let start = entries.next_offset().0;
        while entries.next_depth() >= depth && !entries.is_empty() {
            let direct = entries.next_depth() == depth;
            let abbreviation = entries
                .read_abbreviation()
                .map_err(|error| damaged(format!("the unit at {:#x} is wrong ({error})", unit.start)))?;
            if let Some(abbreviation) = abbreviation {
                let entry = self.attributes(unit, entries, abbreviation)?;
                if direct {
                    each(&entry, abbreviation.tag());
                }
            }
        }
        self.sections.spend(entries.next_offset().0.saturating_sub(start))
    }

    /// Whether an interface is laid out as `runtime.iface`, with an itab, rather than as `runtime.eface`.
    fn has_methods(&self, mut target: Option<usize>) -> Result<bool, Diagnostic> {
        for _ in 0..LONGEST_CHAIN {
            let Some(at) = target else { break };
            let unit = self.units()?.at(at)?;
            let mut entries = unit.entries(self.sections.info()?, Some(at))?;
            let abbreviation = entries
                .read_abbreviation()
                .map_err(|error| damaged(format!("the type at {at:#x} cannot be read ({error})")))?;
            let Some(abbreviation) = abbreviation else { break };
            let entry = self.attributes(unit, &mut entries, abbreviation)?;
            match entry.name {
                b"runtime.iface" => return Ok(true),
                b"runtime.eface" => return Ok(false),
                _ => target = entry.target,
            }
        }
        Err(damaged(
            "an interface is neither a runtime.iface nor a runtime.eface",
        ))
    }

    /// Up to Go 1.22 the descriptor of `uintptr` is given by its address, not by its offset as all others are.
    fn descriptor(&self, unit: &Unit, entry: &Entry<'_>) -> Option<u64> {
        let absolute = entry.name == b"uintptr" && unit.go_minor.is_none_or(|minor| minor <= 22);
        entry.descriptor.filter(|offset| *offset != 0 && !absolute)
    }
}

/// The kind of a base type, by Go's own number for it or else by DWARF's encoding.
fn scalar(kind: Option<u64>, encoding: Option<gimli::DwAte>) -> Kind {
    match (kind, encoding) {
        (Some(1), _) => Kind::Bool,
        (Some(2..=6), _) => Kind::Int,
        (Some(7..=11), _) => Kind::Uint,
        (Some(12), _) => Kind::Uintptr,
        (Some(13 | 14), _) => Kind::Float,
        (Some(15 | 16), _) => Kind::Complex,
        (_, Some(gimli::DW_ATE_boolean)) => Kind::Bool,
        (_, Some(gimli::DW_ATE_signed | gimli::DW_ATE_signed_char)) => Kind::Int,
        (_, Some(gimli::DW_ATE_unsigned | gimli::DW_ATE_unsigned_char)) => Kind::Uint,
        (_, Some(gimli::DW_ATE_float)) => Kind::Float,
        (_, Some(gimli::DW_ATE_complex_float)) => Kind::Complex,
        _ => Kind::Opaque("a scalar of unknown encoding".to_owned()),
    }
}
