//! Some of the scripts that are made for mutated programs and of mutated recipes.

use crate::support::bpftrace::{Bpftrace, Options, Release, STRIPPED};
use crate::support::hold::scripts;
use crate::support::mutate::work::{Material, example};
use crate::support::mutate::{Kind, all};
use crate::support::place::Place;
use crate::support::trial::{Trial, trial};
use crate::support::{Trouble, cache};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Scripts with more probes take long to attach: a tenth of a second each.
const MOST_PROBES: usize = 140;

/// How far apart the mutations are that are looked at first, so that different ways of changing are among them, and how
/// many at most.
const STEP: usize = 7;
const MOST: usize = 600;

/// One trial for each kind.
pub fn trials() -> Vec<Trial> {
    let of = |kind: Kind| {
        trial(format!("mutated/{}s", kind.name()), move || {
            dry_runs(kind, if all() { 24 } else { 2 })
        })
    };
    Kind::ALL.map(of).into()
}

/// Gives scripts to bpftrace, each with the program that it is for, until it has taken `wanted` of them.
fn dry_runs(kind: Kind, wanted: usize) -> Result<(), Trouble> {
    let place = Place::within(&cache().join("mutate"), kind.name());
    let program = place.join("program");
    let mut material = Material::of(kind, all())?;
    let mut done = 0;
    for n in (0..MOST).map(|n| n * STEP % MOST) {
        if done == wanted {
            return Ok(());
        }
        let path = if kind == Kind::Recipe {
            None
        } else {
            std::fs::write(&program, material.program(n).unwrap())?;
            std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
            Some(program.to_str().unwrap())
        };
        let (_, result, ..) = material.work(n, path);
        let made = result.map(|(_, scripts)| scripts).unwrap_or_default();
        let Some(script) = made
            .first()
            .filter(|text| (1..=MOST_PROBES).contains(&scripts::attached(text).len()))
        else {
            continue;
        };
        let path = path.map(str::to_owned).unwrap_or_else(|| {
            let mut examples = ["shop", "kinds"].map(example).into_iter();
            examples.find(|path| script.contains(path.as_str())).unwrap()
        });
        let Some(release) = release_of(script, n) else {
            continue;
        };
        match dry_run(release, script, Path::new(&path), &place.0) {
            Ok(()) => done += 1,
            Err(Trouble::Failed(why)) => return Err(format!("{}:{n}: {why}\n{script}", kind.name()).into()),
            Err(lacks) => return Err(lacks),
        }
    }
    Err(format!("only {done} scripts could be given to bpftrace").into())
}

/// One of the releases that takes a script, if there is one here.
fn release_of(script: &str, n: usize) -> Option<Release> {
    let (_, rest) = script.split_once("for bpftrace ")?;
    match rest.split_once(".\n")?.0 {
        "0.20" => Some(Release::V0_23),
        "0.23 to 0.27" => Some([Release::V0_27, Release::V0_23][n % 2]),
        number => Release::numbered(number),
    }
}

fn dry_run(release: Release, script: &str, program: &Path, place: &Path) -> Result<(), Trouble> {
    let mut options = Options::of(release);
    options.harmless.push(STRIPPED.into());
    let file = place.join("recipe.bt");
    std::fs::write(&file, script)?;
    Bpftrace::dry_run(&file, program, &options).map(drop)
}
