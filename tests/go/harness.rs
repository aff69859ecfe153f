//! The tools of tests with Go: the prebuilt example is what its source builds, and a `go` command that cannot fetch a
//! release is told from one that fails.

use crate::support::go;
use crate::support::place::Place;
use crate::support::said::{Said, only};
use crate::support::suite::{Suite, trials};
use crate::support::{Trouble, cache, repository};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

/// All trials.
pub fn suite() -> Suite {
    trials![
        the_prebuilt_example_is_what_its_source_builds,
        a_go_that_cannot_fetch,
    ]
    .into()
}

fn the_prebuilt_example_is_what_its_source_builds() -> Result<(), Trouble> {
    let shop = repository().join("examples/targets/shop");
    let fresh = cache().join("shop");
    fs::create_dir_all(cache())?;
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

fn a_go_that_cannot_fetch() -> Result<(), Trouble> {
    let place = Place::new("no-go");
    let run = |words: &str, ci| {
        let go = place.file("go", format!("#!/bin/sh\necho '{words}' >&2\nexit 1\n"));
        fs::set_permissions(go, fs::Permissions::from_mode(0o755))?;
        let path = format!("{}:/usr/bin:/bin", place.0.display());
        Said::of(
            only("harness/the_prebuilt_example_is_what_its_source_builds")?.env("PATH", path),
            ci,
        )
    };
    let unreachable =
        "go: download go1.24.11 for linux/amd64: dial tcp 127.0.0.1:9: connect: connection refused";
    run(unreachable, false)?.skips(unreachable);
    run(unreachable, true)?.fails(unreachable);
    let full = "go: download go1.24.11 for linux/amd64: write go.zip: no space left on device";
    run(full, false)?.fails(full);
    run("", false)?.fails("Go 1.24.11 cannot be had");
    Ok(())
}
