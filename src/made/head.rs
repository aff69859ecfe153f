//! Reads a script's head and attach points back.

use crate::bt::text;
use crate::diagnostic::{Code, Diagnostic};

/// A script that gobt made, as far as it speaks of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The recipe that it was made from, as it was called.
    pub recipe: String,
    /// The program's path.
    pub path: String,
    /// Go's version without `go`.
    pub(super) go_version: String,
    /// The program's build id, if it had one.
    pub(super) build_id: Option<String>,
    /// Its addresses were relative to where it is loaded.
    pub(super) position_independent: bool,
    /// Its numbers are places in the file, not addresses.
    pub(super) by_offset: bool,
    /// What it says of each of its probes, in its order.
    pub(super) claims: Vec<Claim>,
}

/// What a script says of an attach point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claim {
    /// The number behind the path.
    pub(super) number: u64,
    /// Bytes from the function's beginning and the instruction, unless somebody removed that comment.
    pub(super) instruction: Option<(u64, String)>,
}

/// How a head begins, and how its line with gobt's version does.
const BEGIN: &str = "/*\n * ";
const MADE: &str = "made by gobt ";

impl Script {
    /// True for a text that begins as gobt's scripts do.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        text.starts_with(BEGIN) && lines(text).take(5).any(|line| line.starts_with(MADE))
    }

    /// Reads a script that messages call `name`.
    ///
    /// # Errors
    /// E0516 when it is none of gobt's, or its head does not say any more what it was made for.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let unknown = |what: &str| {
            Diagnostic::error(
                Code::UNKNOWN_SCRIPT,
                format!("`{name}` cannot be checked: {what}"),
            )
            .help("compile the recipe again, and leave the first lines of the script as they are")
        };
        if !Self::begins(text) {
            return Err(unknown("it does not begin as the scripts that gobt makes"));
        }
        let mut head = lines(text);
        let (first, about) = (head.next().unwrap_or_default(), head.next().unwrap_or_default());
        let about = about.strip_prefix('(').and_then(|about| about.strip_suffix("),"));
        let about = about.ok_or_else(|| unknown("its second line does not tell the program's build"))?;
        let mut facts = about.split(", ");
        let go_version = facts.next().and_then(|fact| fact.strip_prefix("Go "));
        let go_version =
            go_version.ok_or_else(|| unknown("its second line does not tell the version of Go"))?;
        let mut build_id = None;
        let mut position_independent = false;
        for fact in facts {
            match fact.strip_prefix("build id ") {
                Some(id) => build_id = Some(id.to_owned()),
                None => position_independent |= fact == "position-independent",
            }
        }
        // A path may look different in a comment, so the probes' own is taken.
        let attached: Vec<_> = text.lines().filter_map(attach_point).collect();
        let named = |path: &str| {
            first
                .strip_suffix(text::comment(path).as_str())?
                .strip_suffix(" for ")
        };
        let (recipe, path) = attached
            .iter()
            .find_map(|(path, _)| named(path).map(|recipe| (recipe, *path)))
            .or_else(|| {
                first
                    .rsplit_once(" for /")
                    .map(|(recipe, _)| (recipe, first.get(recipe.len() + 5..).unwrap_or_default()))
            })
            .ok_or_else(|| unknown("its first line does not tell the program's path"))?;
        Ok(Self {
            recipe: recipe.to_owned(),
            path: path.to_owned(),
            go_version: go_version.to_owned(),
            build_id,
            position_independent,
            by_offset: lines(text).any(|line| line.contains("numbers below are places in")),
            // Probes on other programs are somebody's own.
            claims: attached
                .into_iter()
                .filter(|(at, _)| *at == path)
                .map(|(_, claim)| claim)
                .collect(),
        })
    }
}

/// The lines of the comment that a script begins with.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.strip_prefix("/*\n").unwrap_or_default();
    inside
        .lines()
        .map_while(|line| line.strip_prefix(" *"))
        .take_while(|line| *line != "/")
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
}

/// The path and the number of `uprobe:PATH:0xN,    // entry +10   push rbp`, and what the comment says.
fn attach_point(line: &str) -> Option<(&str, Claim)> {
    let rest = line.strip_prefix("uprobe:")?;
    let (path, rest) = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\":")?,
        None => rest.split_once(':')?,
    };
    let digits = rest.strip_prefix("0x")?;
    let end = digits
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    let number = u64::from_str_radix(digits, 16).ok()?;
    let instruction = rest.split_once("// ").and_then(|(_, comment)| {
        let comment = comment
            .strip_prefix("entry +")
            .or_else(|| comment.strip_prefix("return +"))?;
        let (offset, instruction) = comment.split_once(' ')?;
        // Behind the instruction may stand a remark, or the function's name.
        let instruction = instruction.trim_start();
        let end = instruction
            .find(" (")
            .into_iter()
            .chain(instruction.find("  "))
            .min()
            .unwrap_or(instruction.len());
        Some((offset.parse().ok()?, instruction.get(..end)?.to_owned()))
    });
    Some((path, Claim { number, instruction }))
}

#[cfg(test)]
mod tests {
    use super::{Claim, Script};

    const SCRIPT: &str = "/*
 * a.gobt for /srv/a b
 * (Go 1.27.3, build id ab,cd, position-independent),
 * made by gobt 0.1.0 for bpftrace 0.23 to 0.27.
 */

uprobe:\"/srv/a b\":0x10,    // entry +10   push rbp (after the stack check)
uprobe:\"/srv/a b\":0x20     // return +188  ret  main.f: func f()
{
}

uprobe:/other:0x30
{
}

uprobe:\"/srv/a b\":0x40
{
}
";

    #[test]
    fn reads_what_it_says() {
        assert!(Script::begins(SCRIPT));
        let script = Script::read("a.bt", SCRIPT).unwrap();
        assert_eq!(
            (script.recipe.as_str(), script.path.as_str()),
            ("a.gobt", "/srv/a b")
        );
        assert_eq!(script.build_id.as_deref(), Some("ab,cd"));
        assert!(script.position_independent && !script.by_offset);
        let claim = |number, instruction: Option<(u64, &str)>| Claim {
            number,
            instruction: instruction.map(|(offset, text)| (offset, text.to_owned())),
        };
        let claims = [
            claim(0x10, Some((10, "push rbp"))),
            claim(0x20, Some((188, "ret"))),
            claim(0x40, None),
        ];
        assert_eq!(script.claims, claims);
    }

    #[test]
    fn refuses_what_says_nothing() {
        for (from, to) in [
            (" for /srv/a b\n", "\n"),
            ("(Go", "(Rust"),
            ("),", ""),
            ("/*", "//"),
            ("made by gobt", "made by me"),
        ] {
            let text = SCRIPT.replacen(from, to, 1).replace("uprobe:\"", "#");
            assert!(Script::read("a.bt", &text).is_err(), "{text}");
        }
        for end in 0..SCRIPT.len() {
            let _ = Script::read("a.bt", &SCRIPT[..end]);
        }
    }
}
