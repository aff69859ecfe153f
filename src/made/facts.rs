//! What a script says of itself to programs: its last line, written and read here.
//!
//! It is the last line, and in JSON, so that nothing in a recipe, a path or a name can pass for it.

use crate::bt::text;
use crate::plan::Plan;
use crate::target::fingerprint::{Fingerprint, hash};
use serde::{Deserialize, Serialize};

/// How the line begins.
const BEGIN: &str = "// `gobt check` reads this line: ";

/// The facts that `gobt check` needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The release of gobt that made the script.
    pub gobt: String,
    /// The recipe that it was made from, as it was called.
    pub recipe: String,
    /// The program's path.
    pub program: String,
    /// Go's version: `go1.22.12`.
    pub go: String,
    /// The program's build id, if it had one.
    pub build_id: Option<String>,
    /// Its addresses are relative to where it is loaded.
    pub position_independent: bool,
    /// The script runs with `--unsafe`: a number that no symbol covers is a place in the file.
    pub is_unsafe: bool,
    /// What it relies on.
    pub relies_on: Fingerprint,
    /// Hash of all the others, in the line only: somebody who edits one is noticed.
    #[serde(default)]
    pub(super) seal: String,
}

impl Facts {
    /// What is to be said of the script that is made of `plan`.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let id = &plan.identity;
        Self {
            gobt: env!("CARGO_PKG_VERSION").to_owned(),
            recipe: plan.recipe.clone(),
            program: id.path.clone(),
            go: id.go_version.clone(),
            build_id: id.build_id.clone(),
            position_independent: id.position_independent,
            is_unsafe: plan.numbers.taken.is_unsafe(),
            relies_on: plan.relies_on.clone(),
            seal: String::new(),
        }
    }

    /// The line, with its newline.
    #[must_use]
    pub fn line(&self) -> String {
        let sealed = Self {
            seal: self.hash(),
            ..self.clone()
        };
        let json = serde_json::to_string(&sealed).unwrap_or_default();
        // In JSON a character that is hidden from a reader stands in a string only, where it can be written in this way.
        let mut line = String::from("\n");
        line.push_str(BEGIN);
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

    /// The facts at the end of a script; none if there are none, or somebody changed the line.
    #[must_use]
    pub fn read(script: &str) -> Option<Self> {
        let last = script.trim_end().lines().next_back()?;
        let mut facts: Self = serde_json::from_str(last.strip_prefix(BEGIN)?).ok()?;
        let seal = std::mem::take(&mut facts.seal);
        (seal == facts.hash()).then_some(facts)
    }

    /// Hash of the facts, which have no seal yet.
    fn hash(&self) -> String {
        hash(&serde_json::to_vec(self).unwrap_or_default())
    }
}
