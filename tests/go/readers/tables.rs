//! How much room each function's caller keeps for it, from the run time's table of functions: `_func.args`
//! (`src/runtime/runtime2.go`). It is the size of the arguments and results on the stack and of the room in which
//! arguments in registers can be saved (`ArgWidth` in `src/cmd/compile/internal/abi/abiutils.go`). Every program has
//! it, with DWARF or without.

use object::{Object as _, ObjectSection as _};
use std::collections::HashMap;

/// Bytes by the function's address; `text` is where the code begins (`runtime.text`). Functions that do not say are
/// left out.
pub fn sizes(file: &[u8], text: u64) -> Result<HashMap<u64, u64>, String> {
    let file = object::File::parse(file).map_err(|error| error.to_string())?;
    let section = [".gopclntab", ".data.rel.ro.gopclntab"]
        .iter()
        .find_map(|name| file.section_by_name(name))
        .ok_or("no .gopclntab")?;
    let table = section.data().map_err(|error| error.to_string())?;
    let word = |at: usize| -> u64 { u64::from_le_bytes(table[at..at + 8].try_into().unwrap()) };
    let half = |at: usize| -> u32 { u32::from_le_bytes(table[at..at + 4].try_into().unwrap()) };
    let count = word(8) as usize;
    let old = table[0] == 0xfa; // up to Go 1.17: addresses of 8 bytes, no beginning of the text
    let functions = word(if old { 56 } else { 64 }) as usize;
    let mut sizes = HashMap::with_capacity(count);
    for index in 0..count {
        let (address, record) = if old {
            let at = functions + 16 * index;
            (word(at), functions + word(at + 8) as usize + 12)
        } else {
            let at = functions + 8 * index;
            (text + u64::from(half(at)), functions + half(at + 4) as usize + 8)
        };
        if let Ok(size) = u64::try_from(half(record).cast_signed()) {
            sizes.insert(address, size);
        }
    }
    Ok(sizes)
}
