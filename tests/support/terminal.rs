//! A terminal for a program that is started on it, with what it shows.

use super::Trouble;
use super::program::spawn_fresh;
use super::run::{GOBT, Running};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// A terminal with what it shows.
pub struct Terminal {
    master: File,
    slave: File,
    screen: Arc<Mutex<vt100::Parser>>,
    is_over: Arc<AtomicBool>,
    reader: JoinHandle<()>,
}

impl Terminal {
    pub fn new() -> Result<Self, Trouble> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .map_err(std::io::Error::from)?;
        grantpt(&master).map_err(std::io::Error::from)?;
        unlockpt(&master).map_err(std::io::Error::from)?;
        let name = ptsname(&master, Vec::new()).map_err(std::io::Error::from)?;
        let slave = File::options()
            .read(true)
            .write(true)
            .open(name.to_str().unwrap())?;
        let master = File::from(master);
        let (lines, columns) = (NonZero::new(24).unwrap(), NonZero::new(80).unwrap());
        let screen = Arc::new(Mutex::new(vt100::Parser::new(lines, columns, 1000)));
        let is_over = Arc::new(AtomicBool::new(false));
        let (mut from, shown, until) = (master.try_clone()?, Arc::clone(&screen), Arc::clone(&is_over));
        let reader = thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = from.read(&mut bytes) {
                if until.load(Ordering::SeqCst) {
                    break;
                }
                shown.lock().unwrap().process(&bytes[..count]);
            }
        });
        let terminal = Self {
            master,
            slave,
            screen,
            is_over,
            reader,
        };
        terminal.resize(80, 24)?;
        Ok(terminal)
    }

    /// Takes it away from those that talk with it.
    pub fn vanish(mut self) -> Result<(), Trouble> {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the reader, which has the other end too.
        self.slave.write_all(b" ")?;
        self.reader.join().map_err(|_| "the reader ended early")?;
        Ok(())
    }

    pub fn resize(&self, columns: u16, lines: u16) -> Result<(), Trouble> {
        let size = Winsize {
            ws_row: lines,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        let (lines, columns) = (NonZero::new(lines).unwrap(), NonZero::new(columns).unwrap());
        self.screen.lock().unwrap().screen_mut().set_size(lines, columns);
        tcsetwinsize(&self.master, size).map_err(std::io::Error::from)?;
        Ok(())
    }

    /// What a program that is started on it reads and writes.
    pub fn slave(&self) -> Result<File, Trouble> {
        Ok(self.slave.try_clone()?)
    }

    pub fn shows(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// Waits until it shows this.
    pub fn awaits(&self, what: impl Fn(&str) -> bool) -> Result<(), Trouble> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !what(&self.shows()) {
            if Instant::now() > deadline {
                return Err(Trouble::Failed(format!("the terminal shows:\n{}", self.shows())));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) -> Result<(), Trouble> {
        Ok(self.master.write_all(keys.as_bytes())?)
    }

    /// How it takes keys.
    pub fn modes(&self) -> Result<LocalModes, Trouble> {
        Ok(tcgetattr(&self.slave).map_err(std::io::Error::from)?.local_modes)
    }

    /// It shows another screen than the one that scrolls.
    pub fn is_alternate(&self) -> bool {
        self.screen.lock().unwrap().screen().alternate_screen()
    }

    /// Some cell has a colour.
    pub fn is_colored(&self) -> bool {
        let screen = self.screen.lock().unwrap();
        let (lines, columns) = screen.screen().size();
        let cells = (0..lines.get()).flat_map(|line| (0..columns.get()).map(move |column| (line, column)));
        let mut cells = cells.filter_map(|(line, column)| screen.screen().cell(line, column));
        cells.any(|cell| cell.fgcolor() != vt100::Color::Default)
    }

    /// `gobt ARGUMENTS`, which talks with it.
    pub fn gobt(&self, arguments: &[impl AsRef<OsStr>]) -> Result<Command, Trouble> {
        let mut command = Command::new("setsid");
        command
            .args(["--ctty", GOBT])
            .args(arguments)
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(self.slave()?)
            .stdout(self.slave()?)
            .stderr(self.slave()?);
        Ok(command)
    }
}

/// Starts a command that is ended with the test.
pub fn start(command: &mut Command) -> Result<Running, Trouble> {
    Ok(Running(spawn_fresh(command)?))
}

/// Waits a while for its end.
pub fn ended(running: &mut Running) -> Result<Option<ExitStatus>, Trouble> {
    let asked = Instant::now();
    loop {
        let status = running.0.try_wait()?;
        if status.is_some() || asked.elapsed() > Duration::from_secs(10) {
            return Ok(status);
        }
        thread::sleep(Duration::from_millis(10));
    }
}
