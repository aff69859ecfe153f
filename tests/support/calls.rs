//! Trees of calls: those that the program `trees` writes down of itself, and those that `gobt run` tells.

use super::Trouble;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A call: how many it lies in, its function, and how many nanoseconds it took if it returned.
pub type Call = (usize, String, Option<u64>);

/// The trees of each goroutine, in the order of time.
pub type Trees = BTreeMap<u64, Vec<Vec<Call>>>;

/// What `trees` writes: `TREE 7 main.root:120(main.leaf:10,main.fails:!)`.
pub fn truth_of(file: &Path) -> Result<Trees, Trouble> {
    let mut trees = Trees::new();
    for line in fs::read_to_string(file)?.lines() {
        let mut words = line.split(' ').skip(1);
        let goroutine = words.next().and_then(|word| word.parse().ok());
        let (goroutine, mut text) = goroutine.zip(words.next()).ok_or("no tree")?;
        let (mut calls, mut depth) = (Vec::new(), 0);
        while let Some((name, rest)) = text.split_once(':') {
            let end = rest.find(['(', ',', ')']).unwrap_or(rest.len());
            calls.push((depth, name.to_owned(), rest[..end].parse().ok()));
            let after = rest[end..].trim_start_matches(['(', ',', ')']);
            let signs = &rest[end..rest.len() - after.len()];
            depth = depth + signs.matches('(').count() - signs.matches(')').count();
            text = after;
        }
        trees.entry(goroutine).or_default().push(calls);
    }
    Ok(trees)
}

/// What `gobt run` writes, by the time of each root; trees with losses apart.
pub fn told_of(objects: &[Json]) -> Result<(Trees, Trees), Trouble> {
    let mut all: Vec<(&str, &Json)> = Vec::new();
    for tree in objects.iter().filter(|object| object["type"] == "tree") {
        all.push((tree["calls"][0]["time"].as_str().ok_or("no time")?, tree));
    }
    all.sort_by_key(|(time, _)| *time);
    let (mut whole, mut lossy) = (Trees::new(), Trees::new());
    for (_, tree) in all {
        let calls = tree["calls"].as_array().ok_or("no calls")?.iter().map(|call| {
            let depth = call["depth"].as_u64().unwrap_or(u64::MAX) as usize;
            let function = call["function"].as_str().unwrap_or("?").to_owned();
            (depth, function, call["elapsed"].as_u64())
        });
        let trees = if tree["missing_calls"] == true {
            &mut lossy
        } else {
            &mut whole
        };
        let goroutine = tree["goroutine"].as_u64().ok_or("no goroutine")?;
        trees.entry(goroutine).or_default().push(calls.collect());
    }
    Ok((whole, lossy))
}

/// Both have the same calls, and none took less time than the program says.
pub fn is_alike(told: &[Call], truth: &[Call]) -> bool {
    told.len() == truth.len()
        && told.iter().zip(truth).all(|(told, truth)| {
            let is_long_enough = match (told.2, truth.2) {
                (Some(told), Some(truth)) => told + 2_000 >= truth,
                (told, truth) => told == truth,
            };
            told.0 == truth.0 && told.1 == truth.1 && is_long_enough
        })
}
