//! Why bpftrace did not take a script, in its own words and with what to do.

use super::installed;
use super::run::environment_problem;
use crate::diagnostic::Diagnostic;
use crate::pipeline::Recording;
use crate::plan::event::Event;
use crate::run::doctor::{self, Verdict};
use std::time::Duration;

/// What LLVM and the kernel say of a probe that is too long, or has too much under way at once.
const TOO_MUCH: [&str; 7] = [
    "BPF stack limit",
    "combined stack size",
    "out of insn range",
    "built-in function 'mem",
    "program is too large",
    "Argument list too long",
    "Error code: -28",
];

/// What bpftrace said without its warnings, which have the lines of the script that they are about below them.
fn complaints(said: &str) -> Vec<&str> {
    let mut is_of_warning = false;
    let mut out = Vec::new();
    for line in said.lines() {
        if line.contains("WARNING") || line.contains("RLIMIT_MEMLOCK") {
            is_of_warning = true;
            continue;
        }
        is_of_warning &= line.starts_with([' ', '\t']);
        if !is_of_warning && !line.trim().is_empty() {
            out.push(line);
        }
    }
    out
}

/// What bpftrace did not take, in its own words.
pub(super) fn refused(said: &str, traced: Duration, recording: &Recording) -> Diagnostic {
    let lines: Vec<&str> = complaints(said).into_iter().take(40).collect();
    let mut problem = environment_problem(if traced.is_zero() {
        "bpftrace did not trace this".to_owned()
    } else {
        format!(
            "bpftrace ended in the middle of the trace, after {:.1} s",
            traced.as_secs_f64()
        )
    });
    if !lines.is_empty() {
        problem = problem.note(lines.join("\n"));
    }
    if TOO_MUCH.iter().any(|word| said.contains(word)) {
        return problem.help(asked_less(said, recording));
    }
    // What of the machine may be the reason.
    let found = doctor::machine(&installed::found());
    let reasons = found
        .into_iter()
        .filter(|finding| finding.verdict == Verdict::Problem);
    let mut is_known = false;
    for reason in reasons {
        is_known = true;
        problem = problem.note(format!("{}: {}", reason.about, reason.what));
        if let Some(help) = reason.help {
            problem = problem.help(help);
        }
    }
    if is_known {
        problem
    } else if said.contains("Error loading") {
        problem.help(asked_less(said, recording))
    } else {
        problem.help("`gobt doctor` checks what this machine lets it do")
    }
}

/// What to do where the probe of a function is too long.
fn asked_less(said: &str, recording: &Recording) -> String {
    let what = asked_too_much(said, recording).unwrap_or_else(|| "one call".to_owned());
    format!(
        "{what} is asked for too much at once: ask for fewer values in a line or a block, or in runs of their own"
    )
}

/// The function whose probe bpftrace names by one of the script's own symbols.
fn asked_too_much(said: &str, recording: &Recording) -> Option<String> {
    let symbols = recording.symbols.as_ref()?;
    let group = symbols.groups.get(number_behind(said, &symbols.prefix)?)?;
    let plan = &recording.plan;
    let mut probes = plan.probes.iter();
    let probe = probes.find(|probe| probe.sites.iter().any(|site| group.contains(&site.address)))?;
    let name = &plan.function_of(probe)?.name;
    Some(match probe.event {
        Event::Return(_) => format!("the return of `{name}`"),
        _ => format!("the call of `{name}`"),
    })
}

/// The number of the probe that bpftrace names by a symbol that begins like this.
fn number_behind(said: &str, prefix: &str) -> Option<usize> {
    let (_, behind) = said.split_once(&format!("{prefix}_"))?;
    behind.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{complaints, number_behind};

    #[test]
    fn a_probe_is_known_by_its_symbol() {
        // 0.27, and 0.17.
        let said = "in function uprobe__proc_self_root_srv_app_gobt_1ec98224_17___9 i64 (ptr): Looks like the BPF stack";
        assert_eq!(number_behind(said, "gobt_1ec98224"), Some(17));
        let said = "in function uprobe:/proc/self/root/srv/app:gobt_1ec98224_0_* i64 (i8*)";
        assert_eq!(number_behind(said, "gobt_1ec98224"), Some(0));
        assert_eq!(
            number_behind("LLVM ERROR: Branch target out of insn range", "gobt_1ec98224"),
            None
        );
    }

    #[test]
    fn warnings_do_not_hide_what_is_wrong() {
        let said = "run.bt:7:5-9: WARNING: comparison of integers of different signs\n    if ($a * $b != 0) {\n         ~\n\
                    ERROR: Unknown error -1: couldn't set RLIMIT_MEMLOCK for bpftrace.\n\
                    run.bt:8:1-2: ERROR: Unknown function: f\n    f()\n    ~\n";
        let lines = ["run.bt:8:1-2: ERROR: Unknown function: f", "    f()", "    ~"];
        assert_eq!(complaints(said), lines);
    }
}
