//! Recipes for the functions of programs that nobody here wrote, as bpftrace loads them: gobt makes a script that the
//! kernel takes, or says why it makes none. What bpftrace refuses is gobt's fault.
//!
//! Each function is traced (`trace F`), and all of its arguments and results are printed (`print arg`, `print ret`), by
//! scripts for one release and for no one release. Every program of a script is loaded: compiled, and taken by the
//! kernel's verifier. Probes are put on a small program instead of the large one, since where they are does not matter
//! for that, and attaching to a large one is slow.
//!
//! `cargo test --test root -- loads/` takes a few functions of Go's own commands, `GOBT_LOADS=500` as many of each of
//! the four programs, by chance but the same in every run, and `GOBT_LOADS=all` all of them, which takes hours. With
//! `GOBT_DOCS=write` the figures go to `docs/loads.md`.

mod figures;
mod scripts;

use crate::support::bpftrace::{Bpftrace, Options, Release, usable};
use crate::support::numbers::Numbers;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, cache, go, repository};
use figures::{Figures, Row};
use gobt::target::load::Loaded;
use gobt::target::{Functions as _, Target};
use scripts::{Made, Stand};
use std::path::Path;
use std::sync::{Arc, PoisonError};

/// Where a program comes from.
#[derive(Clone, Copy)]
enum Source {
    /// One of Go's own commands.
    Command(&'static str),
    /// A module's command at a version.
    Module(&'static str),
    /// A directory of this repository that makes it of modules.
    Directory(&'static str),
}

/// The programs, with the Go release that builds each.
const PROGRAMS: [(&str, Source, &str); 4] = [
    ("go", Source::Command("go"), "1.22.12"),
    (
        "caddy",
        Source::Module("github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9"),
        "1.26.6",
    ),
    ("etcd", Source::Directory("tests/loads/etcd"), "1.26.6"),
    (
        "nats-server",
        Source::Module("github.com/nats-io/nats-server/v2@v2.11.10"),
        "1.26.6",
    ),
];

/// Functions of a program, where nothing else is asked for.
const FEW: usize = 6;

/// Functions whose probes go into one script.
const BATCH: usize = 16;

/// All trials.
pub fn suite() -> Suite {
    let asked = std::env::var("GOBT_LOADS").unwrap_or_default();
    let most = match asked.as_str() {
        "" => FEW,
        "all" => usize::MAX,
        number => number.parse().expect("GOBT_LOADS is a number or `all`"),
    };
    let figures = Figures::default();
    let mut trials = Vec::new();
    let programs = if asked.is_empty() {
        &PROGRAMS[..1]
    } else {
        &PROGRAMS[..]
    };
    for &(name, source, toolchain) in programs {
        for (release, range) in [
            (Release::V0_17, false),
            (Release::V0_23, false),
            (Release::V0_23, true),
            (Release::V0_27, false),
            (Release::V0_27, true),
        ] {
            // 0.17 compiles a large batch for minutes; the scripts for 0.23 alone are much like those for the range.
            if asked.is_empty() && (release == Release::V0_17 || release == Release::V0_23 && !range) {
                continue;
            }
            let figures = Arc::clone(&figures);
            let kind = if range { "range" } else { "alone" };
            let trial_name = format!("{name}/bpftrace{}-{kind}", release.number());
            trials.push(trial(trial_name, move || {
                usable(release)?;
                let program = match source {
                    Source::Command(command) => go::command(command, toolchain)?,
                    Source::Module(module) => go::install(module, toolchain)?,
                    Source::Directory(from) => {
                        go::package(name, toolchain, "0", ".", &repository().join(from))?
                    }
                };
                let row = load(&program, release, range, most)?;
                let failed = row.failed.clone();
                let key = (name.to_owned(), release.number(), range);
                figures
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(key, row);
                if failed.is_empty() {
                    Ok(())
                } else {
                    Err(Trouble::Failed(failed.join("\n")))
                }
            }));
        }
    }
    Suite::and_then(trials, move || {
        let figures = figures.lock().unwrap_or_else(PoisonError::into_inner);
        if figures.is_empty() {
            return Ok(());
        }
        println!("{}", figures::table(&figures));
        // A few functions of every day are not what the document is about.
        if !asked.is_empty() && std::env::var("GOBT_DOCS").is_ok_and(|value| value == "write") {
            figures::write(&figures)?;
        }
        Ok(())
    })
}

/// Loads the scripts for up to `most` functions of a program.
fn load(program: &Path, release: Release, range: bool, most: usize) -> Result<Row, Trouble> {
    let loaded = Loaded::open(program).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let mut names: Vec<String> = target.all().map(|id| target.function(id).name).collect();
    let mut row = Row {
        functions: names.len(),
        ..Row::default()
    };
    let mut numbers = Numbers::seeded(names.len() as u64);
    while names.len() > most {
        let at = numbers.below(names.len());
        names.swap_remove(at);
    }
    names.sort();
    names.dedup();
    let stand = Stand::new(&target, release, range)?;
    let place = cache().join("loads").join(stand.name(program));
    std::fs::create_dir_all(&place)?;
    // Scripts with equal settings are loaded together: what makes one of them crowded must not help another. Those of
    // one function are not, since they would be one probe.
    let mut waiting: Vec<((usize, String), Vec<Made>)> = Vec::new();
    for name in &names {
        for (kind, recipe) in scripts::recipes(name).into_iter().enumerate() {
            row.recipes += 1;
            let made = match stand.compile(&recipe) {
                Ok(made) => made,
                Err(code) => {
                    *row.refused.entry(code).or_default() += 1;
                    continue;
                }
            };
            let settings = (kind, made.settings());
            let at = waiting.iter().position(|(known, _)| *known == settings);
            let at = at.unwrap_or_else(|| {
                waiting.push((settings, Vec::new()));
                waiting.len() - 1
            });
            waiting[at].1.push(made);
            if waiting[at].1.len() >= BATCH {
                let (_, batch) = waiting.swap_remove(at);
                try_all(&stand, &place, batch, &mut row)?;
            }
        }
    }
    for (_, batch) in waiting {
        try_all(&stand, &place, batch, &mut row)?;
    }
    Ok(row)
}

/// Loads several scripts as one, and by halves where that fails.
fn try_all(stand: &Stand<'_, '_>, place: &Path, batch: Vec<Made>, row: &mut Row) -> Result<(), Trouble> {
    let script = place.join("recipe.bt");
    let result = match scripts::joined(&batch, stand)? {
        Some(text) => {
            std::fs::write(&script, text)?;
            Bpftrace::dry_run(&script, &stand.small, &Options::of(stand.release)).map(drop)
        }
        None => Err(Trouble::Failed("they do not go together".into())),
    };
    match result {
        Ok(()) => row.loaded += batch.len(),
        Err(Trouble::Failed(why)) => match batch.as_slice() {
            [one] => {
                let why = why.lines().find(|line| line.contains("ERROR")).unwrap_or(&why);
                row.failed
                    .push(format!("{}: {why}", one.recipe.replace('\n', " ")));
                std::fs::write(place.join(format!("failed{}.bt", row.failed.len())), &one.text)?;
            }
            _ => {
                let mut first = batch;
                let second = first.split_off(first.len() / 2);
                try_all(stand, place, first, row)?;
                try_all(stand, place, second, row)?;
            }
        },
        Err(lacks) => return Err(lacks),
    }
    Ok(())
}
