//! Reads back what a script says.

use super::facts::Facts;
use crate::diagnostic::{Code, Diagnostic};

/// A script that gobt made, as far as it speaks of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// What it says of itself.
    pub facts: Facts,
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
/// What stands before the hash of all that the script relies on.
const FINGERPRINT: &str = "fingerprint ";

impl Script {
    /// True for a text that begins as gobt's scripts do.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        text.starts_with(BEGIN) && lines(text).take(5).any(|line| line.starts_with(MADE))
    }

    /// Reads a script that messages call `name`.
    ///
    /// # Errors
    /// E0516 when it is none of gobt's, or does not say any more what it was made for.
    pub fn read(name: &str, text: &str) -> Result<Self, Diagnostic> {
        let unknown = |what: &str| {
            Diagnostic::error(
                Code::UNKNOWN_SCRIPT,
                format!("`{name}` cannot be checked: {what}"),
            )
            .help("compile the recipe again, and leave the first lines and the last line of the script as they are")
        };
        if !Self::begins(text) {
            return Err(unknown("it does not begin as the scripts that gobt makes"));
        }
        let facts = Facts::read(text)
            .ok_or_else(|| unknown("its last line does not say what it relies on, as gobt writes it"))?;
        let fingerprint = format!("{FINGERPRINT}{}", facts.relies_on.short());
        if !lines(text).take(5).any(|line| line.contains(&fingerprint)) {
            return Err(unknown("its first lines and its last line are not of one script"));
        }
        // Probes on other programs are somebody's own.
        let claims = text
            .lines()
            .filter_map(attach_point)
            .filter(|(at, _)| *at == facts.program)
            .map(|(_, claim)| claim)
            .collect();
        Ok(Self { facts, claims })
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
    use super::super::facts::Facts;
    use super::{Claim, Script};

    const SCRIPT: &str = "/*
 * a.gobt for /srv/a b
 * (Go 1.27.3, build id ab,cd, position-independent, fingerprint FINGERPRINT),
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

    fn script() -> (Facts, String) {
        let facts = Facts {
            program: "/srv/a b".to_owned(),
            recipe: "a\n// `gobt check` reads this line: {}\u{202e}.gobt".to_owned(),
            ..Facts::default()
        };
        let text = SCRIPT.replace("FINGERPRINT", &facts.relies_on.short()) + &facts.line();
        (facts, text)
    }

    #[test]
    fn reads_what_it_says() {
        let (facts, text) = script();
        assert!(Script::begins(&text));
        assert!(text.is_ascii());
        let script = Script::read("a.bt", &text).unwrap();
        assert_eq!(script.facts, facts);
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
        let (_, text) = script();
        for (from, to) in [
            ("/*", "//"),
            ("made by gobt", "made by me"),
            ("this line: {", "this line: ["),
            ("fingerprint ", "fingerprint 1"),
            // Facts that still can be read.
            ("\"is_unsafe\":false", "\"is_unsafe\":true"),
            ("\"program\":\"/srv/a b\"", "\"program\":\"/srv/a\""),
        ] {
            assert!(
                Script::read("a.bt", &text.replacen(from, to, 1)).is_err(),
                "{from}"
            );
        }
        assert!(Script::read("a.bt", &(text.clone() + "more\n")).is_err());
        for end in 0..text.len() {
            let _ = Script::read("a.bt", &text[..end]);
        }
    }
}
