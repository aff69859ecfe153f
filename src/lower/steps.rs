//! The steps of a probe, one after the other.

use super::writer::Writer;
use crate::bt::{self, Expr as Bt, Stmt};
use crate::plan::state::ENTERED;
use crate::plan::{Limit, Line, RawPart, Step, Value};

impl Writer<'_> {
    /// Writes the statements of some steps.
    pub(super) fn steps(&mut self, steps: &[Step]) {
        if self.records.is_some() {
            self.errors_first(steps);
        }
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            if *step == Step::Enter {
                let kept = after.iter().take_while(|s| matches!(s, Step::Keep(..))).count();
                let (keeps, after) = after.split_at(kept);
                self.enter(keeps);
                rest = after;
            } else {
                self.step(step);
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Enter => self.enter(&[]),
            Step::Skip => {
                // An older call that was left by a panic may have stood in this frame.
                let keys = self.call_keys();
                let stale = Bt::Map(ENTERED.into(), keys.clone()).binary("!=", Bt::Int(0));
                self.push(Stmt::If(
                    stale,
                    vec![Stmt::Delete(ENTERED.into(), keys)],
                    Vec::new(),
                ));
            }
            Step::Keep(id, value) => {
                let keys = self.call_keys();
                let name = self.kept_name(*id);
                if self.records.is_some() && !matches!(value, Value::Number(_)) {
                    self.keep_text(*id, value);
                } else if let Value::Number(n) = value {
                    let value = self.unsigned(&n.expr);
                    let value = self.keepable(*id, value);
                    self.push(Stmt::Store(name, keys, value));
                } else {
                    // Whether it was read whole is kept beside it.
                    let value = self.key(value);
                    self.push(Stmt::Store(name, keys, value));
                }
            }
            Step::Aggregate {
                map,
                how,
                keys,
                columns,
                ..
            } if self.records.is_some() => self.record_aggregate(map, how, keys, columns),
            Step::Aggregate { map, how, keys, .. } => self.aggregate(map, how, keys),
            Step::AddTo(map, value) => self.add_to(map, value.as_ref()),
            Step::Print(line, limit) => self.print_step(line, limit.as_ref()),
            Step::Tell(told) => self.tell(told),
            Step::If(condition, then, otherwise) => {
                let condition = match condition {
                    Value::Number(n) => self.truth(n),
                    _ => Bt::Int(1),
                };
                let then = self.nested(|w| w.steps(then));
                let otherwise = self.nested(|w| w.steps(otherwise));
                self.push(Stmt::If(condition, then, otherwise));
            }
            Step::Raw(parts) => {
                let mut text = String::new();
                for part in parts {
                    match part {
                        RawPart::Text(t) => text.push_str(t),
                        RawPart::Value(v) => {
                            let value = self.key(v);
                            text.push_str(&bt::print::operand(&value));
                        }
                    }
                }
                self.push(Stmt::Raw(text));
            }
            Step::Remark(text) => self.push(Stmt::Comment(text.clone())),
            // What is done when some time has passed is in `timer.rs`.
            Step::TimeOfDay | Step::Show(_) | Step::Clear(_) | Step::Stop => {}
        }
    }

    fn print_step(&mut self, line: &Line, limit: Option<&Limit>) {
        let Some(limit) = limit else {
            self.one_line(line);
            return;
        };
        // One limit for each probe: a busy function does not silence the others.
        let probe = if self.returning {
            format!("{} returns", self.function.name)
        } else {
            self.function.name.clone()
        };
        let key = vec![self.limited_by().unwrap_or(Bt::Str(probe))];
        let count = || Bt::Call("count", Vec::new());
        let lines = Bt::Map(limit.lines.clone(), key.clone());
        let one_more = if self.dialect.compares_counts() {
            count()
        } else {
            lines.clone().binary("+", Bt::Int(1))
        };
        self.push(Stmt::Store(limit.lines.clone(), key.clone(), one_more));
        let then = self.nested(|w| w.one_line(line));
        let dropped = Stmt::Store(limit.dropped.clone(), key, count());
        let lines = if self.dialect.compares_counts() {
            lines.cast("int64")
        } else {
            lines
        };
        let within = lines.binary("<=", Bt::Int(i128::from(limit.per_second)));
        self.push(Stmt::If(within, then, vec![dropped]));
    }

    /// Writes a line, or the record of one.
    fn one_line(&mut self, line: &Line) {
        if self.records.is_some() {
            self.record_line(line);
        } else {
            self.line(&line.parts);
        }
    }
}
