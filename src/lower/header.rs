//! The comment that a script begins with.

use super::settings;
use super::used::stores_in;
use crate::bt::Item;
use crate::bt::dialect::Dialect;
use crate::bt::text;
use crate::manifest::Manifest;
use crate::plan::Plan;
use crate::plan::state::MOST_KEYS;
use crate::target::attach::{Sidecar, Taken, symbols_of_itself};

/// Its lines.
pub(super) fn header(
    plan: &Plan,
    manifest: &Manifest,
    dialect: Dialect,
    texts: bool,
    keys: bool,
    items: &[Item],
) -> Vec<String> {
    let id = &plan.identity;
    let mut lines = Vec::from(manifest.head());
    lines.push(String::new());
    if texts && dialect.leaves_out_texts() {
        lines.push("Since it reads text, 0.24 to 0.26 refuse it; for one of them, name it:  gobt compile --bpftrace 0.25".into());
    }
    if dialect.is_installed {
        lines.push(format!(
            "That is the bpftrace that was installed where it was made; for others:  gobt compile --bpftrace {}",
            Dialect::usual()
        ));
    }
    if let Some(pid) = plan.pid {
        lines.push(format!("Only process {pid} is traced."));
    }
    let unsafe_flag = if plan.numbers.taken.is_unsafe() {
        "--unsafe "
    } else {
        ""
    };
    let mut environment = String::new();
    if let Taken::Places {
        hide_debug_files: true,
        ..
    } = plan.numbers.taken
    {
        environment.push_str(&format!("BCC_SYMFS={} ", symbols_of_itself(&id.path)));
    }
    if let Taken::OwnSymbols(Sidecar { directory, .. }) = &plan.numbers.taken {
        environment.push_str(&format!("BCC_SYMFS={} ", text::shell(directory)));
    }
    if !dialect.has_config() {
        // A symbol's pattern is one attach point, and a probe for each of the places.
        let places = plan.probes.iter().map(|probe| probe.sites.len()).sum();
        if let Some(room) = settings::room_for_probes(items).max(settings::room_for_places(places)) {
            environment.push_str(&format!(
                "BPFTRACE_MAX_PROBES={room} BPFTRACE_MAX_BPF_PROGS={room} "
            ));
        }
        if keys {
            environment.push_str(&format!("BPFTRACE_MAP_KEYS_MAX={MOST_KEYS} "));
        }
        if texts {
            environment.push_str(&format!("BPFTRACE_STRLEN={} ", dialect.longest_string()));
        }
    }
    lines.push(format!(
        "Run as root:  {environment}bpftrace {unsafe_flag}{}",
        text::shell(&plan.script)
    ));
    lines.push(format!(
        "It is for this build only; whether the program still is that:  gobt check {}",
        text::shell(&plan.script)
    ));
    lines.extend(about_numbers(&plan.numbers.taken, dialect));
    if let (true, true, Some(limit)) = (texts, dialect.text_is_on_stack(), dialect.text_limit) {
        lines.push(format!(
            "Text is cut after {} bytes, and keys that begin alike that far are one: these releases have text on the stack",
            limit - 1
        ));
        lines.push(
            "of a probe, 512 bytes for all that it reads. A recipe that shows less at once gets longer text."
                .into(),
        );
    }
    lines.push(String::new());
    lines.extend(plan.summary.iter().map(|l| format!("    {l}")));
    if !plan.results.is_empty() {
        lines.push(String::new());
        for result in &plan.results {
            lines.push(format!("@{}: {}", result.name, result.words()));
            let apart = result.not_whole.as_ref().filter(|apart| stores_in(items, apart));
            lines.extend(apart.map(|apart| {
                format!(
                    "@{apart}: the same for texts with a NUL, or not in memory; the number tells them apart"
                )
            }));
        }
    }
    lines
}

/// How bpftrace interprets the numbers of the probes, if that needs an explanation.
fn about_numbers(taken: &Taken, dialect: Dialect) -> Vec<String> {
    let (first, second) = match taken {
        Taken::Addresses if dialect.may_lack_offsets() => (
            "Releases built without libbfd (Debian's 0.17) refuse these probes, since they are inside functions.".into(),
            "",
        ),
        Taken::Addresses => return Vec::new(),
        Taken::OwnSymbols(Sidecar { directory, .. }) => (
            format!("bpftrace finds the probed instructions by symbols that gobt wrote below {directory}."),
            "They belong to this script only: keep both together, and set BCC_SYMFS to that directory.",
        ),
        Taken::AddressesBy(file) => (
            format!("The numbers below are addresses, which bpftrace knows by the symbols of {file};"),
            "where it does not find them it refuses the probes. Do not add --unsafe: it would take the numbers for something else.",
        ),
        Taken::Places { stripped: true, .. } => (
            "The program has no symbol table, so the numbers below are places in its file, which bpftrace takes with".into(),
            "--unsafe only. gobt has decoded the instruction at each of them.",
        ),
        Taken::Places { .. } if dialect.may_lack_offsets() => (
            "The numbers below are places in the program's file, for releases that refuse probes inside functions by".into(),
            "address (Debian's 0.17), which is why bpftrace asks for --unsafe. gobt has decoded the instruction at each.",
        ),
        Taken::Places { .. } => (
            "Some functions have no symbol, so their numbers below are places in the program's file, which bpftrace takes".into(),
            "with --unsafe only. gobt has decoded the instruction at each of them.",
        ),
    };
    let mut lines = vec![first];
    lines.extend((!second.is_empty()).then(|| second.to_owned()));
    if matches!(taken, Taken::OwnSymbols(_)) && !dialect.refuses_unknown_names() {
        let what =
            "Without BCC_SYMFS these releases attach nothing and print no error: results are empty, or 0.";
        lines.push(what.to_owned());
    }
    if let Taken::Places {
        hide_debug_files: true,
        ..
    } = taken
    {
        lines.push("With symbols of a debug file it would take them for addresses, and damage the program: BCC_SYMFS above".into());
        lines.push("keeps it from finding one, so never leave it out.".into());
    }
    lines
}
