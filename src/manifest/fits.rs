//! Checks whether a program is still the build that a script was made for.

use super::{Point, Script};
use crate::diagnostic::{Code, Diagnostic};
use crate::target::CodeLine;
use crate::target::{FunctionId, Program as _, Target};
use std::collections::BTreeMap;

/// The most differences that a message lists.
const MOST_TOLD: usize = 3;

impl Script {
    /// Compares what the script says with `target`, the program that is at its path now: Go's version, the build id,
    /// and for each probe the decoded instruction. Gives the number of probes. `name` is what messages call the script.
    ///
    /// # Errors
    /// E0515 when it was made for another build.
    pub fn fits(&self, name: &str, target: &Target<'_>) -> Result<usize, Diagnostic> {
        let identity = target.identity();
        let manifest = &self.manifest;
        let mut differences = Vec::new();
        if identity.go_version != manifest.go {
            differences.push(format!(
                "the script is for {}, the program was built by {}",
                manifest.go, identity.go_version
            ));
        }
        if identity.build_id != manifest.build_id {
            let shown = |id: &Option<String>| {
                id.as_ref()
                    .map_or_else(|| "no build id".to_owned(), |id| format!("build id {id}"))
            };
            differences.push(format!(
                "the script is for {}, the program has {}",
                shown(&manifest.build_id),
                shown(&identity.build_id)
            ));
        }
        if identity.position_independent != manifest.position_independent {
            differences.push("only one of them is position-independent".to_owned());
        }
        let elsewhere = target.differences(&manifest.relies_on);
        let untold = elsewhere.len().saturating_sub(MOST_TOLD);
        differences.extend(elsewhere.into_iter().take(MOST_TOLD));
        if untold > 0 {
            differences.push(format!("and {untold} more like these"));
        }
        let mut known = BTreeMap::new();
        let numbers = self.points.iter().map(|p| p.number).collect();
        let meant = match &manifest.sidecar {
            // The symbols stand at the addresses themselves.
            Some(_) => self.points.iter().map(|p| (p.number, Some(p.number))).collect(),
            None => target.meant_by(&numbers, manifest.is_unsafe),
        };
        let misplaced: Vec<String> = self
            .points
            .iter()
            .filter_map(|point| {
                difference(
                    point,
                    meant.get(&point.number).copied().flatten(),
                    target,
                    &mut known,
                )
            })
            .collect();
        differences.extend(misplaced.iter().take(MOST_TOLD).cloned());
        if differences.is_empty() {
            return Ok(self.points.len());
        }
        let mut problem = Diagnostic::error(
            Code::STALE_SCRIPT,
            format!("`{name}` was made for another build of `{}`", manifest.program),
        );
        for difference in differences {
            problem = problem.note(difference);
        }
        if !misplaced.is_empty() {
            problem = problem.note(format!(
                "{} of {} probes would be in wrong places",
                misplaced.len(),
                self.points.len()
            ));
        }
        Err(problem.help(format!("compile `{}` again", manifest.recipe)))
    }
}

/// The difference at the `address` that bpftrace puts a probe on.
fn difference(
    point: &Point,
    address: Option<u64>,
    target: &Target<'_>,
    known: &mut BTreeMap<FunctionId, BTreeMap<u64, CodeLine>>,
) -> Option<String> {
    let number = point.number;
    let Some(address) = address else {
        return Some(format!(
            "bpftrace would find no place for {number:#x} by the symbols that it has here"
        ));
    };
    let Some(id) = target.function_containing(address) else {
        return Some(format!("no function is at {number:#x}"));
    };
    let code = known.entry(id).or_insert_with(|| {
        let lines = target.code(id).unwrap_or_default();
        lines.into_iter().map(|line| (line.address, line)).collect()
    });
    let Some(line) = code.get(&address) else {
        return Some(format!("no instruction begins at {number:#x}"));
    };
    (line.offset != point.offset || line.instruction != point.instruction).then(|| {
        format!(
            "at {number:#x} is +{} `{}`, not +{} `{}`",
            line.offset, line.instruction, point.offset, point.instruction
        )
    })
}
