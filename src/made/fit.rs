//! Whether a program is the one that a script was made for.

use super::head::{Claim, Script};
use crate::diagnostic::{Code, Diagnostic};
use crate::target::code::CodeLine;
use crate::target::{FunctionId, Program as _, Target};
use std::collections::BTreeMap;

/// Differences that are told in full.
const MOST_TOLD: usize = 3;

impl Script {
    /// Compares what the script says with `target`, the program that is at its path now: Go's version, the build id, and for each probe the
    /// decoded instruction. Gives the number of probes. `name` is what messages call the script.
    ///
    /// # Errors
    /// E0515 when it was made for another build.
    pub fn fits(&self, name: &str, target: &Target<'_>) -> Result<usize, Diagnostic> {
        let identity = target.identity();
        let facts = &self.facts;
        let mut differences = Vec::new();
        if identity.go_version != facts.go {
            differences.push(format!(
                "the script is for {}, the program was built by {}",
                facts.go, identity.go_version
            ));
        }
        if identity.build_id != facts.build_id {
            let shown = |id: &Option<String>| {
                id.as_ref()
                    .map_or_else(|| "no build id".to_owned(), |id| format!("build id {id}"))
            };
            differences.push(format!(
                "the script is for {}, the program has {}",
                shown(&facts.build_id),
                shown(&identity.build_id)
            ));
        }
        if identity.position_independent != facts.position_independent {
            differences.push("only one of them is position-independent".to_owned());
        }
        let elsewhere = target.differences(&facts.relies_on);
        let untold = elsewhere.len().saturating_sub(MOST_TOLD);
        differences.extend(elsewhere.into_iter().take(MOST_TOLD));
        if untold > 0 {
            differences.push(format!("and {untold} more like these"));
        }
        let mut known = BTreeMap::new();
        let meant = target.meant_by(&self.claims.iter().map(|c| c.number).collect(), facts.is_unsafe);
        let misplaced: Vec<String> = self
            .claims
            .iter()
            .filter_map(|claim| {
                difference(
                    claim,
                    meant.get(&claim.number).copied().flatten(),
                    target,
                    &mut known,
                )
            })
            .collect();
        differences.extend(misplaced.iter().take(MOST_TOLD).cloned());
        if differences.is_empty() {
            return Ok(self.claims.len());
        }
        let mut problem = Diagnostic::error(
            Code::STALE_SCRIPT,
            format!("`{name}` was made for another build of `{}`", facts.program),
        );
        for difference in differences {
            problem = problem.note(difference);
        }
        if !misplaced.is_empty() {
            problem = problem.note(format!(
                "{} of {} probes would be in wrong places",
                misplaced.len(),
                self.claims.len()
            ));
        }
        Err(problem.help(format!("compile `{}` again", facts.recipe)))
    }
}

/// What is different at the `address` that bpftrace puts a probe on.
fn difference(
    claim: &Claim,
    address: Option<u64>,
    target: &Target<'_>,
    known: &mut BTreeMap<FunctionId, BTreeMap<u64, CodeLine>>,
) -> Option<String> {
    let number = claim.number;
    let Some(address) = address else {
        return Some(format!(
            "bpftrace would find no place for {number:#x} by the symbols that it has here"
        ));
    };
    let Some(id) = target.function_containing(address) else {
        return Some(format!("at {number:#x} is no function"));
    };
    let code = known.entry(id).or_insert_with(|| {
        let lines = target.code(id).unwrap_or_default();
        lines.into_iter().map(|line| (line.address, line)).collect()
    });
    let Some(line) = code.get(&address) else {
        return Some(format!("at {number:#x} no instruction begins"));
    };
    let (offset, instruction) = claim.instruction.as_ref()?;
    (line.offset != *offset || line.instruction != *instruction).then(|| {
        format!(
            "at {number:#x} is +{} `{}`, not +{offset} `{instruction}`",
            line.offset, line.instruction
        )
    })
}
