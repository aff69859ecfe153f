//! Scripts that other tests make, as bpftrace itself reads them: it loads them, attaches them and ends.
//!
//! `cargo test --test root -- dry_run/errors` gives it those of the golden cases with this word in their names. They
//! are a few of all, unless `GOBT_DRY_RUN=all`.

mod mutated;

use crate::support::bpftrace::{Bpftrace, Options, Release, STRIPPED};
use crate::support::go::own_copy;
use crate::support::golden::case::Case;
use crate::support::golden::cases;
use crate::support::golden::compile::{Outcome, compile_at};
use crate::support::golden::hostile::{RECIPES, VENOMS, compile};
use crate::support::golden::program::{At, file};
use crate::support::suite::Suite;
use crate::support::trial::{Trial, trial};
use crate::support::{KINDS, Trouble, cache};
use gobt::target::Target;
use gobt::target::load::Loaded;
use std::path::Path;

/// Scripts with more probes take minutes to attach.
const MOST_PROBES: usize = 100;

/// All trials.
pub fn suite() -> Suite {
    let all = std::env::var("GOBT_DRY_RUN").is_ok_and(|value| value == "all");
    let mut trials = golden(all);
    trials.extend(hostile(all));
    trials.extend(mutated::trials());
    trials.into()
}

/// One trial per script of a golden case and release it is for.
fn golden(all: bool) -> Vec<Trial> {
    let mut trials = Vec::new();
    for case in cases().into_iter().flatten().filter(Case::makes_script) {
        for release in releases(&case) {
            // Every tenth, by name and not by place, so that a new case does not change which.
            let sum: usize = case.name.bytes().map(usize::from).sum();
            if all || sum.is_multiple_of(10) {
                let case = case.clone();
                let name = format!("golden/bpftrace{}/{}", release.number(), case.name);
                trials.push(trial(name, move || of_case(&case, release)));
            }
        }
    }
    trials
}

/// One trial for each thing in the names of a program and each release.
fn hostile(all: bool) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (what, venom) in VENOMS
        .iter()
        .filter(|(_, venom)| all || venom.len().is_multiple_of(5))
    {
        for release in [Release::V0_23, Release::V0_27] {
            let name = format!("hostile/bpftrace{}/{what}", release.number());
            trials.push(trial(name, move || of_hostile_names(what, venom, release)));
        }
    }
    trials
}

/// The releases here that a case's script is for.
fn releases(case: &Case) -> Vec<Release> {
    match &case.bpftrace {
        None => vec![Release::V0_23, Release::V0_27],
        Some(number) => Release::numbered(number).into_iter().collect(),
    }
}

fn of_case(case: &Case, release: Release) -> Result<(), Trouble> {
    let place = cache().join("golden").join(&case.name).join(release.number());
    let program = own_copy(&file(case)?, &place, &case.target)?;
    let path = program.to_str().ok_or("the path is not UTF-8")?;
    let Outcome::Script { text, .. } = compile_at(case, path)? else {
        return Err("there is no script".into());
    };
    if text.matches("uprobe:").count() > MOST_PROBES {
        return Ok(());
    }
    let mut options = Options::of(release);
    if case.without.iter().any(|what| what == "symbols") {
        options.harmless.push(STRIPPED.into());
    }
    takes(&place, &program, &text, &options)
}

/// That bpftrace takes a script for a program in `place`, which is removed then.
fn takes(place: &Path, program: &Path, text: &str, options: &Options) -> Result<(), Trouble> {
    let script = place.join("recipe.bt");
    std::fs::write(&script, text)?;
    match Bpftrace::dry_run(&script, program, options) {
        Ok(_) => Ok(std::fs::remove_dir_all(place)?),
        Err(Trouble::Failed(why)) => Err(format!("{why}\nthe script is {}", script.display()).into()),
        Err(lacks) => Err(lacks),
    }
}

/// bpftrace reads such a script as gobt means it. Releases complain about what they do not understand; none is told
/// `--unsafe`.
fn of_hostile_names(what: &str, venom: &str, release: Release) -> Result<(), Trouble> {
    let place = cache()
        .join("golden")
        .join("hostile")
        .join(what)
        .join(release.number());
    let program = own_copy(Path::new(KINDS), &place, "kinds, a b")?;
    let loaded = Loaded::open(&program).map_err(|problem| problem.message)?;
    let target = Target::open(&loaded).map_err(|problem| problem.message)?;
    let hostile = At::new(&target, &program.to_string_lossy()).spoiled(venom);
    let recipes: Vec<&str> = RECIPES.iter().map(|(_, recipe)| *recipe).collect();
    let text = compile(venom, &recipes.join("\n"), &hostile, None)?;
    takes(&place, &program, &text, &Options::of(release))
}
