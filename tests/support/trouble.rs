//! Why a step of a test has no result: the machine lacks something that can be named, or something is wrong.
//!
//! Only what [`Lack`] names may be skipped. Everything else is a failure, also where it is the harness or the machine
//! that is at fault: mounts that do not succeed, a tracer that says nothing, a disk that is full. [`super::trial`]
//! decides what becomes of each.

use super::go::runs;
use libtest_mimic::Failed;
use std::fmt;
use std::fs;
use std::io;
use std::process::{Command, Output};

/// What a machine may lack, so that a test cannot run on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Root's rights: user 0 with `CAP_SYS_ADMIN`, which a container may have taken away.
    Root,
    /// A kernel with uprobes.
    Uprobes,
    /// A command, by its name.
    Command(&'static str),
    /// A way to what comes over the network: what was wanted, and what was said.
    Network(String),
    /// Instructions that the processor does not have.
    Processor,
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("this needs root with CAP_SYS_ADMIN"),
            Self::Uprobes => f.write_str("this kernel has no uprobes"),
            Self::Command(name) => write!(f, "there is no `{name}` command"),
            Self::Network(what) => write!(f, "the network does not bring {what}"),
            Self::Processor => f.write_str("this processor lacks the instructions"),
        }
    }
}

/// How a step of a test can end without a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The machine lacks something.
    Lacks(Lack),
    /// It went wrong.
    Failed(String),
}

impl From<Lack> for Trouble {
    fn from(lack: Lack) -> Self {
        Self::Lacks(lack)
    }
}

impl From<String> for Trouble {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

impl From<&str> for Trouble {
    fn from(message: &str) -> Self {
        Self::Failed(message.to_owned())
    }
}

impl From<Failed> for Trouble {
    fn from(failed: Failed) -> Self {
        Self::Failed(failed.message().unwrap_or("no reason given").to_owned())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks(lack) => write!(f, "skipped: {lack}"),
            Self::Failed(message) => f.write_str(message),
        }
    }
}

/// Words of `go`, `debootstrap`, `apt-get` and what they call, when nobody answers. What an answer refuses (a file that
/// is not there, a wrong checksum) is not among them, nor is a disk that is full.
const UNREACHABLE: [&str; 12] = [
    "dial tcp",
    "no such host",
    "Could not resolve",
    "unable to resolve",
    "Temporary failure",
    "Connection refused",
    "connection refused",
    "Could not connect",
    "Network is unreachable",
    "TLS handshake timeout",
    "i/o timeout",
    "module lookup disabled by GOPROXY=off",
];

/// Why `what` was not fetched, by all that was said meanwhile.
pub fn not_fetched(what: &str, said: &str) -> Trouble {
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines[lines.len().saturating_sub(8)..].join("\n");
    let full = said.contains("No space left") || said.contains("no space left");
    if !full && UNREACHABLE.iter().any(|words| said.contains(words)) {
        Lack::Network(format!("{what}: {}", lines.last().unwrap_or(&""))).into()
    } else {
        Trouble::Failed(format!("{what} cannot be had:\n{last}"))
    }
}

/// All that a command has said, of its standard output and then of its standard error.
pub fn all_said(output: &Output) -> String {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    text.concat()
}

/// That the test has a command.
pub fn need(command: &'static str) -> Result<(), Trouble> {
    if runs(command) {
        Ok(())
    } else {
        Err(Lack::Command(command).into())
    }
}

/// That the test may do everything.
pub fn need_root() -> Result<(), Trouble> {
    if is_root() && may_administer() {
        Ok(())
    } else {
        Err(Lack::Root.into())
    }
}

/// Whether the test is user 0.
pub fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Whether the test has `CAP_SYS_ADMIN`, number 21 in `linux/capability.h`.
fn may_administer() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let set = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let set = set.and_then(|digits| u64::from_str_radix(digits.trim(), 16).ok());
    set.is_some_and(|set| set >> 21 & 1 == 1)
}
