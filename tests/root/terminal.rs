//! `gobt run` on a terminal: results in place, a terminal that changes its size, keys, and what stays at the end.

use crate::support::bpftrace::{Options, Release, usable};
use crate::support::go::{self, Mode};
use crate::support::program::{Program, spawn_fresh};
use crate::support::run::GOBT;
use crate::support::running::install;
use crate::support::suite::Suite;
use crate::support::trial::trial;
use crate::support::{Trouble, cache};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcgetattr, tcsetwinsize};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::num::NonZero;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// All of them.
pub fn suite() -> Suite {
    vec![trial("keys-and-sizes", keys_and_sizes)].into()
}

/// Calls of `fib(8)`: 2 * fib(9) - 1.
const CALLS: &str = "     67";

/// A terminal with what it shows.
pub struct Terminal {
    master: File,
    slave: File,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl Terminal {
    pub fn new() -> Result<Self, Trouble> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).map_err(std::io::Error::from)?;
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
        let terminal = Self {
            master,
            slave,
            screen,
        };
        terminal.resize(80, 24)?;
        let (mut reader, shown) = (terminal.master.try_clone()?, Arc::clone(&terminal.screen));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                shown.lock().unwrap().process(&bytes[..count]);
            }
        });
        Ok(terminal)
    }

    fn resize(&self, columns: u16, lines: u16) -> Result<(), Trouble> {
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
}

fn keys_and_sizes() -> Result<(), Trouble> {
    let release = Release::V0_27;
    usable(release)?;
    let built = go::build("storm", "1.27.3", Mode::Default)?;
    let place = cache().join("terminal");
    let executable = go::own_copy(&built, &place, "storm")?;
    let (bin, own) = (place.join("bin"), place.join("own"));
    fs::create_dir_all(&own)?;
    install(release, &bin, &[place.as_path(), own.as_path()])?;
    let mut program = Program::start(&executable, &["fib", "8"])?;
    let mut terminal = Terminal::new()?;
    let before = tcgetattr(&terminal.slave).map_err(std::io::Error::from)?;
    let mut command = Command::new("setsid");
    command
        .args(["--ctty", GOBT, "run", "-e", "count main.fib", "--bin"])
        .arg(&executable)
        .env("PATH", format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", bin.display()))
        .env("TMPDIR", &own)
        .env("TERM", "xterm")
        .stdin(terminal.slave.try_clone()?)
        .stdout(terminal.slave.try_clone()?)
        .stderr(terminal.slave.try_clone()?);
    let mut child = spawn_fresh(&mut command)?;
    terminal.awaits(|shown| {
        shown.contains("@count: calls of main.fib\n") && shown.contains("  count 0/s  lost 0")
    })?;
    program.go()?;
    program.done(Options::of(release).timeout)?;
    terminal.awaits(|shown| shown.lines().any(|line| line == CALLS))?;
    terminal.resize(16, 8)?;
    terminal.awaits(|shown| shown.contains("@count: calls o…\n") && !shown.contains("main.fib"))?;
    terminal.master.write_all(b"q")?;
    let asked = Instant::now();
    while child.try_wait()?.is_none() && asked.elapsed() < Duration::from_secs(10) {
        thread::sleep(Duration::from_millis(10));
    }
    let status = child.try_wait()?;
    let _ = child.kill();
    assert!(status.is_some_and(|status| status.success()), "{status:?}");
    terminal.awaits(|shown| shown.contains("ended after"))?;
    let shown = terminal.shows();
    assert!(shown.lines().any(|line| line == CALLS), "{shown}");
    assert!(!shown.contains("hits/s"), "{shown}");
    let after = tcgetattr(&terminal.slave).map_err(std::io::Error::from)?;
    assert_eq!(after.local_modes, before.local_modes);
    fs::remove_dir_all(&place)?;
    Ok(())
}
