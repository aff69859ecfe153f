//! Debug information in a file of its own: found, named with `--debug-file`, and what is said of one that is not used.

use crate::support::place::Place;
use crate::support::run::{Ran, Running, gobt};
use crate::support::suite::{Suite, trials};
use crate::support::trouble::need;
use crate::support::{KINDS, SHOP, Trouble};
use std::fs;
use std::process::Command;

/// All of them.
pub fn suite() -> Suite {
    trials![
        a_named_file_is_used_by_every_command,
        a_file_of_another_build_is_refused,
        a_neighbour_that_is_not_used_is_told,
    ]
    .into()
}

const RECIPE: &str = "count main.charge by arg customer\n";

/// Runs binutils' objcopy.
fn objcopy(arguments: &[&str]) -> Result<(), Trouble> {
    need("objcopy")?;
    let output = Command::new("objcopy").args(arguments).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

/// `app` without debug information, and its debug file under another name.
fn split(place: &Place) -> Result<(String, String), Trouble> {
    let (app, debug) = (place.path("app"), place.path("elsewhere"));
    objcopy(&["--strip-debug", SHOP, &app])?;
    objcopy(&["--only-keep-debug", SHOP, &debug])?;
    Ok((app, debug))
}

/// What `gobt compile` says of a recipe for a program with a debug file that is named.
fn compile_with(recipe: &str, app: &str, debug: &str) -> Ran {
    gobt(&["compile", recipe, "--bin", app, "--debug-file", debug])
}

fn a_named_file_is_used_by_every_command() -> Result<(), Trouble> {
    let place = Place::new("debug-named");
    let (app, debug) = split(&place)?;
    let recipe = place.file("r.gobt", RECIPE);
    let script = gobt(&["compile", &recipe, "--bin", SHOP])
        .succeeds()
        .replace(SHOP, &app);
    gobt(&["compile", &recipe, "--bin", &app]).fails(1, "E0244");
    let ran = compile_with(&recipe, &app, &debug);
    // The hash behind the facts is over the program's path too.
    let facts = |script: &str| {
        script
            .rsplit_once(r#","seal":"#)
            .map(|(before, _)| before.to_string())
    };
    assert_eq!(facts(ran.succeeds()), facts(&script));
    assert!(facts(&script).is_some());
    gobt(&["check", &recipe, "--bin", &app, "--debug-file", &debug]).succeeds();
    let ran = gobt(&["inspect", &app, "main.charge", "--debug-file", &debug]);
    assert!(
        ran.succeeds()
            .contains("func charge(customer string, amount main.Cents)")
    );
    let ran = gobt(&["funcs", &app, "main.charge", "--long", "--debug-file", &debug]);
    assert!(
        ran.succeeds()
            .contains("func charge(customer string, amount main.Cents)")
    );
    let running = Running::start(&mut Command::new(&app));
    let pid = running.0.id().to_string();
    let ran = gobt(&["compile", &recipe, "--pid", &pid, "--debug-file", &debug]);
    assert!(ran.succeeds().contains("arg") || !ran.out.is_empty());
    // It is an input like the others.
    gobt(&[
        "compile",
        &recipe,
        "--bin",
        &app,
        "--debug-file",
        &debug,
        "-o",
        &debug,
    ])
    .fails(2, "E0524");
    // Where the program has its own, that is what is read.
    let ran = compile_with(&recipe, SHOP, &debug);
    assert!(
        ran.code == 0 && ran.err.contains("has its debug information itself"),
        "{}",
        ran.err
    );
    Ok(())
}

fn a_file_of_another_build_is_refused() -> Result<(), Trouble> {
    let place = Place::new("debug-other");
    let (app, debug) = split(&place)?;
    let recipe = place.file("r.gobt", RECIPE);
    let other = place.path("other");
    objcopy(&["--only-keep-debug", KINDS, &other])?;
    let none = place.path("none");
    objcopy(&["--strip-debug", SHOP, &none])?;
    let text = place.file("text", "no ELF file at all");
    for (file, why) in [
        (other.as_str(), "build id"),
        (&none, "no debug information"),
        (&text, "not a 64-bit ELF file"),
    ] {
        let ran = compile_with(&recipe, &app, file);
        ran.fails(2, "E0254");
        assert!(ran.err.replace('\n', " ").contains(why), "{}", ran.err);
    }
    compile_with(&recipe, &app, &place.path("missing")).fails(2, "E0200");
    // Without build ids the sections tell.
    for id in [".note.go.buildid", ".note.gnu.build-id"] {
        for file in [&debug, &other] {
            let out = format!("{file}.bare");
            objcopy(&["--remove-section", id, file, &out])?;
            fs::rename(out, file)?;
        }
    }
    compile_with(&recipe, &app, &other).fails(2, "E0254");
    Ok(())
}

fn a_neighbour_that_is_not_used_is_told() -> Result<(), Trouble> {
    let recipe = "latency main.charge\n";
    for (name, of, link, said) in [
        ("app.debug", SHOP, false, "no .gnu_debuglink that names it"),
        (".debug/app.debug", SHOP, false, "no .gnu_debuglink that names it"),
        (".debug/app", SHOP, false, "no .gnu_debuglink that names it"),
        ("app.debug", KINDS, false, "its build id is"),
        ("app.debug", SHOP, true, ""),
        (".debug/app.debug", SHOP, true, ""),
    ] {
        let place = Place::new(&format!(
            "debug-neighbour-{}",
            name.len() + of.len() + usize::from(link)
        ));
        let (app, debug) = (place.path("app"), place.path(name));
        fs::create_dir_all(place.path(".debug")).unwrap();
        objcopy(&["--strip-debug", SHOP, &app])?;
        objcopy(&["--only-keep-debug", of, &debug])?;
        if link {
            let add = format!("--add-gnu-debuglink={debug}");
            objcopy(&[&add, &app])?;
        }
        let recipe = place.file("r.gobt", recipe);
        let ran = gobt(&["compile", &recipe, "--bin", &app]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let told = ran.err.replace("\n    ", " ").replace('\n', " ");
        assert_eq!(ran.err.is_empty(), said.is_empty(), "{name}: {}", ran.err);
        assert!(told.contains(said), "{name}: {}", ran.err);
        // What it says helps.
        if let Some((_, rest)) = told.split_once("give --debug-file ") {
            let file = rest.split_whitespace().next().unwrap();
            compile_with(&recipe, &app, file).succeeds();
        }
    }
    Ok(())
}
