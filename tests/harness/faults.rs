//! Faults of the machine and of the harness, provoked: a trial that cannot run fails with the real reason, and is only skipped for
//! want of something that has a name.

use crate::support::bpftrace::in_root;
use crate::support::go::{self, Mode};
use crate::support::place::Place;
use crate::support::program::{Program, lines_of};
use crate::support::trial::{End, trial};
use crate::support::trouble::{all_said, need_root, not_fetched};
use crate::support::{Lack, Trouble};
use libtest_mimic::Trial;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// The trial of this binary that builds a Go program, and one that traces with 0.27.
pub(crate) const NEEDS_GO: &str = "the_prebuilt_example_is_what_its_source_builds";
pub(crate) const NEEDS_0_27: &str = "counts_under_0_27";

type Test = fn() -> Result<(), Trouble>;

pub(crate) fn trials() -> Vec<Trial> {
    let all: [(&str, Test); 9] = [
        ("only_a_lack_is_skipped_and_nowhere_in_ci", only_a_lack_is_skipped),
        ("a_go_that_cannot_fetch", a_go_that_cannot_fetch),
        ("a_bpftrace_that_says_nothing", a_bpftrace_that_says_nothing),
        ("a_root_whose_mounts_fail", a_root_whose_mounts_fail),
        ("a_container_whose_mounts_fail", a_container_whose_mounts_fail),
        ("a_crowded_mount_table", a_crowded_mount_table),
        ("no_rights_is_a_lack", no_rights_is_a_lack),
        ("mounts_do_not_nest", mounts_do_not_nest),
        ("no_mounts_are_left_behind", no_mounts_are_left_behind),
    ];
    all.into_iter()
        .map(|(name, test)| trial(format!("faults/{name}"), test))
        .collect()
}

fn only_a_lack_is_skipped() -> Result<(), Trouble> {
    let lack = || Err(Lack::Uprobes.into());
    let wrong = || Err(Trouble::Failed("wrong".into()));
    assert_eq!(End::of(Ok(()), true), End::Passed);
    assert_eq!(End::of(wrong(), false), End::Failed("wrong".into()));
    assert!(matches!(End::of(lack(), false), End::Skipped(why) if why.contains("uprobes")));
    assert!(matches!(End::of(lack(), true), End::Failed(why) if why.contains("uprobes")));
    let unreachable = "go: download go1.9: Get \"x\": dial tcp: lookup x: no such host";
    assert!(matches!(
        not_fetched("Go", unreachable),
        Trouble::Lacks(Lack::Network(_))
    ));
    for other in [
        "go: download go1.9 for linux/amd64: toolchain not available",
        "write: no space left on device after dial tcp",
        "",
    ] {
        assert!(matches!(not_fetched("Go", other), Trouble::Failed(why) if why.contains(other)));
    }
    Ok(())
}

/// What this binary says of one of its trials, on a machine that is to have everything or not.
struct Said {
    text: String,
    failed: bool,
}

impl Said {
    fn of(command: &mut Command, ci: bool) -> Result<Self, Trouble> {
        command.env_remove("CI").stdin(Stdio::null());
        if ci {
            command.env("CI", "true");
        }
        let output = command.output()?;
        Ok(Self {
            text: all_said(&output),
            failed: !output.status.success(),
        })
    }

    /// That the trial failed, with this reason among the words.
    #[track_caller]
    fn fails(&self, why: &str) {
        let last = "0 passed, 1 failed, 0 skipped";
        let all = [why, last].iter().all(|words| self.text.contains(words));
        assert!(self.failed && all, "no {why:?} in {}", self.text);
    }

    #[track_caller]
    fn skips(&self, why: &str) {
        let last = "0 passed, 0 failed, 1 skipped";
        let all = [why, last].iter().all(|words| self.text.contains(words));
        assert!(!self.failed && all, "no {why:?} in {}", self.text);
    }
}

/// This binary, asked for one trial.
fn only(name: &str) -> Result<Command, Trouble> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--exact", name]);
    Ok(command)
}

fn a_go_that_cannot_fetch() -> Result<(), Trouble> {
    let place = Place::new("no-go");
    let run = |words: &str, ci| {
        let go = place.file("go", format!("#!/bin/sh\necho '{words}' >&2\nexit 1\n"));
        fs::set_permissions(go, fs::Permissions::from_mode(0o755))?;
        let path = format!("{}:/usr/bin:/bin", place.0.display());
        Said::of(only(NEEDS_GO)?.env("PATH", path), ci)
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
    Said::of(only(NEEDS_0_27)?.env("GOBT_BPFTRACE", own), ci)
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
        .args(["--exact", NEEDS_0_27])
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
        .args(["--exact", NEEDS_0_27]);
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
