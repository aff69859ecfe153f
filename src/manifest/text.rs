//! Writes and reads a script's manifest: the first lines are for people, the last line is for programs.
//!
//! The last line is in JSON, so that no text of a recipe, a path or a name can be taken for it.

use super::{Manifest, VERSION};
use crate::bt::text;
use crate::target::fingerprint::hash;
use serde::Deserialize;

/// The beginnings of a script and of its line with gobt's release.
const BEGIN: &str = "/*\n * ";
const MADE: &str = "made by gobt ";
/// How its last line begins.
const LAST: &str = "// `gobt check` reads this line: ";

/// Why a script's manifest cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// It does not begin as gobt's scripts do.
    Beginning,
    /// It does not end as they do, or its last line was changed.
    End,
    /// Its last line is written in another form.
    Version,
    /// Its first lines and its last line contradict each other.
    Differ,
}

/// True for a text that begins as gobt's scripts do.
pub(super) fn begins(script: &str) -> bool {
    script.starts_with(BEGIN) && first_lines(script).take(5).any(|line| line.starts_with(MADE))
}

impl Manifest {
    /// The first lines: which recipe the script is of, which program it is for, what made it.
    #[must_use]
    pub fn head(&self) -> [String; 3] {
        let mut about = vec![format!("Go {}", self.go.trim_start_matches("go"))];
        about.extend(self.build_id.as_ref().map(|id| format!("build id {id}")));
        let addresses = if self.position_independent {
            "position-independent"
        } else {
            "fixed addresses"
        };
        about.push(addresses.to_owned());
        about.push(format!("fingerprint {}", self.relies_on.short()));
        [
            format!("{} for {}", self.recipe, self.program),
            format!("({}),", about.join(", ")),
            format!("{MADE}{} for bpftrace {}.", self.gobt, self.bpftrace),
        ]
    }

    /// The script's last line, with its newline and an empty line before.
    #[must_use]
    pub fn line(&self) -> String {
        let sealed = Self {
            seal: self.hash(),
            ..self.clone()
        };
        let json = serde_json::to_string(&sealed).unwrap_or_default();
        // In JSON a character that is hidden from a reader stands in a string only, where it can be written in this
        // way.
        let mut line = String::from("\n");
        line.push_str(LAST);
        for c in json.chars() {
            if text::is_hidden(c) {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    line.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                line.push(c);
            }
        }
        line.push('\n');
        line
    }

    /// The manifest of a whole script, if nobody changed its first lines or its last one.
    pub(super) fn read(script: &str) -> Result<Self, Unsaid> {
        #[derive(Deserialize)]
        struct Form {
            version: u32,
        }
        if !begins(script) {
            return Err(Unsaid::Beginning);
        }
        let last = script.trim_end().lines().next_back();
        let json = last.and_then(|line| line.strip_prefix(LAST)).ok_or(Unsaid::End)?;
        let form: Form = serde_json::from_str(json).map_err(|_| Unsaid::End)?;
        if form.version != VERSION {
            return Err(Unsaid::Version);
        }
        let mut manifest: Self = serde_json::from_str(json).map_err(|_| Unsaid::End)?;
        let seal = std::mem::take(&mut manifest.seal);
        if seal != manifest.hash() {
            return Err(Unsaid::End);
        }
        let head = manifest.head();
        if !head
            .iter()
            .map(|line| text::comment(line))
            .eq(first_lines(script).take(head.len()))
        {
            return Err(Unsaid::Differ);
        }
        Ok(manifest)
    }

    /// Hash of everything but the seal, which is empty yet.
    fn hash(&self) -> String {
        hash(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// The lines of the comment that a script begins with.
fn first_lines(script: &str) -> impl Iterator<Item = &str> {
    let inside = script.strip_prefix("/*\n").unwrap_or_default();
    inside
        .lines()
        .map_while(|line| line.strip_prefix(" *"))
        .take_while(|line| *line != "/")
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
}
