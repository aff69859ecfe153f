//! An opened program: its ELF file, symbol table and line table, which have to agree.

use crate::arch::{self, StrangeCheck, ThreadLocal};
use crate::diagnostic::{Code, Diagnostic};
use crate::goname::escapes;
use crate::gotype::TypeRef;
use crate::target::Runtime;
use crate::target::attach::Sources;
use crate::target::code::sites::{Body, Morestack, Surroundings};
use crate::target::code::{Listing, goroutine};
use crate::target::dwarf::Debug;
use crate::target::elf::Elf;
use crate::target::elf::image::{Image, Relocated};
use crate::target::elf::symbols::{Symbol, Symbols};
use crate::target::functions::name_index::NameIndex;
use crate::target::functions::search::same_name;
use crate::target::kept::Kept;
use crate::target::load::Loaded;
use crate::target::runtime::facts;
use crate::target::tables::pclntab::{Entry, LineTable};
use crate::target::types::dynamic::DynamicIndex;
use crate::target::{Abi, Function, FunctionId, Identity, Needs, Sites, identity};
use std::collections::BTreeSet;
use std::sync::atomic::AtomicU32;
use std::sync::{Mutex, OnceLock, PoisonError};

/// A Go executable, opened. Everything else is read when it is asked for.
pub struct Target<'data> {
    pub(crate) elf: Elf<'data>,
    pub(crate) debug_elf: Option<Elf<'data>>,
    pub(crate) lines: LineTable<'data>,
    pub(crate) symbols: Option<Symbols<'data>>,
    pub(crate) identity: Identity,
    kept: Option<&'data Kept>,
    /// The separate file that bpftrace reads symbols from, with its path.
    seen: Option<(String, Elf<'data>)>,
    /// How often a function of one name was looked for in the line table, and the index that is made after a few times.
    pub(crate) asked_by_name: AtomicU32,
    pub(crate) by_name: OnceLock<NameIndex>,
    debug: OnceLock<Result<Option<Debug<'data>>, Diagnostic>>,
    runtime: OnceLock<Result<Runtime, Diagnostic>>,
    relocated: OnceLock<Relocated>,
    pub(crate) dynamic: OnceLock<DynamicIndex>,
    /// The types that were asked for.
    types: Mutex<BTreeSet<TypeRef>>,
}

impl<'data> Target<'data> {
    /// Opens what was loaded.
    ///
    /// # Errors
    /// E02xx when it is no Go program for amd64 of a version that is understood, or is damaged.
    pub fn open(loaded: &'data Loaded) -> Result<Self, Diagnostic> {
        let mut target = Self::read(loaded.path(), loaded.main(), loaded.debug())?;
        target.kept = loaded.kept();
        // What is no ELF file brings bpftrace no symbols.
        target.seen = loaded
            .symbols()
            .and_then(|(path, data)| Some((path.to_owned(), Elf::parse(path, data).ok()?)));
        Ok(target)
    }

    /// Opens the executable whose bytes are `main`, with the path and bytes of its separate debug file if it has one;
    /// `path` is what probes and messages call it.
    ///
    /// # Errors
    /// Those of [`Target::open`].
    pub fn read(
        path: &str,
        main: &'data [u8],
        debug: Option<(&str, &'data [u8])>,
    ) -> Result<Self, Diagnostic> {
        let elf = Elf::parse(path, main)?;
        let debug_elf = debug.map(|(path, data)| Elf::parse(path, data)).transpose()?;
        let go_version = identity::go_version(&elf, path)?;
        let go_minor = identity::supported(path, &go_version)?;
        let lines = LineTable::open(&elf, path, go_minor)?;
        let symbols = Symbols::open(&elf).or_else(|| debug_elf.as_ref().and_then(Symbols::open));
        let has_types = [Some(&elf), debug_elf.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(Elf::sections)
            .any(|s| matches!(s.name, b".debug_info" | b".zdebug_info") && !s.data.is_empty());
        let identity = Identity {
            path: path.to_owned(),
            build_id: identity::build_id(&elf),
            position_independent: elf.position_independent(),
            begins_at: elf.begins_at(),
            go_version,
            go_minor,
            has_types,
            processor: elf.processor(),
        };
        Ok(Self {
            elf,
            debug_elf,
            lines,
            symbols,
            identity,
            kept: None,
            seen: None,
            asked_by_name: AtomicU32::new(0),
            by_name: OnceLock::new(),
            debug: OnceLock::new(),
            runtime: OnceLock::new(),
            relocated: OnceLock::new(),
            dynamic: OnceLock::new(),
            types: Mutex::default(),
        })
    }

    /// Remembers that the script depends on this type.
    pub(crate) fn note_type(&self, ty: TypeRef) {
        self.types
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(ty);
    }

    /// The types that were asked for.
    pub(crate) fn types_asked_for(&self) -> BTreeSet<TypeRef> {
        self.types.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What bpftrace reads symbols from.
    pub(crate) fn symbol_sources(&self) -> Sources<'_, 'data> {
        Sources {
            main: &self.elf,
            debug: self.seen.as_ref().map(|(path, elf)| (path.as_str(), elf)),
        }
    }

    /// The debug information, opened when first asked for.
    ///
    /// # Errors
    /// `NO_DEBUG_INFO` when there is none, E0250 when it is damaged.
    pub(crate) fn debug_info(&self) -> Result<&Debug<'data>, Diagnostic> {
        let opened = self.debug.get_or_init(|| {
            Debug::open_keeping(self.elf.file(), self.debug_elf.as_ref().map(Elf::file), self.kept)
        });
        match opened {
            Ok(Some(debug)) => Ok(debug),
            Ok(None) => Err(Diagnostic::error(
                Code::NO_DEBUG_INFO,
                format!("`{}` has no debug information, so types and arguments are not known", self.identity.path),
            )
            .help("build it without -ldflags=-w or -s, or install its separate debug file; `count`, `latency` and \
                `skeleton` work without")),
            Err(problem) => Err(problem.clone()),
        }
    }

    /// The debug information, if it was opened before.
    pub(crate) fn debug_opened(&self) -> Option<&Debug<'data>> {
        self.debug.get().and_then(|opened| opened.as_ref().ok()?.as_ref())
    }

    /// The program's words as it is loaded where it was linked for.
    pub(crate) fn image(&self) -> Image<'_, 'data> {
        let relocated = self.relocated.get_or_init(|| {
            let bound = self.elf.bound_by_loader().map(|(value, at)| (at, value));
            self.elf.relocations().chain(bound).collect()
        });
        Image::new(&self.elf, relocated)
    }

    /// Facts of the run time, found when first asked for.
    ///
    /// # Errors
    /// E0253 when they are not known.
    pub(crate) fn runtime_facts(&self) -> Result<Runtime, Diagnostic> {
        let found = self.runtime.get_or_init(|| {
            let debug = self.identity.has_types.then(|| self.debug_info()).transpose()?;
            let symbol = |name: &str| self.symbols.as_ref()?.named(name.as_bytes()).map(|s| s.address);
            facts(&self.elf, &self.identity, debug, &symbol, self.lines.module())
        });
        found.clone()
    }

    /// The run time's description of the arguments of the function at `address`, and what follows it in memory.
    pub(crate) fn argument_table(&self, address: u64) -> Option<&'data [u8]> {
        let index = self.lines.find_exact(address)?;
        self.elf.bytes_from(self.lines.argument_table(index)?)
    }

    /// Every Go function, by address, both of twins too.
    pub fn all(&self) -> impl Iterator<Item = FunctionId> + '_ {
        (0..u32::try_from(self.lines.len()).unwrap_or(u32::MAX))
            .map(FunctionId)
            .filter(|id| self.entry(*id).is_some())
    }

    /// What the line table says of a function; none for what is no Go function.
    pub(crate) fn entry(&self, id: FunctionId) -> Option<Entry<'data>> {
        self.lines.get(id.0 as usize)
    }

    /// The symbol of a function, by address and name.
    fn symbol_of(&self, entry: &Entry<'_>) -> Option<Symbol<'data>> {
        self.symbols
            .as_ref()?
            .functions_at(entry.address)
            .into_iter()
            .find(|symbol| same_name(symbol.name, entry.name))
    }

    /// A function's name as the linker spells it, in full where the symbol table has it.
    pub(crate) fn raw_name(&self, entry: &Entry<'data>) -> &'data [u8] {
        self.symbol_of(entry)
            .map_or(entry.name, |symbol| escapes::strip_abi(symbol.name).0)
    }

    /// A function, put together from both tables.
    pub(crate) fn describe(&self, entry: &Entry<'data>) -> Function {
        let symbol = self.symbol_of(entry);
        let (raw, abi0) = symbol.map_or((entry.name, false), |s| escapes::strip_abi(s.name));
        let assembly = self.is_assembly(entry);
        let wrapper = self.is_wrapper(entry);
        let size = self.lines.size(entry);
        // Assembly that follows the other ABI is rare, and g is with the thread for it too.
        let abi0 = abi0 || (symbol.is_none() && assembly) || (!assembly && self.loads_g(entry, size));
        Function {
            name: escapes::text(raw),
            address: entry.address,
            size,
            abi: if abi0 { Abi::Abi0 } else { Abi::Internal },
            wrapper,
            assembly,
        }
    }

    /// Written in assembly: flagged so, or (Go 1.17 has no such flag) from a file that is.
    pub(crate) fn is_assembly(&self, entry: &Entry<'_>) -> bool {
        entry.assembly
            || (self.identity.go_minor < 18
                && self
                    .lines
                    .declaration(entry)
                    .is_some_and(|(file, _)| file.ends_with(b".s")))
    }

    /// Made by the compiler. Some of the run time's own functions carry the mark as well; they have a file.
    pub(crate) fn is_wrapper(&self, entry: &Entry<'_>) -> bool {
        entry.wrapper
            && self
                .lines
                .declaration(entry)
                .is_none_or(|(file, _)| file == b"<autogenerated>")
    }

    /// The compiler's functions that follow ABI0 get g from the thread before they need it (`load_g` in
    /// `src/cmd/internal/obj/x86/obj6.go`, `getgFromTLS` in `src/cmd/compile/internal/amd64/ssa.go`); others find it in
    /// its register.
    fn loads_g(&self, entry: &Entry<'_>, size: u64) -> bool {
        let head = self.elf.bytes(entry.address, size.min(96)).unwrap_or_default();
        self.elf.processor().loads_goroutine_first(head)
    }

    /// Makes sure that symbol table and line table agree about a function.
    fn check_sources(&self, entry: &Entry<'data>, index: usize) -> Result<(), Diagnostic> {
        let size = self.lines.size(entry);
        let disagree = |by_symbols: String, by_lines: String| {
            Diagnostic::error(
                Code::SOURCES_DISAGREE,
                format!(
                    "two tables of `{}` disagree on the function `{}`",
                    self.identity.path,
                    escapes::text(entry.name)
                ),
            )
            .note(format!("{by_symbols} by the symbol table"))
            .note(format!("{by_lines} by Go's line table (.gopclntab)"))
            .help("a probe on a wrong address can crash the program, so none is placed; build the program again \
                without changing it afterwards")
        };
        if size == 0 || size > self.lines.room(index) {
            return Err(disagree(
                format!("{} bytes up to the next function", self.lines.room(index)),
                format!("{size} bytes of code"),
            ));
        }
        let Some(symbols) = &self.symbols else {
            return Ok(());
        };
        if let Some(symbol) = self.symbol_of(entry) {
            return if symbol.size == size || symbol.size == 0 {
                Ok(())
            } else {
                Err(disagree(
                    format!("{} bytes", symbol.size),
                    format!("{size} bytes"),
                ))
            };
        }
        match symbols.named(entry.name) {
            Some(symbol) => Err(disagree(
                format!("at {:#x}", symbol.address),
                format!("at {:#x}", entry.address),
            )),
            // Its symbol was removed.
            None => Ok(()),
        }
    }

    /// Decodes a function into `listing` and hands over its code.
    ///
    /// # Errors
    /// `CODE_UNREADABLE` or `SOURCES_DISAGREE`.
    pub(crate) fn body<'a>(
        &'a self,
        id: FunctionId,
        listing: &'a mut Listing,
    ) -> Result<Body<'a>, Diagnostic> {
        let entry = self.entry(id).ok_or_else(|| {
            Diagnostic::error(
                Code::CODE_UNREADABLE,
                format!("`{}` has no Go function number {}", self.identity.path, id.0),
            )
        })?;
        self.check_sources(&entry, id.0 as usize)?;
        let unreadable = |what: String| {
            Diagnostic::error(
                Code::CODE_UNREADABLE,
                format!("cannot read the code of `{}`: {what}", escapes::text(entry.name)),
            )
            .note(format!(
                "the function is at {:#x} in `{}`",
                entry.address, self.identity.path
            ))
        };
        let processor = self.elf.processor();
        let bytes = self
            .elf
            .code(entry.address, self.lines.size(&entry))
            .ok_or_else(|| unreadable("it lies outside the program's code".to_owned()))?;
        listing
            .decode(processor, bytes, entry.address, self.is_assembly(&entry))
            .map_err(|error| {
                unreadable(format!(
                    "the bytes at {:#x} are not an instruction",
                    error.address
                ))
            })?;
        Ok(Body {
            processor,
            code: arch::Code {
                instructions: &listing.instructions,
                bytes,
                address: entry.address,
            },
        })
    }

    /// The probe sites of a function.
    ///
    /// # Errors
    /// `CODE_UNREADABLE` or `SOURCES_DISAGREE`.
    pub(crate) fn find_sites(&self, id: FunctionId, needs: &Needs) -> Result<Sites, Diagnostic> {
        let mut listing = Listing::default();
        self.body(id, &mut listing)?
            .sites(needs, self)
            .map_err(|StrangeCheck(address)| {
                Diagnostic::error(
                    Code::CODE_UNREADABLE,
                    format!(
                        "the stack check of `{}` at {address:#x} has a shape that is not known",
                        self.entry(id).map(|e| escapes::text(e.name)).unwrap_or_default()
                    ),
                )
                .note(format!("the program was made by {}", self.identity.go_version))
                .help(
                    "please report it with the program's Go version; a probe in a wrong place would miscount",
                )
            })
    }
}

impl Target<'_> {
    /// True if the function's code has loaded the goroutine from the thread wherever control reaches one of `sites`.
    pub(crate) fn loads_goroutine(&self, id: FunctionId, sites: &[u64], place: ThreadLocal) -> bool {
        let mut listing = Listing::default();
        let keeps = |address| self.keeps_goroutine(address);
        self.body(id, &mut listing)
            .is_ok_and(|body| goroutine::is_loaded(&body, sites, place, &keeps))
    }

    /// True of the functions that the compiler made of Go, where they follow ABIInternal: the goroutine is in its
    /// register when they return.
    fn keeps_goroutine(&self, address: u64) -> bool {
        let found = self.lines.find_exact(address);
        found
            .and_then(|index| self.lines.get(index))
            .map(|entry| self.describe(&entry))
            .is_some_and(|function| function.abi == Abi::Internal && !function.assembly)
    }
}

/// What compiled code calls when it panics (`src/cmd/compile/internal/typecheck/_builtin/runtime.go`, and
/// `src/runtime/panic.go` for the checks of indices); beginnings of names.
const NEVER_RETURN: [&[u8]; 11] = [
    b"runtime.panicIndex",
    b"runtime.panicSlice",
    b"runtime.panicBounds",
    b"runtime.panicdivide",
    b"runtime.panicshift",
    b"runtime.panicdottype",
    b"runtime.panicnildottype",
    b"runtime.panicmakeslicelen",
    b"runtime.panicmakeslicecap",
    b"runtime.panicwrap",
    b"runtime.gopanic",
];

impl Surroundings for Target<'_> {
    fn morestack(&self, address: u64) -> Option<Morestack> {
        match self.lines.name(self.lines.find_exact(address)?)? {
            b"runtime.morestack" => Some(Morestack::WithContext),
            b"runtime.morestack_noctxt" | b"runtime.morestackc" => Some(Morestack::WithoutContext),
            _ => None,
        }
    }

    fn never_returns(&self, address: u64) -> bool {
        let found = self.lines.find_exact(address);
        let name = found.and_then(|index| self.lines.name(index));
        name.is_some_and(|name| NEVER_RETURN.iter().any(|begin| name.starts_with(begin)))
    }

    fn function_at(&self, address: u64) -> Option<FunctionId> {
        let index = self.lines.find(address)?;
        self.lines.get(index)?;
        u32::try_from(index).ok().map(FunctionId)
    }

    fn table(&self, address: u64, within: &std::ops::Range<u64>, limit: usize) -> Vec<u64> {
        let mut words = Vec::new();
        let mut at = address;
        while words.len() < limit
            && let Some(word) = self.elf.word(at)
            && within.contains(&word)
        {
            words.push(word);
            at = at.saturating_add(8);
        }
        words
    }
}
