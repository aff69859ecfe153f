//! A script that gobt made, and which of its probes are still in it, since people edit scripts.

use super::text::{self, Unsaid};
use super::{Manifest, Point};
use crate::bt::attach::{AttachPoint, before_place};
use crate::bt::own_symbols::ROOT;
use crate::diagnostic::{Code, Diagnostic};
use std::collections::{BTreeMap, BTreeSet};

/// The parts of a script that depend on the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its manifest.
    pub manifest: Manifest,
    /// The attach points of its probes, in its order.
    pub(super) points: Vec<Point>,
    /// The attach points that are not in its manifest, as they are written: somebody added them.
    added: BTreeSet<String>,
}

impl Script {
    /// True for a text that begins as gobt's scripts do.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        text::begins(text)
    }

    /// Reads a script that messages call `name`.
    ///
    /// # Errors
    /// E0516 if gobt did not make it, or if its manifest is missing or was changed.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let unknown = |what: &str| {
            Diagnostic::error(
                Code::UNKNOWN_SCRIPT,
                format!("`{name}` cannot be checked: {what}"),
            )
            .help("compile the recipe again, and leave the first lines and the last line of the script as they are")
        };
        let manifest = Manifest::read(text).map_err(|why| {
            unknown(match why {
                Unsaid::Beginning => "its first lines are not those of a script that gobt made",
                Unsaid::End => "its last line is not the one that gobt writes",
                Unsaid::Version => "its last line is of another release of gobt",
                Unsaid::Differ => "its first lines and its last line belong to different scripts",
            })
        })?;
        let mut known = written(&manifest);
        let mut points = Vec::new();
        let mut found = BTreeSet::new();
        let mut added = BTreeSet::new();
        for stands in attach_points(text, &manifest.program) {
            match known.get(stands) {
                Some(at) => {
                    points.extend(at.iter().map(|point| (*point).clone()));
                    found.insert(stands);
                }
                None => {
                    added.insert(stands.to_owned());
                }
            }
        }
        known.retain(|stands, _| !found.contains(stands.as_str()));
        // A changed attach point is one that is gone and one that was added.
        if let (Some(stands), Some(gone)) = (added.first(), known.keys().next()) {
            return Err(unknown(&format!(
                "gobt did not write `{stands}`, and `{gone}` is gone"
            )));
        }
        Ok(Self {
            manifest,
            points,
            added,
        })
    }

    /// Warns about probes that somebody added, whose instructions are not known.
    #[must_use]
    pub fn warnings(&self, name: &str) -> Vec<Diagnostic> {
        let count = self.added.len();
        let added: Vec<&str> = self.added.iter().take(5).map(String::as_str).collect();
        let more = count - added.len();
        let what = if count == 1 {
            "a probe".to_owned()
        } else {
            format!("{count} probes")
        };
        let problem = Diagnostic::warning(
            Code::UNKNOWN_SCRIPT,
            format!("`{name}` has {what} that gobt did not write, and that is not checked"),
        )
        .note(added.join("\n"));
        Vec::from_iter((count > 0).then_some(if more > 0 {
            problem.note(format!("and {more} more"))
        } else {
            problem
        }))
    }
}

/// The attach points that gobt wrote, each with the instructions that it stands for.
fn written(manifest: &Manifest) -> BTreeMap<String, Vec<&Point>> {
    let path = &manifest.program;
    let Some(sidecar) = &manifest.sidecar else {
        let number = |point: &Point| AttachPoint::Uprobe {
            path: path.clone(),
            number: point.number,
        };
        return manifest
            .points()
            .map(|point| (number(point).to_string(), vec![point]))
            .collect();
    };
    let by_address: BTreeMap<u64, &Point> = manifest.points().map(|point| (point.number, point)).collect();
    let mut known: BTreeMap<String, Vec<&Point>> = BTreeMap::new();
    for (pattern, addresses) in sidecar.symbols.by_pattern() {
        let path = path.clone();
        let point = AttachPoint::OwnSymbols { path, pattern };
        let at = addresses
            .iter()
            .filter_map(|address| by_address.get(address).copied());
        known.insert(point.to_string(), at.collect());
    }
    known
}

/// The attach points in the executable at `path` that are numbers, or symbols of a script's own, as they stand at the
/// beginnings of lines. Others are of a function's name.
fn attach_points<'t>(text: &'t str, path: &str) -> impl Iterator<Item = &'t str> {
    let begin = before_place(path);
    let own = before_place(&format!("{ROOT}{path}"));
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        let is_own = line.starts_with(&own);
        let begin = if is_own { &own } else { &begin };
        let place = line.strip_prefix(begin.as_str())?;
        let is_number = place.starts_with(|c: char| c.is_ascii_digit());
        (is_own || is_number).then_some(())?;
        let end = place
            .find(|c: char| !(c.is_ascii_alphanumeric() || is_own && "_*".contains(c)))
            .unwrap_or(place.len());
        line.get(..begin.len() + end)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Event, Manifest, Point, Probe, VERSION};
    use super::Script;

    const REST: &str = "
uprobe:\"/srv/a b\":0x10,    // entry +10   push rbp (after the stack check)
uprobe:\"/srv/a b\":0x20     // return +188  ret  main.f: func f()
{
}

uprobe:/other:0x30
{
}

uprobe:\"/srv/a b\":main.g
{
}
";

    fn script() -> (Manifest, String) {
        let point = |number, offset, instruction: &str| Point {
            number,
            offset,
            instruction: instruction.to_owned(),
        };
        let probe = |event, points| Probe {
            function: "main.f".to_owned(),
            event,
            points,
            lines: Vec::new(),
        };
        let manifest = Manifest {
            version: VERSION,
            program: "/srv/a b".to_owned(),
            recipe: "a\n// `gobt check` reads this line: {}\u{202e}.gobt".to_owned(),
            probes: vec![
                probe(Event::Entry, vec![point(0x10, 10, "push rbp")]),
                probe(Event::Return, vec![point(0x20, 188, "ret")]),
            ],
            ..Manifest::default()
        };
        let mut text = "/*\n".to_owned();
        for line in manifest.head() {
            text.push_str(&format!(" * {}\n", crate::bt::text::comment(&line)));
        }
        text.push_str(" */\n");
        text.push_str(REST);
        text.push_str(&manifest.line());
        (manifest, text)
    }

    #[test]
    fn reads_what_it_says() {
        let (manifest, text) = script();
        assert!(Script::begins(&text));
        assert!(text.is_ascii());
        let script = Script::read("a.bt", &text).unwrap();
        assert_eq!(script.manifest, manifest);
        assert!(script.points.iter().eq(manifest.points()));
        assert_eq!(script.warnings("a.bt"), []);
        // What a person may do with it.
        let shorter = text.replace("uprobe:\"/srv/a b\":0x20 ", "//");
        let script = Script::read("a.bt", &shorter).unwrap();
        assert_eq!(script.points.len(), 1);
        let longer = text.replace("uprobe:/other:0x30", "uprobe:\"/srv/a b\":0x30,");
        let script = Script::read("a.bt", &longer).unwrap();
        assert_eq!((script.points.len(), script.warnings("a.bt").len()), (2, 1));
        let named = "uprobe:\"/srv/a b\":0x30";
        assert_eq!(script.warnings("a.bt")[0].notes, [named]);
    }

    #[test]
    fn refuses_what_says_nothing() {
        let (_, text) = script();
        for (from, to) in [
            ("/*", "//"),
            ("made by gobt", "made by me"),
            ("this line: {", "this line: ["),
            ("fingerprint ", "fingerprint 1"),
            ("for /srv", "for /srw"),
            (":0x10,", ":0x11,"),
            // What still can be read.
            ("\"version\":2", "\"version\":3"),
            ("\"is_unsafe\":false", "\"is_unsafe\":true"),
            ("\"program\":\"/srv/a b\"", "\"program\":\"/srv/a\""),
            ("[16,10,", "[17,10,"),
        ] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text, "{from}");
            assert!(Script::read("a.bt", &changed).is_err(), "{from}");
        }
        assert!(Script::read("a.bt", &(text.clone() + "more\n")).is_err());
        for end in 0..text.len() {
            let _ = Script::read("a.bt", &text[..end]);
        }
    }
}
