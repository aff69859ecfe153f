//! Trees that reach over goroutines (`following go`), beside those that the program writes down of itself.

use super::{
    Call, Json, Mode, Release, Stage, Starts, Trees, Trial, Trouble, chrome_file_is_nested, compare, fs, go,
    summary_is_right, told_of, told_of_lines, trial, truth_of, usable,
};

/// A root that is called under a root is a call, also where it is the first one of its goroutine.
const RECIPE: &str = "graph main.root, main.literal.func1 into main.*
    except main.(*path).*, main.(*node).*, main.fails.func1
    following go
";

/// A goroutine that was started is told as a call of this name.
const GOROUTINE: &str = "go";

fn with_goroutines(objects: &[Json]) -> Vec<Json> {
    let mut objects = objects.to_vec();
    for object in &mut objects {
        for call in object["calls"].as_array_mut().into_iter().flatten() {
            if call["starts_goroutine"] == true {
                call["function"] = GOROUTINE.into();
            }
        }
    }
    objects
}

fn families_are_those_of_the_program(release: Release, toolchain: &str, mode: Mode) -> Result<(), Trouble> {
    usable(release)?;
    let name = format!("families-{}-{toolchain}-{}", release.number(), mode.name());
    let stage = Stage::of(release, &go::build("families", toolchain, mode)?, &name)?;
    let objects = with_goroutines(&stage.told(RECIPE, &["truth", "200", "3"])?);
    let truth = truth_of(&stage.place.join("truth"))?;
    let (told, lossy) = told_of(&objects)?;
    assert!(lossy.is_empty() && truth.len() == 200, "{lossy:?}");
    assert!(truth.values().flatten().flatten().any(|call| call.0 > 6));
    compare(&told, &truth)?;
    summary_is_right(&objects, &truth)?;
    chrome_file_is_nested(&stage.place.join("told.chrome.json"), &truth)?;
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

fn lines_are_those_of_the_program(release: Release) -> Result<(), Trouble> {
    usable(release)?;
    let name = format!("families-script-{}", release.number());
    let stage = Stage::of(release, &go::build("families", "1.24.11", Mode::Default)?, &name)?;
    let lines = stage.lines_of_script(release, RECIPE, &["truth", "60", "2"])?;
    let (told, starts) = told_of_lines(&lines)?;
    let mut truth = truth_of(&stage.place.join("truth"))?;
    // A line tells when a goroutine is started, and none how long it took.
    let goroutines = truth.values_mut().flatten().flatten();
    goroutines
        .filter(|call| call.1 == GOROUTINE)
        .for_each(|call| call.2 = None);
    compare(&joined(&told, &starts), &truth)?;
    fs::remove_dir_all(&stage.place)?;
    Ok(())
}

/// Trees with those of goroutines that were started in their places.
fn joined(told: &Trees, starts: &Starts) -> Trees {
    fn add(goroutine: u64, tree: usize, depth: usize, told: &Trees, starts: &Starts, out: &mut Vec<Call>) {
        for (at, call) in told[&goroutine][tree].iter().enumerate() {
            match starts.get(&(goroutine, tree, at)) {
                Some(started) => add(*started, 0, depth + call.0, told, starts, out),
                None => out.push((depth + call.0, call.1.clone(), call.2)),
            }
        }
    }
    let mut all = Trees::new();
    for (goroutine, trees) in told {
        if starts.values().any(|started| started == goroutine) {
            continue;
        }
        for tree in 0..trees.len() {
            let mut out = Vec::new();
            add(*goroutine, tree, 0, told, starts, &mut out);
            all.entry(*goroutine).or_default().push(out);
        }
    }
    all
}

pub(super) fn trials(all: bool) -> Vec<Trial> {
    let mut trials = Vec::new();
    for toolchain in ["1.17.13", "1.20.14", "1.22.12", "1.24.11", "1.27.3"] {
        for release in Release::ALL {
            let mode = match (toolchain, release) {
                ("1.20.14", Release::V0_17) | ("1.27.3", Release::V0_27) => Mode::Pie,
                ("1.22.12", Release::V0_23) => Mode::Stripped,
                _ => Mode::Default,
            };
            let is_usual = matches!(
                (toolchain, release),
                ("1.17.13" | "1.22.12", Release::V0_23)
                    | ("1.20.14", Release::V0_17)
                    | ("1.27.3", Release::V0_27)
            );
            if all || is_usual {
                let name = format!("go{toolchain}-{}-bpftrace{}", mode.name(), release.number());
                trials.push(trial(format!("families-{name}"), move || {
                    families_are_those_of_the_program(release, toolchain, mode)
                }));
            }
        }
    }
    for release in Release::ALL {
        let name = format!("families-script-bpftrace{}", release.number());
        trials.push(trial(name, move || lines_are_those_of_the_program(release)));
    }
    trials
}
