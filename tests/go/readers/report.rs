//! What a comparison found, as numbers: how much was compared, how much agrees, and each kind of disagreement with an
//! example.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Of what is not explained so many are shown.
const MOST_EXAMPLES: usize = 12;

/// One kind of disagreement or refusal.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// How often.
    pub count: u64,
    /// The first few.
    pub examples: Vec<String>,
    /// Its cause is known.
    pub explained: bool,
}

/// One question, asked of everything in a program.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Answers that are the same.
    pub agree: u64,
    /// No answer from the other reader, by why.
    pub silent: BTreeMap<&'static str, u64>,
    /// Answers that differ, by cause.
    pub kinds: BTreeMap<String, Kind>,
}

impl Tally {
    /// The two say the same.
    pub fn agree(&mut self) {
        self.agree += 1;
    }

    /// The other reader says nothing; why.
    pub fn silent(&mut self, why: &'static str) {
        *self.silent.entry(why).or_default() += 1;
    }

    /// The two differ, for a cause that is known.
    pub fn differ(&mut self, cause: &str, example: impl FnOnce() -> String) {
        self.note(cause, true, example);
    }

    /// The two differ, and nobody knows why: the comparison fails.
    pub fn unexplained(&mut self, what: &str, example: impl FnOnce() -> String) {
        self.note(what, false, example);
    }

    fn note(&mut self, what: &str, explained: bool, example: impl FnOnce() -> String) {
        let kind = self.kinds.entry(what.to_owned()).or_insert_with(|| Kind {
            explained,
            examples: Vec::new(),
            count: 0,
        });
        kind.count += 1;
        if kind.examples.is_empty() || !explained && kind.examples.len() < MOST_EXAMPLES {
            kind.examples.push(example());
        }
    }

    /// Where both said something.
    pub fn compared(&self) -> u64 {
        self.agree + self.kinds.values().map(|kind| kind.count).sum::<u64>()
    }
}

/// All questions about one program.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// By the question, in the order of the table.
    pub tallies: BTreeMap<&'static str, Tally>,
}

impl Report {
    /// The tally of a question.
    pub fn of(&mut self, question: &'static str) -> &mut Tally {
        self.tallies.entry(question).or_default()
    }

    /// What nobody can explain.
    pub fn unexplained(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (question, tally) in &self.tallies {
            for (what, kind) in tally.kinds.iter().filter(|(_, kind)| !kind.explained) {
                lines.push(format!(
                    "{question}: {what}, {} times:\n    {}",
                    kind.count,
                    kind.examples.join("\n    ")
                ));
            }
        }
        lines
    }
}

/// Tables in Markdown: for each question the programs, then every kind with its count over all programs and an example.
pub fn tables(reports: &BTreeMap<String, Report>) -> String {
    let mut text = String::new();
    let questions: std::collections::BTreeSet<&str> = reports
        .values()
        .flat_map(|report| report.tallies.keys().copied())
        .collect();
    for question in questions {
        let _ = writeln!(text, "\n### {question}\n");
        let _ = writeln!(
            text,
            "| program | compared | agree | differ | unexplained | not said |\n| --- | ---: | ---: | ---: | ---: | ---: |"
        );
        let mut kinds: BTreeMap<&str, (u64, String)> = BTreeMap::new();
        let mut silent: BTreeMap<&str, u64> = BTreeMap::new();
        for (program, report) in reports {
            let Some(tally) = report.tallies.get(question) else {
                continue;
            };
            let count = |explained: bool| -> u64 {
                let kinds = tally.kinds.values().filter(|kind| kind.explained == explained);
                kinds.map(|kind| kind.count).sum()
            };
            let _ = writeln!(
                text,
                "| {program} | {} | {} | {} | {} | {} |",
                tally.compared(),
                tally.agree,
                count(true),
                count(false),
                tally.silent.values().sum::<u64>()
            );
            for (what, kind) in &tally.kinds {
                let entry = kinds
                    .entry(what)
                    .or_insert_with(|| (0, format!("{program}: {}", kind.examples[0])));
                entry.0 += kind.count;
            }
            for (why, count) in &tally.silent {
                *silent.entry(why).or_default() += count;
            }
        }
        if !kinds.is_empty() {
            let _ = writeln!(text, "\n| differ | times | example |\n| --- | ---: | --- |");
            for (what, (count, example)) in kinds {
                let example: String = example.chars().take(300).collect();
                let _ = writeln!(text, "| {what} | {count} | `{}` |", example.replace('|', "/"));
            }
        }
        if !silent.is_empty() {
            let _ = writeln!(text, "\n| not said | times |\n| --- | ---: |");
            for (why, count) in silent {
                let _ = writeln!(text, "| {why} | {count} |");
            }
        }
    }
    text
}
