//! 50,000 calls a second, each in a histogram that is redrawn on a terminal all the time. `GOBT_PACE=60` does it for a
//! minute.

use super::Scene;
use crate::support::Trouble;
use crate::support::bpftrace::Release;
use crate::support::go::{self, Mode};
use crate::support::program::{Program, Truth, spawn_fresh};
use crate::support::terminal::Terminal;
use crate::support::trial::{Trial, trial};
use serde_json::Value as Json;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

/// All trials.
pub fn trials() -> Vec<Trial> {
    let of = |release: Release| trial(format!("pace/{}", release.number()), move || pace(release)).alone();
    [Release::V0_23, Release::V0_27].into_iter().map(of).collect()
}

fn pace(release: Release) -> Result<(), Trouble> {
    let seconds = std::env::var("GOBT_PACE").unwrap_or_else(|_| "5".to_owned());
    let scene = Scene::new("pace", release, &go::build("storm", "1.27.3", Mode::Default)?)?;
    let mut traced = Program::start(&scene.executable, &["pace", "50000", &seconds])?;
    let pid = traced.traced().pid;
    let saved = scene.place.join("a.json");
    let recipe = ["calls: count main.pace", "times: latency main.pace by arg worker"];
    let terminal = Terminal::new()?;
    let run = scene.command(&[
        "-e",
        recipe[0],
        "-e",
        recipe[1],
        "--pid",
        &pid.to_string(),
        "--save",
        saved.to_str().unwrap(),
    ]);
    let mut command = Command::new("setsid");
    command.arg("--ctty").arg(run.get_program()).args(run.get_args());
    scene.surround(&mut command);
    command
        .stdin(terminal.slave()?)
        .stdout(terminal.slave()?)
        .stderr(terminal.slave()?);
    let mut child = spawn_fresh(&mut command)?;
    terminal.awaits(|shown| shown.contains("hits/s"))?;
    traced.go()?;
    // It is drawn while the program works, not only at the end.
    terminal.awaits(|shown| shown.contains('@') && shown.contains("p99"))?;
    traced.done(Duration::from_secs(600))?;
    let account = traced.leave()?;
    let began = Instant::now();
    while child.try_wait()?.is_none() && began.elapsed() < super::PATIENCE {
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = began.elapsed();
    let status = child.try_wait()?;
    let _ = child.kill();
    assert!(
        status.is_some_and(|status| status.success()),
        "{status:?}\n{}",
        terminal.shows()
    );
    let number = |name: &str| match account.truth.get(name) {
        Some(Truth::Number(number)) => u64::try_from(*number).unwrap(),
        other => panic!("{name}: {other:?}"),
    };
    let (mut calls, mut times, mut lost) = (0, 0, Json::Null);
    for line in fs::read_to_string(&saved)?.lines() {
        let object: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let rows = || object["rows"].as_array().into_iter().flatten();
        match object["name"].as_str() {
            Some("calls") => calls = rows().filter_map(|row| row["value"].as_u64()).sum(),
            Some("times") => {
                let buckets = rows().flat_map(|row| row["buckets"].as_array().into_iter().flatten());
                times = buckets.filter_map(|bucket| bucket["count"].as_u64()).sum();
            }
            _ => {}
        }
        if object["type"] == "end" {
            lost = object["lost"].clone();
        }
    }
    eprintln!(
        "bpftrace {}, {seconds} s: {} calls at {} a second, {calls} counted, {times} timed, lost {lost}; the answer \
         came {took:.1?} after the end",
        release.number(),
        number("pace"),
        number("rate"),
    );
    assert_eq!((calls, times), (number("pace"), number("pace")));
    let is_none = |lost: &Json| *lost == 0 || *lost == serde_json::json!([]);
    assert!(lost.as_object().unwrap().values().all(is_none), "{lost}");
    scene.is_clean(None)
}
