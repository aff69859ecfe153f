//! Files of `--save` on a disk that is full: the answer is shown all the same, and nothing half is left.

use super::{Running, Scene};
use crate::support::Trouble;
use crate::support::bpftrace::Release;
use crate::support::go::{self, Mode};
use crate::support::program::Program;
use crate::support::run::GOBT;
use crate::support::trial::{Trial, trial};
use crate::support::trouble::need_root;
use std::fs;
use std::process::Command;
use std::time::Duration;

/// All trials.
pub fn trials() -> Vec<Trial> {
    vec![trial("full-disk", full_disk)]
}

fn full_disk() -> Result<(), Trouble> {
    need_root()?;
    let release = Release::V0_27;
    let scene = Scene::new("full", release, &go::build("storm", "1.27.3", Mode::Default)?)?;
    let mut traced = Program::start(&scene.executable, &["fib", "12"])?;
    let disk = scene.place.join("disk");
    fs::create_dir(&disk)?;
    let script = r#"mount -t tmpfs -o size=16k none "$1" || exit 77
        head -c 8k /dev/zero > "$1/rest"; "$2" run -e 'trace main.fib' -e 'count main.fib' --pid "$3" \
            --save "$1/a.txt" --save "$1/a.json" --save "$1/a.csv" --save "$1/a.rec"
        code=$?; ls -A "$1" >&2; exit $code"#;
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "sh", "-c", script, "sh"])
        .arg(&disk)
        .args([GOBT, &traced.traced().pid.to_string()]);
    scene.surround(&mut command);
    let mut running = Running::of(&mut command)?;
    running.traces()?;
    traced.go()?;
    traced.done(Duration::from_secs(60))?;
    traced.quit()?;
    let ended = running.ends()?;
    let (out, err) = (ended.out.join("\n"), ended.err.join("\n"));
    assert_eq!(ended.status.code(), Some(2), "{}", ended.text());
    // Calls of `fib(12)`: 2 * fib(13) - 1, a line for each and for each return.
    assert!(ended.out.iter().any(|line| line.trim() == "465"), "{out}");
    assert_eq!(
        ended
            .out
            .iter()
            .filter(|line| line.contains(" main.fib "))
            .count(),
        2 * 465,
        "{err}"
    );
    assert!(err.contains("no storage space"), "{err}");
    assert_eq!(ended.err.last().map(String::as_str), Some("rest"), "{err}");
    scene.is_clean(None)
}
