//! Probe sites against objdump's disassembly.

use super::objdump::{Does, Shown};
use super::report::Report;
use gobt::target::{Function, Guard, NoEntry, Sites};
use std::collections::HashMap;

/// The functions that grow a stack.
pub const GROWERS: [&str; 3] = [
    "runtime.morestack",
    "runtime.morestack_noctxt",
    "runtime.morestackc",
];

/// Questions of the report.
pub const RETURNS: &str = "RETs, with objdump";
pub const ENTRY: &str = "Entries, with objdump";

/// Compares the sites of one function with its code; `morestack` has the addresses of [`GROWERS`].
pub fn compare(function: &Function, sites: &Sites, code: &[Shown], morestack: &[u64], report: &mut Report) {
    returns(function, sites, code, report);
    entry(function, sites, code, morestack, report);
}

fn returns(function: &Function, sites: &Sites, code: &[Shown], report: &mut Report) {
    let tally = report.of(RETURNS);
    let ours: Vec<u64> = sites.returns.iter().map(|s| s.address).collect();
    let shown: Vec<u64> = code
        .iter()
        .filter(|s| s.does == Does::Return)
        .map(|s| s.address)
        .collect();
    if ours == shown {
        return tally.agree();
    }
    let example = || format!("{}: {ours:x?}, but objdump shows {shown:x?}", function.name);
    if !function.assembly {
        return tally.unexplained("RETs differ", example);
    }
    // objdump takes data for code and lists what nothing leads to.
    for (index, instruction) in code.iter().enumerate() {
        if instruction.does != Does::Return || ours.contains(&instruction.address) {
            continue;
        }
        let before = code[..index].iter().rev().take_while(|s| !s.ends());
        let run: Vec<u64> = before.map(|s| s.address).chain([instruction.address]).collect();
        let targeted = code
            .iter()
            .filter(|s| s.jumps())
            .filter_map(|s| s.target)
            .any(|to| run.contains(&to));
        if targeted || run.contains(&function.address) {
            return tally.unexplained("a RET of assembly is missing", example);
        }
    }
    for address in &ours {
        if !shown.contains(address) && code.iter().any(|s| s.address == *address) {
            return tally.unexplained("a RET of assembly is none", example);
        }
    }
    tally.differ(
        "assembly: objdump takes data for code, or shows a RET that nothing leads to",
        example,
    );
}

fn entry(function: &Function, sites: &Sites, code: &[Shown], morestack: &[u64], report: &mut Report) {
    let tally = report.of(ENTRY);
    let example = || format!("{} at {:#x}: {:x?}", function.name, function.address, sites.entry);
    let grows = code
        .iter()
        .position(|s| s.does == Does::Call && s.target.is_some_and(|to| morestack.contains(&to)));
    let entry = match &sites.entry {
        Ok(entry) => entry,
        Err(_) if grows.is_some() => {
            return tally.unexplained("a stack check but no entry", example);
        }
        Err(NoEntry::LoopHead) => {
            let again = code
                .iter()
                .any(|s| s.jumps() && s.target == Some(function.address));
            let table = code.iter().any(|s| s.does == Does::Jump && s.target.is_none());
            if again || table {
                tally.silent("no entry: the first instruction is the head of a loop");
            } else {
                tally.unexplained("no entry, and no loop", example);
            }
            return;
        }
        Err(NoEntry::Refused(_)) => {
            return tally.silent("no entry: the kernel refuses the instruction");
        }
    };
    let at = entry.site.address;
    if !code.iter().any(|s| s.address == at) {
        return tally.unexplained("the entry is no instruction", example);
    }
    if entry.checked != grows.is_some() {
        return tally.unexplained("whether the stack is checked", example);
    }
    let Some(grows) = grows else {
        // Up to the entry everything runs exactly once: nothing jumps there or away from there.
        let before = code.iter().take_while(|s| s.address < at);
        let leaves = before
            .clone()
            .any(|s| !matches!(s.does, Does::Other | Does::Push));
        let again = code
            .iter()
            .any(|s| s.jumps() && s.target.is_some_and(|to| (function.address..=at).contains(&to)));
        if leaves || again {
            tally.unexplained("an entry that runs not once per call", example);
        } else {
            tally.agree();
        }
        return;
    };
    // Everything that leads to the call is a jump of the check; the entry is on the last one or right behind it.
    let places: HashMap<u64, usize> = code.iter().enumerate().map(|(i, s)| (s.address, i)).collect();
    let leads_there = |s: &Shown| {
        let to = s.target.and_then(|to| places.get(&to));
        // Dead paths may end right before it, by other jumps.
        s.does == Does::JumpBelow
            && to.is_some_and(|&to| to <= grows && code[to..grows].iter().all(|s| !s.ends() && !s.jumps()))
    };
    let Some(jump) = code.iter().rposition(leads_there) else {
        return tally.unexplained("no jump to the call of morestack", example);
    };
    let behind = &code[jump + 1];
    let right = jump < 12
        && match entry.guard {
            Guard::None => at == behind.address && behind.does == Does::Push,
            Guard::CheckJumpNotTaken => at == code[jump].address && behind.does != Does::Push,
            Guard::FirstArrival => false, // nothing was asked of the registers
        };
    if right && entry.site.emulated {
        tally.agree();
    } else {
        tally.unexplained("the entry is not behind the last jump to morestack", example);
    }
}
