//! Delve, from the Go module proxy.

use super::TOOLCHAIN;
use super::sites::Sites;
use super::support::program::{Program, Truth, lines_of, wait};
use super::support::{Trouble, bpftrace, cache, go};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The release that is asked for.
const RELEASE: &str = "v1.27.2";

/// A built `dlv`.
pub(crate) struct Delve {
    executable: PathBuf,
}

impl Delve {
    /// Builds it, once.
    pub(crate) fn built() -> Result<Self, Trouble> {
        let place = cache().join("cost").join(format!("delve-{RELEASE}"));
        let executable = place.join("dlv");
        if !executable.is_file() {
            go::bring(TOOLCHAIN)?;
            let output = go::go_command(TOOLCHAIN)
                .env("GOBIN", &place)
                .args(["install", &format!("github.com/go-delve/delve/cmd/dlv@{RELEASE}")])
                .output()?;
            if !output.status.success() {
                return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
            }
        }
        Ok(Self { executable })
    }

    /// Traces a function of a program that is ready: what the program said, and the lines of the trace.
    pub(crate) fn trace(
        &self,
        function: &str,
        mut program: Program,
        ebpf: bool,
    ) -> Result<(BTreeMap<String, Truth>, Vec<String>), Trouble> {
        let traced = program.traced();
        // A pattern: what is none in it may not be.
        let exactly = format!("^{}$", regex_lite::escape(function));
        let mut command = Command::new(&self.executable);
        command.arg("trace");
        if ebpf {
            command.arg("--ebpf");
        }
        command
            .args(["-p", &traced.pid.to_string(), &exactly])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (said, lines) = (lines_of(child.stdout.take()), lines_of(child.stderr.take()));
        // It does not say when it is ready: its breakpoints are in the code, and the process runs again.
        let returns = Sites::of(&traced.path, function).returns;
        let marks: String = returns
            .iter()
            .map(|address| format!("uprobe:{}:{address:#x}\n", traced.path.display()))
            .collect();
        let deadline = Instant::now() + Duration::from_secs(60);
        while !(bpftrace::breakpoints_are_in(&marks, &traced)? && sleeps(traced.pid)) {
            if Instant::now() > deadline || child.try_wait()?.is_some() {
                let _ = child.kill();
                let _ = child.wait();
                let why: Vec<String> = lines.iter().collect();
                return Err(format!("dlv does not trace {function}: {}", why.join("\n")).into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        thread::sleep(Duration::from_millis(300));
        program.may_crash = true;
        program.go()?;
        program.done(Duration::from_secs(120))?;
        thread::sleep(Duration::from_millis(500));
        let truth = program.quit()?;
        wait(&mut child, Duration::from_secs(30))?;
        Ok((truth, lines.iter().chain(said.iter()).collect()))
    }
}

/// Whether a process waits, and is not stopped by its tracer.
fn sleeps(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") S "))
}
