//! Folded stacks: a line for each path, `root;…;leaf NUMBER`, as flame graphs are made of.

use super::Paths;
use crate::visible::visible;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The name of a path that has no frames.
const NOTHING: &str = "[no stack]";

impl Paths {
    /// Writes folded stacks. Lines of code are not part of them: paths of the same functions are one.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write_folded(&self, out: &mut dyn Write) -> io::Result<()> {
        self.folded()
            .iter()
            .try_for_each(|(path, sum)| writeln!(out, "{} {sum}", path.join(";")))
    }

    /// The names of each path with the last measure, in order, without those of nothing.
    pub(super) fn folded(&self) -> BTreeMap<Vec<String>, u64> {
        let frames = self.frames();
        let names: Vec<String> = frames.iter().map(|frame| name(&frame.function)).collect();
        let mut sums: BTreeMap<Vec<String>, u64> = BTreeMap::new();
        for (path, values) in &self.paths {
            let value = values.last().copied().unwrap_or(0);
            if value == 0 {
                continue;
            }
            let path = path.iter().filter_map(|number| names.get(*number).cloned());
            let mut path: Vec<String> = path.collect();
            if path.is_empty() {
                path.push(NOTHING.to_owned());
            }
            let sum = sums.entry(path).or_default();
            *sum = sum.saturating_add(value);
        }
        sums
    }
}

/// A function's name in a line of which `;` and the last number are parts, and that is a comment if it begins with `#`.
/// A name that ends in a number of its own would be taken for the count of another profile to compare with.
fn name(function: &str) -> String {
    let mut name = visible(function)
        .replace(';', ",")
        .replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    if let Some((before, last)) = name.rsplit_once(' ')
        && last.chars().all(|c| c.is_ascii_digit() || c == '.')
    {
        name = format!("{before}_{last}");
    }
    let name = name.trim();
    match name.strip_prefix("# ") {
        Some(rest) => format!("#_{rest}"),
        None if name.is_empty() => "?".to_owned(),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Frame, Measure, Paths, Unit};

    fn folded(paths: &Paths) -> String {
        let mut out = Vec::new();
        paths.write_folded(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_path_is_a_line() {
        let mut paths = Paths::new(vec![
            Measure::new("calls", Unit::Count),
            Measure::new("time", Unit::Nanoseconds),
        ]);
        let at = |function: &str, line| Frame {
            line,
            ..Frame::named(function)
        };
        let (main, a, b) = (at("main.main", 1), at("main.a", 2), at("main.a", 3));
        paths.add([&main, &a], &[1, 10]);
        paths.add([&main, &a], &[1, 20]);
        paths.add([&main, &b], &[1, 400]);
        paths.add([&main], &[1, 5]);
        paths.add([&a], &[1, 0]);
        paths.add([], &[1, 7]);
        assert_eq!(
            folded(&paths),
            "[no stack] 7\nmain.main 5\nmain.main;main.a 430\n"
        );
    }

    #[test]
    fn no_name_is_taken_for_something_else() {
        let mut paths = Paths::new(vec![Measure::new("calls", Unit::Count)]);
        let names = [
            "# main.f",
            "main.g[struct { A int; B string }]",
            "a\nb 12",
            "x 3.5",
            "",
        ];
        let frames = names.map(Frame::named);
        paths.add(&frames, &[u64::MAX]);
        paths.add(&frames, &[1]);
        assert_eq!(
            folded(&paths),
            "#_main.f;main.g[struct { A int, B string }];a\\nb_12;x_3.5;? 18446744073709551615\n"
        );
    }
}
