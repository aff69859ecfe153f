//! Whether a program is the one that a script was made for.

use super::head::{Claim, Script};
use crate::bt::text;
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
        let mut differences = Vec::new();
        let version = text::comment(identity.go_version.trim_start_matches("go"));
        if version != self.go_version {
            differences.push(format!(
                "the script is for Go {}, the program was built by Go {version}",
                self.go_version
            ));
        }
        let build_id = identity.build_id.as_deref().map(text::comment);
        if build_id != self.build_id {
            let shown = |id: &Option<String>| {
                id.clone()
                    .map_or_else(|| "no build id".to_owned(), |id| format!("build id {id}"))
            };
            differences.push(format!(
                "the script is for {}, the program has {}",
                shown(&self.build_id),
                shown(&build_id)
            ));
        }
        if identity.position_independent != self.position_independent {
            differences.push("only one of them is position-independent".to_owned());
        }
        let mut known = BTreeMap::new();
        let misplaced: Vec<String> = self
            .claims
            .iter()
            .filter_map(|claim| self.difference(claim, target, &mut known))
            .collect();
        differences.extend(misplaced.iter().take(MOST_TOLD).cloned());
        if differences.is_empty() {
            return Ok(self.claims.len());
        }
        let mut problem = Diagnostic::error(
            Code::STALE_SCRIPT,
            format!("`{name}` was made for another build of `{}`", self.path),
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
        Err(problem.help(format!("compile `{}` again", self.recipe)))
    }

    /// What is different at a probe's place.
    fn difference(
        &self,
        claim: &Claim,
        target: &Target<'_>,
        known: &mut BTreeMap<FunctionId, BTreeMap<u64, CodeLine>>,
    ) -> Option<String> {
        let number = claim.number;
        let address = if self.by_offset {
            target.address_at(number)
        } else {
            Some(number)
        };
        let Some((address, id)) = address.and_then(|at| Some((at, target.function_containing(at)?))) else {
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
}
