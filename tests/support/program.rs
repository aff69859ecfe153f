//! A traced program: it says `ready PID`, waits for `go`, works, tells the truth, says `done`, waits for `quit`.

use super::{Trouble, go};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// A value that a program reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// How often, or how much.
    Number(i128),
    /// A text.
    Text(String),
}

/// Everything that a program reported.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The truth, by name.
    pub truth: BTreeMap<String, Truth>,
    /// Every line of its standard output.
    pub said: Vec<String>,
}

/// A process that is traced.
#[derive(Clone, Debug)]
pub struct Traced {
    /// The process.
    pub pid: u32,
    /// The file that is traced: its executable, or a library that it loads.
    pub path: PathBuf,
}

/// A running program.
pub struct Program {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<String>,
    /// The process itself, where the child that was started is only what has put it into a container.
    inner: Option<u32>,
    path: PathBuf,
    account: Account,
    /// Whether it ended before it said `done`.
    ended: bool,
    /// It is to end in a crash.
    pub may_crash: bool,
}

impl Program {
    /// Starts the executable and waits until it is ready.
    pub fn start<S: AsRef<OsStr>>(path: &Path, arguments: &[S]) -> Result<Self, Trouble> {
        Self::start_as(go::command_of(path).args(arguments), path)
    }

    /// Starts it on one CPU.
    pub fn start_on_one_cpu<S: AsRef<OsStr>>(path: &Path, arguments: &[S]) -> Result<Self, Trouble> {
        Self::start_as(on_one_cpu(path)?.args(arguments), path)
    }

    /// Starts it in a container: processes and mounts are in namespaces of their own, and under `root`, which is the
    /// container's whole file system, the executable is `/app`: the same file, not a copy. It has one CPU.
    pub fn start_in_container<S: AsRef<OsStr>>(
        path: &Path,
        root: &Path,
        arguments: &[S],
    ) -> Result<Self, Trouble> {
        const SCRIPT: &str = r#"
            set -e
            path=$1; root=$2; shift 2
            mount -t tmpfs container "$root" 2>&1
            touch "$root/app"; mount --bind "$path" "$root/app" 2>&1
            exec chroot "$root" /app "$@"
        "#;
        fs::create_dir_all(root)?;
        let mut command = Command::new("unshare");
        command
            .args([
                "--mount",
                "--propagation",
                "private",
                "--pid",
                "--fork",
                "--kill-child",
            ])
            .args(["sh", "-c", SCRIPT, "container"])
            .args([path, root])
            .args(arguments);
        let mut program = Self::start_as(&mut command, path)?;
        program.inner = Some(only_child(program.child.id())?);
        Ok(program)
    }

    /// Starts it on one CPU or on all, and keeps from the terminal what it says on its standard error: it may crash.
    pub fn start_quietly<S: AsRef<OsStr>>(
        path: &Path,
        arguments: &[S],
        one_cpu: bool,
    ) -> Result<Self, Trouble> {
        let plain = if one_cpu {
            on_one_cpu(path)?
        } else {
            Command::new(path)
        };
        let mut command = Command::new("sh");
        command
            .args(["-c", "exec \"$@\" 2>/dev/null", "sh"])
            .arg(plain.get_program())
            .args(plain.get_args())
            .args(arguments)
            .envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        Self::start_as(&mut command, path)
    }

    fn start_as(command: &mut Command, path: &Path) -> Result<Self, Trouble> {
        let mut child =
            spawn(command).map_err(|error| format!("{} does not start: {error}", path.display()))?;
        let stdin = child.stdin.take();
        let lines = lines_of(child.stdout.take());
        let mut program = Self {
            child,
            stdin,
            lines,
            inner: None,
            path: path.to_owned(),
            account: Account::default(),
            ended: false,
            may_crash: false,
        };
        program.await_line("ready ", Duration::from_secs(60))?;
        if program.ended {
            let said = program.account.said.join("\n");
            return Err(format!("{} ended at once: {said}", path.display()).into());
        }
        Ok(program)
    }

    /// The data that a tracer needs.
    pub fn traced(&self) -> Traced {
        Traced {
            pid: self.inner.unwrap_or_else(|| self.child.id()),
            path: self.path.clone(),
        }
    }

    /// Lets it work.
    pub fn go(&mut self) -> Result<(), Trouble> {
        self.say("go")
    }

    /// Waits until it has done its work and reported the truth.
    pub fn done(&mut self, timeout: Duration) -> Result<(), Trouble> {
        self.await_line("done", timeout)?;
        if self.ended && !self.may_crash {
            let status = wait(&mut self.child, Duration::from_secs(20))?;
            return Err(Trouble::Failed(format!(
                "the traced program crashed ({status:?})"
            )));
        }
        Ok(())
    }

    /// Ends it, fails if it does not end well, and gives the truth.
    pub fn quit(self) -> Result<BTreeMap<String, Truth>, Trouble> {
        Ok(self.leave()?.truth)
    }

    /// The same, and gives everything that it reported.
    pub fn leave(mut self) -> Result<Account, Trouble> {
        let account = std::mem::take(&mut self.account);
        if self.ended {
            self.child.wait()?;
            return Ok(account);
        }
        self.say("quit")?;
        self.stdin = None;
        let status = wait(&mut self.child, Duration::from_secs(20))?;
        if status != Some(0) {
            return Err(Trouble::Failed(format!(
                "the traced program ended with {status:?}"
            )));
        }
        Ok(account)
    }

    fn say(&mut self, word: &str) -> Result<(), Trouble> {
        if let Some(stdin) = &mut self.stdin {
            stdin.write_all(format!("{word}\n").as_bytes())?;
            stdin.flush()?;
        }
        Ok(())
    }

    /// Reads until a line that begins with `wanted`, or until the program ends; keeps the truth on the way.
    fn await_line(&mut self, wanted: &str, timeout: Duration) -> Result<(), Trouble> {
        let deadline = Instant::now() + timeout;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let found = line.starts_with(wanted);
                    if !found {
                        self.keep(&line)?;
                    }
                    self.account.said.push(line);
                    if found {
                        return Ok(());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    self.ended = true;
                    return Ok(());
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(Trouble::Failed(format!(
                        "{} did not say `{wanted}` within {timeout:?}",
                        self.path.display()
                    )));
                }
            }
        }
    }

    fn keep(&mut self, line: &str) -> Result<(), Trouble> {
        let mut words = line.splitn(3, ' ');
        let (Some("truth"), Some(name), Some(value)) = (words.next(), words.next(), words.next()) else {
            return Ok(());
        };
        let value = match value.parse() {
            Ok(number) => Truth::Number(number),
            Err(_) => Truth::Text(
                unquote(value).ok_or_else(|| format!("the truth is neither number nor text: {line}"))?,
            ),
        };
        self.account.truth.insert(name.to_owned(), value);
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process that a process has started.
fn only_child(parent: u32) -> Result<u32, Trouble> {
    let first = children(parent)?.into_iter().next();
    first.ok_or_else(|| Trouble::Failed(format!("process {parent} has no child")))
}

/// The processes that a process has started.
pub fn children(parent: u32) -> Result<Vec<u32>, Trouble> {
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")?.flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
        let parents = status.lines().find_map(|line| line.strip_prefix("PPid:"));
        if parents.is_some_and(|found| found.trim() == parent.to_string()) {
            found.push(pid);
        }
    }
    Ok(found)
}

/// The command that runs an executable on one CPU, with as many of Go's threads as it would have on four.
pub fn on_one_cpu(path: &Path) -> Result<Command, Trouble> {
    let status = fs::read_to_string("/proc/self/status")?;
    let allowed = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first = allowed.unwrap_or("0").trim().split([',', '-']).next();
    let mut command = Command::new("taskset");
    command
        .args(["-c", first.unwrap_or("0")])
        .arg(path)
        .env("GOMAXPROCS", "4");
    Ok(command)
}

/// Starts a program that is spoken with.
fn spawn(command: &mut Command) -> io::Result<Child> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    spawn_fresh(command)
}

/// Starts a program whose file was written a moment ago. Another thread that starts a process at that moment hands it
/// the open file for a blink, and nobody can execute a file that is open for writing.
pub fn spawn_fresh(command: &mut Command) -> io::Result<Child> {
    let mut attempts = 0;
    loop {
        let started = command.spawn();
        match started {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy && attempts < 100 => {
                attempts += 1;
                thread::sleep(Duration::from_millis(10));
            }
            other => return other,
        }
    }
}

/// The lines of a stream, read by a thread so that waiting for one can end.
pub fn lines_of(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stream) = stream {
        thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let text = String::from_utf8_lossy(&line);
                if sender.send(text.trim_end_matches('\n').to_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
    }
    receiver
}

/// Waits for a process to end and gives its exit code (none if a signal ended it).
pub fn wait(child: &mut Child, timeout: Duration) -> Result<Option<i32>, Trouble> {
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Trouble::Failed(format!(
                "process {} did not end within {timeout:?}",
                child.id()
            )));
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// The text of a literal that Go's `strconv.QuoteToASCII` wrote.
pub fn unquote(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('"')?.strip_suffix('"')?;
    let mut bytes = Vec::new();
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        let (digits, whole) = match characters.next()? {
            'x' => (2, false),
            'u' => (4, true),
            'U' => (8, true),
            other => {
                bytes.push(match other {
                    'a' => 7,
                    'b' => 8,
                    'f' => 12,
                    'n' => b'\n',
                    'r' => b'\r',
                    't' => b'\t',
                    'v' => 11,
                    '\\' | '"' => other as u8,
                    _ => return None,
                });
                continue;
            }
        };
        let hex: String = characters.by_ref().take(digits).collect();
        let value = u32::from_str_radix(&hex, 16).ok()?;
        if whole {
            bytes.extend_from_slice(char::from_u32(value)?.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            bytes.push(u8::try_from(value).ok()?);
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
