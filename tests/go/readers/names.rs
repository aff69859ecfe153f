//! The functions that gobt lists against the symbols that `readelf` prints.

use super::report::Report;
use crate::support::Trouble;
use crate::support::trouble::need;
use gobt::target::Function;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Question of the report.
pub const NAMES: &str = "Functions, with readelf";

/// What `readelf` says of a symbol.
pub struct Symbol {
    pub name: String,
    pub size: u64,
    pub function: bool,
}

/// All symbols, by address.
pub fn read(path: &Path) -> Result<BTreeMap<u64, Vec<Symbol>>, Trouble> {
    need("readelf")?;
    let mut child = Command::new("readelf")
        .args(["--symbols", "--wide"])
        .arg(path)
        .env("LC_ALL", "C.UTF-8")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let output = child
        .stdout
        .take()
        .ok_or_else(|| Trouble::Failed("no output".into()))?;
    let mut symbols: BTreeMap<u64, Vec<Symbol>> = BTreeMap::new();
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if let Some((address, symbol)) = symbol(&line) {
            symbols.entry(address).or_default().push(symbol);
        }
    }
    child.wait()?;
    Ok(symbols)
}

/// `NUMBER: ADDRESS SIZE TYPE BIND VISIBILITY SECTION NAME`, where a name may have spaces in it.
fn symbol(line: &str) -> Option<(u64, Symbol)> {
    let mut rest = line.trim_start();
    let mut fields = Vec::with_capacity(7);
    while fields.len() < 7 {
        let (field, after) = rest.split_once(' ')?;
        fields.push(field);
        rest = after.trim_start();
    }
    let address = u64::from_str_radix(fields[1], 16).ok()?;
    let size = match fields[2].strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok()?,
        None => fields[2].parse().ok()?,
    };
    let defined = fields[6] != "UND";
    defined.then(|| {
        let symbol = Symbol {
            name: rest.to_owned(),
            size,
            function: fields[3] == "FUNC" || fields[3] == "IFUNC",
        };
        (address, symbol)
    })
}

/// Whether a symbol's name is a function's, as gobt writes it: import paths unescaped, without the mark of the other
/// ABI.
fn same_name(symbol: &str, function: &str) -> bool {
    let symbol = symbol.strip_suffix(".abi0").unwrap_or(symbol);
    if symbol == function {
        return true;
    }
    // The linker escapes a dot in the last element of an import path, and little else (`objabi.PathToPrefix`).
    let plain = symbol
        .replace("%2e", ".")
        .replace("%22", "\"")
        .replace("%25", "%");
    // readelf prints letters beyond ASCII in a way of its own.
    let ascii = |name: &str| name.replace('\u{b7}', ".").replace(|c: char| !c.is_ascii(), "");
    plain == function || ascii(&plain) == ascii(function)
}

/// None missing, none invented.
pub fn compare(symbols: &BTreeMap<u64, Vec<Symbol>>, functions: &[Function], report: &mut Report) {
    let tally = report.of(NAMES);
    let (Some(first), Some(last)) = (functions.first(), functions.last()) else {
        return tally.unexplained("no functions", String::new);
    };
    let mut listed = std::collections::HashSet::new();
    for function in functions {
        listed.insert(function.address);
        let here = symbols.get(&function.address).map_or(&[][..], Vec::as_slice);
        let fits = |symbol: &&Symbol| {
            symbol.function && symbol.size == function.size && same_name(&symbol.name, &function.name)
        };
        if here.iter().any(|symbol| fits(&symbol)) {
            tally.agree();
        } else {
            tally.unexplained("not in the symbol table as gobt lists it", || {
                let here: Vec<_> = here.iter().map(|s| (&s.name, s.size)).collect();
                format!(
                    "{} at {:#x}, {} bytes; symbols: {here:?}",
                    function.name, function.address, function.size
                )
            });
        }
    }
    for (address, here) in symbols {
        if listed.contains(address) {
            continue;
        }
        for symbol in here.iter().filter(|symbol| symbol.function && symbol.size > 0) {
            let name = &symbol.name;
            let example = || format!("{name} at {address:#x}");
            if name.starts_with("go:") || name.starts_with("go.") {
                tally.differ("a mark of the linker, no function", example);
            } else if !(first.address..=last.address).contains(address) {
                tally.differ("C code, outside of Go's", example);
            } else if !name.contains('.') || name.starts_with("_cgo") {
                tally.differ("C code, which Go's linker took in", example);
            } else {
                tally.unexplained("a function that gobt does not list", example);
            }
        }
    }
}
