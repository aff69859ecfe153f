//! The live tests' own tools: on a script written by hand they see the probes go in, read what is printed, and notice a
//! count that is wrong; and a fault of theirs or of the machine's is a failure, not a test that is skipped.

mod faults;

use crate::support::bpftrace::{Bpftrace, Options, Release, usable};
use crate::support::expect::check;
use crate::support::go::{self, Mode};
use crate::support::program::Program;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, cache, elf};
use iced_x86::Mnemonic;
use std::fs;
use std::path::Path;

/// All trials.
pub fn suite() -> Suite {
    let mut trials = faults::trials();
    for (name, release, toolchain, mode) in [
        (
            "counts_in_a_program_of_go_1_17",
            Release::V0_23,
            "1.17.13",
            Mode::Default,
        ),
        ("counts_under_0_23", Release::V0_23, "1.27.3", Mode::Default),
        ("counts_under_0_27", Release::V0_27, "1.27.3", Mode::Default),
        (
            "counts_in_a_position_independent_program",
            Release::V0_23,
            "1.27.3",
            Mode::Pie,
        ),
    ] {
        trials.push(trial(name, move || count_calls(release, toolchain, mode)));
    }
    trials.into()
}

/// The addresses in `main.fib` of the instruction behind the stack check and of each `ret`.
fn sites(executable: &Path) -> (u64, Vec<u64>) {
    let instructions = elf::instructions(executable, "main.fib");
    let check = instructions
        .iter()
        .find(|i| i.mnemonic() == Mnemonic::Jbe)
        .unwrap();
    let returns = instructions.iter().filter(|i| i.mnemonic() == Mnemonic::Ret);
    (check.next_ip(), returns.map(|i| i.ip()).collect())
}

fn count_calls(release: Release, toolchain: &str, mode: Mode) -> Result<(), Trouble> {
    usable(release)?;
    let built = go::build("storm", toolchain, mode)?;
    let place = cache()
        .join("harness")
        .join(format!("{}-{toolchain}-{}", release.number(), mode.name()));
    let executable = go::own_copy(&built, &place, "storm")?;
    let (entry, returns) = sites(&executable);
    let path = executable.display();
    let mut script =
        format!("uprobe:{path}:{entry:#x} {{ @count = count(); @by[\"fib\", pid] = count(); }}\n");
    for address in &returns {
        script.push_str(&format!(
            "uprobe:{path}:{address:#x} {{ @h[\"a, b\"] = hist(reg(\"ax\")); @s = stats(1); }}\n"
        ));
    }
    script.push_str("END { printf(\"the end\\n\"); }\n");
    let file = place.join("fib.bt");
    fs::write(&file, script)?;
    let start = |number| {
        if release.loses_first_samples() {
            Program::start_on_one_cpu(&executable, &["fib", number])
        } else {
            Program::start(&executable, &["fib", number])
        }
    };
    let mut programs = [start("12")?, start("10")?];
    let options = Options::of(release);
    let trace = Bpftrace::run(&file, &mut programs, &options)?;
    let truths: Vec<_> = programs
        .into_iter()
        .map(Program::quit)
        .collect::<Result<_, _>>()?;
    for expectation in [
        "@count == truth fib",
        "@count == truth fib#1 + truth fib#2",
        "sum @by == truth fib",
        "keys @by == 2",
        "sum @h == truth fib",
        "low @h == 0",
        "high @h == 128",
        "sum @s == total @s",
        "average @s == 1",
        "line \"the end\"",
        "no lines /nothing/",
        "lines /^the/ == 1",
    ] {
        check(expectation, &trace, &truths)?;
    }
    assert!(check("@count == truth fib#1", &trace, &truths).is_err());
    assert!(check("@other == 1", &trace, &truths).is_err());
    assert!(check("line \"the start\"", &trace, &truths).is_err());
    if release != Release::V0_17 {
        Bpftrace::dry_run(&file, &executable, &options)?;
    }
    fs::remove_dir_all(place)?;
    Ok(())
}
