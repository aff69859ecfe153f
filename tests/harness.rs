//! The live tests' own tools: on a script written by hand they see the probes go in, read what is printed, and notice a count that is
//! wrong; and a fault of theirs or of the machine's is a failure, not a test that is skipped.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod support;

#[path = "harness/faults.rs"]
mod faults;

use iced_x86::Mnemonic;
use libtest_mimic::Trial;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use support::Trouble;
use support::bpftrace::{Bpftrace, Options, Release};
use support::expect::check;
use support::go::{self, Mode};
use support::program::Program;
use support::trace::{Entry, Trace, Value};
use support::trial::trial;

fn main() -> ExitCode {
    let plain = |name: &str, test: fn()| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let mut trials = vec![
        plain("output_is_taken_apart", output_is_taken_apart),
        plain("warnings_and_losses_are_noticed", warnings_and_losses_are_noticed),
        plain("program_texts_are_unquoted", program_texts_are_unquoted),
        trial(
            faults::NEEDS_GO.into(),
            the_prebuilt_example_is_what_its_source_builds,
        ),
    ];
    for (name, release, toolchain, mode) in [
        (
            "counts_in_a_program_of_go_1_17",
            Release::V0_23,
            "1.17.13",
            Mode::Default,
        ),
        ("counts_under_0_23", Release::V0_23, "1.27.3", Mode::Default),
        (faults::NEEDS_0_27, Release::V0_27, "1.27.3", Mode::Default),
        (
            "counts_in_a_position_independent_program",
            Release::V0_23,
            "1.27.3",
            Mode::Pie,
        ),
    ] {
        trials.push(trial(name.into(), move || count_calls(release, toolchain, mode)));
    }
    trials.extend(faults::trials());
    support::trial::run(trials)
}

/// The addresses in `main.fib` of the instruction behind the stack check and of each `ret`.
fn sites(executable: &Path) -> (u64, Vec<u64>) {
    let instructions = support::elf::instructions(executable, "main.fib");
    let check = instructions
        .iter()
        .find(|i| i.mnemonic() == Mnemonic::Jbe)
        .unwrap();
    let returns = instructions.iter().filter(|i| i.mnemonic() == Mnemonic::Ret);
    (check.next_ip(), returns.map(|i| i.ip()).collect())
}

fn count_calls(release: Release, toolchain: &str, mode: Mode) -> Result<(), Trouble> {
    support::bpftrace::usable(release)?;
    let built = go::build("storm", toolchain, mode)?;
    let place =
        support::cache()
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

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn output_is_taken_apart() {
    let trace = Trace::of(
        &lines(
            "Attaching 3 probes...\nhello [x]: y\n\n@count: 7\n@a[1, main.Map[int,string]]: -3\n@lat[9]: \n[0]    1 |@|\n\
             [2K, 4K)    5 |@@@@@|\n[1M, ...)    2 |@@|\n\n@s[a, b]: count 4, average 2, total 9\n@t: { .count = 1, .average = -3, .total = -3 }\n@text: words here\n",
        ),
        &[],
    );
    assert_eq!(trace.lines, ["hello [x]: y"]);
    let entry = |name: &str| trace.map(name)[0].clone();
    assert_eq!(entry("@count").value, Value::Number(7));
    assert_eq!(entry("@a").keys, ["1", "main.Map[int,string]"]);
    let buckets = Value::Buckets(vec![(Some(0), 1), (Some(2048), 5), (Some(1 << 20), 2)]);
    assert_eq!(
        entry("@lat"),
        Entry {
            name: "@lat".into(),
            keys: vec!["9".into()],
            value: buckets
        }
    );
    assert_eq!(
        entry("@s").value,
        Value::Stats {
            count: 4,
            average: 2,
            total: 9
        }
    );
    assert_eq!(
        entry("@t").value,
        Value::Stats {
            count: 1,
            average: -3,
            total: -3
        }
    );
    assert_eq!(entry("@text").value, Value::Text("words here".into()));
}

fn warnings_and_losses_are_noticed() {
    let of = |stdout: &str, stderr: &str| Trace::of(&lines(stdout), &lines(stderr));
    assert_eq!(of("", "Attached 3 probes\n").complaints(&[]), None);
    assert!(of("Lost 3 events\n", "").complaints(&[]).is_some());
    let warned = of(
        "",
        "a.bt:3:1-4: WARNING: Return value discarded.\ndelete(@a);\n~~~\n",
    );
    assert!(warned.complaints(&[]).is_some());
}

fn program_texts_are_unquoted() {
    let unquote = support::program::unquote;
    assert_eq!(
        unquote(r#""a\"b\\ \n\t\x07\u20ac\U0001f600""#).as_deref(),
        Some("a\"b\\ \n\t\x07€😀")
    );
    assert_eq!(unquote("\"open"), None);
}

fn the_prebuilt_example_is_what_its_source_builds() -> Result<(), Trouble> {
    let shop = support::repository().join("examples/targets/shop");
    let fresh = support::cache().join("shop");
    fs::create_dir_all(support::cache())?;
    go::bring("1.24.11")?;
    let output = go::go_command("1.24.11")
        .env("CGO_ENABLED", "0")
        .args(["build", "-trimpath", "-o"])
        .arg(&fresh)
        .arg(".")
        .current_dir(&shop)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    if fs::read(&fresh)? == fs::read(shop.join("shop"))? {
        Ok(())
    } else {
        Err("run examples/targets/build".into())
    }
}
