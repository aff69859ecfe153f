//! A recipe that says in its leading comments what is to become of it.
//!
//! | comment | meaning |
//! | --- | --- |
//! | `// target: kinds` | the program in `examples/targets/`; `shop` if not said |
//! | `// without: debug symbols` | sections that are taken out of it before |
//! | `// path: /srv/a b` | where it is said to be; `/srv/` and its name if not said |
//! | `// bpftrace: 0.17` | as `--bpftrace` |
//! | `// define: limit=5` | as `-D`; may be repeated |
//! | `// sidecar: /srv/symbols` | as `--sidecar` |
//! | `// pid: 1234` | as `--pid` |
//! | `// expect: ok` | no problem; `// expect: warning E0590`: a script, and exactly these warnings; `// expect: E0301 E0303`: exactly these problems |

use super::compile::Outcome;
use libtest_mimic::Failed;
use std::collections::BTreeSet;
use std::path::Path;

/// A case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// What trial and snapshot are called.
    pub name: String,
    /// A directory of symbols.
    pub sidecar: Option<String>,
    /// The recipe's file name.
    pub file: String,
    /// The recipe, header and all.
    pub text: String,
    /// The program.
    pub target: String,
    /// What is taken out of it.
    pub without: Vec<String>,
    /// Where the program is said to be.
    pub path: Option<String>,
    /// A release.
    pub bpftrace: Option<String>,
    /// Values of params.
    pub define: Vec<(String, String)>,
    /// A process.
    pub pid: Option<u32>,
    /// A script is expected.
    script: bool,
    /// The codes that are expected.
    codes: BTreeSet<String>,
}

impl Case {
    /// Reads a case, or says what is wrong with its header.
    pub fn read(path: &Path, name: String) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let mut case = Self {
            name,
            file: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            target: "shop".into(),
            ..Self::default()
        };
        let mut expected = false;
        for line in text.lines().map_while(|line| line.strip_prefix("// ")) {
            let Some((key, value)) = line.split_once(": ") else {
                continue;
            };
            let words = || value.split_whitespace().map(str::to_owned);
            match key {
                "target" => case.target = value.to_owned(),
                "without" => case.without = words().collect(),
                "path" => case.path = Some(value.to_owned()),
                "bpftrace" => case.bpftrace = Some(value.to_owned()),
                "define" => {
                    let (name, value) = value.split_once('=').ok_or("`define:` wants NAME=VALUE")?;
                    case.define.push((name.to_owned(), value.to_owned()));
                }
                "sidecar" => case.sidecar = Some(value.to_owned()),
                "pid" => case.pid = Some(value.parse().map_err(|_| "`pid:` wants a number")?),
                "expect" => {
                    expected = true;
                    case.script = matches!(words().next().as_deref(), Some("ok" | "warning"));
                    case.codes = words().skip(usize::from(case.script)).collect();
                    if case.codes.is_empty() != (value == "ok") {
                        return Err("`expect:` wants ok, warning CODES or CODES".into());
                    }
                }
                _ => {}
            }
        }
        if !expected {
            return Err("the case says nothing of what it expects".into());
        }
        case.text = text;
        Ok(case)
    }

    /// The codes that are expected.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(String::as_str)
    }

    /// A script is expected.
    pub fn makes_script(&self) -> bool {
        self.script
    }

    /// Fails if `outcome` is not what was expected.
    pub fn expect(&self, outcome: &Outcome) -> Result<(), Failed> {
        let codes: BTreeSet<String> = outcome.problems().iter().map(|p| p.code.to_string()).collect();
        let script = matches!(outcome, Outcome::Script { .. });
        if script == self.script && codes == self.codes {
            return Ok(());
        }
        let expected = |script: bool, codes: &BTreeSet<String>| {
            let codes: Vec<_> = codes.iter().map(String::as_str).collect();
            format!(
                "{} {}",
                if script { "a script" } else { "no script" },
                codes.join(" ")
            )
        };
        Err(format!(
            "expected {}, got {}\n{}",
            expected(self.script, &self.codes),
            expected(script, &codes),
            outcome.text(self)
        )
        .into())
    }
}
