//! What is at an address: names of functions and types, and bytes that no process can have changed.

use super::executable::Target;
use super::questions::Functions as _;

/// A place in code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePlace {
    /// Go's name of the function.
    pub function: String,
    /// Bytes from its beginning.
    pub offset: u64,
    /// Source file and line.
    pub line: Option<(String, u32)>,
}

/// Questions to a program's addresses, as linked.
pub trait Addresses {
    /// The function that an address lies in, and the line.
    fn code_place(&self, address: u64) -> Option<CodePlace>;

    /// The name of the type that has its descriptor at this address, as Go prints it.
    fn type_at_descriptor(&self, address: u64) -> Option<String>;

    /// The type in an itab that the linker made.
    fn descriptor_in_itab(&self, address: u64) -> Option<u64>;

    /// The bytes at an address that are the same in every process, at most so many.
    fn constant_bytes(&self, address: u64, most: u64) -> Option<&[u8]>;
}

impl Addresses for Target<'_> {
    fn code_place(&self, address: u64) -> Option<CodePlace> {
        let function = self.function(self.function_containing(address)?);
        Some(CodePlace {
            offset: address.saturating_sub(function.address),
            function: function.name,
            line: self.line_of(address),
        })
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
