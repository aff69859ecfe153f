//! Whole programs that nobody wrote for the tests, every function, argument, result and type of them compared with
//! readers that share nothing with gobt: binutils, Go's `debug/dwarf`, DWARF's location lists, and what the machine
//! code itself does with arguments and results. What differs has a known cause, or the test fails. It prints the tables
//! of `docs/whole-programs.md`.
//!
//! `cargo test --test go -- whole/` takes `gofmt` by two Go releases,
//! `GOBT_WHOLE=all cargo test --release --test go -- whole/` all commands and releases and a program of 150 MB, and
//! `GOBT_WHOLE=/path/to/program` one of your own.

use crate::readers::calls::Read;
use crate::readers::locations::{self, Part, Place, Variable};
use crate::readers::report::{Report, Tally, tables};
use crate::readers::saves::{self, Save};
use crate::readers::{
    bytes, calls, code, endings, lacks_receiver, layouts, names, objdump, programs, slot,
    tables as run_time_tables,
};
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, go};
use gobt::gotype::abi::{self, Piece, Slot};
use gobt::target::load::Loaded;
use gobt::target::{
    Function, Functions as _, Needs, NoEntry, Parameter, Program as _, Signature, Sites, Target, Types as _,
    Unreadable,
};
use object::read::elf::ElfFile64;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Questions of the report.
const CAN_ENTER: &str = "Can be observed at its entry";
const CAN_READ: &str = "Can be read: arguments and results";
const ARGUMENTS_SAVED: &str = "Arguments, with the registers that the code saves";
const ARGUMENTS_LISTED: &str = "Arguments, with location lists at the entry";
const RESULTS_LISTED: &str = "Results, with location lists at RETs";
const RESULTS_READ: &str = "Results, with the registers that callers read";
const RESULTS_SET: &str = "Results, with the registers that the code sets before it returns";
const SIZES: &str = "Signatures, with the room that the run time says they take";

static REPORTS: Mutex<BTreeMap<String, Report>> = Mutex::new(BTreeMap::new());

/// Releases of every day, and those of `GOBT_WHOLE=all`.
const FEW: [&str; 2] = ["1.22.12", "1.27.3"];
/// The release that builds the program of 150 MB.
const LARGE: &str = "1.26.6";

/// All trials.
pub fn suite() -> Suite {
    let wanted = std::env::var("GOBT_WHOLE").unwrap_or_default();
    let all = wanted == "all";
    let mut trials = Vec::new();
    let mut add = |name: String, built: Box<dyn Fn() -> Result<PathBuf, Trouble> + Send>| {
        trials.push(trial(name.clone(), move || {
            let report = examine(&built()?)?;
            let wrong = report.unexplained();
            let mut reports = REPORTS.lock().unwrap_or_else(PoisonError::into_inner);
            reports.insert(name, report);
            if wrong.is_empty() {
                Ok(())
            } else {
                Err(Trouble::Failed(wrong.join("\n")))
            }
        }));
    };
    if wanted.contains('/') {
        let path = PathBuf::from(&wanted);
        add(wanted, Box::new(move || Ok(path.clone())));
    }
    for toolchain in go::TOOLCHAINS {
        let commands: &[&str] = match (all, FEW.contains(&toolchain)) {
            (true, _) => &["gofmt", "go", "compile"],
            (false, true) => &["gofmt"],
            (false, false) => &[],
        };
        for name in commands.iter().copied() {
            add(
                format!("{name} {toolchain}"),
                Box::new(move || go::command(name, toolchain)),
            );
        }
    }
    if all {
        add(format!("vault {LARGE}"), Box::new(|| programs::vault(LARGE)));
    }
    Suite::and_then(trials, move || {
        let reports = REPORTS.lock().unwrap_or_else(PoisonError::into_inner);
        if !reports.is_empty() {
            println!("{}", tables(&reports));
        }
        Ok(())
    })
}

/// What gobt says of one function.
struct Known {
    function: Function,
    sites: Option<Sites>,
    signature: Option<Signature>,
}

fn examine(path: &Path) -> Result<Report, Trouble> {
    let mut report = Report::default();
    let loaded = Loaded::open(path).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let file = ElfFile64::parse(loaded.main()).map_err(|error| error.to_string())?;
    let known = ask(&target, &mut report);

    let symbols = names::read(path)?;
    let functions: Vec<Function> = known.iter().map(|known| known.function.clone()).collect();
    names::compare(&symbols, &functions, &mut report);

    let address_of = |name: &str| {
        let found = symbols
            .iter()
            .find(|(_, here)| here.iter().any(|s| s.name == name));
        found.map(|(address, _)| *address)
    };
    let grower = |symbol: &names::Symbol| code::GROWERS.contains(&symbol.name.trim_end_matches(".abi0"));
    let growers: Vec<u64> = symbols
        .iter()
        .filter(|(_, here)| here.iter().any(grower))
        .map(|(address, _)| *address)
        .collect();
    let ranges: Vec<(u64, u64)> = functions.iter().map(|f| (f.address, f.size)).collect();
    objdump::each_function(path, &ranges, |number, shown| {
        if let Some(sites) = &known[number].sites {
            code::compare(&functions[number], sites, shown, &growers, &mut report);
        }
    })?;

    let text = address_of("runtime.text").ok_or_else(|| "no runtime.text".to_owned())?;
    let sizes = run_time_tables::sizes(loaded.main(), text)?;
    let growers: BTreeSet<u64> = growers.into_iter().collect();
    let mut read_by_callers: HashMap<u64, Read> = HashMap::new();
    let mut saved: Vec<Option<Vec<Save>>> = Vec::with_capacity(known.len());
    for known in &known {
        let Some(code) = bytes(&file, known.function.address, known.function.size) else {
            saved.push(None);
            continue;
        };
        saved.push(saves::read(code, known.function.address, &growers));
        if !known.function.assembly {
            calls::read(code, known.function.address, &mut read_by_callers);
        }
    }
    let returns: HashMap<u64, Vec<u64>> = known
        .iter()
        .filter_map(|known| {
            let returns = known.sites.as_ref()?.returns.iter().map(|site| site.address);
            Some((known.function.address, returns.collect()))
        })
        .collect();
    let listed = locations::read(loaded.main(), &returns)?;
    for (known, saved) in known.iter().zip(&saved) {
        let Some(signature) = &known.signature else {
            continue;
        };
        let function = &known.function;
        let mut confirmed = compare_size(&target, function, signature, &sizes, report.of(SIZES));
        confirmed |= compare_saved(function, signature, saved.as_deref(), report.of(ARGUMENTS_SAVED));
        let nothing = Vec::new();
        let variables = listed.get(&function.address).unwrap_or(&nothing);
        compare_listed(function, signature, variables, confirmed, &mut report);
        let read = read_by_callers.get(&function.address);
        compare_read(function, signature, read, report.of(RESULTS_READ));
        let code = bytes(&file, function.address, function.size).unwrap_or_default();
        compare_set(function, signature, code, report.of(RESULTS_SET));
    }
    layouts::compare(path, &target, &mut report)?;
    not_blind(known.len() as u64, target.identity().go_minor, &mut report)?;
    Ok(report)
}

/// A reader that says nothing would agree with everything: each has to say as much as every fourth function asks for.
fn not_blind(functions: u64, minor: u32, report: &mut Report) -> Result<(), Trouble> {
    let mut questions = vec![
        names::NAMES,
        code::ENTRY,
        code::RETURNS,
        ARGUMENTS_SAVED,
        ARGUMENTS_LISTED,
        layouts::STRUCTS,
    ];
    // Go 1.17 lists no results.
    if minor > 17 {
        questions.extend([SIZES, RESULTS_SET]);
    }
    for question in questions {
        let compared = report.of(question).compared();
        if compared < functions / 4 {
            return Err(Trouble::Failed(format!(
                "{question}: only {compared} comparisons in {functions} functions"
            )));
        }
    }
    Ok(())
}

/// Asks gobt for everything, and counts what it refuses.
fn ask(target: &Target<'_>, report: &mut Report) -> Vec<Known> {
    let mut all = Vec::new();
    for id in target.all() {
        let function = target.function(id);
        let sites = target.sites(id, &Needs::default());
        let tally = report.of(CAN_ENTER);
        match &sites {
            Err(problem) => {
                tally.unexplained("no sites", || format!("{}: {}", function.name, problem.message));
            }
            Ok(sites) => match &sites.entry {
                Ok(_) => tally.agree(),
                Err(NoEntry::LoopHead) => {
                    tally.differ("its first instruction is the head of a loop", || {
                        function.name.clone()
                    });
                }
                Err(NoEntry::Refused(what)) => {
                    tally.differ("the kernel refuses its first instruction", || {
                        format!("{}: {what}", function.name)
                    });
                }
            },
        }
        let signature = target.signature(id);
        let tally = report.of(CAN_READ);
        match &signature {
            Err(problem) => tally.differ(&refusal(problem.code), || function.name.clone()),
            Ok(signature) => {
                let values = signature.receiver.iter().chain(&signature.parameters);
                for value in values.chain(&signature.results) {
                    count_readable(&function, signature, value, tally);
                }
                if lacks_receiver(signature) {
                    let why = if function.wrapper {
                        "the receiver of a wrapper, whose type is not in the debug information"
                    } else {
                        "a receiver whose type is not in the debug information"
                    };
                    tally.differ(why, || format!("{}: {}", function.name, signature.text));
                }
                if !signature.results_known {
                    let why = if function.assembly {
                        "assembly: its results are not listed"
                    } else {
                        "results are not listed"
                    };
                    tally.differ(why, || format!("{}: {}", function.name, signature.text));
                }
            }
        }
        all.push(Known {
            function,
            sites: sites.ok(),
            signature: signature.ok(),
        });
    }
    all
}

fn refusal(code: impl std::fmt::Display) -> String {
    match code.to_string().as_str() {
        "E0251" => "no debug information for the function (E0251)".to_owned(),
        "E0252" => "assembly that no Go declaration is listed for (E0252)".to_owned(),
        other => other.to_owned(),
    }
}

fn count_readable(function: &Function, signature: &Signature, value: &Parameter, tally: &mut Tally) {
    let example = || {
        format!(
            "{}: {} in {}; {:?}",
            function.name, value.name, signature.text, value.place
        )
    };
    match &value.place {
        Ok(pieces) if pieces.iter().any(|piece| matches!(piece.slot, Slot::Vector(_))) => {
            tally.differ("in a vector register, which probes cannot read", example);
        }
        Ok(_) => tally.agree(),
        Err(Unreadable::Dropped) => tally.differ("dropped by the compiler", example),
        Err(Unreadable::NotThere) => tally.unexplained("an inlined call's argument", example),
        Err(Unreadable::Disagreement { debug_info, .. })
            if debug_info == "the unnamed parameters are left out" =>
        {
            tally.differ(
                "unnamed parameters before it are not listed, and may be floats",
                example,
            );
        }
        Err(Unreadable::Disagreement { .. }) => {
            tally.unexplained("refused, since sources disagree", example);
        }
        Err(Unreadable::UnknownType(what)) if function.assembly => {
            tally.differ(&format!("assembly: {what}"), example);
        }
        Err(Unreadable::UnknownType(what)) => tally.differ(what, example),
    }
}

/// Whether the name is of code that takes a dictionary, or of a closure in such code.
fn generic(function: &Function) -> bool {
    function.name.contains("[go.shape.") || function.name.contains("[...]")
}

/// The arguments of a signature; none if some of them are not known.
fn arguments(signature: &Signature) -> Option<Vec<&Parameter>> {
    let all: Vec<&Parameter> = signature.receiver.iter().chain(&signature.parameters).collect();
    (!lacks_receiver(signature) && all.iter().all(|value| value.place.is_ok())).then_some(all)
}

/// Arguments and results take as much room in the caller's frame as the run time's table of functions says. True if
/// they do.
fn compare_size(
    target: &Target<'_>,
    function: &Function,
    signature: &Signature,
    sizes: &HashMap<u64, u64>,
    tally: &mut Tally,
) -> bool {
    let Some(&listed) = sizes.get(&function.address) else {
        tally.silent("assembly that does not say its size");
        return false;
    };
    let results_known = signature.results_known && signature.results.iter().all(|value| value.place.is_ok());
    let Some(arguments) = arguments(signature).filter(|_| results_known) else {
        tally.silent("not all arguments and results are known");
        return false;
    };
    let mut room = end_of_stack(signature).next_multiple_of(8) - FIRST_SLOT;
    for value in arguments {
        let pieces = value.place.as_deref().unwrap_or_default();
        if pieces.iter().any(|piece| matches!(piece.slot, Slot::Stack(_))) {
            continue;
        }
        match abi::shape(value.ty, &mut |ty| target.type_of(ty)) {
            Ok(shape) if shape.size > 0 => room = room.next_multiple_of(shape.align) + shape.size,
            _ => {}
        }
    }
    let room = room.next_multiple_of(8);
    let example = || {
        format!(
            "{} {}: {room} bytes, but the table says {listed}",
            function.name, signature.text
        )
    };
    let same = room == listed || (generic(function) && room + 8 == listed);
    if same {
        tally.agree();
    } else if function.assembly {
        tally.differ(
            "assembly that says another size than its declaration has",
            example,
        );
    } else {
        tally.unexplained("another size", example);
    }
    same
}

/// Bytes from the stack pointer to the first slot.
const FIRST_SLOT: u64 = 8;

/// Where arguments and results on the stack end, above the stack pointer at the first instruction.
fn end_of_stack(signature: &Signature) -> u64 {
    let values = signature.receiver.iter().chain(&signature.parameters);
    let pieces = values
        .chain(&signature.results)
        .flat_map(|value| value.place.as_deref().unwrap_or_default());
    let ends = pieces.filter_map(|piece| match piece.slot {
        Slot::Stack(offset) => Some(offset + piece.size),
        _ => None,
    });
    ends.max().unwrap_or(FIRST_SLOT)
}

/// The registers and the room of every argument, in order, against what the code saves. True if they are the same.
fn compare_saved(
    function: &Function,
    signature: &Signature,
    saved: Option<&[Save]>,
    tally: &mut Tally,
) -> bool {
    let Some(saved) = saved else {
        tally.silent("the function does not check its stack");
        return false;
    };
    if saved.is_empty() {
        tally.silent("none of its arguments is in a register, or none is used");
        return false;
    }
    let known: Vec<&Parameter> = signature.receiver.iter().chain(&signature.parameters).collect();
    let pieces = |value: &&Parameter| value.place.clone().unwrap_or_default();
    let given: Vec<(String, u64)> = known
        .iter()
        .flat_map(pieces)
        .filter(|piece| !matches!(piece.slot, Slot::Stack(_)))
        .map(|piece| (slot(&piece), piece.size))
        .collect();
    let stored: Vec<(String, u64)> = saved.iter().map(|s| (s.register.clone(), s.size)).collect();
    let example = || {
        format!(
            "{} {}: {given:?}, but it saves {saved:?}",
            function.name, signature.text
        )
    };
    let complete = arguments(signature).is_some();
    let mut rest = stored.iter();
    let within = given.iter().all(|one| rest.any(|other| other == one));
    let extra = stored.len() - given.len().min(stored.len());
    let same = match (complete, generic(function)) {
        (true, false) => given == stored,
        (true, true) => within && extra <= 1,
        (false, _) => within,
    };
    if !same {
        tally.unexplained("other registers", example);
        return false;
    }
    if !complete {
        tally.silent("agrees, but not all arguments are known");
        return true;
    }
    // The room for registers begins behind all arguments and results on the stack.
    let results_known = signature.results_known && signature.results.iter().all(|value| value.place.is_ok());
    let begins = end_of_stack(signature).next_multiple_of(8);
    if results_known && saved.first().is_some_and(|save| save.at != begins) {
        tally.unexplained("the registers' room is elsewhere", example);
        return false;
    }
    tally.agree();
    true
}

/// The registers that results are in; none if they are not known.
fn result_registers(signature: &Signature) -> Option<BTreeSet<String>> {
    let known = signature.results_known && signature.results.iter().all(|value| value.place.is_ok());
    known.then(|| {
        signature
            .results
            .iter()
            .flat_map(|value| value.place.clone().unwrap_or_default())
            .filter(|piece| !matches!(piece.slot, Slot::Stack(_)))
            .map(|piece| slot(&piece))
            .collect()
    })
}

/// What the code sets last is a result.
fn compare_set(function: &Function, signature: &Signature, code: &[u8], tally: &mut Tally) {
    if function.assembly {
        return tally.silent("assembly");
    }
    let Some(results) = result_registers(signature) else {
        return tally.silent("not all results are known");
    };
    let set = endings::read(code, function.address);
    let example = || {
        format!(
            "{} {}: {results:?}, but it sets {set:x?}",
            function.name, signature.text
        )
    };
    // Registers are given out in order: without the next one none behind it can be a result.
    let more: Vec<_> = set
        .iter()
        .filter(|(register, _)| !results.contains(*register))
        .collect();
    let next = |register: &str| {
        let integer = ["ax", "bx", "cx", "di", "si", "r8", "r9", "r10", "r11"]
            .map(str::to_owned)
            .into_iter()
            .find(|name| !results.contains(name));
        let vector = (0..15)
            .map(|n| format!("X{n}"))
            .find(|name| !results.contains(name));
        integer.as_deref() == Some(register) || vector.as_deref() == Some(register)
    };
    let possible: Vec<_> = more.iter().filter(|(register, _)| next(register)).collect();
    let certain = possible.iter().any(|(_, set)| !set.may_be_atomic);
    if certain && function.name.contains("weak.Make[") {
        tally.differ(
            "runtime.KeepAlive reads an argument again, which nobody uses",
            example,
        );
    } else if certain {
        tally.unexplained("it sets what is no result", example);
    } else if !possible.is_empty() {
        tally.differ("the result of an atomic operation that nobody uses", example);
    } else if !more.is_empty() {
        tally.differ(
            "registers that can be no result, since one before them is not set",
            example,
        );
    } else if set.len() == results.len() {
        tally.agree();
    } else {
        tally.silent("some of its results are set before the last branch or call");
    }
}

/// What callers read after a call are results.
fn compare_read(function: &Function, signature: &Signature, read: Option<&Read>, tally: &mut Tally) {
    if function.assembly {
        return tally.silent("assembly, which may keep registers");
    }
    let Some(results) = result_registers(signature) else {
        return tally.silent("not all results are known");
    };
    let Some(read) = read else {
        return tally.silent(if results.is_empty() {
            "no results in registers, and no caller reads any"
        } else {
            "no direct call that reads its results"
        });
    };
    let example = || {
        format!(
            "{} {}: {results:?}, but a caller reads {:?}, at {:#x}",
            function.name, signature.text, read.registers, read.at
        )
    };
    if !read.registers.is_subset(&results) {
        if function.name == "runtime.deferproc" || function.name == "runtime.deferprocStack" {
            return tally.differ(
                "deferproc returns in AX whether a panic was recovered, beside its signature",
                example,
            );
        }
        // Calls of these end a path (`rtcall` in `src/cmd/compile/internal/ssagen/ssa.go`): the code behind is another
        // one's.
        let ends = [
            "runtime.panic",
            "runtime.goPanic",
            "runtime.gopanic",
            "runtime.throw",
            "runtime.fatal",
        ];
        let ends = ends.iter().any(|prefix| function.name.starts_with(prefix));
        if ends || function.name.ends_with(".throw") {
            return tally.silent("it does not return, and the code behind its calls is of another path");
        }
        return tally.unexplained("a caller reads what is no result", example);
    }
    tally.agree();
}

/// Each byte of a value and where it is: DWARF's number of the register and the byte in it, or the place on the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    Register(u16, u64),
    Stack(i64),
}

/// DWARF's numbers for amd64's registers (System V ABI, figure 3.36).
fn dwarf_number(piece: &Piece) -> Option<u16> {
    Some(match piece.slot {
        Slot::Register(register) => match register.name() {
            "ax" => 0,
            "cx" => 2,
            "bx" => 3,
            "si" => 4,
            "di" => 5,
            other => other.strip_prefix('r')?.parse().ok()?,
        },
        Slot::Vector(number) => 17 + u16::from(number),
        Slot::Stack(_) => return None,
    })
}

fn by_rules(pieces: &[Piece], byte: u64) -> Option<Spot> {
    let piece = pieces
        .iter()
        .find(|p| (p.offset..p.offset + p.size).contains(&byte))?;
    Some(match (piece.slot, dwarf_number(piece)) {
        (Slot::Stack(at), _) => Spot::Stack((at + byte - piece.offset).cast_signed()),
        (_, Some(number)) => Spot::Register(number, byte - piece.offset),
        _ => return None,
    })
}

/// What a location says beside a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Same,
    /// A place in the frame for a value that is passed in registers.
    Kept,
    Nothing,
    Differs,
}

/// Bytes of a value that are looked at.
const MOST_BYTES: u64 = 4096;

fn weigh(pieces: &[Piece], parts: &[Part]) -> Verdict {
    let size = pieces
        .iter()
        .map(|piece| piece.offset + piece.size)
        .max()
        .unwrap_or(0);
    let (mut same, mut kept, mut differs) = (false, false, false);
    let mut at = 0;
    for part in parts {
        let length = part.size.unwrap_or(size);
        for byte in 0..length.min(MOST_BYTES) {
            // Bytes between the pieces are padding.
            let Some(rule) = by_rules(pieces, at + byte) else {
                differs |= at + byte >= size;
                continue;
            };
            let listed = match part.place {
                Place::Register(number) => Spot::Register(number, byte),
                Place::Frame(base) => Spot::Stack(base + byte.cast_signed()),
                Place::Nowhere | Place::Elsewhere => break,
            };
            match (rule, listed) {
                _ if rule == listed => same = true,
                (Spot::Register(..), Spot::Stack(_)) => kept = true,
                _ => differs = true,
            }
        }
        at += length;
    }
    match (differs, same, kept) {
        (true, ..) => Verdict::Differs,
        (_, true, _) => Verdict::Same,
        (_, _, true) => Verdict::Kept,
        _ => Verdict::Nothing,
    }
}

fn compare_listed(
    function: &Function,
    signature: &Signature,
    variables: &[Variable],
    confirmed: bool,
    report: &mut Report,
) {
    let values: Vec<(&Parameter, bool)> = signature
        .receiver
        .iter()
        .chain(&signature.parameters)
        .map(|value| (value, false))
        .chain(signature.results.iter().map(|value| (value, true)))
        .collect();
    let everything: Vec<Piece> = signature
        .receiver
        .iter()
        .chain(&signature.parameters)
        .flat_map(|value| value.place.clone().unwrap_or_default())
        .collect();
    let mut blanks = [0, 0];
    for (value, result) in values {
        let Ok(pieces) = &value.place else { continue };
        if pieces.is_empty() {
            continue;
        }
        let named = |v: &&Variable| v.name == value.name && v.result == result;
        let variable = if value.name == "_" {
            let skip = &mut blanks[usize::from(result)];
            *skip += 1;
            variables.iter().filter(named).nth(*skip - 1)
        } else {
            variables.iter().find(named)
        };
        let tally = report.of(if result { RESULTS_LISTED } else { ARGUMENTS_LISTED });
        let Some(variable) = variable else {
            tally.silent("no entry for it in the function's own DWARF");
            continue;
        };
        let lists: Vec<&Vec<Part>> = if result {
            variable.returns.iter().collect()
        } else {
            variable.entry.iter().collect()
        };
        let lists: Vec<&Vec<Part>> = lists.into_iter().filter(|parts| !parts.is_empty()).collect();
        if lists.is_empty() {
            tally.silent("no location there");
            continue;
        }
        for parts in lists {
            let example = || {
                format!(
                    "{}: {} in {}: {pieces:?}, listed {parts:?}",
                    function.name, value.name, signature.text
                )
            };
            match weigh(pieces, parts) {
                Verdict::Same => tally.agree(),
                Verdict::Nothing => tally.silent("the location is nowhere"),
                Verdict::Kept => tally.silent("a place in the frame where it is kept at another time"),
                Verdict::Differs => {
                    let cause = cause(pieces, parts, &everything);
                    match (cause, confirmed && !result) {
                        (Some(cause), true) => {
                            tally.differ(
                                &format!("{cause}; but the signature is confirmed by the code's own traces"),
                                example,
                            );
                        }
                        (Some(cause), false) => tally.differ(cause, example),
                        (None, true) => tally.differ(
                            "another register; but the signature is confirmed by the code's own traces",
                            example,
                        ),
                        (None, false) => tally.unexplained("another place", example),
                    }
                }
            }
        }
    }
}

/// The ways in which Go's location lists are known to be wrong.
fn cause(pieces: &[Piece], parts: &[Part], everything: &[Piece]) -> Option<&'static str> {
    let size = pieces
        .iter()
        .map(|piece| piece.offset + piece.size)
        .max()
        .unwrap_or(0);
    let numbers: Vec<u16> = parts
        .iter()
        .filter_map(|part| match part.place {
            Place::Register(number) => Some(number),
            _ => None,
        })
        .collect();
    let own: Vec<u16> = pieces.iter().filter_map(dwarf_number).collect();
    let mut once = numbers.clone();
    once.dedup();
    if once.len() < numbers.len() && once == own {
        return Some("a piece is listed twice (Go 1.17 to 1.21)");
    }
    if let [
        Piece {
            slot: Slot::Stack(start),
            ..
        },
    ] = pieces
        && parts.len() > 1
        && parts.iter().all(|part| match part.place {
            Place::Frame(at) => (start.cast_signed()..(start + size).cast_signed()).contains(&at),
            Place::Nowhere => true,
            _ => false,
        })
    {
        return Some("of a value on the stack a part is left out, and the next one is listed in its stead");
    }
    if let [Part { place, .. }] = parts {
        match place {
            Place::Register(number) if own.len() > 1 && own.contains(number) => {
                return Some("one register of several is listed as the whole's");
            }
            Place::Frame(at) => {
                if let [
                    Piece {
                        slot: Slot::Stack(start),
                        ..
                    },
                ] = pieces
                {
                    let start = start.cast_signed();
                    if (start..start + size.cast_signed()).contains(at) {
                        return Some("the place of one word is listed as the whole's (Go 1.27)");
                    }
                    if *at < 8 {
                        return Some(
                            "a slot of the function's own frame is listed for an argument on the stack",
                        );
                    }
                }
            }
            _ => {}
        }
    }
    let listed: u64 = parts.iter().map(|part| part.size.unwrap_or(size)).sum();
    if listed > size && numbers.iter().all(|number| own.contains(number)) {
        return Some("a piece is listed twice (Go 1.17 to 1.21)");
    }
    let all: BTreeSet<u16> = everything.iter().filter_map(dwarf_number).collect();
    if !numbers.is_empty() && numbers.iter().all(|number| all.contains(number)) {
        return Some("registers of another argument, whose value it takes later");
    }
    None
}
