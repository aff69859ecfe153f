//! The same inputs as gobt's executable and bpftrace's see them.

use crate::Kind;
use crate::hold::scripts;
use crate::support::bpftrace::{Bpftrace, Options, Release, STRIPPED};
use crate::support::run::GOBT;
use crate::support::{Trouble, cache};
use crate::work::{Material, example};
use crate::workers::Summary;
use libtest_mimic::Failed;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Scripts with more probes take minutes to attach.
const MOST_PROBES: usize = 60;

/// A directory for this run.
fn place(name: &str) -> PathBuf {
    let place = cache()
        .join("mutate")
        .join(format!("{name}-{}", std::process::id()));
    std::fs::create_dir_all(&place).unwrap();
    place
}

/// `gobt` itself with some of the mutated programs, in 1 GiB of addresses: it ends by itself, with an exit code that it has, and says no
/// more than one error.
pub fn executable(count: usize) -> Result<(), Failed> {
    let place = place("executable");
    let mut material = Material::of(Kind::Program, false);
    let recipe = place.join("a.gobt");
    std::fs::write(&recipe, "trace main.*\n")?;
    let file = place.join("program");
    let mut codes = std::collections::BTreeMap::<i32, usize>::new();
    for n in (0..count).map(|n| 97 * n) {
        std::fs::write(&file, material.program(n).unwrap())?;
        let (file, recipe) = (file.to_str().unwrap(), recipe.to_str().unwrap());
        for arguments in [
            vec!["compile", recipe, "--bin", file],
            vec!["funcs", file],
            vec!["inspect", file, "main.main"],
        ] {
            let output = Command::new("sh")
                .args(["-c", "ulimit -c 0; ulimit -v 1048576; exec \"$@\"", "sh", GOBT])
                .args(&arguments)
                .output()?;
            let said = String::from_utf8_lossy(&output.stderr);
            let Some(code @ 0..=2) = output.status.code() else {
                return Err(format!("program:{n} {arguments:?} ended with {}: {said}", output.status).into());
            };
            let errors = said.lines().filter(|line| line.starts_with("error")).count();
            if said.contains("panicked")
                || (errors == 0) != (code == 0)
                || (code != 0 && !output.stdout.is_empty())
            {
                return Err(format!("program:{n} {arguments:?} ended with {code}: {said}").into());
            }
            *codes.entry(code).or_default() += 1;
        }
    }
    eprintln!("runs by exit code: {codes:?}");
    Ok(std::fs::remove_dir_all(place)?)
}

/// Gives some of the scripts to bpftrace, with the program that they are for.
pub fn dry_runs(kind: Kind, summary: &Summary, count: usize, all: bool) -> Result<(), Trouble> {
    let place = place(kind.name());
    let program = place.join("program");
    let mut material = Material::of(kind, all);
    let found = summary.with_scripts();
    let mut done = 0;
    for n in found
        .iter()
        .copied()
        .step_by((found.len() / (4 * count).max(1)).max(1))
    {
        if done == count {
            break;
        }
        let path = match kind {
            Kind::Program => {
                std::fs::write(&program, material.program(n).unwrap())?;
                std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
                program.to_str().unwrap().to_owned()
            }
            Kind::Recipe => String::new(),
        };
        let (_, result, ..) = material.work(n, (kind == Kind::Program).then_some(&path));
        let made = result.map(|(_, scripts)| scripts).unwrap_or_default();
        for script in made
            .iter()
            .take(1)
            .filter(|text| (1..=MOST_PROBES).contains(&scripts::attached(text).len()))
        {
            let path = match kind {
                Kind::Program => path.clone(),
                Kind::Recipe => ["shop", "kinds"]
                    .map(example)
                    .into_iter()
                    .find(|path| script.contains(path.as_str()))
                    .unwrap(),
            };
            let Some(release) = release_of(script, n) else {
                continue;
            };
            match dry_run(release, script, Path::new(&path), &place) {
                Ok(()) => done += 1,
                Err(Trouble::Failed(why)) => {
                    return Err(format!("{}:{n}: {why}\n{script}", kind.name()).into());
                }
                Err(lacks) => return Err(lacks),
            }
        }
    }
    eprintln!("{done} scripts of {} given to bpftrace", kind.name());
    Ok(std::fs::remove_dir_all(place)?)
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
