//! A function's instructions with their source lines, for people to read.

use super::Listing;
use crate::diagnostic::Diagnostic;
use crate::goname::escapes;
use crate::target::{FunctionId, Target};
use std::collections::{BTreeMap, BTreeSet};

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLine {
    /// Link-time virtual address.
    pub address: u64,
    /// Bytes from the function's beginning.
    pub offset: u64,
    /// As text.
    pub instruction: String,
    /// Where a branch or call goes: `runtime.growslice`, or for a place in this function `+120`.
    pub target: Option<String>,
    /// Source file and line: of the inlined function's text where code was inlined.
    pub position: Option<(String, u32)>,
}

impl Target<'_> {
    /// A function's instructions, by address.
    ///
    /// # Errors
    /// E02xx when its code cannot be read.
    pub fn code(&self, id: FunctionId) -> Result<Vec<CodeLine>, Diagnostic> {
        let mut listing = Listing::default();
        let body = self.body(id, &mut listing)?;
        let range = body.code.range();
        let Some(entry) = self.entry(id) else {
            return Ok(Vec::new());
        };
        let mut positions = self.lines.positions(&entry).peekable();
        let mut position = None;
        Ok(body
            .code
            .instructions
            .iter()
            .map(|instruction| {
                while let Some((_, found)) = positions.next_if(|&(start, _)| start <= instruction.address) {
                    position = found.map(|(file, line)| (String::from_utf8_lossy(file).into_owned(), line));
                }
                CodeLine {
                    address: instruction.address,
                    offset: instruction.address.wrapping_sub(range.start),
                    instruction: body.text(instruction),
                    target: instruction.target().and_then(|target| {
                        if range.contains(&target) && target != range.start {
                            Some(format!("+{}", target - range.start))
                        } else {
                            self.place_name(target)
                        }
                    }),
                    position: position.clone(),
                }
            })
            .collect())
    }

    /// The function that `address` is in, and the offset in it: `runtime.duffzero+312`.
    fn place_name(&self, address: u64) -> Option<String> {
        let entry = self.lines.get(self.lines.find(address)?)?;
        let name = escapes::text(self.raw_name(&entry));
        Some(match address - entry.address {
            0 => name,
            offset => format!("{name}+{offset}"),
        })
    }

    /// The addresses of the instructions that bpftrace puts probes on for `numbers`, by number; none for a number that
    /// releases take for different things, or for nothing.
    #[must_use]
    pub fn meant_by(&self, numbers: &BTreeSet<u64>, is_unsafe: bool) -> BTreeMap<u64, Option<u64>> {
        self.symbol_sources().meant_by(numbers, is_unsafe)
    }

    /// The function whose code contains `address`.
    #[must_use]
    pub fn function_containing(&self, address: u64) -> Option<FunctionId> {
        let index = self.lines.find(address)?;
        let entry = self.lines.get(index)?;
        let inside = address - entry.address < self.lines.size(&entry);
        u32::try_from(index).ok().filter(|_| inside).map(FunctionId)
    }
}
