//! How the addresses of probes are written, and which functions are left out because theirs cannot be written.

use super::Options;
use super::assemble::Planned;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::plan::Function;
use crate::source::Span;
use crate::target::Program;
use crate::target::attach::{Numbers, Taken, Unwritable};
use std::collections::{BTreeMap, BTreeSet};

/// A function that is to be traced, and how the recipe asked for it.
pub(super) struct Asked {
    /// It.
    pub(super) function: Function,
    /// Which of its sites are probed: the entry, the returns.
    pub(super) probes: Vec<Planned>,
    /// Where.
    pub(super) span: Span,
    /// The recipe names it without a pattern.
    pub(super) exact: bool,
}

impl Asked {
    fn addresses(&self) -> impl Iterator<Item = u64> + '_ {
        let sites = self.probes.iter().flat_map(|probe| &probe.sites);
        sites.map(|site| site.address)
    }
}

/// The numbers by which bpftrace finds the functions' sites. A function whose sites it could take for others is an
/// error, and left out with a warning if a pattern asked for it.
pub(super) fn written(
    program: &dyn Program,
    mut asked: Vec<Asked>,
    options: &Options,
    problems: &mut Problems,
) -> (Vec<Asked>, Numbers) {
    // No symbol of the program decides about symbols of the script's own.
    if let Some(sidecar) = &options.sidecar {
        let numbers = Numbers {
            taken: Taken::OwnSymbols(sidecar.clone()),
            ..Numbers::default()
        };
        return (asked, numbers);
    }
    let places_first = options.dialect.may_lack_offsets();
    let all = |asked: &[Asked]| asked.iter().flat_map(Asked::addresses).collect();
    let mut written = program.numbers(&all(&asked), places_first);
    if let Err(Unwritable::TwoReadings {
        addresses,
        debug_file,
    }) = &written
    {
        let is_lost = |asked: &Asked| asked.addresses().any(|address| addresses.contains(&address));
        let lost: Vec<&Asked> = asked.iter().filter(|asked| is_lost(asked)).collect();
        for named in lost.iter().filter(|asked| asked.exact) {
            problems.push(two_readings(named, debug_file.as_deref()));
        }
        let mut by_pattern: BTreeMap<Span, BTreeSet<&str>> = BTreeMap::new();
        for one in lost.iter().filter(|asked| !asked.exact) {
            by_pattern.entry(one.span).or_default().insert(&one.function.name);
        }
        for (span, names) in by_pattern {
            problems.push(left_out(span, &names));
        }
        let before = asked.len();
        asked.retain(|asked| asked.exact || !is_lost(asked));
        if asked.len() < before {
            written = program.numbers(&all(&asked), places_first);
        }
    }
    let numbers = match written {
        Ok(numbers) => numbers,
        Err(unwritable) => {
            if let Unwritable::NotInFile(address) = unwritable {
                problems.push(not_in_file(address));
            } else if !problems.has_errors() {
                // Without the functions that were left out, the others may be written in another way.
                if let Some(first) = asked.first() {
                    problems.push(two_readings(first, None));
                }
            }
            Numbers::default()
        }
    };
    (asked, numbers)
}

fn not_in_file(address: u64) -> Diagnostic {
    Diagnostic::error(Code::FILE_DAMAGED, "the code of a function is not in the file").note(format!(
        "no part of the file that is loaded contains address {address:#x}"
    ))
}

fn two_readings(asked: &Asked, debug_file: Option<&str>) -> Diagnostic {
    let problem = Diagnostic::error(
        Code::TWO_READINGS,
        format!(
            "bpftrace could put a probe of `{}` on another instruction than the intended one",
            asked.function.name
        ),
    )
    .at(asked.span, "this function")
    .note(
        "no symbol covers its address, so bpftrace would not take the number for an address; and bpftrace would take \
         its offset in the file for the address of other code",
    );
    match debug_file {
        Some(file) => problem
            .note(format!("bpftrace reads symbols from the program and from {file}"))
            .help("remove that file if it belongs to another build, or install the one of this build"),
        None => problem.help(
            "trace a build with a whole symbol table (without -ldflags=-s, not stripped), or with none",
        ),
    }
}

fn left_out(span: Span, names: &BTreeSet<&str>) -> Diagnostic {
    const SHOWN: usize = 5;
    let mut shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("    {name}"))
        .collect();
    if names.len() > SHOWN {
        shown.push(format!("    … and {} more", names.len() - SHOWN));
    }
    Diagnostic::warning(
        Code::SKIPPED,
        format!(
            "{} of the functions are left out: bpftrace could take the numbers of their probes for other code",
            names.len()
        ),
    )
    .at(span, "a pattern")
    .note(shown.join("\n"))
}
