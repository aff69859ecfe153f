//! Functions and probe sites of real Go programs, every one of them compared with binutils: with `objdump`'s disassembly and
//! the symbol table.
//!
//! `GOBT_SITES=all cargo test --release --test sites` takes every Go release, and the `go` command and the compiler as
//! programs besides.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod support;

use gobt::target::load::Loaded;
use gobt::target::{Function, FunctionId, Guard, Needs, Program as _, Sites, Target};
use libtest_mimic::{Arguments, Failed, Trial};
use object::{Object as _, ObjectSymbol as _, SymbolKind};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use support::go::{self, Mode};
use support::{Skipped, Trouble};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let all = std::env::var("GOBT_SITES").is_ok_and(|value| value == "all");
    let mut trials = Vec::new();
    let mut add = |name: String, built: Box<dyn Fn() -> Result<PathBuf, Trouble> + Send>| {
        trials.push(Trial::test(name.clone(), move || {
            match built().and_then(|path| compare(&path).map_err(Trouble::Failed)) {
                Ok(()) => Ok(()),
                Err(Trouble::Skipped(skipped)) => {
                    eprintln!("{name}: {skipped}");
                    Ok(())
                }
                Err(Trouble::Failed(why)) => Err(Failed::from(why)),
            }
        }));
    };
    for toolchain in go::TOOLCHAINS {
        let few = ["1.17.13", "1.22.12", "1.27.3"].contains(&toolchain);
        if !all && !few {
            continue;
        }
        add(
            format!("gofmt/{toolchain}"),
            Box::new(move || go::command("gofmt", toolchain)),
        );
        if all {
            for name in ["go", "compile"] {
                add(
                    format!("{name}/{toolchain}"),
                    Box::new(move || go::command(name, toolchain)),
                );
            }
        }
        for (program, mode) in [
            ("asm", Mode::Default),
            ("cgo", Mode::Cgo),
            ("methods", Mode::Pie),
            ("values", Mode::NoOpt),
        ] {
            add(
                format!("{program}/{}/{toolchain}", mode.name()),
                Box::new(move || go::build(program, toolchain, mode)),
            );
        }
        trials_for_stripped(&mut add, toolchain);
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

type Build = Box<dyn Fn() -> Result<PathBuf, Trouble> + Send>;

/// A program without symbols has the same functions at the same places: the two builds differ in nothing else.
fn trials_for_stripped(add: &mut impl FnMut(String, Build), toolchain: &'static str) {
    add(
        format!("methods/stripped/{toolchain}"),
        Box::new(move || {
            let whole = go::build("methods", toolchain, Mode::NoDwarf)?;
            let stripped = go::build("methods", toolchain, Mode::Stripped)?;
            same_functions(&whole, &stripped).map_err(Trouble::Failed)?;
            Ok(whole)
        }),
    );
}

/// An instruction as objdump shows it.
struct Shown {
    address: u64,
    text: String,
}

impl Shown {
    fn is(&self, mnemonics: &[&str]) -> bool {
        let first = self
            .text
            .split_whitespace()
            .find(|word| !["rep", "repz", "repnz", "bnd", "lock"].contains(word));
        first.is_some_and(|word| mnemonics.contains(&word))
    }

    /// Where it jumps to or what it calls.
    fn target(&self) -> Option<u64> {
        let operand = self.text.split_whitespace().nth(1)?;
        u64::from_str_radix(operand.trim_start_matches("0x"), 16).ok()
    }

    /// Nothing runs on behind it, or nothing is known to.
    fn ends(&self) -> bool {
        self.is(&["jmp", "ret", "ud2", "int3", "call", "hlt", "(bad)"])
    }
}

/// Every instruction of the program, in order.
fn disassemble(path: &Path) -> Result<Vec<Shown>, Trouble> {
    if !go::runs("objdump") {
        return Err(Skipped("there is no objdump to compare with (binutils)".into()).into());
    }
    let mut child = Command::new("objdump")
        .args(["-d", "--no-show-raw-insn", "-M", "intel"])
        .arg(path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut shown = Vec::new();
    let output = child
        .stdout
        .take()
        .ok_or_else(|| Trouble::Failed("no output".into()))?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if let Some((address, text)) = line.split_once(":\t")
            && let Ok(address) = u64::from_str_radix(address.trim(), 16)
        {
            shown.push(Shown {
                address,
                text: text.to_owned(),
            });
        }
    }
    child.wait()?;
    Ok(shown)
}

/// All functions of a program with their sites.
fn functions(target: &Target<'_>) -> Result<Vec<(FunctionId, Function, Sites)>, String> {
    target
        .all()
        .map(|id| {
            let function = target.function(id);
            match target.sites(id, &Needs::default()) {
                Ok(sites) => Ok((id, function, sites)),
                Err(problem) => Err(format!("{}: {}", function.name, problem.message)),
            }
        })
        .collect()
}

fn compare(path: &Path) -> Result<(), String> {
    let loaded = Loaded::open(path).map_err(|p| p.message)?;
    let target = Target::open(&loaded).map_err(|p| p.message)?;
    let functions = functions(&target)?;
    let mut wrong = Vec::new();
    compare_symbols(loaded.main(), &functions, &mut wrong)?;
    let shown = disassemble(path).map_err(|trouble| match trouble {
        Trouble::Failed(why) => why,
        Trouble::Skipped(skipped) => skipped.to_string(),
    })?;
    let morestack: Vec<u64> = functions
        .iter()
        .filter(|(_, f, _)| {
            [
                "runtime.morestack",
                "runtime.morestack_noctxt",
                "runtime.morestackc",
            ]
            .contains(&f.name.as_str())
        })
        .map(|(_, f, _)| f.address)
        .collect();
    for (_, function, sites) in &functions {
        let from = shown.partition_point(|s| s.address < function.address);
        let to = shown.partition_point(|s| s.address < function.address + function.size);
        let code = &shown[from..to];
        compare_returns(function, sites, code, &mut wrong);
        compare_entry(function, sites, code, &morestack, &mut wrong);
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        let count = wrong.len();
        wrong.truncate(20);
        Err(format!(
            "{}: {count} differences\n{}",
            path.display(),
            wrong.join("\n")
        ))
    }
}

/// Every function in the symbol table is known, with its size and name, and no other.
fn compare_symbols(
    data: &[u8],
    functions: &[(FunctionId, Function, Sites)],
    wrong: &mut Vec<String>,
) -> Result<(), String> {
    let file = object::File::parse(data).map_err(|e| e.to_string())?;
    let mut symbols: BTreeMap<u64, Vec<(u64, &str)>> = BTreeMap::new();
    for symbol in file.symbols() {
        if symbol.kind() == SymbolKind::Text && symbol.size() > 0 {
            let named = (symbol.size(), symbol.name().unwrap_or_default());
            symbols.entry(symbol.address()).or_default().push(named);
        }
    }
    let (Some(first), Some(last)) = (functions.first(), functions.last()) else {
        return Err("no functions".to_owned());
    };
    for (_, function, _) in functions {
        let named = symbols.remove(&function.address).unwrap_or_default();
        let fits = |(size, name): &(u64, &str)| {
            *size == function.size && name.trim_end_matches(".abi0").replace("%2e", ".") == function.name
        };
        if !named.iter().any(fits) {
            wrong.push(format!(
                "{} at {:#x} has {} bytes; symbols: {named:x?}",
                function.name, function.address, function.size
            ));
        }
    }
    for (address, named) in symbols.range(first.1.address..last.1.address) {
        // Marks of the linker, and C code that Go's linker took in.
        let go = |name: &str| name.contains('.') && !name.starts_with("go:") && !name.starts_with("go.");
        if named.iter().any(|(_, name)| go(name)) {
            wrong.push(format!("{named:?} at {address:#x} is not listed"));
        }
    }
    Ok(())
}

fn compare_returns(function: &Function, sites: &Sites, code: &[Shown], wrong: &mut Vec<String>) {
    let ours: Vec<u64> = sites.returns.iter().map(|s| s.address).collect();
    let shown: Vec<u64> = code
        .iter()
        .filter(|s| s.is(&["ret"]))
        .map(|s| s.address)
        .collect();
    if ours == shown {
        return;
    }
    let bad = |what: String| {
        format!(
            "{}: {what}; {ours:x?}, but objdump shows {shown:x?}",
            function.name
        )
    };
    if !function.assembly {
        wrong.push(bad("RETs differ".into()));
        return;
    }
    // objdump takes data for code and lists what nothing leads to.
    for (index, instruction) in code.iter().enumerate() {
        if instruction.is(&["ret"]) && !ours.contains(&instruction.address) {
            let before = code[..index]
                .iter()
                .rev()
                .take_while(|s| !s.ends())
                .map(|s| s.address);
            let run: Vec<u64> = before.chain([instruction.address]).collect();
            let targeted = code
                .iter()
                .filter(|s| s.text.starts_with('j'))
                .filter_map(Shown::target)
                .any(|to| run.contains(&to));
            if targeted || run.last() == Some(&function.address) {
                wrong.push(bad(format!("the RET at {:#x} is missing", instruction.address)));
            }
        }
    }
    for address in ours {
        if !shown.contains(&address) && code.iter().any(|s| s.address == address) {
            wrong.push(format!("{}: {address:#x} is no RET", function.name));
        }
    }
}

fn compare_entry(
    function: &Function,
    sites: &Sites,
    code: &[Shown],
    morestack: &[u64],
    wrong: &mut Vec<String>,
) {
    let mut bad = |what: &str| {
        wrong.push(format!(
            "{} at {:#x}: {what}: {:?}",
            function.name, function.address, sites.entry
        ));
    };
    let grows = code
        .iter()
        .position(|s| s.is(&["call"]) && s.target().is_some_and(|to| morestack.contains(&to)));
    let Ok(entry) = &sites.entry else {
        if grows.is_some() {
            bad("it has a stack check but no entry");
        }
        return;
    };
    if entry.checked != grows.is_some() {
        return bad("whether it checks its stack");
    }
    let Some(grows) = grows else {
        if !code.iter().any(|s| s.address == entry.site.address) {
            bad("the entry is no instruction");
        }
        return;
    };
    // The last jump at the beginning that leads to the call.
    let places: HashMap<u64, usize> = code.iter().enumerate().map(|(i, s)| (s.address, i)).collect();
    let leads_there = |s: &Shown| {
        let to = s.target().and_then(|to| places.get(&to));
        to.is_some_and(|&to| {
            to <= grows
                && code[to..grows]
                    .iter()
                    .all(|s| !s.ends() && !s.text.starts_with('j'))
        })
    };
    let Some(jump) = code
        .iter()
        .take(12)
        .rposition(|s| s.is(&["jbe", "jb"]) && leads_there(s))
    else {
        return bad("no jump to the call of morestack");
    };
    let behind = &code[jump + 1];
    let right = match entry.guard {
        Guard::None => entry.site.address == behind.address && behind.is(&["push"]),
        Guard::CheckJumpNotTaken => entry.site.address == code[jump].address && !behind.is(&["push"]),
        Guard::FirstArrival => false, // nothing is asked of the registers here
    };
    if !right || !entry.site.emulated {
        bad("the entry is in the wrong place");
    }
}

/// Both programs have the same functions with the same sites.
fn same_functions(whole: &Path, stripped: &Path) -> Result<(), String> {
    let open = |path| Loaded::open(path).map_err(|p| p.message);
    let (whole, stripped) = (open(whole)?, open(stripped)?);
    let read = |loaded| Target::open(loaded).map_err(|p| p.message);
    let (whole, stripped) = (read(&whole)?, read(&stripped)?);
    let (left, right) = (functions(&whole)?, functions(&stripped)?);
    if left.len() != right.len() {
        return Err(format!(
            "{} functions with symbols, {} without",
            left.len(),
            right.len()
        ));
    }
    let places = |sites: &Sites| {
        let returns = sites.returns.iter().map(|s| s.address);
        let entry = sites.entry.iter().map(|e| e.site.address);
        returns.chain(entry).collect::<Vec<_>>()
    };
    for ((_, left, left_sites), (_, right, right_sites)) in left.iter().zip(&right) {
        let same = left.address == right.address
            && left.size == right.size
            && left.wrapper == right.wrapper
            && left.assembly == right.assembly
            && (left.abi == right.abi || left.assembly)
            && places(left_sites) == places(right_sites)
            && (left.name == right.name || right.name.contains("[...]"));
        if !same {
            return Err(format!("with symbols {left:?}, without {right:?}"));
        }
    }
    Ok(())
}
