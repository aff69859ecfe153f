//! A profile as `go tool pprof` reads it: `profile.proto` of pprof, compressed by gzip.
//!
//! The messages have the numbers of that file's fields; those that are not written here are left out.

use super::{Frame, Heading, Paths};
use crate::visible::visible;
use flate2::Compression;
use flate2::write::GzEncoder;
use prost::Message;
use std::collections::BTreeMap;
use std::io::{self, Write};

#[derive(Clone, PartialEq, Message)]
struct Profile {
    #[prost(message, repeated, tag = "1")]
    sample_type: Vec<ValueType>,
    #[prost(message, repeated, tag = "2")]
    sample: Vec<Sample>,
    #[prost(message, repeated, tag = "3")]
    mapping: Vec<Mapping>,
    #[prost(message, repeated, tag = "4")]
    location: Vec<Location>,
    #[prost(message, repeated, tag = "5")]
    function: Vec<Function>,
    #[prost(string, repeated, tag = "6")]
    string_table: Vec<String>,
    #[prost(int64, tag = "9")]
    time_nanos: i64,
    #[prost(int64, tag = "10")]
    duration_nanos: i64,
}

/// Texts are numbers in `string_table`.
#[derive(Clone, PartialEq, Message)]
struct ValueType {
    #[prost(int64, tag = "1")]
    kind: i64,
    #[prost(int64, tag = "2")]
    unit: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Sample {
    /// The leaf is the first.
    #[prost(uint64, repeated, tag = "1")]
    location_id: Vec<u64>,
    #[prost(int64, repeated, tag = "2")]
    value: Vec<i64>,
}

#[derive(Clone, PartialEq, Message)]
struct Mapping {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "5")]
    filename: i64,
    #[prost(bool, tag = "7")]
    has_functions: bool,
    #[prost(bool, tag = "8")]
    has_filenames: bool,
    #[prost(bool, tag = "9")]
    has_line_numbers: bool,
    #[prost(bool, tag = "10")]
    has_inline_frames: bool,
}

#[derive(Clone, PartialEq, Message)]
struct Location {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(uint64, tag = "2")]
    mapping_id: u64,
    #[prost(message, repeated, tag = "4")]
    line: Vec<Line>,
}

#[derive(Clone, PartialEq, Message)]
struct Line {
    #[prost(uint64, tag = "1")]
    function_id: u64,
    #[prost(int64, tag = "2")]
    line: i64,
}

#[derive(Clone, PartialEq, Message)]
struct Function {
    #[prost(uint64, tag = "1")]
    id: u64,
    #[prost(int64, tag = "2")]
    name: i64,
    #[prost(int64, tag = "3")]
    system_name: i64,
    #[prost(int64, tag = "4")]
    filename: i64,
}

/// The only mapping: the program.
const PROGRAM: u64 = 1;

/// Texts by their numbers; the empty one is the first.
struct Texts {
    numbers: BTreeMap<String, i64>,
    texts: Vec<String>,
}

impl Texts {
    fn new() -> Self {
        Self {
            numbers: BTreeMap::from([(String::new(), 0)]),
            texts: vec![String::new()],
        }
    }

    fn number(&mut self, text: &str) -> i64 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = signed(self.texts.len() as u64);
        self.numbers.insert(text.to_owned(), number);
        // pprof writes to a terminal what it finds.
        self.texts.push(visible(text).into_owned());
        number
    }
}

impl Paths {
    /// Writes a profile. Each measure is one of its sample types; pprof shows the last unless it is told another.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write_pprof(&self, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
        let mut out = GzEncoder::new(out, Compression::default());
        out.write_all(&self.profile(heading).encode_to_vec())?;
        out.finish().map(drop)
    }

    fn profile(&self, heading: &Heading) -> Profile {
        let mut texts = Texts::new();
        let types = self.measures.iter().map(|measure| ValueType {
            kind: texts.number(&measure.name),
            unit: texts.number(measure.unit.pprof()),
        });
        let mut profile = Profile {
            sample_type: types.collect(),
            time_nanos: heading.began.unwrap_or(0),
            duration_nanos: heading.lasted.unwrap_or(0),
            mapping: vec![Mapping {
                id: PROGRAM,
                filename: texts.number(&heading.program),
                // Otherwise pprof looks for the program to get them.
                has_functions: true,
                has_filenames: true,
                has_line_numbers: true,
                has_inline_frames: true,
            }],
            ..Profile::default()
        };
        let mut functions = BTreeMap::new();
        for (number, frame) in self.frames().into_iter().enumerate() {
            let function_id = function(frame, &mut functions, &mut profile, &mut texts);
            profile.location.push(Location {
                id: number as u64 + 1,
                mapping_id: PROGRAM,
                line: vec![Line {
                    function_id,
                    line: i64::from(frame.line),
                }],
            });
        }
        let samples = self.paths.iter().map(|(path, values)| Sample {
            location_id: path.iter().rev().map(|number| *number as u64 + 1).collect(),
            value: values.iter().map(|value| signed(*value)).collect(),
        });
        profile.sample = samples.collect();
        profile.string_table = texts.texts;
        profile
    }
}

/// The number of the frame's function, which is a new one for each file that has a function of this name.
fn function<'f>(
    frame: &'f Frame,
    known: &mut BTreeMap<(&'f str, &'f str), u64>,
    profile: &mut Profile,
    texts: &mut Texts,
) -> u64 {
    *known.entry((&frame.function, &frame.file)).or_insert_with(|| {
        let id = profile.function.len() as u64 + 1;
        let name = texts.number(&frame.function);
        profile.function.push(Function {
            id,
            name,
            system_name: name,
            filename: texts.number(&frame.file),
        });
        id
    })
}

/// pprof's numbers have a sign.
fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{Frame, Heading, Measure, Paths, Unit};
    use std::io::Read as _;

    /// The fields of a message: the number, and a number or bytes.
    fn fields(mut bytes: &[u8]) -> Vec<(u64, u64, &[u8])> {
        let mut found = Vec::new();
        while !bytes.is_empty() {
            let tag = varint(&mut bytes);
            let value = varint(&mut bytes);
            let content = if tag & 7 == 2 {
                let (content, rest) = bytes.split_at(usize::try_from(value).unwrap());
                bytes = rest;
                content
            } else {
                &[]
            };
            found.push((tag >> 3, value, content));
        }
        found
    }

    fn varint(bytes: &mut &[u8]) -> u64 {
        let mut n = 0;
        for shift in (0..).step_by(7) {
            let byte = bytes[0];
            *bytes = &bytes[1..];
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return n;
            }
        }
        n
    }

    /// `tests/go/paths.rs` has pprof read such a file.
    #[test]
    fn a_profile_has_the_fields_of_profile_proto() {
        let mut paths = Paths::new(vec![
            Measure::new("calls", Unit::Count),
            Measure::new("time", Unit::Nanoseconds),
        ]);
        let frame = |function: &str, line| Frame {
            function: function.to_owned(),
            file: "main.go".to_owned(),
            line,
        };
        paths.add(&[frame("main.main", 7), frame("main.f", 300)], &[2, u64::MAX]);
        let mut zipped = Vec::new();
        paths.write_pprof(&Heading::default(), &mut zipped).unwrap();
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(&*zipped)
            .read_to_end(&mut bytes)
            .unwrap();
        let profile = fields(&bytes);
        let of = |number| -> Vec<&[u8]> {
            let found = profile.iter().filter(|(n, ..)| *n == number);
            found.map(|(_, _, content)| *content).collect()
        };
        let texts = of(6);
        let text = |n: u64| std::str::from_utf8(texts[usize::try_from(n).unwrap()]).unwrap();
        assert_eq!(texts[0], b"");
        let types: Vec<_> = of(1)
            .iter()
            .map(|t| fields(t).iter().map(|f| text(f.1)).collect::<Vec<_>>())
            .collect();
        assert_eq!(types, [["calls", "count"], ["time", "nanoseconds"]]);
        let sample = fields(of(2)[0]);
        assert_eq!(sample[0].2, [2, 1]);
        let mut values = sample[1].2;
        assert_eq!(
            (varint(&mut values), varint(&mut values)),
            (2, u64::try_from(i64::MAX).unwrap())
        );
        let function = fields(of(5)[1]);
        assert_eq!((function[0].1, text(function[1].1)), (2, "main.f"));
        let line = fields(of(4)[1]);
        assert_eq!(fields(line[2].2), [(1, 2, &[][..]), (2, 300, &[])]);
    }
}
