//! Faults of the machine and of the harness, provoked: a trial that cannot run fails with the real reason, and is only
//! skipped for want of something that has a name.

use crate::support::Trouble;
use crate::support::bpftrace::in_root;
use crate::support::go::{self, Mode};
use crate::support::place::Place;
use crate::support::program::{Program, lines_of};
use crate::support::said::{Said, only};
use crate::support::suite::trials;
use crate::support::trial::Trial;
use crate::support::trouble::{all_said, need_root};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The trial of this binary that is asked for under all these circumstances.
const TRACES: &str = "harness/counts_under_0_27";

/// All trials.
pub fn trials() -> Vec<Trial> {
    trials![
        a_bpftrace_that_says_nothing,
        a_root_whose_mounts_fail,
        a_container_whose_mounts_fail,
        a_crowded_mount_table,
        no_rights_is_a_lack,
        mounts_do_not_nest,
        no_mounts_are_left_behind,
    ]
}

/// A root with nothing in it but the directories that are mounted on and the stub.
fn stub_root(place: &Path) -> Result<PathBuf, Trouble> {
    let root = place.join("root");
    for directory in ["proc", "sys", "dev", "tmp", "usr/bin"] {
        fs::create_dir_all(root.join(directory))?;
    }
    fs::copy(
        go::build("stub", "1.27.3", Mode::Default)?,
        root.join("usr/bin/env"),
    )?;
    Ok(root)
}

fn traced_in(root: &Path, ci: bool) -> Result<Said, Trouble> {
    let own = format!("0.27:{}", root.display());
    Said::of(only(TRACES)?.env("GOBT_BPFTRACE", own), ci)
}

fn a_bpftrace_that_says_nothing() -> Result<(), Trouble> {
    need_root()?;
    let place = Place::new("silent");
    let root = stub_root(&place.0)?;
    for ci in [false, true] {
        traced_in(&root, ci)?.fails("does not say `v0.27.`");
    }
    Ok(())
}

fn a_root_whose_mounts_fail() -> Result<(), Trouble> {
    need_root()?;
    let place = Place::new("unmountable");
    let root = stub_root(&place.0)?;
    fs::remove_dir(root.join("sys"))?;
    for ci in [false, true] {
        traced_in(&root, ci)?.fails("mount: ");
    }
    Ok(())
}

fn a_container_whose_mounts_fail() -> Result<(), Trouble> {
    need_root()?;
    let place = Place::new("container");
    let missing = place.join("missing");
    let started = Program::start_in_container::<&str>(&missing, &place.join("root"), &[]);
    let Err(Trouble::Failed(why)) = started else {
        return Err("a container without a program starts".into());
    };
    assert!(why.contains("mount: "), "{why}");
    Ok(())
}

/// As on a machine where others have taken all the mounts that there may be, in a namespace of its own.
fn a_crowded_mount_table() -> Result<(), Trouble> {
    need_root()?;
    // Each step doubles what is there, and what is left in the end is filled with the doubles, the largest first.
    const SCRIPT: &str = r#"
        set -e
        place=$1; shift
        mount -t tmpfs crowd "$place"
        step=0
        while [ $step -lt 24 ]; do
            step=$((step + 1)); mkdir "$place/$step"
            mount --rbind "$place" "$place/$step" 2>"$place/why" || break
        done
        while [ $step -gt 1 ]; do
            step=$((step - 1)); mkdir "$place/fill$step"
            mount --rbind "$place/$step" "$place/fill$step" 2>"$place/why" || true
        done
        exec "$@"
    "#;
    let place = Place::new("crowded");
    let crowd = place.join("crowd");
    fs::create_dir(&crowd)?;
    let root = stub_root(&place.0)?;
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "--propagation", "private", "sh", "-c", SCRIPT, "crowd"])
        .arg(&crowd)
        .arg(std::env::current_exe()?)
        .args(["--exact", TRACES])
        .env("GOBT_BPFTRACE", format!("0.27:{}", root.display()));
    Said::of(&mut command, false)?.fails("No space left on device");
    Ok(())
}

fn no_rights_is_a_lack() -> Result<(), Trouble> {
    need_root()?;
    let mut command = Command::new("setpriv");
    command
        .args(["--bounding-set=-sys_admin", "--inh-caps=-sys_admin"])
        .arg(std::env::current_exe()?)
        .args(["--exact", TRACES]);
    Said::of(&mut command, false)?.skips("CAP_SYS_ADMIN");
    Said::of(&mut command, true)?.fails("CAP_SYS_ADMIN");
    Ok(())
}

/// In a root that lies below a directory which others see too.
fn mounts_do_not_nest() -> Result<(), Trouble> {
    need_root()?;
    let place = Place::new("nesting");
    let root = stub_root(&place.0)?;
    for _ in 0..3 {
        let output = in_root(&root, &[&place.0], &[], &["--mounts".into()]).output()?;
        let said = all_said(&output);
        let mut points: Vec<&str> = said.lines().filter_map(|line| line.split(' ').nth(4)).collect();
        points.sort_unstable();
        let own = place.0.to_string_lossy();
        let wanted = [
            "/dev",
            "/proc",
            "/sys",
            "/sys/kernel/debug",
            "/sys/kernel/tracing",
            "/tmp",
            &*own,
        ];
        assert_eq!(points, wanted, "{said}");
    }
    assert_eq!(mounts_of(&place.0), 0);
    Ok(())
}

/// Also of a tracer that is killed.
fn no_mounts_are_left_behind() -> Result<(), Trouble> {
    need_root()?;
    let place = Place::new("killed");
    let root = stub_root(&place.0)?;
    let mut command = in_root(&root, &[&place.0], &[], &["--wait".into()]);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let line = lines_of(child.stdout.take()).recv_timeout(Duration::from_secs(30));
    child.kill()?;
    child.wait()?;
    assert_eq!(line.as_deref(), Ok("waiting"));
    assert_eq!(mounts_of(&place.0), 0);
    Ok(())
}

/// How many mounts on or below a directory everybody sees.
fn mounts_of(directory: &Path) -> usize {
    let table = fs::read_to_string("/proc/self/mountinfo").unwrap();
    let below = |line: &&str| {
        let point = line.split(' ').nth(4).unwrap_or_default();
        Path::new(point).starts_with(directory)
    };
    table.lines().filter(below).count()
}
