//! Whether a trace can run here, what keeps it from that, and what to do about it.
//!
//! Which rights a trace needs was tried with each set of capabilities on Linux 6.18, with bpftrace 0.17, 0.23 and 0.27
//! (`setpriv --bounding-set`); `docs/running.md` has the table.

use crate::bt::dialect::Dialect;
use crate::target::load::Loaded;
use crate::target::{Program as _, Target};
use serde::Serialize;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

/// How good or bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// Something does not work, or not as well as it could.
    Warning,
    /// Nothing can be traced.
    Problem,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at, in a word.
    pub about: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What is so, and what follows from it.
    pub what: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Finding {
    fn new(about: &'static str, verdict: Verdict, what: impl Into<String>) -> Self {
        Self {
            about,
            verdict,
            what: what.into(),
            help: None,
        }
    }

    fn ok(about: &'static str, what: impl Into<String>) -> Self {
        Self::new(about, Verdict::Ok, what)
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// True if a trace would run.
#[must_use]
pub fn would_run(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.verdict != Verdict::Problem)
}

/// The bpftrace that is installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Installed {
    /// There is none on the path.
    Missing,
    /// It does not say a release that is known: what it says.
    Unknown(String),
    /// Of this release.
    Known(Dialect),
}

/// What of this machine and this user a trace needs.
#[must_use]
pub fn machine(bpftrace: &Installed) -> Vec<Finding> {
    let release = match bpftrace {
        Installed::Known(dialect) => Some(dialect.oldest),
        _ => None,
    };
    let kernel = kernel();
    let user = User::of_this_process();
    let mut found = vec![installed(bpftrace), user.may_trace(release)];
    found.push(uprobes());
    found.push(at_once(kernel, release, user));
    found.push(tracefs(release));
    found.push(types_of_kernel());
    found.extend(lockdown());
    found.extend(memory(kernel, user));
    found
}

fn installed(bpftrace: &Installed) -> Finding {
    const ABOUT: &str = "bpftrace";
    match bpftrace {
        Installed::Missing => Finding::new(ABOUT, Verdict::Problem, "there is no `bpftrace` on the path")
            .help("install it, for example: apt install bpftrace"),
        Installed::Unknown(said) => Finding::new(
            ABOUT,
            Verdict::Problem,
            format!("it does not say a release that gobt knows: `{}`", said.trim()),
        )
        .help(format!(
            "gobt works with bpftrace 0.{} to 0.{}",
            crate::bt::dialect::OLDEST,
            crate::bt::dialect::NEWEST
        )),
        Installed::Known(dialect) => Finding::ok(ABOUT, format!("release {}", dialect.range())),
    }
}

/// Capabilities, by their numbers (`linux/capability.h`).
const DAC_OVERRIDE: u32 = 1;
const DAC_READ_SEARCH: u32 = 2;
const IPC_LOCK: u32 = 14;
const SYS_PTRACE: u32 = 19;
const SYS_ADMIN: u32 = 21;
const SYS_RESOURCE: u32 = 24;
const PERFMON: u32 = 38;
const BPF: u32 = 39;

/// Who runs this, and what it may do.
#[derive(Clone, Copy, Debug)]
struct User {
    id: u32,
    capabilities: u64,
}

impl User {
    fn of_this_process() -> Self {
        let status = read("/proc/self/status").unwrap_or_default();
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
        let effective = field("CapEff:").and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
        let id = field("Uid:").and_then(|ids| ids.split_whitespace().nth(1)?.parse().ok());
        Self {
            id: id.unwrap_or(u32::MAX),
            capabilities: effective.unwrap_or(0),
        }
    }

    fn has(self, capability: u32) -> bool {
        self.capabilities >> capability & 1 == 1
    }

    /// Whether bpftrace of this release would start, and its probes be loaded.
    fn may_trace(self, release: Option<u32>) -> Finding {
        const ABOUT: &str = "rights";
        // 0.25 looks at capabilities instead (`src/run_bpftrace.cpp`).
        let old = release.is_none_or(|release| release < 25);
        let mut lacking = Vec::new();
        if !self.has(SYS_ADMIN) {
            lacking.extend((!self.has(BPF)).then_some("CAP_BPF"));
            lacking.extend((!self.has(PERFMON)).then_some("CAP_PERFMON"));
        }
        if self.id != 0 && !old {
            lacking.extend((!self.has(DAC_READ_SEARCH)).then_some("CAP_DAC_READ_SEARCH"));
            lacking.extend((!self.has(DAC_OVERRIDE)).then_some("CAP_DAC_OVERRIDE"));
        }
        let problem =
            |what: String| Finding::new(ABOUT, Verdict::Problem, what).help("run it as root: sudo gobt …");
        if self.id != 0 && old {
            return problem(format!(
                "bpftrace before 0.25 runs as root only, and this is user {}",
                self.id
            ));
        }
        if !lacking.is_empty() {
            return problem(format!("bpftrace needs {}", lacking.join(", ")));
        }
        if self.has(SYS_PTRACE) {
            Finding::ok(ABOUT, format!("user {} may trace", self.id))
        } else {
            Finding::new(
                ABOUT,
                Verdict::Warning,
                "without CAP_SYS_PTRACE the processes of other users cannot be looked at: neither checked, nor named in stacks",
            )
            .help("add CAP_SYS_PTRACE, or run it as root")
        }
    }
}

/// Buffers that probes write into may be larger than the kernel allows everybody (`perf_mmap`,
/// `kernel.perf_event_mlock_kb`).
pub(crate) fn may_have_large_buffers() -> bool {
    User::of_this_process().has(IPC_LOCK)
}

fn uprobes() -> Finding {
    const ABOUT: &str = "uprobes";
    if Path::new("/sys/bus/event_source/devices/uprobe").exists() {
        return Finding::ok(ABOUT, "the kernel has them");
    }
    Finding::new(
        ABOUT,
        Verdict::Problem,
        "the kernel has no uprobes, or hides them: /sys/bus/event_source/devices/uprobe is not there",
    )
    .help("a kernel with CONFIG_UPROBE_EVENTS, and in a container a readable /sys, is needed")
}

/// Whether many probes are attached as one.
fn at_once(kernel: Option<(u32, u32)>, release: Option<u32>, user: User) -> Finding {
    const ABOUT: &str = "many probes";
    let new_kernel = kernel.is_some_and(|kernel| kernel >= (6, 6));
    let new_release = release.is_none_or(|release| release >= 21);
    if new_kernel && new_release {
        let all = if user.has(SYS_ADMIN) {
            ""
        } else {
            ", by symbols (--sidecar) only: attaching by address needs CAP_SYS_ADMIN"
        };
        return Finding::ok(ABOUT, format!("are attached at once{all}"));
    }
    let what = if new_kernel {
        "this release of bpftrace attaches one after the other: hundreds take seconds, and detaching them a minute"
    } else {
        "this kernel attaches one after the other: hundreds take seconds, and detaching them a minute"
    };
    Finding::new(ABOUT, Verdict::Warning, what).help("Linux 6.6 and bpftrace 0.21 attach them at once")
}

/// Whether bpftrace finds the kernel's list of events (`src/symbols/kernel.cpp`, since 0.25), or could attach through
/// it.
fn tracefs(release: Option<u32>) -> Finding {
    const ABOUT: &str = "tracefs";
    // Others than root may not look into it.
    let mounts = read("/proc/self/mounts").unwrap_or_default();
    if mounts
        .lines()
        .any(|line| line.split(' ').nth(2) == Some("tracefs"))
    {
        return Finding::ok(ABOUT, "is mounted");
    }
    let (verdict, what) = if release.is_none_or(|release| release >= 25) {
        (
            Verdict::Problem,
            "is not mounted; bpftrace does not start without it",
        )
    } else {
        (
            Verdict::Warning,
            "is not mounted; without it, bpftrace needs CAP_SYS_ADMIN to attach by address",
        )
    };
    Finding::new(ABOUT, verdict, what).help("mount -t tracefs tracefs /sys/kernel/tracing")
}

fn types_of_kernel() -> Finding {
    const ABOUT: &str = "kernel types";
    if Path::new("/sys/kernel/btf/vmlinux").exists() {
        return Finding::ok(ABOUT, "/sys/kernel/btf/vmlinux is there");
    }
    Finding::new(
        ABOUT,
        Verdict::Warning,
        "/sys/kernel/btf/vmlinux is not there: the goroutine of assembly functions cannot be told",
    )
    .help("use a kernel with CONFIG_DEBUG_INFO_BTF")
}

fn lockdown() -> Option<Finding> {
    const ABOUT: &str = "lockdown";
    let text = read("/sys/kernel/security/lockdown").ok()?;
    let mode = text.split('[').nth(1)?.split(']').next()?;
    Some(match mode {
        "confidentiality" => Finding::new(
            ABOUT,
            Verdict::Problem,
            "the kernel is locked down for confidentiality: probes may not read memory",
        )
        .help("boot without lockdown=confidentiality; `integrity` is fine"),
        _ => Finding::ok(ABOUT, mode),
    })
}

/// The limit of locked memory counts on kernels before 5.11, where maps are locked memory.
fn memory(kernel: Option<(u32, u32)>, user: User) -> Option<Finding> {
    const ABOUT: &str = "locked memory";
    const ENOUGH: u64 = 64 << 20;
    let limits = read("/proc/self/limits").unwrap_or_default();
    let limit = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max locked memory"))
        .and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    let counts = kernel.is_some_and(|kernel| kernel < (5, 11));
    (counts && !user.has(SYS_RESOURCE) && limit.is_some_and(|limit| limit < ENOUGH)).then(|| {
        Finding::new(
            ABOUT,
            Verdict::Warning,
            "this kernel counts maps as locked memory, of which little is allowed",
        )
        .help("ulimit -l unlimited")
    })
}

/// What there is to say of a program that was opened, and of the process that it was opened for.
///
/// # Errors
/// Never: what is wrong with it is found.
#[must_use]
pub fn program(loaded: &Loaded, process: Option<u32>) -> Vec<Finding> {
    const ABOUT: &str = "program";
    let target = match Target::open(loaded) {
        Ok(target) => target,
        Err(problem) => {
            let help = problem.helps().collect::<Vec<_>>().join("; ");
            let finding = Finding::new(ABOUT, Verdict::Problem, problem.message.clone());
            return vec![if help.is_empty() {
                finding
            } else {
                finding.help(help)
            }];
        }
    };
    let identity = target.identity();
    let mut found = vec![Finding::ok(
        ABOUT,
        format!("{}, built by {}", identity.path, identity.go_version),
    )];
    found.push(match &identity.build_id {
        Some(id) => Finding::ok("build id", id.clone()),
        None => Finding::ok("build id", "none; builds are told apart by their code"),
    });
    found.push(if identity.has_types {
        Finding::ok("arguments", "are known by debug information")
    } else {
        Finding::new("arguments", Verdict::Warning, "are not known: there is no debug information")
            .help("build without -ldflags=-w or -s, or name its debug file with --debug-file; count and latency work without")
    });
    found.extend(loaded.notes().iter().map(|note| {
        Finding::new("file", Verdict::Warning, note.clone())
            .help("restart the process to trace the file that is there now")
    }));
    found.extend(process.into_iter().flat_map(namespaces));
    found
}

/// Whether a process is in a container.
fn namespaces(process: u32) -> Option<Finding> {
    let link = |who: &str, kind: &str| fs::read_link(format!("/proc/{who}/ns/{kind}")).ok();
    let process = process.to_string();
    let differs = |kind: &str| {
        let (own, its) = (link("self", kind), link(&process, kind));
        own.is_some() && its.is_some() && own != its
    };
    let apart: Vec<&str> = ["mnt", "pid", "user"]
        .into_iter()
        .filter(|kind| differs(kind))
        .collect();
    (!apart.is_empty()).then(|| {
        Finding::ok(
            "container",
            format!(
                "process {process} has namespaces of its own ({}); its file is reached through /proc/{process}/root",
                apart.join(", ")
            ),
        )
    })
}

/// The kernel's release: 6 and 18 of `6.18.3`.
pub(crate) fn kernel() -> Option<(u32, u32)> {
    let text = read("/proc/sys/kernel/osrelease").ok()?;
    let mut numbers = text.split(|c: char| !c.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[expect(clippy::disallowed_methods, reason = "the machine is looked at through files")]
fn read(path: &str) -> io::Result<String> {
    let mut text = String::new();
    fs::File::open(path)?.read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{BPF, DAC_OVERRIDE, DAC_READ_SEARCH, PERFMON, SYS_ADMIN, SYS_PTRACE, User, Verdict};

    #[test]
    fn rights() {
        let may = |id, capabilities: &[u32], release| {
            let bits = capabilities.iter().map(|bit| 1_u64 << bit).sum();
            let user = User {
                id,
                capabilities: bits,
            };
            user.may_trace(Some(release)).verdict
        };
        let all = [BPF, PERFMON, SYS_PTRACE];
        assert_eq!(may(0, &all, 23), Verdict::Ok);
        assert_eq!(may(0, &[BPF, PERFMON], 27), Verdict::Warning);
        assert_eq!(may(0, &[SYS_ADMIN, SYS_PTRACE], 17), Verdict::Ok);
        assert_eq!(may(0, &[BPF, SYS_PTRACE], 23), Verdict::Problem);
        assert_eq!(may(0, &[PERFMON, SYS_PTRACE], 27), Verdict::Problem);
        assert_eq!(may(1000, &all, 24), Verdict::Problem);
        assert_eq!(may(1000, &all, 25), Verdict::Problem);
        let more = [BPF, PERFMON, SYS_PTRACE, DAC_OVERRIDE, DAC_READ_SEARCH];
        assert_eq!(may(1000, &more, 25), Verdict::Ok);
        assert_eq!(may(1000, &more, 24), Verdict::Problem);
    }
}
