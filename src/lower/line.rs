//! Writes a line, part by part.

use super::demand::{Demand, has_to_wait};
use super::whole::Hole;
use super::writer::Writer;
use super::{Fragment, show};
use crate::bt::Expr as Bt;
use crate::plan::{Part, Value};

/// What was written of the line that is being written.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Spans of time take one form in it: other parts of it take several.
    pub(super) plain_spans: bool,
    /// It shows so much that what it needs is gathered.
    pub(super) gathers: bool,
    /// How many variables it is gathered in.
    pub(super) groups: usize,
    /// It has a list already. What is between the elements of each takes room on the stack of the probe: with twelve
    /// lists in one form it was full (0.23 and 0.27).
    pub(super) has_list: bool,
    /// What is noted for all of it.
    pub(super) hole: Option<Hole>,
}

/// So many gathered values are in one line; further ones are shown in short: each takes 8 bytes of the stack until the
/// end of the line, and 29 texts were too many for 0.23 and 0.27.
const MOST_GROUPS: usize = 20;

impl Writer<'_> {
    /// Writes a line.
    pub(super) fn line(&mut self, parts: &[Part]) {
        let demand = Demand::of(parts, self.dialect);
        self.line.plain_spans = demand.plain_spans;
        self.line.gathers = demand.gathers;
        self.begin_line(demand.shares_mark);
        self.line.has_list = false;
        let fragments = self.parts(parts);
        self.print(fragments);
        self.end_line();
        self.line.gathers = false;
        self.line.groups = 0;
    }

    /// What some parts show.
    pub(super) fn parts(&mut self, parts: &[Part]) -> Vec<Fragment> {
        let mut out = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => out.push(Fragment::Text(text.clone())),
                Part::Shown(value, _) if self.is_full() && has_to_wait(part) => {
                    out.extend(self.in_short(value));
                }
                Part::Shown(value, format) => {
                    self.about.name = self.name_of_value(value);
                    out.extend(show::fragments(*format, value, self));
                }
                Part::Clock => {
                    let now = Bt::Call(
                        "strftime",
                        vec![Bt::Str("%H:%M:%S.%f".into()), Bt::Builtin("nsecs")],
                    );
                    out.push(Fragment::Arg("%s", now));
                }
                Part::Unless(value, shown, otherwise) => {
                    let condition = match value {
                        Value::Number(n) => self.truth(n),
                        _ => Bt::Int(1),
                    };
                    let form = self.parts(shown);
                    let otherwise = self.parts(otherwise);
                    let short = form.clone();
                    out.push(Fragment::Choice {
                        arms: vec![(condition, form)],
                        otherwise,
                        short,
                    });
                }
                Part::Pointee(pointer, shown) => {
                    let Value::Number(n) = pointer else { continue };
                    let address = self.number(n);
                    let form = self.parts(shown);
                    out.push(Fragment::Choice {
                        arms: vec![(
                            address.clone().binary("==", Bt::Int(0)),
                            vec![Fragment::Text("nil".into())],
                        )],
                        otherwise: form,
                        short: vec![Fragment::Text("0x".into()), Fragment::Arg("%llx", address)],
                    });
                }
                Part::Elements {
                    len,
                    each,
                    open_ended,
                } => out.extend(self.elements(len, each, *open_ended)),
                // Of records alone.
                Part::Each(_) | Part::Composed(..) => {}
            }
        }
        out
    }

    /// There is no room for more in the line.
    pub(super) fn is_full(&self) -> bool {
        self.line.groups >= MOST_GROUPS
    }

    /// What stands for a value that there is no room for.
    fn in_short(&mut self, value: &Value) -> Vec<Fragment> {
        match value {
            Value::Interface { data, .. } => {
                let data = self.unsigned(data);
                vec![Fragment::Text("0x".into()), Fragment::Arg("%llx", data)]
            }
            _ => vec![Fragment::Text("…".into())],
        }
    }
}
