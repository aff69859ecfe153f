//! Recipes on programs that nobody here wrote, at work for a client that counts: what bpftrace prints equals what the
//! client says.
//!
//! Not run without being asked, since the programs are fetched and built on first use:
//! `GOBT_REAL=all cargo test --test root -- real/` runs all, `GOBT_REAL=all cargo test --test root -- real/rclone` one
//! of them; with `GOBT_DOCS=write` besides, the results are written to `docs/services.md`. As root, with a go command,
//! debootstrap and the network.

mod page;
mod program;

use crate::support::Trouble;
use crate::support::bpftrace::{Bpftrace, Options, Release, STRIPPED, usable};
use crate::support::compile::Compile;
use crate::support::expect::check;
use crate::support::files::files;
use crate::support::go::{self, Mode};
use crate::support::program::{Program, Traced, children};
use crate::support::running::{self, Recipe};
use crate::support::suite::Suite;
use crate::support::trace::Trace;
use crate::support::trial::trial;
use program::{Real, Source};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// The release that the client and the programs are built with.
const TOOLCHAIN: &str = "1.26.6";

/// All trials.
pub fn suite() -> Suite {
    let asked = |variable: &str, value: &str| std::env::var(variable).is_ok_and(|found| found == value);
    let results = page::Results::default();
    let mut trials = Vec::new();
    if asked("GOBT_REAL", "all") {
        for path in files(&crate::support::repository().join("tests/real"), "gobt") {
            let real = Arc::new(Real::read(&path).unwrap_or_else(|why| panic!("{why}")));
            for release in [Release::V0_23, Release::V0_27] {
                let (real, results) = (Arc::clone(&real), Arc::clone(&results));
                trials.push(trial(
                    format!("{}/bpftrace{}", real.name, release.number()),
                    move || {
                        let row = run(&real, release)?;
                        let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                        results.insert((real.name.clone(), release), row);
                        Ok::<_, Trouble>(())
                    },
                ));
            }
        }
    }
    Suite::and_then(trials, move || {
        let results = results.lock().unwrap_or_else(PoisonError::into_inner);
        if results.is_empty() {
            return Ok(());
        }
        println!("{}", page::table(&results));
        if asked("GOBT_DOCS", "write") {
            page::write(&results)?;
        }
        Ok(())
    })
}

/// Traces the program while its client lets it work, and compares.
fn run(real: &Real, release: Release) -> Result<page::Row, Trouble> {
    usable(release)?;
    let place = crate::support::cache()
        .join("real")
        .join(&real.name)
        .join(release.number());
    let built = real.program()?;
    let name = built
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let executable = go::own_copy(&built, &place, &name)?;
    let script = place.join("recipe.bt");
    let began = Instant::now();
    let compile = Compile::new(&real.path, &executable, &script);
    // Each release in one of the two ways that scripts are made for it.
    match release {
        Release::V0_27 => compile.release(release).run()?,
        _ => compile.run()?,
    }
    let compiled = began.elapsed();

    let (client, arguments) = match real.source {
        Source::Own(_) => (executable.clone(), vec!["20".to_owned()]),
        _ => {
            let sources = crate::support::repository().join("tests/real/client");
            let client = go::build_at(&sources, "client", TOOLCHAIN, Mode::Default)?;
            let work = place.join("work");
            let paths = [&executable, &work].map(|path| path.display().to_string());
            (client, [vec![real.client.clone()], paths.to_vec()].concat())
        }
    };
    let mut program = if release.loses_first_samples() {
        Program::start_on_one_cpu(&client, &arguments)?
    } else {
        Program::start(&client, &arguments)?
    };
    let options = Options {
        harmless: vec![STRIPPED.to_owned()],
        timeout: Duration::from_secs(240),
        ..Options::of(release)
    };
    let trace = if real.by_run {
        let recipe = Recipe {
            path: &real.path,
            executable: &executable,
            script: &fs::read_to_string(&script)?,
            arguments: &[],
            tells_trees: true,
        };
        // The client has started the server already.
        let servers = children(program.traced().pid)?.into_iter();
        let traced = servers.map(|pid| Traced {
            pid,
            path: executable.clone(),
        });
        let traced: Vec<Traced> = traced.collect();
        running::run_on(&recipe, &traced, std::slice::from_mut(&mut program), &options)?
    } else {
        by_script(&script, &executable, &mut program, &options)?
    };
    let printed: Vec<&str> = trace
        .stdout
        .iter()
        .map(String::as_str)
        .filter(|line| !line.is_empty())
        .collect();
    println!(
        "{} with bpftrace {}:\n{}\n",
        real.name,
        release.number(),
        printed.join("\n")
    );
    let truth = [program.quit()?];
    let wrong: Vec<String> = real
        .expectations
        .iter()
        .filter_map(|expectation| check(expectation, &trace, &truth).err())
        .collect();
    if !wrong.is_empty() {
        return Err(format!("{}\nthe script is {}", wrong.join("\n"), script.display()).into());
    }
    let size = fs::metadata(&executable)?.len();
    fs::remove_dir_all(&place)?;
    let [truth]: [BTreeMap<_, _>; 1] = truth;
    Ok(page::Row {
        from: real.from(),
        size,
        compiled,
        truth,
        expectations: real.expectations.clone(),
    })
}

/// What bpftrace prints with a script while the program works.
fn by_script(
    script: &Path,
    executable: &Path,
    program: &mut Program,
    options: &Options,
) -> Result<Trace, Trouble> {
    let traced = Traced {
        path: executable.to_owned(),
        ..program.traced()
    };
    let mut tracer = Bpftrace::start(script, &fs::read_to_string(script)?, &[traced], options)?;
    tracer.await_events()?;
    program.go()?;
    program.done(options.timeout)?;
    let trace = tracer.finish(options)?;
    trace
        .complaints(&options.harmless)
        .map_or(Ok(trace), |why| Err(why.into()))
}
