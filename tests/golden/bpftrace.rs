//! Scripts as bpftrace itself reads them: it loads them, attaches them and ends.

use crate::case::Case;
use crate::compile::{Outcome, compile_at};
use crate::program::file;
use crate::support::bpftrace::{Bpftrace, Options, Release, STRIPPED};
use crate::support::go::own_copy;
use crate::support::trial::trial;
use crate::support::{Trouble, cache};
use libtest_mimic::Trial;
use std::path::Path;

/// Scripts with more probes take minutes to attach.
const MOST_PROBES: usize = 100;

/// One trial per script and release it is for; a few of them unless `GOBT_DRY_RUN=all`.
pub fn trials(cases: Vec<Case>) -> Vec<Trial> {
    let all = std::env::var("GOBT_DRY_RUN").is_ok_and(|value| value == "all");
    let mut trials = Vec::new();
    for case in cases.into_iter().filter(Case::makes_script) {
        for release in releases(&case) {
            // Every tenth, by name and not by place, so that a new case does not change which.
            let sum: usize = case.name.bytes().map(usize::from).sum();
            if all || sum.is_multiple_of(10) {
                let case = case.clone();
                let name = format!("bpftrace{}/{}", release.number(), case.name);
                trials.push(trial(name, move || dry_run(&case, release)));
            }
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

fn dry_run(case: &Case, release: Release) -> Result<(), Trouble> {
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
pub fn takes(place: &Path, program: &Path, text: &str, options: &Options) -> Result<(), Trouble> {
    let script = place.join("recipe.bt");
    std::fs::write(&script, text)?;
    match Bpftrace::dry_run(&script, program, options) {
        Ok(_) => Ok(std::fs::remove_dir_all(place)?),
        Err(Trouble::Failed(why)) => Err(format!("{why}\nthe script is {}", script.display()).into()),
        Err(lacks) => Err(lacks),
    }
}
