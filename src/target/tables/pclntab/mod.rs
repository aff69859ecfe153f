//! Go's line table (`runtime.pclntab`): every Go function with its name, true size, flags, files and lines. It is in
//! every Go program, stripped or not, because the run time needs it for stack traces.
//!
//! [`raw`] has the structures as they lie in the file; the text address left the header in Go 1.26.

mod raw;

use crate::diagnostic::{Code, Diagnostic};
use crate::target::elf::{Area, Elf, c_string, half_at};
use crate::target::tables::moduledata::{Module, RawModule};
pub(crate) use raw::RawInlineTree;
use raw::{Format, FunctionData, HEADER_TAIL, HEADER_TEXT, RawHeader, RawIndex};

/// The first release whose names of generic functions are not shortened to `[...]` here.
const FIRST_WITH_FULL_NAMES: u32 = 21;

/// Bytes of a name that are looked at.
const LONGEST: usize = 1 << 14;

/// Index of a function's inline tree among its data (`internal/abi.FUNCDATA_InlTree`).
const FUNCDATA_INLINE_TREE: usize = 3;

/// Index of the shape of a function's arguments among its data (`internal/abi.FUNCDATA_ArgInfo`).
const FUNCDATA_ARGUMENTS: usize = 5;

/// Words that hold the table's address that are looked at for being the beginning of `runtime.firstmoduledata`.
const MOST_MODULES: usize = 64;

/// The sections that `runtime.firstmoduledata` may be in: since Go 1.26, before, and in programs linked by others.
const MODULE_SECTIONS: [&str; 4] = [".go.module", ".noptrdata", ".data.rel.ro", ".data"];

/// Index of the inline tree among a function's PC tables (`internal/abi.PCDATA_InlTreeIndex`).
const PCDATA_INLINE_TREE: usize = 2;

/// A program's line table.
#[derive(Debug)]
pub(crate) struct LineTable<'data> {
    format: Format,
    /// What function offsets count from; 0 where addresses are absolute.
    text: u64,
    count: usize,
    names: &'data [u8],
    units: &'data [u8],
    files: &'data [u8],
    values: &'data [u8],
    functions: RawIndex<'data>,
    wrapper: u8,
    /// Names of generic functions have their type arguments.
    full_names: bool,
    /// `runtime.firstmoduledata`, if it is known.
    module: Option<Module>,
}

/// What the table says of one function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'data> {
    /// Link-time address of its first byte.
    pub(crate) address: u64,
    /// Its name: import path escaped, `.abi0` dropped, type arguments replaced by `[...]` in Go 1.18 and 1.19.
    pub(crate) name: &'data [u8],
    /// Where the next function begins.
    limit: u64,
    /// Its funcID says that the compiler made it.
    pub(crate) wrapper: bool,
    /// It is flagged as assembly (Go 1.18 and later).
    pub(crate) assembly: bool,
    first_line: Option<u32>,
    stack_table: u32,
    file_table: u32,
    line_table: u32,
    inline_table: u32,
    unit: u32,
}

/// Walks one of a function's tables of values by address.
struct Ranges<'data> {
    rest: &'data [u8],
    address: u64,
    /// Where the next function begins: what the table says of that and behind is wrong.
    limit: u64,
    value: i32,
    first: bool,
}

impl<'data> Iterator for Ranges<'data> {
    /// First address, the address behind the last one, value.
    type Item = (u64, u64, i32);

    fn next(&mut self) -> Option<Self::Item> {
        if self.address >= self.limit {
            return None;
        }
        let delta = self.number()?;
        if delta == 0 && !self.first {
            return None;
        }
        self.first = false;
        let sign = (delta & 1).wrapping_neg();
        self.value = self.value.wrapping_add(((delta >> 1) ^ sign).cast_signed());
        let start = self.address;
        let length = self.number()?;
        if length == 0 {
            return None;
        }
        self.address = start.checked_add(u64::from(length))?;
        Some((start, self.address, self.value))
    }
}

impl Ranges<'_> {
    fn number(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for index in 0..5 {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u32::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

/// The funcID of wrappers (`internal/abi/symtab.go`, before Go 1.21 `cmd/internal/objabi/funcid.go`).
fn wrapper_id(go_minor: u32) -> u8 {
    match go_minor {
        18..=21 => 21,
        25.. => 23,
        _ => 22,
    }
}

impl<'data> LineTable<'data> {
    /// Finds the table of a program made by Go 1.`go_minor`.
    ///
    /// # Errors
    /// `FILE_DAMAGED` when there is none that holds together, `SOURCES_DISAGREE` when header and
    /// `runtime.firstmoduledata` do not agree on where the code begins.
    pub(crate) fn open(elf: &Elf<'data>, path: &str, go_minor: u32) -> Result<Self, Diagnostic> {
        let (address, mut table) = locate(elf, go_minor).ok_or_else(|| {
            Diagnostic::error(
                Code::FILE_DAMAGED,
                format!("`{path}` has no readable table of functions (.gopclntab)"),
            )
            .note("every program that Go's linker writes has one; obfuscators and packers change or hide it")
            .help("trace a build that went through neither")
        })?;
        table.module = table.find_module(elf, address, go_minor);
        if table.format == Format::V116 {
            return Ok(table);
        }
        let module = table.module.map(|module| module.text);
        table.text = match (table.text, module) {
            (0, Some(module)) => module,
            (header, Some(module)) if header != module => {
                return Err(Diagnostic::error(
                    Code::SOURCES_DISAGREE,
                    format!("two tables of `{path}` disagree on where its code begins"),
                )
                .note(format!(
                    "{header:#x} by .gopclntab, {module:#x} by runtime.firstmoduledata"
                )));
            }
            (0, None) => {
                return Err(Diagnostic::error(
                    Code::FILE_DAMAGED,
                    format!("`{path}` does not say where its code begins"),
                )
                .note("neither .gopclntab nor runtime.firstmoduledata could be read for it"));
            }
            (header, _) => header,
        };
        Ok(table)
    }

    /// The table in `data`, which is what follows its header at some address.
    fn parse(data: &'data [u8], go_minor: u32) -> Option<Self> {
        let header = RawHeader::of(data)?;
        let format = header.format;
        let count = header.count()?;
        let text = header.text()?;
        let [names, units, files, values, functions] = header.parts()?;
        let table = Self {
            format,
            text,
            count,
            names: data.get(names..units)?,
            units: data.get(units..files)?,
            files: data.get(files..values)?,
            values: data.get(values..functions)?,
            functions: RawIndex {
                bytes: data.get(functions..)?,
                format,
            },
            wrapper: wrapper_id(go_minor),
            full_names: format == Format::V120 && go_minor >= FIRST_WITH_FULL_NAMES,
            module: None,
        };
        let needed = table.functions.size(count)?;
        if count == 0 || u32::try_from(count).is_err() || needed > table.functions.bytes.len() {
            return None;
        }
        // Functions are looked up by halving, and share their tables' bytes only if they do not overlap. Several names
        // of C code may begin at one address (those of the race detector do), of which the last one has the bytes.
        let addresses = (0..=count).map_while(|index| table.functions.address(index));
        addresses.is_sorted().then_some(table)
    }

    /// `runtime.firstmoduledata`, whose first word is the address of this table.
    fn find_module(&self, elf: &Elf<'_>, address: u64, go_minor: u32) -> Option<Module> {
        let end = self.functions.address(self.count)?;
        let check = |module: u64| {
            let raw = RawModule::at(elf, module);
            // Go 1.17's index has addresses, later ones count from the beginning of the code.
            let last = match self.format {
                Format::V116 => end,
                _ => raw.text()?.checked_add(end)?,
            };
            let holds = raw.index_length()? == self.count as u64 + 1 && raw.max_pc()? == last;
            holds.then(|| Module::read(raw, go_minor))?
        };
        let needle = address.to_le_bytes();
        let search = |area: Area<'_>| {
            memchr::memmem::find_iter(area.data, &needle)
                .filter_map(|at| area.address.checked_add(at as u64))
                .filter(|at| at % 8 == 0)
                .take(MOST_MODULES)
                .find_map(check)
        };
        // Where linkers put it, before everything else is looked through.
        MODULE_SECTIONS
            .iter()
            .filter_map(|name| elf.section(name))
            .find_map(|section| search(section.area()))
            .or_else(|| elf.areas().filter(|area| !area.code).find_map(search))
            .or_else(|| elf.relocations_to(address).take(MOST_MODULES).find_map(check))
    }

    /// `runtime.firstmoduledata`, if it is known.
    pub(crate) fn module(&self) -> Option<&Module> {
        self.module.as_ref()
    }

    /// What offsets of function data count from; 0 if it is not known.
    fn functions_data(&self) -> u64 {
        self.module.map_or(0, |module| module.functions_data)
    }

    /// How many functions there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// Where function `index` begins.
    pub(crate) fn address(&self, index: usize) -> Option<u64> {
        self.functions.address(index)?.checked_add(self.text)
    }

    /// The function whose code, or the padding behind it, `address` lies in.
    pub(crate) fn find(&self, address: u64) -> Option<usize> {
        let wanted = address.checked_sub(self.text)?;
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low.midpoint(high);
            if self.functions.address(middle)? <= wanted {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let index = low.checked_sub(1)?;
        (wanted < self.functions.address(index + 1)?).then_some(index)
    }

    /// The function that begins at `address`.
    pub(crate) fn find_exact(&self, address: u64) -> Option<usize> {
        self.find(address)
            .filter(|&index| self.address(index) == Some(address))
    }

    /// The name of function `index`.
    pub(crate) fn name(&self, index: usize) -> Option<&'data [u8]> {
        self.name_at(self.name_offset(index)?)
    }

    /// What the table says of function `index`; none for what is no Go function (C code that Go's linker took in, the
    /// build id), nor for a name without bytes of its own.
    pub(crate) fn get(&self, index: usize) -> Option<Entry<'data>> {
        let record = self.functions.record(index)?;
        let address = self.address(index)?;
        let room = self.room(index);
        if room == 0 {
            return None;
        }
        let stack_table = record.stack_table()?;
        if stack_table == 0 {
            return None;
        }
        Some(Entry {
            address,
            limit: address.saturating_add(room),
            name: c_string(self.names, record.name()? as usize)?,
            wrapper: record.id()? == self.wrapper,
            assembly: record.is_assembly()?,
            first_line: record.first_line(),
            stack_table,
            file_table: record.file_table()?,
            line_table: record.line_table()?,
            inline_table: record.table(PCDATA_INLINE_TREE).unwrap_or(0),
            unit: record.unit()?,
        })
    }

    /// Bytes that a function's caller keeps for its arguments and results (`args` of `_func`); none for assembly that
    /// does not say.
    pub(crate) fn argument_room(&self, index: usize) -> Option<u64> {
        self.functions.record(index)?.arguments()
    }

    /// Where the run time's description of a function's arguments is (`src/cmd/compile/internal/ssagen/ssa.go`,
    /// `emitArgInfo`), in programs made by Go 1.17 to 1.27.
    pub(crate) fn argument_table(&self, index: usize) -> Option<u64> {
        self.function_data(index, FUNCDATA_ARGUMENTS)
    }

    /// Where the inline tree of function `index` begins, in bytes from [`LineTable::inline_trees`]; none if nothing was
    /// inlined into it.
    pub(crate) fn inline_tree(&self, index: usize) -> Option<u64> {
        self.function_data(index, FUNCDATA_INLINE_TREE)?
            .checked_sub(self.functions_data())
    }

    /// The name of what was inlined by a call of function `index`, by the call's number in its inline tree
    /// (`inlinedCall` in `src/runtime/symtabinl.go`, before Go 1.20 in `symtab.go`).
    pub(crate) fn inlined_name(&self, elf: &Elf<'data>, index: usize, call: usize) -> Option<&'data [u8]> {
        self.name_at(self.tree_of(elf, index)?.name(call)?)
    }

    /// The tree of what was inlined into function `index`, whichever release wrote it.
    pub(crate) fn tree_of(&self, elf: &Elf<'data>, index: usize) -> Option<RawInlineTree<'data>> {
        Some(self.tree(elf.bytes_from(self.function_data(index, FUNCDATA_INLINE_TREE)?)?))
    }

    /// The number in the inline tree of the call that `address` belongs to.
    pub(crate) fn inlined_at(&self, entry: &Entry<'_>, address: u64) -> Option<usize> {
        usize::try_from(self.value(entry, entry.inline_table, address)?).ok()
    }

    /// This `funcID` is that of wrappers.
    pub(crate) fn is_wrapper(&self, id: u8) -> bool {
        id == self.wrapper
    }

    /// Bytes between the stack pointer and the return address at `address`.
    pub(crate) fn stack_depth(&self, entry: &Entry<'_>, address: u64) -> Option<u64> {
        u64::try_from(self.value(entry, entry.stack_table, address)?).ok()
    }

    /// The tree of inlined calls that these bytes begin with.
    pub(crate) fn tree(&self, bytes: &'data [u8]) -> RawInlineTree<'data> {
        RawInlineTree::of(bytes, self.format)
    }

    /// Where inline trees are counted from, if they are as Go 1.21 and later write them: with names in full.
    pub(crate) fn inline_trees(&self) -> Option<u64> {
        (self.full_names && self.functions_data() != 0).then(|| self.functions_data())
    }

    /// Inline trees can be read, if only with shortened names.
    pub(crate) fn has_trees(&self) -> bool {
        self.format == Format::V116 || self.functions_data() != 0
    }

    /// Which inlined call each piece of a function's code belongs to, by its number in the inline tree; -1 for none.
    pub(crate) fn inline_ranges(
        &self,
        entry: &Entry<'_>,
    ) -> impl Iterator<Item = (u64, u64, i32)> + use<'data> {
        self.ranges(entry, entry.inline_table)
    }

    /// The names of all functions with code and of all that were inlined, with their offsets.
    pub(crate) fn all_names(&self) -> impl Iterator<Item = (u32, &'data [u8])> + use<'data> {
        let names = self.names;
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = names.get(at..)?;
            let name = rest.get(..memchr::memchr(0, rest)?)?;
            let offset = u32::try_from(at).ok()?;
            at = at.checked_add(name.len())?.checked_add(1)?;
            Some((offset, name))
        })
    }

    /// Those of them that end so.
    pub(crate) fn names_ending(&self, end: &[u8]) -> impl Iterator<Item = (u32, &'data [u8])> + use<'data> {
        let names = self.names;
        let needle = [end, b"\0"].concat();
        let mut from = 0_usize;
        std::iter::from_fn(move || {
            let found = from.checked_add(memchr::memmem::find(names.get(from..)?, &needle)?)?;
            let last = found.checked_add(needle.len())?.checked_sub(1)?;
            from = last.checked_add(1)?;
            // It begins behind the name before it, no further away than names are long.
            let least = last.saturating_sub(LONGEST);
            let start = match memchr::memrchr(0, names.get(least..last)?) {
                Some(at) => least.checked_add(at)?.checked_add(1)?,
                None => least,
            };
            Some((u32::try_from(start).ok()?, names.get(start..last)?))
        })
    }

    /// The name at this offset.
    pub(crate) fn name_at(&self, offset: u32) -> Option<&'data [u8]> {
        c_string(self.names, offset as usize)
    }

    /// The offset of the name of function `index`.
    pub(crate) fn name_offset(&self, index: usize) -> Option<u32> {
        self.functions.record(index)?.name()
    }

    /// The address of a function's data of this kind.
    fn function_data(&self, index: usize, wanted: usize) -> Option<u64> {
        match self.functions.record(index)?.data(wanted)? {
            FunctionData::At(address) => Some(address),
            FunctionData::Offset(offset) if self.functions_data() != 0 => {
                self.functions_data().checked_add(u64::from(offset))
            }
            FunctionData::Offset(_) => None,
        }
    }

    /// The ranges of one of a function's tables.
    fn ranges(&self, entry: &Entry<'_>, table: u32) -> Ranges<'data> {
        Ranges {
            rest: match table {
                0 => &[],
                at => self.values.get(at as usize..).unwrap_or_default(),
            },
            address: entry.address,
            limit: entry.limit,
            value: -1,
            first: true,
        }
    }

    /// A table's value at `address`.
    fn value(&self, entry: &Entry<'_>, table: u32, address: u64) -> Option<i32> {
        self.ranges(entry, table)
            .find(|&(_, end, _)| address < end)
            .map(|(_, _, value)| value)
    }

    /// Bytes of code of a function, padding left out: where its table of stack depths ends.
    pub(crate) fn size(&self, entry: &Entry<'_>) -> u64 {
        self.ranges(entry, entry.stack_table)
            .last()
            .map_or(0, |(_, end, _)| end - entry.address)
    }

    /// Bytes from function `index` to the next one.
    pub(crate) fn room(&self, index: usize) -> u64 {
        match (
            self.functions.address(index),
            self.functions.address(index.saturating_add(1)),
        ) {
            (Some(start), Some(end)) => end.saturating_sub(start),
            _ => 0,
        }
    }

    /// File and line of `address` in a function: of the inlined function's text where code was inlined.
    pub(crate) fn line(&self, entry: &Entry<'_>, address: u64) -> Option<(&'data [u8], u32)> {
        let line = self.value(entry, entry.line_table, address)?;
        Some((self.file(entry, address)?, u32::try_from(line).ok()?))
    }

    fn file(&self, entry: &Entry<'_>, address: u64) -> Option<&'data [u8]> {
        self.file_name(entry.unit, self.value(entry, entry.file_table, address)?)
    }

    /// The file of this number in a compilation unit.
    fn file_name(&self, unit: u32, number: i32) -> Option<&'data [u8]> {
        let index = unit.checked_add(u32::try_from(number).ok()?)?;
        let at = (index as usize).checked_mul(4)?;
        c_string(self.files, half_at(self.units, at)? as usize)
    }

    /// Where file or line change in a function: from this address on it is this file and line.
    pub(crate) fn positions(
        &self,
        entry: &Entry<'_>,
    ) -> impl Iterator<Item = (u64, Option<(&'data [u8], u32)>)> + use<'_, 'data> {
        let mut files = self.ranges(entry, entry.file_table).peekable();
        let mut lines = self.ranges(entry, entry.line_table).peekable();
        let unit = entry.unit;
        let mut at = entry.address;
        std::iter::from_fn(move || {
            while files.next_if(|&(_, end, _)| end <= at).is_some() {}
            while lines.next_if(|&(_, end, _)| end <= at).is_some() {}
            let (&(_, file_end, file), &(_, line_end, line)) = (files.peek()?, lines.peek()?);
            let start = at;
            at = file_end.min(line_end);
            let file = self.file_name(unit, file);
            Some((start, file.zip(u32::try_from(line).ok())))
        })
    }

    /// File and line of a function's own first line (its `func` or `TEXT`).
    pub(crate) fn declaration(&self, entry: &Entry<'_>) -> Option<(&'data [u8], u32)> {
        // A function may begin with code that was inlined from elsewhere: look behind that.
        let mut own = entry.address;
        for (start, end, value) in self.ranges(entry, entry.inline_table) {
            own = start;
            if value < 0 {
                break;
            }
            own = end;
        }
        let (file, line) = self
            .line(entry, own)
            .or_else(|| self.line(entry, entry.address))?;
        Some((file, entry.first_line.filter(|&line| line != 0).unwrap_or(line)))
    }
}

/// Ranges of releases that have the same table and lay out alike all that is not told by debug information.
pub(crate) const LAID_OUT_ALIKE: [std::ops::RangeInclusive<u32>; 3] = [18..=19, 26..=26, 27..=27];

/// The minor numbers of the releases of Go 1 that write a table like the one in this file; none if there is no table,
/// or if nothing in the program refers to it, as in one that carries a Go program among its constants.
pub(crate) fn releases(elf: &Elf<'_>) -> Option<std::ops::RangeInclusive<u32>> {
    let (address, mut table) = locate(elf, 0)?;
    let releases = match table.format {
        Format::V116 => 16..=17,
        Format::V118 => 18..=19,
        // The text's address left the header in 1.26; where the file is moved, the loader writes it.
        Format::V120 if elf.relocated_word(address.checked_add(HEADER_TEXT)?)? != 0 => 20..=25,
        Format::V120 => {
            table.text = 0;
            let module = table.find_module(elf, address, 26)?;
            match RawModule::at(elf, module.address).has_length_of_types()? {
                false => 26..=26,
                true => 27..=27,
            }
        }
    };
    let mut minors = releases.clone();
    let is_used = minors.any(|minor| table.find_module(elf, address, minor).is_some());
    is_used.then_some(releases)
}

/// The table, by its section's name or by its header.
fn locate<'data>(elf: &Elf<'data>, go_minor: u32) -> Option<(u64, LineTable<'data>)> {
    for name in [".gopclntab", ".data.rel.ro.gopclntab"] {
        if let Some(section) = elf.section(name)
            && let Some(table) = LineTable::parse(section.data, go_minor)
        {
            return Some((section.address, table));
        }
    }
    elf.areas().filter(|area| !area.code).find_map(|area| {
        memchr::memmem::find_iter(area.data, HEADER_TAIL).find_map(|at| {
            let at = at.checked_sub(1)?;
            let address = area.address.checked_add(at as u64)?;
            let table = LineTable::parse(area.data.get(at..)?, go_minor)?;
            (address % 8 == 0).then_some((address, table))
        })
    })
}
