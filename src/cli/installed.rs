//! The bpftrace that is installed where gobt runs.

use crate::bt::dialect::Dialect;
use crate::run::doctor::Installed;
use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long it may take to print its release.
const PATIENCE: Duration = Duration::from_secs(2);

/// The most bytes of its output that are read.
const LONGEST_ANSWER: u64 = 256;

/// The dialect of the bpftrace on `$PATH`, if there is one and it prints a release that gobt knows in time.
pub(super) fn dialect() -> Option<Dialect> {
    match found() {
        Installed::Known(dialect) => Some(dialect),
        Installed::Missing | Installed::Unknown(_) => None,
    }
}

/// The bpftrace on `$PATH`.
pub(super) fn found() -> Installed {
    let said = match ask() {
        Some(said) => said,
        None => return Installed::Missing,
    };
    of_answer(&said).map_or(Installed::Unknown(said), Installed::Known)
}

/// What it prints when it is asked for its release, in time; nothing if there is none.
fn ask() -> Option<String> {
    let mut child = command()
        .arg("--version")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let stdout = child.stdout.take()?;
    let (say, hear) = mpsc::channel();
    thread::spawn(move || {
        let mut said = String::new();
        let read = stdout.take(LONGEST_ANSWER).read_to_string(&mut said);
        let _ = say.send(read.map(|_| said));
    });
    let said = hear.recv_timeout(PATIENCE);
    // It has ended already, or it hangs.
    let _ = child.kill();
    let _ = child.wait();
    Some(said.ok().and_then(Result::ok).unwrap_or_default())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the machine is asked what is on it"
)]
fn command() -> Command {
    Command::new("bpftrace")
}

/// The dialect of `bpftrace v0.23.2`.
fn of_answer(said: &str) -> Option<Dialect> {
    let release = said.trim_start().strip_prefix("bpftrace v")?;
    let end = release
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(release.len());
    let dialect = Dialect::of_release(release.get(..end)?.trim_end_matches('.')).ok()?;
    Some(Dialect {
        is_installed: true,
        ..dialect
    })
}

#[cfg(test)]
mod tests {
    use super::of_answer;

    #[test]
    fn answers() {
        let of = |said| of_answer(said).map(|dialect| (dialect.oldest, dialect.newest));
        assert_eq!(of("bpftrace v0.23.2\n"), Some((23, 23)));
        assert_eq!(of("bpftrace v0.21.0-12-gabcdef\n"), Some((21, 21)));
        assert_eq!(of("bpftrace v0.9.4\n"), None);
        assert_eq!(of("bpftrace v0.99.0\n"), None);
        assert_eq!(of("bpftrace 1\n"), None);
        assert_eq!(of(""), None);
    }
}
