//! Probes by their place in the file.

use crate::bt::dialect::Dialect;
use crate::diagnostic::{Code, Diagnostic, Problems};
use crate::plan::Traced;
use crate::target::Program;
use std::collections::BTreeMap;

/// Where in the file the probes are, by their addresses, for releases of bpftrace that take nothing else; empty where they take
/// addresses.
///
/// Without symbols bpftrace takes a number for a place in the file. Releases that refuse probes inside functions (0.17 of Debian) can
/// be had the same way, as long as no number is an address of the program: Go's linker puts programs at 4 MiB, position-independent
/// ones too, other linkers put those at 0.
pub(super) fn file_offsets(
    program: &dyn Program,
    functions: &[Traced],
    dialect: Dialect,
    problems: &mut Problems,
) -> BTreeMap<u64, u64> {
    let mut offsets = BTreeMap::new();
    let stripped = !program.identity().has_symbols;
    if !stripped && !dialect.may_lack_offsets() {
        return offsets;
    }
    for f in functions {
        let sites = f.entry.iter().map(|e| &e.site).chain(&f.returns);
        for address in sites.map(|site| site.address) {
            match program.file_offset(address) {
                Some(offset) => {
                    offsets.insert(address, offset);
                }
                None => problems.push(
                    Diagnostic::error(
                        Code::FILE_DAMAGED,
                        format!("the code of `{}` is not in the file", f.name),
                    )
                    .note(format!(
                        "address {address:#x} belongs to no part that is loaded from it"
                    )),
                ),
            }
        }
    }
    if !stripped && offsets.values().any(|offset| *offset >= program.lowest_address()) {
        offsets.clear();
    }
    offsets
}
