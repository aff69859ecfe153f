//! Runs real bpftrace releases, each in a root of its own made by debootstrap, on traced programs.

use super::elf::{Layout, byte_at};
use super::program::{Program, Traced, lines_of, wait};
use super::trace::Trace;
use super::trouble::{all_said, need, need_root, not_fetched};
use super::{Lack, Trouble, cache, go, once};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A release of bpftrace, as one of Debian's suites has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Release {
    /// 0.17, of bookworm.
    V0_17,
    /// 0.23, of trixie.
    V0_23,
    /// 0.27, of sid.
    V0_27,
}

impl Release {
    /// All of them, oldest first.
    pub const ALL: [Self; 3] = [Self::V0_17, Self::V0_23, Self::V0_27];

    /// The number that `gobt compile --bpftrace` takes.
    pub const fn number(self) -> &'static str {
        match self {
            Self::V0_17 => "0.17",
            Self::V0_23 => "0.23",
            Self::V0_27 => "0.27",
        }
    }

    /// The number that scripts are made for: that of the bpftrace that stands in for this release, if one does.
    pub fn written_for(self) -> String {
        match own() {
            Some((number, _)) if self == Self::V0_27 => number,
            _ => self.number().to_owned(),
        }
    }

    /// The release of this number.
    pub fn numbered(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|release| release.number() == number)
    }

    /// Whether its scripts lose the first sample of a map's key, or of a histogram's bucket, that two CPUs create at
    /// the same moment (bpftrace's pull request 4074, released in 0.23.3, mends that; 0.17 is not as quick to give up).
    pub const fn loses_first_samples(self) -> bool {
        matches!(self, Self::V0_23)
    }

    const fn suite(self) -> &'static str {
        match self {
            Self::V0_17 => "bookworm",
            Self::V0_23 => "trixie",
            Self::V0_27 => "sid",
        }
    }
}

/// A bpftrace that replaces the newest of Debian's: `GOBT_BPFTRACE=0.25:/its/root` says its release and the directory
/// that holds it and all it needs. All scripts are then made for it, also those that name no release.
#[allow(
    clippy::disallowed_methods,
    reason = "the test is told by its environment what to run"
)]
pub fn own() -> Option<(String, PathBuf)> {
    let said = std::env::var("GOBT_BPFTRACE").ok()?;
    let (number, root) = said.split_once(':')?;
    Some((number.to_owned(), root.into()))
}

/// The directory that holds the release and all it needs, made on first use (a minute, from Debian's mirror).
pub fn root(release: Release) -> Result<PathBuf, Trouble> {
    if let (Release::V0_27, Some((_, root))) = (release, own()) {
        return Ok(root);
    }
    let home = cache().join("bpftrace");
    let root = home.join(release.suite());
    let done = || root.join("usr/bin/bpftrace").is_file().then(|| root.clone());
    once(&home.join(format!("{}.lock", release.suite())), done, || {
        need_debootstrap()?;
        let fresh = home.join(format!("{}.new", release.suite()));
        if fresh.exists() {
            fs::remove_dir_all(&fresh)?;
        }
        let output = Command::new("debootstrap")
            .args(["--variant=minbase", "--include=bpftrace", release.suite()])
            .arg(&fresh)
            // Its own mirror, and the script that all of Debian's newer suites share: an older debootstrap may not know
            // the suite.
            .args(["", "/usr/share/debootstrap/scripts/sid"])
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            let log = fs::read(fresh.join("debootstrap/debootstrap.log")).unwrap_or_default();
            let said = String::from_utf8_lossy(&log).into_owned() + &all_said(&output);
            return Err(not_fetched(
                &format!("a root of Debian's {}", release.suite()),
                &said,
            ));
        }
        fs::rename(&fresh, &root)?;
        Ok(root.clone())
    })
}

fn need_debootstrap() -> Result<(), Trouble> {
    if go::runs("debootstrap") || !go::runs("apt-get") {
        return need("debootstrap");
    }
    let mut said = String::new();
    for arguments in [
        &["update"][..],
        &["-y", "install", "debian-archive-keyring"],
        &["-y", "install", "debootstrap"],
    ] {
        let output = Command::new("apt-get")
            .arg("-qq")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .output()?;
        said.push_str(&all_said(&output));
    }
    if go::runs("debootstrap") {
        return Ok(());
    }
    Err(not_fetched("debootstrap", &said))
}

/// Checks once whether programs can be traced on this machine with this release.
pub fn usable(release: Release) -> Result<(), Trouble> {
    static ANSWERS: Mutex<Vec<(Release, Result<(), Trouble>)>> = Mutex::new(Vec::new());
    let mut answers = ANSWERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, answer)) = answers.iter().find(|(known, _)| *known == release) {
        return answer.clone();
    }
    let answer = try_it(release);
    answers.push((release, answer.clone()));
    answer
}

fn try_it(release: Release) -> Result<(), Trouble> {
    need_root()?;
    if !Path::new("/sys/bus/event_source/devices/uprobe").exists() {
        return Err(Lack::Uprobes.into());
    }
    works(&root(release)?, &release.written_for())
}

/// Checks that the bpftrace in a root is of this release and runs a script. Errors have the output of bpftrace, `mount`
/// and `chroot`.
pub fn works(root: &Path, number: &str) -> Result<(), Trouble> {
    let ask = |arguments: &[&str], wanted: &str| {
        let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
        let output = in_root(root, &[], &[], &arguments).output()?;
        if output.status.success() && String::from_utf8_lossy(&output.stdout).contains(wanted) {
            return Ok(());
        }
        Err(Trouble::Failed(format!(
            "`bpftrace {}` in {} ends with {} and does not say `{wanted}`, but: {:?}",
            arguments.join(" "),
            root.display(),
            output.status,
            all_said(&output).trim(),
        )))
    };
    ask(&["--version"], &format!("v{number}."))?;
    ask(&["-e", "BEGIN { printf(\"begun\\n\"); exit(); }"], "begun")
}

/// The command `bpftrace ARGUMENTS` inside a root, with `visible` directories at the paths they have outside. The
/// mounts are those of a namespace of its own: they end with the command and are seen by nobody else.
///
/// None of them takes along what is mounted below it: a root may itself lie below a directory that is bound into it,
/// and a directory may hold any number of other mounts.
pub fn in_root(root: &Path, visible: &[&Path], environment: &[String], arguments: &[String]) -> Command {
    const SCRIPT: &str = r#"
        set -e
        root=$1; count=$2; shift 2
        for place in /proc /sys /dev; do mount --bind "$place" "$root$place"; done
        mount -t tmpfs tmpfs "$root/tmp"
        mount -t tracefs tracefs "$root/sys/kernel/tracing"
        mount -t debugfs debugfs "$root/sys/kernel/debug"
        while [ "$count" -gt 0 ]; do
            mkdir -p "$root$1"; mount --bind "$1" "$root$1"
            shift; count=$((count - 1))
        done
        exec chroot "$root" /usr/bin/env -C /tmp "$@"
    "#;
    let mut command = Command::new("unshare");
    command
        .args([
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            SCRIPT,
            "bpftrace-root",
        ])
        .arg(root)
        .arg(visible.len().to_string())
        .args(visible)
        .args(environment)
        .arg("/usr/bin/bpftrace")
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null());
    command
}

/// A warning that belongs to `--unsafe`, without which nothing can be probed by its place in the file.
pub const STRIPPED: &str = "(binary appears stripped)";

/// Options of a run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which bpftrace.
    pub release: Release,
    /// Further arguments of bpftrace, besides those that the script's own header asks for.
    pub arguments: Vec<String>,
    /// Further variables of its environment, as `NAME=VALUE`.
    pub environment: Vec<String>,
    /// The longest time that the traced programs may work.
    pub timeout: Duration,
    /// Substrings that make a line of the standard error harmless.
    pub harmless: Vec<String>,
    /// The script ends by itself.
    pub ends_itself: bool,
}

impl Options {
    /// The default options.
    pub fn of(release: Release) -> Self {
        Self {
            release,
            arguments: Vec::new(),
            environment: Vec::new(),
            timeout: Duration::from_secs(90),
            harmless: Vec::new(),
            ends_itself: false,
        }
    }
}

/// A running bpftrace.
pub struct Bpftrace {
    child: Child,
    stdout: Receiver<String>,
    stderr: Receiver<String>,
    /// The part of `stdout` that was read already.
    printed: Vec<String>,
}

impl Bpftrace {
    /// Runs the script beside programs that are ready: waits until its probes are in their code, lets them work, ends
    /// the trace when all are done, and gives what it printed. Warnings, errors and lost events are failures.
    pub fn run(script: &Path, programs: &mut [Program], options: &Options) -> Result<Trace, Trouble> {
        let text = fs::read_to_string(script)?;
        let traced: Vec<Traced> = programs.iter().map(|program| program.traced()).collect();
        let mut tracer = Self::start(script, &text, &traced, options)?;
        tracer.await_probes(&text, &traced)?;
        for program in programs.iter_mut() {
            program.go()?;
        }
        for program in programs.iter_mut() {
            program.done(options.timeout)?;
        }
        let trace = tracer.finish(options)?;
        trace
            .complaints(&options.harmless)
            .map_or(Ok(trace), |why| Err(why.into()))
    }

    /// Attaches the script's probes and ends, to see whether a release accepts a script.
    pub fn dry_run(script: &Path, program: &Path, options: &Options) -> Result<Trace, Trouble> {
        usable(options.release)?;
        let root = root(options.release)?;
        let (environment, mut arguments) = wanted_by(&fs::read_to_string(script)?);
        // 0.17 can only compile the script without attaching it.
        let old = options.release == Release::V0_17;
        arguments.push(if old { "-d" } else { "--dry-run" }.into());
        arguments.push(script.display().to_string());
        let output = in_root(&root, &directories(script, [program]), &environment, &arguments).output()?;
        let trace = Trace::of(&lossy_lines(&output.stdout), &lossy_lines(&output.stderr));
        if !output.status.success() {
            return Err(Trouble::Failed(trace.stderr.join("\n")));
        }
        trace
            .complaints(&options.harmless)
            .map_or(Ok(trace), |why| Err(why.into()))
    }

    /// Starts bpftrace.
    pub fn start(script: &Path, text: &str, programs: &[Traced], options: &Options) -> Result<Self, Trouble> {
        usable(options.release)?;
        let root = root(options.release)?;
        let (mut environment, mut arguments) = wanted_by(text);
        environment.extend(options.environment.iter().cloned());
        arguments.extend(options.arguments.iter().cloned());
        arguments.push(script.display().to_string());
        let visible = directories(script, programs.iter().map(|program| program.path.as_path()));
        let mut child = in_root(&root, &visible, &environment, &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let stdout = lines_of(child.stdout.take());
        let stderr = lines_of(child.stderr.take());
        Ok(Self {
            child,
            stdout,
            stderr,
            printed: Vec::new(),
        })
    }

    /// Waits until every address that the script names is a breakpoint in every program, and bpftrace waits for events.
    ///
    /// bpftrace says that it attaches before it does, and the kernel sets a breakpoint some milliseconds before the
    /// probe's program is tied to it: calls in between would go unseen.
    pub fn await_probes(&mut self, script: &str, programs: &[Traced]) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(120);
        for program in programs {
            let mut places = memory_of(script, program)?;
            while !places.is_empty() {
                let mut memory = File::open(format!("/proc/{}/mem", program.pid))?;
                places.retain(|&(address, before)| {
                    !byte_at(&mut memory, address).is_ok_and(|byte| byte == BREAKPOINT && byte != before)
                });
                let what = format!("{} probes are not in {}", places.len(), program.path.display());
                self.still_starting(deadline, &what)?;
            }
        }
        self.await_events()
    }

    /// Waits until bpftrace waits for events, which it does when it has attached its probes.
    pub fn await_events(&mut self) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(120);
        while !self.polls() {
            self.still_starting(deadline, "it does not wait for events")?;
        }
        Ok(())
    }

    /// A pause, unless bpftrace has ended or takes too long.
    fn still_starting(&mut self, deadline: Instant, what: &str) -> Result<(), Trouble> {
        thread::sleep(Duration::from_millis(5));
        if self.child.try_wait()?.is_none() && Instant::now() < deadline {
            return Ok(());
        }
        let _ = self.child.kill();
        let said: Vec<String> = self.stderr.iter().chain(self.stdout.iter()).collect();
        Err(Trouble::Failed(format!(
            "bpftrace did not start, {what}:\n{}",
            said.join("\n")
        )))
    }

    /// Whether bpftrace has come to its event loop: it is inside `epoll_wait` or `epoll_pwait`.
    fn polls(&self) -> bool {
        is_waiting(self.child.id())
    }

    /// Waits until nothing more is printed: what is still on its way to bpftrace when it is interrupted can be lost.
    fn settle(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            match self.stdout.recv_timeout(Duration::from_millis(150)) {
                Ok(line) => self.printed.push(line),
                Err(_) => break,
            }
        }
    }

    /// Presses Ctrl-C; under 0.17 again after a while, since it overlooks a signal that comes when it is not waiting
    /// for events (`BPFtrace::poll_perf_events` in its `src/bpftrace.cpp`).
    fn interrupt(&mut self, release: Release) -> Result<(), Trouble> {
        let pid = self.child.id().to_string();
        let presses = if release == Release::V0_17 { 6 } else { 1 };
        for _ in 0..presses {
            Command::new("kill").args(["-INT", &pid]).status()?;
            let again = Instant::now() + Duration::from_secs(10);
            while presses > 1 && Instant::now() < again {
                if self.child.try_wait()?.is_some() {
                    return Ok(());
                }
                thread::sleep(Duration::from_millis(20));
            }
        }
        Ok(())
    }

    /// Ends the trace (or waits until it ends itself) and reads everything it printed.
    pub fn finish(mut self, options: &Options) -> Result<Trace, Trouble> {
        if !options.ends_itself {
            self.settle();
            if self.child.try_wait()?.is_some() {
                let said: Vec<String> = self.stderr.iter().chain(self.stdout.iter()).collect();
                return Err(Trouble::Failed(format!(
                    "bpftrace ended by itself:\n{}",
                    said.join("\n")
                )));
            }
            self.interrupt(options.release)?;
        }
        let code = wait(&mut self.child, Duration::from_secs(120))?;
        let mut stdout = std::mem::take(&mut self.printed);
        stdout.extend(self.stdout.iter());
        let stderr: Vec<String> = self.stderr.iter().collect();
        if code != Some(0) {
            return Err(Trouble::Failed(format!(
                "bpftrace ended with {code:?}:\n{}",
                stderr.join("\n")
            )));
        }
        Ok(Trace::of(&stdout, &stderr))
    }
}

/// Whether a process is inside `epoll_wait` or `epoll_pwait`, as bpftrace is when its probes are there.
pub fn is_waiting(pid: u32) -> bool {
    let call = fs::read_to_string(format!("/proc/{pid}/syscall")).unwrap_or_default();
    call.starts_with("232 ") || call.starts_with("281 ")
}

impl Drop for Bpftrace {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// x86's `int3`, which the kernel puts where a uprobe is.
const BREAKPOINT: u8 = 0xcc;

/// Whether every address that the script names is a breakpoint in the program, whoever put it there.
pub fn breakpoints_are_in(script: &str, program: &Traced) -> Result<bool, Trouble> {
    let mut memory = File::open(format!("/proc/{}/mem", program.pid))?;
    let set = |&(address, _): &(u64, u8)| byte_at(&mut memory, address).is_ok_and(|byte| byte == BREAKPOINT);
    Ok(memory_of(script, program)?.iter().all(set))
}

/// The addresses in the program's memory that the script puts probes on, with the byte that the file has there.
fn memory_of(script: &str, program: &Traced) -> Result<Vec<(u64, u8)>, Trouble> {
    let path = program.path.as_path();
    let layout = Layout::of(path)?;
    let base = layout.base(program.pid, path)?;
    let mut file = File::open(path)?;
    let mut places = Vec::new();
    for (number, in_file) in numbers(script) {
        let place = layout
            .place(number, in_file)
            .ok_or_else(|| format!("{number:#x} is not in the code of {}", path.display()))?;
        places.push((place.address + base, byte_at(&mut file, place.offset)?));
    }
    if places.is_empty() {
        return Err(Trouble::Failed("the script has no uprobe at an address".into()));
    }
    Ok(places)
}

/// The numbers N of the attach points `uprobe:PATH:0xN` of a script.
pub fn addresses(script: &str) -> BTreeSet<u64> {
    numbers(script).into_iter().map(|(number, _)| number).collect()
}

/// The numbers N of the attach points `uprobe:PATH:0xN` of a script, and whether it says that they are places in the
/// file.
fn numbers(script: &str) -> BTreeSet<(u64, bool)> {
    script
        .lines()
        .filter_map(|line| {
            let point = line.trim_start().strip_prefix("uprobe:");
            // Those of attach points by symbols stand in the comment above.
            let listed = line.strip_prefix("//     0x");
            listed.or_else(|| point?.rsplit(":0x").next())
        })
        .filter_map(|digits| {
            let end = digits
                .find(|c: char| !c.is_ascii_hexdigit())
                .unwrap_or(digits.len());
            let number = u64::from_str_radix(&digits[..end], 16).ok()?;
            Some((number, digits.contains("(in file)")))
        })
        .collect()
}

/// The environment and arguments that a script's header says it is to be run with:
/// `Run as root:  A=1 bpftrace -x FILE`.
fn wanted_by(script: &str) -> (Vec<String>, Vec<String>) {
    let Some(command) = script.lines().find_map(|line| line.split_once("Run as root:")) else {
        return (Vec::new(), Vec::new());
    };
    let mut words = command.1.split_whitespace().map(str::to_owned);
    let environment = words.by_ref().take_while(|word| word != "bpftrace").collect();
    let arguments = words.take_while(|word| word.starts_with('-')).collect();
    (environment, arguments)
}

/// The directories of these files, each once.
fn directories<'a>(script: &'a Path, programs: impl IntoIterator<Item = &'a Path>) -> Vec<&'a Path> {
    let all: BTreeSet<&Path> = programs
        .into_iter()
        .chain([script])
        .filter_map(Path::parent)
        .collect();
    all.into_iter().collect()
}

fn lossy_lines(bytes: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(bytes)
        .lines()
        .map(str::to_owned)
        .collect()
}
