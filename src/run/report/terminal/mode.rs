//! The terminal gives keys as they are pressed, without showing them, until this is dropped. Ctrl-C and Ctrl-Z stay
//! what they are, and output of others too.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};
use std::fs::File;
use std::io::{self, IsTerminal as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// The terminal that keys come from.
#[derive(Debug)]
pub(super) struct Mode {
    terminal: OwnedFd,
    before: Termios,
}

impl Mode {
    /// Takes the terminal, if this process is the one that it talks with.
    pub(super) fn begin() -> Option<Self> {
        let terminal = terminal()?;
        if !is_ours(terminal.as_fd()) {
            return None;
        }
        let before = tcgetattr(&terminal).ok()?;
        let mode = Self { terminal, before };
        mode.set();
        Some(mode)
    }

    /// Takes it again, after somebody else had it.
    pub(super) fn again(&mut self) {
        if is_ours(self.terminal.as_fd()) {
            self.set();
        }
    }

    /// Gives the terminal as it was, until it is taken again.
    pub(super) fn leave(&mut self) {
        // Somebody in the background would be stopped for it.
        if is_ours(self.terminal.as_fd()) {
            let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        }
    }

    /// Waits until the terminal has something to read, but not longer than this.
    pub(super) fn wait(&self, period: Duration) -> Waited {
        let mut terminal = [PollFd::new(&self.terminal, PollFlags::IN)];
        let period = Timespec::try_from(period).ok();
        if poll(&mut terminal, period.as_ref()).is_err() {
            return Waited::Nothing;
        }
        let [terminal] = terminal;
        let found = terminal.revents();
        if found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            Waited::Gone
        } else if found.contains(PollFlags::IN) {
            Waited::Keys
        } else {
            Waited::Nothing
        }
    }

    fn set(&self) {
        let mut wanted = self.before.clone();
        wanted.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &wanted);
    }
}

/// What waiting for keys came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waited {
    Keys,
    Nothing,
    /// There is no terminal any more.
    Gone,
}

impl Drop for Mode {
    fn drop(&mut self) {
        self.leave();
    }
}

/// The terminal that crossterm reads from: standard input, or that of the session.
fn terminal() -> Option<OwnedFd> {
    let input = io::stdin();
    if input.is_terminal() {
        return input.as_fd().try_clone_to_owned().ok();
    }
    let file = File::options().read(true).write(true).open("/dev/tty");
    file.ok().map(OwnedFd::from)
}

/// This process is in the foreground.
pub(super) fn is_ours(terminal: BorrowedFd<'_>) -> bool {
    tcgetpgrp(terminal).is_ok_and(|group| group == rustix::process::getpgrp())
}
