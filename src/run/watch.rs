//! What the kernel says of processes and probes while a run goes on.

use std::fs;
use std::os::fd::{FromRawFd as _, OwnedFd, RawFd};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// System calls that wait for events, in which bpftrace is when all its probes are there: `epoll_wait`, `epoll_pwait`,
/// `epoll_pwait2`.
#[cfg(target_arch = "x86_64")]
const WAITS: [&str; 3] = ["232", "281", "441"];
#[cfg(not(target_arch = "x86_64"))]
const WAITS: [&str; 2] = ["22", "441"];

/// System calls that write: `write`, `writev`.
#[cfg(target_arch = "x86_64")]
const WRITES: [&str; 2] = ["1", "20"];
#[cfg(not(target_arch = "x86_64"))]
const WRITES: [&str; 2] = ["64", "66"];

#[expect(
    clippy::disallowed_methods,
    reason = "a run watches the processes of the machine"
)]
fn read(path: &str) -> Option<String> {
    fs::read_to_string(path).ok()
}

/// The process waits for events.
pub(crate) fn waits_for_events(pid: u32) -> bool {
    is_in(pid, &WAITS)
}

/// The process waits for what it writes to be taken.
pub(crate) fn waits_to_write(pid: u32) -> bool {
    is_in(pid, &WRITES)
}

/// The process waits in one of these system calls.
fn is_in(pid: u32, calls: &[&str]) -> bool {
    read(&format!("/proc/{pid}/syscall")).is_some_and(|call| {
        let number = call.split_whitespace().next();
        number.is_some_and(|number| calls.contains(&number))
    })
}

/// The process is there, and no zombie.
pub(crate) fn is_alive(pid: u32) -> bool {
    let Some(stat) = read(&format!("/proc/{pid}/stat")) else {
        return false;
    };
    let state = stat
        .rsplit(')')
        .next()
        .and_then(|rest| rest.split_whitespace().next());
    !matches!(state, Some("Z" | "X"))
}

/// Nanoseconds since the machine started, as probes tell them.
pub(crate) fn since_start() -> u64 {
    use rustix::time::{ClockId, clock_gettime};
    let now = clock_gettime(ClockId::Boottime);
    let part = |n: i64| u64::try_from(n).unwrap_or(0);
    part(now.tv_sec) * 1_000_000_000 + part(now.tv_nsec)
}

/// The processes that run the file at this path, in whatever container, as far as they may be looked at; those that
/// have it in their memory if none runs it, which is a library then.
pub(crate) fn processes_of(path: &Path) -> Vec<u32> {
    use std::os::unix::fs::MetadataExt as _;
    let file = |path: &Path| fs::metadata(path).ok().map(|file| (file.dev(), file.ino()));
    let (Some(wanted), Ok(entries)) = (file(path), fs::read_dir("/proc")) else {
        return Vec::new();
    };
    let numbers = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut numbers: Vec<u32> = numbers.collect();
    numbers.sort_unstable();
    let runs_it = |pid: &u32| file(Path::new(&format!("/proc/{pid}/exe"))) == Some(wanted);
    let found: Vec<u32> = numbers.iter().copied().filter(runs_it).collect();
    if !found.is_empty() {
        return found;
    }
    let own = std::process::id();
    let has_it = |pid: &u32| *pid != own && code_of(*pid).iter().any(|path| file(path) == Some(wanted));
    numbers.into_iter().filter(has_it).collect()
}

/// The processes that run a file, or have a library.
#[derive(Clone, Debug)]
pub(crate) struct Users {
    path: PathBuf,
    known: Vec<u32>,
    /// Since when there is none.
    none_since: Option<Instant>,
}

/// A process that is started anew within this time goes on for the one that ended.
const UNTIL_STARTED_ANEW: Duration = Duration::from_secs(1);

impl Users {
    /// Those that are known to use it; nothing if there is none yet, since then all are still to come.
    pub(crate) fn known(path: &Path, known: &[u32]) -> Option<Self> {
        (!known.is_empty()).then(|| Self {
            path: path.to_owned(),
            known: known.to_vec(),
            none_since: None,
        })
    }

    /// There were several when there was one last.
    pub(crate) fn are_several(&self) -> bool {
        self.known.len() > 1
    }

    /// All have ended, and none was started since.
    pub(crate) fn have_ended(&mut self) -> bool {
        if !self.known.iter().any(|pid| is_alive(*pid)) {
            let found = processes_of(&self.path);
            if found.is_empty() {
                let since = *self.none_since.get_or_insert_with(Instant::now);
                return since.elapsed() >= UNTIL_STARTED_ANEW;
            }
            self.known = found;
        }
        self.none_since = None;
        false
    }
}

/// The files whose code a process has in its memory, as gobt reaches them.
pub(crate) fn code_of(pid: u32) -> Vec<PathBuf> {
    let maps = read(&format!("/proc/{pid}/maps")).unwrap_or_default();
    let mut found: Vec<PathBuf> = Vec::new();
    for line in maps.lines() {
        let mut words = line.splitn(6, ' ');
        let (Some(rights), Some(name)) = (words.nth(1), words.nth(3)) else {
            continue;
        };
        let name = name.trim_start();
        if rights.contains('x') && name.starts_with('/') {
            let path = PathBuf::from(format!("/proc/{pid}/root{name}"));
            if found.last() != Some(&path) {
                found.push(path);
            }
        }
    }
    found
}

/// What the programs that a process has loaded into the kernel have done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// How often they ran.
    pub(crate) runs: u64,
    /// For how long, all together.
    pub(crate) time: Duration,
}

/// The work of the kernel programs of a process, as far as the kernel counts it (`kernel.bpf_stats_enabled`).
pub(crate) fn work(pid: u32) -> Option<Work> {
    let mut work = Work::default();
    let mut found = false;
    for entry in fs::read_dir(format!("/proc/{pid}/fdinfo")).ok()?.flatten() {
        let Some(text) = read(&entry.path().to_string_lossy()) else {
            continue;
        };
        if !text.contains("prog_type:") {
            continue;
        }
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().parse::<u64>().ok()
        };
        if let (Some(runs), Some(time)) = (field("run_cnt:"), field("run_time_ns:")) {
            found = true;
            work.runs += runs;
            work.time += Duration::from_nanos(time);
        }
    }
    found.then_some(work)
}

/// Makes the kernel count what programs do, until it is dropped.
///
/// The kernel itself counts those that want it (`BPF_ENABLE_STATS`, Linux 5.8): several runs do not disturb each other,
/// and one that is killed leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Counting {
    /// What makes it count.
    wanted: Option<OwnedFd>,
    /// It counts, by whomever this was asked for.
    is_on: bool,
}

/// Command and argument of `bpf(2)`: `BPF_ENABLE_STATS`, `BPF_STATS_RUN_TIME`.
const ENABLE_STATS: libc::c_long = 32;
static RUN_TIME: u32 = 0;

impl Counting {
    /// Begins, where that is allowed.
    pub(crate) fn begin() -> Self {
        let wanted = enable_stats();
        let by_somebody_else = || read(COUNTING).is_some_and(|text| text.trim() != "0");
        Self {
            is_on: wanted.is_some() || by_somebody_else(),
            wanted,
        }
    }

    /// The kernel counts.
    pub(crate) fn is_on(&self) -> bool {
        self.is_on
    }

    /// It does so until the end of the run, whatever others do.
    pub(crate) fn is_ours(&self) -> bool {
        self.wanted.is_some()
    }
}

/// What an administrator switches it on with.
const COUNTING: &str = "/proc/sys/kernel/bpf_stats_enabled";

#[expect(unsafe_code, reason = "there is no safe interface to bpf(2)")]
fn enable_stats() -> Option<OwnedFd> {
    // SAFETY: the kernel reads four bytes, the size that is given, and gives a new descriptor, which nothing else owns.
    let made = unsafe { libc::syscall(libc::SYS_bpf, ENABLE_STATS, &raw const RUN_TIME, size_of::<u32>()) };
    let made = RawFd::try_from(made).ok().filter(|made| *made >= 0)?;
    // SAFETY: as above.
    Some(unsafe { OwnedFd::from_raw_fd(made) })
}
