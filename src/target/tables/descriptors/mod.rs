//! The run time's descriptors of types (`internal/abi.Type`), which every program has, with debug information or
//! without.
//!
//! [`raw`] has the structures as they lie in the file.

mod raw;

use crate::goname::{escapes, types};
use crate::gotype::{Field, GoType, Kind, TypeRef};
use crate::target::elf::half_at;
use crate::target::elf::image::Image;
use crate::target::tables::moduledata::Module;
use raw::{HEADER, INTERFACE_METHOD, METHOD, RawCounts, RawMethod, RawName, RawType, RawUncommon, UNCOMMON};

/// The descriptors of one program.
#[derive(Clone, Copy)]
pub(crate) struct Descriptors<'t, 'data> {
    pub(crate) image: Image<'t, 'data>,
    /// `runtime.firstmoduledata`.
    pub(crate) module: &'t Module,
    /// `runtime.types`.
    pub(crate) types: u64,
    /// Go's minor version.
    pub(crate) minor: u32,
}

/// A method of a type or of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Method {
    pub(crate) name: String,
    /// Descriptor of its function type, without the receiver; none if the linker left it out because nothing can ask
    /// for it.
    pub(crate) function: Option<u64>,
}

/// Types within one type that are written out; of one with more the name is as Go prints it.
const MOST_PARTS: u64 = 64;
/// More than any type has.
const MOST_FIELDS: u64 = 50_000;
const MOST_METHODS: u64 = 1 << 16;

/// Marks a type that is known by its descriptor; others are known by their entry in the debug information.
const BY_DESCRIPTOR: u64 = 1 << 63;

/// The type whose descriptor is at `address`.
pub(crate) fn by_descriptor(address: u64) -> TypeRef {
    TypeRef(address | BY_DESCRIPTOR)
}

/// The address of the descriptor that a type is known by.
pub(crate) fn descriptor_of(ty: TypeRef) -> Option<u64> {
    (ty.0 & BY_DESCRIPTOR != 0).then_some(ty.0 & !BY_DESCRIPTOR)
}

impl<'data> Descriptors<'_, 'data> {
    fn raw(&self, at: u64) -> Option<RawType<'data>> {
        self.image.bytes(at, HEADER).map(RawType)
    }

    /// Go's number of its kind.
    pub(crate) fn kind(&self, at: u64) -> Option<u8> {
        self.raw(at)?.kind()
    }

    /// It has a name of its own.
    pub(crate) fn is_named(&self, at: u64) -> bool {
        self.raw(at).and_then(RawType::is_named).unwrap_or(false)
    }

    /// An interface holds a value of it in its data word itself, not behind that. Which structs and arrays do changed
    /// with Go 1.26: before those of one field, since those of one pointer, whatever else they have that takes no room.
    pub(crate) fn is_direct(&self, at: u64) -> Option<bool> {
        self.raw(at)?.is_direct(self.minor)
    }

    fn word(&self, at: u64, offset: u64) -> Option<u64> {
        self.image.word(at.checked_add(offset)?)
    }

    /// A descriptor that another refers to.
    fn pointer(&self, at: u64, offset: u64) -> Option<u64> {
        self.word(at, offset).filter(|to| *to != 0)
    }

    /// What an offset from `runtime.types` refers to; 0 and -1 are nothing.
    fn offset(&self, offset: u32) -> Option<u64> {
        match offset {
            0 | u32::MAX => None,
            offset => self.types.checked_add(u64::from(offset)),
        }
    }

    /// The name at an address.
    fn name_at(&self, at: u64) -> Option<RawName<'data>> {
        RawName::of(self.image.bytes_from(at)?)
    }

    /// The text of the name at an offset.
    fn name(&self, offset: u32) -> Option<&'data str> {
        self.name_at(self.offset(offset)?)?.text()
    }

    /// The type's name as Go prints it, packages by their name.
    pub(crate) fn printed(&self, at: u64) -> Option<String> {
        let raw = self.raw(at)?;
        let text = self.name(raw.name()?)?;
        let text = match raw.has_extra_star()? {
            false => text,
            true => text.strip_prefix('*').unwrap_or(text),
        };
        (!text.is_empty()).then(|| escapes::text(text.as_bytes()))
    }

    /// The type's name with full import paths, as debug information has it.
    pub(crate) fn full_name(&self, at: u64) -> Option<String> {
        let mut left = MOST_PARTS;
        let name = self.spell(at, &mut left)?;
        if left == 0 { self.printed(at) } else { Some(name) }
    }

    /// The name, while there is something `left` of the number of parts.
    fn spell(&self, at: u64, left: &mut u64) -> Option<String> {
        let printed = self.printed(at)?;
        *left = left.saturating_sub(1);
        if *left == 0 || !printed.contains('.') {
            return Some(printed);
        }
        if self.is_named(at) {
            return match self.package(at) {
                Some(package) => types::in_package(&printed, &package),
                None => Some(printed),
            };
        }
        let mut part = |offset: u64| self.spell(self.pointer(at, offset)?, left);
        match self.kind(at)? {
            17 => Some(format!("[{}]{}", self.word(at, 64)?, part(48)?)),
            18 => {
                let element = part(48)?;
                Some(match self.word(at, 56)? {
                    1 => format!("<-chan {element}"),
                    2 => format!("chan<- {element}"),
                    _ if element.starts_with("<-") => format!("chan ({element})"),
                    _ => format!("chan {element}"),
                })
            }
            19 => self.spell_function(at, left),
            21 => Some(format!("map[{}]{}", part(48)?, part(56)?)),
            22 => Some(format!("*{}", part(48)?)),
            23 => Some(format!("[]{}", part(48)?)),
            25 if self.word(at, 64)? > *left => {
                *left = 0;
                Some(printed)
            }
            25 => {
                let fields = self.fields(at)?.into_iter().map(|(field, tag)| {
                    let ty = self.spell(descriptor_of(field.ty)?, left)?;
                    let tag = tag.map(|tag| format!(" {tag:?}")).unwrap_or_default();
                    Some(match field.embedded {
                        true => format!("{ty}{tag}"),
                        false => format!("{} {ty}{tag}", field.name),
                    })
                });
                let fields: Option<Vec<_>> = fields.collect();
                Some(format!("struct {{ {} }}", fields?.join("; ")))
            }
            // Interfaces without a name are written with their methods; their packages are seldom long.
            _ => Some(printed),
        }
    }

    fn spell_function(&self, at: u64, left: &mut u64) -> Option<String> {
        let (parameters, results, variadic) = self.function(at)?;
        let mut spell =
            |list: &[u64]| -> Option<Vec<String>> { list.iter().map(|ty| self.spell(*ty, left)).collect() };
        let mut taken = spell(&parameters)?;
        if variadic && let Some(last) = taken.last_mut() {
            *last = format!("...{}", last.strip_prefix("[]").unwrap_or(last));
        }
        let given = spell(&results)?;
        Some(match given.as_slice() {
            [] => format!("func({})", taken.join(", ")),
            [one] => format!("func({}) {one}", taken.join(", ")),
            several => format!("func({}) ({})", taken.join(", "), several.join(", ")),
        })
    }

    /// Descriptors of a function's parameters and results, and whether the last parameter is variadic.
    fn function(&self, at: u64) -> Option<(Vec<u64>, Vec<u64>, bool)> {
        let counts = RawCounts(half_at(self.image.bytes(at.checked_add(HEADER)?, 4)?, 0)?);
        let (taken, given) = (counts.taken(), counts.given());
        let uncommon = if self.raw(at)?.is_uncommon()? { UNCOMMON } else { 0 };
        let list = |from: u64, count: u64| -> Option<Vec<u64>> {
            (from..from + count)
                .map(|i| self.pointer(at, 56 + uncommon + 8 * i))
                .collect()
        };
        Some((list(0, taken)?, list(taken, given)?, counts.is_variadic()))
    }

    /// What only some types have, and where it is: behind what is of the type's kind.
    fn uncommon(&self, at: u64) -> Option<(u64, RawUncommon<'data>)> {
        if !self.raw(at)?.is_uncommon()? {
            return None;
        }
        let at = at.checked_add(self.size_of_kind(at)?)?;
        Some((at, RawUncommon(self.image.bytes(at, UNCOMMON)?)))
    }

    /// Bytes of a descriptor that its kind decides.
    fn size_of_kind(&self, at: u64) -> Option<u64> {
        Some(match self.kind(at)? {
            19 | 22 | 23 => 56,
            18 => 64,
            17 => 72,
            20 | 25 => 80,
            // Go 1.23 and before have another map; so have experiments with 1.24 and 1.25, of which nothing tells here.
            21 => match self.minor {
                ..=23 => 88,
                24..=26 => 112,
                _ => 136,
            },
            _ => HEADER,
        })
    }

    /// Import path of the package that a named type is of.
    fn package(&self, at: u64) -> Option<String> {
        let (_, uncommon) = self.uncommon(at)?;
        let path = self.name(uncommon.package()?)?;
        (!path.is_empty()).then(|| path.to_owned())
    }

    /// The methods in a type's method set. The linker drops the code of those that nothing can call, but not their
    /// names.
    pub(crate) fn methods(&self, at: u64) -> Option<Vec<Method>> {
        if !self.raw(at)?.is_uncommon()? {
            return Some(Vec::new());
        }
        let (at, uncommon) = self.uncommon(at)?;
        let list = at.checked_add(uncommon.methods_at()?)?;
        self.method_list(list, uncommon.methods()?, METHOD)
    }

    /// The methods that an interface asks for.
    pub(crate) fn wanted_methods(&self, at: u64) -> Option<Vec<Method>> {
        if self.kind(at)? != 20 {
            return None;
        }
        let (list, count) = (self.word(at, 56)?, self.word(at, 64)?);
        if count > MOST_METHODS {
            return None;
        }
        self.method_list(list, count, INTERFACE_METHOD)
    }

    /// The methods of a list with entries of this size.
    fn method_list(&self, list: u64, count: u64, size: u64) -> Option<Vec<Method>> {
        let entries = self.image.bytes(list, count.checked_mul(size)?)?;
        entries
            .chunks_exact(usize::try_from(size).ok()?)
            .map(|entry| {
                let raw = RawMethod(entry);
                Some(Method {
                    name: self.name(raw.name()?)?.to_owned(),
                    function: self.offset(raw.function()?),
                })
            })
            .collect()
    }

    /// A struct's fields, with their tags.
    fn fields(&self, at: u64) -> Option<Vec<(Field, Option<&'data str>)>> {
        let (list, count) = (self.word(at, 56)?, self.word(at, 64)?);
        if count > MOST_FIELDS {
            return None;
        }
        let size = self.raw(at)?.size()?;
        let field = |i: u64| {
            let entry = list.checked_add(24 * i)?;
            let name = self.name_at(self.pointer(entry, 0)?)?;
            let stored = self.word(entry, 16)?;
            // Up to Go 1.18 the lowest bit of the offset says whether it is embedded, since then a flag of the name.
            let (offset, embedded) = match self.minor {
                ..=18 => (stored >> 1, stored & 1 != 0),
                _ => (stored, name.is_embedded()),
            };
            if offset > size {
                return None;
            }
            let field = Field {
                name: name.text()?.to_owned(),
                ty: by_descriptor(self.pointer(entry, 8)?),
                offset,
                embedded,
            };
            Some((field, name.tag()))
        };
        (0..count).map(field).collect()
    }

    /// The type that a descriptor describes.
    pub(crate) fn go_type(&self, at: u64) -> Option<GoType> {
        let raw = self.raw(at)?;
        let part = |offset: u64| self.pointer(at, offset).map(by_descriptor);
        let kind = match self.kind(at)? {
            1 => Kind::Bool,
            2..=6 => Kind::Int,
            7..=11 => Kind::Uint,
            12 => Kind::Uintptr,
            13 | 14 => Kind::Float,
            15 | 16 => Kind::Complex,
            17 => Kind::Array(part(48)?, self.word(at, 64)?),
            18 => Kind::Chan(part(48)?),
            19 => Kind::Func,
            20 => Kind::Interface {
                methods: self.word(at, 64)? != 0,
            },
            21 => Kind::Map {
                key: part(48)?,
                element: part(56)?,
            },
            22 => Kind::Pointer(part(48)?),
            23 => Kind::Slice(part(48)?),
            24 => Kind::String,
            25 => Kind::Struct(self.fields(at)?.into_iter().map(|(field, _)| field).collect()),
            _ => Kind::UnsafePointer,
        };
        Some(GoType {
            name: self.full_name(at)?,
            size: raw.size()?,
            kind,
            descriptor: at.checked_sub(self.types),
        })
    }

    /// What a pointer points at.
    pub(crate) fn pointee(&self, at: u64) -> Option<u64> {
        self.pointer(at, HEADER)
    }

    /// Whether what lies at an address is a descriptor: its numbers and its name go together. For memory that holds
    /// other things too.
    pub(crate) fn is_one(&self, at: u64) -> bool {
        self.check(at).unwrap_or(false)
    }

    fn check(&self, at: u64) -> Option<bool> {
        let raw = self.raw(at)?;
        let (kind, size) = (raw.kind()?, raw.size()?);
        let (align, field_align) = raw.align()?;
        let numbers = raw.pointers()? <= size
            && raw.hash()? != 0
            && align == field_align
            && matches!(align, 1 | 2 | 4 | 8)
            && match kind {
                1 | 3 | 8 => size == 1,
                4 | 9 => size == 2,
                5 | 10 | 13 => size == 4,
                2 | 6 | 7 | 11 | 12 | 14 | 15 | 18 | 19 | 21 | 22 | 26 => size == 8,
                16 | 20 | 24 => size == 16,
                23 => size == 24,
                _ => true,
            };
        if !numbers {
            return Some(false);
        }
        let name = self.printed(at)?;
        let begins = |beginnings: &[&str]| beginnings.iter().any(|b| name.starts_with(b));
        Some(match kind {
            _ if name.chars().any(char::is_control) => false,
            _ if self.is_named(at) => {
                name.contains('.') || !name.contains(|c: char| !c.is_ascii_alphanumeric())
            }
            17 => begins(&["["]),
            18 => begins(&["chan", "<-chan"]),
            19 => begins(&["func("]),
            20 => begins(&["interface {"]),
            21 => begins(&["map["]),
            22 => begins(&["*"]),
            23 => begins(&["[]"]),
            25 => begins(&["struct {"]),
            _ => false,
        })
    }
}
