//! A script's output, results and lines, as data, from which headers, tables and schemas are made.

use super::{Aggregation, Part};
use crate::plan::format::Format;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A result: a map that a user sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its name without `@`.
    pub name: String,
    /// What the result describes.
    pub of: Subject,
    /// How the numbers are aggregated.
    pub shape: Shape,
    /// What the numbers count.
    pub unit: Unit,
    /// The aggregated value; none if calls are only counted or timed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Column>,
    /// Its keys, in the order of the map's keys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// The name of the result for keys whose texts were not read whole; none if no key is text. Behind each text, its
    /// keys have a number that tells texts with the same beginning apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_whole: Option<String>,
    /// So many of its rows are shown, the largest; all if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<u64>,
    /// It is of one call of so many; of all if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampled: Option<u64>,
}

/// What a result describes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Calls of this function; if none, calls of several functions, which are the first column.
    Calls(Option<String>),
    /// A statement in a block for this function; if none, for several.
    Statement(Option<String>),
    /// Lines that were not written because of a limit of so many a second.
    LinesDropped(u64),
    /// Unsigned values of 2^63 and more, which bpftrace would take for negative.
    ValuesTooLarge,
    /// Calls that were not timed, since too many were open at once.
    CallsNotTimed,
}

/// The result that counts calls that were not timed; it exists only if there were such calls.
pub const CALLS_NOT_TIMED: &str = "calls_not_timed";

/// How the numbers of a result are aggregated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// How many there were.
    Count,
    /// Their sum.
    Sum,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// Their average.
    Avg,
    /// How many, their average, their sum.
    Stats,
    /// How many in each power of two: 0, 1, 2 to 3, 4 to 7, …
    Hist,
    /// Below which value so many of a hundred are.
    Percentiles,
    /// How many in each step of one size, and how many below and above.
    Linear {
        /// Where the first step begins.
        low: i64,
        /// Where the last one ends.
        high: i64,
        /// The size of each.
        step: i64,
    },
}

impl Shape {
    /// The word that asks for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Min => "min",
            Self::Max => "max",
            Self::Avg => "avg",
            Self::Stats => "stats",
            Self::Hist => "hist",
            Self::Percentiles => "percentiles",
            Self::Linear { .. } => "linear",
        }
    }
}

impl From<&Aggregation> for Shape {
    fn from(how: &Aggregation) -> Self {
        match *how {
            Aggregation::Count => Self::Count,
            Aggregation::Sum(_) => Self::Sum,
            Aggregation::Min(_) => Self::Min,
            Aggregation::Max(_) => Self::Max,
            Aggregation::Avg(_) => Self::Avg,
            Aggregation::Stats(_) => Self::Stats,
            Aggregation::Hist(_) => Self::Hist,
            Aggregation::Percentiles(_) => Self::Percentiles,
            Aggregation::Linear(_, low, high, step) => Self::Linear { low, high, step },
        }
    }
}

/// What the numbers of a result count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// Calls.
    Calls,
    /// Times that a statement was reached.
    Times,
    /// Lines.
    Lines,
    /// Values.
    Values,
    /// Whatever the value counts.
    Value,
    /// Time.
    Time(TimeUnit),
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Nanoseconds.
    Ns,
    /// Microseconds.
    Us,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
}

impl TimeUnit {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ns, Self::Us, Self::Ms, Self::S];

    /// The word after `in`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ns => "ns",
            Self::Us => "us",
            Self::Ms => "ms",
            Self::S => "s",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ns => "nanoseconds",
            Self::Us => "microseconds",
            Self::Ms => "milliseconds",
            Self::S => "seconds",
        }
    }

    /// How many nanoseconds it is.
    #[must_use]
    pub fn nanoseconds(self) -> u64 {
        match self {
            Self::Ns => 1,
            Self::Us => 1_000,
            Self::Ms => 1_000_000,
            Self::S => 1_000_000_000,
        }
    }
}

/// A value among others: a key of a result, or what a line shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// The recipe's text (`arg order.Item`), or the name of the argument.
    pub name: String,
    /// Its Go type; none where functions of one result disagree about it.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub ty: Option<String>,
    /// How it is shown; none if it has parts that are shown in different ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

impl Column {
    /// A column of values of one type and format.
    #[must_use]
    pub fn new(name: &str, ty: &str, format: Format) -> Self {
        Self {
            name: name.to_owned(),
            ty: Some(ty.to_owned()),
            format: Some(format),
        }
    }

    /// This column, if another function has `other` for it.
    fn or(self, other: &Self) -> Self {
        Self {
            ty: self.ty.filter(|ty| other.ty.as_ref() == Some(ty)),
            format: self.format.filter(|format| other.format == Some(*format)),
            name: self.name,
        }
    }
}

/// What a function, or several, are called.
fn named(function: &Option<String>) -> &str {
    function.as_deref().unwrap_or("these functions")
}

impl Output {
    /// A result that no function has added to yet.
    #[must_use]
    pub fn new(name: String, of: Subject, unit: Unit) -> Self {
        Self {
            name,
            of,
            shape: Shape::Count,
            unit,
            value: None,
            columns: Vec::new(),
            not_whole: None,
            top: None,
            sampled: None,
        }
    }

    /// Merges the columns of one function that adds to it. `is_first` says that it is the first one.
    pub fn add(&mut self, how: &Aggregation, value: Option<&Column>, columns: &[Column], is_first: bool) {
        self.shape = Shape::from(how);
        if is_first {
            self.value = value.cloned();
            self.columns = columns.to_vec();
        } else {
            let both = |mine: Column, other: Option<&Column>| match other {
                Some(other) => mine.or(other),
                None => mine,
            };
            self.value = self.value.take().map(|mine| both(mine, value));
            let mine = std::mem::take(&mut self.columns).into_iter().enumerate();
            self.columns = mine.map(|(at, mine)| both(mine, columns.get(at))).collect();
        }
        let is_time = |value: &Column| value.format == Some(Format::Duration);
        if self.unit == Unit::Value && self.value.as_ref().is_some_and(is_time) {
            self.unit = Unit::Time(TimeUnit::Ns);
        }
    }

    /// What is in it, for people: `calls of main.fib by goroutine`.
    #[must_use]
    pub fn words(&self) -> String {
        let what = match (&self.of, &self.value) {
            (Subject::Calls(function), _) => {
                let function = named(function);
                match self.unit {
                    Unit::Time(unit) => format!("{} that calls of {function} take", unit.name()),
                    _ => format!("calls of {function}"),
                }
            }
            (Subject::Statement(function), Some(value)) => {
                format!("{} of {} in {}", self.shape.word(), value.name, named(function))
            }
            (Subject::Statement(function), None) => format!("{} in {}", self.shape.word(), named(function)),
            (Subject::LinesDropped(limit), _) => {
                format!("lines that were not written because of `limit {limit}/s`,")
            }
            (Subject::CallsNotTimed, _) => "calls that were not timed,".to_owned(),
            (Subject::ValuesTooLarge, _) => {
                return "unsigned values of 2^63 and more, by the result that they are not in".to_owned();
            }
        };
        let by: Vec<&str> = self.columns.iter().map(|column| column.name.as_str()).collect();
        let mut words = if by.is_empty() {
            what
        } else {
            format!("{what} by {}", by.join(", "))
        };
        if let Some(rows) = self.top {
            words.push_str(&format!(", the {rows} largest"));
        }
        if let Some(of) = self.sampled {
            words.push_str(&format!(", of one call of {of}"));
        }
        words
    }
}

/// A line that is written, and what it shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Its parts, for people.
    pub parts: Vec<Part>,
    /// The values among them.
    pub columns: Vec<Column>,
    /// Which of the parts show each value.
    pub places: Vec<Range<usize>>,
}

impl Line {
    /// Nothing but characters.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let mut line = Line::default();
        line.text(text);
        line
    }

    /// Some lines' content on one.
    #[must_use]
    pub fn of_parts(parts: Vec<Self>) -> Self {
        let mut line = Line::default();
        for part in parts {
            line.append(part);
        }
        line
    }

    /// Characters.
    pub fn text(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Text(text.into()));
    }

    /// A value that is shown as `parts`.
    pub fn value(&mut self, column: Column, parts: Vec<Part>) {
        let begin = self.parts.len();
        self.columns.push(column);
        self.parts.extend(parts);
        self.places.push(begin..self.parts.len());
    }

    /// Appends parts to the line.
    pub fn append(&mut self, more: Self) {
        let before = self.parts.len();
        self.parts.extend(more.parts);
        self.columns.extend(more.columns);
        let moved = |place: Range<usize>| place.start + before..place.end + before;
        self.places.extend(more.places.into_iter().map(moved));
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Output, Shape, Subject, TimeUnit, Unit};
    use crate::plan::format::Format;
    use crate::plan::{Aggregation, Known, Value};

    fn value() -> Value {
        Value::Known(Known::Constant(String::new()))
    }

    #[test]
    fn words_are_drawn_from_the_data() {
        let calls =
            |of: Option<&str>, unit| Output::new("x".into(), Subject::Calls(of.map(str::to_owned)), unit);
        let function = Column::new("function", "string", Format::String);
        let id = Column::new("goroutine", "uint64", Format::Uint);
        let mut several = calls(None, Unit::Time(TimeUnit::Ms));
        several.add(&Aggregation::Hist(value()), None, &[function, id], true);
        assert_eq!(
            several.words(),
            "milliseconds that calls of these functions take by function, goroutine"
        );
        assert_eq!(calls(Some("main.f"), Unit::Calls).words(), "calls of main.f");
        let mut sum = Output::new("x".into(), Subject::Statement(Some("main.f".into())), Unit::Value);
        let weight = Column::new("arg weight", "int", Format::Int);
        sum.add(&Aggregation::Sum(value()), Some(&weight), &[], true);
        assert_eq!(
            (sum.words().as_str(), sum.unit),
            ("sum of arg weight in main.f", Unit::Value)
        );
        let dropped = Output {
            columns: vec![Column::new("probe", "string", Format::String)],
            ..Output::new("x".into(), Subject::LinesDropped(5), Unit::Lines)
        };
        assert_eq!(
            dropped.words(),
            "lines that were not written because of `limit 5/s`, by probe"
        );
    }

    #[test]
    fn functions_that_disagree_leave_a_type_open() {
        let mut output = Output::new("x".into(), Subject::Statement(Some("main.f".into())), Unit::Value);
        let elapsed = Column::new("elapsed", "time.Duration", Format::Duration);
        let how = Aggregation::Linear(value(), 0, 100, 10);
        output.add(
            &how,
            Some(&elapsed),
            &[Column::new("arg x", "int", Format::Int)],
            true,
        );
        output.add(
            &how,
            Some(&elapsed),
            &[Column::new("arg x", "string", Format::String)],
            false,
        );
        assert_eq!(
            (output.columns[0].ty.as_ref(), output.columns[0].format),
            (None, None)
        );
        assert_eq!(output.value, Some(elapsed));
        assert_eq!(output.unit, Unit::Time(TimeUnit::Ns));
        let linear = Shape::Linear {
            low: 0,
            high: 100,
            step: 10,
        };
        assert_eq!(output.shape, linear);
        let json = serde_json::to_string(&output).unwrap();
        assert_eq!(serde_json::from_str::<Output>(&json).unwrap(), output);
    }
}
