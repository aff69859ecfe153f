//! A recipe on a real service that nobody here wrote, under load from a client: the recipe's counts equal the client's.
//!
//! Not part of `cargo test`, since the services take minutes to build: `tests/service.sh caddy` runs it, or
//! `tests/service.sh vault`. As root, with a go command; about two minutes, of which the trace takes a few seconds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly, and works on files and processes"
)]

mod support;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use support::Trouble;
use support::bpftrace::{Bpftrace, DISCARDED, Options, Release};
use support::compile::Compile;
use support::expect::check;
use support::go;
use support::program::{Program, Traced, Truth, on_one_cpu};
use support::run::Running;
use support::trace::Trace;

const TOOLCHAIN: &str = "1.26.6";
const CADDY: &str = "github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9";
const REQUESTS: &str = "4000";
const CLIENTS: &str = "16";

const CADDY_RECIPE: &str = "\
// How many requests does Caddy answer, how long does that take, and what do the answers say?
requests: count github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP
times: latency github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP
paths: count github.com/caddyserver/caddy/v2/modules/caddyhttp.(*Server).ServeHTTP by arg r.URL.Path
status: count net/http.(*response).WriteHeader by arg code
";

const VAULT_RECIPE: &str = "\
// What does Vault store, and did it work?
on github.com/hashicorp/vault/vault.(*BarrierView).Put {
    print \"PUT {arg entry.Key}\"
    return where ret 0 == nil {
        print \"STORED {arg entry.Key} in {elapsed}\"
    }
}
times: latency github.com/hashicorp/vault/vault.(*BarrierView).Put
";

fn main() -> ExitCode {
    let word = std::env::args().nth(1).unwrap_or_default();
    let result = match word.as_str() {
        "caddy" => caddy(),
        "vault" => vault(),
        _ => {
            println!("nothing to do: tests/service.sh caddy, or tests/service.sh vault, runs this");
            return ExitCode::SUCCESS;
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble::Lacks(lack)) => {
            println!("skipped: {lack}");
            ExitCode::SUCCESS
        }
        Err(Trouble::Failed(why)) => {
            println!("FAILED: {why}");
            ExitCode::FAILURE
        }
    }
}

fn caddy() -> Result<(), Trouble> {
    support::bpftrace::usable(Release::V0_27)?;
    let place = place()?;
    let server = place.join("caddy");
    if !server.is_file() {
        println!("building {CADDY} with Go {TOOLCHAIN}");
        go_does(Path::new("/"), &["install", CADDY], Some(&place))?;
    }
    let client = place.join("load");
    let sources = support::repository().join("tests/services/load");
    go_does(
        &sources,
        &["build", "-o", &client.display().to_string(), "."],
        None,
    )?;

    let address = free_address()?;
    let config = place.join("Caddyfile");
    fs::write(
        &config,
        format!(
            "{{\n\tadmin off\n\tauto_https off\n}}\nhttp://{address} {{\n\trespond /hello \"hello\"\n\trespond 404\n}}\n"
        ),
    )?;
    let script = compile(&place, "caddy", CADDY_RECIPE, &server)?;
    for release in [Release::V0_23, Release::V0_27] {
        let service = Service::start(
            release,
            &server,
            &["run", "--config", &config.display().to_string()],
            &address,
        )?;
        let url = format!("http://{address}");
        let mut load = Program::start(&client, &[url.as_str(), REQUESTS, CLIENTS])?;
        let options = Options::of(release);
        let trace = trace(&script, &[service.traced()], &options, &mut load)?;
        drop(service);
        let truth = [load.quit()?];
        report(
            release,
            "client",
            &trace,
            &truth,
            &[
                "truth failed == 0",
                "@requests == truth requests",
                "sum @times == truth requests",
                "@paths[/hello] == truth found",
                "@paths[/missing] == truth missing",
                "@status[200] == truth found",
                "@status[404] == truth missing",
            ],
        )?;
    }
    Ok(())
}

fn vault() -> Result<(), Trouble> {
    support::bpftrace::usable(Release::V0_27)?;
    let place = place()?;
    let core = place.join("vaultcore");
    if !core.is_file() {
        println!("building Vault's core with Go {TOOLCHAIN}, which takes some minutes");
        let sources = support::repository().join("tests/services/vault");
        go_does(&sources, &["build", "-o", &core.display().to_string(), "."], None)?;
    }
    let began = Instant::now();
    let script = compile(&place, "vault", VAULT_RECIPE, &core)?;
    println!(
        "compiled for a program of {} MB in {:.0?}",
        fs::metadata(&core)?.len() / 1_000_000,
        began.elapsed()
    );
    for release in [Release::V0_23, Release::V0_27] {
        let mut program = Program::start(&core, &["20"])?;
        let options = Options::of(release);
        let traced = [program.traced()];
        let trace = trace(&script, &traced, &options, &mut program)?;
        let truth = [program.quit()?];
        report(
            release,
            "program",
            &trace,
            &truth,
            &[
                "lines /^PUT .*gobt\\/key\\d+$/ == truth puts",
                "lines /^STORED .*gobt\\/key\\d+ in / == truth puts",
                "sum @times == lines /^PUT /",
            ],
        )?;
    }
    Ok(())
}

/// Traces the processes while `work`, one of them or a client of them, does its work.
fn trace(script: &Path, traced: &[Traced], options: &Options, work: &mut Program) -> Result<Trace, Trouble> {
    let text = fs::read_to_string(script)?;
    let mut tracer = Bpftrace::start(script, &text, traced, options)?;
    tracer.await_probes(&text, traced)?;
    work.go()?;
    work.done(options.timeout)?;
    let trace = tracer.finish(options)?;
    match trace.complaints(&[DISCARDED.into()]) {
        Some(complaint) => Err(complaint.into()),
        None => Ok(trace),
    }
}

fn report(
    release: Release,
    client: &str,
    trace: &Trace,
    truth: &support::expect::Truths,
    expectations: &[&str],
) -> Result<(), Trouble> {
    println!("\nWith bpftrace {}. What the {client} says:", release.number());
    for (name, value) in truth.iter().flatten() {
        match value {
            Truth::Number(number) => println!("    {name} {number}"),
            Truth::Text(text) => println!("    {name} {text:?}"),
        }
    }
    println!("What the recipe says:");
    for line in trace.stdout.iter().filter(|line| !line.is_empty()) {
        println!("    {line}");
    }
    for expectation in expectations {
        check(expectation, trace, truth)?;
        println!("So it holds that {expectation}");
    }
    Ok(())
}

/// A server that is ended when this goes.
struct Service {
    process: Running,
    path: PathBuf,
}

impl Service {
    /// Starts it and waits until it answers at the address.
    fn start(release: Release, path: &Path, arguments: &[&str], address: &str) -> Result<Self, Trouble> {
        let mut command = if release.loses_first_samples() {
            on_one_cpu(path)?
        } else {
            Command::new(path)
        };
        command
            .args(arguments)
            .env("HOME", std::env::temp_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut service = Self {
            process: Running(command.spawn()?),
            path: path.to_owned(),
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(address).is_err() {
            if service.process.0.try_wait()?.is_some() || Instant::now() > deadline {
                return Err(format!("{} does not answer at {address}", path.display()).into());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(service)
    }

    fn traced(&self) -> Traced {
        Traced {
            pid: self.process.0.id(),
            path: self.path.clone(),
        }
    }
}

fn place() -> Result<PathBuf, Trouble> {
    let place = support::cache().join("services");
    fs::create_dir_all(&place)?;
    Ok(place)
}

fn compile(place: &Path, name: &str, recipe: &str, program: &Path) -> Result<PathBuf, Trouble> {
    let source = place.join(format!("{name}.gobt"));
    let script = place.join(format!("{name}.bt"));
    fs::write(&source, recipe)?;
    println!("{recipe}");
    Compile::new(&source, program, &script).run()?;
    Ok(script)
}

fn go_does(directory: &Path, arguments: &[&str], bin: Option<&Path>) -> Result<(), Trouble> {
    go::bring(TOOLCHAIN)?;
    let mut command = go::go_command(TOOLCHAIN);
    command
        .args(arguments)
        .current_dir(directory)
        .env("CGO_ENABLED", "0");
    if let Some(bin) = bin {
        command.env("GOBIN", bin);
    }
    if command.status()?.success() {
        return Ok(());
    }
    Err(format!("go {} failed", arguments.join(" ")).into())
}

/// An address on the loopback interface that nobody listens at.
fn free_address() -> Result<String, Trouble> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
