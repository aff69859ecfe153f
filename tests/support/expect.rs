//! What a live case expects, as lines in its header.
//!
//! ```text
//! @count == truth fib                  a scalar; `@count[main.fib]`, `@count[_, 7]` an entry (`_` stands for any key)
//! sum @latency_us == truth fib         all samples of a map: counters, histograms, statistics
//! every @ticks == truth tick           the same over everything printed, for maps that are printed and cleared
//! keys @count == 3                     entries of a map
//! low @latency_us >= 8192              the lower bound of the lowest bucket that holds samples; `high` of the highest
//! total @took == 5, average @took < 9  of statistics
//! lines /^PUT / == truth puts          lines that match; `lines` alone: all lines
//! line "key is {truth first}"          this line was printed; `line "…" == 2`: so many times
//! no lines /nil/                       none match
//! lines are truth shown                all lines, in any order, are the texts that the truth calls `shown1`, `shown2`…
//! keys of @by are truth said           likewise the keys of a map; several of the texts may be the same
//! said /Map full/ == 12                lines of bpftrace's standard output and error, whatever they are
//! lost == 0                            events that bpftrace says were lost
//! ```
//!
//! `{truth NAME}` in a key, a text or a pattern is what the program said. Sides are sums of terms: `truth returns -
//! truth before`, `3 * truth fib`. With several processes `truth NAME` is the sum over them, and `truth NAME#2` is of
//! the second.

use super::program::Truth;
use super::trace::{Entry, Trace, Value};
use regex_lite::Regex;
use std::collections::BTreeMap;

/// The truth that each process reported.
pub type Truths = [BTreeMap<String, Truth>];

/// Checks one expectation; an error says what there was instead.
pub fn check(expectation: &str, trace: &Trace, truths: &Truths) -> Result<(), String> {
    let checked = Checker { trace, truths }.check(expectation.trim());
    checked.map_err(|why| format!("expect: {expectation}\n    {why}"))
}

struct Checker<'a> {
    trace: &'a Trace,
    truths: &'a Truths,
}

impl Checker<'_> {
    fn check(&self, text: &str) -> Result<(), String> {
        if let Some(pattern) = text.strip_prefix("no lines ") {
            return self.compare(&format!("lines {pattern} == 0"));
        }
        if let Some(name) = text.strip_prefix("lines are truth ") {
            return self.all_lines(name.trim());
        }
        if let Some((map, name)) = text
            .strip_prefix("keys of ")
            .and_then(|of| of.split_once(" are truth "))
        {
            return self.all_keys(map, name.trim());
        }
        if text.starts_with("line ") && text.ends_with('"') {
            return self.compare(&format!("{text} >= 1"));
        }
        self.compare(text)
    }

    fn all_lines(&self, name: &str) -> Result<(), String> {
        let lines = self.trace.lines.iter().map(String::as_str);
        let printed: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        same(printed, self.texts(name)?, "lines")
    }

    fn all_keys(&self, map: &str, name: &str) -> Result<(), String> {
        let keys: Vec<String> = self
            .entries(map)?
            .iter()
            .map(|entry| entry.keys.join(", "))
            .collect();
        let mut wanted = self.texts(name)?;
        wanted.sort_unstable();
        wanted.dedup();
        same(keys.iter().map(String::as_str).collect(), wanted, "keys")
    }

    /// The texts that the truth calls by this name and a number.
    fn texts(&self, name: &str) -> Result<Vec<&str>, String> {
        let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
        let of_all = self.truths.iter().flatten();
        let texts = of_all.filter_map(|(key, truth)| match truth {
            Truth::Text(text) if key.strip_prefix(name).is_some_and(is_number) => Some(text.as_str()),
            _ => None,
        });
        let texts: Vec<&str> = texts.collect();
        match texts.is_empty() {
            true => Err(format!("the truth has no {name}")),
            false => Ok(texts),
        }
    }

    fn compare(&self, text: &str) -> Result<(), String> {
        let (left, operator, right) = split_comparison(text).ok_or("this is not a comparison")?;
        let (l, r) = (self.sum(left)?, self.sum(right)?);
        let holds = match operator {
            "==" => l == r,
            "!=" => l != r,
            "<=" => l <= r,
            ">=" => l >= r,
            "<" => l < r,
            _ => l > r,
        };
        if holds {
            Ok(())
        } else {
            Err(format!("{left} is {l}, {right} is {r}"))
        }
    }

    fn sum(&self, text: &str) -> Result<i128, String> {
        let mut total = 0;
        let mut sign = 1;
        for part in split_terms(text) {
            match part.as_str() {
                "+" => sign = 1,
                "-" => sign = -1,
                term => total += sign * self.term(term.trim())?,
            }
        }
        Ok(total)
    }

    fn term(&self, term: &str) -> Result<i128, String> {
        if let Ok(number) = term.replace('_', "").parse() {
            return Ok(number);
        }
        if let Some((factor, rest)) = term.split_once(" * ")
            && let Ok(factor) = factor.parse::<i128>()
        {
            return Ok(factor * self.term(rest)?);
        }
        if term.starts_with('@') {
            return self.value(term);
        }
        if term == "lines" {
            return count(self.trace.lines.iter().filter(|line| !line.is_empty()).count());
        }
        if term == "lost" {
            return Ok(self.trace.lost_events());
        }
        let (word, rest) = term
            .split_once(' ')
            .ok_or_else(|| format!("`{term}` is not a term"))?;
        let rest = rest.trim();
        match word {
            "truth" => self.truth(rest),
            "line" => self.equal_lines(rest),
            "lines" => self.matching_lines(rest, &self.trace.lines, &[]),
            "said" => self.matching_lines(rest, &self.trace.stdout, &self.trace.stderr),
            "keys" => count(self.entries(rest)?.len()),
            "sum" => Ok(self
                .entries(rest)?
                .iter()
                .map(|entry| entry.value.samples())
                .sum()),
            "every" => {
                let (name, _) = map_reference(rest)?;
                Ok(self
                    .trace
                    .every(name)
                    .iter()
                    .map(|entry| entry.value.samples())
                    .sum())
            }
            "low" | "high" => self.bound(rest, word == "low"),
            "total" | "average" => self.statistic(rest, word == "total"),
            _ => Err(format!("`{word}` is not a term")),
        }
    }

    fn value(&self, reference: &str) -> Result<i128, String> {
        match self.entries(reference)?.as_slice() {
            [] => Err(format!("{reference} was not printed; there are {}", self.known())),
            [
                Entry {
                    value: Value::Number(number),
                    ..
                },
            ] => Ok(*number),
            [other] => Err(format!("{reference} is not a number: {:?}", other.value)),
            several => Err(format!("{reference} has {} entries", several.len())),
        }
    }

    fn known(&self) -> String {
        let names: Vec<String> = self
            .trace
            .entries
            .iter()
            .map(|entry| format!("{}[{}]", entry.name, entry.keys.join(", ")))
            .collect();
        if names.is_empty() {
            "no maps".into()
        } else {
            names.join(" ")
        }
    }

    fn entries(&self, reference: &str) -> Result<Vec<&Entry>, String> {
        let reference = self.fill(reference)?;
        let (name, keys) = map_reference(&reference)?;
        let fits = |entry: &&Entry| match &keys {
            None => true,
            Some(keys) => {
                keys.len() == entry.keys.len()
                    && keys.iter().zip(&entry.keys).all(|(k, e)| k == "_" || k == e)
            }
        };
        Ok(self.trace.map(name).into_iter().filter(fits).collect())
    }

    fn bound(&self, reference: &str, low: bool) -> Result<i128, String> {
        let entries = self.entries(reference)?;
        let bounds = entries.iter().filter_map(|entry| match &entry.value {
            Value::Buckets(buckets) => Some(buckets),
            _ => None,
        });
        let bounds = bounds
            .flatten()
            .filter(|(_, samples)| *samples > 0)
            .filter_map(|(bound, _)| *bound);
        let found = if low { bounds.min() } else { bounds.max() };
        found.ok_or_else(|| format!("{reference} has no samples"))
    }

    fn statistic(&self, reference: &str, of_total: bool) -> Result<i128, String> {
        let entries = self.entries(reference)?;
        let each = entries.iter().filter_map(|entry| match entry.value {
            Value::Stats { average, total, .. } => Some(if of_total { total } else { average }),
            _ => None,
        });
        let each: Vec<i128> = each.collect();
        match (each.as_slice(), of_total) {
            ([], _) => Err(format!(
                "{reference} holds no statistics; there are {}",
                self.known()
            )),
            (all, true) => Ok(all.iter().sum()),
            ([one], false) => Ok(*one),
            _ => Err(format!("{reference} has several averages")),
        }
    }

    fn truth(&self, reference: &str) -> Result<i128, String> {
        match self.truth_values(reference)?.as_slice() {
            [] => Err(format!("the program said nothing of {reference}")),
            values => values
                .iter()
                .map(|value| match value {
                    Truth::Number(number) => Ok(*number),
                    Truth::Text(_) => Err(format!("truth {reference} is a text")),
                })
                .sum(),
        }
    }

    fn truth_values(&self, reference: &str) -> Result<Vec<&Truth>, String> {
        let (name, process) = match reference.split_once('#') {
            Some((name, number)) => (
                name,
                Some(number.parse::<usize>().map_err(|error| error.to_string())?),
            ),
            None => (reference, None),
        };
        let of_process = |index: usize| process.is_none_or(|number| number == index + 1);
        Ok(self
            .truths
            .iter()
            .enumerate()
            .filter(|(index, _)| of_process(*index))
            .filter_map(|(_, truth)| truth.get(name))
            .collect())
    }

    fn equal_lines(&self, quoted: &str) -> Result<i128, String> {
        let wanted = self.fill(&literal(quoted)?)?;
        // A text that is printed may have line ends of its own.
        let pieces: Vec<&str> = wanted.split('\n').collect();
        let found = self
            .trace
            .lines
            .windows(pieces.len())
            .filter(|window| window.iter().eq(pieces.iter()))
            .count();
        if found == 0 {
            return Err(format!(
                "no line is {wanted:?}; printed were:\n{}",
                self.trace.lines.join("\n")
            ));
        }
        count(found)
    }

    fn matching_lines(&self, pattern: &str, lines: &[String], more: &[String]) -> Result<i128, String> {
        let inner = pattern.strip_prefix('/').and_then(|p| p.strip_suffix('/'));
        let inner = inner.ok_or_else(|| format!("`{pattern}` is not /…/"))?;
        let regex = Regex::new(&self.fill(inner)?).map_err(|error| error.to_string())?;
        let all = lines.iter().chain(more);
        count(all.filter(|line| regex.is_match(line)).count())
    }

    /// Puts the truth in the place of `{truth NAME}`.
    fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{truth ") {
            let (name, after) = after.split_once('}').ok_or("`{truth` without `}`")?;
            filled.push_str(before);
            match self.truth_values(name)?.first() {
                Some(Truth::Number(number)) => filled.push_str(&number.to_string()),
                Some(Truth::Text(text)) => filled.push_str(text),
                None => return Err(format!("the program said nothing of {name}")),
            }
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// Compares what was printed with what is wanted, in any order.
fn same(mut printed: Vec<&str>, mut wanted: Vec<&str>, what: &str) -> Result<(), String> {
    printed.sort_unstable();
    wanted.sort_unstable();
    if printed == wanted {
        return Ok(());
    }
    let only = |these: &[&str], those: &[&str]| -> Vec<String> {
        let missing = these.iter().filter(|line| !those.contains(line));
        missing.take(10).map(|line| (*line).to_string()).collect()
    };
    Err(format!(
        "{} {what}, {} expected\n    printed: {:#?}\n    expected: {:#?}",
        printed.len(),
        wanted.len(),
        only(&printed, &wanted),
        only(&wanted, &printed),
    ))
}

fn count(n: usize) -> Result<i128, String> {
    i128::try_from(n).map_err(|error| error.to_string())
}

/// `@name` or `@name[key, key]`.
fn map_reference(text: &str) -> Result<(&str, Option<Vec<String>>), String> {
    if !text.starts_with('@') {
        return Err(format!("`{text}` is not a map"));
    }
    match text.split_once('[') {
        None => Ok((text, None)),
        Some((name, keys)) => {
            let keys = keys
                .strip_suffix(']')
                .ok_or_else(|| format!("`{text}` lacks its `]`"))?;
            Ok((name, Some(super::trace::split_keys(keys))))
        }
    }
}

/// The text of a JSON string, which is how header lines write texts.
fn literal(quoted: &str) -> Result<String, String> {
    serde_json::from_str(quoted).map_err(|error| format!("{quoted} is not a text: {error}"))
}

/// Cuts at the last comparison operator that is not inside a text, a pattern or brackets.
fn split_comparison(text: &str) -> Option<(&str, &str, &str)> {
    let operators = [" == ", " != ", " <= ", " >= ", " < ", " > "];
    let (at, operator) = operators
        .iter()
        .filter_map(|operator| Some((text.rfind(operator)?, *operator)))
        .max_by_key(|(at, _)| *at)?;
    Some((
        text.get(..at)?.trim(),
        operator.trim(),
        text.get(at + operator.len()..)?.trim(),
    ))
}

/// Cuts at ` + ` and ` - ` outside texts and patterns, keeping the signs as parts of their own.
fn split_terms(text: &str) -> Vec<String> {
    if text.contains(['"', '/']) {
        return vec![text.to_owned()];
    }
    let mut parts = vec![String::new()];
    for word in text.split(' ') {
        if word == "+" || word == "-" {
            parts.push(word.to_owned());
            parts.push(String::new());
        } else if let Some(last) = parts.last_mut() {
            last.push_str(word);
            last.push(' ');
        }
    }
    parts.iter().map(|part| part.trim().to_owned()).collect()
}
