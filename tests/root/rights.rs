//! What only root can bring about: files that may not be read or written, files of others, disks that are full or
//! read-only.

use crate::support::kept::{COMPILE, START, Scratch, forge};
use crate::support::place::Place;
use crate::support::run::{GOBT, Ran};
use crate::support::suite::{Suite, trials};
use crate::support::trouble::{need, need_root};
use crate::support::{SHOP, Trouble};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Command;

/// All trials.
pub fn suite() -> Suite {
    trials![
        files_that_may_not_be_read_or_written,
        disks_that_are_full_or_read_only,
        kept_sections_of_others_are_not_used,
    ]
    .into()
}

/// As somebody who may not read everything.
fn files_that_may_not_be_read_or_written() -> Result<(), Trouble> {
    need_root()?;
    need("setpriv")?;
    let place = Place::new("rights");
    fs::set_permissions(&place.0, fs::Permissions::from_mode(0o777)).unwrap();
    // Not everybody may reach the directory that it is built in.
    let gobt = place.copy(GOBT, "gobt");
    let as_nobody = |arguments: &[&str]| {
        Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", &gobt])
            .args(arguments)
            .current_dir(&place.0)
            .output()
            .map(Ran::from)
            .unwrap()
    };
    let recipe = place.file("a.gobt", "count main.charge\n");
    let program = place.copy(SHOP, "shop");
    assert_eq!(
        as_nobody(&["compile", &recipe, "--bin", &program, "-o", "mine.bt"]).code,
        0
    );
    // A directory that may not be written to, with a file in it that may not either, and one that may.
    let closed = place.path("closed");
    fs::create_dir(&closed).unwrap();
    for (name, mode) in [("kept.bt", 0o644), ("open.bt", 0o666)] {
        fs::write(format!("{closed}/{name}"), "precious\n").unwrap();
        fs::set_permissions(format!("{closed}/{name}"), fs::Permissions::from_mode(mode)).unwrap();
    }
    for name in ["new.bt", "kept.bt", "open.bt"] {
        let ran = as_nobody(&[
            "compile",
            &recipe,
            "--bin",
            &program,
            "-o",
            &format!("{closed}/{name}"),
        ]);
        ran.fails(2, "Permission denied");
    }
    as_nobody(&["man", &closed]).fails(2, "Permission denied");
    as_nobody(&["man", "/proc/new"]).fails(2, "cannot write manual pages");
    let mut left: Vec<_> = fs::read_dir(&closed)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["kept.bt", "open.bt"]);
    for name in ["kept.bt", "open.bt"] {
        assert_eq!(
            fs::read_to_string(format!("{closed}/{name}")).unwrap(),
            "precious\n"
        );
    }
    // What may not be read.
    fs::set_permissions(&program, fs::Permissions::from_mode(0o711)).unwrap();
    as_nobody(&["compile", &recipe, "--bin", &program]).fails(2, "E0200");
    as_nobody(&["funcs", &program]).fails(2, "permission denied");
    as_nobody(&["inspect", &program, "main.main"]).fails(2, "E0200");
    as_nobody(&["check", "mine.bt"]).fails(2, "E0200");
    fs::set_permissions(&recipe, fs::Permissions::from_mode(0o600)).unwrap();
    as_nobody(&["compile", &recipe, "--bin", &program]).fails(2, "E0110");
    as_nobody(&["compile", &recipe, "--pid", "1"]).fails(2, "E0110");
    fs::set_permissions(&recipe, fs::Permissions::from_mode(0o644)).unwrap();
    as_nobody(&["compile", &recipe, "--pid", "1"]).fails(2, "E0210");
    Ok(())
}

/// A small disk of its own, which ends with the command.
fn disks_that_are_full_or_read_only() -> Result<(), Trouble> {
    need_root()?;
    let place = Place::new("disk");
    place.file("a.gobt", "trace main.*\n");
    fs::create_dir(place.path("disk")).unwrap();
    let full = r#"mount -t tmpfs -o size=16k none "$1/disk" || exit 77
        echo precious > "$1/disk/a.bt"; head -c 8k /dev/zero > "$1/disk/rest""#;
    let closed = r#"mount -t tmpfs -o size=1m none "$1/disk" || exit 77
        echo precious > "$1/disk/a.bt"; : > "$1/disk/rest"; mount -o remount,ro "$1/disk" || exit 77"#;
    for (prepare, why) in [(full, "No space left"), (closed, "Read-only file system")] {
        for run in [
            r#""$2" compile "$1/a.gobt" --bin "$3" -o "$1/disk/a.bt""#,
            r#""$2" compile "$1/a.gobt" --bin "$3" -o "$1/disk/new.bt""#,
            r#""$2" man "$1/disk""#,
        ] {
            let script =
                format!("{prepare}\n{run}; code=$?\ncat \"$1/disk/a.bt\"; ls -A \"$1/disk\"; exit $code");
            let output = Command::new("unshare")
                .args(["--mount", "sh", "-c", &script, "sh"])
                .arg(&place.0)
                .args([GOBT, SHOP])
                .output()
                .unwrap();
            let Ran {
                code, out: left, err, ..
            } = output.into();
            assert_eq!(code, 2, "{run}: {err}");
            assert!(err.contains(why), "{run}: {err}");
            let man: Vec<&str> = left.lines().filter(|line| line.starts_with("gobt")).collect();
            assert!(man.len() < 9 && (man.is_empty() || run.contains("man")), "{left}");
            let rest: Vec<&str> = left.lines().filter(|line| !line.starts_with("gobt")).collect();
            assert_eq!(rest, ["precious", "a.bt", "rest"], "{run}");
        }
    }
    Ok(())
}

/// As root, who could use what belongs to everybody.
fn kept_sections_of_others_are_not_used() -> Result<(), Trouble> {
    need_root()?;
    let scratch = Scratch::new("owner");
    let good = scratch.without(&COMPILE);
    let file = scratch.keep();
    let size = fs::read(&file).unwrap().len() - START;
    std::os::unix::fs::chown(&file, Some(65534), None).unwrap();
    forge(&file, &vec![0; size]);
    assert_eq!(scratch.compile(), good);
    assert_eq!(fs::metadata(&file).unwrap().uid(), 0, "replaced");
    for directory in [scratch.directory(), scratch.place.join("cache")] {
        forge(&file, &vec![0; size]);
        assert_ne!(scratch.compile(), good, "the evil file has no effect");
        std::os::unix::fs::chown(&directory, Some(65534), None).unwrap();
        assert_eq!(scratch.compile(), good, "{}", directory.display());
        std::os::unix::fs::chown(&directory, Some(0), None).unwrap();
    }
    Ok(())
}
