//! Inflated sections that are kept between runs: what gobt says never depends on them, whatever became of them
//! meanwhile.

use crate::support::SHOP;
use crate::support::kept::{CHECKSUM, COMPILE, START, Scratch, forge, large};
use crate::support::run::{GOBT, Ran};
use crate::support::suite::{Suite, trials};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;

/// All of them.
pub fn suite() -> Suite {
    trials![
        says_the_same_with_and_without,
        keeps_for_the_user_alone_and_reads_it_again,
        small_programs_leave_nothing,
        other_bytes_are_another_build,
        what_is_not_in_order_is_written_anew,
        what_others_could_have_written_is_not_used,
        nothing_is_said_where_nothing_can_be_kept,
        several_at_once,
    ]
    .into()
}

fn says_the_same_with_and_without() {
    let scratch = Scratch::new("same");
    let cache = scratch.place.join("cache");
    let commands: [&[&str]; 6] = [
        &COMPILE,
        &["compile", "recipe.gobt", "--bin", "app", "--emit", "plan"],
        &["check", "recipe.gobt", "recipe.gobt", "--bin", "app"],
        &["inspect", "app", "main.(*Shop).Take"],
        &["funcs", "app", "main.*"],
        &["funcs", "app", "main.nothing"],
    ];
    for arguments in commands {
        let _ = fs::remove_dir_all(scratch.directory());
        let without = scratch.without(arguments);
        assert_eq!(
            without,
            scratch.say_in(arguments, &cache),
            "first time, {arguments:?}"
        );
        assert_eq!(without, scratch.say_in(arguments, &cache), "again, {arguments:?}");
    }
    // Signatures stand above probes only where a question needed them: not because they happen to be kept.
    let counting = ["compile", "count.gobt", "--bin", "app"];
    fs::write(scratch.place.join("count.gobt"), "count main.charge\n").unwrap();
    scratch.keep();
    assert_eq!(scratch.without(&counting), scratch.say_in(&counting, &cache));
}

fn keeps_for_the_user_alone_and_reads_it_again() {
    let scratch = Scratch::new("again");
    let good = scratch.without(&COMPILE);
    let file = scratch.keep();
    assert_eq!(fs::metadata(scratch.directory()).unwrap().mode() & 0o7777, 0o700);
    let metadata = fs::metadata(&file).unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o600);
    assert_eq!(scratch.compile(), good);
    assert_eq!(
        fs::metadata(&file).unwrap().ino(),
        metadata.ino(),
        "it was written again"
    );
    // Its content is what is read: with another, all is different.
    let size = usize::try_from(metadata.len()).unwrap() - START;
    forge(&file, &vec![0; size]);
    assert_ne!(scratch.compile(), good, "the kept file is not read");
    // It may be deleted at any time.
    fs::remove_file(&file).unwrap();
    assert_eq!(scratch.compile(), good);
    fs::remove_dir_all(scratch.directory()).unwrap();
    assert_eq!(scratch.compile(), good);
    assert_eq!(scratch.kept().len(), 1);
}

fn small_programs_leave_nothing() {
    let scratch = Scratch::new("small");
    fs::copy(SHOP, scratch.place.join("app")).unwrap();
    assert_eq!(scratch.compile().code, 0);
    assert!(!scratch.directory().exists());
}

/// Every build has a file of its own, also where two have one build id.
fn other_bytes_are_another_build() {
    let scratch = Scratch::new("builds");
    let one = scratch.keep();
    let content = fs::read(&one).unwrap();
    fs::write(scratch.place.join("app"), large(2)).unwrap();
    assert_eq!(scratch.compile(), scratch.without(&COMPILE));
    assert_eq!(scratch.kept().len(), 2);
    // What was kept for one is of no use under the name of the other.
    let other = scratch.kept().into_iter().find(|file| *file != one).unwrap();
    let good = fs::read(&other).unwrap();
    fs::write(&other, content).unwrap();
    assert_eq!(scratch.compile(), scratch.without(&COMPILE));
    assert!(fs::read(&other).unwrap() == good, "it was not written anew");
}

fn what_is_not_in_order_is_written_anew() {
    let scratch = Scratch::new("order");
    let good = scratch.without(&COMPILE);
    let file = scratch.keep();
    let content = fs::read(&file).unwrap();
    let mut damages: Vec<(String, Vec<u8>)> = Vec::new();
    for at in (0..CHECKSUM + 16)
        .step_by(12)
        .chain([START, content.len() / 2, content.len() - 1])
    {
        let mut damaged = content.clone();
        damaged[at] ^= 0x10;
        damages.push((format!("byte {at} is wrong"), damaged));
    }
    for length in [0, START - 1, content.len() / 2, content.len() - 1] {
        damages.push((format!("cut to {length}"), content[..length].to_vec()));
    }
    damages.push(("longer".into(), [content.as_slice(), b"more"].concat()));
    damages.push(("zeros".into(), vec![0; content.len()]));
    damages.push((
        "another release".into(),
        [b"gobt inflated 2\n", &content[16..]].concat(),
    ));
    damages.push(("no such file".into(), b"#!/bin/sh\n".to_vec()));
    for (what, damaged) in damages {
        fs::write(&file, damaged).unwrap();
        assert_eq!(scratch.compile(), good, "{what}");
        assert!(
            fs::read(&file).unwrap() == content,
            "{what}: it was not written anew"
        );
    }
    // Shorter than it says, with a checksum that is right.
    forge(&file, &content[START..content.len() - 100]);
    assert_eq!(scratch.compile(), good);
    assert!(fs::read(&file).unwrap() == content);
}

fn what_others_could_have_written_is_not_used() {
    let scratch = Scratch::new("others");
    let good = scratch.without(&COMPILE);
    let file = scratch.keep();
    let content = fs::read(&file).unwrap();
    let evil = |path: &Path| {
        fs::write(path, &content).unwrap();
        forge(path, &vec![0; content.len() - START]);
    };
    // Others may write to the file.
    evil(&file);
    assert_ne!(scratch.compile(), good, "the evil file has no effect");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o620)).unwrap();
    assert_eq!(scratch.compile(), good);
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o7777, 0o600, "replaced");
    // It is a symbolic link, or no file at all.
    let elsewhere = scratch.place.join("elsewhere");
    evil(&elsewhere);
    fs::remove_file(&file).unwrap();
    symlink(&elsewhere, &file).unwrap();
    assert_eq!(scratch.compile(), good);
    assert!(fs::symlink_metadata(&file).unwrap().is_file(), "replaced");
    fs::remove_file(&file).unwrap();
    assert!(Command::new("mkfifo").arg(&file).status().unwrap().success());
    assert_eq!(scratch.compile(), good, "a pipe without a writer");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    assert_eq!(scratch.compile(), good, "a directory");
    fs::remove_dir(&file).unwrap();
    // The directory is a symbolic link, or others may write to it, or to the one that it is in.
    let real = scratch.place.join("real");
    fs::rename(scratch.directory(), &real).unwrap();
    symlink(&real, scratch.directory()).unwrap();
    assert_eq!(scratch.compile(), good);
    assert_eq!(
        fs::read_dir(&real).unwrap().count(),
        0,
        "nothing is written through the link"
    );
    fs::remove_file(scratch.directory()).unwrap();
    for directory in [scratch.directory(), scratch.place.join("cache")] {
        scratch.keep();
        evil(&scratch.kept()[0].clone());
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(scratch.compile(), good, "{}", directory.display());
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).unwrap();
        fs::remove_dir_all(scratch.directory()).unwrap();
    }
}

fn nothing_is_said_where_nothing_can_be_kept() {
    let scratch = Scratch::new("nowhere");
    let good = scratch.without(&COMPILE);
    assert_eq!((good.err.as_str(), good.code), ("", 0));
    for place in ["/proc", "/dev/null", "relative", "", "/proc/1/nothing/there"] {
        assert_eq!(scratch.say_in(&COMPILE, Path::new(place)), good, "{place}");
    }
    assert!(!scratch.place.join("relative").exists());
    // A full disk, or a limit for files.
    let limited: Ran = Command::new("sh")
        .args([
            "-c",
            "ulimit -f 1000; trap '' XFSZ; exec \"$0\" compile recipe.gobt --bin app",
        ])
        .arg(GOBT)
        .current_dir(&scratch.place.0)
        .env("XDG_CACHE_HOME", scratch.place.join("cache"))
        .output()
        .unwrap()
        .into();
    assert_eq!(limited.out, good.out);
    assert!(scratch.kept().is_empty(), "a part is left");
}

fn several_at_once() {
    let scratch = Scratch::new("several");
    let good = scratch.without(&COMPILE);
    let cache = scratch.place.join("cache");
    for round in 0..3 {
        let _ = fs::remove_dir_all(scratch.directory());
        let running: Vec<_> = (0..6)
            .map(|_| {
                scratch
                    .command(&COMPILE, &cache)
                    .stdout(std::process::Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        if round == 1 {
            let _ = fs::remove_dir_all(scratch.directory());
        }
        for run in running {
            let output = run.wait_with_output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), good.out);
        }
        assert!(scratch.kept().len() <= 1);
    }
    assert_eq!(scratch.compile(), good);
}
