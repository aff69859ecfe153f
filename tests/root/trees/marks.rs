//! Calls that were inlined, as marks in trees (`including inlined`): as many as the program counts.

use super::{Json, Mode, Release, Stage, Trial, Trouble, fs, go, trial, usable};
use std::collections::BTreeMap;

const RECIPE: &str = "graph main.root into main.* including inlined\n";

/// How often each function was called.
type Counts = BTreeMap<String, u64>;

fn counted(stage: &Stage) -> Result<Counts, Trouble> {
    let text = fs::read_to_string(stage.place.join("truth"))?;
    let counts = text.lines().filter_map(|line| line.split_once(' '));
    counts
        .map(|(name, count)| Ok((name.to_owned(), count.parse().map_err(|_| "no count")?)))
        .collect()
}

fn stage(release: Release, toolchain: &str, mode: Mode, what: &str) -> Result<Stage, Trouble> {
    usable(release)?;
    let name = format!("{what}-{}-{toolchain}-{}", release.number(), mode.name());
    Stage::of(release, &go::build("marks", toolchain, mode)?, &name)
}

fn marks_are_counted(release: Release, toolchain: &str, mode: Mode) -> Result<(), Trouble> {
    let stage = stage(release, toolchain, mode, "marks")?;
    let objects = stage.told(RECIPE, &["truth", "20"])?;
    let trees: Vec<&Json> = objects.iter().filter(|object| object["type"] == "tree").collect();
    assert_eq!(trees.len(), 20);
    let (mut told, mut marks) = (Counts::new(), Counts::new());
    for call in trees
        .iter()
        .flat_map(|tree| tree["calls"].as_array().unwrap())
        .filter(|call| call["depth"] != 0)
    {
        let name = call["function"].as_str().ok_or("no name")?;
        if name == "main.big" {
            continue;
        }
        *told.entry(name.to_owned()).or_default() += 1;
        if call["end"] == "inlined" {
            assert!(
                call["elapsed"].is_null() && call["caller"]["line"].as_u64().is_some(),
                "{call}"
            );
            *marks.entry(name.to_owned()).or_default() += 1;
        }
    }
    let truth = counted(&stage)?;
    assert_eq!(told, truth);
    // One call goes through a function value.
    assert_eq!(marks["main.small"], truth["main.small"] - 20);
    assert_eq!(marks["main.medium"], truth["main.medium"]);
    assert_eq!(marks.len(), 2);
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

fn lines_have_marks(release: Release) -> Result<(), Trouble> {
    let stage = stage(release, "1.24.11", Mode::Default, "marks-script")?;
    let lines = stage.lines_of_script(release, RECIPE, &["truth", "20"])?;
    let told = |what: &str| lines.iter().filter(|line| line.contains(what)).count() as u64;
    let truth = counted(&stage)?;
    assert_eq!(told(" main.small() inlined"), truth["main.small"] - 20);
    assert_eq!(told(" main.medium() inlined"), truth["main.medium"]);
    assert_eq!(told(" main.leaf() {"), truth["main.leaf"]);
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

pub(super) fn trials(all: bool) -> Vec<Trial> {
    let mut trials = Vec::new();
    for (release, toolchain, mode) in [
        (Release::V0_17, "1.22.12", Mode::Default),
        (Release::V0_23, "1.27.3", Mode::Pie),
        (Release::V0_27, "1.24.11", Mode::Default),
    ] {
        let name = format!("marks-go{toolchain}-{}-bpftrace{}", mode.name(), release.number());
        trials.push(trial(name, move || marks_are_counted(release, toolchain, mode)));
    }
    for release in Release::ALL {
        if all || release == Release::V0_23 {
            let name = format!("marks-script-bpftrace{}", release.number());
            trials.push(trial(name, move || lines_have_marks(release)));
        }
    }
    trials
}
