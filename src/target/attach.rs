//! Where bpftrace puts a probe that is written `uprobe:FILE:0xN`.
//!
//! It looks for a symbol that covers N: in a separate debug file first, then in the program's own tables, `.dynsym` as
//! well as `.symtab`. If there is one, N is an address, and the place is looked up again by that symbol's *name*. If
//! there is none, the probe is refused, or, with `--unsafe`, N is an offset in the file. So the same number can mean
//! two places, and the wrong one may be in the middle of an instruction.
//!
//! Source: `resolve_offset_uprobe` in bpftrace's `src/attached_probe.cpp` and `sym_address_cb`, releases 0.17, 0.23 and
//! 0.27; `foreach_sym_core`, `find_debug_file` and `_find_sym` in bcc's `src/cc/bcc_elf.c` and `bcc_syms.cc`. Checked
//! by attaching to programs of each kind (`tests/live/builds-shipped*.gobt`).

use crate::target::elf::{Elf, c_string};
use object::SectionIndex;
use object::elf;
use object::read::elf::{SectionHeader as _, Sym as _};
use std::collections::{BTreeMap, BTreeSet};

/// The numbers of a script's probes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// The file offsets that are written in attach points, by the address of the instruction; other attach points have
    /// the address itself.
    pub of: BTreeMap<u64, u64>,
    /// How bpftrace interprets them.
    pub taken: Taken,
}

impl Numbers {
    /// The number in the attach point for the instruction at this address.
    #[must_use]
    pub fn of_address(&self, address: u64) -> u64 {
        self.of.get(&address).copied().unwrap_or(address)
    }
}

/// How a script is to be attached by symbols of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sidecar {
    /// The directory that `BCC_SYMFS` has to name.
    pub directory: String,
    /// gobt runs the script and makes sure itself that its probes are attached. Otherwise a script without its symbols
    /// has to be one that bpftrace refuses.
    pub is_verified: bool,
}

/// How bpftrace interprets the numbers of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Taken {
    /// As addresses, since symbols of the program itself cover them.
    #[default]
    Addresses,
    /// As addresses, since the symbols of this file, or section, cover them. If bpftrace does not find it, it refuses
    /// the probes.
    AddressesBy(String),
    /// Not at all: the attach points name symbols of the script's own, which are in files below this directory.
    OwnSymbols(Sidecar),
    /// Some or all as offsets in the file, since no symbol covers them, which `--unsafe` allows.
    Places {
        /// The program has no symbols at all.
        stripped: bool,
        /// Some would be taken for addresses if bpftrace found a debug file of the program, so it must not look for one
        /// ([`symbols_of_itself`]).
        hide_debug_files: bool,
    },
}

impl Taken {
    /// The script needs `--unsafe`.
    #[must_use]
    pub fn is_unsafe(&self) -> bool {
        matches!(self, Self::Places { .. })
    }
}

/// The value of `BCC_SYMFS` with which bcc takes the program at `path` itself for its debug file, and looks for no
/// other: below it, `path` leads to the program again (`find_debug_via_symfs`, which comes first and leaves out
/// `/proc/PID/root`).
#[must_use]
pub fn symbols_of_itself(path: &str) -> String {
    let inside = path
        .strip_prefix("/proc/")
        .and_then(|rest| rest.split_once("/root/"));
    match inside {
        Some((pid, _)) if !pid.is_empty() && pid.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("/proc/{pid}/root")
        }
        _ => "/".to_owned(),
    }
}

/// Kinds of symbols that releases of bpftrace look at: up to 0.17, up to 0.23, and later. A number on which they
/// disagree is not used.
const FAMILIES: [Family; 3] = [Family::V17, Family::V23, Family::V27];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    /// Every kind.
    V17,
    /// All but those of no kind.
    V23,
    /// Functions and objects.
    V27,
}

impl Family {
    fn looks_at(self, kind: elf::SymbolType) -> bool {
        match self {
            Self::V17 => true,
            Self::V23 => kind != elf::STT_NOTYPE,
            Self::V27 => [elf::STT_FUNC, elf::STT_OBJECT, elf::STT_GNU_IFUNC].contains(&kind),
        }
    }

    /// Whether a symbol covers a number.
    fn covers(self, symbol: &Listed<'_>, number: u64) -> bool {
        let end = symbol.start.saturating_add(symbol.size);
        // Since 0.21 a symbol without a size covers its own address.
        (symbol.start..end).contains(&number) || (self != Self::V17 && symbol.start == number)
    }
}

/// A symbol as bcc's library lists it.
#[derive(Clone, Copy)]
struct Listed<'data> {
    name: &'data [u8],
    start: u64,
    size: u64,
    kind: elf::SymbolType,
}

/// What bpftrace does with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// It takes it for an address, which is at this offset in the file.
    Place(u64),
    /// No symbol covers it: with `--unsafe` it takes it for a file offset.
    Free,
    /// It refuses it, or releases differ.
    Unclear,
}

/// The symbols of one file that matter for some numbers, in the order in which they are listed.
struct Deciding<'data> {
    /// Those that cover a number, by number.
    covering: BTreeMap<u64, Vec<Listed<'data>>>,
    /// Those with a name that a covering one has, in whichever file that is.
    named: BTreeMap<&'data [u8], Vec<Listed<'data>>>,
}

/// Calls `f` with every symbol that has a name and an address, tables in the order of their sections.
pub(crate) fn each_symbol<'data>(
    elf: &Elf<'data>,
    f: &mut dyn FnMut(&elf::Sym64<object::Endianness>, &'data [u8]),
) {
    let file = elf.file();
    let (endian, data) = (file.endian(), file.data());
    let table = file.elf_section_table();
    for header in table.iter() {
        let kind = header.sh_type(endian);
        if kind != elf::SHT_SYMTAB && kind != elf::SHT_DYNSYM {
            continue;
        }
        let strings = table.section(SectionIndex(header.sh_link(endian) as usize));
        let strings = strings.and_then(|strings| strings.data(endian, data));
        let symbols = header.data_as_array::<elf::Sym64<object::Endianness>, _>(endian, data);
        let (Ok(strings), Ok(symbols)) = (strings, symbols) else {
            continue;
        };
        for symbol in symbols.iter().filter(|symbol| symbol.st_value(endian) != 0) {
            f(symbol, strings);
        }
    }
}

fn listed<'data>(
    endian: object::Endianness,
    symbol: &elf::Sym64<object::Endianness>,
    strings: &'data [u8],
) -> Option<Listed<'data>> {
    let name = c_string(strings, symbol.st_name(endian) as usize)?;
    (!name.is_empty()).then_some(Listed {
        name,
        start: symbol.st_value(endian),
        size: symbol.st_size(endian),
        kind: symbol.st_type(),
    })
}

/// The symbols of `elf` that cover one of `numbers`, which are sorted.
fn covering<'data>(elf: &Elf<'data>, numbers: &[u64]) -> BTreeMap<u64, Vec<Listed<'data>>> {
    let endian = elf.file().endian();
    let mut found: BTreeMap<u64, Vec<Listed<'data>>> = BTreeMap::new();
    each_symbol(elf, &mut |symbol, strings| {
        let start = symbol.st_value(endian);
        // One more than its bytes: a symbol without any still has an address.
        let end = start.saturating_add(symbol.st_size(endian).max(1));
        let first = numbers.partition_point(|number| *number < start);
        for number in numbers.iter().skip(first).take_while(|number| **number < end) {
            if let Some(symbol) = listed(endian, symbol, strings) {
                found.entry(*number).or_default().push(symbol);
            }
        }
    });
    found
}

/// The symbols of `elf` with one of these names.
fn named<'data>(
    elf: &Elf<'data>,
    names: &BTreeSet<&'data [u8]>,
) -> BTreeMap<&'data [u8], Vec<Listed<'data>>> {
    let endian = elf.file().endian();
    let mut found: BTreeMap<&[u8], Vec<Listed<'data>>> = BTreeMap::new();
    each_symbol(elf, &mut |symbol, strings| {
        let rest = strings.get(symbol.st_name(endian) as usize..).unwrap_or_default();
        // Most names are told apart by their first bytes, so their ends need not be looked for.
        let may_be = names
            .range::<[u8], _>((std::ops::Bound::Unbounded, std::ops::Bound::Included(rest)))
            .next_back()
            .is_some_and(|name| rest.starts_with(name));
        if may_be
            && let Some(symbol) = listed(endian, symbol, strings)
            && names.contains(symbol.name)
        {
            found.entry(symbol.name).or_default().push(symbol);
        }
    });
    found
}

/// The symbols that matter for `numbers` in each of `files`, in the order in which bpftrace reads the files.
fn deciding<'data>(files: &[&Elf<'data>], numbers: &BTreeSet<u64>) -> Vec<Deciding<'data>> {
    let sorted: Vec<u64> = numbers.iter().copied().collect();
    let covering: Vec<_> = files.iter().map(|elf| covering(elf, &sorted)).collect();
    let names: BTreeSet<&[u8]> = covering
        .iter()
        .flat_map(BTreeMap::values)
        .flatten()
        .map(|symbol| symbol.name)
        .collect();
    files
        .iter()
        .zip(covering)
        .map(|(elf, covering)| Deciding {
            covering,
            named: named(elf, &names),
        })
        .collect()
}

/// What a family of releases makes of `number`. `main` is the program, whose parts say where addresses lie in its file.
fn reading(family: Family, main: &Elf<'_>, files: &[Deciding<'_>], number: u64) -> Reading {
    // Every file is looked at; the last one that has a symbol counts.
    let found: Vec<&Listed<'_>> = files
        .iter()
        .filter_map(|file| {
            let mut covering = file.covering.get(&number)?.iter();
            covering.find(|s| family.looks_at(s.kind) && family.covers(s, number))
        })
        .collect();
    let Some(symbol) = found.last() else {
        return Reading::Free;
    };
    if found.iter().any(|other| other.start != symbol.start) {
        return Reading::Unclear;
    }
    if symbol.size == 0 {
        // 0.27 counts it for none; before, the probe is refused, or with --unsafe put on whatever has that name.
        return if family == Family::V27 {
            Reading::Free
        } else {
            Reading::Unclear
        };
    }
    let first_of = |file: &Deciding<'_>| {
        let all = file.named.get(symbol.name)?;
        all.iter()
            .find(|s| family != Family::V27 || family.looks_at(s.kind))
            .map(|s| (s.start, s.size))
    };
    let mut by_name = files.iter().filter_map(first_of);
    // Releases before 0.24 let bcc look the name up, which keeps the last file's.
    let by_name = match family {
        Family::V27 => by_name.next(),
        Family::V17 | Family::V23 => by_name.next_back(),
    };
    let offset = number - symbol.start;
    let place = by_name
        .filter(|(_, size)| offset < *size || family != Family::V27)
        .and_then(|(start, _)| main.file_offset(start)?.checked_add(offset));
    place.map_or(Reading::Unclear, Reading::Place)
}

/// What all releases do with each number.
struct Readings<'data> {
    files: Vec<Deciding<'data>>,
}

impl<'data> Readings<'data> {
    fn of(main: &Elf<'data>, debug: Option<&Elf<'data>>, numbers: &BTreeSet<u64>) -> Self {
        let files: Vec<&Elf<'data>> = debug.into_iter().chain([main]).collect();
        Self {
            files: deciding(&files, numbers),
        }
    }

    fn of_number(&self, main: &Elf<'_>, number: u64) -> Reading {
        let [a, b, c] = FAMILIES.map(|family| reading(family, main, &self.files, number));
        if a == b && b == c { a } else { Reading::Unclear }
    }
}

/// The program and what else bpftrace reads symbols from.
pub(crate) struct Sources<'a, 'data> {
    /// The program.
    pub(crate) main: &'a Elf<'data>,
    /// The debug file that bpftrace finds on this machine, with its path.
    pub(crate) debug: Option<(&'a str, &'a Elf<'data>)>,
}

/// Why numbers cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// This address is in no part that is loaded from the file.
    NotInFile(u64),
    /// bpftrace could take either number of these addresses for another place.
    TwoReadings {
        /// The addresses.
        addresses: BTreeSet<u64>,
        /// The debug file that it reads symbols from.
        debug_file: Option<String>,
    },
}

/// What bpftrace does with both numbers of an instruction.
struct Site {
    address: u64,
    place: u64,
    /// By the program's own symbols: the address, and the place.
    own: (Reading, Reading),
    /// Likewise by those of the debug file too, if there is one.
    seen: Option<(Reading, Reading)>,
}

impl Site {
    /// The address is right by the program's own symbols.
    fn address_is_right(&self) -> bool {
        let right = Reading::Place(self.place);
        self.own.0 == right && self.seen.is_none_or(|(address, _)| address == right)
    }

    /// The address is right with the debug file, and at worst refused without.
    fn address_is_right_elsewhere(&self) -> bool {
        let right = Reading::Place(self.place);
        [right, Reading::Free].contains(&self.own.0) && self.seen.is_some_and(|(address, _)| address == right)
    }

    /// The place is right, with `--unsafe`.
    fn place_is_right(&self) -> bool {
        let right = |reading| reading == Reading::Free || reading == Reading::Place(self.place);
        right(self.own.1) && self.seen.is_none_or(|(_, place)| right(place))
    }

    /// The place is no address, with or without the debug file.
    fn place_is_free(&self) -> bool {
        self.own.1 == Reading::Free && self.seen.is_none_or(|(_, place)| place == Reading::Free)
    }
}

impl Sources<'_, '_> {
    /// The numbers to write for `addresses`; `places_first` where a release refuses probes inside functions by address.
    ///
    /// A script either goes without `--unsafe`, and then a number that is not right is refused; or with it, and then
    /// each number has to be right by what the program itself has, whatever else is found.
    ///
    /// # Errors
    /// When an address is not in the file, or a number could mean another instruction.
    pub(crate) fn numbers(
        &self,
        addresses: &BTreeSet<u64>,
        places_first: bool,
    ) -> Result<Numbers, Unwritable> {
        let sites = self.sites(addresses)?;
        let (lowest, end) = self.main.extent();
        let by_place = |sites: &[&Site], hide_debug_files| Numbers {
            of: sites.iter().map(|site| (site.address, site.place)).collect(),
            taken: Taken::Places {
                stripped: !has_symbols(self.main),
                hide_debug_files,
            },
        };
        let all: Vec<&Site> = sites.iter().collect();
        if places_first && all.iter().all(|site| site.place < lowest && site.place_is_free()) {
            return Ok(by_place(&all, false));
        }
        let rest: Vec<&Site> = sites.iter().filter(|site| !site.address_is_right()).collect();
        if rest.is_empty() {
            return Ok(Numbers::default());
        }
        let is_exposed = |site: &&Site| site.place != site.address && (lowest..end).contains(&site.place);
        let exposed = rest.iter().any(is_exposed);
        let places_are_right = rest.iter().all(|site| site.place_is_right());
        if places_are_right && !exposed {
            return Ok(by_place(&rest, false));
        }
        if let Some((debug, _)) = self.debug
            && all.iter().all(|site| site.address_is_right_elsewhere())
        {
            return Ok(Numbers {
                of: BTreeMap::new(),
                taken: Taken::AddressesBy(debug.to_owned()),
            });
        }
        if places_are_right {
            return Ok(by_place(&rest, true));
        }
        Err(Unwritable::TwoReadings {
            addresses: rest
                .iter()
                .filter(|site| !site.place_is_right())
                .map(|site| site.address)
                .collect(),
            debug_file: self.debug.map(|(path, _)| path.to_owned()),
        })
    }

    /// The places of `addresses`, with what becomes of their numbers.
    fn sites(&self, addresses: &BTreeSet<u64>) -> Result<Vec<Site>, Unwritable> {
        let mut places = Vec::new();
        for &address in addresses {
            let place = self.main.file_offset(address);
            places.push((address, place.ok_or(Unwritable::NotInFile(address))?));
        }
        let all = places
            .iter()
            .flat_map(|&(address, place)| [address, place])
            .collect();
        let own = Readings::of(self.main, None, &all);
        let seen = self
            .debug
            .map(|(_, debug)| Readings::of(self.main, Some(debug), &all));
        let of_both = |readings: &Readings<'_>, address, place| {
            (
                readings.of_number(self.main, address),
                readings.of_number(self.main, place),
            )
        };
        Ok(places
            .into_iter()
            .map(|(address, place)| Site {
                address,
                place,
                own: of_both(&own, address, place),
                seen: seen.as_ref().map(|seen| of_both(seen, address, place)),
            })
            .collect())
    }

    /// The addresses of the instructions that bpftrace puts probes on for `numbers`, by number; none where it is not
    /// known, or nothing.
    pub(crate) fn meant_by(&self, numbers: &BTreeSet<u64>, is_unsafe: bool) -> BTreeMap<u64, Option<u64>> {
        let readings = Readings::of(self.main, self.debug.map(|(_, debug)| debug), numbers);
        let meant = |number| match readings.of_number(self.main, number) {
            Reading::Place(place) => self.main.address_at(place),
            Reading::Free if is_unsafe => self.main.address_at(number),
            Reading::Free | Reading::Unclear => None,
        };
        numbers.iter().map(|number| (*number, meant(*number))).collect()
    }
}

/// Whether bpftrace finds any symbol in the program itself.
fn has_symbols(elf: &Elf<'_>) -> bool {
    let mut found = false;
    let endian = elf.file().endian();
    each_symbol(elf, &mut |symbol, _| {
        found |= symbol.st_shndx(endian) != elf::SHN_UNDEF;
    });
    found
}
