//! `gobt inspect`: one function, its arguments, its probe sites and its code.

mod text;

use super::funcs::nothing_found;
use super::programs::Named;
use super::report::{self, DONE};
use super::{Format, InspectArgs, output};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::gotype::TypeRef;
use crate::gotype::abi::{Piece, Register, Slot};
use crate::target::catalog::Workspace;
use crate::target::{
    Abi, FunctionId, Functions as _, Guard, Needs, NoEntry, Parameter, Pattern, Program as _, Signature,
    Site, Target, Types as _, Unreadable, Wrapped,
};
use serde::{Serialize, Serializer};
use std::collections::HashSet;

/// The most inlined calls that are shown.
const MOST_INLINED: usize = 20;
/// The most functions that a message lists if a name fits several.
const MOST_NAMED: usize = 10;

/// What is known of a function.
#[derive(Debug, Serialize)]
struct Report {
    name: String,
    package: String,
    /// Null without debug information.
    signature: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    address: String,
    size: u64,
    /// `internal` or `abi0`.
    #[serde(serialize_with = "abi")]
    abi: Abi,
    wrapper: bool,
    #[serde(skip)]
    wraps: Option<Wrapped>,
    assembly: bool,
    /// Null if they are not known; `unknown` says why.
    arguments: Option<Vec<Value>>,
    /// Likewise.
    results: Option<Vec<Value>>,
    captured: Vec<Captured>,
    unknown: Option<String>,
    entry: Option<EntrySite>,
    no_entry: Option<String>,
    returns: Vec<PlainSite>,
    tail_jumps: Vec<TailJump>,
    /// Null without debug information.
    inlined: Option<Inlined>,
    code: Vec<Line>,
}

/// An argument or result.
#[derive(Debug, Serialize)]
struct Value {
    name: String,
    #[serde(rename = "type")]
    ty: String,
    /// Empty if it cannot be read.
    places: Vec<Place>,
    /// Why it cannot be read.
    unreadable: Option<String>,
}

/// A piece of a value.
#[derive(Debug, Serialize)]
struct Place {
    /// Bytes from the value's beginning.
    offset: u64,
    size: u64,
    /// `ax`, `x0`, `sp+8`.
    #[serde(rename = "place", serialize_with = "slot")]
    slot: Slot,
}

/// A variable that a closure carries.
#[derive(Debug, Serialize)]
struct Captured {
    name: String,
    #[serde(rename = "type")]
    ty: String,
    /// Bytes from the beginning of the closure, which DX points to at the entry.
    offset: u64,
}

/// A probe site.
#[derive(Debug, Serialize)]
struct PlainSite {
    address: String,
    offset: u64,
    instruction: String,
    /// The kernel emulates the instruction; otherwise it single-steps a copy of it.
    emulated: bool,
}

#[derive(Debug, Serialize)]
struct EntrySite {
    #[serde(flatten)]
    site: PlainSite,
    /// It is behind the stack check, or on its last jump.
    checked: bool,
    /// It is an entry only when neither the carry nor the zero flag is set.
    needs_flags: bool,
}

#[derive(Debug, Serialize)]
struct TailJump {
    #[serde(flatten)]
    site: PlainSite,
    /// The function it goes to, if that is known.
    target: Option<String>,
}

/// Where the function was inlined.
#[derive(Debug, Serialize)]
struct Inlined {
    count: usize,
    /// The first ones.
    calls: Vec<Call>,
}

#[derive(Debug, Serialize)]
struct Call {
    caller: String,
    file: String,
    line: u32,
    address: String,
}

/// An instruction.
#[derive(Debug, Serialize)]
struct Line {
    address: String,
    offset: u64,
    instruction: String,
    target: Option<String>,
    file: Option<String>,
    line: Option<u32>,
    /// `entry`, `return` or `tail jump` where a probe may go.
    site: Option<&'static str>,
}

/// Shows one function.
pub(super) fn run(args: &InspectArgs) -> u8 {
    let mut problems = Vec::new();
    let report = inspect(args, &mut problems);
    let text = match &report {
        // Strings and numbers always serialize.
        Ok(report) if args.format == Format::Json => serde_json::to_string(report).unwrap_or_default() + "\n",
        Ok(report) => text::render(report),
        Err(problem) => {
            problems.push(problem.clone());
            String::new()
        }
    };
    let code = report::all(&problems, args.format);
    if code != DONE {
        return code;
    }
    match output::to_stdout(&text) {
        Ok(()) => DONE,
        Err(error) => report::failure("cannot write to standard output", &error),
    }
}

/// The report; warnings go to `warnings`.
fn inspect(args: &InspectArgs, warnings: &mut Vec<Diagnostic>) -> Result<Report, Diagnostic> {
    let (named, wanted) = match (args.pid, &args.function) {
        // With --pid the first word is the function.
        (Some(pid), _) => (Named::Process(pid), args.bin.to_string_lossy().into_owned()),
        (None, function) => (
            Named::File(args.bin.clone()),
            function.clone().unwrap_or_default(),
        ),
    };
    let loaded = named.load(args.debug_file.as_deref())?;
    warnings.extend_from_slice(loaded.warnings());
    let target = Target::open(&loaded)?;
    let id = choose(&target, &wanted)?;
    let mut report = gather(&target, id, warnings)?;
    if !args.code {
        report.code.clear();
    }
    loaded.unchanged()?;
    Ok(report)
}

/// The one function that the user means, by name, pattern or address.
fn choose(target: &Target<'_>, wanted: &str) -> Result<FunctionId, Diagnostic> {
    if let Some(digits) = wanted.strip_prefix("0x")
        && let Ok(address) = u64::from_str_radix(digits, 16)
    {
        return target.function_containing(address).ok_or_else(|| {
            Diagnostic::error(
                Code::NO_FUNCTION,
                format!("there is no Go function at {address:#x}"),
            )
            .help("addresses are those that `gobt funcs` and `nm` show, before the program is loaded")
        });
    }
    let pattern = Pattern::parse(wanted)?;
    let found = target.functions(&pattern)?.functions;
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(nothing_found(target, &pattern)),
        several => {
            let names: Vec<String> = several
                .iter()
                .take(MOST_NAMED)
                .map(|id| target.function(*id))
                .map(|f| format!("{:#x} {}", f.address, crate::visible::visible(&f.name)))
                .collect();
            let more = several.len().saturating_sub(names.len());
            let more = if more == 0 {
                String::new()
            } else {
                format!("\nand {more} more")
            };
            Err(Diagnostic::error(
                Code::SEVERAL_FUNCTIONS,
                format!("{} functions are named `{wanted}`", several.len()),
            )
            .note(format!("{}{more}", names.join("\n")))
            .help("give one name in full, or an address"))
        }
    }
}

fn gather(target: &Target<'_>, id: FunctionId, warnings: &mut Vec<Diagnostic>) -> Result<Report, Diagnostic> {
    let function = target.function(id);
    let row = target.row(id, &mut Workspace::default());
    let signature = target.signature(id);
    let sites = target.sites(id, &needs(signature.as_ref().ok()))?;
    let name = HashSet::from([function.name.as_str()]);
    let inlined = if target.inlined_is_cheap(&name) || target.identity().has_types {
        match target.inlined(&|name| name == function.name, MOST_INLINED) {
            Ok(found) => Some(found),
            Err(problem) => {
                warnings.push(Diagnostic {
                    severity: Severity::Warning,
                    ..problem
                });
                None
            }
        }
    } else {
        None
    };
    let type_name = |ty: TypeRef| target.type_of(ty).map_or_else(|_| "?".to_owned(), |ty| ty.name);
    let values = |parameters: &mut dyn Iterator<Item = &Parameter>| -> Vec<Value> {
        parameters.map(|p| value(p, type_name(p.ty))).collect()
    };
    let site_of = |address: u64| {
        if sites.entry.as_ref().is_ok_and(|e| e.site.address == address) {
            Some("entry")
        } else if sites.returns.iter().any(|s| s.address == address) {
            Some("return")
        } else if sites.tail_jumps.iter().any(|(s, _)| s.address == address) {
            Some("tail jump")
        } else {
            None
        }
    };
    let code = target
        .code(id)?
        .into_iter()
        .map(|line| {
            let (file, number) = line.position.unzip();
            Line {
                address: hex(line.address),
                offset: line.offset,
                instruction: line.instruction,
                target: line.target,
                file,
                line: number,
                site: site_of(line.address),
            }
        })
        .collect();
    let (file, line) = row.as_ref().and_then(|r| r.position.clone()).unzip();
    let known = signature.as_ref().ok();
    Ok(Report {
        package: row.map(|r| r.package).unwrap_or_default(),
        file,
        line,
        signature: known.map(|s| s.text.clone()),
        address: hex(function.address),
        size: function.size,
        abi: function.abi,
        wrapper: function.wrapper,
        wraps: target.wrapped(id),
        assembly: function.assembly,
        arguments: known.map(|s| values(&mut s.receiver.iter().chain(&s.parameters))),
        results: known
            .filter(|s| s.results_known)
            .map(|s| values(&mut s.results.iter())),
        captured: known
            .map(|s| s.captured.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|(name, ty, offset)| Captured {
                name: name.clone(),
                ty: type_name(*ty),
                offset: *offset,
            })
            .collect(),
        unknown: match &signature {
            Err(problem) => Some(problem.message.clone()),
            Ok(s) if !s.results_known => {
                Some("the debug information does not describe this function's results".to_owned())
            }
            Ok(_) => None,
        },
        no_entry: sites.entry.as_ref().err().map(|why| match why {
            NoEntry::LoopHead => "its first instruction is also the head of a loop".to_owned(),
            NoEntry::Refused(why) => why.clone(),
        }),
        entry: sites.entry.ok().map(|entry| EntrySite {
            site: plain(entry.site),
            checked: entry.checked,
            needs_flags: entry.guard == Guard::CheckJumpNotTaken,
        }),
        returns: sites.returns.into_iter().map(plain).collect(),
        tail_jumps: sites
            .tail_jumps
            .into_iter()
            .map(|(site, to)| TailJump {
                site: plain(site),
                target: to.map(|id| target.function(id).name),
            })
            .collect(),
        inlined: inlined.map(|(calls, count)| Inlined {
            count,
            calls: calls
                .into_iter()
                .map(|call| Call {
                    caller: call.caller,
                    file: call.file,
                    line: call.line,
                    address: hex(call.address),
                })
                .collect(),
        }),
        code,
        name: function.name,
    })
}

/// The demands of a probe that reads every argument.
fn needs(signature: Option<&Signature>) -> Needs {
    let Some(signature) = signature else {
        return Needs::default();
    };
    let mut registers: Vec<Register> = signature
        .receiver
        .iter()
        .chain(&signature.parameters)
        .filter_map(|p| p.place.as_ref().ok())
        .flatten()
        .filter_map(|piece| match piece.slot {
            Slot::Register(register) => Some(register),
            Slot::Vector(_) | Slot::Stack(_) => None,
        })
        .collect();
    registers.sort_unstable();
    registers.dedup();
    Needs {
        registers,
        context: !signature.captured.is_empty(),
        memory: true,
    }
}

fn value(parameter: &Parameter, ty: String) -> Value {
    let (places, unreadable) = match &parameter.place {
        Ok(pieces) => (pieces.iter().map(place).collect(), None),
        Err(why) => (
            Vec::new(),
            Some(match why {
                Unreadable::Dropped => "the compiler dropped it: no caller passes it".to_owned(),
                Unreadable::NotThere => {
                    "it is not known to be anywhere where the inlined call begins".to_owned()
                }
                Unreadable::Disagreement { rules, debug_info } => {
                    format!("{rules} by the ABI's rules, {debug_info} by the debug information")
                }
                Unreadable::UnknownType(why) => why.clone(),
            }),
        ),
    };
    Value {
        name: parameter.name.clone(),
        ty,
        places,
        unreadable,
    }
}

fn place(piece: &Piece) -> Place {
    Place {
        offset: piece.offset,
        size: piece.size,
        slot: piece.slot,
    }
}

fn slot<S: Serializer>(slot: &Slot, to: S) -> Result<S::Ok, S::Error> {
    match slot {
        Slot::Register(register) => to.serialize_str(register.name()),
        Slot::Vector(number) => to.collect_str(&format_args!("x{number}")),
        Slot::Stack(offset) => to.collect_str(&format_args!("sp+{offset}")),
    }
}

fn abi<S: Serializer>(abi: &Abi, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match abi {
        Abi::Internal => "internal",
        Abi::Abi0 => "abi0",
    })
}

fn plain(site: Site) -> PlainSite {
    PlainSite {
        address: hex(site.address),
        offset: site.offset,
        instruction: site.instruction,
        emulated: site.emulated,
    }
}

fn hex(address: u64) -> String {
    format!("{address:#x}")
}
