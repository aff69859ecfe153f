//! A flame graph: a drawing for a browser, in which a click enlarges a frame and names can be searched. Its script is
//! in the file; nothing is fetched.

use super::{Heading, Paths, Unit};
use crate::visible::visible;
use inferno::flamegraph;
use std::io::{self, Write};

/// The library adds the numbers up in 64 bits.
const MOST: u128 = 1 << 62;
/// Characters that there is room for above a drawing.
const LONGEST_TITLE: usize = 110;
const LONGEST_SUBTITLE: usize = 150;
/// From so many nanoseconds on, all together, times are in microseconds.
const IN_MICROSECONDS: u128 = 1_000_000;

/// A text, with a mark if that is not all.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let less = text.chars().take(most - 1);
    less.chain(['…']).collect()
}

impl Paths {
    /// Writes a flame graph.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write_svg(&self, heading: &Heading, out: &mut dyn Write) -> io::Result<()> {
        let lines = self.lines();
        let mut options = flamegraph::Options::default();
        options.title = cut(&visible(&heading.title), LONGEST_TITLE);
        options.subtitle = Some(self.subtitle(heading));
        (options.count_name, options.factor) = self.unit();
        // Functions of a package have a colour of their own.
        options.hash = true;
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

    /// What the frames are as wide as, of which program, and how long it was traced.
    fn subtitle(&self, heading: &Heading) -> String {
        let mut text = self
            .measures
            .last()
            .map_or_else(String::new, |last| last.name.clone());
        if !heading.program.is_empty() {
            text.push_str(&format!(" in {}", visible(&heading.program)));
        }
        if let Some(lasted) = heading.lasted {
            text.push_str(&format!(", traced for {:.1} s", lasted as f64 / 1e9));
        }
        cut(&text, LONGEST_SUBTITLE)
    }

    /// What is counted, and the part of a number that is shown: nobody reads ten digits.
    fn unit(&self) -> (String, f64) {
        let Some(last) = self.measures.last() else {
            return (String::new(), 1.0);
        };
        let all = || -> u128 {
            let values = self.paths.values().filter_map(|values| values.last());
            values.map(|value| u128::from(*value)).sum()
        };
        match last.unit {
            Unit::Count => (last.name.clone(), 1.0),
            Unit::Bytes => ("bytes".to_owned(), 1.0),
            Unit::Nanoseconds if all() < IN_MICROSECONDS => ("ns".to_owned(), 1.0),
            Unit::Nanoseconds => ("µs".to_owned(), 1e-3),
        }
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

    fn drawing(paths: &Paths, heading: &Heading) -> String {
        let mut out = Vec::new();
        paths.write_svg(heading, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_head_says_what_is_drawn_of_which_program() {
        let heading = Heading {
            title: "long ".repeat(100),
            program: "/srv/shop".to_owned(),
            began: None,
            lasted: Some(1_550_000_000),
        };
        let text = drawing(&paths(&[(&["main.f"], 1)]), &heading);
        assert!(
            text.contains(">calls in /srv/shop, traced for 1.6 s</text>"),
            "{text}"
        );
        let title = "long ".repeat(22);
        assert!(text.contains(&format!(">{}…</text>", title.trim_end())), "{text}");
    }

    #[test]
    fn times_have_no_more_digits_than_somebody_reads() {
        let of = |values: [u64; 2]| {
            let measures = ["calls", "time"].map(|name| Measure::new(name, Unit::Nanoseconds));
            let mut paths = Paths::new(measures.to_vec());
            paths.add(&[Frame::named("main.f")], &[9, values[0]]);
            paths.add(&[Frame::named("main.g")], &[9, values[1]]);
            titles(&paths, "x")[1..].to_vec()
        };
        assert_eq!(
            of([100, 300]),
            ["main.f (100 ns, 25.00%)", "main.g (300 ns, 75.00%)"]
        );
        let large = of([1_000_000_400, 3_000_000_600]);
        assert_eq!(
            large,
            ["main.f (1,000,000 µs, 25.00%)", "main.g (3,000,001 µs, 75.00%)"]
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
