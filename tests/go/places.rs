//! Where arguments and results are, against what Go's compilers really emitted.
//!
//! Each trial builds `tests/targets/places` with one Go release. The comments there say where every argument and result
//! is; and in every function of the program, the run time's included, the code that saves the registers of its
//! arguments before the stack grows is read and compared.
//!
//! `cargo test --test go -- places/` uses a few releases and ways to build; `GOBT_PLACES=all` all of them that the
//! tests know.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::readers::code::GROWERS;
use crate::readers::{bytes, lacks_receiver, saves, slot};
use crate::support::go::{self, Mode};
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, repository};
use gobt::gotype::abi::Slot;
use gobt::target::dwarf::Debug;
use gobt::target::load::Loaded;
use gobt::target::{
    Abi, FunctionId, Functions as _, Parameter, Program, RuntimeFacts as _, Signature, Target, ThreadLocal,
    Types as _, runtime,
};
use object::read::elf::ElfFile64;

/// The releases where something changed, for every day.
const FEW: [&str; 5] = ["1.17.13", "1.19.13", "1.22.12", "1.24.11", "1.27.3"];

/// All trials.
pub fn suite() -> Suite {
    let all = std::env::var("GOBT_PLACES").is_ok_and(|value| value == "all");
    let releases: &[&str] = if all { &go::TOOLCHAINS } else { &FEW };
    let mut trials = Vec::new();
    for (index, release) in releases.iter().enumerate() {
        let newest = index + 1 == releases.len();
        let modes: &[Mode] = if all || newest {
            &[Mode::Default, Mode::NoOpt, Mode::Pie]
        } else {
            &[Mode::Default]
        };
        for mode in modes.iter().copied() {
            let release = (*release).to_owned();
            let name = format!("{release}/{}", mode.name());
            trials.push(trial(name, move || run(&release, mode)));
        }
    }
    trials.into()
}

fn run(release: &str, mode: Mode) -> Result<(), Trouble> {
    let executable = go::build("places", release, mode)?;
    let loaded = Loaded::open(&executable).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let file = ElfFile64::parse(loaded.main()).map_err(|error| error.to_string())?;
    let ids: BTreeMap<String, FunctionId> = target
        .all()
        .map(|id| {
            let function = target.function(id);
            let suffix = if function.abi == Abi::Abi0 { ".abi0" } else { "" };
            (function.name + suffix, id)
        })
        .collect();
    let mut wrong = String::new();
    let minor = target.identity().go_minor;
    for want in wants(minor)? {
        let Some(id) = ids.get(&want.function) else {
            let _ = writeln!(wrong, "{}: not in the program", want.function);
            continue;
        };
        let signature = target.signature(*id).map_err(|problem| problem.message)?;
        let arguments = list(signature.receiver.iter().chain(&signature.parameters));
        if arguments != want.arguments {
            let _ = writeln!(
                wrong,
                "{}: arguments {arguments}, not {}",
                want.function, want.arguments
            );
        }
        let results = list(&signature.results);
        if signature.results_known && results != want.results {
            let _ = writeln!(
                wrong,
                "{}: results {results}, not {}",
                want.function, want.results
            );
        }
        // Go 1.17 only lists all results where it does not optimise.
        let listed = minor > 17 || mode == Mode::NoOpt && signature.results_known;
        if signature.results_known != listed {
            let _ = writeln!(
                wrong,
                "{}: results known: {}",
                want.function, signature.results_known
            );
        }
    }
    saved_registers(&target, &file, &mut wrong)?;
    run_time(&target, &file, &mut wrong)?;
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Trouble::Failed(wrong))
    }
}

/// What a comment in the program says of a function.
struct Want {
    function: String,
    arguments: String,
    results: String,
}

/// The comments that hold for Go 1.`minor`: `// want [since|until 1.N] FUNCTION: ARGUMENTS | RESULTS`.
#[allow(
    clippy::disallowed_methods,
    reason = "the program's source says what is wanted"
)]
fn wants(minor: u32) -> Result<Vec<Want>, Trouble> {
    let mut wants = Vec::new();
    for file in ["main.go", "generic.go", "ranges.go"] {
        let path = repository().join("tests/targets/places").join(file);
        let text = std::fs::read_to_string(path)?;
        for line in text.lines() {
            let Some(mut rest) = line.strip_prefix("// want ") else {
                continue;
            };
            if file == "generic.go" && minor < 18 {
                continue;
            }
            let mut holds = true;
            for (word, test) in [
                ("since 1.", u32::ge as fn(&u32, &u32) -> bool),
                ("until 1.", u32::le),
            ] {
                if let Some(after) = rest.strip_prefix(word) {
                    let (bound, after) = after.split_once(' ').ok_or_else(|| line.to_owned())?;
                    holds &= test(&minor, &bound.parse().map_err(|_| line.to_owned())?);
                    rest = after;
                }
            }
            let (function, places) = rest.split_once(": ").ok_or_else(|| line.to_owned())?;
            let (arguments, results) = places.split_once(" | ").ok_or_else(|| line.to_owned())?;
            if holds {
                wants.push(Want {
                    function: function.to_owned(),
                    arguments: arguments.to_owned(),
                    results: results.to_owned(),
                });
            }
        }
    }
    if wants.len() < 20 {
        return Err(Trouble::Failed("the program says too little".to_owned()));
    }
    Ok(wants)
}

/// Places as the comments write them.
fn list<'p>(values: impl IntoIterator<Item = &'p Parameter>) -> String {
    let texts: Vec<String> = values
        .into_iter()
        .filter(|value| value.name != "_")
        .map(|value| match &value.place {
            Ok(pieces) if pieces.is_empty() => "-".to_owned(),
            Ok(pieces) => pieces.iter().map(slot).collect::<Vec<_>>().join(" "),
            Err(why) => format!("{why:?}"),
        })
        .collect();
    texts.join(", ")
}

/// Compares the registers of every function's arguments with those that its code saves before it has the stack grown
/// (`src/cmd/internal/obj/x86/obj6.go`, `stacksplit`): in the order of their room in the frame, that is of the
/// arguments.
fn saved_registers(target: &Target<'_>, file: &ElfFile64<'_>, wrong: &mut String) -> Result<(), Trouble> {
    let functions: Vec<_> = target.all().map(|id| (id, target.function(id))).collect();
    let grows: BTreeSet<u64> = functions
        .iter()
        .filter(|(_, function)| GROWERS.contains(&function.name.as_str()))
        .map(|(_, function)| function.address)
        .collect();
    let mut compared = 0;
    for (id, function) in &functions {
        let Some(code) = bytes(file, function.address, function.size) else {
            continue;
        };
        let Some(saved) = saves::read(code, function.address, &grows) else {
            continue;
        };
        let saved: Vec<(String, u64)> = saved.into_iter().map(|save| (save.register, save.size)).collect();
        // A function that uses none of its arguments does not save them.
        if saved.is_empty() {
            continue;
        }
        let signature = match target.signature(*id) {
            Ok(signature) => signature,
            Err(problem) => {
                let _ = writeln!(wrong, "{}: {}", function.name, problem.message);
                continue;
            }
        };
        compared += 1;
        let (given, complete) = registers(&signature);
        let generic = function.name.contains("[go.shape.");
        let same = if complete && !generic {
            given == saved
        } else {
            let mut rest = saved.iter();
            given.iter().all(|one| rest.any(|other| other == one))
        };
        if !same {
            let _ = writeln!(
                wrong,
                "{} ({}): {given:?}, but it saves {saved:?}",
                function.name, signature.text
            );
        }
    }
    if compared < 500 {
        let _ = writeln!(wrong, "only {compared} functions could be compared");
    }
    Ok(())
}

/// Register and size of every piece of the arguments; and whether no argument is left out.
fn registers(signature: &Signature) -> (Vec<(String, u64)>, bool) {
    let mut registers = Vec::new();
    let mut complete = true;
    for parameter in signature.receiver.iter().chain(&signature.parameters) {
        let Ok(pieces) = &parameter.place else {
            complete = false;
            continue;
        };
        let in_registers = pieces
            .iter()
            .filter(|piece| !matches!(piece.slot, Slot::Stack(_)));
        registers.extend(in_registers.map(|piece| (slot(piece), piece.size)));
    }
    complete &= !lacks_receiver(signature);
    (registers, complete)
}

/// Compares the table of run-time layouts with what the debug information describes, and finds types by name.
fn run_time(target: &Target<'_>, file: &ElfFile64<'_>, wrong: &mut String) -> Result<(), Trouble> {
    let debug = Debug::open(file, None).map_err(|problem| problem.message)?;
    let debug = debug.ok_or_else(|| "no debug information".to_owned())?;
    let facts = target.runtime().map_err(|problem| problem.message)?;
    let described = runtime::described(&debug, facts.types).map_err(|problem| problem.message)?;
    let described = described.map(|described| gobt::target::Runtime {
        tls_g: facts.tls_g,
        types_end: facts.types_end,
        ..described
    });
    if described.as_ref() != Some(&facts) {
        let _ = writeln!(
            wrong,
            "the run time is {facts:?} by version, {described:?} by DWARF"
        );
    }
    if facts.tls_g != Some(ThreadLocal::Offset(-8)) {
        let _ = writeln!(wrong, "g is at {:?}", facts.tls_g);
    }
    let types = facts
        .types
        .ok_or_else(|| "runtime.types is not known".to_owned())?;
    for name in [
        "*errors.errorString",
        "*main.value",
        "error",
        "string",
        "int",
        "[]uint8",
    ] {
        let known = target.type_named(name).map_err(|problem| problem.message)?;
        let Some(known) = known else {
            let _ = writeln!(wrong, "{name} is not known");
            continue;
        };
        let known = target.type_of(known).map_err(|problem| problem.message)?;
        let text = known.descriptor.and_then(|offset| type_text(file, types, offset));
        if known.name != name || text.as_deref() != Some(name) {
            let _ = writeln!(
                wrong,
                "{name} is called {}, and its descriptor {text:?}",
                known.name
            );
        }
    }
    Ok(())
}

/// The name in a type's descriptor (`src/internal/abi/type.go`): bytes 40 to 43 are where it is from `types`; if bit 1
/// of byte 20 is set, its star does not belong to it.
fn type_text(file: &ElfFile64<'_>, types: u64, offset: u64) -> Option<String> {
    let descriptor = bytes(file, types.checked_add(offset)?, 48)?;
    let name = u32::from_le_bytes(descriptor.get(40..44)?.try_into().ok()?);
    let name = types.checked_add(u64::from(name))?;
    let length = *bytes(file, name, 2)?.get(1)?;
    let text = bytes(file, name.checked_add(2)?, u64::from(length))?;
    let text = std::str::from_utf8(text).ok()?;
    let extra_star = descriptor.get(20)? & 2 != 0;
    Some(if extra_star { text.strip_prefix('*')? } else { text }.to_owned())
}
