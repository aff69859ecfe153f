//! The questions of `docs/questions.md`, asked with `gobt run` of a program that knows the answers. Each takes its turn
//! with one of the newer releases of bpftrace; with `GOBT_LIVE=run` or `all` it takes it with every release.

use crate::support::bpftrace::Release;
use crate::support::case::{self, Case, Run, Way};
use crate::support::go::Mode;
use crate::support::suite::Suite;
use crate::support::trial::{Trial, trial};
use crate::support::{Trouble, cache, repository};
use std::fs;
use std::path::PathBuf;

/// What each question has to be answered with, as in the header of a live case.
const ANSWERS: [(&str, &[&str]); 20] = [
    (
        "Which requests take over 100 ms?",
        &[
            "lines /^GET .slow took [0-9]+[.][0-9]+ms$/ == truth slow",
            "lines >= truth over",
            "lines <= truth over + 1", // one took as long as that, but for a microsecond
        ],
    ),
    (
        "How long do requests take, by path?",
        &[
            "sum @latency_us[/fast] == 3 * truth rounds",
            "sum @latency_us[/missing] == truth rounds",
            "sum @latency_us[/orders] == truth rounds",
            "sum @latency_us[/slow] == truth slow",
            "low @latency_us[/slow] >= 131072", // the bucket of 0.17 that 150 ms are in
            "sum @latency_us == 5 * truth rounds + truth slow",
        ],
    ),
    (
        "What is asked for most?",
        &[
            "@count[GET, /fast] == 3 * truth rounds",
            "@count[GET, /missing] == truth rounds",
            "@count[POST, /orders] == truth rounds",
            "@count[GET, /slow] == truth slow",
            "keys @count == 4",
        ],
    ),
    (
        "Which codes are answered?",
        &[
            "@count[200] == truth status_ok",
            "@count[201] == truth status_created",
            "@count[400] == truth status_bad",
            "@count[404] == truth status_missing",
            "@count[500] == truth status_failed",
            "keys @count == 5",
        ],
    ),
    (
        "How many bytes are written, and how many at once?",
        // "hello" and "at last" are written by io.WriteString, which is another method.
        &[
            "@bytes == truth written",
            "sum @sizes == truth status_missing + truth status_bad + truth status_failed",
        ],
    ),
    (
        "What do we ask others for, and what do they answer?",
        &[
            "@count[/fast, 200] == 3 * truth rounds",
            "@count[/slow, 200] == truth slow",
            "@count[/missing, 404] == truth rounds",
            "@count[/orders, 201] == truth status_created",
            "@count[/orders, 400] == truth status_bad",
            "@count[/orders, 500] == truth status_failed",
            "keys @count == 6",
        ],
    ),
    (
        "Which statements are sent, and how long do they take?",
        &[
            "sum @latency_us[{truth statement}] == truth puts",
            "keys @latency_us == 1",
        ],
    ),
    (
        "Do those that fail take longer?",
        &[
            "sum @fine == truth status_created",
            "sum @failed == truth status_failed",
            "low @fine >= 1900",
        ],
    ),
    (
        "Which errors, how often?",
        &[
            "@count[nil] == truth connected",
            "@count[dial tcp {truth nobody}: connect: connection refused] == truth refused",
            "keys @count == 2",
        ],
    ),
    (
        "Which files are missing?",
        &["@count[/does/not/exist] == truth absent", "keys @count == 1"],
    ),
    (
        "What happened, call by call?",
        &[
            "lines /-> main[.][(][*]Store[)][.]Put s=0x[0-9a-f]+ order=.Customer:(Ada Item:tea Count:2|Mallory Item:moon Count:1).$/ == truth puts",
            "lines /<- main[.][(][*]Store[)][.]Put 0=nil after / == truth status_created",
            "lines /<- main[.][(][*]Store[)][.]Put 0=permission denied, sorry after / == truth status_failed",
            "lines == 2 * truth puts",
        ],
    ),
    (
        "What were the arguments when it failed?",
        &[
            "lines /^Mallory wants 1 moon: permission denied, sorry$/ == truth status_failed",
            "lines == truth status_failed",
        ],
    ),
    (
        "Who calls this, on which way?",
        &[
            "sum @count == truth settings",
            "keys @count == 1",
            "said /^ *main.files work.go:[0-9]+/ == 1",
        ],
    ),
    (
        "How much does it add up to, from one second to the next?",
        &["every @items == truth items"],
    ),
    (
        "Who starts goroutines?",
        &[
            "@count[main.start] == truth started",
            "@count[main.leak] == truth leaked",
            "@count[main.locks] == truth waits",
        ],
    ),
    (
        "Which goroutines leak?",
        &[
            "@started[main.start] == truth started",
            "@ended[main.start] == truth started",
            "@started[main.leak] == truth leaked",
            "keys @ended[main.leak] == 0",
        ],
    ),
    (
        "Who waits for locks, and for how long?",
        &[
            "sum @latency_us[internal/sync.(*Mutex).Lock in main.wait] == truth waits",
            "total @latency_us[internal/sync.(*Mutex).Lock in main.wait] >= 9000 * truth waits",
        ],
    ),
    (
        "What panics, and where?",
        &[
            "@count[*errors.errorString, main.burst] + @count[string, main.burst] == truth panics",
            "@count[string, main.burst] == truth texts",
            "keys @count == 2",
        ],
    ),
    (
        "Why do contexts end?",
        &[
            "@count[context deadline exceeded] == truth late",
            "@count[context canceled] > 0",
        ],
    ),
    (
        "How long do garbage collections stop everything?",
        &["sum @latency_us == truth collections"],
    ),
];

/// All trials.
pub fn suite() -> Suite {
    let page = repository().join("docs/questions.md");
    let all = std::env::var("GOBT_LIVE").is_ok_and(|value| value == "all" || value == "run");
    let questions = match fs::read_to_string(&page) {
        Ok(text) => questions(&text),
        Err(why) => return vec![trial("page", move || Err::<(), _>(Trouble::from(why)))].into(),
    };
    let mut trials = vec![{
        let found: Vec<String> = questions.iter().map(|(question, _)| question.clone()).collect();
        trial("page", move || {
            assert_eq!(found, ANSWERS.map(|(question, _)| question));
        })
    }];
    for (index, ((question, recipe), (_, answers))) in questions.into_iter().zip(ANSWERS).enumerate() {
        let newer = [Release::V0_23, Release::V0_27];
        let releases = if all {
            &Release::ALL[..]
        } else {
            &newer[index % 2..=index % 2]
        };
        for release in releases {
            trials.push(asked(&question, &recipe, answers, *release));
        }
    }
    trials.into()
}

/// The questions of the page with their recipes: the sentence above each block.
fn questions(page: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let parts: Vec<&str> = page.split("\n```").collect();
    for pair in parts.windows(2) {
        let Some(recipe) = pair[1].strip_prefix("gobt service\n") else {
            continue;
        };
        let above = pair[0].trim_end().rsplit("\n\n").next().unwrap_or_default();
        let question = above.split_inclusive('?').next().unwrap_or_default();
        all.push((question.to_owned(), format!("{recipe}\n")));
    }
    all
}

fn asked(question: &str, recipe: &str, answers: &[&str], release: Release) -> Trial {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = question.trim_end_matches('?').chars().map(letter).collect();
    let mut text = "// program: service\n// arguments: 10\n// go: 1.27.3\n".to_owned();
    answers
        .iter()
        .for_each(|answer| text.push_str(&format!("// expect: {answer}\n")));
    text.push('\n');
    text.push_str(recipe);
    trial(format!("{name}/{}", release.number()), move || {
        let path: PathBuf = cache()
            .join("questions")
            .join(release.number())
            .join(format!("{name}.gobt"));
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(&path, text)?;
        let case = Case::read(&path)?;
        let run = Run {
            toolchain: "1.27.3".to_owned(),
            mode: Mode::Default,
            release,
            whole: false,
            way: Way::Run,
        };
        case::run(&case, &run)
    })
}
