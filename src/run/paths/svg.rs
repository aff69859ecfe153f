//! A flame graph: a drawing for a browser, in which a click enlarges a frame and names can be searched. Its script is
//! in the file; nothing is fetched.

use super::{Heading, Paths, Unit};
use crate::visible::visible;
use inferno::flamegraph;
use std::io::{self, Write};

/// The library adds the numbers up in 64 bits.
const MOST: u128 = 1 << 62;

impl Paths {
    /// Writes a flame graph.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write_svg(&self, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
        let lines = self.lines();
        let mut options = flamegraph::Options::default();
        options.title = visible(&heading.title).into_owned();
        options.count_name = self
            .measures
            .last()
            .map_or_else(String::new, |last| match last.unit {
                Unit::Count => last.name.clone(),
                Unit::Nanoseconds => "ns".to_owned(),
                Unit::Bytes => "bytes".to_owned(),
            });
        // The same file each time.
        options.deterministic = true;
        // The library sorts lines as text, by which `main.f.func1` comes between two lines of `main.f`, which are not
        // drawn as one then. So it is told that the order is that of time: it takes lines from last to first.
        options.flame_chart = true;
        let mut drawing = Vec::new();
        let drawn =
            flamegraph::from_lines(&mut options, lines.iter().rev().map(String::as_str), &mut drawing);
        // Of no lines there is a drawing that says so, and an error.
        if !lines.is_empty() {
            drawn?;
        }
        out.write_all(&drawing)
    }

    /// Folded stacks, whose sum the library can add up.
    fn lines(&self) -> Vec<String> {
        let folded = self.folded();
        let total: u128 = folded.values().map(|sum| u128::from(*sum)).sum();
        let parts = u64::try_from(total / MOST + 1).unwrap_or(u64::MAX);
        let lines = folded.iter();
        lines
            .map(|(path, sum)| format!("{} {}", path.join(";"), (sum / parts).max(1)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Frame, Heading, Measure, Paths, Unit};
    use roxmltree::{Document, ParsingOptions};

    fn titles(paths: &Paths, title: &str) -> Vec<String> {
        let heading = Heading {
            title: title.to_owned(),
            ..Heading::default()
        };
        let mut out = Vec::new();
        paths.write_svg(&heading, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for fetched in ["href=", "@import", "url(http", "src="] {
            assert!(!text.contains(fetched), "{fetched} in the drawing");
        }
        let options = ParsingOptions {
            allow_dtd: true,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(&text, options).unwrap();
        assert_eq!(document.root_element().tag_name().name(), "svg");
        let titles = document
            .descendants()
            .filter(|node| node.tag_name().name() == "title");
        let titles = titles.filter_map(|node| node.text().map(str::to_owned));
        let mut titles: Vec<String> = titles.collect();
        titles.sort();
        titles
    }

    fn paths(rows: &[(&[&str], u64)]) -> Paths {
        let mut paths = Paths::new(vec![Measure::new("calls", Unit::Count)]);
        for (names, count) in rows {
            let frames: Vec<Frame> = names.iter().map(|name| Frame::named(*name)).collect();
            paths.add(&frames, &[*count]);
        }
        paths
    }

    #[test]
    fn a_function_is_one_frame() {
        let paths = paths(&[
            (&["main.f"], 10),
            (&["main.f", "main.g"], 20),
            (&["main.f.func1"], 30),
            (&["main.f", "main.h"], 40),
        ]);
        assert_eq!(
            titles(&paths, "x"),
            [
                "all (100 calls, 100%)",
                "main.f (70 calls, 70.00%)",
                "main.f.func1 (30 calls, 30.00%)",
                "main.g (20 calls, 20.00%)",
                "main.h (40 calls, 40.00%)",
            ]
        );
    }

    #[test]
    fn any_name_is_text() {
        let hostile = [
            "</title><script>",
            "]]>&amp;\"'",
            "\u{1b}[2J\u{0}\u{ffff}",
            "a b 12",
            "`",
            "ж",
            "[[",
            "_[k]",
            "",
        ];
        let mut all = paths(&[]);
        for name in hostile {
            all.add(&[Frame::named(name)], &[u64::MAX / 2]);
        }
        assert_eq!(titles(&all, hostile[0]).len(), hostile.len() + 1);
        assert_eq!(titles(&paths(&[]), "x"), [""; 0]);
    }
}
