//! The corpus that fuzzing left behind, and inputs made from it.

use crate::support::hold;
use crate::support::mutate::numbers::Numbers;
use crate::support::repository;
use libtest_mimic::Failed;

type Target = fn(&[u8]);

/// Gives every target what is kept for it, and changed pieces of that.
pub fn all() -> Result<(), Failed> {
    let targets: [(&str, Target, usize); 3] = [
        ("recipe", hold::recipe, 2000),
        ("compile", hold::compile, 200),
        ("program", hold::program, 20),
    ];
    for (name, target, rounds) in targets {
        let directory = repository().join("fuzz/corpus").join(name);
        let mut files: Vec<_> = std::fs::read_dir(&directory)?
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        let inputs: Vec<Vec<u8>> = files.iter().map(|path| std::fs::read(path).unwrap()).collect();
        assert!(inputs.len() > 20, "the corpus of {name} is gone");
        // Without optimisation they take long: every so many of them.
        let every = match name {
            "compile" if cfg!(debug_assertions) => 6,
            "program" if cfg!(debug_assertions) => 16,
            _ => 1,
        };
        for input in inputs.iter().step_by(every) {
            target(input);
        }
        let rounds = if cfg!(debug_assertions) {
            rounds / 10
        } else {
            rounds
        };
        for n in 0..rounds {
            let mut numbers = Numbers::of(n);
            let mut input = numbers.of_these(&inputs);
            let other = numbers.of_these(&inputs);
            for _ in 0..=numbers.below(4) {
                let at = numbers.below(input.len() + 1);
                match numbers.below(4) {
                    0 => input.insert(at, numbers.any() as u8),
                    1 => input.truncate(at),
                    2 => input
                        .splice(at.., other.iter().copied().skip(numbers.below(other.len())))
                        .for_each(drop),
                    _ => input
                        .iter_mut()
                        .skip(at)
                        .take(1)
                        .for_each(|byte| *byte ^= 1 << numbers.below(8)),
                }
            }
            target(&input);
        }
    }
    Ok(())
}
