//! Mutated programs as gobt's executable sees them.

use crate::support::Trouble;
use crate::support::mutate::Kind;
use crate::support::mutate::work::Material;
use crate::support::place::Place;
use crate::support::run::GOBT;
use std::process::Command;

/// `gobt` itself with some of the mutated programs, in 1 GiB of addresses: it ends by itself, with an exit code that it
/// has, and says no more than one error.
pub fn all(count: usize) -> Result<(), Trouble> {
    let place = Place::new("executable");
    let mut material = Material::of(Kind::Program, false)?;
    let recipe = place.join("a.gobt");
    std::fs::write(&recipe, "trace main.*\n")?;
    let file = place.join("program");
    for n in (0..count).map(|n| 97 * n) {
        std::fs::write(&file, material.program(n).unwrap())?;
        let (file, recipe) = (file.to_str().unwrap(), recipe.to_str().unwrap());
        for arguments in [
            vec!["compile", recipe, "--bin", file],
            vec!["funcs", file, "--long"],
            vec!["inspect", file, "main.main", "--code"],
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
        }
    }
    Ok(())
}
