//! What a process of its own does: one mutation after the other, with a line for what came of each.

use super::numbers::Numbers;
use super::programs::{Base, bases, files};
use super::recipes::{self, Recipe};
use super::{Kind, measure};
use crate::support::hold::{answers, recipes as hold_recipes, scripts};
use crate::support::{Trouble, repository};
use gobt::target::Target;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Longer is done again, to be sure.
const SUSPICIOUS: Duration = Duration::from_millis(1500);

/// What came of a mutation.
pub struct Outcome {
    /// Which way of changing it was.
    pub name: String,
    /// `script`, or the code of an error, or `PANIC` and why.
    pub result: String,
    pub taken: Duration,
    /// Bytes held at once.
    pub memory: usize,
}

/// The same with the scripts that were made: the way of changing it, `script` or a code and the scripts or why it
/// panicked, time, bytes.
type Worked = (String, Result<(String, Vec<String>), String>, Duration, usize);

/// Everything that mutations are made from.
pub enum Material {
    Programs(Vec<Base>),
    Recipes {
        corpus: Vec<Recipe>,
        images: [Vec<u8>; 2],
    },
}

impl Material {
    /// Of a kind; `all` takes more programs.
    pub fn of(kind: Kind, all: bool) -> Result<Self, Trouble> {
        Ok(match kind {
            Kind::Program | Kind::Built => Self::Programs(bases(&files(kind, all)?)),
            Kind::Recipe => Self::Recipes {
                corpus: recipes::corpus(),
                images: ["shop", "kinds"].map(|name| std::fs::read(example(name)).unwrap()),
            },
        })
    }

    /// Does mutation `n`; `path` is where the program is said to be. The scripts that were made come besides.
    pub fn work(&mut self, n: usize, path: Option<&str>) -> Worked {
        match self {
            Self::Programs(bases) => {
                let index = n % bases.len();
                let base = &mut bases[index];
                let (name, undo) = base.change(&mut Numbers::of(n));
                let path = path.unwrap_or("/srv/app");
                let (result, taken, memory) = measured(|| {
                    let answers = answers::ask(path, base.bytes(), &answers::RECIPES);
                    let word = match (answers.refused, answers.scripts.len()) {
                        (Some(code), _) => code,
                        (None, 0) => "opened, all recipes refused",
                        (None, _) => "script",
                    };
                    (word.to_owned(), answers.scripts)
                });
                base.undo(undo);
                (name.to_owned(), result, taken, memory)
            }
            Self::Recipes { corpus, images } => {
                let (name, bytes, kinds) = recipes::changed(corpus, n);
                let shown = example(if kinds { "kinds" } else { "shop" });
                let path = path.unwrap_or(&shown);
                let (result, taken, memory) = measured(|| {
                    let Ok(text) = std::str::from_utf8(&bytes) else {
                        return ("no text".to_owned(), Vec::new());
                    };
                    hold_recipes::read(text);
                    let target = Target::read(path, &images[usize::from(kinds)], None).unwrap();
                    let options = scripts::options((n % 64) as u8);
                    match scripts::compile(text, &target, &target, &options) {
                        // What is raw is the user's own.
                        Some(script) if text.contains("raw") => ("script".to_owned(), {
                            drop(script);
                            Vec::new()
                        }),
                        Some(script) => ("script".to_owned(), vec![script]),
                        None => ("refused".to_owned(), Vec::new()),
                    }
                });
                (name.to_owned(), result, taken, memory)
            }
        }
    }

    /// The program of mutation `n`.
    pub fn program(&mut self, n: usize) -> Option<Vec<u8>> {
        let Self::Programs(bases) = self else { return None };
        let index = n % bases.len();
        let (_, undo) = bases[index].change(&mut Numbers::of(n));
        let bytes = bases[index].bytes().to_vec();
        bases[index].undo(undo);
        Some(bytes)
    }
}

/// Where an example program is.
pub fn example(name: &str) -> String {
    repository()
        .join(format!("examples/targets/{name}/{name}"))
        .to_str()
        .unwrap()
        .to_owned()
}

static PANIC: Mutex<String> = Mutex::new(String::new());

/// Panics are part of the answer.
fn measured<T>(work: impl Fn() -> T) -> (Result<T, String>, Duration, usize) {
    let mut shortest = Duration::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        let (memory, result) = measure::memory_of(|| catch_unwind(AssertUnwindSafe(&work)));
        shortest = shortest.min(begun.elapsed());
        match result {
            Ok(_) if shortest > SUSPICIOUS => continue,
            Ok(answer) => return (Ok(answer), shortest, memory),
            Err(_) => return (Err(PANIC.lock().unwrap().clone()), shortest, memory),
        }
    }
    let (memory, answer) = measure::memory_of(work);
    (Ok(answer), shortest, memory)
}

fn remember_panics() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.to_string().replace(['\n', '\t'], " ");
        *PANIC.lock().unwrap() = text.chars().take(600).collect();
    }));
}

/// Works off what `what` says: `KIND FROM STEP END all|some`.
pub fn run(what: &str) {
    remember_panics();
    let words: Vec<&str> = what.split(' ').collect();
    let [kind, from, step, end, all] = words.as_slice() else {
        panic!("{what}")
    };
    let kind = Kind::named(kind).unwrap();
    let mut material = Material::of(kind, *all == "all").unwrap();
    let mut out = std::io::stdout().lock();
    for n in (from.parse().unwrap()..end.parse().unwrap()).step_by(step.parse().unwrap()) {
        writeln!(out, "begun\t{n}").unwrap();
        out.flush().unwrap();
        let (name, result, taken, memory) = material.work(n, None);
        let result = match result {
            Ok((word, _)) => word,
            Err(why) => format!("PANIC {why}"),
        };
        writeln!(
            out,
            "done\t{n}\t{name}\t{result}\t{}\t{memory}",
            taken.as_micros()
        )
        .unwrap();
        out.flush().unwrap();
    }
}

/// Does one mutation for somebody who wants to see it, and leaves its input in the temporary directory.
pub fn show(kind: Kind, n: usize) {
    let mut material = Material::of(kind, true).unwrap();
    let bytes = match &mut material {
        Material::Recipes { corpus, .. } => recipes::changed(corpus, n).1,
        programs @ Material::Programs(_) => programs.program(n).unwrap(),
    };
    let path: PathBuf = std::env::temp_dir().join(format!("gobt-{}-{n}", kind.name()));
    std::fs::write(&path, bytes).unwrap();
    println!("input: {}", path.display());
    let (name, result, taken, memory) = material.work(n, None);
    println!("{name}, {taken:?}, {} KiB", memory >> 10);
    match result {
        Ok((word, scripts)) => println!("{word}\n{}", scripts.join("\n")),
        Err(why) => println!("PANIC {why}"),
    }
}
