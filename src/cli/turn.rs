//! Runs that begin at once take turns at a program's file: each looks where the breakpoints in it are, and has to know
//! which of them are its own.

use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A run that takes longer than this is not waited for.
const LONGEST: Duration = Duration::from_secs(60);

/// This run's turn, until it is dropped, or the process ends in whatever way.
#[derive(Debug)]
pub(super) struct Turn {
    _locked: Option<File>,
}

impl Turn {
    /// Waits for it; not if somebody wants the end.
    #[expect(
        clippy::disallowed_methods,
        reason = "a lock is no reading: nothing of the file is used"
    )]
    pub(super) fn take(program: &Path, interrupts: &AtomicUsize) -> Self {
        let file = File::open(program).ok();
        let until = Instant::now() + LONGEST;
        let locked = file.filter(|file| {
            loop {
                match flock(file, FlockOperation::NonBlockingLockExclusive) {
                    Ok(()) => return true,
                    Err(rustix::io::Errno::WOULDBLOCK) => {}
                    // The file system has no locks.
                    Err(_) => return false,
                }
                if Instant::now() > until || interrupts.load(Ordering::SeqCst) > 0 {
                    return false;
                }
                thread::sleep(Duration::from_millis(10));
            }
        });
        Self { _locked: locked }
    }
}
