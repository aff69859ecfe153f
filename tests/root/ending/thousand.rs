//! A thousand functions with every return, each called as often as it is known to be.

use super::Scene;
use crate::support::bpftrace::Release;
use crate::support::go::{self, Mode};
use crate::support::program::Program;
use crate::support::trial::{Trial, trial};
use crate::support::{Trouble, cache};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// How many there are.
const FUNCTIONS: usize = 1000;

/// All trials.
pub fn trials() -> Vec<Trial> {
    let of = |release: Release| {
        trial(format!("thousand-functions/{}", release.number()), move || {
            every_call_is_timed(release)
        })
    };
    // 0.17 takes half a second to attach each probe, and as long to take it away.
    [Release::V0_23, Release::V0_27].into_iter().map(of).collect()
}

/// How often function `n` is called.
fn calls(n: usize) -> u64 {
    n as u64 % 7 + 1
}

/// The program, which tells how many calls there were in all.
pub fn program() -> Result<PathBuf, Trouble> {
    let directory = cache().join("ending").join("thousand");
    let mut functions = "package main\n\n".to_owned();
    let mut table = "\nvar all = [...]func(int) int{\n".to_owned();
    for n in 0..FUNCTIONS {
        let _ = write!(
            functions,
            "//go:noinline\nfunc f{n}(i int) int {{\n\tif i%2 == 0 {{\n\t\treturn half(i) + {n}\n\t}}\n\t\
             return half(i+1) - {n}\n}}\n\n"
        );
        let _ = writeln!(table, "\tf{n},");
    }
    table.push_str("}\n");
    let files = [
        ("go.mod", "module gobt.example/thousand\n\ngo 1.17\n".to_owned()),
        ("functions.go", functions + &table),
        ("main.go", MAIN.to_owned()),
    ];
    fs::create_dir_all(&directory)?;
    for (name, text) in files {
        let path = directory.join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        // Another trial may be reading it.
        let fresh = directory.join(format!(".{name}.{:?}", std::thread::current().id()));
        fs::write(&fresh, text)?;
        fs::rename(&fresh, &path)?;
    }
    go::build_at(&directory, "thousand", "1.27.3", Mode::Default)
}

const MAIN: &str = r#"// Command thousand calls each of a thousand functions a few times.
package main

import (
	"bufio"
	"fmt"
	"os"
)

//go:noinline
func half(i int) int { return i / 2 }

func main() {
	input := bufio.NewReader(os.Stdin)
	fmt.Printf("ready %d\n", os.Getpid())
	input.ReadString('\n')
	calls := 0
	for n, f := range all {
		for i := 0; i <= n%7; i++ {
			f(i)
			calls++
		}
	}
	fmt.Printf("truth calls %d\ndone\n", calls)
	input.ReadString('\n')
}
"#;

fn every_call_is_timed(release: Release) -> Result<(), Trouble> {
    let scene = Scene::new("thousand", release, &program()?)?;
    let mut traced = Program::start::<&str>(&scene.executable, &[])?;
    let pid = traced.traced().pid;
    let began = Instant::now();
    let saved = scene.place.join("a.json");
    let to = saved.to_str().unwrap();
    let mut running = scene.start(&["-e", "latency main.f*", "--pid", &pid.to_string(), "--save", to])?;
    running.traces()?;
    let attached = began.elapsed();
    traced.go()?;
    traced.done(Duration::from_secs(60))?;
    running.signal("INT")?;
    let ended = running.ends()?;
    assert!(ended.status.success(), "{}", ended.text());
    eprintln!(
        "{FUNCTIONS} functions with bpftrace {}: traced after {attached:.1?}, ended within {:.1?}",
        release.number(),
        ended.took
    );
    scene.is_clean(Some(pid))?;
    traced.quit()?;
    let mut seen = BTreeMap::new();
    for line in fs::read_to_string(&saved)?.lines() {
        let object: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
        for row in object["rows"].as_array().into_iter().flatten() {
            let buckets = row["buckets"].as_array().into_iter().flatten();
            let samples: u64 = buckets.filter_map(|bucket| bucket["count"].as_u64()).sum();
            let function = row["key_texts"][0].as_str().unwrap_or_default().to_owned();
            assert_eq!(seen.insert(function, samples), None, "{row}");
        }
    }
    let wanted: BTreeMap<String, u64> = (0..FUNCTIONS).map(|n| (format!("main.f{n}"), calls(n))).collect();
    assert_eq!(seen, wanted);
    Ok(())
}
