//! What bpftrace printed: lines, and maps.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The output of one run.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// What scripts printed, without maps and without bpftrace's own words.
    pub lines: Vec<String>,
    /// Every printed map entry, in order of appearance; a map that was printed more than once has later ones.
    pub entries: Vec<Entry>,
    /// The standard output as it was.
    pub stdout: Vec<String>,
    /// The standard error.
    pub stderr: Vec<String>,
    /// Words of bpftrace on the standard output that speak of lost events.
    pub lost: Vec<String>,
}

/// `@name[key, key]: value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// With the `@`.
    pub name: String,
    /// The keys; none for a scalar.
    pub keys: Vec<String>,
    /// What it holds.
    pub value: Value,
}

/// The value of a map entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `5`.
    Number(i128),
    /// `count 5, average 2, total 10`.
    Stats {
        /// Samples.
        count: i128,
        /// Their mean, rounded.
        average: i128,
        /// Their sum.
        total: i128,
    },
    /// Buckets of a histogram: lower bound (none: open) and samples.
    Buckets(Vec<(Option<i128>, i128)>),
    /// Anything else.
    Text(String),
}

impl Trace {
    /// Takes the output apart.
    pub fn of(stdout: &[String], stderr: &[String]) -> Self {
        let mut trace = Self {
            stdout: stdout.to_vec(),
            stderr: stderr.to_vec(),
            ..Self::default()
        };
        let mut in_histogram = false;
        for line in stdout {
            if in_histogram && let Some(bucket) = bucket(line) {
                if let Some(Entry {
                    value: Value::Buckets(buckets),
                    ..
                }) = trace.entries.last_mut()
                {
                    buckets.push(bucket);
                }
                continue;
            }
            in_histogram = false;
            if let Some(entry) = entry(line) {
                in_histogram = matches!(entry.value, Value::Buckets(_));
                trace.entries.push(entry);
            } else if line.starts_with("Lost ") {
                trace.lost.push(line.clone());
            } else if !line.starts_with("Attaching ") && !line.starts_with("Attached ") {
                trace.lines.push(line.clone());
            }
        }
        while trace.lines.last().is_some_and(String::is_empty) {
            trace.lines.pop();
        }
        trace
    }

    /// What a person who runs the script would be worried by, if anything.
    pub fn complaints(&self, harmless: &[String]) -> Option<String> {
        let mut text = String::new();
        let mut skipping = false; // the excerpt that is drawn under a harmless warning
        for line in &self.stderr {
            let own = OWN_WORDS.iter().any(|words| line.contains(words));
            let excerpt = line.starts_with(' ') || line.starts_with('~') || line.starts_with('^');
            let begins = ["WARNING", "ERROR", "HINT"]
                .iter()
                .any(|word| line.contains(word))
                && !line.contains("WARNING: expanded from"); // says no more than where a warning is
            skipping = harmless.iter().any(|part| line.contains(part.as_str())) || (skipping && !begins);
            if own || line.is_empty() || skipping || (excerpt && text.is_empty()) {
                continue;
            }
            let _ = writeln!(text, "{line}");
        }
        for line in &self.lost {
            if !harmless.iter().any(|part| line.contains(part.as_str())) {
                let _ = writeln!(text, "{line}");
            }
        }
        (!text.is_empty()).then_some(text)
    }

    /// How many events bpftrace says were lost.
    pub fn lost_events(&self) -> i128 {
        let numbers = self.stdout.iter().chain(&self.stderr).filter_map(|line| {
            line.strip_prefix("Lost ")?
                .split(' ')
                .next()?
                .parse::<i128>()
                .ok()
        });
        numbers.sum()
    }

    /// The entries of a map, as they were last printed.
    pub fn map(&self, name: &str) -> Vec<&Entry> {
        let mut last: BTreeMap<&[String], &Entry> = BTreeMap::new();
        for entry in self.entries.iter().filter(|entry| entry.name == name) {
            last.insert(&entry.keys, entry);
        }
        last.into_values().collect()
    }

    /// Every printed entry of a map, printed again or not.
    pub fn every(&self, name: &str) -> Vec<&Entry> {
        self.entries.iter().filter(|entry| entry.name == name).collect()
    }
}

impl Value {
    /// How many samples it stands for: a counter's value, a histogram's or statistic's number of samples.
    pub fn samples(&self) -> i128 {
        match self {
            Self::Number(number) => *number,
            Self::Stats { count, .. } => *count,
            Self::Buckets(buckets) => buckets.iter().map(|(_, samples)| samples).sum(),
            Self::Text(_) => 0,
        }
    }
}

/// What bpftrace says on the standard error that is no complaint of the script. The limit of locked memory cannot be
/// raised in some containers, and has no meaning since Linux 5.11; the list of kernel functions is of no use for
/// uprobes.
const OWN_WORDS: [&str; 4] = [
    "Attaching ",
    "Attached ",
    "couldn't set RLIMIT_MEMLOCK",
    "available_filter_functions",
];

/// `@name: value`, `@name[keys]: value`; a histogram has its buckets on the lines that follow.
fn entry(line: &str) -> Option<Entry> {
    let rest = line.strip_prefix('@')?;
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    let (keys, value) = match rest.strip_prefix('[') {
        Some(inner) => {
            let (keys, value) = inner.rsplit_once("]:")?;
            (split_keys(keys), value)
        }
        None => (Vec::new(), rest.strip_prefix(':')?),
    };
    let value = value.trim();
    let value = if value.is_empty() {
        Value::Buckets(Vec::new())
    } else if let Ok(number) = value.parse() {
        Value::Number(number)
    } else {
        stats(value).unwrap_or_else(|| Value::Text(value.to_owned()))
    };
    Some(Entry {
        name: format!("@{name}"),
        keys,
        value,
    })
}

/// `count 4, average 2, total 9`; since 0.24 `{ .count = 4, .average = 2, .total = 9 }`.
fn stats(value: &str) -> Option<Value> {
    let plain = value.replace(['{', '}', '.', '='], "");
    let mut parts = plain.split(',').map(|part| part.trim().split_once(' '));
    let mut next = |name: &str| -> Option<i128> {
        let (found, number) = parts.next()??;
        (found == name).then(|| number.trim().parse().ok())?
    };
    Some(Value::Stats {
        count: next("count")?,
        average: next("average")?,
        total: next("total")?,
    })
}

/// Splits at the commas that are not inside brackets: Go's names have commas of their own.
pub(super) fn split_keys(keys: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let mut all = vec![String::new()];
    for c in keys.chars() {
        match c {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                all.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    all.iter().map(|key| key.trim().to_owned()).collect()
}

/// `[2, 4)   17 |@@@@ |`, `[0]`, `(..., 0)`, `[1K, 2K)`, `[90, ...)`.
fn bucket(line: &str) -> Option<(Option<i128>, i128)> {
    let bounds = line.strip_prefix(['[', '('])?;
    let end = bounds.find([']', ')'])?;
    let (range, rest) = bounds.split_at(end);
    let samples = rest.get(1..)?.split('|').next()?.trim().parse().ok()?;
    let low = range.split(',').next()?.trim();
    Some((if low == "..." { None } else { Some(scaled(low)?) }, samples))
}

/// `512`, `2K` (2,048), `16M`, `1G`.
fn scaled(text: &str) -> Option<i128> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let power = match &text[digits.len()..] {
        "" => 0,
        "K" => 1,
        "M" => 2,
        "G" => 3,
        "T" => 4,
        "P" => 5,
        "E" => 6,
        _ => return None,
    };
    Some(digits.parse::<i128>().ok()? * 1024_i128.pow(power))
}
