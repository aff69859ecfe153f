//! A command that waits, as the process that it will be, until it is told to go.

use rustix::process::{Signal, set_parent_process_death_signal};
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, Read as _, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A command that was given behind `--`.
#[derive(Debug)]
pub(super) struct Started {
    child: Child,
    gate: PathBuf,
    is_gone: bool,
}

/// What takes the command's output, line by line.
type Printer = Box<dyn Fn(&[u8]) + Send>;

impl Started {
    /// Makes the process, which waits at a gate in `directory`.
    ///
    /// With `is_printed` it does not have the terminal: what it prints has to be taken, by [`Self::print`].
    pub(super) fn prepare(
        directory: &Path,
        command: &OsStr,
        arguments: &[OsString],
        is_printed: bool,
    ) -> io::Result<Self> {
        let gate = directory.join("go");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &gate,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )?;
        let mut waiting = start(&std::env::current_exe()?);
        waiting
            .arg("wait-and-run")
            .arg(&gate)
            .arg("--")
            .arg(command)
            .args(arguments);
        if is_printed {
            waiting
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
        }
        Ok(Self {
            child: waiting.spawn()?,
            gate,
            is_gone: false,
        })
    }

    /// Gives what it prints to printers, one for each of its outputs.
    pub(super) fn print<P: Fn(&[u8]) + Send + 'static>(&mut self, printer: impl Fn() -> P) {
        if let Some(output) = self.child.stdout.take() {
            print_lines(output, Box::new(printer()));
        }
        if let Some(output) = self.child.stderr.take() {
            print_lines(output, Box::new(printer()));
        }
    }

    /// Lets it run.
    pub(super) fn go(&mut self) -> io::Result<()> {
        open_to_write(&self.gate)?.write_all(b"g")?;
        self.is_gone = true;
        Ok(())
    }

    /// Its exit code, if it has ended; 128 and more for a signal, as shells have it.
    pub(super) fn ended(&mut self) -> Option<i32> {
        let status = self.child.try_wait().ok().flatten()?;
        Some(
            status
                .code()
                .or_else(|| status.signal().map(|signal| 128 + signal))
                .unwrap_or(-1),
        )
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if self.child.try_wait().ok().flatten().is_some() {
            return;
        }
        if self.is_gone
            && let Some(pid) = i32::try_from(self.child.id())
                .ok()
                .and_then(rustix::process::Pid::from_raw)
        {
            // What was started for the run ends with it.
            let _ = rustix::process::kill_process(pid, Signal::TERM);
            for _ in 0..50 {
                if self.child.try_wait().ok().flatten().is_some() {
                    return;
                }
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn print_lines(output: impl io::Read + Send + 'static, printer: Printer) {
    std::thread::spawn(move || {
        let mut reader = io::BufReader::new(output);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            printer(&line);
            line.clear();
        }
    });
}

/// Waits at the gate, and becomes the command.
pub(super) fn wait_and_run(gate: &Path, command: &[OsString]) -> u8 {
    let failed = super::report::ENVIRONMENT;
    let Some((program, arguments)) = command.split_first() else {
        return failed;
    };
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    let mut told = [0];
    let may_go = open_to_read(gate).and_then(|mut gate| gate.read_exact(&mut told));
    if may_go.is_err() {
        return failed;
    }
    let _ = set_parent_process_death_signal(None);
    let error = start(Path::new(program)).args(arguments).exec();
    super::report::failure(&format!("`{}` cannot be run", program.to_string_lossy()), &error)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a run starts the command that it is given"
)]
fn start(program: &Path) -> Command {
    Command::new(program)
}

#[expect(clippy::disallowed_methods, reason = "a named pipe of the run's own")]
fn open_to_read(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::open(path)
}

fn open_to_write(path: &Path) -> io::Result<std::fs::File> {
    std::fs::File::options().write(true).open(path)
}

/// The file that a command is, as the shell finds it.
pub(super) fn find(command: &OsStr) -> Option<PathBuf> {
    let path = Path::new(command);
    if path.components().count() > 1 {
        return path.is_file().then(|| path.to_owned());
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "commands are found by the environment's path"
    )]
    let path = std::env::var("PATH").ok()?;
    let found = std::env::split_paths(&path).map(|directory| directory.join(command));
    found.into_iter().find(|file| file.is_file())
}
