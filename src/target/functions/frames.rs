//! The functions that a place in code is of: the one that has the code, and those that were inlined there, as the run
//! time's stack traces tell them (`inlineUnwinder` in `src/runtime/symtabinl.go`).

use crate::goname::escapes;
use crate::target::Target;
use crate::target::lookups::{CodeDepth, CodeFrame};
use crate::target::questions::Functions as _;

/// No call is inlined deeper; the compiler's budget ends long before.
const DEEPEST: usize = 1000;

impl Target<'_> {
    /// The functions that `address` lies in, the innermost first; none if it is in no Go function.
    pub(crate) fn frames_at(&self, address: u64) -> Vec<CodeFrame> {
        let mut frames = Vec::new();
        let Some(id) = self.function_containing(address) else {
            return frames;
        };
        let Some(entry) = self.entry(id) else {
            return frames;
        };
        let line = |at| {
            let (file, line) = self.lines.line(&entry, at)?;
            Some((String::from_utf8_lossy(file).into_owned(), line))
        };
        let tree = self.lines.tree_of(&self.elf, id.0 as usize);
        let mut at = address;
        while let Some(tree) = tree
            && let Some(call) = self.lines.inlined_at(&entry, at)
            && frames.len() < DEEPEST
        {
            let name = tree.name(call).and_then(|name| self.lines.name_at(name));
            let (Some(name), Some(place)) = (name, tree.place(call)) else {
                break;
            };
            frames.push(CodeFrame {
                function: escapes::text(name),
                line: line(at),
                inlined: true,
                wrapper: tree.id(call).is_some_and(|id| self.lines.is_wrapper(id)),
            });
            at = entry.address.saturating_add(u64::from(place));
        }
        frames.push(CodeFrame {
            function: self.function(id).name,
            line: line(at),
            inlined: false,
            wrapper: entry.wrapper,
        });
        frames
    }

    /// Where the return address is at a place in code.
    pub(crate) fn depth_at(&self, address: u64) -> Option<CodeDepth> {
        let entry = self.entry(self.function_containing(address)?)?;
        let code = self.elf.bytes_from(address).unwrap_or_default();
        Some(CodeDepth {
            bytes: self.lines.stack_depth(&entry, address)?,
            pushes_frame: self.elf.processor().pushes_frame(code),
        })
    }
}
