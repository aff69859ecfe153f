//! What is at an address: names of functions and types, and bytes that no process can have changed.

use super::executable::Target;

/// A function that code is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFrame {
    /// Go's name of the function.
    pub function: String,
    /// Source file and line: of the inlined call where it is not the innermost one.
    pub line: Option<(String, u32)>,
    /// It was inlined into the one that comes next.
    pub inlined: bool,
    /// The compiler made it to call another function.
    pub wrapper: bool,
}

/// Where the return address is at a place in code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeDepth {
    /// Bytes between the stack pointer and it.
    pub bytes: u64,
    /// The instruction there puts the frame pointer on the stack.
    pub pushes_frame: bool,
}

/// Questions to a program's addresses, as linked.
pub trait Addresses {
    /// The functions that an address lies in, the innermost first: all but the last are inlined.
    fn code_frames(&self, address: u64) -> Vec<CodeFrame>;

    /// Where the return address is at a place in code.
    fn code_depth(&self, address: u64) -> Option<CodeDepth>;

    /// The name of the type that has its descriptor at this address, as Go prints it.
    fn type_at_descriptor(&self, address: u64) -> Option<String>;

    /// The type in an itab that the linker made.
    fn descriptor_in_itab(&self, address: u64) -> Option<u64>;

    /// The bytes at an address that are the same in every process, at most so many.
    fn constant_bytes(&self, address: u64, most: u64) -> Option<&[u8]>;
}

impl Addresses for Target<'_> {
    fn code_frames(&self, address: u64) -> Vec<CodeFrame> {
        self.frames_at(address)
    }

    fn code_depth(&self, address: u64) -> Option<CodeDepth> {
        self.depth_at(address)
    }

    fn type_at_descriptor(&self, address: u64) -> Option<String> {
        let (types, end) = self.runtime_facts().ok().and_then(|r| r.types.zip(r.types_end))?;
        // Other addresses are of reflection's own types, or of another file's.
        (types..end)
            .contains(&address)
            .then(|| self.descriptors()?.printed(address))?
    }

    fn descriptor_in_itab(&self, address: u64) -> Option<u64> {
        // `internal/abi.ITab`: the interface, then the type.
        self.image()
            .word(address.checked_add(8)?)
            .filter(|word| *word != 0)
    }

    fn constant_bytes(&self, address: u64, most: u64) -> Option<&[u8]> {
        let rest = self.symbol_sources().main.constant_from(address)?;
        let most = usize::try_from(most).ok()?.min(rest.len());
        rest.get(..most)
    }
}
