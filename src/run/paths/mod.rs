//! Paths of frames with what was measured on them, and the files for other tools that are written from them: folded
//! stacks, a flame graph, a profile for pprof.

mod folded;
mod pprof;
mod svg;

use std::collections::BTreeMap;

/// A function that calls, or is called, on a path.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Frame {
    /// The function's name, as Go's stack traces have it.
    pub function: String,
    /// The file of the line; empty if it is not known.
    pub file: String,
    /// The line that is executed; 0 if it is not known.
    pub line: u32,
}

impl Frame {
    /// A frame of which only the function is known.
    #[must_use]
    pub fn named(function: impl Into<String>) -> Self {
        Self {
            function: function.into(),
            ..Self::default()
        }
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Things: calls, samples.
    Count,
    /// Time.
    Nanoseconds,
    /// Memory.
    Bytes,
}

impl Unit {
    /// As pprof spells it.
    const fn pprof(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Nanoseconds => "nanoseconds",
            Self::Bytes => "bytes",
        }
    }
}

/// One of the numbers that each path has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// What it is, in a word: `calls`, `time`.
    pub name: String,
    /// What it counts.
    pub unit: Unit,
}

impl Measure {
    /// A measure.
    #[must_use]
    pub fn new(name: impl Into<String>, unit: Unit) -> Self {
        Self {
            name: name.into(),
            unit,
        }
    }
}

/// What a file says of its paths.
#[derive(Clone, Debug, Default)]
pub struct Heading {
    /// The title of a drawing.
    pub title: String,
    /// The traced executable; empty if it is not known.
    pub program: String,
    /// When the trace began, in nanoseconds since 1970.
    pub began: Option<i64>,
    /// How long it lasted, in nanoseconds.
    pub lasted: Option<i64>,
}

/// Paths from a root to a leaf, each once, with the numbers of that leaf alone: those of a path do not contain those of
/// longer paths.
#[derive(Clone, Debug)]
pub struct Paths {
    measures: Vec<Measure>,
    frames: BTreeMap<Frame, usize>,
    paths: BTreeMap<Vec<usize>, Vec<u64>>,
}

impl Paths {
    /// No paths yet. Files with room for a single number have the last measure.
    #[must_use]
    pub fn new(measures: Vec<Measure>) -> Self {
        Self {
            measures,
            frames: BTreeMap::new(),
            paths: BTreeMap::new(),
        }
    }

    /// Adds `values`, one for each measure, to those of `path`, which begins with the root.
    pub fn add<'f>(&mut self, path: impl IntoIterator<Item = &'f Frame>, values: &[u64]) {
        let path = path.into_iter().map(|frame| {
            let next = self.frames.len();
            match self.frames.get(frame) {
                Some(number) => *number,
                None => *self.frames.entry(frame.clone()).or_insert(next),
            }
        });
        let path: Vec<usize> = path.collect();
        let sums = self
            .paths
            .entry(path)
            .or_insert_with(|| vec![0; self.measures.len()]);
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum = sum.saturating_add(*value);
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    /// Frames by their numbers.
    fn frames(&self) -> Vec<&Frame> {
        let mut frames: Vec<_> = self.frames.iter().collect();
        frames.sort_unstable_by_key(|(_, number)| **number);
        frames.into_iter().map(|(frame, _)| frame).collect()
    }
}
