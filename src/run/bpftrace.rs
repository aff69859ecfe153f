//! bpftrace as a child process: its output line by line, its complaints, and its end.

use super::watch;
use rustix::process::{Signal, set_parent_process_death_signal};
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Added to the niceness of gobt and bpftrace: they wait where processors are busy.
const NICENESS: i32 = 5;
/// The nicest that there is.
const NICEST: i32 = 19;
/// That is done once.
static GIVES_WAY: Once = Once::new();
/// Lines that wait to be read; a reader that is slower makes bpftrace wait, and lose events, which it says.
const WAITING: usize = 4096;
/// Bytes of its output that it need not wait for.
const ROOM: usize = 1 << 20;
/// Its complaints, as far as they are kept.
const LONGEST_COMPLAINTS: usize = 64 * 1024;

/// A bpftrace that runs.
#[derive(Debug)]
pub(crate) struct Bpftrace {
    child: Child,
    lines: Option<Receiver<Vec<String>>>,
    complaints: Arc<Mutex<String>>,
    /// Reads them.
    listener: Option<JoinHandle<()>>,
    /// When it was asked to end, and whether it waited for events by then: 0.17 does not hear it before.
    asked: Option<(Instant, bool)>,
    /// It ends by itself, whenever that is.
    is_left: bool,
}

impl Bpftrace {
    /// Starts the script at this path.
    pub(crate) fn start(
        script: &Path,
        arguments: &[OsString],
        environment: &[(String, OsString)],
    ) -> io::Result<Self> {
        #[expect(clippy::disallowed_methods, reason = "a run is what bpftrace runs in")]
        let mut command = Command::new("bpftrace");
        command
            // Its warnings say that a map is full.
            .args(["-f", "json"])
            .args(arguments)
            .arg(script)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            // Its own group: a Ctrl-C is for gobt, which asks for the results and ends it then.
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        end_with_this(&mut command);
        // The traced program comes first; bpftrace inherits this.
        GIVES_WAY.call_once(give_way);
        let mut child = command.spawn()?;
        let (send, lines) = sync_channel(WAITING);
        if let Some(stdout) = child.stdout.take() {
            // It shall seldom have to wait.
            let _ = rustix::pipe::fcntl_setpipe_size(&stdout, ROOM);
            thread::spawn(move || read_lines(stdout, &send));
        }
        let complaints = Arc::new(Mutex::new(String::new()));
        let listener = child.stderr.take().map(|stderr| {
            let kept = Arc::clone(&complaints);
            thread::spawn(move || keep(stderr, &kept))
        });
        Ok(Self {
            child,
            lines: Some(lines),
            complaints,
            listener,
            asked: None,
            is_left: false,
        })
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Lines that it wrote, or nothing within this time.
    ///
    /// # Errors
    /// When it has ended, and all it wrote was read.
    pub(crate) fn lines(&self, within: Duration) -> Result<Vec<String>, Ended> {
        match self.lines.as_ref().map(|lines| lines.recv_timeout(within)) {
            Some(Ok(lines)) => Ok(lines),
            Some(Err(RecvTimeoutError::Timeout)) => Ok(Vec::new()),
            Some(Err(RecvTimeoutError::Disconnected)) | None => Err(Ended),
        }
    }

    /// What it complained of before it ended, as far as that comes within this time.
    pub(crate) fn complaints(&self, within: Duration) -> String {
        let until = Instant::now() + within;
        let is_heard = || self.listener.as_ref().is_none_or(JoinHandle::is_finished);
        while !is_heard() && Instant::now() < until {
            thread::sleep(Duration::from_millis(1));
        }
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Ok(pid) = i32::try_from(self.child.id())
            && let Some(pid) = rustix::process::Pid::from_raw(pid)
        {
            // It may have ended.
            let _ = rustix::process::kill_process(pid, signal);
        }
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to take its probes away and to end, again where it does not seem to have heard it.
    pub(crate) fn ask_to_end(&mut self) {
        let waits = || watch::waits_for_events(self.pid());
        let asks = match self.asked {
            None => true,
            Some((at, _)) if at.elapsed() < AGAIN => false,
            Some(_) => waits(),
        };
        if asks {
            self.asked = Some((Instant::now(), waits()));
            self.signal(rustix::process::Signal::INT);
        }
    }

    /// Asks it to end and waits for that, with its probes, for some time or until that is `enough`; says whether it has
    /// ended. If not it goes on with it by itself. It is never killed: Linux 6.18 leaves breakpoints in a program for
    /// good when a process is killed while it takes them away, since it writes no pages of others for it any more.
    pub(crate) fn end(&mut self, within: Duration, enough: &dyn Fn() -> bool) -> bool {
        // Nobody reads any more what it prints: it ends there.
        self.lines = None;
        let until = Instant::now() + within;
        while self.ended().is_none() {
            self.ask_to_end();
            let is_heard = matches!(self.asked, Some((_, true)));
            if (is_heard && enough()) || Instant::now() > until {
                self.is_left = true;
                return false;
            }
            thread::sleep(Duration::from_millis(5));
        }
        true
    }
}

/// Makes this process wait where processors are busy. A command that it has started before does not.
fn give_way() {
    let niceness = rustix::process::getpriority_process(None).unwrap_or(0);
    // Nothing is wrong without.
    let _ = rustix::process::setpriority_process(None, (niceness + NICENESS).min(NICEST));
}

/// The command is asked to end when this process has ended, whichever way: nobody else is left to do that. It is not
/// killed, see [`Bpftrace::end`].
#[expect(unsafe_code, reason = "it is told between fork and exec")]
fn end_with_this(command: &mut Command) {
    let told = || Ok(set_parent_process_death_signal(Some(Signal::INT))?);
    // SAFETY: the function does one system call, and touches no memory.
    unsafe {
        std::os::unix::process::CommandExt::pre_exec(command, told);
    }
}
/// It is asked to end again after this time if it still waits for events.
const AGAIN: Duration = Duration::from_millis(100);
/// How long nobody is told that it still ends.
const SHORT: Duration = Duration::from_secs(5);

impl Drop for Bpftrace {
    fn drop(&mut self) {
        if !self.is_left {
            self.end(SHORT, &|| false);
        }
    }
}

/// It has ended, and all it wrote was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended;

fn read_lines(stdout: impl Read, send: &SyncSender<Vec<String>>) {
    let mut reader = BufReader::with_capacity(1 << 18, stdout);
    loop {
        let mut batch = Vec::new();
        // What is at hand goes together.
        loop {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => {
                    let _ = send.send(batch);
                    return;
                }
                Ok(_) => batch.push(String::from_utf8_lossy(&line).into_owned()),
            }
            if batch.len() >= 512 || !reader.buffer().contains(&b'\n') {
                break;
            }
        }
        if send.send(batch).is_err() {
            return;
        }
    }
}

fn keep(mut stderr: impl Read, kept: &Mutex<String>) {
    let mut buffer = [0; 4096];
    while let Ok(count @ 1..) = stderr.read(&mut buffer) {
        let text = String::from_utf8_lossy(buffer.get(..count).unwrap_or_default());
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < LONGEST_COMPLAINTS {
            kept.push_str(&text);
        }
    }
}
