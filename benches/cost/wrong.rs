//! What each tracer gets wrong on programs that know the truth.

use super::copy;
use super::delve::Delve;
use super::peers::{Peer, Verb};
use super::round::traced;
use super::support::Trouble;
use super::support::bpftrace::Release;
use super::support::go::Mode;
use super::support::program::{Program, Truth};
use super::support::trace::{Trace, Value};
use std::collections::BTreeMap;
use std::path::Path;

/// A workload that tracers get wrong.
pub(crate) struct Case {
    /// For people.
    pub(crate) what: &'static str,
    verb: Verb,
    program: &'static str,
    arguments: &'static [&'static str],
    function: &'static str,
    /// What the program calls the number of calls.
    calls: &'static str,
    /// No call can take less: the lower bound of the lowest bucket that a true sample can be in, in microseconds.
    least: i128,
}

const CASES: [Case; 7] = [
    Case {
        what: "count while 2,000 stacks grow",
        verb: Verb::Count,
        program: "storm",
        arguments: &["big", "2000"],
        function: "main.big",
        calls: "big",
        least: 0,
    },
    Case {
        what: "count `(*T).Get` beside `(*FooT).Get`",
        verb: Verb::Count,
        program: "rivals",
        arguments: &["twins"],
        function: "main.(*T).Get",
        calls: "get",
        least: 0,
    },
    Case {
        what: "latency of `(*T).Get` beside `(*FooT).Get`",
        verb: Verb::Latency,
        program: "rivals",
        arguments: &["twins"],
        function: "main.(*T).Get",
        calls: "get",
        least: 1024,
    },
    Case {
        what: "latency while goroutines change threads",
        verb: Verb::Latency,
        program: "storm",
        arguments: &["move", "200", "5"],
        function: "main.move",
        calls: "move",
        least: 512,
    },
    Case {
        what: "latency in recursion",
        verb: Verb::Latency,
        program: "storm",
        arguments: &["fib", "15"],
        function: "main.fib",
        calls: "fib",
        least: 0,
    },
    Case {
        what: "latency while 200 stacks grow",
        verb: Verb::Latency,
        program: "storm",
        arguments: &["grow", "200", "20"],
        function: "main.grow",
        calls: "grow",
        least: 0,
    },
    Case {
        what: "texts of 0 to 200 characters",
        verb: Verb::Print,
        program: "rivals",
        arguments: &["texts"],
        function: "main.say",
        calls: "say",
        least: 0,
    },
];

/// What a tracer said of a workload, beside what happened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Judged {
    /// Calls that the program made.
    pub(crate) calls: i128,
    /// Calls, samples or texts that are not in the trace.
    pub(crate) missing: i128,
    /// Those in the trace that never were.
    pub(crate) false_ones: i128,
    /// Characters that are not in the trace, and that never were.
    pub(crate) characters: Option<(i128, i128)>,
    /// The program crashed.
    pub(crate) crashed: bool,
}

/// A workload and each peer's result; none where the peer does not do such a thing.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) calls: i128,
    pub(crate) by: Vec<(Peer, Option<Judged>)>,
}

/// Every workload by every peer.
pub(crate) fn all(release: Release, place: &Path, delve: Option<&Delve>) -> Result<Vec<Row>, Trouble> {
    let mut rows = Vec::new();
    for case in CASES {
        let executable = copy(
            place,
            case.program,
            &format!("wrong-{}", case.program),
            Mode::Default,
        )?;
        let mut by = Vec::new();
        for peer in [Peer::Gobt, Peer::GoBpfGen, Peer::Naive] {
            let script = peer.script(case.verb, &executable, case.function, place)?;
            // One CPU: 0.23 can lose the first sample of a bucket that two make at once, whoever wrote the script.
            let program = Program::start_quietly(&executable, case.arguments, true)?;
            let (truth, trace) = traced(&script, program, release)?;
            by.push((peer, Some(case.judge(&truth, &Told::by(&trace)))));
        }
        by.push((Peer::DelveEbpf, case.by_delve(place, delve)?));
        let calls = by
            .iter()
            .filter_map(|(_, j)| j.map(|j| j.calls))
            .max()
            .unwrap_or_default();
        rows.push(Row {
            what: case.what,
            calls,
            by,
        });
    }
    Ok(rows)
}

/// What a trace says.
struct Told {
    count: i128,
    /// Lower bound and samples.
    buckets: Vec<(i128, i128)>,
    texts: Vec<String>,
}

impl Told {
    fn by(trace: &Trace) -> Self {
        let mut told = Self {
            count: 0,
            buckets: Vec::new(),
            texts: Vec::new(),
        };
        for entry in &trace.entries {
            match &entry.value {
                Value::Number(n) if entry.name == "@calls" => told.count += n,
                Value::Buckets(all) if entry.name == "@took" => {
                    told.buckets
                        .extend(all.iter().map(|(low, n)| (low.unwrap_or(-1), *n)));
                }
                _ => {}
            }
        }
        // A text is between the brackets that each script writes around it.
        told.texts = trace
            .stdout
            .iter()
            .filter_map(|line| line.strip_prefix('<'))
            .map(|line| line.strip_suffix('>').unwrap_or(line).to_owned())
            .collect();
        told
    }
}

/// Nothing here takes a second.
const A_SECOND: i128 = 1 << 20;

impl Case {
    fn judge(&self, truth: &BTreeMap<String, Truth>, told: &Told) -> Judged {
        let Some(Truth::Number(calls)) = truth.get(self.calls) else {
            return Judged {
                crashed: true,
                ..Judged::default()
            };
        };
        let calls = *calls;
        let (good, all) = match self.verb {
            Verb::Count => (told.count.min(calls), told.count),
            Verb::Latency => {
                let possible = |low: i128| low >= self.least && low < A_SECOND;
                let good: i128 = told.buckets.iter().filter(|b| possible(b.0)).map(|b| b.1).sum();
                (good.min(calls), told.buckets.iter().map(|b| b.1).sum())
            }
            Verb::Print | Verb::Trace => {
                let mut texts = truth.iter().filter_map(|(name, value)| match value {
                    Truth::Text(text) => {
                        Some((name.strip_prefix("text")?.parse::<usize>().ok()?, text.clone()))
                    }
                    Truth::Number(_) => None,
                });
                return by_texts(calls, &texts.by_ref().collect(), &told.texts);
            }
        };
        Judged {
            calls,
            missing: calls - good,
            false_ones: all - good,
            ..Judged::default()
        }
    }

    fn by_delve(&self, place: &Path, delve: Option<&Delve>) -> Result<Option<Judged>, Trouble> {
        let (Some(delve), true) = (delve, matches!(self.verb, Verb::Count | Verb::Print)) else {
            return Ok(None);
        };
        let executable = copy(
            place,
            self.program,
            &format!("wrong-{}-noopt", self.program),
            Mode::NoOpt,
        )?;
        let program = Program::start_quietly(&executable, self.arguments, true)?;
        let (truth, lines) = delve.trace(self.function, program, true)?;
        let calls: Vec<&String> = lines
            .iter()
            .filter(|line| line.starts_with("> goroutine"))
            .collect();
        let text = |line: &&String| {
            let (_, text) = line.split_once("(\"")?;
            Some(
                super::support::program::unquote(&format!("\"{}\"", text.rsplit_once("\")")?.0))
                    .unwrap_or_default(),
            )
        };
        let told = Told {
            count: i128::try_from(calls.len()).unwrap_or_default(),
            buckets: Vec::new(),
            texts: calls.iter().filter_map(text).collect(),
        };
        Ok(Some(self.judge(&truth, &told)))
    }
}

/// Texts in the order in which they were said, beside those that were told: in between, some may be missing or too
/// many. Of all ways to put them side by side, the one that finds least wrong.
fn by_texts(calls: i128, said: &BTreeMap<usize, String>, told: &[String]) -> Judged {
    // What is wrong with no texts said and some told; then with one more text said, and so on.
    let mut row = vec![Wrong::default()];
    for text in told {
        row.push(row[row.len() - 1].and(None, Some(text)));
    }
    for text in said.values() {
        let mut next = vec![row[0].and(Some(text), None)];
        for (i, other) in told.iter().enumerate() {
            let ways = [
                row[i].and(Some(text), Some(other)),
                row[i + 1].and(Some(text), None),
                next[i].and(None, Some(other)),
            ];
            next.extend(ways.into_iter().min());
        }
        row = next;
    }
    let wrong = row[row.len() - 1];
    Judged {
        calls,
        missing: wrong.missing,
        false_ones: wrong.false_ones,
        characters: Some((wrong.lost, wrong.added)),
        crashed: false,
    }
}

/// Texts that are not right, and their characters.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Wrong {
    missing: i128,
    false_ones: i128,
    lost: i128,
    added: i128,
}

impl Wrong {
    /// With one more text said, or told, or both.
    fn and(self, said: Option<&String>, told: Option<&String>) -> Self {
        if said == told {
            return self;
        }
        let characters =
            |text: Option<&String>| text.map(|t| t.chars().collect::<Vec<_>>()).unwrap_or_default();
        let (is_said, is_told) = (said.is_some(), told.is_some());
        let (said, told) = (characters(said), characters(told));
        let same = said.iter().zip(&told).filter(|(a, b)| a == b).count();
        let number = |n: usize| i128::try_from(n).unwrap_or(i128::MAX);
        Self {
            missing: self.missing + i128::from(is_said),
            false_ones: self.false_ones + i128::from(is_told),
            lost: self.lost + number(said.len() - same),
            added: self.added + number(told.len() - same),
        }
    }
}

/// How many lines bpftrace says it lost.
pub(crate) fn lost(trace: &Trace) -> i128 {
    let words = trace.stdout.iter().chain(&trace.stderr);
    words
        .filter_map(|line| {
            line.split_once("Lost ")?
                .1
                .split(' ')
                .next()?
                .parse::<i128>()
                .ok()
        })
        .sum()
}
